"""Gaps between two values, filled by a straight line: to be read as the past of a later value, never as an outcome."""

from __future__ import annotations

import numpy as np

from dxanalysis.forecast.scale import FloatArray


def fill_gaps(values: FloatArray) -> FloatArray:
    """Values (regions, periods) with the NaN between each region's first and last value filled; those before and after stay; every row has a value."""
    known = np.isfinite(values)
    width = values.shape[1]
    columns = np.arange(width)
    first, last = known.argmax(axis=1), width - 1 - known[:, ::-1].argmax(axis=1)
    inside = (columns >= first[:, None]) & (columns <= last[:, None]) & ~known
    filled = values.copy()
    for row in np.flatnonzero(inside.any(axis=1)):
        filled[row] = np.interp(columns, np.flatnonzero(known[row]), values[row, known[row]], np.nan, np.nan)
    return filled
