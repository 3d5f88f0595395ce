"""Forecast of one series without peers: a weighted mean of simple models, as wide as they missed in the series' own past.

Candidates are the damped trend, theta and the damped drift of :mod:`dxanalysis.forecast.lone.smoothing`, each on the indicator's scale and
on the plain one (a straight line may be one on either). With at least ten values:

1. Every candidate is refitted at each year from the fifth value, or a third of the series, on, and its forecasts for up to six years
   are compared with what came. Weights fall with the fourth power of the mean absolute error, each horizon measured against "no
   change" and recent origins counting more; the damped trend counts twice to begin with. Equal errors keep these weights, a clear
   winner takes all.
2. On each scale the centre is the weighted mean. The spread at h years is the mean squared miss of that centre, recent origins
   counting more (half as much for each 30 % of the series back), shrunk towards the next shorter horizon, and at the first towards
   the spread that the damped trend claims. It never falls with h, and 5 % is added a year, since the weights have seen the past.
3. The two scales count by their candidates' weights, divided by the fourth power of the 95 % interval score (Gneiting and Raftery
   2007) that these ranges would have had. A range 20 times as wide as the changes of the past, or more, counts as a miss by as much.

A path has shocks with the memory of the weighted candidates, a Student t with 0.3 degrees of freedom a value (at least 3), and is the
weighted mean of the two scales' paths under the same shocks: its quantiles are the means of theirs. With four to nine values there is
no past to weigh by, and the series stays with the damped drift of :mod:`dxanalysis.forecast.lone.local`, whose posterior is drawn as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.evidence import NotEnoughData
from dxanalysis.forecast.lone.local import fit_series
from dxanalysis.forecast.lone.smoothing import CANDIDATES, Refits, refit
from dxanalysis.forecast.panel import Series
from dxanalysis.forecast.revision.revisions import NO_REVISIONS, RevisionNoise
from dxanalysis.forecast.scale import FloatArray, Scale

MAX_YEARS: Final = 60
"""Years ahead that a fit holds; one fit serves every horizon, so a path does not depend on how far it is asked for."""

# Sizes set on simulated series and the data sets of statsmodels; benchmarks/local_series.py reports on others
_POWER: Final = 4.0
_FIRST_WEIGHT: Final = {"damped": 2.0, "theta": 1.0, "drift": 1.0}
_MODEL_ORIGINS: Final = 6.0
_NEIGHBOUR_ORIGINS: Final = 12.0
_HALF_LIFE: Final = 0.3
_ADDED: Final = 0.05
_DEGREES: Final = 0.3
_LEAST_DEGREES: Final = 3.0
_WIDE: Final = 20.0
_RANGE: Final = 0.95
_NORMAL_RANGE: Final = 1.96

_On = Literal["scale", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleOptions:
    """How a series is judged by its own past.

    Attributes
    ----------
    backtest_from
        Fewest yearly values with which candidates are weighed; below, the damped drift stands alone. 8 or more.
    backtest_years
        Years ahead that are compared with what came; the spread further ahead grows as the damped trend's does.
    """

    backtest_from: int = 10
    backtest_years: int = 6

    def __post_init__(self) -> None:
        if self.backtest_from < 8:
            raise ParameterError(
                f"{self.backtest_from} values are too few to be replayed", fix="Give backtest_from of 8 or more"
            )
        if not 1 <= self.backtest_years <= MAX_YEARS:
            raise ParameterError(f"backtest_years is {self.backtest_years}", fix=f"Give 1 to {MAX_YEARS}")


DEFAULT_OPTIONS: Final = SingleOptions()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Centre and spread on one scale, arrays (30,), and the part of a path that it makes."""

    on: _On
    weight: float
    centre: FloatArray
    spread: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SingleFit:
    """A fitted series, ready to be drawn from.

    Attributes
    ----------
    years, values
        What was observed, oldest first.
    scale
        The indicator's scale.
    outlooks
        One or two; their weights add to 1.
    memory
        What is left of a shock after 1, 2, ... years, array (30,).
    degrees
        Degrees of freedom of the shocks.
    weights
        (scale, candidate, weight) of the centre: the reason why it stands where it does.
    region, noise
        As for :func:`~dxanalysis.forecast.lone.local.fit_series`.
    """

    years: tuple[int, ...]
    values: tuple[float, ...]
    scale: Scale
    outlooks: tuple[Outlook, ...]
    memory: FloatArray
    degrees: float
    weights: tuple[tuple[str, str, float], ...]
    region: str
    noise: RevisionNoise


