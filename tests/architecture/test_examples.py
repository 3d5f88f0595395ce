"""Every example of the documentation runs as it stands: those in docstrings, and the Python blocks of the pages."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from dxanalysis.project import Project
from forecast.replays import diffusion
from reports.compare.trial_report import OLD_ROWS, REVISED, TrialReport
from trial import ROOT, Archive

PACKAGE = ROOT / "src"
WITH_EXAMPLES = [
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE)
]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
WITH_BLOCKS = {
    path.relative_to(ROOT).as_posix(): "\n".join(BLOCK.findall(text))
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if BLOCK.search(text := path.read_text(encoding="utf-8"))
}
ELSEWHERE = {
    "docs/how-to/safety.md",  # asks an office's server, with its key
    "docs/how-to/tables.md",  # tests/accounts/tables/readers/test_how_to.py
    "docs/methods/attribution.md",  # below: it needs a report that was made twice
}
TABLE = """code,46,58,61,95,Households,Exports,Total use
46,10,5,5,2,150,28,200
58,4,8,6,1,50,31,100
61,6,7,20,2,60,25,120
95,2,1,2,1,30,4,40
Value added,178,79,87,34
Output,200,100,120,40
"""


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_of_a_docstring_run_and_give_what_they_show(module: str) -> None:
    found = doctest.testmod(import_module(module), optionflags=doctest.ELLIPSIS, raise_on_error=False)
    assert found.attempted > 0
    assert found.failed == 0


def test_what_is_used_first_has_an_example() -> None:
    assert {"dxanalysis.forecast", "dxanalysis.accounts.quarterly.disaggregate"} <= set(WITH_EXAMPLES)


@pytest.mark.parametrize("page", sorted(WITH_BLOCKS.keys() - ELSEWHERE))
def test_the_blocks_of_a_page_run_one_after_the_other(
    page: str, real_project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(real_project.root)
    Path("my_table.csv").write_text(TABLE, encoding="utf-8")
    diffusion(24).assign(indicator="internet").to_csv("panel.csv", index=False)
    exec(compile(WITH_BLOCKS[page], page, "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.slow
def test_the_split_of_a_change_runs_as_its_page_shows(
    make_archive: Callable[[str], Archive], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = TrialReport(make_archive("project")).start()
    made.version()
    made.archive.observations(OLD_ROWS + REVISED)
    made.version()
    report = made.root / "reports" / "attainment" / "language-en_region-VN"  # of which the page speaks
    report.parent.mkdir()
    made.report.rename(report)
    monkeypatch.chdir(made.root)
    exec(compile(WITH_BLOCKS["docs/methods/attribution.md"], "attribution.md", "exec"), {})
    assert "forecast 80" in capsys.readouterr().out
