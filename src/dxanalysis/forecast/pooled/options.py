"""Settings of the pooled engine. They were chosen on panels other than those the benchmark reports (docs/methods/engine.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.errors import ParameterError

SCORES: Final = np.linspace(-3.0, 3.0, 31)
"""Normal scores at which a predictive distribution is kept; between them it is linear, beyond them it goes on with the last slope."""
HORIZONS: Final = (1, 2, 3, 5, 7, 10, 15)
"""Horizons in years at which errors are measured; those between are interpolated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledOptions:
    """Settings of the pooled engine.

    Attributes
    ----------
    memories
        The regression is fitted once a memory and the fits are averaged, weighted by how they did at past origins; evidence loses 1/e
        of its weight in so many years.
    memory_trust
        Weight of the evidence by which memories and gains are told apart; 0 for a plain average.
    gains
        Each memory is fitted once a gain, the part of a surprise that stays when a history is filtered; 1 for no noise.
    noise_odds
        How much less likely each gain is than the one before it in a panel that is too small to tell by its own past forecasts.
    region_sizes
        Whether a region whose errors were larger than others' is given a wider range, and one whose errors lean one way another place.
    damping
        How far from 1 the part of an expected change that is believed is thought to be, as a standard deviation; 0 to believe all.
    library_memory
        Memory of past errors, from which the spread is learnt, in years.
    ridge
        Shrinkage of the regression's slopes towards 0, as a part of each feature's variance; None for as much as the panel's steps ask for.
    spread_ridge
        Shrinkage of the spread's slopes towards 0, as a part of each feature's variance.
    slope_years
        Independent years at which the spread's slopes at a horizon count as much as those of the next shorter one.
    robust
        Residuals of so many mean absolute residuals get half the weight (Cauchy weights).
    level_width, pace_width
        How near in level (scale units) and in pace (half standard deviations, as inverse hyperbolic sine) an analogue is.
    common_years, common_share
        What is assumed about shocks common to all regions until years have shown them: so many years' worth of evidence that their
        variance is this part of a region's own.
    prior_cases, lone_cases
        What the prior is worth in cases: so many, and so many more divided by the number of regions. The few years of one region fit
        themselves too well.
    own_way, own_way_regions, own_way_levels
        Weight of a region's own drift beside what other places teach: so much, divided by 1 + the number of regions over so many; fewer for bounded
        and unbounded indicators than for levels, whose regions differ more in how restless they are.
    own_way_trust
        How much of the evidence of past cases moves that weight.
    spread_years
        What the prior is worth in the growth of errors with the horizon, in independent years.
    most_regions, most_errors
        Regions learnt from, and past errors of a horizon kept, at most; of more, a fixed sample is taken.
    """

    memories: tuple[float, ...] = (2.0, 30.0)
    memory_trust: float = 1.0
    gains: tuple[float, ...] = (1.0, 0.75, 0.5, 0.3)
    noise_odds: float = 0.3
    region_sizes: bool = True
    damping: float = 0.5
    library_memory: float = 6.0
    ridge: float | None = None
    spread_ridge: float = 0.5
    slope_years: float = 4.0
    robust: float = 3.0
    level_width: float = 1.0
    pace_width: float = 1.0
    common_years: float = 3.0
    common_share: float = 0.2
    prior_cases: float = 5.0
    lone_cases: float = 20.0
    own_way: float = 0.5
    own_way_regions: float = 5.0
    own_way_trust: float = 0.5
    own_way_levels: float = 10.0
    spread_years: float = 1.0
    most_regions: int = 3000
    most_errors: int = 6000

    def __post_init__(self) -> None:
        numbers = (
            *self.memories,
            *self.gains,
            self.noise_odds,
            self.library_memory,
            self.robust,
            self.level_width,
            self.pace_width,
            self.common_years,
            self.common_share,
            self.prior_cases,
            self.own_way_regions,
            self.own_way_levels,
            self.spread_years,
        )
        if not self.memories or not self.gains or not all(number > 0 for number in numbers):
            raise ParameterError(
                "an option of the pooled engine is not positive", fix="Leave out what you do not mean to set"
            )
        if not all(
            number >= 0
            for number in (
                self.ridge or 0.0,
                self.spread_ridge,
                self.slope_years,
                self.lone_cases,
                self.own_way,
                self.own_way_trust,
                self.memory_trust,
                self.damping,
            )
        ):
            raise ParameterError(
                "an option of the pooled engine is negative", fix="Leave out what you do not mean to set"
            )
        if max(self.gains) > 1 or len(set(self.gains)) < len(self.gains):
            raise ParameterError(f"the gains are {list(self.gains)}", fix="Give each once, above 0 and up to 1")
        for name, most in (("most_regions", self.most_regions), ("most_errors", self.most_errors)):
            if most < 1:
                raise ParameterError(f"{name} is {most}", fix="Give 1 or more")

    def cases(self, regions: int) -> float:
        """What the prior is worth, in cases, in a panel of so many regions."""
        return self.prior_cases + self.lone_cases / max(regions, 1)
