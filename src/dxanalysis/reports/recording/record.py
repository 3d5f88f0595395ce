"""The record of a run: everything a notebook said, once, for every output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date

from dxanalysis.errors import ReportError
from dxanalysis.reports.recording.items import Heading, Headline, Item, Plain, Value, check_text, from_plain, to_plain

MIME = "application/vnd.dxanalysis.record+json"
SCHEMA = 1
VALUES = "values"
"""Entry of several values that were recorded at once; in a record each stands by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What a report is about.

    Attributes
    ----------
    title, subtitle, short_title
        The page's heading, the line under it, and the name on the index beside its group (the title where empty).
    language
        Language tag of everything recorded: ``vi`` or ``en``.
    group, group_id
        What the index groups by: the region's name in the report's language, and its id, the same in every language.
    data_until
        ISO date of the newest release used, or empty.
    publisher
        Who is named in the citation; the label ``publisher`` where empty.
    """

    title: str
    language: str
    subtitle: str = ""
    short_title: str = ""
    group: str = ""
    group_id: str = ""
    data_until: str = ""
    publisher: str = ""

    def __post_init__(self) -> None:
        check_text(self.title, "the report's title")
        check_text(self.language, "the report's language")
        for name in ("subtitle", "short_title", "group", "group_id", "data_until", "publisher"):
            check_text(getattr(self, name), f"the report's {name}", empty=True)
        if self.data_until:
            try:
                date.fromisoformat(self.data_until)
            except ValueError as error:
                raise ReportError(
                    f"data_until is {self.data_until!r}", fix="Give an ISO date such as 2025-01-06, or leave it empty"
                ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source as a reader needs it."""

    title: str
    publisher: str = ""
    url: str = ""
    licence: str = ""
    note: str = ""
    retrieved: str = ""

    def __post_init__(self) -> None:
        check_text(self.title, "the title of a source")
        for name in ("publisher", "url", "licence", "note", "retrieved"):
            check_text(getattr(self, name), f"the {name} of source {self.title}", empty=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything a notebook recorded.

    Attributes
    ----------
    data_used
        Key of every slice of data the notebook read -> digest of its content.
    """

    meta: Meta
    items: tuple[Item, ...]
    data_used: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[SourceRow, ...] = ()

    @property
    def headlines(self) -> tuple[Headline, ...]:
        """The answers, in the order recorded."""
        return tuple(item for item in self.items if isinstance(item, Headline))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The sections, in the order recorded."""
        return tuple(item for item in self.items if isinstance(item, Heading))

    @property
    def key_figures(self) -> tuple[Value, ...]:
        """Numbers that readers have a name for, probabilities first, for they are what is asked.

        What readers would take for one figure (:attr:`Value.kind_for_readers`) stands once.
        """
        named = [item for item in self.items if isinstance(item, Value) and item.called.strip()]
        distinct = {(one.kind_for_readers, one.unit, one.text): one for one in reversed(named)}
        return tuple(sorted(reversed(distinct.values()), key=lambda one: one.unit != "probability"))

    def to_plain(self) -> Plain:
        """Return the whole record as plain JSON."""
        return {
            "schema": SCHEMA,
            "meta": asdict(self.meta),
            "items": [to_plain(item) for item in self.items],
            "data_used": dict(self.data_used),
            "sources": [asdict(row) for row in self.sources],
        }

    def summary(self) -> Plain:
        """Return what the index and other programs need: no text, table or figure."""
        return {
            "schema": SCHEMA,
            "meta": asdict(self.meta),
            "headlines": [to_plain(item) for item in self.headlines],
            "values": [to_plain(item) for item in self.items if isinstance(item, Value)],
        }


def collect(entries: Iterable[object]) -> Record:
    """Put recorded entries together.

    Raises
    ------
    ReportError
        An entry is damaged, two items of one kind share a name, or the notebook gave no title.
    """
    meta: Meta | None = None
    items: list[Item] = []
    data_used: dict[str, str] = {}
    until = ""
    sources: dict[SourceRow, None] = {}
    names: set[tuple[str, str]] = set()
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise ReportError("a recorded entry is no JSON object")
        kind = entry.get("item")
        if kind == "meta":
            if meta is not None:
                raise ReportError("the report's title was recorded twice", fix="Call meta() once")
            meta = _meta(entry)
        elif kind == "data-used":
            data_used.update(_digests(entry.get("digests")))
            until = max(until, str(entry.get("until") or ""))
        elif kind == "sources":
            sources.update(dict.fromkeys(source_rows(entry.get("rows"))))
        else:
            for plain in _plain_items(entry):
                item = from_plain(plain)
                name = getattr(item, "name", None)
                if name is not None and (item.KIND, name) in names:
                    raise ReportError(f"two recorded items of kind {item.KIND} are called {name!r}", fix="Give each its own name")
                names.add((item.KIND, name or ""))
                items.append(item)
    if meta is None:
        raise ReportError("the notebook recorded no title", fix="Call meta(title=..., language=...) on its Recorder")
    if until:
        meta = replace(meta, data_until=max(until, meta.data_until))
    return Record(meta=meta, items=tuple(items), data_used=data_used, sources=tuple(sources))


def read_record(notebook: Mapping[str, object]) -> Record:
    """Collect the record from an executed notebook, given as its JSON object or notebook node."""
    cells = notebook.get("cells")
    entries = []
    for cell in cells if isinstance(cells, list) else []:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if MIME in data:
                entries.append(data[MIME])
    return collect(entries)


def _meta(entry: Mapping[str, object]) -> Meta:
    known = {f.name for f in fields(Meta)}
    try:
        return Meta(**{k: v for k, v in entry.items() if k in known})  # type: ignore[arg-type]  # Meta checks itself
    except TypeError as error:
        raise ReportError(f"the recorded title is damaged: {error}") from error


def _digests(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(t, str) for pair in value.items() for t in pair):
        raise ReportError("data_used must map the key of a data slice to its digest, both text")
    return dict(value)


def names_of(entry: Mapping[str, object]) -> set[tuple[str, str]]:
    """Kind and name of each named item of a recorded entry: no two items of one kind may share a name."""
    return {(str(one.get("item")), str(one["name"])) for one in _plain_items(entry) if "name" in one}


def _plain_items(entry: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Items of an entry: those recorded at once, or itself."""
    if entry.get("item") != VALUES:
        return [entry]
    rows = entry.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) and row.get("item") == Value.KIND for row in rows):
        raise ReportError("values recorded at once must be a list of values")
    return rows


def source_rows(value: object) -> list[SourceRow]:
    """Read sources given as rows; ReportError where one is damaged."""
    if not isinstance(value, list):
        raise ReportError("sources must be a list of rows")
    try:
        return [SourceRow(**row) for row in value]
    except TypeError as error:
        raise ReportError(
            f"a source row is damaged: {error}", fix="Keys: title, publisher, url, licence, note, retrieved"
        ) from error
