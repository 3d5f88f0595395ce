"""The floors, the size of files, clean notebooks, and nothing of any machine in a committed file."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ipykernel.ipkernel import IPythonKernel

from trial import ROOT

PACKAGE = ROOT / "src/dxanalysis"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_floors() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_small_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text)), "a module begins with its idea"


def test_wings_do_not_draw_and_the_freshness_check_stays_light() -> None:
    code = (
        "import sys, dxanalysis.reports.versions.freshness, dxanalysis.data.slices, dxanalysis.project\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'nbformat', 'papermill', 'pyarrow', 'duckdb'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def code_cells(path: Path) -> list[str]:
    return [
        "".join(c["source"]) for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin_and_clean(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = code_cells(path)
    assert len(cells) <= 25
    for source in cells:
        tree = ast.parse(source)
        forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
        assert not [node for node in ast.walk(tree) if isinstance(node, forbidden)], source
        assert len(source.splitlines()) <= 8, source
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    tagged = [c for c in notebook["cells"] if "parameters" in c.get("metadata", {}).get("tags", [])]
    assert len(tagged) == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_jupyterlab_finds_nothing_to_change_in_a_notebook(path: Path) -> None:
    """What it writes on opening one: else the file counts as changed, and closing it asks to save. The version is the kernel's."""
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    told = {**IPythonKernel.language_info, "version": metadata["language_info"]["version"]}
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    assert metadata == {"kernelspec": kernel, "language_info": told}


def test_there_are_notebooks() -> None:
    assert {path.stem for path in NOTEBOOKS} >= {"contribution", "attainment", "data_quality"}


def test_no_committed_file_tells_of_a_machine_or_an_index() -> None:
    machine = re.compile(r"/(?:work|root|home/[a-z]+|Users/[A-Za-z]+)/[A-Za-z.]")
    index = re.compile(r"(?:index" r"-url|\"resolved\": \"http|registry" r" = )")
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path.name == Path(__file__).name:
            continue
        assert not machine.search(text), path
        assert not index.search(text), path
