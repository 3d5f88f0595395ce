"""The picture and the tables that a place's page takes from the newest record of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import read_json
from dxanalysis.reports.recording.items import Figure, Table, from_plain
from dxanalysis.reports.versions import storage

SHOWN_TABLES: Final = ("register", "chance_*", "unknown")
"""Names of the tables that answer a reader's questions by themselves: every answer, what it rests on, what is missing."""
_LONGEST_PICTURE = 400_000  # characters of SVG; a larger drawing is left to the report


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """A table with the heading it stands under in its report (empty where there is none)."""

    heading: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """What is taken from a record; empty where the record is damaged or holds none of it."""

    figure: Figure | None = None
    tables: tuple[Titled, ...] = ()


def take_pieces(version: Path, tables: Sequence[str] = SHOWN_TABLES) -> Pieces:
    """Take the first figure, and the tables whose names match a pattern, in the order of the patterns.

    Parameters
    ----------
    version
        Folder of a version.
    tables
        Patterns of table names, as ``chance_*``.
    """
    try:
        items = read_json(version / storage.RECORD)["items"]
        if not isinstance(items, list):
            return Pieces()
        figure = next((item for item in items if item.get("item") == Figure.KIND), None)
        shown = from_plain(figure) if figure is not None and _fits(figure) else None
        return Pieces(
            figure=shown if isinstance(shown, Figure) else None,
            tables=tuple(found for pattern in tables for found in _matching(items, pattern)),
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError, ReportError):
        return Pieces()


def _fits(figure: Mapping[str, Any]) -> bool:
    return all(len(figure.get(name, "")) <= _LONGEST_PICTURE for name in ("wide_svg", "narrow_svg"))


def _matching(items: Sequence[Mapping[str, Any]], pattern: str) -> list[Titled]:
    found = []
    heading = ""
    for item in items:
        if item.get("item") == "heading":
            heading = str(item.get("text", ""))
        elif item.get("item") == Table.KIND and fnmatchcase(str(item.get("name", "")), pattern):
            table = from_plain(item)
            if isinstance(table, Table):
                found.append(Titled(heading=heading, table=table))
    return found
