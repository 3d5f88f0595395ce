from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

from accounts.tables.readers.world_made import World, adb_rows, oecd_rows, world, write_csv
from dxanalysis.accounts.classifications import load_classification
from dxanalysis.accounts.tables.readers.adb_mrio import read_adb_mrio
from dxanalysis.accounts.tables.readers.oecd_icio import read_oecd_icio
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ParameterError

OECD = world(("AUS", "VNM", "ROW"), ("A01_02", "C26", "J61"), ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"))
ADB = world(("AUS", "VIE", "RoW"), ("c1", "c14", "c27", "c30"), ("F1", "F2", "F3", "F4", "F5"))
SPLIT = world(("VNM", "CHN", "CN1", "CN2"), ("C26", "J61"), ("HFCE", "GFCF"))


def agree(table: InputOutputTable, of: World, parts: tuple[str, ...], margins: float = 0) -> None:
    """The blocks are sums over the world's rows and columns."""
    n, k = len(of.sectors), len(of.kinds)
    inside, demand = of.of(parts, "row"), of.of(parts, "column")

    def over(values: np.ndarray, size: int) -> np.ndarray:
        return values.reshape(*values.shape[:-1], len(parts), size).sum(axis=-2)

    flows = over(over(of.flows[inside][:, inside], n).T, n).T
    final = over(over(of.final[inside][:, demand], k).T, n).T
    exports = over(of.flows[inside][:, ~inside].sum(axis=1) + of.final[inside][:, ~demand].sum(axis=1), n)
    assert table.sectors == of.sectors
    assert table.demands[-1] == "exports"
    for got, wanted in (
        (table.flows, flows),
        (table.final, np.column_stack([final, exports])),
        (table.imported_inputs, over(of.flows[~inside][:, inside].sum(axis=0), n) + margins),
        (table.imported_final[:-1], over(of.final[~inside][:, demand].sum(axis=0), k)),
        (table.input_taxes, over(of.taxes[inside], n)),
        (table.final_taxes[:-1], over(of.final_taxes[demand], k)),
        (table.gross_value_added, over(of.value_added[inside], n) - margins),
        (table.output, over(of.output[inside], n)),
    ):
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("economy", ["AUS", "VNM", "ROW"])
def test_an_economy_out_of_the_oecd_table(economy: str, tmp_path: Path) -> None:
    table = read_oecd_icio(write_csv(oecd_rows(OECD), tmp_path / "2020.csv"), economy=economy, year=2020)
    agree(table, OECD, (economy,))
    assert table.demands[:-1] == ("households", "npish", "government", "investment", "inventories", "households")
    assert (str(table.unit), table.classification, table.source) == ("million USD", "oecd_icio", "2020.csv")
    for code in table.sectors:
        load_classification("oecd_icio").prefixes(code)


def test_the_older_headings_of_the_oecd_table(tmp_path: Path) -> None:
    rows = oecd_rows(OECD, total="TOTAL", taxes="AUS_TAXSUB", added="VALU")
    swap = {"A01_02": "01T02", "C26": "26", "J61": "61"}
    rows[0] = [f"{h[:4]}{swap.get(h[4:], h[4:])}" for h in rows[0]]
    for row in rows[1:]:
        row[0] = f"{row[0][:4]}{swap.get(row[0][4:], row[0][4:])}"
    table = read_oecd_icio(write_csv(rows, tmp_path / "2018.csv"), economy="VNM", year=2018)
    assert table.sectors == ("D01T02", "D26", "D61")
    np.testing.assert_allclose(table.input_taxes, OECD.taxes[3:6])


def test_parts_of_china_are_added_up_and_not_given_alone(tmp_path: Path) -> None:
    path = write_csv(oecd_rows(SPLIT), tmp_path / "2020.csv")
    agree(read_oecd_icio(path, economy="CHN", year=2020), SPLIT, ("CHN", "CN1", "CN2"))
    agree(read_oecd_icio(path, economy="VNM", year=2020), SPLIT, ("VNM",))
    with pytest.raises(ParameterError, match=r"'CN1' is one part of CHN.*Ask for 'CHN': the parts are added up"):
        read_oecd_icio(path, economy="CN1", year=2020)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
@pytest.mark.parametrize("economy", ["VNM", "VIE"])
def test_an_economy_out_of_the_adb_table(economy: str, name: str, tmp_path: Path) -> None:
    table = read_adb_mrio(adb_file(tmp_path / name), economy=economy, year=2020)
    agree(table, ADB, ("VIE",), margins=0.5)
    assert (table.classification, table.region) == ("adb35", economy)
    assert table.demands == ("households", "npish", "government", "investment", "inventories", "exports")


def adb_file(path: Path, rows: list[list[str | float]] | None = None) -> Path:
    rows = rows or adb_rows(ADB)
    if path.suffix == ".csv":
        return write_csv(rows, path)
    book = openpyxl.Workbook()
    book.active.title = "Legend"
    sheet = book.create_sheet("ADB MRIO 2020")
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


def test_a_national_sheet_in_adb_codes(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [
        ["Viet Nam 2020", "", "Viet Nam"],
        ["", "", "c1", "c14", "F1", "F4", "Exports", "Total"],
        ["Agriculture", "c1", 10, 5, 30, 5, 10, 60],
        ["Electrical", "c14", 20, 240, 400, 40, 900, 1600],
        ["Total", "r60", 30, 245],
        ["Imports", "Imports", 5, 700, 80, 60],
        ["Taxes", "r99", 1, 5, 4, 2],
        ["Value added", "r64", 24, 650],
        ["Output", "r69", 60, 1600],
    ]
    table = read_adb_mrio(write_csv(rows, tmp_path / "vn.csv"), economy="VNM", year=2020)
    assert (table.sectors, table.components) == (("c1", "c14"), ("value_added",))
    assert table.demands == ("households", "investment", "exports")
    np.testing.assert_array_equal(table.imported_inputs, [5, 700])
    np.testing.assert_array_equal(table.imported_final, [80, 60, 0])


def test_what_is_not_in_the_file_is_said_with_what_is(tmp_path: Path) -> None:
    oecd = write_csv(oecd_rows(OECD), tmp_path / "2020.csv")
    with pytest.raises(ParameterError, match=r"no economy 'LAO'. It has AUS, VNM, ROW"):
        read_oecd_icio(oecd, economy="LAO", year=2020)
    with pytest.raises(ParameterError, match=r"no economy 'LAO'. It has AUS, VIE, RoW"):
        read_adb_mrio(adb_file(tmp_path / "adb.csv"), economy="LAO", year=2020)
    with pytest.raises(ParameterError, match=r"2 sheets. Give sheet=, one of 'Legend', 'ADB MRIO 2020'"):
        read_adb_mrio(adb_file(tmp_path / "adb.xlsx"), economy="VNM", year=2021)
    with pytest.raises(DataError, match=r"none of the first \d+ rows names sectors c1"):
        read_adb_mrio(oecd, economy="VNM", year=2020)
    with pytest.raises(DataError, match=r"no headings such as VNM_C26: it begins with 'Multi"):
        read_oecd_icio(tmp_path / "adb.csv", economy="VNM", year=2020)
    (tmp_path / "ICIO.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match="the file is packed"):
        read_oecd_icio(tmp_path / "ICIO.zip", economy="VNM", year=2020)


def test_bad_cells_and_rows_of_the_oecd_table(tmp_path: Path) -> None:
    def read(rows: list[list[str]]) -> InputOutputTable:
        return read_oecd_icio(write_csv(rows, tmp_path / "t.csv"), economy="VNM", year=2020)

    rows = oecd_rows(OECD)
    rows[2][5], rows[5][6] = "n.a.", "1,5"
    with pytest.raises(
        DataError, match=r"row 3, column F \(VNM_C26\): found 'n\.a\.'(?s:.)*row 6, column G \(VNM_J61\): found '1,5'"
    ):
        read(rows)
    rows[2][5], rows[5][6] = "1.0", "1,234"
    with pytest.raises(
        DataError, match=r"row 6, column G \(VNM_J61\): found '1,234'; expected a number with a decimal point"
    ):
        read(rows)
    rows = oecd_rows(OECD)
    with pytest.raises(DataError, match="there is no row C26 for VNM"):
        read([row for row in rows if row[0] != "VNM_C26"])
    with pytest.raises(DataError, match="there is no row of output for VNM"):
        read(rows[:-1])
    with pytest.raises(DataError, match="the row VNM_C26 is there twice"):
        read([*rows[:6], rows[5], *rows[6:]])
    with pytest.raises(DataError, match=r"row 11 is headed 'SUBSIDIES'.*Known below the sectors are TLS"):
        read([*rows[:10], ["SUBSIDIES", *["1"] * 28], *rows[10:]])
    rows[5][4] = "500.0"
    with pytest.raises(DataError, match=r"does not balance: row C26"):
        read(rows)


def test_the_tolerance_widens_with_the_rounded_cells_behind_a_sum(tmp_path: Path) -> None:
    wide = world(tuple(f"E{i:02d}" for i in range(30)), ("C26", "J61"), ("HFCE", "GFCF"))
    rows = oecd_rows(wide)
    for row in rows[1:61]:  # every cell rounded: 180 of them in the exports of one sector
        row[1:181] = [f"{float(cell):.0f}.0" for cell in row[1:181]]
    for row in rows:
        row[:] = [cell.removesuffix(".0") for cell in row]
    for row in rows[1:]:
        row[1:] = [f"{float(cell):.0f}" if cell else "" for cell in row[1:]]
    table = read_oecd_icio(write_csv(rows, tmp_path / "t.csv"), economy="E07", year=2020)
    assert table.decimals == -2
