"""Means of regions over their history, drawn to 0 by how few values they rest on and how little regions differ.

With m the mean of a region's values discounted by age, n their effective number (values that overlap count as one), v the variance within regions and t that
between them, the drawn mean is m·n/(n + v/t): a random effect by empirical Bayes. A history can also be taken up to a period, or without a part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.scale import FloatArray

_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMeans:
    """Means of regions.

    Attributes
    ----------
    totals
        Sums over the values before each column of weight, weight squared and weighted value, array (3, regions, columns + 1).
    overlap
        Values in a row that count as one.
    worth
        v/t; infinite where regions do not differ, and every mean is then 0.
    """

    totals: FloatArray
    overlap: float
    worth: float

    @classmethod
    def of(
        cls,
        values: FloatArray,
        *,
        weight: FloatArray,
        region: IntArray,
        column: IntArray,
        regions: int,
        columns: int,
        overlap: float = 1.0,
    ) -> RegionMeans:
        """Means of values with weights, a region and a column each, arrays (n,)."""
        totals = np.zeros((3, regions, columns + 1))
        for at, power in enumerate((weight, np.square(weight), weight * values)):
            np.add.at(totals[at], (region, column + 1), power)
        np.cumsum(totals, axis=2, out=totals)
        square = float((weight * np.square(values)).sum())
        return cls(totals=totals, overlap=overlap, worth=_worth(totals[:, :, -1], square, overlap))

    def every(self) -> FloatArray:
        """Of all values, array (regions,)."""
        return self._drawn(self.totals[:, :, -1])

    def before(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Of regions' values before these columns (none before one below 0), array (n,)."""
        return self._drawn(self.totals[:, rows, np.maximum(columns, 0)])

    def without(self, rows: IntArray, first: IntArray, end: IntArray) -> FloatArray:
        """Of regions' values but those from ``first`` to before ``end``, array (n,)."""
        left = self.totals[:, rows, -1] - (self.totals[:, rows, end] - self.totals[:, rows, first])
        return self._drawn(left)

    def _drawn(self, totals: FloatArray) -> FloatArray:
        weight, squares, sums = totals
        known = weight > _TINY
        count = np.where(known, np.square(weight) / np.maximum(squares, _TINY), 0.0) / self.overlap
        mean = np.where(known, sums / np.maximum(weight, _TINY), 0.0)
        drawn: FloatArray = mean * count / (count + self.worth)
        return drawn


def _worth(totals: FloatArray, square: float, overlap: float) -> float:
    """Variance within regions over that between them; ``square`` is the weighted sum of squares of all values."""
    mass, squares, sums = totals[:, totals[0] > _TINY]
    spare = float((mass - squares / mass).sum())
    if spare <= _TINY or len(mass) < 2:
        return np.inf
    within = max(square - float((np.square(sums) / mass).sum()), 0.0) / spare
    count = np.square(mass) / squares / overlap
    between = (float((count * np.square(sums / mass)).sum()) - within * len(mass)) / float(count.sum())
    return max(within, _TINY) / between if between > 0 else np.inf
