"""The digital share where none is published: how the range came about, what drives it, and how far off the method was elsewhere."""

from __future__ import annotations

import pandas as pd

from dxanalysis import charts
from dxanalysis.accounts import CheckRow, DigitalShare, NotEnoughData, TransferCheck, TransferInputs
from dxanalysis.i18n import Texts
from dxanalysis.pages.page import Page, each


def together(*frames: pd.DataFrame) -> pd.DataFrame:
    """Several observation frames as one."""
    # Empty frames would only blur the column types of the others.
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def show_estimate(page: Page, inputs: TransferInputs | NotEnoughData, estimate: DigitalShare | NotEnoughData) -> None:
    """Say how the range came about: intensities, structure, assumptions, and what each does to its width."""
    t = page.t
    if page.is_nation:
        return
    page.heading("pages.contribution.estimate_heading")
    if isinstance(estimate, NotEnoughData) or isinstance(inputs, NotEnoughData):
        reason = estimate.reason if isinstance(estimate, NotEnoughData) else "no_national_figures"
        page.note("pages.contribution.estimate_none", "caution", reason=t(f"pages.reason.{reason}"))
        return
    page.say("pages.contribution.estimate_intro", place=page.place, nation=t.period(str(inputs.nation.period)))
    rows = []
    for area in ("agri", "indcon", "services"):
        digital = getattr(inputs.nation, area).value
        whole = inputs.nation.structure.share(area).value
        local = inputs.structure.share(area).value
        rows.append(
            {
                "area": t(f"pages.area.{area}"),
                "digital": t.percent(digital),
                "whole": t.percent(whole),
                "intensity": t.percent(100 * digital / whole, 1),
                "local": t.percent(local),
            }
        )
    page.table(
        "intensities",
        rows,
        t(
            "pages.contribution.intensities_caption",
            nation=t.period(str(inputs.nation.period)),
            structure=t.period(str(inputs.structure.period)),
        ),
        columns={
            "area": "pages.column.area",
            "digital": "pages.column.digital_of_gdp",
            "whole": "pages.column.area_of_gdp",
            "intensity": "pages.column.intensity",
            "local": "pages.column.area_of_grdp",
        },
        numbers=("digital", "whole", "intensity", "local"),
    )
    page.cite(one.source for one in estimate.inputs)
    for note in estimate.notes:
        page.note(f"pages.note.{note.code}", "caution", **_note_values(page, dict(note.facts)))
    ends = {level: estimate.interval(level / 100) for level in (50, 80, 95)}
    page.say(
        "pages.contribution.ranges",
        middle=t.percent(estimate.estimate, 1),
        draws=t.number(estimate.n_draws, 0),
        **{f"low{level}": t.number(low, 1) for level, (low, _) in ends.items()},
        **{f"high{level}": t.percent(high, 1) for level, (_, high) in ends.items()},
    )
    _show_assumptions(page, estimate)


def _show_assumptions(page: Page, estimate: DigitalShare) -> None:
    t = page.t
    frame = estimate.assumptions_frame()
    shown = frame[frame["total"] >= 0.005]
    page.heading("pages.contribution.drivers_heading", 3)
    driver = shown.iloc[0]
    page.say(
        "pages.contribution.drivers_intro",
        driver=_assumption(page, str(driver["assumption"])),
        part=t.percent(100 * float(driver["total"]), 0),
        width=t.number(estimate.interval(0.95)[1] - estimate.interval(0.95)[0], 1),
        known=t.number(float(driver["width_95_if_known"]), 1),
    )
    bars = pd.DataFrame(
        {
            "label": [_assumption(page, str(name)) for name in shown["assumption"]],
            "value": [round(100 * float(part), 2) for part in shown["total"]],
        }
    )
    page.chart(
        "drivers",
        charts.bars(
            bars,
            number=lambda value: _part(t, value),
            ticks=t.percent_tick,
            axis=t("pages.contribution.axis_part"),
            headings={"label": t("pages.column.assumption"), "value": t("pages.column.part")},
        ),
        caption=t("pages.contribution.drivers_caption"),
        alt=t(
            "pages.contribution.drivers_alt",
            parts=t.listing([f"{row.label} {_part(t, float(row.value))}" for row in each(bars)]),
        ),
    )
    rows = [
        {
            "assumption": _assumption(page, str(row.assumption)),
            "range": _range(page, float(row.low), float(row.high), str(row.unit)),
            "basis": t(f"pages.basis.{str(row.basis).replace(' ', '_')}"),
            "ground": t(f"pages.evidence.{row.evidence}"),
            "part": _part(t, round(100 * float(row.total), 2)),
        }
        for row in each(frame)
    ]
    page.table(
        "assumptions",
        rows,
        t("pages.contribution.assumptions_caption"),
        columns={
            "assumption": "pages.column.assumption",
            "range": "pages.column.range",
            "basis": "pages.column.basis",
            "ground": "pages.column.ground",
            "part": "pages.column.part",
        },
        numbers=("part",),
        note=t("pages.contribution.assumptions_note"),
    )


