"""A panel of a backtest from a CSV file: every fault with its file, row and column, or one clean table."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from dxanalysis.errors import DataError, Fault, ParameterError

COLUMNS: Final = ("indicator", "region", "year", "value")
GROUP: Final = "group"
SHOWN: Final = 20
"""Faults that are listed; the rest are counted."""
_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?")
_YEAR: Final = re.compile(r"[12]\d{3}")


def read_panel_file(path: Path, indicator: str) -> pd.DataFrame:
    """Read the rows of one indicator.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns indicator, region, year (or period) and value, and maybe group (the country or so of a region; may be empty);
        further columns are left alone.
    indicator
        Its rows are read; others are not checked.

    Returns
    -------
    DataFrame
        Columns region (text), year and value, in the order of the file; and group (text, empty for none) where the file has it.

    Raises
    ------
    ParameterError
        When there is no such file, or it has no such indicator; those it has are named.
    DataError
        When the file is not a table of that form. Every row's fault is found before the error is raised.
    """
    if not path.is_file():
        what = f"{path} is a folder" if path.is_dir() else f"there is no file {path.name!r}"
        raise ParameterError(what, fix="Give the CSV file of the panel with --panel")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError("the file is not in UTF-8", where=path.name, fix="Save it as CSV UTF-8") from error
    # Accents may come composed or not: one form is kept, so that a name is one region.
    headings, rows = _rows(path.name, unicodedata.normalize("NFC", text))
    indicator = " ".join(unicodedata.normalize("NFC", indicator).split())
    called = "period" if "year" not in headings and "period" in headings else "year"  # a forecast's panel has periods
    headings = ["year" if heading == called else heading for heading in headings]
    absent = [column for column in COLUMNS if column not in headings]
    if absent:
        fault = Fault(
            file=path.name,
            row=1,
            found=", ".join(headings) or "nothing",
            expected=f"the columns {', '.join(COLUMNS)}",
            hint=_way_out(headings, absent),
        )
        raise DataError(f"the panel has no column {', '.join(absent)}", faults=[fault])
    twice = [column for column in (*COLUMNS, GROUP) if headings.count(column) > 1]
    if twice:
        raise DataError(f"the panel has the column {twice[0]} twice", where=f"{path.name}, row 1", fix="Keep one")
    told = [(line, dict(zip(headings, cells, strict=False)), cells[len(headings) :]) for line, cells in rows]
    names = dict.fromkeys(_cell(row, "indicator") for _, row, _ in told)
    mine = [one for one in told if _cell(one[1], "indicator") == indicator]
    if not mine:
        there = ", ".join(name for name in list(names)[:30] if name) or "no indicator"
        raise ParameterError(f"{path.name} has no indicator {indicator!r}", fix=f"It has: {there}")
    faults = list(_faults(path.name, mine, called))
    if faults:
        more = f"; the first {SHOWN} are listed" if len(faults) > SHOWN else ""
        raise DataError(f"faults of the panel: {len(faults)}{more}", where=path.name, faults=faults[:SHOWN])
    table = {
        "region": [_cell(row, "region") for _, row, _ in mine],
        "year": [int(_cell(row, "year")) for _, row, _ in mine],
        "value": [float(_cell(row, "value")) for _, row, _ in mine],
    }
    if GROUP in headings:
        table[GROUP] = [_cell(row, GROUP) for _, row, _ in mine]
    return pd.DataFrame(table)


def groups_in(panel: pd.DataFrame) -> dict[str, str] | None:
    """Group of each region that has one; None where the panel has no column of groups."""
    if GROUP not in panel.columns:
        return None
    told = panel[panel[GROUP] != ""]
    return dict(zip(told["region"], told[GROUP], strict=True))


def _rows(file: str, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Headings, and the cells of every line with its number; a quote left open is told, since it swallows what follows."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begun = 1
    rows: list[tuple[int, list[str]]] = []
    try:
        headings = [" ".join(cell.split()) for cell in next(reader, [])]
        begun = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begun, cells))
            begun = reader.line_num + 1
    except csv.Error as error:
        fault = Fault(
            file=file, row=begun, found=str(error), expected="a well-formed CSV line",
            hint="Check the double quotes from this line on",
        )  # fmt: skip
        raise DataError("the panel cannot be read", faults=[fault]) from error
    return headings, rows


def _way_out(headings: list[str], absent: list[str]) -> str:
    other = next((mark for mark in (";", "\t", "|") if len(headings) == 1 and mark in headings[0]), None)
    if other is not None:
        return "Save the file with commas between the columns, and a point in numbers"
    return f"Add {' and '.join(absent)}; columns are parted by commas"


def _faults(file: str, rows: list[tuple[int, dict[str, str], list[str]]], called: str) -> Iterator[Fault]:
    """Every fault of some rows; ``called`` is the heading of the years."""
    seen: dict[tuple[str, str], int] = {}
    grouped: dict[str, tuple[str, int]] = {}
    for line, row, beyond in rows:
        region, year, value = (_cell(row, column) for column in COLUMNS[1:])
        if any(cell.strip() for cell in beyond):
            yield Fault(
                file=file, row=line, found=f"{len(row) + len(beyond)} cells", expected=f"{len(row)} cells, as in the heading",
                hint="Write numbers with a point; a cell that holds a comma must stand in double quotes",
            )  # fmt: skip
        if not region:
            yield Fault(
                file=file, row=line, column="region", found="nothing", expected="a region", hint="Name the region"
            )
        if not _YEAR.fullmatch(year):
            yield Fault(
                file=file, row=line, column=called, found=repr(year), expected="a year",
                hint="Write a year such as 2024; half-years and quarters do not belong in a yearly panel",
            )  # fmt: skip
        if not _NUMBER.fullmatch(value):
            yield Fault(
                file=file, row=line, column="value", found=repr(value), expected="a number",
                hint="Write 12.5 with a point and no other sign, or leave the row out; nothing is filled in",
            )  # fmt: skip
        if (region, year) in seen:
            yield Fault(
                file=file, row=line, column=called, found=f"{region} {year} again (first in row {seen[region, year]})",
                expected="each region and year once", hint="Keep one release of each year",
            )  # fmt: skip
        seen.setdefault((region, year), line)
        group, first = grouped.setdefault(region, (_cell(row, GROUP), line))
        if group != _cell(row, GROUP):
            yield Fault(
                file=file, row=line, column=GROUP, found=f"{_cell(row, GROUP)!r} (in row {first} {group!r})",
                expected=f"one group for {region}", hint="Write the same group in every row of a region",
            )  # fmt: skip


def _cell(row: dict[str, str], column: str) -> str:
    """Text of a cell without spaces about it; of several spaces inside it, such as spreadsheets leave, one is kept."""
    return " ".join(row.get(column, "").split())
