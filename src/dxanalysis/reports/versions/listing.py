"""Finding versions by the names people give them, and what a list of versions says of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.reports.files import read_json
from dxanalysis.reports.text import one_line, without_markup
from dxanalysis.reports.versions.folders import history, latest
from dxanalysis.reports.versions.manifest import VALUES, damage, read_manifest
from dxanalysis.reports.versions.signatures import Status, status_of

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of a list of versions.

    Attributes
    ----------
    made
        UTC time in ISO form; empty where it cannot be read.
    headline
        The report's first answer, without markup; or what is damaged.
    """

    report: str
    version: str
    made: str
    status: Status
    headline: str


def reports_in(reports: Path) -> tuple[Path, ...]:
    """Folders of all reports that have a version, by name."""
    found = [
        path for path in reports.glob("*/*/") if not path.name.startswith(".") and not path.parent.name.startswith(".")
    ]
    return tuple(sorted(path for path in found if history(path)))


def name_of_version(version: Path) -> str:
    """Full name of a version: ``attainment/language-vi_region-34-52/0003-1b077bef``."""
    return f"{version.parent.parent.name}/{version.parent.name}/{version.name}"


def find_reports(reports: Path, text: str = "") -> tuple[Path, ...]:
    """Reports that a text names: by full name, by notebook, or by a part of the name that several may share.

    Raises
    ------
    ParameterError
        There is none.
    """
    known = {f"{path.parent.name}/{path.name}": path for path in reports_in(reports)}
    wanted = _stripped(text)
    if not wanted:
        return tuple(known.values())
    if wanted in known:
        return (known[wanted],)
    found = [path for name, path in known.items() if name.split("/")[0] == wanted]
    found = found or [path for name, path in known.items() if wanted in name]
    if not found:
        raise ParameterError(f"no report is called {one_line(text, 80)!r}", fix=_candidates(list(known), "Reports"))
    return tuple(found)


def find_version(reports: Path, text: str) -> Path:
    """The version that a text names.

    Parameters
    ----------
    text
        ``attainment/language-vi_region-34-52/0003-1b077bef``; the beginning of the last part is enough where it tells one from
        the others, with the report before it or without. ``.../latest``, or the report alone, is its newest version.

    Raises
    ------
    ParameterError
        No version is called so, or several are; candidates are named.
    """
    wanted = _stripped(text)
    place, _, last = wanted.rpartition("/")
    known = {f"{path.parent.name}/{path.name}": path for path in reports_in(reports)}
    if wanted in known:
        place, last = wanted, "latest"
    if last == "latest":
        chosen = [path for name, path in known.items() if place in (name, "") or name.endswith(f"/{place}")]
        found = [latest(path) or history(path)[-1] for path in chosen]
    else:
        chosen = [path for name, path in known.items() if place in (name, "") or name.endswith(f"/{place}")]
        every = [version for path in chosen for version in history(path)]
        exact = [version for version in every if version.name == last]
        found = exact or ([v for v in every if v.name.startswith(last)] if re.match(r"\d", last) else [])
    if len(found) == 1:
        return found[0]
    if found:
        named = _candidates([name_of_version(version) for version in found], "It may be")
        raise ParameterError(f"{one_line(text, 80)!r} names {len(found)} versions", fix=named)
    near = [name_of_version(version) for path in chosen for version in reversed(history(path))]
    near = near or [name_of_version(history(path)[-1]) for path in known.values()]
    raise ParameterError(f"no version is called {one_line(text, 80)!r}", fix=_candidates(near, "There are"))


def list_versions(report: Path) -> tuple[Listed, ...]:
    """A report's versions, newest first."""
    return tuple(_listed(version) for version in reversed(history(report)))


def _listed(version: Path) -> Listed:
    made, headline = "", ""
    try:
        manifest = read_manifest(version)
        made = str(manifest.finished)
        broken = damage(version, manifest)
        headline = f"damaged: {broken}" if broken else _headline(version)
    except ReportError as error:
        headline = f"damaged: {error.what}"
    report = f"{version.parent.parent.name}/{version.parent.name}"
    return Listed(
        report=report, version=version.name, made=made, status=status_of(version), headline=one_line(headline)
    )


def _headline(version: Path) -> str:
    try:
        headlines = read_json(version / VALUES)["headlines"]
        return without_markup(str(headlines[0]["text"]))  # type: ignore[index]
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return ""


def _stripped(text: str) -> str:
    return text.strip().replace("\\", "/").strip("/").removeprefix("reports/")


def _candidates(names: Sequence[str], word: str) -> str:
    if not names:
        return "There are no reports yet: dxanalysis run"
    more = len(names) - _SHOWN
    return f"{word}: {', '.join(names[:_SHOWN])}" + (f" and {more} more" if more > 0 else "")
