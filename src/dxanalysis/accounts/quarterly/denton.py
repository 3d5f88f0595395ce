"""Denton's movement preservation, in his form and in Cholette's.

Proportional: the ratios r = z/p of path to indicator make sum of (D^h (r - 1))^2 least; additive: the distances z - p do. D takes first
differences. Denton (1971) keeps the first row of D, which draws the first value to the indicator itself; Cholette (1984) drops the first h
rows, so that the level of the indicator does not matter.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array, diags_array, eye_array

from dxanalysis.accounts.quarterly.constrained import Array, Constrained
from dxanalysis.accounts.quarterly.disturbance import quasi_difference
from dxanalysis.accounts.quarterly.options import DentonOptions
from dxanalysis.accounts.quarterly.series import Aligned
from dxanalysis.errors import DataError, ModelError, ParameterError


def denton(aligned: Aligned, totals: csc_array, options: DentonOptions) -> tuple[Array, Array]:
    """Path and the indicator it follows, shapes (n,) and (n,), in the figures' and the indicator's unit.

    Parameters
    ----------
    aligned
        Figures and at most one indicator; without one the path is as smooth as the figures allow (the indicator is 1).
    totals
        Aggregation matrix, shape (m, n).
    options
        Order of the differences, criterion, and which form.

    Raises
    ------
    ParameterError
        When h is 0 and the indicator goes beyond the figures: nothing then links those periods with any figure.
    DataError
        When there are several indicators, or one is not positive under the proportional criterion.
    ModelError
        When there are fewer figures than h, in Cholette's form: the path is then not determined.
    """
    indicator = _indicator(aligned)
    n, m = len(aligned.high), len(aligned.low)
    if options.order == 0 and n > aligned.ratio * m:
        raise ParameterError(
            f"h = 0 says nothing about periods outside {aligned.low[0]} to {aligned.low[-1]}",
            fix="Use h=1, or cut the indicator to the figures' periods",
        )
    if not options.keeps_start and m < options.order:
        raise ModelError(f"{m} figure is too few for h = {options.order}", fix="Use h=1, or give more figures")
    differences = _differences(n, options)
    penalty = csc_array(differences.T @ differences)
    if options.criterion == "additive":
        path = Constrained.of(penalty, totals).path(penalty @ indicator, aligned.values)
        return path, indicator
    _check_positive(aligned, indicator)
    # in ratios, and with the rows of C divided by the indicator's totals, all entries are about 1 in any currency
    sums = totals @ indicator
    weights = csc_array(diags_array(1.0 / sums) @ totals @ diags_array(indicator))
    ratios = Constrained.of(penalty, weights).path(penalty @ np.ones(n), aligned.values / sums)
    return indicator * ratios, indicator


def _differences(n: int, options: DentonOptions) -> csc_array:
    first = quasi_difference(n, 1.0, stationary=False)
    matrix = csc_array(eye_array(n))
    for _ in range(options.order):
        matrix = csc_array(first @ matrix)
    return matrix if options.keeps_start else csc_array(matrix[options.order :])


def _indicator(aligned: Aligned) -> Array:
    if len(aligned.names) > 1:
        raise DataError(
            f"Denton follows one indicator; {len(aligned.names)} are given: {', '.join(aligned.names)}",
            fix="Choose one, add them up, or use chow-lin, fernandez or litterman",
        )
    return aligned.indicators[:, 0] if aligned.names else np.ones(len(aligned.high))


def _check_positive(aligned: Aligned, indicator: Array) -> None:
    low = np.flatnonzero(indicator <= 0.0)
    if len(low):
        place = int(low[0])
        raise DataError(
            f"indicator {aligned.names[0]} is {indicator[place]:g} in {aligned.high[place]}; a ratio needs values above 0",
            fix='Use criterion="additive", or an indicator that is always positive',
        )
