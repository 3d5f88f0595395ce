"""Coverage on series drawn from the models themselves. The expected share is exact, from the t distribution."""

from __future__ import annotations

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
    fitted = forecast.fit(_panel(values[:, :points]), bounds=(0, 100))
    share = _covered(values[:, -1], fitted.predict(horizon=horizon, draws=1000))
    m = points - 1
    within = stats.t.ppf(0.9, m - 1) * np.sqrt(m / (m - 1))
    exact = 2 * stats.t.cdf(within, m) - 1
    assert share == pytest.approx(exact, abs=3 * np.sqrt(exact * (1 - exact) / N) + 0.01)
    assert exact > 0.79


def test_mean_covers_four_fifths() -> None:
    rng = np.random.default_rng(12)
    values = 6 + np.exp(rng.normal(size=(N, 1))) * rng.normal(size=(N, 7))
    fitted = forecast.fit(_panel(values[:, :6]), kind="growth")
    share = _covered(values[:, -1], fitted.predict(horizon=1, draws=1000))
    assert share == pytest.approx(0.8, abs=3 * np.sqrt(0.16 / N) + 0.01)


def test_probabilities_come_true_as_often_as_they_say() -> None:
    """Mean forecast probability against the share met, for targets between hopeless and certain."""
    rng = np.random.default_rng(13)
    mean = 0.1 * rng.normal(size=(N, 1))
    values = 50 * np.exp(np.cumsum(mean + 0.1 * rng.normal(size=(N, 11)), axis=1))
    predictive = forecast.fit(_panel(values[:, :8])).predict(horizon=3, draws=1000)
    goal = values[:, 7] * 1.1
    said = np.array([np.mean(predictive.draws[:, at, -1] >= goal[at]) for at in range(N)])
    came = values[:, -1] >= goal
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0)):
        inside = (said >= low) & (said <= high)
        error = np.sqrt(0.25 / inside.sum())
        assert came[inside].mean() == pytest.approx(said[inside].mean(), abs=3 * error)
