"""How far each region of an unbounded indicator moves in a year, beside the others: what its values are stretched by.

Growth rates of a small region jump where those of a large one hardly move, and balances are as large as the budgets behind them. With c a change of
a region over the median change of all, the mean of log(|c| + 0.05) over its changes, less that of all regions and drawn to it
(:mod:`~dxanalysis.forecast.pooled.region_means`), is the region's effect. Divided by its exponential, changes of all regions are about alike, so that one
regression and one spread serve them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.region_means import RegionMeans
from dxanalysis.forecast.scale import FloatArray

_TYPICAL_CHANGE: Final = 0.2  # change in a year on the scales with bounds or a floor
_FLOOR: Final = 0.05  # part of the median change that counts as no change
_MEMORY: Final = 12.0  # years in which a change loses 1/e of its weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What values less a middle are multiplied by, and what it would be without a part of a region's history.

    Attributes
    ----------
    middle
        Median of the regions' newest values.
    factor
        Of each region, array (regions,).
    sizes
        Log sizes of the regions' changes, each at the column where it ends; None where nothing ever changed.
    """

    middle: float
    factor: FloatArray
    sizes: RegionMeans | None

    def stretched(self, values: FloatArray) -> FloatArray:
        """Values of all regions, array (regions, periods), where their changes are alike."""
        return (values - self.middle) * self.factor[:, None]

    def undone(self, rows: IntArray, location: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Locations (n, horizon) and errors (n, horizon, scores) of regions, as they were before."""
        factor = self.factor[rows, None]
        return location / factor + self.middle, errors / factor[..., None]

    def unseen(self, rows: IntArray, start: IntArray, end: IntArray) -> FloatArray:
        """What errors from ``start`` to ``end`` are multiplied by, so that no region is called restless by the change that is judged; arrays (n,)."""
        if self.sizes is None:
            return np.ones(len(rows))
        return np.exp(self.sizes.every()[rows] - self.sizes.without(rows, start + 1, end + 1))


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
    if not (changes > 0).any():
        return Stretch(middle=middle, factor=np.ones(regions), sizes=None)
    typical = float(np.median(changes[changes > 0]))
    size = np.log(changes / typical + _FLOOR)
    weight = np.exp(-(width - 1 - end) / (_MEMORY * per_year))
    sizes = RegionMeans.of(
        size - np.average(size, weights=weight), weight=weight, region=row, column=end, regions=regions, columns=width
    )
    common = _TYPICAL_CHANGE / (typical * float(np.sqrt(per_year)))
    return Stretch(middle=middle, factor=common * np.exp(-sizes.every()), sizes=sizes)
