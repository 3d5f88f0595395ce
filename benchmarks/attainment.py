"""Will the target be met? The engine beside its peers, on panels whose outcomes are known.

    make bench-attainment
    python benchmarks/attainment.py [--data ../shared/data/benchmark] [--panel NAME ...] [--regions N --draw SEED] [--ets] [--alone] [--write-reliability]

Every origin year the methods see what was known by then and answer the same yes-no questions: will the value reach X in 1, 3 or 5
years, with X at 0.5 to 2 times the recent pace and at round levels. Brier: 0 is best; the standard error is over regions. The engine leans
on a prior made at each origin from the *other* panels' values up to that year: nothing from after an origin, and nothing of the
panel scored, is known to it. ``--regions 34`` gives all methods only so many regions of each panel, drawn by a seed: as a nation of 34 provinces would
have it. ``--ets`` adds damped ETS, which takes minutes.

Rows: ``engine`` is dxanalysis; ``regression`` and ``analogues`` are the pooled baselines of note_models.py; the others are those of
``dxanalysis backtest``. ``four points`` gives the engine only the last four values of every region. ``--alone``: about 34 regions of each panel, spread evenly
over their codes, each forecast as if it were the only one.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from build_prior import prior_of
from dxanalysis import forecast
from dxanalysis.errors import BeyondBounds
from dxanalysis.forecast.backtest.replay import Backtest, replay
from dxanalysis.forecast.pooled.options import PooledOptions
from dxanalysis.forecast.prior import Prior
from note_models import NoteModel

ROOT = Path(__file__).resolve().parents[1]
RELIABILITY = ROOT / "src" / "dxanalysis" / "forecast" / "reliability.json"
WORLD, EU, PAPI = "adoption_world.csv", "adoption_eu_regions.csv", "vietnam_papi.csv"
ALONE = PooledOptions(prior_cases=1e9, damping=0.0)
MANY_ALONE = 34


@dataclass(frozen=True)
class Panel:
    """One row of the table: where its values are, the questions' protocol, and the bar it has to reach."""

    name: str
    file: str
    indicator: str
    cap: float
    bar: float
    left_out: tuple[str, ...]
    least: int = 6
    most: int = 15
    low: float = 2.0
    points: int = 0  # values of a region that the engine is given; 0: all
    only: tuple[str, ...] = ()  # panels the prior is made of; empty: all others
    options: PooledOptions | None = None


PANELS = (
    Panel("world internet users", WORLD, "internet_users_pct", 100, 0.143, ("internet_users_pct",)),
    Panel("same, four points", WORLD, "internet_users_pct", 100, 0.143, ("internet_users_pct",), 4, 4, points=4),
    Panel("EU regions", EU, "daily_internet_users_pct", 100, 0.122, ("daily_internet_users_pct",), 4),
    Panel("PAPI sc63", PAPI, "papi_sc63", 3.34, 0.155, ("papi_",), 4, low=0.0),
    Panel("PAPI sc82", PAPI, "papi_sc82", 3.34, 0.209, ("papi_",), 3, low=0.0),
    Panel("fixed broadband", WORLD, "fixed_broadband_per_100", 60, 0.154, ("fixed_broadband_per_100",)),
    Panel(
        "EU, foreign prior alone", EU, "daily_internet_users_pct", 100, 0.138, ("daily_internet_users_pct", "papi_"), 4,
        only=("internet_users_pct",), options=ALONE,
    ),
)  # fmt: skip


