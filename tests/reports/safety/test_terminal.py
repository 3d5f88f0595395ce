"""Hostile text on a terminal: no colour, title or bell of theirs, whatever verb stumbles over it."""

from __future__ import annotations

import sys

import pytest

from dxanalysis.cli import main
from dxanalysis.reports.planning.schedule import cron_line, schedule_fault, schedules
from reports.safety.corpus import HIDDEN

ESCAPES = "\x1b]0;title\x07\x1b[31mred\u202e"


def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["dxanalysis", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code not in {0, None}
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize(
    "verb", [("run", "--notebook"), ("versions",), ("show",), ("compare", "x"), ("verify",), ("reproduce",)]
)
def test_what_is_asked_for_is_repeated_without_its_commands(
    archive, capsys, monkeypatch, verb: tuple[str, ...]
) -> None:
    where = [] if verb[0] == "compare" else ["--project", str(archive.project.root)]
    shown = told(capsys, monkeypatch, *verb, ESCAPES, *where)
    assert shown.strip()
    assert not set(shown) & set("\x1b\x07\u202e")


@pytest.mark.parametrize("text", [ESCAPES, *HIDDEN[:3]])
def test_faults_of_data_are_shown_without_their_commands(archive, capsys, monkeypatch, text: str) -> None:
    archive.write("indicators.csv", f"id,{text}\n1,{text}\n")
    shown = told(capsys, monkeypatch, "ingest", "--project", str(archive.project.root))
    assert "indicators.csv" in shown
    assert not set(shown) & set("\x1b\x07\u202e\u2066\u200e")


@pytest.mark.parametrize(
    "cron",
    ["0 6\n* * 1", "0 6 * * 1; id", "0 6 * * $(id)", "@reboot id", "* * * * *\n* * * * * id", "0 6 * * %id", ESCAPES],
)
def test_a_line_for_a_scheduler_is_one_line_of_ours(cron: str) -> None:
    if schedule_fault(cron) is None:
        lines = [cron_line(one) for one in schedules({"jobs": [{"notebook": "n", "schedule": cron}]})]
        assert lines == ["0 6 * * 1 cd FOLDER_OF_THE_PROJECT && dxanalysis run"]
    else:
        assert not set(schedule_fault(cron) or "") & set("\x1b\x07\n")
