"""A kill at every step, a full disk, a folder that is closed: the last good version stands and the next run recovers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import shelf
from dxanalysis.errors import ReportError
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.verify import check

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, mounts and limits are POSIX")

HEAD = """
import sys, os
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import shelf
from dxanalysis.errors import ReportError
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.lock import only_run
from dxanalysis.reports.versions.signatures import sign, signatures_of
from dxanalysis.reports.versions.verify import check
home = Path(sys.argv[2])
report = home / "contribution" / "region-VN"

def told(work):
    try:
        work()
    except ReportError as error:
        print(error)
    else:
        print("no error")
"""


def run(tmp_path: Path, script: str, *arguments: object, before: tuple[str, ...] = ()) -> list[str]:
    path = tmp_path / "script.py"
    path.write_text(HEAD + script)
    command = [*before, sys.executable, str(path), str(Path(shelf.__file__).parent), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


KILLED = """
import shutil, signal

STEPS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.utime"}

def work(turn):
    if turn == "first":
        return shelf.publish(report, data="1")
    if turn == "next":
        return shelf.publish(report, data="2")
    if turn == "renumbered":
        folder, manifest = shelf.written(report, data="2", number=1)
        return storage.publish(report, folder, manifest)
    folder, manifest = shelf.written(report, data="2")
    return storage.keep_failure(report, folder, {"error": "E"})

for turn in ("first", "next", "renumbered", "failing"):
    step = 0
    while True:
        step += 1
        shutil.rmtree(home, ignore_errors=True)
        good = None if turn == "first" else shelf.publish(report, data="0")
        child = os.fork()
        if child == 0:
            count = 0
            def hook(event, arguments):
                global count
                if event in STEPS:
                    count += 1
                    if count == step:
                        os.kill(os.getpid(), signal.SIGKILL)
            sys.addaudithook(hook)
            work(turn)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        versions = storage.history(report)
        assert all(check(version).whole for version in versions), (turn, step)
        assert storage.latest(report) in {good, *versions[-1:]}, (turn, step)
        assert good is None or storage.latest(report) is not None, (turn, step)
        unfinished = list(home.rglob(".tmp-*")) or (versions and storage.latest(report) != versions[-1])
        said = storage.recover(home)
        assert bool(said) or not unfinished or all("number" in path.name or path.is_file() for path in unfinished), (turn, step)
        assert not list(home.rglob(".tmp-*")), (turn, step)
        assert storage.history(report) == versions, (turn, step)
        assert storage.latest(report) == (versions[-1] if versions else None), (turn, step)
        again = shelf.publish(report, data="2")
        assert check(again).whole
        assert storage.latest(report) == again == storage.history(report)[-1]
        if not os.WIFSIGNALED(status):
            break
    print(turn, step)
"""


def test_a_kill_at_every_step_leaves_the_last_good_version_and_the_next_run_recovers(tmp_path: Path) -> None:
    memory = Path("/dev/shm")  # every file is pushed to the disk, hundreds of times here
    home = memory if os.access(memory, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=home) as folder:
        said = dict(line.split() for line in run(tmp_path, KILLED, Path(folder) / "reports"))
    assert said.keys() == {"first", "next", "renumbered", "failing"}
    assert all(int(steps) > 12 for steps in said.values()), said


LIMITED = """
import resource
good = shelf.publish(report, data="1")
folder, manifest = shelf.written(report, data="2")
failed, _ = shelf.written(report, data="3")
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
told(lambda: storage.publish(report, folder, manifest))
told(lambda: storage.keep_failure(report, failed, {"error": "E"}))
told(lambda: sign(good, by="A", note="checked"))
print(storage.latest(report) == good, check(good).whole, failed.exists(), signatures_of(good), len(list(home.rglob(".tmp-*"))))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(*storage.recover(home), sep="; ")
again = shelf.publish(report, data="3")
print(storage.latest(report) == again, all(check(version).whole for version in storage.history(report)))
"""


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    full = "the disk is full. Free some space (dxanalysis prune shows what could go) and run again."
    lines = run(tmp_path, LIMITED, tmp_path / "reports")
    assert lines[0] == f"contribution/region-VN: {full}"
    assert lines[1] == f"contribution/region-VN: {full}"
    assert lines[2].endswith(full)
    assert lines[3:] == [
        "True True False () 1",  # what could not be published is still the run's to discard; here the run just ends
        "contribution/region-VN: what a stopped run had begun was removed",
        "True True",
    ]


FULL = """
good = shelf.publish(report, data="1")
folder, manifest = shelf.written(report, data="2")
other, more = shelf.written(report, data="3")
room = home / "room"
try:
    with room.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
