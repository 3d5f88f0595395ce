"""Cells of one row turned into values; what cannot be turned becomes a fault, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dxanalysis.data.numbers import parse_number
from dxanalysis.data.periods import FORMS, Period
from dxanalysis.data.readers.tidy import Row
from dxanalysis.errors import DataError, Fault


class Cells:
    """One row's cells; ``faults`` grows as cells are asked for. A method that met a fault answers None."""

    def __init__(self, file: str, row: Row, *, decimal: str = ".") -> None:
        self._file = file
        self._row = row
        self._decimal = decimal
        self.faults: list[Fault] = []

    def fault(self, column: str, *, expected: str, hint: str, found: str | None = None) -> None:
        """Note a fault in a column."""
        text = repr(self._row.cells.get(column, "")) if found is None else found
        self.faults.append(
            Fault(file=self._file, row=self._row.line, column=column, found=text, expected=expected, hint=hint)
        )

    def text(self, column: str) -> str:
        """Text of an optional cell, empty when absent."""
        return self._row.cells.get(column, "")

    def required(self, column: str, *, expected: str, hint: str) -> str | None:
        """Text of a cell that must not be empty."""
        if not self.text(column):
            self.fault(column, expected=expected, hint=hint, found="an empty cell")
            return None
        return self.text(column)

    def choice(self, column: str, choices: Iterable[str]) -> str | None:
        """One of a closed list."""
        allowed = tuple(choices)
        if self.text(column) not in allowed:
            self.fault(column, expected=f"one of {', '.join(allowed)}", hint="Correct the spelling.")
            return None
        return self.text(column)

    def number(self, column: str) -> float | None:
        """A number in the file's decimal notation."""
        try:
            return parse_number(self.text(column), decimal=self._decimal)
        except DataError as error:
            self.fault(column, expected=f"a number with decimal mark {self._decimal!r}", hint=_sentence(error.fix))
            return None

    def optional_number(self, column: str) -> float | None:
        """A number, or None for an empty cell."""
        return self.number(column) if self.text(column) else None

    def period(self, column: str) -> Period | None:
        """A period."""
        try:
            return Period.parse(self.text(column))
        except DataError as error:
            self.fault(
                column, expected=f"a period: {FORMS}", hint=_sentence(error.what + "; check the year at the source")
            )
            return None

    def day(self, column: str) -> date | None:
        """A date, year-month-day."""
        text = self.text(column)
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fault(
                column, expected="a date as year-month-day, e.g. 2025-01-06", hint="Write the date in this order."
            )
            return None

    def optional_day(self, column: str) -> date | None:
        """A date, or None for an empty cell."""
        return self.day(column) if self.text(column) else None


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
