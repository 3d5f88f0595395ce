"""A report does not depend on the engine: every notebook gives the same outputs in a warm kernel and in an ordinary one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dxanalysis.reports.engine.execute import Engine, execute
from dxanalysis.reports.planning.parameters import read_parameters
from trial import ROOT

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def _outputs(notebook: Path, folder: Path, engine: Engine) -> list[list[dict[str, Any]]]:
    parameters = {"draws": 1000} if "draws" in read_parameters(notebook) else {}
    output = folder / f"{engine}.ipynb"
    execution = execute(notebook, output, parameters, cwd=ROOT, engine=engine)
    assert execution.failure is None, execution.failure
    cells = json.loads(output.read_text(encoding="utf-8"))["cells"]
    return [_merged(cell["outputs"]) for cell in cells if cell["cell_type"] == "code"]


def _merged(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs without what chance decides: how a text was cut, and an object's address in memory."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream" and found and found[-1].get("name") == output["name"]:
            found[-1]["text"] += "".join(output["text"])
        elif output["output_type"] == "stream":
            found.append({**output, "text": "".join(output["text"])})
        else:
            found.append(json.loads(re.sub(r"0x[0-9a-f]{6,}", "0x", json.dumps(output))))
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_those_of_an_ordinary_kernel(notebook: Path, tmp_path: Path) -> None:
    warm, ordinary = (_outputs(notebook, tmp_path, engine) for engine in ("warm", "ordinary"))
    assert any(warm), "nothing to compare"
    assert warm == ordinary


CELLS = (
    "print('a')\nimport sys\nprint('b', file=sys.stderr)\n'last'",
    "import pandas as pd\ndisplay(pd.DataFrame({'x': [1.5, None]}))\npd.Series([1, 2])",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('t');",
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(2, 1))\nplt.show()\nprint(plt.get_backend())",
    "from IPython.display import HTML, Markdown, SVG, display\ndisplay(HTML('<b>x</b>'), Markdown('*y*'))",
    "h = display('first', display_id='d')\nh.update('second')",
    "_, __, _3, len(_ih), In[1][:5]",
    "def f(n):\n    return f(n - 1) if n else 1 / 0\ntry:\n    f(3)\nexcept ZeroDivisionError:\n    import traceback\n    print(len(traceback.format_exc().splitlines()))",
    "import warnings\nwarnings.warn('careful', FutureWarning)",
    "import os\nos.system('echo out; echo err >&2')",
    "%timeit -n1 -r1 -q -o 1\n__name__, __file__ if '__file__' in globals() else None",
    "import sys\nsys.path[0], sys.flags.utf8_mode, sys.stdout.isatty(), sys.stdout.encoding",
    "import asyncio\nasync def g():\n    return 7\nawait g(), asyncio.get_running_loop().is_running()",
    "class A:\n    def _repr_html_(self):\n        return '<i>a</i>'\nA()",
    "import logging\nlogging.getLogger('x').warning('logged')",
    "import this",
    "int('no number')",
)


def test_outputs_of_all_kinds_are_those_of_an_ordinary_kernel(
    make_notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # under it an ordinary kernel does not carry what child processes write
    notebook = make_notebook("n", *CELLS)
    found = {}
    for engine in ("warm", "ordinary"):
        output = tmp_path / f"{engine}.ipynb"
        execution = execute(notebook, output, {}, cwd=tmp_path, engine=engine)  # type: ignore[arg-type]
        assert execution.failure is not None
        assert execution.failure.error == "ValueError"
        cells = json.loads(output.read_text(encoding="utf-8"))["cells"]
        found[engine] = [
            (c["source"], c["execution_count"], _merged(c["outputs"])) for c in cells if c["cell_type"] == "code"
        ]
    for warm, ordinary in zip(found["warm"], found["ordinary"], strict=True):
        if "os.system" in "".join(warm[0]):
            # An ordinary kernel carries what child processes write by a thread: where that stands among outputs is its chance.
            assert sorted(map(str, warm[2])) == sorted(map(str, ordinary[2]))
        else:
            assert warm == ordinary
