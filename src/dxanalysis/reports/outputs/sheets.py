"""What the sheets of a report's workbook hold, one table each, before any of it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dxanalysis import i18n
from dxanalysis.reports.outputs.grids import Grid, GridCell, GridColumn, grids, plain_text
from dxanalysis.reports.outputs.labels import Labels, Texts
from dxanalysis.reports.recording.items import Heading, Note, Value
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.text import safe_address
from dxanalysis.reports.versions.storage import Manifest

Cells = tuple[GridCell, ...]
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet with one table.

    Attributes
    ----------
    name, table
        Name of the sheet, and of the table for formulas a reader writes.
    about
        What the contents say it holds; the title where empty.
    lines
        What stands between the title and the table, a cell for each line.
    links
        Place of a cell (row, column) of the table -> where it leads: a web address or :func:`inside`.
    """

    name: str
    table: str
    title: str
    lines: tuple[str, ...]
    columns: tuple[GridColumn, ...]
    rows: tuple[Cells, ...]
    about: str = ""
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


def sheets(record: Record, manifest: Manifest, labels: Labels) -> tuple[Sheet, ...]:
    """Lay out the workbook: contents, findings, key figures, notes, every table and figure, sources.

    What the record does not have gets no sheet; contents and notes are always there.
    """
    texts = Texts(labels, record.meta.language)
    t = i18n.texts(record.meta.language)
    behind = grids(record, texts)
    rest = [
        *_answers(record, texts, t),
        *_values(record, t),
        _notes(record, texts, t, behind),
        *(_of_grid(grid, texts, t) for grid in behind),
        *_sources(record, texts, t),
    ]
    return (_contents(record, manifest, texts, t, rest), *rest)


def inside(sheet: str) -> str:
    """Address of the first cell of a sheet of the same workbook."""
    return f"internal:'{sheet}'!A1"


def _contents(record: Record, manifest: Manifest, texts: Texts, t: i18n.Texts, rest: list[Sheet]) -> Sheet:
    meta = record.meta
    publisher = meta.publisher or texts.publisher
    lines = [
        meta.subtitle,
        t("workbook.place", place=meta.group) if meta.group else "",
        t("workbook.version", number=manifest.number, id=manifest.id, date=texts.date(manifest.finished)),
        t("workbook.data_until", date=texts.date(meta.data_until)) if meta.data_until else "",
        t("workbook.publisher", publisher=publisher) if publisher else "",
        t("workbook.contents_intro"),
    ]
    return Sheet(
        name=t("workbook.sheet_contents"),
        table="contents",
        title=meta.title,
        lines=tuple(line for line in lines if line),
        columns=_columns(t("workbook.col_sheet"), t("workbook.col_about"), rows=t("workbook.col_rows")),
        rows=tuple((*_words(sheet.name, sheet.about or sheet.title), _count(len(sheet.rows), texts)) for sheet in rest),
        links={(row, 0): inside(sheet.name) for row, sheet in enumerate(rest)},
    )


def _answers(record: Record, texts: Texts, t: i18n.Texts) -> list[Sheet]:
    rows = tuple(_words(plain_text(one.text), texts(f"tone_{one.tone}")) for one in record.headlines)
    name = t("workbook.sheet_answers")
    columns = _columns(t("workbook.col_answer"), t("workbook.col_tone"))
    return [Sheet(name=name, table="findings", title=name, lines=(), columns=columns, rows=rows)] if rows else []


def _values(record: Record, t: i18n.Texts) -> list[Sheet]:
    shown = record.key_figures
    rows = tuple((GridCell(text=one.called), _value_cell(one)) for one in shown)
    name = t("workbook.sheet_values")
    columns = _columns(t("workbook.col_figure"), values=t("workbook.col_value"))
    return [Sheet(name=name, table="key_figures", title=name, lines=(), columns=columns, rows=rows)] if rows else []


def _value_cell(value: Value) -> GridCell:
    number = value.value if isinstance(value.value, int | float) and not isinstance(value.value, bool) else None
    return GridCell(text=value.text, value=number, unit=value.unit if number is not None else "")


def _notes(record: Record, texts: Texts, t: i18n.Texts, behind: tuple[Grid, ...]) -> Sheet:
    section = t("workbook.whole_report")
    rows = [_words(section, t("workbook.reading"), t("workbook.reading_numbers"))]
    if any(cell.empty for grid in behind for row in grid.rows for cell in row):
        rows.append(_words(section, t("workbook.reading"), t("workbook.reading_empty", words=texts("no_data"))))
    for item in record.items:
        if isinstance(item, Heading):
            section = item.text
        elif isinstance(item, Note):
            rows.append(_words(section, texts(f"note_{item.kind}"), plain_text(item.text)))
    name = t("workbook.sheet_notes")
    columns = _columns(t("workbook.col_section"), t("workbook.col_kind"), t("workbook.col_note"))
    return Sheet(name=name, table="notes", title=name, lines=(), columns=columns, rows=tuple(rows))


def _of_grid(grid: Grid, texts: Texts, t: i18n.Texts) -> Sheet:
    is_table = grid.kind == "table"
    name = t("workbook.sheet_table", number=grid.number) if is_table else t("workbook.sheet_figure", number=grid.number)
    # A caption may say more after its first sentence; a title is one line.
    title, *rest = _SENTENCE_END.split(grid.caption, maxsplit=1)
    lines = [
        *rest,
        grid.note,
        t("workbook.figure_alt", alt=grid.alt) if grid.alt else "",
        t("workbook.section", section=grid.section) if grid.section else "",
    ]
    return Sheet(
        name=name,
        table=f"{grid.kind}_{grid.number}",
        title=title if is_table else texts("figure_data_of", caption=title),
        about=title,
        lines=tuple(line for line in lines if line),
        columns=grid.columns,
        rows=grid.rows,
    )


def _sources(record: Record, texts: Texts, t: i18n.Texts) -> list[Sheet]:
    rows = []
    links = {}
    for number, one in enumerate(record.sources):
        retrieved = texts.date_or_text(one.retrieved)
        rows.append(_words(one.title, one.publisher, one.url, one.licence, retrieved, one.note))
        if address := safe_address(one.url):
            links[number, 2] = address
    labels = (
        t("workbook.col_source"),
        t("workbook.col_publisher"),
        t("workbook.col_address"),
        t("workbook.col_licence"),
        t("workbook.col_retrieved"),
        t("workbook.col_remark"),
    )
    # A column that no source fills says nothing.
    filled = [n for n in range(len(labels)) if any(row[n].text for row in rows)]
    name = t("workbook.sheet_sources")
    sheet = Sheet(
        name=name,
        table="sources",
        title=name,
        lines=(),
        columns=_columns(*(labels[n] for n in filled)),
        rows=tuple(tuple(row[n] for n in filled) for row in rows),
        links={(row, filled.index(column)): address for (row, column), address in links.items()},
    )
    return [sheet] if rows else []


def _columns(*words: str, rows: str = "", values: str = "") -> tuple[GridColumn, ...]:
    numbers = [label for label in (rows, values) if label]
    return tuple(GridColumn(key=label, label=label, numeric=label in numbers) for label in (*words, *numbers))


def _words(*texts: str) -> Cells:
    return tuple(GridCell(text=text) for text in texts)


def _count(number: int, texts: Texts) -> GridCell:
    return GridCell(text=texts.number(number), value=number)
