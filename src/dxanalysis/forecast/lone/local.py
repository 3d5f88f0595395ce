"""Forecasts of one series on its own: a drift for what grows, a mean for what fluctuates.

Both are conjugate normal models with an unknown variance, simulated exactly, so few points give wide ranges by themselves.

``drift``
    On the indicator's scale a step over k years is normal with mean k·mu and variance k·s². Priors: flat on s (Gelman 2006), and mu
    normal around 0 with variance s²: the information of one year without change (unit-information prior, Kass and Wasserman
    1995). It damps the mean change by T/(T+1) for T years of history, and a perfectly straight short series does not look
    certain. Posterior from m changes: s² = SS / chi²(m-1); mu normal around T/(T+1) times the mean change, variance s²/(T+1).
    SS adds the squared residuals, each over its k, and T/(T+1) times the squared mean change. A gap of any length is one step of
    k years: nothing is interpolated.
``mean``
    A rate is normal around a fixed mean, independent over the years; the reference prior gives s² = SS / chi²(n-1) and mu normal
    around the mean with variance s²/n. Gaps do not matter.

Whatever the history, SS is at least what the rounding of published figures would leave: a constant series is not certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from zlib import crc32

import numpy as np

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.evidence import Evidence, Missing, NotEnoughData
from dxanalysis.forecast.panel import Series
from dxanalysis.forecast.revision.revisions import NO_REVISIONS, RevisionNoise
from dxanalysis.forecast.scale import FloatArray, Scale

Model = Literal["drift", "mean"]

MIN_POINTS: Final[dict[Model, int]] = {"drift": 4, "mean": 5}
"""Fewest yearly values. Drift: 3 changes, 2 degrees of freedom, below which a t distribution has no finite quantile worth
printing (1 degree: the 95 % range is 12 times the spread). Mean: 5 values, 4 degrees, since a mean of rates has no trend to lean on."""
PRIOR_YEARS: Final = 1
"""Years without change that the drift's prior is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFit:
    """Posterior of one series, ready to be drawn from.

    ``centre`` and ``sum_squares`` are on the indicator's scale; the mean has variance s²/``weight`` and s² is
    ``sum_squares`` / chi²(``degrees``).
    """

    series: Series
    scale: Scale
    model: Model
    centre: float
    weight: float
    sum_squares: float
    degrees: int
    noise: RevisionNoise

    def evidence(self) -> Evidence:
        """Observations behind the fit."""
        return Evidence(
            region=self.series.region,
            observed=tuple(
                (str(year), value) for year, value in zip(self.series.years, self.series.values, strict=True)
            ),
            last_release=self.series.last_release,
            releases=self.series.releases,
            n_revisions=self.noise.n,
            revision_size=self.noise.size,
            source=self.series.source,
        )


def fit_series(
    series: Series, scale: Scale, *, model: Model = "drift", noise: RevisionNoise = NO_REVISIONS
) -> LocalFit | NotEnoughData:
    """Fit a local model to one series, or say how many points are missing.

    Parameters
    ----------
    series
        Yearly values.
    scale
        Scale on which changes add.
    model
        ``drift`` (at least 4 values) or ``mean`` (at least 5).
    noise
        Size of past revisions of the indicator: the last value is a draw around what was published. Revisions of a few
        releases do not have a known size, hence the t distribution with as many degrees of freedom as revisions.
    """
    if model not in MIN_POINTS:
        raise ParameterError(f"{model!r} is not a local model", fix=f"Choose {' or '.join(MIN_POINTS)}")
    found, needed = len(series.years), MIN_POINTS[model]
    if found < needed:
        facts = (("region", series.region), ("found", found), ("needed", needed))
        return NotEnoughData(reason="too_few_points", missing=(Missing(code="points", facts=facts),))
    scaled = scale.forward(series.values)
    # variance of a figure rounded to one unit of its last digit, carried to the scale
    rounding = np.square(scale.slope(series.values) * scale.resolution) / 12
    moments = _drift(series, scaled, rounding) if model == "drift" else _mean(scaled, rounding)
    centre, weight, sum_squares, degrees = moments
    return LocalFit(
        series=series,
        scale=scale,
        model=model,
        centre=centre,
        weight=weight,
        sum_squares=sum_squares,
        degrees=degrees,
        noise=noise,
    )


def simulate(fit: LocalFit, *, last_year: int, draws: int, seed: int, stream: int = 0) -> FloatArray:
    """Paths from the year after the series' last value to ``last_year``.

    The random numbers depend on the seed, the stream and the region's id alone, and those of a year not on how many years follow.

    Returns
    -------
    ndarray
        (draws, years) in the indicator's unit; one drawn mean and spread along a path, shocks cumulated for ``drift``.
    """
    steps = last_year - fit.series.last_year
    region = crc32(fit.series.region.encode())
    rng, revised = (np.random.default_rng([seed, stream, region, part]) for part in (0, 1))
    spread = np.sqrt(fit.sum_squares / rng.chisquare(fit.degrees, draws))
    mean = fit.centre + spread / np.sqrt(fit.weight) * rng.standard_normal(draws)
    changes = mean + spread * rng.standard_normal((steps, draws))
    if fit.model == "mean":
        return fit.scale.inverse(changes).T
    start = np.full(draws, fit.series.values[-1])
    if fit.noise.n:
        start += fit.noise.size * revised.standard_t(fit.noise.n, draws)
    return fit.scale.inverse(fit.scale.forward(fit.scale.clip(start)) + np.cumsum(changes, axis=0)).T


def _drift(series: Series, scaled: FloatArray, rounding: FloatArray) -> tuple[float, float, float, int]:
    gaps = np.diff(np.asarray(series.years, dtype=float))
    steps = np.diff(scaled)
    years = float(gaps.sum())
    mean = float(steps.sum()) / years
    degrees = len(steps) - 1
    damping = years / (years + PRIOR_YEARS)
    residual = float(np.sum(np.square(steps - gaps * mean) / gaps)) + PRIOR_YEARS * damping * mean**2
    floor = float(np.mean((rounding[1:] + rounding[:-1]) / gaps)) * degrees
    return damping * mean, years + PRIOR_YEARS, max(residual, floor), degrees


def _mean(scaled: FloatArray, rounding: FloatArray) -> tuple[float, float, float, int]:
    n = len(scaled)
    mean = float(scaled.mean())
    residual = float(np.sum(np.square(scaled - mean)))
    return mean, float(n), max(residual, float(rounding.mean()) * (n - 1)), n - 1
