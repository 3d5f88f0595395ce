"""Is a version still what was published, to the last byte? Everything is read and hashed anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import digest
from dxanalysis.reports.text import one_line
from dxanalysis.reports.versions.digests import data_digest, parameters_digest, seed_digest
from dxanalysis.reports.versions.folders import history, latest, version_id
from dxanalysis.reports.versions.manifest import (
    MANIFEST,
    OUTPUTS,
    SEAL,
    Manifest,
    files_in,
    manifest_text,
    read_manifest,
    seal,
)
from dxanalysis.reports.versions.signatures import signatures_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of checking a version.

    Attributes
    ----------
    faults
        What is not as it was published, a sentence each; none where the version is whole.
    notes
        What could not be checked.
    files, bytes
        How much was read.
    """

    version: Path
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()
    files: int = 0
    bytes: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything is as it was published."""
        return not self.faults


def check(version: Path) -> Checked:
    """Hash every file of a version, hold the manifest against itself, and the signatures against the manifest.

    Any altered, missing or added byte or file is found. Somebody who alters a version and writes a fitting manifest is found
    out by the signatures, and by those who kept the version's digest.
    """
    try:
        manifest = read_manifest(version)
        content = (version / MANIFEST).read_bytes()
    except ReportError as error:
        return Checked(version=version, faults=(f"{error.what}",))
    except OSError as error:
        return Checked(version=version, faults=(f"the manifest cannot be read ({type(error).__name__})",))
    try:
        faults, notes = _of_manifest(manifest, content)
    except (ValueError, TypeError, RecursionError):  # plain JSON that no manifest of ours can be
        faults, notes = ["the manifest says what none does"], ()
    more, read = _of_outputs(version, manifest)
    broken = [
        f"the signature of {one_line(s.by, 60)} does not fit" for s in signatures_of(version) if s.state == "broken"
    ]
    return Checked(
        version=version,
        faults=(*faults, *more, *broken),
        notes=notes,
        files=len(manifest.outputs) + 1,
        bytes=read + len(content),
    )


def check_pointer(report: Path) -> str | None:
    """Say what is wrong with the pointer to a report's newest version, or None."""
    versions = history(report)
    if not versions or latest(report) == versions[-1]:
        return None
    return f"the pointer latest does not name the newest version, {versions[-1].name}"


def _of_manifest(manifest: Manifest, content: bytes) -> tuple[list[str], tuple[str, ...]]:
    plain: dict[str, Any] = json.loads(content)
    faults = []
    if manifest_text(plain).encode() != content:
        faults.append("the manifest is not written as it was")
    known = {*manifest.to_plain()}
    if unknown := sorted(plain.keys() - known):
        faults.append(f"the manifest says what none does: {one_line(', '.join(unknown), 80)}")
    if not _fits(manifest, plain):
        faults.append("the manifest contradicts itself")
    if SEAL not in plain:
        return faults, ("the manifest has no seal: its times and package versions cannot be checked",)
    if plain[SEAL] != seal(plain):
        faults.append("the manifest was changed after it was sealed")
    return faults, ()


def _fits(manifest: Manifest, plain: Mapping[str, Any]) -> bool:
    """Whether the digests of a manifest are those of what it lists."""
    digests = manifest.digests
    return (
        plain.get("version_digest") == digests.version
        and manifest.id == version_id(manifest.number, digests)
        and digests.parameters == parameters_digest(manifest.parameters)
        and digests.data == data_digest(manifest.data_used)
        and digests.seed == seed_digest(manifest.seed)
    )


def _of_outputs(version: Path, manifest: Manifest) -> tuple[list[str], int]:
    listed = {output.path: output for output in manifest.outputs}
    try:
        found = files_in(version)
    except OSError as error:
        return [f"the folder cannot be read ({type(error).__name__})"], 0
    faults = [f"{one_line(name, 80)} is not listed in the manifest" for name in OUTPUTS if name not in listed]
    faults += [f"{one_line(name, 80)} is missing" for name in sorted(listed.keys() - found.keys())]
    faults += [f"{one_line(name, 80)} does not belong to it" for name in sorted(found.keys() - listed.keys())]
    read = 0
    for name in sorted(found.keys() & listed.keys()):
        # Only a file that is there is opened, never a path that a manifest merely names.
        try:
            content = (version / name).read_bytes() if found[name] >= 0 else None
        except OSError:
            content = None
        if content is None:
            faults.append(f"{one_line(name, 80)} cannot be read")
        elif (digest(content), len(content)) != (listed[name].sha256, listed[name].bytes):
            faults.append(f"{one_line(name, 80)} was changed")
        read += len(content or b"")
    return faults, read
