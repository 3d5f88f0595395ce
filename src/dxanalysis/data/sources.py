"""``datapackage.json``: where each raw file is from, its licence, how it is written, and its hash.

The descriptor is a Frictionless Data Package. A raw file is immutable once its hash is listed: the archive holds what was
published, and a correction is a new release in a new file.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dxanalysis.errors import DataError, Fault

if TYPE_CHECKING:
    from dxanalysis.data.schema import Source

DESCRIPTOR: Final = "datapackage.json"
MAY_CHANGE: Final = frozenset(
    {"indicators.csv", "regions.csv", "region_spellings.csv", "mergers.csv", "sources.csv", "targets.csv"}
)
"""What grows with the archive, and is registered anew after an edit; all else is as published."""
_READ_SUFFIXES: Final = {".csv", ".tsv", ".txt", ".json", ".xlsx", ".xls", ".parquet", ".ods"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One raw file as the descriptor lists it.

    ``path`` is relative to data/raw with forward slashes; ``sha256`` is of the bytes; ``decimal`` is the
    decimal mark of its numbers; ``retrieved`` is the day we got it;
    ``sources`` are those that the entry itself names (beside the registry sources.csv).
    """

    name: str
    path: str
    sha256: str
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    retrieved: date | None = None
    sources: tuple[Source, ...] = ()


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_descriptor(raw: Path) -> dict[str, Any]:
    """Read ``datapackage.json``.

    Raises
    ------
    DataError
        When it is absent or not JSON.
    """
    path = raw / DESCRIPTOR
    if not path.is_file():
        raise DataError(
            f"{DESCRIPTOR} is absent", where="data/raw", fix="Register the first file with: dxanalysis add FILE"
        )
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(
            f"{DESCRIPTOR} is not JSON: {error}", where="data/raw", fix="Restore it from version control"
        ) from error
    if not isinstance(loaded, dict) or not isinstance(loaded.get("resources"), list):
        raise DataError(f"{DESCRIPTOR} lists no resources", where="data/raw", fix="Restore it from version control")
    return loaded


def write_descriptor(raw: Path, descriptor: Mapping[str, Any]) -> None:
    """Replace ``datapackage.json`` as a whole."""
    target = raw / DESCRIPTOR
    temporary = target.with_name(f".{DESCRIPTOR}.{os.getpid()}")
    temporary.write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    temporary.replace(target)


def resources(descriptor: Mapping[str, Any]) -> tuple[tuple[Resource, ...], tuple[Fault, ...]]:
    """List the resources, and what is wrong with their entries."""
    good: list[Resource] = []
    faults: list[Fault] = []
    for number, entry in enumerate(descriptor["resources"], start=1):
        path = entry.get("path") if isinstance(entry, dict) else None
        digest = str(entry.get("hash", "")) if isinstance(entry, dict) else ""
        if not isinstance(path, str) or path.startswith("/") or ".." in path.split("/") or "\\" in path:
            faults.append(
                Fault(
                    file=DESCRIPTOR,
                    column=f"resource {number}",
                    found=repr(path),
                    expected="a path below data/raw with forward slashes",
                    hint="Correct the path or register the file again with: dxanalysis add FILE",
                )
            )
        elif not digest.startswith("sha256:"):
            faults.append(
                Fault(
                    file=DESCRIPTOR,
                    column=path,
                    found=repr(digest),
                    expected="hash 'sha256:…' of the file",
                    hint="Register the file again with: dxanalysis add FILE",
                )
            )
        else:
            fields = entry.get("schema", {}).get("fields", [])
            marks = {field["decimalChar"] for field in fields if isinstance(field, dict) and "decimalChar" in field}
            good.append(
                Resource(
                    name=str(entry.get("name", path)),
                    path=path,
                    sha256=digest.removeprefix("sha256:"),
                    encoding=str(entry.get("encoding", "utf-8")),
                    delimiter=str(entry.get("dialect", {}).get("delimiter", ",")),
                    decimal=marks.pop() if len(marks) == 1 else ".",
                    retrieved=_retrieved(entry),
                    sources=_named_sources(entry),
                )
            )
    return tuple(good), tuple(faults)


def _retrieved(entry: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(entry.get("retrieved", "")))
    except ValueError:
        return None


def _named_sources(entry: Mapping[str, Any]) -> tuple[Source, ...]:
    """Sources with an id of their own; those without one only describe the file."""
    if not any(isinstance(item, dict) and item.get("name") for item in entry.get("sources", [])):
        return ()
    from dxanalysis.data.schema import Source  # noqa: PLC0415  # loads a data library, which the question of freshness must not

    licence = "; ".join(str(item.get("title") or item.get("name", "")) for item in entry.get("licenses", []))
    return tuple(
        Source(
            id=str(item["name"]),
            title=str(item.get("title", "")),
            publisher=str(item.get("publisher", "")),
            url=str(item.get("path", "")),
            licence=licence,
            note="",
        )
        for item in entry.get("sources", [])
        if isinstance(item, dict) and item.get("name")
    )


def check_files(raw: Path, listed: Iterable[Resource]) -> tuple[Fault, ...]:
    """Compare the files of data/raw with the descriptor: absent, changed since listed, or not listed."""
    faults: list[Fault] = []
    known = {DESCRIPTOR}
    for resource in listed:
        known.add(resource.path)
        path = raw / resource.path
        if not path.is_file():
            faults.append(
                Fault(
                    file=resource.path,
                    found="no such file",
                    expected=f"the file that {DESCRIPTOR} lists",
                    hint=f"Restore the file from version control, or remove its entry from {DESCRIPTOR}.",
                )
            )
        elif (found := file_hash(path)) != resource.sha256:
            faults.append(
                Fault(
                    file=resource.path,
                    found=f"sha256 {found[:12]}…",
                    expected=f"sha256 {resource.sha256[:12]}…, as registered",
                    hint=f"Restore it, or register it anew with: dxanalysis add data/raw/{resource.path}"
                    if resource.path in MAY_CHANGE
                    else "A raw file does not change once it is registered: restore it, and bring a correction as a new "
                    "release in a new file with: dxanalysis add FILE",
                )
            )
    faults += [
        Fault(
            file=name,
            found="a file that is not listed",
            expected=f"every file of data/raw in {DESCRIPTOR}, with its source, licence and hash",
            hint=f"Register it with: dxanalysis add data/raw/{name}",
        )
        for name in unlisted(raw, known)
    ]
    return tuple(faults)


def unlisted(raw: Path, known: Container[str]) -> list[str]:
    """Files of data/raw that would be read and are not among the known ones."""
    names = {path.relative_to(raw).as_posix(): path for path in sorted(raw.rglob("*"))}
    return [
        name
        for name, path in names.items()
        if path.is_file() and path.suffix.lower() in _READ_SUFFIXES and name not in known
    ]
