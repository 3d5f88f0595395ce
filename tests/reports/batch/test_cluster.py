"""A real Dask scheduler and real workers, on this machine's loopback address: what dies, and what is wrong with a cluster."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.reports.batch.cluster import cluster
from dxanalysis.reports.batch.executors import InProcessExecutor
from dxanalysis.reports.batch.run import RunResult, Settings, run
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions import storage

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="kills processes by POSIX signals")]

# Random numbers follow the seed; while the gate is shut a notebook says that it is at it and waits.
NOTEBOOK = """
import os, random, time
from pathlib import Path
from dxanalysis.reports.recording.recorder import Recorder
while Path("gate").exists():
    Path(f"at-{region}").touch()
    time.sleep(0.05)
r = Recorder()
r.meta(title="Số liệu " + region, language="vi", group=region, group_id=region, data_until="2025-01-06")
r.value("draw", random.Random(f"{seed} {region}").random(), unit="percent", text="1", label="Một")
r.data_used({f"figures/{region}": "1"})
"""
PARAMETERS = 'region: str = "VN"\nseed: int = 0'
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def jobs(make_notebook) -> list[Job]:
    make_notebook("draws", NOTEBOOK, parameters=PARAMETERS)
    return [Job(notebook="draws", parameters={"region": f"R{number}"}, seed=17) for number in range(6)]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a process of Dask; it ends with the test."""
    environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(tmp_path / "scratch"), "OPENBLAS_NUM_THREADS": "1"}
    with ExitStack() as stack, (tmp_path / "dask.log").open("wb") as log:

        def begin(*arguments: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=tmp_path)
            stack.callback(process.wait, 20)
            stack.callback(process.kill)
            return process

        yield begin


@pytest.fixture
def scheduler(start: Start) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    return f"tcp://127.0.0.1:{port}"


def worker(start: Start, scheduler: str) -> subprocess.Popen[bytes]:
    return start(
        "worker",
        scheduler,
        "--no-nanny",
        "--nthreads",
        "1",
        "--host",
        "127.0.0.1",
        "--no-dashboard",
        "--memory-limit",
        "0",
        "--death-timeout",  # a test that is killed leaves no worker for long
        "30",
    )


def wait_until(done: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not done():
        time.sleep(0.05)
    return done()


def recorded(reports: Path) -> dict[str, tuple[bytes, bytes]]:
    """What the newest version of each report says, byte for byte."""
    found = {}
    for report in sorted(reports.glob("*/*/")):
        if not report.parent.name.startswith("."):
            version = storage.latest(report)
            assert version is not None
            name = f"{report.name}/{version.name}"
            found[name] = ((version / storage.RECORD).read_bytes(), (version / storage.VALUES).read_bytes())
    return found


def statuses(result: RunResult) -> list[str]:
    return [one.status for one in result.results]


def test_a_cluster_that_loses_a_worker_makes_the_versions_of_this_process(
    jobs: list[Job], settings: Settings, start: Start, scheduler: str, tmp_path: Path
) -> None:
    with InProcessExecutor() as here:
        assert statuses(run(jobs, settings, digest_of={}.get, executor=here)) == ["made"] * 6
    wanted = recorded(settings.reports)
    assert len(wanted) == 6
    settings.reports.rename(tmp_path / "in-process")

    (tmp_path / "gate").touch()
    workers = [worker(start, scheduler), worker(start, scheduler)]

    def kill_one_in_the_middle() -> None:
        if wait_until(lambda: len(list(tmp_path.glob("at-*"))) == 2):
            os.kill(workers[0].pid, signal.SIGKILL)
        (tmp_path / "gate").unlink()

    with cluster(scheduler, reports=settings.reports, packages=settings.packages) as ready:
        assert wait_until(lambda: len(ready.client.nthreads()) == 2)
        killer = threading.Thread(target=kill_one_in_the_middle)
        killer.start()
        result = run(jobs, settings, digest_of={}.get, executor=ready.executor, workers=2)
        killer.join()
    assert workers[0].wait(10) == -signal.SIGKILL
    assert workers[1].poll() is None
    assert statuses(result) == ["made"] * 6
    assert recorded(settings.reports) == wanted
    assert not list(settings.reports.rglob(".tmp-*"))


@pytest.mark.parametrize(
    "address", ["", "local", "local:0", "local:1000", "tcp://host", "tcp://:1", "http://h:1", "tcp://h:1/x", "x"]
)
def test_what_is_no_address_is_told(address: str, tmp_path: Path) -> None:
    with (
        pytest.raises(ParameterError, match=r"is no cluster\. Write tcp://HOST:PORT"),
        cluster(address, reports=tmp_path, packages=()),
    ):
        pass


def test_without_dask_the_way_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ParameterError, match=r'not installed. Install it with: pip install "dxanalysis\[dask\]"'),
        cluster("local:1", reports=tmp_path, packages=()),
    ):
        pass


def test_what_is_wrong_with_a_cluster_is_told_before_anything_runs(
    settings: Settings, start: Start, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports, packages = settings.reports, settings.packages

    def connect(where: str, seen: Path = reports, timeout: float = 30.0) -> str:
        try:
            with cluster(where, reports=seen, packages=packages, timeout=timeout) as ready:
                return f"{ready.workers} at a time"
        except ReportError as error:
            return str(error)

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # nobody listens there
        nobody = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert connect(nobody, timeout=0.5).startswith("no scheduler answers at the cluster's address. Start one with:")
    # A path that means another folder to each process, as it does on machines without a shared disk.
    elsewhere = Path("/proc/self/cwd/reports")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert wait_until(lambda: "no scheduler" not in connect(scheduler, timeout=2.0))
    assert connect(scheduler, timeout=1.0).startswith(
        "the cluster has no worker after 1 s. Start one on each machine with:"
    )
    worker(start, scheduler)
    assert connect(scheduler) == "1 at a time"
    assert connect(scheduler, elsewhere).startswith(
        "1 of 1 workers of the cluster do not see the same reports folder. Give every"
    )
    (packages[0] / "code.py").write_text("x = 2\n")
    assert connect(scheduler).startswith(
        "1 of 1 workers of the cluster have another version of the code. Install the same"
    )
    assert not list(tmp_path.rglob(".tmp-*")), "no probe is left"
