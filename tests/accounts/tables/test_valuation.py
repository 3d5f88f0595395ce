from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from accounts.supply_use_made import INDUSTRIES, PRODUCTS, by_hand, supply_use_tables
from dxanalysis.accounts.tables.supply_use import SupplyUseTable
from dxanalysis.accounts.tables.valuation import take_imports_out, to_basic_prices
from dxanalysis.errors import DataError, ParameterError


def test_taxes_and_margins_by_hand() -> None:
    basic = to_basic_prices(by_hand())
    # goods: 160 at purchasers' prices bear 15 of taxes and 25 of margins, so 40 used by C hold 3.75 and 6.25
    np.testing.assert_allclose(basic.use[:2], [[30, 15], [7.25, 4.125]])
    np.testing.assert_allclose(basic.use[2], [10 * 70 / 75, 15 * 70 / 75])
    np.testing.assert_allclose(basic.final[0], [45, 30])
    np.testing.assert_allclose(basic.input_taxes, [3.75 + 10 / 15, 1.875 + 1])
    assert basic.prices == "basic"
    assert basic.gdp == pytest.approx(123)
    assert basic.expenditure().sum() == pytest.approx(123)
    assert basic.assumptions == ("margins_proportional_to_all_uses", "taxes_proportional_to_all_uses")


def test_exports_without_taxes() -> None:
    basic = to_basic_prices(by_hand(), untaxed=("exports",))
    assert basic.final_taxes[1] == 0
    assert basic.input_taxes[0] == pytest.approx(40 * 15 / 120 + 10 * 5 / 65)
    assert basic.assumptions[-1] == "taxes_proportional_to_uses_except_exports"


def test_imports_by_hand() -> None:
    home = take_imports_out(to_basic_prices(by_hand()))
    np.testing.assert_allclose(home.imported_use[0], [20 * 30 / 90, 20 * 15 / 90])
    np.testing.assert_array_equal(home.imported_final[:, 1], [0, 0, 0])
    assert home.layout == "domestic"
    assert home.gdp == pytest.approx(123)
    assert home.expenditure().sum() == pytest.approx(123)
    assert home.assumptions[-1] == "imports_proportional_to_uses_except_exports"


def test_imports_as_given_in_any_order() -> None:
    basic = to_basic_prices(by_hand())
    use = pd.DataFrame([[10.0, 5], [0, 0], [0, 0]], index=PRODUCTS, columns=INDUSTRIES).iloc[::-1]
    home = take_imports_out(basic, imported_use=use, imported_final=[[5, 0], [0, 0], [10, 0]])
    np.testing.assert_allclose(home.use[0], [20, 10])
    assert home.assumptions[-1] == "imports_as_given"
    with pytest.raises(DataError, match="product services has imported uses of 0 and has imports of 10"):
        take_imports_out(basic, imported_use=use, imported_final=[[5, 0], [0, 0], [0, 0]])
    with pytest.raises(ParameterError, match="only one of"):
        take_imports_out(basic, imported_use=use)


def test_imports_beyond_the_uses_at_home_are_named() -> None:
    # 150 of goods are imported and 90 of them used at home at basic prices: the others must leave again
    basic = to_basic_prices(by_hand(imports=[150, 0, 10], final=[[60, 170], [3, 0], [40, 10]]))
    with pytest.raises(
        DataError, match=r"imports of product goods are 150, its uses other than exports .* reexported=\('goods',\)"
    ):
        take_imports_out(basic)
    home = take_imports_out(basic, reexported=("goods",))
    assert home.imported_final[0, 1] > 0
    assert home.imported_final[2, 1] == 0
    assert home.assumptions[-1] == "imports_proportional_to_uses_except_exports:goods"


def test_what_cannot_be_asked_is_refused() -> None:
    table = by_hand()
    basic = to_basic_prices(table)
    with pytest.raises(ParameterError, match="basic prices already"):
        to_basic_prices(basic)
    with pytest.raises(ParameterError, match="'abroad' is no kind"):
        to_basic_prices(table, untaxed=("abroad",))  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="Bring it to basic prices first"):
        take_imports_out(table)
    with pytest.raises(ParameterError, match="domestic products already"):
        take_imports_out(take_imports_out(basic))
    with pytest.raises(ParameterError, match="'good' is no product"):
        take_imports_out(basic, reexported=("good",))


def test_taxes_that_no_use_can_bear_are_refused() -> None:
    only_exports = by_hand(
        use=[[0, 0], [1, 1], [10, 15]], final=[[0, 160], [3, 0], [40, 10]], value_added=[[79, 50], [20, 14]]
    )
    with pytest.raises(DataError, match="taxes on products of goods cannot be spread"):
        to_basic_prices(only_exports, untaxed=("exports",))
    with pytest.raises(DataError, match="no product earns the trade margins"):
        to_basic_prices(by_hand(trade_margins=[25, 0, 0], final=[[60, 40], [3, 25], [40, 10]], rounding="keep"))


@given(table=supply_use_tables(prices="purchasers"))
@settings(max_examples=40, deadline=None)
def test_totals_are_kept_all_the_way(table: SupplyUseTable) -> None:
    basic = to_basic_prices(table)
    np.testing.assert_allclose(basic.use.sum(axis=0) + basic.input_taxes, table.use.sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(
        basic.use.sum(axis=1) + basic.final.sum(axis=1), table.product_output + table.imports, rtol=1e-9
    )
    assert basic.product_taxes == pytest.approx(table.taxes.sum())
    assert basic.gaps == ()
    everything = tuple(table.products)
    home = take_imports_out(basic, reexported=everything)
    np.testing.assert_allclose(
        home.imported_use.sum(axis=1) + home.imported_final.sum(axis=1), table.imports, rtol=1e-9
    )
    assert home.gdp == pytest.approx(table.gdp)