def show_check(page: Page, check: TransferCheck) -> None:
    """Hold the method against every province that has both a published share and a published structure."""
    t = page.t
    if page.is_nation:
        return
    page.heading("pages.contribution.check_heading")
    facts = check.summary()
    if not check.rows:
        page.say("pages.contribution.check_none")
        return
    meant = [row for row in check.rows if row.other_kind is None]
    page.say(
        "pages.contribution.check_intro",
        n=str(len(check.rows)),
        meant=str(len(meant)),
        held=str(facts["held_95"]),
        error=t.number(float(str(facts["mean_abs_error_pp_meant_for"])), 1) if meant else "–",
        all=t.number(float(str(facts["mean_abs_error_pp"])), 1),
    )
    ordered = sorted(check.rows, key=lambda row: (row.other_kind is not None, not row.same_method, abs(row.error_pp)))
    rows = []
    for row in ordered:
        low, high = row.estimate.interval(0.95)
        rows.append(
            {
                "region": _checked_place(page, row),
                "published": t.percent(row.published.value),
                "owner": t("pages.contribution.by_office") if row.same_method else t("pages.contribution.by_province"),
                "estimate": f"{t.percent(row.estimate.estimate, 1)} ({t.number(low, 1)} – {t.number(high, 1)})",
                "error": t.number(row.error_pp, 1, sign=True),
                "held": t("common.yes") if row.held_by(0.95) else t("common.no"),
                "kind": t("pages.contribution.kind_meant")
                if row.other_kind is None
                else t(f"pages.contribution.{row.other_kind.code}"),
            }
        )
    page.table(
        "check",
        rows,
        t("pages.contribution.check_caption"),
        columns={
            "region": "pages.column.region",
            "published": "pages.column.published",
            "owner": "pages.column.by_whom",
            "estimate": "pages.column.estimate",
            "error": "pages.column.error",
            "held": "pages.column.held",
            "kind": "pages.column.meant",
        },
        numbers=("published", "estimate", "error"),
        note=t("pages.contribution.check_note", n=str(len(check.left_out))),
    )
    page.cite(row.published.source for row in check.rows)


def _checked_place(page: Page, row: CheckRow) -> str:
    """Place and period of a check, with the period of the structure where it is another."""
    place = f"{page.place_of(row.published.region_id)}, {page.t.period(row.published.period)}"
    for note in row.estimate.notes:
        if note.code in {"structure_of_other_period", "half_year_structure"}:
            structure = page.t.period(str(dict(note.facts)["structure"]))
            return page.t("pages.contribution.with_structure", place=place, structure=structure)
    return place


def _part(t: Texts, percent: float) -> str:
    """A part of the spread; of a small one only that it is below 1 %."""
    return t.percent(percent, 0) if percent >= 1 else f"< {t.percent(1, 0)}"


def _assumption(page: Page, identity: str) -> str:
    return page.t(f"pages.assumption.{identity}")


def _range(page: Page, low: float, high: float, unit: str) -> str:
    if unit == "percent":
        # A range that is rounding only would read "6,67 – 6,67" with two decimals.
        decimals = 3 if high - low < 0.05 else 2
        return f"{page.t.number(low, decimals)} – {page.t.percent(high, decimals)}"
    return f"{page.t.number(low, 2)} – {page.t.number(high, 2)}"


def _note_values(page: Page, facts: dict[str, str | float]) -> dict[str, str]:
    words: dict[str, str] = {}
    for name, value in facts.items():
        if isinstance(value, float):
            words[name] = page.t.number(value, 2)
        elif name == "region_id":
            words[name] = page.place_of(value)
        elif name == "years":
            words[name] = value
        else:
            words[name] = page.t.period(value)
    return words
