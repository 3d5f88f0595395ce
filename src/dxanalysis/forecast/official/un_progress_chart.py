"""The United Nations SDG Progress Chart, with and without a numerical target.

Source: United Nations Statistics Division, *SDG Progress Chart 2023, Technical Note*, as restated by Eustat (_pages/en/metodologia.md in
github.com/EUSTAT-DES/site, the Basque SDG site), which gives both rules and the exceptions that it makes. The note itself could not be
opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dxanalysis.data.schema import Kind
from dxanalysis.forecast.official.applicability import (
    FIRST_BASE_YEAR,
    Direction,
    NotApplicable,
    checked,
    ends,
    meets,
    no_growth,
    no_way,
    not_positive,
    reached,
    since,
    until,
    wanted,
)

UnClass = Literal["met_or_on_track", "acceleration_needed", "stagnation_or_regression"]

UN_ON_TRACK: Final = 0.95
UN_PROGRESS: Final = 0.10
UN_TREND_ON_TRACK: Final = 0.02
UN_TREND_PROGRESS: Final = 0.005
NEAR_THE_END: Final = 1.0
"""Percentage points from 0 or 100 % within which a target of 0 or 100 % is met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnProgress:
    """The UN progress chart's assessment. ``expected`` is the extrapolated value at the deadline, ``score`` the part of the way.

    All three numbers are None for a target that is met: the trend is then not looked at.
    """

    assessment: UnClass
    score: float | None
    expected: float | None
    actual_growth: float | None
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
class UnTrend:
    """The UN progress chart's assessment where there is no numerical target. ``actual_growth`` is a fraction a year."""

    assessment: UnClass
    actual_growth: float
    base: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "un_progress_chart_trend",
            "case": self.assessment,
            "actual_growth": self.actual_growth,
            "base": self.base,
            "latest": self.latest,
        }


def un_progress_chart(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction = "up",
    kind: Kind = "level",
    base: int = FIRST_BASE_YEAR,
) -> UnProgress | NotApplicable:
    """Score the way to a quantitative target as the UN SDG Progress Chart does.

    The growth a from base to latest is carried on to the deadline, e = y_t·(1+a)^(T-t), and the score is (e - y_b)/(X - y_b): at
    least 0.95 met or on track, from 0.10 progress but acceleration needed, below it stagnation or regression. A latest value
    that meets the target is "met" whatever the trend and the base; so is a share (in per cent) within one percentage point of a target
    of 0 or 100 %. The target may be 0 or below: it takes no part in the growth.

    Parameters and errors as for :func:`~dxanalysis.forecast.official.eurostat`.
    """
    points = ends(since(until(checked(years, values, target), deadline), base))
    reason = no_growth(kind)
    if points is None or reason:
        return NotApplicable(rule="un_progress_chart", reason=reason or "one_point")
    near = kind == "share" and target in (0, 100) and abs(points.latest_value - target) <= NEAR_THE_END
    if near or meets(points.latest_value, target, direction):
        return UnProgress(
            assessment="met_or_on_track",
            score=None,
            expected=None,
            actual_growth=None,
            base=points.base,
            latest=points.latest,
        )
    reason = not_positive(points) or no_way(points, target, direction)
    if reason:
        return NotApplicable(rule="un_progress_chart", reason=reason)
    expected = points.latest_value * (1 + points.growth) ** (deadline - points.latest)
    score = (expected - points.base_value) / (target - points.base_value)
    return UnProgress(
        assessment="met_or_on_track"
        if reached(score, UN_ON_TRACK)
        else "acceleration_needed"
        if reached(score, UN_PROGRESS)
        else "stagnation_or_regression",
        score=score,
        expected=expected,
        actual_growth=points.growth,
        base=points.base,
        latest=points.latest,
    )


def un_progress_chart_trend(
    years: Sequence[int],
    values: Sequence[float],
    *,
    direction: Direction = "up",
    kind: Kind = "level",
    base: int = FIRST_BASE_YEAR,
) -> UnTrend | NotApplicable:
    """Assess the trend alone, as the UN SDG Progress Chart does where there is no numerical target.

    Compound annual growth from base to latest in the wanted direction: from 2 % a year met or on track, from 0.5 % progress but
    acceleration needed, below it stagnation or regression.

    Parameters and errors as for :func:`~dxanalysis.forecast.official.eurostat`.
    """
    points = ends(since(checked(years, values), base))
    reason = no_growth(kind)
    if points is None or reason:
        return NotApplicable(rule="un_progress_chart_trend", reason=reason or "one_point")
    reason = not_positive(points)
    if reason:
        return NotApplicable(rule="un_progress_chart_trend", reason=reason)
    progress = wanted(points.growth, direction)
    return UnTrend(
        assessment="met_or_on_track"
        if reached(progress, UN_TREND_ON_TRACK)
        else "acceleration_needed"
        if reached(progress, UN_TREND_PROGRESS)
        else "stagnation_or_regression",
        actual_growth=points.growth,
        base=points.base,
        latest=points.latest,
    )
