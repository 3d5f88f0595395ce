"""One economy's domestic table out of a table between economies, read row by row.

The economy's own rows hold what it sells: to its own sectors and final demand (the domestic blocks), and to all others, which are its exports. In the
rows of all others its columns hold what it buys abroad: imported inputs by sector, imports by kind of final demand. Only these are kept in memory.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from openpyxl.utils import get_column_letter

from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.readers.grid import FINEST, Cell, printed_decimals, read_number
from dxanalysis.accounts.tables.table import Demand, InputOutputTable, listing
from dxanalysis.data.numbers import parse_number
from dxanalysis.errors import DataError, Fault, ParameterError

Vector = NDArray[np.float64]
Bottom = Literal["imports", "taxes", "value_added", "output", "total"]
MOST_FAULTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of such a table: its place in the file, the economy ("" below the sectors), its code and its cells from the first of ``Heads`` on."""

    number: int
    economy: str
    code: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The columns: economy and code of each, and where in the file the first stands (0 is column A). ("", "") is a column that is left out."""

    file: str
    labels: tuple[tuple[str, str], ...]
    first: int


@dataclass(slots=True)
class _Reading:
    """Numbers read so far: faults, printed decimals."""

    heads: Heads
    faults: list[Fault] = field(default_factory=list)
    decimals: int = 0

    def numbers(self, line: Line, at: Sequence[int]) -> Vector:
        """Cells of a line as numbers; blank is zero."""
        values = np.zeros(len(at))
        for i, j in enumerate(at):
            cell = line.cells[j] if j < len(line.cells) else ""
            if isinstance(cell, str):
                text = cell.strip()
                if not text:
                    continue
                try:
                    if "," in text:
                        parse_number(text)  # refuses 1,234, which another program may have written for 1.234
                    values[i], text = read_number(text, ".")
                except DataError:
                    self._fault(line, j, text)
                    continue
            else:
                values[i], text = cell, ""
            if self.decimals <= FINEST:
                self.decimals = max(self.decimals, printed_decimals(values[i], text))
        return values

    def _fault(self, line: Line, j: int, text: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            column = get_column_letter(self.heads.first + j + 1)
            self.faults.append(
                Fault(
                    file=self.heads.file,
                    row=line.number,
                    column=f"{column} ({'_'.join(filter(None, self.heads.labels[j]))})",
                    found=repr(text),
                    expected="a number with a decimal point, or a blank for zero",
                    hint="Take the file as it was published",
                )
            )


def economy_table(
    heads: Heads,
    lines: Iterable[Line],
    *,
    economy: str,
    parts: frozenset[str],
    demand_of: Callable[[str], Demand | None],
    bottom_of: Mapping[str, Bottom],
    year: int,
    unit: Money,
    classification: str,
    labels: Mapping[str, str] | None = None,
    decimals: int | None = None,
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """The domestic table of an economy, a column of exports last in its final demand.

    Parameters
    ----------
    parts
        Codes in the file that are this economy: its own, and those of its parts where it is split; they are added up.
    demand_of
        Code of a column -> kind of final demand, None for a sector.
    bottom_of
        Code of a row below the sectors -> what it is; several of one kind are added up.
    decimals
        Printed decimals of the file; None: the most that a figure has. The tolerance widens for the sums over all other economies.

    Raises
    ------
    ParameterError
        When the economy is not in the file; those that are, are listed.
    DataError
        When a cell is no number, a row or column is there twice or missing, or an identity does not hold.
    """
    there = tuple(dict.fromkeys(name for name, _ in heads.labels if name))
    own = [j for j, (name, _) in enumerate(heads.labels) if name in parts]
    if not own:
        raise ParameterError(f"{heads.file} has no economy {economy!r}", fix=f"It has {listing(there, 100)}")
    sectors = tuple(dict.fromkeys(heads.labels[j][1] for j in own if demand_of(heads.labels[j][1]) is None))
    kinds = tuple(dict.fromkeys(heads.labels[j][1] for j in own if demand_of(heads.labels[j][1]) is not None))
    # Columns without an economy, such as a discrepancy, are final demand of a row and no exports.
    loose = tuple(
        dict.fromkeys(code for name, code in heads.labels if not name and code and demand_of(code) is not None)
    )
    abroad = [j for j, (name, _) in enumerate(heads.labels) if name and name not in parts]
    across = [*own, *(j for j, (name, code) in enumerate(heads.labels) if not name and code in loose)]
    codes = [heads.labels[j][1] for j in across]
    place = {code: i for i, code in enumerate((*sectors, *kinds, *loose))}
    n, width, target = len(sectors), len(place), [place[code] for code in codes]
    _once(heads.file, "column", [heads.labels[j] for j in own])

    reading = _Reading(heads)
    own_rows, seen = np.zeros((n, width)), list[tuple[str, str]]()
    exports, bottom = np.zeros(n), {name: np.zeros(width) for name in ("imports", "taxes", "value_added", "output")}
    met: set[str] = set()
    foreign = 0
    for line in lines:
        values = np.zeros(width)
        np.add.at(values, target, reading.numbers(line, across))
        if line.economy in parts and line.code in place:
            own_rows[place[line.code]] += values
            exports[place[line.code]] += reading.numbers(line, abroad).sum()
            seen.append((line.economy, line.code))
        elif line.code in bottom_of:
            means = bottom_of[line.code]
            met.add(means)
            if means != "total":
                bottom[means] += values
        elif line.economy in there:  # any other, such as a total, would be taken for purchases abroad
            bottom["imports"] += values
            foreign += 1
        else:
            raise DataError(
                f"row {line.number} is headed {line.code!r}, which this layout does not have",
                where=heads.file,
                fix=f"Known below the sectors are {', '.join(bottom_of)}; for another layout use read_square",
            )
    if reading.faults:
        raise DataError("cells are no numbers", where=heads.file, fix="Nothing was read", faults=reading.faults)
    _once(heads.file, "row", seen)
    missing = [code for code in sectors if code not in {code for _, code in seen}]
    missing += [f"of {name.replace('_', ' ')}" for name in ("value_added", "output") if name not in met]
    if missing:
        raise DataError(
            f"there is no row {listing(missing)} for {economy}",
            where=heads.file,
            fix="Take the whole file as it was published",
        )
    exact = decimals if decimals is not None else None if reading.decimals > FINEST else reading.decimals
    if exact is not None:
        exact -= math.ceil(math.log10(max(1.0, (len(abroad) + foreign) / n)))
    return input_output_table(
        region=economy,
        year=year,
        unit=unit,
        classification=classification,
        sectors=sectors,
        labels=[(labels or {}).get(code, code) for code in sectors],
        flows=own_rows[:, :n],
        final=np.column_stack([own_rows[:, n:], exports]),
        demands=[*(demand_of(code) or "other" for code in (*kinds, *loose)), "exports"],
        value_added=bottom["value_added"][:n],
        output=bottom["output"][:n],
        imported_inputs=bottom["imports"][:n],
        input_taxes=bottom["taxes"][:n],
        imported_final=np.append(bottom["imports"][n:], 0.0),
        final_taxes=np.append(bottom["taxes"][n:], 0.0),
        decimals=exact,
        source=heads.file,
        rounding=rounding,
    )


def _once(file: str, side: str, labels: Sequence[tuple[str, str]]) -> None:
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise DataError(
            f"the {side} {'_'.join(twice)} is there twice", where=file, fix="Take the file as it was published"
        )
