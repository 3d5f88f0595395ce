from __future__ import annotations

import json
from pathlib import Path

import pytest

from dxanalysis.reports.engine.execute import execute
from dxanalysis.reports.recording.record import read_record

pytestmark = pytest.mark.slow

# Written in pieces: a committed file holds no machine path.
HOME = "/" + "home" + "/anna"


def test_a_notebook_is_run_with_its_parameters_and_leaves_no_trace_of_the_machine(
    make_notebook, tmp_path: Path
) -> None:
    notebook = make_notebook(
        "n",
        "from dxanalysis.reports.recording.recorder import Recorder\nr = Recorder()\n"
        "r.meta(title='Xin chào ' + region, language=language)\nr.headline('a', '**12,66 %**', 'good')",
        "import os, sys, threading\nprint(os.getcwd(), sys.executable)\n"
        "r.value('env', ' '.join(os.environ[k] for k in ('OMP_NUM_THREADS', 'PYTHONHASHSEED', 'MPLBACKEND')), '', 'x')\n"
        "r.note(os.getcwd())",
    )
    output = tmp_path / "out.ipynb"
    execution = execute(notebook, output, {"region": "Đà Nẵng '\"\\n{x}"}, cwd=tmp_path)
    assert execution.failure is None
    record = read_record(json.loads(output.read_text(encoding="utf-8")))
    assert record == read_record(execution.notebook)
    assert record.meta.title == "Xin chào Đà Nẵng '\"\\n{x}"
    assert [getattr(item, "value", item.text) for item in record.items] == ["**12,66 %**", "1 0 agg", "."]
    text = output.read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert "python\\n" in text
    assert '"input_path": "n.ipynb"' in text


def test_a_failing_cell_is_named_and_the_notebook_kept(make_notebook, tmp_path: Path) -> None:
    notebook = make_notebook("n", "x = 1", f"\nopen('{HOME}/secret.csv')", "print('not reached')")
    output = tmp_path / "out.ipynb"
    failure = execute(notebook, output, {"region": "VN"}, cwd=tmp_path).failure
    assert failure is not None
    assert (failure.kind, failure.cell, failure.error) == ("cell", 3, "FileNotFoundError")
    assert failure.message == "[Errno 2] No such file or directory: '~/secret.csv'"
    assert failure.source.startswith("open(")
    assert any("Cell In[" in line for line in failure.traceback)
    assert not any("\x1b" in line or HOME in line for line in failure.traceback)
    cells = json.loads(output.read_text(encoding="utf-8"))["cells"]
    assert [cell["cell_type"] for cell in cells] == ["code"] * 5, "no banner of the engine's own"
    assert str(failure).startswith("code cell 3 (open(")


@pytest.mark.parametrize(
    ("cell", "timeout", "kind", "told"),
    [
        ("import os\nos.write(2, b'out of memory')\nos._exit(3)", 60, "kernel-died", "the kernel died"),
        ("import time\ntime.sleep(60)", 2, "timeout", "the notebook did not finish within 2 s"),
    ],
)
def test_a_dead_or_endless_kernel_is_a_failure(
    make_notebook, tmp_path: Path, cell: str, timeout: float, kind: str, told: str
) -> None:
    failure = execute(make_notebook("n", cell), tmp_path / "o.ipynb", {}, cwd=tmp_path, timeout=timeout).failure
    assert failure is not None
    assert (failure.kind, failure.cell) == (kind, 2)
    assert told in failure.message
    assert kind == "timeout" or "out of memory" in failure.traceback[-1]
