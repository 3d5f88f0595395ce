"""What one observation, target, indicator and source is, and the contracts their tables keep.

The contracts are pandera schemas over already typed columns: reading text into types is the reader's work
(:mod:`dxanalysis.data.readers`), and both report into one list of faults.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import pandera.pandas as pa

from dxanalysis.data.periods import Period

Kind = Literal["share", "level", "index", "rank", "growth", "yes-no", "group"]
Direction = Literal["up", "down", "none"]
Comparator = Literal[">=", "<=", "range", "=", "yes", "group"]
Meaning = Literal["at", "by", "mean"]

KINDS: Final = ("share", "level", "index", "rank", "growth", "yes-no", "group")
DIRECTIONS: Final = ("up", "down", "none")
COMPARATORS: Final = (">=", "<=", "range", "=", "yes", "group")
MEANINGS: Final = ("at", "by", "mean")
STATUSES: Final = ("actual", "estimate", "preliminary", "revised", "missing")
REGION_KINDS: Final = ("nation", "macro", "province")
BOUNDARY_SETS: Final = ("VN", "63", "34")

# A release is a source on a date: two sources that print different figures on one day are a conflict to be shown, not a fault.
OBSERVATION_KEY: Final = ("indicator", "boundary_set", "region", "period", "released_from", "released_to", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A measured quantity with its one method, scope and unit.

    ``lower`` and ``upper`` bound the value (None: unbounded). ``measured_by`` names the indicators that measure a
    target's quantity by different methods, the official one first; it is empty for a quantity with one method. ``near`` names indicators of nearly the
    same quantity in another scope, which must not stand in for it; ``ended`` is the last day of the administrative level that it is
    about, when that level was abolished.
    """

    id: str
    name_vi: str
    name_en: str
    definition_vi: str
    definition_en: str
    unit: str
    lower: float | None
    upper: float | None
    direction: Direction
    kind: Kind
    owner: str
    aggregation: str
    measured_by: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    ended: date | None = None
    topic_vi: str = ""
    topic_en: str = ""

    def topic(self, language: str) -> str:
        """Topic in Vietnamese (``vi``) or English (``en``), empty where none is given."""
        return self.topic_vi if language == "vi" else self.topic_en

    def name(self, language: str) -> str:
        """Name in Vietnamese (``vi``) or English (``en``)."""
        return self.name_vi if language == "vi" else self.name_en

    def definition(self, language: str) -> str:
        """Definition in Vietnamese (``vi``) or English (``en``)."""
        return self.definition_vi if language == "vi" else self.definition_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure was published."""

    id: str
    title: str
    publisher: str
    url: str
    licence: str
    note: str
    note_vi: str = ""

    @property
    def on_unrelated_site(self) -> bool:
        """Whether the note says that the page stands on a site that has nothing to do with it."""
        return "unrelated site" in self.note

    def warning(self, language: str) -> str:
        """What to know before quoting, in Vietnamese (``vi``) or English (``en``); empty when there is nothing."""
        return (self.note_vi or self.note) if language == "vi" else self.note


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a plan promises: an indicator, a region, a deadline and a value to reach.

    ``comparator``: ``>=`` or ``<=`` a value; ``range`` from ``value`` to ``upper``; ``=`` a plan figure; ``yes`` for a state to
    reach; ``group`` for a class (``group`` holds its name). ``meaning``: the value ``at`` the deadline, at any time up to it
    (``by``), or the ``mean`` over a deadline that spans years. ``released_from`` is None where only the latest possible date is known.
    """

    id: str
    indicator: str
    region_id: str
    deadline: Period
    comparator: Comparator
    value: float | None
    upper: float | None
    group: str | None
    unit: str
    meaning: Meaning
    released_from: date | None
    released_to: date
    source: str
    note: str
    note_vi: str = ""

    def remark(self, language: str) -> str:
        """What a reader must know of the target; only notes that exist in both languages are for readers."""
        if not self.note_vi:
            return ""
        return self.note_vi if language == "vi" else self.note


def observation_schema(
    *, indicators: frozenset[str], regions: frozenset[str], sources: frozenset[str]
) -> pa.DataFrameSchema:
    """Contract of a typed observation table; ``regions`` holds ids such as ``34-52``."""
    return pa.DataFrameSchema(
        {
            "indicator": pa.Column(str, pa.Check.isin(indicators, error="known_indicator")),
            "boundary_set": pa.Column(str),
            "region": pa.Column(str),
            "region_id": pa.Column(str, pa.Check.isin(regions, error="known_region")),
            "period": pa.Column(str),
            "value": pa.Column(float, nullable=True),
            "unit": pa.Column(str),
            "released_from": pa.Column("datetime64[us]", nullable=True),
            "released_to": pa.Column("datetime64[us]"),
            "status": pa.Column(str, pa.Check.isin(STATUSES, error="known_status")),
            "source": pa.Column(str, pa.Check.isin(sources, error="known_source")),
            "note": pa.Column(str),
            "note_vi": pa.Column(str),
        },
        strict=True,
        ordered=True,
    )


OBSERVATION_COLUMNS: Final = (
    "indicator",
    "boundary_set",
    "region",
    "region_id",
    "period",
    "value",
    "unit",
    "released_from",
    "released_to",
    "status",
    "source",
    "note",
    "note_vi",
)
