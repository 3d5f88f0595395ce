"""Comparisons of real versions, made and kept: from runs of a small notebook whose data, code and day change between them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dxanalysis.data import slices
from dxanalysis.errors import ReportError
from dxanalysis.project import find_project
from dxanalysis.reports.compare import store
from dxanalysis.reports.compare.causes import only_calendar
from dxanalysis.reports.compare.comparison import comparison_from_plain
from dxanalysis.reports.compare.shares import Attribution, Part
from dxanalysis.reports.files import write_json
from dxanalysis.reports.versions.storage import MANIFEST, Manifest, read_manifest, recover
from reports.compare.records_made import compared, record, value
from reports.compare.trial_report import NEW, OLD_ROWS, REPORT, REVISED, TrialReport
from reports.page_rules import check_page
from trial import INDICATORS, MERGERS, REGIONS, SOURCES, SPELLINGS, TARGETS, Archive

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TrialReport:
    """Four versions: the first, one with revised and new figures, one with other code and seed, one on a later day."""
    root = tmp_path_factory.mktemp("compare")
    (root / "dxanalysis.toml").write_text('[project]\nname_vi = "Thử"\nname_en = "Trial"\n', encoding="utf-8")
    archive = Archive(find_project(root))
    archive.raw.mkdir(parents=True)
    for name, content in (
        ("indicators.csv", INDICATORS), ("regions.csv", REGIONS), ("region_spellings.csv", SPELLINGS),
        ("mergers.csv", MERGERS), ("sources.csv", SOURCES),
    ):  # fmt: skip
        archive.write(name, content)
    archive.targets(TARGETS)
    report = TrialReport(archive).start()
    report.version()
    archive.observations(OLD_ROWS + REVISED + NEW)
    report.version()
    report.notebook(REPORT.replace("+ (values[-1] - values[-2]) * (horizon - last)", "+ 2.0 * (horizon - last)"))
    (report.package / "code.py").write_text("x = 2\n")
    report.version(seed=3)
    report.version(seed=3, today=date(2026, 7, 31))
    return report


def versions(report: TrialReport) -> list[Path]:
    return sorted(report.report.glob("0*"))


def test_new_and_revised_figures_are_found_with_their_values_source_and_day(made: TrialReport) -> None:
    found = store.compare(*versions(made)[:2])
    assert [cause.kind for cause in found.causes] == ["new period", "revised"]
    (new,), (revised,) = (cause.facts for cause in found.causes)
    assert (new.period, new.old, new.new, new.released) == ("2025", None, 56.0, "2026-01-10")
    assert (revised.period, revised.old, revised.new, revised.unit) == ("2024", 56.0, 55.0, "percent")
    assert found.names == {
        "coverage": "Coverage",
        "63-64": "Gia Lai (until 30 Jun 2025)",
        "office": "Statistical release",
    }
    assert {one.name for one in found.differences.values} == {"forecast", "gap"}
    (table,) = found.differences.tables
    assert [(cell.row, cell.old_value, cell.new_value) for cell in table.cells] == [("2024", 56.0, 55.0)]
    assert [row[0] for row in table.rows_added] == ["2025"]


def test_edited_files_and_the_seed_are_found(made: TrialReport) -> None:
    found = store.compare(*versions(made)[1:3])
    assert [cause.kind for cause in found.causes] == ["code", "seed"]
    assert [fact.what for fact in found.causes[0].facts] == ["notebooks/coverage.ipynb", "packages/package/code.py"]


def test_a_day_that_passed_is_only_the_calendar(made: TrialReport) -> None:
    found = store.compare(*versions(made)[2:4])
    assert only_calendar(found.causes)
    assert {one.name for one in found.differences.values} == {"gap", "open"}


def test_without_the_archive_the_slices_name_the_cause(made: TrialReport, tmp_path: Path) -> None:
    report = tmp_path / "reports" / "coverage" / "default"
    for version in versions(made)[:2]:
        shutil.copytree(version, report / version.name)
    found = store.compare(*sorted(report.glob("0*")))
    assert [cause.kind for cause in found.causes] == ["figures"]
    assert found.names == {}


def test_a_damaged_archive_costs_the_details_not_the_comparison(made: TrialReport, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    shutil.copytree(made.root / "reports", reports)
    for path in (reports / ".archive").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    pairs = sorted((reports / "coverage" / "default").glob("0*"))
    assert [cause.kind for cause in store.compare(*pairs[:2]).causes] == ["figures"]
    (code, _) = store.compare(*pairs[1:3]).causes
    assert code.facts == ()


def test_the_comparison_of_a_version_is_kept_whole_and_read_back(made: TrialReport) -> None:
    first, second = versions(made)[:2]
    folder = store.write_changes(store.compare(first, second), store.folder_of(second))
    assert folder == made.report / "changes" / second.name
    assert sorted(path.name for path in folder.iterdir()) == ["changes.html", "changes.json", "changes.md"]
    kept = store.read_changes(folder)
    assert kept == store.compare(first, second)
    assert comparison_from_plain(json.loads((folder / "changes.json").read_text(encoding="utf-8"))) == kept
    check_page((folder / "changes.html").read_text(encoding="utf-8"), "en")


def test_a_split_that_comes_later_replaces_the_kept_comparison(made: TrialReport) -> None:
    first, second = versions(made)[:2]
    store.write_changes(store.compare(first, second), store.folder_of(second))
    moved = {one.name: one for one in store.compare(first, second).differences.values}["forecast"]
    assert isinstance(moved.old, float)
    assert isinstance(moved.new, float)
    part = Part(cause="revised", label="Revised", amount=moved.new - moved.old)
    split = Attribution(
        name="forecast", unit="percent", old=moved.old, new=moved.new, parts=(part,), runs=2, exact=True
    )
    folder = store.write_changes(store.compare(first, second, attributions=[split]), store.folder_of(second))
    assert store.read_changes(folder).attributions == (split,)
    assert "Revised" in (folder / "changes.md").read_text(encoding="utf-8")
    assert store.kept_splits(first, second) == (split,)
    assert store.kept_splits(second, first) == ()
    assert store.kept_splits(first, versions(made)[2]) == ()


def test_a_damaged_version_is_named(made: TrialReport, tmp_path: Path) -> None:
    report = tmp_path / "reports" / "coverage" / "default"
    for version in versions(made)[:2]:
        shutil.copytree(version, report / version.name)
    first, last = sorted(report.glob("0*"))
    (last / "record.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReportError, match=r"the record cannot be read \(KeyError\)"):
        store.compare(first, last)
    assert not list(report.glob("changes/*"))
    with pytest.raises(ReportError, match="the comparison cannot be read"):
        store.read_changes(report / "changes" / last.name)


def test_a_folder_with_something_else_is_not_replaced(tmp_path: Path) -> None:
    comparison = compared(record(value("x", 1.0)), record(value("x", 2.0)))
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ReportError, match=r"the folder holds 'mine\.txt', which is no part of a comparison"):
        store.write_changes(comparison, tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    out = tmp_path / "out"
    store.write_changes(comparison, out)
    store.write_changes(comparison, out)
    assert store.is_whole(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt", "out"]


KILLED = """
import json, os, sys
from pathlib import Path
from dxanalysis.reports.compare import store
from dxanalysis.reports.compare.comparison import comparison_from_plain

