from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tables_made import table, tables
from dxanalysis.accounts.growth import LeontiefYear, structural_decomposition
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ModelError, ParameterError

FEW = settings(max_examples=25, deadline=None)
OLD = table([[10, 5, 15], [5, 20, 45], [20, 25, 240]], [30, 50, 315], sectors=("26", "61", "01"), price_year=2020)
NEW = table([[14, 8, 18], [8, 30, 60], [22, 30, 260]], [40, 72, 348], sectors=("26", "61", "01"), price_year=2020)
FIRST, SECOND = LeontiefYear.of_table(OLD), LeontiefYear.of_table(NEW)


@FEW
@given(old=tables(), seed=st.integers(0, 2**31))
def test_effects_add_up_to_the_change_of_value_added(old: InputOutputTable, seed: int) -> None:
    rng = np.random.default_rng(seed)
    new = table(old.flows * rng.uniform(0.5, 1.2, old.flows.shape), old.final * rng.uniform(0.7, 2, old.final.shape))
    found = structural_decomposition(LeontiefYear.of_table(old), LeontiefYear.of_table(new))
    change = new.gross_value_added - old.gross_value_added
    np.testing.assert_allclose(found.change, change, rtol=1e-9, atol=1e-9 * old.gdp)
    np.testing.assert_allclose(found.effects.sum(axis=0), change, rtol=1e-9, atol=1e-9 * old.gdp)


def test_named_inputs_add_up_to_the_effect_of_inputs() -> None:
    found = structural_decomposition(FIRST, SECOND, inputs_by={"digital": ["26", "61"]})
    assert list(found.inputs) == ["digital", "other"]
    np.testing.assert_allclose(sum(found.inputs.values()), found.effects[1], rtol=1e-9)
    back = structural_decomposition(SECOND, FIRST, inputs_by={"digital": ["26", "61"]})
    np.testing.assert_allclose(back.inputs["digital"], -found.inputs["digital"], rtol=1e-9)
    frame = found.to_frame()
    assert list(frame.columns) == [
        "sector", "change", "value added ratio", "inputs", "demand mix", "demand level", "inputs: digital", "inputs: other",
    ]  # fmt: skip
    np.testing.assert_allclose(frame.iloc[:, 2:6].sum(axis=1), frame["change"])


def test_an_input_that_did_not_change_has_no_effect() -> None:
    coefficients = FIRST.coefficients.copy()
    coefficients[:2] = SECOND.coefficients[:2]
    found = structural_decomposition(
        FIRST, replace(SECOND, coefficients=coefficients), inputs_by={"digital": ["26", "61"], "rest": ["01"]}
    )
    np.testing.assert_array_equal(found.inputs["rest"], 0)
    np.testing.assert_allclose(found.inputs["digital"], found.effects[1], rtol=1e-9)


def test_named_inputs_under_polar_orders() -> None:
    found = structural_decomposition(FIRST, SECOND, inputs_by={"hardware": ["26"]}, orders="polar")
    np.testing.assert_allclose(sum(found.inputs.values()), found.effects[1], rtol=1e-9)


def test_reordered_sectors_give_reordered_effects() -> None:
    order = [2, 0, 1]
    turned = structural_decomposition(LeontiefYear.of_table(OLD.take(order)), LeontiefYear.of_table(NEW.take(order)))
    np.testing.assert_allclose(turned.effects, structural_decomposition(FIRST, SECOND).effects[:, order], rtol=1e-9)


def test_current_prices_are_refused() -> None:
    with pytest.raises(DataError, match=r"2020 is at the prices of 2020, 2021 at those of 2021.*one year first"):
        structural_decomposition(FIRST, replace(SECOND, year=2021, price_year=2021))


def test_bad_input() -> None:
    with pytest.raises(DataError, match="sector '01' is in one of the two years only"):
        structural_decomposition(FIRST, replace(SECOND, sectors=("26", "61", "02")))
    with pytest.raises(DataError, match="another order"):
        structural_decomposition(FIRST, replace(SECOND, sectors=("61", "26", "01")))
    with pytest.raises(DataError, match=r"mix of final demand of 2020 adds up to 2, not to 1"):
        replace(FIRST, mix=FIRST.mix * 2)
    with pytest.raises(DataError, match=r"coefficients of 2020 has the shape \(2, 3\)"):
        replace(FIRST, coefficients=FIRST.coefficients[:2])
    with pytest.raises(ParameterError, match="group 'digital' names the sector '62'"):
        structural_decomposition(FIRST, SECOND, inputs_by={"digital": ["62"]})
    with pytest.raises(ParameterError, match="sector '26' is in 'a' and in 'b'"):
        structural_decomposition(FIRST, SECOND, inputs_by={"a": ["26"], "b": ["26"]})
    idle = table([[3, 1], [9, 1]], [[2], [-2]])
    with pytest.raises(DataError, match="final demand of 2020 is 0 in all"):
        LeontiefYear.of_table(idle)
    with pytest.raises(ModelError, match="no Leontief inverse: sector 26"):
        structural_decomposition(FIRST, replace(SECOND, coefficients=np.diag([1.0, 0, 0])))
