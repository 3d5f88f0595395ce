"""What the site knows: every report's versions, read from the small files beside each, never from old records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dxanalysis.errors import ReportError
from dxanalysis.reports.files import read_json
from dxanalysis.reports.planning.slugs import twins
from dxanalysis.reports.recording.items import Headline, Value, from_plain
from dxanalysis.reports.recording.record import Meta
from dxanalysis.reports.site.beside import Beside, look_beside, opening
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.signatures import Status, status_of
from dxanalysis.reports.versions.storage import Manifest

@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a report, as far as the site tells of it.

    Attributes
    ----------
    folder
        Its place under the reports folder.
    beside
        Downloads, signatures and the explanation of what changed.
    status
        Whether it is a draft, approved by somebody, or followed by a newer one.
    """

    folder: str
    manifest: Manifest
    meta: Meta
    headlines: tuple[Headline, ...]
    values: tuple[Value, ...]
    beside: Beside
    status: Status = "superseded"

    @property
    def page(self) -> str:
        """Path of the report's page under the reports folder."""
        return f"{self.folder}/{storage.PAGE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report in one language.

    Attributes
    ----------
    folder
        Its place under the reports folder.
    same
        What its twins in other languages share with it.
    versions
        Readable versions, newest first; at least one.
    failed
        Time of a failure after the newest version (empty where the time is unknown), or None.
    opening
        What changed in the newest version, in sentences of the report's language, where the comparison beside it says so.
    """

    folder: str
    same: str
    versions: tuple[Version, ...]
    failed: str | None
    opening: tuple[str, ...] = ()

    @property
    def newest(self) -> Version:
        """The version to show."""
        return self.versions[0]

    @property
    def meta(self) -> Meta:
        """What the newest version is about."""
        return self.versions[0].meta

    @property
    def notebook(self) -> str:
        """The notebook it is made by: what the site calls its topic."""
        return self.versions[0].manifest.notebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A report of which no version can be shown."""

    folder: str
    notebook: str
    parameters: Mapping[str, Any]


def read_reports(reports: Path, order: Sequence[str] = ()) -> tuple[list[Report], list[Failed]]:
    """Read what there is: the reports with a version to show, and those that never made one.

    Parameters
    ----------
    order
        Folders of reports in the order to give them; others follow by name.
    """
    found: list[Report] = []
    failed: list[Failed] = []
    for name in report_folders(reports, order):
        report = reports / name
        shown = _report(report, name)
        if shown is not None:
            found.append(shown)
        elif (error := storage.failure(report)) is not None:
            parameters = error.get("parameters")
            failed.append(
                Failed(
                    folder=name,
                    notebook=str(error.get("notebook", report.parent.name)),
                    parameters=parameters if isinstance(parameters, dict) else {},
                )
            )
    return found, failed


def report_folders(reports: Path, order: Sequence[str] = ()) -> list[str]:
    """Folders of reports under the reports folder: those of ``order`` first, others by name."""
    place = {folder: number for number, folder in enumerate(order)}
    folders = [
        path for path in reports.glob("*/*/") if not path.name.startswith(".") and not path.parent.name.startswith(".")
    ]
    return sorted((f"{path.parent.name}/{path.name}" for path in folders), key=lambda n: (place.get(n, len(place)), n))


def _report(report: Path, folder: str) -> Report | None:
    current = storage.latest(report)
    if current is None:
        return None
    versions = [found for path in storage.history(report) if (found := _version(path, report, folder)) is not None]
    if not versions:
        return None
    newest = versions[-1].manifest
    error = storage.failure(report)
    failed = None if error is None else str(error.get("finished", ""))
    # A damaged newest version is not shown as if it were whole; the run makes it again.
    if newest.id != current.name and failed is None:
        failed = ""
    return Report(
        folder=folder,
        same=twins(newest.notebook, newest.parameters),
        versions=(replace(versions[-1], status=status_of(report / newest.id)), *reversed(versions[:-1])),
        failed=failed,
        opening=opening(report, newest.id) if versions[-1].beside.changes else (),
    )


def _version(path: Path, report: Path, folder: str) -> Version | None:
    try:
        manifest = storage.read_manifest(path)
        values = read_json(path / storage.VALUES)
        meta, headlines, recorded = values["meta"], values["headlines"], values.get("values", [])
        if not isinstance(meta, dict) or not isinstance(headlines, list) or not isinstance(recorded, list):
            return None
        items = [from_plain(item) for item in [*headlines, *recorded]]
        beside = look_beside(path, report)
        if storage.PAGE not in beside.files:
            return None
        return Version(
            folder=f"{folder}/{path.name}",
            manifest=manifest,
            meta=Meta(**meta),
            headlines=tuple(item for item in items if isinstance(item, Headline)),
            values=tuple(item for item in items if isinstance(item, Value)),
            beside=beside,
        )
    except (OSError, ValueError, KeyError, TypeError, ReportError):
        return None
