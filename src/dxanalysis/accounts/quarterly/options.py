"""What is asked of a disaggregation, frozen and checked before any figure is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from dxanalysis.errors import ParameterError

Method = Literal["denton", "denton-cholette", "chow-lin", "fernandez", "litterman", "ols"]
Conversion = Literal["sum", "mean", "first", "last"]
Criterion = Literal["proportional", "additive"]
RhoRule = Literal["max_likelihood", "min_rss"]

METHODS: Final = ("denton", "denton-cholette", "chow-lin", "fernandez", "litterman", "ols")
CONVERSIONS: Final = ("sum", "mean", "first", "last")
BOUNDS: Final = (0.0, 0.999)

_DENTON: Final = ("denton", "denton-cholette")
_ESTIMATED: Final = ("chow-lin", "litterman")


@dataclass(frozen=True, slots=True, kw_only=True)
class DentonOptions:
    """Movement preservation.

    Attributes
    ----------
    order
        h, the order of the differences that are kept small: 0 (levels), 1 (changes) or 2 (changes of change).
    criterion
        Whether ratios to the indicator (``proportional``) or distances from it (``additive``) are smoothed.
    keeps_start
        True for Denton's form, which also draws the first value to the indicator; False for Cholette's, which does not.
    """

    order: int
    criterion: Criterion
    keeps_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionOptions:
    """Regression on indicators.

    Attributes
    ----------
    method
        What the disturbance is: see :mod:`~.disturbance`.
    rho
        A number in (-1, 1), or the rule that finds it.
    bounds
        Lowest and highest rho that the rule may find.
    constant
        Whether a constant stands beside the indicators.
    """

    method: Method
    rho: float | RhoRule
    bounds: tuple[float, float]
    constant: bool


def options(
    method: Method,
    conversion: Conversion,
    *,
    h: int | None,
    criterion: Criterion | None,
    rho: float | RhoRule | None,
    rho_bounds: tuple[float, float] | None,
    constant: bool | None,
) -> DentonOptions | RegressionOptions:
    """Options of a method; None is "not said" and gives the method's default.

    Raises
    ------
    ParameterError
        When a name is unknown, a number is out of range, or an option does not belong to the method.
    """
    _one_of("method", method, METHODS)
    _one_of("conversion", conversion, CONVERSIONS)
    if method in _DENTON:
        _refuse(method, rho=rho, rho_bounds=rho_bounds, constant=constant)
        order = 1 if h is None else h
        if isinstance(order, bool) or order not in (0, 1, 2):
            raise ParameterError(f"h is {h!r}", fix="Use 0 (levels), 1 (changes) or 2 (changes of change)")
        kind: Criterion = "proportional" if criterion is None else criterion
        _one_of("criterion", kind, ("proportional", "additive"))
        return DentonOptions(order=order, criterion=kind, keeps_start=method == "denton")
    _refuse(method, h=h, criterion=criterion)
    with_constant = True if constant is None else constant
    if method not in _ESTIMATED:
        _refuse(method, rho=rho, rho_bounds=rho_bounds)
        return RegressionOptions(method=method, rho=0.0, bounds=(0.0, 0.0), constant=with_constant)
    rule: float | RhoRule = "max_likelihood" if rho is None else rho
    if isinstance(rule, str):
        _one_of("rho", rule, ("max_likelihood", "min_rss"))
        return RegressionOptions(method=method, rho=rule, bounds=_bounds(rho_bounds), constant=with_constant)
    if rho_bounds is not None:
        raise ParameterError("rho is given, so it has no bounds", fix="Leave out rho or rho_bounds")
    if isinstance(rule, bool) or not isinstance(rule, (int, float)) or not -1.0 < rule < 1.0:
        raise ParameterError(f"rho is {rule!r}", fix="Use a number between -1 and 1, max_likelihood or min_rss")
    return RegressionOptions(method=method, rho=float(rule), bounds=(rule, rule), constant=with_constant)


def _bounds(given: tuple[float, float] | None) -> tuple[float, float]:
    if given is None:
        return BOUNDS
    numbers = isinstance(given, (tuple, list)) and all(isinstance(bound, (int, float)) for bound in given)
    if not (numbers and len(given) == 2 and -1.0 < given[0] < given[1] < 1.0):
        raise ParameterError(
            f"rho_bounds are {given!r}", fix="Use a lower and a higher number between -1 and 1, such as (0, 0.999)"
        )
    return (float(given[0]), float(given[1]))


def _one_of(what: str, found: str, known: tuple[str, ...]) -> None:
    if found not in known:
        raise ParameterError(f"unknown {what} {found!r}", fix=f"Use one of: {', '.join(known)}")


def _refuse(method: str, **said: object) -> None:
    for name, value in said.items():
        if value is not None:
            raise ParameterError(
                f"{name} has no meaning for {method}", fix=f"Leave {name} out, or choose another method"
            )
