"""A thin adapter over Papermill: run one notebook, and say clearly what went wrong.

Cells run in a kernel copied from a warm process, or, where the system cannot copy processes, in an ordinary one. No path of this
machine stays in the result.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from dxanalysis.reports.engine import grammars, ordinary, warm
from dxanalysis.reports.engine.failure import Failure, FailureKind
from dxanalysis.reports.engine.limits import Limits
from dxanalysis.reports.engine.ordinary import Progress
from dxanalysis.reports.engine.papermill_engine import WarmEngine
from dxanalysis.reports.engine.server import KERNEL_ENVIRONMENT, can_fork, shared
from dxanalysis.reports.planning.parameters import ParameterValue
from dxanalysis.reports.scrub import Scrubber, without_colours
from dxanalysis.reports.text import clean, one_line

Engine = Literal["warm", "ordinary"]
NAME = "dxanalysis"
_TRACEBACK_LINES = 15
_START_TIMEOUT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """An executed notebook as a JSON object, as far as it came, and why it stopped."""

    notebook: dict[str, Any]
    failure: Failure | None


def execute(
    notebook: Path,
    output: Path,
    parameters: Mapping[str, ParameterValue],
    *,
    cwd: Path,
    timeout: float = 900.0,
    memory: int | None = None,
    engine: Engine = "warm",
    modules: Sequence[str] = warm.DEFAULT_MODULES,
    edition: str = "",
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
    memory
        MiB the notebook may use on top of what the libraries take; see :class:`dxanalysis.reports.engine.limits.Limits`.
    engine
        ``warm``, or ``ordinary`` for a kernel started for this notebook; where the system cannot copy processes it is ordinary always.
    modules, edition
        What a warm process has loaded, and the digest of its source; see :func:`dxanalysis.reports.engine.server.shared`.
    """
    with grammars.when_asked():
        import nbformat  # noqa: PLC0415  # heavy: whoever only asks whether a report is fresh must not load it
    import papermill  # noqa: PLC0415
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.engines import papermill_engines  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    papermill_engines.register(NAME, WarmEngine)
    ordinary.register()
    warmly = engine == "warm" and can_fork()
    scrub = Scrubber(cwd)
    failure: Failure | None = None
    untyped: Any = nbformat
    source = untyped.read(notebook, as_version=4)
    with tempfile.TemporaryDirectory(prefix="dx-", ignore_cleanup_errors=True) as folder:
        progress = Progress(deadline=time.monotonic() + timeout, folder=Path(folder), cwd=cwd)
        options: dict[str, Any] = {"progress": progress}
        if warmly:
            options |= {
                "server": None if warm.is_clean() else shared(modules, edition=edition),
                "environment": {**os.environ, **KERNEL_ENVIRONMENT},
                "kernel_cwd": cwd,
                "limits": Limits(seconds=timeout, memory=memory),
            }
            progress.log = Path(folder) / "stderr.log"
        try:
            with ordinary.own_event_loop():
                papermill.execute_notebook(
                    notebook,
                    None,
                    parameters=dict(parameters),
                    engine_name=NAME if warmly else ordinary.NAME,
                    kernel_name="python3",
                    language="python",
                    progress_bar=False,
                    log_output=False,
                    request_save_on_cell_execute=False,
                    start_timeout=_START_TIMEOUT,
                    **options,
                )
        except PapermillExecutionError as error:
            _remove_banners(progress.notebook)
            failure = _cell_failure(progress, scrub, error.ename, error.evalue, error.traceback)
        except CellTimeoutError:
            text = f"the notebook did not finish within {timeout:g} s"
            failure = _stopped(progress, scrub, "timeout", "TimeoutError", text)
        except (DeadKernelError, RuntimeError) as error:
            failure = _stopped(progress, scrub, "kernel-died", "KernelDied", _end(str(error), warmly))
    executed = progress.notebook if progress.notebook is not None else source
    plain = scrub.notebook(json.loads(json.dumps(executed)), notebook.name)
    output.write_text(untyped.v4.writes(untyped.from_dict(plain)) + "\n", encoding="utf-8", newline="\n")
    return Execution(notebook=cast("dict[str, Any]", plain), failure=failure)


def prepare() -> None:
    """Have the libraries do once what they do at first use, before copies are made: they compile the schema of notebooks."""
    import nbformat  # noqa: PLC0415

    untyped: Any = nbformat
    untyped.reads(untyped.writes(untyped.v4.new_notebook(cells=[untyped.v4.new_code_cell("")])), as_version=4)


def _end(message: str, warmly: bool) -> str:
    return message if warmly else f"the kernel died ({one_line(message)}); often it ran out of memory"


def _remove_banners(notebook: Any) -> None:
    """Take out the two cells Papermill adds to a failed notebook: they move the cells and speak English only."""
    tag = "papermill-error-cell-tag"
    notebook.cells = [cell for cell in notebook.cells if tag not in cell.metadata.get("tags", [])]


def _stopped(progress: Progress, scrub: Scrubber, kind: FailureKind, error: str, message: str) -> Failure:
    lines: list[str] = []
    if kind == "kernel-died" and progress.log is not None and progress.log.exists():
        lines = progress.log.read_text(encoding="utf-8", errors="replace").splitlines()
    number, source = _code_cell(progress)
    return Failure(
        kind=kind,
        error=error,
        message=scrub.text(message),
        cell=number,
        source=scrub.text(source),
        traceback=_short(lines, scrub),
    )


def _cell_failure(progress: Progress, scrub: Scrubber, name: str, value: str, traceback: list[str]) -> Failure:
    number, source = _code_cell(progress)
    lines = "\n".join(traceback).splitlines()
    return Failure(
        kind="memory" if name.endswith("MemoryError") else "cell",
        error=clean(name),
        message=clean(scrub.text(without_colours(value))),
        cell=number,
        source=scrub.text(source),
        traceback=_short(lines, scrub),
    )


def _short(lines: list[str], scrub: Scrubber) -> tuple[str, ...]:
    kept = [clean(scrub.text(without_colours(line))) for line in lines if line.strip()]
    return tuple(kept[-_TRACEBACK_LINES:])


def _code_cell(progress: Progress) -> tuple[int | None, str]:
    """Find the failing cell's number among the code cells of the notebook file; the injected cell is not in it."""
    if progress.notebook is None or progress.cell is None:
        return None, ""
    cells = progress.notebook.cells[: progress.cell + 1]
    own = [c for c in cells if c.cell_type == "code" and "injected-parameters" not in c.metadata.get("tags", [])]
    first = next((line for line in cells[-1].source.splitlines() if line.strip()), "")
    return len(own), clean(first.strip())
