"""Simple forecasts that a model must beat: the base rate, the traffic light, and the standard methods for one yearly series.

Histories come as one array (n, most), the newest value last, NaN before the first. Each method returns quantiles, array (n, n_horizons,
n_levels), on the plain scale and without any bound, as an analyst would apply it. No history is changed or filled in.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.scale import FloatArray

ON_TRACK: Final = 0.95
"""Part of the required pace from which a traffic light is green (Eurostat's threshold, on the plain scale)."""
SURE: Final = 0.995
MIN_DECIDED: Final = 30
"""Questions that must be decided, and more, before a base rate is one."""
LINE_POINTS: Final = 5
ETS_LEAST: Final = 10
"""Fewest values for damped smoothing: more than its five parameters and four (the rule of Hyndman's ``ets``)."""
_ALPHAS: Final = np.linspace(0.02, 1.0, 50)

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Rival = Callable[[FloatArray, Sequence[int], FloatArray], FloatArray]


def base_rate(origin: IntArray, horizon: IntArray, met: BoolArray) -> FloatArray:
    """Share met among the questions of the same horizon that were decided by each question's origin.

    Parameters
    ----------
    origin, horizon
        Year asked in, and years ahead, arrays (n,).
    met
        Whether each came true, array (n,).

    Returns
    -------
    ndarray
        (n,), 0 to 1; NaN where no more than ``MIN_DECIDED`` questions were decided.
    """
    rate = np.full(len(origin), np.nan)
    for ahead in np.unique(horizon):
        same = np.flatnonzero(horizon == ahead)
        decided = np.sort(origin[same] + ahead)
        won = np.concatenate([[0], np.cumsum(met[same][np.argsort(origin[same] + ahead, kind="stable")])])
        known = np.searchsorted(decided, origin[same], side="right")
        rate[same] = np.where(known > MIN_DECIDED, won[known] / np.maximum(known, 1), np.nan)
    return rate


def traffic_light(pace: FloatArray, required: FloatArray) -> FloatArray:
    """Pace of the last years against the pace required: at least 95 % of it is read as "will be met", else as "will not".

    Parameters
    ----------
    pace, required
        Change a year, arrays (n,); required above 0.

    Returns
    -------
    ndarray
        (n,), 0.995 or 0.005.
    """
    return np.where((pace > 0) & (pace >= ON_TRACK * required), SURE, 1 - SURE)


def naive(history: FloatArray, horizons: Sequence[int], levels: FloatArray) -> FloatArray:
    """No change: normal around the last value, with the spread of yearly changes times the root of the years ahead."""
    ahead = np.asarray(horizons, dtype=float)
    spread = np.maximum(_spread(np.diff(history), ddof=1), 1e-3)
    return _normal(history[:, -1:] + 0 * ahead, spread[:, None] * np.sqrt(ahead), levels)


def drift(history: FloatArray, horizons: Sequence[int], levels: FloatArray) -> FloatArray:
    """Random walk with drift: the mean yearly change goes on (Hyndman and Athanasopoulos 2021, Forecasting, section 5.2).

    With T changes of spread s, the variance h years ahead is s² h (1 + h/T).
    """
    ahead = np.asarray(horizons, dtype=float)
    steps = np.diff(history)
    n = np.isfinite(steps).sum(axis=1)[:, None]
    mean = np.nansum(steps, axis=1)[:, None] / n
    spread = np.maximum(_spread(steps, ddof=0), 1e-6)[:, None]
    return _normal(history[:, -1:] + ahead * mean, spread * np.sqrt(ahead * (1 + ahead / n)), levels)


def line(history: FloatArray, horizons: Sequence[int], levels: FloatArray) -> FloatArray:
    """Least squares through the last five values (or as many as there are, at least three), with the range of a regression."""
    ahead = np.asarray(horizons, dtype=float)
    recent = history[:, -LINE_POINTS:]
    known = np.isfinite(recent)
    k = known.sum(axis=1)[:, None]
    if (k < 3).any():
        raise ParameterError("a history has fewer than 3 values", fix="Ask for a longer history")
    y = np.where(known, recent, 0.0)
    x = np.where(known, np.arange(1 - recent.shape[1], 1) + (k - 1) / 2, 0.0)
    squares = (x**2).sum(axis=1)[:, None]
    slope, mean = (y * x).sum(axis=1)[:, None] / squares, y.sum(axis=1)[:, None] / k
    residuals = np.where(known, recent - mean - slope * x, 0.0)
    spread = np.maximum(np.sqrt((residuals**2).sum(axis=1)[:, None] / (k - 2)), 1e-3)
    at = (k - 1) / 2 + ahead
    return _normal(mean + slope * at, spread * np.sqrt(1 + 1 / k + at**2 / squares), levels)


def theta(history: FloatArray, horizons: Sequence[int], levels: FloatArray) -> FloatArray:
    """Theta method: exponential smoothing plus half the slope of the line through all values.

    In the closed form of Hyndman and Billah (2003, International Journal of Forecasting 19:287-290), with the smoothing weight that
    gives the smallest squared error one year ahead, and normal ranges of variance s² (1 + (h - 1) weight²).
    """
    ahead = np.asarray(horizons, dtype=float)
    known = np.isfinite(history)
    n = known.sum(axis=1)
    level, errors = _smooth(history, known)
    best = np.argmin(errors, axis=1)
    rows = np.arange(len(history))
    alpha, last = _ALPHAS[best], level[rows, best]
    spread = np.maximum(np.sqrt(errors[rows, best] / np.maximum(n - 1, 1)), 1e-6)
    x = np.where(known, np.cumsum(known, axis=1) - (n[:, None] + 1) / 2, 0.0)
    slope = (np.where(known, history, 0.0) * x).sum(axis=1) / (x**2).sum(axis=1)
    grown = (ahead - 1) + (1 / alpha - (1 - alpha) ** n / alpha)[:, None]
    return _normal(
        last[:, None] + slope[:, None] / 2 * grown,
        spread[:, None] * np.sqrt(1 + (ahead - 1) * alpha[:, None] ** 2),
        levels,
    )


def ets(history: FloatArray, horizons: Sequence[int], levels: FloatArray) -> FloatArray:
    """Exponential smoothing with a damped trend and additive errors (statsmodels); drift below ten values or without a fit. Slow."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415  # seconds to load, seldom asked for

    made = drift(history, horizons, levels)
    last = max(horizons)
    at = [step - 1 for step in horizons]
    for row, values in enumerate(history):
        y = pd.Series(values[np.isfinite(values)])
        if len(y) < ETS_LEAST:
            continue
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                fitted = ETSModel(y, error="add", trend="add", damped_trend=True).fit(disp=False)
                ahead = fitted.get_prediction(start=len(y), end=len(y) + last - 1)
                mean, spread = np.asarray(ahead.predicted_mean)[at], np.sqrt(np.asarray(ahead.forecast_variance)[at])
            except (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError):
                continue  # too flat for five parameters
        if np.isfinite(mean).all() and np.isfinite(spread).all():
            made[row] = _normal(mean[None], np.maximum(spread, 1e-6)[None], levels)[0]
    return made


RIVALS: Final[Mapping[str, Rival]] = MappingProxyType(
    {"drift": drift, "ets": ets, "theta": theta, "line": line, "naive": naive}
)
"""Methods that give a distribution, by name."""


def _smooth(history: FloatArray, known: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Smoothed level and sum of squared errors for every smoothing weight, arrays (n, n_weights)."""
    level = np.full((len(history), len(_ALPHAS)), np.nan)
    errors = np.zeros_like(level)
    for column in range(history.shape[1]):
        here, value = known[:, column, None], history[:, column, None]
        started = np.isfinite(level)
        missed = np.where(here & started, value - level, 0.0)
        errors += missed**2
        level = np.where(started, level + _ALPHAS * missed, np.where(here, value, np.nan))
    return level, errors


def _spread(steps: FloatArray, *, ddof: int) -> FloatArray:
    """Standard deviation of each row, NaN left out."""
    known = np.isfinite(steps)
    n = known.sum(axis=1)
    mean = np.nansum(steps, axis=1) / n
    squares = np.where(known, (steps - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.asarray(np.sqrt(squares / np.maximum(n - ddof, 1)))


def _normal(mean: FloatArray, spread: FloatArray, levels: FloatArray) -> FloatArray:
    """Quantiles of normals: (n, h) and (n, h) -> (n, h, n_levels)."""
    return np.asarray(mean[..., None] + spread[..., None] * ndtri(levels))
