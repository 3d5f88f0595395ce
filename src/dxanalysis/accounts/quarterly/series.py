"""Yearly figures and quarterly indicators on one calendar (or quarterly and monthly, or yearly and monthly)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

from dxanalysis.accounts.quarterly.options import Conversion
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError, ParameterError

Array = np.ndarray[Any, np.dtype[np.float64]]
Frequency = Literal["quarter", "month"]

PER_YEAR: Final = {"year": 1, "quarter": 4, "month": 12}
CONSTANT: Final = "constant"
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Two frequencies on one calendar: m figures to be divided, n periods to divide them into, k indicators.

    Attributes
    ----------
    low, values
        Periods of the figures in order, without a gap, and the figures, shape (m,).
    high, indicators, names
        Periods of the path in order, the indicators there, shape (n, k), and their names. k is 0 where none is given.
    ratio
        How many periods of the path make one of the figures: 4, 12 or 3.
    start
        Place of the first figure's first period in the path; more than 0 where the indicators begin earlier.
    """

    low: tuple[str, ...]
    values: Array
    high: tuple[str, ...]
    indicators: Array
    names: tuple[str, ...]
    ratio: int
    start: int

    @property
    def stop(self) -> int:
        """Place after the last figure's last period."""
        return self.start + self.ratio * len(self.low)


def align(figures: pd.Series, indicators: pd.DataFrame | pd.Series | None, to: Frequency) -> Aligned:
    """Put figures and indicators on one calendar; rows in any order are put in the order of their periods.

    Parameters
    ----------
    figures
        One number a year (or a quarter), indexed by period as text: ``2024``, ``2024-Q2``. Years may be whole numbers.
    indicators
        One number a period of the path and indicator; covers every figure, and may begin earlier and end later.
    to
        Frequency of the path: ``quarter`` or ``month``.

    Raises
    ------
    ParameterError
        When ``to`` is unknown or not finer than the figures, or something else than pandas objects is given.
    DataError
        When a period cannot be read, is of another kind, appears twice or is missing in between; when a value is missing or no
        number; when the indicators do not cover a figure.
    """
    if to not in ("quarter", "month"):
        raise ParameterError(f"cannot divide into {to!r}", fix="Use quarter or month; half-years are cumulative here")
    _check_type(figures, "figures", pd.Series)
    if indicators is not None:
        _check_type(indicators, "indicators", pd.Series, pd.DataFrame)
    low = _places(figures.index, "figures", ("year", "quarter"))
    low_kind = Period.parse(low[0][1]).kind
    ratio = PER_YEAR[to] // PER_YEAR[low_kind]
    if ratio == 1:
        raise ParameterError("the figures are quarterly already", fix='Use to="month", or give yearly figures')
    _no_gap(low, "figures", low_kind)
    values = _numbers(figures, low, "figures")
    first, last = low[0][0] * ratio, (low[-1][0] + 1) * ratio - 1
    names: tuple[str, ...] = ()
    if indicators is None:
        high = tuple(label(place, to) for place in range(first, last + 1))
        table, start = np.empty((len(high), 0)), 0
    else:
        frame = indicators.to_frame(_name(indicators.name)) if isinstance(indicators, pd.Series) else indicators
        names = _names(frame)
        rows = _places(frame.index, "indicators", (to,))
        _no_gap(rows, "indicators", to)
        _covered(low, ratio, rows, to)
        high = tuple(text for _, text, _ in rows)
        table = np.column_stack([_numbers(frame.iloc[:, j], rows, f"indicator {name}") for j, name in enumerate(names)])
        start = first - rows[0][0]
    return Aligned(
        low=tuple(text for _, text, _ in low),
        values=values,
        high=high,
        indicators=table,
        names=names,
        ratio=ratio,
        start=start,
    )


def totals(aligned: Aligned, conversion: Conversion) -> csc_array:
    """Aggregation matrix C, shape (m, n): a figure is the sum, mean, first or last of its periods."""
    weights = {
        "sum": np.ones(aligned.ratio),
        "mean": np.full(aligned.ratio, 1.0 / aligned.ratio),
        "first": np.eye(aligned.ratio)[0],
        "last": np.eye(aligned.ratio)[-1],
    }[conversion]
    m = len(aligned.low)
    columns = np.arange(aligned.start, aligned.stop)
    rows = np.repeat(np.arange(m), aligned.ratio)
    matrix = csc_array((np.tile(weights, m), (rows, columns)), shape=(m, len(aligned.high)))
    matrix.eliminate_zeros()
    return matrix


