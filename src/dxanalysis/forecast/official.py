"""Official target-tracking rules, as their owners define them. They extrapolate two points and state no uncertainty.

Sources: Eurostat, *Sustainable development in the European Union*, annex on the assessment of trends; the same ratio in Open SDG
(docs/progress-methodology.md) after Statistics Canada. United Nations Statistics Division, *SDG Progress Chart 2023, Technical
Note*, as restated with its exceptions by Eustat (_pages/en/metodologia.md of the Basque SDG site).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dxanalysis.data.schema import Kind
from dxanalysis.errors import ParameterError

Rule = Literal["eurostat", "un_progress_chart"]
NotApplicableReason = Literal[
    "kind",
    "one_point",
    "base_not_positive",
    "latest_not_positive",
    "target_not_positive",
    "base_past_target",
    "deadline_not_after_base",
]
EurostatClass = Literal["significant_progress", "moderate_progress", "insufficient_progress", "moving_away"]
UnClass = Literal["met_or_on_track", "acceleration_needed", "stagnation_or_regression"]

FIRST_BASE_YEAR: Final = 2015
MIN_POINTS: Final = 2
EUROSTAT_SIGNIFICANT: Final = 0.95
EUROSTAT_MODERATE: Final = 0.60
UN_ON_TRACK: Final = 0.95
UN_PROGRESS: Final = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """The owner's rule does not cover this case."""

    rule: Rule
    reason: NotApplicableReason

    def to_facts(self) -> dict[str, object]:
        """Rule and reason code."""
        return {"rule": self.rule, "case": "not_applicable", "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class EurostatProgress:
    """Eurostat's assessment against a quantitative target. Growth rates are fractions a year, ``ratio`` actual over required."""

    assessment: EurostatClass
    ratio: float
    actual_growth: float
    required_growth: float
    base: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "eurostat",
            "case": self.assessment,
            "ratio": self.ratio,
            "actual_growth": self.actual_growth,
            "required_growth": self.required_growth,
            "base": self.base,
            "latest": self.latest,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UnProgress:
    """The UN progress chart's assessment. ``expected`` is the extrapolated value at the deadline, ``score`` the part of the way."""

    assessment: UnClass
    score: float
    expected: float
    actual_growth: float
    base: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "un_progress_chart",
            "case": self.assessment,
            "score": self.score,
            "expected": self.expected,
            "actual_growth": self.actual_growth,
            "base": self.base,
            "latest": self.latest,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Points:
    base: int
    base_value: float
    latest: int
    latest_value: float

    @property
    def growth(self) -> float:
        """Compound annual growth from base to latest, a fraction a year."""
        return math.pow(self.latest_value / self.base_value, 1 / (self.latest - self.base)) - 1


def eurostat(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Literal["up", "down"] = "up",
    kind: Kind = "level",
    base: int = FIRST_BASE_YEAR,
) -> EurostatProgress | NotApplicable:
    """Eurostat's rule with a quantitative target.

    With y_b the base value (year b), y_t the latest (year t), X the target and T its deadline: actual growth
    a = (y_t/y_b)^(1/(t-b)) - 1, required growth r = (X/y_b)^(1/(T-b)) - 1, and a/r of at least 95 % is significant progress, from
    60 % moderate, from 0 insufficient, below 0 moving away. Downward targets need no other rule: both rates are then negative.

    Parameters
    ----------
    years, values
        The series, one value a year.
    target, deadline
        X and T.
    direction
        Which way is better; used to see whether the base is past the target already.
    kind
        Kind of the indicator. Growth of a growth rate, of a rank or of a yes/no means nothing: not applicable.
    base
        First year that may be the base: the first value from it on is (2015 in the owners' reports); where that leaves one point, the
        first value of the series. Values after the deadline are left out.

    Raises
    ------
    ParameterError
        When years and values do not go together, years repeat, or a number is not finite.
    """
    points = _points("eurostat", years, values, target, deadline, direction, kind, base)
    if isinstance(points, NotApplicable):
        return points
    required = (target / points.base_value) ** (1 / (deadline - points.base)) - 1
    ratio = points.growth / required
    assessment: EurostatClass = (
        "significant_progress"
        if ratio >= EUROSTAT_SIGNIFICANT
        else "moderate_progress"
        if ratio >= EUROSTAT_MODERATE
        else "insufficient_progress"
        if ratio >= 0
        else "moving_away"
    )
    return EurostatProgress(
        assessment=assessment,
        ratio=ratio,
        actual_growth=points.growth,
        required_growth=required,
        base=points.base,
        latest=points.latest,
    )


def un_progress_chart(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Literal["up", "down"] = "up",
    kind: Kind = "level",
    base: int = FIRST_BASE_YEAR,
) -> UnProgress | NotApplicable:
    """Score the way to a quantitative target as the UN SDG Progress Chart does.

    The growth a from base to latest is carried on to the deadline, e = y_t·(1+a)^(T-t), and the score is (e - y_b)/(X - y_b): at
    least 0.95 met or on track, from 0.10 progress but acceleration needed, below it stagnation or regression. A latest value
    that meets the target is "met" whatever the trend.

    Parameters and errors as for :func:`eurostat`.
    """
    points = _points("un_progress_chart", years, values, target, deadline, direction, kind, base)
    if isinstance(points, NotApplicable):
        return points
    expected = points.latest_value * (1 + points.growth) ** (deadline - points.latest)
    score = (expected - points.base_value) / (target - points.base_value)
    met = points.latest_value >= target if direction == "up" else points.latest_value <= target
    assessment: UnClass = (
        "met_or_on_track"
        if met or score >= UN_ON_TRACK
        else "acceleration_needed"
        if score >= UN_PROGRESS
        else "stagnation_or_regression"
    )
    return UnProgress(
        assessment=assessment,
        score=score,
        expected=expected,
        actual_growth=points.growth,
        base=points.base,
        latest=points.latest,
    )


def _points(
    rule: Rule,
    years: Sequence[int],
    values: Sequence[float],
    target: float,
    deadline: int,
    direction: Literal["up", "down"],
    kind: Kind,
    base: int,
) -> _Points | NotApplicable:
    if len(years) != len(values) or len(set(years)) != len(years):
        raise ParameterError("years and values do not go together", fix="Give one value for each year, each year once")
    if not all(math.isfinite(value) for value in (*values, target)):
        raise ParameterError("a value or the target is missing or infinite", fix="Leave such years out")
    if kind in ("growth", "rank", "yes-no", "group"):
        return NotApplicable(rule=rule, reason="kind")
    usable = sorted((year, value) for year, value in zip(years, values, strict=True) if year <= deadline)
    recent = [point for point in usable if point[0] >= base]
    chosen = recent if len(recent) > 1 else usable
    if len(chosen) < MIN_POINTS:
        return NotApplicable(rule=rule, reason="one_point")
    points = _Points(base=chosen[0][0], base_value=chosen[0][1], latest=chosen[-1][0], latest_value=chosen[-1][1])
    reason = _outside(points, target, deadline, direction)
    return points if reason is None else NotApplicable(rule=rule, reason=reason)


def _outside(
    points: _Points, target: float, deadline: int, direction: Literal["up", "down"]
) -> NotApplicableReason | None:
    if deadline <= points.base:
        return "deadline_not_after_base"
    if points.base_value <= 0:
        return "base_not_positive"
    if points.latest_value <= 0:
        return "latest_not_positive"
    if target <= 0:
        return "target_not_positive"
    past = points.base_value >= target if direction == "up" else points.base_value <= target
    return "base_past_target" if past else None
