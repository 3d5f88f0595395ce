"""In which digits a panel is written, and how far from 0 its small values are: what a scale without two bounds must know."""

from __future__ import annotations

from typing import Final

import numpy as np

from dxanalysis.forecast.scale import FloatArray

ENOUGH: Final = 20
"""Values from which their common last digit is taken for the one they are published in."""
_DEPTH: Final = 7  # digits after which a number counts as exact
_EXACT: Final = 1e-9  # part of a number by which it may miss a whole multiple
_NOTHING: Final = 1e-290  # powers of ten below are no longer exact
_LOWEST: Final = 0.05  # part of the values that may be smaller than what counts as a small one


def last_digit(values: FloatArray) -> float | None:
    """One unit of the last digit in which values are written, such as 0.1; None where all are 0.

    The largest power of ten that all are whole multiples of, each to nine of its own digits, and at most seven digits after the first of the
    small values: next to the figures of large regions those of small ones are as exact as they are. Of fewer than :data:`ENOUGH` values at
    most a hundredth of the largest: a few whole thousands may be known to the unit.
    """
    sizes = np.abs(values[np.abs(values) > _NOTHING])
    if not len(sizes):
        return None
    size, small = float(sizes.max()), float(np.quantile(sizes, _LOWEST, method="lower"))
    first, last = (int(np.floor(np.log10(one))) for one in (size, small))
    for exponent in range(first, last - _DEPTH, -1):
        units = values / 10.0**exponent
        if (np.abs(units - np.rint(units)) < _EXACT * np.maximum(np.abs(units), 1)).all():
            break
    unit = 10.0**exponent
    return unit if len(values) >= ENOUGH else min(unit, size / 100)


def beside_zero(values: FloatArray) -> float:
    """Half of a small positive value, array as given, where some are 0; else 0."""
    above = values[values > 0]
    if not len(above) or not (values <= 0).any():
        return 0.0
    return float(np.quantile(above, _LOWEST, method="lower")) / 2
