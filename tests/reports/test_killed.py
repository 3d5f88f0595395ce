"""A run that is killed or interrupted: the store is whole, nobody is left behind, the next run tidies up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dxanalysis.reports.batch.make import make
from dxanalysis.reports.batch.run import Settings
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions import storage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups are POSIX"),
]

# A shell that starts the tests in the background lets them ignore the interrupt, and they hand that on: a run in a terminal does not.
SCRIPT = """
import signal
import sys
from pathlib import Path
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.batch.make import make
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.batch.run import Settings

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    here = Path(sys.argv[1])
    settings = Settings(project=here, notebooks=here / "notebooks", reports=here / "reports", environment="lock-1",
                        labels=catalogue(), packages=(here / "package",))
    make([Job(notebook="slow", parameters={})], settings, digest_of={}.get)
"""
NOTEBOOK = """
import os, time
from pathlib import Path
from dxanalysis.reports.recording.recorder import Recorder
r = Recorder()
r.meta(title="a", language="vi")
if Path("wait").exists():
    Path("pid.tmp").write_text(str(os.getpid()))
    Path("pid.tmp").rename("pid")
    time.sleep(60)
"""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def between(pid: int, ancestor: int) -> list[int]:
    """A process and those above it, up to an ancestor that is not among them."""
    found = []
    while pid not in (ancestor, 0):
        found.append(pid)
        pid = parent_of(pid)
    return found


def wait_until(done, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.05)
    return bool(done())


@pytest.fixture
def running(make_notebook, settings: Settings, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A run in a process group of its own, stopped in the middle of a notebook; and its processes, the kernel first."""
    make_notebook("slow", NOTEBOOK)
    (tmp_path / "run.py").write_text(SCRIPT)
    (tmp_path / "wait").touch()
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert wait_until((tmp_path / "pid").exists, 60)
            yield process, between(int((tmp_path / "pid").read_text()), process.pid)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_stopped_run_leaves_a_whole_store_and_nobody_behind(
    running: tuple[subprocess.Popen[str], list[int]], settings: Settings, number: signal.Signals
) -> None:
    process, others = running
    report = settings.reports / "slow" / "default"
    assert len(list(report.glob(".tmp-*"))) == 1
    if number is signal.SIGKILL:
        process.kill()
    else:
        os.killpg(process.pid, number)  # as a terminal does: to the whole group
    process.wait(20)
    assert wait_until(lambda: not any(map(alive, others)), 15), "worker and kernel end with the run"
    assert storage.history(report) == ()
    assert storage.latest(report) is None
    if number is signal.SIGINT:
        assert not list(settings.reports.rglob(".tmp-*")), "an interrupted run tidies up itself"
        assert "KeyboardInterrupt" in (process.stderr.read() if process.stderr else "")
        return
    (settings.project / "wait").unlink()
    result = make([Job(notebook="slow", parameters={})], settings, digest_of={}.get)
    assert [one.status for one in result.results] == ["made"]
    assert result.recovered == ("slow/default: what a stopped run had begun was removed",)
    assert result.lines()[0] == result.recovered[0], "the run says so"
    assert [path.name[:4] for path in storage.history(report)] == ["0001"]
    assert not list(settings.reports.rglob(".tmp-*"))


@pytest.mark.parametrize("place", [1, 2], ids=["worker", "warm process"])
def test_a_process_killed_alone_costs_one_more_try(
    running: tuple[subprocess.Popen[str], list[int]], settings: Settings, tmp_path: Path, place: int
) -> None:
    process, others = running
    if len(others) <= place:
        pytest.skip("this system copies no processes")
    (tmp_path / "wait").unlink()
    os.kill(others[place], signal.SIGKILL)  # the kernel is a copy of the worker, and that of the warm process
    assert process.wait(60) == 0
    assert [path.name[:4] for path in storage.history(settings.reports / "slow" / "default")] == ["0001"]
    assert wait_until(lambda: not alive(others[0]), 15)
