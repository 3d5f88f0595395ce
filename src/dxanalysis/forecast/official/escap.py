"""The Current Status Index and the Anticipated Progress Index of ESCAP, used by all five UN regional commissions.

Sources: ESCAP, *Progress Assessment Methodology* (data.unescap.org/resource-guides/progress-assessment-methodology: what the two
indices ask, 2015 as base); UNECE, *Technical notes on the progress assessment* 2022, 2023 and 2026 (w3.unece.org: linear regression on
the data since 2000 with more weight on recent years, gap to the target relative to the progress required from 2015); the expected
progress to date as ECA shows it (iprt.uneca.org/eca-progress). The formulas of the indices and the weights, which ESCAP's pages
leave to its working papers (Bidarbakht Nia 2017, SD/WP/04 and 05, not to be had), as in an assessment made for UNICEF's office for
the Middle East and North Africa (github.com/spalmas/SDG-MENARO, folders 03_progress_assessment and, for parities, benchmarking).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from numpy.polynomial import Polynomial

from dxanalysis.data.schema import Kind
from dxanalysis.forecast.official.applicability import (
    FIRST_BASE_YEAR,
    Direction,
    NotApplicable,
    Series,
    checked,
    ends,
    meets,
    no_scale,
    no_way,
    reached,
    since,
    until,
    wanted,
)

StatusClass = Literal["expected_progress_made", "behind_expected_progress", "regressed"]
AnticipatedClass = Literal["maintain", "accelerate", "reverse"]

FULL_SCORE: Final = 10.0
FIRST_YEAR: Final = 2000
MAINTAIN_GAP: Final = 0.10
ACCELERATE_GAP: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentStatus:
    """ESCAP's Current Status Index: ``status`` is 0 at the base and 10 at the target, ``expected`` what an even pace would have."""

    assessment: StatusClass
    status: float
    expected: float
    base: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "escap_current_status",
            "case": self.assessment,
            "status": self.status,
            "expected": self.expected,
            "base": self.base,
            "latest": self.latest,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AnticipatedProgress:
    """ESCAP's Anticipated Progress Index: the regression's value at the deadline, and the part of the way that is then missing.

    ``gap`` is a fraction, 0 when nothing is missing; ``depends_on_weights`` says that equal weights would give another class.
    """

    assessment: AnticipatedClass
    gap: float
    predicted: float
    depends_on_weights: bool
    base: int
    first: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "escap_anticipated_progress",
            "case": self.assessment,
            "gap": self.gap,
            "predicted": self.predicted,
            "depends_on_weights": self.depends_on_weights,
            "base": self.base,
            "first": self.first,
            "latest": self.latest,
        }


def escap_current_status(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction = "up",
    kind: Kind = "level",
    base: int = FIRST_BASE_YEAR,
    parity: bool = False,
) -> CurrentStatus | NotApplicable:
    """Place the latest value between the base (0) and the target (10).

    The index is D·(y_t - y_b)/|X - y_b| with D = 10 when more is better and -10 when less is. For a parity ``parity=True`` makes it
    10 - 10·|X - y_t|/|X - y_b|: away from the target counts the same on both sides, and ``direction`` is not looked at. A latest value
    that meets the target has 10. Progress expected to date is 10·(t - b)/(T - b). A negative index is regress since the base.

    Other parameters and errors as for :func:`~dxanalysis.forecast.official.eurostat`; growth rates are allowed, since the commissions
    assess them too, and values need not be positive.
    """
    points = ends(since(until(checked(years, values, target), deadline), base))
    reason = no_scale(kind)
    if points is None or reason:
        return NotApplicable(rule="escap_current_status", reason=reason or "one_point")
    side: Direction = ("up" if points.base_value < target else "down") if parity else direction
    met = not parity and meets(points.latest_value, target, direction)
    if (reason := no_way(points, target, side)) and not met:
        return NotApplicable(rule="escap_current_status", reason=reason)
    if parity:
        gone = 1 - abs(target - points.latest_value) / abs(target - points.base_value)
    else:
        change = wanted(points.latest_value - points.base_value, direction)
        gone = 1.0 if met else change / abs(target - points.base_value)
    status = FULL_SCORE * gone
    expected = FULL_SCORE * (points.latest - points.base) / (deadline - points.base)
    return CurrentStatus(
        assessment="expected_progress_made"
        if reached(status, expected)
        else "behind_expected_progress"
        if reached(status, 0)
        else "regressed",
        status=status,
        expected=expected,
        base=points.base,
        latest=points.latest,
    )


def escap_anticipated_progress(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction = "up",
    kind: Kind = "level",
    base: int = FIRST_BASE_YEAR,
) -> AnticipatedProgress | NotApplicable:
    """Predict the value at the deadline and say what will be missing.

    A straight line is fitted by weighted least squares to the values since 2000 and read at the deadline: e. The gap is (X - e)/(X - y_b),
    0 when e meets the target, wherever the base was: up to 10 % of the required progress the trend is to be maintained, up to 100 %
    accelerated, beyond (e farther from the target than the base) reversed. Where the base is past the target and e is not, no progress
    was required that a part of could be missing: not applicable.

    The weight of a year t_i is (T - t_1)/(T - t_i), t_1 the first year: the nearer to the deadline, the more. A value of the deadline's own
    year is what it is. Whether equal weights would give another class is in the result.

    Parameters and errors as for :func:`escap_current_status`.
    """
    series = tuple(point for point in until(checked(years, values, target), deadline) if point[0] >= FIRST_YEAR)
    points = ends(since(series, base))
    reason = no_scale(kind)
    if points is None or reason:
        return NotApplicable(rule="escap_anticipated_progress", reason=reason or "one_point")
    predicted, even = (_line_at(deadline, series, weighted=weighted) for weighted in (True, False))
    reason = no_way(points, target, direction)
    if reason and not meets(predicted, target, direction):
        return NotApplicable(rule="escap_anticipated_progress", reason=reason)
    gap, even_gap = (
        0.0 if meets(at, target, direction) else math.inf if reason else (target - at) / (target - points.base_value)
        for at in (predicted, even)
    )
    return AnticipatedProgress(
        assessment=_class_of(gap),
        gap=gap,
        predicted=predicted,
        depends_on_weights=_class_of(gap) != _class_of(even_gap),
        base=points.base,
        first=series[0][0],
        latest=points.latest,
    )


def _class_of(gap: float) -> AnticipatedClass:
    if reached(MAINTAIN_GAP, gap):
        return "maintain"
    return "accelerate" if reached(ACCELERATE_GAP, gap) else "reverse"


def _line_at(year: int, series: Series, *, weighted: bool) -> float:
    """Value at a year of the line fitted by least squares, or the value of that year itself."""
    years, values = zip(*series, strict=True)
    if years[-1] == year:
        return float(values[-1])
    # The library weighs residuals, not their squares.
    weights = [math.sqrt((year - years[0]) / (year - at)) if weighted else 1.0 for at in years]
    return float(Polynomial.fit(years, values, 1, w=weights)(year))
