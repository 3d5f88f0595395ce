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

if sys.platform == "win32":
    import msvcrt

    def take(stream: BufferedRandom) -> None:
        """Lock an open file; OSError where somebody else holds it. The system gives it back when the process ends, however it ends."""
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def take(stream: BufferedRandom) -> None:
        """Lock an open file; OSError where somebody else holds it. The system gives it back when the process ends, however it ends."""
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


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
        end = time.monotonic() + patience
        while True:
            try:
                take(stream)
                break
            except OSError as error:
                if time.monotonic() > end:
                    raise ParameterError(
                        "somebody else is writing there", where=folder.name, fix="Wait for it to end, or stop it"
                    ) from error
                time.sleep(0.05)
        yield
