from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from accounts.tables_made import tables
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.readers.square import read_square
from dxanalysis.accounts.tables.readers.square_write import write_square
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import DataError, ParameterError

OF = {"region": "Toy", "year": 2020, "unit": "million USD", "classification": "isic4"}
DOMESTIC = """code,name,26,61,01,Total intermediate,Households,Exports,Total use
26,Electronics,10,5,15,30,20,10,60
61,Telecoms,5,20,45,70,40,10,120
01,Farming,20,25,240,285,300,15,600
Imports,,4,6,20,30,12,,42
Taxes less subsidies on products,,1,2,0,3,5,0,8
Compensation of employees,,10,30,150,190
Gross operating surplus,,10,32,130,172
Value added,,20,62,280,362
Output,,60,120,600,780
Source: made up,,
"""
BLOCKS = ("flows", "final", "value_added", "output", "imports", "imported_inputs", "input_taxes", "imported_final", "final_taxes")  # fmt: skip


def write(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def changed(old: str, new: str) -> str:
    assert old in DOMESTIC
    return DOMESTIC.replace(old, new)


def same(one: InputOutputTable, other: InputOutputTable, rtol: float = 0) -> None:
    for name in ("sectors", "labels", "demands", "components", "layout"):
        assert getattr(one, name) == getattr(other, name), name
    for name in BLOCKS:
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=rtol, atol=0, err_msg=name)


def test_a_domestic_table_with_totals_is_read_by_its_headings(tmp_path: Path) -> None:
    table = read_square(write(tmp_path, DOMESTIC), **OF)
    assert (table.sectors, table.labels) == (("26", "61", "01"), ("Electronics", "Telecoms", "Farming"))
    assert (table.layout, table.demands, table.decimals) == ("domestic", ("households", "exports"), 0)
    assert table.components == ("compensation", "surplus")
    np.testing.assert_array_equal(table.flows, [[10, 5, 15], [5, 20, 45], [20, 25, 240]])
    np.testing.assert_array_equal(table.imported_inputs, [4, 6, 20])
    np.testing.assert_array_equal(table.imported_final, [12, 0])
    np.testing.assert_array_equal(table.final_taxes, [5, 0])
    assert table.gdp == 362
    assert table.source == "table.csv"


def test_columns_may_stand_in_another_order_than_rows(tmp_path: Path) -> None:
    lines = [line.split(",") for line in DOMESTIC.splitlines()[:10]]
    width = len(lines[0])
    padded = [[*line, *[""] * (width - len(line))] for line in lines]
    moved = "\n".join(",".join([*row[:2], row[4], row[2], row[3], *row[5:]]) for row in padded)
    same(read_square(write(tmp_path, moved), **OF), read_square(write(tmp_path, DOMESTIC, "b.csv"), **OF))


def test_an_imports_column_makes_the_table_competitive(tmp_path: Path) -> None:
    text = """Bảng cân đối liên ngành;;;;;;
Mã;26;01;Tiêu dùng của hộ gia đình;Xuất khẩu;Nhập khẩu;Giá trị sản xuất
26;10,5;5,5;30,0;20,0;-6,0;60,0
01;20,0;240,0;400,0;1.040,0;-100,0;1.600,0
Thu nhập của người lao động;10,0;1.150,0;;;;
Thặng dư;19,5;204,5;;;;
Giá trị sản xuất;60,0;1.600,0;;;;
"""
    table = read_square(write(tmp_path, text), **OF)
    assert (table.layout, table.decimals, table.demands) == ("competitive", 1, ("households", "exports"))
    np.testing.assert_array_equal(table.imports, [6, 100])
    assert table.final[1, 1] == 1040


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables())
@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.xlsx"])
def test_what_is_written_is_read_back(table: InputOutputTable, name: str, tmp_path: Path) -> None:
    write_square(table, tmp_path / name)
    back = read_square(tmp_path / name, **OF)
    same(table, back, rtol=1e-15 if name.endswith("xlsx") else 0)  # a workbook keeps 16 digits
    assert back.decimals is None


