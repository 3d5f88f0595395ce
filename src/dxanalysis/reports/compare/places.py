"""Where a version's comparison with the one before it stands: ``changes/VERSION/`` beside the versions. Standard library only."""

from __future__ import annotations

from pathlib import Path

from dxanalysis.reports.versions.folders import CHANGES

PAGE, PLAIN, SUMMARY = "changes.html", "changes.json", "changes.md"


def folder_of(version: Path) -> Path:
    """Where the comparison of a version with the one before is kept."""
    return version.parent / CHANGES / version.name


def is_whole(folder: Path) -> bool:
    """Whether a folder holds a comparison."""
    return all((folder / name).is_file() for name in (PAGE, PLAIN, SUMMARY))
