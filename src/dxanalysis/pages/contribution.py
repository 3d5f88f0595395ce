"""The digital economy's share of GRDP: the answer, and what offices published."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dxanalysis import charts
from dxanalysis.accounts import (
    SHARE_INDICATORS,
    DigitalShare,
    NotEnoughData,
    PublishedShares,
    TransferInputs,
    structures,
    transfer_inputs,
)
from dxanalysis.data.periods import Period
from dxanalysis.pages.page import Page, each
from dxanalysis.reports.recording.items import Value

# Parts of the nation's digital value added that the office named; several are printed as "over" or "about".
INDUSTRIES = {
    "de_electronics_share_of_de": "electronics",
    "de_trade_share_of_de": "trade",
    "de_electricity_share_of_de": "electricity",
    "de_finance_share_of_de": "finance",
    "de_fabricated_metal_share_of_de": "fabricated_metal",
}
OFFICIAL = ("de_va_share_grdp", "de_va_share_gdp")


def show_answer(page: Page, published: PublishedShares | NotEnoughData, estimate: DigitalShare | NotEnoughData) -> None:
    """Say in one sentence what the region's digital share is, and on what ground."""
    t = page.t
    own = own_share(page, published)
    if isinstance(own, DigitalShare):
        newest = own.inputs[-1]
        page.headline(
            "share",
            "pages.contribution.headline_published",
            "neutral",
            place=page.place,
            share=t.percent(own.estimate),
            whole="GDP" if page.is_nation else "GRDP",
            period=t.period(own.period),
            status=t(f"common.status.{newest.status}"),
            release=page.release(newest.released_from, newest.released_to),
        )
        page.recorder.values(
            [
                Value(
                    name="share_published",
                    value=own.estimate,
                    unit="percent",
                    text=t.percent(own.estimate),
                    title=t("changes.value.share_published"),
                ),
                _period_value(page, "share_period", own.period),
            ]
        )
        return
    if isinstance(estimate, NotEnoughData):
        page.headline(
            "share",
            "pages.contribution.headline_nothing",
            "warn",
            place=page.place,
            reason=t(f"pages.reason.{estimate.reason}"),
        )
        return
    low, high = estimate.interval(0.95)
    page.headline(
        "share",
        "pages.contribution.headline_estimate",
        "warn",
        place=page.place,
        period=t.period(estimate.period),
        low=t.number(low, 1),
        high=t.percent(high, 1),
        middle=t.percent(estimate.estimate, 1),
        driver=t(f"pages.assumption.{estimate.main_driver}"),
    )
    page.recorder.values(estimate_values(page, estimate))


def estimate_values(page: Page, estimate: DigitalShare) -> list[Value]:
    """The estimated share with the bounds of its range, to be recorded so that versions compare."""
    t = page.t
    low, high = estimate.interval(0.95)
    values = [
        Value(
            name=f"share_estimate_{name}",
            value=round(value, 4),
            unit="percent",
            text=t.percent(value, 1),
            title=t(f"changes.value.share_{name}"),
        )
        for name, value in (("median", estimate.estimate), ("low_95", low), ("high_95", high))
    ]
    return [*values, _period_value(page, "share_estimate_period", estimate.period)]


def _period_value(page: Page, name: str, period: str) -> Value:
    title = page.t("changes.value.share_period")
    return Value(name=name, value=period, unit="period", text=page.t.period(period), title=title)


def inputs_for(page: Page, national: pd.DataFrame, structure: pd.DataFrame) -> TransferInputs | NotEnoughData:
    """What the estimate of a province stands on: its newest published structure, of a year or, failing that, of a half-year."""
    if page.is_nation:
        return NotEnoughData(
            wanted="digital_share_by_transfer",
            region_id=page.region.id,
            period="",
            missing=(),
            reason="nation_is_published",
        )
    made = (
        [one for one in structures(structure, "grdp") if one.period.kind in ("year", "half")] if len(structure) else []
    )
    if not made:
        return NotEnoughData(
            wanted="digital_share_by_transfer",
            region_id=page.region.id,
            period="",
            missing=(),
            reason="no_structure_near_the_period",
        )
    newest = max(made, key=lambda one: one.period)
    return transfer_inputs(national, structure, str(newest.period.year), allow_half_year=True, as_of=page.store.as_of)


