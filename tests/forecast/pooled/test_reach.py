"""How far a panel has moved bounds what is expected of a region."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.forecast.pooled.cells import FEATURES, Matrix
from dxanalysis.forecast.pooled.expected import expected
from dxanalysis.forecast.pooled.reach import reach_of
from dxanalysis.forecast.pooled.regression import Coefficients


def test_by_hand() -> None:
    """One region falls by 1 a year, one rises by 2, nineteen stay: over 1, 2, 3 years -1 to 2, -2 to 4, -3 to 6, then in proportion."""
    years = np.arange(5.0)
    values = np.stack([-years, 2 * years, *(0 * years for _ in range(19))])
    low, high = reach_of(values, 1).of(8)
    np.testing.assert_allclose(low, [-1, -2, -3, -4, -5, -6, -7, -8])
    np.testing.assert_allclose(high, [2, 4, 6, 8, 10, 12, 14, 16])


def test_a_longer_way_is_no_shorter() -> None:
    """Up by 3 and down again: over two years none has moved, which does not forbid to stay where one went."""
    values = np.tile([0.0, 3.0, 0.0, 3.0, 0.0], (21, 1))
    low, high = reach_of(values, 1).of(4)
    np.testing.assert_allclose(low, [-3] * 3 + [-4])
    np.testing.assert_allclose(high, [3] * 3 + [4])


def test_few_changes_bound_nothing() -> None:
    low, high = reach_of(np.array([[0.0, 1.0, 2.0]]), 1).of(3)
    assert low.tolist() == [-np.inf] * 3
    assert high.tolist() == [np.inf] * 3


def test_gaps_are_no_changes() -> None:
    values = np.full((30, 6), np.nan)
    values[:, ::2] = [0.0, 1.0, 5.0]
    low, high = reach_of(values, 1).of(2)  # of one year there is none: as two years
    np.testing.assert_allclose(low, [0, 0])
    np.testing.assert_allclose(high, [4, 4])


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 4, 12]), st.integers(1, 40))
def test_bounds_hold_none_and_widen(seed: int, per_year: int, steps: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(size=(12, 30)), axis=1)
    values[rng.uniform(size=values.shape) < 0.3] = np.nan
    low, high = reach_of(values, per_year).of(steps)
    assert (low <= 0).all()
    assert (high >= 0).all()
    assert (np.diff(low) <= 1e-12).all()
    assert (np.diff(high) >= -1e-12).all()


def test_a_fit_that_runs_away_goes_as_far_as_any_region_has_and_no_farther() -> None:
    """After a year of 0.6 everywhere a slope of 2 on the last year's pace expects 1.2, 2.4 and so on; over two years 0.8 is the farthest."""
    rng = np.random.default_rng(1)
    steps = 0.1 + 0.02 * rng.normal(size=(40, 12))
    steps[:, -2:] = [0.2, 0.6]
    matrix = Matrix.of(np.cumsum(steps, axis=1), per_year=1, centred=False)
    beta = np.zeros(len(FEATURES))
    beta[FEATURES.index("pace_1")] = 2.0
    every = np.tile(beta, (12, 1))
    fit = Coefficients(newest=beta, held_out=every, then=every, weight=1.0)
    reach = reach_of(matrix.values, 1)
    rows, last = np.arange(40), np.full(40, 11)
    found = expected({1.0: matrix}, [fit], rows, last, 6, reach=reach, which="newest")
    np.testing.assert_allclose(found - matrix.values[:, [-1]], np.tile(reach.of(6)[1], (40, 1)))
    assert reach.of(6)[1][1] == pytest.approx(0.8)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_year_without_precedent_that_all_regions_share_is_not_carried_on_for_ever(sign: float) -> None:
    rng = np.random.default_rng(1)
    steps = 0.05 * rng.normal(size=(40, 17)) + 0.1 * np.sin(np.arange(17))
    steps[:, -2:] += [0.25, 0.75]
    level = sign * (-2.5 + 0.3 * rng.normal(size=(40, 1)) + np.cumsum(steps, axis=1))
    panel = pd.DataFrame(
        [
            (f"r{row}", 2000 + year, value)
            for row, one in enumerate(100 / (1 + np.exp(-level)))
            for year, value in enumerate(one)
        ],
        columns=["region", "period", "value"],
    )
    fit = forecast.fit(panel, bounds=(0, 100)).pooled
    assert fit is not None
    location, *_ = fit.forecast(np.arange(40), 8)
    farthest = np.abs(level[:, 5:] - level[:, :-5]).max()
    assert np.abs(location[:, 4] - fit.matrix.values[:, -1]).max() < 1.05 * farthest
