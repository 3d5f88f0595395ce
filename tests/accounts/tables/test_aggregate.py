from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from accounts.supply_use_made import by_hand, supply_use_tables
from accounts.tables_made import table, tables
from dxanalysis.accounts.measures.industry import direct_share
from dxanalysis.accounts.tables.aggregate import aggregate, aggregate_supply_use
from dxanalysis.accounts.tables.models import to_input_output
from dxanalysis.accounts.tables.supply_use import SupplyUseTable
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.accounts.tables.valuation import take_imports_out, to_basic_prices
from dxanalysis.errors import ParameterError

TOY = table([[10, 5, 15], [5, 20, 45], [20, 25, 240]], [30, 50, 315], sectors=("26", "61", "01"))


def test_two_sectors_by_hand() -> None:
    one = aggregate(TOY, {"26": "ict", "61": "ict"}, labels={"ict": "Hardware and telecoms"})
    assert one.sectors == ("ict", "01")
    assert one.labels == ("Hardware and telecoms", "01")
    np.testing.assert_array_equal(one.flows, [[40, 60], [45, 240]])
    np.testing.assert_array_equal(one.output, [180, 600])
    np.testing.assert_array_equal(one.gross_value_added, [95, 300])
    assert one.gaps == ()


def test_a_group_stands_where_its_first_sector_stood_and_may_keep_a_members_code() -> None:
    one = aggregate(TOY, {"01": "61", "61": "61"}, classification="own")
    assert one.sectors == ("26", "61")
    assert one.classification == "own"
    assert aggregate(TOY, {}).sectors == TOY.sectors


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"27": "ict"}, "no 27 to put into a group"),
        ({"26": "61"}, "a group is called '61', as a code that is not named as its member"),
    ],
)
def test_groups_that_are_not_meant_are_refused(groups: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        aggregate(TOY, groups)
    with pytest.raises(ParameterError, match=message):
        aggregate_supply_use(by_hand(products=("26", "61", "01")), products=groups)


def test_sparse_flows_stay_as_cells() -> None:
    n = 1200
    flows = sparse.diags_array(np.ones(n - 1), offsets=1, shape=(n, n)).tocsr()
    wide = table(flows.toarray(), np.full(n, 5.0), sectors=tuple(map(str, range(n))))
    assert sparse.issparse(wide.flows)
    one = aggregate(wide, {"0": "first", "1": "first"})
    assert sparse.issparse(one.flows)
    assert one.n == n - 1
    assert one.flows[0, 0] == 1
    assert one.gdp == pytest.approx(wide.gdp)


@given(one=tables(), data=st.data())
@settings(max_examples=30, deadline=None)
def test_adding_up_the_others_leaves_direct_digital_value_added(one: InputOutputTable, data: st.DataObject) -> None:
    others = data.draw(st.lists(st.sampled_from(one.sectors[1:]), unique=True, min_size=1))
    smaller = aggregate(one, dict.fromkeys(others, "rest"))
    weights = np.arange(one.n) == 0
    assert direct_share(smaller, weights[: smaller.n].astype(float)) == pytest.approx(
        direct_share(one, weights.astype(float)), rel=1e-12
    )
    assert smaller.gdp == pytest.approx(one.gdp)
    assert smaller.output.sum() == pytest.approx(one.output.sum())
    assert smaller.gaps == ()


@given(one=supply_use_tables(prices="purchasers"))
@settings(max_examples=30, deadline=None)
def test_supply_and_use_keep_their_totals(one: SupplyUseTable) -> None:
    groups = dict.fromkeys(one.products[1:], "all but the first")
    smaller = aggregate_supply_use(one, products=groups, product_labels={"all but the first": "Others"})
    assert smaller.product_labels == (one.products[0], "Others")
    assert smaller.gdp == pytest.approx(one.gdp)
    assert smaller.gaps == ()
    np.testing.assert_array_equal(smaller.value_added, one.value_added)
    np.testing.assert_allclose(smaller.use.sum(axis=0), one.use.sum(axis=0))
    home = take_imports_out(to_basic_prices(one), reexported=one.products)
    both = aggregate_supply_use(
        home, products=groups, industries=dict.fromkeys(one.industries, "G"), classification="whole"
    )
    assert (both.layout, both.industries, both.classification) == ("domestic", ("G",), "whole")
    assert both.gaps == ()
    assert both.gdp == pytest.approx(one.gdp)


@given(one=supply_use_tables())
@settings(max_examples=20, deadline=None)
def test_industries_added_up_before_or_after_model_d_are_the_same(one: SupplyUseTable) -> None:
    groups = dict.fromkeys(one.industries[1:], "G")
    before = to_input_output(aggregate_supply_use(one, industries=groups)).table
    after = aggregate(to_input_output(one).table, groups)
    np.testing.assert_allclose(before.flows, after.flows, rtol=1e-9, atol=1e-9)
