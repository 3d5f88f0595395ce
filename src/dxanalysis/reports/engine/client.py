"""A kernel that was copied from a warm process, as the one who asked for it sees it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dxanalysis.reports.engine import warm
from dxanalysis.reports.engine.limits import Limits
from dxanalysis.reports.engine.server import WarmServer
from dxanalysis.reports.engine.wire import Wire


class KernelGone(Exception):  # noqa: N818  # an event, told as a failure by whoever drives the kernel
    """The kernel ended.

    Attributes
    ----------
    status
        Its exit status, negative for a signal, None where it is not known.
    crash
        Traceback of a fault of the kernel itself, or empty.
    """

    def __init__(self, status: int | None, crash: str = "") -> None:
        super().__init__(status)
        self.status = status
        self.crash = crash


class WarmKernel:
    """Start with :meth:`start`; close it always: that ends the process and all that it started."""

    def __init__(self, wire: Wire, pid: int, *, child: bool) -> None:
        self._wire = wire
        self._pid = pid
        self._child = child
        self.language_info: dict[str, Any] = {}

    @classmethod
    def start(
        cls,
        server: WarmServer | None,
        *,
        cwd: Path,
        environment: Mapping[str, str],
        limits: Limits,
        deadline: float,
        log: Path | None = None,
    ) -> WarmKernel:
        """Copy a kernel from a warm server, or from this very process where that is clean (``server`` None).

        Raises
        ------
        KernelGone, TimeoutError
            It ended, or was not ready, before the deadline.
        """
        if server is None:
            pid, end = warm.fork_kernel()
            wire = Wire(end)
        else:
            pid, wire = 0, server.copy(warm.KERNEL)
        kernel = cls(wire, pid, child=server is None)
        try:
            kernel._pid = int(kernel._receive(deadline)["pid"])
            wire.send(
                {
                    "cwd": str(cwd),
                    "environment": dict(environment),
                    "backend": environment.get("MPLBACKEND", "module://matplotlib_inline.backend_inline"),
                    "memory": limits.megabytes,
                    "text": limits.text,
                    "log": str(log or ""),
                }
            )
            kernel.language_info = kernel._receive(deadline)["language_info"]
        except (OSError, KeyError, KernelGone, TimeoutError):
            kernel.close()
            raise
        return kernel

    def execute(self, code: str, deadline: float) -> Iterator[dict[str, Any]]:
        """Run a cell and give its messages as they come; the last one is the reply, under ``reply``.

        Raises
        ------
        KernelGone, TimeoutError
            It ended, or was still busy at the deadline.
        """
        try:
            self._wire.send({"code": code})
        except OSError:
            raise KernelGone(self._status()) from None
        while True:
            told = self._receive(deadline)
            yield told.get("told", told)
            if "reply" in told:
                return

    def close(self) -> None:
        """End the kernel at once, with every process it started."""
        if self._pid:
            warm.kill(self._pid)
        if self._child:
            self._status()
        self._wire.close()

    def _receive(self, deadline: float) -> dict[str, Any]:
        told = self._wire.receive(deadline)
        if told is None:
            raise KernelGone(self._status())
        if "exit" in told or "crash" in told:
            raise KernelGone(told.get("exit"), told.get("crash", ""))
        return told

    def _status(self) -> int | None:
        """How a kernel of this process's own ended, where it did."""
        if not self._child:
            return None
        for _ in range(1000):
            try:
                pid, status = os.waitpid(self._pid, os.WNOHANG)
            except ChildProcessError:
                return None
            if pid:
                self._child = False
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.002)
        return None


def describe_end(status: int | None) -> str:
    """Say in words how a kernel ended before its notebook did."""
    if status is None or status == 0:
        return "the kernel died: the notebook ended it"
    if status == -9:
        return "the kernel died: the system killed it (signal 9), most often because memory ran out"
    if status < 0:
        return f"the kernel died: it crashed (signal {-status})"
    return f"the kernel died: it ended with status {status}"
