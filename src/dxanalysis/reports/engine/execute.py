"""A thin adapter over Papermill: run one notebook, and say clearly what went wrong.

The only module that loads Papermill. Differences from calling it directly: the kernel is this very Python, talks over
a private socket instead of a network port, uses one arithmetic thread and is killed at the end rather than asked to
leave; the limit holds for the whole notebook; the working folder belongs to the kernel, so runs may share a process;
no path of this machine stays in the result.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from dxanalysis.reports.planning.parameters import ParameterValue
from dxanalysis.reports.scrub import Scrubber, without_colours
from dxanalysis.reports.text import clean, one_line

FailureKind = Literal["cell", "kernel-died", "timeout", "record", "internal"]

KERNEL_ENVIRONMENT: Mapping[str, str] = {
    # Several kernels share the cores; arithmetic libraries that each start one thread a core make all of them slow.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
    "PYTHONUTF8": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger that ipykernel loads warns about frozen modules
}
_TRACEBACK_LINES = 15
_START_TIMEOUT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a run gave no report.

    Attributes
    ----------
    cell
        Number of the code cell in the notebook file, counted from 1, or None where no cell is to blame.
    source
        The first line of that cell.
    error, message
        The exception's name and text.
    traceback
        Its last lines, without colours and without paths of this machine.
    """

    kind: FailureKind
    error: str
    message: str
    cell: int | None = None
    source: str = ""
    traceback: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"code cell {self.cell} ({one_line(self.source, 80)}): " if self.cell else ""
        return f"{place}{self.error}: {one_line(self.message)}" if self.message else f"{place}{self.error}"

    def to_plain(self) -> dict[str, object]:
        """Give the failure as plain JSON."""
        return {
            "kind": self.kind,
            "cell": self.cell,
            "source": self.source,
            "error": self.error,
            "message": self.message,
            "traceback": list(self.traceback),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """An executed notebook as a JSON object, as far as it came, and why it stopped."""

    notebook: dict[str, Any]
    failure: Failure | None


@dataclass(slots=True)
class _Progress:
    """What is known of a run while it is going on, kept for the case that it breaks."""

    deadline: float
    socket_folder: Path
    cwd: Path
    notebook: Any = None
    cell: int | None = None
    log: Path | None = field(default=None)


def execute(
    notebook: Path, output: Path, parameters: Mapping[str, ParameterValue], *, cwd: Path, timeout: float = 900.0
) -> Execution:
    """Run a notebook and write it, with its outputs, to ``output``; on failure too, as far as it came.

    Parameters
    ----------
    parameters
        Validated values; they go into a cell after the one tagged ``parameters``.
    cwd
        Working folder of the kernel; paths in the result are relative to it.
    timeout
        Seconds for the whole notebook.
    """
    import nbformat  # noqa: PLC0415  # heavy, see the module's docstring
    import papermill  # noqa: PLC0415
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    _register_engine()
    scrub = Scrubber(cwd)
    failure: Failure | None = None
    untyped: Any = nbformat
    source = untyped.read(notebook, as_version=4)
    with tempfile.TemporaryDirectory(prefix="dx-", ignore_cleanup_errors=True) as folder:
        progress = _Progress(deadline=time.monotonic() + timeout, socket_folder=Path(folder), cwd=cwd)
        try:
            with _own_event_loop():
                papermill.execute_notebook(
                    notebook,
                    None,
                    parameters=dict(parameters),
                    engine_name="dxanalysis",
                    kernel_name="python3",
                    language="python",
                    progress_bar=False,
                    log_output=False,
                    request_save_on_cell_execute=False,
                    start_timeout=_START_TIMEOUT,
                    dx_progress=progress,
                )
        except PapermillExecutionError as error:
            _remove_banners(progress.notebook)
            failure = _cell_failure(progress, scrub, error.ename, error.evalue, error.traceback)
        except CellTimeoutError:
            text = f"the notebook did not finish within {timeout:g} s"
            failure = _stopped(progress, scrub, "timeout", "TimeoutError", text)
        except (DeadKernelError, RuntimeError) as error:
            text = f"the kernel died ({one_line(str(error))}); often it ran out of memory"
            failure = _stopped(progress, scrub, "kernel-died", "KernelDied", text)
    executed = progress.notebook if progress.notebook is not None else source
    plain = scrub.notebook(json.loads(json.dumps(executed)), notebook.name)
    untyped.write(untyped.from_dict(plain), output)
    return Execution(notebook=cast("dict[str, Any]", plain), failure=failure)


@contextmanager
def _own_event_loop() -> Iterator[None]:
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


def _register_engine() -> None:
    """Tell Papermill of our engine: its own, with another kernel manager, and a limit for the whole run."""
    from papermill.clientwrap import PapermillNotebookClient  # noqa: PLC0415
    from papermill.engines import NBClientEngine, papermill_engines  # noqa: PLC0415

    if "dxanalysis" in papermill_engines._engines:
        return

    class PrivateKernelEngine(NBClientEngine):  # type: ignore[misc,unused-ignore]
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
            progress: _Progress = options["dx_progress"]
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

    papermill_engines.register("dxanalysis", PrivateKernelEngine)


def _kernel_manager(progress: _Progress) -> Any:
    """Make a kernel of this Python: not the one some kernel specification in the user's home points to."""
    from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415

    manager = AsyncKernelManager(kernel_name="python3", connection_file=str(progress.socket_folder / "kernel.json"))
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        env=dict(KERNEL_ENVIRONMENT),
        display_name="Python 3",
        language="python",
    )
    socket = progress.socket_folder / "s"
    if sys.platform != "win32" and len(str(socket)) < 90:  # the system's limit for a socket's name is 104 or 108
        manager.transport = "ipc"
        manager.ip = str(socket)
    start = manager.start_kernel

    async def start_here(**options: Any) -> None:
        progress.log = progress.socket_folder / "stderr.log"
        with progress.log.open("wb") as log:
            await start(**{**options, "cwd": str(progress.cwd), "stdout": log, "stderr": log})

    manager.start_kernel = start_here
    return manager


