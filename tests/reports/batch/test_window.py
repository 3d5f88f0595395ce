"""How jobs go through an executor: a few at a time, and none lost with a worker.

Most jobs here fail before any kernel starts (their notebook declares no parameters), which is as good for counting.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.batch.estimate import Estimate
from dxanalysis.reports.batch.executors import InProcessExecutor
from dxanalysis.reports.batch.journal import Unfinished
from dxanalysis.reports.batch.progress import Silent
from dxanalysis.reports.batch.run import RunResult, Settings, Telling, run
from dxanalysis.reports.engine.failure import Failure
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.freshness import Freshness


@pytest.fixture
def jobs(make_notebook) -> list[Job]:
    make_notebook("n", "x = 1", parameters=None)
    return [Job(notebook="n", parameters={"x": f"{number:03}"}) for number in range(40)]


def _slowly(fn: Callable[..., Any], *args: Any) -> Any:
    time.sleep(0.01)
    return fn(*args)


class Counting(ThreadPoolExecutor):
    """Real threads, which note how much was handed in at a time, and how many temporary folders there were."""

    def __init__(self, workers: int, reports: Path) -> None:
        super().__init__(workers)
        self.reports, self.open, self.most, self.folders = reports, 0, 0, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.open += 1
        self.most = max(self.most, self.open)
        self.folders = max(self.folders, len(list(self.reports.glob("*/*/.tmp-*"))))
        future = super().submit(_slowly, fn, *args, **kwargs)
        future.add_done_callback(self._over)
        return future

    def _over(self, _: object) -> None:
        self.open -= 1


class Told(Silent):
    """Notes what is told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        self.running: set[str] = set()
        self.most = 0

    def start(
        self,
        jobs: Sequence[tuple[Job, Freshness]],  # noqa: ARG002
        waiting: Sequence[Job],
        expected: Estimate,  # noqa: ARG002
        workers: int,  # noqa: ARG002
    ) -> None:
        self.events.append(("start", str(len(waiting))))

    def started(self, job: Job) -> None:
        self.events.append(("started", job.folder))
        self.running.add(job.folder)
        self.most = max(self.most, len(self.running))

    def done(self, job: Job, status: str, seconds: float, failure: Failure | None) -> None:  # noqa: ARG002
        self.events.append((status, job.folder))
        self.running.discard(job.folder)

    def retry(self, jobs: Sequence[Job]) -> None:
        self.events += [("retry", job.folder) for job in jobs]
        self.running -= {job.folder for job in jobs}


def statuses(result: RunResult) -> set[str]:
    return {one.status for one in result.results}


def test_few_are_handed_in_at_a_time(jobs: list[Job], settings: Settings) -> None:
    told = Told()
    with Counting(3, settings.reports) as threads:
        result = run(jobs, settings, digest_of={}.get, executor=threads, workers=3, telling=Telling(progress=told))
    assert statuses(result) == {"failed"}
    assert [one.job for one in result.results] == jobs
    assert 3 <= threads.most <= 6
    assert threads.folders <= 12, "those handed in, and those that are being settled"
    assert told.most <= 12
    assert sorted(folder for event, folder in told.events if event == "started") == [job.folder for job in jobs]
    assert not list(settings.reports.rglob(".tmp-*"))


def test_in_this_process_each_job_starts_when_the_one_before_is_settled(jobs: list[Job], settings: Settings) -> None:
    told = Told()
    run(jobs[:3], settings, digest_of={}.get, executor=InProcessExecutor(), telling=Telling(progress=told))
    assert told.events == [("start", "3")] + [(e, job.folder) for job in jobs[:3] for e in ("started", "failed")]


