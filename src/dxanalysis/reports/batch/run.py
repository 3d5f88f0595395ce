"""A batch of reports: those that are not fresh are made, one failure never stops the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dxanalysis.errors import DxError
from dxanalysis.reports.batch.estimate import estimate
from dxanalysis.reports.batch.failures import kept_failure
from dxanalysis.reports.batch.interrupt import Interrupts
from dxanalysis.reports.batch.journal import NO_JOURNAL, Journal, Unfinished
from dxanalysis.reports.batch.progress import Progress, Silent
from dxanalysis.reports.batch.result import JobResult, RunResult, Settings
from dxanalysis.reports.batch.staff import Staff
from dxanalysis.reports.batch.survey import Standing, survey
from dxanalysis.reports.engine.failure import Failure
from dxanalysis.reports.outputs.labels import Labels
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import package_digest
from dxanalysis.reports.versions.freshness import Freshness, Reason

if TYPE_CHECKING:
    from dxanalysis.reports.batch.build import Built, Task

__all__ = ["JobResult", "RunResult", "Settings", "Standing", "Telling", "run", "survey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who hears of a run: a progress display, a journal, and whoever handles interrupts."""

    progress: Progress = field(default_factory=Silent)
    journal: Journal = NO_JOURNAL
    interrupts: Interrupts = field(default_factory=Interrupts)


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    digest_of: Callable[[str], str | None],
    executor: Executor | None = None,
    workers: int = 2,
    staff: Staff | None = None,
    force: bool = False,
    telling: Telling | None = None,
    resume: Unfinished | None = None,
    retry_failed: bool = False,
) -> RunResult:
    """Make every report that is not fresh.

    Parameters
    ----------
    jobs
        Validated jobs (:func:`dxanalysis.reports.planning.plan.plan`).
    digest_of
        Present digest of a data slice, None where it does not exist.
    executor
        Any executor that sees the same files; it stays open. By default ``workers`` processes of our own.
    workers
        Jobs that run at a time; as many more are handed in ahead of them, and no more.
    staff
        The workers of our own that another step goes on with; None: they leave with this one.
    force
        Make all of them, fresh or not.
    telling
        Told of every step; see :mod:`dxanalysis.reports.batch.progress` and :mod:`dxanalysis.reports.batch.journal`.
    resume
        What an interrupted run left. What it made is not made again by ``force``, and what failed in it is not tried again
        unless ``retry_failed``.

    Notes
    -----
    The caller holds :func:`dxanalysis.reports.versions.lock.only_run`. An interruption leaves no temporary folder, no worker
    of our own and no kernel of theirs. What is running in an executor of the caller's goes on to its end, and comes to nothing.
    """
    began = time.monotonic()
    tell = telling or Telling()
    standing = survey(jobs, settings, digest_of=digest_of)
    done = resume.done if resume is not None else frozenset()
    if force:
        standing = tuple(one if one.job.folder in done else _forced(one) for one in standing)
    tell.journal.planned(jobs, force=force, workers=workers, resumes=resume.run if resume else "")
    results: dict[int, JobResult] = {}
    waiting: list[int] = []
    for index, one in enumerate(standing):
        settled = _settled(one, settings, () if resume is None or retry_failed else resume.failed)
        if settled is None:
            waiting.append(index)
            continue
        results[index] = settled
        if settled.status == "fresh":
            tell.journal.fresh(one.job.folder)
        else:
            tell.journal.failed(one.job.folder, str(settled.failure), 0.0)
    measured = dict(resume.seconds) if resume is not None else {}
    expected = estimate([jobs[index] for index in waiting], settings.reports, measured=measured)
    tell.progress.start(
        [(one.job, one.freshness) for one in standing], [jobs[index] for index in waiting], expected, workers
    )
    with nullcontext(staff) if staff is not None else Staff(min(workers, len(waiting))) as own:
        _make(waiting, standing, results, settings, executor=executor, workers=workers, staff=own, tell=tell)
    seconds = round(time.monotonic() - began, 3)
    tell.journal.ended(seconds)
    return RunResult(results=tuple(results[index] for index in range(len(jobs))), seconds=seconds)


def _forced(one: Standing) -> Standing:
    return replace(one, freshness=Freshness(reasons=(Reason(cause="forced"),))) if one.freshness.fresh else one


