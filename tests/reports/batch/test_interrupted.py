"""Ctrl-C, once and twice, whatever runs the notebooks: a clean state, and a run that can be taken up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dxanalysis.reports.batch.executors import InProcessExecutor
from dxanalysis.reports.batch.interrupt import Interrupts, interruptible
from dxanalysis.reports.batch.journal import unfinished
from dxanalysis.reports.batch.run import Settings, run
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.lock import only_run

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups are POSIX")

SCRIPT = """
import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.batch.cluster import cluster
from dxanalysis.reports.batch.executors import InProcessExecutor
from dxanalysis.reports.batch.interrupt import interruptible
from dxanalysis.reports.batch.make import make
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.batch.run import Settings

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    here, kind = Path(sys.argv[1]), sys.argv[2]
    settings = Settings(project=here, notebooks=here / "notebooks", reports=here / "reports", environment="lock-1",
                        labels=catalogue(), packages=(here / "package",))
    ready = cluster("local:1", reports=settings.reports, packages=settings.packages) if kind == "cluster" else nullcontext()
    with interruptible(), ready as found:
        executor = found.executor if found else InProcessExecutor() if kind == "here" else None
        jobs = [Job(notebook="slow", parameters={"x": str(x)}) for x in range(3)]
        make(jobs, settings, digest_of={}.get, executor=executor, workers=1)
"""
# The first report is made; the second one says who runs it, and waits.
NOTEBOOK = """
import os, time
from pathlib import Path
from dxanalysis.reports.recording.recorder import Recorder
r = Recorder()
r.meta(title="a", language="vi")
if x == "1" and Path("wait").exists():
    Path("pids.tmp").write_text(f"{os.getppid()} {os.getpid()}")
    Path("pids.tmp").rename("pids")
    time.sleep(90)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not done():
        time.sleep(0.05)
    return done()


@posix
@pytest.mark.slow
@pytest.mark.parametrize(("kind", "times"), [("here", 1), ("own", 2), ("cluster", 2)])
def test_an_interrupted_run_leaves_a_clean_state_and_can_be_taken_up(
    make_notebook, settings: Settings, tmp_path: Path, kind: str, times: int
) -> None:
    make_notebook("slow", NOTEBOOK, parameters='x: str = ""')
    (tmp_path / "run.py").write_text(SCRIPT)
    (tmp_path / "wait").touch()
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path), kind]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert wait_until((tmp_path / "pids").exists, 90)
            others = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
            for _ in range(times):
                os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
                time.sleep(0.1)
            assert process.wait(40) != 0
            errors = process.stderr.read() if process.stderr else ""
        finally:
            process.kill()
    assert "KeyboardInterrupt" in errors
    assert wait_until(lambda: not any(pid != os.getpid() and alive(pid) for pid in others), 15), "nobody is left behind"
    assert not list(settings.reports.rglob(".tmp-*"))
    assert not list(settings.reports.glob("*/*/failed"))
    (tmp_path / "wait").unlink()
    left = unfinished(settings.reports)
    assert [job.parameters["x"] for job in left.jobs] == ["0", "1", "2"]
    assert left.done == {"slow/x-0"}
    assert left.failed == frozenset()
    before = list(settings.reports.glob("slow/*/0001-*"))
    with only_run(settings.reports):  # the lock was given back
        result = run(left.jobs, settings, digest_of={}.get, executor=InProcessExecutor(), force=True, resume=left)
    assert [one.status for one in result.results] == ["fresh", "made", "made"], (
        "what was made is not made again, even by force"
    )
    assert before[0] in settings.reports.glob("slow/*/0001-*")
    assert storage.history(settings.reports / "slow/x-0") == (before[0],)


@posix
def test_a_second_interrupt_does_not_break_the_tidying() -> None:
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tidied = False
    try:
        with pytest.raises(KeyboardInterrupt), interruptible() as interrupts:  # noqa: PT012
            try:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(5)
            finally:
                os.kill(os.getpid(), signal.SIGINT)  # at once: the same wish
                interrupts.tidying = True
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.01)
                tidied = True
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert tidied


@posix
def test_a_block_inside_another_shares_its_handler_and_others_handlers_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with interruptible() as outer, interruptible() as inner:
            assert inner is outer
        for theirs in (signal.SIG_IGN, lambda *_: None):
            signal.signal(signal.SIGINT, theirs)
            with interruptible():
                assert signal.getsignal(signal.SIGINT) == theirs
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_thread_can_make_reports_too() -> None:
    found: list[Interrupts] = []

    def inside() -> None:
        with interruptible() as interrupts:
            found.append(interrupts)

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert len(found) == 1
