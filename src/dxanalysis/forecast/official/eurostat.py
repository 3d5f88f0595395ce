"""Eurostat's assessment of trends, with and without a quantitative target.

Source: Eurostat, *Sustainable development in the European Union: monitoring report on progress towards the SDGs in an EU context*,
annex on the assessment of trends. The annex itself could not be opened. The rule with a target follows Open SDG
(docs/progress-methodology.md in github.com/open-sdg/open-sdg), which names Eurostat's as its model and has its thresholds; its base year,
2015 or the first after it, is Open SDG's, not Eurostat's. The rule without a target follows Statistics Canada's first methodology page
for its SDG site, which restates Eurostat 2021 with the thresholds of 1, 0 and -1 % a year. The spans of 5 and 15 years are those
Eurostat's reports name for the short and the long term, for indicators with a target and without. How far Eurostat lets a span be shorter
where figures are few could not be read.
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
    Rule,
    checked,
    ends,
    no_growth,
    no_way,
    not_positive,
    reached,
    since,
    until,
    wanted,
)

EurostatClass = Literal["significant_progress", "moderate_progress", "insufficient_progress", "moving_away"]
EurostatTrendClass = Literal[
    "significant_progress", "moderate_progress", "moderate_movement_away", "significant_movement_away"
]
Term = Literal["short", "long"]

EUROSTAT_SIGNIFICANT: Final = 0.95
EUROSTAT_MODERATE: Final = 0.60
TREND_THRESHOLD: Final = 0.01
TERM_YEARS: Final[dict[Term, int]] = {"short": 5, "long": 15}
_RULES: Final[dict[Term, Rule]] = {"short": "eurostat_short_term", "long": "eurostat_long_term"}


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
class EurostatTrend:
    """Eurostat's assessment of a trend for which there is no target. ``actual_growth`` is a fraction a year."""

    term: Term
    assessment: EurostatTrendClass
    actual_growth: float
    base: int
    latest: int

    @property
    def rule(self) -> Rule:
        """Code of the rule."""
        return _RULES[self.term]

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": self.rule,
            "case": self.assessment,
            "actual_growth": self.actual_growth,
            "base": self.base,
            "latest": self.latest,
        }


def eurostat(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction = "up",
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
        First year that may be the base: the first value from it on is. 2015 as in Open SDG and the UN's reports; Eurostat's own look back
        5 and 15 years, so give the latest year less 5 or 15 for its classes. Where fewer than two values are left, the base is the nearest
        earlier year that leaves two. Values after the deadline are left out.

    Raises
    ------
    ParameterError
        When years and values do not go together, years repeat, or a number is not finite.
    """
    points = ends(since(until(checked(years, values, target), deadline), base))
    reason = no_growth(kind)
    if points is None or reason:
        return NotApplicable(rule="eurostat", reason=reason or "one_point")
    reason = not_positive(points, target) or no_way(points, target, direction)
    if reason:
        return NotApplicable(rule="eurostat", reason=reason)
    required = (target / points.base_value) ** (1 / (deadline - points.base)) - 1
    ratio = points.growth / required
    return EurostatProgress(
        assessment=_progress_class(ratio),
        ratio=ratio,
        actual_growth=points.growth,
        required_growth=required,
        base=points.base,
        latest=points.latest,
    )


def eurostat_trend(
    years: Sequence[int],
    values: Sequence[float],
    *,
    direction: Direction = "up",
    kind: Kind = "level",
    term: Term = "short",
) -> EurostatTrend | NotApplicable:
    """Eurostat's rule without a target.

    With compound annual growth over the last 5 years (short term) or 15 years (long term) in the wanted direction, at least 1 % a
    year is significant progress, from 0 moderate progress, from -1 % moderate movement away, below it significant movement away.
    There has to be a value just 5 or 15 years before the latest: nothing is interpolated, and no other span is put in its place.

    Parameters and errors as for :func:`eurostat`.
    """
    rule = _RULES[term]
    series = checked(years, values)
    reason = no_growth(kind)
    if len(series) == 0 or reason:
        return NotApplicable(rule=rule, reason=reason or "no_value")
    start = series[-1][0] - TERM_YEARS[term]
    points = ends(tuple(point for point in series if point[0] in (start, series[-1][0])))
    if points is None:
        return NotApplicable(rule=rule, reason="no_value_at_start")
    if reason := not_positive(points):
        return NotApplicable(rule=rule, reason=reason)
    return EurostatTrend(
        term=term,
        assessment=_trend_class(wanted(points.growth, direction)),
        actual_growth=points.growth,
        base=points.base,
        latest=points.latest,
    )


def _progress_class(ratio: float) -> EurostatClass:
    if reached(ratio, EUROSTAT_SIGNIFICANT):
        return "significant_progress"
    if reached(ratio, EUROSTAT_MODERATE):
        return "moderate_progress"
    return "insufficient_progress" if reached(ratio, 0) else "moving_away"


def _trend_class(progress: float) -> EurostatTrendClass:
    if reached(progress, TREND_THRESHOLD):
        return "significant_progress"
    if reached(progress, 0):
        return "moderate_progress"
    return "moderate_movement_away" if reached(progress, -TREND_THRESHOLD) else "significant_movement_away"
