"""The pooled baselines that the engine has to beat, as forecasters of the backtest: one regression, and nearest analogues.

Both take the change of the logit over 1, 3 and 5 years given level and pace, learnt from (start, end) pairs that end by the origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

HORIZONS = (1, 3, 5)
LEAST_PAIRS = 40


def logit(value: np.ndarray, cap: float) -> np.ndarray:
    part = np.clip(value / cap, 0.002, 0.998)
    return np.log(part / (1 - part))


def weighted_quantiles(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    order = np.argsort(values)
    mass = np.cumsum(weights[order])
    return np.interp(levels, (mass - 0.5 * weights[order]) / mass[-1], values[order])


@dataclass
class Distribution:
    table: pd.DataFrame

    def quantiles(self, levels: list[float]) -> pd.DataFrame:
        """Quantiles at the levels of the backtest, which are the ones it was made for."""
        del levels
        return self.table


class NoteModel:
    """``kind`` is ``regression`` or ``analogues``; one object holds what was known at one origin."""

    levels = (np.arange(200) + 0.5) / 200

    def __init__(self, panel: pd.DataFrame, bounds: tuple[float, float], kind: str, least: int, most: int) -> None:
        self.cap, self.kind = bounds[1], kind
        wide = panel.pivot_table(index="region", columns="period", values="value")
        self.years = np.arange(wide.columns.min(), wide.columns.max() + 1)
        wide = wide.reindex(columns=self.years)
        self.names, self.values = [str(name) for name in wide.index], wide.to_numpy()
        self.z = logit(self.values, self.cap)
        self.regions = [name for name, row in zip(self.names, self.values, strict=True) if np.isfinite(row[-1])]
        self.least, self.most = least, most
        self.pairs = self._pairs()

    def _features(self, row: int, column: int, most: int) -> np.ndarray | None:
        back = 0
        while back < most and column - back >= 0 and np.isfinite(self.values[row, column - back]):
            back += 1
        if back < 2:
            return None
        z = self.z[row, column - back + 1 : column + 1]
        three, five = min(3, len(z) - 1), min(5, len(z) - 1)
        return np.array([z[-1], z[-1] - z[-2], (z[-1] - z[-1 - three]) / three, (z[-1] - z[-1 - five]) / five])

    def _pairs(self) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]]:
        found: dict[int, list[tuple[int, np.ndarray, float]]] = {horizon: [] for horizon in HORIZONS}
        known = np.isfinite(self.values)
        for row in range(len(self.values)):
            for column in range(self.least - 1, len(self.years)):
                if not known[row, column - self.least + 1 : column + 1].all():
                    continue
                if not 0.01 * self.cap <= self.values[row, column] <= 0.995 * self.cap:
                    continue
                x = self._features(row, column, self.least)
                for horizon in HORIZONS:
                    if x is not None and column + horizon < len(self.years) and known[row, column + horizon]:
                        found[horizon].append((row, x, self.z[row, column + horizon] - x[0]))
        return {
            horizon: (
                np.array([a for a, _, _ in rows]),
                np.array([b for _, b, _ in rows]),
                np.array([c for _, _, c in rows]),
            )
            for horizon, rows in found.items()
        }

    def predict(self, *, horizon: int, regions: list[str]) -> Distribution:
        """Quantiles by region and year; years between those of the note stay empty."""
        frames = []
        for region in regions:
            row = self.names.index(region)
            table = np.full((horizon, len(self.levels)), np.nan)
            x = self._features(row, len(self.years) - 1, self.most)
            for step in HORIZONS:
                owner, features, change = self.pairs[step]
                if step <= horizon and x is not None and len(change) >= LEAST_PAIRS:
                    z = self._one(x, owner != row, features, change)
                    table[step - 1] = self.cap / (1 + np.exp(-z))
            index = pd.MultiIndex.from_product(
                [[region], self.years[-1] + 1 + np.arange(horizon)], names=["region", "period"]
            )
            frames.append(pd.DataFrame(table, index=index, columns=self.levels))
        return Distribution(pd.concat(frames))

    def _one(self, x: np.ndarray, others: np.ndarray, features: np.ndarray, change: np.ndarray) -> np.ndarray:
        scale = features.std(axis=0) + 1e-9
        if self.kind == "analogues":
            features, change = features[others], change[others]
            far = ((features[:, 0] - x[0]) / (0.5 * scale[0])) ** 2 + ((features[:, 2] - x[2]) / (0.35 * scale[2])) ** 2
            far += ((features[:, 1] - x[1]) / (0.7 * scale[1])) ** 2
            nearest = min(150, len(far) - 1)
            weight = np.clip(1 - far / max(np.partition(far, nearest)[nearest], 1e-6), 0, None) + 1e-12
            return x[0] + weighted_quantiles(change, weight, self.levels)
        design = np.column_stack(
            [np.ones(len(features)), features, features[:, 0] ** 2, features[:, 0] * features[:, 2]]
        )
        ridge = 1e-5 * len(features) * design.var(axis=0).mean() * np.diag([0.0] + [1.0] * 6)
        beta = np.linalg.solve(design.T @ design + ridge, design.T @ change)
        own = np.array([1, *x, x[0] ** 2, x[0] * x[2]])
        weight = np.exp(-0.5 * ((features[:, 0] - x[0]) / 0.7) ** 2)
        weight *= np.exp(-0.5 * ((np.abs(features[:, 2]) - abs(x[2])) / (0.5 * scale[2])) ** 2)
        return x[0] + own @ beta + weighted_quantiles(change - design @ beta, weight + 1e-9, self.levels)
