"""Why a run gave no report: which cell, what error, and what the reader can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dxanalysis.reports.text import one_line

FailureKind = Literal["cell", "memory", "kernel-died", "timeout", "record", "internal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a run gave no report.

    Attributes
    ----------
    cell
        Number of the code cell in the notebook file, counted from 1, or None where no cell is to blame.
    source
        The first line of that cell.
    error, message
        The exception's name and text.
    traceback
        Its last lines, without colours and without paths of this machine.
    """

    kind: FailureKind
    error: str
    message: str
    cell: int | None = None
    source: str = ""
    traceback: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"code cell {self.cell} ({one_line(self.source, 80)}): " if self.cell else ""
        return f"{place}{self.error}: {one_line(self.message)}" if self.message else f"{place}{self.error}"

    def to_plain(self) -> dict[str, object]:
        """Give the failure as plain JSON."""
        return {
            "kind": self.kind,
            "cell": self.cell,
            "source": self.source,
            "error": self.error,
            "message": self.message,
            "traceback": list(self.traceback),
        }
