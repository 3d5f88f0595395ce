"""Ranges and probabilities on worlds of which the truth is known.

For the models of single series on series drawn from the models themselves: the expected share is exact, from the t distribution. For the
pooled model on worlds it does not know: logistic diffusion, and noise about constants.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dxanalysis import forecast

N = 1500


def _covered(truth: np.ndarray, predictive: forecast.Predictive) -> float:
    table = predictive.quantiles([0.1, 0.9]).to_numpy().reshape(N, -1, 2)[:, -1]
    return float(np.mean((table[:, 0] <= truth) & (truth <= table[:, 1])))


def _panel(values: np.ndarray) -> pd.DataFrame:
    n, length = values.shape
    return pd.DataFrame(
        {
            "region": np.repeat([f"r{at:04d}" for at in range(n)], length),
            "period": np.tile(2000 + np.arange(length), n),
            "value": values.ravel(),
        }
    )


@pytest.mark.parametrize(("points", "horizon"), [(4, 1), (4, 5), (10, 5)])
def test_drift_covers_what_it_says(points: int, horizon: int) -> None:
    """The flat prior on s costs one degree of freedom: the exact share is that of t(m) within the 90 % point of t(m-1)."""
    rng = np.random.default_rng(11)
    sigma = 0.1 * np.exp(rng.normal(size=(N, 1)))
    mean = sigma * rng.normal(size=(N, 1))
    path = np.cumsum(mean + sigma * rng.normal(size=(N, points + horizon)), axis=1) - 0.5
    values = 100 / (1 + np.exp(-path))
    fitted = forecast.fit(_panel(values[:, :points]), bounds=(0, 100), model="drift")
    share = _covered(values[:, -1], fitted.predict(horizon=horizon, draws=1000))
    m = points - 1
    within = stats.t.ppf(0.9, m - 1) * np.sqrt(m / (m - 1))
    exact = 2 * stats.t.cdf(within, m) - 1
    assert share == pytest.approx(exact, abs=3 * np.sqrt(exact * (1 - exact) / N) + 0.01)
    assert exact > 0.79


def test_mean_covers_four_fifths() -> None:
    rng = np.random.default_rng(12)
    values = 6 + np.exp(rng.normal(size=(N, 1))) * rng.normal(size=(N, 7))
    fitted = forecast.fit(_panel(values[:, :6]), kind="growth", model="mean")
    share = _covered(values[:, -1], fitted.predict(horizon=1, draws=1000))
    assert share == pytest.approx(0.8, abs=3 * np.sqrt(0.16 / N) + 0.01)


def test_probabilities_come_true_as_often_as_they_say() -> None:
    """Mean forecast probability against the share met, for targets between hopeless and certain."""
    rng = np.random.default_rng(13)
    mean = 0.1 * rng.normal(size=(N, 1))
    values = 50 * np.exp(np.cumsum(mean + 0.1 * rng.normal(size=(N, 11)), axis=1))
    predictive = forecast.fit(_panel(values[:, :8]), model="drift").predict(horizon=3, draws=1000)
    goal = values[:, 7] * 1.1
    said = np.array([np.mean(predictive.draws[:, at, -1] >= goal[at]) for at in range(N)])
    came = values[:, -1] >= goal
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0)):
        inside = (said >= low) & (said <= high)
        error = np.sqrt(0.25 / inside.sum())
        assert came[inside].mean() == pytest.approx(said[inside].mean(), abs=3 * error)


# --- the pooled model

REGIONS, YEARS = 120, 28
ORIGINS = (14, 17, 20, 23)
HORIZONS = (1, 3, 5)
WORLDS = range(6)
EDGES = [0.025, 0.1, 0.9, 0.975]
FINE = np.linspace(0.002, 0.998, 250)


def _diffusion(seed: int) -> np.ndarray:
    """Logistic growth at a speed of each region, with shocks of its own and of the year, both lasting."""
    rng = np.random.default_rng(seed)
    start, speed = rng.uniform(-4, -1, (REGIONS, 1)), rng.uniform(0.1, 0.4, (REGIONS, 1))
    own, common = rng.normal(0, 0.1, (REGIONS, YEARS)), rng.normal(0, 0.04, YEARS)
    path = start + speed * np.arange(YEARS) + own.cumsum(axis=1) + common.cumsum()
    return 100 / (1 + np.exp(-path))


def _noise(seed: int) -> np.ndarray:
    """A constant of each region, and every year a chance departure from it that does not last."""
    rng = np.random.default_rng(seed)
    return rng.uniform(30, 60, (REGIONS, 1)) + rng.normal(0, 4, (REGIONS, YEARS))


def _replayed(world: Callable[[int], np.ndarray]) -> dict[int, dict[str, np.ndarray]]:
    """By horizon, over worlds, origins and regions: what came, the last value, and quantiles at ``EDGES`` and ``FINE``."""
    found: dict[int, dict[str, list[np.ndarray]]] = {
        horizon: {name: [] for name in ("came", "last", "edges", "fine")} for horizon in HORIZONS
    }
    for seed in WORLDS:
        values = world(seed)
        for origin in ORIGINS:
            made = forecast.fit(_panel(values[:, :origin]), bounds=(0, 100)).predict(horizon=HORIZONS[-1])
            table = made.quantiles([*EDGES, *FINE]).to_numpy().reshape(REGIONS, HORIZONS[-1], -1)
            for horizon, kept in found.items():
                kept["came"].append(values[:, origin + horizon - 1])
                kept["last"].append(values[:, origin - 1])
                kept["edges"].append(table[:, horizon - 1, : len(EDGES)])
                kept["fine"].append(table[:, horizon - 1, len(EDGES) :])
    return {horizon: {name: np.concatenate(parts) for name, parts in kept.items()} for horizon, kept in found.items()}


@pytest.fixture(scope="module")
def diffusion() -> dict[int, dict[str, np.ndarray]]:
    return _replayed(_diffusion)


@pytest.fixture(scope="module")
def noise() -> dict[int, dict[str, np.ndarray]]:
    return _replayed(_noise)


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("world", ["diffusion", "noise"])
def test_pooled_ranges_hold_what_they_say(world: str, horizon: int, request: pytest.FixtureRequest) -> None:
    kept = request.getfixturevalue(world)[horizon]
    low95, low80, high80, high95 = kept["edges"].T
    assert 0.70 <= np.mean((low80 <= kept["came"]) & (kept["came"] <= high80)) <= 0.90
    assert 0.90 <= np.mean((low95 <= kept["came"]) & (kept["came"] <= high95)) <= 0.99


def _chance(kept: dict[str, np.ndarray], target: np.ndarray) -> np.ndarray:
    """Probability of at least the target, cut to 1 to 99 % as published."""
    return np.clip((kept["fine"] >= target[:, None]).mean(axis=1), 0.01, 0.99)


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("world", ["diffusion", "noise"])
def test_pooled_probabilities_come_true_as_often_as_they_say(
    world: str, horizon: int, request: pytest.FixtureRequest
) -> None:
    kept = request.getfixturevalue(world)[horizon]
    for ahead in (-3.0, 0.0, 3.0, 8.0):
        target = kept["last"] + ahead
        said, came = _chance(kept, target), kept["came"] >= target
        for low, high in ((0.0, 0.1), (0.1, 0.4), (0.4, 0.6), (0.6, 0.9), (0.9, 1.0)):
            inside = (said >= low) & (said < high)
            if inside.sum() >= 200:
                # regions of a year share its shock: fewer independent answers than answers
                assert came[inside].mean() == pytest.approx(said[inside].mean(), abs=0.15)


def _ceilings(seed: int) -> np.ndarray:
    """The same towards a ceiling of each region between 50 and 95: growth that ends where no bound says so."""
    return _diffusion(seed) / 100 * np.random.default_rng(seed + 1000).uniform(50, 95, (REGIONS, 1))


@pytest.mark.parametrize(
    ("world", "origins", "part"),
    [(_diffusion, (5, 7, 9), 1.0), (_ceilings, (14, 17, 20, 23), 0.8), (_diffusion, (14, 17, 20, 23), 1.2)],
    ids=["few years", "ceilings", "many years"],
)
def test_the_pooled_model_beats_the_base_rate_and_each_region_alone(
    world: Callable[[int], np.ndarray], origins: tuple[int, ...], part: float
) -> None:
    """Where each region keeps its speed for ever and has many years to show it, its own drift is the truth: it is then only come near."""
    scores: dict[tuple[str, int], list[np.ndarray]] = {(m, h): [] for m in ("pooled", "drift") for h in HORIZONS}
    came: dict[int, list[np.ndarray]] = {horizon: [] for horizon in HORIZONS}
    for seed in range(5):
        values = world(seed)
        for origin in origins:
            goals = {horizon: np.minimum(values[:, origin - 1] + 3.0 * horizon, 99) for horizon in HORIZONS}
            for horizon, goal in goals.items():
                came[horizon].append(values[:, origin + horizon - 1] >= goal)
            for model in ("pooled", "drift"):
                fitted = forecast.fit(_panel(values[:, :origin]), bounds=(0, 100), model=model)
                paths = fitted.predict(horizon=max(HORIZONS), draws=300).draws
                for horizon, goal in goals.items():
                    said = np.clip((paths[:, :, horizon - 1] >= goal).mean(axis=0), 0.01, 0.99)
                    scores[model, horizon].append(np.square(said - came[horizon][-1]))
    for horizon in HORIZONS:
        brier, alone = (float(np.mean(scores[model, horizon])) for model in ("pooled", "drift"))
        rate = float(np.mean(came[horizon]))
        assert brier < 0.85 * rate * (1 - rate), horizon
        assert brier < part * alone, horizon


def test_of_pure_noise_nobody_is_sure(noise: dict[int, dict[str, np.ndarray]]) -> None:
    """A target one standard deviation above the last value is not promised, and where 95 % are said 90 % come."""
    kept = noise[3]
    target = kept["last"] + 4
    said, came = _chance(kept, target), kept["came"] >= target
    assert np.mean((said <= 0.02) | (said >= 0.98)) < 0.15
    sure = (said <= 0.05) | (said >= 0.95)
    assert np.mean(came[sure] == (said[sure] > 0.5)) > 0.9
