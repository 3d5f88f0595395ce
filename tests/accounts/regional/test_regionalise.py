from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tables_made import table, tables
from dxanalysis.accounts.measures.adb import adb_exact, embodied
from dxanalysis.accounts.measures.industry import direct_share
from dxanalysis.accounts.regional import QUOTIENTS, RegionalTable, regionalise
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ParameterError

NATION = table([[10, 5, 15], [5, 20, 45], [20, 25, 240]], np.array([[20, 6, 4], [40, 5, 5], [280, 15, 20]]))
ADDED = pd.Series(NATION.gross_value_added, index=NATION.sectors) * [0.02, 0.03, 0.2]


def made(one: InputOutputTable, added: pd.Series, **options: object) -> RegionalTable:
    chosen = {"region": "Part", "unit": one.unit, "year": one.year, "method": "flq", "delta": 0.25} | options
    return regionalise(one, added, **chosen)  # type: ignore[arg-type]


def holds(found: RegionalTable, added: np.ndarray) -> None:
    """Identities of a region's table, and value added kept."""
    one = found.table
    np.testing.assert_allclose(np.asarray(one.flows).sum(axis=1) + one.final.sum(axis=1), one.output, rtol=1e-9)
    columns = np.asarray(one.flows).sum(axis=0) + one.imported_inputs + one.input_taxes + one.gross_value_added
    np.testing.assert_allclose(columns, one.output, rtol=1e-9)
    np.testing.assert_allclose(one.gross_value_added, added, rtol=1e-9)
    np.testing.assert_allclose(found.from_nation + found.from_abroad, one.imported_inputs, rtol=1e-9, atol=1e-12)
    assert np.all(found.from_nation >= -1e-9)
    assert embodied(one).sum() == pytest.approx(added.sum(), rel=1e-9)


@st.composite
def regions(draw: st.DrawFn) -> tuple[InputOutputTable, pd.Series]:
    one = draw(tables())
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    # with imports and taxes, so that every row of a column is there
    abroad, taxes = rng.uniform(0, 0.2, (2, one.n)) * one.output * 0.5
    one = table(
        one.flows, one.final, value_added=one.gross_value_added - abroad - taxes, imported_inputs=abroad, input_taxes=taxes
    ) if np.all(one.gross_value_added > abroad + taxes) else one  # fmt: skip
    part = rng.uniform(0, 1, one.n) * (rng.random(one.n) < 0.9)
    part[0] = max(part[0], 0.05)
    return one, pd.Series(one.gross_value_added * part, index=one.sectors)


@settings(max_examples=60, deadline=None)
@given(regions(), st.sampled_from(QUOTIENTS), st.floats(0, 0.9))
def test_every_identity_holds(place: tuple, method: str, delta: float) -> None:
    one, added = place
    given_delta = {"flq": delta, "aflq": delta, "sflq": np.full(one.n, delta)}.get(method)
    holds(made(one, added, method=method, delta=given_delta), added.to_numpy())


@settings(max_examples=30, deadline=None)
@given(regions(), st.sampled_from(["slq", "cilq", "rlq", "flq", "aflq"]))
def test_the_nation_is_returned_to_itself(place: tuple, method: str) -> None:
    one, _ = place
    delta = 0.3 if method in ("flq", "aflq") else None
    found = made(one, pd.Series(one.gross_value_added, index=one.sectors), method=method, delta=delta)
    np.testing.assert_allclose(found.table.flows, one.flows, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.table.final[:, :-1], one.final, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.from_nation, 0, atol=1e-9)
    assert np.all(found.to_nation == 0)
    assert found.size == pytest.approx(1)
    assert found.notes == ()


