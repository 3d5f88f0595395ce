"""Do the paths of several regions and years belong together? Questions that need more than one number of a forecast, on panels whose outcomes are known.

    make bench-joint
    python benchmarks/joint_questions.py [--data ../shared/data/benchmark] [--panel NAME ...]
    python benchmarks/joint_questions.py --file PANEL.csv --indicator X [--bounds 0 100] [--first 2004]

Every origin year the engine sees what was known by then, with the prior that `attainment.py` gives it (none with ``--file``), and draws paths of all regions. Asked is

- *by*: will a target be met at any time within 3 or 5 years (targets as in `attainment.py`)? Beside it the chance at the end of the time, read as the
  chance within it, and the years multiplied as if they had nothing in common;
- *best third*: will a region be in the best third then? Beside it how often regions within and outside the third were there so many years later,
  at earlier origins, and "who is there stays there";
- *cases like it*: the share of the past cases named beside a target that changed by what it needs (``n_managed`` of ``n_similar``), read as a probability that it is met 1, 3 or 5
  years ahead. Beside it the engine on the same questions, and how many were met where 70 to 90 % of the cases had managed;
- *mean* of the regions and *how many* of them reach a level: what the 80 and 95 % ranges hold, and the CRPS. Beside it the same ranges with each region's paths shuffled: as
  if regions had nothing in common.

Brier and CRPS: 0 is best. CRPS of the mean is in mean absolute deviations of a single region's forecast, of how many in parts of the regions. Levels of *how many*: the lower
quartile, median and upper quartile of the regions' values at the origin, moved on by 0.5 to 2 times the median pace.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from attainment import PANELS, ROOT, Engines, Panel
from dxanalysis import forecast
from dxanalysis.errors import BeyondBounds, DxError
from dxanalysis.forecast.backtest import scores
from dxanalysis.forecast.backtest.panel_file import read_panel_file
from dxanalysis.forecast.backtest.questions import PACES, Origins, ask, find_origins, spread_out
from dxanalysis.forecast.backtest.replay import LEVELS
from dxanalysis.forecast.prior import Prior

HORIZONS = (1, 3, 5)
LEAST_REGIONS = 8
LEAST_CASES = 50
_EDGE = 0.005

Fit = Callable[[pd.DataFrame, int], forecast.Fitted]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Origin:
    """One origin year: the forecast, its paths (draws, regions, years) and what came (regions, years), NaN where it is not known; ``cells`` numbers its regions among all origins."""

    year: int
    cells: np.ndarray
    now: np.ndarray
    pace: np.ndarray
    came: np.ndarray
    predicted: forecast.Predictive

    @property
    def paths(self) -> np.ndarray:
        return self.predicted.draws

    def known(self, horizon: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Paths, outcomes and which regions have one, so many years ahead."""
        has = np.isfinite(self.came[:, horizon - 1])
        return self.paths[:, has, horizon - 1], self.came[has, horizon - 1], has


def origins_of(panel: pd.DataFrame, found: Origins, fit: Fit, first: int) -> Iterator[Origin]:
    """All origins from ``first`` on, each with the paths drawn at it."""
    for year in np.unique(found.year[found.year >= first]).tolist():
        fitted = fit(panel[panel["period"] <= year], year)
        able = set(fitted.regions)
        here = np.array([at for at in np.flatnonzero(found.year == year) if found.region[at] in able])
        if len(here) >= LEAST_REGIONS:
            predicted = fitted.predict(horizon=max(HORIZONS), regions=[str(found.region[at]) for at in here])
            yield Origin(year, here, found.history[here, -1], found.pace[here], found.outcome[here], predicted)


def squared(chance: np.ndarray, met: np.ndarray) -> np.ndarray:
    return (np.clip(chance, _EDGE, 1 - _EDGE) - met) ** 2


def within_time(origin: Origin, asked: pd.DataFrame) -> Rows:
    """Targets at any time up to 3 and 5 years ahead; ``asked`` as :func:`ask` gives them."""
    rows: Rows = []
    here = asked[asked["cell"].isin(origin.cells) & asked["horizon"].isin(HORIZONS[1:])]
    for cell, horizon, target in here[["cell", "horizon", "target"]].itertuples(index=False):
        at = int(np.searchsorted(origin.cells, cell))
        came = origin.came[at, :horizon]
        if np.isfinite(came).all():
            reached = origin.paths[:, at, :horizon] >= target
            met = float(came.max() >= target)
            rows.append(
                {
                    "engine": squared(reached.any(axis=1).mean(), met),
                    "at the end": squared(reached[:, -1].mean(), met),
                    "years multiplied": squared(1 - np.prod(1 - reached.mean(axis=0)), met),
                }
            )
    return rows