def test_every_block_is_written_and_read_back(tmp_path: Path) -> None:
    table = input_output_table(
        **OF, sectors=("26", "01"), labels=("Điện tử", "Farming, forestry"), flows=[[10.0, 5], [20, 240]],
        final=[[30.0, 20, 3], [400, 1040, 7]], demands=["households", "exports", "households"], imports=[8.0, 107],
        imported_inputs=[1.0, 2], input_taxes=[0.5, -0.5], final_taxes=[1.0, 0, 0], imported_final=[2.0, 0, 0], decimals=1,
        value_added=[[10.0, 1100], [18.5, 253.5]], components=["value_added", "own account"], output=[60.0, 1600],
    )  # fmt: skip
    for name in ("t.csv", "t.xlsx"):
        write_square(table, tmp_path / name)
        same(table, read_square(tmp_path / name, **OF))
    assert read_square(tmp_path / "t.csv", **OF).decimals == 1


def test_another_ending_is_refused(tmp_path: Path) -> None:
    table = read_square(write(tmp_path, DOMESTIC), **OF)
    with pytest.raises(ParameterError, match=r"'.ods' is not known.*\.csv, \.tsv or \.xlsx"):
        write_square(table, tmp_path / "t.ods")


def test_headings_that_are_not_known_are_named_by_the_caller(tmp_path: Path) -> None:
    text = changed("Households", "Domestic absorption").replace("Gross operating surplus", "Profits and rents")
    table = read_square(
        write(tmp_path, text), **OF, columns={"Domestic absorption": "other"}, rows={"Profits and rents": "component"}
    )
    assert table.demands == ("other", "exports")
    assert table.components == ("compensation", "Profits and rents")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("61,Telecoms,5,20,45,70,40,10,120\n", "", r"not square: 2 rows and 3 columns.*(?s:.)*row 1, column D.*'61'.*a row with the same code"),
        ("01,Farming", "61,Farming", r"a sector code is there twice(?s:.)*row 4.*'61' twice \(before: row 3\)"),
        ("Households", "Absorption", r"columns= may say households.*(?s:.)*column G: found 'Absorption'.*columns=\{'Absorption': \.\.\.\}"),
        ("Gross operating", "Odd", r"rows= imports, taxes(?s:.)*row 8, column A: found 'Odd surplus'.*rows=\{'Odd surplus': \.\.\.\}"),
        ("5,20,45", "5,about 20,45", r"one cell is no number(?s:.)*row 3, column D \(61\): found 'about 20'; expected a number"),
        ("5,20,45", "5,-,45", r"row 3, column D.*found '-'(?s:.)*say so with nil=\['-'\]"),
        ("5,20,45", "5,2.0%,45", r"row 3, column D.*found '2\.0%'(?s:.)*unit"),
        ("190\nGross", "190\nNotes with 5 words\nGross", None),
        ("10,30,150", "10,,150", r"row 7, column D \(61\): found ''(?s:.)*write 0 where there is nothing"),
        ("Output,,60,120,600,780\n", "", r"there is no row of output.*found 'Imports'"),
        ("Compensation of employees,,10,30,150,190\nGross operating surplus,,10,32,130,172\nValue added,,20,62,280,362\n", "", "no row of value added"),
        ("20,25,240,285", "20,25,240,280", r"'Total intermediate' does not add up(?s:.)*row 4.*'280'; expected 285, the sum of flows\. It is -5 apart"),
        ("Value added,,20,62,280,362", "Value added,,20,69,280,362", r"row 'Value added' does not add up(?s:.)*column D \(61\).*expected 62"),
        ("Output,,60,120,600,780", "Output,,60,129,600,789", r"does not balance: row 61: its parts add up to 120, its output is 129"),
        ("01,Farming", "1,Farming", r"not match|not square"),
        ("Value added,,20,62,280,362", "Total output,,60,120,600,780", r"2 rows are headed as output: row 9 'Total output', row 10 'Output'"),
    ],
)  # fmt: skip
def test_what_a_person_gets_wrong_is_said_with_its_place(
    old: str, new: str, message: str | None, tmp_path: Path
) -> None:
    path = write(tmp_path, changed(old, new))
    if message is None:
        assert read_square(path, **OF).components == ("compensation", "surplus")
        return
    with pytest.raises(DataError, match=message):
        read_square(path, **OF)


