"""The picture of a forecast as a model gave it, for a first look: in English unless words are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from dxanalysis.charts.canvas import Chart, Formatter
from dxanalysis.charts.chances import fan
from dxanalysis.data.spelled import read_period
from dxanalysis.errors import ParameterError

if TYPE_CHECKING:  # a page with another picture must not load the forecasts for it
    from dxanalysis.forecast.predictive import Predictive

WORDS: Final[Mapping[str, str]] = {
    "history": "observed",
    "median": "median forecast",
    "range80": "80 % range",
    "range95": "95 % range",
    "target": "target",
    "year": "year",
    "value": "value",
    "kind": "kind",
    "p2.5": "2.5 %",
    "p10": "10 %",
    "p90": "90 %",
    "p97.5": "97.5 %",
}
_LEVELS: Final = {"p2.5": 0.025, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p97.5": 0.975}


def _plain(value: float) -> str:
    return f"{value:,.4g}"


def fan_of(
    predictive: Predictive,
    *,
    region: str | None = None,
    target: float | None = None,
    at: int | str | None = None,
    number: Formatter = _plain,
    axis: str | None = None,
    words: Mapping[str, str] = WORDS,
) -> Chart:
    """A forecast of one region: what was observed, the median, the central 80 and 95 % ranges, and a target where one is given.

    Parameters
    ----------
    predictive
        What :meth:`~dxanalysis.forecast.Fitted.predict` gave.
    region
        Whose forecast; None for the only one.
    target, at
        Value and deadline of the target, a period in any spelling of :func:`~dxanalysis.data.spelled.read_period`; both or neither.
    number, axis, words
        Format of values, title of the axis (None: the unit), and the words for the parts of the picture.

    Raises
    ------
    ParameterError
        When the region was not forecast, or several were and none is named, or a target has no deadline.
    DataError
        When the deadline is not written as a period.
    """
    regions = predictive.regions
    name = regions[0] if region is None else region
    if (region is None and len(regions) > 1) or name not in regions:
        what = f"the forecast is of {len(regions)} regions" if region is None else f"region {region!r} was not forecast"
        raise ParameterError(what, fix=f"Name one of: {', '.join(regions[:8])}")
    if (target is None) != (at is None):
        raise ParameterError("a target needs a value and a deadline", fix="Give both target= and at=, or neither")
    observed = predictive.evidence[predictive.row(name)].observed
    bands = predictive.quantiles(list(_LEVELS.values())).loc[name].set_axis(list(_LEVELS), axis="columns")
    return fan(
        pd.DataFrame(observed, columns=["period", "value"]),
        bands.reset_index(drop=True).assign(period=list(predictive.periods)),
        target=None
        if target is None or at is None
        else (str(read_period(at)), target, f"{words['target']} {number(target)}"),
        number=number,
        axis=predictive.unit if axis is None else axis,
        words=words,
    )
