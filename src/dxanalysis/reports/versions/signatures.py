"""A person's approval of a version, bound to every byte of it.

``<report>/signatures/<version>.json`` lists who signed. A signature names the digest of the manifest, and the manifest lists
the digests of all outputs: when any of them changes, the signature is broken and is shown so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.reports.files import digest, read_json
from dxanalysis.reports.files import replace as replace_file
from dxanalysis.reports.text import one_line
from dxanalysis.reports.versions.folders import SIGNATURES, history, storing
from dxanalysis.reports.versions.lock import only_writer
from dxanalysis.reports.versions.manifest import MANIFEST, damage, manifest_text, read_manifest
from dxanalysis.reports.versions.publishing import is_whole

SignatureState: TypeAlias = Literal["valid", "broken", "withdrawn"]
Status: TypeAlias = Literal["draft", "signed", "superseded"]

_SCHEMA: Final = 1
LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's approval.

    Attributes
    ----------
    by, note
        Who signed, and what they had to say.
    signed, withdrawn
        UTC times in ISO form; ``withdrawn`` is empty while the signature stands.
    why
        What was said when it was withdrawn.
    manifest
        SHA-256 of the manifest that was signed.
    state
        ``broken`` where the version is no longer what was signed.
    """

    by: str
    note: str
    signed: str
    manifest: str
    withdrawn: str = ""
    why: str = ""
    state: SignatureState = "valid"


def signatures_of(version: Path) -> tuple[Signature, ...]:
    """Who signed a version, in the order of signing, those withdrawn or broken among them.

    Only the manifest is hashed; outputs are looked at by name and size. A file of signatures that cannot be read is one broken
    signature of nobody: it must not pass for a version that none signed.
    """
    path = _file(version)
    if not path.exists():
        return ()
    try:
        rows = _rows(path)
    except (OSError, ValueError, KeyError, TypeError):
        return (Signature(by="?", note="", signed="", manifest="", state="broken"),)
    now = _bound_to(version)
    return tuple(replace(row, state=_state(row, now)) for row in rows)


def status_of(version: Path) -> Status:
    """Where a version stands.

    ``superseded``: a later version of the report exists, signed or not. A signature on a superseded version stays valid for
    what it was given for (:func:`signatures_of` tells it, and the version cannot be pruned), but it does not pass on to the
    later version, which is a draft until somebody signs that. ``signed``: the newest version, and at least one signature on it
    fits and was not withdrawn. ``draft``: the newest version, signed by nobody, or changed since.
    """
    versions = history(version.parent)
    if versions and versions[-1].name != version.name:
        return "superseded"
    return "signed" if any(signature.state == "valid" for signature in signatures_of(version)) else "draft"


def is_signed(version: Path) -> bool:
    """Whether somebody's signature binds a version, be it whole or broken; withdrawn ones bind no more."""
    return any(signature.state != "withdrawn" for signature in signatures_of(version))


def sign(version: Path, *, by: str, note: str, now: datetime | None = None) -> Signature:
    """Add a person's approval to a version that is whole.

    Raises
    ------
    ParameterError
        The name or note is not one, or that person has signed already.
    ReportError
        The version is not what was published, or the signature cannot be stored.
    """
    name, said = _name(by), _said(note, "--note")
    manifest = read_manifest(version)
    if not is_whole(version, manifest):
        raise ReportError("the version is not as it was published", where=version.name, fix="See: dxanalysis verify")
    with only_writer(version.parent / SIGNATURES):
        rows = _readable(version)
        bound = _bound_to(version)
        if any(row.by == name and _state(row, bound) == "valid" for row in rows):
            raise ParameterError(
                f"{name} has signed this version", where=version.name, fix="To change the note, withdraw first"
            )
        made = Signature(by=name, note=said, signed=_time(now), manifest=bound)
        _write(version, [*rows, made])
    return made


def withdraw(version: Path, *, by: str, note: str = "", now: datetime | None = None) -> Signature:
    """Take a person's approval back; that it was given, and taken back, stays on record.

    Raises
    ------
    ParameterError
        That person's signature does not stand on the version.
    ReportError
        The change cannot be stored.
    """
    name, said = _name(by), _said(note, "--note") if note.strip() else ""
    with only_writer(version.parent / SIGNATURES):
        rows = _readable(version)
        standing = [row for row in rows if not row.withdrawn]
        if name not in {row.by for row in standing}:
            others = ", ".join(row.by for row in standing) or "nobody"
            raise ParameterError(
                f"{name} has no signature on this version", where=version.name, fix=f"It is signed by: {others}"
            )
        taken = [
            row if row.withdrawn or row.by != name else replace(row, withdrawn=_time(now), why=said) for row in rows
        ]
        _write(version, taken)
    return replace(next(row for row in reversed(taken) if row.by == name), state="withdrawn")


def _file(version: Path) -> Path:
    return version.parent / SIGNATURES / f"{version.name}.json"


def _bound_to(version: Path) -> str:
    """Digest that a signature of today would bind to; empty where the version has damage."""
    try:
        manifest = read_manifest(version)
        return "" if damage(version, manifest) else digest((version / MANIFEST).read_bytes())
    except (OSError, ReportError):
        return ""


def _state(row: Signature, now: str) -> SignatureState:
    if row.withdrawn:
        return "withdrawn"
    return "valid" if now and row.manifest == now else "broken"


def _rows(path: Path) -> list[Signature]:
    plain: dict[str, Any] = read_json(path)
    if plain["schema"] != _SCHEMA or plain["version"] != path.stem:
        raise ValueError("signatures of something else")
    return [_row(entry) for entry in plain["signatures"]]


def _row(entry: Mapping[str, Any]) -> Signature:
    names = ("by", "note", "signed", "manifest", "withdrawn", "why")
    values = {name: entry[name] for name in names}
    if not all(isinstance(value, str) for value in values.values()):
        raise TypeError("a signature is made of texts")
    return Signature(**values)


def _readable(version: Path) -> list[Signature]:
    path = _file(version)
    try:
        return _rows(path) if path.exists() else []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(
            "the file of its signatures cannot be read",
            where=version.name,
            fix=f"Get signatures/{path.name} back from a copy, or move it away",
        ) from error


def _write(version: Path, rows: list[Signature]) -> None:
    plain = [{key: value for key, value in asdict(row).items() if key != "state"} for row in rows]
    text = manifest_text({"schema": _SCHEMA, "version": version.name, "signatures": plain})
    with storing(f"signatures of {version.name}"):
        replace_file(_file(version), text)


def _name(by: str) -> str:
    name = one_line(by, LONGEST_NAME + 1)
    if not name or len(name) > LONGEST_NAME:
        raise ParameterError(
            f"--by is no name: {one_line(by, 40)!r}", fix=f"Give the name of a person, up to {LONGEST_NAME} characters"
        )
    return name


def _said(note: str, option: str) -> str:
    said = one_line(note, LONGEST_NOTE + 1)
    if not said or len(said) > LONGEST_NOTE:
        raise ParameterError(
            f"{option} says nothing, or too much", fix=f"Say what was checked, in up to {LONGEST_NOTE} characters"
        )
    return said


def _time(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
