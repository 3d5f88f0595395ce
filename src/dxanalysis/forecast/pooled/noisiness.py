"""How noisy each region is beside the others: a random effect on the size of its errors, shrunk by how few they are.

With l = log(|u| + 0.05) of a region's standardized errors less the mean of all, m their mean, n their effective number, v the variance
within regions and t that between them (what the variance of the means holds beyond h·v/n), the effect is m·n/(n + h·v/t): errors over h
periods overlap and count as n/h. Small regions' surveys err more than large ones'; a register does not err at all.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.scale import FloatArray

_FLOOR: Final = 0.05
_NORMAL, _NORMAL_CASES = float(np.pi**2 / 8), 20.0  # variance of log|normal|, assumed until so many cases show another
_ENOUGH: Final = 50.0  # cases beyond the regions' first ones at which half of the variance between regions is believed
_TINY: Final = 1e-9


def region_effects(
    u: FloatArray, *, weight: FloatArray, region: IntArray, regions: int, horizon: int
) -> tuple[FloatArray, FloatArray]:
    """Logarithms of what each region's errors are multiplied by.

    Parameters
    ----------
    u
        Standardized errors without the common shocks, array (n,).
    weight, region
        Weight by age and region of each, arrays (n,).
    regions
        Number of regions; one without errors has the effect 0.
    horizon
        Periods the errors are over.

    Returns
    -------
    tuple of ndarray
        Effect of each region, array (regions,), and for each error that of its region's other errors, array (n,): a region is not to be
        called noisy by the error that is judged.
    """
    size = np.log(np.abs(u) + _FLOOR)
    size = size - np.average(size, weights=weight)
    total = np.bincount(region, weight, minlength=regions)
    known = total > 0
    sums = np.bincount(region, weight * size, minlength=regions)
    squares = np.bincount(region, weight * np.square(size), minlength=regions)
    mean, count = np.zeros(regions), np.zeros(regions)
    mean[known] = sums[known] / total[known]
    of_weights = np.bincount(region, np.square(weight), minlength=regions)[known]
    count[known] = np.square(total[known]) / of_weights
    # what remains to tell the variance within once each region's mean is taken
    spare = max(float((total[known] - of_weights / total[known]).sum()), 0.0)
    left = max(float((squares - total * np.square(mean)).sum()), 0.0)
    within = (left + _NORMAL * _NORMAL_CASES) / (spare + _NORMAL_CASES)
    between = float((count * np.square(mean)).sum() - horizon * within * known.sum()) / float(count.sum())
    between = max(between, 0.0) * spare / (spare + _ENOUGH)
    worth = horizon * within / between if between > 0 else np.inf
    others = np.maximum(count[region] - 1, 0.0)
    rest = (sums[region] - weight * size) / np.maximum(total[region] - weight, _TINY)
    return mean * count / (count + worth), np.where(others > 0, rest * others / (others + worth), 0.0)
