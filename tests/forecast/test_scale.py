from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.scale import Scale

PERCENT = Scale.of("share", 0, 100)
anything = st.floats(-1e6, 1e6)


@given(st.floats(0, 100))
def test_bounded_round_trip(value: float) -> None:
    assert PERCENT.inverse(PERCENT.forward(value)) == pytest.approx(value, abs=1e-9)


@given(st.floats(0, 1e9))
def test_positive_round_trip(value: float) -> None:
    scale = Scale.of("level", 0)
    assert scale.inverse(scale.forward(value)) == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(st.floats(-50, 50))
def test_a_growth_rate_is_its_own_scale(value: float) -> None:
    scale = Scale.of("growth")
    assert scale.form == "identity"
    assert scale.inverse(scale.forward(value)) == value


@given(anything, st.sampled_from([PERCENT, Scale.of("index", 0, 1), Scale.of("level"), Scale.of("rank", 1, 63)]))
def test_nothing_comes_back_past_a_bound(scaled: float, scale: Scale) -> None:
    value = scale.inverse(scaled)
    assert np.isfinite(value)
    assert scale.lower <= value <= scale.upper


@given(st.floats(0, 100), st.floats(0, 100))
def test_order_is_kept(left: float, right: float) -> None:
    low, high = sorted((left, right))
    assert PERCENT.forward(low) <= PERCENT.forward(high)


@pytest.mark.parametrize("bound", [0.0, 100.0])
def test_an_exact_bound_is_an_ordinary_value(bound: float) -> None:
    assert np.isfinite(PERCENT.forward(bound))
    assert PERCENT.inverse(PERCENT.forward(bound)) == bound


def test_bounds_are_moved_out_by_a_hundredth_of_the_width() -> None:
    """So that figures near a bound, no more exact than others, do not look as if they moved a long way."""
    assert PERCENT.forward(100.0) == pytest.approx(np.log(101 / 1))
    assert PERCENT.forward([0.0, 50, 100]).tolist() == pytest.approx([-np.log(101), 0, np.log(101)])
    assert PERCENT.inverse(50.0) == 100.0
    assert Scale.of("index", 0, 1).forward(1.0) == pytest.approx(np.log(101))


def test_a_coarse_digit_moves_the_bounds_out_further() -> None:
    """Half a unit of the last digit where that is more than a hundredth: of tens on 0 to 100, by 5."""
    assert Scale.of("share", 0, 100, resolution=10).forward(100.0) == pytest.approx(np.log(105 / 5))


def test_a_floor_is_moved_out_by_half_a_unit_of_the_last_digit() -> None:
    assert Scale.of("level").forward(0.0) == pytest.approx(np.log(0.005))
    assert Scale.of("level", 10, resolution=1).forward(10.0) == pytest.approx(np.log(0.5))


def test_nothing_is_learnt_next_to_a_bound() -> None:
    """Between 0.4 and 99.8 of 0 to 100; without two bounds everywhere."""
    low, high = PERCENT.inside()
    assert PERCENT.inverse([low, high]) == pytest.approx([0.4, 99.8])
    assert Scale.of("level").inside() == Scale.of("growth").inside() == (-np.inf, np.inf)


@given(st.floats(0, 100))
def test_percent_and_fractions_have_one_scale(value: float) -> None:
    assert Scale.of("share", 0, 1).forward(value / 100) == pytest.approx(PERCENT.forward(value), abs=1e-9)


@given(st.floats(0.5, 99.5))
def test_slope_is_the_derivative(value: float) -> None:
    step = 1e-4
    measured = (PERCENT.forward(value + step) - PERCENT.forward(value - step)) / (2 * step)
    assert PERCENT.slope(value) == pytest.approx(measured, rel=1e-4)


def test_a_rank_is_a_whole_number_from_one() -> None:
    scale = Scale.of("rank", 1)
    assert scale.inverse(np.log([0.2, 30.4, 30.6, 90.0])).tolist() == [1.0, 30.0, 31.0, 90.0]
    assert scale.forward(1.0) == 0.0
    known = Scale.of("rank", 1, 63)
    assert known.inverse(known.forward([1, 30.4, 30.6, 63])).tolist() == [1.0, 30.0, 31.0, 63.0]
    assert known.forward(1.0) == pytest.approx(-known.forward(63.0))
    assert known.inverse([-99.0, 99.0]).tolist() == [1.0, 63.0]
    assert known.inside() == (-np.inf, np.inf)  # whoever is first can fall


@pytest.mark.parametrize(
    ("kind", "lower", "upper", "message"),
    [
        ("share", None, None, "a share has no bounds"),
        ("share", 100, 0, "the bounds 100 and 0 are in the wrong order"),
        ("level", None, 10, "an upper bound of 10 alone"),
        ("level", float("nan"), 10, "a bound is not a number"),
        ("yes-no", None, None, "a yes-no indicator has no scale"),
        ("group", None, None, "a group indicator has no scale"),
    ],
)
def test_bounds_that_make_no_scale(kind: str, lower: float | None, upper: float | None, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Scale.of(kind, lower, upper)


def test_resolution_must_be_positive() -> None:
    with pytest.raises(ParameterError, match="a resolution of 0 is not positive"):
        Scale.of("level", resolution=0)


@pytest.mark.parametrize(
    ("value", "message"), [(120.0, "120 lies outside the bounds 0 to 100"), (np.nan, "missing or infinite")]
)
def test_values_off_the_scale(value: float, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        PERCENT.forward([50.0, value])


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(
        ParameterError, match=r"'xyz' is not a kind of indicator\. Choose share, level, index, rank, growth"
    ):
        Scale.of("xyz", 0, 100)  # type: ignore[arg-type]
