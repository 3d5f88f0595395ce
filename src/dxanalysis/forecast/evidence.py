"""What a forecast rests on, and what is missing where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "no_value",
    "no_value_in_any_method",
    "too_few_points",
    "values_too_old",
    "sub_annual_only",
    "span_value_missing",
    "deadline_value_not_published",
    "deadline_too_far",
    "deadline_within_year",
    "region_ended",
    "level_ended",
    "no_published_verdict",
    "other_group_published",
]
Gap = Literal[
    "no_value",
    "points",
    "newer_value",
    "deadline_value",
    "yearly_value",
    "region_ended",
    "level_ended",
    "other_scope",
    "verdict",
    "group_published",
]
Fact = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is missing: a code, and the named values a sentence about it needs."""

    code: Gap
    facts: tuple[tuple[str, Fact], ...] = ()

    def to_facts(self) -> dict[str, object]:
        """Code and named values."""
        return {"code": self.code, **dict(self.facts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnoughData:
    """The published figures do not carry an answer: why, and what would be needed."""

    reason: Reason
    missing: tuple[Missing, ...] = ()

    def to_facts(self) -> dict[str, object]:
        """Reason code and what is missing."""
        return {"case": "not_enough_data", "reason": self.reason, "missing": [item.to_facts() for item in self.missing]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The observations behind one region's forecast.

    Attributes
    ----------
    region
        Region id.
    observed
        (period, value) pairs used, oldest first, in the indicator's unit.
    last_release
        Release date of the newest value as text; empty when the panel has none.
    releases
        Number of releases the values come from (0: not known).
    n_revisions, revision_size
        Past revisions of the indicator, and their root mean square in its unit; 0 of them means that the last value is taken as
        final, which makes the range too narrow.
    n_analogues, n_peers
        Effective number of past cases that the range rests on, and of other regions in the panel; 0 for a local model.
    prior_weight, prior_source
        Weight (0 to 1) of a prior learnt from other panels, and which; 0 for a local model.
    own_weight
        Weight (0 to 1) of the region's own drift beside what others teach; 0 where there are many regions, and for a local model.
    source
        Source id of the newest value.
    """

    region: str
    observed: tuple[tuple[str, float], ...]
    last_release: str = ""
    releases: int = 0
    n_revisions: int = 0
    revision_size: float = 0.0
    n_analogues: int = 0
    n_peers: int = 0
    prior_weight: float = 0.0
    prior_source: str = ""
    own_weight: float = 0.0
    source: str = ""

    @property
    def n_points(self) -> int:
        """Number of values used."""
        return len(self.observed)

    @property
    def first_period(self) -> str:
        """Oldest period used."""
        return self.observed[0][0]

    @property
    def last_period(self) -> str:
        """Newest period used."""
        return self.observed[-1][0]

    @property
    def first_value(self) -> float:
        """Value of the oldest period."""
        return self.observed[0][1]

    @property
    def last_value(self) -> float:
        """Value of the newest period."""
        return self.observed[-1][1]

    def to_facts(self) -> dict[str, object]:
        """Named values, without the points themselves."""
        return {
            "n_points": self.n_points,
            "first_period": self.first_period,
            "last_period": self.last_period,
            "last_value": self.last_value,
            "last_release": self.last_release,
            "releases": self.releases,
            "n_revisions": self.n_revisions,
            "revision_size": self.revision_size,
            "n_analogues": self.n_analogues,
            "n_peers": self.n_peers,
            "prior_weight": self.prior_weight,
            "prior_source": self.prior_source,
            "own_weight": self.own_weight,
            "source": self.source,
        }
