"""The folder of a report: its versions in order, the pointer to the newest, what is being written and what failed."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import read_json, temporary_name, write_json
from dxanalysis.reports.versions.digests import Digests
from dxanalysis.reports.versions.manifest import NOTEBOOK, SCHEMA

CHANGES: Final = "changes"
SIGNATURES: Final = "signatures"
LATEST: Final = "latest"
FAILED: Final = "failed"
_LONGEST: Final = 100
_ERROR: Final = "error.json"
_VERSION = re.compile(r"(\d{4,})-([0-9a-f]{8})")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def storing(where: str) -> Iterator[None]:
    """Tell a fault of the disk within a ``with`` block as a ReportError with the way out."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise ReportError(
                "the disk is full",
                where=where,
                fix="Free some space (dxanalysis prune shows what could go) and run again",
            ) from error
        if error.errno in _CLOSED:
            raise ReportError(
                "the folder cannot be written to",
                where=where,
                fix="Give your account the right to write there, and run again",
            ) from error
        raise ReportError(f"the disk gave an error: {error.strerror or type(error).__name__}", where=where) from error


def history(report: Path) -> tuple[Path, ...]:
    """Folders of a report's versions, oldest first."""
    if not report.is_dir():
        return ()
    found = [path for path in report.iterdir() if _VERSION.fullmatch(path.name) and path.is_dir()]
    return tuple(sorted(found, key=number_of))


def latest(report: Path) -> Path | None:
    """Folder of the current version, or None where there is none."""
    place = os.fspath(report)
    try:
        with open(os.path.join(place, LATEST), encoding="utf-8") as stream:  # noqa: PTH118, PTH123  # asked of a thousand
            name = stream.read(_LONGEST).strip()
    except (OSError, UnicodeDecodeError):
        return None
    return report / name if is_version(name) and os.path.isdir(os.path.join(place, name)) else None  # noqa: PTH112, PTH118


def number_of(version: Path) -> int:
    """Number that a version's folder carries."""
    return int(version.name.split("-")[0])


def next_number(report: Path) -> int:
    """Number of the version to come."""
    return max((number_of(path) for path in history(report)), default=0) + 1


def version_id(number: int, digests: Digests) -> str:
    """Name of a version's folder: ``0001-3fa9c2d1``."""
    return f"{number:04d}-{digests.version[:8]}"


def is_version(name: str) -> bool:
    """Whether a name is one of a version's folder."""
    return _VERSION.fullmatch(name) is not None


def begin(report: Path) -> Path:
    """Make a temporary folder beside the versions to write the next one in.

    Raises
    ------
    ReportError
        The folder cannot be made: the disk is full, or not ours to write to.
    """
    with storing(name_of(report)):
        report.mkdir(parents=True, exist_ok=True)
        folder = report / temporary_name()
        folder.mkdir()
        return folder


def empty(folder: Path) -> None:
    """Remove what a killed worker left in a temporary folder."""
    with storing(name_of(folder.parent)):
        for path in folder.iterdir():
            _remove(path)


def keep_failure(report: Path, written: Path, evidence: Mapping[str, object]) -> Path:
    """Keep what a failed run left (its notebook and the error) in ``failed/``; the versions are not touched.

    Raises
    ------
    ReportError
        The disk is full or not ours to write to; what was written is discarded.
    """
    with storing(name_of(report)):
        try:
            for path in written.iterdir():  # first, so that a full disk has room for the evidence
                if path.name != NOTEBOOK:
                    _remove(path)
            write_json(written / _ERROR, {"schema": SCHEMA, **evidence})
            folder = report / FAILED
            discard(folder)
            written.rename(folder)
        except OSError:
            shutil.rmtree(written, ignore_errors=True)
            raise
        return folder


def failure(report: Path) -> dict[str, object] | None:
    """Return the error of the last run where that failed, else None."""
    folder = report / FAILED
    if not folder.is_dir():
        return None
    try:
        return read_json(folder / _ERROR)
    except (OSError, ValueError):
        return {"error": "the evidence of the failed run cannot be read"}


def discard(folder: Path) -> None:
    """Remove a folder, out of sight first, so that nobody sees half of it."""
    if folder.is_dir():
        with storing(name_of(folder.parent)):
            aside = folder.with_name(temporary_name())
            try:
                folder.rename(aside)
            except FileNotFoundError:  # another run was faster
                return
            shutil.rmtree(aside, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def name_of(report: Path) -> str:
    """A report as errors name it: without the way to the reports folder."""
    return f"{report.parent.name}/{report.name}"


def sync(path: Path) -> None:
    """Push a file, or a folder's list of names, to the disk, where the system can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:  # what cannot be pushed by its nature
            raise
    finally:
        os.close(handle)
