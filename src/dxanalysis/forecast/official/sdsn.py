"""The trend arrows of the SDG Index.

Source: Sustainable Development Solutions Network, *Sustainable Development Report*, annex "Methods summary and data tables"
(dashboards.sdgindex.org/chapters/methodology). Its opening, that the arrows say whether past performance suffices for 2030, could
be read there, the formula could not: it follows what is generally reported of it (linear annual growth of the recent years against
the linear growth needed from 2015 to 2030, half of it as the lower threshold).
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
    no_scale,
    no_way,
    reached,
    since,
    until,
    wanted,
)

SdsnClass = Literal["on_track", "moderately_improving", "stagnating", "decreasing"]

RECENT_YEARS: Final = 4
SDSN_ON_TRACK: Final = 1.0
SDSN_IMPROVING: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SdsnTrend:
    """The SDG Index's trend. Changes are in the unit a year; ``recent_from`` is the first year of the recent change."""

    assessment: SdsnClass
    recent_change: float
    needed_change: float
    recent_from: int
    base: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "sdsn",
            "case": self.assessment,
            "recent_change": self.recent_change,
            "needed_change": self.needed_change,
            "recent_from": self.recent_from,
            "base": self.base,
            "latest": self.latest,
        }


def sdsn_trend(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction = "up",
    kind: Kind = "level",
    base: int = FIRST_BASE_YEAR,
) -> SdsnTrend | NotApplicable:
    """Compare the recent linear change with the one needed.

    Needed is (X - y_b)/(T - b) a year; recent is (y_t - y_s)/(t - s), s the newest year at least four years before the latest. A latest
    value that meets the target, wherever the base was, or recent/needed of at least 1, is on track; from 0.5 moderately improving; from 0
    stagnating; below 0 decreasing. The owner computes it on scores from 0 to 100; these are linear in the value, so the ratio is the same.

    Parameters and errors as for :func:`~dxanalysis.forecast.official.eurostat`; growth rates are allowed, and values need not be
    positive.
    """
    series = until(checked(years, values, target), deadline)
    points = ends(since(series, base))
    reason = no_scale(kind)
    if points is None or reason:
        return NotApplicable(rule="sdsn", reason=reason or "one_point")
    earlier = [(year, value) for year, value in series if year <= points.latest - RECENT_YEARS]
    if len(earlier) == 0:
        return NotApplicable(rule="sdsn", reason="fewer_than_four_years")
    met = meets(points.latest_value, target, direction)
    reason = no_way(points, target, direction)
    if reason and not met:
        return NotApplicable(rule="sdsn", reason=reason)
    start, start_value = earlier[-1]
    recent = (points.latest_value - start_value) / (points.latest - start)
    needed = (target - points.base_value) / (deadline - points.base)
    return SdsnTrend(
        assessment="on_track" if met else _trend_class(wanted(recent, direction) / wanted(needed, direction)),
        recent_change=recent,
        needed_change=needed,
        recent_from=start,
        base=points.base,
        latest=points.latest,
    )


def _trend_class(ratio: float) -> SdsnClass:
    if reached(ratio, SDSN_ON_TRACK):
        return "on_track"
    if reached(ratio, SDSN_IMPROVING):
        return "moderately_improving"
    return "stagnating" if reached(ratio, 0) else "decreasing"
