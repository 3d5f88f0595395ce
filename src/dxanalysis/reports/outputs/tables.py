"""The tables and figure data of a report as a data package: plain CSV files and a datapackage.json that describes them.

Text cells are guarded against programs that take them for formulas by a rule that can be undone, see :func:`guarded`; the files are
UTF-8 without a byte order mark, which programs take for a part of the first heading. Who wants a spreadsheet opens the workbook.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dxanalysis import i18n
from dxanalysis.errors import ReportError
from dxanalysis.reports.files import digest, write_json
from dxanalysis.reports.outputs.grids import Grid, GridCell, GridColumn, grids
from dxanalysis.reports.outputs.labels import Texts, catalogue
from dxanalysis.reports.planning.slugs import slug
from dxanalysis.reports.recording.record import Record, SourceRow
from dxanalysis.reports.text import clean, one_line, safe_address
from dxanalysis.reports.versions.storage import Manifest

DESCRIPTOR: Final = "datapackage.json"
_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
# Said, so that no program has to guess it from text that may hold any mark.
_DIALECT: Final = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
_LONGEST_NAME: Final = 60
_NOT_PLAIN = re.compile(r"[^a-z0-9_]+")
# Where a program may see a cell begin: at its start, and after marks that some settings take for the end of a cell.
_CELL_START = r"(^|[;\t\n\r])([ \u00a0\"]*)"
_TO_GUARD = re.compile(rf"{_CELL_START}(?=[=+\-@＝＋－＠'\t\r])")
_GUARDED = re.compile(rf"{_CELL_START}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A column of a CSV file: its description and its cells."""

    name: str
    title: str
    type: str
    unit: str
    missing: tuple[str, ...]
    cells: tuple[str, ...]

    def described(self) -> dict[str, object]:
        """Give the field as the descriptor has it."""
        found: dict[str, object] = {"name": self.name, "title": self.title, "type": self.type}
        if self.unit:
            found["unit"] = self.unit
        if self.missing:
            found["missingValues"] = ["", *self.missing]
        return found


def write_tables(record: Record, manifest: Manifest, folder: Path) -> tuple[str, ...]:
    """Write every table and every figure's data as CSV, and ``datapackage.json`` (Data Package 2.0).

    A column of numbers of one unit holds plain numbers (decimal point, full value), its unit is in the descriptor, and words in it
    (“not published”) are listed as missing values. A column that mixes numbers with other words or units keeps the report's text and is
    followed by ``NAME_value`` and, where units differ, ``NAME_unit``.

    Parameters
    ----------
    folder
        Where the files go; made where it is absent.

    Returns
    -------
    tuple of str
        Names of the files written, the descriptor last.

    Raises
    ------
    ReportError
        The record's language has no texts.
    """
    language = record.meta.language
    if language not in i18n.LANGUAGES:
        raise ReportError(f"the report's language is {language!r}", fix=f"Use one of: {', '.join(i18n.LANGUAGES)}")
    t = i18n.texts(language)
    folder.mkdir(parents=True, exist_ok=True)
    resources: list[dict[str, object]] = []
    names: set[str] = set()
    for grid in grids(record, Texts(catalogue(), language)):
        name = _unique(file_name(grid.kind, grid.name), names)
        fields = _fields(grid, t)
        content = _csv(fields)
        # Not pushed to the disk one by one, which takes longer than all else: the descriptor tells a file that was cut short.
        (folder / f"{name}.csv").write_bytes(content)
        resources.append(_resource(grid, name, fields, content))
    write_json(folder / DESCRIPTOR, _package(record, manifest, resources, t))
    return (*(str(resource["path"]) for resource in resources), DESCRIPTOR)


def guarded(text: str) -> str:
    """Text for a CSV cell that no spreadsheet takes for a formula.

    An apostrophe is put before ``= + - @`` (and an apostrophe) at the start of the text and right after a semicolon, a tab or a line
    break, where a program with other settings sees a cell begin. :func:`unguarded` gives the text back.
    """
    return _TO_GUARD.sub(r"\1\2'", text)


def unguarded(text: str) -> str:
    """Text as it was before :func:`guarded`."""
    return _GUARDED.sub(r"\1\2", text)


def file_name(kind: str, name: str) -> str:
    """Name of a file from an item's name: ``table-chance_1``; safe on every system, since the kind stands before it."""
    letters = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c for c in letters if not unicodedata.combining(c)).lower()
    simple = _NOT_PLAIN.sub("-", plain).strip("-_")[:_LONGEST_NAME].strip("-_")
    return f"{kind}-{simple}" if simple else kind


def _unique(name: str, taken: set[str]) -> str:
    found, copy = name, 1
    while found.casefold() in taken:
        copy += 1
        found = f"{name}-{copy}"
    taken.add(found.casefold())
    return found


def _fields(grid: Grid, t: i18n.Texts) -> list[_Field]:
    taken: set[str] = set()
    found: list[_Field] = []
    for n, column in enumerate(grid.columns):
        # A name on one line stays the same in the file's head and in the descriptor.
        name = _unique(guarded(one_line(column.key, _LONGEST_NAME)), taken)
        found += _of_column(name, column, [row[n] for row in grid.rows], taken, t)
    return found


