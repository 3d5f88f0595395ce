"""One Ctrl-C stops a batch and lets it tidy up; an impatient second one does not break the tidying."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_PATIENCE: Final = 2.0  # seconds in which a second interrupt is the same wish as the first


class Interrupts:
    """What became of the interrupts of a run; ``tidying`` is set while they are put off."""

    def __init__(self) -> None:
        self.tidying = False
        self._last: float | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # the signature of a handler
        """Raise KeyboardInterrupt, unless the run is stopping already."""
        now = time.monotonic()
        if self.tidying or (self._last is not None and now - self._last < _PATIENCE):
            return
        self._last = now
        raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Interrupts]:
    """Handle interrupts for the length of a ``with`` block.

    Only the main thread can; elsewhere, and where interrupts are ignored (a job in the background), nothing changes. A block
    inside another one shares its handler.
    """
    interrupts = Interrupts()
    outer = signal.getsignal(signal.SIGINT)
    if isinstance(outer, Interrupts):
        yield outer
        return
    here = threading.current_thread() is threading.main_thread()
    before = outer if here else None
    if before is not signal.default_int_handler:  # somebody else's handler, or none: theirs to decide
        yield interrupts
        return
    signal.signal(signal.SIGINT, interrupts)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)
