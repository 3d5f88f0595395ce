"""A region's own way, as far as a panel of few regions cannot tell better: a second opinion beside what other places teach.

A prior of other indicators knows neither where this one is heading nor how restless it is, and few regions show little of it. So the distribution of a
region is mixed with that of its own drift, as a random walk whose mean change and spread are known from its own history alone (the ``drift`` model of
:mod:`~dxanalysis.forecast.lone.local`, in closed form): with m changes over T years, mean change c a year and d = T/(T+1), the change over h years is Student t
with m - 1 degrees of freedom around h·d·c, its squared scale s²·(h + h²/(T+1)). The mixture is one of distributions (a linear opinion pool; Stone 1961), not of quantiles:
where the two disagree, the range spans both. Its weight begins at w/(1 + R/k) with R regions,
and falls where it made the regions' past less likely than what was expected then: where a series turns as others did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.special import expit, logit, ndtr, stdtrit
from scipy.stats import t as student

from dxanalysis.forecast.pooled.cells import Matrix, spread_features
from dxanalysis.forecast.pooled.errors import Library
from dxanalysis.forecast.pooled.expected import expected
from dxanalysis.forecast.pooled.family import INDEPENDENT_A_YEAR, LIKENESS_YEARS, Family
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.options import SCORES, PooledOptions
from dxanalysis.forecast.pooled.reach import Reach
from dxanalysis.forecast.pooled.regression import Coefficients
from dxanalysis.forecast.scale import FloatArray

LEAST_VALUES: Final = 4
"""Three changes, two degrees of freedom."""
_TAUGHT: Final = 4.0  # degrees of freedom
_LEAST_WEIGHT: Final = 0.03  # below, nothing is gained
_FLOOR: Final = 0.01  # changes a year no smaller than errors count as: a straight line of few points is not certain
_AT: Final = np.linspace(-4.0, 4.0, 81)
"""Normal scores at which both distributions are read; between them they are straight in the score."""


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
    def of(cls, matrix: Matrix, rows: IntArray, until: IntArray | None = None) -> Self:
        """From all values of these regions, or from those up to a period each."""
        columns = np.arange(matrix.values.shape[1]) / matrix.per_year
        ends = np.full(len(rows), len(columns) - 1) if until is None else until
        found = np.zeros((len(rows), 4))
        for at, (row, end) in enumerate(zip(rows, ends, strict=True)):
            known = np.flatnonzero(np.isfinite(matrix.values[row, : end + 1]))
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


def odds(matrix: Matrix, rows: IntArray, columns: IntArray, foreseen: FloatArray, sizes: FloatArray) -> float:
    """How much likelier regions' own ways made what came than what other places taught, as a logarithm.

    Parameters
    ----------
    rows, columns
        Past cases: region and period.
    foreseen, sizes
        What was expected of them one and three years on, and the log size of the error, arrays (cases, 2).

    Notes
    -----
    As the families of the prior are weighed: the mean over cases counts as often as there are independent ones, at most ten a year, and the two horizons half each.
    """
    own = OwnWay.of(matrix, rows, columns)
    total, width = 0.0, matrix.values.shape[1]
    for at, years in enumerate(LIKENESS_YEARS):
        then = columns + years * matrix.per_year
        use = np.flatnonzero((then < width) & (own.degrees >= LEAST_VALUES - 2))
        use = use[np.isfinite(matrix.values[rows[use], then[use]])]
        if not len(use):
            continue
        came = matrix.values[rows[use], then[use]]
        spread = own.spread[use] * np.sqrt(years + years**2 / own.worth[use])
        alone = student.logpdf(
            (came - matrix.values[rows[use], columns[use]] - years * own.mean[use]) / spread, own.degrees[use]
        )
        taught = student.logpdf((came - foreseen[use, at]) / np.exp(sizes[use, at]), _TAUGHT)
        worth = min(len(use), INDEPENDENT_A_YEAR * len(np.unique(columns[use]))) / years
        total += worth * float(np.mean(alone - np.log(spread) - taught + sizes[use, at]))
    return total / len(LIKENESS_YEARS)


def weight_of(matrix: Matrix, options: PooledOptions, *, levels: bool) -> float:
    """Weight of regions' own ways in a panel, of levels or else, before the past is asked; 0 where there are many regions."""
    regions = int((np.isfinite(matrix.values).sum(axis=1) >= LEAST_VALUES).sum())
    weight = options.own_way / (1 + regions / (options.own_way_levels if levels else options.own_way_regions))
    return weight if weight >= _LEAST_WEIGHT else 0.0


def learnt_weight(
    matrix: Matrix,
    histories: Mapping[float, Matrix],
    rows: IntArray,
    columns: IntArray,
    coefficients: Sequence[Coefficients],
    *,
    reach: Reach,
    prior: Family,
    lift: float,
    libraries: Mapping[int, Library],
    options: PooledOptions,
) -> float:
    """Weight of regions' own ways, lowered where they did worse at past cases than what the fits expected with what was known then.

    It is never raised: in a panel of many cases what restless regions gain would soon speak for all.
    """
    weight = weight_of(matrix, options, levels=prior.form == "positive" and matrix.stretch is None)
    ahead = [years * matrix.per_year for years in LIKENESS_YEARS]
    if weight == 0 or not len(rows) or not (prior.n_cases or set(ahead) <= set(libraries)):
        return weight  # nothing says how far off others' teaching was
    foreseen = expected(histories, coefficients, rows, columns, ahead[-1], reach=reach, which="then")
    spread = spread_features(*matrix.lags(rows, columns), matrix.per_year)
    sizes = np.stack(
        [
            np.log(libraries[step].size(spread, rows)) if step in libraries else prior.log_size(spread, years) + lift
            for years, step in zip(LIKENESS_YEARS, ahead, strict=True)
        ],
        axis=1,
    )
    moved = options.own_way_trust * odds(matrix, rows, columns, foreseen[:, [step - 1 for step in ahead]], sizes)
    return float(expit(logit(weight) + min(moved, 0.0)))


def with_own_way(
    location: FloatArray, errors: FloatArray, matrix: Matrix, rows: IntArray, *, weight: float, growth: float
) -> tuple[FloatArray, FloatArray]:
    """Distributions of regions of a panel with their own ways mixed in, of those that have values enough; parameters as of :func:`mixed`."""
    if weight == 0:
        return location, errors
    own = OwnWay.of(matrix, rows)
    told = own.told
    last = matrix.values[rows[told], matrix.last[rows[told]]]
    location[told], errors[told] = mixed(
        location[told], errors[told], own.only(told), last, weight=weight, growth=growth, per_year=matrix.per_year
    )
    return location, errors


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
    levels = ndtr(SCORES)
    quantiles = np.empty(errors.shape)
    for place in np.ndindex(location.shape):
        values = np.sort(np.concatenate([taught[place], alone[place]]))
        reached = [ndtr(np.interp(values, part[place], _AT)) for part in (taught, alone)]
        quantiles[place] = np.interp(levels, (1 - weight) * reached[0] + weight * reached[1], values)
    median = quantiles[..., len(SCORES) // 2]
    return median, quantiles - median[..., None]