def _settled(one: Standing, settings: Settings, failed: Collection[str]) -> JobResult | None:
    """The result of a job that need not be run: it stands, or failed in the run that is taken up."""
    report = settings.reports / one.job.folder
    failure: Failure | None = None
    if one.freshness.fresh:
        storage.discard(report / "failed")  # what failed in between is no longer asked for
    elif one.job.folder in failed:
        failure = kept_failure(report)
    else:
        return None
    return JobResult(
        job=one.job,
        status="failed" if failure else "fresh",
        freshness=one.freshness,
        seconds=one.seconds,
        version=one.version,
        failure=failure,
    )


def _make(
    waiting: Sequence[int],
    standing: Sequence[Standing],
    results: dict[int, JobResult],
    settings: Settings,
    *,
    executor: Executor | None,
    workers: int,
    staff: Staff,
    tell: Telling,
) -> None:
    """Make the reports that wait, and put what becomes of each into ``results``."""
    if not waiting:
        return
    from dxanalysis.reports.batch.window import Watch, outcomes  # noqa: PLC0415  # loads the engine
    from dxanalysis.reports.versions.archive import keep_code, keep_store  # noqa: PLC0415

    tasks: dict[int, Task] = {}
    shared = _Shared(
        labels={language: dict(words) for language, words in settings.labels.items()},
        edition=package_digest(settings.packages),
        package=keep_code(settings.reports, settings.packages, settings.notebooks),
        store=keep_store(settings.reports, settings.store) if settings.store is not None else "",
    )

    def prepare(index: int) -> Task:
        tasks[index] = _task(standing[index], settings, shared)
        return tasks[index]

    def started(index: int) -> None:
        tell.progress.started(standing[index].job)
        tell.journal.started(standing[index].job.folder)

    def again(indexes: Sequence[int]) -> None:
        for index in indexes:  # what a dead worker left must not be taken for the next try's
            storage.discard(tasks.pop(index).folder)
        tell.progress.retry([standing[index].job for index in indexes])

    def stopping() -> None:
        tell.interrupts.tidying = True

    watch = Watch(prepare=prepare, started=started, again=again, stopping=stopping)
    modules = settings.modules_of({standing[index].job.notebook for index in waiting})
    try:
        with closing(
            outcomes(waiting, watch, executor=executor, workers=workers, staff=staff, modules=modules)
        ) as made:
            for index, built in made:
                result = _settle(standing[index], tasks[index], built, settings)
                del tasks[index]
                results[index] = result
                if result.status == "made":
                    tell.journal.made(result.job.folder, str(result.version), result.seconds)
                else:
                    tell.journal.failed(result.job.folder, str(result.failure), result.seconds)
                tell.progress.done(result.job, result.status, result.seconds, result.failure)
    except BaseException:
        stopping()
        raise
    finally:
        for task in tasks.values():
            storage.discard(task.folder)
        tell.progress.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What all tasks of a run have in common."""

    labels: Labels
    edition: str
    package: str
    store: str


def _task(one: Standing, settings: Settings, shared: _Shared) -> Task:
    from dxanalysis.reports.batch.build import Task  # noqa: PLC0415  # loads the engine

    report = settings.reports / one.job.folder
    return Task(
        job=one.job,
        project=settings.project,
        notebook=settings.notebooks / f"{one.job.notebook}.ipynb",
        folder=storage.begin(report),
        number=storage.next_number(report),
        code=one.code,
        environment=settings.environment,
        labels=shared.labels,
        timeout=settings.timeout,
        memory=settings.memory,
        modules=settings.modules_of(settings.prepared),
        edition=shared.edition,
        reasons=tuple({"cause": r.cause, "detail": list(r.detail)} for r in one.freshness.reasons),
        store=shared.store,
        package=shared.package,
        today=settings.today,
    )


def _settle(one: Standing, task: Task, built: Built, settings: Settings) -> JobResult:
    """Publish a finished version, or keep the evidence of a failure."""
    job, why, report = one.job, one.freshness, settings.reports / one.job.folder
    failure = built.failure
    if built.manifest is not None:
        try:
            published = storage.publish(report, task.folder, built.manifest)
        except (OSError, DxError) as error:
            failure = Failure(kind="internal", error=type(error).__name__, message="the version could not be stored")
        else:
            return JobResult(job=job, status="made", freshness=why, seconds=built.seconds, version=published.name)
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
