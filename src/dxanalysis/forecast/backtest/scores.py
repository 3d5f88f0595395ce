"""Scores of probability forecasts: how far from what happened, how honest, how sharp.

Every score is smaller when the forecast is better, and proper: no one gains by saying another probability than the one believed
(Gneiting and Raftery 2007, Journal of the American Statistical Association 102:359-378). Documented functions check what they are
given; the arithmetic below them does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.backtest import score_arrays
from dxanalysis.forecast.backtest.score_arrays import BrierParts
from dxanalysis.forecast.scale import FloatArray

FLOOR: Final = 0.005
"""No probability is scored as closer to 0 or 1 than this: one wrong "never" would else be an infinite loss."""


def brier_score(probability: ArrayLike, outcome: ArrayLike) -> float:
    """Mean squared distance of probabilities from outcomes: mean of (p - o)² (Brier 1950, Monthly Weather Review 78:1-3).

    Parameters
    ----------
    probability
        Stated probabilities from 0 to 1, array (n,).
    outcome
        What happened, 1 or 0 (or booleans), array (n,).

    Returns
    -------
    float
        From 0, every question foreseen with certainty, to 1; 0.25 for always saying one half.

    Raises
    ------
    ParameterError
        When there is nothing to score, the shapes differ, or a value is out of range.
    """
    p, o = _questions(probability, outcome)
    return float(np.mean((p - o) ** 2))


def brier_parts(probability: ArrayLike, outcome: ArrayLike, *, bins: int | None = 10) -> BrierParts:
    """Take a Brier score apart (Murphy 1973, Journal of Applied Meteorology 12:595-600).

    With n_k questions in bin k, mean probability p_k, share met o_k and overall share o: reliability is the mean of n_k (p_k - o_k)²,
    resolution that of n_k (o_k - o)², uncertainty o (1 - o).

    Parameters
    ----------
    probability, outcome
        As in :func:`brier_score`.
    bins
        Number of bins of equal width; None for one bin a distinct probability, where nothing is left over in ``within``.

    Raises
    ------
    ParameterError
        As in :func:`brier_score`, or when there is no bin.
    """
    p, o = _questions(probability, outcome)
    label = np.unique(p, return_inverse=True)[1] if bins is None else score_arrays.bin_of(p, _bins(bins))
    return score_arrays.brier_parts(p, o, label)


def log_score(probability: ArrayLike, outcome: ArrayLike, *, floor: float = FLOOR) -> float:
    """Mean of -log of the probability given to what happened (Good 1952, Journal of the Royal Statistical Society B 14:107-114).

    Parameters
    ----------
    probability, outcome
        As in :func:`brier_score`.
    floor
        Probabilities are cut to floor and 1 - floor first; 0 leaves them, and a certain mistake is then infinitely bad.

    Returns
    -------
    float
        In natural units; log 2 = 0.693 for always saying one half.

    Raises
    ------
    ParameterError
        As in :func:`brier_score`, or when the floor is not from 0 to below one half.
    """
    p, o = _questions(probability, outcome)
    if not 0 <= floor < 0.5:
        raise ParameterError(f"the floor is {floor!r}", fix="Give a number from 0 to below 0.5")
    given = np.where(o == 1, p, 1 - p).clip(floor, 1 - floor)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(given)))


def pinball(quantiles: ArrayLike, levels: ArrayLike, outcome: ArrayLike) -> FloatArray:
    """Loss of quantiles: level (y - q) above the quantile, (1 - level)(q - y) below (Koenker and Bassett 1978, Econometrica 46:33-50).

    Parameters
    ----------
    quantiles
        Array (..., n_levels), not falling along the last axis, in the indicator's unit.
    levels
        Their levels, rising, between 0 and 1, array (n_levels,).
    outcome
        What happened, in the same unit, array (...).

    Returns
    -------
    ndarray
        (..., n_levels) in the indicator's unit.

    Raises
    ------
    ParameterError
        When the shapes do not fit, levels do not rise, quantiles fall, or a number is missing or infinite.
    """
    q, at, y = _distribution(quantiles, levels, outcome)
    return score_arrays.pinball(q, at, y)


def crps(quantiles: ArrayLike, levels: ArrayLike, outcome: ArrayLike) -> FloatArray:
    """Continuous ranked probability score from quantiles: twice their mean pinball loss.

    It is the integral of (F(x) - 1{x >= y})² (Matheson and Winkler 1976, Management Science 22:1087-1096), and approaches it as evenly
    spaced levels (1/2 + i)/n grow dense. With one level, the median, it is the absolute error.

    Parameters
    ----------
    quantiles, levels, outcome
        As in :func:`pinball`; levels evenly spaced.

    Returns
    -------
    ndarray
        (...) in the indicator's unit.

    Raises
    ------
    ParameterError
        As in :func:`pinball`.
    """
    q, at, y = _distribution(quantiles, levels, outcome)
    return np.asarray(2 * score_arrays.pinball(q, at, y).mean(axis=-1))


def interval_score(low: ArrayLike, high: ArrayLike, outcome: ArrayLike, *, coverage: float) -> FloatArray:
    """Width of a central range plus 2/(1 - coverage) times the distance by which it was missed (Gneiting and Raftery 2007, eq. 43).

    Parameters
    ----------
    low, high
        Ends of the range, arrays of one shape in the indicator's unit.
    outcome
        What happened, same shape.
    coverage
        Share that the range is meant to hold, between 0 and 1.

    Raises
    ------
    ParameterError
        When the shapes differ, a range ends before it begins, or the coverage is out of range.
    """
    lower, upper, y = _ranges(low, high, outcome)
    if not 0 < coverage < 1:
        raise ParameterError(f"the coverage is {coverage!r}", fix="Give a number between 0 and 1, such as 0.8")
    missed = np.maximum(lower - y, 0) + np.maximum(y - upper, 0)
    return np.asarray(upper - lower + 2 / (1 - coverage) * missed)


def coverage(low: ArrayLike, high: ArrayLike, outcome: ArrayLike) -> float:
    """Share (0 to 1) of outcomes inside their ranges, ends included.

    Parameters
    ----------
    low, high, outcome
        As in :func:`interval_score`.

    Raises
    ------
    ParameterError
        As in :func:`interval_score`.
    """
    lower, upper, y = _ranges(low, high, outcome)
    return float(np.mean((lower <= y) & (y <= upper)))


def chance_at_least(quantiles: ArrayLike, levels: ArrayLike, threshold: ArrayLike) -> FloatArray:
    """Probability of a value at or above a threshold, by straight lines between the quantiles; 1 or 0 beyond the outermost.

    Parameters
    ----------
    quantiles, levels
        As in :func:`pinball`.
    threshold
        Array (...).

    Returns
    -------
    ndarray
        (...), 0 to 1.

    Raises
    ------
    ParameterError
        As in :func:`pinball`.
    """
    q, at, x = _distribution(quantiles, levels, threshold)
    return 1 - score_arrays.cdf(q, at, x, (q <= x[..., None]).sum(axis=-1))


def pit(quantiles: ArrayLike, levels: ArrayLike, outcome: ArrayLike) -> FloatArray:
    """Probability integral transform: the level at which the outcome fell (Dawid 1984, Journal of the Royal Statistical Society A 147).

    Evenly spread from 0 to 1 when the distributions are right. Where quantiles are equal (a bound), the middle of their levels.

    Parameters
    ----------
    quantiles, levels, outcome
        As in :func:`pinball`.

    Returns
    -------
    ndarray
        (...), 0 below the lowest and 1 above the highest quantile.

    Raises
    ------
    ParameterError
        As in :func:`pinball`.
    """
    q, at, y = _distribution(quantiles, levels, outcome)
    up_to, below = (q <= y[..., None]).sum(axis=-1), (q < y[..., None]).sum(axis=-1)
    lowest = np.where(up_to > below, at[np.minimum(below, len(at) - 1)], score_arrays.cdf(q, at, y, up_to))
    return np.asarray((score_arrays.cdf(q, at, y, up_to) + lowest) / 2)


def reliability(probability: ArrayLike, outcome: ArrayLike, *, bins: int = 10) -> pd.DataFrame:
    """Table of what was said against what came true, one row a bin that holds a question.

    Parameters
    ----------
    probability, outcome
        As in :func:`brier_score`.
    bins
        Number of bins of equal width from 0 to 1.

    Returns
    -------
    DataFrame
        Columns low, high (ends of the bin), n (questions), forecast (mean probability) and met (share that came true), 0 to 1.

    Raises
    ------
    ParameterError
        As in :func:`brier_score`, or when there is no bin.
    """
    p, o = _questions(probability, outcome)
    number = _bins(bins)
    label = score_arrays.bin_of(p, number)
    counts = np.bincount(label, minlength=number)
    held = np.flatnonzero(counts)
    n = counts[held]
    return pd.DataFrame(
        {
            "low": held / number,
            "high": (held + 1) / number,
            "n": n,
            "forecast": np.bincount(label, p, number)[held] / n,
            "met": np.bincount(label, o, number)[held] / n,
        }
    )


def mase(forecast: ArrayLike, outcome: ArrayLike, scale: ArrayLike, *, most: float = np.inf) -> float:
    """Mean absolute error in units of each series' own mean absolute change (Hyndman and Koehler 2006, Int. J. of Forecasting 22).

    Parameters
    ----------
    forecast, outcome
        Arrays (n,) in the indicator's unit.
    scale
        Mean absolute yearly change of the history behind each forecast, above 0, array (n,).
    most
        Largest ratio that one forecast counts with, so that a series that hardly moved does not decide alone.

    Raises
    ------
    ParameterError
        When there is nothing to score, the shapes differ, a number is missing or infinite, or a scale is not above 0.
    """
    made, y, unit = _finite("forecast", forecast), _finite("outcome", outcome), _finite("scale", scale)
    if not made.shape == y.shape == unit.shape or not made.size:
        raise ParameterError(
            f"forecast {made.shape}, outcome {y.shape} and scale {unit.shape} do not fit",
            fix="Give three arrays of one length above 0",
        )
    if not (unit > 0).all():
        raise ParameterError("a scale is not above 0", fix="Leave out series that never changed, or add a small number")
    return float(np.mean(np.minimum(np.abs(made - y) / unit, most)))


def _bins(bins: int) -> int:
    if bins < 1:
        raise ParameterError(f"there are {bins} bins", fix="Give 1 or more")
    return bins


def _finite(name: str, values: ArrayLike) -> FloatArray:
    array = np.asarray(values, dtype=float)
    if not np.isfinite(array).all():
        article = "an" if name[0] in "aeiou" else "a"
        raise ParameterError(
            f"{article} {name} is missing or infinite", fix="Score only what was forecast and has happened"
        )
    return array


def _questions(probability: ArrayLike, outcome: ArrayLike) -> tuple[FloatArray, FloatArray]:
    p, o = _finite("probability", probability), _finite("outcome", outcome)
    if p.ndim != 1 or p.shape != o.shape or not p.size:
        raise ParameterError(
            f"probabilities {p.shape} and outcomes {o.shape} do not fit", fix="Give two arrays of one length above 0"
        )
    if not ((p >= 0) & (p <= 1)).all():
        raise ParameterError("a probability lies outside 0 to 1", fix="Give probabilities, not percent")
    if not ((o == 0) | (o == 1)).all():
        raise ParameterError("an outcome is neither 0 nor 1", fix="Say whether each came true: 1 or 0")
    return p, o


def _distribution(
    quantiles: ArrayLike, levels: ArrayLike, outcome: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    q, at, y = _finite("quantile", quantiles), _finite("level", levels), _finite("outcome", outcome)
    if at.ndim != 1 or q.shape != (*y.shape, len(at)) or not q.size:
        raise ParameterError(
            f"quantiles {q.shape}, levels {at.shape} and outcomes {y.shape} do not fit",
            fix="Expected (..., n_levels), (n_levels,) and (...)",
        )
    if not ((at > 0) & (at < 1)).all() or not (np.diff(at) > 0).all():
        raise ParameterError("the levels do not rise between 0 and 1", fix="Give levels such as 0.1, 0.5, 0.9")
    if not (np.diff(q, axis=-1) >= 0).all():
        raise ParameterError("quantiles fall as their levels rise", fix="Sort them along the last axis")
    return q, at, y


def _ranges(low: ArrayLike, high: ArrayLike, outcome: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    lower, upper, y = _finite("lower end", low), _finite("upper end", high), _finite("outcome", outcome)
    if not lower.shape == upper.shape == y.shape or not y.size:
        raise ParameterError(
            f"ends {lower.shape}, {upper.shape} and outcomes {y.shape} do not fit", fix="Give three arrays of one shape"
        )
    if not (lower <= upper).all():
        raise ParameterError("a range ends before it begins", fix="Give the lower end first")
    return lower, upper, y
