"""What a report's PDF says in its details, in reading order, as plain data for the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from dxanalysis import i18n
from dxanalysis.errors import ReportError
from dxanalysis.reports.outputs.labels import Texts
from dxanalysis.reports.outputs.pdf.widths import setting
from dxanalysis.reports.outputs.pdf.words import is_blank, plain, rich, visible
from dxanalysis.reports.recording.items import (
    Cell,
    Figure,
    FigureData,
    Heading,
    Headline,
    Note,
    Paragraph,
    Table,
    Value,
)
from dxanalysis.reports.recording.record import Record

Block: TypeAlias = dict[str, Any]
"""A piece of the document for the template; ``kind`` says which."""

SHORT_DATA = 30
"""Rows of a figure's data that are printed; longer data are in the workbook."""
SHORT_HEIGHT = 200.0
"""Points up to which a table is not broken over pages: the white it may leave is less than a third of a page."""
HIGHEST_HEAD = 180.0
"""Points of headings up to which they are repeated on every page: higher ones would leave no room for the rows."""
_TALL_CELL = 900  # letters; a row with more may break over pages


@dataclass(slots=True, kw_only=True)
class _Details:
    """The details while they are put together."""

    texts: Texts
    words: i18n.Texts
    blocks: list[Block] = field(default_factory=list)
    level: int = 1
    figures: int = 0
    tables: int = 0


def details(record: Record, texts: Texts) -> list[Block]:
    """Everything recorded but the headlines, in order; values that follow each other are one list.

    Raises
    ------
    ReportError
        A figure has no words that replace it.
    """
    made = _Details(texts=texts, words=i18n.texts(record.meta.language))
    for item in record.items:
        if isinstance(item, Headline):
            continue  # the brief has them
        if isinstance(item, Value):
            _add_value(made.blocks, item)
        elif isinstance(item, Heading):
            made.level = min(item.level, made.level + 1)  # no step of the outline is left out
            made.blocks.append({"kind": "heading", "level": made.level, "text": plain(item.text)})
        elif isinstance(item, Paragraph):
            made.blocks.append({"kind": "paragraph", "text": rich(item.text)})
        elif isinstance(item, Note):
            made.blocks.append(note(item, texts))
        elif isinstance(item, Table):
            made.tables += 1
            label = made.words("paper.table", number=made.tables)
            _add_table(made.blocks, _table(item, label, made.words))
        else:
            made.figures += 1
            _add_figure(made, item)
    return made.blocks


def note(item: Note, texts: Texts) -> Block:
    """Give a remark with the word for its kind."""
    return {"kind": "note", "note": item.kind, "label": visible(texts(f"note_{item.kind}")), "text": rich(item.text)}


def figure(item: Figure, label: str) -> Block:
    """Give a picture; ReportError naming it where nothing replaces it for those who do not see it."""
    if is_blank(item.alt):
        raise ReportError(
            f"figure {item.name!r} has no alternative text",
            fix="Say in its alt what the picture shows: a PDF that everybody can read is not made without",
        )
    return {
        "kind": "figure",
        "name": visible(item.name),
        "svg": item.wide_svg,
        "alt": visible(item.alt),
        "label": label,
        "caption": rich(item.caption),
    }


def _add_value(blocks: list[Block], value: Value) -> None:
    if is_blank(value.label):
        return
    if not blocks or blocks[-1]["kind"] != "values":
        blocks.append({"kind": "values", "rows": []})
    blocks[-1]["rows"].append([plain(value.label), plain(value.text)])


def _table(table: Table, label: str, words: i18n.Texts) -> Block:
    return _grid(
        label=label,
        caption=table.caption,
        heads=[column.label for column in table.columns],
        numbers=[column.align == "number" for column in table.columns],
        rows=table.rows,
        note=table.note or ("" if table.rows else words("paper.empty_table")),
    )


def _add_table(blocks: list[Block], table: Block) -> None:
    """Put wide tables on pages turned on their side, with the headings right above them."""
    if not table["sideways"]:
        blocks.append(table)
        return
    above: list[Block] = []
    while blocks and blocks[-1]["kind"] == "heading":
        above.insert(0, blocks.pop())
    if not above and blocks and blocks[-1]["kind"] == "sideways":
        blocks[-1]["blocks"].append(table)
    else:
        blocks.append({"kind": "sideways", "blocks": [*above, table]})


def _add_figure(made: _Details, item: Figure) -> None:
    made.blocks.append(figure(item, made.words("paper.figure", number=made.figures)))
    if item.data is None or not item.data.rows:
        return
    rows = len(item.data.rows)
    if rows > SHORT_DATA:
        text = made.words("paper.in_workbook", number=made.figures, rows=made.texts.number(rows))
        made.blocks.append({"kind": "remark", "text": rich(text)})
        return
    caption = made.words("paper.figure_data", number=made.figures)
    _add_table(made.blocks, _figure_data(item.data, caption, made.texts))


def _figure_data(data: FigureData, caption: str, texts: Texts) -> Block:
    columns = list(zip(*data.rows, strict=True))
    return _grid(
        label="",
        caption=caption,
        heads=data.columns,
        numbers=[_is_numeric(cells) for cells in columns],
        rows=[[_cell(cell, texts) for cell in row] for row in data.rows],
        note="",
    )


def _grid(
    *,
    label: str,
    caption: str,
    heads: Sequence[str],
    numbers: Sequence[bool],
    rows: Sequence[Sequence[str]],
    note: str,
) -> Block:
    shown_heads = [plain(head) for head in heads]
    shown = [[plain(cell) for cell in row] for row in rows]
    set_as = setting(shown_heads, shown, numbers)
    return {
        "kind": "table",
        "label": label,
        "caption": rich(caption),
        "heads": shown_heads,
        "numbers": list(numbers),
        "rows": shown,
        "note": rich(note),
        "widths": set_as.widths,
        "size": set_as.size,
        "sideways": set_as.sideways,
        "repeats": set_as.head <= HIGHEST_HEAD,
        "whole": set_as.height <= SHORT_HEIGHT,
        "whole_rows": all(len(cell) < _TALL_CELL for row in shown for cell in row),
    }


def _is_numeric(cells: Sequence[Cell]) -> bool:
    known = [cell for cell in cells if cell is not None]
    return bool(known) and all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in known)


def _cell(cell: Cell, texts: Texts) -> str:
    if cell is None:
        return texts("no_data")
    if isinstance(cell, bool):
        return texts("yes") if cell else texts("no")
    return cell if isinstance(cell, str) else texts.number(cell)
