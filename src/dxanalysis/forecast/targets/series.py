"""The series a target is forecast on: of years, or of parts of years where years do not carry an answer.

Years go first: the engine is proved on them, and they are what an office stands by. Parts of years are taken only of what lasts (a
share, an index, a rank: see :mod:`~dxanalysis.forecast.targets.published`), where the deadline ends one of them, and when they reach over a
year at least: a season that was not seen once round cannot be told from progress.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Kind
from dxanalysis.forecast.answers.attainment import years_between
from dxanalysis.forecast.choice import MIN_POOLED
from dxanalysis.forecast.panel import PER_YEAR, period_text
from dxanalysis.forecast.targets.published import LASTING, standing_for

Step = Literal["year", "half", "quarter", "month"]

PARTS: Final[tuple[Step, ...]] = ("half", "quarter", "month")
"""Parts of a year, the longest first."""
STEPS: Final[Mapping[int, Step]] = {1: "year", 2: "half", 4: "quarter", 12: "month"}
"""Kind of the periods by how many there are in a year."""


def period_ending(day: date, step: Step) -> Period | None:
    """Period of a step that ends on the last day of a day's month; None when none of them does."""
    per_year = PER_YEAR[step]
    ended, rest = divmod(day.month * per_year, 12)
    return None if rest else Period.parse(period_text(day.year * per_year + ended - 1, per_year))


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
        Empty when no figure stands for a period of that kind.
    """
    texts, whens = rows["period"].tolist(), list(rows["when"])
    ends = (
        {Period.parse(str(when.year)) for when in whens}
        if step == "year"
        else {one for when in whens if (one := period_ending(when.end, step)) is not None}
    )
    places = {one: standing_for(texts, whens, one, kind) for one in sorted(ends)}
    known = {one: at for one, at in places.items() if at is not None}
    taken = rows.iloc[list(known.values())]
    return pd.DataFrame(
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


def yearly(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Series of years; see :func:`series`."""
    return series(rows, kind, "year")


def step_of(rows: pd.DataFrame, kind: Kind, deadline: Period) -> Step:
    """Kind of the periods that a target with this deadline is forecast by: years unless only parts of years carry an answer.

    Of the parts that carry one, that of which most figures are published is taken, of two with as many the longer.
    """
    if period_ending(deadline.end, "year") is not None and len(yearly(rows, kind)) >= MIN_POOLED:
        return "year"
    if kind not in LASTING or deadline.kind == "span":
        return "year"
    published = Counter(when.kind for when in rows["when"])
    fit = [
        step
        for step in PARTS
        if published[step] and period_ending(deadline.end, step) is not None and _carries(series(rows, kind, step))
    ]
    return max(fit, key=lambda step: published[step], default="year")


def _carries(panel: pd.DataFrame) -> bool:
    """Whether parts of years are enough for a forecast: three, and a year from the first to the last."""
    periods = panel["period"].tolist()
    return len(periods) >= MIN_POOLED and years_between(periods[0], periods[-1]) >= 1


def _day_of(moment: object) -> pd.Timestamp:
    return pd.Timestamp(pd.Timestamp(moment).date())  # type: ignore[arg-type]
