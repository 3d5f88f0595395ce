"""The demonstration of the methods runs from its first cell to its last in every language, year and definition that it names."""

from __future__ import annotations

import json
import re
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from dxanalysis.accounts.definitions import registry
from dxanalysis.i18n import texts
from dxanalysis.reports.engine.execute import Execution, execute
from dxanalysis.reports.planning.parameters import read_parameters
from dxanalysis.reports.recording.items import Figure, Table
from dxanalysis.reports.recording.record import Record, read_record
from pages.conftest import cells_of
from trial import ROOT

pytestmark = pytest.mark.slow

NOTEBOOK = ROOT / "notebooks/methods_demo.ipynb"
OFFICIAL = [4.0, 1.9, 3.0, 0.5, -3.5, -3.3, 1.3, 1.8, 1.2, -3.3, 4.8]


def _run(folder: Path, **parameters: str | int) -> tuple[Execution, Path]:
    made = folder / "made.ipynb"
    return execute(NOTEBOOK, made, parameters, cwd=NOTEBOOK.parent), made


def _tables(made: Path) -> tuple[Record, dict[str, Table]]:
    record = read_record(json.loads(made.read_text(encoding="utf-8")))
    return record, {item.name: item for item in record.items if isinstance(item, Table)}


def _named() -> list[str]:
    """Definitions that the notebook says work as it is."""
    (line,) = (
        line
        for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
        for line in cell["source"]
        if line.startswith("definition: ")
    )
    return [name for name in re.findall(r"\w+", line) if name in registry()]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_runs_and_gives_the_official_growth(tmp_path: Path, language: str) -> None:
    execution, made = _run(tmp_path, language=language)
    assert execution.failure is None, execution.failure
    record, tables = _tables(made)
    t = texts(language)
    assert record.meta.language == language
    assert [round(float(row[1] or 0), 1) for row in tables["example_growth"].values] == OFFICIAL
    assert tables["table"].rows[2][1] == t.percent(100, 1)
    methods = [row[0] for row in tables["methods"].rows]
    assert t("pages.example.method_adb_exact") in methods
    (figure,) = (item for item in record.items if isinstance(item, Figure) and item.name == "methods")
    assert figure.data is not None
    assert [row[1] for row in figure.data.rows] == methods
    assert t("pages.reason.needs_ict_capital") in tables["methods"].note
    shown = "".join(cell for table in tables.values() for row in table.rows for cell in row)
    assert not re.search(r"adb_exact|input_coefficient|np\.|\{", shown)
    assert sys.executable not in made.read_text(encoding="utf-8")


# The years in which cells of the supply table are negative or pass an industry's output: that is so whatever the definition.
@pytest.mark.parametrize(("definition", "year"), list(zip(_named(), cycle([2010, 2011, 2015]), strict=False)))
def test_it_runs_with_what_it_names(definition: str, year: int) -> None:
    """Without a kernel, which the tests above and below have: the tables of all years are then read once."""
    names: dict[str, Any] = {}
    for source, has_parameters in cells_of("methods_demo"):
        exec(compile(source, "methods_demo.ipynb", "exec"), names)
        if has_parameters:
            names |= {"definition": definition, "year": year}
    record = names["recorder"].record()
    tables = {item.name: item for item in record.items if isinstance(item, Table)}
    assert str(year) in record.meta.title
    assert str(year) in tables["methods"].caption
    fits = {row[0]: row[2] for row in tables["definitions"].rows}
    assert fits[definition].startswith("dùng được")
    assert set(fits) == set(registry())
    assert {name for name, text in fits.items() if text.startswith("dùng được")} == set(_named())


@pytest.mark.parametrize(
    ("definition", "said"), [("oecd_digital_industries", "ratios={"), ("bea_2022", "It has codes of bea2017")]
)
def test_another_definition_is_refused_with_what_it_would_need(tmp_path: Path, definition: str, said: str) -> None:
    execution, _ = _run(tmp_path, definition=definition)
    assert execution.failure is not None
    assert said in str(execution.failure)


def test_every_parameter_is_declared() -> None:
    assert set(read_parameters(NOTEBOOK)) == {"year", "definition", "language"}
