"""How far past forecasts were off: by horizon, given level and pace, with the shocks common to all regions apart.

An error from start s over h periods is r = (z_{s+h} - z_s) - expected. Its typical size sigma(x) is a regression of log(|r| + 0.01) on the
spread features, whose slopes are drawn to those of the next shorter horizon: few independent years say little of how a size depends on the level. Standardized errors u = r/sigma split into a part common to the year (:mod:`~dxanalysis.forecast.pooled.shocks`)
and the rest, which is divided by how noisy the region is. The variance of the common part mixes what the years showed with what was assumed before; few independent years (years
of starts over the horizon) leave the assumption in force. The rest, weighted by nearness in level and pace and by age, are the
analogues of a case: their weighted quantiles are its distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from scipy.special import ndtr

from dxanalysis.forecast.pooled.grouped import IntArray, Together
from dxanalysis.forecast.pooled.intraclass import intraclass
from dxanalysis.forecast.pooled.leaning import learnt_lean
from dxanalysis.forecast.pooled.noisiness import region_effects
from dxanalysis.forecast.pooled.options import SCORES, PooledOptions
from dxanalysis.forecast.pooled.shocks import MOST_ERROR, mixed, year_shocks
from dxanalysis.forecast.scale import FloatArray

MIN_ERRORS: Final = 20
"""Fewer past errors of a horizon do not give its distribution."""
_FLOOR: Final = 0.01
_FLAT: Final = 1e-6  # weight that even the farthest case keeps, so that no distribution rests on one case alone
_FINE, _EDGE = 5.0, 6.0  # points of the grid in a width, and widths it reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Standardized past errors of one horizon, in ascending order, with where each was.

    Attributes
    ----------
    u
        The errors' own parts, array (n,), ascending; ``level``, ``pace`` (as inverse hyperbolic sine), ``weight`` (by age) go with them.
    pace_unit
        Pace that counts as one unit before the inverse hyperbolic sine.
    gamma
        Coefficients of the log size, array (5,), on spread features less ``middle``.
    low, high
        Lowest and highest spread features that errors are known of, arrays (5,).
    sizes
        Lowest and highest log size of an error: no case is expected to be farther off than any was, whatever one odd figure does to the slopes.
    widen
        Factor that adds the common shocks back.
    share
        Variance that is common to all regions over a region's own, as it widens the range of each.
    common
        Part of the variance that is common to all regions, as it joins several of them (:mod:`~dxanalysis.forecast.pooled.sharing`).
    alike
        Intraclass correlation of the rest within groups of regions.
    years
        Independent years behind it.
    mean_size
        Weighted mean of log size over the errors, at which the growth of errors with the horizon is read.
    effects
        What is added to the log size of each region, array (regions,).
    leans
        What is added to each region's standardized errors before the common shocks widen them, array (regions,).
    """

    u: FloatArray
    level: FloatArray
    pace: FloatArray
    weight: FloatArray
    pace_unit: float
    gamma: FloatArray
    middle: FloatArray
    low: FloatArray
    high: FloatArray
    sizes: tuple[float, float]
    widen: float
    share: float
    common: float
    alike: float
    years: float
    mean_size: float
    effects: FloatArray
    leans: FloatArray

    def size(self, spread: FloatArray, region: IntArray) -> FloatArray:
        """Typical size of the error of cases with these spread features (n, 5) in these regions, common shocks included; array (n,).

        A case beyond all that errors are known of, such as one after a year without precedent, has the size of the nearest.
        """
        within = np.minimum(np.maximum(spread, self.low), self.high)
        # row by row: a matrix product of one case differs in the last bit from the same case among others
        typical = _between(np.einsum("ij,j->i", within - self.middle, self.gamma), self.sizes)
        sizes: FloatArray = self.widen * np.exp(typical + self.effects[region])
        return sizes

    def marginal(self) -> FloatArray:
        """Weighted quantiles of all standardized errors at ``SCORES``, array (31,)."""
        mass = np.cumsum(self.weight)
        return np.asarray(np.interp(ndtr(SCORES), (mass - 0.5 * self.weight) / mass[-1], self.u))

    def shapes(
        self, level: FloatArray, pace: FloatArray, region: IntArray, options: PooledOptions
    ) -> tuple[FloatArray, FloatArray]:
        """Weighted quantiles of the analogues' standardized errors at ``SCORES``, each region's lean added, array (n, 31), and how many analogues each rests on.

        The number is the effective one, (sum of weights)²/sum of squares, array (n,).
        """
        bent = np.arcsinh(pace / self.pace_unit)
        # cases that round to the same point of a fine grid share their analogues
        near = np.stack([level / options.level_width, bent / options.pace_width], axis=1)
        grid = np.round(np.clip(near, -_EDGE, _EDGE) * _FINE) / _FINE
        points, where = np.unique(grid, axis=0, return_inverse=True)
        shapes, counts = np.empty((len(points), len(SCORES))), np.empty(len(points))
        at = ndtr(SCORES)
        in_level, level_at = _nearness(points[:, 0], self.level / options.level_width)
        in_pace, pace_at = _nearness(points[:, 1], self.pace / options.pace_width)
        in_pace *= self.weight
        flat = _FLAT * self.weight
        for row, (level_row, pace_row) in enumerate(zip(level_at, pace_at, strict=True)):
            weight = in_level[level_row] * in_pace[pace_row]
            weight += flat
            mass = np.cumsum(weight)
            counts[row] = np.square(mass[-1]) / np.square(weight).sum()
            weight *= 0.5
            shapes[row] = np.interp(at * mass[-1], mass - weight, self.u)
        return shapes[where.ravel()] + (self.leans[region] / self.widen)[:, None], counts[where.ravel()]


