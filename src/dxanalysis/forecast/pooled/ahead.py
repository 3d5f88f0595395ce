"""What fits at past origins made of the next three years: evidence beside that of the next period.

A fit that follows the last year well may run away when it is carried on. Each fit is carried on from past origins with what it knew there;
its errors three years later give a log evidence as those one period ahead do (:mod:`~dxanalysis.forecast.pooled.regression`), of a third
as many origins, since three in a row share their years. Both are added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.expected import carried
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.reach import Reach
from dxanalysis.forecast.pooled.regression import (
    ENOUGH_A_YEAR,
    ENOUGH_STEPS,
    RUNNING_MEMORY,
    Coefficients,
    log_evidence,
)
from dxanalysis.forecast.scale import FloatArray

YEARS_AHEAD: Final = 3
_MOST: Final = 3.0  # an error beyond this counts as this
_NO_CHANCE: Final = 15.0  # of a fit that is so much less likely one period ahead, as a log, nothing more is asked


def judged_ahead(
    matrix: Matrix,
    histories: Mapping[float, Matrix],
    rows: IntArray,
    columns: IntArray,
    fits: Sequence[Coefficients],
    *,
    reach: Reach,
    trust: float,
) -> list[Coefficients]:
    """Fits with the evidence of three years added; those without a chance left out.

    Parameters
    ----------
    matrix, histories
        The panel, and as the filter of each gain leaves it.
    rows, columns
        Region and period of each case.
    fits
        As :func:`~dxanalysis.forecast.pooled.regression.regress` gives them.
    reach
        How far regions move at most.
    trust
        Weight of the evidence.

    Notes
    -----
    Where there are fewer than two origins with enough cases, or none one period ahead, the fits are returned as they are.
    """
    known = [fit.evidence for fit in fits if fit.evidence is not None]
    if len(known) < len(fits):
        return list(fits)
    width, steps = matrix.values.shape[1], YEARS_AHEAD * matrix.per_year
    starts = np.bincount(columns, minlength=width)
    before = np.cumsum(starts) - starts
    inside = np.flatnonzero(columns + steps < width)
    came = matrix.values[rows[inside], columns[inside] + steps]
    inside, came = inside[np.isfinite(came)], came[np.isfinite(came)]
    rows, columns = rows[inside], columns[inside]
    used = (np.bincount(columns, minlength=width) >= ENOUGH_A_YEAR) & (before >= ENOUGH_STEPS)
    if used.sum() < 2:
        return list(fits)
    discount: FloatArray = np.exp(-(width - 1 - steps - np.arange(width)) / (RUNNING_MEMORY * matrix.per_year))
    likely = [fit for fit in fits if fit.evidence is not None and fit.evidence > max(known) - _NO_CHANCE]
    found: list[Coefficients] = []
    for fit, values in carried(histories, likely, rows, columns, steps, reach=reach, which="then"):
        miss = np.clip(came - values[:, -1], -_MOST, _MOST)
        more = log_evidence(miss, columns, used=used, discount=discount, overlap=steps)
        found.append(replace(fit, evidence=(fit.evidence or 0.0) + trust * more))
    return found
