"""A run in a world of its own: its code, store and day are those it was given, and what it said is remembered no longer than it holds."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest

import dxanalysis
from dxanalysis.data import slices
from dxanalysis.data.ingest import ingest
from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.counterfactual import Code, Run, code_of_version, outcome, present_code, record_of
from dxanalysis.reports.compare.remembered import FOLDER, outcomes
from dxanalysis.reports.files import write_json
from dxanalysis.reports.versions.archive import keep_code
from reports.compare.trial_report import NEW, OLD_ROWS, PARAMETERS, TrialReport, elsewhere
from reports.conftest import notebook_json
from trial import ROWS, Archive

pytestmark = pytest.mark.slow


@pytest.fixture
def report(make_archive: Callable[[str], Archive]) -> TrialReport:
    return TrialReport(make_archive("project")).start()


def store_of(report: TrialReport) -> Path:
    ingest(report.archive.raw, report.archive.processed)
    store = slices.current_store(report.archive.processed)
    assert store is not None
    kept = report.root / "stores" / store.name  # an ingest removes the store before it
    shutil.copytree(store, kept)
    return kept


def run_of(report: TrialReport, store: Path, **changed: object) -> Run:
    run = Run(
        notebook="coverage",
        code=present_code((report.package,), report.notebooks),
        store=store,
        parameters={"horizon": 2030},
        seed=3,
        today=date(2026, 1, 31),
    )
    return dataclasses.replace(run, **changed)  # type: ignore[arg-type]


def test_what_a_run_is_given_and_what_it_leaves_behind(report: TrialReport) -> None:
    before = {path for path in report.root.rglob("*") if ".archive" not in path.parts}
    run = run_of(report, store_of(report), parameters={"horizon": 2026, "unknown": 1})
    first = outcome(run, report.setting)
    assert first.failure == ""
    assert first.values == {"forecast": 64.0, "gap": 16.0, "drawn": 3.0}  # a yes or no is no number
    assert first.data_used["calendar:2026-06-30"] == "ahead"
    later = outcome(dataclasses.replace(run, today=date(2026, 7, 1)), report.setting)
    assert (later.values["gap"], later.data_used["calendar:2026-06-30"]) == (15.0, "passed")
    after = {path for path in report.root.rglob("*") if ".archive" not in path.parts and "stores" not in path.parts}
    assert {path for path in after - before if "data" not in path.parts} == set()


def test_the_code_of_another_time_is_run_apart_with_its_own_package(report: TrialReport) -> None:
    old = report.root / "old" / "dxanalysis"
    shutil.copytree(Path(dxanalysis.__file__).parent, old, ignore=shutil.ignore_patterns("__pycache__"))
    (old / "units.py").write_text(
        (old / "units.py").read_text(encoding="utf-8") + "\nOF_THAT_TIME = 41\n", encoding="utf-8"
    )
    cell = """
