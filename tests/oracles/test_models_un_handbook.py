"""Models A to D on the Austrian table of the UN Handbook.

Published: United Nations (2018), Handbook on Supply and Use Tables and Input-Output Tables with Extensions and Applications, chapter 12: supply and use in table 12.3,
input-output tables 12.5 (A), 12.7 (B), 12.12 (C) and 12.16 (D). Three products by three industries, billion EUR, two decimals printed, so results agree to 0.02.
"""

from __future__ import annotations

import numpy as np
import pytest

from dxanalysis.accounts.measures.adb import embodied
from dxanalysis.accounts.tables.models import Transformed, to_input_output
from dxanalysis.accounts.tables.supply_use import supply_use_table

SUPPLY = np.array([[25.77, 5.15, 7.04], [1.35, 402.51, 40.21], [13.32, 25.64, 717.41]])
PRODUCT_OUTPUT, INDUSTRY_OUTPUT = np.array([37.96, 444.08, 756.37]), np.array([40.45, 433.31, 764.66])
DOMESTIC = np.array([[4.35, 9.28, 0.61], [8.08, 107.80, 46.29], [3.78, 62.72, 211.40]])
IMPORTED = np.array([[0.77, 6.40, 0.48], [1.49, 100.14, 35.30], [0.28, 17.20, 42.52]])
VALUE_ADDED = np.array([21.70, 129.78, 428.07])
PRINTED = {
    "A": [[6.40, 9.33, -1.50], [10.45, 116.03, 35.68], [-0.33, 61.13, 217.11]],
    "B": [[2.89, 8.80, 2.55], [6.85, 102.84, 52.47], [5.10, 69.51, 203.30]],
    "C": [[6.65, 11.66, -2.98], [8.39, 112.47, 37.25], [1.17, 55.66, 224.02]],
    "D": [[3.04, 7.73, 4.28], [8.04, 101.09, 49.20], [5.13, 70.97, 204.82]],
}
VALUE_ADDED_BY_PRODUCT = {"A": [20.10, 123.88, 435.56], "B": [19.31, 143.79, 416.45]}


def austria(model: str) -> Transformed:
    table = supply_use_table(
        region="Austria",
        year=2011,  # no result depends on it
        unit="billion EUR",
        classification="three-sectors",
        products=("agriculture", "manufacturing", "services"),
        industries=("agriculture", "manufacturing", "services"),
        supply=SUPPLY,
        output=INDUSTRY_OUTPUT,
        use=DOMESTIC,
        imported_use=IMPORTED,
        final=(PRODUCT_OUTPUT - DOMESTIC.sum(axis=1))[:, None],
        demands=["other"],
        value_added=VALUE_ADDED,
        prices="basic",
        decimals=2,
    )
    return to_input_output(table, model=model)


@pytest.mark.parametrize("model", ["A", "B", "C", "D"])
def test_flows_are_those_printed(model: str) -> None:
    np.testing.assert_allclose(austria(model).table.flows, PRINTED[model], rtol=0, atol=0.02)


@pytest.mark.parametrize("model", ["A", "B"])
def test_value_added_by_product_is_that_printed(model: str) -> None:
    one = austria(model).table
    assert one.kind == "product"
    np.testing.assert_allclose(one.gross_value_added, VALUE_ADDED_BY_PRODUCT[model], rtol=0, atol=0.02)


@pytest.mark.parametrize("model", ["C", "D"])
def test_value_added_by_industry_is_untouched(model: str) -> None:
    one = austria(model).table
    assert one.kind == "industry"
    np.testing.assert_array_equal(one.gross_value_added, VALUE_ADDED)


def test_negative_cells_are_told() -> None:
    a, c = austria("A"), austria("C")
    assert [(x.row, x.column) for x in a.negatives] == [("agriculture", "services"), ("services", "agriculture")]
    np.testing.assert_allclose([x.value for x in a.negatives], [-1.50, -0.33], rtol=0, atol=0.02)
    (only,) = [x for x in c.negatives if x.block == "flows"]
    assert (only.row, only.column) == ("agriculture", "services")
    assert only.value == pytest.approx(-2.98, abs=0.02)
    assert a.negative_share == pytest.approx(100 * 1.83 / np.abs(PRINTED["A"]).sum(), abs=0.01)
    assert austria("B").negatives == austria("D").negatives == ()


@pytest.mark.parametrize("model", ["A", "B", "C", "D"])
def test_value_added_by_final_demand_is_gdp_although_printed_figures_are_rounded(model: str) -> None:
    one = austria(model).table
    assert embodied(one).sum() == pytest.approx(one.gdp, rel=1e-12)
    assert all(gap.side == "column" for gap in one.gaps)
