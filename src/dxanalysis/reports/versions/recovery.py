"""Tidying up after a run that was killed: the next run removes what it was writing, and finishes what was as good as done."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dxanalysis.reports.files import TEMPORARY, this_place
from dxanalysis.reports.text import one_line
from dxanalysis.reports.versions.folders import FAILED, discard, history, latest, storing
from dxanalysis.reports.versions.publishing import CLAIM, point

_DAY: Final = 86_400.0
_MINUTE: Final = 60.0
_MARKED = re.compile(re.escape(TEMPORARY) + r"([0-9a-f]{8})-[0-9a-f]{12}")


def recover(reports: Path) -> tuple[str, ...]:
    """Tidy up after a killed run, and say in short sentences what was done.

    Only while no other run is going on here. What a run on another machine has begun in the same network folder is left to
    it for a day; after that the machine is taken to have died.

    Raises
    ------
    ReportError
        The folder cannot be written to.
    """
    if not reports.is_dir():
        return ()
    told: list[str] = []
    with storing(reports.name):
        for left in _unfinished(reports):
            is_claim = not left.is_dir()
            if not left.is_symlink() and not _is_over(left):
                continue
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
            if not is_claim:
                done = "cannot be removed" if left.exists() else "was removed"
                told.append(f"{_place(left.parent, reports)}: what a stopped run had begun {done}")
        for report in sorted(reports.glob("*/*/")):
            if report.parent.name.startswith("."):
                continue
            versions = history(report)
            if versions and latest(report) != versions[-1]:
                point(report)
                # A version comes after every failure before it; the kill fell between its rename and the clearing.
                discard(report / FAILED)
                told.append(
                    f"{_place(report, reports)}: version {versions[-1].name} was whole and is the current one now"
                )
    return tuple(told)


def _unfinished(reports: Path) -> Iterator[Path]:
    for depth in (
        "",
        "*/",
        "*/*/",
        "*/*/*/",
    ):  # beside the site, in a notebook's folder, in a report's, beside its versions
        yield from sorted(reports.glob(f"{depth}{TEMPORARY}*"))


def _is_over(left: Path) -> bool:
    """Whether nobody is at work on something unfinished any more."""
    marked = _MARKED.fullmatch(left.name)
    if marked is None and not left.name.startswith(CLAIM):
        return True  # it says nothing of another machine
    try:
        place = marked[1] if marked else left.read_bytes()[: len(this_place())].decode("ascii", "replace")
        age = time.time() - left.lstat().st_mtime
        return place == this_place() or age > (_DAY if place else _MINUTE)  # a kill may leave a claim without a place
    except OSError:
        return False


def _place(folder: Path, reports: Path) -> str:
    return one_line(folder.relative_to(reports).as_posix(), 160) if folder != reports else "the reports folder"