except OSError as error:
    print(error.strerror)
told(lambda: storage.publish(report, folder, manifest))
told(lambda: storage.keep_failure(report, other, {"error": "E" * 100_000}))
told(lambda: sign(good, by="A", note="checked"))
print(storage.latest(report) == good, check(good).whole)
room.unlink()
for line in storage.recover(home):
    print("recovered:", line)
again = shelf.publish(report, data="3")
print(storage.latest(report) == again, all(check(version).whole for version in storage.history(report)), len(list(home.rglob(".tmp-*"))))
"""

CLOSED = """
import subprocess
good = shelf.publish(report, data="1")
folder, manifest = shelf.written(report, data="2")
subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
told(lambda: storage.begin(report))
told(lambda: storage.publish(report, folder, manifest))
told(lambda: storage.keep_failure(report, folder, {"error": "E"}))
told(lambda: storage.discard(folder))
print(*storage.recover(home))
told(lambda: sign(good, by="A", note="checked"))
told(lambda: only_run(home).__enter__())
print(storage.latest(report) == good, check(good).whole)
subprocess.run(["mount", "-o", "remount,rw", str(home)], check=True)
for line in storage.recover(home):
    print("recovered:", line)
again = shelf.publish(report, data="2")
print(storage.latest(report) == again, check(again).whole)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> tuple[str, ...]:
    """What to put before a command so that ``tmp_path/reports`` is a disk of 400 kB of its own."""
    (tmp_path / "reports").mkdir()
    mount = f"mount -t tmpfs -o size=400k tmpfs '{tmp_path / 'reports'}' && exec \"$@\""
    before = ("unshare", "--map-root-user", "--mount", "sh", "-c", mount, "sh")
    try:
        can = subprocess.run([*before, "true"], capture_output=True).returncode == 0
    except OSError:
        can = False
    if not can:
        pytest.skip("this system lets nobody mount a small disk")
    return before


def test_a_full_disk(tmp_path: Path, small_disk: tuple[str, ...]) -> None:
    lines = run(tmp_path, FULL, tmp_path / "reports", before=small_disk)
    assert lines[0] == "No space left on device"
    errors = [line for line in lines if "the disk is full" in line]
    assert errors
    assert all("Free some space" in line for line in errors)
    assert lines[-1] == "True True 0"
    standing = next(number for number, line in enumerate(lines) if line == "True True")
    assert len(errors) == len([line for line in lines[1:standing] if line != "no error"])


def test_a_folder_that_is_closed(tmp_path: Path, small_disk: tuple[str, ...]) -> None:
    lines = run(tmp_path, CLOSED, tmp_path / "reports", before=small_disk)
    assert lines.pop(4) == "contribution/region-VN: what a stopped run had begun cannot be removed"
    assert [line.split(": ", 1)[-1] for line in lines[:6]] == [
        "the folder cannot be written to. Give your account the right to write there, and run again."
    ] * 6
    assert lines[6:] == [
        "True True",
        "recovered: contribution/region-VN: what a stopped run had begun was removed",
        "True True",
    ]


def test_outputs_that_are_no_files_are_refused(tmp_path: Path) -> None:
    folder, _ = shelf.written(tmp_path / "contribution" / "region-VN")
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(ReportError, match="link is no file"):
        storage.describe_outputs(folder)
    (folder / "link").unlink()
    (folder / storage.RECORD).unlink()
    with pytest.raises(ReportError, match=r"record\.json was not written"):
        storage.describe_outputs(folder)
    storage.empty(folder)
    assert list(folder.iterdir()) == []
    assert check(folder).faults == ("the manifest cannot be read (FileNotFoundError)",)
