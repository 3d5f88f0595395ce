"""Papermill's own engine with a kernel started for the notebook: where processes cannot be copied, and to compare with.

Differences from Papermill alone: the kernel is this very Python, talks over a private socket instead of a network port, uses one
arithmetic thread and is killed at the end rather than asked to leave; the limit holds for the whole notebook; the working folder
belongs to the kernel, so runs may share a process.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxanalysis.reports.engine.server import KERNEL_ENVIRONMENT

NAME = "dxanalysis-ordinary"
_SOCKET_NAME = 90  # the system's limit for a socket's name is 104 or 108


@dataclass(slots=True)
class Progress:
    """What is known of a run while it is going on, kept for the case that it breaks."""

    deadline: float
    folder: Path
    cwd: Path
    notebook: Any = None
    cell: int | None = None
    log: Path | None = None


def register() -> None:
    """Tell Papermill of the engine."""
    from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415
    from papermill.engines import NBClientEngine, papermill_engines  # noqa: PLC0415

    if NAME in papermill_engines._engines:
        return

    class PrivateKernelEngine(NBClientEngine):  # type: ignore[misc,unused-ignore]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
            progress: Progress = options["progress"]
            progress.notebook = nb_man.nb

            def on_cell(cell: object, cell_index: int) -> None:  # noqa: ARG001  # called by keyword
                progress.cell = cell_index

            client = PapermillNotebookClient(
                nb_man,
                km=_kernel_manager(progress),
                kernel_name=kernel_name,
                startup_timeout=options["start_timeout"],
                timeout_func=lambda _cell: max(1, int(progress.deadline - time.monotonic())),
                shutdown_kernel="immediate",
                on_cell_execute=on_cell,
                record_timing=False,
            )
            client.owns_km = True  # the client shuts the kernel down, as it does with one of its own making
            client.execute()

    papermill_engines.register(NAME, PrivateKernelEngine)


@contextmanager
def own_event_loop() -> Iterator[None]:
    """Close the event loop that Jupyter makes in this thread and would leave open."""
    from jupyter_core.utils import ensure_event_loop  # noqa: PLC0415

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        loop = ensure_event_loop()
        try:
            yield
        finally:
            loop.close()
            asyncio.set_event_loop(None)
    else:  # called from a notebook: the loop is the caller's, Jupyter runs ours in a thread
        yield


def _kernel_manager(progress: Progress) -> Any:
    """Make a kernel of this Python: not the one some kernel specification in the user's home points to."""
    from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415

    manager = AsyncKernelManager(kernel_name="python3", connection_file=str(progress.folder / "kernel.json"))
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        env=dict(KERNEL_ENVIRONMENT),
        display_name="Python 3",
        language="python",
    )
    socket = progress.folder / "s"
    if sys.platform != "win32" and len(str(socket)) < _SOCKET_NAME:
        manager.transport = "ipc"
        manager.ip = str(socket)
    start = manager.start_kernel

    async def start_here(**options: Any) -> None:
        progress.log = progress.folder / "stderr.log"
        with progress.log.open("wb") as log:
            await start(**{**options, "cwd": str(progress.cwd), "stdout": log, "stderr": log})

    manager.start_kernel = start_here
    return manager
