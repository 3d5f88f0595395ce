from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from accounts.tables_made import table, tables
from dxanalysis.accounts.linkages.solve import leontief
from dxanalysis.accounts.measures.adb import embodied
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.money import Money
from dxanalysis.errors import DataError, ParameterError

FLOWS = np.array([[10.0, 5, 15], [5, 20, 45], [20, 25, 240]])
FINAL = np.array([30.0, 50, 315])
VALUE_ADDED = np.array([25.0, 70, 300])
OUTPUT = np.array([60.0, 120, 600])


def made(**changes: object):
    blocks = {
        "region": "Toy", "year": 2020, "unit": "million USD", "classification": "isic4", "sectors": ("26", "61", "01"),
        "flows": FLOWS, "final": FINAL[:, None], "demands": ["households"], "value_added": VALUE_ADDED, "output": OUTPUT,
    }  # fmt: skip
    return input_output_table(**{**blocks, **changes})


def test_a_balanced_table_keeps_its_blocks_and_they_cannot_be_changed() -> None:
    one = made()
    assert one.gdp == 395
    np.testing.assert_allclose(one.coefficients(), FLOWS / OUTPUT)
    np.testing.assert_array_equal(one.net_final, FINAL)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.year = 2021  # type: ignore[misc]
    for block in (one.flows, one.final, one.output, one.value_added):
        with pytest.raises(ValueError, match="read-only"):
            block[0] = 1


def test_output_left_out_is_what_the_rows_sell() -> None:
    np.testing.assert_array_equal(made(output=None).output, OUTPUT)


def test_printed_as_a_frame() -> None:
    frame = made().to_frame()
    assert frame.loc["26", "61"] == 5
    assert frame.loc["output", "01"] == 600
    assert frame.loc["value_added", "26"] == 25


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"flows": FLOWS[:, :2]}, "3 x 2: not square"),
        ({"flows": FLOWS.ravel()}, "not square"),
        ({"sectors": ("26", "61", "26")}, "'26' is there 2 times"),
        ({"sectors": ()}, "no sector"),
        ({"final": FINAL[:2, None]}, "final demand have the shape 2 x 1, not 3 x 1"),
        ({"final": np.array([[30], [np.nan], [315]])}, "empty cell at 61"),
        ({"final": [["a"], [1], [2]]}, "a cell that is no number"),
        ({"output": [60, -120, 600]}, "sector 61 has the output -120"),
        ({"output": [60, 0, 600]}, "sector 61 has no output, but uses inputs"),
        ({"output": [60, 120, 500]}, "row 01: its parts add up to 600, its output is 500: \\+100 apart"),
        ({"value_added": VALUE_ADDED * 1000}, "a unit is mixed up"),
        ({"value_added": VALUE_ADDED - 10}, "row of imported inputs or of product taxes is missing"),
        ({"flows": FLOWS * 1.3}, "imports are mixed into the flows"),
        ({"components": ["wages", "surplus"]}, "2 names for 1 rows"),
        ({"labels": ["a"]}, "1 labels for 3 sectors"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        made(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demands": ["families"]}, "'families' is no kind of final demand"),
        ({"unit": "dollars"}, "not a unit of money"),
        ({"layout": "domestic", "imports": [1, 2, 3]}, "imports below the columns"),
        ({"layout": "mixed"}, "layout 'mixed' is unknown"),
        ({"decimals": -12}, "-12 printed decimals"),
    ],
)
def test_a_wrong_option_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        made(**changes)


def test_a_competitive_table_whose_flows_are_domestic_already_is_recognised() -> None:
    with pytest.raises(DataError, match="Use layout='domestic'"):
        made(imports=[3, 6, 20])


def test_a_competitive_table_balances_with_its_imports_of_either_sign() -> None:
    imports = np.array([3.0, 6, 20])
    plus = made(final=(FINAL + imports)[:, None], imports=imports)
    minus = made(final=(FINAL + imports)[:, None], imports=-imports)
    assert plus.layout == minus.layout == "competitive"
    np.testing.assert_array_equal(plus.imports, minus.imports)
    np.testing.assert_array_equal(plus.net_final, FINAL)


def test_the_tolerance_follows_from_the_printed_decimals() -> None:
    off = OUTPUT + np.array([0, 2.0, 0])
    # Row 61 adds up five printed figures (three flows, one demand, its output): rounding to whole numbers explains 2.5.
    assert made(output=off, decimals=0).gaps == ()
    with pytest.raises(DataError, match=r"rounding explains 0\.25"):
        made(output=off, decimals=1)
    kept = made(output=off, decimals=1, rounding="keep")
    assert {(one.side, one.sector) for one in kept.gaps} == {("row", "61"), ("column", "61")}
    assert kept.gaps[0].gap == pytest.approx(-2)


def test_a_sector_without_output_is_allowed_where_it_is_empty() -> None:
    flows = np.zeros((4, 4))
    flows[:3, :3] = FLOWS
    one = made(
        sectors=("26", "61", "01", "99"),
        flows=flows,
        final=np.append(FINAL, 0)[:, None],
        value_added=np.append(VALUE_ADDED, 0),
        output=np.append(OUTPUT, 0),
    )
    assert one.coefficients()[:, 3].sum() == 0
    assert embodied(one).sum() == pytest.approx(395, rel=1e-12)


def test_a_scale_is_changed_within_the_currency_only() -> None:
    one = made().in_unit(Money("USD", 1e9))
    assert one.gdp == pytest.approx(0.395)
    with pytest.raises(ParameterError, match="million USD cannot be put beside figures in billion VND"):
        made().in_unit(Money("VND", 1e9))


def test_money_reads_back_what_it_writes() -> None:
    for text in ("million USD", "billion VND", "EUR", "thousand BRL"):
        assert str(Money.parse(text)) == text


def test_an_unknown_sector_lists_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"no sector '62'.*26, 61, 01"):
        made().position("62")


def test_a_sparse_table_stays_sparse_and_gives_the_same() -> None:
    n = 40
    rng = np.random.default_rng(1)
    flows = np.where(rng.random((n, n)) < 0.1, rng.uniform(0, 1, (n, n)), 0)
    full = table(flows, rng.uniform(50, 60, n))
    thin = table(sparse.csr_array(flows).toarray(), full.final, flows=sparse.csr_array(flows))
    assert sparse.issparse(thin.flows)
    assert sparse.issparse(thin.coefficients())
    np.testing.assert_allclose(embodied(thin), embodied(full), rtol=1e-12)
    with pytest.raises(DataError, match="2 x 2, not 40 x 40"):
        table(flows, full.final, flows=sparse.csr_array(np.eye(2)))


@settings(max_examples=40, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_order_and_currency_change_nothing(one, shuffler) -> None:
    order = list(range(one.n))
    shuffler.shuffle(order)
    other = one.take(order)
    assert other.gdp == pytest.approx(one.gdp, rel=1e-12)
    np.testing.assert_allclose(embodied(other), embodied(one)[order][:, order], rtol=1e-9)
    np.testing.assert_allclose(embodied(one.in_unit(Money("USD", 1.0))), embodied(one) * 1e6, rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_value_added_by_final_demand_adds_up_to_gdp(one) -> None:
    matrix = embodied(one)
    assert matrix.sum() == pytest.approx(one.gdp, rel=1e-9)
    np.testing.assert_allclose(matrix.sum(axis=1), one.gross_value_added, rtol=1e-9)
    np.testing.assert_allclose(matrix.sum(axis=0), one.net_final, rtol=1e-9)
    np.testing.assert_allclose(leontief(one).solve(one.net_final), one.output, rtol=1e-9)
