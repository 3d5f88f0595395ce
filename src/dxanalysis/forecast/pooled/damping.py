"""How much of an expected change comes: the part that changes expected of past cases came to, where the panel shows that it is less than all.

Few years tell how paces go on, and what all regions did in some of them is taken for a rule: where much of a year is common to all
regions, strong moves are expected too strong. Past cases are forecast with coefficients that do not know their year; the slope b of what came
on what was expected, without a constant, says how much of it to believe. Its variance is that over years, since one year's cases err together: with
A and B the sums of e·y and e² of a year (e expected, y came, Cauchy weights by y - e), b = ΣA/ΣB and var b = Σ(A - bB)²/(ΣB)²·Y/(Y - 1), times
the periods ahead, since as many starts in a row share what comes. From errors of one and of three years, each counted half, b is drawn to 1 as a normal prior with a standard deviation of
``spread`` does, and is never more: what came beyond expectation in one phase of a technology does not come in the next. Of parts of years the next one
has a slope of its own, since what moves within a year goes on for a while; between it and a year the part is linear in the log of the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.regression import ENOUGH_A_YEAR
from dxanalysis.forecast.scale import FloatArray

YEARS: Final = (1, 3)
_LEAST: Final = 0.3
_ODD: Final = 3.0  # median absolute errors at which a case counts half
_JITTER: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Damping:
    """Parts of an expected change that are believed.

    Attributes
    ----------
    period, year
        One period ahead, and from a year on.
    """

    period: float = 1.0
    year: float = 1.0

    def of(self, steps: int, per_year: int) -> FloatArray:
        """Part 1 to ``steps`` periods ahead, array (steps,)."""
        if per_year == 1:
            return np.full(steps, self.year)
        at = np.log(np.arange(1, steps + 1)) / np.log(per_year)
        part: FloatArray = np.interp(at, [0.0, 1.0], [self.period, self.year])
        return part

    def damped(self, values: FloatArray, matrix: Matrix, rows: IntArray, columns: IntArray) -> FloatArray:
        """Values expected 1, 2, ... periods after each case, array (cases, periods), with that part of the change alone."""
        now = matrix.filled[rows, columns][:, None]
        out: FloatArray = now + self.of(values.shape[1], matrix.per_year) * (values - now)
        return out


ALL: Final = Damping()


def learnt_damping(
    foreseen: FloatArray, matrix: Matrix, rows: IntArray, columns: IntArray, *, spread: float
) -> Damping:
    """Parts of expected changes to believe, from 0.3 to 1; all where ``spread`` is 0 or fewer than two years have enough cases.

    Parameters
    ----------
    foreseen
        Values that were expected 1, 2, ... periods after each case, array (cases, periods).
    matrix, rows, columns
        The panel, and region and period of each case.
    spread
        Standard deviation of the prior around 1.
    """
    if spread == 0:
        return ALL
    told = {
        steps: _told(foreseen, matrix, rows, columns, steps) for steps in (1, *(y * matrix.per_year for y in YEARS))
    }
    return Damping(
        period=_believed([told[1]], spread), year=_believed([told[y * matrix.per_year] for y in YEARS], spread)
    )


def _told(
    foreseen: FloatArray, matrix: Matrix, rows: IntArray, columns: IntArray, steps: int
) -> tuple[float, float] | None:
    """Slope so many periods ahead and its variance; None where too little is known."""
    width = matrix.values.shape[1]
    then = columns + steps
    known = np.flatnonzero(then < width)
    known = known[np.isfinite(matrix.values[rows[known], then[known]])]
    known = known[(np.bincount(columns[known], minlength=width) >= ENOUGH_A_YEAR)[columns[known]]]
    if steps > foreseen.shape[1] or len(np.unique(columns[known])) < 2:
        return None
    now = matrix.filled[rows[known], columns[known]]
    came = matrix.values[rows[known], then[known]] - now
    slope, variance = _slope(foreseen[known, steps - 1] - now, came, columns[known])
    return slope, variance * steps


def _slope(foreseen: FloatArray, came: FloatArray, start: IntArray) -> tuple[float, float]:
    """Slope of what came on what was foreseen, both arrays (n,), and its variance over the starts (n,), two or more."""
    miss = np.abs(came - foreseen)
    weight = 1 / (1 + np.square(miss / (_ODD * np.median(miss) + _JITTER)))
    both, square = (np.bincount(start, weight * foreseen * other) for other in (came, foreseen))
    total = float(square.sum()) + _JITTER
    slope = float(both.sum()) / total
    starts = len(np.unique(start))
    return slope, float(np.square(both - slope * square).sum()) / total**2 * starts / (starts - 1)


def _believed(told: list[tuple[float, float] | None], spread: float) -> float:
    """Slopes, each of as many parts of the evidence as there are, drawn to 1."""
    precision = pull = 1 / spread**2
    for slope, variance in filter(None, told):
        weight = 1 / (len(told) * variance + _JITTER)
        precision, pull = precision + weight, pull + weight * slope
    return float(np.clip(pull / precision, _LEAST, 1.0))
