"""What a report is made of: headings, paragraphs, headline answers, values, tables, figures and notes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, TypeAlias, get_args
from typing import Literal as Choice

from dxanalysis.errors import ReportError
from dxanalysis.reports.text import clean

Tone = Choice["neutral", "good", "warn", "bad"]
NoteKind = Choice["info", "caution", "method"]
Align = Choice["text", "number"]
Cell: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = dict[str, object]
_HALF = re.compile("[\ud800-\udfff]")


def check_text(value: object, what: str, *, empty: bool = False) -> None:
    """Raise ReportError unless the value is text (and holds something, unless ``empty``)."""
    if not isinstance(value, str):
        raise ReportError(f"{what} must be text, found {type(value).__name__}", fix="Format it with the locale first")
    if not empty and not value.strip():
        raise ReportError(f"{what} is empty")
    check_storable(value, what)


def check_storable(value: str, what: str) -> None:
    """Raise ReportError where text holds half a character: no file can."""
    if not value.isascii() and (half := _HALF.search(value)):
        raise ReportError(
            f"{clean(what)} holds half a character, U+{ord(half[0]):04X}",
            fix="Read the source in its own encoding; text read with errors='surrogateescape' cannot be stored",
        )


def check_choice(value: object, choices: object, what: str) -> None:
    """Raise ReportError unless the value is one of a Literal's choices."""
    allowed = get_args(choices)
    if value not in allowed:
        raise ReportError(f"{what} {value!r} is unknown", fix=f"Use one of: {', '.join(allowed)}")


