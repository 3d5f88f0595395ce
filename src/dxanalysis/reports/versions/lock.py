"""One run at a time in a reports folder; a killed run leaves no lock behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import Final

from dxanalysis.data.turns import take
from dxanalysis.errors import ReportError
from dxanalysis.reports.versions.folders import storing

_PATIENCE: Final = 10.0


@contextmanager
def only_run(reports: Path) -> Iterator[None]:
    """Hold the reports folder for the length of a ``with`` block; ReportError where another run holds it.

    The system gives the lock back when the process ends, however it ends.
    """
    with _opened(reports) as stream:
        try:
            take(stream)
        except OSError as error:
            raise ReportError(
                "another run is writing to the reports folder", fix="Wait for it to end, or stop it"
            ) from error
        yield


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold a folder for a change that takes a moment; others who change it wait for their turn.

    Raises
    ------
    ReportError
        The turn did not come within ten seconds.
    """
    with _opened(folder) as stream:
        try:
            take(stream, patience=_PATIENCE)
        except OSError as error:
            raise ReportError("somebody else is writing there", where=folder.name, fix="Try again") from error
        yield


def _opened(folder: Path) -> BufferedRandom:
    with storing(folder.name):
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / ".lock").open("a+b")
