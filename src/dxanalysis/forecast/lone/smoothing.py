"""Damped-trend smoothing, theta and drift of one series, refitted at every origin of its past in one pass.

The model is additive exponential smoothing with a damped trend (Gardner and McKenzie 1985; state-space form of Hyndman, Koehler,
Ord and Snyder 2008, ETS(A,Ad,N)): with level l, slope b and one-step error e

    y_t = l_{t-1} + φ b_{t-1} + e_t,   l_t = l_{t-1} + φ b_{t-1} + α e_t,   b_t = φ b_{t-1} + β e_t.

For fixed (α, β, φ) the errors are linear in the first level and slope. So the filter runs over a grid of parameters, and the best first
state given the values up to *any* year is a 2x2 least-squares problem: every origin is refitted at no further cost, and there is
no optimiser that could fail. Instead of the best grid point, forecasts are averaged by marginal likelihood (flat prior on the
first level and the log variance, the first slope normal around 0 with the variance of one year's error: the unit-information prior of
:mod:`dxanalysis.forecast.lone.local`): few values leave many parameters possible, and the average then leans to none of them.

``theta`` is simple smoothing with half of the least-squares slope as drift (Hyndman and Billah 2003), averaged over α; ``drift`` the
last value plus the mean change, damped by T/(T+1). A missing year is a step without an error: nothing is interpolated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from dxanalysis.forecast.scale import FloatArray

Candidate = Literal["damped", "theta", "drift"]
CANDIDATES: Final[tuple[Candidate, ...]] = ("damped", "theta", "drift")

_LEVEL = (0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
_TREND_SHARE = (0.0, 0.05, 0.15, 0.3, 0.6, 1.0)  # β as a part of α
_DAMPING = (0.8, 0.9, 0.95, 0.98)  # the range that forecast and statsmodels search
_GRID = np.array([(a, a * r, p) for a in _LEVEL for r in _TREND_SHARE for p in _DAMPING] + [(a, 0, 1) for a in _LEVEL])
_ALPHA, _BETA, _PHI = _GRID.T
_N = len(_GRID) - len(_LEVEL)
"""Damped members come first; the last ones are theta's, without damping."""
_DAMPED, _THETA = slice(0, _N), slice(_N, None)
PRIOR_YEARS: Final = 1
_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refits:
    """Forecasts of every candidate from every origin.

    Attributes
    ----------
    centres
        By candidate, array (origins, horizon).
    variance
        Variance of the damped trend's forecast errors from the last origin, array (horizon,): shocks, and how far the grid
        disagrees.
    memory
        By candidate, what is left of a shock after 1, 2, ... years, array (horizon,).
    """

    centres: dict[Candidate, FloatArray]
    variance: FloatArray
    memory: dict[Candidate, FloatArray]