def _of_column(
    name: str, column: GridColumn, cells: Sequence[GridCell], taken: set[str], t: i18n.Texts
) -> Iterable[_Field]:
    title = clean(column.label)
    numbers = [cell for cell in cells if _is_number(cell)]
    words = {clean(cell.text) for cell in cells if not _is_number(cell) and not cell.empty and cell.text}
    units = list(dict.fromkeys(cell.unit for cell in numbers))
    answers = [cell for cell in cells if isinstance(cell.value, bool)]
    if answers and all(isinstance(cell.value, bool) or cell.empty for cell in cells):
        yield _field(name, title, "boolean", ["" if cell.empty else str(cell.value).lower() for cell in cells])
        return
    if not numbers:
        yield _field(name, title, "string", [_words(cell) for cell in cells])
        return
    if len(units) == 1 and not any(c.isdecimal() for word in words for c in word):
        plain = [_plain(cell) if _is_number(cell) else _words(cell) for cell in cells]
        yield _field(
            name, title, _number_type(numbers), plain, units[0], tuple(sorted(guarded(word) for word in words))
        )
        return
    yield _field(name, title, "string", [_words(cell) for cell in cells])
    value_title = t("workbook.field_value", column=title)
    unit = units[0] if len(units) == 1 else ""
    plain = [_plain(cell) if _is_number(cell) else "" for cell in cells]
    yield _field(_unique(f"{name}_value", taken), value_title, _number_type(numbers), plain, unit)
    if len(units) > 1:
        shown = [cell.unit if _is_number(cell) else "" for cell in cells]
        yield _field(_unique(f"{name}_unit", taken), t("workbook.field_unit", column=title), "string", shown)


def _field(
    name: str, title: str, kind: str, cells: Sequence[str], unit: str = "", missing: tuple[str, ...] = ()
) -> _Field:
    return _Field(name=name, title=title, type=kind, unit=clean(unit), missing=missing, cells=tuple(cells))


def _is_number(cell: GridCell) -> bool:
    return cell.value is not None and not isinstance(cell.value, bool)


def _number_type(numbers: Sequence[GridCell]) -> str:
    # By what was recorded, not by how it turned out: a share that happens to be whole this time is a number all the same.
    return "integer" if all(isinstance(cell.value, int) for cell in numbers) else "number"


def _plain(cell: GridCell) -> str:
    """Give a number as programs read it, never in a form that loses a digit."""
    number = cell.value or 0
    whole = isinstance(number, int) or number.is_integer()
    return str(int(number)) if whole else repr(float(number))


def _words(cell: GridCell) -> str:
    return "" if cell.empty else guarded(clean(cell.text))


def _csv(fields: Sequence[_Field]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([field.name for field in fields])
    writer.writerows(zip(*(field.cells for field in fields), strict=True))
    return stream.getvalue().encode("utf-8")


def _resource(grid: Grid, name: str, fields: Sequence[_Field], content: bytes) -> dict[str, object]:
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "title": grid.caption,
        **({"description": description} if (description := grid.note or grid.alt) else {}),
        "item": {"kind": grid.kind, "name": clean(grid.name)},
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": dict(_DIALECT),
        "hash": f"sha256:{digest(content)}",
        "bytes": len(content),
        "schema": {"fields": [field.described() for field in fields], "missingValues": [""]},
    }


def _package(
    record: Record, manifest: Manifest, resources: Sequence[Mapping[str, object]], t: i18n.Texts
) -> dict[str, object]:
    licences = list(dict.fromkeys(source.licence for source in record.sources if source.licence))
    title = f"{record.meta.title} – {record.meta.subtitle}" if record.meta.subtitle else record.meta.title
    found: dict[str, object] = {
        "$schema": _PROFILE,
        "name": _NOT_PLAIN.sub("-", f"{manifest.notebook}-{slug(manifest.parameters)}".lower()).strip("-_"),
        "title": clean(title),
        "description": f"{t('workbook.package_description')} {t('workbook.package_rule')}",
        "version": manifest.id,
        "created": manifest.finished,
        "languages": [record.meta.language],
        "sources": [_source(source) for source in record.sources],
        "licenses": [_licence(licence, number) for number, licence in enumerate(licences, start=1)],
        "resources": list(resources),
    }
    # The standard has no empty list of sources or licences.
    return {key: value for key, value in found.items() if value != [] or key == "resources"}


def _source(source: SourceRow) -> dict[str, object]:
    address = safe_address(source.url)
    rest = {
        "path": address,
        "publisher": clean(source.publisher),
        "licence": clean(source.licence),
        "retrieved": clean(source.retrieved),
        "note": clean(source.note),
        "address": "" if address else clean(source.url),
    }
    return {"title": clean(source.title), **{key: value for key, value in rest.items() if value}}


def _licence(licence: str, number: int) -> dict[str, object]:
    address = safe_address(licence)
    return {"name": f"source-{number}", "title": clean(licence), **({"path": address} if address else {})}
