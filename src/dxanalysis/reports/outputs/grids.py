"""Every table of a report and the data behind every figure as one shape: typed cells that know how they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxanalysis.reports.outputs.labels import Texts
from dxanalysis.reports.recording.items import Cell, Figure, FigureData, Heading, Table
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.text import clean, without_markup

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One cell.

    Attributes
    ----------
    text
        What a reader sees.
    value
        The number or the yes/no behind it, not rounded; None where it is words or nothing.
    unit
        Unit of the number, or empty.
    empty
        Whether there is nothing, which ``text`` then says in words.
    """

    text: str
    value: float | bool | None = None
    unit: str = ""
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GridColumn:
    """A column: its key for programs, its heading for readers, whether it is set as numbers."""

    key: str
    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table or the data of a figure; captions and notes are without markup.

    Attributes
    ----------
    kind
        ``table`` or ``figure``.
    number
        Its place among those of its kind, from 1.
    section
        Heading under which the report shows it, or empty.
    alt
        The words that replace the picture; empty for a table.
    """

    kind: str
    number: int
    name: str
    section: str
    caption: str
    note: str
    alt: str
    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[GridCell, ...], ...]


def grids(record: Record, texts: Texts) -> tuple[Grid, ...]:
    """Give the tables and the figures with data, in the order in which the report shows them."""
    found: list[Grid] = []
    numbers = {"table": 0, "figure": 0}
    section = ""
    for item in record.items:
        if isinstance(item, Heading):
            section = clean(item.text)
        elif isinstance(item, Table) or (isinstance(item, Figure) and item.data is not None):
            kind = "table" if isinstance(item, Table) else "figure"
            numbers[kind] += 1
            at = (numbers[kind], section)
            found.append(_of_table(item, *at) if isinstance(item, Table) else _of_figure(item, *at, texts))
    return tuple(found)


def plain_text(text: str) -> str:
    """Text for a place that has neither markup nor use for hidden characters."""
    return clean(without_markup(text))


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might take a cell that begins like this for a formula."""
    return text.lstrip(" \"'\n\u00a0").startswith(_FORMULA_STARTS)


def _of_table(table: Table, number: int, section: str) -> Grid:
    columns = tuple(GridColumn(key=c.key, label=c.label, numeric=c.align == "number") for c in table.columns)
    return Grid(
        kind="table",
        number=number,
        name=table.name,
        section=section,
        caption=plain_text(table.caption),
        note=plain_text(table.note),
        alt="",
        columns=columns,
        rows=tuple(_cells(table, row) for row in range(len(table.rows))),
    )


def _cells(table: Table, row: int) -> tuple[GridCell, ...]:
    texts = table.rows[row]
    values = table.values[row] if table.values else (None,) * len(texts)
    units = table.units[row] if table.units else ("",) * len(texts)
    return tuple(
        GridCell(text=text, value=value, unit="" if value is None else unit)
        for text, value, unit in zip(texts, values, units, strict=True)
    )


def _of_figure(figure: Figure, number: int, section: str, texts: Texts) -> Grid:
    data = figure.data or FigureData(columns=(), rows=())
    columns = tuple(
        GridColumn(key=name, label=name, numeric=all_numbers([row[n] for row in data.rows]))
        for n, name in enumerate(data.columns)
    )
    return Grid(
        kind="figure",
        number=number,
        name=figure.name,
        section=section,
        caption=plain_text(figure.caption),
        note="",
        alt=plain_text(figure.alt),
        columns=columns,
        rows=tuple(tuple(figure_cell(cell, texts) for cell in row) for row in data.rows),
    )


def all_numbers(cells: Sequence[Cell]) -> bool:
    """Whether every cell that holds something is a number (and one does)."""
    known = [cell for cell in cells if cell is not None]
    return bool(known) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in known)


def figure_cell(cell: Cell, texts: Texts) -> GridCell:
    """Give a cell of a figure's data as it is shown."""
    if cell is None:
        return GridCell(text=texts("no_data"), empty=True)
    if isinstance(cell, bool):
        return GridCell(text=texts("yes") if cell else texts("no"), value=cell)
    if isinstance(cell, str):
        return GridCell(text=cell)
    return GridCell(text=texts.number(cell), value=cell)
