from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.accounts.growth import ProductionFactor, capital_stock, growth_accounting, user_cost
from dxanalysis.errors import DataError, ModelError, ParameterError

YEARS = (2020, 2021, 2022)
NAMES = ("ICT capital", "other capital", "labour")


def accounts(quantities: np.ndarray, incomes: np.ndarray, output: np.ndarray, **changes: object):
    inputs = [
        ProductionFactor(name=name, quantity=q, income=i) for name, q, i in zip(NAMES, quantities, incomes, strict=True)
    ]
    given = {"years": YEARS, "output": output, "value_added": incomes.sum(axis=0), "inputs": inputs}
    return growth_accounting(**{**given, **changes})


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), scale=st.floats(1e-3, 1e6))
def test_inputs_and_tfp_add_up_to_growth_whatever_the_unit(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    quantities, incomes, output = rng.uniform(1, 9, (3, 3)), rng.uniform(1, 9, (3, 3)), rng.uniform(1, 9, 3)
    found = accounts(quantities, incomes, output)
    np.testing.assert_allclose(found.points.sum(axis=0) + found.tfp, found.growth, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.shares.sum(axis=0), 100)
    other = accounts(scale * quantities, scale * incomes, scale * output)
    np.testing.assert_allclose(other.points, found.points, rtol=1e-9, atol=1e-9)


def test_a_cobb_douglas_economy_gives_back_its_productivity() -> None:
    quantities = np.array([[10, 13, 18.0], [100, 102, 105], [50, 51, 50.5]])
    shares, tfp = np.array([[0.05], [0.35], [0.6]]), np.exp([0, 0.012, 0.03])
    output = tfp * np.prod(quantities**shares, axis=0)
    found = accounts(quantities, shares * output * 1.07, output)
    np.testing.assert_allclose(found.tfp, [1.2, 1.8], rtol=1e-9)
    np.testing.assert_allclose(found.of("ICT capital"), 5 * np.diff(np.log(quantities[0])), rtol=1e-9)
    frame = found.to_frame()
    assert list(frame.columns) == ["year", *NAMES, "tfp", "growth"]
    np.testing.assert_allclose(frame[[*NAMES, "tfp"]].sum(axis=1), frame["growth"])


def test_weights_are_the_mean_of_both_years() -> None:
    incomes = np.array([[10, 30, 30.0], [40, 20, 20], [50, 50, 50]])
    quantities = np.array([[1, np.e, np.e], [1, 1, 1.0], [1, 1, 1]])
    np.testing.assert_allclose(accounts(quantities, incomes, np.ones(3)).points[:, 0], [20, 0, 0])


def test_capital_stock_and_user_cost_by_hand() -> None:
    stock = capital_stock([10, 20, 30], years=YEARS, depreciation=0.3, stock_before=100)
    np.testing.assert_allclose(stock, [80, 76, 83.2])
    # In a steady state the stock stays where investment replaces what is lost.
    np.testing.assert_allclose(capital_stock([30, 30], years=(2020, 2021), depreciation=0.3, stock_before=100), 100)
    cost = user_cost([1, 0.9, 0.9], years=YEARS, rate_of_return=[0.08, 0.05], depreciation=0.3)
    np.testing.assert_allclose(cost, [0.9 * (0.38 - np.log(0.9)), 0.9 * 0.35])


def test_nothing_is_assumed() -> None:
    with pytest.raises(TypeError, match="depreciation"):
        capital_stock([10, 20, 30], years=YEARS, stock_before=100)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="stock_before"):
        capital_stock([10, 20, 30], years=YEARS, depreciation=0.3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="depreciation"):
        user_cost([1, 1, 1], years=YEARS, rate_of_return=[0.1, 0.1])  # type: ignore[call-arg]


def test_bad_input() -> None:
    good = np.full((3, 3), 5.0)
    with pytest.raises(DataError, match=r"incomes of 2021 add up to 15, value added is 20: -5 apart"):
        accounts(good, good, np.ones(3), value_added=[15, 20, 15])
    with pytest.raises(DataError, match="2021 is missing between 2020 and 2022"):
        accounts(good, good, np.ones(3), years=(2020, 2022, 2023))
    with pytest.raises(DataError, match="quantity of other capital: 0 at 2021 is not above 0"):
        accounts(np.array([[5, 5, 5], [5, 0, 5], [5, 5, 5.0]]), good, np.ones(3))
    with pytest.raises(DataError, match="income of labour: -1 at 2022 is negative"):
        accounts(good, np.array([[5, 5, 5], [5, 5, 5], [5, 5, -1.0]]), np.ones(3))
    with pytest.raises(DataError, match="there is no input"):
        accounts(good, good, np.ones(3), inputs=[])
    with pytest.raises(ParameterError, match=r"no input 'ICT'.*ICT capital, other capital, labour"):
        accounts(good, good, np.ones(3)).of("ICT")
    for rate in (0, -0.1, 1.5, float("nan")):
        with pytest.raises(ParameterError, match="depreciation is"):
            capital_stock([10, 20, 30], years=YEARS, depreciation=rate, stock_before=100)
    with pytest.raises(ParameterError, match="stock_before is -1"):
        capital_stock([10, 20, 30], years=YEARS, depreciation=0.3, stock_before=-1)
    with pytest.raises(DataError, match="investment: -2 at 2021 is negative"):
        capital_stock([10, -2, 30], years=YEARS, depreciation=0.3, stock_before=100)
    with pytest.raises(
        ModelError, match=r"user cost of 2021 is -.*price rises by 40.5 %.*return and depreciation are 15 %"
    ):
        user_cost([1, 1.5, 1.5], years=YEARS, rate_of_return=[0.05, 0.05], depreciation=0.1)
