"""An assumption of a calculation: a number that is not known, the range it may have, and on what ground."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final, Literal

import numpy as np

from dxanalysis.errors import ParameterError, PercentOrFraction

Shape = Literal["uniform", "triangular"]
Basis = Literal["published", "derived bound", "judgement"]

WHOLE: Final = 100.0
"""Percent of the whole."""
_FAR: Final = 10.0
"""A range this many times beside the usual one is nearer to its hundredth, or its hundredfold, than to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A range for one number, replaceable by the caller.

    Attributes
    ----------
    id
        Name of the assumption; what the sensitivity table calls it.
    low, high
        Ends of the range, in ``unit``: a factor of 0.6 is 60 percent, a share of 60 is. Equal ends fix the number.
    shape
        ``uniform``, or ``triangular`` with its peak at ``mode``.
    mode
        Peak of a triangular range; None for a uniform one.
    unit
        ``percent`` (of GDP or GRDP) or ``factor``.
    basis
        ``published``: both ends are printed figures; ``derived bound``: they follow from printed figures by arithmetic;
        ``judgement``: chosen, on the evidence that ``evidence`` names in docs/methods/contribution.md.
    evidence
        Code of the ground given in the method note.
    """

    id: str
    low: float
    high: float
    shape: Shape = "uniform"
    mode: float | None = None
    unit: Literal["percent", "factor"] = "factor"
    basis: Basis = "judgement"
    evidence: str = "caller"

    def __post_init__(self) -> None:
        if not (isfinite(self.low) and isfinite(self.high)):
            raise ParameterError(f"{self.id}: the range is {self.low} to {self.high}", fix="Give two finite numbers")
        if self.low > self.high:
            raise ParameterError(
                f"{self.id}: the range is reversed, {self.low:g} to {self.high:g}", fix="Give the lower end first"
            )
        if self.low < 0:
            raise ParameterError(
                f"{self.id}: the range begins below zero, at {self.low:g}", fix="Shares and factors are 0 or more"
            )
        if self.unit == "percent" and self.high > WHOLE:
            raise ParameterError(
                f"{self.id}: the range ends above 100 percent, at {self.high:g}", fix="A share is at most the whole"
            )
        if self.shape not in ("uniform", "triangular"):
            raise ParameterError(f"{self.id}: unknown shape {self.shape!r}", fix="Use uniform or triangular")
        if self.shape == "triangular" and (self.mode is None or not self.low <= self.mode <= self.high):
            raise ParameterError(
                f"{self.id}: a triangular range needs a mode from {self.low:g} to {self.high:g}, got {self.mode}"
            )
        if self.shape == "uniform" and self.mode is not None:
            raise ParameterError(
                f"{self.id}: a uniform range has no mode, got {self.mode:g}", fix="Leave mode out, or use triangular"
            )

    @property
    def is_fixed(self) -> bool:
        """Whether the range is a single number."""
        return self.low == self.high

    @property
    def middle(self) -> float:
        """Median of the range."""
        return float(self.quantile(np.array([0.5]))[0])

    def fixed(self, value: float | None = None) -> Assumption:
        """Return this assumption held at ``value``, or at its middle."""
        at = self.middle if value is None else value
        return replace(self, low=at, high=at, shape="uniform", mode=None)

    def quantile(self, probability: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Values at ``probability`` (any shape, 0 to 1): the inverse of the distribution function."""
        width = self.high - self.low
        if self.shape == "uniform" or width == 0 or self.mode is None:
            return self.low + width * probability
        rising, falling = self.mode - self.low, self.high - self.mode
        return np.where(
            probability * width < rising,
            self.low + np.sqrt(probability * width * rising),
            self.high - np.sqrt((1 - probability) * width * falling),
        )


def replaced(defaults: Sequence[Assumption], own: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """Return the defaults with the caller's own ranges in place of those of the same id.

    Warns
    -----
    PercentOrFraction
        When a range for a share in percent looks like fractions, or one for a factor like percent.

    Raises
    ------
    ParameterError
        When an id is not one of the defaults', or is given twice, or a range is in percent and the default's is a factor.
    """
    given: dict[str, Assumption] = {}
    by_id = {one.id: one for one in defaults}
    known = list(by_id)
    for one in own:
        if one.id not in known:
            raise ParameterError(f"unknown assumption {one.id!r}", fix=f"Use one of: {', '.join(known)}")
        if one.id in given:
            raise ParameterError(f"assumption {one.id!r} is given twice", fix="Give each assumption once")
        default = by_id[one.id]
        if one.unit == "percent" and default.unit == "factor":
            raise ParameterError(f"{one.id} is a factor, not percent", fix="60 percent is 0.6; leave unit out")
        said = ""
        if default.unit == "percent" and one.high < 1 and one.high * _FAR < default.low:
            said = "below {} percent. Shares are percent: 12.66, not 0.1266."
        if default.unit == "factor" and one.low > max(_FAR * default.high, 1.0):
            said = "above {}. It is a factor: 60 percent is 0.6."
        if said:
            usual = f"{default.low:g} to {default.high:g}"
            text = f"{one.id}: {one.low:g} to {one.high:g} is far {said.format(usual)}"
            warnings.warn(text, PercentOrFraction, stacklevel=3)
        given[one.id] = one
    return tuple(given.get(one.id, one) for one in defaults)
