"""Which way each region's errors lean, as far as such a lean has lasted: a region that always runs ahead of what all regions teach is allowed to.

The mean of a region's standardized errors, drawn to 0 (:mod:`~dxanalysis.forecast.pooled.region_means`), is its lean. Means of past errors also differ where
nothing lasts, so how much of them to believe is learnt from the past: with k the slope of errors on what the region's earlier errors made of it when they were
made, and s its standard error over years, the part min(k, 1)·max(0, 1 - s²/k²) is believed (James and Stein's positive part).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.region_means import RegionMeans
from dxanalysis.forecast.scale import FloatArray

_YEARS: Final = 2.0  # independent starts with an earlier error, from which a slope has a standard error
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Lean:
    """What is added to standardized forecasts.

    Attributes
    ----------
    part
        What is believed of it, 0 to 1.
    now
        Of each region, array (regions,).
    then
        Of each past error, by the region's errors that were known at its start, array (n,).
    """

    part: float
    now: FloatArray
    then: FloatArray


def learnt_lean(
    errors: FloatArray,
    *,
    weight: FloatArray,
    region: IntArray,
    start: IntArray,
    regions: int,
    columns: int,
    horizon: int,
) -> Lean:
    """Learn it from standardized errors without the common shocks, each with weight, region and the column it starts at, arrays (n,)."""
    means = RegionMeans.of(
        errors, weight=weight, region=region, column=start, regions=regions, columns=columns, overlap=horizon
    )
    then = means.before(region, start - horizon + 1)
    part = _believed(errors, then, weight=weight, start=start, columns=columns, horizon=horizon)
    return Lean(part=part, now=part * means.every(), then=part * then)


def _believed(
    errors: FloatArray, said: FloatArray, *, weight: FloatArray, start: IntArray, columns: int, horizon: int
) -> float:
    square = float((weight * np.square(said)).sum())
    years = np.count_nonzero(np.bincount(start, said != 0, minlength=columns)) / horizon
    if square <= _TINY or years < _YEARS:
        return 0.0
    slope = float((weight * said * errors).sum()) / square
    if slope <= 0:
        return 0.0
    missed = np.bincount(start, weight * said * (errors - slope * said), minlength=columns)
    variance = horizon * float(np.square(missed).sum()) / square**2
    return min(slope, 1.0) * max(0.0, 1.0 - variance / slope**2)
