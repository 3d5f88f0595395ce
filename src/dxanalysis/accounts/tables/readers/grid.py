"""A file as a rectangle of cells with addresses, and blocks of numbers read from it.

The decimal mark of texts is proved by the file itself ("12,5" can be read in one way only) or told by the caller, never guessed. A blank cell is
zero only in blocks that say so; marks such as "-" or ".." are refused unless the caller names those that stand for nil.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal
from zipfile import BadZipFile

import numpy as np
import openpyxl
from numpy.typing import NDArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from dxanalysis.data.numbers import is_missing, parse_number
from dxanalysis.errors import DataError, Fault, ParameterError

Cell = str | float
Mark = Literal[".", ","]
SPACES: Final = "\u00a0\u202f "
FINEST: Final = 9  # more decimals than this are the digits of a computed figure, not of a printed one
SIGNIFICANT: Final = 12  # digits of a binary number that a person typed; the rest is noise of sums
_PLAIN: Final = {
    mark: re.compile(rf"[+\-−]?[0-9]+(?:{re.escape(mark)}[0-9]+)?(?:[eE][+-]?[0-9]+)?") for mark in (".", ",")
}
_GROUPED: Final = {
    mark: re.compile(rf"[+\-−]?[0-9]{{1,3}}(?:[{re.escape(group)}{SPACES}][0-9]{{3}})+(?:{re.escape(mark)}[0-9]+)?")
    for mark, group in ((".", ","), (",", "."))
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of a file or sheet: ``rows[r][c]``, a text, or a number where the file stores one; all rows of one length.

    ``file`` names the file, with the sheet after a "/" in a workbook. Row 0 is line 1.
    """

    file: str
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def text(self, row: int, column: int) -> str:
        """A cell as text without outer blanks: a whole number without a decimal mark; "" outside of the rectangle."""
        if not (0 <= row < len(self.rows) and 0 <= column < self.width):
            return ""
        return as_text(self.rows[row][column])

    def fault(self, row: int, column: int, *, expected: str, hint: str, heading: str = "") -> Fault:
        """What is wrong with a cell; its column is named by letter and, where given, by its heading."""
        letter = get_column_letter(column + 1)
        return Fault(
            file=self.file,
            row=row + 1,
            column=f"{letter} ({heading})" if heading else letter,
            found=repr(self.text(row, column)),
            expected=expected,
            hint=hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Which rows and columns of a grid hold numbers; ``blank_is_zero`` where nothing printed means nothing sold."""

    rows: Sequence[int]
    columns: Sequence[int]
    blank_is_zero: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Numbers of blocks by name, each (rows, columns), and the printed decimals: None where figures are not rounded."""

    blocks: Mapping[str, NDArray[np.float64]]
    decimals: int | None


def as_text(cell: Cell) -> str:
    """A cell as a person sees it."""
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)


def read_grid(path: str | Path, *, sheet: str | None = None, encoding: str | None = None) -> Grid:
    """Read a CSV, TSV or xlsx file to a rectangle of cells.

    Parameters
    ----------
    path
        ``.xlsx``/``.xlsm`` are workbooks, ``.tsv`` has tabs; any other file is text whose delimiter is the first of tab, semicolon and comma
        that most lines hold.
    sheet
        Name of a workbook's sheet; needed where it has more than one.
    encoding
        Of a text file; None: UTF-8, or UTF-16 where the file says so.

    Raises
    ------
    DataError
        When the file is empty, is no workbook, or is not in the encoding.
    ParameterError
        When there is no such file or sheet; the sheets are listed.
    """
    name, lines = open_rows(path, sheet=sheet, encoding=encoding)
    rows = list(lines)
    while rows and not any(as_text(cell) for cell in rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    if not rows or not any(as_text(cell) for row in rows for cell in row):
        raise DataError(
            "there is no cell with content", where=name, fix="Give the file, or the sheet, that holds the table"
        )
    return Grid(file=name, rows=tuple((*row, *[""] * (width - len(row))) for row in rows))


def open_rows(
    path: str | Path, *, sheet: str | None = None, encoding: str | None = None
) -> tuple[str, Iterator[tuple[Cell, ...]]]:
    """Name and rows of a file one by one, for tables that are too large to hold; parameters and errors as :func:`read_grid`."""
    path = Path(path)
    if not path.is_file():
        raise ParameterError(f"there is no file {path}", fix="Check the path")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path, sheet)
    if path.suffix.lower() == ".xls":
        raise DataError("the old .xls format is not read", where=path.name, fix="Save the workbook as .xlsx")
    if sheet is not None:
        raise ParameterError(f"{path.name} is a text file and has no sheet {sheet!r}", fix="Leave sheet out")
    return path.name, _lines(path, encoding)


