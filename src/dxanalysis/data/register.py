"""Registering a raw file: its source, licence, hash and notation go into ``datapackage.json``.

The file is tried first, in a copy of the archive: a file with faults is not registered and nothing changes.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from dxanalysis.data.ingest import ingest
from dxanalysis.data.sources import (
    DESCRIPTOR,
    MAY_CHANGE,
    file_hash,
    read_descriptor,
    unlisted,
    write_descriptor,
)
from dxanalysis.errors import ParameterError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_URL: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the archive must know of a file: where it is from and how it is written.

    ``source_id`` is the id its rows use in their source column, unless they use ids of sources.csv.
    """

    title: str
    title_vi: str
    source_id: str
    source_title: str
    source_url: str
    licence: str
    retrieved: date
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."


def register(raw: Path, file: Path, about: Registration, *, today: date) -> str:
    """Copy a file into the archive and list it.

    A registry (``indicators.csv``, ``regions.csv``, …) or ``targets.csv`` that stands in the archive already is listed anew with its
    present hash; a file of observations never changes once it is listed.

    Returns
    -------
    str
        The file's path in the archive.

    Raises
    ------
    ParameterError
        When the registration is incomplete or the name is taken.
    DataError
        With every fault of the file.
    """
    _check(about, today)
    if not file.is_file():
        raise ParameterError(f"there is no file {file.name}", fix="Check the name and the folder")
    path = _place(raw, file)
    descriptor = read_descriptor(raw) if (raw / DESCRIPTOR).is_file() else _new_descriptor()
    listed = {entry.get("path"): entry for entry in descriptor["resources"]}
    if path in listed and path not in MAY_CHANGE and listed[path].get("hash") != f"sha256:{file_hash(file)}":
        raise ParameterError(
            f"{path} is registered already, with other content",
            fix="A raw file does not change: bring the correction as a new release in a file with another name",
        )
    entry = {**listed.get(path, {}), **_entry(path, file, about)}
    descriptor["resources"] = [e for e in descriptor["resources"] if e.get("path") != path] + [entry]
    with tempfile.TemporaryDirectory(prefix="dxanalysis-") as scratch:
        trial = Path(scratch) / "raw"
        shutil.copytree(raw, trial, copy_function=_link)
        _put(file, trial / path)
        write_descriptor(trial, _as_it_will_be(trial, descriptor))
        ingest(trial, Path(scratch) / "processed")
    if file.resolve() != (raw / path).resolve():
        _put(file, raw / path)
    write_descriptor(raw, descriptor)
    return path


def _as_it_will_be(trial: Path, descriptor: dict[str, Any]) -> dict[str, Any]:
    """The descriptor once other edited registries are registered too, and other new files are not there yet.

    Else two that were edited together, or two new files put into the archive, would each wait for the other.
    """
    entries = descriptor["resources"]
    for name in unlisted(trial, {DESCRIPTOR, *(entry.get("path") for entry in entries)}):
        (trial / name).unlink()
    anew = [
        {**entry, "hash": f"sha256:{file_hash(trial / entry['path'])}"}
        if entry.get("path") in MAY_CHANGE and (trial / entry["path"]).is_file()
        else entry
        for entry in entries
    ]
    return {**descriptor, "resources": anew}


def _check(about: Registration, today: date) -> None:
    missing = [name for name in ("title", "title_vi", "source_title", "licence") if not getattr(about, name).strip()]
    if missing:
        raise ParameterError(
            f"the registration says nothing of {', '.join(missing)}", fix="No figure goes without a source"
        )
    if about.source_id and not _NAME.fullmatch(about.source_id):
        raise ParameterError(
            f"source id {about.source_id!r}", fix="Use small letters, digits, dash, dot and underscore"
        )
    if about.source_url and not _URL.fullmatch(about.source_url):
        raise ParameterError(
            f"source address {about.source_url!r} is not a web address", fix="Write https://…, or leave it empty"
        )
    if about.retrieved > today:
        raise ParameterError(
            f"retrieved on {about.retrieved}, a day in the future", fix="Write the day the file was got"
        )
    if about.decimal not in {".", ","}:
        raise ParameterError(f"decimal mark {about.decimal!r}", fix='Use "." or ","')
    if len(about.delimiter) != 1:
        raise ParameterError(f"delimiter {about.delimiter!r}", fix="Give one character, e.g. ';' or '\\t'")


def _place(raw: Path, file: Path) -> str:
    inside = file.resolve()
    if inside.is_relative_to(raw.resolve()):
        return inside.relative_to(raw.resolve()).as_posix()
    if not _NAME.fullmatch(file.name) or file.suffix not in {".csv", ".tsv", ".txt"}:
        raise ParameterError(
            f"file name {file.name!r}",
            fix="Name it in small letters, digits, dash and underscore, ending in .csv (Excel workbooks are not read yet)",
        )
    if file.name in MAY_CHANGE:
        raise ParameterError(f"{file.name} is a registry", fix=f"Edit data/raw/{file.name} and register that file")
    if _is_targets(file):
        return f"targets/{file.name}"
    return f"observations/{file.name}"


def _is_targets(file: Path) -> bool:
    heading = file.read_bytes().splitlines()[:1]
    return bool(heading) and b"deadline" in heading[0]


def _entry(path: str, file: Path, about: Registration) -> dict[str, Any]:
    source: dict[str, str] = {"title": about.source_title}
    if about.source_id:
        source["name"] = about.source_id
    if about.source_url:
        source["path"] = about.source_url
    entry: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", path.removesuffix(Path(path).suffix).lower()),
        "path": path,
        "title": about.title,
        "title_vi": about.title_vi,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": about.encoding,
        "dialect": {"delimiter": about.delimiter},
        "hash": f"sha256:{file_hash(file)}",
        "bytes": file.stat().st_size,
        "retrieved": about.retrieved.isoformat(),
        "sources": [source],
        "licenses": [{"name": "other-open", "title": about.licence}],
    }
    fields = _fields(file, about)
    if fields:
        entry["schema"] = {"fields": fields}
    return entry


def _fields(file: Path, about: Registration) -> list[dict[str, str]]:
    types = {"value": "number", "upper": "number", "lower": "number", "released_from": "date", "released_to": "date"}
    try:
        with file.open(encoding=about.encoding.replace("utf-8", "utf-8-sig"), newline="") as stream:
            heading = next(csv.reader(stream, delimiter=about.delimiter), [])
    except (UnicodeDecodeError, LookupError, csv.Error):
        return []  # the trial ingest tells what is wrong with the file
    fields: list[dict[str, str]] = []
    for name in heading:
        field = {"name": name.strip(), "type": types.get(name.strip(), "string")}
        if field["type"] == "number" and about.decimal != ".":
            field["decimalChar"] = about.decimal
        fields.append(field)
    return fields


def _new_descriptor() -> dict[str, Any]:
    return {"name": "dxanalysis-raw", "profile": "data-package", "resources": []}


def _put(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(file, temporary)
    temporary.replace(target)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target
