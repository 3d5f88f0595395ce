from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.accounts.growth import Lmdi, lmdi, log_mean
from dxanalysis.errors import DataError, ModelError

FEW = settings(max_examples=40, deadline=None)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Two situations with zeros in about a quarter of the cells."""
    k, n = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    one, other = ({f"f{i}": np.exp(rng.normal(0, 2, n)) * (rng.random(n) > 0.25) for i in range(k)} for _ in range(2))
    return one, other


@FEW
@given(pair=pairs())
def test_exact_with_any_zeros(pair) -> None:
    found = lmdi(*pair)
    scale = max(found.first.max(), found.second.max(), 1e-300)
    np.testing.assert_allclose(found.effects.sum(axis=0), found.second - found.first, rtol=1e-9, atol=1e-9 * scale)
    assert np.isfinite(found.effects).all()


@FEW
@given(pair=pairs())
def test_reversible_in_time(pair) -> None:
    one, other = lmdi(*pair), lmdi(*pair[::-1])
    np.testing.assert_allclose(one.effects, -other.effects, rtol=1e-9, atol=1e-12 * np.abs(one.effects).max())
    if one.first.sum() > 0 and one.second.sum() > 0:
        np.testing.assert_allclose(one.multiplicative * other.multiplicative, 1, rtol=1e-9)
        np.testing.assert_allclose(one.multiplicative.prod(), one.second.sum() / one.first.sum(), rtol=1e-9)


@FEW
@given(pair=pairs(), scale=st.floats(1e-3, 1e6))
def test_the_unit_of_a_factor_does_not_matter(pair, scale: float) -> None:
    there = [{**one, "f0": scale * one["f0"]} for one in pair]
    np.testing.assert_allclose(lmdi(*there).effects, scale * lmdi(*pair).effects, rtol=1e-9)


def effects(first: tuple[float, float], second: tuple[float, float]) -> Lmdi:
    return lmdi({"x": [first[0]], "y": [first[1]]}, {"x": [second[0]], "y": [second[1]]})


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ((0, 3), (2, 5), (10, 0)),  # comes by x
        ((2, 5), (0, 3), (-10, 0)),  # goes by x
        ((2, 5), (4, 0), (0, -10)),  # goes by y
        ((0, 3), (0, 5), (0, 0)),  # is never there
        ((0, 3), (2, 0), (0, 0)),  # one comes, the other goes
        ((0, 0), (2, 5), (5, 5)),  # both come: alike
    ],
)
def test_limits_of_zeros(first: tuple[float, float], second: tuple[float, float], wanted: tuple[float, float]) -> None:
    found = effects(first, second)
    np.testing.assert_array_equal(found.effects[:, 0], wanted)
    assert found.shared_zeros == (("0",) if first == (0, 0) else ())


def test_the_limit_is_where_small_numbers_lead() -> None:
    """At 1e-20 the other factor still has 1 % of the effect: the limit is not reached by any small number in use."""
    exact, nearly, nearer = effects((0, 3), (2, 5)), effects((1e-20, 3), (2, 5)), effects((1e-300, 3), (2, 5))
    errors = [abs(one.effects[1, 0] - exact.effects[1, 0]) for one in (nearly, nearer)]
    assert 0.05 < errors[0] < 0.15
    assert errors[1] < errors[0] / 10


def test_log_mean_near_equality() -> None:
    np.testing.assert_allclose(log_mean([4.0, 2.0, 1.0], [4.0, 1.0, 2.0]), [4, 1 / np.log(2), 1 / np.log(2)])
    assert log_mean(1 + 1e-12, 1.0) == pytest.approx(1 + 5e-13, rel=1e-15)


def test_frame_and_whole_of_zero() -> None:
    frame = effects((2, 3), (4, 3)).to_frame().set_index("factor")
    assert frame.loc["x", "additive"] == pytest.approx(6)
    assert frame.loc["x", "multiplicative"] == pytest.approx(2)
    assert tuple(frame.loc["change"]) == (6, 2)
    with pytest.raises(ModelError, match=r"the whole is 0 in one situation.*additive"):
        effects((0, 3), (2, 5)).to_frame()


def test_bad_input() -> None:
    good = {"x": [1.0, 2.0], "y": [3.0, 4.0]}
    with pytest.raises(DataError, match=r"factor 'y' of the second situation: -4 at trade is negative.*use decompose"):
        lmdi(good, {"x": [1, 2], "y": [3, -4]}, labels=("farms", "trade"))
    with pytest.raises(DataError, match="factor 'x' of the first situation: no number at 1"):
        lmdi({"x": [1, np.nan], "y": [3, 4]}, good)
    with pytest.raises(DataError, match="factors are x, y first and x second"):
        lmdi(good, {"x": [1, 2]})
    with pytest.raises(DataError, match=r"has the shape \(3,\), its names ask for \(2,\)"):
        lmdi(good, {"x": [1, 2], "y": [3, 4, 5]})
    with pytest.raises(DataError, match="there is no factor"):
        lmdi({}, {})
