"""How much of their errors the regions of a group share.

Of standardized errors u, the years' common part taken out, let S be the sum over the regions of a group in one year and Q the sum of squares.
The intraclass correlation (Fisher 1925) is the mean product of two of them over the mean square,

    r = [sum w (S² - Q) / sum w n (n - 1)] / mean(u²),

with w the weight of the year. Few groups and years leave it near what was assumed, with the weight 10/(c + 10), c the number of groups and
years over the horizon. It is not below 0.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.grouped import Together
from dxanalysis.forecast.scale import FloatArray

_HALF: Final = 10.0  # independent groups and years at which half of what they show is believed
_MOST: Final = 0.95
_TINY: Final = 1e-12


def intraclass(u: FloatArray, *, weight: FloatArray, together: Together, years: float, assumed: float) -> float:
    """Intraclass correlation of errors, 0 to 0.95.

    Parameters
    ----------
    u
        Standardized errors, array (n,).
    weight
        Of each, the same for all of a year, array (n,).
    together
        Which of them are of one group and year.
    years
        Horizon: errors that overlap are not independent.
    assumed
        The correlation where nothing shows it.
    """
    if not len(together.cases):
        return assumed
    own, place = u[together.cases], together.place
    count = np.bincount(place)
    several = count > 1
    if not several.any():
        return assumed
    share = np.bincount(place, weight[together.cases]) / np.maximum(count, 1)
    products = np.bincount(place, own) ** 2 - np.bincount(place, own**2)
    pairs = float((share * count * (count - 1))[several].sum())
    square = float(np.average(np.square(own), weights=weight[together.cases])) + _TINY
    shown = float((share * products)[several].sum()) / pairs / square
    independent = float(share[several].sum() ** 2 / np.square(share[several]).sum()) / years
    return float(np.clip((independent * shown + _HALF * assumed) / (independent + _HALF), 0.0, _MOST))