def own_share(page: Page, published: PublishedShares | NotEnoughData) -> DigitalShare | NotEnoughData:
    """The region's own newest published share by the statistics office's method."""
    if isinstance(published, NotEnoughData):
        return published
    return published.newest(page.region.id, OFFICIAL[1 if page.is_nation else 0])


def show_ladder(
    page: Page,
    published: PublishedShares | NotEnoughData,
    estimate: DigitalShare | NotEnoughData,
    targets: Sequence[tuple[str, float]],
) -> None:
    """Draw the region beside every published share of the statistics office, and the targets."""
    t = page.t
    rows: list[dict[str, object]] = []
    if isinstance(published, PublishedShares):
        pairs = dict.fromkeys((one.region_id, one.indicator) for one in published.figures if one.indicator in OFFICIAL)
        for region_id, method in pairs:
            share = published.newest(region_id, method)
            if isinstance(share, DigitalShare):
                kind = t("pages.contribution.kind_published")
                rows.append(_rung(page, share, kind, strong=region_id == page.region.id))
    if isinstance(estimate, DigitalShare):
        rows.append(_rung(page, estimate, t("pages.contribution.kind_estimate"), strong=True))
    if not rows:
        return
    frame = pd.DataFrame(rows).sort_values("value", ascending=False, kind="stable", ignore_index=True)
    lines = [
        (value, t("pages.contribution.line_target", value=t.percent(value, None), deadline=deadline))
        for deadline, value in targets
    ]
    chart = charts.ladder(
        frame,
        lines=lines[-1:],
        number=lambda value: t.percent(value, 1),
        ticks=t.percent_tick,
        axis=t("pages.contribution.axis_share"),
        headings={
            "label": t("pages.column.region"),
            "kind": t("pages.column.kind"),
            "value": t("pages.column.share"),
            "low": t("pages.column.low"),
            "high": t("pages.column.high"),
        },
    )
    here = frame[frame["strong"]]
    # Only what is drawn is explained.
    explained = [
        t("pages.contribution.ladder_caption"),
        t("pages.contribution.ladder_here") if len(here) else "",
        t("pages.contribution.ladder_bar") if (frame["high"] > frame["low"]).any() else "",
        t("pages.contribution.ladder_line") if lines else "",
    ]
    page.chart(
        "ladder",
        chart,
        caption=" ".join(filter(None, explained)),
        alt=t(
            "pages.contribution.ladder_alt",
            n=str(len(frame)),
            here=t.listing([f"{row.label}: {t.percent(float(row.value), 1)}" for row in each(here)]) or page.place,
            top=f"{frame['label'].iloc[0]} {t.percent(float(frame['value'].iloc[0]), 1)}",
        ),
    )


