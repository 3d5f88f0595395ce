"""Questions with their answers and the forecasts of every method, turned into tables of scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.forecast.backtest import rivals, scores
from dxanalysis.forecast.backtest.questions import Origins
from dxanalysis.forecast.backtest.score_arrays import at_levels
from dxanalysis.forecast.scale import FloatArray

RESAMPLES: Final = 200
RANGES: Final = (50, 80, 90, 95)
"""Central ranges that are checked, percent."""
_MOST_RATIO: Final = 50.0
_BINS: Final = 10
_FEWEST_YEARS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scoring:
    """Everything that is scored, each method on the same questions.

    Attributes
    ----------
    questions
        As :func:`~dxanalysis.forecast.backtest.questions.ask` gives them, with ``p_base_rate``.
    distributions
        Method -> quantiles (n_origins, n_horizons, n_levels), the model first.
    levels
        Levels of the quantiles.
    down
        Whether what is measured runs against the indicator, so that the levels of the outcomes are turned again.
    """

    questions: pd.DataFrame
    distributions: Mapping[str, FloatArray]
    levels: FloatArray
    origins: Origins
    horizons: tuple[int, ...]
    traffic_light: bool
    seed: int
    down: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Methods in the order of the tables."""
        others = [name for name in self.distributions if name != "model"]
        return ("model", "base_rate", *others, *(("traffic_light",) if self.traffic_light else ()))

    def with_chances(self) -> pd.DataFrame:
        """The questions with the probability of every method, kept between 0.005 and 0.995.

        An answer on a target is cut to 1-99 %; a score compares methods, which are not.
        """
        asked = self.questions
        cell, step, target = (asked[name].to_numpy() for name in ("cell", "step", "target"))
        chances = {
            name: scores.chance_at_least(q[cell, step], self.levels, target) for name, q in self.distributions.items()
        }
        chances["base_rate"] = asked["p_base_rate"].to_numpy()
        if self.traffic_light:
            chances["traffic_light"] = rivals.traffic_light(asked["pace"].to_numpy(), asked["required"].to_numpy())
        kept = {f"p_{name}": chances[name].clip(scores.FLOOR, 1 - scores.FLOOR) for name in self.methods}
        return asked.drop(columns=["p_base_rate"]).assign(**kept)

    def scores(self) -> pd.DataFrame:
        """One row a method."""
        asked = self.with_chances()
        met = asked["met"].to_numpy(dtype=float)
        loss = {name: (asked[f"p_{name}"].to_numpy() - met) ** 2 for name in self.methods}
        draws = _resamples(asked["region"], self.seed)
        rows: list[dict[str, object]] = []
        for name in self.methods:
            chance = asked[f"p_{name}"].to_numpy()
            row: dict[str, object] = {"method": name, "n": len(asked), "brier": scores.brier_score(chance, met)}
            for horizon in self.horizons:
                here = (asked["horizon"] == horizon).to_numpy()
                row[f"brier_{horizon}"] = float(loss[name][here].mean()) if here.any() else np.nan
            row["log_score"] = scores.log_score(chance, met)
            for rival in ("base_rate", "drift"):
                difference = loss[name] - loss[rival]
                row[f"d_{rival}"] = float(difference.mean())
                row[f"se_{rival}"] = _standard_error(
                    difference, asked["region"], asked["origin"], draws, overlap=max(self.horizons)
                )
            rows.append(row | (self._distances(name) if name in self.distributions else {}))
        return pd.DataFrame(rows)

    def reliability(self) -> pd.DataFrame:
        """What was said against what came true, by tenths, in percent."""
        asked = self.with_chances()
        parts = []
        for name in self.methods:
            table = scores.reliability(asked[f"p_{name}"], asked["met"], bins=_BINS)
            shares = table[["low", "high", "forecast", "met"]] * 100
            parts.append(table.assign(method=name, **{column: shares[column] for column in shares.columns}))
        return pd.concat(parts, ignore_index=True)[["method", "low", "high", "n", "forecast", "met"]]

    def pit(self) -> pd.DataFrame:
        """Where the outcomes fell in the model's distributions, by horizon and tenth."""
        cell, step, outcome = self._cells()
        at = scores.pit(self.distributions["model"][cell, step], self.levels, outcome)
        at = 1 - at if self.down else at
        tenth = np.minimum((at * _BINS).astype(int), _BINS - 1)
        parts = []
        for number, horizon in enumerate(self.horizons):
            counts = np.bincount(tenth[step == number], minlength=_BINS)
            if counts.sum():
                low = np.arange(_BINS) * 100 / _BINS
                parts.append(
                    pd.DataFrame(
                        {
                            "horizon": horizon,
                            "low": low,
                            "high": low + 100 / _BINS,
                            "n": counts,
                            "share": 100 * counts / counts.sum(),
                        }
                    )
                )
        return pd.concat(parts, ignore_index=True)

    def coverage(self) -> pd.DataFrame:
        """Share of outcomes that each central range held, by method, level and horizon, in percent."""
        cell, step, outcome = self._cells()
        rows = []
        for name, q in self.distributions.items():
            for level in RANGES:
                ends = at_levels(q[cell, step], self.levels, [0.5 - level / 200, 0.5 + level / 200])
                inside = (ends[:, 0] <= outcome) & (outcome <= ends[:, 1])
                for number, horizon in enumerate(self.horizons):
                    here = step == number
                    if here.any():
                        rows.append((name, level, horizon, int(here.sum()), 100 * float(inside[here].mean())))
        return pd.DataFrame(rows, columns=["method", "level", "horizon", "n", "held"])

    def _cells(self) -> tuple[np.ndarray, np.ndarray, FloatArray]:
        """Origins and horizons with a scored question, each once, and what happened."""
        pairs = self.questions[["cell", "step"]].drop_duplicates().to_numpy()
        cell, step = pairs[:, 0], pairs[:, 1]
        return cell, step, self.origins.outcome[cell, step]

    def _distances(self, name: str) -> dict[str, object]:
        cell, step, outcome = self._cells()
        q = self.distributions[name][cell, step]
        row: dict[str, object] = {
            "crps": float(scores.crps(q, self.levels, outcome).mean()),
            "mase": scores.mase(
                at_levels(q, self.levels, [0.5])[:, 0], outcome, self.origins.change[cell], most=_MOST_RATIO
            ),
        }
        for level in (80, 95):
            ends = at_levels(q, self.levels, [0.5 - level / 200, 0.5 + level / 200])
            row[f"coverage_{level}"] = 100 * scores.coverage(ends[:, 0], ends[:, 1], outcome)
            for number, horizon in enumerate(self.horizons):
                here = step == number
                if here.any():
                    row[f"coverage_{level}_{horizon}"] = 100 * scores.coverage(
                        ends[here, 0], ends[here, 1], outcome[here]
                    )
        return row


