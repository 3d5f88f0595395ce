"""What became of the most similar past cases: their changes, not the model's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from dxanalysis.forecast.pooled.cells import FEATURES, Matrix, features
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.model import PooledFit
from dxanalysis.forecast.scale import FloatArray, Scale

if TYPE_CHECKING:
    from scipy.spatial import KDTree

NEAREST: Final = 150
FEW: Final = 2000
"""Cases up to which each is looked at; of more, a tree finds those that may be among the nearest."""
_LEVEL, _PACE = FEATURES.index("level"), FEATURES.index("pace_3")
_SLACK: Final = 1e-9  # the tree's distances and those worked out anew differ by the last digits


@dataclass(frozen=True, kw_only=True, eq=False)
class SimilarCases:
    """Called with a region and a number of periods: changes of the up to 150 past cases nearest in level and pace, array (n,).

    Each case's change on the scale is set on this region's own level, so that all are comparable in the indicator's unit. Other regions' cases
    only; empty where none has an outcome so many periods later.

    Attributes
    ----------
    fit
        The fitted panel.
    rows
        Row of each region in it.
    scale
        Back to the indicator's unit.
    """

    fit: PooledFit
    rows: Mapping[str, int]
    scale: Scale

    def __call__(self, region: str, steps: int) -> FloatArray:
        """Changes over so many periods."""
        matrix, row = self.fit.matrix, self.rows[region]
        if steps not in self._past:
            self._past[steps] = _Past.of(self.fit, steps)
        past = self._past[steps]
        nearest = past.nearest(row)
        if not len(nearest):
            return np.empty(0)
        own_row = np.array([row], dtype=np.int64)
        last = matrix.last[own_row]
        level = matrix.values[own_row, last]
        now, then = level + matrix.season(own_row, last), level + matrix.season(own_row, last + steps)
        if matrix.stretch is not None:
            # unbounded: the scale is the indicator's own, and a change the same from every level
            moved: FloatArray = (then - now + past.change[nearest]) / matrix.stretch.factor[row]
            return moved
        return self.scale.inverse(then + past.change[nearest]) - self.scale.inverse(now)

    @cached_property
    def _past(self) -> dict[int, _Past]:
        """Cases by the periods after which their outcome is looked at: the same for all regions, and dear to make for each."""
        return {}

    def __getstate__(self) -> dict[str, object]:
        return {one.name: getattr(self, one.name) for one in fields(self)}  # what can be made again is not stored


@dataclass(frozen=True, kw_only=True, eq=False)
class _Past:
    """All cases with an outcome so many periods later, in the order of their regions: level, pace and change on the scale, arrays (n,)."""

    fit: PooledFit
    row: IntArray
    level: FloatArray
    pace: FloatArray
    change: FloatArray

    @classmethod
    def of(cls, fit: PooledFit, steps: int) -> _Past:
        values = fit.matrix.values
        later = values[:, steps:] - values[:, :-steps] if steps < values.shape[1] else np.empty((len(values), 0))
        rows, columns = np.nonzero(np.isfinite(later))
        aged = columns > fit.matrix.first[rows]
        rows, columns = rows[aged].astype(np.int64), columns[aged].astype(np.int64)
        level, pace = _level_and_pace(fit.matrix, rows, columns)
        return cls(fit=fit, row=rows, level=level, pace=pace, change=later[rows, columns])

    def nearest(self, row: int) -> IntArray:
        """The cases nearest to a region at its last value, the nearest first; none of its own."""
        options, own = self.fit.options, np.array([row], dtype=np.int64)
        level, pace = _level_and_pace(self.fit.matrix, own, self.fit.matrix.last[own])
        begin, end = (int(at) for at in np.searchsorted(self.row, [row, row + 1]))
        unit = _unit(np.concatenate([self.pace[:begin], self.pace[end:]])) if len(self.row) > end - begin else 1.0
        near = np.arange(len(self.row))
        if len(near) > FEW:
            near = self._around(level[0], pace[0], unit, NEAREST + end - begin)
        near = near[self.row[near] != row]
        far = np.square((self.level[near] - level[0]) / options.level_width)
        far += np.square((np.arcsinh(self.pace[near] / unit) - np.arcsinh(pace[0] / unit)) / options.pace_width)
        found: IntArray = near[np.argsort(far, kind="stable")[:NEAREST]]
        return found

    def _around(self, level: float, pace: float, unit: float, count: int) -> IntArray:
        """Cases, in their order, among which are the ``count`` nearest to a level and a pace.

        Pace counts in half standard deviations of other regions' cases, which differ a little from region to region; the tree has one unit
        for all. An inverse hyperbolic sine moves by at most the logarithm of its unit, a difference of two by twice that.
        """
        options = self.fit.options
        at = [level / options.level_width, np.arcsinh(pace / self._unit) / options.pace_width]
        far = float(np.max(self._tree.query(at, k=min(count, len(self.row)))[0]))
        moved = 4 * abs(np.log(unit / self._unit)) / options.pace_width
        ball = self._tree.query_ball_point(at, far + moved + _SLACK * (1 + far), return_sorted=True)
        return np.asarray(ball, dtype=np.int64)

    @cached_property
    def _unit(self) -> float:
        return _unit(self.pace)

    @cached_property
    def _tree(self) -> KDTree:
        from scipy.spatial import KDTree  # noqa: PLC0415  # a third of a second that most forecasts do without

        options = self.fit.options
        places = [self.level / options.level_width, np.arcsinh(self.pace / self._unit) / options.pace_width]
        return KDTree(np.stack(places, axis=1), balanced_tree=False)  # many cases at one place are no trouble then


def _level_and_pace(matrix: Matrix, rows: IntArray, columns: IntArray) -> tuple[FloatArray, FloatArray]:
    x = features(*matrix.lags(rows, columns), matrix.per_year)
    return np.ascontiguousarray(x[:, _LEVEL]), np.ascontiguousarray(x[:, _PACE])


def _unit(pace: FloatArray) -> float:
    """Pace that counts as one before the inverse hyperbolic sine."""
    return 0.5 * float(pace.std()) + 1e-9
