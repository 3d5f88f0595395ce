"""Indicators of one region that are forecast on their own have their own random numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.forecast.lone.alone import Lone, stream_of

MODELS: tuple[Lone, ...] = ("local", "drift", "mean")


def made(values: np.ndarray, model: Lone, region: str = "here") -> forecast.Predictive:
    panel = pd.DataFrame({"region": region, "period": range(2010, 2010 + len(values)), "value": values})
    return forecast.fit(panel, kind="growth" if model == "mean" else "level", model=model).predict(horizon=5, seed=1)


def walk(seed: int, start: float) -> np.ndarray:
    return np.round(start + np.cumsum(np.random.default_rng(seed).normal(1, 2, 15)), 1)


def even_chance(predictive: forecast.Predictive) -> forecast.Condition:
    middle = float(np.median(predictive.draws[:, 0, -1]))
    return forecast.Condition(
        predictive=predictive, region=predictive.regions[0], target=middle, at=predictive.periods[-1]
    )


@pytest.mark.parametrize("start", [300.0, 60.0])
@pytest.mark.parametrize("model", MODELS)
def test_two_indicators_of_a_region_have_nothing_in_common(model: Lone, start: float) -> None:
    """Had they the same numbers, both even chances would come true together, at 0.5."""
    one, two = made(walk(1, 60.0), model), made(walk(2, start), model)
    assert abs(np.corrcoef(one.draws[:, 0, -1], two.draws[:, 0, -1])[0, 1]) < 0.05
    answer = forecast.all_of([even_chance(one), even_chance(two)])
    assert answer.probability.value == pytest.approx(0.25, abs=0.02)
    assert answer.independent.value == pytest.approx(0.25, abs=0.001)


def test_new_years_leave_the_random_numbers_alone() -> None:
    values = walk(1, 60.0)
    assert stream_of(values) == stream_of(values[:4])
    assert stream_of(values) != stream_of([values[0], *values[2:]])
