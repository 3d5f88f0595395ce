"""The warm engine with notebooks as they come: well-behaved, careless and hostile."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dxanalysis.reports.engine.execute import Execution, execute
from dxanalysis.reports.engine.server import WarmServer, can_fork, shared
from dxanalysis.reports.engine.warm import DEFAULT_MODULES
from trial import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="this system cannot copy a process that has large libraries loaded"),
]

# What a cell does -> what the notebook then shows, in its outputs.
FINE = {
    "print('a')\nimport sys\nprint('b', file=sys.stderr)\nprint('c')": "a",
    "import os\nos.system('echo from a child')": "from a child",
    "!echo from a shell": "from a shell",
    "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(6 * 7)'])": "42",
    "import threading\nt = threading.Thread(target=print, args=('thread',)); t.start(); t.join()": "thread",
    "import multiprocessing as m\nm.get_context('fork').Pool(2).map(abs, [-1, 2])": "[1, 2]",
    "import multiprocessing as m\nm.get_context('spawn').Pool(1).map(abs, [-3])": "[3]",
    "from concurrent.futures import ProcessPoolExecutor\nwith ProcessPoolExecutor(2) as e: print(list(e.map(abs, [-7])))": "[7]",
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'": "awaited",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()": "image/png",
    "import pandas as pd\npd.DataFrame({'a': [1]})": "<table",
    "from IPython.display import display, clear_output\nprint('gone'); clear_output()\nh = display('one', display_id=True); h.update('two')": "two",
    "try:\n    input('?')\nexcept Exception as e:\n    print(type(e).__name__)": "StdinNotImplementedError",
    "import warnings\nwarnings.warn('careful')": "careful",
    "import gc, numpy as np\ngc.collect(); np.ones(10**6).sum()": "1000000.0",
    "import signal, os\nsignal.signal(signal.SIGUSR1, lambda *_: print('caught')); os.kill(os.getpid(), signal.SIGUSR1)": "caught",
    "import sys\nsys.exit(0)": "SystemExit",
}


def _run(make_notebook, tmp_path: Path, *cells: str, **options: object) -> Execution:
    return execute(make_notebook("n", *cells), tmp_path / "o.ipynb", {}, cwd=tmp_path, **options)  # type: ignore[arg-type]


def _shown(execution: Execution, cell: int = -1) -> str:
    code = [c for c in execution.notebook["cells"] if c["cell_type"] == "code"]
    return json.dumps(code[cell]["outputs"], ensure_ascii=False)


def test_all_that_a_notebook_may_do_is_shown(make_notebook, tmp_path: Path) -> None:
    execution = _run(make_notebook, tmp_path, *FINE)
    assert execution.failure is None
    shown = [_shown(execution, number) for number in range(-len(FINE), 0)]
    missing = {cell: output for (cell, wanted), output in zip(FINE.items(), shown, strict=True) if wanted not in output}
    assert missing == {}
    assert "gone" not in shown[list(FINE).index(next(c for c in FINE if "clear_output" in c))]


@pytest.mark.parametrize(
    ("cell", "kind", "told"),
    [
        ("1 / 0", "cell", "division by zero"),
        ("import sys\nsys.exit(3)", "cell", "3"),
        ("import numpy as np\nnp.ones(4 * 10**9)", "memory", "allocate"),
        ("x = []\nwhile True: x.append(bytearray(50_000_000))", "memory", ""),
        ("import os\nos._exit(4)", "kernel-died", "ended with status 4"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "kernel-died", "memory ran out"),
        ("import ctypes\nctypes.string_at(0)", "kernel-died", "crashed (signal 11)"),
        ("import time\nprint('before', flush=True)\ntime.sleep(100)", "timeout", "did not finish within"),
        ("while True: pass", "timeout", "did not finish within"),
        (
            "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
            "timeout",
            "finish",
        ),
    ],
)
def test_a_notebook_that_goes_wrong_is_told_with_its_cell(
    make_notebook, tmp_path: Path, cell: str, kind: str, told: str
) -> None:
    shared().wait()  # what it loads is not the notebook's time
    began = time.monotonic()
    timeout = 2.0 if kind == "timeout" else 30.0
    execution = _run(make_notebook, tmp_path, "'fine'", cell, "'not reached'", timeout=timeout, memory=400)
    assert time.monotonic() - began < 30
    assert execution.failure is not None
    assert (execution.failure.kind, execution.failure.cell) == (kind, 3)
    assert told in execution.failure.message
    assert "fine" in _shown(execution, -3)
    assert _shown(execution) == "[]"
    assert "before" not in cell or "before" in _shown(execution, -2)


def test_a_kernel_that_the_notebook_left_is_told(make_notebook, tmp_path: Path) -> None:
    failure = _run(make_notebook, tmp_path, "exit()", "'after'").failure
    assert failure is not None
    assert (failure.kind, failure.cell, failure.message) == ("kernel-died", 3, "the kernel died: the notebook ended it")


def test_much_text_is_cut_and_counted(make_notebook, tmp_path: Path) -> None:
    execution = _run(make_notebook, tmp_path, "for _ in range(100): print('x' * 1_000_000)", "'after'")
    assert execution.failure is None
    text = "".join(json.loads(_shown(execution, -2))[0]["text"])
    left_out = int(re.search(r"\[([\d,]+) more characters", text)[1].replace(",", ""))  # type: ignore[index]
    assert text.count("x") + text.count("\n", 0, text.index("[")) - 1 + left_out == 100 * 1_000_001
    assert len(text) < 17 * 1024 * 1024
    assert "after" in _shown(execution)


def test_nothing_of_one_run_reaches_the_next(make_notebook, tmp_path: Path) -> None:
    spoil = "import os, sys, pandas\nos.environ['SPOILT'] = '1'\npandas.SPOILT = 1\nsys.path.insert(0, 'spoilt')"
    assert _run(make_notebook, tmp_path, spoil).failure is None
    look = "import os, sys, pandas\n[os.environ.get('SPOILT'), hasattr(pandas, 'SPOILT'), 'spoilt' in sys.path]"
    assert "[None, False, False]" in _shown(_run(make_notebook, tmp_path, look))


def test_random_numbers_differ_between_runs(make_notebook, tmp_path: Path) -> None:
    cell = "import random, numpy\n(random.random(), numpy.random.random())"
    assert _shown(_run(make_notebook, tmp_path, cell)) != _shown(_run(make_notebook, tmp_path, cell))


def test_the_end_of_a_notebook_ends_all_it_started(make_notebook, tmp_path: Path) -> None:
    cell = "import subprocess\nprint('pid', subprocess.Popen(['sleep', '300']).pid)"
    pid = int(re.search(r"pid (\d+)", _shown(_run(make_notebook, tmp_path, cell)))[1])  # type: ignore[index]
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]:
            return  # dead, and waiting for its new parent to notice
        time.sleep(0.05)
    pytest.fail("the notebook's child outlived it")


def test_the_warm_process_has_one_thread_and_no_socket_but_ours() -> None:
    server = WarmServer((*DEFAULT_MODULES, "pyarrow", "duckdb", "typst"))
    try:
        server.wait()
        process = Path(f"/proc/{server._process.pid}")
        threads = [(task / "comm").read_text() for task in (process / "task").iterdir()]
        links = [str(path.readlink()) for path in (process / "fd").iterdir()]
    finally:
        server.stop()
    assert len(threads) == 1, threads
    assert len([link for link in links if link.startswith("socket:")]) <= 3, "its control and the two ends of its alarm"


def test_a_kernel_follows_whoever_asked_for_it(make_notebook, tmp_path: Path) -> None:
    notebook = make_notebook("n", "import os, time\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: pass")
    code = (
        "import sys; from pathlib import Path; from dxanalysis.reports.engine.execute import execute\n"
        f"execute(Path({str(notebook)!r}), Path('o.ipynb'), {{}}, cwd=Path('.').absolute())"
    )
    asking = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    pid = _appears(tmp_path / "pid")
    asking.kill()
    asking.wait()
    for _ in range(200):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the kernel went on without the process that asked for it")


def _appears(path: Path) -> int:
    for _ in range(600):
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.05)
    raise AssertionError(f"{path.name} did not appear")


@pytest.mark.parametrize("engine", [[], ["--engine", "dxanalysis"]])
def test_papermill_itself_may_pick_the_engine(make_notebook, tmp_path: Path, engine: list[str]) -> None:
    notebook = make_notebook("n", "region + '!'")
    out = tmp_path / "out.ipynb"
    command = [
        sys.executable,
        "-m",
        "papermill",
        *engine,
        "-k",
        "python3",
        "-l",
        "python",
        "--no-progress-bar",
        "-p",
        "region",
        "Huế",
    ]
    done = subprocess.run([*command, str(notebook), str(out)], capture_output=True, text=True, cwd=ROOT, timeout=100)
    assert done.returncode == 0, done.stderr
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    assert cells[-1]["outputs"][0]["data"]["text/plain"] == ["'Huế!'"]
    assert cells[-1]["metadata"]["papermill"]["status"] == "completed"


def test_papermill_tells_a_fault_the_same_way(make_notebook, tmp_path: Path) -> None:
    notebook = make_notebook("n", "1 / 0")
    command = [sys.executable, "-m", "papermill", "-k", "python3", "-l", "python", "--engine", "dxanalysis"]
    paths = [str(notebook), str(tmp_path / "out.ipynb")]
    done = subprocess.run([*command, *paths], capture_output=True, text=True, cwd=ROOT, timeout=100)
    assert done.returncode == 1
    assert "ZeroDivisionError: division by zero" in done.stderr
