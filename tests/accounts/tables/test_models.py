from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.supply_use_made import by_hand, supply_use_tables
from dxanalysis.accounts.tables.models import to_input_output
from dxanalysis.accounts.tables.supply_use import SupplyUseTable, supply_use_table
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.accounts.tables.valuation import take_imports_out, to_basic_prices
from dxanalysis.errors import ModelError, ParameterError


def basic(**changes: object) -> SupplyUseTable:
    return to_basic_prices(by_hand(**changes))


def embodied(table: InputOutputTable) -> float:
    """Sum of M = v^ (I - A)^-1 y^."""
    return float(table.value_added_ratio @ np.linalg.solve(np.eye(table.n) - table.coefficients(), table.net_final))


def test_industry_by_industry_by_hand() -> None:
    made = to_input_output(basic(), model="D")
    one = made.table
    # C makes all goods and a sixth of the services
    np.testing.assert_allclose(one.flows[0], [30 + 10 * 70 / 75 / 6, 15 + 15 * 70 / 75 / 6])
    np.testing.assert_array_equal(one.gross_value_added, [59, 44])
    np.testing.assert_allclose(one.imports, [20 + 10 / 6, 10 * 5 / 6])
    assert (one.kind, one.layout, one.sectors) == ("industry", "competitive", ("C", "G"))
    assert one.components == ("compensation", "surplus")
    assert made.negatives == ()
    assert made.negative_share == 0
    assert made.assumptions[-1] == "model_D"
    assert made.to_frame().columns.tolist() == ["block", "row", "column", "value"]


def test_a_product_that_no_industry_makes_stays_in_the_columns_as_complementary_imports() -> None:
    table = basic(
        supply=[[100, 0], [0, 30], [10, 50]],
        products=("goods", "trade", "services"),
    )
    rows = {
        name: np.vstack([getattr(table, name), [[3, 4]] if name == "use" else [[0, 0]]]) for name in ("supply", "use")
    }
    wider = supply_use_table(
        region="Toy", year=2020, unit="million USD", classification="sections", products=(*table.products, "coffee"),
        industries=table.industries, **rows, imports=[*table.imports, 9], final=np.vstack([table.final, [2, 0]]),
        demands=table.demands, input_taxes=table.input_taxes, final_taxes=table.final_taxes,
        value_added=table.value_added - [[3, 4], [0, 0]], prices="basic",
    )  # fmt: skip
    one = to_input_output(wider, model="D").table
    np.testing.assert_array_equal(one.imported_inputs, [3, 4])
    np.testing.assert_array_equal(one.imported_final, [2, 0])
    assert one.gaps == ()
    assert embodied(one) == pytest.approx(one.gdp)
    by_product = to_input_output(wider, model="B").table
    assert by_product.output[3] == 0
    assert by_product.gaps == ()


def test_rounding_of_printed_figures_goes_into_the_columns_and_makes_no_output() -> None:
    table = supply_use_table(
        region="Toy", year=2020, unit="EUR", classification="toy", products=("grain", "bread", "coffee"), industries=("farm", "mill"),
        supply=[[60, 0], [0, 80], [0, 0]], use=[[10, 30], [5, 15], [1, 1]], imports=[0, 0, 3], final=[[21], [59], [2]],
        demands=["households"], value_added=[44, 34], prices="basic", decimals=0,
    )  # fmt: skip
    for model, output in {"D": [61, 79], "B": [61, 79, 0]}.items():
        one = to_input_output(table, model=model).table
        np.testing.assert_allclose(one.output, output)  # what the rows sell, not the 60 and 80 printed
        assert embodied(one) == pytest.approx(one.gdp, rel=1e-12)


@pytest.mark.parametrize("model", ["A", "C"])
def test_a_and_c_refuse_what_they_cannot_invert(model: str) -> None:
    with pytest.raises(ModelError, match="as many products as industries, and there are 3 and 2"):
        to_input_output(basic(), model=model)

    def square(supply: list[list[float]]) -> SupplyUseTable:
        made = np.array(supply)
        return supply_use_table(
            region="Toy", year=2020, unit="EUR", classification="toy", products=("a", "b", "c"), industries=("I", "J", "K"), supply=made,
            use=np.zeros((3, 3)), final=made.sum(axis=1)[:, None], demands=["households"], value_added=made.sum(axis=0), prices="basic",
        )  # fmt: skip

    with pytest.raises(
        ModelError, match="products a, b are made by industries I, J in proportions that cannot be told apart"
    ):
        to_input_output(square([[1, 2, 0], [2, 4, 0], [0, 0, 5]]), model=model)
    with pytest.raises(ModelError, match="no industry makes b"):
        to_input_output(square([[1, 2, 0], [0, 0, 0], [0, 1, 5]]), model=model)
    with pytest.raises(ModelError, match="nothing is made by J"):
        to_input_output(square([[1, 0, 0], [2, 0, 3], [0, 0, 5]]), model=model)


