"""A region's own way, as far as a panel of few regions cannot tell better: a second opinion beside what other places teach.

A prior of other indicators knows neither where this one is heading nor how restless it is, and few regions show little of it. So the distribution of a
region is mixed with that of its own drift, as a random walk whose mean change and spread are known from its own history alone (the ``drift`` model of
:mod:`~dxanalysis.forecast.lone.local`, in closed form): with m changes over T years, mean change c a year and d = T/(T+1), the change over h years is Student t
with m - 1 degrees of freedom around h·d·c, its squared scale s²·(h + h²/(T+1)). The mixture is one of distributions (a linear opinion pool; Stone 1961), not of quantiles:
where the two disagree, the range spans both. Its weight is w/(1 + R/k) with R regions: half at most, little where there are many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.special import ndtr, stdtrit

from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.options import SCORES, PooledOptions
from dxanalysis.forecast.scale import FloatArray

LEAST_VALUES: Final = 4
"""Three changes, two degrees of freedom."""
_LEAST_WEIGHT: Final = 0.03  # below, nothing is gained
_FLOOR: Final = 0.01  # changes a year no smaller than errors count as: a straight line of few points is not certain
_AT: Final = np.linspace(-4.0, 4.0, 81)
"""Normal scores at which both distributions are read, each standing for the levels around it."""
_MASS: Final = np.diff(ndtr(np.concatenate([[-np.inf], (_AT[1:] + _AT[:-1]) / 2, [np.inf]])))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWay:
    """What regions' own histories say, each array (n,).

    Attributes
    ----------
    mean
        Mean change a year, drawn to none.
    spread
        Scale of a year's change.
    worth
        Years that the mean is known from, and the one that it is drawn by.
    degrees
        Degrees of freedom; below 2 where there are too few values.
    """

    mean: FloatArray
    spread: FloatArray
    worth: FloatArray
    degrees: FloatArray

    @classmethod
    def of(cls, matrix: Matrix, rows: IntArray) -> Self:
        """From all values of these regions."""
        columns = np.arange(matrix.values.shape[1]) / matrix.per_year
        found = np.zeros((len(rows), 4))
        for at, row in enumerate(rows):
            known = np.isfinite(matrix.values[row])
            gaps, steps = np.diff(columns[known]), np.diff(matrix.values[row, known])
            if len(steps) < LEAST_VALUES - 1:
                continue
            years = gaps.sum()
            damping, mean = years / (years + 1), steps.sum() / years
            squares = np.square(steps - gaps * mean) / gaps
            degrees = len(steps) - 1
            spread = np.sqrt((squares.sum() + damping * mean**2) / degrees)
            found[at] = damping * mean, max(spread, _FLOOR), years + 1, degrees
        return cls(mean=found[:, 0], spread=found[:, 1], worth=found[:, 2], degrees=found[:, 3])

    def only(self, at: IntArray) -> Self:
        """Of some of the regions."""
        return type(self)(mean=self.mean[at], spread=self.spread[at], worth=self.worth[at], degrees=self.degrees[at])

    @property
    def told(self) -> IntArray:
        """Which regions have enough values."""
        return np.flatnonzero(self.degrees >= LEAST_VALUES - 2)


def weight_of(matrix: Matrix, options: PooledOptions, *, levels: bool) -> float:
    """Weight of regions' own ways in a panel, of levels or else, 0 where there are many regions."""
    regions = int((np.isfinite(matrix.values).sum(axis=1) >= LEAST_VALUES).sum())
    few = options.own_way_levels if levels else options.own_way_regions
    weight = options.own_way / (1 + regions / few)
    return weight if weight >= _LEAST_WEIGHT else 0.0


def mixed(
    location: FloatArray,
    errors: FloatArray,
    own: OwnWay,
    last: FloatArray,
    *,
    weight: float,
    growth: float,
    per_year: int,
) -> tuple[FloatArray, FloatArray]:
    """Mix distributions with those of regions' own ways.

    Parameters
    ----------
    location, errors
        Arrays (n, horizon) and (n, horizon, 31): values on the scale without the season, and what is added at ``SCORES``.
    own
        Of the same regions, each with enough values.
    last
        Their last values, array (n,).
    weight
        Of their own ways.
    growth
        Exponent with which the panel's errors grow with the horizon, from 0 (noise about a level) to a half (a random walk).
    per_year
        Periods in a year.

    Returns
    -------
    tuple of ndarray
        Median of the mixture, and what is added to it at ``SCORES``; shapes as given.
    """
    ahead = np.arange(1, location.shape[1] + 1) / per_year
    lasting = 2 * growth
    middle = last[:, None] + lasting * ahead * own.mean[:, None]
    size = own.spread[:, None] * np.sqrt(ahead**lasting + lasting * np.square(ahead) / own.worth[:, None])
    shape = stdtrit(own.degrees[:, None], ndtr(_AT))
    alone = middle[..., None] + size[..., None] * shape[:, None, :]
    below = np.clip(np.searchsorted(SCORES, _AT, side="right") - 1, 0, len(SCORES) - 2)
    part = (_AT - SCORES[below]) / (SCORES[below + 1] - SCORES[below])
    taught = location[..., None] + errors[..., below] + part * (errors[..., below + 1] - errors[..., below])
    both = np.concatenate([taught, alone], axis=-1)
    mass = np.concatenate([(1 - weight) * _MASS, weight * _MASS])
    order = np.argsort(both, axis=-1, kind="stable")
    values, each = np.take_along_axis(both, order, axis=-1), mass[order]
    level = np.cumsum(each, axis=-1) - each / 2
    levels = ndtr(SCORES)
    quantiles = np.empty(errors.shape)
    for place in np.ndindex(location.shape):
        quantiles[place] = np.interp(levels, level[place], values[place])
    median = quantiles[..., len(SCORES) // 2]
    return median, quantiles - median[..., None]
