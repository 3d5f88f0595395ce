"""A table written as a square CSV or Excel file that :func:`.square.read_square` reads back to the same figures."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openpyxl
from scipy import sparse

from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.errors import ParameterError

COMPONENT = "component of value added"


def write_square(table: InputOutputTable, path: str | Path) -> None:
    """Write a table to ``.csv``, ``.tsv`` or ``.xlsx``: codes, names, sectors, final demand; below them imports, taxes, value added and output.

    Figures are written with their printed decimals, or with all digits where they have more (a workbook keeps 16). Region, year, unit and classification are not in the
    file: they are given again when it is read.

    Raises
    ------
    ParameterError
        When the file's ending is another one.
    """
    path = Path(path)
    flows = table.flows.toarray() if sparse.issparse(table.flows) else table.flows
    competitive = table.layout == "competitive"
    rows: list[list[str | float]] = [
        ["code", "name", *table.sectors, *table.demands, *(["imports"] if competitive else [])]
    ]
    for i, code in enumerate(table.sectors):
        taken_off = [float(table.imports[i])] if competitive else []
        rows.append([code, table.labels[i], *flows[i].tolist(), *table.final[i].tolist(), *taken_off])
    for name, label, inner, outer in (
        ("imports", "imported products", table.imported_inputs, table.imported_final),
        ("taxes", "taxes less subsidies on products", table.input_taxes, table.final_taxes),
    ):
        if np.any(inner) or np.any(outer):
            rows.append([name, label, *inner.tolist(), *outer.tolist()])
    for name, values in zip(table.components, table.value_added, strict=True):
        rows.append([name, COMPONENT, *values.tolist()])
    rows.append(["output", "output", *table.output.tolist()])
    if path.suffix.lower() == ".xlsx":
        _workbook(rows, path)
    elif path.suffix.lower() in (".csv", ".tsv"):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", lineterminator="\n")
            for row in rows:
                writer.writerow([_written(cell, table.decimals) for cell in row] + [""] * (len(rows[0]) - len(row)))
    else:
        raise ParameterError(f"{path.name}: the ending {path.suffix!r} is not known", fix="Use .csv, .tsv or .xlsx")


def _written(cell: str | float, decimals: int | None) -> str:
    """The fewest digits that are read back as the same number, but not fewer than the printed ones."""
    if isinstance(cell, str):
        return cell
    fixed = f"{cell:.{max(0, decimals or 0)}f}"
    return fixed if float(fixed) == cell else repr(cell)


def _workbook(rows: Sequence[Sequence[str | float]], path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    for row in rows:
        sheet.append(list(row))
    book.save(path)
