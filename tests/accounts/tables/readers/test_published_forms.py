"""What published workbooks and parsed systems hold beside the plain layout: other codes, rows of totals, editions, units."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from accounts.tables.readers.world_made import World, adb_rows, oecd_rows, world, write_csv
from dxanalysis.accounts.definitions import cover, load_definition
from dxanalysis.accounts.tables.readers.adb_mrio import read_adb_mrio
from dxanalysis.accounts.tables.readers.exchange import from_pymrio
from dxanalysis.accounts.tables.readers.oecd_icio import read_oecd_icio
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError

ADB = world(("VIE", "KUW", "UAE"), ("c1", "c14"), ("F1", "F2", "F3", "F4", "F5"))


def adb(path: Path, *, code: str = "trs") -> list[list[str | float]]:
    """Rows as published: margins in row trs, blanks of one space, a note below."""
    rows = adb_rows(ADB)
    for row in rows:
        if len(row) > 3 and row[3] == "r65":
            row[3] = code
    return [*rows, ["", "$ = United States dollar; cif = cost, insurance, freight", "", "", *[" "] * 21]]


def test_transport_margins_and_the_note_of_the_adb_workbook(tmp_path: Path) -> None:
    table = read_adb_mrio(write_csv(adb(tmp_path), tmp_path / "t.csv"), economy="VNM", year=2020)
    np.testing.assert_allclose(table.imported_inputs, ADB.flows[2:, :2].sum(axis=0) + 0.5)


@pytest.mark.parametrize("economy", ["KWT", "ARE"])
def test_codes_of_the_larger_adb_editions(economy: str, tmp_path: Path) -> None:
    path = write_csv(adb(tmp_path), tmp_path / "t.csv")
    assert read_adb_mrio(path, economy=economy, year=2020).region == economy


def test_a_row_of_no_economy_is_not_taken_for_imports(tmp_path: Path) -> None:
    path = write_csv(adb(tmp_path, code="r70"), tmp_path / "t.csv")
    with pytest.raises(DataError, match=r"is headed 'r70', which this layout does not have"):
        read_adb_mrio(path, economy="VNM", year=2020, rounding="keep")


def icio(folder: Path, *codes: str) -> InputOutputTable:
    made = world(("AUS", "VNM"), codes, ("HFCE", "GFCF"))
    return read_oecd_icio(write_csv(oecd_rows(made), folder / "t.csv"), economy="VNM", year=2010)


def test_the_edition_of_2018_has_a_list_of_its_own(tmp_path: Path) -> None:
    table = icio(tmp_path, "D01T03", "D20T21", "D26", "D61")
    assert table.classification == "oecd_icio_2018"
    covered = cover(table, load_definition("adb_core"), ratios={"D26": 0.5})
    np.testing.assert_array_equal(covered.weights, [0, 0, 0.5, 1])
    assert icio(tmp_path, "D01T02", "D26", "D61").classification == "oecd_icio"


@pytest.mark.parametrize("codes", [("C24CHM", "C26NMM"), ("C24", "C26", "C30T33X31")])
def test_industries_by_isic_rev_3_are_refused(codes: tuple[str, ...], tmp_path: Path) -> None:
    """C26 is non-metallic minerals there, and electronics in the edition of 2023."""
    with pytest.raises(DataError, match=r"C\w+ are not of the industries.*ISIC Rev\.3 and is not read"):
        icio(tmp_path, *codes)


def system(units: list[str]) -> SimpleNamespace:
    made: World = world(("AUS", "VNM"), ("01", "26"), ("households",))
    index = pd.MultiIndex.from_tuples(made.rows)
    columns = pd.MultiIndex.from_tuples(made.columns[4:])
    inputs = pd.DataFrame([made.value_added, made.taxes], index=["value added", "taxes"], columns=index)
    return SimpleNamespace(
        Z=pd.DataFrame(made.flows, index=index, columns=index),
        Y=pd.DataFrame(made.final, index=index, columns=columns),
        unit=pd.DataFrame({"unit": units}, index=index),
        factor_inputs=SimpleNamespace(F=inputs, F_Y=None),
    )


def read(units: list[str], unit: str) -> InputOutputTable:
    return from_pymrio(system(units), region="VNM", year=2020, unit=unit, classification="isic4")


@pytest.mark.parametrize("text", ["Mill USD", "M.USD", "million USD", "million current US dollars", "units"])
def test_a_unit_that_agrees_or_says_nothing_is_kept(text: str) -> None:
    assert str(read([text] * 4, "million USD").unit) == "million USD"


@pytest.mark.parametrize(
    ("text", "unit"), [("M EUR", "million USD"), ("Mill USD", "billion USD"), ("thousand USD", "million USD")]
)
def test_another_unit_is_refused(text: str, unit: str) -> None:
    with pytest.raises(DataError, match=f"its unit is '{text}', not {unit}"):
        read([text] * 4, unit)


def test_a_hybrid_system_is_refused() -> None:
    with pytest.raises(DataError, match="in 2 units: tonnes, M EUR"):
        read(["M EUR", "M EUR", "tonnes", "M EUR"], "million EUR")
