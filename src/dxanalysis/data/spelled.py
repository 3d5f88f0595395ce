"""Spellings of periods and dates that leave no doubt, in panels and in questions: what spreadsheets, pandas and statistics offices write."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.errors import ModelError

_WHOLE: Final = re.compile(r"(\d{4})\.0+")
_PART: Final = re.compile(r"(\d{4})-?(?:([HQ])([1-4])|M(\d{1,2}))", re.IGNORECASE)


def read_period(given: object) -> Period:
    """Read a period, in one of these spellings.

    ========== ======================================================
    year       2024, 2024.0 (number or text), a yearly pandas Period
    half       2024-H1, 2024H1
    quarter    2024-Q2, 2024Q2, 2024-q2, a quarterly pandas Period
    month      2024-07, 2024-M07, 2024M7, a monthly pandas Period
    span       2021-2025
    ========== ======================================================

    Raises
    ------
    DataError
        When it is none of them.
    """
    if isinstance(given, Period):
        return given
    number = isinstance(given, (float, np.floating)) and float(given).is_integer()
    text = str(int(given)) if number else str(given).strip()  # type: ignore[call-overload]  # a float by the line above
    if (whole := _WHOLE.fullmatch(text)) is not None:
        text = whole[1]
    elif (part := _PART.fullmatch(text)) is not None:
        year, letter, which, month = part.groups()
        text = f"{year}-{int(month):02d}" if letter is None else f"{year}-{letter.upper()}{which}"
    return Period.parse(text)


def read_dates(released: pd.Series[Any]) -> pd.Series[Any]:
    """Days of releases, NaT for none, from dates and from text year-month-day.

    A number is no day: it would be read as nanoseconds since 1970. Nor is ``01/05/2026``, in which the month is the first of May to some and the
    fifth of January to others.

    Raises
    ------
    ModelError
        When one cannot be read.
    """
    fix = "Give dates such as 2024-01-06"
    if pd.api.types.is_numeric_dtype(released) and bool(released.notna().any()):
        number = released.dropna().iloc[0]
        raise ModelError(f"the column {released.name} holds numbers such as {number}, not dates", fix=fix)
    try:
        return pd.to_datetime(released, format="ISO8601")
    except (ValueError, TypeError) as error:
        unread = released[pd.to_datetime(released, format="ISO8601", errors="coerce").isna() & released.notna()]
        found = repr(unread.iloc[0]) if len(unread) else str(error).partition(".")[0]
        raise ModelError(
            f"the column {released.name} cannot be read as dates: {found}, where year, month and day are expected",
            fix=fix,
        ) from error