def refit(values: FloatArray, origins: npt.NDArray[np.intp], *, horizon: int, floor: float) -> Refits:
    """Fit all candidates at each origin and forecast from there.

    Parameters
    ----------
    values
        One value a year, NaN for a year without; the first and those at the origins are present.
    origins
        Positions of the last value that is known, increasing; at least three values up to each.
    horizon
        Years ahead.
    floor
        Variance that rounding of published figures leaves in a year's change, in the square of the values' unit.
    """
    known = np.isfinite(values)
    # work in mean absolute changes from the first value, so that the unit of the series does not matter
    unit = max(float(np.mean(np.abs(np.diff(values[known])))), float(np.sqrt(floor)), np.finfo(float).tiny)
    scaled = (values - values[0]) / unit
    errors, levels, slopes = _filter(scaled)
    count = np.cumsum(known)[origins][:, None]
    moments = np.cumsum(errors[:, (0, 0, 0, 1, 1, 2)] * errors[:, (0, 1, 2, 1, 2, 2)], axis=0)[origins]
    yy, yl, yb, ll, lb, bb = np.moveaxis(moments, 1, 0)
    bb[:, _DAMPED] += PRIOR_YEARS
    determinant = ll * bb - lb**2
    determinant[:, _THETA] = 1.0
    level = (yb * lb - yl * bb) / determinant
    slope = (yl * lb - yb * ll) / determinant
    slope[:, _THETA] = _least_squares_slope(scaled, origins)[:, None] / 2
    level[:, _THETA] = -(yl + slope * lb)[:, _THETA] / ll[:, _THETA]
    squares = yy + 2 * (level * yl + slope * yb + level * slope * lb) + level**2 * ll + slope**2 * bb
    squares = np.maximum(squares, 0) + (floor / unit**2 + _TINY) * (count - 1)
    information = determinant
    information[:, _THETA] = ll[:, _THETA]
    evidence = -0.5 * ((count - 1) * np.log(squares) + np.log(information))
    last_level = levels[origins, 0] + level * levels[origins, 1] + slope * levels[origins, 2]
    last_slope = slopes[origins, 0] + level * slopes[origins, 1] + slope * slopes[origins, 2]
    reach = np.cumsum(_PHI[:, None] ** np.arange(1, horizon + 1), axis=1)
    ahead = np.arange(1, horizon + 1)
    weights = {part: _share(evidence[:, where]) for part, where in (("damped", _DAMPED), ("theta", _THETA))}
    damped, theta = (
        (weights[part] * last_level[:, where]).sum(axis=1)[:, None]
        + (weights[part] * last_slope[:, where]) @ reach[where]
        for part, where in (("damped", _DAMPED), ("theta", _THETA))
    )
    drift = scaled[origins, None] + (scaled[origins] / (origins + PRIOR_YEARS))[:, None] * ahead
    final = weights["damped"][-1]
    kept = _ALPHA[_DAMPED, None] + _BETA[_DAMPED, None] * reach[_DAMPED]
    shocks = 1 + np.concatenate([np.zeros((_N, 1)), np.cumsum(kept[:, :-1] ** 2, axis=1)], axis=1)
    members = last_level[-1, _DAMPED, None] + last_slope[-1, _DAMPED, None] * reach[_DAMPED]
    spread = (final * squares[-1, _DAMPED] / (count[-1] - 1)) @ shocks + final @ (members - damped[-1]) ** 2
    centres: dict[Candidate, FloatArray] = {"damped": damped, "theta": theta, "drift": drift}
    return Refits(
        centres={name: values[0] + unit * centre for name, centre in centres.items()},
        variance=unit**2 * spread,
        memory={
            "damped": final @ kept,
            "theta": np.full(horizon, float(weights["theta"][-1] @ _ALPHA[_THETA])),
            "drift": np.ones(horizon),
        },
    )


def _filter(scaled: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Errors, levels and slopes, each (years, 3, members): with no first state, and what a unit of first level or slope adds."""
    shape = (len(scaled), 3, len(_GRID))
    errors, levels, slopes = np.zeros(shape), np.empty(shape), np.empty(shape)
    level, slope = np.zeros(shape[1:]), np.zeros(shape[1:])
    level[1], slope[2] = 1, 1
    for year, value in enumerate(scaled):
        slope = _PHI * slope
        level = level + slope
        if np.isfinite(value):
            error = -level
            error[0] += value
            errors[year] = error
            level, slope = level + _ALPHA * error, slope + _BETA * error
        levels[year], slopes[year] = level, slope
    return errors, levels, slopes


def _least_squares_slope(scaled: FloatArray, origins: npt.NDArray[np.intp]) -> FloatArray:
    known = np.isfinite(scaled)
    years = np.arange(len(scaled), dtype=float)
    filled = np.where(known, scaled, 0)
    n, t, y, tt, ty = (
        np.cumsum(np.where(known, part, 0))[origins] for part in (1, years, filled, years**2, years * filled)
    )
    return np.asarray((n * ty - t * y) / (n * tt - t**2))


def _share(evidence: FloatArray) -> FloatArray:
    weight = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
