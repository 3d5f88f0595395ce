"""Places of periods on a calendar, so that "the period before" means the same for years, quarters and numbered periods."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

import numpy as np

from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError

IntArray = np.ndarray[Any, np.dtype[np.int64]]

_MONTHS: Final = {"year": 12, "half": 6, "quarter": 3, "month": 1}


def places(values: Sequence[Hashable], *, where: str) -> IntArray:
    """Place of each period on a calendar counted in whole periods; equal spacing in time is equal spacing in places.

    Parameters
    ----------
    values
        Whole numbers (years, or a count), or text such as ``2024``, ``2024-H1``, ``2024-Q2``, ``2024-07``, all of one kind.
    where
        Column the values come from, for the error.

    Returns
    -------
    IntArray
        Shape (n,).

    Raises
    ------
    DataError
        When a value is no period, or periods of several kinds are mixed.
    """
    distinct = dict.fromkeys(values)
    kinds: dict[str, str] = {}
    place: dict[Hashable, int] = {}
    for value in distinct:
        text = str(value)
        if isinstance(value, (int, float, np.integer, np.floating)) and float(value).is_integer():
            kinds.setdefault("year", text)
            place[value] = int(value)
        else:
            period = _parsed(text, where)
            kinds.setdefault(period.kind, text)
            place[value] = (12 * period.end.year + period.end.month - 1) // _MONTHS[period.kind]
    if len(kinds) > 1:
        raise DataError(
            f"periods of several kinds are mixed: {', '.join(f'{text!r} ({kind})' for kind, text in kinds.items())}",
            where=f"column {where!r}",
            fix="Keep one kind of period",
        )
    return np.array([place[value] for value in values], dtype=np.int64)


def spacing(place: IntArray) -> int:
    """Shortest step that leads from every place to every other: 1 for yearly data, 2 for data of every other year."""
    distinct = np.unique(place)
    return int(np.gcd.reduce(np.diff(distinct))) if len(distinct) > 1 else 1


def _parsed(text: str, where: str) -> Period:
    try:
        period = Period.parse(text)
    except DataError as error:
        raise DataError(error.what, where=f"column {where!r}", fix=error.fix) from error
    if period.kind not in _MONTHS:
        raise DataError(
            f"{text!r} is a span, not one period",
            where=f"column {where!r}",
            fix="Give one row a year, quarter or month",
        )
    return period