class Losing(Executor):
    """Runs calls at once, but loses the first so many tries of every task, as a cluster does whose workers die."""

    def __init__(self, times: int, error: BaseException) -> None:
        self.times, self.error = times, error
        self.tries: dict[str, int] = {}
        self.folders: list[Path] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        task, future = args[0], Future[Any]()
        self.folders.append(task.folder)
        tries = self.tries[task.job.folder] = self.tries.get(task.job.folder, 0) + 1
        if tries <= self.times:
            (task.folder / "half written").touch()
            future.set_exception(self.error)
        else:
            assert list(task.folder.iterdir()) == []
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize(
    "error", [RuntimeError("lost"), BrokenExecutor(), CancelledError()], ids=lambda e: type(e).__name__
)
def test_what_a_dead_worker_was_at_is_tried_again_in_an_empty_folder(
    jobs: list[Job], settings: Settings, error: BaseException
) -> None:
    told, losing = Told(), Losing(1, error)
    result = run(jobs[:5], settings, digest_of={}.get, executor=losing, workers=2, telling=Telling(progress=told))
    assert [one.failure and one.failure.error for one in result.results] == ["ParameterError"] * 5
    assert set(losing.tries.values()) == {2}
    assert len(set(losing.folders)) == 10
    assert sum(event == "retry" for event, _ in told.events) == 5


def test_a_job_whose_workers_die_each_time_fails_alone(jobs: list[Job], settings: Settings) -> None:
    result = run(jobs[:3], settings, digest_of={}.get, executor=Losing(2, BrokenExecutor()), workers=2)
    assert [str(one.failure) for one in result.results] == ["WorkerDied: the worker process was killed"] * 3
    assert storage.failure(settings.reports / jobs[0].folder) is not None
    other = run(jobs[:1], settings, digest_of={}.get, executor=Losing(2, OSError("host 10.0.0.7")), workers=2)
    assert str(other.results[0].failure) == "WorkerDied: the worker gave no result (OSError)"


@pytest.mark.slow
def test_a_pool_that_is_broken_already_is_replaced(jobs: list[Job], settings: Settings) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as broken:
        with pytest.raises(BrokenExecutor):
            broken.submit(os._exit, 1).result()
        told = Told()
        result = run(jobs[:6], settings, digest_of={}.get, executor=broken, workers=2, telling=Telling(progress=told))
    assert [one.failure and one.failure.error for one in result.results] == ["ParameterError"] * 6
    assert not list(settings.reports.rglob(".tmp-*"))


def test_an_error_of_the_executor_leaves_no_folder(jobs: list[Job], settings: Settings) -> None:
    class Gone(InProcessExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ARG002
            raise ReportError("the cluster is gone")

    with pytest.raises(ReportError, match="gone"):
        run(jobs, settings, digest_of={}.get, executor=Gone())
    assert not list(settings.reports.rglob(".tmp-*"))


def left(
    jobs: Sequence[Job], *, done: Sequence[Job] = (), failed: Sequence[Job] = (), force: bool = False
) -> Unfinished:
    return Unfinished(
        run="r",
        jobs=tuple(jobs),
        force=force,
        done=frozenset(job.folder for job in done),
        failed=frozenset(job.folder for job in failed),
        seconds={},
    )


def test_what_failed_in_the_run_that_is_taken_up_is_tried_again_only_when_asked(
    jobs: list[Job], settings: Settings
) -> None:
    here = InProcessExecutor()
    run(jobs[:1], settings, digest_of={}.get, executor=here)
    before = (settings.reports / jobs[0].folder / "failed" / "error.json").read_bytes()
    told = Told()
    result = run(
        jobs[:2],
        settings,
        digest_of={}.get,
        executor=here,
        resume=left(jobs[:2], failed=jobs[:1]),
        telling=Telling(progress=told),
    )
    assert [one.status for one in result.results] == ["failed", "failed"]
    assert [folder for event, folder in told.events if event == "started"] == [jobs[1].folder]
    assert (settings.reports / jobs[0].folder / "failed" / "error.json").read_bytes() == before
    assert result.results[0].failure == result.results[1].failure
    told = Told()
    run(
        jobs[:2], settings, digest_of={}.get, executor=here, retry_failed=True,
        resume=left(jobs[:2], failed=jobs[:1]), telling=Telling(progress=told),
    )  # fmt: skip
    assert len([event for event, _ in told.events if event == "started"]) == 2
