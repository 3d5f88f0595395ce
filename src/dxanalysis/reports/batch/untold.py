"""Which new versions are not told of yet. Standard library only: it is asked on every run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dxanalysis.reports.compare.places import folder_of, is_whole
from dxanalysis.reports.versions.folders import history


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A version and the one before it."""

    old: Path
    new: Path

    @property
    def folder(self) -> str:
        """The report, below the reports folder."""
        return f"{self.new.parent.parent.name}/{self.new.parent.name}"


def unexplained(reports: Iterable[Path], *, again: bool = False) -> list[Pair]:
    """Newest version of each report beside the one before it, where what changed is not told yet (or all of them, ``again``)."""
    pairs = []
    for report in reports:
        versions = history(report)
        if len(versions) > 1 and (again or not is_whole(folder_of(versions[-1]))):
            pairs.append(Pair(old=versions[-2], new=versions[-1]))
    return pairs
