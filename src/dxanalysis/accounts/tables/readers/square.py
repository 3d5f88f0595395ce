"""A square table from CSV or Excel: one row and one column for each sector, final demand to the right, value added and output below.

The first column holds the codes, an optional second one the names. What is right of and below the sectors is known by its heading in English or
Vietnamese, or named by the caller. An ``imports`` column makes the table competitive; an ``imports`` row holds the imported inputs of a domestic one.
Totals are checked against the sums they are of and not added.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from dxanalysis.accounts.classifications import known_classifications, load_classification
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.readers.grid import Block, Figures, Grid, Mark, figures, read_grid
from dxanalysis.accounts.tables.readers.headings import COMPONENTS, TOTALS, given_meanings, plain
from dxanalysis.accounts.tables.readers.layout import Place, Plan, find_plan
from dxanalysis.accounts.tables.readers.totals import check_total
from dxanalysis.accounts.tables.table import DEMANDS, Demand, InputOutputTable, Kind, Prices
from dxanalysis.errors import DataError, ParameterError

Vector = NDArray[np.float64]


def read_square(
    path: str | Path,
    *,
    region: str,
    year: int,
    unit: Money | str,
    classification: str,
    sheet: str | None = None,
    kind: Kind = "industry",
    rows: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    decimals: int | None = None,
    decimal: Mark | None = None,
    nil: Collection[str] = (),
    encoding: str | None = None,
    prices: Prices = "basic",
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """Read a square input-output table and check every identity and every printed total.

    Parameters
    ----------
    path, sheet, encoding
        File, sheet of a workbook, and encoding of a text file that is not UTF-8.
    region, year, unit, classification, kind, prices, rounding
        As in :func:`input_output_table`. Codes are compared with the classification where it is one of :func:`known_classifications`.
    rows, columns
        Heading -> meaning, for headings that are not known or mean something else here. Columns: a kind of final demand, ``imports``, ``output``,
        a total or ``ignore``. Rows: ``imports``, ``taxes`` (on products), ``component`` (of value added), ``output``, a total or ``ignore``.
    decimals
        Printed decimals, from which the tolerance of identities and totals follows; None: the most that a figure in the file has.
    decimal
        Decimal mark of figures stored as text; None: the one that the file proves.
    nil
        Marks, such as "-", that stand for zero in this file. A blank cell is zero among flows, final demand, imports and taxes.

    Raises
    ------
    DataError
        When the file cannot be read as such a table: not square, a code twice, an unknown heading or code, text in a number's cell, no row of output,
        a total that is not the sum, an identity that does not hold.
    ParameterError
        When the file, the sheet or a heading of ``rows`` or ``columns`` is not there, or an option is unknown.
    """
    grid = read_grid(path, sheet=sheet, encoding=encoding)
    for side, given in (("row", rows), ("column", columns)):
        _are_there(grid, given or {}, side)
    return table_of_grid(
        grid,
        region=region,
        year=year,
        unit=unit,
        classification=classification,
        kind=kind,
        rows=rows,
        columns=columns,
        decimals=decimals,
        decimal=decimal,
        nil=nil,
        prices=prices,
        rounding=rounding,
    )


def table_of_grid(
    grid: Grid,
    *,
    region: str,
    year: int,
    unit: Money | str,
    classification: str,
    kind: Kind = "industry",
    rows: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    decimals: int | None = None,
    decimal: Mark | None = None,
    nil: Collection[str] = (),
    prices: Prices = "basic",
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """The table on a grid; parameters and errors as :func:`read_square`, but headings that are not there are no error."""
    plan = find_plan(grid, rows=given_meanings(rows, "row"), columns=given_meanings(columns, "column"))
    _check_codes(grid, plan, classification)
    components = _components(plan)
    output = _needed(grid, plan, components)
    demands = plan.columns_of(*DEMANDS)
    imports, taxes, less = plan.rows_of("imports"), plan.rows_of("taxes"), plan.columns_of("imports")
    inner, outer = plan.sector_columns, [one.index for one in demands]
    read = figures(
        grid,
        {
            "flows": Block(rows=plan.sector_rows, columns=inner, blank_is_zero=True),
            "final": Block(rows=plan.sector_rows, columns=outer, blank_is_zero=True),
            "less_imports": Block(rows=plan.sector_rows, columns=[one.index for one in less], blank_is_zero=True),
            **{
                f"{name}{tail}": Block(rows=[one.index for one in places], columns=across, blank_is_zero=True)
                for name, places in (("imports", imports), ("taxes", taxes))
                for tail, across in (("", inner), ("_final", outer))
            },
            "value_added": Block(rows=[one.index for one in components], columns=inner, blank_is_zero=False),
            "output": Block(rows=[output.index], columns=inner, blank_is_zero=False),
            **_total_blocks(grid, plan, components),
        },
        decimal=decimal,
        nil=nil,
        headings=plan.headings,
    )
    made = read.blocks
    printed = read.decimals if decimals is None else decimals
    taken_off = made["less_imports"].sum(axis=1)
    _check_totals(grid, plan, components, read, printed, -abs(taken_off) if taken_off.sum() >= 0 else taken_off)
    return input_output_table(
        region=region,
        year=year,
        unit=unit,
        classification=classification,
        kind=kind,
        sectors=plan.codes,
        labels=plan.labels,
        flows=made["flows"],
        final=made["final"],
        demands=[cast("Demand", one.means) for one in demands],
        value_added=made["value_added"],
        components=[_component_name(one) for one in components],
        output=made["output"][0],
        imports=taken_off if less else None,
        imported_inputs=made["imports"].sum(axis=0),
        input_taxes=made["taxes"].sum(axis=0),
        imported_final=made["imports_final"].sum(axis=0),
        final_taxes=made["taxes_final"].sum(axis=0),
        prices=prices,
        decimals=printed,
        source=grid.file,
        rounding=rounding,
    )


def _are_there(grid: Grid, given: Mapping[str, str], side: str) -> None:
    if not given:
        return
    texts = {plain(cell) for row in grid.rows for cell in row if isinstance(cell, str)}
    missing = [heading for heading in given if plain(heading) not in texts]
    if missing:
        raise ParameterError(
            f"{grid.file} has no {side} {missing[0]!r}", fix=f"Write the headings of {side}s= as they are in the file"
        )


def _check_codes(grid: Grid, plan: Plan, classification: str) -> None:
    if classification not in known_classifications():
        return
    scheme = load_classification(classification)
    faults = []
    for row, code in zip(plan.sector_rows, plan.codes, strict=True):
        try:
            scheme.prefixes(code)
        except ParameterError as error:
            hint = error.fix
            if code.isdigit() and len(code) == 1:
                hint += "; a spreadsheet drops leading zeros: write the codes as text, 01"
            faults.append(grid.fault(row, 0, expected=f"a code of {scheme.title}", hint=hint))
    if faults:
        raise DataError(
            f"{len(faults)} of {len(plan.codes)} codes are not of {scheme.title}",
            where=grid.file,
            fix="Correct the codes, give the classification they are of, or a name of your own for one that is not known",
            faults=faults,
        )


def _components(plan: Plan) -> tuple[Place, ...]:
    """Rows of value added; a row of value added beside its components is their total."""
    single = plan.rows_of("component", *COMPONENTS)
    return single or plan.rows_of("total_value_added")


def _component_name(place: Place) -> str:
    return {"component": place.heading, "total_value_added": "value_added"}.get(place.means, place.means)


def _needed(grid: Grid, plan: Plan, components: tuple[Place, ...]) -> Place:
    """The row of output; there must be one, a row of value added and a column of final demand."""
    missing = [
        name
        for name, there in (
            ("row of output (headed 'output' or 'giá trị sản xuất')", plan.rows_of("output")),
            (
                "row of value added (headed 'value added', 'compensation of employees', 'thu nhập của người lao động' ...)",
                components,
            ),
            ("column of final demand (headed 'households', 'exports', 'xuất khẩu' ...)", plan.columns_of(*DEMANDS)),
        )
        if not there
    ]
    if missing:
        found = ", ".join(repr(one.heading) for one in (*plan.rows, *plan.columns)) or "no heading beside the sectors"
        raise DataError(
            f"there is no {' and no '.join(missing)}; found {found}",
            where=grid.file,
            fix="Add it, or say with rows= or columns= which heading is meant",
        )
    rows = plan.rows_of("output")
    if len(rows) > 1:
        raise DataError(
            f"{len(rows)} rows are headed as output: {', '.join(f'row {one.index + 1} {one.heading!r}' for one in rows)}",
            where=grid.file,
            fix=f"Say which is not, for instance rows={{{rows[1].heading!r}: 'ignore'}}",
        )
    return rows[0]


def _totals(plan: Plan, side: str, components: tuple[Place, ...]) -> tuple[Place, ...]:
    """Places whose figures are sums of others; a row of output is checked by the identities, but for its final demand."""
    found = plan.columns_of(*TOTALS, "output") if side == "column" else plan.rows_of(*TOTALS, "output")
    return tuple(one for one in found if one not in components)


def _along(grid: Grid, plan: Plan, total: Place, side: str, components: tuple[Place, ...]) -> list[Place]:
    """Where along a total a figure is printed that can be checked."""
    if side == "column":
        sectors = [
            Place(index=r, heading=code, means="sector") for r, code in zip(plan.sector_rows, plan.codes, strict=True)
        ]
        others = [] if total.means == "output" else [*plan.rows_of("imports", "taxes"), *components]
        return [one for one in (*sectors, *others) if grid.text(one.index, total.index)]
    sectors = [
        Place(index=c, heading=code, means="sector") for c, code in zip(plan.sector_columns, plan.codes, strict=True)
    ]
    return [
        one
        for one in ([] if total.means == "output" else sectors) + list(plan.columns_of(*DEMANDS))
        if grid.text(total.index, one.index)
    ]


def _total_blocks(grid: Grid, plan: Plan, components: tuple[Place, ...]) -> dict[str, Block]:
    blocks = {}
    for side in ("row", "column"):
        for total in _totals(plan, side, components):
            along = [one.index for one in _along(grid, plan, total, side, components)]
            rows, columns = ([total.index], along) if side == "row" else (along, [total.index])
            blocks[f"{side} {total.index}"] = Block(rows=rows, columns=columns, blank_is_zero=False)
    return blocks


def _check_totals(
    grid: Grid,
    plan: Plan,
    components: tuple[Place, ...],
    read: Figures,
    decimals: int | None,
    less_imports: Vector,
) -> None:
    made = read.blocks
    demands = plan.columns_of(*DEMANDS)
    empty = np.zeros((len(components), len(demands)))
    # Every row beside every column that is not a total, by block.
    bands = {
        "flows": np.hstack([made["flows"], made["final"]]),
        "imports": np.hstack([made["imports"], made["imports_final"]]),
        "taxes": np.hstack([made["taxes"], made["taxes_final"]]),
        "value_added": np.hstack([made["value_added"], empty]),
    }
    n = len(plan.codes)
    column_at = {c: i for i, c in enumerate((*plan.sector_columns, *(one.index for one in demands)))}
    stacked = np.vstack(list(bands.values()))
    row_order = (
        *plan.sector_rows,
        *(one.index for one in (*plan.rows_of("imports"), *plan.rows_of("taxes"), *components)),
    )
    row_at = {r: i for i, r in enumerate(row_order)}
    groups = {
        "flows": range(n),
        "final": [n + i for i, _ in enumerate(demands)],
        "consumption": [n + i for i, one in enumerate(demands) if one.means in ("households", "npish", "government")],
        "investment": [n + i for i, one in enumerate(demands) if one.means in ("investment", "inventories")],
    }
    for total in _totals(plan, "column", components):
        others = _along(grid, plan, total, "column", components)
        at = [row_at[one.index] for one in others]
        parts = {name: stacked[at][:, list(group)].sum(axis=1) for name, group in groups.items() if len(group)}
        parts["less_imports"] = np.array([less_imports[i] if i < n else 0.0 for i in at])
        terms = {**{name: len(group) for name, group in groups.items()}, "less_imports": 1}
        printed = made[f"column {total.index}"][:, 0]
        check_total(
            grid, total, side="column", others=others, printed=printed, parts=parts, terms=terms, decimals=decimals
        )
    for total in _totals(plan, "row", components):
        others = _along(grid, plan, total, "row", components)
        at = [column_at[one.index] for one in others]
        parts = {name: band[:, at].sum(axis=0) for name, band in bands.items()}
        terms = {name: len(band) for name, band in bands.items()}
        printed = made[f"row {total.index}"][0]
        check_total(
            grid, total, side="row", others=others, printed=printed, parts=parts, terms=terms, decimals=decimals
        )