def test_imports_mixed_into_domestic_flows_are_recognised(tmp_path: Path) -> None:
    text = """code,26,01,Households,Exports
26,14,10,30,20
01,25,260,400,1100
Value added,30,1335
Output,60,1600
"""
    with pytest.raises(DataError, match="imports are mixed into the flows"):
        read_square(write(tmp_path, text), **OF)


def test_all_bad_cells_are_in_one_error(tmp_path: Path) -> None:
    path = write(tmp_path, changed("5,20,45", "?,twenty,45").replace("150,190", "n/a,190"))
    with pytest.raises(DataError, match="3 cells are no numbers") as caught:
        read_square(path, **OF)
    assert [(one.row, one.column, one.found) for one in caught.value.faults] == [
        (3, "C (26)", "'?'"),
        (3, "D (61)", "'twenty'"),
        (7, "E (01)", "'n/a'"),
    ]


def test_a_mark_for_nil_is_zero_where_the_caller_says_so(tmp_path: Path) -> None:
    path = write(
        tmp_path, changed("Taxes less subsidies on products,,1,2,0", "Taxes less subsidies on products,,1,2,-")
    )
    np.testing.assert_array_equal(read_square(path, **OF, nil=["-"]).input_taxes, [1, 2, 0])


def test_codes_are_compared_with_the_classification(tmp_path: Path) -> None:
    lost_zero = changed("01,Farming", "1,Farming").replace("61,01,Total", "61,1,Total")
    with pytest.raises(DataError, match=r"1 of 3 codes are not of(?s:.)*row 4.*found '1'(?s:.)*drops leading zeros"):
        read_square(write(tmp_path, lost_zero), **OF)
    with pytest.raises(DataError, match=r"3 of 3 codes are not of ADB MRIO"):
        read_square(write(tmp_path, DOMESTIC), **{**OF, "classification": "adb35"})
    assert read_square(write(tmp_path, lost_zero), **{**OF, "classification": "our own"}).sectors[2] == "1"


def test_options_that_name_nothing_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, DOMESTIC)
    with pytest.raises(ParameterError, match="has no column 'Stocks'"):
        read_square(path, **OF, columns={"Stocks": "inventories"})
    with pytest.raises(ParameterError, match=r"columns=\{'Exports': 'sold abroad'\}.*Use one of households"):
        read_square(path, **OF, columns={"Exports": "sold abroad"})
    with pytest.raises(DataError, match=r"no column of final demand"):
        read_square(path, **OF, columns={"Exports": "ignore", "Households": "ignore", "Total use": "ignore"})


def test_a_table_that_is_off_by_more_than_rounding_can_be_kept_with_its_gaps(tmp_path: Path) -> None:
    path = write(tmp_path, changed("Output,,60,120,600,780", "Output,,60,129,600,789"))
    table = read_square(path, **OF, rounding="keep")
    assert [(one.side, one.sector, one.gap) for one in table.gaps] == [("row", "61", -9), ("column", "61", -9)]


def test_workbooks_ask_for_their_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    sheet = book.create_sheet("IO 2020")
    for line in DOMESTIC.splitlines():
        sheet.append([float(cell) if cell.isdigit() and len(cell) != 2 else cell for cell in line.split(",")])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(ParameterError, match=r"has 2 sheets. Give sheet=, one of 'Cover', 'IO 2020'"):
        read_square(tmp_path / "t.xlsx", **OF)
    with pytest.raises(ParameterError, match=r"no sheet 'IO'. Its sheets are 'Cover', 'IO 2020'"):
        read_square(tmp_path / "t.xlsx", **OF, sheet="IO")
    with pytest.raises(DataError, match="no cell with content"):
        read_square(tmp_path / "t.xlsx", **OF, sheet="Cover")
    table = read_square(tmp_path / "t.xlsx", **OF, sheet="IO 2020")
    same(table, read_square(write(tmp_path, DOMESTIC), **OF))


def test_a_sheet_without_a_table_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no row of headings was found.*the first column holds Notes, Contact"):
        read_square(write(tmp_path, "Notes,page\nContact,office\n"), **OF)
