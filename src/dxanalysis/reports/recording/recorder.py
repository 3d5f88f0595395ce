"""The recorder a notebook speaks to: each call is kept in the notebook's outputs and shown where it was made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Protocol, TypeAlias, cast

from dxanalysis.errors import ReportError
from dxanalysis.i18n import LANGUAGES, Number
from dxanalysis.reports.recording import shown as look
from dxanalysis.reports.recording.items import (
    Cell,
    Column,
    Figure,
    FigureData,
    Heading,
    Headline,
    Item,
    Note,
    NoteKind,
    Paragraph,
    Plain,
    Table,
    Tone,
    Value,
    to_plain,
)
from dxanalysis.reports.recording.record import MIME, VALUES, Meta, Record, SourceRow, collect, names_of, source_rows
from dxanalysis.reports.text import escape, marked_up, one_line, without_markup


class Frame(Protocol):
    """As much of a pandas data frame as is needed here."""

    @property
    def columns(self) -> Iterable[object]:
        """Column names."""

    def itertuples(self, *, index: bool = ..., name: None = ...) -> Iterable[tuple[object, ...]]:
        """Rows as tuples."""


Rows: TypeAlias = Frame | Sequence[Mapping[str, object]]
Formatter: TypeAlias = Callable[[object], str]


class Recorder:
    """Record the results of a notebook.

    In a notebook every call also displays itself, so a run by hand shows what the report will hold. Running one cell
    again replaces what that cell recorded before.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[str, int, Plain]] = []

    def meta(
        self,
        *,
        title: str,
        language: str,
        subtitle: str = "",
        short_title: str = "",
        group: str = "",
        group_id: str = "",
        data_until: str | date = "",
        publisher: str = "",
    ) -> None:
        """Say what the report is about, once; the fields are those of :class:`dxanalysis.reports.recording.record.Meta`."""
        meta = Meta(
            title=title,
            language=language,
            subtitle=subtitle,
            short_title=short_title,
            group=group,
            group_id=group_id,
            data_until=data_until.isoformat()[:10] if isinstance(data_until, date) else data_until,
            publisher=publisher,
        )
        shown = f"<h1>{escape(title)}</h1>" + (f"<p>{escape(subtitle)}</p>" if subtitle else "")
        self._keep({"item": "meta", **asdict(meta)}, shown, title)

    def heading(self, text: str, level: int = 2) -> None:
        """Start a section (level 2) or a part of one (3, 4)."""
        self._item(Heading(text=text, level=level), f"<h{level}>{escape(text)}</h{level}>", text)

    def paragraph(self, text: str) -> None:
        """Add running text; ``**bold**`` is the only markup."""
        self._item(Paragraph(text=text), f"<p>{marked_up(text)}</p>", text)

    def headline(self, name: str, text: str, tone: Tone = "neutral") -> None:
        """Add an answer to the top of the report and to the index; the tone is shown by a word and a sign too."""
        item, language = Headline(name=name, text=text, tone=tone), self._language()
        self._item(item, look.headline_html(item, language), f"{look.tone(item, language)}: {text}")

    def value(self, name: str, value: Cell, unit: str, text: str, *, label: str = "", title: str = "") -> None:
        """Record a number for other programs, with its text; a labelled one is shown as a key figure, another is not shown.

        ``title`` names it for readers where versions are compared; its name serves where both are empty.
        """
        shown = f"<p>{escape(label)}: <strong>{escape(text)}</strong></p>" if label else ""
        item = Value(name=name, value=plain_cell(value), unit=unit, text=text, label=label, title=title)
        self._item(item, shown, f"{label}: {text}")

    def values(self, values: Iterable[Value]) -> None:
        """Record several numbers at once, as :meth:`value` does one; a notebook shows them as one folded table.

        A notebook's reader sees the answers beside them that way: JupyterLab cuts a cell's outputs after the fiftieth.
        """
        kept, language = list(values), self._language()
        if kept:
            entry: Plain = {"item": VALUES, "rows": [to_plain(one) for one in kept]}
            self._keep(entry, look.values_html(kept, language), look.values_text(kept, language))

    def table(
        self,
        name: str,
        frame: Rows,
        caption: str,
        *,
        labels: Mapping[str, str] | None = None,
        number_columns: Sequence[str] = (),
        formatters: Mapping[str, Formatter] | None = None,
        note: str = "",
    ) -> None:
        """Add a table whose first column names the row.

        Parameters
        ----------
        frame
            A data frame or a list of mappings. Cells are text in the report's language; whole numbers pass as they
            are (years, ranks), anything else needs a formatter.
        labels
            Column -> heading; the column's name where absent.
        number_columns
            Columns set flush right.
        formatters
            Column -> function from the cell's value to its text.

        Notes
        -----
        Numbers given as numbers, and texts of numbers made by :class:`dxanalysis.i18n.Texts`, are kept beside the text, so that
        a spreadsheet and a comparison have the number itself.
        """
        keys, rows = _rows(frame)
        unknown = [c for c in [*number_columns, *(labels or {}), *(formatters or {})] if c not in keys]
        if unknown:
            raise ReportError(f"table {name} has no column {unknown[0]!r}", fix=f"Columns: {', '.join(keys)}")
        columns = tuple(
            Column(key=k, label=(labels or {}).get(k, k), align="number" if k in number_columns else "text")
            for k in keys
        )
        cells = tuple(
            tuple(_cell_text(name, n, key, cell, (formatters or {}).get(key)) for key, cell in zip(keys, row, strict=True))
            for n, row in enumerate(rows, start=1)
        )
        behind = tuple(
            tuple(_number_behind(raw, text) for raw, text in zip(row, texts, strict=True))
            for row, texts in zip(rows, cells, strict=True)
        )
        any_number = any(value is not None for row in behind for value, _ in row)
        table = Table(
            name=name,
            caption=caption,
            columns=columns,
            rows=cells,
            note=note,
            values=tuple(tuple(value for value, _ in row) for row in behind) if any_number else (),
            units=tuple(tuple(unit for _, unit in row) for row in behind) if any_number else (),
        )
        self._item(table, look.table_html(table), caption)

    def figure(
        self, name: str, *, wide_svg: str, narrow_svg: str = "", alt: str, caption: str, data: Rows | None = None
    ) -> None:
        """Add a figure as SVG text (``narrow_svg`` is for telephones), the words replacing it, and its data.

        ``data`` may hold numbers as they are; its column names are shown, so give them in the report's language.
        """
        behind = None
        if data is not None:
            keys, rows = _rows(data)
            behind = FigureData(columns=tuple(keys), rows=tuple(tuple(plain_cell(c) for c in row) for row in rows))
        figure = Figure(name=name, wide_svg=wide_svg, narrow_svg=narrow_svg, alt=alt, caption=caption, data=behind)
        shown = (
            f'<figure><img style="max-width:100%" src="{look.svg_uri(wide_svg)}" alt="{escape(alt)}">'
            f"<figcaption>{marked_up(caption)}</figcaption></figure>"
        )
        self._item(figure, shown, alt)

    def note(self, text: str, kind: NoteKind = "info") -> None:
        """Add a remark: ``info``, ``caution`` or ``method``."""
        self._item(Note(text=text, kind=kind), f"<blockquote>{marked_up(text)}</blockquote>", text)

    def data_used(self, digests: Mapping[str, str], *, until: str = "") -> None:
        """Declare the data read: key of each slice -> digest. The report is run again when one of them changes.

        ``until`` is the ISO date of the newest release among them; known only after reading, it goes into the report's head.
        """
        entry: Plain = {"item": "data-used", "digests": dict(digests), "until": until}
        told = look.until_text(until, self._language())
        self._keep(entry, f"<p><small>{escape(told)}</small></p>" if told else "", told)

    def sources(self, rows: Sequence[Mapping[str, str]]) -> None:
        """List the sources: rows with title, publisher, url, licence, note, retrieved (all but the title optional)."""
        plain = [dict(row) for row in rows]
        listed = source_rows(plain)
        text = "; ".join(row.title for row in listed)
        self._keep({"item": "sources", "rows": plain}, look.sources_html(listed, self._language()), text)

    def record(self) -> Record:
        """Return everything recorded so far."""
        return collect(entry for _, _, entry in self._entries)

    def _language(self) -> str:
        """Language of the report, or the main one where there is no text in it or the title is not recorded yet."""
        told = {str(entry["language"]) for _, _, entry in self._entries if entry["item"] == "meta"}
        return next((language for language in LANGUAGES if language in told), LANGUAGES[0])

    def _item(self, item: Item, shown: str, text: str) -> None:
        self._keep(to_plain(item), shown, text)

    def _keep(self, entry: Plain, shown: str, text: str) -> None:
        cell, run = _current_cell()
        kept = [e for e in self._entries if not (cell and e[0] == cell and e[1] != run)]
        added = [*kept, (cell, run, entry)]
        self._check(entry, [e for _, _, e in kept])
        self._entries = added
        if cell:
            from IPython.display import display  # noqa: PLC0415  # only inside a notebook

            data: Plain = {MIME: entry}
            if shown:
                data |= {"text/html": shown, "text/plain": one_line(without_markup(text))}
            display(data, raw=True)  # type: ignore[no-untyped-call]

    @staticmethod
    def _check(entry: Plain, kept: Sequence[Plain]) -> None:
        """Find a fault in the cell that made it, not at the end of the run."""
        named = names_of(entry)
        clash = [e for e in kept if named & names_of(e)]
        if entry["item"] == "meta":
            collect([*(e for e in kept if e["item"] == "meta"), entry])
        else:
            title: Plain = {"item": "meta", "title": "-", "language": "-"}
            collect([title, *clash, entry])


