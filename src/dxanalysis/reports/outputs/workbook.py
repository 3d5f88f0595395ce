"""The workbook of a report: accessible sheets of typed cells, never a formula, the same bytes for the same record."""

from __future__ import annotations

import io
import re
import textwrap
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from dxanalysis import i18n
from dxanalysis.errors import ReportError
from dxanalysis.reports.outputs.grids import GridCell, GridColumn, starts_formula
from dxanalysis.reports.outputs.labels import Labels, Texts
from dxanalysis.reports.outputs.number_formats import typed_number
from dxanalysis.reports.outputs.sheets import Sheet, inside, sheets
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.text import clean, one_line
from dxanalysis.reports.versions.storage import Manifest

_MOST_ROWS, _MOST_COLUMNS = 1_048_000, 16_384
_LONGEST_CELL: Final = 32_000
_LONGEST_PROPERTY: Final = 120
_LONGEST_ADDRESS: Final = 2_000
_LONGEST_LINE: Final = 110
_MOST_FORMATS: Final = 150  # a spreadsheet takes some 200 number formats in one file
_NARROWEST: Final = 9
_WIDE_COLUMN: Final = (36, 90)  # from which text breaks, in a table of many columns and of few
_SHEET_WIDTH: Final = 190
_FROZEN_COLUMN: Final = 40
_FILTERED_FROM: Final = 12
_FONT: Final = {"font_name": "Arial", "font_size": 11, "valign": "top"}
_ACCENT: Final = "#12507B"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
Look: TypeAlias = dict[str, Any]
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def workbook(record: Record, manifest: Manifest, labels: Labels) -> bytes:
    """Write a report as an Excel workbook (.xlsx).

    One sheet holds one table, title and notes above it, without merged cells or empty rows. Numbers are numbers in the format of
    the report's text; every other cell is text, whatever it begins with.

    Raises
    ------
    ReportError
        A table is larger than a sheet can be, or the record's language has no labels.
    """
    texts = Texts(labels, record.meta.language)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties(
        {
            "title": _legal(one_line(record.meta.title, _LONGEST_PROPERTY)),
            "subject": _legal(one_line(record.meta.subtitle, _LONGEST_PROPERTY)),
            "author": _legal(one_line(record.meta.publisher or texts.publisher, _LONGEST_PROPERTY)),
            "comments": manifest.id,
            "created": datetime.fromisoformat(manifest.finished).astimezone(UTC).replace(tzinfo=None),
        }
    )
    laid_out = sheets(record, manifest, labels)
    writer = _Writer(book, record.meta.language, texts("no_data"))
    for sheet in laid_out:
        writer.write(sheet, back="" if sheet is laid_out[0] else laid_out[0].name)
    book.close()
    return _with_language(buffer.getvalue(), record.meta.language)


