"""The demonstration of the methods runs from its first cell to its last, and its growth is the official one."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from trial import ROOT

pytestmark = pytest.mark.slow


def test_it_runs_and_gives_the_official_growth(tmp_path: Path) -> None:
    made = tmp_path / "made.ipynb"
    papermill.execute_notebook(
        ROOT / "notebooks/methods_demo.ipynb", made, cwd=ROOT / "notebooks", progress_bar=False, kernel_name="python3"
    )
    texts = {
        cell["id"]: str(output.get("data", {}).get("text/plain", ""))
        for cell in nbformat.read(made, as_version=4)["cells"]
        for output in cell.get("outputs", [])
    }
    growth = [row.split() for row in texts["demo-18"].splitlines()[1:]]
    official = [4.0, 1.9, 3.0, 0.5, -3.5, -3.3, 1.3, 1.8, 1.2, -3.3, 4.8]
    assert [round(float(row[2]) + 0.0, 1) for row in growth] == pytest.approx(
        official, abs=0.051
    )  # printed to two decimals in the notebook
    assert "adb_exact" in texts["demo-10"]
    assert sys.executable not in made.read_text(encoding="utf-8")
