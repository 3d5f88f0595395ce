"""Which modules a notebook reaches: on a small library with every way of importing, and on the real one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.versions.cells import normal_cell, read_cells
from dxanalysis.reports.versions.modules import CodeDigests, reached
from dxanalysis.reports.versions.sources import Sources
from trial import ROOT

LIBRARY = {
    "__init__": "__version__ = '1'",
    "base": "X = 1",
    "lone": "Y = 2",
    "shelf/__init__": "from lib.shelf import a, b\nfrom lib.shelf.c import value as value\nfrom lib.shelf.d import *\nfrom lib.shelf.e import made\n\nREADY = made()",
    "shelf/a": "from lib.base import X",
    "shelf/b": "import lib.lone",
    "shelf/c": "value = 3",
    "shelf/d": "star = 4",
    "shelf/e": "def made():\n    from lib.deep.inner import leaf\n    return leaf",
    "shelf/f": "unnamed = 5",
    "deep/__init__": "",
    "deep/inner/__init__": "from .leaf import leaf",
    "deep/inner/leaf": "from ...base import X as leaf",
    "lazy/__init__": (
        "from importlib import import_module\n_HOMES = {'thing': 'lib.lazy.home'}\n\n"
        "def __getattr__(name):\n    return getattr(import_module(_HOMES[name]), name)"
    ),
    "lazy/home": "thing = 1",
    "lazy/other": "thing = 2",
    "acting/__init__": "from lib.acting import patch, quiet",
    "acting/patch": "import lib.base\n\nlib.base.X = 2",
    "acting/quiet": "Z = 1",
    "computed": "from importlib import import_module\n\ndef load(name):\n    return import_module('lib.' + name)",
    "typed": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from lib.lone import Y",
    "broken": "def (",
    "space/module": "from lib import base",
}  # fmt: skip
DATA = {
    "shelf/words.toml": "a = 1",
    "shelf/parts/page.css": "p {}",
    "deep/inner/table.json": "{}",
    "shelf/notes.md": "x",
}

Reach = Callable[..., set[str]]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in LIBRARY.items():
        path = tmp_path / "lib" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    for name, text in DATA.items():
        path = tmp_path / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "lib"


@pytest.fixture
def reach(library: Path) -> Reach:
    def find(*cells: str) -> set[str]:
        found = reached([normal_cell(cell) for cell in cells], Sources([library]), makers=())
        return {name.removeprefix("lib.") for name in found.modules} - {"lib"}

    return find


SHELF = {
    "shelf",
    "shelf.d",
    "shelf.e",
    "deep",
    "deep.inner",
    "deep.inner.leaf",
    "base",
}  # what its __init__ uses by itself


@pytest.mark.parametrize(
    ("cell", "modules"),
    [
        ("import numpy as np", set()),
        ("import lib", set()),
        ("from lib import base", {"base"}),
        ("import lib.base", {"base"}),
        ("import lib\nlib.base.X", {"base"}),
        ("import lib.base as b\nb.X", {"base"}),
        ("from lib.base import X", {"base"}),
        ("def f():\n    from lib import lone\n    return lone", {"lone"}),
        ("from lib import shelf", SHELF),
        ("from lib import shelf\nshelf.a.X", SHELF | {"shelf.a"}),
        ("from lib import shelf\nshelf.value", SHELF | {"shelf.c"}),
        ("from lib.shelf import value", SHELF | {"shelf.c"}),
        ("from lib.shelf import a as shortened\nshortened", SHELF | {"shelf.a"}),
        ("import lib.shelf.f", SHELF | {"shelf.f"}),
        ("from lib.deep.inner import leaf", {"deep", "deep.inner", "deep.inner.leaf", "base"}),
        ("from lib.deep import inner\ninner.leaf", {"deep", "deep.inner", "deep.inner.leaf", "base"}),
        ("from lib.lazy import thing", {"lazy", "lazy.home"}),
        ("from lib import typed", {"typed"}),
        ("from lib.space import module", {"space.module", "base"}),
        ("%time from lib import base", {"base"}),
        ("from lib import shelf\n%time shelf.b.Y", SHELF | {"shelf.b", "lone"}),
        # What its __init__ gathers is not named, but it changes another module when it is imported.
        ("from lib import acting\nacting.quiet.Z", {"acting", "acting.quiet", "acting.patch", "base"}),
    ],
)
def test_what_is_reached(reach: Reach, cell: str, modules: set[str]) -> None:
    assert reach(cell) == modules


WHOLE_SHELF = SHELF | {"shelf.a", "shelf.b", "shelf.c", "shelf.f", "lone"}


@pytest.mark.parametrize(
    "cell",
    [
        "from lib import shelf\nf(shelf)",
        "from lib import shelf\ngetattr(shelf, name)",
        "from lib import shelf\nother = shelf\nother.a",
        "from lib import shelf\nshelf.nobody_knows",
        "from lib.shelf import *",
        "from lib.shelf import nobody_knows",
        "from lib import shelf\n!echo {shelf}",
    ],
)
def test_in_doubt_the_whole_package_is_reached(reach: Reach, cell: str) -> None:
    assert reach(cell) == WHOLE_SHELF


@pytest.mark.parametrize(
    "cell",
    [
        "from lib import computed",
        "import importlib\nimportlib.import_module(name)",
        "exec(text)",
        "eval('1')",
        "%run other.py",
        "from lib import broken",
        "this is no python",
        "%%html\n<p>lib</p>",
        "import lib.gone",
    ],
)
def test_what_cannot_be_seen_counts_as_everything(reach: Reach, cell: str, library: Path) -> None:
    # A package without __init__ has no source of its own.
    assert reach(cell) == {name.removesuffix("/__init__").replace("/", ".") for name in LIBRARY} - {"__init__"}


def test_cells_share_their_names(reach: Reach) -> None:
    assert reach("from lib import shelf", "shelf.a.X") == SHELF | {"shelf.a"}


def test_data_files_belong_to_the_package_that_is_reached(library: Path) -> None:
    found = reached([normal_cell("from lib import shelf")], Sources([library]), makers=())
    assert set(found.data) == {"lib/shelf/words.toml", "lib/shelf/parts/page.css", "lib/deep/inner/table.json"}
    assert not reached([normal_cell("from lib import base")], Sources([library]), makers=()).data


def test_makers_count_for_every_notebook(library: Path) -> None:
    assert set(reached([], Sources([library]), makers=("lib.deep",)).modules) == {
        "lib", "lib.deep", "lib.deep.inner", "lib.deep.inner.leaf", "lib.base",
    }  # fmt: skip


def test_a_module_beside_the_notebook_counts(library: Path, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("from lib import lone\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "part.py").write_text("import own\n")
    cells = [normal_cell("from mine import part")]
    found = reached(cells, Sources([library], beside=[tmp_path]), makers=())
    assert set(found.modules) == {"mine.part", "own", "lib", "lib.lone"}
    assert not reached(cells, Sources([library]), makers=()).modules


# ---- the digest and its cache


@pytest.fixture
def code(library: Path, make_notebook, tmp_path: Path) -> Callable[[], str]:
    notebook = make_notebook("n", "from lib import shelf\nshelf.a.X")

    def digest() -> str:
        codes = CodeDigests([library], folder=tmp_path / ".cache", makers=())
        found = codes.of(notebook)
        codes.save()
        assert found == CodeDigests([library], makers=()).of(notebook), "with the cache and without it is the same"
        return found

    return digest


def age(library: Path) -> None:
    """Make all files old enough for the cache."""
    before = time.time() - 3600
    for path in library.rglob("*"):
        os.utime(path, (before, before))


@pytest.mark.parametrize("old", [True, False], ids=["cached", "too new for the cache"])
@pytest.mark.parametrize(
    ("name", "text", "stale"),
    [
        ("shelf/a.py", "# why\n\nfrom lib.base import (\n    X,\n)\n", False),
        ("shelf/a.py", "from lib.base import X\r\n", False),
        ("shelf/a.py", "from lib.base import X\nZ = 1\n", True),
        ("base.py", "X = 2\n", True),
        ("shelf/__init__.py", LIBRARY["shelf/__init__"] + "\nOTHER = 1\n", True),
        ("shelf/words.toml", "a = 2", True),
        ("shelf/parts/new.typ", "x", True),
        ("shelf/notes.md", "y", False),
        ("lone.py", "Y = 3\n", False),
        ("shelf/b.py", "Y = 4\n", False),
        ("lazy/home.py", "thing = 9\n", False),
        ("acting/new.py", "A = 1\n", False),
    ],
)
def test_only_a_change_of_what_is_reached_makes_stale(
    code: Callable[[], str], library: Path, name: str, text: str, stale: bool, old: bool
) -> None:
    if old:
        age(library)
    before = code()
    assert code() == before
    (library / name).write_bytes(text.encode())
    assert (code() != before) is stale


def test_words_that_belong_to_every_report_count(library: Path, make_notebook) -> None:
    notebook = make_notebook("n", "1")
    one, other = (CodeDigests([library], makers=(), extra={"a": word}).of(notebook) for word in ("x", "y"))
    assert one != other


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"schema": 1}', b'{"schema": 1, "home": "x", "files": {}}', b"[" * 100_000]
)
@pytest.mark.parametrize("name", ["modules.json", "codes.json"])
def test_a_damaged_or_foreign_cache_is_passed_over(
    code: Callable[[], str], library: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    age(library)
    before = code()
    (tmp_path / ".cache" / name).write_bytes(content)
    assert code() == before


def test_a_cache_whose_entries_were_meddled_with_is_passed_over(
    code: Callable[[], str], library: Path, tmp_path: Path
) -> None:
    age(library)
    before = code()
    path = tmp_path / ".cache" / "modules.json"
    plain = json.loads(path.read_text())
    for key in plain["files"]:
        plain["files"][key] = [1, "2", 3, {"imports": 5}]
    path.write_text(json.dumps(plain))
    (tmp_path / ".cache" / "codes.json").unlink()
    assert code() == before


def test_the_cache_tells_of_no_machine(code: Callable[[], str], library: Path, tmp_path: Path) -> None:
    age(library)
    code()
    for path in (tmp_path / ".cache").iterdir():
        assert str(tmp_path) not in path.read_text()
        assert not re.search(r"/(home|tmp|root|work)\b", path.read_text())


def test_a_cache_of_another_place_is_not_believed(library: Path, make_notebook, tmp_path: Path) -> None:
    age(library)
    notebook = make_notebook("n", "from lib import base")
    codes = CodeDigests([library], folder=tmp_path / ".cache", makers=())
    codes.of(notebook)
    codes.save()
    other = tmp_path / "elsewhere" / "lib"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text(LIBRARY["__init__"])
    (other / "base.py").write_text("X = 7\n")  # as long as the first, and as old
    age(other)
    there = CodeDigests([other], folder=tmp_path / ".cache", makers=())
    assert there.of(notebook) == CodeDigests([other], makers=()).of(notebook) != codes.of(notebook)


def test_a_reports_folder_that_cannot_be_written_to_is_no_hindrance(
    library: Path, make_notebook, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    codes = CodeDigests([library], folder=tmp_path / "file" / ".cache", makers=())
    assert codes.of(make_notebook("n", "1"))
    codes.save()


def test_a_notebook_that_is_gone_is_told(library: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"gone\.ipynb: the notebook cannot be read"):
        CodeDigests([library]).of(tmp_path / "gone.ipynb")


# ---- the real library

NOTEBOOKS = {
    "attainment": ("forecast.targets.verdict", "reports.versions.prune"),
    "backtest": ("forecast.backtest.replay", "accounts.linkages.solve"),
    "contribution": ("accounts.transfer", "forecast.fitting"),
    "data_quality": ("data.conflicts", "accounts.linkages.solve"),
}


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources([ROOT / "src/dxanalysis"], beside=[ROOT])


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_real_notebook_reaches_what_it_needs_and_not_the_rest(notebook: str, sources: Sources) -> None:
    found = reached(read_cells(ROOT / "notebooks" / f"{notebook}.ipynb"), sources)
    needed, other = NOTEBOOKS[notebook]
    assert f"dxanalysis.{needed}" in found.modules
    assert f"dxanalysis.{other}" not in found.modules
    assert {
        "dxanalysis.reports.outputs.html",
        "dxanalysis.reports.batch.build",
        "dxanalysis.i18n",
    } <= found.modules.keys()
    assert "dxanalysis/i18n/reports.vi.toml" in found.data
    assert not {name for name in found.modules if name.startswith(("dxanalysis.cli", "dxanalysis.reports.site"))}
    assert len(found.modules) < 0.6 * len(sources.modules)


def test_accounts_are_nothing_to_the_page_of_data_quality(sources: Sources) -> None:
    found = reached(read_cells(ROOT / "notebooks/data_quality.ipynb"), sources)
    assert not [name for name in found.modules if name.startswith("dxanalysis.accounts")]


IMPORTS = """
import pandas as pd
from dxanalysis import forecast
from dxanalysis.accounts import linkages, measures
from dxanalysis.accounts.worked_example import brazilian_table
"""
CALLS = """
table = brazilian_table(2021)
measures.compare_methods(table, ["ict_brazil"]).to_frame()
linkages.linkages(table)
panel = [(f"r{n}", year, 30 + 3 * (year - 2010) + n) for n in range(9) for year in range(2010, 2026)]
fitted = forecast.fit(pd.DataFrame(panel, columns=["region", "period", "value"]), bounds=(0, 100))
forecast.attainment(fitted.predict(horizon=5), target=80, at=2030)
"""
RUN = f"""
import sys
from pathlib import Path
{IMPORTS}
ran = set()
folder = str(Path("src/dxanalysis").absolute())
def trace(frame, event, argument):
    name = frame.f_code.co_filename
    if name.startswith(folder) and frame.f_code.co_flags & 2:  # a function, not the body of a module or class
        ran.add(name)
    return None
sys.settrace(trace)
{CALLS}
sys.settrace(None)
print("\\n".join(sorted(ran)))
"""


def test_every_module_whose_functions_a_notebook_calls_is_among_the_reached(sources: Sources, tmp_path: Path) -> None:
    """The static answer held against a run: nothing was called that the closure does not know."""
    script = tmp_path / "run.py"
    script.write_text(RUN)
    done = subprocess.run([sys.executable, str(script)], cwd=ROOT, capture_output=True, text=True, check=True)
    files = {name for name in done.stdout.splitlines() if name.endswith(".py")}
    assert len(files) > 50
    found = reached([normal_cell(IMPORTS + CALLS)], sources, makers=())
    known = {str(ROOT / "src" / name.replace(".", "/")) for name in found.modules}
    unknown = {f for f in files if f.removesuffix("/__init__.py").removesuffix(".py") not in known}
    assert not unknown
