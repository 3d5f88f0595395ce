"""One writer at a time in a folder: who comes second waits; a killed writer leaves no lock behind."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import Final

from dxanalysis.errors import ParameterError

PATIENCE: Final = 60.0
"""Seconds to wait for one's turn: a store of a large archive takes some to build."""
_NAP: Final = 0.02

if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BufferedRandom) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(stream: BufferedRandom) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def take(stream: BufferedRandom, *, patience: float = 0.0) -> None:
    """Lock an open file, after waiting so many seconds at most. The system gives it back when the process ends, however it ends.

    Raises
    ------
    OSError
        When somebody else holds it still.
    """
    end = time.monotonic() + patience
    while True:
        try:
            return _lock(stream)
        except OSError:
            if time.monotonic() >= end:
                raise
        time.sleep(_NAP)


@contextmanager
def turn(folder: Path, work: str, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a folder for one kind of work for the length of a ``with`` block; others who come for it wait.

    Raises
    ------
    ParameterError
        The turn did not come in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{work}.lock").open("a+b") as stream:
        try:
            take(stream, patience=patience)
        except OSError as error:
            raise ParameterError(
                "somebody else is writing there", where=folder.name, fix="Wait for it to end, or stop it"
            ) from error
        yield
