"""Seasons: what returns every year in half-years, quarters or months, told apart from the trend and from chance.

With d a region's value less the centred moving average over a year, a season's part is the mean of d over the years, discounted by age.
It is drawn twice, by empirical Bayes. The mean over regions is drawn to none by 1 - V/S, never below 0: S is its own variance over the
seasons, V what chance leaves in it, from how far the years differ from each other. A region's part is drawn to that mean by
T/(T + v/n): T is the variance between regions beyond chance, v that of one region's d around its season, n the effective number of
years. A panel that was seasonally adjusted, or has no season, keeps its values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.gaps import fill_gaps
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.scale import FloatArray

LEAST_YEARS: Final = 3
"""Years of periods below which no season is told."""
_MEMORY: Final = (
    10.0  # years in which a season's evidence loses 1/e of its weight: a coarse choice, 3 to 30 do much the same
)
_MOST: Final = 4.0  # standard deviations beyond which one odd figure counts as that far
_ODD: Final = 8.0  # median sizes of a region's other figures beyond which one is held to be an error, not a season
_TINY: Final = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """Seasonal parts of regions.

    Attributes
    ----------
    parts
        What a season adds, array (regions, periods in a year), by column modulo the periods in a year; each row sums to 0.
    variance
        Variance by which a part may be off in a year to come, array (regions,).
    """

    parts: FloatArray
    variance: FloatArray

    def at(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Parts of regions and columns that go together, an array as both broadcast."""
        found: FloatArray = self.parts[rows, columns % self.parts.shape[1]]
        return found

    def taken_off(self, values: FloatArray) -> FloatArray:
        """Values (regions, periods) without their seasons."""
        rows, columns = np.arange(len(values), dtype=np.int64), np.arange(values.shape[1], dtype=np.int64)
        return values - self.at(rows[:, None], columns)

    def times(self, factor: FloatArray) -> Seasons:
        """The same where each region is stretched by a factor, array (regions,)."""
        return Seasons(parts=self.parts * factor[:, None], variance=self.variance * factor**2)


def seasons(values: FloatArray, per_year: int) -> Seasons:
    """Seasonal parts of a panel.

    Parameters
    ----------
    values
        Array (regions, periods) on the scale; NaN where nothing is published.
    per_year
        Periods in a year. With one there are no seasons.
    """
    regions, width = values.shape
    none = Seasons(parts=np.zeros((regions, per_year)), variance=np.zeros(regions))
    if per_year == 1 or width < LEAST_YEARS * per_year:
        return none
    off = values - _moving_average(values, per_year)
    known = np.isfinite(off)
    columns = np.arange(width)
    season = columns % per_year
    off = np.where(known, _without_odd(off, season), 0.0)
    newest = np.flatnonzero(known.any(axis=0))[-1] if known.any() else 0
    weight = known * np.exp(-np.clip(newest - columns, 0, None) / (_MEMORY * per_year))
    in_season = np.equal.outer(season, np.arange(per_year)).astype(float)
    total = weight @ in_season
    years = total**2 / np.maximum(np.square(weight) @ in_season, _TINY)
    mean = (weight * off) @ in_season / np.maximum(total, _TINY)
    mean -= mean.mean(axis=1, keepdims=True)
    # one year fewer than there are: the average leaves out half a year at each end
    told = (known.astype(float) @ in_season >= LEAST_YEARS - 1).all(axis=1)
    if not told.any():
        return none
    own, of_mean, between = _variances(off[told], known[told], mean[told], years[told], season)
    common = mean[told].mean(axis=0)
    signal = float(np.square(common).sum()) / (per_year - 1)
    part = max(0.0, 1.0 - of_mean / max(signal, _TINY))
    believed = between / (between + own / np.maximum(years, _TINY) + _TINY)
    parts = part * common + np.where(told[:, None], believed * (mean - common), 0.0)
    parts -= parts.mean(axis=1, keepdims=True)
    # what a mean of n years is off makes past errors too small and those to come too large, each by own/n
    wrong = np.where(told, 2 * own * (believed / np.maximum(years, 1.0)).mean(axis=1), 0.0)
    return Seasons(parts=parts, variance=wrong)


def _moving_average(values: FloatArray, per_year: int) -> FloatArray:
    """Centred moving average over a year, array as given; NaN in the first and last half-year of a region. Gaps count as straight lines."""
    width, half = values.shape[1], per_year // 2
    filled = fill_gaps(values)
    weights = np.r_[0.5, np.ones(per_year - 1), 0.5] / per_year
    average = np.full_like(values, np.nan)
    inside = sum(weights[lag] * filled[:, lag : width - per_year + lag] for lag in range(per_year + 1))
    average[:, half : width - half] = inside
    return average


def _without_odd(off: FloatArray, season: IntArray) -> FloatArray:
    """Distances from the average, array (regions, periods), none farther from the median of its region and season than some median sizes.

    One mistyped figure would otherwise make the seasons of every region uncertain.
    """
    middle = np.stack([_median(off[:, season == one]) for one in range(int(season.max()) + 1)], axis=1)[:, season]
    rest = off - middle
    size = _median(np.abs(rest))
    most = _ODD * np.maximum(size, np.median(size))[:, None]
    return middle + np.clip(rest, -most, most) if np.any(most) else off


def _median(values: FloatArray) -> FloatArray:
    """Median of each row, array (rows,); 0 of a row without a number."""
    known = np.isfinite(values)
    full: FloatArray = np.where(known.any(axis=1, keepdims=True), values, 0.0)
    return np.asarray(np.nanmedian(full, axis=1))


def _variances(
    off: FloatArray, known: FloatArray, mean: FloatArray, years: FloatArray, season: IntArray
) -> tuple[float, float, float]:
    """Of one region's value around its season; that chance leaves in the mean season of all; between regions' seasons beyond chance."""
    regions, per_year = mean.shape
    rest = np.where(known, off - mean[:, season], 0.0)
    spare = max(int(known.sum()) - regions * per_year, 1)
    most = _MOST * np.sqrt(np.square(rest).sum() / spare)
    own = float(np.square(np.clip(rest, -most, most)).sum()) / spare
    # all regions may share what a year brings: the mean season is as sure as years, not as regions, make it
    counts = known.sum(axis=0)
    seen = counts > 0
    of_year = np.where(seen, off.sum(axis=0) / np.maximum(counts, 1), 0.0) - mean.mean(axis=0)[season]
    shared = float(np.square(of_year[seen]).sum()) / max(int(seen.sum()) - per_year, 1)
    of_mean = shared / max(float(years.mean()), 1.0)
    between = 0.0
    if regions > 1:
        spread = float(np.square(mean - mean.mean(axis=0)).sum()) / ((regions - 1) * per_year)
        between = max(spread - own * float((1 / np.maximum(years, _TINY)).mean()), 0.0)
    return own, of_mean, between
