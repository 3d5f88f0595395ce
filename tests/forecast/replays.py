"""Small made-up panels with a known truth, and engines whose answers are known, for tests of the backtest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import norm

YEARS = tuple(range(1996, 2019))


def tidy(values: np.ndarray, years: Sequence[int] = YEARS) -> pd.DataFrame:
    """Array (regions, years) as a tidy panel."""
    regions = np.array([f"r{number:02d}" for number in range(len(values))])
    return pd.DataFrame(
        {"region": np.repeat(regions, len(years)), "year": np.tile(years, len(values)), "value": values.ravel()}
    )


def diffusion(regions: int = 30, seed: int = 1, noise: float = 0.06) -> pd.DataFrame:
    """Logistic growth from different starts at different paces, with shocks of the year common to all."""
    rng = np.random.default_rng(seed)
    start, pace = rng.uniform(-3.5, -0.5, (regions, 1)), rng.uniform(0.15, 0.45, (regions, 1))
    common = rng.normal(0, 0.05, len(YEARS)).cumsum()
    own = rng.normal(0, noise, (regions, len(YEARS))).cumsum(axis=1)
    return tidy(100 / (1 + np.exp(-(start + pace * np.arange(len(YEARS)) + common + own))))


def countries(seed: int = 2) -> pd.DataFrame:
    """Six countries a to f of six regions: the pace is the country's and lasts, each region goes its way by chance besides."""
    rng = np.random.default_rng(seed)
    pace = rng.normal(0, 0.1, (6, 1, len(YEARS)))
    for year in range(1, len(YEARS)):
        pace[:, :, year] += 0.8 * pace[:, :, year - 1]
    levels = (pace + rng.normal(0, 0.1, (6, 6, len(YEARS)))).cumsum(axis=2)
    seen = levels + rng.normal(0, 0.05, levels.shape)
    made = tidy(100 / (1 + np.exp(-seen.reshape(36, -1))))
    number = made["region"].str[1:].astype(int)
    return made.assign(region=number.map(lambda at: f"{'abcdef'[at // 6]}{at % 6}"))


def noise(regions: int = 30, seed: int = 2) -> pd.DataFrame:
    """Independent noise around a constant of each region: what was does not say what comes, beyond the constant."""
    rng = np.random.default_rng(seed)
    return tidy(rng.uniform(30, 60, (regions, 1)) + rng.normal(0, 5, (regions, len(YEARS))))


def random_walk(regions: int = 30, seed: int = 3) -> pd.DataFrame:
    """Steps that nothing foretells."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 2, (regions, len(YEARS))).cumsum(axis=1)
    return tidy((50 + steps).clip(5, 95))


@dataclass(frozen=True)
class Table:
    """As much of a forecast as the backtest asks for."""

    centre: pd.Series
    spread: float
    bounds: tuple[float | None, float | None] | None

    def quantiles(self, levels: Sequence[float]) -> pd.DataFrame:
        values = self.centre.to_numpy()[:, None] + self.spread * norm.ppf(np.asarray(levels))
        return pd.DataFrame(
            values.clip(*self.bounds) if self.bounds else values,
            index=self.centre.index,
            columns=pd.Index(list(levels)),
        )


@dataclass
class Answers:
    """An engine that answers ``of(region, year)`` give or take ``spread``, and keeps what it was given."""

    of: Callable[[str, int], float]
    spread: float = 1.0
    leave_out: tuple[str, ...] = ()
    seen: list[pd.DataFrame] = field(default_factory=list)

    def __call__(self, panel: pd.DataFrame, bounds: tuple[float | None, float | None] | None) -> Answers:
        self.seen.append(panel)
        self.bounds = bounds
        return self

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.seen[-1]["region"]) - set(self.leave_out)))

    def predict(self, *, horizon: int, regions: Sequence[str] | None = None) -> Table:
        last = int(self.seen[-1]["period"].max())
        index = pd.MultiIndex.from_product(
            [list(regions or self.regions), [str(last + step + 1) for step in range(horizon)]]
        )
        centre = pd.Series([float(self.of(region, int(year))) for region, year in index], index=index)
        return Table(centre, self.spread, self.bounds)