def fit_single(
    years: Sequence[int],
    values: Sequence[float],
    scale: Scale,
    options: SingleOptions = DEFAULT_OPTIONS,
    *,
    region: str = "",
    noise: RevisionNoise = NO_REVISIONS,
) -> SingleFit | NotEnoughData:
    """Fit one series on its own, or say how many values are missing.

    Parameters
    ----------
    years, values
        Yearly values in the indicator's unit, oldest first. Missing years are left out: a gap is a step without an observation.
    scale
        The indicator's scale; its ``resolution`` is what rounding hides, so it must fit the unit of the values.
    options
        How the past is replayed.
    region
        Region id; with seed and stream it starts the random numbers.
    noise
        Size of past revisions of the last value.

    Raises
    ------
    ModelError
        When years are not increasing whole numbers one for each value, or a value is outside the bounds of the scale.
    """
    if len(years) != len(values) or any(later <= earlier for earlier, later in pairwise(years)):
        raise ModelError(
            f"{len(years)} years and {len(values)} values are not a series", fix="Give each year once, oldest first"
        )
    series = Series(region=region, years=tuple(int(y) for y in years), values=tuple(float(v) for v in values))
    scale.forward(series.values)  # raises for what is outside the bounds, whichever model follows
    if len(series.years) < options.backtest_from:
        return _short(series, scale, noise)
    grid = np.full(series.years[-1] - series.years[0] + 1, np.nan)
    grid[np.asarray(series.years) - series.years[0]] = series.values
    at = np.flatnonzero(np.isfinite(grid))
    origins = at[max(5, len(at) // 3) - 1 :]
    rounding = np.square(scale.resolution * scale.slope(series.values)) / 6  # of a change: two rounded figures
    spaces: tuple[tuple[_On, float], ...] = (("scale", float(rounding.mean())), ("plain", scale.resolution**2 / 6))
    refits = {
        on: refit(_to(on, scale, grid), origins, horizon=MAX_YEARS, floor=floor)
        for on, floor in (spaces if scale.form != "identity" else spaces[1:])
    }
    weights = _weights(refits, scale, grid, origins, options.backtest_years)
    outlooks = _outlooks(refits, weights, scale, grid, origins, options.backtest_years, dict(spaces))
    total = {on: sum(weights[on, name] for name in CANDIDATES) for on in refits}
    share = {
        (one.on, name): one.weight * weights[one.on, name] / total[one.on] for one in outlooks for name in CANDIDATES
    }
    memory = np.sum([part * refits[on].memory[name] for (on, name), part in share.items()], axis=0)
    return SingleFit(
        years=series.years,
        values=series.values,
        scale=scale,
        outlooks=outlooks,
        memory=np.asarray(memory),
        degrees=max(_LEAST_DEGREES, _DEGREES * len(at)),
        weights=tuple((on, name, part) for (on, name), part in share.items()),
        region=region,
        noise=noise,
    )


def simulate_single(fit: SingleFit, horizon: int, draws: int, seed: int, stream: int = 0) -> FloatArray:
    """Draw joint paths for the years after the last value.

    Parameters
    ----------
    fit
        From :func:`fit_single`.
    horizon
        Years ahead, 1 to 30. Paths to a shorter horizon are the first years of those to a longer one.
    draws
        Number of paths.
    seed, stream
        Start of the random numbers, with the region's id. Another stream gives an indicator of its own numbers.

    Returns
    -------
    ndarray
        (draws, horizon) in the indicator's unit, never past a bound.

    Raises
    ------
    ParameterError
        When the horizon is out of range.
    """
    if not 1 <= horizon <= MAX_YEARS:
        raise ParameterError(
            f"horizon is {horizon}",
            where=f"region {fit.region}, from its newest value of {fit.years[-1]}",
            fix=f"Give a whole number from 1 to {MAX_YEARS}",
        )
    region = crc32(fit.region.encode())
    rng, revised = (np.random.default_rng([seed, stream, region, part]) for part in (0, 1))
    common = np.sqrt(fit.degrees / rng.chisquare(fit.degrees, draws))
    shocks = rng.standard_normal((horizon, draws))
    kept = np.concatenate([[1.0], fit.memory[: horizon - 1]])
    passed = np.array([[kept[h - k] if k <= h else 0.0 for k in range(horizon)] for h in range(horizon)])
    passed /= np.sqrt(np.square(passed).sum(axis=1, keepdims=True))  # each year's spread is the calibrated one
    moves = common * (passed @ shocks)
    last = np.full(draws, fit.values[-1])
    if fit.noise.n:
        last += fit.noise.size * revised.standard_t(fit.noise.n, draws)
    last = fit.scale.clip(last)
    paths = np.zeros((horizon, draws))
    for one in fit.outlooks:
        start = _to(one.on, fit.scale, last) - _to(one.on, fit.scale, np.array(fit.values[-1]))
        moved = one.centre[:horizon, None] + one.spread[:horizon, None] * moves + start
        paths += one.weight * _back(one.on, fit.scale, moved)
    return np.ascontiguousarray(fit.scale.clip(np.rint(paths) if fit.scale.whole else paths).T)


def _short(series: Series, scale: Scale, noise: RevisionNoise) -> SingleFit | NotEnoughData:
    """The posterior of the damped drift: its mean and shocks make a t with the variance h + h²/(T+1) at h years."""
    fit = fit_series(series, scale)
    if isinstance(fit, NotEnoughData):
        return fit
    ahead = np.arange(1, MAX_YEARS + 1, dtype=float)
    outlook = Outlook(
        on="scale",
        weight=1.0,
        centre=scale.forward(series.values[-1]) + fit.centre * ahead,
        spread=np.sqrt(fit.sum_squares / fit.degrees * (ahead + ahead**2 / fit.weight)),
    )
    return SingleFit(
        years=series.years,
        values=series.values,
        scale=scale,
        outlooks=(outlook,),
        memory=np.ones(MAX_YEARS),
        degrees=float(fit.degrees),
        weights=(("scale", "drift", 1.0),),
        region=series.region,
        noise=noise,
    )


def _weights(
    refits: dict[_On, Refits], scale: Scale, grid: FloatArray, origins: npt.NDArray[np.intp], years: int
) -> dict[tuple[_On, str], float]:
    """Weight of each candidate on each scale, from its mean absolute error relative to "no change"."""
    came = _came(grid, origins, years)
    unchanged = _unchanged(came, grid, origins) + scale.resolution
    recent = _recent(grid, origins)
    loss = {}
    for on, one in refits.items():
        for name in CANDIDATES:
            miss = np.abs(came - scale.clip(_back(on, scale, one.centres[name][:, :years])))
            # a rounded figure cannot be hit better than to a quarter of its last digit on average
            loss[on, name] = _average((miss + scale.resolution / 4) / unchanged, recent)
    best = min(loss.values())
    raw = {key: _FIRST_WEIGHT[key[1]] * (best / value) ** _POWER for key, value in loss.items()}
    return {key: part / sum(raw.values()) for key, part in raw.items()}


def _outlooks(
    refits: dict[_On, Refits],
    weights: dict[tuple[_On, str], float],
    scale: Scale,
    grid: FloatArray,
    origins: npt.NDArray[np.intp],
    years: int,
    floors: dict[_On, float],
) -> tuple[Outlook, ...]:
    came = _came(grid, origins, years)
    unchanged = _unchanged(came, grid, origins) + scale.resolution
    recent = _recent(grid, origins)
    found = []
    for on, one in refits.items():
        total = sum(weights[on, name] for name in CANDIDATES)
        centre = np.sum([weights[on, name] / total * one.centres[name] for name in CANDIDATES], axis=0)
        apart = np.sum(
            [weights[on, name] / total * np.square(one.centres[name][-1] - centre[-1]) for name in CANDIDATES], axis=0
        )
        claimed = one.variance + apart + floors[on]
        spread = np.sqrt(_missed(_to(on, scale, came) - centre[:, :years], recent, claimed))
        reach = _NORMAL_RANGE * spread[:years]
        low, high = (_back(on, scale, centre[:, :years] + side * reach) for side in (-1, 1))
        score = high - low + 2 / (1 - _RANGE) * (np.maximum(low - came, 0) + np.maximum(came - high, 0))
        past = _average((score + scale.resolution) / unchanged, recent)
        # a range far wider than all past changes is an extrapolated explosion: it would score at least its width
        ahead = float(np.mean((high[-1] - low[-1]) / (unchanged + scale.resolution))) / _WIDE
        found.append((on, total, centre[-1], spread, max(past, ahead)))
    best = min(score for *_, score in found)
    raw = [total * (best / score) ** _POWER for _, total, _, _, score in found]
    return tuple(
        Outlook(on=on, weight=part / sum(raw), centre=centre, spread=spread)
        for (on, _, centre, spread, _), part in zip(found, raw, strict=True)
    )


def _missed(miss: FloatArray, recent: FloatArray, claimed: FloatArray) -> FloatArray:
    """Variance at each year ahead: weighted mean squared miss over the origins, shrunk towards what is claimed."""
    known = np.isfinite(miss)
    counts = (known * recent[:, None]).sum(axis=0)
    squares = (np.where(known, np.square(miss), 0) * recent[:, None]).sum(axis=0)
    years = miss.shape[1]
    ratio = (np.sum(squares / claimed[:years]) + _MODEL_ORIGINS * years) / (counts.sum() + _MODEL_ORIGINS * years)
    ratios = np.empty_like(claimed)
    for year in range(len(claimed)):
        if year < years:
            ratio = (squares[year] / claimed[year] + _NEIGHBOUR_ORIGINS * ratio) / (counts[year] + _NEIGHBOUR_ORIGINS)
        ratios[year] = ratio * (1 + _ADDED * min(year, years - 1))
    return np.maximum.accumulate(ratios * claimed)


def _recent(grid: FloatArray, origins: npt.NDArray[np.intp]) -> FloatArray:
    """Weight of each origin: half as much for every 30 % of the series' length that it lies back."""
    return np.asarray(0.5 ** ((origins[-1] - origins) / (_HALF_LIFE * len(grid))))


def _unchanged(came: FloatArray, grid: FloatArray, origins: npt.NDArray[np.intp]) -> FloatArray:
    """Mean absolute error of "no change" by years ahead; 0 where nothing came yet, so that nothing is compared."""
    known = np.isfinite(came)
    total = np.where(known, np.abs(came - grid[origins, None]), 0).sum(axis=0)
    return np.asarray(total / np.maximum(known.sum(axis=0), 1))


def _average(losses: FloatArray, recent: FloatArray) -> float:
    """Mean over origins and horizons whose outcome is known, recent origins counting more."""
    weight = np.isfinite(losses) * recent[:, None]
    return float(np.sum(np.where(np.isfinite(losses), losses, 0) * weight) / weight.sum())


def _came(grid: FloatArray, origins: npt.NDArray[np.intp], years: int) -> FloatArray:
    """What came 1, 2, ... years after each origin, NaN where it is not known."""
    padded = np.concatenate([grid, np.full(years, np.nan)])
    return np.asarray(padded[origins[:, None] + np.arange(1, years + 1)])


def _to(on: _On, scale: Scale, values: FloatArray) -> FloatArray:
    if on == "plain":
        return values
    known = np.isfinite(values)
    scaled = np.full(values.shape, np.nan)
    scaled[known] = scale.forward(values[known])
    return scaled


def _back(on: _On, scale: Scale, moved: FloatArray) -> FloatArray:
    return scale.clip(moved) if on == "plain" else scale.inverse(moved)
