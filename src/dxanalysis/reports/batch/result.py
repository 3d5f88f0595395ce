"""What a batch is given and what it gives: where reports are made, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from dxanalysis.reports.engine.failure import Failure
from dxanalysis.reports.outputs.labels import Labels
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.freshness import Freshness

Status = Literal["made", "fresh", "failed"]
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where and with what reports are made.

    Attributes
    ----------
    project
        Working folder of the notebooks; paths in outputs are relative to it.
    environment
        Digest of the lock file (:func:`dxanalysis.reports.versions.digests.environment_digest`).
    packages
        Folders whose source belongs to the code of every report; so do the labels.
    labels
        Language -> key -> text, for the pages; the first language is the index's own.
    timeout, memory
        Seconds one notebook may take, and MiB (None: as :class:`dxanalysis.reports.engine.limits.Limits` says).
    modules
        What the notebooks import, for workers that have it loaded before.
    prepared
        What is called once before any report of a notebook is made, by notebook: ``MODULE:FUNCTION``.
    store
        Folder of the data store in force, of which a copy is kept with the versions; None where there is none.
    today
        ISO date of the day deadlines are held against, for the manifest.
    """

    project: Path
    notebooks: Path
    reports: Path
    environment: str
    labels: Labels
    packages: tuple[Path, ...] = (Path(__file__).parents[2],)
    timeout: float = 900.0
    memory: int | None = None
    modules: tuple[str, ...] = ()
    prepared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    store: Path | None = None
    today: str = ""

    def modules_of(self, notebooks: Collection[str]) -> tuple[str, ...]:
        """What is loaded and called before reports of these notebooks are made."""
        return (*self.modules, *(one for name, calls in self.prepared.items() if name in notebooks for one in calls))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """What became of one job; ``freshness`` says why it was run."""

    job: Job
    status: Status
    freshness: Freshness
    seconds: float
    version: str | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What became of the explanation of one new version.

    Attributes
    ----------
    folder
        The report, below the reports folder.
    moved, split
        Recorded numbers that moved, and how many of them are divided over their causes.
    failure
        Why there is no page; empty where there is one.
    """

    folder: str
    version: str
    moved: int = 0
    split: int = 0
    seconds: float = 0.0
    failure: str = ""

    def __str__(self) -> str:
        if self.failure:
            return f"what changed in {self.folder} could not be told: {self.failure}"
        divided = f", {self.split} divided over their causes" if self.moved else ""
        return f"{self.folder}: {self.moved} {'number' if self.moved == 1 else 'numbers'} moved{divided}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What became of a batch, in the order of the plan.

    Attributes
    ----------
    recovered
        What an earlier run had left to tidy up.
    explained
        What changed in the versions that had one before them.
    """

    results: tuple[JobResult, ...]
    seconds: float
    recovered: tuple[str, ...] = ()
    explained: tuple[Explained, ...] = ()

    def of(self, status: Status) -> tuple[JobResult, ...]:
        """Return the jobs with one outcome."""
        return tuple(result for result in self.results if result.status == status)

    @property
    def ok(self) -> bool:
        """Whether every report is up to date now."""
        return not self.of("failed")

    def lines(self) -> list[str]:
        """Sum up the batch for a terminal, the failures with the way out at the end."""
        parts = ", ".join(f"{len(self.of(status))} {status}" for status in get_args(Status))
        lines = [*self.recovered, f"{len(self.results)} reports: {parts} ({self.seconds:.1f} s)"]
        lines += explanations(self.explained)
        failed = self.of("failed")
        for result in failed[:_LISTED]:
            evidence = f"reports/{result.job.folder}/failed/{storage.NOTEBOOK}"
            lines += [f"FAILED {result.job}", f"  {result.failure}"]
            stays = f"Version {result.version} stays in place" if result.version else "There is no earlier version"
            lines.append(f"  {stays}. See {evidence}, repair the notebook or its data, and run again.")
        if failed:
            more = f"{len(failed) - _LISTED} more failed. " if len(failed) > _LISTED else ""
            lines.append(f"{more}All failures, with the last lines of each: reports/failures.html")
        return lines


def explanations(found: Sequence[Explained]) -> list[str]:
    """Sum up for a terminal what became of explanations."""
    if not found:
        return []
    told, moved = [one for one in found if not one.failure], [one for one in found if one.moved]
    whole = [one for one in moved if one.split >= one.moved]
    lines = [f"what changed: told beside {len(told)} new versions; numbers moved in {len(moved)}, divided over their causes in {len(whole)}"]
    lines += [f"  {one}" for one in found if one.failure]
    if len(whole) < len(moved):
        lines.append("  Not divided: causes are not known, or time was up. Go on with: dxanalysis explain")
    return lines
