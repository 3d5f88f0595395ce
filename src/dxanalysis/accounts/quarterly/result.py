"""A path with its errors, the regression behind it, and the proof that it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from dxanalysis.accounts.figures import Note
from dxanalysis.accounts.quarterly.constrained import Array
from dxanalysis.accounts.quarterly.options import Conversion, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Rho:
    """Autoregression of the disturbance and where it comes from.

    Attributes
    ----------
    value
        Between -1 and 1.
    source
        ``given``; ``method`` (Fernandez and OLS fix it at 0); the rule that found it; or ``exact_fit``: the indicators explain the figures
        wholly, any rho gives the same path, and the one nearest to 0 was taken.
    lower, upper
        Bounds of the search; both are the value where nothing was searched.
    at_bound
        Which bound the search ended at: the figures ask for a rho beyond it, or say little about rho.
    """

    value: float
    source: Literal["given", "method", "max_likelihood", "min_rss", "exact_fit"]
    lower: float
    upper: float
    at_bound: Literal["no", "lower", "upper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """Effect of an indicator (or the constant) on one period of the path, in the figures' unit per unit of the indicator."""

    name: str
    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """The regression between figures and summed indicators.

    Attributes
    ----------
    coefficients
        The constant first, where there is one.
    rho
        Autoregression of the disturbance.
    residual_variance
        s2, variance of the innovations of the disturbance: weighted residual sum of squares over ``degrees_of_freedom``; unit squared.
    log_likelihood
        Of the figures; a note where the indicators explain them wholly.
    r_squared
        Share (0 to 1) of the weighted variation of the figures that the indicators explain, about the weighted mean where there is a
        constant; a note where the figures do not vary. Compare it between indicators of one method, not between methods.
    degrees_of_freedom
        Figures less coefficients.
    fitted
        What the indicators alone make of each figure, shape (m,).
    """

    coefficients: tuple[Coefficient, ...]
    rho: Rho
    residual_variance: float
    log_likelihood: float | Note
    r_squared: float | Note
    degrees_of_freedom: int
    fitted: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "fitted", _frozen(self.fitted))

    def to_frame(self) -> pd.DataFrame:
        """One row a coefficient: name (index), value, standard_error."""
        return pd.DataFrame(
            {
                "value": [one.value for one in self.coefficients],
                "standard_error": [one.standard_error for one in self.coefficients],
            },
            index=pd.Index([one.name for one in self.coefficients], name="name"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaggregated:
    """Figures divided into shorter periods.

    Attributes
    ----------
    method, conversion
        As asked.
    low_periods, given, aggregated
        Periods of the figures, the figures, and what the path makes of them; shapes (m,). The last two agree up to rounding.
    periods, values
        Periods of the path and the path, shape (n,), in the figures' unit (for ``mean``, ``first`` and ``last`` a level).
    parts
        For each period: ``within`` the figures, or extrapolated ``before`` or ``after`` them.
    preliminary
        What the path was adjusted from, shape (n,): the indicator for Denton, the indicators times their coefficients otherwise.
    standard_errors
        Of the path, shape (n,), in its unit: how far the true path may lie if the model holds and rho is right. A note for Denton, who
        has no model of chance.
    regression
        Coefficients, rho and fit; a note for Denton.
    """

    method: Method
    conversion: Conversion
    low_periods: tuple[str, ...]
    given: Array
    aggregated: Array
    periods: tuple[str, ...]
    values: Array
    parts: tuple[Literal["before", "within", "after"], ...]
    preliminary: Array
    standard_errors: Array | Note
    regression: Regression | Note

    def __post_init__(self) -> None:
        for name in ("given", "aggregated", "values", "preliminary"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        if not isinstance(self.standard_errors, Note):
            object.__setattr__(self, "standard_errors", _frozen(self.standard_errors))

    def __repr__(self) -> str:
        return f"Disaggregated({self.method}: {self.periods[0]} to {self.periods[-1]} from {self.low_periods[0]} to {self.low_periods[-1]})"

    @property
    def largest_gap(self) -> float:
        """Largest distance between a figure and what the path makes of it, in the figures' unit."""
        return float(np.abs(self.aggregated - self.given).max())

    def to_frame(self) -> pd.DataFrame:
        """One row a period (index): value, standard_error (no such column for Denton), preliminary, part."""
        columns: dict[str, object] = {"value": self.values}
        if not isinstance(self.standard_errors, Note):
            columns["standard_error"] = self.standard_errors
        columns |= {"preliminary": self.preliminary, "part": self.parts}
        return pd.DataFrame(columns, index=pd.Index(self.periods, name="period"))


def _frozen(array: Array) -> Array:
    copy = np.array(array, dtype=np.float64)
    copy.setflags(write=False)
    return copy