class Engines:
    """Forecasters for the backtest, with the time they took."""

    def __init__(self, panel: Panel, folder: Path) -> None:
        self.panel, self.folder, self.seconds, self.calls = panel, folder, 0.0, 0

    def prior(self, year: int) -> Prior:
        names = ("internet_users_pct", "fixed_broadband_per_100", "mobile_subscriptions_per_100", "basic_water_pct",
                 "basic_sanitation_pct", "daily_internet_users_pct", "papi_")  # fmt: skip
        without = {*self.panel.left_out, *(name for name in names if self.panel.only and name not in self.panel.only)}
        return prior_of(self.folder, without=tuple(without), until=year, forms=("bounded",))

    def engine(self, known: pd.DataFrame, bounds: tuple[float, float]) -> forecast.Fitted:
        year = int(known["period"].max())
        prior = self.prior(year)
        if self.panel.points:
            known = known[known["period"] > year - self.panel.points]
        began = time.perf_counter()
        fitted = forecast.fit(known, bounds=bounds, prior=prior, options=self.panel.options)
        self.seconds += time.perf_counter() - began
        return Timed(fitted, self)

    def alone(self, known: pd.DataFrame, bounds: tuple[float, float]) -> Alone:
        return Alone(known, bounds, self.prior(int(known["period"].max())))

    def note(self, kind: str) -> Callable[[pd.DataFrame, tuple[float, float]], NoteModel]:
        return lambda known, bounds: NoteModel(known, bounds, kind, self.panel.least, self.panel.most)


class Timed:
    """A fitted panel whose forecasts are timed with the fit."""

    def __init__(self, fitted: forecast.Fitted, owner: Engines) -> None:
        self.fitted, self.owner, self.regions = fitted, owner, fitted.regions

    def predict(self, *, horizon: int, regions: list[str]) -> Timed:
        self.owner.calls += len(regions)
        began = time.perf_counter()
        self.made = self.fitted.predict(horizon=horizon, regions=regions)
        self.owner.seconds += time.perf_counter() - began
        return self

    def quantiles(self, levels: list[float]) -> pd.DataFrame:
        began = time.perf_counter()
        table = self.made.quantiles(levels)
        self.owner.seconds += time.perf_counter() - began
        return table


class Alone:
    """Regions forecast one by one, as if each were all there is."""

    def __init__(self, known: pd.DataFrame, bounds: tuple[float, float], prior: Prior) -> None:
        self.known, self.bounds, self.prior = dict(list(known.groupby("region"))), bounds, prior
        self.regions = tuple(self.known)

    def predict(self, *, horizon: int, regions: list[str]) -> Alone:
        fits = [forecast.fit(self.known[region], bounds=self.bounds, prior=self.prior) for region in regions]
        self.made = [fit.predict(horizon=horizon) for fit in fits if fit.regions]
        return self

    def quantiles(self, levels: list[float]) -> pd.DataFrame:
        return pd.concat([made.quantiles(levels) for made in self.made])


