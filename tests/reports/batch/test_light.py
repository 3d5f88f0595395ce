"""What a run with nothing to do loads: no library for data, notebooks, pages or clusters."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trial import Archive

CODE = """
import sys
from pathlib import Path
from dxanalysis.cli import batch
from dxanalysis.data.current import raw_state, up_to_date
from dxanalysis.project import find_project
from dxanalysis.reports.batch.make import make

home = find_project(Path(sys.argv[1]))
assert up_to_date(raw_state(home.raw), home.processed) is not None
ready = batch._ready(home, all_regions=True, schedule="")
result = make((), ready.settings(), digest_of=ready.digest_of, checks=ready.checks)
assert result.ok
heavy = {"pandas", "numpy", "pyarrow", "pandera", "matplotlib", "nbformat", "papermill", "duckdb", "distributed"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""


@pytest.mark.slow
def test_a_run_with_nothing_to_do_loads_little(archive: Archive, make_notebook) -> None:
    root = archive.project.root
    notebook = make_notebook("n", "x = 1")
    (root / "notebooks").mkdir()
    notebook.rename(root / "notebooks" / "n.ipynb")
    (root / "requirements.lock").write_text("")
    with (root / "dxanalysis.toml").open("a") as stream:
        stream.write('[[report.jobs]]\nnotebook = "n"\nregion = "34-52"\nlanguage = "vi"\n')
    subprocess.run([sys.executable, "-m", "dxanalysis", "ingest", "--project", root], check=True, capture_output=True)
    for _ in range(2):  # the first one writes the index
        done = subprocess.run([sys.executable, "-c", CODE, str(root)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
