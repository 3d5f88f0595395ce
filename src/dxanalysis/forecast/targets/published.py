"""Picking published values out of an observation frame: the latest, the one at a deadline, the mean over years.

A figure for a month or a quarter stands for its year only where it is a state that lasts (a share, an index, a rank) and only
when it is the year's last: December, or the fourth quarter. A flow (a level, a growth rate) of December is not the year's. H2 is
published cumulatively and stands for the year of any kind. A figure for the year itself goes before all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Indicator, Kind
from dxanalysis.errors import DataError

LASTING: Final[frozenset[Kind]] = frozenset({"share", "index", "rank", "yes-no", "group"})
"""Kinds of indicators whose figure is a state: the last one of a year stands for the year."""
PRECEDENCE: Final = ("year", "half", "quarter", "month")
"""Kinds of periods that end on one day, that which goes first before the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedValue:
    """One published figure. ``released_from`` is None where only the latest possible release date is known.

    ``label`` is the class published for a group indicator (its row's note); ``value`` is then 1. ``derived`` marks the plain mean of
    the yearly values of a span whose mean itself was not published.
    """

    period: str
    value: float
    unit: str
    released_from: date | None
    released_to: date
    status: str
    source: str
    label: str = ""
    derived: bool = False

    def to_facts(self) -> dict[str, object]:
        """Named values; dates as ISO text."""
        return {
            "period": self.period,
            **({"label": self.label} if self.label else {"value": self.value}),
            "unit": self.unit,
            "released_from": "" if self.released_from is None else self.released_from.isoformat(),
            "released_to": self.released_to.isoformat(),
            "status": self.status,
            "source": self.source,
            "derived": self.derived,
        }


def rows_of(observations: pd.DataFrame, indicator: Indicator, region_id: str) -> pd.DataFrame:
    """Published rows of one indicator in one region; see :func:`rows_everywhere`."""
    return rows_everywhere(observations[observations["region_id"] == region_id], indicator)


def rows_everywhere(observations: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Published rows of one indicator in all regions, with a ``when`` column of parsed periods, oldest first.

    Raises
    ------
    DataError
        When a value is in another unit than the indicator's: units are not mixed.
    """
    rows = observations[(observations["indicator"] == indicator.id) & (observations["status"] != "missing")]
    if indicator.kind not in ("yes-no", "group"):
        rows = rows[rows["value"].notna()]
    foreign = rows[rows["unit"] != indicator.unit]
    if not foreign.empty:
        row = foreign.iloc[0]
        raise DataError(
            f"the value is in {row['unit']}, the indicator in {indicator.unit}",
            where=f"{indicator.id}, {row['region_id']}, {row['period']}",
            fix="Correct the unit in data/raw, or make it another indicator",
        )
    when = pd.Series([Period.parse(str(period)) for period in rows["period"]], index=rows.index, dtype=object)
    return rows.assign(when=when).sort_values(["when", "released_to"], kind="stable")


def value_of(row: pd.Series) -> PublishedValue:
    """One row of :func:`rows_of` as a value."""
    since = row["released_from"]
    label = str(row["note"]) if row["unit"] == "group" else ""
    return PublishedValue(
        period=str(row["period"]),
        value=1.0 if label else float(row["value"]),
        unit=str(row["unit"]),
        released_from=None if pd.isna(since) else pd.Timestamp(since).date(),
        released_to=pd.Timestamp(row["released_to"]).date(),
        status=str(row["status"]),
        source=str(row["source"]),
        label=label,
    )


def latest(rows: pd.DataFrame) -> PublishedValue | None:
    """Newest value of any period but a mean over years; None when there is none."""
    single = rows[[when.kind != "span" for when in rows["when"]]]
    return None if single.empty else value_of(single.iloc[-1])


def at_deadline(rows: pd.DataFrame, deadline: Period, kind: Kind) -> PublishedValue | None:
    """Value of the deadline itself, None when it is not published.

    The deadline's own period goes first, then any that stands for it (see the module). A deadline that spans years is only met
    by a published mean over that span.
    """
    at = standing_for(rows["period"].tolist(), list(rows["when"]), deadline, kind)
    return None if at is None else value_of(rows.iloc[at])


def mean_over(rows: pd.DataFrame, span: Period, kind: Kind) -> PublishedValue | None:
    """Mean over a span of years: as published, else the plain mean of its yearly values, marked; None when a year is missing."""
    published = at_deadline(rows, span, kind)
    if published is not None:
        return published
    years = range(span.start.year, span.end.year + 1)
    values = [at_deadline(rows, Period.parse(str(year)), kind) for year in years]
    known = [value for value in values if value is not None]
    if len(known) < len(years):
        return None
    newest = max(known, key=lambda value: value.released_to)
    return PublishedValue(
        period=span.text,
        value=sum(value.value for value in known) / len(known),
        unit=newest.unit,
        released_from=newest.released_from,
        released_to=newest.released_to,
        status=known[-1].status,
        source=newest.source,
        derived=True,
    )


def standing_for(texts: Sequence[str], whens: Sequence[Period], deadline: Period, kind: Kind) -> int | None:
    """Where the value of a deadline stands among rows, oldest first: the last of its own period, else of what stands for it best."""
    exact = [at for at, text in enumerate(texts) if text == deadline.text]
    if exact or deadline.kind == "span":
        return exact[-1] if exact else None
    ending = [(order, -at) for at, when in enumerate(whens) if (order := _stands_for(when, deadline, kind)) is not None]
    return -min(ending)[1] if ending else None


def _stands_for(when: Period, deadline: Period, kind: Kind) -> int | None:
    """Precedence of a period that stands for the deadline (0 first), None when it does not."""
    if when.end != deadline.end or when.kind == "span":
        return None
    if when.kind in ("quarter", "month") and deadline.kind in ("year", "half") and kind not in LASTING:
        return None
    if when.kind in ("year", "half") and deadline.kind in ("quarter", "month") and kind not in LASTING:
        return None
    return PRECEDENCE.index(when.kind)
