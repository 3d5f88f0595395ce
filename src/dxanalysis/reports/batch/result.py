"""What a batch is given and what it gives: where reports are made, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
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
    store: Path | None = None
    today: str = ""


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
class RunResult:
    """What became of a batch, in the order of the plan; ``recovered`` says what an earlier run had left to tidy up."""

    results: tuple[JobResult, ...]
    seconds: float
    recovered: tuple[str, ...] = ()

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
