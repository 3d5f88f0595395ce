from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "tables.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_page_of_the_documentation_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The example of docs/how-to/tables.md: from its table to its figure in ten lines."""
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text(block("csv"), encoding="utf-8")
    code = block("python")
    assert len([line for line in code.splitlines() if line]) <= 10
    exec(compile(code, str(PAGE), "exec"), {})
    assert "47.03" in capsys.readouterr().out  # (0.9 x 125 + 71 + 86) / 573
    assert Path("comparison.svg").read_text(encoding="utf-8").lstrip().startswith(("<svg", "<?xml"))