def _resamples(region: pd.Series, seed: int) -> np.ndarray:
    """Regions drawn with replacement, as numbers: array (n_resamples, n_regions)."""
    n = region.nunique()
    return np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))


def _standard_error(
    difference: FloatArray, region: pd.Series, origin: pd.Series, draws: np.ndarray, *, overlap: int
) -> float:
    """Standard error of the mean difference, clustered both ways: questions of one region stand and fall together, and so do those of one year.

    To the variance when regions are drawn again comes that over years of origin beyond what single origins would leave (Cameron, Gelbach and Miller 2011,
    Thompson 2011); years whose outcomes overlap count together with Bartlett's weights (Newey and West 1987).
    """
    code = pd.factorize(region)[0]
    total, count = np.bincount(code, difference), np.bincount(code)
    of_regions = float(np.var(total[draws].sum(axis=1) / count[draws].sum(axis=1)))
    apart = difference - difference.mean()
    years = origin.to_numpy() - int(origin.min())
    by_year = np.bincount(years, apart)
    n_years = np.count_nonzero(np.bincount(years))
    if n_years < _FEWEST_YEARS:
        return float(np.sqrt(of_regions))
    together = np.square(by_year).sum()
    for lag in range(1, min(overlap, len(by_year))):
        together += 2 * (1 - lag / overlap) * (by_year[lag:] * by_year[:-lag]).sum()
    single = np.square(np.bincount(code * len(by_year) + years, apart)).sum()
    of_years = max(together * n_years / (n_years - 1) - single, 0.0) / len(difference) ** 2
    return float(np.sqrt(of_regions + of_years))