def sheets(path: str | Path) -> tuple[str, ...]:
    """Names of a workbook's sheets; none for a text file."""
    path = Path(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not path.is_file():
        return ()
    book = _open(path)
    book.close()
    return tuple(book.sheetnames)


def _open(path: Path) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise DataError(
            "the file is no Excel workbook", where=path.name, fix="Open it in Excel and save it as .xlsx"
        ) from error


def _workbook(path: Path, sheet: str | None) -> tuple[str, Iterator[tuple[Cell, ...]]]:
    book = _open(path)
    names = book.sheetnames
    if sheet is None and len(names) > 1:
        book.close()
        raise ParameterError(
            f"{path.name} has {len(names)} sheets", fix=f"Give sheet=, one of {', '.join(map(repr, names))}"
        )
    if sheet is not None and sheet not in names:
        book.close()
        raise ParameterError(f"{path.name} has no sheet {sheet!r}", fix=f"Its sheets are {', '.join(map(repr, names))}")
    chosen = sheet if sheet is not None else names[0]

    def rows() -> Iterator[tuple[Cell, ...]]:
        try:
            for row in book[chosen].iter_rows(values_only=True):
                yield tuple(_stored(value) for value in row)
        finally:
            book.close()

    return f"{path.name}/{chosen}", rows()


def _stored(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return str(value)


def _lines(path: Path, encoding: str | None) -> Iterator[tuple[Cell, ...]]:
    with path.open("rb") as file:
        start = file.read(4)
    chosen = encoding or ("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    try:
        with path.open(encoding=chosen, newline="") as file:
            sample = file.read(65536)
            file.seek(0)
            delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(sample)
            for row in csv.reader(file, delimiter=delimiter):
                yield tuple(row)
    except UnicodeDecodeError as error:
        raise DataError(
            f"the file is not in {chosen.removesuffix('-sig').upper()}: byte {error.start} cannot be read",
            where=path.name,
            fix="Save it as UTF-8, or give encoding='cp1258' (Vietnamese Windows) or 'cp1252' (Western Windows)",
        ) from error
    except LookupError as error:
        raise ParameterError(f"there is no encoding {encoding!r}", fix="Use 'utf-8', 'cp1258' or 'cp1252'") from error


def _delimiter(sample: str) -> str:
    """A decimal comma is as frequent as a delimiter, so the comma comes last."""
    lines = [line for line in sample.splitlines() if line.strip()]
    return next((mark for mark in "\t;" if 2 * sum(mark in line for line in lines) > len(lines)), ",")


def figures(
    grid: Grid,
    blocks: Mapping[str, Block],
    *,
    decimal: Mark | None = None,
    nil: Collection[str] = (),
    headings: Mapping[int, str] | None = None,
) -> Figures:
    """Read blocks of numbers; every cell that cannot be read is in one error.

    Parameters
    ----------
    decimal
        Decimal mark of numbers that are stored as text; None: the one the texts prove.
    nil
        Marks, such as "-", that stand for zero in this file.
    headings
        Column -> its heading, for messages.

    Raises
    ------
    DataError
        With a fault for every cell that is no number, and when the decimal mark is contradictory or cannot be told.
    """
    mark = decimal or _proved_mark(grid, blocks)
    faults: list[Fault] = []
    made: dict[str, NDArray[np.float64]] = {}
    decimals = 0
    for name, block in blocks.items():
        values = np.zeros((len(block.rows), len(block.columns)))
        for i, row in enumerate(block.rows):
            for j, column in enumerate(block.columns):
                cell = grid.rows[row][column]
                if isinstance(cell, float):
                    values[i, j] = cell
                    decimals = max(decimals, printed_decimals(cell))
                    continue
                text = cell.strip()
                if text in nil or (not text and block.blank_is_zero):
                    continue
                try:
                    values[i, j], plain = read_number(text, mark)
                except DataError as error:
                    hint = _hint(text, error, nil)
                    heading = (headings or {}).get(column, "")
                    faults.append(grid.fault(row, column, expected="a number", hint=hint, heading=heading))
                else:
                    decimals = max(decimals, printed_decimals(values[i, j], plain))
        made[name] = values
    if faults:
        raise DataError(
            "one cell is no number" if len(faults) == 1 else f"{len(faults)} cells are no numbers",
            where=grid.file,
            fix="Correct them in the file; nothing was read",
            faults=faults,
        )
    return Figures(blocks=made, decimals=None if decimals > FINEST else decimals)


def read_number(text: str, mark: Mark) -> tuple[float, str]:
    """A number with thousands grouped or not, and its text with a decimal point and without grouping.

    Raises
    ------
    DataError
        When the text is no number with this decimal mark.
    """
    if _GROUPED[mark].fullmatch(text):
        text = re.sub(rf"[{re.escape(',' if mark == '.' else '.')}{SPACES}]", "", text)
    plain = text.replace(mark, ".").replace("−", "-")
    if _PLAIN[mark].fullmatch(text):  # a table has many cells
        return float(plain), plain
    return parse_number(text, decimal=mark), plain


def printed_decimals(value: float, plain: str = "") -> int:
    """Digits after the decimal point of a number, at least 0: of its text where there is one, but not those that are the noise of a sum."""
    exponent = Decimal(plain or f"{value:.{SIGNIFICANT}g}").as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    return printed_decimals(value) if plain and digits > FINEST else digits


def _proved_mark(grid: Grid, blocks: Mapping[str, Block]) -> Mark:
    """The decimal mark that the texts of the blocks can only mean."""
    proofs: dict[Mark, tuple[int, int]] = {}
    open_question: tuple[int, int] | None = None
    for block in blocks.values():
        for row in block.rows:
            for column in block.columns:
                cell = grid.rows[row][column]
                if not isinstance(cell, str) or not any(mark in cell for mark in ".,"):
                    continue
                fits: list[Mark] = [mark for mark in (".", ",") if _fits(cell.strip(), mark)]
                if len(fits) == 1:
                    proofs.setdefault(fits[0], (row, column))
                elif len(fits) == 2:
                    open_question = open_question or (row, column)
    if len(proofs) == 2:
        expected = "one decimal mark in the whole file"
        raise DataError(
            "the decimal mark is a point in some cells and a comma in others",
            where=grid.file,
            fix="Bring them to one; nothing was read",
            faults=[
                grid.fault(*at, expected=expected, hint=f"This one can only be read with {mark!r} as decimal mark")
                for mark, at in proofs.items()
            ],
        )
    if not proofs and open_question is not None:
        raise DataError(
            f"{grid.text(*open_question)!r} can be read in two ways, and no other cell tells which",
            where=f"{grid.file}, row {open_question[0] + 1}, column {get_column_letter(open_question[1] + 1)}",
            fix="Give decimal='.' or decimal=','",
        )
    return next(iter(proofs), ".")


def _fits(text: str, mark: Mark) -> bool:
    return _PLAIN[mark].fullmatch(text) is not None or _GROUPED[mark].fullmatch(text) is not None


def _hint(text: str, error: DataError, nil: Collection[str]) -> str:
    if not text:
        return "Write the figure; write 0 where there is nothing"
    if is_missing(text):
        return f"Where {text!r} means nothing sold, say so with nil=[{', '.join(map(repr, [*nil, text]))}]; a figure kept back must be estimated first"
    if any(mark in text for mark in ".,") and any(_fits(text, mark) for mark in (".", ",")):
        return "It has the other decimal mark; give decimal='.' or decimal=',' for the whole file, or correct the cell"
    return error.fix if "percent" in error.what or "plain number" in error.what else "Write digits only"