def _current_cell() -> tuple[str, int]:
    """Identify the notebook cell that is running and its run; ``("", 0)`` outside a notebook."""
    try:
        from IPython.core.getipython import get_ipython  # noqa: PLC0415  # scripts and tests have no notebook
    except ImportError:
        return "", 0
    shell = get_ipython()  # type: ignore[no-untyped-call,unused-ignore]
    if shell is None:
        return "", 0
    run = int(shell.execution_count)
    kernel = getattr(shell, "kernel", None)
    parent = kernel.get_parent("shell") if kernel is not None else {}
    cell = (parent or {}).get("metadata", {}).get("cellId")
    return str(cell or f"run-{run}"), run


def _rows(frame: Rows) -> tuple[list[str], list[tuple[object, ...]]]:
    if isinstance(frame, Sequence):
        keys = [str(key) for key in frame[0]] if frame else []
        if not keys:
            raise ReportError("a table without rows has no columns", fix="Record a note that says why there is nothing to show")
        for number, row in enumerate(frame, start=1):
            if list(row) != keys:
                raise ReportError(f"row {number} has the columns {list(row)}, the first row {keys}")
        return keys, [tuple(row.values()) for row in frame]
    return [str(column) for column in frame.columns], list(frame.itertuples(index=False, name=None))


