"""What one notebook may use: time, memory and text."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from dxanalysis.errors import ParameterError

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one notebook may use.

    Attributes
    ----------
    seconds
        For the whole notebook.
    memory
        MiB on top of what the libraries take; asking for more raises MemoryError in the cell that asks. None: three quarters of
        what the machine has. Held on Linux.
    text
        MiB that prints may add to the notebook; the rest is counted and left out, and the notebook says so.
    """

    seconds: float = 900.0
    memory: int | None = None
    text: int = 16

    def __post_init__(self) -> None:
        for name in ("seconds", "memory", "text"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ParameterError(f"the limit of {name} is {value!r}", fix="Give a number above 0")

    @property
    def megabytes(self) -> int:
        """The limit of memory in MiB, the machine's share where none was given."""
        return self.memory or share_of_memory(1)


def share_of_memory(jobs: int) -> int:
    """MiB for each of so many notebooks at a time, so that together they take three quarters of the machine at most."""
    return max(256, machine_memory() * 3 // 4 // max(1, jobs))


def machine_memory() -> int:
    """Memory of the machine in MiB, or of the container where that is less; 4,096 where it cannot be told."""
    try:
        physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return 4096
    try:
        contained = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
    except (OSError, ValueError):
        contained = physical
    return min(physical, contained) // MIB


def hold_memory(megabytes: int) -> None:
    """Let this process grow by so much and no more, and be the first to go where the machine runs out."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415  # not on every system

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + megabytes * MIB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return
