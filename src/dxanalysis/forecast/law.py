"""How a predictive distribution is held: as paths, or as quantiles by region and period joined by correlated normal scores.

Quantiles are exact and small; paths are drawn from them when they are asked for. The score of region r at horizon h is

    n = sqrt(rho_h)·C_h + sqrt(gamma_h)·G_{g,h} + sqrt(1 - rho_h - gamma_h)·E_{r,h},

C common to all regions, G to those of its group (gamma is 0 for a region without one), E the region's own. Over horizons all three are normal with the correlation (h/h')^k for h < h': an autoregression in
the logarithm of time, so that nearer paths do not depend on how far a forecast reaches. k = 1/2 is a random walk; less is momentum.
A score is turned into a value by the region's quantiles at that horizon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol
from zlib import crc32

import numpy as np
from scipy.special import ndtri

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.pooled.grouped import NO_GROUP, IntArray
from dxanalysis.forecast.pooled.options import SCORES
from dxanalysis.forecast.scale import FloatArray, Scale

MOST_NUMBERS: Final = 2**28
"""Numbers in an array of draws at most: 2 GB."""
_AT_ONCE: Final = 2**20  # numbers that quantiles are worked out for at a time
_FAR: Final = 8.0  # score of the levels 0 and 1


class Law(Protocol):
    """A joint distribution of regions (second axis) and periods (third)."""

    @property
    def n_draws(self) -> int:
        """Number of paths."""
        ...

    @property
    def shape(self) -> tuple[int, int]:
        """Regions and periods."""
        ...

    def draws(self) -> FloatArray:
        """Paths, array (n_draws, regions, periods)."""
        ...

    def quantiles(self, levels: Sequence[float], *, whole: bool) -> FloatArray:
        """Array (levels, regions, periods)."""
        ...


def quantile(draws: FloatArray, levels: Sequence[float], *, whole: bool) -> FloatArray:
    """Quantiles along the first axis, array (levels, ...); of whole numbers, the smallest with that share at or below."""
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if whole else "linear"
    return np.asarray(np.quantile(draws, np.asarray(levels, dtype=float), axis=0, method=method))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """A law known by its paths, array (n_draws, regions, periods)."""

    paths: FloatArray

    @property
    def n_draws(self) -> int:
        """Number of paths."""
        return len(self.paths)

    @property
    def shape(self) -> tuple[int, int]:
        """Regions and periods."""
        return self.paths.shape[1], self.paths.shape[2]

    def draws(self) -> FloatArray:
        """Paths as they are."""
        return self.paths

    def quantiles(self, levels: Sequence[float], *, whole: bool) -> FloatArray:
        """Quantiles of the paths; of whole numbers, the smallest with that share at or below."""
        return quantile(self.paths, levels, whole=whole)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joined:
    """A law known by its quantiles; see the module.

    Attributes
    ----------
    regions
        Region ids: a region's random numbers depend on the seed and its id alone.
    location
        Array (regions, periods) on the scale.
    errors
        Array (regions, periods, 31): what is added at ``SCORES``; rising along the last axis.
    scale
        Back to the indicator's unit.
    ahead
        Periods from each region's own last value to the first period, array (regions,); at least 1.
    persistence
        k.
    common
        Rho of each period, array (periods,).
    n_draws, seed
        Of the paths.
    stream
        Keeps the random numbers of different indicators apart.
    shared_ahead
        Periods from the panel's newest value to the first period (1), at which the common shocks begin; 0: the least of ``ahead``.
    groups
        Number of each region's group, below 0 for none, array (regions,); None where there are no groups.
    within
        Gamma of each period, array (periods,); None for 0.
    """

    regions: tuple[str, ...]
    location: FloatArray
    errors: FloatArray
    scale: Scale
    ahead: IntArray
    persistence: float
    common: FloatArray
    n_draws: int
    seed: int
    stream: int = 0
    shared_ahead: int = 0
    groups: IntArray | None = None
    within: FloatArray | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Regions and periods."""
        return self.location.shape[0], self.location.shape[1]

    def quantiles(self, levels: Sequence[float], *, whole: bool) -> FloatArray:
        """Quantiles, exact but for the interpolation between scores. ``whole`` changes nothing: the scale rounds."""
        del whole
        scores = np.clip(ndtri(np.asarray(levels, dtype=float)), -_FAR, _FAR)
        below, part = _place(scores)
        out = np.empty((len(scores), *self.location.shape))
        many = max(_AT_ONCE // max(self.location.size, 1), 1)
        for begin in range(0, len(scores), many):
            at = slice(begin, begin + many)
            start = self.errors[:, :, below[at]]
            step = self.errors[:, :, below[at] + 1] - start
            out[at] = np.moveaxis(self.scale.inverse(self.location[:, :, None] + start + part[at] * step), -1, 0)
        return out

    def at_score(self, level: float) -> FloatArray:
        """What is added to the location at one level, array (regions, periods), on the scale."""
        below, part = _place(float(ndtri(level)))
        start: FloatArray = self.errors[:, :, int(below)]
        return start + float(part) * (self.errors[:, :, int(below) + 1] - start)

    def of(self, row: int) -> Joined:
        """The law of one region; with the others' at the same distance its paths are the same."""
        return replace(
            self,
            regions=(self.regions[row],),
            location=self.location[[row]],
            errors=self.errors[[row]],
            ahead=self.ahead[[row]],
            shared_ahead=self.shared_ahead or int(self.ahead.min()),
            groups=None if self.groups is None else self.groups[[row]],
        )

    def draws(self) -> FloatArray:
        """Draw the paths.

        Raises
        ------
        ParameterError
            When they would not fit into memory.
        """
        regions, periods = self.shape
        if self.n_draws * regions * periods > MOST_NUMBERS:
            raise ParameterError(
                f"{self.n_draws} paths of {regions} regions over {periods} periods are more than fit into memory",
                fix="Use quantiles, forecast fewer regions at a time, or ask predict for fewer draws",
            )
        out = np.empty((self.n_draws, regions, periods))
        from_newest = self.shared_ahead or int(self.ahead.min())
        shared = self._scores("", from_newest)
        common = self.common[:, None]
        groups = np.full(regions, NO_GROUP) if self.groups is None else self.groups
        newest, of_group = NO_GROUP, shared
        for row in np.argsort(groups, kind="stable"):
            own = self._scores(self.regions[row], int(self.ahead[row]))
            within = np.zeros((periods, 1))
            if self.within is not None and groups[row] >= 0:
                within = self.within[:, None]
            score = np.sqrt(common) * shared + np.sqrt(1 - common - within) * own
            if within.any():
                if groups[row] != newest:  # one group after the other: of very many, all would not fit into memory
                    newest, of_group = int(groups[row]), self._scores(f"\0{groups[row]}", from_newest)
                score += np.sqrt(within) * of_group
            below, part = _place(score)
            for period in range(periods):
                errors = self.errors[row, period]
                start = errors[below[period]]
                value = start + part[period] * (errors[below[period] + 1] - start)
                out[:, row, period] = self.location[row, period] + value
        return self.scale.inverse(out)

    def _scores(self, name: str, ahead: int) -> FloatArray:
        """Standard normal scores over the horizons ``ahead`` to ``ahead + periods - 1``, array (periods, n_draws)."""
        periods = self.location.shape[1]
        rng = np.random.default_rng([self.seed, self.stream, crc32(name.encode()), len(name)])
        last = np.zeros(self.n_draws)
        out = np.empty((periods, self.n_draws))
        for step in range(1, ahead + periods):
            keep = ((step - 1) / step) ** self.persistence if step > 1 else 0.0
            last = keep * last + np.sqrt(1 - keep**2) * rng.standard_normal(self.n_draws)
            if step >= ahead:
                out[step - ahead] = last
        return out


def _place(score: FloatArray | float) -> tuple[IntArray, FloatArray]:
    """Node of ``SCORES`` below each score, and how far beyond it in steps; outside, of the first or last step."""
    position = (np.asarray(score, dtype=float) - SCORES[0]) / (SCORES[1] - SCORES[0])
    below = np.clip(np.floor(position), 0, len(SCORES) - 2).astype(np.int64)
    return below, position - below
