"""Divide yearly figures into quarters or months (or quarterly ones into months)."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from dxanalysis.accounts.figures import Note
from dxanalysis.accounts.quarterly.constrained import Array
from dxanalysis.accounts.quarterly.denton import denton
from dxanalysis.accounts.quarterly.estimate import estimate
from dxanalysis.accounts.quarterly.options import (
    Conversion,
    Criterion,
    DentonOptions,
    Method,
    RhoRule,
    options,
)
from dxanalysis.accounts.quarterly.result import Disaggregated, Regression
from dxanalysis.accounts.quarterly.series import Aligned, Frequency, align, totals


def disaggregate(
    annual: pd.Series,
    *,
    method: Method,
    indicators: pd.DataFrame | pd.Series | None = None,
    conversion: Conversion = "sum",
    to: Frequency = "quarter",
    h: int | None = None,
    criterion: Criterion | None = None,
    rho: float | RhoRule | None = None,
    rho_bounds: tuple[float, float] | None = None,
    constant: bool | None = None,
) -> Disaggregated:
    """Divide figures into shorter periods so that they add up again.

    Parameters
    ----------
    annual
        One figure a year (or a quarter), indexed by period as text (``2024``, ``2024-Q2``; a year may be a whole number). Rows may come in
        any order; no period may be missing between the first and the last.
    method
        ``denton`` or ``denton-cholette`` (no model of chance, at most one indicator), or ``chow-lin``, ``fernandez``, ``litterman`` or ``ols``
        (regression, with standard errors; without indicators, on a constant).
    indicators
        One column an indicator, one row a period of the path (``2024-Q2``, ``2024-07``), complete. It must cover all figures. Where it
        begins earlier or ends later, the path is extrapolated there.
    conversion
        What a figure is of its periods: their ``sum``, ``mean``, ``first`` or ``last``.
    to
        ``quarter`` or ``month``.
    h, criterion
        Denton only: order of differences (0, 1, 2; default 1) and ``proportional`` (default) or ``additive``.
    rho
        Chow-Lin and Litterman only: ``max_likelihood`` (default), ``min_rss``, or a number in (-1, 1).
    rho_bounds
        Where rho is searched; (0, 0.999) by default. Negative rho makes quarters zigzag, which is seldom meant.
    constant
        Regressions only: whether a constant stands beside the indicators; True by default.

    Returns
    -------
    Disaggregated
        The path in the figures' unit, with standard errors and the regression, or notes saying why there are none.

    Raises
    ------
    ParameterError
        When an option is unknown, out of range, or has no meaning for the method.
    DataError
        When periods or values are missing, doubled or unreadable; when the indicators do not cover the figures, do not vary, are not positive
        where a ratio is asked for, or cannot be told apart.
    ModelError
        When there are too few figures for the parameters.

    Examples
    --------
    >>> import pandas as pd
    >>> yearly = pd.Series({"2023": 100.0, "2024": 108.0})
    >>> disaggregate(yearly, method="denton-cholette").to_frame()["value"].round(3).tolist()
    [24.545, 24.727, 25.091, 25.636, 26.364, 26.909, 27.273, 27.455]
    """
    chosen = options(method, conversion, h=h, criterion=criterion, rho=rho, rho_bounds=rho_bounds, constant=constant)
    aligned = align(annual, indicators, to)
    matrix = totals(aligned, conversion)
    errors: Array | Note
    regression: Regression | Note
    if isinstance(chosen, DentonOptions):
        values, preliminary = denton(aligned, matrix, chosen)
        errors = regression = Note(code="denton_has_no_model_of_chance")
    else:
        values, preliminary, errors, regression = estimate(aligned, matrix, chosen)
    return Disaggregated(
        method=method,
        conversion=conversion,
        low_periods=aligned.low,
        given=aligned.values,
        aggregated=matrix @ values,
        periods=aligned.high,
        values=values,
        parts=tuple(_part(place, aligned) for place in range(len(aligned.high))),
        preliminary=preliminary,
        standard_errors=errors,
        regression=regression,
    )


def _part(place: int, aligned: Aligned) -> Literal["before", "within", "after"]:
    return "before" if place < aligned.start else "within" if place < aligned.stop else "after"