def test_unknown_model_and_wrong_prices_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"model 'E' is unknown.*A: product technology"):
        to_input_output(basic(), model="E")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=r"purchasers' prices.*to_basic_prices"):
        to_input_output(by_hand())


@given(table=supply_use_tables(prices="purchasers"), model=st.sampled_from(["B", "D"]), home=st.booleans())
@settings(max_examples=60, deadline=None)
def test_b_and_d_keep_totals_and_signs(table: SupplyUseTable, model: str, home: bool) -> None:
    table = to_basic_prices(table)
    if home:
        table = take_imports_out(table, reexported=table.products)
    made = to_input_output(table, model=model)
    one = made.table
    assert one.gaps == ()
    assert (one.flows >= 0).all()
    assert (one.final >= 0).all()
    assert made.negatives == ()
    assert one.gdp == pytest.approx(table.value_added.sum())
    assert one.imported_inputs.sum() == pytest.approx(table.imported_use.sum())
    assert one.input_taxes.sum() == pytest.approx(table.input_taxes.sum())
    assert embodied(one) == pytest.approx(one.gdp)
    if model == "D":
        np.testing.assert_array_equal(one.value_added, table.value_added)
    else:
        np.testing.assert_array_equal(one.final, table.final)


@given(table=supply_use_tables(square=True), model=st.sampled_from(["A", "C"]))
@settings(max_examples=40, deadline=None)
def test_a_and_c_keep_totals_and_list_every_negative_flow(table: SupplyUseTable, model: str) -> None:
    made = to_input_output(table, model=model)
    one = made.table
    assert one.gaps == ()
    assert one.gdp == pytest.approx(table.value_added.sum())
    listed = {(x.row, x.column): x.value for x in made.negatives if x.block == "flows"}
    floor = -1e-12 * np.abs(one.flows).max()
    there = {(one.sectors[i], one.sectors[j]): one.flows[i, j] for i, j in np.argwhere(one.flows < floor)}
    assert listed == there
    assert made.negative_share == pytest.approx(-100 * sum(there.values()) / np.abs(one.flows).sum(), abs=1e-9)


@given(
    table=supply_use_tables(square=True),
    model=st.sampled_from(["A", "B", "C", "D"]),
    factor=st.sampled_from([1e-3, 7.0, 1e6]),
)
@settings(max_examples=30, deadline=None)
def test_a_larger_unit_scales_every_flow(table: SupplyUseTable, model: str, factor: float) -> None:
    blocks = {name: getattr(table, name) * factor for name in ("supply", "use", "final", "value_added", "imports")}
    larger = supply_use_table(
        region="Random", year=2020, unit="million USD", classification="toy", products=table.products, industries=table.industries,
        demands=table.demands, prices="basic", **blocks,
    )  # fmt: skip
    one, other = (to_input_output(x, model=model).table for x in (table, larger))
    np.testing.assert_allclose(other.flows, factor * one.flows, rtol=1e-7, atol=1e-9 * factor * np.abs(one.flows).max())


@given(table=supply_use_tables(square=True))
@settings(max_examples=20, deadline=None)
def test_without_secondary_products_all_models_are_the_same(table: SupplyUseTable) -> None:
    made = np.diag(table.product_output)
    use = 0.5 * table.use * np.minimum(1, made.sum(axis=0) / np.maximum(table.use.sum(axis=0), 1e-9))
    alone = supply_use_table(
        region="Random", year=2020, unit="million USD", classification="toy", products=table.products, industries=table.industries,
        supply=made, use=use, imports=table.imports, final=(made.sum(axis=1) + table.imports - use.sum(axis=1))[:, None],
        demands=["households"], value_added=made.sum(axis=0) - use.sum(axis=0), prices="basic",
    )  # fmt: skip
    for model in ("A", "B", "C", "D"):
        np.testing.assert_allclose(to_input_output(alone, model=model).table.flows, use, atol=1e-9)
