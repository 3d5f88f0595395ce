"""Published and stored input-output results.

Germany 1995, six sectors: Eurostat Manual of Supply, Use and Input-Output Tables (2008), table 15.4 and the tables of coefficients and inverses after it (figures printed
there, also shipped by the R package iotables). The manual rounds A to four decimals before it inverts; the test does the same, so that the printed digits can be met.
Manufacturing's row is printed 46 below its column.

The three-sector economy is a regression value of this project, computed by a plain inverse.
"""

from __future__ import annotations

import numpy as np
import pytest

from accounts.tables_made import table
from dxanalysis.accounts.linkages.multipliers import linkages
from dxanalysis.accounts.linkages.solve import system
from dxanalysis.accounts.measures.adb import adb_terms, embodied
from dxanalysis.accounts.measures.industry import direct_share, input_coefficient_share
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.errors import DataError

FLOWS = np.array(
    [
        [1131, 25480, 1, 607, 710, 762],
        [7930, 304584, 64167, 41082, 11981, 30360],
        [426, 7334, 3875, 5296, 23457, 9155],
        [3559, 72717, 14190, 74399, 10835, 21008],
        [3637, 96115, 31027, 65755, 193176, 34223],
        [1552, 14986, 1747, 11225, 15058, 22070],
    ],
    dtype=float,
)
OUTPUT = np.array([43910, 1079446, 245606, 540063, 692487, 508918.0])
OUTPUT_BY_ROW = np.array([43910, 1079400, 245606, 540063, 692487, 508918.0])
VALUE_ADDED = np.array([21664, 395022, 115624, 311407, 415426, 365017.0])
FINAL = OUTPUT_BY_ROW - FLOWS.sum(axis=1)
SECTORS = ("A", "C", "F", "G", "J", "O")


def germany(**changes: object):
    blocks = {
        "region": "DE", "year": 1995, "unit": "million EUR", "classification": "sections", "sectors": SECTORS, "flows": FLOWS,
        "final": FINAL[:, None], "demands": ["other"], "value_added": VALUE_ADDED, "output": OUTPUT,
        "imported_inputs": OUTPUT - FLOWS.sum(axis=0) - VALUE_ADDED, "decimals": 0,
    }  # fmt: skip
    return input_output_table(**{**blocks, **changes})


def test_the_row_of_manufacturing_misses_its_column_by_46_as_printed() -> None:
    with pytest.raises(DataError, match=r"row C: .* -46 apart, rounding explains 4"):
        germany()
    (gap,) = germany(rounding="keep").gaps
    assert (gap.side, gap.sector, gap.gap) == ("row", "C", -46)


def test_backward_multipliers_of_germany_1995() -> None:
    coefficients = germany(rounding="keep").coefficients().round(4)
    printed = [1.704922, 1.841421, 1.813747, 1.603712, 1.594974, 1.378375]
    np.testing.assert_allclose(system(coefficients).solve_transposed(np.ones(6)), printed, rtol=0, atol=1e-6)


def test_forward_multipliers_of_germany_1995() -> None:
    allocations = (FLOWS / OUTPUT_BY_ROW[:, None]).round(4)
    printed = [2.1128, 1.6909, 1.3559, 1.5850, 2.1040, 1.2105]
    np.testing.assert_allclose(system(allocations).solve(np.ones(6)), printed, rtol=0, atol=1e-4)
    # Without the manual's rounding of the coefficients the sums agree to three decimals.
    np.testing.assert_allclose(linkages(germany(rounding="keep")).ghosh, printed, rtol=0, atol=1e-3)


def test_value_added_multipliers_of_germany_1995() -> None:
    printed = [0.8450, 0.7647, 0.8615, 0.9019, 0.9393, 0.9199]
    np.testing.assert_allclose(linkages(germany(rounding="keep")).value_added, printed, rtol=0, atol=1e-3)


TOY = table(
    [[10, 5, 15], [5, 20, 45], [20, 25, 240]],
    np.array([[28, 2], [47, 3], [301, 14]]),
    sectors=("26", "61", "01"),
)
DIGITAL = np.array([1.0, 1.0, 0.0])


def test_terms_of_the_adb_framework_on_the_three_sector_economy() -> None:
    terms = adb_terms(TOY, DIGITAL, investment=np.array([2.0, 3, 14]))
    assert terms.backward == pytest.approx(80.0, abs=1e-5)
    assert terms.forward == pytest.approx(95.0, abs=1e-5)
    assert terms.diagonal == pytest.approx(51.876794, abs=1e-5)
    assert terms.block == pytest.approx(56.816074, abs=1e-5)
    assert terms.investment == pytest.approx(12.302937, abs=1e-5)
    assert terms.printed * 3.95 == pytest.approx(135.426143, abs=1e-5)


def test_the_terms_are_those_of_the_matrix_formula() -> None:
    whole = embodied(TOY)
    terms = adb_terms(TOY, DIGITAL, investment=np.array([2.0, 3, 14]))
    assert terms.backward == pytest.approx(whole.sum(axis=0) @ DIGITAL, rel=1e-12)
    assert terms.diagonal == pytest.approx(np.diag(whole) @ DIGITAL, rel=1e-12)
    assert terms.block == pytest.approx(DIGITAL @ whole @ DIGITAL, rel=1e-12)


def test_direct_share_and_core_with_digitalised_part() -> None:
    assert direct_share(TOY, DIGITAL) == pytest.approx(100 * 95 / 395)
    # Agriculture buys 60 of digital products in inputs of 300: a fifth of its value added of 300 counts as digitalised.
    both = input_coefficient_share(TOY, DIGITAL)
    assert both.core == pytest.approx(100 * 95 / 395)
    assert both.digitalised == pytest.approx(100 * 0.2 * 300 / 395)