def _nearness(points: FloatArray, cases: FloatArray) -> tuple[FloatArray, IntArray]:
    """exp(-½d²) of each distinct coordinate of a grid's points to each case, and the row of each point: the grid has few of them."""
    distinct, at = np.unique(points, return_inverse=True)
    return np.exp(-0.5 * np.square(distinct[:, None] - cases)), at.ravel().astype(np.int64)


def _between(values: FloatArray, ends: tuple[float, float]) -> FloatArray:
    """Values cut at two ends."""
    low, high = ends
    return np.minimum(np.maximum(values, low), high)


def log_error(error: FloatArray) -> FloatArray:
    """Log size of errors, array as given; an error of nothing counts as a small one."""
    sizes: FloatArray = np.log(np.abs(error) + _FLOOR)
    return sizes


def library(
    error: FloatArray,
    *,
    spread: FloatArray,
    level: FloatArray,
    pace: FloatArray,
    start: IntArray,
    region: IntArray,
    regions: int,
    horizon: int,
    columns: int,
    per_year: int,
    share: float,
    joint: float,
    options: PooledOptions,
    together: Together | None = None,
    alike: float = 0.0,
    slopes: FloatArray | None = None,
) -> Library:
    """Build the library of one horizon; see the module.

    ``share`` is the common part's variance over a region's own, as assumed for the range of each region, ``joint`` as assumed for several together; ``together`` tells which errors are of one group and start, ``alike`` how
    alike these are assumed to be; ``slopes`` are the coefficients of the next shorter horizon, array (5,), None at the shortest.
    """
    memory = options.library_memory * per_year
    age = (columns - 1 - horizon - start).astype(float)
    weight = np.exp(-age / memory)
    middle = np.average(spread, axis=0, weights=weight)
    middle[0] = 0.0
    apart = spread - middle
    scale = apart.std(axis=0) ** 2
    scale[0] = 0.0
    size = log_error(error)
    cases = float(weight.sum()) + 20.0
    counts = np.bincount(start, minlength=columns)
    seen = np.where(counts > 0, np.exp(-np.clip(columns - 1 - horizon - np.arange(columns), 0, None) / memory), 0.0)
    years = float(seen.sum() ** 2 / np.square(seen).sum()) / horizon
    held = options.spread_ridge * cases * scale + 1e-9
    towards = np.zeros(len(held))
    if slopes is not None:
        held += options.slope_years / years * cases * scale
        towards[1:] = held[1:] * slopes[1:]
    gram = (apart * weight[:, None]).T @ apart + np.diag(held)
    gamma = np.linalg.solve(gram, (apart * weight[:, None]).T @ size + towards)
    sizes = float(size.min()), float(size.max())
    typical = _between(apart @ gamma, sizes)
    u = error / np.exp(typical)
    effects, leans = np.zeros(regions), np.zeros(regions)
    part = partial(
        year_shocks, start=start, weight=weight, seen=seen, years=years, assumed=share, trust=options.common_years
    )
    if options.region_sizes:
        own = u - part(u).by_start[start]
        effects, others = region_effects(own, weight=weight, region=region, regions=regions, horizon=horizon)
        u = u / np.exp(others)
        own = np.clip(u - part(u).by_start[start], -MOST_ERROR, MOST_ERROR)
        lean = learnt_lean(
            own, weight=weight, region=region, start=start, regions=regions, columns=columns, horizon=horizon
        )
        leans, u = lean.now, u - lean.then
    shocks = part(u)
    own = u - shocks.by_start[start]
    # The common part is known from few years: a Student t, whose variance is larger than the square. Errors that overlap say more of it than
    # as many years apart would: here each year counts, at whatever horizon.
    freedom = options.common_years + years * max(horizon / per_year, 1.0)
    unsure = freedom / max(freedom - 2, 1.0)
    widen = float(np.sqrt((shocks.own + shocks.common * unsure) / shocks.left))
    shared = unsure * mixed(shocks.shown, shocks.own, years=years, assumed=joint, trust=options.common_years)
    if together is not None:
        within = np.clip(own, -MOST_ERROR, MOST_ERROR)
        alike = intraclass(within, weight=weight, together=together, years=horizon / per_year, assumed=alike)
    order = np.argsort(own, kind="stable")
    if len(order) > options.most_errors:
        # every so many of the sorted errors: the distribution stays, the work does not grow with the panel
        order = order[np.linspace(0, len(order) - 1, options.most_errors).astype(np.int64)]
    unit = 0.5 * float(pace.std()) + 1e-9
    return Library(
        u=own[order],
        level=level[order],
        pace=np.arcsinh(pace[order] / unit),
        weight=weight[order],
        pace_unit=unit,
        gamma=np.asarray(gamma, dtype=float),
        middle=middle,
        low=spread.min(axis=0),
        high=spread.max(axis=0),
        sizes=sizes,
        widen=widen,
        share=shocks.common / shocks.own,
        common=shared / (shocks.own + shared),
        alike=alike,
        years=years,
        mean_size=float(np.average(typical, weights=weight)) + float(np.log(np.sqrt(shocks.left) * widen)),
        effects=effects,
        leans=leans,
    )