def _remove_banners(notebook: Any) -> None:
    """Take out the two cells Papermill adds to a failed notebook: they move the cells and speak English only."""
    tag = "papermill-error-cell-tag"
    notebook.cells = [cell for cell in notebook.cells if tag not in cell.metadata.get("tags", [])]


def _stopped(progress: _Progress, scrub: Scrubber, kind: FailureKind, error: str, message: str) -> Failure:
    lines: list[str] = []
    if kind == "kernel-died" and progress.log is not None and progress.log.exists():
        lines = progress.log.read_text(encoding="utf-8", errors="replace").splitlines()
    number, source = _code_cell(progress)
    return Failure(
        kind=kind,
        error=error,
        message=scrub.text(message),
        cell=number,
        source=source,
        traceback=_short(lines, scrub),
    )


def _cell_failure(progress: _Progress, scrub: Scrubber, name: str, value: str, traceback: list[str]) -> Failure:
    number, source = _code_cell(progress)
    lines = "\n".join(traceback).splitlines()
    return Failure(
        kind="cell",
        error=clean(name),
        message=clean(scrub.text(without_colours(value))),
        cell=number,
        source=source,
        traceback=_short(lines, scrub),
    )


def _short(lines: list[str], scrub: Scrubber) -> tuple[str, ...]:
    kept = [clean(scrub.text(without_colours(line))) for line in lines if line.strip()]
    return tuple(kept[-_TRACEBACK_LINES:])


def _code_cell(progress: _Progress) -> tuple[int | None, str]:
    """Find the failing cell's number among the code cells of the notebook file; the injected cell is not in it."""
    if progress.notebook is None or progress.cell is None:
        return None, ""
    cells = progress.notebook.cells[: progress.cell + 1]
    own = [c for c in cells if c.cell_type == "code" and "injected-parameters" not in c.metadata.get("tags", [])]
    first = next((line for line in cells[-1].source.splitlines() if line.strip()), "")
    return len(own), clean(first.strip())
