"""The value that a question asks about: a number, in the indicator's unit."""

from __future__ import annotations

import warnings
from numbers import Real
from typing import Final

from dxanalysis.errors import ParameterError, PercentOrFraction
from dxanalysis.forecast.predictive import Predictive

FAR: Final = 10.0
"""A target upwards of at most 1 percent was passed long ago, or is a fraction, where every newest value is so many times as large."""


def check_number(value: object, name: str = "target", example: str = "80") -> None:
    """Refuse a target, or whatever else is named, that is text, None or a truth value."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ParameterError(
            f"the {name} is {value!r}", fix=f"Give a number in the indicator's unit, such as {example}"
        )


def tell_of_fraction(predictive: Predictive, target: float, direction: str, *, region: str | None = None) -> None:
    """Warn when a target of a percentage looks like a fraction. Downwards, to less than 1 percent is a target that is set."""
    low, high = predictive.bounds
    percent = low == 0 and (high == 100 or predictive.unit == "percent")
    if not (percent and direction == "up" and isinstance(target, Real) and 0 < target <= 1):
        return
    newest = [one.last_value for one in predictive.evidence if region is None or one.region == region]
    if newest and min(newest) > FAR * target:
        warnings.warn(
            f"the target is {target:g} percent, and the newest values lie from {min(newest):g} to {max(newest):g}. Give percent: "
            "80 percent is 80, not 0.8.",
            PercentOrFraction,
            stacklevel=3,
        )
