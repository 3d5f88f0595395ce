"""What a reader of the store was given, as keys with content digests.

A report depends on the figures it read and on nothing else, so its freshness is the equality of these digests, then and now.
A key names a slice of the store:

=================================  ======================================================
key                                slice
=================================  ======================================================
``observations:X:34-52``           every release of indicator X for one region
``observations:X:*``               the same for all regions; ``*`` stands in either place
``observations:X:*@2024-06-30``    what was known on that day
``targets:34-52``, ``targets:*``   targets of one region, of all
``indicator:X``, ``source:S``      one entry of a registry (``*``: all of them)
``regions:*``                      the region registry
``calendar:2025-12-31``            whether that day has passed
=================================  ======================================================

Digests are of canonical content: neither row order, nor formatting, nor the file a figure stands in counts. This module imports
neither pandas nor pyarrow, so that "is this report fresh?" is answered at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

FILE: Final = "slices.json"
POINTER: Final = "CURRENT"
_SHORT: Final = 16
WELL_DATED: Final = 31  # days: a release known only between two days further apart says nothing about freshness

# table -> slice name -> list of [day the row is known from, digest of the row, day of its release where it is known to a month]
Index = Mapping[str, Mapping[str, Sequence[Sequence[str]]]]


def content_digest(content: object) -> str:
    """Digest of plain JSON content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]


def build_index(
    observations: Iterable[Mapping[str, Any]],
    targets: Iterable[Mapping[str, Any]],
    catalogue: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, list[list[str]]]]:
    """Index a store's content by slice.

    ``observations`` and ``targets`` hold plain JSON rows; ``catalogue`` maps a table (``indicator``, ``source``, ``regions``) to its
    entries by id.
    """
    index: dict[str, dict[str, list[list[str]]]] = {"observations": {}, "targets": {}}
    for row in observations:
        name = f"{row['indicator']}:{row['region_id']}"
        index["observations"].setdefault(name, []).append([row["released_to"], content_digest(row), _well_dated(row)])
    for row in targets:
        index["targets"].setdefault(row["region_id"], []).append([row["released_to"], content_digest(row), ""])
    for table, entries in catalogue.items():
        index[table] = {identity: [["", content_digest(entry), ""]] for identity, entry in entries.items()}
    return {
        table: {name: sorted(rows) for name, rows in sorted(entries.items())}
        for table, entries in sorted(index.items())
    }


def current_store(processed: Path) -> Path | None:
    """Folder of the store that is in force, or None before the first ingest."""
    pointer = processed / POINTER
    if not pointer.is_file():
        return None
    folder = processed / pointer.read_text(encoding="utf-8").strip()
    return folder if folder.is_dir() else None


def read_index(store: Path) -> Index:
    """Load the index of a store's folder."""
    loaded: Index = json.loads((store / FILE).read_text(encoding="utf-8"))
    return loaded


def digest_of(key: str, index: Index, *, today: date) -> str:
    """Digest of the slice a key names, in the store as it is now."""
    table, _, rest = key.partition(":")
    if table == "calendar":
        return "passed" if date.fromisoformat(rest) < today else "ahead"
    return content_digest([[name, digest] for name, digest, _ in _rows(key, index)])


def newest_release(keys: Iterable[str], index: Index) -> str:
    """Newest release among the figures that some keys name, as year-month-day; empty where no release is known to a month.

    A page without a date tells nothing of freshness: the day it was retrieved is not the day it was published.
    """
    found = [day for key in keys if key.startswith("observations:") for _, _, day in _rows(key, index)]
    return max(found, default="")


def covers(key: str, table: str, name: str, released: date) -> bool:
    """Whether a key takes in a row of a table, of the slice ``name``, released on a day."""
    its_table, wanted, as_of = _parts(key)
    known = not as_of or released <= date.fromisoformat(as_of)
    return its_table == table and known and _matches(wanted, name)


def _rows(key: str, index: Index) -> list[tuple[str, str, str]]:
    """Slice name, digest and release day of every row that a key names."""
    table, wanted, as_of = _parts(key)
    entries = index.get(table, {})
    chosen = [wanted] if wanted in entries else [name for name in entries if _matches(wanted, name)]
    return [
        (n, digest, day)
        for n in sorted(chosen)
        for known_from, digest, day in entries[n]
        if not as_of or known_from <= as_of
    ]


def _well_dated(row: Mapping[str, Any]) -> str:
    """Day of a release that is known to a month or better, else empty."""
    if not row["released_from"]:
        return ""
    first, last = date.fromisoformat(row["released_from"]), date.fromisoformat(row["released_to"])
    return row["released_to"] if (last - first).days <= WELL_DATED else ""


def _parts(key: str) -> tuple[str, str, str]:
    """Table, slice name (``*`` for any, also of an indicator or a region) and day up to which releases count, empty for all."""
    table, _, rest = key.partition(":")
    name, _, as_of = rest.partition("@")
    return table, name or "*", as_of


def _matches(wanted: str, name: str) -> bool:
    """Whether a slice name is the one wanted, each of its parts alike or any."""
    asked, there = wanted.split(":"), name.split(":")
    return wanted == "*" or (len(asked) == len(there) and all(a in {"*", b} for a, b in zip(asked, there, strict=True)))
