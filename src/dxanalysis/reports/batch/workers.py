"""Worker processes that end with their parent and take their kernels with them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing.connection import wait
from types import FrameType

from dxanalysis.reports.batch.build import Built, Task, build
from dxanalysis.reports.engine import warm
from dxanalysis.reports.engine.forked import ForkExecutor
from dxanalysis.reports.engine.server import can_fork

ENGINE_MODULES = (
    *warm.BASE_MODULES,
    "papermill.execute",
    "papermill.clientwrap",
    "dxanalysis.reports.engine.execute:prepare",
    "dxanalysis.reports.batch.build",
    "dxanalysis.reports.outputs.html",
    "dxanalysis.reports.outputs.pdf.typesetting:prepare",
    "dxanalysis.reports.outputs.workbook",
    "dxanalysis.reports.outputs.tables",
)
"""What making any report loads."""
_PATIENCE = 5.0


def pool(workers: int) -> ProcessPoolExecutor:
    """Make a pool of fresh processes, on every system alike."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=_start_worker)


def default_executor(workers: int, modules: Sequence[str]) -> Executor:
    """Give the executor of a batch on one machine: copies of a warm process, or fresh processes where it cannot be copied."""
    return ForkExecutor(workers, (*ENGINE_MODULES, *modules)) if can_fork() else pool(workers)


def work(task: Task) -> Built:
    """Build a version in a worker; a request to stop ends the worker once the kernel is gone."""
    try:
        return build(task)
    except SystemExit:
        os._exit(1)


def stop(executor: Executor) -> None:
    """End an executor of ours now: ask each worker, so that it can end its kernel, then insist."""
    if isinstance(executor, ForkExecutor):
        executor.stop()
    if not isinstance(executor, ProcessPoolExecutor):
        return
    processes = list((executor._processes or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(_PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()


def _start_worker() -> None:
    # Ctrl-C reaches the whole group of processes; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the signature of a handler
    sys.exit(1)


def _follow_parent() -> None:
    """Leave when the parent is gone: a pool's worker would wait for work for ever. Its kernel follows it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