comparison = comparison_from_plain(json.loads(sys.stdin.read()))
sys.addaudithook(lambda event, given: os._exit(9) if event == "open" and str(given[0]).endswith("changes.md") else None)
store.write_changes(comparison, Path(sys.argv[1]))
"""


def test_a_killed_writing_leaves_nothing_that_the_next_run_does_not_sweep(tmp_path: Path) -> None:
    report = tmp_path / "reports" / "n" / "p"
    comparison = compared(record(value("x", 1.0)), record(value("x", 2.0)))
    folder = store.folder_of(report / comparison.new.id)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)], input=json.dumps(comparison.to_plain()), text=True, check=False
    )
    assert done.returncode == 9
    assert not folder.exists()
    assert [path.name for path in next(report.glob(".tmp-*")).iterdir()] == ["changes.html"]
    recover(tmp_path / "reports")
    assert not list(report.glob(".tmp-*"))


def test_a_comparison_of_another_schema_is_refused(make_manifest: Callable[..., Manifest]) -> None:
    plain = compared(record(value("x", 1.0)), record(value("x", 2.0))).to_plain()
    with pytest.raises(ReportError, match="a comparison of schema 99, expected 1"):
        comparison_from_plain({**plain, "schema": 99})
    with pytest.raises(ReportError, match="comparison is damaged: old is absent"):
        comparison_from_plain({key: part for key, part in plain.items() if key != "old"})


def test_versions_made_before_anything_was_archived_can_be_compared(made: TrialReport, tmp_path: Path) -> None:
    report = tmp_path / "reports" / "coverage" / "default"
    for version in versions(made)[:2]:
        shutil.copytree(version, report / version.name)
        manifest = read_manifest(report / version.name)
        plain = replace(manifest, store="", package="", today="").to_plain()
        (report / version.name / MANIFEST).unlink()
        write_json(
            report / version.name / MANIFEST, {k: v for k, v in plain.items() if k not in ("store", "package", "today")}
        )
    assert store.compare(*sorted(report.glob("0*"))).causes[0].kind == "figures"


def test_a_store_in_force_names_what_the_archive_does_not(made: TrialReport, tmp_path: Path) -> None:
    report = tmp_path / "reports" / "coverage" / "default"
    for version in versions(made)[:2]:
        shutil.copytree(version, report / version.name)
    found = store.compare(*sorted(report.glob("0*")), names_from=slices.current_store(made.archive.processed))
    assert found.names == {"coverage": "Coverage", "63-64": "Gia Lai (until 30 Jun 2025)"}
