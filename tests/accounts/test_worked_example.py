"""The chain from a real supply-use table to every result, on Brazil."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from dxanalysis.accounts import definitions, linkages, tables
from dxanalysis.accounts.figures import NotEnoughData
from dxanalysis.accounts.tables.readers import ibge
from dxanalysis.accounts.worked_example import WorkedExample, worked_example


@pytest.fixture(scope="module")
def example() -> WorkedExample:
    made = worked_example()
    assert isinstance(made, WorkedExample)
    return made


def test_growth_is_the_official_series_and_contributions_add_up(example: WorkedExample) -> None:
    official = [4.0, 1.9, 3.0, 0.5, -3.5, -3.3, 1.3, 1.8, 1.2, -3.3, 4.8]
    assert example.digital_growth()["growth"].round(1).tolist() == official
    np.testing.assert_allclose(
        example.growth.points.sum(axis=0) + example.growth.residual, example.growth.growth, rtol=0, atol=1e-9
    )
    np.testing.assert_allclose(example.growth.residual, 0, atol=1e-9)


def test_methods_stand_side_by_side(example: WorkedExample) -> None:
    shares = example.comparison.to_frame().set_index("method")["share"]
    # Direct share of value added 2021 as computed from the tables by hand elsewhere: 3.461.
    assert shares["direct"] == pytest.approx(3.461, abs=5e-4)
    assert shares["direct"] < shares["adb_exact"] <= shares["adb_printed"] < shares["input_coefficient"]
    assert shares["bea_ratio"] == pytest.approx(shares["direct"], abs=0.3)  # industries make mostly their own products
    assert [one.missing for one in example.comparison.missing] == [("ict_income",)]


def test_parts_of_the_change_and_quarters_add_up(example: WorkedExample) -> None:
    assert sum(example.change.parts.values()) == pytest.approx(example.change.change, abs=1e-9)
    assert example.quarters.largest_gap < 1e-6 * example.quarters.given.max()
    assert len(example.quarters.values) == 48


def test_the_interval_of_an_imagined_province_names_its_parts(example: WorkedExample) -> None:
    found = example.interval
    assert {one.name for one in found.parts} == {"definition", "split", "delta", "quotient", "release"}
    assert sum(one.first_order for one in found.parts) <= 1 + 1e-9
    low, high = dict(found.quantiles)[0.025], dict(found.quantiles)[0.975]
    assert low < found.estimate < high
    assert all(one.width_95_if_known < high - low for one in found.parts)


def test_without_the_package_the_example_is_left_out_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "iotbr" else find(name, *rest))
    found = worked_example()
    assert isinstance(found, NotEnoughData)
    assert found.reason == "example_not_installed"


def test_every_result_says_in_a_line_what_it_is(example: WorkedExample) -> None:
    supply_use = ibge.read_supply_use(None, 2021)
    made = tables.to_input_output(
        tables.take_imports_out(tables.to_basic_prices(supply_use), reexported=("30001",)), model="D"
    )
    covered = definitions.cover(made.table, definitions.load_definition("ict_brazil"))
    table = "InputOutputTable(Brazil 2021: 68 sectors of ibge68, domestic, by industry, basic prices, million BRL)"
    use = "128 products, 68 industries of ibge68, competitive, purchasers prices, million BRL"
    assert repr(supply_use) == f"SupplyUseTable(Brazil 2021: {use})"
    assert repr(made) == f"Transformed(model D, {len(made.negatives)} negative cells, {table})"
    assert repr(covered) == "Coverage(ict_brazil: 4 of 68 sectors whole, 0 in part)"
    assert repr(linkages.extract(made.table, covered.whole)).startswith("Extraction(2600, 5800, 6100, 6280: 5.2")
    assert repr(example) == "WorkedExample(Brazil, 2011 to 2021)"
    assert repr(example.comparison) == "Comparison(Brazil 2021, shares computed: 6, not computed: 1)"
    assert repr(example.links) == f"Linkages(68 sectors, {example.links.roles.count('key')} key)"
    assert repr(example.quarters).startswith("Disaggregated(denton-cholette: 2010-Q1 to ")
