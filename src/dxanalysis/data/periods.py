"""The periods figures are published for: year, half-year, quarter, month, and a mean over years.

======== ============== ==========================================================
kind     text           meaning
======== ============== ==========================================================
year     ``2024``       the calendar year
half     ``2024-H1``    January to June; H2 is published cumulatively as the year
quarter  ``2024-Q2``    the quarter alone
month    ``2024-07``    the month, or the state at its end
span     ``2021-2025``  the mean over calendar years, first and last included
======== ============== ==========================================================
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, total_ordering
from numbers import Integral
from typing import Final, Literal

from dxanalysis.errors import DataError

Kind = Literal["year", "half", "quarter", "month", "span"]

FORMS: Final = "2024, 2024-H1, 2024-Q2, 2024-07 or 2021-2025"
FIRST_YEAR: Final = 1700  # the longest national accounts begin in the 18th century
LAST_YEAR: Final = 2100

_PATTERN: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<last>\d{4})|(?P<month>\d{2})))?"
)
_MONTHS: Final = 12


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A published period, with its first and last day. Ordered by its end, then by its start."""

    text: str
    kind: Kind
    start: date
    end: date

    @classmethod
    def parse(cls, text: str | int | Period) -> Period:
        """Read a period; a whole number is a year, and a period is itself.

        Raises
        ------
        DataError
            When the text is none of the forms in the module's table, or a year outside 1700-2100.
        """
        if isinstance(text, Period):
            return text
        if not isinstance(text, str) and (isinstance(text, bool) or not isinstance(text, Integral)):
            raise DataError(f"{text!r} is not a period", fix=f"Write {FORMS}")
        return cls._read(str(text))

    @classmethod
    @lru_cache(maxsize=4096)
    def _read(cls, text: str) -> Period:
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise DataError(f"{text!r} is not a period", fix=f"Write {FORMS}")
        year = int(match["year"])
        last = int(match["last"]) if match["last"] else year
        if not (FIRST_YEAR <= year <= LAST_YEAR and FIRST_YEAR <= last <= LAST_YEAR):
            raise DataError(f"{text!r} is not a year from {FIRST_YEAR} to {LAST_YEAR}", fix=f"Write {FORMS}")
        if match["last"]:
            if last <= year:
                raise DataError(f"{text!r} ends before it begins", fix=f"Write {FORMS}")
            return cls(text, "span", date(year, 1, 1), date(last, 12, 31))
        if match["half"]:
            # H2 is published cumulatively: both halves begin with the year.
            return cls(text, "half", *_months(year, 1, 6 * int(match["half"])))
        if match["quarter"]:
            return cls(text, "quarter", *_months(year, 3 * int(match["quarter"]) - 2, 3))
        if match["month"]:
            month = int(match["month"])
            if not 1 <= month <= _MONTHS:
                raise DataError(f"{text!r} has no month {month}", fix=f"Write {FORMS}")
            return cls(text, "month", *_months(year, month, 1))
        return cls(text, "year", date(year, 1, 1), date(year, 12, 31))

    @property
    def year(self) -> int:
        """Calendar year of the last day."""
        return self.end.year

    def __lt__(self, other: Period) -> bool:
        return (self.end, self.start) < (other.end, other.start)

    def __str__(self) -> str:
        return self.text


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
