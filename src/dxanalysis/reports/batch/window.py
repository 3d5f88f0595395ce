"""Tasks are handed to an executor a few ahead of its workers: a thousand jobs never mean a thousand temporary folders.

A worker that dies takes no job with it: what it was at is tried once more. Where it broke the whole pool, those that were in it are
tried one by one, so that only the job that breaks pools is blamed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass, field
from typing import Final

from dxanalysis.errors import ReportError
from dxanalysis.reports.batch.build import Built, Task
from dxanalysis.reports.batch.executors import InProcessExecutor
from dxanalysis.reports.batch.staff import Staff
from dxanalysis.reports.batch.workers import work
from dxanalysis.reports.engine.failure import Failure

_ATTEMPTS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the caller is told, and asked for, while tasks go through.

    ``prepare`` makes the task of a job when its turn comes; ``stopping`` comes before the tidying after an interrupt.
    """

    prepare: Callable[[int], Task]
    started: Callable[[int], None]
    again: Callable[[Sequence[int]], None]
    stopping: Callable[[], None]


@dataclass(slots=True, kw_only=True)
class _Line:
    """Jobs that wait, and those that are handed in, in that order: executors take work in the order it comes."""

    waiting: deque[int]
    suspects: deque[int] = field(default_factory=deque)
    handed: dict[Future[Built], int] = field(default_factory=dict)
    running: set[int] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)
    tries: dict[int, int] = field(default_factory=dict)

    def next(self) -> int | None:
        """Take the next job: suspects alone, and before the others."""
        if self.suspects:
            return None if self.handed else self.suspects.popleft()
        return self.waiting.popleft() if self.waiting else None

    def retry(self, index: int) -> bool:
        """Count a try that came to nothing; whether there is another."""
        self.tries[index] = self.tries.get(index, 0) + 1
        return self.tries[index] < _ATTEMPTS


def outcomes(
    jobs: Sequence[int],
    watch: Watch,
    *,
    executor: Executor | None,
    workers: int,
    staff: Staff,
    modules: Sequence[str] = (),
) -> Generator[tuple[int, Built], None, None]:
    """Give the outcome of each job as it comes.

    Parameters
    ----------
    jobs
        Numbers of the jobs, in the order to make them.
    watch
        See :class:`Watch`.
    executor
        The caller's, which stays open; by default, and in the place of one that breaks, that of the staff.
    staff
        Workers of our own. They are stopped where this ends before its time; else the caller ends them.
    workers
        How many jobs run at a time.
    modules
        What notebooks load, for workers that have it loaded before.

    Raises
    ------
    ReportError
        No worker can be started.
    """
    line = _Line(waiting=deque(jobs))
    current = staff.executor(modules) if executor is None and jobs else executor
    if isinstance(current, InProcessExecutor):  # each job is over when it is handed in
        workers, most = 1, 1
    else:
        most = 2 * workers
    refusals = 0
    try:
        while current is not None:
            refused = _fill(line, watch, current, workers, most)
            if not line.handed and not refused:
                break
            refusals = refusals + 1 if refused else 0
            if refusals >= _ATTEMPTS:
                raise ReportError("no worker process can be started", fix="See that the machine has memory left")  # noqa: TRY301
            results = _collect(line, watch, wait_for_one=not refused)
            broken = bool(refused) or (
                isinstance(current, ProcessPoolExecutor) and any(isinstance(one, BrokenExecutor) for _, one in results)
            )
            if broken:
                results += _rest(line)
                current = staff.renew(modules)
            again = [index for index, result in results if not isinstance(result, Built) and line.retry(index)]
            if again or refused:
                (line.suspects if broken else line.waiting).extendleft(reversed([*refused, *again]))
                watch.again([*refused, *again])
            if not broken and most > 1:  # the workers go on while the caller deals with what is done
                line.refused = _fill(line, watch, current, workers, most)
            for index, result in results:
                if isinstance(result, Built):
                    yield index, result
                elif index not in again:
                    yield index, _died(result)
    except BaseException:
        watch.stopping()
        for future in line.handed:
            future.cancel()
        staff.stop()
        raise


def _fill(line: _Line, watch: Watch, executor: Executor, workers: int, most: int) -> list[int]:
    """Hand in as many jobs as the window takes; gives the one that a broken executor refused."""
    refused, line.refused = line.refused, []
    while not refused and len(line.handed) < most and (index := line.next()) is not None:
        task = watch.prepare(index)
        if len(line.running) < workers:
            _start(line, watch, index)
        try:
            line.handed[executor.submit(work, task)] = index
        except (BrokenExecutor, RuntimeError):  # broken, or closed by somebody else
            refused.append(index)
            line.running.discard(index)
    for index in line.handed.values():
        if len(line.running) >= workers:
            break
        _start(line, watch, index)
    return refused


def _collect(line: _Line, watch: Watch, *, wait_for_one: bool) -> list[tuple[int, Built | BaseException]]:
    """Take out the jobs that are over."""
    done = wait(line.handed, timeout=None if wait_for_one else 0, return_when=FIRST_COMPLETED).done
    results = [(line.handed.pop(future), _result(future)) for future in list(line.handed) if future in done]
    for index, _ in results:  # one that was over before its turn was seen to come
        _start(line, watch, index)
    line.running -= {index for index, _ in results}
    return results


def _rest(line: _Line) -> list[tuple[int, Built | BaseException]]:
    """What a broken executor still held."""
    left: list[tuple[int, Built | BaseException]] = []
    for future, index in line.handed.items():
        future.cancel()
        left.append((index, _result(future) if future.done() else BrokenExecutor()))
    line.handed.clear()
    line.running.clear()
    return left


def _start(line: _Line, watch: Watch, index: int) -> None:
    if index not in line.running:
        line.running.add(index)
        watch.started(index)


def _result(future: Future[Built]) -> Built | BaseException:
    try:
        return future.result()
    except (Exception, CancelledError) as error:  # a notebook's own failure is a result: this is the worker's
        return error


def _died(error: BaseException) -> Built:
    broken = isinstance(error, BrokenExecutor | CancelledError)
    message = "the worker process was killed" if broken else f"the worker gave no result ({type(error).__name__})"
    return Built(manifest=None, failure=Failure(kind="internal", error="WorkerDied", message=message), seconds=0.0)
