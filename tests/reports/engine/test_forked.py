"""Workers that are copies of one warm process."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from dxanalysis.reports.engine.forked import ForkExecutor
from dxanalysis.reports.engine.server import can_fork
from dxanalysis.reports.engine.warm import is_clean

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="this system cannot copy a process that has large libraries loaded"),
]


@pytest.fixture(scope="module")
def executor() -> Iterator[ForkExecutor]:
    with ForkExecutor(2, ["json"]) as made:
        yield made


def test_calls_give_their_results_in_order(executor: ForkExecutor) -> None:
    assert list(executor.map(math.factorial, range(40))) == [math.factorial(n) for n in range(40)]


def test_every_call_has_a_process_of_its_own(executor: ForkExecutor) -> None:
    pids = [executor.submit(os.getpid).result() for _ in range(6)]
    assert len({*pids, os.getpid()}) == 7


def test_a_worker_may_be_copied_into_a_kernel(executor: ForkExecutor) -> None:
    assert executor.submit(is_clean).result()
    assert not is_clean(), "this process has threads"


def test_a_fault_of_a_call_is_its_own(executor: ForkExecutor) -> None:
    bad, good = executor.submit(math.sqrt, -1), executor.submit(math.sqrt, 4)
    with pytest.raises(ValueError):  # noqa: PT011  # whose words are the interpreter's
        bad.result()
    assert good.result() == 2


@pytest.mark.parametrize(("end", "status"), [(3, "status 3"), (0, "status 0")])
def test_a_worker_that_ends_is_told(executor: ForkExecutor, end: int, status: str) -> None:
    with pytest.raises(BrokenProcessPool, match=status):
        executor.submit(os._exit, end).result()
    assert executor.submit(math.sqrt, 9).result() == 3, "the others go on"


def test_a_large_answer_comes_whole(executor: ForkExecutor) -> None:
    assert executor.submit(bytes, 30_000_000).result() == bytes(30_000_000)


def test_so_many_run_at_a_time(executor: ForkExecutor) -> None:
    began = time.monotonic()
    wait([executor.submit(time.sleep, 0.5) for _ in range(4)])
    assert time.monotonic() - began > 0.9


def test_stopping_ends_what_runs_and_cancels_what_waits(tmp_path: Path) -> None:
    executor = ForkExecutor(1, [])
    running, waiting = executor.submit(time.sleep, 100), executor.submit(math.sqrt, 4)
    while not executor._running:
        time.sleep(0.01)
    began = time.monotonic()
    executor.stop()
    assert time.monotonic() - began < 5
    assert waiting.cancelled()
    with pytest.raises(BrokenProcessPool):
        running.result(timeout=5)
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(math.sqrt, 4)
