"""Shocks that all regions share: what a year's errors have in common, and how large that is beside their own part.

Standardized errors u from a start s are c_s + e: the part common to the year has the variance phi·v, a region's own the variance v. Given
phi and v, c_s is the mean of the n regions times n/(n + 1/phi), and is known up to the variance v/(n + 1/phi). Given c, v is the mean square of
what is left of the errors, and phi·v that of c, each with what is not known of c added; phi is mixed with what was assumed, worth a few years.
Both are repeated until phi stays (expectation and maximization: Dempster, Laird and Rubin 1977). A panel that moves together thereby says so
itself; shrunk by what was assumed, a good part of its shocks would pass for the regions' own, and a mean over few regions for better known than it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.scale import FloatArray

MOST_ERROR: Final = 6.0
"""A standardized error beyond this counts as this in variances."""
MOST_SHARE: Final = 50.0
"""Common variance over a region's own at most."""
_LEAST_SHARE: Final = 0.01
_ROUNDS: Final = 50
_CLOSE: Final = 1e-3  # relative change of the share at which it stays
_JITTER: Final = 1e-12  # a constant panel has no errors


@dataclass(frozen=True, slots=True, kw_only=True)
class YearShocks:
    """What errors have in common.

    Attributes
    ----------
    by_start
        Common parts by start, array (columns,).
    common, own
        Variance of the common parts, and of the regions' own ones.
    shown
        Variance of the common parts as the years show it, without what was assumed.
    left
        Mean square of the errors less the common parts: less than ``own``, since a common part that is seen in few regions holds some of theirs.
    """

    by_start: FloatArray
    common: float
    own: float
    shown: float
    left: float


def mixed(shown: float, own: float, *, years: float, assumed: float, trust: float) -> float:
    """Variance of the common parts: what the years show, and what was assumed as a share of the regions' own, worth ``trust`` years."""
    return (trust * assumed * own + years * shown) / (trust + years)


def year_shocks(
    u: FloatArray,
    start: IntArray,
    *,
    weight: FloatArray,
    seen: FloatArray,
    years: float,
    assumed: float,
    trust: float,
) -> YearShocks:
    """Part standardized errors into what is common to a start and the rest.

    Parameters
    ----------
    u, start, weight
        Errors, the column each starts at, and its weight by age, arrays (n,).
    seen
        Weight of each column, 0 where none starts, array (columns,).
    years
        Independent years behind the errors.
    assumed, trust
        Common variance over a region's own as assumed before, and the years that this is worth.
    """
    columns = len(seen)
    cut = np.clip(u, -MOST_ERROR, MOST_ERROR)
    counts = np.bincount(start, minlength=columns).astype(float)
    means = np.bincount(start, cut, minlength=columns) / np.maximum(counts, 1)
    mass, first, second = (
        np.bincount(start, weight * power, minlength=columns) for power in (np.ones_like(cut), cut, cut * cut)
    )
    share = assumed
    for _ in range(_ROUNDS):
        unknown = 1 / (counts + 1 / share)  # in parts of the regions' own variance
        shocks = means * counts * unknown
        left = max(float((second - 2 * shocks * first + shocks * shocks * mass).sum() / mass.sum()), 0.0) + _JITTER
        own = left / (1 - float((mass * unknown).sum() / mass.sum()))
        shown = float((seen * (shocks * shocks + own * unknown)).sum() / seen.sum())
        common = mixed(shown, own, years=years, assumed=assumed, trust=trust)
        before, share = share, min(max(common / own, _LEAST_SHARE), MOST_SHARE)
        if abs(share - before) <= _CLOSE * before:
            break
    return YearShocks(by_start=shocks, common=common, own=own, shown=shown, left=left)
