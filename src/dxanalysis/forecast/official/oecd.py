"""The OECD's distance to a target.

Source: OECD, *Measuring Distance to the SDG Targets 2019: An Assessment of Where OECD Countries Stand*, chapter 3 (method in three steps;
the third is a modified z-score that measures the distance from a fixed end value by comparison with a peer group). The formula, the
target less the value over the standard deviation of the OECD's members, the one assessed among them, follows what is generally reported of
it, and so does that a target passed counts as distance 0; both passages could not be opened. The OECD has no classes for a distance that could be read, so there
are only two here: met, or some way to go. Its later likelihoods from simulated changes (2022) are not carried over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import Final, Literal

from dxanalysis.data.schema import Kind
from dxanalysis.forecast.official.applicability import (
    Direction,
    NotApplicable,
    checked,
    meets,
    no_scale,
    until,
    wanted,
)

OecdClass = Literal["at_target", "distance_left"]

MIN_PEERS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OecdDistance:
    """Distance in standard deviations of the peers, 0 when the target is met; ``deviation`` is that deviation in the unit."""

    assessment: OecdClass
    distance: float
    deviation: float
    n_peers: int
    latest: int

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "rule": "oecd",
            "case": self.assessment,
            "distance": self.distance,
            "deviation": self.deviation,
            "n_peers": self.n_peers,
            "latest": self.latest,
        }


def oecd_distance(
    years: Sequence[int],
    values: Sequence[float],
    *,
    target: float,
    deadline: int,
    direction: Direction = "up",
    kind: Kind = "level",
    peers: Sequence[float] | None = None,
) -> OecdDistance | NotApplicable:
    """Measure how far the latest value is from the target, in standard deviations of the peer group.

    The distance is (X - y_t)/s, with the sign of what is still to go, and 0 when nothing is; s is the sample standard deviation of the
    peers' newest values.

    Parameters
    ----------
    peers
        Newest value of each member of the peer group, in the unit of the series, the unit itself among them. None or fewer than two: not
        applicable.
    years, values, target, deadline, direction, kind
        As for :func:`~dxanalysis.forecast.official.eurostat`; growth rates are allowed, and values need not be positive.

    Raises
    ------
    ParameterError
        When years and values do not go together, years repeat, or a number is not finite.
    """
    series = until(checked(years, values, target, *(peers or ())), deadline)
    reason = no_scale(kind)
    if len(series) == 0 or reason:
        return NotApplicable(rule="oecd", reason=reason or "no_value")
    if peers is None or len(peers) < MIN_PEERS:
        return NotApplicable(rule="oecd", reason="no_peers")
    deviation = stdev(peers)
    if deviation <= 0:
        return NotApplicable(rule="oecd", reason="peers_do_not_differ")
    latest, value = series[-1]
    met = meets(value, target, direction)
    return OecdDistance(
        assessment="at_target" if met else "distance_left",
        distance=0.0 if met else wanted(target - value, direction) / deviation,
        deviation=deviation,
        n_peers=len(peers),
        latest=latest,
    )