@settings(max_examples=30, deadline=None)
@given(regions(), st.integers(0, 2**31))
def test_order_and_currency_change_no_share(place: tuple, seed: int) -> None:
    one, added = place
    rng = np.random.default_rng(seed)
    weights, order = rng.random(one.n), rng.permutation(one.n)
    share = adb_exact(made(one, added).table, weights)
    turned = made(one.take(order), added.sample(frac=1, random_state=seed))
    assert adb_exact(turned.table, weights[order]) == pytest.approx(share, rel=1e-9)
    thousand = made(one, added * 1000, unit="thousand USD")
    assert adb_exact(thousand.table, weights) == pytest.approx(share, rel=1e-9)
    assert direct_share(turned.table, weights[order]) == pytest.approx(100 * float(added @ weights) / added.sum())


@settings(max_examples=30, deadline=None)
@given(regions(), st.floats(0, 0.5), st.floats(0.01, 0.4))
def test_a_larger_delta_buys_more_elsewhere(place: tuple, delta: float, more: float) -> None:
    one, added = place
    assert (
        made(one, added, delta=delta + more).from_nation.sum() >= made(one, added, delta=delta).from_nation.sum() - 1e-9
    )


def test_inputs_from_other_regions_are_the_cut() -> None:
    found = made(NATION, ADDED)
    whole = np.asarray(NATION.coefficients()) * found.table.output
    cut = whole * (1 - np.minimum(found.quotients, 1))
    np.testing.assert_allclose(found.from_nation, cut.sum(axis=0), rtol=1e-12)
    frame = found.to_frame()
    assert frame["inputs_nation"].tolist() == found.from_nation.tolist()
    assert frame.index.tolist() == list(NATION.sectors)
    assert not found.from_nation.flags.writeable


def test_final_demand_is_the_nations_as_far_as_the_region_serves_it() -> None:
    found = made(NATION, ADDED)
    share = ADDED.sum() / NATION.gdp
    served = np.minimum(np.diag(found.quotients), 1)
    np.testing.assert_allclose(found.table.final[:, 0], NATION.final[:, 0] * share * served)
    np.testing.assert_allclose(found.table.final[:, 2], NATION.final[:, 2] * found.table.output / NATION.output)
    # what households do not get at home they get from other regions
    assert found.table.imported_final[0] == pytest.approx(float(NATION.final[:, 0] @ (1 - served)) * share)


def test_a_row_sells_no_more_than_the_region_makes() -> None:
    flows = np.array([[0.0, 90], [0, 0]])
    nation = table(flows, [[10], [100]])
    added = pd.Series({"01": 2.0, "02": 10.0})
    found = made(nation, added, method="rlq", delta=None)
    holds(found, added.to_numpy())
    assert float(np.asarray(found.table.flows)[0].sum()) <= 2.0 + 1e-9


def test_final_demand_gives_way_where_little_is_left() -> None:
    nation = table([[0, 40.0], [0, 0]], [[60, 0], [0, 100.0]])
    added = pd.Series({"01": 30.0, "02": 50.0})
    found = made(nation, added, method="slq", delta=None)
    holds(found, added.to_numpy())
    assert [note.code for note in found.notes] == ["final_demand_cut"]
    assert found.to_nation[0] == 0


def test_another_year_needs_the_nations_value_added_of_that_year() -> None:
    with pytest.raises(ParameterError, match=r"is of 2024, the table of 2020.*national_value_added"):
        made(NATION, ADDED, year=2024)
    grown = pd.Series(NATION.gross_value_added, index=NATION.sectors) * [2.0, 1.5, 1.2]
    found = made(NATION, ADDED, year=2024, national_value_added=grown)
    holds(found, ADDED.to_numpy())
    assert [note.code for note in found.notes] == ["coefficients_of_other_year"]
    own = made(NATION, grown, year=2024, national_value_added=grown)
    np.testing.assert_allclose(own.table.output, NATION.output * [2.0, 1.5, 1.2])
    np.testing.assert_allclose(own.slq, 1)
    with pytest.raises(DataError, match=r"value added of the nation: sectors 03 are missing"):
        made(NATION, ADDED, year=2024, national_value_added=grown.iloc[:2])


