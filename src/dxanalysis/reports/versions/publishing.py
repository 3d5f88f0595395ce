"""A finished version is put in its place: whole, once, and under a number of its own, whoever else is writing there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace as changed
from pathlib import Path
from typing import Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import TEMPORARY, digest, replace, this_place, write_json
from dxanalysis.reports.versions.folders import (
    FAILED,
    LATEST,
    discard,
    history,
    latest,
    name_of,
    next_number,
    number_of,
    storing,
    sync,
    version_id,
)
from dxanalysis.reports.versions.manifest import MANIFEST, Manifest, damage, read_manifest

CLAIM: Final = f"{TEMPORARY}number-"
_PATIENCE: Final = 20.0  # seconds a run waits for another one that has taken the number it wants


def publish(
    report: Path,
    written: Path,
    manifest: Manifest,
    *,
    renumber: Callable[[Path, Manifest], Manifest] | None = None,
) -> Path:
    """Put a finished version in its place, point ``latest`` at it, and clear the evidence of an earlier failure.

    Parameters
    ----------
    written
        The temporary folder with all outputs and the manifest.
    renumber
        Called with the folder and the manifest where another run has taken the number meanwhile and the version gets the
        next free one: writes anew the outputs that name it and gives the manifest that describes them. Without it only the
        manifest is written anew.

    Returns
    -------
    Path
        The version's folder. Where a run elsewhere has put the same version (the same five digests) in place meanwhile, or
        the newest one is the same and whole, that one: what was written is discarded. A run that was asked for (a reason
        ``forced``) makes a version of its own next to an older one all the same.

    Raises
    ------
    ReportError
        The disk is full or not ours to write to; all versions are as they were.
    """
    with storing(name_of(report)):
        sync(
            written
        )  # its files are on the disk: files.write pushed them; what a power cut still takes shows as damage
        folder = _same(report, manifest)
        while folder is None:
            number = _claim(report, manifest)
            if number is None:
                folder = _same(report, manifest)
                continue
            try:
                folder = _same(report, manifest) or _place(report, written, manifest, number, renumber)
            finally:
                _claimed(report, number).unlink(missing_ok=True)
        discard(written)
        point(report)
        discard(report / FAILED)
        return folder


def _same(report: Path, manifest: Manifest) -> Path | None:
    """A whole version of equal digests that makes this one needless."""
    forced = any(reason.get("cause") == "forced" for reason in manifest.reasons)
    versions = history(report)
    for version in reversed(versions):
        if number_of(version) < manifest.number and (forced or version != versions[-1]):
            break
        if version.name.endswith(manifest.digests.version[:8]):
            try:
                other = read_manifest(version)
            except ReportError:
                continue
            if other.digests == manifest.digests and is_whole(version, other):
                return version
    return None


def is_whole(version: Path, manifest: Manifest) -> bool:
    """Whether every output of a version is as it was written, to the last byte."""
    try:
        return damage(version, manifest) is None and all(
            digest((version / output.path).read_bytes()) == output.sha256 for output in manifest.outputs
        )
    except OSError:
        return False


def _claimed(report: Path, number: int) -> Path:
    return report / f"{CLAIM}{number:04d}"


def _claim(report: Path, manifest: Manifest) -> int | None:
    """Take the next free number; None where another run was met that is about to use it, and it is done now."""
    number = next_number(report)
    end = time.monotonic() + _PATIENCE
    while True:
        path = _claimed(report, number)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            if time.monotonic() > end:  # whoever it was is gone: its number stays unused
                number += 1
                continue
            time.sleep(0.05)
            if not path.exists():
                return None
            continue
        try:
            os.write(handle, f"{this_place()} {manifest.digests.version}\n".encode())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(handle)
        if number >= next_number(report):
            return number
        path.unlink(missing_ok=True)
        return None


def _place(
    report: Path,
    written: Path,
    manifest: Manifest,
    number: int,
    renumber: Callable[[Path, Manifest], Manifest] | None,
) -> Path:
    if number != manifest.number:
        manifest = changed(manifest, number=number, id=version_id(number, manifest.digests))
        if renumber is not None:
            manifest = renumber(written, manifest)
        write_json(written / MANIFEST, manifest.to_plain())
        sync(written)
    folder = report / manifest.id
    written.rename(folder)
    sync(report)
    return folder


def point(report: Path) -> bool:
    """Make ``latest`` name the newest version, also where another run points at the same time; whether it had to be changed."""
    moved = False
    while versions := history(report):
        if latest(report) == versions[-1]:
            return moved
        replace(report / LATEST, versions[-1].name + "\n")
        moved = True
    return moved
