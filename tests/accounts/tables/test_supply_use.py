from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from accounts.supply_use_made import BY_HAND, INDUSTRIES, PRODUCTS, by_hand
from dxanalysis.accounts.tables.supply_use import supply_use_table
from dxanalysis.errors import DataError, ParameterError

BASIC = {
    "prices": "basic", "use": [[30, 15], [7.25, 4.125], [9, 13.5]], "final": [[45, 30], [12.375, 6.25], [36, 11.5]],
    "input_taxes": [4.75, 3.375], "trade_margins": None, "taxes": None,
}  # fmt: skip


def test_a_table_keeps_its_blocks_and_they_cannot_be_changed() -> None:
    one = by_hand()
    np.testing.assert_array_equal(one.product_output, [100, 30, 60])
    np.testing.assert_array_equal(one.output, [110, 80])
    np.testing.assert_array_equal(one.gross_value_added, [59, 44])
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.year = 2021  # type: ignore[misc]
    for block in (one.supply, one.use, one.final, one.imports, one.value_added, one.output):
        with pytest.raises(ValueError, match="read-only"):
            block[0] = 1


def test_gdp_is_the_same_by_production_and_by_expenditure() -> None:
    one = by_hand()
    assert one.product_taxes == 20
    assert one.gdp == 123
    spent = one.expenditure()
    assert spent.to_dict() == {"households": 103, "exports": 50, "imports": -30}
    assert spent.sum() == one.gdp


def test_printed_as_frames() -> None:
    supply, use = by_hand().supply_frame(), by_hand().to_frame()
    assert supply.loc["goods", ["C", "output", "imports", "trade_margins", "taxes"]].tolist() == [100, 100, 20, 25, 15]
    assert supply.loc["total", "trade_margins"] == 0
    assert use.loc["services", ["C", "G", "households", "exports"]].tolist() == [10, 15, 40, 10]
    assert use.loc["surplus", "C"] == 20
    assert use.loc["output", "G"] == 80


def test_frames_are_brought_into_the_order_of_the_supply_table() -> None:
    plain = by_hand()
    codes = {"products": None, "industries": None}
    supply = pd.DataFrame(BY_HAND["supply"], index=PRODUCTS, columns=INDUSTRIES)
    use = pd.DataFrame(BY_HAND["use"], index=PRODUCTS, columns=INDUSTRIES).iloc[::-1, ::-1]
    final = pd.DataFrame(BY_HAND["final"], index=PRODUCTS, columns=["consumption", "sold abroad"]).iloc[[1, 0, 2]]
    value_added = pd.DataFrame(BY_HAND["value_added"], index=["compensation", "surplus"], columns=INDUSTRIES).iloc[
        :, ::-1
    ]
    taxes = pd.Series(BY_HAND["taxes"], index=PRODUCTS).iloc[::-1]
    one = by_hand(**codes, supply=supply, use=use, final=final, value_added=value_added, components=None, taxes=taxes)
    for name in ("supply", "use", "final", "value_added", "taxes"):
        np.testing.assert_array_equal(getattr(one, name), getattr(plain, name))
    assert one.components == ("compensation", "surplus")
    as_series = by_hand(value_added=pd.Series([44, 59], index=["G", "C"]), components=None)
    np.testing.assert_array_equal(as_series.gross_value_added, [59, 44])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"supply": [[110, 0], [0, 30], [-10, 50]], "output": None}, "industry C supplies -10 of product services"),
        ({"products": ("goods", "trade", "goods")}, "product 'goods' is there 2 times"),
        ({"industries": ("C", "C")}, "industry 'C' is there 2 times"),
        ({"products": (), "supply": np.zeros((0, 2))}, "no product"),
        ({"use": [[40, 20], [1, 1]]}, "use: the shape is 2 x 2, not 3 x 2"),
        ({"use": [[40, 20], [1, np.nan], [10, 15]]}, "use: the cell at trade, G is empty"),
        ({"taxes": [15, 0, "x"]}, "taxes: a cell is no number"),
        ({"product_labels": ["a"]}, "1 labels for 3 products"),
        ({"imports": [20, 0, 17]}, r"product services is used for 75 and is supplied for 82: -7 apart"),
        (
            {"value_added": [[39, 30], [20, 19]]},
            r"industry G has inputs and value added of 85 and has the output 80: \+5",
        ),
        ({"output": [110, 81]}, "industry G makes products of 80 and has the output 81"),
        ({"trade_margins": [25, -20, 0], "taxes": [15, -5, 5]}, "trade margins add up to 5 and should add up to 0"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        by_hand(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"prices": "basic"}, "off by just its margins and taxes: use is at purchasers' prices. Say prices='purchasers'"),
        ({"prices": "basic", "trade_margins": None, "taxes": None}, r"a few \(trade\) for much less, .* use is at purchasers' prices"),
        ({**BASIC, "final": [[45, 10], [12.375, 6.25], [36, 1.5]]}, "use is of domestic products only"),
        ({**BASIC, "prices": "purchasers", "taxes": [15, 0, 5], "input_taxes": None, "trade_margins": [25, -25, 0]}, "at basic prices already"),
        ({**BASIC, "imports": None}, "Most products are used for more .* imports seem to be missing"),
        ({"taxes": None}, "taxes on products, or imports, seem to be missing"),
        ({"trade_margins": None, "imports": [15, 0, 9]}, r"a few \(trade\) for much less: their margins on the others are missing"),
        ({"use": [[40, 20], [10, 15], [1, 1]], "value_added": [[39, 30], [20, 14]]}, "services miss the same amount: their rows are exchanged"),
        ({**BASIC, "imported_use": np.zeros((3, 2)), "imports": [20, 0, 10]}, "use holds imported products"),
        ({**BASIC, "input_taxes": None}, "row of taxes on products is missing"),
        ({"trade_margins": [25, -20, 0], "taxes": [15, -5, 5]}, "enter those of the trade and transport products with a minus"),
    ],
)  # fmt: skip
def test_the_pattern_of_a_gap_is_explained(changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        by_hand(**changes)


def test_supply_and_use_with_different_products_are_refused_with_the_codes() -> None:
    use = pd.DataFrame(BY_HAND["use"], index=["goods", "commerce", "services"], columns=INDUSTRIES)
    with pytest.raises(DataError, match="not those of the supply table: trade missing; commerce unknown"):
        by_hand(use=use)
    with pytest.raises(DataError, match="use: 'goods' is there twice"):
        by_hand(use=use.set_axis(["goods", "goods", "services"], axis=0))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"prices": "market"}, "prices is 'market'"),
        ({"demands": ["households", "abroad"]}, "'abroad' is no kind of final demand"),
        ({"layout": "mixed"}, "layout 'mixed' is unknown"),
        ({"layout": "domestic"}, "not a layout that exists"),
        ({"layout": "competitive", "prices": "basic", "imported_use": np.zeros((3, 2))}, "imports inside the use"),
        ({"input_taxes": [1, 1]}, "rows of taxes are given too"),
        ({"products": None}, "the codes of its rows are not given"),
        ({"unit": "millions"}, "not a unit of money"),
    ],
)
def test_options_that_exclude_each_other_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        by_hand(**changes)


