"""A batch of reports: those that are not fresh are made, one failure never stops the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from dxanalysis.errors import DxError
from dxanalysis.reports.versions import storage
from dxanalysis.reports.batch.build import Built, Task
from dxanalysis.reports.versions.digests import code_digest, package_digest
from dxanalysis.reports.engine.execute import Failure
from dxanalysis.reports.files import canonical, digest
from dxanalysis.reports.versions.freshness import Freshness, Reason, is_fresh
from dxanalysis.reports.outputs.labels import Labels
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.batch.progress import Progress, Silent
from dxanalysis.reports.batch.workers import pool, stop, work

Status = Literal["made", "fresh", "failed"]
_ATTEMPTS = 2


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
    timeout
        Seconds one notebook may take.
    """

    project: Path
    notebooks: Path
    reports: Path
    environment: str
    labels: Labels
    packages: tuple[Path, ...] = (Path(__file__).parents[2],)
    timeout: float = 900.0


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
    """What became of a batch, in the order of the plan."""

    results: tuple[JobResult, ...]
    seconds: float

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
        lines = [f"{len(self.results)} reports: {parts} ({self.seconds:.1f} s)"]
        for result in self.of("failed"):
            evidence = f"reports/{result.job.folder}/failed/{storage.NOTEBOOK}"
            lines += [f"FAILED {result.job}", f"  {result.failure}"]
            stays = f"Version {result.version} stays in place" if result.version else "There is no earlier version"
            lines.append(f"  {stays}. See {evidence}, repair the notebook or its data, and run again.")
        return lines


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    digest_of: Callable[[str], str | None],
    executor: Executor | None = None,
    workers: int = 2,
    force: bool = False,
    progress: Progress | None = None,
) -> RunResult:
    """Make every report that is not fresh.

    Parameters
    ----------
    jobs
        Validated jobs (:func:`dxanalysis.reports.planning.plan.plan`).
    digest_of
        Present digest of a data slice, None where it does not exist.
    executor
        Any executor that sees the same files; by default ``workers`` processes of our own.
    force
        Make all of them, fresh or not.
    progress
        Told of every step; see :mod:`dxanalysis.reports.batch.progress`.

    Notes
    -----
    The caller holds :func:`dxanalysis.reports.versions.lock.only_run`. An interruption leaves no temporary folder, no worker
    and no kernel.
    """
    began = time.monotonic()
    told = progress or Silent()
    results: dict[int, JobResult] = {}
    tasks: dict[int, Task] = {}
    why: dict[int, Freshness] = {}
    package = digest(canonical([package_digest(settings.packages), settings.labels]))
    codes: dict[str, str] = {}
    for index, job in enumerate(jobs):
        notebook = settings.notebooks / f"{job.notebook}.ipynb"
        if job.notebook not in codes:
            codes[job.notebook] = code_digest(notebook, package)
        report = settings.reports / job.folder
        started = time.monotonic()
        state = is_fresh(
            report,
            code=codes[job.notebook],
            parameters=job.parameters,
            environment=settings.environment,
            seed=job.seed,
            digest_of=digest_of,
        )
        if force and state.fresh:
            state = Freshness(reasons=(Reason(cause="forced"),))
        why[index] = state
        if state.fresh:
            storage.discard(report / "failed")  # what failed in between is no longer asked for
            current = storage.latest(report)
            results[index] = JobResult(
                job=job,
                status="fresh",
                freshness=state,
                seconds=round(time.monotonic() - started, 3),
                version=current.name if current else None,
            )
        else:
            tasks[index] = _task(job, settings, notebook, codes[job.notebook])
    told.start([(jobs[index], state) for index, state in why.items()])
    try:
        with closing(_built(tasks, executor, workers, told)) as outcomes:
            for index, built in outcomes:
                results[index] = _settle(jobs[index], tasks[index], built, why[index], settings)
                told.done(jobs[index], results[index].status, results[index].seconds, results[index].failure)
    finally:
        for task in tasks.values():
            storage.discard(task.folder)
        told.stop()
    ordered = tuple(results[index] for index in range(len(jobs)))
    return RunResult(results=ordered, seconds=round(time.monotonic() - began, 3))


def _task(job: Job, settings: Settings, notebook: Path, code: str) -> Task:
    report = settings.reports / job.folder
    return Task(
        job=job,
        project=settings.project,
        notebook=notebook,
        folder=storage.begin(report),
        number=storage.next_number(report),
        code=code,
        environment=settings.environment,
        labels={language: dict(texts) for language, texts in settings.labels.items()},
        timeout=settings.timeout,
    )


def _built(
    tasks: Mapping[int, Task], executor: Executor | None, workers: int, told: Progress
) -> Generator[tuple[int, Built], None, None]:
    """Give the outcome of each task as it comes; a worker that dies takes a second pool to finish its work."""
    if executor is not None:
        yield from _outcomes(tasks, executor)
        return
    waiting = dict(tasks)
    for attempt in range(1, _ATTEMPTS + 1):
        if not waiting:
            return
        own = pool(min(workers, len(waiting)))
        try:
            for index, built in _outcomes(waiting, own, last=attempt == _ATTEMPTS):
                del waiting[index]
                yield index, built
        except BaseException:
            stop(own)
            raise
        own.shutdown()
        for task in waiting.values():  # what a dead worker left must not be taken for this attempt's
            storage.empty(task.folder)
        if waiting:
            told.retry(len(waiting))


def _outcomes(
    tasks: Mapping[int, Task], executor: Executor, *, last: bool = True
) -> Generator[tuple[int, Built], None, None]:
    futures: dict[Future[Built], int] = {executor.submit(work, task): index for index, task in tasks.items()}
    for future in as_completed(futures):
        try:
            yield futures[future], future.result()
        except BrokenProcessPool:
            if last:
                died = Failure(kind="internal", error="WorkerDied", message="the worker process was killed")
                yield futures[future], Built(manifest=None, failure=died, seconds=0.0)


def _settle(job: Job, task: Task, built: Built, why: Freshness, settings: Settings) -> JobResult:
    """Publish a finished version, or keep the evidence of a failure."""
    report = settings.reports / job.folder
    failure = built.failure
    if built.manifest is not None:
        try:
            storage.publish(report, task.folder, built.manifest)
        except (OSError, DxError) as error:
            failure = Failure(kind="internal", error=type(error).__name__, message="the version could not be stored")
        else:
            return JobResult(
                job=job, status="made", freshness=why, seconds=built.seconds, version=built.manifest.id
            )
    failure = failure or Failure(kind="internal", error="NoResult", message="the worker gave no result")
    evidence = {
        "notebook": job.notebook,
        "parameters": dict(job.parameters),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **failure.to_plain(),
    }
    if task.folder.is_dir():
        storage.keep_failure(report, task.folder, evidence)
    current = storage.latest(report)
    return JobResult(
        job=job,
        status="failed",
        freshness=why,
        seconds=built.seconds,
        version=current.name if current else None,
        failure=failure,
    )
