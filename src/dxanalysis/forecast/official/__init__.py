"""Official target-tracking rules, as their owners define them, one a module. They state no uncertainty and are no probabilities.

Formulas, classes, sources and where each applies: docs/methods/official-rules.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from dxanalysis.data.schema import Kind
from dxanalysis.forecast.official.aarr import AarrClass, AarrProgress, aarr
from dxanalysis.forecast.official.applicability import (
    FIRST_BASE_YEAR,
    Direction,
    NotApplicable,
    NotApplicableReason,
    Rule,
    checked,
    until,
)
from dxanalysis.forecast.official.escap import (
    AnticipatedClass,
    AnticipatedProgress,
    CurrentStatus,
    StatusClass,
    escap_anticipated_progress,
    escap_current_status,
)
from dxanalysis.forecast.official.eurostat import (
    EurostatClass,
    EurostatProgress,
    EurostatTrend,
    EurostatTrendClass,
    eurostat,
    eurostat_trend,
)
from dxanalysis.forecast.official.oecd import OecdClass, OecdDistance, oecd_distance
from dxanalysis.forecast.official.sdsn import SdsnClass, SdsnTrend, sdsn_trend
from dxanalysis.forecast.official.un_progress_chart import (
    UnClass,
    UnProgress,
    UnTrend,
    un_progress_chart,
    un_progress_chart_trend,
)

Assessed = (
    EurostatProgress
    | EurostatTrend
    | UnProgress
    | UnTrend
    | CurrentStatus
    | AnticipatedProgress
    | SdsnTrend
    | AarrProgress
    | OecdDistance
)
"""What a rule says where it applies."""

__all__ = [
    "FIRST_BASE_YEAR",
    "AarrClass",
    "AarrProgress",
    "AnticipatedClass",
    "AnticipatedProgress",
    "Assessed",
    "CurrentStatus",
    "Direction",
    "EurostatClass",
    "EurostatProgress",
    "EurostatTrend",
    "EurostatTrendClass",
    "NotApplicable",
    "NotApplicableReason",
    "OecdClass",
    "OecdDistance",
    "Rule",
    "SdsnClass",
    "SdsnTrend",
    "StatusClass",
    "UnClass",
    "UnProgress",
    "UnTrend",
    "aarr",
    "all_rules",
    "escap_anticipated_progress",
    "escap_current_status",
    "eurostat",
    "eurostat_trend",
    "oecd_distance",
    "sdsn_trend",
    "un_progress_chart",
    "un_progress_chart_trend",
]


def all_rules(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction,
    kind: Kind,
    peers: Sequence[float] | None = None,
) -> tuple[Assessed | NotApplicable, ...]:
    """Run every rule on one series and target, in the order of :data:`Rule`.

    Those for indicators without a target look at the trend alone; their owners use them only where there is no target.

    Parameters
    ----------
    years, values
        The series, one value a year, in any order. Values after the deadline are left out.
    target, deadline, direction, kind
        As for :func:`eurostat`.
    peers
        Newest values of the peer group, for :func:`oecd_distance`.

    Raises
    ------
    ParameterError
        When years and values do not go together, years repeat, or a number is not finite.
    """
    series = until(checked(years, values, target, *(peers or ())), deadline)
    t, y = [year for year, _ in series], [value for _, value in series]
    return (
        eurostat(t, y, target=target, deadline=deadline, direction=direction, kind=kind),
        eurostat_trend(t, y, direction=direction, kind=kind, term="short"),
        eurostat_trend(t, y, direction=direction, kind=kind, term="long"),
        un_progress_chart(t, y, target=target, deadline=deadline, direction=direction, kind=kind),
        un_progress_chart_trend(t, y, direction=direction, kind=kind),
        escap_current_status(t, y, target=target, deadline=deadline, direction=direction, kind=kind),
        escap_anticipated_progress(t, y, target=target, deadline=deadline, direction=direction, kind=kind),
        sdsn_trend(t, y, target=target, deadline=deadline, direction=direction, kind=kind),
        aarr(t, y, target=target, deadline=deadline, direction=direction, kind=kind),
        oecd_distance(t, y, target=target, deadline=deadline, direction=direction, kind=kind, peers=peers),
    )
