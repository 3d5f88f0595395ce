"""How much there was to know: the questions of attainment.py answered by learners that have seen the years to come.

    python benchmarks/hindsight.py [--data ../shared/data/benchmark] [--panel NAME ...]

No forecast may be judged by these rows, and they bound nothing: other learners may do better. They show what knowing the other years would be
worth. ``years`` learns the change over each
horizon from all *other* years of the panel, earlier and later, whose windows do not overlap the one that is asked about: once by a ridge
regression on level, paces, their squares and products, once by boosted trees, and where codes tell a region's country once with its other regions' mean level and pace
besides; spread by boosted trees, shape of errors taken from all, the ones asked about among them. ``slope``
puts the engine's own log odds on a line a horizon that is fitted to the outcomes themselves; ``shocks`` gives it the level of every
origin year and horizon as well.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from attainment import PANELS, ROOT, Panel, answers
from dxanalysis.forecast.pooled.cells import Matrix, features
from dxanalysis.forecast.scale import Scale

LEAST = 60  # other cases to learn from
COUNTRY = {"EU regions": 2}  # letters with which a region's code names its country
STEPS = (1, 3, 5)


def ridge() -> object:
    return make_pipeline(StandardScaler(), PolynomialFeatures(2), StandardScaler(), RidgeCV(np.logspace(-1, 4, 12)))


def trees() -> object:
    return HistGradientBoostingRegressor(
        loss="absolute_error", max_iter=150, learning_rate=0.04, max_leaf_nodes=8, min_samples_leaf=40
    )


def sizes() -> object:
    return HistGradientBoostingRegressor(max_iter=80, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=50)


def apart(make: object, x: np.ndarray, y: np.ndarray, start: np.ndarray, step: int) -> np.ndarray:
    """Values fitted to all starts whose windows do not overlap the one they are for; NaN where those are too few."""
    found = np.full(len(y), np.nan)
    for year in np.unique(start):
        here, others = start == year, (np.abs(start - year) >= step) & np.isfinite(y)
        if others.sum() >= LEAST:
            found[here] = make().fit(x[others], y[others]).predict(x[here])  # type: ignore[operator]
    return found


def of_others(x: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Mean of the other cases of a group; of the case itself where it is alone."""
    _, at = np.unique(group, return_inverse=True)
    count = np.bincount(at)[at][:, None]
    total = np.stack([np.bincount(at, column)[at] for column in x.T], axis=1)
    return np.where(count > 1, (total - x) / np.maximum(count - 1, 1), x)


def with_hindsight(panel: Panel, folder: Path, asked: pd.DataFrame, make: object, letters: int = 0) -> np.ndarray:
    """Chances for each question, array (questions,); with ``letters`` the country of a region is known."""
    frame = pd.read_csv(folder / panel.file)
    wide = frame[frame["indicator"] == panel.indicator].pivot_table(index="region", columns="year", values="value")
    wide = wide.reindex(columns=range(wide.columns.min(), wide.columns.max() + 1)).clip(0, panel.cap)
    scale = Scale.of("share", 0, panel.cap)
    known = np.isfinite(wide.to_numpy())
    values = np.full(known.shape, np.nan)
    values[known] = scale.forward(wide.to_numpy()[known])
    matrix = Matrix.of(values, per_year=1, centred=False)
    rows, columns = np.nonzero(known)
    keep = columns > matrix.first[rows]
    rows, columns = rows[keep].astype(np.int64), columns[keep].astype(np.int64)
    x = features(*matrix.lags(rows, columns), 1)[:, 1:5]
    if letters:
        country = np.array([str(one)[:letters] for one in wide.index])[rows]
        x = np.hstack([x, of_others(x[:, :3], np.char.add(country, columns.astype(str)))])
    place = pd.Series(np.arange(len(rows)), index=pd.MultiIndex.from_arrays([wide.index[rows], wide.columns[columns]]))
    chance = np.full(len(asked), np.nan)
    for step in STEPS:
        within = columns + step < values.shape[1]
        came = np.full(len(rows), np.nan)
        came[within] = values[rows[within], columns[within] + step] - values[rows[within], columns[within]]
        expected = apart(make, x, came, columns, step)
        error = came - expected
        size = np.exp(apart(sizes, x, np.log(np.abs(error) + 0.01), columns, step))
        shape = np.sort((error / size)[np.isfinite(error / size)])
        at = np.flatnonzero(asked["horizon"].to_numpy() == step)
        case = place.reindex(pd.MultiIndex.from_frame(asked.iloc[at][["region", "origin"]])).to_numpy()
        at, case = at[np.isfinite(case)], case[np.isfinite(case)].astype(int)
        needed = scale.forward(asked["target"].to_numpy()[at].clip(0, panel.cap)) - values[rows[case], columns[case]]
        chance[at] = 1 - np.searchsorted(shape, (needed - expected[case]) / size[case]) / len(shape)
        chance[at[~np.isfinite(expected[case] + size[case])]] = np.nan
    return chance


def refitted(odds: np.ndarray, met: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Chances from log odds times a slope a column, plus a level a group, fitted to the outcomes."""
    line = LogisticRegression(C=1e6, fit_intercept=False, max_iter=2000)
    x = np.hstack([odds, groups])
    return np.asarray(line.fit(x, met).predict_proba(x)[:, 1])


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "benchmark")
    ask.add_argument("--panel", action="append", help="the panels whose name holds this; EU regions and PAPI sc63")
    options = ask.parse_args()
    warnings.simplefilter("ignore")
    if not options.data.is_dir():
        print(f"No panels at {options.data.name}: they are not part of this repository. Pass --data FOLDER.")
        return 0
    wanted = [name.lower() for name in options.panel or ("EU regions", "PAPI sc63")]
    for panel in (one for one in PANELS if any(name in one.name.lower() for name in wanted)):
        _, table, _ = answers(panel, options.data)
        asked = table.reset_index()
        met = asked["met"].to_numpy(dtype=float)
        rows = {name: asked[name].to_numpy(dtype=float) for name in ("engine", "regression")}
        learners = [("years, ridge", ridge, 0), ("years, trees", trees, 0)]
        if panel.name in COUNTRY:
            learners.append(("years and countries, trees", trees, COUNTRY[panel.name]))
        for name, make, letters in learners:
            rows[name] = with_hindsight(panel, options.data, asked, make, letters).clip(0.005, 0.995)
            rows[f"mean of engine and {name}"] = (rows["engine"] + rows[name]) / 2
        horizons = pd.get_dummies(asked["horizon"].astype(str)).to_numpy(dtype=float)
        years = pd.get_dummies(asked["horizon"].astype(str) + " " + asked["origin"].astype(str)).to_numpy(dtype=float)
        odds = np.log(rows["engine"] / (1 - rows["engine"]))[:, None] * horizons
        rows["slope"], rows["shocks"] = refitted(odds, met, horizons), refitted(odds, met, years)
        whole = np.all([np.isfinite(one) for one in rows.values()], axis=0)
        print(f"\n{panel.name}: {whole.sum()} of {len(asked)} questions; to reach: {panel.bar}")
        for name, chances in rows.items():
            print(f"  {np.mean(np.square(chances - met)[whole]):.4f}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
