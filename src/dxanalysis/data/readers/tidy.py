"""Tidy CSV: one heading line, one row an observation (or an entry of a registry)."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dxanalysis.data.sources import Resource
from dxanalysis.errors import Fault

_EXCEL_MARKS: Final = {b"PK\x03\x04": "an Excel workbook (.xlsx)", b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)"}
_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, by heading; ``line`` counts from 1, the heading."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Headings that a table must have and may have."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


def read_rows(path: Path, resource: Resource, layout: Layout) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """Read a delimited text file as rows of text.

    Returns
    -------
    rows, faults
        Rows are empty when the file as a whole cannot be read.
    """
    raw = path.read_bytes()
    text, fault = _decode(raw, resource)
    if fault is not None:
        return (), (fault,)
    if not text.strip():
        return (), (
            _whole(
                resource, "an empty file", f"a heading and rows: {', '.join(layout.required)}", "Remove it or fill it."
            ),
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=resource.delimiter, strict=True)
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        heading = [cell.strip() for cell in next(reader)]
        fault = _check_heading(heading, text.splitlines()[0], resource, layout)
        if fault is not None:
            return (), (fault,)
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                faults.append(
                    Fault(
                        file=resource.path,
                        row=line,
                        found=f"{len(cells)} cells",
                        expected=f"{len(heading)} cells, as in the heading",
                        hint="A cell that holds the delimiter must stand in double quotes.",
                    )
                )
                continue
            rows.append(Row(line, dict(zip(heading, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        faults.append(
            Fault(
                file=resource.path,
                row=reader.line_num,
                found=str(error),
                expected="a well-formed CSV line",
                hint="Check the double quotes of this line.",
            )
        )
    if not rows and not faults:
        faults.append(_whole(resource, "a heading without rows", "at least one row", "Remove the file or fill it."))
    return tuple(rows), tuple(faults)


def _decode(raw: bytes, resource: Resource) -> tuple[str, Fault | None]:
    for mark, what in _EXCEL_MARKS.items():
        if raw.startswith(mark):
            return "", _whole(
                resource,
                what,
                "a tidy CSV file",
                "Excel workbooks, with or without merged headings, are not read yet: save the table as CSV with one heading "
                "line and one row an observation.",
            )
    encoding = "utf-8-sig" if resource.encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else resource.encoding
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return "", Fault(
            file=resource.path,
            row=line,
            found=f"byte 0x{raw[error.start]:02X} that is not {resource.encoding}",
            expected=f"{resource.encoding} text",
            hint="If the file was saved as Windows-1258 (Vietnamese), register it with --encoding windows-1258; "
            "otherwise save it as UTF-8.",
        )
    except LookupError:
        return "", _whole(
            resource, f"encoding {resource.encoding!r}", "an encoding Python knows", "Write utf-8 or windows-1258."
        )
    # Accents may come composed or not (Windows-1258 has them apart); one form is kept from here on.
    text = unicodedata.normalize("NFC", text)
    if "\x00" in text:
        return "", _whole(resource, "NUL bytes", "text", "The file is UTF-16 or not text: save it as UTF-8 CSV.")
    return text, None


def _check_heading(heading: Sequence[str], line: str, resource: Resource, layout: Layout) -> Fault | None:
    if len(heading) == 1:
        other = next((d for d in _DELIMITERS if d != resource.delimiter and line.count(d) >= 1), None)
        if other is not None:
            return Fault(
                file=resource.path,
                row=1,
                found=f"a heading divided by {_DELIMITERS[other]}",
                expected=f"{_DELIMITERS.get(resource.delimiter, resource.delimiter)} between the cells",
                hint=f"Register the file with --delimiter '{_shell(other)}'.",
            )
    if sum(1 for name in heading if not name) > 0:
        return Fault(
            file=resource.path,
            row=1,
            found="a heading with empty cells",
            expected=", ".join(layout.required),
            hint="This looks like a merged-cell heading exported from Excel, a format that is not read yet: "
            "write one heading line with a name in each cell.",
        )
    repeated = sorted({name for name in heading if heading.count(name) > 1})
    missing = [name for name in layout.required if name not in heading]
    unknown = [name for name in heading if name not in layout.required and name not in layout.optional]
    if repeated or missing or unknown:
        told = [
            f"{what} {', '.join(names)}"
            for what, names in (("repeated", repeated), ("missing", missing), ("unknown", unknown))
            if names
        ]
        return Fault(
            file=resource.path,
            row=1,
            found="; ".join(told),
            expected=", ".join(layout.required + layout.optional),
            hint=f"A table of {layout.name} rows has these headings.",
        )
    return None


def _shell(delimiter: str) -> str:
    return "\\t" if delimiter == "\t" else delimiter


def _whole(resource: Resource, found: str, expected: str, hint: str) -> Fault:
    return Fault(file=resource.path, found=found, expected=expected, hint=hint)
