from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.accounts.growth import decompose, ordered_product
from dxanalysis.errors import DataError, ModelError, ParameterError

FEW = settings(max_examples=25, deadline=None)


def situation(rng: np.random.Generator, k: int, n: int) -> dict[str, np.ndarray]:
    return {f"f{i}": rng.normal(size=(n, n) if i == 1 else n) for i in range(k)}


@FEW
@given(seed=st.integers(0, 2**31), k=st.integers(1, 7), n=st.integers(1, 5))
def test_effects_add_up_to_the_change(seed: int, k: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = situation(rng, k, n), situation(rng, k, n)
    found = decompose(first, second)
    assert found.orders == ("all" if k <= 5 else "polar")
    np.testing.assert_allclose(
        found.effects.sum(axis=0), found.change, rtol=1e-9, atol=1e-9 * np.abs(found.effects).max()
    )
    np.testing.assert_allclose(found.change, ordered_product(*second.values()) - ordered_product(*first.values()))


@FEW
@given(seed=st.integers(0, 2**31), k=st.integers(1, 6))
def test_time_turned_round_turns_the_signs(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = situation(rng, k, 3), situation(rng, k, 3)
    one, other = decompose(first, second), decompose(second, first)
    np.testing.assert_allclose(one.effects, -other.effects, rtol=0, atol=1e-9 * np.abs(one.effects).max())


def test_two_factors_share_the_interaction() -> None:
    found = decompose({"a": 2.0, "b": 10.0}, {"a": 3.0, "b": 14.0})
    np.testing.assert_allclose(found.effects, [12, 10])  # 1 * 12 and 2.5 * 4
    np.testing.assert_allclose(found.lowest, [10, 8])
    np.testing.assert_allclose(found.highest, [14, 12])
    frame = found.to_frame().set_index("factor")
    assert frame.loc["change", "effect"] == 22
    assert frame.loc["a", "effect"] == 12


def test_polar_orders_of_six_factors() -> None:
    """With first factors at 1 and second at 2 the orders give a factor 2^0 to 2^5: the polar mean of the first is (1 + 32) / 2."""
    first, second = ({f"f{i}": value for i in range(6)} for value in (1.0, 2.0))
    found = decompose(first, second)
    np.testing.assert_allclose(found.effects, [16.5, 9, 6, 6, 9, 16.5])
    np.testing.assert_allclose(decompose(first, second, orders="all").effects, 63 / 6)


def test_any_function() -> None:
    found = decompose(
        {"output": 100.0, "jobs": 50.0}, {"output": 132.0, "jobs": 55.0}, function=lambda y, jobs: np.asarray(y / jobs)
    )
    assert found.change == pytest.approx(0.4)
    assert found.totals.sum() == pytest.approx(0.4)


def test_bad_input() -> None:
    pair = {"a": 1.0, "b": 2.0}
    with pytest.raises(DataError, match="the factors are a, b first and b, a second"):
        decompose(pair, {"b": 2.0, "a": 1.0})
    with pytest.raises(DataError, match=r"factor 'b' has the shape \(\) first and \(2,\) second"):
        decompose(pair, {"a": 1.0, "b": [1.0, 2.0]})
    with pytest.raises(DataError, match=r"factor 'b' holds no number at \(1,\) of the second situation"):
        decompose({"b": [1.0, 2.0]}, {"b": [1.0, np.nan]})
    with pytest.raises(ParameterError, match="orders is 'some'"):
        decompose(pair, pair, orders="some")  # type: ignore[arg-type]
    many = {f"f{i}": 1.0 for i in range(13)}
    with pytest.raises(ParameterError, match="all orders of 13 factors are too many"):
        decompose(many, many, orders="all")
    with pytest.raises(ModelError, match="no finite number with a, b of the second situation"):
        decompose(pair, {"a": 1.0, "b": 0.0}, function=lambda a, b: np.asarray(np.inf if b == 0 else a / b))
