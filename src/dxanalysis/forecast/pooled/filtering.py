"""Survey noise taken out of a history before it is carried on, and how much noise there seems to be.

A published value is taken as a latent level plus noise. The level goes on by 0.9 of its pace over three years, plus a change of its own;
each new value moves it by the gain, the part of a surprise that stays (:func:`gains_by_age`). A gain of 1 leaves the history as it is:
a register has no noise. A survey's last value is drawn towards what was expected of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.cells import Matrix, carry_on, gains_by_age, spread_features, trend
from dxanalysis.forecast.pooled.family import INDEPENDENT_A_YEAR, LIKENESS_YEARS, MOST_CASES, Family
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.scale import FloatArray

_MOST: Final = 9.0  # squared standardized error beyond which an error counts no more
_LEAST: Final = 1e-3


def filtered(matrix: Matrix, gain: float) -> Matrix:
    """The matrix with filtered values as lags; what is an outcome stays as published."""
    if gain >= 1:
        return matrix
    levels = matrix.filled.copy()
    out = replace(matrix, filled=levels)
    width = levels.shape[1]
    gains = gains_by_age(gain, width)
    for column in range(1, width):
        rows = np.flatnonzero((matrix.first < column) & np.isfinite(matrix.filled[:, column]))
        if not len(rows):
            continue
        lags, age = out.lags(rows, np.full(len(rows), column - 1))
        expected = trend(lags, age, matrix.per_year) + matrix.centre
        levels[rows, column] = expected + gains[age + 1] * (matrix.filled[rows, column] - expected)
    return out


def gain_evidence(prior: Family, histories: dict[float, Matrix], rows: IntArray, columns: IntArray) -> FloatArray:
    """Log likelihood of each gain, array (gains,), by how far off the prior is when it carries the filtered cases on.

    For panels too small to tell by their own regression. Over one and over three years, each half, errors are standardized by the size
    that the prior gives; their mean square, cut at 3², is taken as not known: cases/2 · log of it, with at most ten cases a year.
    """
    newest = np.argsort(columns, kind="stable")[-MOST_CASES:]
    rows, columns = rows[newest], columns[newest]
    logs = np.zeros(len(histories))
    for at, (gain, history) in enumerate(histories.items()):
        per_year, width = history.per_year, history.values.shape[1]
        steps = [years * per_year for years in LIKENESS_YEARS]
        spread = spread_features(*histories[max(histories)].lags(rows, columns), per_year)
        lags, age = history.lags(rows, columns)
        changes = carry_on(lags, age, prior.beta, per_year=per_year, steps=steps[-1], gain=gain)
        for years, step in zip(LIKENESS_YEARS, steps, strict=True):
            within = np.flatnonzero(columns + step < width)
            came = history.values[rows[within], columns[within] + step] - history.filled[rows[within], columns[within]]
            within, came = within[np.isfinite(came)], came[np.isfinite(came)]
            if not len(within):
                continue
            worth = min(len(within), INDEPENDENT_A_YEAR * len(np.unique(columns[within])))
            miss = (came - changes[within, step - 1]) / np.exp(prior.log_size(spread[within], years))
            square = float(np.mean(np.minimum(np.square(miss), _MOST))) + _LEAST
            logs[at] -= 0.5 * worth / len(steps) * float(np.log(square))
    return logs
