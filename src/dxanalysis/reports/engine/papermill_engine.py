"""The engine for Papermill: cells run in a kernel copied from a warm process.

Registered under the entry point ``papermill.engine`` as ``dxanalysis``, so anybody may pick it::

    papermill --engine dxanalysis notebook.ipynb out.ipynb

Papermill loads every registered engine when it is imported, so this module loads nothing before it is used. Where the system
cannot copy processes well, or the notebook is not Python, Papermill's own engine does the work.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dxanalysis.reports.engine.limits import Limits

if TYPE_CHECKING:
    from dxanalysis.reports.engine.client import WarmKernel
    from dxanalysis.reports.engine.server import WarmServer

_START = 60.0
_NO_LIMIT = 1e8  # three years


class WarmEngine:
    """Papermill's engine interface; each method is one that Papermill calls."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool | dict[str, Any] = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **options: Any,
    ) -> Any:
        """Run all cells and give the notebook back; it is saved once, at the end.

        Parameters
        ----------
        **options
            Those of :func:`run_cells`, and Papermill's own, which are passed on where its own engine does the work.
        """
        from papermill.engines import NBClientEngine, NotebookExecutionManager  # noqa: PLC0415

        if not suits(nb, kernel_name):
            return NBClientEngine.execute_notebook(
                nb, kernel_name, output_path, progress_bar, log_output, autosave_cell_every, **options
            )
        # No path while cells run: a save after every cell costs more than most cells.
        manager = NotebookExecutionManager(nb, None, log_output, progress_bar, 0)
        manager.notebook_start()
        try:
            run_cells(manager, log_output=log_output, **options)
        finally:
            manager.cleanup_pbar()
            manager.output_path = output_path
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Name of the kernel, from the notebook where none is given."""
        from papermill.utils import nb_kernel_name  # noqa: PLC0415

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Language of the notebook, from its metadata where none is given."""
        from papermill.utils import nb_language  # noqa: PLC0415

        return str(nb_language(nb, language))


def suits(nb: Any, kernel_name: str) -> bool:
    """Whether a warm kernel can run the notebook here: it is Python, and the system can copy processes."""
    from dxanalysis.reports.engine.server import can_fork  # noqa: PLC0415

    spoken = nb.metadata.get("kernelspec", {}).get("language") or nb.metadata.get("language_info", {}).get("name")
    return can_fork() and spoken in (None, "python") and kernel_name in ("python3", "python")


def run_cells(
    manager: Any,
    *,
    log_output: bool = False,
    server: WarmServer | None = None,
    environment: Mapping[str, str] | None = None,
    kernel_cwd: Path | None = None,
    limits: Limits | None = None,
    execution_timeout: float | None = None,
    progress: Any = None,
    stdout_file: Any = None,
    stderr_file: Any = None,
    allow_errors: bool = False,
    **_others: Any,
) -> None:
    """Run the cells of a managed notebook in a warm kernel.

    Parameters
    ----------
    manager
        Papermill's execution manager.
    server
        Where the kernel is copied from; by default this process's own warm server, or this process itself where it is a clean copy.
    environment, kernel_cwd
        Of the kernel; by default this process's.
    limits
        Time for the whole notebook, memory, text.
    execution_timeout
        Seconds for one cell, as Papermill's option of that name.
    progress
        Object that is told, while it goes on, the ``notebook`` and the index of the ``cell`` that runs.
    **_others
        Options of other engines; they mean nothing here.

    Raises
    ------
    nbclient.exceptions.CellTimeoutError
        A limit of time passed.
    nbclient.exceptions.DeadKernelError
        The kernel ended.
    """
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: PLC0415

    from dxanalysis.reports.engine import warm  # noqa: PLC0415
    from dxanalysis.reports.engine.client import KernelGone, WarmKernel, describe_end  # noqa: PLC0415
    from dxanalysis.reports.engine.server import shared  # noqa: PLC0415

    held = limits or Limits(seconds=_NO_LIMIT)
    source = server if server is not None or warm.is_clean() else shared()
    if source is not None:
        source.wait()  # the libraries' time is not the notebook's
    end = time.monotonic() + held.seconds
    try:
        kernel = WarmKernel.start(
            source,
            cwd=kernel_cwd or Path.cwd(),
            environment=os.environ if environment is None else environment,
            limits=held,
            deadline=min(end, time.monotonic() + _START),
            log=getattr(progress, "log", None),
        )
    except KernelGone as gone:
        raise DeadKernelError(gone.crash or describe_end(gone.status)) from None
    except TimeoutError:
        raise DeadKernelError("the kernel did not start in time") from None
    if progress is not None:
        progress.notebook = manager.nb
    runner = _Runner(manager, log_output, stdout_file, stderr_file, allow_errors)
    try:
        for index, cell in enumerate(manager.nb.cells):
            if progress is not None:
                progress.cell = index
            deadline = end if execution_timeout is None else min(end, time.monotonic() + execution_timeout)
            try:
                manager.cell_start(cell, index)
                runner.run(kernel, cell, index, deadline)
            except CellExecutionError as error:
                manager.cell_exception(cell, cell_index=index, exception=error)
                break
            except TimeoutError:
                seconds = held.seconds if deadline == end else execution_timeout
                raise CellTimeoutError(f"the cell was still running after {seconds:g} s") from None
            except KernelGone as gone:
                raise DeadKernelError(gone.crash or describe_end(gone.status)) from None
            finally:
                manager.cell_complete(cell, cell_index=index)
        manager.nb.metadata["language_info"] = kernel.language_info
        runner.client.set_widgets_metadata()
    finally:
        kernel.close()


class _Runner:
    """Puts what a kernel tells into the notebook, with nbclient's own rules."""

    def __init__(self, manager: Any, log_output: bool, stdout_file: Any, stderr_file: Any, allow_errors: bool) -> None:
        from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415
        from papermill.log import logger  # noqa: PLC0415

        self.client = PapermillNotebookClient(
            manager,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
            allow_errors=allow_errors,
            record_timing=False,
        )
        self.client.reset_execution_trackers()
        self._left = False

    def run(self, kernel: WarmKernel, cell: Any, index: int, deadline: float) -> None:
        from nbclient.exceptions import CellExecutionError  # noqa: PLC0415

        from dxanalysis.reports.engine.client import KernelGone  # noqa: PLC0415

        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.client.skip_cells_with_tag in tags:
            return
        if self._left:
            raise KernelGone(0)
        cell.outputs = []
        self.client.clear_before_next_output = False
        reply: dict[str, Any] = {}
        for message in kernel.execute(cell.source, deadline):
            if "reply" in message:
                reply, self._left = message["reply"], message["left"]
            else:
                self._take(message, cell, index)
        if reply.get("status") == "error" and not (self.client.allow_errors or "raises-exception" in tags):
            raise CellExecutionError.from_cell_and_msg(cell, reply)

    def _take(self, message: dict[str, Any], cell: Any, index: int) -> None:
        before: Any = cell.outputs[-1] if cell.outputs else None
        output: Any = self.client.process_message(message, cell, index)
        # How a text was cut into messages is chance: one stream in a row is one output.
        if _one_stream(before, output) and cell.outputs[-2:] == [before, output]:
            before.text += output.text
            cell.outputs.pop()


def _one_stream(first: Any, second: Any) -> bool:
    if first is None or second is None:
        return False
    return bool(first.output_type == second.output_type == "stream" and first.name == second.name)


__all__ = ["WarmEngine", "run_cells", "suits"]
