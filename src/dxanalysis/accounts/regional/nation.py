"""A national table made ready for regionalising: domestic, in one year's sizes, its columns as shares of inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dxanalysis.accounts.figures import Note
from dxanalysis.accounts.regional.domestic import domestic_table
from dxanalysis.accounts.tables.table import InputOutputTable, Vector, frozen, listing
from dxanalysis.errors import DataError, ParameterError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nation:
    """What regionalising needs of a national table, as full arrays: made once, used for every region, release and delta.

    ``table``: the domestic table. ``ratio``: (n,) value added per output. ``inputs``, ``abroad``, ``taxes``: (n, n), (n,), (n,) parts of a column's inputs, which add up
    to 1. ``sold``: (n,) most that is sold as inputs per unit of output, 1 or the nation's own. ``output``, ``value_added``: (n,), of the year that the region is compared in;
    ``final``: (n, k) final demand of that year. ``notes``: what was done to get here.
    """

    table: InputOutputTable
    ratio: Vector
    inputs: Vector
    abroad: Vector
    taxes: Vector
    sold: Vector
    output: Vector
    value_added: Vector
    final: Vector
    notes: tuple[Note, ...]


def nation_of(
    table: InputOutputTable, *, year: int, value_added: pd.Series | None = None, factor: float = 1.0
) -> Nation:
    """Prepare a national table; see :func:`.regionalise.regionalise` for the parameters. ``factor`` brings ``value_added`` into the table's unit.

    Raises
    ------
    ParameterError
        When the year is another than the table's and the nation's value added of that year is not given.
    DataError
        When the national figures cannot be used.
    """
    notes: list[Note] = []
    if table.price_year is not None and table.price_year != table.year:
        raise ParameterError(
            f"the table of {table.region} {table.year} is in prices of {table.price_year}",
            fix="Shares of value added are taken at current prices: give the table at prices of its own year",
        )
    if table.layout == "competitive":
        notes.append(Note(code="imports_by_proportionality"))
    home = domestic_table(table)
    gross, flows = (
        home.gross_value_added,
        np.asarray(home.flows.todense() if not isinstance(home.flows, np.ndarray) else home.flows),
    )
    if value_added is None:
        if year != table.year:
            raise ParameterError(
                f"value added of the region is of {year}, the table of {table.year}",
                fix="Give figures of one year, or the nation's value added of the region's year (national_value_added)",
            )
        size, added = home.output, gross
    else:
        added = by_code(value_added, home.sectors, "value added of the nation", factor)
        lost = np.flatnonzero((added > 0) & (gross <= 0))
        if len(lost):
            raise DataError(
                f"sector {home.sectors[int(lost[0])]} has value added in {year} and none in the table of {table.year}",
                fix="Add the sector to another one in both",
            )
        growth = np.divide(added, gross, out=np.zeros(home.n), where=gross > 0)
        size = home.output * growth
        notes.append(
            Note(code="coefficients_of_other_year", facts=(("table", float(table.year)), ("year", float(year))))
        )
    moved = np.divide(size, home.output, out=np.zeros(home.n), where=home.output > 0)
    bought = flows.sum(axis=0) + home.imported_inputs + home.input_taxes
    part = np.divide(1.0, bought, out=np.zeros(home.n), where=bought != 0)
    sold = np.divide(flows.sum(axis=1), home.output, out=np.zeros(home.n), where=home.output > 0)
    return Nation(
        table=home,
        ratio=home.value_added_ratio,
        inputs=frozen(flows * part),
        abroad=frozen(home.imported_inputs * part),
        taxes=frozen(home.input_taxes * part),
        sold=frozen(np.maximum(sold, 1.0)),
        output=frozen(size),
        value_added=frozen(added),
        final=frozen(home.final * moved[:, None]),
        notes=tuple(notes),
    )


def by_code(values: pd.Series, codes: tuple[str, ...], what: str, factor: float = 1.0) -> Vector:
    """Figures in the order of the sectors, times ``factor``.

    Raises
    ------
    DataError
        When a sector is missing, unknown or there twice, or a figure is missing, no number or negative.
    """
    index = [str(code) for code in values.index]
    twice = sorted({code for code in index if index.count(code) > 1}) if len(set(index)) < len(index) else []
    missing, unknown = [code for code in codes if code not in set(index)], sorted(set(index) - set(codes))
    for problem, found in (("are missing", missing), ("are not in the table", unknown), ("are there twice", twice)):
        if found:
            raise DataError(
                f"{what}: sectors {listing(found)} {problem}",
                fix=f"Give one figure for each of {listing(codes)}; zero where there is no such industry",
            )
    figures = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
    made = figures[[index.index(code) for code in codes]] * factor
    wrong = np.flatnonzero(~(np.isfinite(made) & (made >= 0)))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"{what}: sector {codes[i]} has {values.iloc[index.index(codes[i])]!r}",
            fix="Give a number of zero or more; a loss-making industry is added to another one",
        )
    return made
