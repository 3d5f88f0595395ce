"""What the values of an unbounded indicator are stretched by, region by region."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.stretching import stretch_of

NAN = np.nan


def factor(values: list[list[float]], per_year: int = 1) -> float:
    """Of panels whose regions cannot be told apart."""
    found = stretch_of(np.array(values), per_year).factor
    assert np.ptp(found) == 0
    return float(found[0])


def test_one_region_is_stretched_to_changes_of_a_fifth() -> None:
    assert factor([[0.0, 4, 8, 4]]) == pytest.approx(0.05)
    assert factor([[0.0, NAN, 4, NAN, 8]]) == pytest.approx(0.2 / (4 / np.sqrt(2)))
    assert factor([[0.0, 4, 8, 4]], 4) == pytest.approx(0.2 / (4 * 2))
    assert factor([[3.0, 3, 3]]) == 1  # nothing moves
    assert factor([[3.0], [7.0]]) == 1  # other regions' values are not changes


def by_hand(values: np.ndarray) -> np.ndarray:
    """The formulas of the module, region by region, for yearly values without gaps."""
    width = values.shape[1]
    changes = np.abs(np.diff(values))
    typical = np.median(changes[changes > 0])
    size = np.log(changes / typical + 0.05)
    weight = np.exp(-(width - 1 - np.arange(1, width)) / 12)
    size -= np.average(size, weights=np.tile(weight, (len(values), 1)))
    mean = size @ weight / weight.sum()
    count = weight.sum() ** 2 / np.square(weight).sum()
    spare = len(values) * (weight.sum() - np.square(weight).sum() / weight.sum())
    within = (np.square(size - mean[:, None]) @ weight).sum() / spare
    between = (count * np.square(mean).sum() - within * len(values)) / (count * len(values))
    shrunk = mean * count / (count + within / between)
    return 0.2 / typical * np.exp(-shrunk)


def walks(sizes: np.ndarray, years: int = 15, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(0, sizes[:, None], (len(sizes), years)).cumsum(axis=1)


def test_factors_by_hand() -> None:
    values = walks(np.exp(np.linspace(-2, 2, 12)))
    np.testing.assert_allclose(stretch_of(values, 1).factor, by_hand(values), rtol=1e-10)


def test_changes_of_different_regions_come_out_alike() -> None:
    sizes = np.exp(np.random.default_rng(0).normal(0, 1.5, 80))
    values = walks(sizes, 25)
    found = stretch_of(values, 1)
    changes = np.abs(np.diff(found.stretched(values))).mean(axis=1)
    assert np.log(changes).std() < 0.25 * np.log(sizes).std()


def test_regions_that_are_alike_are_stretched_alike() -> None:
    found = stretch_of(walks(np.ones(80), 25), 1)
    assert found.factor.std() / found.factor.mean() < 0.1


def test_a_panel_without_history_is_left() -> None:
    assert stretch_of(np.empty((0, 4)), 1).factor.shape == (0,)
    found = stretch_of(np.array([[1.0, NAN], [3.0, NAN]]), 1)
    assert found.middle == 2
    assert found.unseen(np.array([0]), np.array([0]), np.array([1])) == 1


def test_what_is_judged_does_not_count() -> None:
    """A leap makes a region restless, but not for the judgement of the leap itself."""
    values = walks(np.exp(np.linspace(-1, 1, 20)))
    values[3, 8:] += 40.0
    found = stretch_of(values, 1)
    rows = np.full(3, 3)
    before, leap, over = found.unseen(rows, np.array([5, 7, 6]), np.array([6, 8, 9]))
    assert abs(before - 1) < 0.05
    assert leap > 1.1
    assert over > 1.05
    without = values.copy()
    without[3, 8] = NAN  # the change from 7 to 9 is one over two years, and smaller in a year
    assert found.factor[3] < stretch_of(without, 1).factor[3]


@given(st.integers(2, 8), st.integers(3, 12), st.integers(0, 1000), st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_unit_and_zero_do_not_matter(regions: int, years: int, seed: int, unit: float, zero: float) -> None:
    values = walks(np.exp(np.random.default_rng(seed).normal(0, 1, regions)), years, seed)
    one, other = stretch_of(values, 1), stretch_of(values * unit + zero, 1)
    np.testing.assert_allclose(other.stretched(values * unit + zero), one.stretched(values), rtol=1e-6, atol=1e-8)
    rows, start = np.arange(regions), np.zeros(regions, dtype=np.int64)
    unseen = one.unseen(rows, start, start + years - 1)
    np.testing.assert_allclose(
        one.factor * unseen, np.median(one.factor * unseen), rtol=1e-6
    )  # without any change all are alike
    assert (one.factor > 0).all()