def like_it(origin: Origin, asked: pd.DataFrame) -> Rows:
    """Past cases most like each region's, and how many of them changed by what a target needs."""
    rows: Rows = []
    if origin.predicted.cases_of is None:
        return rows
    here = asked[asked["cell"].isin(origin.cells) & asked["horizon"].isin(HORIZONS)]
    for (cell, horizon), group in here.groupby(["cell", "horizon"]):
        at = int(np.searchsorted(origin.cells, cell))
        came = origin.came[at, int(horizon) - 1]
        cases = origin.predicted.cases_of(origin.predicted.regions[at], int(horizon))
        if not np.isfinite(came) or len(cases) < LEAST_CASES:
            continue
        for target in group["target"]:
            managed, met = float((cases >= target - origin.now[at] - 1e-9).mean()), float(came >= target)
            chance = (origin.paths[:, at, int(horizon) - 1] >= target).mean()
            rows.append(
                {"engine": squared(chance, met), "cases": squared(managed, met), "managed": managed, "met": met}
            )
    return rows


def in_best_third(origin: Origin, before: dict[int, list[tuple[int, np.ndarray, np.ndarray]]]) -> Rows:
    """Regions in the best third; ``before`` holds who was and who came to be in it, by horizon, and is added to."""
    rows: Rows = []
    for horizon in HORIZONS:
        paths, came, has = origin.known(horizon)
        if len(came) < LEAST_REGIONS:
            continue
        most = len(came) // 3
        was, met = (1 + (one[None, :] > one[:, None]).sum(axis=1) <= most for one in (origin.now[has], came))
        chance = np.array([((paths > paths[:, [at]]).sum(axis=1) < most).mean() for at in range(len(came))])
        past = [(one, then) for year, one, then in before.get(horizon, []) if year + horizon <= origin.year]
        if past:
            one, then = (np.concatenate(part) for part in zip(*past, strict=True))
            usual = np.where(was, then[one].mean(), then[~one].mean())
            score = zip(squared(chance, met), squared(usual, met), squared(was * 1.0, met), strict=True)
            rows += [
                dict(zip(("engine", "as often as before", "who is there stays"), part, strict=True)) for part in score
            ]
        before.setdefault(horizon, []).append((origin.year, was, met))
    return rows


def shuffled(paths: np.ndarray) -> np.ndarray:
    """The same paths of every region, in another order each: regions with nothing in common."""
    return np.random.default_rng(0).permuted(paths, axis=0)


def crps(draws: np.ndarray, came: float) -> float:
    return float(scores.crps(np.quantile(draws, LEVELS)[None], LEVELS, [came])[0])


def together(origin: Origin) -> tuple[Rows, Rows]:
    """The mean of the regions, and how many reach a level."""
    means, counts = [], []
    for horizon in HORIZONS:
        paths, came, has = origin.known(horizon)
        if len(came) < LEAST_REGIONS:
            continue
        unit = float(np.abs(paths - np.median(paths, axis=0)).mean()) + 1e-12
        both = {"engine": paths, "apart": shuffled(paths)}
        row: dict[str, Any] = {"horizon": horizon}
        for name, one in both.items():
            whole = one.mean(axis=1)
            row |= {name: float((whole < came.mean()).mean()), f"crps {name}": crps(whole, came.mean()) / unit}
        means.append(row)
        for pace in PACES:
            for part in (0.25, 0.5, 0.75):
                level = np.quantile(origin.now[has], part) + pace * horizon * np.median(origin.pace[has])
                row, met = {"horizon": horizon}, int((came >= level).sum())
                for name, one in both.items():
                    number = (one >= level).sum(axis=1)
                    row[name] = float((number < met).mean() + 0.5 * (number == met).mean())
                    row[f"crps {name}"] = crps(number, met) / len(came)
                counts.append(row)
    return means, counts


def held(rows: pd.DataFrame, name: str, part: float) -> str:
    """Percent of outcomes within the central range, by horizon."""
    inside = (rows[name] >= (1 - part) / 2) & (rows[name] <= (1 + part) / 2)
    by = inside.groupby(rows["horizon"]).mean()
    return "/".join(f"{100 * by[h]:.0f}" if h in by else "-" for h in HORIZONS)


