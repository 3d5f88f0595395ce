"""How far each region of an unbounded indicator moves in a year, beside the others: what its values are stretched by.

Growth rates of a small region jump where those of a large one hardly move, and balances are as large as the budgets behind them. With c a change of
a region over the median change of all, l = log(|c| + 0.05), m and n the mean of l and the effective number of changes (discounted by age), v the variance
of l within regions and t that between them, a region's effect is (m - mean of all)·n/(n + v/t). Divided by its exponential, changes of all regions
are about alike, so that one regression and one spread serve them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.scale import FloatArray

_TYPICAL_CHANGE: Final = 0.2  # change in a year on the scales with bounds or a floor
_FLOOR: Final = 0.05  # part of the median change that no change makes
_MEMORY: Final = 12.0  # years in which a change loses 1/e of its weight
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What values less a middle are multiplied by, and what it would be without a part of a region's history.

    Attributes
    ----------
    middle
        Median of the regions' newest values.
    factor
        Of each region, array (regions,).
    totals
        Sums over the changes that had ended before each column of weight, weight squared and weighted log size less the mean of all, array (3, regions, columns + 1).
    worth
        v/t, infinite where regions do not differ.
    """

    middle: float
    factor: FloatArray
    totals: FloatArray
    worth: float

    def stretched(self, values: FloatArray) -> FloatArray:
        """Values of all regions, array (regions, periods), where their changes are alike."""
        return (values - self.middle) * self.factor[:, None]

    def unseen(self, rows: IntArray, start: IntArray, end: IntArray) -> FloatArray:
        """What errors from ``start`` to ``end`` are multiplied by so that a region is not called restless by the change that is judged; arrays (n,)."""
        if not np.isfinite(self.worth):
            return np.ones(len(rows))
        every = self.totals[:, rows, -1]
        rest = every - (self.totals[:, rows, end + 1] - self.totals[:, rows, start + 1])
        return np.exp(self._effect(every) - self._effect(rest))

    def _effect(self, totals: FloatArray) -> FloatArray:
        weight, squares, sums = totals
        known = weight > _TINY
        count = np.where(known, np.square(weight) / np.maximum(squares, _TINY), 0.0)
        mean = np.where(known, sums / np.maximum(weight, _TINY), 0.0)
        effect: FloatArray = mean * count / (count + self.worth)
        return effect


def stretch_of(values: FloatArray, per_year: int) -> Stretch:
    """Stretch of a panel, array (regions, periods); every region has a value.

    Changes are taken from one value to the region's next; over gaps they count as a random walk's.
    """
    known = np.isfinite(values)
    regions, width = values.shape
    newest = values[np.arange(regions), width - 1 - known[:, ::-1].argmax(axis=1)]
    middle = float(np.median(newest)) if regions else 0.0
    rows, columns = np.nonzero(known)
    same = np.flatnonzero(np.diff(rows) == 0)
    row, end, seen = rows[same], columns[same + 1], values[rows, columns]
    changes = np.abs(seen[same + 1] - seen[same]) / np.sqrt(end - columns[same])
    totals = np.zeros((3, regions, width + 1))
    plain = Stretch(middle=middle, factor=np.ones(regions), totals=totals, worth=np.inf)
    if not (changes > 0).any():
        return plain
    typical = float(np.median(changes[changes > 0]))
    size = np.log(changes / typical + _FLOOR)
    weight = np.exp(-(width - 1 - end) / (_MEMORY * per_year))
    size -= np.average(size, weights=weight)
    for at, power in enumerate((weight, np.square(weight), weight * size)):
        np.add.at(totals[at], (row, end + 1), power)
    np.cumsum(totals, axis=2, out=totals)
    common = _TYPICAL_CHANGE / (typical * float(np.sqrt(per_year)))
    found = Stretch(middle=middle, factor=plain.factor, totals=totals, worth=_worth(totals[:, :, -1], weight, size))
    effect = found._effect(totals[:, :, -1]) if np.isfinite(found.worth) else np.zeros(regions)
    return Stretch(middle=middle, factor=common * np.exp(-effect), totals=totals, worth=found.worth)


def _worth(totals: FloatArray, weight: FloatArray, size: FloatArray) -> float:
    """Variance within regions over that between them, of log sizes (n,) with weights."""
    mass, squares, sums = totals[:, totals[0] > _TINY]
    spare = float((mass - squares / mass).sum())
    left = float((weight * np.square(size)).sum() - (np.square(sums) / mass).sum())
    if spare <= _TINY or len(mass) < 2:
        return np.inf
    within = max(left, 0.0) / spare
    count, mean = np.square(mass) / squares, sums / mass
    grand = float(np.average(mean, weights=count))
    between = float((count * np.square(mean - grand)).sum()) - within * (len(count) - 1)
    between /= float(count.sum() - np.square(count).sum() / count.sum())
    return within / between if between > 0 else np.inf
