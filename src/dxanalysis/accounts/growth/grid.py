"""Figures by name and year: names that differ, years without a gap, every cell a number. What is wrong is named by its cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from dxanalysis.accounts.tables.table import Vector, frozen, listing
from dxanalysis.errors import DataError

Sign = Literal["any", "not_negative", "positive"]


def checked_years(years: Sequence[int], *, gaps: bool = False) -> tuple[int, ...]:
    """Years in ascending order, at least two; without a missing one unless ``gaps``.

    Raises
    ------
    DataError
        When a year is no whole number, is there twice, out of order or missing; the year is named.
    """
    whole: list[int] = []
    for one in years:
        if isinstance(one, bool) or not isinstance(one, int | np.integer):
            raise DataError(f"{one!r} is not a year", fix="Give whole numbers such as 2024")
        whole.append(int(one))
    if len(whole) < 2:
        raise DataError(
            f"there are {len(whole)} years, a change needs two", fix="Give the figures of the year before as well"
        )
    for before, after in pairwise(whole):
        if after <= before:
            raise DataError(f"year {after} stands after {before}", fix="Give each year once, the earliest first")
        if after > before + 1 and not gaps:
            missing = [str(year) for year in range(before + 1, after)]
            raise DataError(
                f"{listing(missing)} is missing between {before} and {after}"
                if len(missing) == 1
                else f"{listing(missing)} are missing between {before} and {after}",
                fix="Growth is from year to year: add the missing figures, or end the series before the gap",
            )
    return tuple(whole)


def checked_names(names: Sequence[str], what: str) -> tuple[str, ...]:
    """Names of components, industries or factors: at least one, none twice.

    Raises
    ------
    DataError
        When there is none, or one is empty or there twice.
    """
    kept = tuple(str(name) for name in names)
    if not kept:
        raise DataError(f"there is no {what}", fix=f"Give at least one {what}")
    if not all(name.strip() for name in kept):
        raise DataError(f"{what} number {[name.strip() for name in kept].index('') + 1} has no name", fix="Name it")
    twice = [name for name in dict.fromkeys(kept) if kept.count(name) > 1]
    if twice:
        raise DataError(
            f"{what} {twice[0]!r} is there {kept.count(twice[0])} times",
            fix="Add rows of one name up, or tell them apart",
        )
    return kept


def cells(
    values: Any, what: str, rows: Sequence[object], columns: Sequence[object] | None = None, *, sign: Sign = "any"
) -> Vector:
    """A read-only copy of figures by row, or by row and column, every one a number of the sign asked for.

    Parameters
    ----------
    values
        Anything numpy reads, (rows,) or (rows, columns).
    what
        What the figures are, for messages.
    rows, columns
        Names of the places.

    Raises
    ------
    DataError
        When the shape is another, or a cell is not a number or of the wrong sign; the cell is named with the value found.
    """
    try:
        array = frozen(values)
    except (TypeError, ValueError) as error:
        raise DataError(f"{what} cannot be read as numbers: {error}", fix="Give one number a cell") from error
    shape = (len(rows),) if columns is None else (len(rows), len(columns))
    if array.shape != shape:
        raise DataError(
            f"{what} has the shape {array.shape}, its names ask for {shape}",
            fix="Give one row a name, and one column a year",
        )
    wrong = ~np.isfinite(array)
    if sign == "positive":
        wrong |= array <= 0
    elif sign == "not_negative":
        wrong |= array < 0
    if wrong.any():
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = str(rows[at[0]]) if columns is None else f"{rows[at[0]]}, {columns[at[1]]}"
        found = float(array[at])
        reason = "not a number" if not np.isfinite(found) else "not above 0" if sign == "positive" else "negative"
        raise DataError(
            f"{what}: {found:,.6g} at {place} is {reason}" if np.isfinite(found) else f"{what}: no number at {place}",
            fix="Give the figure, or take the row out" if not np.isfinite(found) else "Check the sign and the row",
        )
    return array
