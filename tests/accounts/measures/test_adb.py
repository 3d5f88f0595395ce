from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from accounts.tables_made import table, tables
from dxanalysis.accounts.linkages import solve
from dxanalysis.accounts.measures.adb import adb_exact, adb_terms, embodied
from dxanalysis.accounts.measures.industry import (
    direct_share,
    growth_accounting_share,
    input_coefficient_share,
    ratio_share,
)
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ParameterError

TOY = table(
    [[10, 5, 15], [5, 20, 45], [20, 25, 240]], np.array([[28, 2], [47, 3], [301, 14]]), sectors=("26", "61", "01")
)
DIGITAL = np.array([1.0, 1.0, 0.0])


def divided(one: InputOutputTable, sector: int, part: float) -> InputOutputTable:
    """The same economy with a sector cut into two of the same structure, the first of the given size."""
    n = one.n
    spread = np.zeros((n, n + 1))
    spread[:, :n] = np.eye(n)
    spread[sector, sector], spread[sector, n] = part, 1 - part
    return table(spread.T @ one.flows @ spread, spread.T @ one.final, value_added=one.gross_value_added @ spread)


def merged(one: InputOutputTable, first: int, second: int) -> InputOutputTable:
    """The same economy with two sectors added up in the place of the first."""
    add = np.delete(np.eye(one.n), second, axis=1)
    add[second, first] = 1
    return table(add.T @ one.flows @ add, add.T @ one.final)


def test_one_digital_sector_needs_no_choice_of_double_count() -> None:
    terms = adb_terms(TOY, np.array([1.0, 0, 0]))
    assert terms.printed == pytest.approx(terms.exact, rel=1e-12)
    assert terms.merged_share == pytest.approx(terms.exact, rel=1e-12)