def check_cell(value: object, where: str) -> None:
    """Raise ReportError unless the value is plain JSON; NaN and infinity are refused, None means no figure."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ReportError(f"{where} is {value}", fix="Drop the row, or give None with a note that says why it is missing")
    if isinstance(value, str):
        check_storable(value, where)
    if value is not None and not isinstance(value, str | int | float | bool):
        raise ReportError(f"{where} is a {type(value).__name__}", fix="Give text, a number, a yes/no value or None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Title of a section; level 2 is a section, 3 and 4 are below it (the report's own title is level 1)."""

    KIND: ClassVar[str] = "heading"
    text: str
    level: int = 2

    def __post_init__(self) -> None:
        check_text(self.text, "a heading")
        if self.level not in (2, 3, 4):
            raise ReportError(f"heading level {self.level} is unknown", fix="Use 2, 3 or 4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; ``**bold**`` is its only markup."""

    KIND: ClassVar[str] = "paragraph"
    text: str

    def __post_init__(self) -> None:
        check_text(self.text, "a paragraph")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One answer of the report in a sentence, shown first and on the index."""

    KIND: ClassVar[str] = "headline"
    name: str
    text: str
    tone: Tone = "neutral"

    def __post_init__(self) -> None:
        check_text(self.name, "the name of a headline")
        check_text(self.text, f"headline {self.name}")
        check_choice(self.tone, Tone, f"the tone of headline {self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One recorded number; ``text`` is it in the report's language. Shown only where it has a ``label``.

    ``title`` is what readers call it where values are listed beside each other, as in a comparison of versions.
    """

    KIND: ClassVar[str] = "value"
    name: str
    value: Cell
    unit: str
    text: str
    label: str = ""
    title: str = ""

    @property
    def called(self) -> str:
        """What readers call it; empty where they have no name for it."""
        return self.label or self.title

    @property
    def kind_for_readers(self) -> str:
        """What two values share that readers would take for one figure where they read alike.

        ``latest.A`` and ``latest.B`` are one figure that serves two purposes. Two probabilities that are both "below 1 %" answer two
        questions.
        """
        family, dot, _ = self.name.partition(".")
        if self.unit == "probability":
            return self.called
        return family if dot else self.name

    def __post_init__(self) -> None:
        check_text(self.name, "the name of a value")
        check_cell(self.value, f"value {self.name}")
        check_text(self.unit, f"the unit of {self.name}", empty=True)
        check_text(self.text, f"the text of {self.name}")
        check_text(self.label, f"the label of {self.name}", empty=True)
        check_text(self.title, f"the title of {self.name}", empty=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: the key in the frame, the heading a reader sees, how its cells are set."""

    key: str
    label: str
    align: Align = "text"

    def __post_init__(self) -> None:
        check_text(self.key, "a column key")
        check_text(self.label, f"the heading of column {self.key}")
        check_choice(self.align, Align, f"the alignment of column {self.key}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of localised text; the first column names the row.

    Attributes
    ----------
    values, units
        The number behind each cell (None where the cell is words) and its unit, row by row as in ``rows``; both empty where no
        cell of the table is a number.
    """

    KIND: ClassVar[str] = "table"
    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    values: tuple[tuple[float | None, ...], ...] = ()
    units: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        check_text(self.name, "the name of a table")
        check_text(self.caption, f"the caption of table {self.name}")
        check_text(self.note, f"the note of table {self.name}", empty=True)
        if not self.columns:
            raise ReportError(f"table {self.name} has no column")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ReportError(f"table {self.name}, row {number}: {len(row)} cells for {len(self.columns)} columns")
            for column, cell in zip(self.columns, row, strict=True):
                check_text(cell, f"table {self.name}, row {number}, column {column.key}", empty=True)
        for what, behind in (("values", self.values), ("units", self.units)):
            if behind and [len(row) for row in behind] != [len(row) for row in self.rows]:
                raise ReportError(f"table {self.name}: its {what} do not have the shape of its rows")
        for number, numbers in enumerate(self.values, start=1):
            for value in numbers:
                check_cell(value, f"table {self.name}, row {number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureData:
    """The numbers behind a figure, as they are; they are set in the reader's language when shown."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for column in self.columns:
            check_text(column, "a column heading of figure data")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ReportError(f"figure data, row {number}: {len(row)} cells for {len(self.columns)} columns")
            for column, cell in zip(self.columns, row, strict=True):
                check_cell(cell, f"figure data, row {number}, column {column}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture as SVG text for wide and narrow screens, the words that replace it, and the data behind it."""

    KIND: ClassVar[str] = "figure"
    name: str
    wide_svg: str
    narrow_svg: str
    alt: str
    caption: str
    data: FigureData | None = None

    def __post_init__(self) -> None:
        check_text(self.name, "the name of a figure")
        check_text(self.alt, f"the alternative text of figure {self.name}")
        check_text(self.caption, f"the caption of figure {self.name}")
        for svg in (self.wide_svg, self.narrow_svg):
            check_text(svg, f"the SVG of figure {self.name}", empty=svg is self.narrow_svg)
            if svg and "<svg" not in svg:
                raise ReportError(f"figure {self.name} is no SVG", fix="Save the figure with format='svg' and pass its text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark set apart from the text."""

    KIND: ClassVar[str] = "note"
    text: str
    kind: NoteKind = "info"

    def __post_init__(self) -> None:
        check_text(self.text, "a note")
        check_choice(self.kind, NoteKind, "the kind of note")


Item: TypeAlias = Heading | Paragraph | Headline | Value | Table | Figure | Note
_ITEMS: Mapping[str, type[Item]] = {item.KIND: item for item in get_args(Item)}


def to_plain(item: Item) -> Plain:
    """Turn an item into plain JSON with its kind."""
    return {"item": item.KIND, **asdict(item)}


def from_plain(plain: Mapping[str, object]) -> Item:
    """Read an item back; ReportError where it is not what :func:`to_plain` writes."""
    kind = plain.get("item")
    item = _ITEMS.get(kind) if isinstance(kind, str) else None
    if item is None:
        raise ReportError(f"unknown kind of recorded item {kind!r}")
    values = {f.name: plain[f.name] for f in fields(item) if f.name in plain}
    try:
        if item is Table:
            columns = [Column(**column) for column in _list(values["columns"])]
            values |= {"columns": tuple(columns), "rows": _rows(values["rows"])}
            values |= {name: _rows(values.get(name, ())) for name in ("values", "units")}
        if item is Figure and values.get("data") is not None:
            data = _object(values["data"])
            values["data"] = FigureData(columns=tuple(_list(data["columns"])), rows=_rows(data["rows"]))
        return item(**values)  # type: ignore[arg-type]  # each class checks its own fields
    except (KeyError, TypeError) as error:
        raise ReportError(f"a recorded {kind} is damaged: {error}") from error


def _list(value: object) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list was expected")
    return list(value)


def _rows(value: object) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(_list(row)) for row in _list(value))


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("an object was expected")
    return value