def test_printed_decimals_set_the_tolerance_and_kept_gaps_are_listed() -> None:
    with pytest.raises(DataError, match="product services"):
        by_hand(imports=[20, 0, 11])
    assert by_hand(imports=[20, 0, 11], decimals=0).gaps == ()
    kept = by_hand(imports=[20, 0, 17], decimals=0, rounding="keep")
    (gap,) = kept.gaps
    assert (gap.identity, gap.code, gap.gap) == ("product", "services", -7)


def test_negative_supply_is_kept_on_demand_and_listed() -> None:
    one = by_hand(supply=[[100, 0], [-1, 31], [11, 49]], negative_supply="keep")
    assert one.negative_supply().to_dict("records") == [{"product": "trade", "industry": "C", "value": -1}]
    assert by_hand().negative_supply().empty


def test_two_columns_of_one_kind_of_demand_are_told_apart_by_place() -> None:
    final = [[50, 10, 40], [3, 0, 0], [30, 10, 10]]
    one = by_hand(final=final, demands=["households", "households", "exports"])
    assert one.expenditure()["households"] == 103


def test_a_domestic_table_knows_its_imports() -> None:
    home = {
        **BY_HAND,
        **BASIC,
        "imports": None,
        "use": [[20, 10], [7.25, 4.125], [9, 13.5]],
        "final": [[40, 30], [12.375, 6.25], [26, 11.5]],
    }
    one = supply_use_table(
        **{**home, "imported_use": [[10, 5], [0, 0], [0, 0]], "imported_final": [[5, 0], [0, 0], [10, 0]]}
    )
    assert one.layout == "domestic"
    np.testing.assert_array_equal(one.imports, [20, 0, 10])
    with pytest.raises(DataError, match="product goods has imported uses of 20 and has imports of 26"):
        supply_use_table(
            **{
                **home,
                "imports": [26, 0, 10],
                "imported_use": [[10, 5], [0, 0], [0, 0]],
                "imported_final": [[5, 0], [0, 0], [10, 0]],
            }
        )
