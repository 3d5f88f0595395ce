"""ADB's multi-regional input-output tables: 35 sectors c1 to c35 and final demand F1 to F5 of each economy.

Layout: a sheet "ADB MRIO 2020"; a line of economy codes above a line of sector codes; rows with the economy and the code before the figures; below the
sectors r60 total, r99 taxes less subsidies on products, r61 to r63 and trs (r65 in the World Input-Output Database) adjustments and transport margins on
imports, r64 value added at basic prices, r69 output. Figures are in million US dollars at basic prices. It is the layout of the World Input-Output
Database, release 2013 (Timmer et al. 2015, Review of International Economics 23). Headings, row codes and economy codes were compared with what programs
that read the published workbooks print of them; the figures were checked on made-up tables of this form only, not on a published file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Final, Literal

from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.readers.grid import Cell, as_text, open_rows, read_grid, sheets
from dxanalysis.accounts.tables.readers.intercountry import Bottom, Heads, Line, economy_table
from dxanalysis.accounts.tables.readers.square import table_of_grid
from dxanalysis.accounts.tables.table import Demand, InputOutputTable
from dxanalysis.errors import DataError

CLASSIFICATION: Final = "adb35"
UNIT: Final = Money("USD", 1e6)
DEMANDS: Final[Mapping[str, Demand]] = {
    "F1": "households",
    "F2": "npish",
    "F3": "government",
    "F4": "investment",
    "F5": "inventories",
}
# r61 (cif/fob), r62, r63 (purchases of residents abroad and of non-residents here) and trs or r65 (transport margins) are what imports cost beside their price abroad.
BOTTOM: Final[Mapping[str, Bottom]] = {
    "r60": "total",
    "r61": "imports",
    "r62": "imports",
    "r63": "imports",
    "r65": "imports",
    "trs": "imports",
    "r99": "taxes",
    "r64": "value_added",
    "r69": "output",
}
# ADB's codes where they are not ISO 3166; tried when the file does not have the ISO code.
OTHER_CODES: Final = {
    "BGD": "BAN", "BRN": "BRU", "BTN": "BHU", "CHE": "SWI", "CHN": "PRC", "DEU": "GER", "DNK": "DEN", "ESP": "SPA", "FJI": "FIJ", "GBR": "UKG",
    "IDN": "INO", "IRL": "IRE", "KHM": "CAM", "LKA": "SRI", "MDV": "MLD", "MNG": "MON", "MYS": "MAL", "NLD": "NET", "NPL": "NEP", "PHL": "PHI",
    "PRT": "POR", "ROU": "ROM", "SGP": "SIN", "TWN": "TAP", "VNM": "VIE", "KWT": "KUW", "ARE": "UAE",
}  # fmt: skip
_CODE: Final = re.compile(r"c\d{1,2}|F\d", re.IGNORECASE)
_ECONOMY: Final = re.compile(r"[A-Za-z]{3}")
_DEEPEST: Final = 40


def read_adb_mrio(
    path: str | Path,
    *,
    economy: str,
    year: int,
    sheet: str | None = None,
    decimals: int | None = None,
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """Read one economy's domestic table of 35 sectors.

    Flows and final demand are of its own products; imported inputs are its columns in the rows of all other economies, with margins; the last column of
    final demand, exports, is what its rows sell to all others. A national sheet (c1 to c35 without economies, exports and imports as a column and a row of
    their own) is read as well.

    Parameters
    ----------
    path
        Workbook or CSV. A sheet named "ADB MRIO" and the year is found; for others give ``sheet``.
    economy
        ISO 3166 code of three letters, or ADB's own: "VNM" and "VIE" are both found.
    decimals, rounding
        As in :func:`~dxanalysis.accounts.tables.build.input_output_table`; decimals None: the most that a figure in the file has.

    Raises
    ------
    ParameterError
        When the file, sheet or economy is not there.
    DataError
        When there is no line of sector codes, a cell is no number, a row is missing or twice, or an identity does not hold.
    """
    if sheet is None and f"ADB MRIO {year}" in sheets(path):
        sheet = f"ADB MRIO {year}"
    name, rows = open_rows(path, sheet=sheet)
    top = list(islice(rows, _DEEPEST))
    at = next((r for r, row in enumerate(top) if sum(_is_code(cell) for cell in row) >= 2), None)
    if at is None:
        raise DataError(
            f"none of the first {len(top)} rows names sectors c1, c2 ...",
            where=name,
            fix="Give the sheet that holds the table; a table with other codes is read by read_square",
        )
    first = next(c for c, cell in enumerate(top[at]) if _is_code(cell))
    labels = _labels(top[at - 1] if at else (), top[at], first)
    economies = {one for one, _ in labels if one}
    if not economies:
        return _national(path, sheet, first, economy, year, decimals, rounding)
    code = economy if economy in economies else OTHER_CODES.get(economy, economy)

    def lines() -> Iterator[Line]:
        for number, row in enumerate(chain(top, rows), start=1):
            if number > at + 1 and any(as_text(cell) for cell in row[first:]):
                where, what = as_text(row[first - 2]) if first >= 2 else "", as_text(row[first - 1])
                below = what.lower() in BOTTOM
                yield Line(
                    number=number,
                    economy="" if below else where,
                    code=what.lower() if below else _canonical(what) if _is_code(what) else what,
                    cells=row[first:],
                )

    return economy_table(
        Heads(file=name, labels=labels, first=first),
        lines(),
        economy=economy,
        parts=frozenset({code}),
        demand_of=DEMANDS.get,
        bottom_of=BOTTOM,
        year=year,
        unit=UNIT,
        classification=CLASSIFICATION,
        decimals=decimals,
        rounding=rounding,
    )


def _national(
    path: str | Path,
    sheet: str | None,
    first: int,
    economy: str,
    year: int,
    decimals: int | None,
    rounding: Literal["refuse", "keep"],
) -> InputOutputTable:
    means = {"total": "total_intermediate", "value_added": "total_value_added"}
    grid = read_grid(path, sheet=sheet)
    return table_of_grid(
        replace(grid, rows=tuple(row[first - 1 :] for row in grid.rows)),  # the codes stand just before the figures
        region=economy,
        year=year,
        unit=UNIT,
        classification=CLASSIFICATION,
        rows={code: means.get(what, what) for code, what in BOTTOM.items()},
        columns=DEMANDS,
        decimals=decimals,
        rounding=rounding,
    )


def _labels(above: tuple[Cell, ...], heads: tuple[Cell, ...], first: int) -> tuple[tuple[str, str], ...]:
    """(economy, code) of each column; an economy that is written once stands for the columns up to the next."""
    labels, current = [], ""
    for c in range(first, len(heads)):
        if not _is_code(heads[c]):
            labels.append(("", ""))
            continue
        written = as_text(above[c]) if c < len(above) else ""
        current = written if _ECONOMY.fullmatch(written) else current  # a title above the columns is no economy
        labels.append((current, _canonical(as_text(heads[c]))))
    return tuple(labels)


def _is_code(cell: Cell) -> bool:
    return isinstance(cell, str) and _CODE.fullmatch(cell.strip()) is not None


def _canonical(code: str) -> str:
    return code[:1].lower() + code[1:] if code[:1] in "cC" else code[:1].upper() + code[1:]
