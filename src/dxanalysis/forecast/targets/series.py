"""The series a target is forecast on: of years, or of parts of years.

Parts of years are taken only of what lasts (a share, an index, a rank: see :mod:`~dxanalysis.forecast.targets.published`), where the deadline
ends one of them, and where every part of the year has figures of three years: a season that was not seen three times cannot be told from
progress. For the same reason such a series begins with the first year that has every part, or what leads up to it without a gap. Of a series
of years and one of parts that both carry an answer the one that reaches over the longer time is taken, unless it ends more than a year before them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Kind
from dxanalysis.forecast.answers.attainment import years_between
from dxanalysis.forecast.choice import MIN_POOLED
from dxanalysis.forecast.panel import PER_YEAR, period_number, period_text
from dxanalysis.forecast.targets.published import LASTING, PRECEDENCE, standing_for

Step = Literal["year", "half", "quarter", "month"]

PARTS: Final[tuple[Step, ...]] = ("half", "quarter", "month")
"""Parts of a year, the longest first."""
SEEN: Final = 3
"""Figures that every part of the year needs, for its season to be told."""
_SERIAL: Final = LASTING - {"yes-no", "group"}
STEPS: Final[Mapping[int, Step]] = {1: "year", 2: "half", 4: "quarter", 12: "month"}
"""Kind of the periods by how many there are in a year."""


def period_ending(day: date, step: Step) -> Period | None:
    """Period of a step that ends on the last day of a day's month; None when none of them does."""
    per_year = PER_YEAR[step]
    ended, rest = divmod(day.month * per_year, 12)
    return None if rest else Period.parse(period_text(day.year * per_year + ended - 1, per_year))


def stands(when: Period, kind: Kind, step: Step) -> bool:
    """Whether a figure of a period can stand in a series of a step.

    In a series of parts only figures of such parts do, and for the second half of a year, which is published cumulatively, that of the year.
    """
    if step != "year":
        return when.kind == step or (step == "half" and when.kind == "year")
    lasts = when.kind in ("year", "half") or (kind in LASTING and when.kind != "span")
    return lasts and when.end.month == 12


def standing(history: pd.DataFrame, kind: Kind, step: Step) -> pd.DataFrame:
    """Releases of the periods that stand in a series: of several that end on one day those that go first."""
    whens = [Period.parse(str(period)) for period in history["period"]]
    rows = pd.DataFrame(
        [
            (at, region, when.end, 0 if when.kind == step else 1 + PRECEDENCE.index(when.kind))
            for at, (region, when) in enumerate(zip(history["region_id"], whens, strict=True))
            if stands(when, kind, step)
        ],
        columns=["at", "region", "end", "order"],
    )
    first = rows.groupby(["region", "end"])["order"].transform("min")
    return history.iloc[rows.loc[rows["order"] == first, "at"].tolist()]


def step_in(period: str) -> Step:
    """Kind of a period, as a step."""
    return STEPS[PER_YEAR[Period.parse(period).kind]]


def series(rows: pd.DataFrame, kind: Kind, step: Step) -> pd.DataFrame:
    """Figures of one region as a panel: columns region, period, value, released_to, source. One row a period, oldest first.

    Parameters
    ----------
    rows
        As of :func:`~dxanalysis.forecast.targets.published.rows_of`.
    kind
        Of the indicator: what stands for a period depends on it.
    step
        Kind of the periods. A year is a whole number in the panel, a part of one its text.

    Returns
    -------
    DataFrame
        Empty when no figure stands for a period of that kind. Of parts of years, from the first whole year on (see the module).
    """
    rows = rows[np.array([stands(when, kind, step) for when in rows["when"]], dtype=bool)]
    texts, whens = rows["period"].tolist(), list(rows["when"])
    ends = {one for when in whens if (one := period_ending(when.end, step)) is not None}
    places = {one: standing_for(texts, whens, one, kind) for one in sorted(ends)}
    known = {one: at for one, at in places.items() if at is not None}
    taken = rows.iloc[list(known.values())]
    table = pd.DataFrame(
        [
            (
                str(region),
                one.year if step == "year" else one.text,
                1.0 if unit == "group" else float(value),
                _day_of(released),
                str(source),
            )
            for one, region, unit, value, released, source in zip(
                known, *(taken[name] for name in ("region_id", "unit", "value", "released_to", "source")), strict=True
            )
        ],
        columns=["region", "period", "value", "released_to", "source"],
    )
    return table.iloc[_start(list(known), PER_YEAR[step]) :].reset_index(drop=True)


def _start(periods: Sequence[Period], per_year: int) -> int:
    """Place of the period with which whole years begin, or what leads up to them without a gap; 0 of years."""
    counts = Counter(one.year for one in periods)
    whole = [year for year, count in sorted(counts.items()) if count == per_year]
    if per_year == 1 or not whole:
        return 0
    at = next(place for place, one in enumerate(periods) if one.year == whole[0])
    while at and period_number(periods[at]) - period_number(periods[at - 1]) == 1:
        at -= 1
    return at


def yearly(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Series of years; see :func:`series`."""
    return series(rows, kind, "year")


def step_of(rows: pd.DataFrame, kind: Kind, deadline: Period) -> Step:
    """Kind of the periods that a target with this deadline is forecast by; see the module.

    Of several kinds of parts that carry an answer, that which reaches over more years is taken, of two the one with more figures.
    """
    if kind not in _SERIAL or deadline.kind == "span":
        return "year"
    years = yearly(rows, kind)
    parts = {
        step: panel
        for step in PARTS
        if period_ending(deadline.end, step) is not None and is_whole(panel := series(rows, kind, step), step)
    }
    # what ends more than a year before the years do tells less of the years to come
    fit = [step for step in PARTS if step in parts and (years.empty or _newer(parts[step], years) >= -1)]
    if not fit:
        return "year"
    best = max(fit, key=lambda step: (int(_reach(parts[step]) + 1 / PER_YEAR[step]), len(parts[step])))
    in_years = period_ending(deadline.end, "year") is not None and len(years) >= MIN_POOLED
    return "year" if in_years and _reach(years) >= _reach(parts[best]) else best


def is_whole(panel: pd.DataFrame, step: Step) -> bool:
    """Whether every part of the year has figures enough in a region's series for its season to be told."""
    counts = Counter(Period.parse(period).end.month for period in panel["period"].tolist())
    return len(counts) == PER_YEAR[step] and min(counts.values()) >= SEEN


def _newer(panel: pd.DataFrame, other: pd.DataFrame) -> float:
    """Years by which the newest figure of a series is newer than that of another."""
    return years_between(str(other["period"].iloc[-1]), str(panel["period"].iloc[-1]))


def _reach(panel: pd.DataFrame) -> float:
    """Years from the first figure of a series to the last."""
    return years_between(str(panel["period"].iloc[0]), str(panel["period"].iloc[-1]))


def _day_of(moment: object) -> pd.Timestamp:
    return pd.Timestamp(pd.Timestamp(moment).date())  # type: ignore[arg-type]
