"""What a batch tells while it is going on: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dxanalysis.reports.versions.freshness import Freshness
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.text import clean

if TYPE_CHECKING:
    from rich.console import Console

    from dxanalysis.reports.engine.execute import Failure


class Progress(Protocol):
    """Told of the steps of a batch."""

    def start(self, jobs: Sequence[tuple[Job, Freshness]]) -> None:
        """All jobs are known, and which of them stand."""

    def done(self, job: Job, status: str, seconds: float, failure: Failure | None) -> None:
        """One job ended."""

    def retry(self, jobs: int) -> None:
        """A worker died; so many jobs are tried again."""

    def stop(self) -> None:
        """The batch ended, or was stopped."""


class Silent:
    """Tells nobody."""

    def start(self, jobs: Sequence[tuple[Job, Freshness]]) -> None:
        """Say nothing."""

    def done(self, job: Job, status: str, seconds: float, failure: Failure | None) -> None:
        """Say nothing."""

    def retry(self, jobs: int) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """Say nothing."""


class OnConsole:
    """Tells a rich console: one line a job, and on a terminal a bar with the time left below them."""

    def __init__(self, console: Console) -> None:
        from rich.progress import (  # noqa: PLC0415  # loaded only where something is shown
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bar  # noqa: PLC0415

        self._console = console
        self._bar = Bar(
            TextColumn("reports"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._row = self._bar.add_task("reports", total=None)

    def start(self, jobs: Sequence[tuple[Job, Freshness]]) -> None:
        """Show which reports stand and why the others are made."""
        stale = [(job, state) for job, state in jobs if not state.fresh]
        self._line(f"{len(jobs)} reports planned, {len(jobs) - len(stale)} fresh, {len(stale)} to make")
        for job, state in stale:
            self._line(f"  to make  {job}: {state}")
        if stale:
            self._bar.update(self._row, total=len(stale))
            self._bar.start()

    def done(self, job: Job, status: str, seconds: float, failure: Failure | None) -> None:
        """Show how one job ended."""
        self._line(f"  {status:<7}  {job}  {seconds:.1f} s" + (f"  {failure}" if failure else ""))
        self._bar.advance(self._row)

    def retry(self, jobs: int) -> None:
        """Show that a worker died."""
        self._line(f"  a worker process was killed; {jobs} report(s) are tried again")

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()

    def _line(self, text: str) -> None:
        # Names and messages are not ours: no markup, no control characters.
        self._console.print(clean(text), markup=False, highlight=False, soft_wrap=True)