def test_merging_before_is_the_measure_of_the_merged_table() -> None:
    small = adb_terms(merged(TOY, 0, 1), np.array([1.0, 0]))
    assert adb_terms(TOY, DIGITAL).merged_share == pytest.approx(small.exact, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(tables(), st.floats(0.05, 0.95), st.data())
def test_a_weight_counts_as_a_divided_sector(one: InputOutputTable, part: float, data: st.DataObject) -> None:
    sector = data.draw(st.integers(0, one.n - 1))
    also = (sector + 1) % one.n
    weights = np.zeros(one.n)
    weights[sector], weights[also] = part, 1
    investment = one.demand("investment") * 0.3
    whole = adb_terms(one, weights, investment=investment)
    cut = divided(one, sector, part)
    cut_weights = np.append(np.zeros(one.n), 0.0)
    cut_weights[[sector, also]] = 1
    cut_investment = np.append(investment, investment[sector] * (1 - part))
    cut_investment[sector] *= part
    by_hand = adb_terms(cut, cut_weights, investment=cut_investment)
    for name in ("backward", "forward", "diagonal", "block", "investment", "merged"):
        assert getattr(whole, name) == pytest.approx(getattr(by_hand, name), rel=1e-8), name


@settings(max_examples=40, deadline=None)
@given(tables(), st.data())
def test_order_of_the_measures(one: InputOutputTable, data: st.DataObject) -> None:
    weights = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=one.n, max_size=one.n)))
    terms = adb_terms(one, weights)
    direct = direct_share(one, weights)
    # What digital demand draws from others only adds; the printed form leaves cells counted twice.
    assert -1e-9 <= direct <= terms.exact + 1e-9 <= terms.printed + 2e-9
    assert terms.exact <= 100 + 1e-9
    assert terms.forward == pytest.approx(direct * one.gdp / 100, abs=1e-9)
    assert adb_terms(one, np.ones(one.n)).exact == pytest.approx(100, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(tables(most=5), st.randoms(use_true_random=False))
def test_order_of_sectors_and_currency_change_no_share(one: InputOutputTable, shuffler) -> None:
    order = list(range(one.n))
    shuffler.shuffle(order)
    weights = np.zeros(one.n)
    weights[0] = 1
    moved = adb_terms(one.take(order), weights[order])
    dearer = table(one.flows * 25_000, one.final * 25_000)
    for name in ("printed", "exact", "merged_share"):
        assert getattr(moved, name) == pytest.approx(getattr(adb_terms(one, weights), name), rel=1e-9)
        assert getattr(adb_terms(dearer, weights), name) == pytest.approx(
            getattr(adb_terms(one, weights), name), rel=1e-9
        )


@settings(max_examples=40, deadline=None)
@given(tables())
def test_adding_up_other_sectors_leaves_the_direct_share(one: InputOutputTable) -> None:
    assume(one.n > 2)
    weights = np.zeros(one.n)
    weights[0] = 1
    small = merged(one, one.n - 2, one.n - 1)
    assert direct_share(small, weights[: small.n]) == pytest.approx(direct_share(one, weights), rel=1e-12)


def test_the_exact_form_alone_is_the_one_among_all_terms() -> None:
    investment = np.array([1.0, 2, 3])
    assert adb_exact(TOY, DIGITAL, investment=investment) == pytest.approx(
        adb_terms(TOY, DIGITAL, investment=investment).exact, rel=1e-14
    )


def test_large_systems_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    flows = np.zeros((30, 30))
    flows[:3, :3] = TOY.flows
    final = np.append(TOY.final.sum(axis=1), np.full(27, 5.0))
    weights = np.append([1.0, 0.4, 0], np.zeros(27))
    expected = adb_terms(table(flows, final), weights)
    monkeypatch.setattr(solve, "FACTORED", 1)
    thin = table(flows, final, flows=sparse.csr_array(flows))
    assert solve.leontief(thin).factors is None
    again = adb_terms(thin, weights)
    for name in ("backward", "forward", "diagonal", "block", "merged"):
        assert getattr(again, name) == pytest.approx(getattr(expected, name), rel=1e-11)


def test_embodied_value_added_of_the_toy() -> None:
    np.testing.assert_allclose(embodied(TOY).sum(axis=1), TOY.gross_value_added)


@pytest.mark.parametrize(
    ("investment", "message"),
    [
        ([1.0, 2], "shape"),
        ([3.0, 3, 14], "digital sectors invest 3 in 26, all sectors 2"),
        ([-1.0, 0, 0], "invest -1 in 26"),
    ],
)
def test_impossible_investment_is_refused(investment: list[float], message: str) -> None:
    with pytest.raises(DataError, match=message):
        adb_terms(TOY, DIGITAL, investment=np.array(investment))


def test_ratio_measure_is_the_direct_one_for_whole_industries() -> None:
    assert ratio_share(TOY, TOY.output * DIGITAL) == pytest.approx(direct_share(TOY, DIGITAL))
    assert ratio_share(TOY, np.array([60.0, 60, 60])) == pytest.approx(100 * (25 + 35 + 30) / 395)
    with pytest.raises(DataError, match="industry 26 makes digital products of 61 in an output of 60"):
        ratio_share(TOY, np.array([61.0, 0, 0]))
    with pytest.raises(DataError, match="one is missing"):
        ratio_share(TOY, np.array([61.0, np.nan, 0]))


def test_growth_accounting_adds_the_income_of_ict_capital() -> None:
    both = growth_accounting_share(TOY, DIGITAL, np.array([0.5, 0.5, 0.1]))
    assert both.core == pytest.approx(direct_share(TOY, DIGITAL))
    assert both.digitalised == pytest.approx(100 * 0.1 * 300 / 395)
    assert both.total == both.core + both.digitalised
    with pytest.raises(DataError, match=r"ICT capital earns 4 of the value added of 01.*0\.04"):
        growth_accounting_share(TOY, DIGITAL, np.array([0, 0, 4.0]))


def test_digitalised_part_counts_no_core_industry_twice() -> None:
    assert input_coefficient_share(TOY, np.ones(3)).digitalised == 0


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 0], "2,.* weights for 3"),
        ([1, 1.2, 0], "sector 61 has the weight 1.2"),
        ([1, np.nan, 0], "61 has the weight nan"),
    ],
)
def test_wrong_weights_are_named(weights: list[float], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        direct_share(TOY, np.array(weights))
    with pytest.raises(ParameterError, match=message):
        adb_terms(TOY, np.array(weights))
    with pytest.raises(ParameterError, match=message):
        adb_exact(TOY, np.array(weights))
