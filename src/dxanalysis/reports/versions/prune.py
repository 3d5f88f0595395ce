"""Old versions are given up by rule: never the last good one, never a signed one, and nothing before it was shown."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.reports.files import TEMPORARY
from dxanalysis.reports.versions.folders import CHANGES, SIGNATURES, discard, history, latest, storing
from dxanalysis.reports.versions.listing import name_of_version, reports_in
from dxanalysis.reports.versions.manifest import read_manifest
from dxanalysis.reports.versions.publishing import is_whole
from dxanalysis.reports.versions.signatures import is_signed

ARCHIVE: Final = ".archive"
_GRACE: Final = timedelta(hours=1)  # what was archived so lately may be for a version that is still being made


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A version, or an entry of the archive, that no rule keeps; ``bytes`` counts what goes with it."""

    path: Path
    name: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What would go and what stays.

    Attributes
    ----------
    versions
        Versions that no rule keeps, oldest first within a report.
    archived
        Entries of the archive that no version names that stays.
    kept
        Number of versions that stay.
    unsure
        Why no entry of the archive goes: a version that stays has a manifest that cannot be read. Else empty.
    """

    versions: tuple[Going, ...]
    archived: tuple[Going, ...]
    kept: int
    unsure: str = ""

    @property
    def bytes(self) -> int:
        """Space that is won."""
        return sum(going.bytes for going in (*self.versions, *self.archived))


def plan_pruning(
    reports: Path, *, keep: int | None = None, keep_days: float | None = None, now: datetime | None = None
) -> Pruning:
    """Find what could go; nothing is touched.

    Parameters
    ----------
    keep
        Newest versions of each report to keep.
    keep_days
        Days for which a version is kept after it was made. A version stays that either rule keeps; the last good one and
        signed ones (also where the signature is broken) stay always, and one whose age cannot be told stays where days count.

    Raises
    ------
    ParameterError
        Neither rule is given, or one is out of range.
    """
    if keep is None and keep_days is None:
        raise ParameterError(
            "nothing says what to keep", fix="Give --keep N (versions of each report), --keep-days D, or both"
        )
    if (keep is not None and keep < 1) or (keep_days is not None and not keep_days >= 0):
        raise ParameterError("--keep is at least 1, --keep-days at least 0", fix="Give other numbers")
    today = now or datetime.now(UTC)
    going: list[Going] = []
    staying: list[Path] = []
    for report in reports_in(reports):
        versions = history(report)
        always = {latest(report), _last_good(versions)}
        for place, version in enumerate(reversed(versions)):
            stays = (
                version in always
                or (keep is not None and place < keep)
                or (keep_days is not None and _age(version, today) <= timedelta(days=min(keep_days, 1e6)))
                or is_signed(version)
            )
            if stays:
                staying.append(version)
            else:
                size = sum(_size(path) for path in (version, *_beside(version)))
                going.append(Going(path=version, name=name_of_version(version), bytes=size))
    named, unsure = _named(staying)
    archived = () if unsure else tuple(_archived(reports, named, today))
    ordered = tuple(sorted(going, key=lambda one: one.name))
    return Pruning(versions=ordered, archived=archived, kept=len(staying), unsure=unsure)


def carry_out(pruning: Pruning) -> None:
    """Delete what was found; the caller holds :func:`dxanalysis.reports.versions.lock.only_run` since before it was looked for.

    Every version goes out of sight whole: a kill in between leaves no half of one.

    Raises
    ------
    ReportError
        Something cannot be deleted.
    """
    for going in pruning.versions:
        discard(going.path)
        for path in _beside(going.path):
            _delete(path)
    for going in pruning.archived:
        _delete(going.path)


def _last_good(versions: tuple[Path, ...]) -> Path | None:
    """The newest version that is whole to the last byte."""
    for version in reversed(versions):
        try:
            if is_whole(version, read_manifest(version)):
                return version
        except ReportError:
            continue
    return None


def _age(version: Path, now: datetime) -> timedelta:
    try:
        made = datetime.fromisoformat(str(read_manifest(version).finished))
        return now - (made if made.tzinfo else made.replace(tzinfo=UTC))
    except (ReportError, ValueError):
        return timedelta(0)


def _beside(version: Path) -> tuple[Path, ...]:
    """What stands beside a version and is nothing without it."""
    report = version.parent
    found = (report / CHANGES / version.name, report / SIGNATURES / f"{version.name}.json")
    return tuple(path for path in found if path.exists())


def _named(versions: list[Path]) -> tuple[set[str], str]:
    """Digests of the archive's entries that versions name; and the version that leaves it open."""
    named: set[str] = set()
    for version in versions:
        try:
            manifest = read_manifest(version)
        except ReportError:
            return set(), name_of_version(version)
        named |= {manifest.store, manifest.package}
    return named, ""


def _archived(reports: Path, named: set[str], now: datetime) -> list[Going]:
    found = []
    for path in sorted((reports / ARCHIVE).glob("*/*")):
        if path.name.startswith(TEMPORARY) or path.name.removesuffix(".zip") in named:
            continue
        status = path.lstat()
        since = datetime.fromtimestamp(max(status.st_mtime, status.st_ctime), UTC)
        if now - since >= _GRACE:
            found.append(Going(path=path, name=path.relative_to(reports).as_posix(), bytes=_size(path)))
    return found


def _size(path: Path) -> int:
    if not path.is_dir():
        return path.lstat().st_size
    return sum(os.lstat(os.path.join(place, name)).st_size for place, _, names in os.walk(path) for name in names)  # noqa: PTH118


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        discard(path)
        return
    with storing(path.name):
        path.unlink(missing_ok=True)
