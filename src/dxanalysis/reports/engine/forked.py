"""An executor whose workers are copies of a warm process: a task starts at once, with every library loaded."""

from __future__ import annotations

import base64
import contextlib
import pickle
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from dxanalysis.reports.engine import warm
from dxanalysis.reports.engine.server import WarmServer
from dxanalysis.reports.engine.wire import Wire

T = TypeVar("T")


class ForkExecutor(Executor):
    """Run each call in a fresh copy of one warm process, so many at a time.

    A copy lives for one call: nothing a call does to its process reaches another one, and memory does not add up. Linux only
    (:func:`dxanalysis.reports.engine.server.can_fork`).

    Parameters
    ----------
    workers
        Calls at a time.
    modules
        Loaded once, before the first call.

    Raises
    ------
    BrokenProcessPool
        By the future of a call whose process ended without an answer; other calls are not touched.
    """

    def __init__(self, workers: int, modules: Sequence[str] = warm.DEFAULT_MODULES) -> None:
        self._modules = tuple(modules)
        self._server = WarmServer(self._modules)
        self._waiting: queue.SimpleQueue[tuple[Future[Any], str] | None] = queue.SimpleQueue()
        self._running: dict[Wire, int] = {}
        self._changing = threading.Lock()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._attend, daemon=True, name=f"worker-{number}") for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Ask for a call; the function is one that a module has at its top, the arguments can be pickled."""
        if kwargs:
            raise TypeError("arguments are given by place")
        with self._changing:
            if self._closed:
                raise RuntimeError("the executor is shut down")
            future: Future[T] = Future()
            self._waiting.put((future, base64.b64encode(pickle.dumps((fn, args))).decode("ascii")))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; end the warm process when the last one is done."""
        with self._changing:
            first, self._closed = not self._closed, True
        if cancel_futures:
            with contextlib.suppress(queue.Empty):
                while (item := self._waiting.get_nowait()) is not None:
                    item[0].cancel()
        if first:
            for _ in self._threads:
                self._waiting.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            self._server.stop()

    def stop(self) -> None:
        """End every call now, and all that it started."""
        self.shutdown(wait=False, cancel_futures=True)
        with self._changing:
            for pid in self._running.values():
                warm.kill(pid)
        self._server.stop()
        for thread in self._threads:
            thread.join(5)

    def _attend(self) -> None:
        while (item := self._waiting.get()) is not None:
            future, call = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                told = self._call(call)
            except Exception as error:  # whatever it is belongs to this call
                future.set_exception(error)
                continue
            if "result" in told:
                future.set_result(pickle.loads(base64.b64decode(told["result"])))
            elif "error" in told:
                future.set_exception(pickle.loads(base64.b64decode(told["error"])))
            else:
                reason = told.get("crash") or f"the worker process ended with status {told.get('exit')}"
                future.set_exception(BrokenProcessPool(reason))

    def _copy(self) -> Wire:
        """Make a copy, of a new warm process where the system killed the old one."""
        with self._changing:
            if not self._server.alive and not self._closed:
                self._server.stop()
                self._server = WarmServer(self._modules)
            server = self._server
        return server.copy(warm.CALL)

    def _call(self, call: str) -> dict[str, Any]:
        wire = self._copy()
        try:
            told = wire.receive() or {}
            if "pid" not in told:
                return told
            with self._changing:
                self._running[wire] = told["pid"]
            try:
                wire.send({"call": call})
            except OSError:
                return wire.receive() or {}
            return wire.receive() or {}
        finally:
            with self._changing:
                pid = self._running.pop(wire, None)
            if pid is not None:
                warm.kill(pid)  # what the call started does not outlive it
            wire.close()
