"""``dxanalysis compare``: which versions are meant, what is printed where, what is written, and the exit codes of its rules."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dxanalysis.reports.compare.store import PAGE, PLAIN, SUMMARY
from dxanalysis.reports.files import write_json
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.versions.digests import Digests
from dxanalysis.reports.versions.storage import MANIFEST, RECORD, Manifest, version_id
from reports.compare.records_made import BOTH, record, table, value
from trial import Archive, Command


def stored(report: Path, number: int, made: Record, *, code: str = "c") -> Path:
    """A version with what a comparison reads of it."""
    digests = Digests(code=code * 64, data="d" * 64, parameters="p" * 64, environment="e" * 64, seed="5" * 64)
    folder = report / version_id(number, digests)
    folder.mkdir(parents=True)
    manifest = Manifest(
        notebook="n", parameters={}, seed=0, number=number, id=folder.name, digests=digests, data_used={},
        started="2026-01-03T01:00:00+00:00", finished=f"2026-0{number}-03T01:00:00+00:00", seconds=1.0,
        versions={"python": "3.11.7"}, outputs=(),
    )  # fmt: skip
    write_json(folder / MANIFEST, manifest.to_plain())
    write_json(folder / RECORD, made.to_plain())
    (report / "latest").write_text(folder.name + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def report(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report with two versions in the project that the command is given in."""
    monkeypatch.chdir(archive.project.root)
    folder = archive.project.reports / "n" / "language-vi"
    stored(folder, 1, BOTH[0])
    extra = table("t", [("a", "1")])
    stored(folder, 2, replace(BOTH[1], items=(*BOTH[1].items, extra, value("x", 1.0))), code="b")
    return folder


def names(report: Path) -> list[str]:
    return sorted(path.name for path in report.glob("0*"))


def test_the_answer_causes_and_values_are_printed_in_english(dx: Command, report: Path) -> None:
    said = dx("compare", "reports/n/language-vi")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == f"{names(report)[0]} -> {names(report)[1]}  Báo cáo"
    assert lines[1] == "Xác suất đạt “30 %, năm 2030”: khoảng 4 % → khoảng 2 % (−2 percentage points)."
    assert "Why: the method or the presentation was changed." in lines
    assert "Method and presentation" in lines
    (row,) = (line.split() for line in lines if line.startswith("chance.T1"))
    assert row[1:] == ["khoảng", "4", "%", "khoảng", "2", "%", "−2", "percentage", "points", "–"]
    assert any(line.startswith("x ") and "appeared" in line for line in lines)
    assert lines[-1] == "Also changed: 1 table. --json lists them, --out FOLDER makes a page."


@pytest.mark.parametrize(
    "form", ["{report}/{old}", "n/language-vi/{old}", "reports/n/language-vi/{old}", "{old}", "0001"]
)
def test_a_version_is_found_by_folder_place_and_id(dx: Command, report: Path, form: str) -> None:
    old, new = names(report)
    said = dx("compare", form.format(report=report, old=old), new)
    assert said.code == 0
    assert said.out.startswith(f"{old} -> {new}")


def test_one_version_is_compared_with_the_one_before(dx: Command, report: Path) -> None:
    old, new = names(report)
    assert dx("compare", new).out.startswith(f"{old} -> {new}")
    first = dx("compare", old)
    assert first.code == 2
    assert "this is the first version of its report" in first.err


@pytest.mark.parametrize("name", ["", "..", "9999", "0001-zz", "../../etc", "*", "reports/none"])
def test_what_is_no_version_is_answered_with_the_way_to_name_one(dx: Command, report: Path, name: str) -> None:
    said = dx("compare", name, names(report)[1])
    assert said.code == 2
    assert "there is no version" in said.err
    assert "Give its folder" in said.err


def test_an_id_that_several_reports_have_is_not_guessed(dx: Command, report: Path) -> None:
    stored(report.parent / "language-en", 1, BOTH[0])
    said = dx("compare", "0001", names(report)[1])
    assert said.code == 2
    assert "2 versions begin with '0001'" in said.err
    assert "n/language-en/0001-" in said.err


def test_json_and_markdown_are_printed_alone(dx: Command, report: Path) -> None:
    plain = json.loads(dx("compare", "n/language-vi", "--json").out)
    assert plain["differences"]["values"][0]["name"] == "chance.T1"
    text = dx("compare", "n/language-vi", "--markdown").out
    assert text.startswith("## Có gì thay đổi: Báo cáo\n")
    both = dx("compare", "n/language-vi", "--json", "--markdown")
    assert (both.code, "exclude each other" in both.err) == (2, True)


def test_a_folder_gets_the_page_with_links_inside_the_project_and_none_outside(
    dx: Command, report: Path, tmp_path: Path
) -> None:
    said = dx("compare", "n/language-vi", "--out", "compared/here")
    assert (said.code, said.err.strip()) == (0, f"Open {Path('compared/here') / PAGE}")
    page = Path("compared/here", PAGE).read_text(encoding="utf-8")
    assert f'href="../../reports/n/language-vi/{names(report)[1]}/report.html"' in page
    assert sorted(path.name for path in Path("compared/here").iterdir()) == sorted([PAGE, PLAIN, SUMMARY])
    dx("compare", "n/language-vi", "--out", tmp_path / "away")
    away = (tmp_path / "away" / PAGE).read_text(encoding="utf-8")
    assert "report.html" not in away
    assert str(tmp_path) not in away
    refused = dx("compare", "n/language-vi", "--out", ".")
    assert refused.code == 2
    assert "no part of a comparison" in refused.err
    assert report.is_dir()


@pytest.mark.parametrize(
    ("rules", "code", "broken"),
    [
        (["any>1 points"], 3, ["BROKEN any>1 points: chance.T1 0.04 -> 0.02"]),
        (["any>5 points"], 0, []),
        (["any>1 points without code"], 0, []),
        (["any>1 points", "appeared", "tone"], 3, ["BROKEN any>1 points", "BROKEN appeared: x; t"]),
    ],
)
def test_a_broken_rule_ends_with_three(
    dx: Command, report: Path, rules: list[str], code: int, broken: list[str]
) -> None:
    said = dx("compare", "n/language-vi", *[part for rule in rules for part in ("--fail-on", rule)])
    assert said.code == code
    told = said.err.splitlines()
    assert len(told) == len(broken)
    assert all(line.startswith(start) for line, start in zip(told, broken, strict=True))


def test_a_rule_that_is_none_is_refused_before_anything_is_done(dx: Command, report: Path) -> None:
    said = dx("compare", "n/language-vi", "--out", "compared", "--fail-on", "any >> 5")
    assert (said.code, said.out) == (2, "")
    assert "at position 6 a number such as 10 or 0.5 is expected" in said.err
    assert not Path("compared").exists()


def test_texts_of_a_version_cannot_act_on_the_terminal(dx: Command, report: Path) -> None:
    evil = record(value("e", 1.0, title="\x1b[2J\u202e[bold]x[/bold]"), title="\x1b]0;owned\x07")
    stored(report, 3, evil)
    said = dx("compare", "n/language-vi")
    assert said.code == 0
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
