"""Versions of a report on disk: written beside the others, renamed into place whole, never changed afterwards.

``<reports>/<notebook>/<parameters>/`` holds ``0001-3fa9c2d1/`` and its successors, the pointer file ``latest``, and
``failed/`` with the evidence of the last run where that failed. Uses nothing but the standard library.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from dxanalysis.errors import ReportError
from dxanalysis.reports.versions.digests import DIGEST_NAMES, Digests
from dxanalysis.reports.files import digest, read_json, replace, write_json

SCHEMA = 1
MANIFEST = "manifest.json"
NOTEBOOK = "notebook.ipynb"
PAGE = "report.html"
RECORD = "record.json"
VALUES = "values.json"
OUTPUTS = (NOTEBOOK, PAGE, RECORD, VALUES)

_LATEST = "latest"
_FAILED = "failed"
_ERROR = "error.json"
_TEMPORARY = ".tmp-"
_VERSION = re.compile(r"(\d{4,})-([0-9a-f]{8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file of a version with its digest and size."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a version is made of and from.

    Attributes
    ----------
    number, id
        Place in the report's history, and the folder's name: ``1``, ``0001-3fa9c2d1``.
    data_used
        Key of every data slice read -> digest.
    started, finished
        UTC times in ISO form.
    versions
        Python and main packages -> version.
    reasons
        Why this version was made, as :class:`dxanalysis.reports.versions.freshness.Reason` in plain JSON.
    store, package
        Digests under which the data store and the package's source are kept in the archive; empty where they are not.
    today
        ISO date of the day deadlines were held against.
    """

    notebook: str
    parameters: Mapping[str, Any]
    seed: int
    number: int
    id: str
    digests: Digests
    data_used: Mapping[str, str]
    started: str
    finished: str
    seconds: float
    versions: Mapping[str, str]
    outputs: tuple[Output, ...]
    reasons: tuple[Mapping[str, Any], ...] = ()
    store: str = ""
    package: str = ""
    today: str = ""

    def to_plain(self) -> dict[str, object]:
        """Give the manifest as plain JSON."""
        return {"schema": SCHEMA, **asdict(self), "version_digest": self.digests.version}


def read_manifest(version: Path) -> Manifest:
    """Read a version's manifest; ReportError where it is absent, damaged or not this version's."""
    try:
        plain = read_json(version / MANIFEST)
        if plain["schema"] != SCHEMA:
            raise ReportError(f"manifest has schema {plain['schema']!r}, expected {SCHEMA}", where=version.name)
        # What later editions of the package added may be absent in a version of an earlier one.
        known = [f for f in fields(Manifest) if f.name in plain or f.default is MISSING]
        values: dict[str, Any] = {f.name: plain[f.name] for f in known}
        values["reasons"] = tuple(dict(reason) for reason in values.get("reasons", ()))
        values["digests"] = Digests(**{name: str(values["digests"][name]) for name in DIGEST_NAMES})
        values["outputs"] = tuple(Output(**output) for output in values["outputs"])
        values["parameters"], values["data_used"] = dict(values["parameters"]), dict(values["data_used"])
        manifest = Manifest(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(f"the manifest cannot be read ({type(error).__name__})", where=version.name) from error
    if manifest.id != version.name:
        raise ReportError(f"the manifest belongs to version {manifest.id}", where=version.name)
    return manifest


def describe_outputs(folder: Path) -> tuple[Output, ...]:
    """List the files of a version that is being written."""
    return tuple(
        Output(path=name, sha256=digest(content), bytes=len(content))
        for name in OUTPUTS
        for content in [(folder / name).read_bytes()]
    )


def damage(version: Path, manifest: Manifest) -> str | None:
    """Say which file of a version is missing or changed, or None where all are as written."""
    if {output.path for output in manifest.outputs} != set(OUTPUTS):
        return "the manifest does not list the outputs of a report"
    for output in manifest.outputs:
        try:
            content = (version / output.path).read_bytes()
        except OSError:
            return f"{output.path} is missing"
        if digest(content) != output.sha256:
            return f"{output.path} was changed"
    return None


def history(report: Path) -> tuple[Path, ...]:
    """Folders of a report's versions, oldest first."""
    if not report.is_dir():
        return ()
    found = [path for path in report.iterdir() if _VERSION.fullmatch(path.name) and path.is_dir()]
    return tuple(sorted(found, key=_number))


def latest(report: Path) -> Path | None:
    """Folder of the current version, or None where there is none."""
    try:
        name = (report / _LATEST).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = report / name
    return folder if _VERSION.fullmatch(name) and folder.is_dir() else None


def _number(version: Path) -> int:
    return int(version.name.split("-")[0])


def next_number(report: Path) -> int:
    """Number of the version to come."""
    return max((_number(path) for path in history(report)), default=0) + 1


def version_id(number: int, digests: Digests) -> str:
    """Name of a version's folder: ``0001-3fa9c2d1``."""
    return f"{number:04d}-{digests.version[:8]}"


def begin(report: Path) -> Path:
    """Make a temporary folder beside the versions to write the next one in."""
    report.mkdir(parents=True, exist_ok=True)
    folder = report / f"{_TEMPORARY}{secrets.token_hex(6)}"
    folder.mkdir()
    return folder


def empty(folder: Path) -> None:
    """Remove what a killed worker left in a temporary folder."""
    for path in folder.iterdir():
        path.unlink()


def publish(report: Path, written: Path, manifest: Manifest) -> Path:
    """Put a finished version in its place, point ``latest`` at it, and clear the evidence of an earlier failure."""
    _sync(written)
    folder = report / manifest.id
    if folder.exists():
        raise ReportError("this version exists already", where=manifest.id, fix="Is another run going on?")
    written.rename(folder)
    _sync(report)
    replace(report / _LATEST, manifest.id + "\n")
    discard(report / _FAILED)
    return folder


def keep_failure(report: Path, written: Path, evidence: Mapping[str, object]) -> Path:
    """Keep what a failed run left (its notebook and the error) in ``failed/``; the versions are not touched."""
    write_json(written / _ERROR, {"schema": SCHEMA, **evidence})
    for path in written.iterdir():
        if path.name not in (NOTEBOOK, _ERROR):
            path.unlink()
    folder = report / _FAILED
    discard(folder)
    written.rename(folder)
    return folder


def failure(report: Path) -> dict[str, object] | None:
    """Return the error of the last run where that failed, else None."""
    folder = report / _FAILED
    if not folder.is_dir():
        return None
    try:
        return read_json(folder / _ERROR)
    except (OSError, ValueError):
        return {"error": "the evidence of the failed run cannot be read"}


def discard(folder: Path) -> None:
    """Remove a folder, out of sight first, so that nobody sees half of it."""
    if folder.is_dir():
        aside = folder.with_name(f"{_TEMPORARY}{secrets.token_hex(6)}")
        folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def recover(reports: Path) -> None:
    """Tidy up after a killed run: remove what it was writing, and finish a version that only lacked its pointer.

    Only while no other run is going on.
    """
    if not reports.is_dir():
        return
    for depth in ("", "*/", "*/*/"):
        for left in reports.glob(f"{depth}{_TEMPORARY}*"):
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
    for report in reports.glob("*/*/"):
        versions = history(report)
        if versions and latest(report) != versions[-1]:
            replace(report / _LATEST, versions[-1].name + "\n")
            # A version comes after every failure before it; the kill fell between its rename and the clearing.
            discard(report / _FAILED)


def _sync(folder: Path) -> None:
    """Push a folder's list of names to the disk, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
