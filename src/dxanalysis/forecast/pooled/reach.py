"""How far a panel has moved: what is expected of a region stays within the changes that some region has seen.

A regression that is applied to its own result can run away: after one year in which all regions moved the same way by more than ever
before, it carries that year on. No region is expected to move farther over a horizon than any has moved over one as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.options import HORIZONS
from dxanalysis.forecast.scale import FloatArray

_ENOUGH: Final = 20  # changes over a horizon from which its farthest says something


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Lowest and highest change of any region by horizon in periods, ascending, arrays (horizons,); empty where too few are known."""

    horizons: FloatArray
    low: FloatArray
    high: FloatArray

    def of(self, steps: int) -> tuple[FloatArray, FloatArray]:
        """Bounds of the change over 1 to ``steps`` periods, arrays (steps,): between horizons linear, beyond the last in proportion."""
        if not len(self.horizons):
            return np.full(steps, -np.inf), np.full(steps, np.inf)
        at = np.arange(1, steps + 1)
        beyond = np.maximum(at / self.horizons[-1], 1.0)
        low, high = (np.interp(at, self.horizons, edge) * beyond for edge in (self.low, self.high))
        return low, high


def reach_of(values: FloatArray, per_year: int) -> Reach:
    """Reach of a panel.

    Parameters
    ----------
    values
        Array (regions, periods) on the scale; NaN where nothing is published.
    per_year
        Periods in a year.
    """
    found: list[tuple[int, float, float]] = []
    for horizon in sorted({1, max(per_year // 2, 1)} | {years * per_year for years in HORIZONS}):
        if horizon >= values.shape[1]:
            break
        changes = values[:, horizon:] - values[:, :-horizon]
        changes = changes[np.isfinite(changes)]
        if len(changes) >= _ENOUGH:
            # a longer way is no shorter
            before = found[-1] if found else (0, 0.0, 0.0)
            found.append((horizon, min(before[1], float(changes.min())), max(before[2], float(changes.max()))))
    horizons, low, high = np.array(found, dtype=float).reshape(-1, 3).T
    return Reach(horizons=horizons, low=low, high=high)
