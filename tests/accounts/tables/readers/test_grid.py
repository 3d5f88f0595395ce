from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dxanalysis.accounts.tables.readers.grid import Block, Figures, Mark, figures, read_grid, sheets
from dxanalysis.errors import DataError, ParameterError


def read(folder: Path, text: str, *, decimal: Mark | None = None, nil: tuple[str, ...] = ()) -> Figures:
    """All cells of a semicolon file as one block."""
    (folder / "t.csv").write_text(text, encoding="utf-8")
    grid = read_grid(folder / "t.csv")
    block = Block(rows=range(len(grid.rows)), columns=range(grid.width), blank_is_zero=True)
    return figures(grid, {"all": block}, decimal=decimal, nil=nil)


@pytest.mark.parametrize(
    ("text", "values", "decimals"),
    [
        ("1;2,5", [1, 2.5], 1),
        ("1.234,5;1.234", [1234.5, 1234], 1),
        ("1,234.5;1,234", [1234.5, 1234], 1),
        ("1.234.567;1.234", [1234567, 1234], 0),
        ("1\u00a0234,50;-7", [1234.5, -7], 2),
        ("-1,000,000;(x)", None, 0),
        ("1;;3", [1, 0, 3], 0),
        ("1e-3;2", [0.001, 2], 3),
        ("0.123456789012;2", [0.123456789012, 2], None),
    ],
)
def test_numbers_are_read_as_printed(
    text: str, values: list[float] | None, decimals: int | None, tmp_path: Path
) -> None:
    if values is None:
        with pytest.raises(DataError, match=r"one cell is no number(?s:.)*row 1, column B: found '\(x\)'"):
            read(tmp_path, text)
        return
    got = read(tmp_path, text)
    assert got.blocks["all"].ravel().tolist() == values
    assert got.decimals == decimals


def test_a_number_that_can_be_read_in_two_ways_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"row 1, column B: '1\.234' can be read in two ways.*decimal='\.' or decimal=','"
    ):
        read(tmp_path, "5;1.234")
    assert read(tmp_path, "5;1.234", decimal=",").blocks["all"][0, 1] == 1234
    assert read(tmp_path, "5;1.234", decimal=".").blocks["all"][0, 1] == 1.234


def test_two_decimal_marks_in_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a point in some cells and a comma in others") as caught:
        read(tmp_path, "1,5;2\n3;2.75")
    assert sorted((one.row, one.column) for one in caught.value.faults) == [(1, "A"), (2, "B")]


def test_the_other_decimal_mark_than_the_one_given_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"found '2\.75'(?s:.)*It has the other decimal mark"):
        read(tmp_path, "1,5;2.75", decimal=",")


def test_marks_for_nil_are_zero_only_when_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"found '\.\.'(?s:.)*nil=\['-', '\.\.'\]"):
        read(tmp_path, "1;-;..", nil=("-",))
    assert read(tmp_path, "1;-;4", nil=("-",)).blocks["all"].tolist() == [[1, 0, 4]]


@pytest.mark.parametrize(
    ("encoding", "option"), [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("cp1258", "cp1258")]
)
def test_encodings(encoding: str, option: str | None, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(
        "Tổng\t1".encode(encoding) if encoding != "cp1258" else "Đầu\t1".encode("cp1258", "ignore")
    )
    assert read_grid(tmp_path / "t.csv", encoding=option).text(0, 1) == "1"


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("Điện,1".encode("cp1258", "ignore") + b"\xd0")
    with pytest.raises(DataError, match=r"not in UTF-8: byte \d+.*Save it as UTF-8, or give encoding='cp1258'"):
        read_grid(tmp_path / "t.csv")
    with pytest.raises(ParameterError, match="no encoding 'latin-99'"):
        read_grid(tmp_path / "t.csv", encoding="latin-99")
    with pytest.raises(ParameterError, match="text file and has no sheet 'IO'"):
        read_grid(tmp_path / "t.csv", sheet="IO")
    with pytest.raises(ParameterError, match="there is no file"):
        read_grid(tmp_path / "other.csv")
    (tmp_path / "t.xlsx").write_text("code,1")
    with pytest.raises(DataError, match="no Excel workbook"):
        read_grid(tmp_path / "t.xlsx")
    (tmp_path / "t.xls").write_text("code,1")
    with pytest.raises(DataError, match=r"old \.xls format"):
        read_grid(tmp_path / "t.xls")
    (tmp_path / "e.csv").write_text("\n\n")
    with pytest.raises(DataError, match="no cell with content"):
        read_grid(tmp_path / "e.csv")


def test_noise_of_a_computed_cell_is_no_printed_decimal(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([0.1 + 0.2, 12, "7"])
    book.save(tmp_path / "t.xlsx")
    assert sheets(tmp_path / "t.xlsx") == ("Sheet",)
    grid = read_grid(tmp_path / "t.xlsx")
    assert grid.text(0, 1) == "12"
    got = figures(grid, {"all": Block(rows=[0], columns=[0, 1, 2], blank_is_zero=True)})
    assert got.decimals == 1
