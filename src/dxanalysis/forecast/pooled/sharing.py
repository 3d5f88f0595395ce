"""How much of their errors regions share at each horizon: what joins the paths of several regions.

A region's own errors partly go back, those that all regions share add up: of sums, counts and means over regions the common part matters more, the
farther one looks. Until years have shown it, its variance over that of a region's own is assumed to grow with the horizon to the power of
``GROWTH`` (chosen on panels, docs/methods/engine.md); since older errors count less, that keeps a weight however long a panel is. The range of a
single region does not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.errors import Library
from dxanalysis.forecast.pooled.shocks import MOST_SHARE
from dxanalysis.forecast.scale import FloatArray

GROWTH: Final = 0.75


def grown(share: float, times: float) -> float:
    """The common variance over a region's own, of a horizon so many times as long."""
    return float(min(share * times**GROWTH, MOST_SHARE))


def common_part(libraries: Mapping[int, Library], horizon: int, *, share: float, per_year: int) -> FloatArray:
    """Part of the variance of errors that is common to all regions, 1 to ``horizon`` periods ahead, array (horizon,).

    Parameters
    ----------
    libraries
        Past errors by horizon in periods; between them the part is linear in the log of the horizon.
    share
        Common variance over a region's own a year ahead, where there are none.
    """
    steps = np.arange(1, horizon + 1)
    knots = sorted(libraries)
    last = knots[-1] if knots else per_year
    known = [libraries[knot].common for knot in knots] or [share / (1 + share)]
    out: FloatArray = np.interp(np.log(steps), np.log(knots or [per_year]), known)
    for step in steps[steps > last]:
        farther = grown(known[-1] / (1 - known[-1]), step / last)
        out[step - 1] = farther / (1 + farther)
    return out


def group_part(libraries: Mapping[int, Library], common: FloatArray) -> FloatArray:
    """Part that the regions of a group share beyond ``common``, 1, 2, ... periods ahead, array (horizon,)."""
    knots = sorted(libraries)
    if not knots:
        return np.zeros(len(common))
    alike = [libraries[knot].alike for knot in knots]
    out: FloatArray = (1 - common) * np.interp(np.log(np.arange(1, len(common) + 1)), np.log(knots), alike)
    return out
