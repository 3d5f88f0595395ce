"""The last place of a ranking, read from a panel that holds the whole of it.

The number of ranked units bounds a rank as 100 bounds a percentage. A panel tells it where in some period all of its regions together make
a whole ranking; the ten best of many, or some regions of a ranking, tell nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.forecast.scale import FloatArray

_FEWEST: Final = 3
"""Two regions ranked 1 and 2 may as well be the best of many."""


def last_place(panel: pd.DataFrame) -> float | None:
    """Last place of the ranking that a panel of ranks holds, None where it does not hold a whole one.

    Parameters
    ----------
    panel
        Columns region, period or year, and value (ranks), in any order.

    Returns
    -------
    float or None
        Number of regions, where in some period all regions of the panel have a rank, each lies between 1 + the number of regions before it and the number
        of those up to it (whatever is done about ties), and no rank of any period lies beyond.
    """
    column = "period" if "period" in panel.columns else "year"
    if not {"region", column, "value"} <= set(panel.columns):
        return None
    ranks = panel.assign(value=pd.to_numeric(panel["value"], errors="coerce")).dropna(
        subset=["region", column, "value"]
    )
    count = ranks["region"].nunique()
    if count < _FEWEST or ranks["value"].max() > count:
        return None
    whole = (
        _is_whole(np.sort(places["value"].to_numpy(dtype=float)))
        for _, places in ranks.groupby(column, sort=False)
        if len(places) == places["region"].nunique() == count
    )
    return float(count) if any(whole) else None


def _is_whole(places: FloatArray) -> bool:
    before, up_to = np.searchsorted(places, places, side="left"), np.searchsorted(places, places, side="right")
    return bool(((places >= before + 1) & (places <= up_to)).all())