def scored(panel: pd.DataFrame, bounds: tuple[float, float], fit: Fit, *, first: int, least: int, low: float) -> str:
    """Lines of one panel (region, period, value)."""
    tidy = panel.rename(columns={"period": "year"})
    years = range(1, max(HORIZONS) + 1)
    found = find_origins(
        spread_out(tidy), horizons=years, first=first, least=least, most=15,
        within=(low, min(97.0, bounds[1])),
    )  # fmt: skip
    asked = ask(found, horizons=years, bounds=bounds)
    by: Rows = []
    alike: Rows = []
    third: Rows = []
    means: Rows = []
    counts: Rows = []
    before: dict[int, list[tuple[int, np.ndarray, np.ndarray]]] = {}
    origins = 0
    for origin in origins_of(panel, found, fit, first):
        origins += 1
        by += within_time(origin, asked)
        alike += like_it(origin, asked)
        third += in_best_third(origin, before)
        mean, count = together(origin)
        means, counts = means + mean, counts + count
    lines = [f"{origins} origins"]
    for title, rows in (("by", by), ("best third", third)):
        if rows:
            table = pd.DataFrame(rows).astype(float).mean()
            lines.append(
                f"  {title:12}"
                + "   ".join(f"{name} {score:.4f}" for name, score in table.items())
                + f"   ({len(rows):,})"
            )
    if alike:
        table = pd.DataFrame(alike).astype(float)
        much = table[(table["managed"] > 0.7) & (table["managed"] <= 0.9)]
        lines.append(
            f"  {'cases like it':14}engine {table['engine'].mean():.4f}   cases {table['cases'].mean():.4f}   ({len(table):,})   where 70 to 90 % managed "
            f"({100 * much['managed'].mean():.0f} %) {100 * much['met'].mean():.0f} % were met ({len(much):,})"
        )
    for title, rows in (("mean", means), ("how many", counts)):
        if rows:
            table = pd.DataFrame(rows)
            lines += [
                f"  {title:12}{name:8} 80 % holds {held(table, name, 0.8):>9}   95 % {held(table, name, 0.95):>9}   CRPS {table[f'crps {name}'].mean():.4f}"
                for name in ("engine", "apart")
            ]
    return "\n".join(lines)


def of_benchmark(panel: Panel, folder: Path) -> str:
    frame = pd.read_csv(folder / panel.file)
    frame = frame[frame["indicator"] == panel.indicator].rename(columns={"year": "period"})
    values = frame[["region", "period", "value"]].assign(value=frame["value"].clip(0, panel.cap))
    engines, bounds = Engines(panel, folder), (0.0, panel.cap)
    return scored(
        values, bounds,
        lambda known, year: forecast.fit(known, bounds=bounds, prior=engines.prior(year), options=panel.options),
        first=2004, least=panel.least, low=panel.low,
    )  # fmt: skip


def of_file(path: Path, indicator: str, bounds: tuple[float, float], first: int) -> str:
    frame = read_panel_file(path, indicator).rename(columns={"year": "period"})
    low, high = bounds
    return scored(
        frame[["region", "period", "value"]], (low, high),
        lambda known, _: forecast.fit(known, bounds=(low, high), prior=Prior()),
        first=first, least=6, low=low,
    )  # fmt: skip


def main() -> int:
    ask_for = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask_for.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "benchmark")
    ask_for.add_argument("--panel", action="append", help="only those panels of the benchmark whose name holds this")
    ask_for.add_argument("--file", type=Path, help="a panel of your own instead: indicator, region, year, value")
    ask_for.add_argument("--indicator", help='of the file, as "indicator" names it there')
    ask_for.add_argument("--bounds", type=float, nargs=2, default=(0.0, 100.0))
    ask_for.add_argument("--first", type=int, default=2004, help="first origin year")
    options = ask_for.parse_args()
    warnings.simplefilter("ignore", BeyondBounds)
    if options.file:
        try:
            print(
                f"{options.file.name}: {of_file(options.file, options.indicator or '', options.bounds, options.first)}"
            )
        except DxError as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    if not options.data.is_dir():
        print(
            f"No panels at {options.data.name}: they are not part of this repository. Pass --data FOLDER or --file PANEL.csv."
        )
        return 0
    for panel in PANELS:
        if panel.points or (options.panel and not any(part.lower() in panel.name.lower() for part in options.panel)):
            continue
        print(f"\n{panel.name}: {of_benchmark(panel, options.data)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
