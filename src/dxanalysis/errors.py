"""Errors that say what is wrong, where, and the way out.

Every error a user can cause is a :class:`DxError`. The command line prints it without a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in an input: the place, what was found there, what was expected, what to do.

    Attributes
    ----------
    file
        File name, relative to the folder that was read.
    row
        Line number in the file (the heading is line 1), or None where the whole file is meant.
    column
        Column heading, or None where the whole row or file is meant.
    found, expected, hint
        The text found, what would have been right, and the way out.
    """

    file: str
    row: int | None = None
    column: str | None = None
    found: str
    expected: str
    hint: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: found {self.found}; expected {self.expected}. {self.hint}"


class DxError(Exception):
    """A fault the user can act on."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        parts = [self.what if not self.where else f"{self.where}: {self.what}"]
        if self.fix:
            parts.append(self.fix)
        return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts)


class DataError(DxError, ValueError):
    """Published figures cannot be read or do not keep their contract; ``faults`` lists every one."""

    def __init__(self, what: str, *, where: str = "", fix: str = "", faults: Iterable[Fault] = ()) -> None:
        super().__init__(what, where=where, fix=fix)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  - {fault}" for fault in self.faults)])


class ParameterError(DxError, ValueError):
    """An option or a report parameter is unknown, of the wrong type, or out of range."""


class ModelError(DxError, ValueError):
    """A model cannot be fitted to, or asked about, what it was given."""


class BeyondBounds(UserWarning):
    """Values lie beyond the bounds they were given with, and are cut there: a wrong unit or a wrong bound, most often."""


class PercentOrFraction(UserWarning):
    """Numbers look like fractions where percent are meant, or like percent where fractions are."""


class ReportError(DxError):
    """A report could not be planned, run or stored."""
