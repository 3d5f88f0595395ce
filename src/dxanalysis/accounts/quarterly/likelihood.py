"""Rho: given, or found within bounds by the greatest likelihood or the least residual sum of squares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar

from dxanalysis.accounts.quarterly.options import Method, RhoRule
from dxanalysis.accounts.quarterly.regression import Gls

_GRID: Final = 41  # the criterion can have several valleys: look everywhere first, then refine the lowest
_TOLERANCE: Final = 1e-12
_AT_BOUND: Final = 1e-6  # the search comes no nearer to a bound than rounding of the criterion lets it


def best_rho(fit: Callable[[float], Gls], rule: RhoRule, method: Method, bounds: tuple[float, float]) -> float:
    """The rho that the rule prefers within bounds; exactly a bound where nothing inside is better.

    Parameters
    ----------
    fit
        Fit at a given rho.
    rule
        ``max_likelihood``, or ``min_rss``: the least weighted residual sum of squares. For Chow-Lin the weights are then those of the
        correlation matrix of u (Barcellan 2002, program Ecotrim), not of the covariance matrix, whose least value lies at a bound
        more often; for Litterman those of the covariance matrix with innovations of variance 1.
    method
        ``chow-lin`` or ``litterman``.
    bounds
        Lowest and highest rho.
    """

    def criterion(rho: float) -> float:
        at = fit(rho)
        if rule == "max_likelihood":
            return -at.log_likelihood
        return at.rss / (1.0 - rho * rho) if method == "chow-lin" else at.rss

    grid = np.linspace(*bounds, _GRID)
    heights = [criterion(float(rho)) for rho in grid]
    lowest = int(np.argmin(heights))
    inside = minimize_scalar(
        criterion,
        bounds=(grid[max(lowest - 1, 0)], grid[min(lowest + 1, _GRID - 1)]),
        method="bounded",
        options={"xatol": _TOLERANCE},
    )
    best = float(inside.x) if inside.fun < heights[lowest] else float(grid[lowest])
    for bound in bounds:
        if abs(best - bound) < _AT_BOUND:
            return bound
    return best
