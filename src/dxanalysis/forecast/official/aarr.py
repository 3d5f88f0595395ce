"""The average annual rate of reduction (AARR) of UNICEF and WHO.

Sources: UNICEF, *Technical Note: How to calculate average annual rate of reduction (AARR) of underweight prevalence* (2007): rate from
a least-squares line through the logarithms. UNICEF's own progress classes for the nutrition targets of 2030:
further_transformation_system/projections_progress_class/012_codes/README.md in github.com/unicef-drp/OSE-DA-NT: current and required
rate, baseline 2012, and the ladder target met, on track, some progress, no progress, worsening with cut-offs of 0.5 % a year. The
older cut-offs of 2017 (stunting: 1.5 %, or a prevalence under 5 %) belong to single nutrition indicators and are not carried over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression
from typing import Final, Literal

from dxanalysis.data.schema import Kind
from dxanalysis.forecast.official.applicability import (
    Direction,
    NotApplicable,
    checked,
    ends,
    meets,
    no_growth,
    no_way,
    reached,
    since,
    until,
)

AarrClass = Literal["target_met", "on_track", "some_progress", "no_progress", "worsening"]

FIRST_AARR_YEAR: Final = 2012
SOME_PROGRESS: Final = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class AarrProgress:
    """Rates of reduction as fractions a year: positive when the value falls. ``n_points`` values stand behind the fitted rate."""

    assessment: AarrClass
    rate: float
    required_rate: float
    n_points: int
    base: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "aarr",
            "case": self.assessment,
            "rate": self.rate,
            "required_rate": self.required_rate,
            "n_points": self.n_points,
            "base": self.base,
            "latest": self.latest,
        }


def aarr(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction = "down",
    kind: Kind = "level",
    base: int = FIRST_AARR_YEAR,
) -> AarrProgress | NotApplicable:
    """Compare the fitted rate of reduction with the one required.

    ln y = A + B·t by ordinary least squares over the values from the base year on; the rate is 1 - e^B. Required is 1 - (X/y_b)^(1/(T-b)).
    A latest value that meets the target is met; a rate of at least the required one is on track, from 0.5 % a year some progress, from
    -0.5 % no progress, below it worsening. UNICEF rounds prevalences to one decimal and rates to two first; nothing is rounded here, since
    the indicators have other units.

    Parameters and errors as for :func:`~dxanalysis.forecast.official.eurostat`. The rule is about reductions: with ``direction="up"`` it
    is not applicable. All values used, and the target, have to be positive.
    """
    series = since(until(checked(years, values, target), deadline), base)
    points = ends(series)
    reason = no_growth(kind) or ("not_a_reduction" if direction == "up" else None)
    if points is None or reason:
        return NotApplicable(rule="aarr", reason=reason or "one_point")
    if any(value <= 0 for _, value in series):
        return NotApplicable(rule="aarr", reason="value_not_positive")
    if target <= 0:
        return NotApplicable(rule="aarr", reason="target_not_positive")
    met = meets(points.latest_value, target, direction)
    reason = no_way(points, target, direction)
    # A value that was below the target all the time has met it; one that rose above it again has no required reduction.
    if reason and not met:
        return NotApplicable(rule="aarr", reason=reason)
    slope = linear_regression([year for year, _ in series], [math.log(value) for _, value in series]).slope
    rate = -math.expm1(slope)
    required = 1 - (target / points.base_value) ** (1 / (deadline - points.base))
    return AarrProgress(
        assessment="target_met"
        if met
        else "on_track"
        if reached(rate, required)
        else "some_progress"
        if reached(rate, SOME_PROGRESS)
        else "no_progress"
        if reached(rate, -SOME_PROGRESS)
        else "worsening",
        rate=rate,
        required_rate=required,
        n_points=len(series),
        base=points.base,
        latest=points.latest,
    )
