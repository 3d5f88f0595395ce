"""The journal as a reader of it after a kill would find it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dxanalysis.errors import ParameterError
from dxanalysis.reports.batch.journal import FOLDER, journal, unfinished
from dxanalysis.reports.planning.plan import Job

JOBS = [
    Job(notebook="n", parameters={"region": region, "level": 0.5, "on": True}, seed=7)
    for region in ("VN", "34-52", "đ")
]


def write(reports: Path, *, end: bool = False) -> Path:
    with journal(reports) as log:
        log.planned(JOBS, force=True, workers=2)
        log.fresh(JOBS[0].folder)
        log.started(JOBS[1].folder)
        log.made(JOBS[1].folder, "0001-12345678", 3.5)
        log.started(JOBS[2].folder)
        log.failed(JOBS[2].folder, "ValueError: 1\n2", 1.25)
        if end:
            log.ended(5.0)
    return max((reports / FOLDER).glob("*.jsonl"))


def test_an_interrupted_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path)
    left = unfinished(tmp_path)
    assert left.run == path.stem
    assert list(left.jobs) == JOBS
    assert left.force
    assert left.done == {JOBS[0].folder, JOBS[1].folder}
    assert left.failed == {JOBS[2].folder}
    assert left.seconds == {JOBS[1].folder: 3.5, JOBS[2].folder: 1.25}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["planned", "fresh", "started", "made", "started", "failed"]
    assert all(line["at"].endswith("+00:00") for line in lines)


def test_each_line_is_in_the_file_before_the_next_step(tmp_path: Path) -> None:
    with journal(tmp_path) as log:
        log.planned(JOBS, force=False, workers=1)
        log.made(JOBS[0].folder, "0001-12345678", 1.0)
        assert unfinished(tmp_path).done == {JOBS[0].folder}


def test_what_ended_is_not_taken_up(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"there is no earlier run to take up\. Run without --resume"):
        unfinished(tmp_path)
    write(tmp_path)
    write(tmp_path, end=True)
    with pytest.raises(ParameterError, match="the last run was not interrupted"):
        unfinished(tmp_path)


@given(st.integers(min_value=0, max_value=2000), st.binary(max_size=30))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_torn_end_loses_the_lines_that_are_torn_and_no_other(tmp_path: Path, cut: int, junk: bytes) -> None:
    path = write(tmp_path)
    whole = path.read_bytes()
    before = whole[: min(cut, len(whole) - 1)]
    lines = before.split(b"\n")[:-1]  # the last one is torn
    path.write_bytes(before + b"\x00" + junk.replace(b"\n", b""))
    try:
        if not lines:
            with pytest.raises(ParameterError, match="tells of no plan"):
                unfinished(tmp_path)
            return
        left = unfinished(tmp_path)
        assert list(left.jobs) == JOBS
        events = [json.loads(line)["event"] for line in lines]
        assert len(left.done) == events.count("made") + events.count("fresh")
        assert len(left.failed) == events.count("failed")
    finally:
        path.unlink()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]\n",
        b'{"event": "planned"}\n',
        b'{"event": "planned", "jobs": 5}\n',
        b'{"event": "planned", "jobs": [{"notebook": "n", "parameters": 3, "seed": 1}]}\n',
        b'{"event": "planned", "jobs": []}\n{"event": "made"}\n',
        b'{"event": 7, "jobs": []}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_file_that_is_no_journal_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "20260101T000000.000000Z-ab12.jsonl").write_bytes(content)
    with pytest.raises(ParameterError, match="tells of no plan"):
        unfinished(tmp_path)


def test_old_journals_make_room(tmp_path: Path) -> None:
    for _ in range(25):
        write(tmp_path)
    assert len(list((tmp_path / FOLDER).glob("*.jsonl"))) == 20
