"""What a prior is worth in cases of a panel, worked out by its formula and by what must follow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.cells import FEATURES, SPREAD_FEATURES
from dxanalysis.forecast.pooled.family import Family, wide
from dxanalysis.forecast.pooled.options import HORIZONS
from dxanalysis.forecast.pooled.regression import Steps
from dxanalysis.forecast.pooled.worth import noise_factor

TRUE = np.array([0.1, -0.05, 0.3, 0.2, 0.1, 0.0, -0.1])


def typical(size: float) -> float:
    """Mean log size of normal errors, each with 0.01 added, as the engine takes it."""
    return float(np.mean(np.log(np.abs(size * np.random.default_rng(9).normal(size=100_000)) + 0.01)))


def prior_of(size: float, beta: np.ndarray = TRUE) -> Family:
    """A prior that expects errors whose log size (of |error| + 0.01) is that of normal ones with this deviation."""
    gamma = np.zeros((len(HORIZONS), len(SPREAD_FEATURES)))
    gamma[:, 0] = typical(size)
    return replace(wide("bounded"), name="known", beta=beta, mean_square=np.ones(7), gamma=gamma, n_cases=1000)


def steps_of(noise: float, n: int = 2000, seed: int = 0) -> Steps:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(FEATURES)))
    x[:, 0] = 1
    start = np.sort(rng.integers(0, 20, n)).astype(np.int64)
    return Steps(x=x, y=x @ TRUE + noise * rng.normal(size=n), start=start, end=start + 1)


def spread_of(steps: Steps) -> np.ndarray:
    spread = np.zeros((len(steps), len(SPREAD_FEATURES)))
    spread[:, 0] = 1
    return spread


def factor(prior: Family, steps: Steps) -> float:
    return noise_factor(prior, steps, spread_of(steps), per_year=1, cases=5.0)


def test_a_panel_as_noisy_as_the_prior_leaves_it_as_it_is() -> None:
    assert factor(prior_of(0.2), steps_of(0.2)) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_the_factor_is_the_ratio_of_the_variances(ratio: float) -> None:
    """But for the 0.01, and for the 10 cases against which 20 years of 10 independent ones stand."""
    expected = np.exp(2 * (typical(0.3 * ratio) - typical(0.3)) * 200 / 210)
    assert factor(prior_of(0.3), steps_of(0.3 * ratio)) == pytest.approx(expected, rel=0.15)


def test_a_prior_that_is_far_off_is_not_worth_more_for_it() -> None:
    """The noise is that of the panel's own regression, not how far off the prior is."""
    wrong = prior_of(0.2, beta=-3 * TRUE)
    assert factor(wrong, steps_of(0.2)) == pytest.approx(1, abs=0.15)


def test_few_steps_or_no_prior_change_nothing() -> None:
    assert factor(prior_of(0.2), steps_of(5.0, n=7)) == 1
    assert factor(prior_of(0.2), steps_of(5.0, n=0)) == 1
    assert factor(wide("bounded"), steps_of(5.0)) == 1


def test_what_few_steps_show_is_half_believed() -> None:
    """Ten steps of one year: their log is counted half, whatever it is."""
    few = steps_of(0.02, n=60)
    few = replace(few, start=np.zeros(60, dtype=np.int64))
    many = replace(few, start=np.arange(60, dtype=np.int64))
    half, most = (np.log(factor(prior_of(0.2), one)) for one in (few, many))
    assert half / most == pytest.approx((10 / 20) / (60 / 70))


@given(st.floats(0, 50), st.integers(0, 200), st.integers(0, 5))
def test_the_factor_stays_within_bounds(noise: float, n: int, seed: int) -> None:
    assert 0.01 <= factor(prior_of(0.2), steps_of(noise, n=n, seed=seed)) <= 100
