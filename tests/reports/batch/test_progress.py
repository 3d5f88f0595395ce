"""What is told while a batch goes on: on a terminal, in a file, and how long it will take."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from dxanalysis.reports.batch.estimate import Estimate, estimate, spoken
from dxanalysis.reports.batch.progress import Clock, OnConsole
from dxanalysis.reports.engine.failure import Failure
from dxanalysis.reports.files import write_json
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions.freshness import Freshness, Reason

JOBS = [Job(notebook=name, parameters={"region": region}) for name in ("a", "b") for region in ("VN", "34-52", "63-64")]
NEW = Freshness(reasons=(Reason(cause="new"),))
FRESH = Freshness(reasons=())
NOTHING = Estimate(reports={}, notebooks={})
FAILURE = Failure(kind="cell", error="ValueError", message="[red]\x1b[31mno\u202e", cell=2, source="x")


def tell(console: Console, expected: Estimate = NOTHING) -> None:
    progress = OnConsole(console)
    progress.start([(JOBS[0], FRESH), *((job, NEW) for job in JOBS[1:4])], JOBS[1:4], expected, 2)
    progress.started(JOBS[1])
    progress.started(JOBS[2])
    progress.retry([JOBS[2]])
    progress.started(JOBS[2])
    progress.done(JOBS[1], "made", 2.0, None)
    progress.done(JOBS[2], "failed", 1.0, FAILURE)
    progress.started(JOBS[3])
    progress.done(JOBS[3], "made", 2.0, None)
    progress.stop()


def test_plain_lines_go_to_a_file() -> None:
    out = StringIO()
    tell(Console(file=out, width=200))
    assert out.getvalue().splitlines() == [
        "4 reports planned, 1 fresh, 3 to make",
        "  to make  a (region=34-52): first version",
        "  to make  a (region=63-64): first version",
        "  to make  b (region=VN): first version",
        "  a worker process was killed; 1 report(s) are tried again",
        "  made     a (region=34-52)  2.0 s  [1/3, about 2 s left]",
        "  failed   a (region=63-64)  1.0 s  [2/3, about 2 s left]  "
        "code cell 2 (x): ValueError: [red][U+001B][31mno[U+202E]",
        "  made     b (region=VN)  2.0 s  [3/3]",
    ]


def test_a_terminal_gets_a_live_table() -> None:
    out = StringIO()
    progress = OnConsole(Console(file=out, width=120, force_terminal=True))
    progress.start(
        [(JOBS[0], NEW), (JOBS[3], NEW)], [JOBS[0], JOBS[3]], Estimate(reports={}, notebooks={"a": 90.0, "b": 30.0}), 1
    )
    progress.started(JOBS[0])
    shown = Console(file=StringIO(), width=120)
    with shown.capture() as captured:
        shown.print(progress._table())
    progress.stop()
    lines = captured.get().splitlines()
    assert lines[0].split() == ["running", "a", "(region=VN)", "0", "s"]
    assert lines[1].strip() == "0 of 2 done: 0 made, 0 failed, 0 fresh, about 2 min left"
    assert "\x1b[" in out.getvalue()
    assert "  to make  a (region=VN): first version" in out.getvalue()


def test_a_name_cannot_command_the_terminal() -> None:
    out = StringIO()
    job = Job(notebook="n", parameters={"x": "[bold]\x1b]0;evil\x07\x1b[2J"})
    progress = OnConsole(Console(file=out, width=200, force_terminal=True, legacy_windows=False))
    progress.start([(job, NEW)], [job], NOTHING, 1)
    progress.started(job)
    progress.done(job, "made", 1.0, None)
    progress.stop()
    assert "\x1b]0;" not in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()
    assert "[bold][U+001B]]0;evil" in out.getvalue()


def test_a_long_plan_is_not_listed_whole() -> None:
    out = StringIO()
    jobs = [Job(notebook="n", parameters={"x": str(number)}) for number in range(500)]
    OnConsole(Console(file=out, width=200)).start([(job, NEW) for job in jobs], jobs, NOTHING, 2)
    lines = out.getvalue().splitlines()
    assert len(lines) == 42
    assert lines[-1] == "  and 460 more; dxanalysis plan lists them all"


def test_what_failed_before_and_is_not_tried_again_is_counted() -> None:
    out = StringIO()
    OnConsole(Console(file=out, width=200)).start([(JOBS[0], NEW), (JOBS[1], NEW)], [JOBS[1]], NOTHING, 2)
    assert out.getvalue().splitlines()[0] == "2 reports planned, 0 fresh, 1 failed before, 1 to make"


# ---- time


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_time_left_follows_earlier_versions_then_this_run() -> None:
    hand = Hand()
    clock = Clock(JOBS, Estimate(reports={JOBS[0].folder: 20.0}, notebooks={"a": 10.0, "b": 4.0}), 2, now=hand)
    assert clock.left() == (20 + 10 + 10 + 3 * 4) / 2
    clock.started(JOBS[0])
    clock.started(JOBS[1])
    hand.now = 5.0
    assert clock.left() == (15 + 5 + 10 + 12) / 2
    assert [(job, seconds) for job, seconds in clock.elapsed()] == [(JOBS[0], 5.0), (JOBS[1], 5.0)]
    for job in JOBS[:3]:
        clock.over(job, 2.0)
    assert clock.left() == 12 / 2
    clock.over(JOBS[3], 1.0)
    clock.over(JOBS[4], 1.0)
    assert clock.left() == 4.0  # one report left cannot be shared by two workers
    clock.over(JOBS[5], 1.0)
    assert clock.left() == 0.0


def test_nothing_is_said_of_the_time_before_anything_is_known() -> None:
    clock = Clock(JOBS, NOTHING, 2)
    assert clock.left() is None
    clock.over(JOBS[0], 3.0)
    assert clock.left() == pytest.approx(5 * 3 / 2)


@given(
    st.lists(st.floats(0.1, 100), min_size=6, max_size=6),
    st.integers(1, 8),
    st.lists(st.floats(0, 50), min_size=6, max_size=6),
)
def test_the_time_left_is_never_negative_and_ends_at_nothing(
    known: list[float], workers: int, steps: list[float]
) -> None:
    hand = Hand()
    reports = {job.folder: seconds for job, seconds in zip(JOBS, known, strict=True)}
    clock = Clock(JOBS, Estimate(reports=reports, notebooks={"a": 1.0, "b": 1.0}), workers, now=hand)
    left = clock.left()
    assert left is not None
    assert max(known) <= left + 1e-9
    assert sum(known) / workers <= left + 1e-9
    for job, step in zip(JOBS, steps, strict=True):
        clock.started(job)
        hand.now += step
        assert (clock.left() or 0.0) >= 0
        clock.over(job, step)
    assert clock.left() == 0.0


def test_seconds_come_from_the_last_versions(tmp_path: Path, make_manifest) -> None:
    for region, seconds in (("VN", 5.0), ("34-52", 8.0), ("63-01", 100.0)):
        report = tmp_path / "a" / f"region-{region}"
        manifest = make_manifest(notebook="a", parameters={"region": region})
        version = report / manifest.id
        version.mkdir(parents=True)
        write_json(version / "manifest.json", {**manifest.to_plain(), "seconds": seconds})
        (report / "latest").write_text(manifest.id)
    (tmp_path / "b" / "region-VN").mkdir(parents=True)
    found = estimate(JOBS[:3], tmp_path, measured={JOBS[2].folder: 2.0})
    assert [found.of(job) for job in JOBS[:3]] == [5.0, 8.0, 2.0]
    assert found.of_all(JOBS[:3], 2) == 8.0
    assert found.of_all(JOBS[:3], 1) == 15.0
    assert found.of(JOBS[3]) == 5.0  # a notebook that never ran takes what the others take
    assert estimate([Job(notebook="a", parameters={"region": "63-02"})], tmp_path).notebooks == {"a": 8.0}
    assert estimate(JOBS[3:], tmp_path).of_all(JOBS[3:], 2) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (80, "1 min 20 s"),
        (601, "10 min"),
        (7500, "2 h 5 min"),
        (-3, "0 s"),
    ],
)
def test_seconds_in_words(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
