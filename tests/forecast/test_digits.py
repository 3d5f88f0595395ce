"""The digits of a panel and what stands beside 0; forecasts that the unit does not change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.forecast.digits import ENOUGH, beside_zero, last_digit

MANY = np.arange(1.0, ENOUGH + 1)


@pytest.mark.parametrize(
    ("values", "digit"),
    [
        (MANY, 1.0),
        (MANY * 0.1, 0.1),
        (MANY * 1000 + 0.25, 0.01),
        (MANY * 1000, 1000.0),
        (-MANY, 1.0),
        (MANY * 0 + 50, 10.0),
        (MANY[:3] * 1000, 30.0),  # three whole thousands may be known to the unit: a hundredth of the largest at most
        (MANY / 3, 1e-7),  # as good as exact: seven digits of the smallest
        (
            np.append(MANY * 0.001, 3e13 / 7),
            0.001,
        ),  # one price index after a hyperinflation leaves the others as exact as they are
        (np.append(MANY[:3] * 0.01, MANY * 1e6), 0.01),
    ],
)
def test_last_digit_by_hand(values: np.ndarray, digit: float) -> None:
    assert last_digit(values) == pytest.approx(digit)


def test_nothing_but_zeros_has_no_digit() -> None:
    assert last_digit(np.zeros(30)) is None
    assert last_digit(np.empty(0)) is None


@given(st.lists(st.integers(-99999, 99999), min_size=ENOUGH, max_size=40), st.integers(-6, 6))
def test_every_value_is_a_multiple_of_the_digit(whole: list[int], exponent: int) -> None:
    values = np.array(whole) * 10.0**exponent
    digit = last_digit(values)
    if not np.any(values):
        assert digit is None
        return
    assert digit is not None
    units = values / digit
    np.testing.assert_allclose(units, np.rint(units), atol=1e-3)
    assert digit >= 10.0**exponent * (1 - 1e-12)


def test_beside_zero_stands_half_of_a_small_value() -> None:
    assert beside_zero(np.array([0.0, 1, 1, 2, 5])) == 0.5
    assert beside_zero(np.array([0.0, 50, 100])) == 25.0
    assert beside_zero(np.array([1.0, 2])) == 0.0
    assert beside_zero(np.zeros(3)) == 0.0
    one_odd = np.append(0.0, np.append(np.full(99, 10.0), 1e-6))
    assert beside_zero(one_odd) == 5.0


def growing(unit: float, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    values = rng.uniform(5, 8, (30, 1)) * np.exp(rng.normal(0.02, 0.05, (30, 12)).cumsum(axis=1)) * unit
    rows = [(f"r{at:02d}", 2010 + year, values[at, year]) for at in range(30) for year in range(12)]
    return pd.DataFrame(rows, columns=["region", "period", "value"])


@settings(max_examples=12)
@given(st.floats(1e-6, 1e6), st.sampled_from([None, (0, None), (None, None), (-np.inf, np.inf)]))
def test_the_unit_changes_nothing_but_the_unit(unit: float, bounds: tuple[float | None, float | None] | None) -> None:
    """Shares of a million, millions or single dong: the same forecast (once 8 times as wide below 0.01)."""
    levels = [0.1, 0.5, 0.9]
    plain, other = (
        forecast.fit(growing(one), bounds=bounds).predict(horizon=2).quantiles(levels).to_numpy() / one
        for one in (1.0, unit)
    )
    np.testing.assert_allclose(other, plain, rtol=1e-4)


def test_counts_near_zero_do_not_explode() -> None:
    """A mean of one a year: next to none no year brings ten (once the highest of 40 medians of sums was thousands)."""
    counts = np.random.default_rng(0).poisson(1, (40, 10)).astype(float)
    rows = [(f"r{at:02d}", 2010 + year, counts[at, year]) for at in range(40) for year in range(10)]
    made = forecast.fit(pd.DataFrame(rows, columns=["region", "period", "value"]), bounds=(0, None)).predict(horizon=5)
    found = made.quantiles([0.5, 0.975])
    assert found[0.5].between(0, 2).all()
    assert found[0.975].max() < 15
    assert 20 < np.median(made.draws.sum(axis=1)[:, -1]) < 90


def test_no_bounds_at_all_are_those_of_a_panel_below_zero() -> None:
    frame = growing(1.0).assign(value=lambda one: one["value"] - 20)
    found = [forecast.fit(frame, bounds=one).predict(horizon=1).quantiles([0.5]) for one in (None, (None, None))]
    pd.testing.assert_frame_equal(*found)
    assert (found[0][0.5] < 0).all()


def test_growth_rates_of_twenty_regions_are_pooled_from_three_values_on() -> None:
    rates = np.random.default_rng(0).normal(5, 2, (25, 4))
    rows = [(f"r{at:02d}", 2010 + year, rates[at, year]) for at in range(25) for year in range(4)]
    made = forecast.fit(pd.DataFrame(rows, columns=["region", "period", "value"]), kind="growth").predict(horizon=2)
    assert made.model == "pooled"
    assert len(made.regions) == 25
