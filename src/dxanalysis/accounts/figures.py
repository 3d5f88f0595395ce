"""Published figures, taken out of an observation frame with their release, source and printed precision.

Everything the accounts compute starts from a :class:`Figure`, so every result can name what went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, SupportsFloat, cast

import pandas as pd

from dxanalysis.data.numbers import half_unit
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError

NEEDED_COLUMNS: Final = (
    "indicator",
    "region_id",
    "period",
    "value",
    "unit",
    "released_from",
    "released_to",
    "status",
    "source",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published figure as it stands in the store: the number, its release and where it comes from."""

    indicator: str
    region_id: str
    period: str
    value: float
    unit: str
    released_from: date | None
    released_to: date | None
    status: str
    source: str

    @property
    def half_unit(self) -> float:
        """Half a unit of the last printed digit: see :func:`~dxanalysis.data.numbers.half_unit`."""
        return half_unit(self.value)

    @property
    def release(self) -> tuple[date, date, str]:
        """What one release is, and its place among the others: the order of the store, earliest possible day first.

        A page without any date is stored with the day it was retrieved as its latest date only; it counts as the oldest, since
        what a dated release says about the same period is the office's later word.
        """
        first = self.released_from or date.min
        return (first, (self.released_to or date.min) if self.released_from else date.min, self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranged:
    """A published value and the values it may stand for: its rounding, and other releases where there are any."""

    value: float
    low: float
    high: float

    def widened(self, by: float) -> Ranged:
        """Return the same value with ``by`` more on both sides (never below zero)."""
        return Ranged(value=self.value, low=max(0.0, self.low - by), high=self.high + by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the reader must be told, as a code with its facts; the sentence is made where it is shown."""

    code: str
    facts: tuple[tuple[str, str | float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnoughData:
    """The answer where a figure cannot be computed: what was wanted, and what is missing for it."""

    wanted: str
    region_id: str
    period: str
    missing: tuple[str, ...]
    reason: str

    def summary(self) -> dict[str, object]:
        """Facts for the reader, without a sentence."""
        return {
            "wanted": self.wanted,
            "region_id": self.region_id,
            "period": self.period,
            "missing": self.missing,
            "reason": self.reason,
        }


def figures(frame: pd.DataFrame, indicators: Iterable[str]) -> tuple[Figure, ...]:
    """Figures of ``indicators`` in an observation frame, in the frame's order; rows without a value are left out.

    Raises
    ------
    DataError
        When a column is missing, or one release gives one figure two values.
    """
    absent = [name for name in NEEDED_COLUMNS if name not in frame.columns]
    if absent:
        raise DataError(
            f"the observation frame has no column {', '.join(absent)}",
            fix="Pass what store.observations(...) returns; history=True gives every release",
        )
    wanted = set(indicators)
    rows = frame[frame["indicator"].isin(wanted) & frame["value"].notna()]
    found = tuple(
        Figure(
            indicator=str(row["indicator"]),
            region_id=str(row["region_id"]),
            period=str(row["period"]),
            value=float(cast("SupportsFloat", row["value"])),
            unit=str(row["unit"]),
            released_from=_day(row["released_from"]),
            released_to=_day(row["released_to"]),
            status=str(row["status"]),
            source=str(row["source"]),
        )
        for row in rows[list(NEEDED_COLUMNS)].to_dict("records")
    )
    _refuse_conflicts(found)
    return found


def one_region(found: Sequence[Figure], what: str) -> str:
    """Return the one region the figures are for.

    Raises
    ------
    DataError
        When they are for several.
    """
    regions = sorted({figure.region_id for figure in found})
    if len(regions) != 1:
        raise DataError(
            f"{what} must be of one region, found {', '.join(regions) or 'none'}",
            fix="Ask the store for one region at a time: store.observations(region=...)",
        )
    return regions[0]


def one_unit(found: Sequence[Figure], expected: str | None = None) -> str:
    """Return the one unit of figures that are about to be added or divided.

    Raises
    ------
    DataError
        When they have several units, or another than ``expected``.
    """
    units = sorted({figure.unit for figure in found})
    if len(units) != 1 or (expected is not None and units != [expected]):
        names = ", ".join(f"{figure.indicator} in {figure.unit}" for figure in found)
        raise DataError(
            f"units are mixed: {names}",
            where=f"{found[0].region_id}, {found[0].period}",
            fix=f"Expected {expected or 'one unit'}; bring the figures to one unit with dxanalysis.units.convert",
        )
    return units[0]


def rounding_range(figure: Figure, others: Iterable[Figure] = ()) -> Ranged:
    """Return the value of ``figure`` with its rounding, widened to every other release's value and rounding."""
    every = (figure, *others)
    return Ranged(
        value=figure.value,
        low=max(0.0, min(one.value - one.half_unit for one in every)),
        high=max(one.value + one.half_unit for one in every),
    )


def as_year(period: Period) -> float:
    """Year a period stands for: its own, also for a half-year; for a span the middle of its years."""
    return (period.start.year + period.end.year) / 2


def nearest(found: Sequence[Figure], indicator: str, text: str) -> Figure | None:
    """Figure of ``indicator`` nearest in time to the period ``text``; at equal distance the earlier period, then the newest release."""
    same = [one for one in found if one.indicator == indicator]
    asked = as_year(Period.parse(text))

    def rank(one: Figure) -> tuple[float, bool, int]:
        away = as_year(Period.parse(one.period)) - asked
        return (abs(away), away > 0, -one.release[0].toordinal())

    return min(same, key=rank, default=None)


def _day(value: object) -> date | None:
    stamp = pd.Timestamp(cast("str", value))
    return None if pd.isna(stamp) else stamp.date()


def _refuse_conflicts(found: Sequence[Figure]) -> None:
    seen: dict[tuple[object, ...], float] = {}
    for figure in found:
        key = (figure.indicator, figure.region_id, figure.period, figure.released_from, figure.release)
        if seen.setdefault(key, figure.value) != figure.value:
            raise DataError(
                f"{figure.indicator} has two values in one release: {seen[key]:g} and {figure.value:g}",
                where=f"{figure.region_id}, {figure.period}",
                fix="Correct the raw file: one release gives one value",
            )
