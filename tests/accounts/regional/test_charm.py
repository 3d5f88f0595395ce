from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tables_made import table
from dxanalysis.accounts.regional import charm, domestic_table, heterogeneity
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ParameterError


@st.composite
def competitive(draw: st.DrawFn, *, re_exports: bool = False) -> InputOutputTable:
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    n = draw(st.integers(2, 6))
    flows = rng.uniform(1, 20, (n, n))
    final = rng.uniform(5, 100, (n, 3))
    use = flows.sum(axis=1) + final[:, :2].sum(axis=1)
    imports = rng.uniform(0, 0.6, n) * use
    if re_exports:
        imports[0], final[0, 2] = use[0] * 1.2, use[0] * 1.5
    output = flows.sum(axis=1) + final.sum(axis=1) - imports
    shared = np.minimum(1, 0.6 * output / flows.sum(axis=0))
    # inputs are cut to leave value added; what is cut is used at home, so that rows still hold
    cut = flows * (1 - shared)
    final[:, 0] += cut.sum(axis=1)
    return input_output_table(
        region="Made", year=2020, unit="million USD", classification="isic4", sectors=[f"{i:02d}" for i in range(n)], flows=flows * shared, final=final,
        demands=["households", "investment", "exports"], value_added=output - (flows * shared).sum(axis=0), imports=imports,
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(competitive())
def test_the_nation_gets_its_own_trade_back(one: InputOutputTable) -> None:
    exports = one.demand("exports")
    found = charm(
        one, output=one.output, intermediate_use=one.flows.sum(axis=1), final_use=one.final.sum(axis=1) - exports
    )
    np.testing.assert_allclose(found.exports, exports, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.imports, one.imports, rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(competitive(), st.integers(0, 2**31))
def test_trade_balances_and_has_no_sign(one: InputOutputTable, seed: int) -> None:
    output, inputs, final = np.random.default_rng(seed).uniform(0, 100, (3, one.n))
    found = charm(one, output=output, intermediate_use=inputs, final_use=final)
    np.testing.assert_allclose(found.exports - found.imports, output - inputs - final, atol=1e-9)
    assert np.all(found.exports >= -1e-9)
    assert np.all(found.imports >= -1e-9)
    np.testing.assert_allclose(2 * np.minimum(found.exports, found.imports), found.cross_hauling, atol=1e-9)
    assert list(found.to_frame().columns) == ["heterogeneity", "balance", "cross_hauling", "exports", "imports"]


@settings(max_examples=30, deadline=None)
@given(st.booleans().flatmap(lambda through: competitive(re_exports=through)))
def test_a_competitive_table_made_domestic_holds_its_identities(one: InputOutputTable) -> None:
    made = domestic_table(one)
    assert made.layout == "domestic"
    np.testing.assert_allclose(made.flows.sum(axis=1) + made.final.sum(axis=1), one.output, rtol=1e-9)
    np.testing.assert_allclose(
        made.flows.sum(axis=0) + made.imported_inputs + made.gross_value_added, one.output, rtol=1e-9
    )
    # every import is somewhere, once
    assert made.imported_inputs.sum() + made.imported_final.sum() == pytest.approx(one.imports.sum(), rel=1e-9)
    assert domestic_table(made) is made


def test_cross_hauling_needs_use_with_imports() -> None:
    domestic = table([[1, 2], [3, 4.0]], [[10, 5], [20, 5.0]])
    with pytest.raises(ParameterError, match=r"is domestic.*competitive table"):
        heterogeneity(domestic)


BASE = {
    "region": "Made", "year": 2020, "unit": "million USD", "classification": "isic4", "sectors": ["a", "b"], "demands": ["households", "exports"],
}  # fmt: skip


def test_trade_that_cannot_be() -> None:
    negative = input_output_table(
        **BASE, flows=[[1, 2], [3, 4]], final=[[10, -2], [20, 5]], value_added=[6, 25], imports=[1, 1]
    )
    with pytest.raises(DataError, match="exports of a are -2"):
        heterogeneity(negative)
    good = input_output_table(
        **BASE, flows=[[1, 2], [3, 4]], final=[[10, 2], [20, 5]], value_added=[10, 25], imports=[1, 1]
    )
    with pytest.raises(DataError, match=r"output: \(3,\) figures for 2 products"):
        charm(good, output=[1, 2, 3], intermediate_use=[1, 1], final_use=[1, 1])
    with pytest.raises(DataError, match="product b: output -2"):
        charm(good, output=[1, -2], intermediate_use=[1, 1], final_use=[1, 1])
    with pytest.raises(DataError, match="final_use"):
        charm(good, output=[1, 2], intermediate_use=[1, 1], final_use=[1, float("nan")])


def test_more_imports_than_use_is_no_table() -> None:
    odd = dict(BASE, flows=[[1, 2], [3, 4]], final=[[2, 0], [20, 5]], value_added=[-4, 25], output=[1, 31])
    used_up = input_output_table(**odd, imports=[5, 1], rounding="keep")
    assert np.all(np.asarray(domestic_table(used_up).flows)[0] == 0)
    with pytest.raises(DataError, match=r"sector a: imports of 6, use of 5"):
        domestic_table(input_output_table(**odd, imports=[6, 1], rounding="keep"))


def test_entries_against_the_sign_of_imports_are_sales() -> None:
    mixed = input_output_table(
        **BASE, flows=[[1, 2], [0, 0]], final=[[10, 5], [0, 0]], value_added=[11, 1], imports=[6, -3]
    )
    made = domestic_table(mixed)
    assert made.demands == ("households", "exports", "other")
    assert made.final[:, 2].tolist() == [0, 3]
    np.testing.assert_allclose(np.asarray(made.flows).sum(axis=1) + made.final.sum(axis=1), mixed.output)