class _Writer:
    """Writes sheets into one workbook, whose formats they share."""

    def __init__(self, book: xlsxwriter.Workbook, language: str, no_data: str) -> None:
        self._book = book
        self._language = language
        self._t = i18n.texts(language)
        self._no_data = no_data
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._number_formats: set[str] = set()

    def write(self, sheet: Sheet, *, back: str) -> None:
        """Write one sheet; ``back`` is the sheet its second line leads to."""
        if len(sheet.rows) > _MOST_ROWS or len(sheet.columns) > _MOST_COLUMNS:
            raise ReportError(
                f"a table of {len(sheet.rows)} rows and {len(sheet.columns)} columns does not fit a sheet",
                where=sheet.title,
                fix="Record a part of it, or a summary",
            )
        page = self._book.add_worksheet(sheet.name)
        page.hide_gridlines(2)
        top = self._head(page, sheet, back)
        rows = sheet.rows or ((GridCell(text=self._no_data), *[GridCell(text="")] * (len(sheet.columns) - 1)),)
        names = headings([column.label for column in sheet.columns])
        looks = [_look(sheet.columns, column) for column in range(len(names))]
        page.add_table(
            top,
            0,
            top + len(rows),
            len(names) - 1,
            {
                "name": sheet.table,
                "title": _legal(one_line(sheet.title, _LONGEST_PROPERTY)),
                "style": "Table Style Light 1",
                "banded_rows": False,
                "autofilter": len(rows) >= _FILTERED_FROM,
                "columns": [
                    {
                        "header": name,
                        "header_format": self._format({"bold": True, "valign": "bottom", "bottom": 2, **look}),
                    }
                    for name, look in zip(names, looks, strict=True)
                ],
            },
        )
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                place = (top + 1 + number, column)
                self._cell(page, place, cell, looks[column], sheet.links.get((number, column), ""))
        most = min(max(_SHEET_WIDTH // len(names), _WIDE_COLUMN[0]), _WIDE_COLUMN[1])
        widths = [_width(name, [row[n].text for row in rows], most) for n, name in enumerate(names)]
        for n, width in enumerate(widths):
            page.set_column(n, n, width)
        page.freeze_panes(top + 1, 1 if len(widths) > 2 and widths[0] <= _FROZEN_COLUMN else 0)
        # Years and codes are text on purpose; no cell needs a warning mark for it.
        page.ignore_errors({"number_stored_as_text": xl_range(0, 0, top + len(rows), len(names) - 1)})
        _set_up_print(page, top)

    def _head(self, page: Worksheet, sheet: Sheet, back: str) -> int:
        """Write what stands above the table; gives the row of the table's head."""
        self._text(page, (0, 0), sheet.title, {"bold": True, "font_size": 14})
        lines = [part for line in sheet.lines for part in textwrap.wrap(clean(line), _LONGEST_LINE)]
        for row, line in enumerate(lines, start=1):
            self._text(page, (row, 0), line, {})
        if not back:
            return 1 + len(lines)
        self._link(page, (1 + len(lines), 0), inside(back), self._t("workbook.back"), {})
        return 2 + len(lines)

    def _cell(self, page: Worksheet, place: tuple[int, int], cell: GridCell, look: Look, link: str) -> None:
        if link and len(link) <= _LONGEST_ADDRESS:
            self._link(page, place, link, cell.text, look)
            return
        number = None if cell.value is None or isinstance(cell.value, bool) else cell.value
        typed = typed_number(number, clean(cell.text), self._language) if number is not None else None
        if typed is None or not self._has_room(typed.number_format):
            self._text(page, place, cell.text, look)
            return
        page.write_number(*place, typed.value, self._format({"align": "right", "num_format": typed.number_format}))

    def _has_room(self, number_format: str) -> bool:
        if number_format not in self._number_formats and len(self._number_formats) >= _MOST_FORMATS:
            return False
        self._number_formats.add(number_format)
        return True

    def _text(self, page: Worksheet, place: tuple[int, int], text: str, look: Look) -> None:
        if not text:
            page.write_blank(*place, None, self._format(look))
            return
        # A quote prefix keeps text such as “=A1” text even after somebody edits its cell.
        guard = {"quote_prefix": True} if starts_formula(text) else {}
        page.write_string(*place, _cell_text(text), self._format({**look, **guard}))

    def _link(self, page: Worksheet, place: tuple[int, int], target: str, text: str, look: Look) -> None:
        page.write_url(*place, target, self._format({**look, "font_color": _ACCENT, "underline": 1}), _cell_text(text))

    def _format(self, look: Look) -> Format:
        wanted = {**_FONT, **look}
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(wanted)
        return self._formats[key]


def headings(labels: Sequence[str]) -> list[str]:
    """Headings as a spreadsheet's table takes them: on one line, not too long, none twice whatever the case."""
    taken: set[str] = set()
    found: list[str] = []
    for number, label in enumerate(labels, start=1):
        # A table's head is read with escapes such as _x0041_ put into letters, a cell is not; they must stay equal.
        plain = _ESCAPE.sub("-", _legal(one_line(label, _LONGEST_PROPERTY))) or str(number)
        name, copy = plain, 1
        while name.lower() in taken or name.casefold() in taken:
            copy += 1
            name = f"{plain} ({copy})"
        taken |= {name.lower(), name.casefold()}
        found.append(name)
    return found


def _look(columns: Sequence[GridColumn], at: int) -> Look:
    if columns[at].numeric:
        return {"text_wrap": True, "align": "right"}
    # Words right after numbers, which end at their edge, would read as one with them.
    return {"text_wrap": True, **({"indent": 1} if at and columns[at - 1].numeric else {})}


def _cell_text(text: str) -> str:
    legal = _legal(clean(text))
    # Excel counts a character outside the basic plane twice.
    return legal if len(legal) * 2 <= _LONGEST_CELL else legal[: _LONGEST_CELL // 2 - 1] + "…"


def _legal(text: str) -> str:
    """Without the two characters that no XML file can hold."""
    return text.replace("\ufffe", "[U+FFFE]").replace("\uffff", "[U+FFFF]")


def _width(name: str, cells: Sequence[str], most: float) -> float:
    """Width that shows the longest cell whole, up to a limit from which text breaks; a head may break at its words."""
    longest = max((_measure(line) for cell in cells for line in cell.split("\n")), default=0.0)
    word = max((_measure(part) for part in name.split()), default=0.0)
    head = max(word, _measure(name) / 2) * 1.15
    return min(max(longest * 1.05 + 3, head + 3, _NARROWEST), most)


def _measure(text: str) -> float:
    """Length in digits' widths: marks that stand on a letter take no room, wide letters two."""
    return sum(
        0.0 if unicodedata.combining(c) else 2.0 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text
    )


def _set_up_print(page: Worksheet, top: int) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_footer("&C&A&R&P / &N")


def _with_language(data: bytes, language: str) -> bytes:
    """Say in the document's properties which language it is in; the writer has no setting for that."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                end = b"</cp:coreProperties>"
                content = content.replace(end, f"<dc:language>{language}</dc:language>".encode() + end)
            new.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
