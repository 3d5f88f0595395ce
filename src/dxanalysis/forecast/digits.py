"""In which digits a panel is written, and how far from 0 its small values are: what a scale without two bounds must know."""

from __future__ import annotations

from typing import Final

import numpy as np

from dxanalysis.forecast.scale import FloatArray

ENOUGH: Final = 20
"""Values from which their common last digit is taken for the one they are published in."""
_DEPTH: Final = 7  # digits after which a number counts as exact
_LOWEST: Final = 0.05  # part of the positive values that may be smaller than the one a zero is held beside


def last_digit(values: FloatArray) -> float | None:
    """One unit of the last digit in which values are written, such as 0.1; None where all are 0.

    The largest power of ten that all are whole multiples of. Of fewer than :data:`ENOUGH` values at most a hundredth of the largest: a few
    whole thousands may be known to the unit.
    """
    size = float(np.abs(values).max(initial=0.0))
    if size == 0:
        return None
    first = int(np.floor(np.log10(size)))
    for exponent in range(first, first - _DEPTH, -1):
        units = values / 10.0**exponent
        if np.abs(units - np.rint(units)).max() < 10.0 ** (first - exponent - 9):
            break
    unit = 10.0**exponent
    return unit if len(values) >= ENOUGH else min(unit, size / 100)


def beside_zero(values: FloatArray) -> float:
    """Half of a small positive value, array as given, where some are 0; else 0."""
    above = values[values > 0]
    if not len(above) or not (values <= 0).any():
        return 0.0
    return float(np.quantile(above, _LOWEST, method="lower")) / 2
