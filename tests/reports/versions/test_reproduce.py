"""A version is made again from what was kept of it: equal, or told line by line what is not."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from dxanalysis.cli import reproduce as verb
from dxanalysis.errors import ReportError
from dxanalysis.reports.files import read_json, write_json
from dxanalysis.reports.versions.reproduce import Reproduction, differences, reproduce
from dxanalysis.reports.versions.storage import RECORD
from reports.compare.trial_report import NEW, OLD_ROWS, REPORT, REVISED, TrialReport, altered, shifted
from trial import Archive


@pytest.fixture
def report(make_archive: Callable[[str], Archive]) -> TrialReport:
    return TrialReport(make_archive("project")).start()


def again(report: TrialReport, version: Path, **options: str) -> Reproduction:
    options = {"packages": (report.package,), "notebooks": report.notebooks, **options}
    return reproduce(version, report.setting, **options)


@pytest.mark.slow
def test_a_version_comes_out_equal_though_data_and_day_have_moved_on(report: TrialReport) -> None:
    version = report.version(today=date(2026, 7, 1), seed=7, parameters={"horizon": 2028})
    report.archive.observations(OLD_ROWS + REVISED + NEW)
    report.version()
    found = again(report, version)
    assert found == Reproduction(version=version.name, differences=(), code="same", same_environment=True)
    assert found.lines() == [f"{version.name}: equal"]
    elsewhere = dataclasses.replace(report.setting, environment="a" * 64)
    told = reproduce(version, elsewhere, packages=(report.package,), notebooks=report.notebooks)
    assert told.equal
    assert told.lines()[1] == "The environment is another than that of the version (lock file or Python)."


@pytest.mark.slow
def test_old_code_is_run_from_the_archive_and_the_present_one_when_asked(report: TrialReport) -> None:
    version = report.version()
    report.notebook(REPORT.replace("values[-1] +", "1 + values[-1] +"))
    then = again(report, version)
    assert (then.equal, then.code) == (True, "then")
    now = again(report, version, code="now")
    assert (now.equal, now.code) == (False, "now")
    assert now.differences == (
        "value forecast: 80.0 then, 81.0 now",
        "value forecast: 80.00 then, 81.00 now",
        "value gap: 0.0 then, -1.0 now",
    )
    (report.root / "reports/.archive/code" / f"{_package(version)}.zip").unlink()
    with pytest.raises(ReportError, match=r"the code of that version was not kept.*--code now"):
        again(report, version)


def _package(version: Path) -> str:
    return str(read_json(version / "manifest.json")["package"])


@pytest.mark.slow
def test_what_was_altered_since_is_found(report: TrialReport) -> None:
    version = shifted(report.version(), "gap", 1e-9)
    assert again(report, version).differences == ("value gap: 1e-09 then, 0.0 now",)
    plain = read_json(version / RECORD)
    (table,) = [item for item in plain["items"] if item["item"] == "table"]
    table["rows"][1][1] = "52.5"
    table["caption"] = "Other"
    write_json(version / RECORD, plain)
    assert again(report, version).differences[1:] == (
        "table figures, caption: Other then, Figures now",
        "table figures, row 2, column 2: 52.5 then, 52.0 now",
    )


@pytest.mark.slow
def test_the_verb_says_it_and_its_exit_code_too(report: TrialReport) -> None:
    version = report.version()
    app = typer.Typer()
    verb.add_to(app)
    app.command("other")(lambda: None)
    arguments = ["reproduce", f"coverage/default/{version.name}", "--project", str(report.root), "--code", "now"]
    equal = CliRunner().invoke(app, arguments)
    assert (equal.exit_code, equal.output.splitlines()[0]) == (0, f"{version.name}: equal")
    shifted(version, "gap", 2)
    different = CliRunner().invoke(app, [*arguments[:1], version.name, *arguments[2:]])
    assert different.exit_code == 1
    assert "  value gap: 2.0 then, 0.0 now" in different.output.splitlines()


@pytest.mark.slow
def test_without_data_or_with_a_notebook_that_fails(report: TrialReport) -> None:
    version = report.version()
    with pytest.raises(ReportError, match="names no archived content"):
        again(report, altered(version, store=""))
    report.notebook("raise ValueError('nothing to tell')")
    with pytest.raises(ReportError, match=r"coverage: the notebook failed: code cell 2.*nothing to tell"):
        again(report, report_with_store(report, version), code="now")


def report_with_store(report: TrialReport, version: Path) -> Path:
    (kept,) = (report.root / "reports/.archive/stores").iterdir()
    return altered(version, store=kept.name)


def test_everything_recorded_is_compared(make_record: Callable[..., object]) -> None:
    one = make_record().to_plain()  # type: ignore[attr-defined]
    assert list(differences(one, one)) == []
    again = json.loads(json.dumps(one))
    assert list(differences(one, again)) == []
    for place, item in enumerate(one["items"]):
        for field in set(item) - {"item", "name", "wide_svg", "narrow_svg"}:
            changed = copy.deepcopy(again)
            changed["items"][place][field] = "something else"
            assert len(list(differences(one, changed))) == 1, (item["item"], field)
    less = {**again, "items": again["items"][:-1]}
    assert list(differences(one, less)) == ["note 1: no longer recorded"]
    assert list(differences(less, one)) == ["note 1: recorded now, not then"]
    drawn = copy.deepcopy(again)
    next(i for i in drawn["items"] if i["item"] == "figure")["wide_svg"] = "<svg/>"
    assert list(differences(one, drawn)) == []
    assert list(differences(one, {**again, "data_used": {"a": "2"}})) == ["data slice a: 1 then, 2 now"]
