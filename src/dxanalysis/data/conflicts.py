"""Figures that contradict each other: two sources, one indicator, region and period, and no way to tell which came later."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import pandas as pd

from dxanalysis.data.numbers import same_but_for_rounding

COLUMNS: Final = ("indicator", "region_id", "period", "value", "source", "other_value", "other_source", "difference")


def conflicts(history: pd.DataFrame) -> pd.DataFrame:
    """Pairs of different figures for one period whose releases cannot be put in order.

    Two releases can be ordered when the earliest day of one is after the latest day of the other: then the later one revises. Where
    the days overlap, or a page shows no date at all, the figures stand against each other. 7.2 and 7.1995 are one figure.

    Parameters
    ----------
    history
        Every release (``store.observations(..., history=True)``).

    Returns
    -------
    DataFrame
        Columns indicator, region_id, period, value, source, other_value, other_source, difference (other less value, in the
        indicator's unit); the greatest difference relative to the value first.
    """
    found: list[tuple[object, ...]] = []
    known = history[history["value"].notna()]
    for key, releases in known.groupby(["indicator", "region_id", "period"], sort=True):
        if releases["value"].nunique() < 2:
            continue
        rows = list(releases[["value", "source", "released_from", "released_to"]].itertuples(index=False, name=None))
        for (value, source, start, end), (other, other_source, other_start, other_end) in combinations(rows, 2):
            if not same_but_for_rounding(value, other) and not _ordered(start, end, other_start, other_end):
                found.append((*key, value, source, other, other_source, other - value))
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    if frame.empty:
        return frame
    size = (frame["difference"] / frame["value"].where(frame["value"] != 0, 1.0)).abs()
    return frame.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _ordered(start: pd.Timestamp, end: pd.Timestamp, other_start: pd.Timestamp, other_end: pd.Timestamp) -> bool:
    """Whether one release is surely later; NaT (no earliest day known) compares as False."""
    return bool(start > other_end or other_start > end)
