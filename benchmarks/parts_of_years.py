"""How good forecasts of half-years, quarters and months are: rolling origins of a panel, beside models of single series.

    python benchmarks/parts_of_years.py [--data FILE.csv] [--bounds 0:100] [--origins 24] [--most 60] [--years]

``--data``: a CSV with columns region, period ("2024-Q2", "2024-03", "2024-H1"), value; without it a simulated panel (seed 1). At each of up to
24 origins, all parts of the year taking turns, every method forecasts one period, half a year, a year, two and three years. CRPS is the
mean pinball loss at 100 levels, twice; beside it stands how much lower it is than the seasonal naive forecast's on the same questions.
``--years``: the ends of the next years instead, forecast from all parts of years and from the last parts of years alone, as a report has the choice.
``ETS`` is statsmodels' with an additive damped trend and season, on the engine's scale; both peers have normal errors.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from dxanalysis import forecast
from dxanalysis.forecast.panel import Grid, read_panel
from dxanalysis.forecast.scale import Scale

LEVELS = np.linspace(0.005, 0.995, 100)
YEARS = 3
Paths = tuple[np.ndarray, np.ndarray]


def simulated() -> pd.DataFrame:
    """Forty regions with shares that rise at their own pace, a season of their own and noise, in quarters of twelve years."""
    rng = np.random.default_rng(1)
    quarters = np.arange(48)
    pace = 0.25 + 0.1 * rng.normal(size=(40, 1))
    season = np.tile(0.15 * (rng.normal(size=4) + 0.3 * rng.normal(size=(40, 4))), 12)
    level = (
        -2 + 0.5 * rng.normal(size=(40, 1)) + pace * quarters / 4 + np.cumsum(0.03 * rng.normal(size=(40, 48)), axis=1)
    )
    values = 100 / (1 + np.exp(-(level + season + 0.05 * rng.normal(size=(40, 48)))))
    return pd.DataFrame(
        [(f"r{row:02d}", f"{2010 + q // 4}-Q{q % 4 + 1}", values[row, q]) for row in range(40) for q in quarters],
        columns=["region", "period", "value"],
    )


def seasonal_naive(y: np.ndarray, per_year: int, ahead: int) -> Paths:
    years = np.arange(ahead) // per_year + 1
    size = np.sqrt(np.mean(np.square(y[per_year:] - y[:-per_year])))
    return y[-per_year:][np.arange(ahead) % per_year], size * np.sqrt(years)


def ets(y: np.ndarray, per_year: int, ahead: int) -> Paths:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ETSModel(pd.Series(y), trend="add", damped_trend=True, seasonal="add", seasonal_periods=per_year)
        found = model.fit(disp=False).get_prediction(start=len(y), end=len(y) + ahead - 1).summary_frame(alpha=0.05)
    return found["mean"].to_numpy(), (found["pi_upper"] - found["mean"]).to_numpy() / 1.96


PEERS: dict[str, Callable[[np.ndarray, int, int], Paths]] = {"seasonal naive": seasonal_naive, "ETS": ets}


def replay(panel: pd.DataFrame, bounds: tuple[float | None, float | None], origins: int) -> tuple[pd.DataFrame, Grid]:
    """Quantiles of every method, region, origin and horizon, with what came."""
    scale = Scale.of("share" if bounds[1] is not None else "level", *bounds)
    grid = read_panel(panel, scale)
    width, per_year = grid.values.shape[1], grid.per_year
    ahead = YEARS * per_year
    horizons = sorted({1, max(per_year // 2, 1), per_year, 2 * per_year, ahead})
    first = max(3 * per_year + 1, width // 4)
    every = max((width - 1 - first) // origins, 1)
    every += every > 1 and every % per_year == 0  # so that all parts of the year are origins
    rows: list[tuple[object, ...]] = []
    for at in range(first, width - 1, every):
        known = np.isfinite(grid.values[:, : at + 1])
        whole = known[:, -1] & (known.sum(axis=1) == at + 1 - known.argmax(axis=1)) & (known.sum(axis=1) > 2 * per_year)
        chosen = [region for region, take in zip(grid.regions, whole, strict=True) if take]
        if not chosen:
            continue
        so_far = panel[panel["period"].isin([grid.label(column) for column in range(at + 1)])]
        began = time.perf_counter()
        own = forecast.fit(so_far, bounds=bounds).predict(horizon=ahead, regions=chosen).quantiles(LEVELS.tolist())
        engine = own.to_numpy().reshape(len(chosen), ahead, len(LEVELS))
        spent = (time.perf_counter() - began) * 1000 / len(chosen)
        for row, region in enumerate(chosen):
            values = grid.values[grid.regions.index(region)]
            history = scale.forward(values[: at + 1][np.isfinite(values[: at + 1])])
            quantiles, cost = {"engine": engine[row]}, {"engine": spent}
            for name, peer in PEERS.items():
                began = time.perf_counter()
                centre, size = peer(history, per_year, ahead)
                cost[name] = (time.perf_counter() - began) * 1000
                quantiles[name] = scale.inverse(centre[:, None] + size[:, None] * ndtri(LEVELS))
            for step in horizons:
                if at + step < width and np.isfinite(values[at + step]):
                    came = values[at + step]
                    rows += [(name, step, came, cost[name], *one[step - 1]) for name, one in quantiles.items()]
    return pd.DataFrame(rows, columns=["method", "step", "came", "ms", *LEVELS]), grid


def against_years(
    panel: pd.DataFrame, bounds: tuple[float | None, float | None], origins: int, most: int
) -> tuple[pd.DataFrame, Grid]:
    """Quantiles of the ends of the next three years, by all parts of years and by the last ones alone, with what came; ``most``: regions given."""
    grid = read_panel(panel, Scale.of("share" if bounds[1] is not None else "level", *bounds))
    width, per_year = grid.values.shape[1], grid.per_year
    ends = [column for column in range(width) if (grid.first + column + 1) % per_year == 0]
    first = max(ends[2] if len(ends) > 2 else width, 3 * per_year - 1)
    places = range(first, width - 1, max((width - 1 - first) // origins, 1))
    rows: list[tuple[object, ...]] = []
    for at in places:
        so_far = panel[panel["period"].isin([grid.label(column) for column in range(at + 1)])]
        known = [column for column in ends if column <= at]
        of_years = so_far[so_far["period"].isin([grid.label(column) for column in known])]
        of_years = of_years.assign(period=[int(str(period)[:4]) for period in of_years["period"]])
        counts = of_years["region"].value_counts()
        chosen = [
            one
            for one in grid.regions
            if counts.get(one, 0) >= 3 and np.isfinite(grid.values[grid.regions.index(one), at])
        ]
        coming = [column for column in ends if column > at][:YEARS]
        if not coming:
            continue
        # of few regions each is forecast with its neighbours only, as a small country would
        for some in [chosen[start : start + most] for start in range(0, len(chosen), most)]:
            made = {}
            for name, known_then in (("parts", so_far), ("years", of_years)):
                fitted = forecast.fit(known_then[known_then["region"].isin(some)], bounds=bounds)
                ahead = (coming[-1] - at) if name == "parts" else len(coming)
                told = fitted.predict(horizon=ahead, regions=some).quantiles(LEVELS.tolist())
                made[name] = told.to_numpy().reshape(len(some), ahead, -1)
            for row, region in enumerate(some):
                for number, column in enumerate(coming):
                    came = grid.values[grid.regions.index(region), column]
                    if np.isfinite(came):
                        rows.append(("by years", number + 1, came, 0.0, *made["years"][row, number]))
                        rows.append(("by parts", number + 1, came, 0.0, *made["parts"][row, column - at - 1]))
    return pd.DataFrame(rows, columns=["method", "step", "came", "ms", *LEVELS]), grid


def table(found: pd.DataFrame, naive_is: str = "seasonal naive") -> None:
    quantiles, came = found[list(LEVELS)].to_numpy(dtype=float), found["came"].to_numpy(dtype=float)[:, None]
    scored = found[["method", "step", "ms"]].assign(
        crps=2 * np.mean(np.maximum(LEVELS * (came - quantiles), (LEVELS - 1) * (came - quantiles)), axis=1),
        within_80=[np.interp(y, q, LEVELS, 0, 1) for y, q in zip(came.ravel(), quantiles, strict=True)],
    )
    place = scored["within_80"]
    scored["within_80"], scored["within_95"] = place.between(0.1, 0.9), place.between(0.025, 0.975)
    naive = scored[scored["method"] == naive_is].groupby("step")["crps"].mean()
    steps = list(naive.index)
    print(f"{'':16}{'CRPS':>10}  lower than {naive_is}, by horizon {steps}; held 80 %; 95 %; ms a series")
    for method, rows in scored.groupby("method", sort=False):
        mean = rows.groupby("step")[["crps", "within_80", "within_95"]].mean()
        gain = " ".join(f"{share:+5.0%}" for share in 1 - mean["crps"] / naive)
        held = [" ".join(f"{share:4.0%}" for share in mean[name]) for name in ("within_80", "within_95")]
        print(f"{method!s:16}{rows['crps'].mean():10.4g}  {gain};  {held[0]};  {held[1]};  {rows['ms'].mean():.1f}")


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, help="CSV with region, period, value")
    ask.add_argument("--bounds", default="0:100", help="bounds of the values, such as 0:100, or 0: for none above")
    ask.add_argument("--origins", type=int, default=24, help="origins at most")
    ask.add_argument("--most", type=int, default=60, help="regions at most")
    ask.add_argument(
        "--years", action="store_true", help="ends of years from all parts of years, or from the last ones alone"
    )
    ask.add_argument("--together", type=int, default=60, help="with --years: regions that are learnt from together")
    options = ask.parse_args()
    if options.data is not None and not options.data.is_file():
        print(f"There is no file {options.data.name}.")
        return 1
    panel = simulated() if options.data is None else pd.read_csv(options.data, dtype={"region": str, "period": str})
    low, high = (float(part) if part else None for part in options.bounds.split(":"))
    panel = panel[panel["region"].isin(sorted(panel["region"].unique())[: options.most])]
    found, grid = (
        against_years(panel, (low, high), options.origins, options.together)
        if options.years
        else replay(panel, (low, high), options.origins)
    )
    name = "simulated panel (seed 1)" if options.data is None else options.data.name
    print(f"{name}: {len(grid.regions)} regions, {grid.label(0)} to {grid.label(grid.values.shape[1] - 1)}")
    table(found, "by years" if options.years else "seasonal naive")
    return 0


if __name__ == "__main__":
    sys.exit(main())
