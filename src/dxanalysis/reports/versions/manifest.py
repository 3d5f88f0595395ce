"""What a version says of itself: what it was made from, and every file it consists of. Uses only the standard library."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import canonical, digest
from dxanalysis.reports.text import one_line
from dxanalysis.reports.versions.digests import DIGEST_NAMES, Digests

SCHEMA: Final = 1
MANIFEST: Final = "manifest.json"
NOTEBOOK: Final = "notebook.ipynb"
PAGE: Final = "report.html"
RECORD: Final = "record.json"
VALUES: Final = "values.json"
PDF: Final = "report.pdf"
WORKBOOK: Final = "report.xlsx"
TABLES: Final = "tables"
OUTPUTS: Final = (NOTEBOOK, PAGE, RECORD, VALUES)
"""What every version holds; it may hold more."""

SEAL: Final = "seal"
"""Key of the digest of all else in a manifest, so that a change of the manifest itself shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file of a version with its digest and size in bytes; ``path`` is relative, with forward slashes."""

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
        """Give the manifest as plain JSON, sealed."""
        plain = {"schema": SCHEMA, **asdict(self), "version_digest": self.digests.version}
        return {**plain, SEAL: seal(plain)}


_FIELDS = fields(Manifest)
_ALWAYS = frozenset(OUTPUTS)


def seal(plain: Mapping[str, object]) -> str:
    """Digest of all that a manifest says, the seal itself left out."""
    return digest(canonical({key: value for key, value in plain.items() if key != SEAL}))


def read_plain(version: str) -> dict[str, Any]:
    """Read a version's manifest as plain JSON, with its own place checked and no more; for those who ask for a thousand.

    Raises
    ------
    ReportError
        It is absent, damaged or not this version's.
    """
    name = os.path.basename(version)  # noqa: PTH119  # a Path costs more than the file
    try:
        with open(os.path.join(version, MANIFEST), "rb") as stream:  # noqa: PTH118, PTH123
            plain: dict[str, Any] = json.loads(stream.read().decode("utf-8"))
        if plain["schema"] != SCHEMA:
            raise ReportError(f"manifest has schema {plain['schema']!r}, expected {SCHEMA}", where=name)
        identity = plain["id"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        if not os.path.isdir(version):  # noqa: PTH112
            raise ReportError("there is no such version", where=name, fix="dxanalysis versions lists them") from error
        raise _unreadable(name, error) from error
    if identity != name:
        raise ReportError(f"the manifest belongs to version {one_line(str(identity), 40)}", where=name)
    return plain


def read_manifest(version: Path) -> Manifest:
    """Read a version's manifest; ReportError where it is absent, damaged or not this version's."""
    plain = read_plain(os.fspath(version))
    try:
        # What later editions of the package added may be absent in a version of an earlier one.
        values = {f.name: plain[f.name] for f in _FIELDS if f.name in plain or f.default is MISSING}
        values["reasons"] = tuple(dict(reason) for reason in values.get("reasons", ()))
        values["digests"] = Digests(**{name: str(values["digests"][name]) for name in DIGEST_NAMES})
        values["outputs"] = tuple(_output(output) for output in values["outputs"])
        values["parameters"], values["data_used"] = dict(values["parameters"]), dict(values["data_used"])
        return Manifest(**values)
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(version.name, error) from error


def _output(plain: Mapping[str, Any]) -> Output:
    output = Output(**plain)
    if not (isinstance(output.path, str) and isinstance(output.bytes, int)):
        raise TypeError("an output has a path and a size")
    return output


def _unreadable(name: str, error: Exception) -> ReportError:
    return ReportError(f"the manifest cannot be read ({type(error).__name__})", where=name)


def manifest_text(plain: Mapping[str, object]) -> str:
    """A manifest as its file holds it."""
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def files_in(version: Path) -> dict[str, int]:
    """Every file of a version but its manifest, by relative path with forward slashes -> size in bytes.

    What is neither file nor folder (a link, a device) has the size -1, for it is no output of a report.
    """
    return dict(sorted((name, size) for name, size in _walk(os.fspath(version), "", {}).items() if name != MANIFEST))


def _walk(folder: str, below: str, found: dict[str, int]) -> dict[str, int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _walk(entry.path, f"{below}{entry.name}/", found)
            else:
                status = entry.stat(follow_symlinks=False)
                found[below + entry.name] = status.st_size if S_ISREG(status.st_mode) else -1
    return found


def describe_outputs(folder: Path) -> tuple[Output, ...]:
    """List all files of a version that is being written, those in folders below it too; the manifest is not among them.

    Raises
    ------
    ReportError
        An output that every report has is missing, or there is a link or something else that is no file.
    """
    found = files_in(folder)
    for name in OUTPUTS:
        if name not in found:
            raise ReportError(f"{name} was not written", where=folder.name)
    for name, size in found.items():
        if size < 0:
            raise ReportError(
                f"{one_line(name, 80)} is no file", where=folder.name, fix="Outputs are plain files, not links"
            )
    contents = {name: (folder / name).read_bytes() for name in found}
    return tuple(Output(path=name, sha256=digest(content), bytes=len(content)) for name, content in contents.items())


def damage(version: Path, manifest: Manifest) -> str | None:
    """Say which file of a version is missing, of another size or not of it, or None where all are there.

    Only names and sizes are looked at, so that asking for a thousand reports takes no time;
    :func:`dxanalysis.reports.versions.verify.check` reads every byte.
    """
    listed = {output.path: output.bytes for output in manifest.outputs}
    if len(listed) != len(manifest.outputs):
        return "the manifest lists a file twice"
    return missing(os.fspath(version), listed)


def missing(version: str, listed: Mapping[str, int]) -> str | None:
    """Say what :func:`damage` says, of a version's folder and the sizes its manifest lists by path."""
    if not listed.keys() >= _ALWAYS:
        return "the manifest does not list the outputs of a report"
    try:
        found = _walk(version, "", {})
    except OSError:
        return "the folder cannot be read"
    found.pop(MANIFEST, None)
    if found == listed:
        return None
    for path, size in sorted(listed.items()):
        if path not in found:
            return f"{one_line(path, 80)} is missing"
        if found[path] != size:
            return f"{one_line(path, 80)} was changed"
    extra = min(found.keys() - listed.keys())
    return f"{one_line(extra, 80)} does not belong to it"