from dxanalysis import units
from dxanalysis.data import open_store
from dxanalysis.project import find_project
from dxanalysis.reports.recording.recorder import Recorder
store = open_store(find_project())
r = Recorder()
r.meta(title="Coverage", language="en")
r.value("mark", units.OF_THAT_TIME + seed, "count", "mark")
r.data_used(store.used())
"""
    report.notebook(cell)
    name = keep_code(report.setting.reports, (old,), report.notebooks)
    report.notebook("raise AssertionError('the present notebook')")
    code = code_of_version(
        name, present_code((report.package,), report.notebooks), report.setting.reports, report.root / "work"
    )
    assert isinstance(code, Code)
    record = record_of(run_of(report, store_of(report), code=code), report.setting)
    assert [item.value for item in record.items] == [44]  # type: ignore[union-attr]
    present = run_of(report, store_of_again(report), code=dataclasses.replace(code, packages=None))
    assert "has no attribute 'OF_THAT_TIME'" in outcome(present, report.setting).failure


def store_of_again(report: TrialReport) -> Path:
    (kept,) = (report.root / "stores").iterdir()
    return kept


def test_failures_are_told_without_paths_and_are_not_remembered(report: TrialReport) -> None:
    report.notebook("raise RuntimeError(__import__('os').getcwd())")
    run = run_of(report, store_of(report))
    (found,) = outcomes([run], report.setting)
    assert found.failure.startswith("coverage: the notebook failed: code cell 2")
    assert "/tmp" not in found.failure
    assert not list((report.setting.reports / FOLDER).rglob("*.json"))
    with pytest.raises(ReportError, match=r"there is no notebook absent\.ipynb"):
        record_of(dataclasses.replace(run, notebook="absent"), report.setting)


def test_a_run_is_remembered_under_what_it_read(report: TrialReport) -> None:
    run = run_of(report, store_of(report))
    (first,) = outcomes([run], report.setting)
    stopped = elsewhere(report.setting)
    assert outcomes([run, run], stopped) == (first, first)
    # Another store in which nothing that it read is different.
    report.archive.observations(OLD_ROWS + "level,34,52,2025,7,bn_vnd,2026-01-05,2026-01-05,actual,office,\n")
    assert outcomes([dataclasses.replace(run, store=store_of(report))], stopped) == (first,)
    # Anything else that differs is another run, as is a store in which a figure that it read is different.
    report.archive.observations(OLD_ROWS + NEW)
    fresh = dataclasses.replace(run, store=store_of(report))
    others = [
        fresh,
        dataclasses.replace(run, seed=4),
        dataclasses.replace(run, parameters={"horizon": 2031}),
        dataclasses.replace(run, today=date(2026, 2, 1)),
        dataclasses.replace(run, code=dataclasses.replace(run.code, name="0" * 64)),
    ]
    assert all(found.failure for found in outcomes(others, stopped))
    other_place = dataclasses.replace(stopped, environment="f" * 64)
    assert outcomes([run], other_place)[0].failure
    # A damaged memory is none.
    for path in (report.setting.reports / FOLDER).rglob("*.json"):
        path.write_bytes(b"{}")
    assert outcomes([run], stopped)[0].failure
    assert outcomes([run], report.setting) == (first,)


def test_what_was_not_read_from_the_store_is_not_remembered(report: TrialReport) -> None:
    cell = """
from dxanalysis.reports.recording.recorder import Recorder
r = Recorder()
r.meta(title="Coverage", language="en")
r.value("one", 1, "count", "one")
"""
    for number, declared in enumerate(("", "r.data_used({'figures/VN': '1'})\n")):
        write_json(report.notebooks / f"n{number}.ipynb", notebook_json(cell + declared, parameters=PARAMETERS))
    store = store_of(report)
    runs = [run_of(report, store, notebook=f"n{number}") for number in range(2)]
    assert [found.values for found in outcomes(runs, report.setting)] == [{"one": 1}, {"one": 1}]
    assert not list((report.setting.reports / FOLDER).rglob("*.json"))


def test_runs_in_other_processes_give_the_same(report: TrialReport) -> None:
    store = store_of(report)
    runs = [run_of(report, store, seed=seed) for seed in (1, 2, 1)]
    told: list[tuple[int, int]] = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        found = outcomes(runs, report.setting, executor=executor, progress=lambda *pair: told.append(pair))
    assert [one.values["drawn"] for one in found] == [1, 2, 1]
    assert sorted(told)[-1] == (3, 3)
    assert outcomes(runs, elsewhere(report.setting)) == found


def test_a_folder_that_cannot_be_written_costs_only_time(report: TrialReport) -> None:
    run = run_of(report, store_of(report))
    report.setting.reports.mkdir(exist_ok=True)
    (report.setting.reports / ".cache").write_text("a file where the folder should be")
    assert outcomes([run], report.setting)[0].values["drawn"] == 3


def test_the_trial_notebook_reads_only_coverage(report: TrialReport) -> None:
    found = outcome(run_of(report, store_of(report)), report.setting)
    assert set(found.data_used) == {
        "calendar:2026-06-30", "indicator:coverage", "observations:coverage:63-64", "targets:63-64",
    }  # fmt: skip
    assert "growth" in ROWS
