"""The scale on which an indicator's changes add up: logit between bounds, logarithm above a floor, or the value itself.

A share moves by less and less near 0 and 100 %, a level by a percentage of itself. On its own scale a year's change means about
the same wherever the indicator stands, and no forecast can pass a bound.

A published figure is rounded and measured with error: 100.0 stands for 99.95 or more, and a survey's 99 may be 98. So each bound is
moved out before the logit (or logarithm) is taken, and what comes back is cut at the true bound. Exact bounds are then ordinary
values, the round trip is exact, and "at least 100 %" keeps a probability, namely that of what lies beyond the bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from dxanalysis.data.schema import KINDS, Kind
from dxanalysis.errors import ModelError, ParameterError

FloatArray = npt.NDArray[np.float64]
Form = Literal["bounded", "positive", "identity"]

NUMERIC: Final = tuple(kind for kind in KINDS if kind not in ("yes-no", "group"))
"""Kinds of indicators that are forecast."""
BOUNDED_RESOLUTION: Final = 0.001
"""Last published digit of a bounded indicator, as a part of its range: 0.1 on 0 to 100."""
PLAIN_RESOLUTION: Final = 0.01
"""Last published digit of any other indicator, in its own unit."""
MARGIN: Final = 0.01
"""A bounded scale's bounds are moved out by this part of its width: figures near a bound are no more exact than those elsewhere."""
LEARN_FROM: Final = 0.004
LEARN_UP_TO: Final = 0.002
"""Parts of the width next to the lower and the upper bound from which nothing is learnt."""
_EXPONENT_LIMIT: Final = 700.0  # exp() of more overflows


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A one-to-one map between published values and the scale where changes add.

    Attributes
    ----------
    form
        ``bounded`` (logit), ``positive`` (logarithm) or ``identity``.
    lower, upper
        Bounds that no value passes, in the indicator's unit; infinite where there is none.
    resolution
        One unit of the last published digit, in the indicator's unit.
    whole
        Whether values are whole numbers (ranks): :meth:`inverse` rounds. Places are counted, so that nothing is hidden by rounding.
    offset
        How far the floor of a ``positive`` scale is moved out, in the indicator's unit, where half a unit of the last digit is not enough: 0
        there is infinitely far from any other number, and next to it stands what is counted in ones.
    """

    form: Form
    lower: float = -math.inf
    upper: float = math.inf
    resolution: float = PLAIN_RESOLUTION
    whole: bool = False
    offset: float = 0.0

    @classmethod
    def of(
        cls, kind: Kind, lower: float | None = None, upper: float | None = None, *, resolution: float | None = None
    ) -> Scale:
        """Scale of an indicator of this kind (share, level, index, growth or rank) with these bounds (None: unbounded).

        Two bounds give ``bounded``. A rank is whole and at least 1: ``bounded`` where the last place is known, that is an upper bound given, else
        ``positive``. Otherwise a floor gives ``positive``; so does a level or an index without one (its floor is 0). A growth rate
        without bounds is left as it is.

        Raises
        ------
        ParameterError
            For a kind that is none of these, a share without bounds, a lone upper bound, bounds in the wrong order, a resolution that is not positive, or a
            qualitative kind.
        """
        if kind not in KINDS:
            raise ParameterError(f"{kind!r} is not a kind of indicator", fix=f"Choose {', '.join(NUMERIC)}")
        low, high = (None if bound is None or math.isinf(bound) else float(bound) for bound in (lower, upper))
        if any(bound is not None and math.isnan(bound) for bound in (low, high)):
            raise ParameterError("a bound is not a number", fix="Give finite bounds, or None")
        if resolution is not None and not (math.isfinite(resolution) and resolution > 0):
            raise ParameterError(f"a resolution of {resolution} is not positive", fix="Give one unit of the last digit")
        if low is not None and high is not None and not low < high:
            raise ParameterError(f"the bounds {low:g} and {high:g} are in the wrong order", fix="Give (lower, upper)")
        if kind in ("yes-no", "group"):
            raise ParameterError(f"a {kind} indicator has no scale", fix="Only a published verdict can answer for it")
        if kind == "rank":
            if high is None:
                return cls(form="positive", lower=1.0, resolution=1.0, whole=True)
            if not high > 1:
                raise ParameterError(f"a last place of {high:g} ranks nothing", fix="Give the number of ranked units")
            return cls(form="bounded", lower=1.0, upper=high, resolution=1.0, whole=True)
        if low is not None and high is not None:
            step = BOUNDED_RESOLUTION * (high - low) if resolution is None else resolution
            return cls(form="bounded", lower=low, upper=high, resolution=step)
        if high is not None:
            raise ParameterError(
                f"an upper bound of {high:g} alone does not give a scale", fix="Give a lower bound too"
            )
        if kind == "share":
            raise ParameterError("a share has no bounds", fix="Give its bounds, such as (0, 100) for percent")
        step = PLAIN_RESOLUTION if resolution is None else resolution
        if low is None and kind == "growth":
            return cls(form="identity", resolution=step)
        return cls(form="positive", lower=0.0 if low is None else low, resolution=step)

    def __str__(self) -> str:
        if self.form == "identity":
            return "unbounded"
        return f"{self.lower:g} to {self.upper:g}" if math.isfinite(self.upper) else f"above {self.lower:g}"

    def contains(self, values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether each value lies on or between the bounds. Any shape."""
        array = np.asarray(values, dtype=float)
        return np.asarray((array >= self.lower) & (array <= self.upper))

    def clip(self, values: npt.ArrayLike) -> FloatArray:
        """Values cut at the bounds. Any shape."""
        clipped: FloatArray = np.clip(np.asarray(values, dtype=float), self.lower, self.upper)
        return clipped

    def forward(self, values: npt.ArrayLike) -> FloatArray:
        """Published values, any shape, on the scale.

        Raises
        ------
        ModelError
            When a value is missing, infinite or outside the bounds.
        """
        array = np.asarray(values, dtype=float)
        if not np.isfinite(array).all():
            raise ModelError("a value is missing or infinite", fix="Leave the row out; nothing is filled in")
        outside = array[~self.contains(array)]
        if outside.size:
            raise ModelError(
                f"the value {outside.flat[0]:g} lies outside the bounds {self.lower:g} to {self.upper:g}",
                fix="Correct the value, or the bounds of the indicator",
            )
        low, high = self.edges()
        if self.form == "bounded":
            return np.asarray(np.log(array - low) - np.log(high - array))
        if self.form == "positive":
            return np.asarray(np.log(array - low))
        return array.copy()

    def inverse(self, scaled: npt.ArrayLike) -> FloatArray:
        """Values of any shape back in the indicator's unit, never past a bound."""
        array = np.asarray(scaled, dtype=float)
        low, high = self.edges()
        if self.form == "identity":
            return array.copy()
        limited = np.clip(array, -_EXPONENT_LIMIT, _EXPONENT_LIMIT)
        if self.form == "bounded":
            # the nearer edge is the anchor, so that rounding in 1/(1+exp) cannot cost digits at either end
            tail = np.exp(-np.abs(limited)) / (1 + np.exp(-np.abs(limited))) * (high - low)
            values = np.where(limited > 0, high - tail, low + tail)
        else:
            values = np.exp(limited) + low
        return self.clip(np.rint(values) if self.whole else values)

    def slope(self, values: npt.ArrayLike) -> FloatArray:
        """Derivative of :meth:`forward` at published values: scale units per unit of the indicator."""
        array = np.asarray(values, dtype=float)
        low, high = self.edges()
        if self.form == "bounded":
            return np.asarray(1 / (array - low) + 1 / (high - array))
        if self.form == "positive":
            return np.asarray(1 / (array - low))
        return np.ones_like(array)

    def inside(self) -> tuple[float, float]:
        """Bounds on the scale between which a case teaches something: a share at a bound can hardly move, whoever is first can."""
        if self.form != "bounded" or self.whole:
            return -math.inf, math.inf
        width = self.upper - self.lower
        low, high = self.forward([self.lower + LEARN_FROM * width, self.upper - LEARN_UP_TO * width])
        return float(low), float(high)

    def edges(self) -> tuple[float, float]:
        """Bounds as the logit or logarithm sees them, moved out: of a bounded scale by 1 % of its width or half a unit of the last digit, else by half a unit or the offset.

        A rank whose last place is not known keeps 0, so that its scale is the plain logarithm.
        """
        if self.whole and self.form == "positive":
            return 0.0, math.inf
        half = max(self.resolution / 2, self.offset)
        if self.form == "bounded":
            half = max(half, MARGIN * (self.upper - self.lower))
        return self.lower - half, self.upper + half
