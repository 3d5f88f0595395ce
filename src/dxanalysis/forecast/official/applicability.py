"""When an official rule applies, and the two points that the rules compare: shared by every rule of this package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Final, Literal

from dxanalysis.data.schema import Kind
from dxanalysis.errors import ParameterError

Rule = Literal[
    "eurostat",
    "eurostat_short_term",
    "eurostat_long_term",
    "un_progress_chart",
    "un_progress_chart_trend",
    "escap_current_status",
    "escap_anticipated_progress",
    "sdsn",
    "aarr",
    "oecd",
]
NotApplicableReason = Literal[
    "kind",
    "no_scale",
    "no_value",
    "one_point",
    "base_not_positive",
    "latest_not_positive",
    "value_not_positive",
    "target_not_positive",
    "base_past_target",
    "no_value_at_start",
    "fewer_than_four_years",
    "not_a_reduction",
    "no_peers",
    "peers_do_not_differ",
    "deadline_within_year",
]
Direction = Literal["up", "down"]
Series = tuple[tuple[int, float], ...]

FIRST_BASE_YEAR: Final = 2015
MIN_POINTS: Final = 2
ROUNDING: Final = 1e-9
"""A value within this of a threshold has reached it: the last digit of floating-point arithmetic decides no class."""

_NO_GROWTH: Final = ("growth", "rank", "yes-no", "group")
_NO_SCALE: Final = ("rank", "yes-no", "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """The owner's rule does not cover this case."""

    rule: Rule
    reason: NotApplicableReason

    def to_facts(self) -> dict[str, object]:
        """Rule and reason code."""
        return {"rule": self.rule, "case": "not_applicable", "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The base and the latest value of a series."""

    base: int
    base_value: float
    latest: int
    latest_value: float

    @property
    def growth(self) -> float:
        """Compound annual growth from base to latest, a fraction a year. Both values are positive."""
        return math.pow(self.latest_value / self.base_value, 1 / (self.latest - self.base)) - 1


def checked(years: Sequence[int], values: Sequence[float], *numbers: float) -> Series:
    """Series in the order of its years.

    Parameters
    ----------
    years, values
        One value a year, in any order.
    numbers
        Further numbers that have to be finite: the target, the peers' values.

    Raises
    ------
    ParameterError
        When years and values do not go together, years repeat, or a number is not finite.
    """
    if len(years) != len(values) or len(set(years)) != len(years):
        raise ParameterError("years and values do not go together", fix="Give one value for each year, each year once")
    # text, None and truth values are no numbers, whatever the types say
    given = [value for value in (*values, *numbers) if isinstance(value, Real) and not isinstance(value, bool)]
    if len(given) < len(values) + len(numbers) or not all(map(math.isfinite, given)):
        raise ParameterError("a value or the target is missing or infinite", fix="Leave such years out")
    return tuple(sorted(zip(years, values, strict=True)))


def until(series: Series, deadline: int) -> Series:
    """Values up to the deadline: later ones say nothing about it."""
    if isinstance(deadline, bool) or not isinstance(deadline, Real):
        raise ParameterError(f"the deadline is {deadline!r}", fix="Give a year as a number, such as 2030")
    return tuple(point for point in series if point[0] <= deadline)


def since(series: Series, base: int) -> Series:
    """Values from a base year on; where that leaves fewer than two, from the nearest earlier year that leaves two."""
    recent = tuple(point for point in series if point[0] >= base)
    return recent if len(recent) >= MIN_POINTS else series[-MIN_POINTS:]


def ends(series: Series) -> Points | None:
    """First and last value of a series; None when it has fewer than two."""
    if len(series) < MIN_POINTS:
        return None
    (base, base_value), (latest, latest_value) = series[0], series[-1]
    return Points(base=base, base_value=base_value, latest=latest, latest_value=latest_value)


def no_growth(kind: Kind) -> NotApplicableReason | None:
    """Say that compound growth means nothing: of a growth rate, as the owners say, nor of a rank or a verdict, as we read them."""
    return "kind" if kind in _NO_GROWTH else None


def no_scale(kind: Kind) -> NotApplicableReason | None:
    """Say that differences mean nothing, as of ranks and verdicts. Differences of growth rates do."""
    return "no_scale" if kind in _NO_SCALE else None


def not_positive(points: Points, target: float | None = None) -> NotApplicableReason | None:
    """Say which of the values has no compound growth."""
    if points.base_value <= 0:
        return "base_not_positive"
    if points.latest_value <= 0:
        return "latest_not_positive"
    return "target_not_positive" if target is not None and target <= 0 else None


def no_way(points: Points, target: float, direction: Direction) -> NotApplicableReason | None:
    """Say that there is no way to go from the base to the target. Its deadline is after the base: the latest value lies between."""
    return "base_past_target" if meets(points.base_value, target, direction) else None


def meets(value: float, target: float, direction: Direction) -> bool:
    """Whether a value is at the target or beyond it."""
    return value >= target if direction == "up" else value <= target


def wanted(change: float, direction: Direction) -> float:
    """A change with the sign of progress: positive when it goes the wanted way."""
    return change if direction == "up" else -change


def reached(value: float, threshold: float) -> bool:
    """Whether a ratio or a rate is at least a threshold, but for the rounding of arithmetic."""
    return value >= threshold or math.isclose(value, threshold, rel_tol=ROUNDING, abs_tol=ROUNDING)