def test_output_that_is_known_is_kept() -> None:
    output = ADDED * 1.8
    found = made(NATION, ADDED, output=output)
    np.testing.assert_allclose(found.table.output, output)
    holds(found, ADDED.to_numpy())
    assert "output_given" in [note.code for note in found.notes]
    with pytest.raises(DataError, match=r"sector 02: output .* value added"):
        made(NATION, ADDED, output=output * [1, 0.1, 1])


def test_known_sums_are_met() -> None:
    free = made(NATION, ADDED)
    sales, inputs = np.asarray(free.table.flows).sum(axis=1), np.asarray(free.table.flows).sum(axis=0)
    sales = sales * [0.9, 1.05, 1]
    inputs = inputs * sales.sum() / inputs.sum()
    names = NATION.sectors
    found = made(NATION, ADDED, local_sales=pd.Series(sales, index=names), local_inputs=pd.Series(inputs, index=names))
    np.testing.assert_allclose(np.asarray(found.table.flows).sum(axis=1), sales, rtol=1e-8)
    np.testing.assert_allclose(np.asarray(found.table.flows).sum(axis=0), inputs, rtol=1e-8)
    holds(found, ADDED.to_numpy())
    assert "balanced_to_known_sums" in [note.code for note in found.notes]
    with pytest.raises(ParameterError, match="one side only"):
        made(NATION, ADDED, local_sales=pd.Series(sales, index=names))
    with pytest.raises(DataError, match=r"local inputs of sector 01 are .* more than"):
        made(
            NATION, ADDED, local_sales=pd.Series(sales, index=names), local_inputs=pd.Series(inputs + 100, index=names)
        )


def test_a_competitive_table_is_made_domestic_and_says_so() -> None:
    imports = np.array([3.0, 2, 40])
    nation = input_output_table(
        region="Made", year=2020, unit="million USD", classification="isic4", sectors=NATION.sectors, flows=NATION.flows, final=NATION.final,
        demands=NATION.demands, value_added=NATION.gross_value_added - imports, imports=imports,
    )  # fmt: skip
    added = pd.Series(nation.gross_value_added, index=nation.sectors) * 0.1
    found = made(nation, added)
    holds(found, added.to_numpy())
    assert [note.code for note in found.notes] == ["imports_by_proportionality"]
    assert np.all(found.from_abroad > 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda one: one.iloc[:2], r"sectors 03 are missing"),
        (lambda one: pd.concat([one, pd.Series({"99": 1.0})]), r"sectors 99 are not in the table"),
        (lambda one: pd.concat([one, one.iloc[:1]]), r"sectors 01 are there twice"),
        (lambda one: one * [1, -1, 1], r"sector 02 has .*-"),
        (lambda one: one.astype(object).where(one.index != "03", "n/a"), r"sector 03 has 'n/a'"),
        (lambda one: one * [1, 1, float("nan")], r"sector 03 has .*nan"),
        (lambda one: one * [1, 100, 1], r"industry 02: the region has .* the whole nation"),
        (lambda one: one * 0, "no output at all"),
    ],
)
def test_value_added_that_cannot_be_used(change: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        made(NATION, change(ADDED))  # type: ignore[operator]


def test_units_and_options_that_do_not_fit() -> None:
    with pytest.raises(ParameterError, match="exchange rate"):
        made(NATION, ADDED, unit="million VND")
    with pytest.raises(ParameterError, match="delta is 1"):
        made(NATION, ADDED, delta=1)
    with pytest.raises(ParameterError, match="flq needs a delta"):
        made(NATION, ADDED, delta=None)
    with pytest.raises(ParameterError, match="in prices of 2015"):
        made(table(NATION.flows, NATION.final, price_year=2015), ADDED)


def test_a_sector_that_the_nation_lacks() -> None:
    nation = table([[10, 0, 15], [0, 0, 0], [20, 0, 240]], [[30], [0], [300]])
    added = pd.Series(nation.gross_value_added, index=nation.sectors) * 0.1
    holds(made(nation, added), added.to_numpy())
    with pytest.raises(DataError, match=r"industry 02: the region has 1, the whole nation 0"):
        made(nation, added.replace({added["02"]: 1.0}))
