"""How long reports will take, from how long they took: the last version of each, else the others of its notebook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from dxanalysis.errors import ReportError
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions import storage

_ENOUGH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Seconds that a report took: by its folder, and for a notebook's reports in general (median)."""

    reports: Mapping[str, float]
    notebooks: Mapping[str, float]

    def of(self, job: Job) -> float | None:
        """Seconds one report will take, or None where nothing is known."""
        own = self.reports.get(job.folder, self.notebooks.get(job.notebook))
        return own if own is not None else (median(self.notebooks.values()) if self.notebooks else None)

    def of_all(self, jobs: Iterable[Job], workers: int) -> float | None:
        """Seconds that reports will take, so many at a time; None where nothing is known of one of them."""
        each = [self.of(job) for job in jobs]
        known = [seconds for seconds in each if seconds is not None]
        if len(known) < len(each):
            return None
        return max(sum(known) / max(1, workers), max(known, default=0.0))


def estimate(jobs: Sequence[Job], reports: Path, *, measured: Mapping[str, float] | None = None) -> Estimate:
    """Look up how long reports took.

    Parameters
    ----------
    jobs
        Those that are to be made.
    reports
        The reports folder, whose manifests say how long each version took.
    measured
        Seconds by folder that are known better, as from the journal of an interrupted run.
    """
    found: dict[str, float] = dict(measured or {})
    for job in jobs:
        if job.folder not in found and (seconds := _taken(reports / job.folder)) is not None:
            found[job.folder] = seconds
    by_notebook: dict[str, list[float]] = defaultdict(list)
    for folder, seconds in found.items():
        by_notebook[folder.partition("/")[0]].append(seconds)
    for notebook in {job.notebook for job in jobs} - set(by_notebook):
        # None of these jobs was ever made; others of the notebook, in another region, may have been.
        for other in sorted((reports / notebook).glob("*/"))[:_ENOUGH]:
            taken = _taken(other)
            if taken is not None:
                by_notebook[notebook].append(taken)
    return Estimate(reports=found, notebooks={notebook: median(each) for notebook, each in by_notebook.items()})


def _taken(report: Path) -> float | None:
    version = storage.latest(report)
    if version is None:
        return None
    try:
        return storage.read_manifest(version).seconds
    except ReportError:
        return None


def spoken(seconds: float) -> str:
    """Seconds in words for a terminal: ``8 s``, ``1 min 20 s``, ``2 h 5 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
