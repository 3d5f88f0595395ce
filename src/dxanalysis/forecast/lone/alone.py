"""Series forecast on their own: which of the models without peers, and its paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal
from zlib import crc32

import numpy as np

from dxanalysis.forecast.evidence import Evidence, NotEnoughData
from dxanalysis.forecast.lone.local import MIN_POINTS, LocalFit, fit_series, simulate
from dxanalysis.forecast.lone.single import SingleFit, fit_single, simulate_single
from dxanalysis.forecast.panel import Grid, Release, Series
from dxanalysis.forecast.revision.revisions import NO_REVISIONS, RevisionNoise
from dxanalysis.forecast.scale import FloatArray, Scale

Lone = Literal["local", "drift", "mean"]
LoneFit = LocalFit | SingleFit

LONE_POINTS: Final[dict[Lone, int]] = {"local": 4, "drift": MIN_POINTS["drift"], "mean": MIN_POINTS["mean"]}
"""Fewest yearly values of each model of a single series."""
LONG: Final = 10
"""Values from which a series can be judged by its own past, and is long."""
FEW: Final = 5
"""Regions below which a panel has no peers to speak of."""


def is_long_and_lone(grid: Grid, least: int) -> bool:
    """Whether a panel is a few long yearly series: each region with enough values to be forecast has at least ten."""
    counts = np.isfinite(grid.values).sum(axis=1)
    counts = counts[counts >= least]
    return grid.per_year == 1 and 0 < len(counts) < FEW and bool((counts >= LONG).all())


def fit_alone(series: Series, scale: Scale, *, model: Lone, noise: RevisionNoise) -> LoneFit | NotEnoughData:
    """Fit one yearly series, or say how many values are missing."""
    if model == "local":
        return fit_single(series.years, series.values, _in_digits(scale, series), region=series.region, noise=noise)
    # a mean does not begin at the last value: what may be revised there is no part of it
    return fit_series(series, scale, model=model, noise=NO_REVISIONS if model == "mean" else noise)


def paths(fit: LoneFit, *, last_year: int, horizon: int, draws: int, seed: int) -> FloatArray:
    """Paths over the ``horizon`` years that end with ``last_year``, array (draws, horizon)."""
    if isinstance(fit, LocalFit):
        stream = stream_of(fit.series.values)
        return simulate(fit, last_year=last_year, draws=draws, seed=seed, stream=stream)[:, -horizon:]
    return simulate_single(fit, last_year - fit.years[-1], draws, seed, stream_of(fit.values))[:, -horizon:]


def stream_of(values: Sequence[float]) -> int:
    """Number that keeps the random numbers of a region's indicators apart: from a series' first values, which new data leave alone."""
    return crc32(np.asarray(values[: min(LONE_POINTS.values())], dtype=float).tobytes())


def evidence_of(fit: LoneFit, release: Release) -> Evidence:
    """Observations behind the fit."""
    if isinstance(fit, LocalFit):
        return fit.evidence()
    return Evidence(
        region=fit.region,
        observed=tuple((str(year), value) for year, value in zip(fit.years, fit.values, strict=True)),
        last_release=release.last,
        releases=release.count,
        n_revisions=fit.noise.n,
        revision_size=fit.noise.size,
        source=release.source,
    )


def _in_digits(scale: Scale, series: Series) -> Scale:
    """The scale with the last digit in which the series is written, where it has no bounds to tell a digit from."""
    if scale.form == "bounded" or scale.whole:
        return scale
    values = np.asarray(series.values)
    size = float(np.abs(values).max())
    digits = [digit for digit in range(7) if np.allclose(values, values.round(digit), rtol=0, atol=1e-9)]
    last = 10.0 ** -digits[0] if digits else 10.0 ** (np.floor(np.log10(size)) - 6)
    # a series of whole thousands is not known to the unit, and one of zeros has no digit
    step = min(last, size / 100) if size > 0 else scale.resolution
    return replace(scale, resolution=step)
