"""What changed in new versions is told beside them: divided where there is time, once for all languages, and one fault costs one page."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dxanalysis.reports.batch.executors import InProcessExecutor
from dxanalysis.reports.batch.explain import explain
from dxanalysis.reports.batch.untold import Pair, unexplained
from dxanalysis.reports.batch.result import Explained, Settings, explanations
from dxanalysis.reports.compare.store import folder_of, read_changes
from dxanalysis.reports.outputs.labels import catalogue
from reports.compare.trial_report import NEW, OLD_ROWS, REVISED, TrialReport
from trial import Archive

pytestmark = pytest.mark.slow


@pytest.fixture
def report(make_archive: Callable[[str], Archive]) -> TrialReport:
    """A report whose second version has a revised figure and one of a new period: its forecast goes from 80 to 61."""
    made = TrialReport(make_archive("project")).start()
    made.version()
    made.archive.observations(OLD_ROWS + REVISED + NEW)
    made.version()
    return made


def settings_of(report: TrialReport) -> Settings:
    return Settings(
        project=report.root,
        notebooks=report.notebooks,
        reports=report.root / "reports",
        environment=report.setting.environment,
        labels=catalogue(),
        packages=(report.package,),
        modules=report.setting.modules,
        timeout=60,
    )


def told_of(report: TrialReport, pairs: list[Pair], **options: object) -> list[Explained]:
    return explain(pairs, settings_of(report), InProcessExecutor(), **options)  # type: ignore[arg-type]


def runs_kept(report: TrialReport) -> int:
    return len([path for path in (report.root / "reports/.cache/counterfactual").rglob("*") if path.is_file()])


def test_a_new_version_is_told_of_and_its_twin_needs_no_run_of_its_own(report: TrialReport) -> None:
    twin = report.report.with_name("language-vi")
    shutil.copytree(report.report, twin)
    pairs = unexplained([report.report, twin, report.root / "absent"])
    assert [pair.folder for pair in pairs] == ["coverage/default", "coverage/language-vi"]
    seen: list[tuple[str, int, int, int]] = []

    def told(one: Explained, done: int, of: int) -> None:
        seen.append((one.folder, done, of, runs_kept(report)))

    found = told_of(report, pairs, told=told)
    assert [(one.moved, one.split, one.failure) for one in found] == [(2, 2, "")] * 2
    assert [entry[:3] for entry in seen] == [("coverage/default", 1, 2), ("coverage/language-vi", 2, 2)]
    assert seen[0][3] == seen[1][3] > 0, "the second language found every run made"
    split = {one.name: one for one in read_changes(folder_of(pairs[0].new)).attributions}
    assert sorted(part.amount for part in split["forecast"].parts) == [-18, -1]
    assert unexplained([report.report, twin]) == []
    assert unexplained([report.report, twin], again=True) == pairs


def test_without_time_what_changed_is_told_and_the_division_comes_later(report: TrialReport) -> None:
    pairs = unexplained([report.report])
    for options in ({"split": False}, {"seconds": 0.0}):
        (found,) = told_of(report, pairs, **options)
        assert (found.moved, found.split, found.failure) == (2, 0, "")
        assert read_changes(folder_of(pairs[0].new)).attributions == ()
    assert explanations([found])[-1].endswith("Go on with: dxanalysis explain")
    (found,) = told_of(report, pairs)
    assert found.split == 2
    (kept,) = told_of(report, pairs, split=False)
    assert kept.split == 2, "what was divided stays divided"


def test_one_version_that_cannot_be_read_costs_one_page(report: TrialReport) -> None:
    broken = report.report.with_name("broken")
    shutil.copytree(report.report, broken)
    pairs = unexplained([broken, report.report])
    (pairs[0].new / "record.json").write_text("{}")
    found = {one.folder: one for one in told_of(report, pairs, split=False)}
    assert "the record cannot be read" in found["coverage/broken"].failure
    assert found["coverage/default"].failure == ""
    assert not folder_of(pairs[0].new).exists()
    assert any("coverage/broken" in line for line in explanations(list(found.values())))


def test_a_first_version_has_nothing_to_tell(report: TrialReport, tmp_path: Path) -> None:
    shutil.rmtree(max(report.report.glob("0*")))
    assert unexplained([report.report]) == []
    assert explanations([]) == []
