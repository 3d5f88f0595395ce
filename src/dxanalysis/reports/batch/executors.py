"""An executor without workers: each job runs in the process that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class InProcessExecutor(Executor):
    """Runs each call at once in the thread that hands it in: for a debugger, a notebook, or a machine without processes.

    An interrupt goes through to the caller instead of into the future, so that Ctrl-C stops the batch and not one job.
    """

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Run the call; the future is done when it is returned."""
        future: Future[_T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # as every executor does: what the call raised belongs to its future
            future.set_exception(error)
        return future
