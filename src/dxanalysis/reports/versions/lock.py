"""One run at a time in a reports folder; a killed run leaves no lock behind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

from dxanalysis.errors import ReportError

if sys.platform == "win32":
    import msvcrt

    def _take(stream: BufferedRandom) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(stream: BufferedRandom) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_run(reports: Path) -> Iterator[None]:
    """Hold the reports folder for the length of a ``with`` block; ReportError where another run holds it.

    The system gives the lock back when the process ends, however it ends.
    """
    reports.mkdir(parents=True, exist_ok=True)
    with (reports / ".lock").open("a+b") as stream:
        try:
            _take(stream)
        except OSError as error:
            raise ReportError(
                "another run is writing to the reports folder", fix="Wait for it to end, or stop it"
            ) from error
        yield
