"""Workers of our own over several steps: loading the libraries takes longer than most reports, so it is done once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from types import TracebackType
from typing import Self


class Staff:
    """Workers that are hired when they are first asked for, and kept for what comes after.

    Parameters
    ----------
    workers
        Calls at a time.
    """

    def __init__(self, workers: int) -> None:
        self._workers = max(workers, 1)
        self._executor: Executor | None = None

    def executor(self, modules: Sequence[str]) -> Executor:
        """Give the executor; ``modules`` are loaded by one that is only now begun."""
        from dxanalysis.reports.batch.workers import default_executor  # noqa: PLC0415  # loads the engine

        if self._executor is None:
            self._executor = default_executor(self._workers, modules)
        return self._executor

    def renew(self, modules: Sequence[str]) -> Executor:
        """Give another executor in the place of one that broke."""
        self.stop()
        return self.executor(modules)

    def stop(self) -> None:
        """End what runs now."""
        from dxanalysis.reports.batch.workers import stop  # noqa: PLC0415

        executor, self._executor = self._executor, None
        if executor is not None:
            stop(executor)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End once what runs is done; at once where something went wrong."""
        if kind is not None:
            self.stop()
        elif self._executor is not None:
            executor, self._executor = self._executor, None
            executor.shutdown()
