"""The arithmetic of scores on arrays that fit each other: what :mod:`~dxanalysis.forecast.backtest.scores` checks and documents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from dxanalysis.forecast.scale import FloatArray

IndexArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrierParts:
    """A Brier score taken apart; ``score`` is reliability - resolution + uncertainty + within.

    Attributes
    ----------
    score
        The Brier score.
    reliability
        Distance of the stated probabilities from the shares that came true; 0 is honest.
    resolution
        How far the shares met of the bins lie from the overall share; large is informative.
    uncertainty
        Brier score of always saying the overall share.
    within
        What the differences inside the bins add; 0 when each distinct probability is a bin of its own.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def brier_parts(p: FloatArray, o: FloatArray, label: IndexArray) -> BrierParts:
    """Murphy's parts, for the bin of each question."""
    n = np.bincount(label)
    kept = n > 0
    weight = n[kept] / len(p)
    said, met = np.bincount(label, p)[kept] / n[kept], np.bincount(label, o)[kept] / n[kept]
    overall = float(o.mean())
    score = float(np.mean((p - o) ** 2))
    reliable = float(weight @ (said - met) ** 2)
    resolved = float(weight @ (met - overall) ** 2)
    unsure = overall * (1 - overall)
    return BrierParts(
        score=score,
        reliability=reliable,
        resolution=resolved,
        uncertainty=unsure,
        within=score - reliable + resolved - unsure,
    )


def pinball(q: FloatArray, at: FloatArray, y: FloatArray) -> FloatArray:
    """Loss of each quantile."""
    over = y[..., None] - q
    return np.asarray(np.where(over >= 0, at * over, (at - 1) * over))


def cdf(q: FloatArray, at: FloatArray, x: FloatArray, reached: IndexArray) -> FloatArray:
    """Level of x, given how many quantiles do not exceed it."""
    last = len(at) - 1
    left, right = np.clip(reached - 1, 0, last), np.clip(reached, 0, last)
    low, high = (np.take_along_axis(q, side[..., None], axis=-1)[..., 0] for side in (left, right))
    step = np.where(high > low, high - low, 1.0)
    inside = at[left] + (at[right] - at[left]) * np.where(high > low, (x - low) / step, 0.0)
    return np.asarray(np.where(reached == 0, 0.0, np.where((reached > last) & (x > low), 1.0, inside)))


def bin_of(p: FloatArray, bins: int) -> IndexArray:
    """Bin of each probability, of equal width; 1 belongs to the last."""
    return np.minimum((p * bins).astype(np.intp), bins - 1)


def at_levels(quantiles: FloatArray, levels: FloatArray, wanted: ArrayLike) -> FloatArray:
    """Quantiles at other levels by straight lines, the outermost held: (..., n_levels) -> (..., n_wanted)."""
    target = np.asarray(wanted, dtype=float)
    position = np.interp(target, levels, np.arange(len(levels), dtype=float))
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, len(levels) - 1)
    return np.asarray(quantiles[..., below] + (position - below) * (quantiles[..., above] - quantiles[..., below]))
