"""Worker processes that end with their parent and take their kernels with them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from types import FrameType

from dxanalysis.reports.batch.build import Built, Task, build

_PATIENCE = 5.0


def pool(workers: int) -> ProcessPoolExecutor:
    """Make a pool of fresh processes, on every system alike."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=workers, mp_context=context, initializer=_start_worker)


def work(task: Task) -> Built:
    """Build a version in a worker; a request to stop ends the worker once the kernel is gone."""
    try:
        return build(task)
    except SystemExit:
        os._exit(1)


def stop(executor: ProcessPoolExecutor) -> None:
    """End a pool now: ask each worker, so that it can end its kernel, then insist."""
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
