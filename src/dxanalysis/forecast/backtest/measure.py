"""Where the targets of a backtest are set and its errors are counted, so that more is always better and means the same everywhere.

Shares, scores, growth rates and ranks whose last place is known stay as they are. Levels and other ranks are taken as 100 times their logarithm: a change of 1 is about 1 %, and
errors of large and small regions weigh alike. Where less is better, the sign is turned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.data.schema import Kind
from dxanalysis.errors import ParameterError
from dxanalysis.forecast.arguments import PERCENT
from dxanalysis.forecast.choice import choose_scale
from dxanalysis.forecast.scale import FloatArray, Form

Direction = Literal["up", "down"]
Bounds = tuple[float | None, float | None]

LOG_POINTS: Final = 100.0
_LOW, _HIGH = 0.02, 0.97  # parts of the range between which a share must lie for a question to start from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A one-to-one map from published values to where more is better.

    Attributes
    ----------
    form
        ``bounded``, ``positive`` (levels, and ranks whose last place is not known) or ``identity``, as of the indicator's scale.
    lower, upper
        Bounds of the indicator in its unit, infinite where there is none.
    floor
        What is taken off a positive value before the logarithm: the lower bound, less half a unit of the last digit or, where the panel has zeros, of a small value; 0 of a rank.
    least
        Smallest positive value that a question can start from.
    down
        Whether less is better.
    """

    form: Form
    lower: float
    upper: float
    floor: float
    least: float
    down: bool

    def to(self, values: FloatArray) -> FloatArray:
        """Published values, any shape; a level below its bound is put there; NaN and infinite stay what they are."""
        measured = np.array(values, dtype=float)
        if self.form == "positive":
            known = np.isfinite(measured)
            measured[known] = LOG_POINTS * np.log(np.maximum(measured[known], self.lower) - self.floor)
        return -measured if self.down else measured

    def back(self, measured: FloatArray) -> FloatArray:
        """The published values again, any shape."""
        values = -measured if self.down else measured
        return np.exp(values / LOG_POINTS) + self.floor if self.form == "positive" else np.asarray(values)

    def quantiles(self, values: FloatArray) -> FloatArray:
        """Quantiles of published values, rising along the last axis, as rising quantiles of what is measured: for levels that mirror each other about 0.5."""
        measured = self.to(values)
        return measured[..., ::-1] if self.down else measured

    @property
    def bounds(self) -> Bounds:
        """Bounds of the indicator, None where there is none."""
        low, high = (float(end) if math.isfinite(end) else None for end in (self.lower, self.upper))
        return low, high

    @property
    def span(self) -> tuple[float, float]:
        """Lower and upper end of a bounded range as it is measured."""
        return (-self.upper, -self.lower) if self.down else (self.lower, self.upper)

    def limits(self, low: float | None, high: float | None) -> tuple[float, float]:
        """Published values between which a question can start: those given, or else not the very ends of a range, and nothing but positive levels.

        Raises
        ------
        ParameterError
            When they are in the wrong order, or not within the bounds.
        """
        ends = (-math.inf, math.inf)
        if self.form == "positive":
            ends = (self.least, self.upper)
        elif self.form == "bounded":
            lowest, highest = (1 - _HIGH, 1 - _LOW) if self.down else (_LOW, _HIGH)
            size = self.upper - self.lower
            ends = (self.lower + lowest * size, self.lower + highest * size)
        found = (ends[0] if low is None else low, ends[1] if high is None else high)
        if not self.lower <= found[0] < found[1] <= self.upper:
            raise ParameterError(f"low {found[0]:g} and high {found[1]:g} do not fit the bounds", fix="Keep low < high")
        return found

    def within(self, limits: tuple[float, float]) -> tuple[float, float]:
        """Limits of published values as limits of what is measured, the lower first."""
        first, second = sorted(self.to(np.array(limits)).tolist())
        return first, second


def measure_of(panel: pd.DataFrame, bounds: Bounds | None, kind: Kind | None, direction: str) -> tuple[Measure, Kind]:
    """Measure for a panel's indicator, and its kind.

    Without a kind both bounds tell a share, a lower one a level, none a growth rate; without bounds they are those of the kind, and 0 to 100 of a
    share or where no kind is named either.

    Raises
    ------
    ParameterError
        When bounds and kind do not fit together, or the direction is neither up nor down.
    """
    if direction not in ("up", "down"):
        raise ParameterError(f"the direction is {direction!r}", fix="Choose up or down")
    if bounds is None:
        bounds = PERCENT if kind in (None, "share") else (None, None)
    lower, upper = bounds
    told = kind or ("share" if None not in (lower, upper) else "growth" if lower is None else "level")
    scale = choose_scale(panel, told, (lower, upper))
    floor = scale.edges()[0] if scale.form == "positive" else 0.0
    return (
        Measure(
            form=scale.form,
            lower=scale.lower,
            upper=scale.upper,
            floor=floor,
            least=scale.lower if scale.whole else scale.lower + scale.resolution,
            down=direction == "down",
        ),
        told,
    )
