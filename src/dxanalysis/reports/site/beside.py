"""What stands in and beside a version's folder: downloads, signatures, and the page that says what changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dxanalysis.errors import DxError
from dxanalysis.reports.compare import sentences
from dxanalysis.reports.compare.places import PAGE
from dxanalysis.reports.compare.store import read_changes
from dxanalysis.reports.versions.signatures import Signature, signatures_of
from dxanalysis.reports.versions.storage import CHANGES

TABLES: Final = "tables/datapackage.json"
_TABLES_FOLDER: Final = "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Files of a version and what was said about it afterwards.

    Attributes
    ----------
    files
        Names in the version's folder; with the package of its tables where there is one.
    changes
        Path of the page that says what changed, under the report's folder, or empty.
    """

    files: frozenset[str]
    signatures: tuple[Signature, ...] = ()
    changes: str = ""


def look_beside(version: Path, report: Path) -> Beside:
    """List a version's files and read what lies beside it; a damaged file beside it counts as absent."""
    files = {entry.name for entry in os.scandir(version)}
    if _TABLES_FOLDER in files and (version / TABLES).is_file():
        files.add(TABLES)
    return Beside(
        files=frozenset(files),
        signatures=signatures_of(version),
        changes=f"{CHANGES}/{version.name}/{PAGE}" if (report / CHANGES / version.name / PAGE).is_file() else "",
    )


def opening(report: Path, version: str) -> tuple[str, ...]:
    """What changed in a version, in the sentences that the comparison beside it opens with; none where there is none.

    ``**bold**`` is their only markup; they are in the report's language.
    """
    try:
        return sentences.opening(read_changes(report / CHANGES / version))
    except DxError:
        return ()