def one_by_one(panel: Panel, folder: Path) -> Backtest:
    """The backtest of regions that have no peers."""
    frame = pd.read_csv(folder / panel.file)
    frame = frame[frame["indicator"] == panel.indicator]
    codes = sorted(frame["region"].unique())
    found = replay(
        frame[frame["region"].isin(codes[:: max(len(codes) // MANY_ALONE, 1)])],
        bounds=(0, panel.cap), first=2004, least=panel.least, most=panel.most, low=panel.low, high=min(97.0, panel.cap),
        engine=Engines(panel, folder).alone, compare=("drift",),
    )  # fmt: skip
    if not isinstance(found, Backtest):
        raise SystemExit(f"{panel.name}: the panel is too small")
    return found


def answers(
    panel: Panel, folder: Path, *, ets: bool = False, keep: int = 0, draw: int = 0
) -> tuple[dict[str, Backtest], pd.DataFrame, float]:
    """Backtests by method; chances of all methods on the questions that all answer, with target and met; milliseconds an origin."""
    frame = pd.read_csv(folder / panel.file)
    frame = frame[frame["indicator"] == panel.indicator]
    if keep:  # of those with values enough to be asked about
        count = frame["region"].value_counts().sort_index()
        able = count.index[count >= max(panel.least, 5)].to_numpy()
        frame = frame[
            frame["region"].isin(np.random.default_rng(draw).choice(able, min(keep, len(able)), replace=False))
        ]
    engines = Engines(panel, folder)
    makers = {
        "engine": engines.engine,
        "regression": engines.note("regression"),
        "analogues": engines.note("analogues"),
    }
    compare = ("drift", "theta", "line", "traffic-light", *(("ets",) if ets else ()))
    found = {}
    for name, maker in makers.items():
        found[name] = replay(
            frame, bounds=(0, panel.cap), first=2004, least=panel.least, most=panel.most, low=panel.low,
            high=min(97.0, panel.cap), engine=maker, compare=compare if name == "engine" else (),
        )  # fmt: skip
    if not all(isinstance(one, Backtest) for one in found.values()):
        raise SystemExit(f"{panel.name}: the panel is too small")
    # the same cell asks the same questions in the same order, whichever engine answers
    cell = ["region", "origin", "horizon"]
    asked = {
        name: one.questions.assign(order=one.questions.groupby(cell).cumcount()).set_index([*cell, "order"])
        for name, one in found.items()
    }
    chances = asked["engine"]
    rows = {name.removeprefix("p_"): chances[name] for name in chances.columns if name.startswith("p_")}
    rows["engine"] = rows.pop("model")
    for name in ("regression", "analogues"):
        rows[name] = asked[name]["p_model"]
    table = pd.DataFrame(rows).dropna().clip(0.005, 0.995)
    table = table.join(chances[["target", "met"]])
    return found, table, 1000 * engines.seconds / max(engines.calls, 1)


def run(panel: Panel, folder: Path, *, ets: bool, keep: int = 0, draw: int = 0) -> tuple[Backtest, pd.DataFrame, float]:
    """The engine's backtest, the scores of all methods on the same questions, and milliseconds an origin."""
    found, table, spent = answers(panel, folder, ets=ets, keep=keep, draw=draw)
    losses = table.drop(columns=["target", "met"]).sub(table["met"].astype(float), axis=0) ** 2
    regions = table.index.get_level_values("region")
    scores = pd.DataFrame({"brier": losses.mean()})
    for name in losses.columns:
        sums = (losses[name] - losses[name].mean()).groupby(regions).sum()
        scores.loc[name, "se"] = float(np.sqrt((sums**2).sum()) / len(losses))
    scores["questions"] = len(losses)
    for name, one in found.items():
        held = one.coverage.set_index(["method", "level", "horizon"])["held"]
        for level in (80, 95):
            cells = [held.get(("model", level, h), held.get(("model", level / 100, h), np.nan)) for h in (1, 3, 5)]
            scores.loc[name, f"held_{level}"] = "/".join("-" if np.isnan(cell) else f"{cell:.0f}" for cell in cells)
    return found["engine"], scores.sort_values("brier"), spent


def reliability(results: dict[Panel, Backtest], alone: dict[Panel, Backtest]) -> str:
    """What the engine said and what came true, by panel, with peers and of regions one by one, as the package carries it."""
    head = {"format": 2, "made_by": "benchmarks/attainment.py"}
    top = ",\n".join(f' "{name}": {json.dumps(value)}' for name, value in head.items())
    parts = (
        f' "{name}": [\n' + ",\n".join("  " + json.dumps(panel) for panel in _records(of)) + "\n ]"
        for name, of in (("panels", results), ("alone", alone))
    )
    return "{\n" + top + ",\n" + ",\n".join(parts) + "\n}\n"


def _records(results: dict[Panel, Backtest]) -> list[dict[str, object]]:
    panels = []
    for panel, found in results.items():
        bins = found.reliability[found.reliability["method"] == "model"]
        own = found.scores.set_index("method")  # on the questions of the bins, not only those that the peers answer too
        row = own.loc["model"]
        panels.append(
            {
                "name": panel.indicator,
                "regions": found.n_regions,
                "questions": len(found.questions),
                "first_origin": found.first_origin,
                "last_origin": found.last_origin,
                "brier": round(float(own.loc["model", "brier"]), 4),
                "base_rate_brier": round(float(own.loc["base_rate", "brier"]), 4),
                "drift_brier": round(float(own.loc["drift", "brier"]), 4),
                "cover_80": round(float(row["coverage_80"]) / 100, 3),
                "cover_95": round(float(row["coverage_95"]) / 100, 3),
                "bins": [
                    {"low": round(float(one.low), 2), "high": round(float(one.high), 2), "n": int(one.n),
                     "said": round(float(one.forecast), 4), "met": round(float(one.met), 4)}
                    for one in bins.itertuples() if one.n
                ],
            }
        )  # fmt: skip
    return panels


def many(series: int) -> str:
    """Time and memory of very many series to 2035."""
    rng = np.random.default_rng(0)
    z = rng.normal(-1, 1, series)[:, None] + np.cumsum(rng.normal(0.15, 0.12, (series, 15)), axis=1)
    panel = pd.DataFrame(
        {
            "region": np.repeat([f"R{at:06d}" for at in range(series)], 15),
            "period": np.tile(np.arange(2010, 2025), series),
            "value": (100 / (1 + np.exp(-z))).ravel().round(2),
        }
    )
    began = time.perf_counter()
    forecast.fit(panel, bounds=(0, 100)).predict(horizon=11).quantiles([0.025, 0.1, 0.5, 0.9, 0.975])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return f"{series:,} series to 2035: {time.perf_counter() - began:.1f} s, peak memory {peak:.1f} GB"


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "benchmark")
    ask.add_argument("--panel", action="append", help="only the panels whose name holds this")
    ask.add_argument("--regions", type=int, default=0, help="only so many regions of each panel; 0: all")
    ask.add_argument("--draw", type=int, default=0, help="seed of the draw of regions")
    ask.add_argument("--ets", action="store_true", help="add damped ETS (minutes)")
    ask.add_argument("--alone", action="store_true", help="regions one by one, as if each had no peers")
    ask.add_argument("--write-reliability", action="store_true", help="write the package's reliability.json")
    options = ask.parse_args()
    if options.write_reliability and (options.regions or options.panel):
        ask.error("--write-reliability is of all panels with all their regions")
    if not options.data.is_dir():
        print(f"No panels at {options.data.name}: they are not part of this repository. Pass --data FOLDER.")
        return 0
    warnings.simplefilter("ignore", BeyondBounds)
    results = {}
    for panel in PANELS:
        if options.panel and not any(part.lower() in panel.name.lower() for part in options.panel):
            continue
        began = time.perf_counter()
        found, scores, each = run(panel, options.data, ets=options.ets, keep=options.regions, draw=options.draw)
        results[panel] = found, scores, each
        engine = scores.loc["engine"]
        verdict = f"to reach {panel.bar:.3f}: {'reached' if engine['brier'] <= panel.bar else 'NOT reached'}"
        if options.regions:
            verdict = f"{options.regions} regions of draw {options.draw}"  # the bars are those of whole panels
        print(
            f"\n{panel.name}: {int(engine['questions']):,} questions, {found.n_regions} regions, origins {found.first_origin}-"
            f"{found.last_origin}; {verdict}; {each:.2f} ms an origin; {time.perf_counter() - began:.0f} s"
        )
        print(f"  {'':14}{'Brier':>7}{'se':>8}   80 % range holds h1/h3/h5   95 %")
        for name, row in scores.iterrows():
            held = [row.get("held_80"), row.get("held_95")]
            shown = f"   {held[0]:>10}{'':16}{held[1]:>10}" if isinstance(held[0], str) else ""
            print(f"  {name!s:14}{row['brier']:7.4f}{row['se']:8.4f}{shown}")
    if not options.panel and not options.regions:
        print("\n" + many(100_000))
    kept = {panel: one for panel, (one, _, _) in results.items() if not panel.points and panel.options is None}
    alone = {}
    if options.alone or options.write_reliability:
        print("\nOne region alone, with a prior of the other panels:")
        for panel in kept:
            alone[panel] = found = one_by_one(panel, options.data)
            row = found.scores.set_index("method")
            held = [
                "/".join(f"{row.loc['model'].get(f'coverage_{level}_{h}', np.nan):.0f}" for h in (1, 3, 5))
                for level in (80, 95)
            ]
            brier = ", ".join(f"{name} {row.loc[name, 'brier']:.3f}" for name in ("model", "drift", "base_rate"))
            print(
                f"  {panel.name:22} {len(found.questions):6,} questions, {found.n_regions} regions: Brier {brier}; 80 % {held[0]}, 95 % {held[1]}"
            )
    if options.write_reliability:
        RELIABILITY.write_text(reliability(kept, alone), encoding="utf-8")
        print(f"wrote {RELIABILITY.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
