"""What a batch tells while it is going on: a live table with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from dxanalysis.reports.batch.estimate import Estimate, spoken
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.text import clean
from dxanalysis.reports.versions.freshness import Freshness

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table

    from dxanalysis.reports.batch.result import Explained
    from dxanalysis.reports.engine.failure import Failure

_REASONS: Final = 40
_TRUSTED: Final = 3  # reports of a notebook after which this run's own seconds count, not those of earlier ones
_ROWS: Final = 12


class Progress(Protocol):
    """Told of the steps of a batch."""

    def start(
        self, jobs: Sequence[tuple[Job, Freshness]], waiting: Sequence[Job], expected: Estimate, workers: int
    ) -> None:
        """All jobs are known, which of them stand, which will be made, and how long that will take."""

    def started(self, job: Job) -> None:
        """A worker is free for this job, and it is the next one."""

    def done(self, job: Job, status: str, seconds: float, failure: Failure | None) -> None:
        """One job ended."""

    def retry(self, jobs: Sequence[Job]) -> None:
        """A worker died; these jobs are tried again."""

    def stop(self) -> None:
        """The batch ended, or was stopped."""

    def explained(self, one: Explained, done: int, of: int) -> None:
        """What changed in a new version is told, or could not be."""


class Silent:
    """Tells nobody."""

    def start(
        self, jobs: Sequence[tuple[Job, Freshness]], waiting: Sequence[Job], expected: Estimate, workers: int
    ) -> None:
        """Say nothing."""

    def started(self, job: Job) -> None:
        """Say nothing."""

    def done(self, job: Job, status: str, seconds: float, failure: Failure | None) -> None:
        """Say nothing."""

    def retry(self, jobs: Sequence[Job]) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """Say nothing."""

    def explained(self, one: Explained, done: int, of: int) -> None:
        """Say nothing."""


class Clock:
    """The time left: from the seconds of earlier versions, and from this run's own as soon as it has some."""

    def __init__(
        self, waiting: Sequence[Job], expected: Estimate, workers: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._expected = expected
        self._workers = max(1, workers)
        self._left = {job.folder: job for job in waiting}
        self._measured: defaultdict[str, list[float]] = defaultdict(list)
        self.running: dict[str, tuple[Job, float]] = {}

    def started(self, job: Job) -> None:
        """Note that a job began."""
        self.running[job.folder] = (job, self._now())

    def over(self, job: Job, seconds: float | None) -> None:
        """Note that a job is over (its seconds), or comes back (None)."""
        self.running.pop(job.folder, None)
        if seconds is not None:
            self._left.pop(job.folder, None)
            self._measured[job.notebook].append(seconds)

    def elapsed(self) -> list[tuple[Job, float]]:
        """Jobs that are running, with their seconds so far."""
        now = self._now()
        return [(job, now - began) for job, began in list(self.running.values())]

    def left(self) -> float | None:
        """Seconds until all is done, or None while nothing is known of some job."""
        gone = {job.folder: seconds for job, seconds in self.elapsed()}
        rest: list[float] = []
        for folder, job in list(self._left.items()):
            seconds = self._seconds(job)
            if seconds is None:
                return None
            rest.append(max(0.0, seconds - gone.get(folder, 0.0)))
        return max(sum(rest) / self._workers, max(rest, default=0.0))

    def _seconds(self, job: Job) -> float | None:
        own = self._measured.get(job.notebook, [])
        known = self._expected.of(job)
        if own and (known is None or len(own) >= _TRUSTED):
            return sum(own) / len(own)
        if known is None and self._measured:
            every = [seconds for each in list(self._measured.values()) for seconds in each]
            return sum(every) / len(every)
        return known


class OnConsole:
    """Tells a rich console: a line for each report that is done, and on a terminal what is running below them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._clock: Clock | None = None
        self._counts: dict[str, int] = {}
        self._total = 0

    def start(
        self, jobs: Sequence[tuple[Job, Freshness]], waiting: Sequence[Job], expected: Estimate, workers: int
    ) -> None:
        """Show which reports stand and why the others are made."""
        asked = {job.folder for job in waiting}
        stale = [(job, state) for job, state in jobs if job.folder in asked]
        fresh = sum(state.fresh for _, state in jobs)
        skipped = len(jobs) - fresh - len(stale)
        self._counts = {"made": 0, "failed": 0, "fresh": fresh}
        self._total = len(stale)
        self._clock = Clock(waiting, expected, workers)
        left = self._clock.left()
        about = f", about {spoken(left)}" if stale and left is not None else ""
        note = f", {skipped} failed before" if skipped else ""
        self._line(f"{len(jobs)} reports planned, {fresh} fresh{note}, {len(stale)} to make{about}")
        for job, state in stale[:_REASONS]:
            self._line(f"  to make  {job}: {state}")
        if len(stale) > _REASONS:
            self._line(f"  and {len(stale) - _REASONS} more; dxanalysis plan lists them all")
        if stale and self._console.is_terminal:
            from rich.live import Live  # noqa: PLC0415  # loaded only where something moves

            self._live = Live(get_renderable=self._table, console=self._console, refresh_per_second=4, transient=True)
            self._live.start()

    def started(self, job: Job) -> None:
        """Show that a job is running."""
        if self._clock is not None:
            self._clock.started(job)

    def done(self, job: Job, status: str, seconds: float, failure: Failure | None) -> None:
        """Show how one job ended."""
        self._counts[status] = self._counts.get(status, 0) + 1
        left = None
        if self._clock is not None:
            self._clock.over(job, seconds)
            left = self._clock.left()
        ended = self._counts["made"] + self._counts["failed"]
        tail = "" if self._live is not None else f"  [{ended}/{self._total}{_left(left, ended, self._total)}]"
        self._line(f"  {status:<7}  {job}  {seconds:.1f} s{tail}" + (f"  {failure}" if failure else ""))

    def retry(self, jobs: Sequence[Job]) -> None:
        """Show that a worker died."""
        if self._clock is not None:
            for job in jobs:
                self._clock.over(job, None)
        self._line(f"  a worker process was killed; {len(jobs)} report(s) are tried again")

    def stop(self) -> None:
        """Take the table away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def explained(self, one: Explained, done: int, of: int) -> None:
        """Show what changed in a new version, in numbers."""
        self._line(f"  {'told' if not one.failure else 'not told':<7}  {one}  {one.seconds:.1f} s  [{done}/{of}]")

    def _table(self) -> Table:
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        if self._clock is None:
            return table
        running = self._clock.elapsed()
        for job, seconds in running[:_ROWS]:
            # Names and values are not ours: no markup, no control characters.
            table.add_row(Text(clean(f"  running  {job}")), f"{seconds:.0f} s")
        if len(running) > _ROWS:
            table.add_row(f"  and {len(running) - _ROWS} more running", "")
        ended = self._counts["made"] + self._counts["failed"]
        words = ", ".join(f"{count} {status}" for status, count in self._counts.items())
        table.add_row(f"{ended} of {self._total} done: {words}{_left(self._clock.left(), ended, self._total)}", "")
        return table

    def _line(self, text: str) -> None:
        # Names and messages are not ours: no markup, no control characters.
        self._console.print(clean(text), markup=False, highlight=False, soft_wrap=True)


def _left(seconds: float | None, ended: int, total: int) -> str:
    if ended >= total:
        return ""
    return f", about {spoken(seconds)} left" if seconds is not None else ", time left not known yet"