def show_published(page: Page, published: PublishedShares | NotEnoughData, shares: pd.DataFrame) -> None:
    """List every published share, each method by itself: of the region first, then of the others.

    ``shares`` are the observations behind it; their notes for readers stand beside the figures.
    """
    t = page.t
    page.heading("pages.contribution.published_heading")
    if isinstance(published, NotEnoughData):
        page.say("pages.contribution.published_none", place=page.place)
        return
    own = [one for one in published.figures if one.region_id == page.region.id]
    if not own:
        page.say("pages.contribution.published_none", place=page.place)
    page.say("pages.contribution.published_intro")
    notes = {
        (row.indicator, row.region_id, row.period, row.source): row.note_vi if page.language == "vi" else row.note
        for row in each(shares[shares["note_vi"] != ""])
    }
    frame = published.to_frame()
    frame = frame[frame["newest"] | (frame["region_id"] == page.region.id)]
    # The region itself first, then the nation, then the others.
    ranks = {page.region.id: 0, "VN": 1}
    frame = frame.assign(
        rank=[ranks.get(name, 2) for name in frame["region_id"]],
        end=[f"{Period.parse(period).end} {Period.parse(period).start}" for period in frame["period"]],
    ).sort_values(["method", "rank", "region_id", "end", "released_to"], kind="stable")
    for method in [name for name in SHARE_INDICATORS if name in set(frame["method"])]:
        part = frame[frame["method"] == method]
        indicator = page.store.indicator(method)
        rows = [
            {
                "region": page.place_of(str(row.region_id)),
                "period": t.period(str(row.period)),
                "value": t.percent(float(row.value)),
                "release": page.release(row.released_from, row.released_to),
                "status": t(f"common.status.{row.status}"),
                "note": notes.get((method, row.region_id, row.period, row.source), "–"),
                "revision": "–"
                if pd.isna(row.revision_pp)
                else t("pages.points", n=t.number(float(row.revision_pp), 2, sign=True)),
            }
            for row in each(part)
        ]
        columns = {
            "region": "pages.column.region",
            "period": "pages.column.period",
            "value": "pages.column.share",
            "release": "pages.column.release",
            "status": "pages.column.status",
        }
        if (part["revision_pp"].notna()).any():
            columns["revision"] = "pages.column.revision"
        if any(row["note"] != "–" for row in rows):
            columns["note"] = "pages.column.note"
        page.table(
            f"published_{method}",
            rows,
            f"{indicator.name(page.language)} ({page.owner(indicator.id)})",
            columns=columns,
            numbers=("value", "revision"),
        )
        page.cite(part["source"])


def show_vintages(page: Page, published: PublishedShares | NotEnoughData) -> None:
    """Draw the nation's share as each release gave it."""
    if isinstance(published, NotEnoughData):
        return
    t = page.t
    mine = [
        one
        for one in published.figures
        if one.region_id == page.region.id and one.indicator == OFFICIAL[1] and Period.parse(one.period).kind == "year"
    ]
    if len(mine) < 2:
        return
    ordered = sorted(mine, key=lambda one: one.release)
    frame = pd.DataFrame(
        [
            {"year": int(one.period), "value": one.value, "release": page.release(one.released_from, one.released_to)}
            for one in ordered
        ]
    )
    last = max(ordered, key=lambda one: (one.period, one.release))
    page.chart(
        "vintages",
        charts.vintages(
            frame,
            number=lambda value: t.percent(value, 1),
            axis=t("pages.contribution.axis_gdp"),
            headings={
                "year": t("pages.column.year"),
                "value": t("pages.column.share"),
                "release": t("pages.column.release"),
            },
        ),
        caption=t("pages.contribution.vintages_caption"),
        alt=t(
            "pages.contribution.vintages_alt",
            n=str(frame["release"].nunique()),
            year=last.period,
            value=t.percent(last.value),
        ),
    )


def show_industries(page: Page, figures: pd.DataFrame) -> None:
    """Draw what single industries have of the nation's digital value added, where an office named them."""
    t = page.t
    named = figures[figures["indicator"].isin(INDUSTRIES)].drop_duplicates("indicator", keep="last")
    if named.empty:
        return
    rows = pd.DataFrame(
        [
            {
                "label": f"{t(f'pages.industry.{INDUSTRIES[r.indicator]}')}, {t.period(str(r.period))}",
                "value": float(r.value),
            }
            for r in each(named)
        ]
    ).sort_values("value", ascending=False, kind="stable", ignore_index=True)
    page.chart(
        "industries",
        charts.bars(
            rows,
            number=lambda value: t.percent(value, 1),
            ticks=t.percent_tick,
            axis=t("pages.contribution.axis_of_digital"),
            headings={"label": t("pages.column.component"), "value": t("pages.column.share")},
        ),
        caption=t("pages.contribution.industries_caption"),
        alt=t(
            "pages.contribution.industries_alt",
            parts=t.listing([f"{row.label} {t.percent(float(row.value), 1)}" for row in each(rows)]),
        ),
    )
    page.cite(named["source"])


def _rung(page: Page, share: DigitalShare, kind: str, *, strong: bool) -> dict[str, object]:
    low, high = share.interval(0.95) if share.quantiles else (share.estimate, share.estimate)
    label = f"{page.place_of(share.region_id)}, {page.t.period(share.period)}"
    return {"label": label, "value": share.estimate, "low": low, "high": high, "kind": kind, "strong": strong}