def plain_cell(value: object) -> Cell:
    """Give a value of a data frame (a numpy number, a date) as plain JSON; what has no plain form is left to the check."""
    item = getattr(value, "item", None)
    if callable(item) and not isinstance(value, str | int | float):
        value = item()
    if isinstance(value, date):
        # pandas' "not a time" is a date that does not equal itself
        return value.isoformat()[:10] if value == value else math.nan
    return cast("Cell", value)


def _cell_text(table: str, row: int, column: str, value: object, formatter: Formatter | None) -> str:
    if formatter is not None:
        return formatter(value)
    plain = plain_cell(value)
    if isinstance(plain, str):
        return plain
    if isinstance(plain, int) and not isinstance(plain, bool):
        return str(plain)
    raise ReportError(
        f"table {table}, row {row}, column {column}: {plain!r} is not text",
        fix="Pass a formatter for this column, or text such as “no data”",
    )


def _number_behind(raw: object, text: str) -> tuple[float | None, str]:
    """Give the number that a cell shows with its unit, or None where it shows words."""
    if isinstance(text, Number):
        return (text.value, text.unit) if math.isfinite(text.value) else (None, "")
    plain = plain_cell(raw)
    if isinstance(plain, int | float) and not isinstance(plain, bool) and math.isfinite(plain):
        return plain, ""
    return None, ""


__all__ = ["Formatter", "Frame", "Recorder", "Rows", "SourceRow"]
