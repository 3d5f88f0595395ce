"""The period that a question asks about, among those that were forecast: one rule for every answer."""

from __future__ import annotations

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Meaning
from dxanalysis.errors import ParameterError
from dxanalysis.forecast.predictive import Predictive


def column_of(predictive: Predictive, period: Period, *, meaning: Meaning = "at", name: str = "deadline") -> int:
    """Column of a period: its own, or the last part of a year where the forecast has parts of years; of a span, its last year.

    Raises
    ------
    ParameterError
        When the period is of another kind than the forecast's, or was not forecast; ``name`` is what the message calls it.
    """
    parts = Period.parse(predictive.periods[0]).kind
    fits = period.kind == "span" and parts == "year" if meaning == "mean" else period.kind in ("year", parts)
    if not fits:
        raise ParameterError(
            f"the {name} {period} does not go with the meaning {meaning!r} and periods such as {predictive.periods[0]}",
            fix="Give a period of the forecast's own kind or a year, or for a mean of years the span such as 2026-2030",
        )
    ends = [Period.parse(one).end for one in predictive.periods]
    if period.end not in ends:
        raise ParameterError(
            f"the {name} {period} is not among the periods forecast",
            fix=f"Forecast are {predictive.periods[0]} to {predictive.periods[-1]}",
        )
    return ends.index(period.end)
