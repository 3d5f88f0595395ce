"""Why a number changed, found out by real runs: the parts are those worked by hand, and add up to the last bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dxanalysis.reports.compare.attribution import attribute
from dxanalysis.reports.compare.shares import Attribution
from dxanalysis.reports.versions.archive import keep_code
from dxanalysis.reports.versions.digests import Digests
from dxanalysis.reports.versions.storage import read_manifest
from reports.compare.trial_report import NEW, OLD_ROWS, REPORT, REVISED, TrialReport, altered, elsewhere, shifted
from trial import TARGETS, Archive

pytestmark = pytest.mark.slow

REVISION = "revised:coverage:63-64:2024"
NEW_PERIOD = "new period:coverage:63-64:2025"


@pytest.fixture
def report(make_archive: Callable[[str], Archive]) -> TrialReport:
    return TrialReport(make_archive("project")).start()


def split(report: TrialReport, old: Path, new: Path, **options: object) -> dict[str, Attribution]:
    options = {"setting": report.setting, "packages": (report.package,), "notebooks": report.notebooks, **options}
    found = attribute(old, new, **options)  # type: ignore[arg-type]
    for one in found:
        amounts = [Decimal(repr(part.amount)) for part in one.parts]
        assert not amounts or sum(amounts) == Decimal(repr(one.new)) - Decimal(repr(one.old))
    return {one.name: one for one in found}


def parts(one: Attribution) -> Mapping[str, float]:
    return {part.cause: part.amount for part in one.parts}


def test_a_revised_figure_and_a_new_one_that_come_together(report: TrialReport) -> None:
    old = report.version()
    report.archive.observations(OLD_ROWS + REVISED + NEW)
    new = report.version()
    told: list[tuple[int, int]] = []
    names = {"coverage": "coverage", "63-64": "Gia Lai"}
    with ThreadPoolExecutor(2) as executor:
        found = split(report, old, new, names=names, executor=executor, progress=lambda *pair: told.append(pair))
    # 80 before, 61 after; with the revision alone 73, with the new figure alone 56.
    forecast = found["forecast"]
    assert (forecast.old, forecast.new, forecast.unit, forecast.runs, forecast.exact) == (80, 61, "percent", 4, True)
    assert parts(forecast) == {NEW_PERIOD: -18.0, REVISION: -1.0}
    assert [part.label for part in forecast.parts] == [
        "new coverage (Gia Lai) 2025: 56%",
        "revised coverage (Gia Lai) 2024: 56% → 55%",
    ]
    assert forecast.note == ""
    assert parts(found["gap"]) == {NEW_PERIOD: 18.0, REVISION: 1.0}
    assert set(found) == {"forecast", "gap"}  # what did not move is not split
    assert told[-1] == (2, 2)

    # Asked again nothing is run, in either language.
    again = split(report, old, new, names=names, setting=elsewhere(report.setting))
    assert again == found


def test_one_revised_figure_is_the_cause_and_that_is_tried(report: TrialReport) -> None:
    old = report.version(parameters={"language": "vi"})
    report.archive.observations(OLD_ROWS + REVISED)
    new = report.version(parameters={"language": "vi"})
    one = split(report, old, new)["forecast"]
    assert parts(one) == {REVISION: -7.0}
    assert one.parts[0].label == "điều chỉnh coverage (63-64) 2024: 56\u00a0% → 55\u00a0%"
    assert one.runs == 1
    shifted(old, "forecast", 0.5)
    tried = split(report, old, new)["forecast"]
    assert parts(tried) == {"unexplained": -0.5, REVISION: -7.0}
    assert tried.note.startswith("Chạy lại đúng như cũ không cho đúng con số cũ")
    trusted = split(report, old, new, verify=False)["forecast"]
    assert (parts(trusted), trusted.runs) == ({REVISION: -7.5}, 0)


def test_a_cause_that_is_alone_and_no_figure_needs_no_run(report: TrialReport) -> None:
    first = report.version()
    day = report.version(today=date(2026, 7, 1))
    seed = report.version(seed=7)
    horizon = report.version(parameters={"horizon": 2031})
    report.notebook(REPORT.replace("values[-1] +", "1 + values[-1] +"))
    code = report.version()
    environment = altered(shifted(report.version(), "forecast", 2), digests=_elsewhere(code))
    stopped = elsewhere(report.setting)
    assert parts(split(report, first, day, setting=stopped)["gap"]) == {"calendar": -1.0}
    assert parts(split(report, first, seed, setting=stopped)["drawn"]) == {"seed": 7.0}
    assert parts(split(report, first, horizon, setting=stopped)["forecast"]) == {"parameters": 4.0}
    assert parts(split(report, first, code, setting=stopped)["forecast"]) == {"code": 1.0}
    assert parts(split(report, code, environment, setting=stopped)["forecast"]) == {"environment": 2.0}
    same = split(report, first, shifted(code, "forecast", 3), setting=stopped)["forecast"]
    assert (same.runs, parts(same)) == (0, {"code": 4.0})


def _elsewhere(version: Path) -> Digests:
    return dataclasses.replace(read_manifest(version).digests, environment="a" * 64)


def test_code_and_data_and_what_is_left_when_the_old_code_is_gone(report: TrialReport) -> None:
    old = report.version()
    report.archive.observations(OLD_ROWS + REVISED)
    report.notebook(REPORT.replace("(values[-1] - values[-2])", "(values[-1] - values[-2]) / 2"))
    new = report.version()
    # 80 before, 64 after; revision alone 73, code alone 68.
    one = split(report, old, new)["forecast"]
    assert parts(one) == {"code": -10.5, REVISION: -5.5}
    assert one.note == ""
    archived, *more = [p for p in (report.root / "reports/.archive/code").iterdir() if p.stem != _package(new)]
    assert not more
    archived.unlink()
    left = split(report, old, new)["forecast"]
    # The code comes first then: 80 to 68; the revision has the rest.
    assert parts(left) == {"code": -12.0, REVISION: -4.0}
    assert left.note.startswith("The older code was not kept")


def _package(version: Path) -> str:
    return read_manifest(version).package


def test_old_code_that_no_longer_runs_goes_with_the_environment(report: TrialReport) -> None:
    old = report.version()
    broken = altered(old, package=_broken(report), digests=_elsewhere(old))
    report.archive.observations(OLD_ROWS + REVISED)
    report.notebook(REPORT.replace("(values[-1] - values[-2])", "(values[-1] - values[-2]) / 2"))
    one = split(report, broken, report.version())["forecast"]
    assert parts(one) == {"software": -12.0, REVISION: -4.0}
    assert one.parts[0].cause == "software"
    assert "no longer runs" in one.note


def _broken(report: TrialReport) -> str:
    report.notebook("import a_module_of_that_time")
    return keep_code(report.setting.reports, (report.package,), report.notebooks)


def test_the_environment_has_what_everything_old_run_again_leaves(report: TrialReport) -> None:
    old = shifted(altered(report.version(), digests=_elsewhere(report.version())), "forecast", 0.25)
    report.archive.observations(OLD_ROWS + REVISED)
    one = split(report, old, report.version())["forecast"]
    assert parts(one) == {"environment": -0.25, REVISION: -7.0}
    assert one.parts[0].cause == "environment"


def test_a_raised_target_and_a_deadline_that_passed(report: TrialReport) -> None:
    old = report.version()
    report.archive.targets(TARGETS.replace(",80,", ",85,"))
    new = report.version(today=date(2026, 7, 1))
    found = split(report, old, new)
    assert parts(found["gap"]) == {"target": 5.0, "calendar": -1.0}
    assert set(found) == {"gap"}


def test_causes_that_cannot_be_run_apart_are_told_together(report: TrialReport) -> None:
    report.notebook(REPORT.replace("passed =", "assert len(values) != 3 or values[-1] != 55\npassed ="))
    old = report.version()
    report.archive.observations(OLD_ROWS + REVISED + NEW)
    one = split(report, old, report.version())["forecast"]
    assert parts(one) == {"data": -19.0}
    assert one.note == "Some causes cannot be run apart and are taken together."


def test_the_smallest_of_many_changes_are_taken_together(report: TrialReport, monkeypatch: pytest.MonkeyPatch) -> None:
    total = REPORT.replace(
        "region=region)\nvalues", 'region=region)\nothers = store.observations(indicator="level")\nvalues', 1
    )
    report.notebook(total.replace("* (horizon - last)", '* (horizon - last) + others["value"].sum()'))
    level = "level,63,{code},{year},{value},bn_vnd,2026-01-05,2026-01-05,actual,office,\n"
    before = "".join(level.format(code=code, year=2020, value=1) for code in (64, 52))
    report.archive.observations(OLD_ROWS + before)
    old = report.version()
    after = [level.format(code=64, year=2021 + n, value=10**n) for n in range(2)]
    after += [level.format(code=52, year=2021, value=100)]
    report.archive.observations(OLD_ROWS + before + "".join(after) + REVISED)
    new = report.version()
    monkeypatch.setattr("dxanalysis.reports.compare.attribution.MOST", 2)
    one = split(report, old, new)["forecast"]
    assert parts(one) == {"new period:level:63-52": 100.0, "data": 4.0}
    assert one.note == "The 2 groups of figures with the least effect are taken together."


@pytest.mark.parametrize(("gone", "told"), [("stores", "The data of the older"), ("code", "The code of the newer")])
def test_without_an_archive_there_is_no_split_but_a_reason(report: TrialReport, gone: str, told: str) -> None:
    old = report.version()
    report.archive.observations(OLD_ROWS + REVISED)
    new = report.version()
    for path in list((report.root / "reports" / ".archive" / gone).iterdir()):
        path.rename(path.with_name(f"lost-{path.name}"))
    if gone == "code":
        report.notebook(REPORT + "\n# edited since")
    one = split(report, old, new)["forecast"]
    assert (one.parts, one.runs) == ((), 0)
    assert one.note.startswith(told)


def test_nothing_moved_nothing_told(report: TrialReport) -> None:
    old = report.version()
    report.notebook(REPORT + "\n# a remark")
    assert split(report, old, report.version(), setting=elsewhere(report.setting)) == {}


def test_a_report_that_cannot_be_run_again(report: TrialReport) -> None:
    old = report.version()
    report.archive.observations(OLD_ROWS + REVISED)
    new = altered(report.version(), package=_broken(report))
    one = split(report, altered(old, package=_broken(report)), new)["forecast"]
    assert one.parts == ()
    assert one.note.startswith("The report cannot be run again")
    assert "No module named 'a_module_of_that_time'" in one.note
    assert str(report.root) not in one.note