def label(place: int, kind: str) -> str:
    """Text of a period from its place in the calendar: quarters, months or years since the year 0."""
    year, part = divmod(place, PER_YEAR[kind])
    return {"year": f"{year}", "quarter": f"{year}-Q{part + 1}", "month": f"{year}-{part + 1:02d}"}[kind]


def _check_type(given: object, what: str, *kinds: type) -> None:
    if not isinstance(given, kinds):
        wanted = " or ".join(f"pandas {kind.__name__}" for kind in kinds)
        raise ParameterError(f"{what} are a {type(given).__name__}", fix=f"Give a {wanted} indexed by period")


def _places(index: pd.Index, what: str, kinds: Sequence[str]) -> list[tuple[int, str, int]]:
    """Place in the calendar, text and row of every period, in order."""
    if not len(index):
        raise DataError(f"no {what} are given", fix="Give at least one row")
    periods = [_period(entry, what, kinds) for entry in index]
    for period in periods:
        if period.kind != periods[0].kind:
            raise DataError(
                f"{what} mix periods: {periods[0].text} and {period.text}", fix="Give periods of one kind in one series"
            )
    months = 12 // PER_YEAR[periods[0].kind]
    places = [
        ((period.start.year * 12 + period.start.month - 1) // months, period.text, row)
        for row, period in enumerate(periods)
    ]
    places.sort()
    for before, after in pairwise(places):
        if before[0] == after[0]:
            raise DataError(
                f"{what} have {after[1]} twice, in rows {before[2] + 1} and {after[2] + 1}", fix="Keep one row a period"
            )
    return places


def _period(entry: Hashable, what: str, kinds: Sequence[str]) -> Period:
    whole = isinstance(entry, (int, np.integer)) and not isinstance(entry, bool)
    if not (whole or isinstance(entry, str)):
        raise DataError(
            f"{what} have the period {entry!r}, which is a {type(entry).__name__}",
            fix="Write periods as text, such as 2024, 2024-Q2 or 2024-07",
        )
    try:
        period = Period.parse(str(entry))
    except DataError as error:
        raise DataError(error.what, where=what, fix=error.fix) from error
    if period.kind not in kinds:
        raise DataError(
            f"{what} have the period {period.text}, a {period.kind}",
            fix=f"Give periods of the kind {' or '.join(kinds)}",
        )
    return period


def _no_gap(places: list[tuple[int, str, int]], what: str, kind: str) -> None:
    there = {place for place, _, _ in places}
    missing = [label(place, kind) for place in range(places[0][0], places[-1][0]) if place not in there]
    if missing:
        raise DataError(
            f"{what} from {places[0][1]} to {places[-1][1]} lack {_some(missing)}",
            fix="Add the missing rows, or use the part without a gap",
        )


def _covered(low: list[tuple[int, str, int]], ratio: int, rows: list[tuple[int, str, int]], to: Frequency) -> None:
    first, last = rows[0][0], rows[-1][0]
    bare = [text for place, text, _ in low if place * ratio < first or (place + 1) * ratio - 1 > last]
    if bare:
        raise DataError(
            f"indicators run from {label(first, to)} to {label(last, to)} and do not cover all of {_some(bare)}",
            fix="Give longer indicators, or leave these figures out",
        )


def _numbers(column: pd.Series, places: list[tuple[int, str, int]], what: str) -> Array:
    try:
        found = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise DataError(f"{what} are not numbers: {error}", fix="Give numbers") from error
    values: Array = found[[row for _, _, row in places]]
    bad = [f"{text} ({value})" for (_, text, _), value in zip(places, values, strict=True) if not np.isfinite(value)]
    if bad:
        raise DataError(f"{what} have no number in {_some(bad)}", fix="Fill the value, or leave out rows at either end")
    return values


def _names(frame: pd.DataFrame) -> tuple[str, ...]:
    names = tuple(_name(column) for column in frame.columns)
    if not names:
        raise DataError("the table of indicators has no column", fix="Give at least one indicator, or indicators=None")
    for name in names:
        if names.count(name) > 1 or name == CONSTANT:
            raise DataError(
                f"an indicator's name is {name!r}, which is taken", fix="Give every indicator a name of its own"
            )
    return names


def _name(given: Hashable) -> str:
    return "indicator" if given is None else str(given)


def _some(texts: list[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
