"""How good the local model is: replay the past, ask yes-no questions with known answers, score beside simpler rules.

    python benchmarks/local_forecast.py [--data ../shared/data/benchmark/adoption_world.csv] [--origins 1000] [--points 15]

Data: a CSV with columns indicator, region, year, value. One origin is a region and a year; only values up to that year are used, at
least ``--least`` and at most ``--points`` in a row. Questions: will the value be at or above X in 1, 3 or 5 years, with X at 0.5, 1,
1.5 and 2 times the recent pace and at round levels. The values are one late vintage, so revisions play no part here.

Rows: ``local`` is dxanalysis.forecast; ``drift`` a random walk with drift on the plain scale with normal errors; ``traffic light`` the
linear pace rule (recent pace at least 95 % of the required one) read as 99 % or 1 %; ``Eurostat`` the growth-rate rule read the same
way; ``base rate`` the share of questions met among those already decided at the origin.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from dxanalysis import forecast

HORIZONS = (1, 3, 5)
PACES = (0.5, 1.0, 1.5, 2.0)
LEVELS = np.array([25, 50, 60, 70, 80, 90, 95.0])
DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "benchmark" / "adoption_world.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    region: str
    year: int
    history: np.ndarray
    outcomes: dict[int, float]

    @property
    def pace(self) -> float:
        """Change a year over the last five years or fewer."""
        back = min(5, len(self.history) - 1)
        return float(self.history[-1] - self.history[-1 - back]) / back

    def targets(self, horizon: int) -> list[float]:
        """Values a planner might set for this horizon."""
        now, step = self.history[-1], max(self.pace, 0.5)
        ahead = [now + pace * step * horizon for pace in PACES]
        ahead += [level for level in LEVELS if now + 1 < level <= now + 3 * horizon * max(step, 1.0)]
        return [float(goal) for goal in ahead if goal <= 99.5]


def origins(data: pd.DataFrame, least: int, most: int, first: int) -> Iterator[Origin]:
    for region, rows in data.groupby("region"):
        values = dict(zip(rows["year"], rows["value"], strict=True))
        for year, value in values.items():
            history: list[float] = []
            while len(history) < most and (year - len(history)) in values:
                history.insert(0, values[year - len(history)])
            outcomes = {h: values[year + h] for h in HORIZONS if year + h in values}
            if len(history) >= least and 2 <= value <= 97 and year >= first and outcomes:
                yield Origin(region=str(region), year=int(year), history=np.array(history), outcomes=outcomes)


def drift(history: np.ndarray, horizon: int) -> tuple[float, float]:
    """Mean and standard deviation of a random walk with drift."""
    steps = np.diff(history)
    spread = max(float(steps.std(ddof=1)), 1e-3)
    return history[-1] + horizon * steps.mean(), spread * np.sqrt(horizon * (1 + horizon / len(steps)))


def local(history: np.ndarray, seed: int) -> np.ndarray:
    """Paths of the local model, array (draws, 5)."""
    panel = pd.DataFrame({"region": "x", "period": 2000 + np.arange(len(history)), "value": history})
    return forecast.fit(panel, bounds=(0, 100)).predict(horizon=max(HORIZONS), draws=2000, seed=seed).of("x")


def eurostat(history: np.ndarray, goal: float, horizon: int) -> float:
    recent = history[-6:]
    result = forecast.eurostat(
        list(range(len(recent))), list(recent), target=goal, deadline=len(recent) - 1 + horizon, base=0
    )
    if isinstance(result, forecast.NotApplicable):
        return 0.99 if result.reason == "base_past_target" else 0.01
    return 0.99 if result.assessment == "significant_progress" else 0.01


def questions(sample: list[Origin]) -> pd.DataFrame:
    rows = []
    for number, origin in enumerate(sample):
        paths = local(origin.history, number)
        for horizon, outcome in origin.outcomes.items():
            mean, spread = drift(origin.history, horizon)
            inside = {
                "local": np.quantile(paths[:, horizon - 1], [0.1, 0.9]),
                "drift": mean + spread * norm.ppf([0.1, 0.9]),
            }
            for goal in origin.targets(horizon):
                required = (goal - origin.history[-1]) / horizon
                rows.append(
                    {
                        "region": origin.region,
                        "cell": (number, horizon),
                        "hit": outcome >= goal,
                        "local": np.clip(np.mean(paths[:, horizon - 1] >= goal), 0.01, 0.99),
                        "drift": np.clip(norm.sf((goal - mean) / spread), 0.01, 0.99),
                        "traffic light": 0.99 if origin.pace >= 0.95 * required else 0.01,
                        "Eurostat": eurostat(origin.history, goal, horizon),
                        "origin": origin.year,
                        "horizon": horizon,
                        **{f"in {name}": low <= outcome <= high for name, (low, high) in inside.items()},
                    }
                )
    return pd.DataFrame(rows)


def base_rates(everything: list[Origin], asked: pd.DataFrame) -> np.ndarray:
    """Share met among the questions of the same horizon decided by each origin year; NaN where there are fewer than 30."""
    past = pd.DataFrame(
        [
            (horizon, origin.year + horizon, outcome >= goal)
            for origin in everything
            for horizon, outcome in origin.outcomes.items()
            for goal in origin.targets(horizon)
        ],
        columns=["horizon", "decided", "hit"],
    )
    rates = {}
    for horizon, year in {(h, y) for h, y in zip(asked["horizon"], asked["origin"], strict=True)}:
        known = past[(past["horizon"] == horizon) & (past["decided"] <= year)]
        rates[horizon, year] = known["hit"].mean() if len(known) >= 30 else np.nan
    return np.array([rates[h, y] for h, y in zip(asked["horizon"], asked["origin"], strict=True)])


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=DEFAULT)
    ask.add_argument("--indicator", default="internet_users_pct")
    ask.add_argument("--origins", type=int, default=1000)
    ask.add_argument("--points", type=int, default=15, help="most values of a history that are used")
    ask.add_argument("--least", type=int, default=0, help="fewest values of a history; 6, or --points when fewer")
    ask.add_argument("--first", type=int, default=2004, help="first origin year that is scored")
    options = ask.parse_args()
    if not options.data.exists():
        print(f"No benchmark data at {options.data.name}: the panel is not part of this repository. Pass --data FILE.")
        return 0
    data = pd.read_csv(options.data)
    data = data[data["indicator"] == options.indicator]
    if data.empty:
        print(f"{options.data.name} has no indicator {options.indicator}.")
        return 1
    started = time.perf_counter()
    everything = list(origins(data, options.least or min(6, options.points), options.points, options.first - 8))
    scored = [origin for origin in everything if origin.year >= options.first]
    chosen = np.random.default_rng(1).permutation(len(scored))[: options.origins]
    asked = questions([scored[at] for at in sorted(chosen)])
    asked["base rate"] = base_rates(everything, asked)
    asked = asked.dropna()
    hit = asked["hit"].to_numpy(dtype=float)
    print(
        f"{options.indicator}: {len(chosen)} origins of {len(scored)}, {len(asked)} questions, "
        f"{asked['region'].nunique()} regions, {hit.mean():.0%} met, {options.points} points at most"
    )
    cells = asked.drop_duplicates("cell")
    print(
        f"{'':14} {'Brier':>6} {'se':>6} {'80 % range holds':>17} {'said >= 80 %: met':>18} {'said <= 20 %: met':>18}"
    )
    for name in ("local", "base rate", "drift", "traffic light", "Eurostat"):
        loss = (asked[name].to_numpy(dtype=float) - hit) ** 2
        by_region = (
            pd.DataFrame({"region": asked["region"], "loss": loss - loss.mean()}).groupby("region")["loss"].sum()
        )
        error = np.sqrt((by_region**2).sum()) / len(loss)  # regions are the independent units, not questions
        held = f"{cells[f'in {name}'].mean():.0%}" if f"in {name}" in cells else "-"
        sure, unlikely = hit[asked[name] >= 0.8], hit[asked[name] <= 0.2]
        shares = [f"{part.mean():.0%} of {len(part)}" if len(part) else "-" for part in (sure, unlikely)]
        print(f"{name:14} {loss.mean():6.3f} {error:6.3f} {held:>17} {shares[0]:>18} {shares[1]:>18}")
    print(f"{time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
