"""How far the targets for the digital share are, and whether anything published ever moved as fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dxanalysis.accounts import (
    DigitalShare,
    FastestChange,
    Figure,
    NominalGrowth,
    NotEnoughData,
    PublishedShares,
    RequiredPace,
    required_pace,
)
from dxanalysis.accounts.pace import Needs
from dxanalysis.data.periods import Period
from dxanalysis.pages.contribution import OFFICIAL, own_share
from dxanalysis.pages.page import Page
from dxanalysis.reports.recording.items import Value

SHARE_TARGETS = ("de_share_grdp", "de_share_gdp")


def share_targets(page: Page) -> tuple[tuple[str, float], ...]:
    """Deadlines and percentages that plans set for the digital share, the nearest and lowest first; of a range its lower end."""
    return tuple(
        sorted(
            {
                (one.deadline.text, one.value)
                for one in page.store.targets(region=page.region)
                if one.indicator in SHARE_TARGETS and one.value is not None and one.comparator in (">=", "range")
            }
        )
    )


def paces(
    page: Page,
    published: PublishedShares | NotEnoughData,
    estimate: DigitalShare | NotEnoughData,
    targets: Sequence[tuple[str, float]],
    growth: NominalGrowth | NotEnoughData,
) -> tuple[RequiredPace, ...]:
    """What each target would take from the published share or, where there is none, from the estimate."""
    own = own_share(page, published)
    start = own if isinstance(own, DigitalShare) else estimate
    if isinstance(start, NotEnoughData) or isinstance(growth, NotEnoughData):
        return ()
    made: list[RequiredPace] = []
    for deadline, target in targets:
        rows = required_pace(start, target=target, deadline=deadline, grdp_growth_pct=growth.percent)
        made += () if isinstance(rows, NotEnoughData) else [_while_open(page, row) for row in rows]
    return tuple(made)


def _while_open(page: Page, pace: RequiredPace) -> RequiredPace:
    """A pace is needed only while the deadline is ahead and the unit that promised it exists."""
    end = Period.parse(pace.deadline).end
    last = page.region.valid_to
    reason = (
        "deadline_passed" if page.store.has_passed(end) else "region_ended" if last is not None and last < end else None
    )
    if reason is None:
        return pace
    closed = NotEnoughData(
        wanted="required_pace", region_id=pace.region_id, period=pace.share_period, missing=(), reason=reason
    )
    return replace(pace, needs=closed)


def show_headline(page: Page, paces: Sequence[RequiredPace], fastest: Sequence[FastestChange]) -> None:
    """Say how fast the hardest target would have to be approached, beside the fastest rise that was ever published."""
    t = page.t
    # A comparison on the first screen stands on figures that need no check at their source first.
    official = [
        one
        for one in fastest
        if one.indicator in OFFICIAL
        and one.same_release
        and not any(page.store.source(figure.source).note for figure in (one.first, one.last))
    ]
    middle = [one for one in paces if isinstance(one.needs, Needs) and one.quantile in (None, 0.5)]
    if not official or not middle:
        return
    best, hardest = official[0], max(middle, key=lambda one: one.target)
    needed = hardest.needs
    if not isinstance(needed, Needs):
        return
    page.headline(
        "pace",
        "pages.contribution.headline_pace",
        "bad" if needed.points_per_year > best.points_per_year else "warn",
        target=t.percent(hardest.target, None),
        deadline=hardest.deadline,
        needed=t.number(needed.points_per_year, 1),
        growth=t.percent(needed.digital_growth_pct, 0),
        start=_from_ends(page, paces, hardest),
        best=t.number(best.points_per_year, 2),
        region=page.place_of(best.region_id),
        first=best.first.period,
        last=best.last.period,
    )
    page.recorder.value(
        "needed_points_per_year",
        round(needed.points_per_year, 4),
        "percentage points a year",
        t.number(needed.points_per_year, 1),
        title=t("changes.value.points_needed"),
    )


def _from_ends(page: Page, paces: Sequence[RequiredPace], middle: RequiredPace) -> str:
    """What it would take from the ends of an estimate; nothing to say where the start is published."""
    ends = sorted(
        one.needs.points_per_year
        for one in paces
        if isinstance(one.needs, Needs)
        and one.quantile not in (None, 0.5)
        and (one.target, one.deadline) == (middle.target, middle.deadline)
    )
    if not ends:
        return ""
    low, high = page.t.number(ends[0], 1), page.t.number(ends[-1], 1)
    return " " + page.t("pages.contribution.pace_from_estimate", low=low, high=high)


def show_pace(
    page: Page,
    paces: Sequence[RequiredPace],
    growth: NominalGrowth | NotEnoughData,
    fastest: Sequence[FastestChange],
    growths: Sequence[Figure],
) -> None:
    """Say how far the targets are and whether anything published ever moved as fast."""
    t = page.t
    page.heading("pages.contribution.pace_heading")
    if not paces:
        page.say("pages.contribution.pace_none")
        return
    rows = []
    _record(page, paces)
    for pace in paces:
        start = t.percent(pace.share_at, 2 if pace.quantile is None else 1)
        needs = pace.needs
        rows.append(
            {
                "target": t(
                    "pages.contribution.line_target", value=t.percent(pace.target, None), deadline=pace.deadline
                ),
                "start": start
                if pace.quantile is None
                else f"{start} ({t(f'pages.quantile.q{round(1000 * pace.quantile)}')})",
                "gap": t("pages.points", n=t.number(pace.gap_pp, 1, sign=True)),
                "points": t("pages.points", n=t.number(needs.points_per_year, 1, sign=True))
                if isinstance(needs, Needs)
                else t(f"pages.reason.{needs.reason}"),
                "growth": t.percent(needs.digital_growth_pct, 0) if isinstance(needs, Needs) else "–",
            }
        )
    ahead = [pace.needs for pace in paces if isinstance(pace.needs, Needs)]
    page.table(
        "pace",
        rows,
        t("pages.contribution.pace_caption"),
        columns={
            "target": "pages.column.target",
            "start": "pages.column.start",
            "gap": "pages.column.gap",
            "points": "pages.column.points_a_year",
            "growth": "pages.column.growth_needed",
        },
        numbers=("gap", "points", "growth"),
        note=t(
            "pages.contribution.pace_note",
            growth=t.percent(growth.percent, 1),
            first=growth.first.period,
            last=growth.last.period,
        )
        if ahead and isinstance(growth, NominalGrowth)
        else "",
    )
    _show_fastest(page, fastest, growths)


def _record(page: Page, paces: Sequence[RequiredPace]) -> None:
    """Record what each target would take each year from the middle of the estimate or from the published share."""
    t = page.t
    kept: dict[str, Value] = {}
    for pace in paces:
        name = f"points_needed.{pace.deadline}.{pace.target:g}"
        if isinstance(pace.needs, Needs) and pace.quantile in (None, 0.5) and name not in kept:
            line = t("pages.contribution.line_target", value=t.percent(pace.target, None), deadline=pace.deadline)
            points = pace.needs.points_per_year
            kept[name] = Value(
                name=name,
                value=round(points, 4),
                unit="percentage points a year",
                text=t.number(points, 1),
                title=t("changes.value.points_needed_for", target=line),
            )
    page.recorder.values(kept.values())


def _show_fastest(page: Page, fastest: Sequence[FastestChange], growths: Sequence[Figure]) -> None:
    t = page.t
    rows = [
        {
            "region": page.place_of(one.region_id),
            "method": page.owner(one.indicator),
            "years": f"{one.first.period} → {one.last.period}",
            "values": f"{t.percent(one.first.value)} → {t.percent(one.last.value)}",
            "points": t("pages.points", n=t.number(one.points_per_year, 2, sign=True)),
            "release": t("common.yes") if one.same_release else t("common.no"),
            "warning": _warning(page, one),
        }
        for one in fastest
    ]
    if rows:
        page.table(
            "fastest",
            rows,
            t("pages.contribution.fastest_caption"),
            columns={
                "region": "pages.column.region",
                "method": "pages.column.owner",
                "years": "pages.column.years",
                "values": "pages.column.values",
                "points": "pages.column.points_a_year",
                "release": "pages.column.same_release",
                "warning": "pages.column.warning",
            },
            numbers=("points",),
            note=t("pages.contribution.fastest_note", growth=t.percent(growths[0].value, 1)) if growths else "",
        )


def _warning(page: Page, change: FastestChange) -> str:
    """What to check before quoting the two figures of a change."""
    told = dict.fromkeys(page.store.source(one.source).warning(page.language) for one in (change.first, change.last))
    return "; ".join(text for text in told if text) or "–"
