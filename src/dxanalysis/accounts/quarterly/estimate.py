"""From figures and indicators to a path with errors: the design, rho, and the fit at that rho."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from scipy.sparse import csc_array

from dxanalysis.accounts.figures import Note
from dxanalysis.accounts.quarterly.constrained import Array
from dxanalysis.accounts.quarterly.likelihood import best_rho
from dxanalysis.accounts.quarterly.options import RegressionOptions
from dxanalysis.accounts.quarterly.regression import Gls, gls, path, standard_errors
from dxanalysis.accounts.quarterly.result import Coefficient, Regression, Rho
from dxanalysis.accounts.quarterly.series import CONSTANT, Aligned
from dxanalysis.errors import DataError, ModelError, ParameterError

_EXACT: Final = 1e-10  # a residual below this part of the figures is rounding, and says nothing about the disturbance
_COLLINEAR: Final = 1e-9  # columns that differ by less than this part of themselves are one column in double precision


def estimate(aligned: Aligned, totals: csc_array, options: RegressionOptions) -> tuple[Array, Array, Array, Regression]:
    """Path, what the indicators alone make of it, its standard errors (all of shape (n,)), and the regression.

    Raises
    ------
    ParameterError
        When there is neither a constant nor an indicator.
    DataError
        When an indicator does not vary, or indicators cannot be told apart in the figures' periods.
    ModelError
        When there are no more figures than parameters.
    """
    names = (CONSTANT, *aligned.names) if options.constant else aligned.names
    _check_number(aligned, options, len(names))
    design, back = _design(aligned, constant=options.constant)
    summed = totals @ design
    _check_rank(summed, float(np.linalg.norm(totals @ np.ones(len(design)))), names)
    exact = _explained_wholly(summed, aligned.values)

    def fit(rho: float) -> Gls:
        return gls(aligned.values, design, totals, options.method, rho, centred=options.constant)

    rho = _rho(fit, options, exact=exact)
    best = fit(rho.value)
    freedom = len(aligned.values) - len(names)
    variance = best.rss / freedom
    preliminary = design @ best.coefficients
    errors = np.sqrt(variance * np.einsum("ij,jk,ik->i", back, best.gram_inverse, back))
    regression = Regression(
        coefficients=tuple(
            Coefficient(name=name, value=float(value), standard_error=float(error))
            for name, value, error in zip(names, back @ best.coefficients, errors, strict=True)
        ),
        rho=rho,
        residual_variance=variance,
        log_likelihood=Note(code="indicators_explain_wholly") if exact else best.log_likelihood,
        r_squared=1.0 - best.rss / best.total if _varies(aligned.values, options) else Note(code="figures_do_not_vary"),
        degrees_of_freedom=freedom,
        fitted=totals @ preliminary,
    )
    return path(best, design), preliminary, standard_errors(best, design, variance), regression


def _design(aligned: Aligned, *, constant: bool) -> tuple[Array, Array]:
    """Design of columns of size 1, shape (n, k), and the matrix that takes its coefficients back, shape (k, k).

    Raw money beside a constant would square its condition number in the normal equations.
    """
    within = aligned.indicators[aligned.start : aligned.stop]
    centre = within.mean(axis=0) if constant else np.zeros(within.shape[1])
    scale = np.sqrt(np.mean((within - centre) ** 2, axis=0))
    for j, name in enumerate(aligned.names):
        if scale[j] <= _COLLINEAR * abs(centre[j]):
            raise DataError(
                f"indicator {name} is {within[0, j]:g} in every period from {aligned.high[aligned.start]} to "
                f"{aligned.high[aligned.stop - 1]}",
                fix="Leave it out: a constant says nothing about the path",
            )
    columns = (aligned.indicators - centre) / scale
    if not constant:
        return columns, np.diag(1.0 / scale)
    back = np.diag(np.concatenate([[1.0], 1.0 / scale]))
    back[0, 1:] = -centre / scale
    return np.column_stack([np.ones(len(columns)), columns]), back


def _check_number(aligned: Aligned, options: RegressionOptions, k: int) -> None:
    if not k:
        raise ParameterError("there is neither a constant nor an indicator", fix="Give indicators, or constant=True")
    estimated = isinstance(options.rho, str)
    parameters = k + estimated
    if len(aligned.low) <= parameters:
        also = " and rho" if estimated else ""
        raise ModelError(
            f"{len(aligned.low)} figures cannot give {k} coefficients{also}",
            fix=f"Give {parameters + 1} figures or more, or use fewer indicators{' or a given rho' if estimated else ''}",
        )


def _check_rank(summed: Array, size: float, names: tuple[str, ...]) -> None:
    lengths = np.sqrt((summed**2).sum(axis=0))
    flat = np.flatnonzero(lengths <= _COLLINEAR * size)
    if len(flat):
        raise DataError(
            f"indicator {names[flat[0]]} does not vary between the figures' periods",
            fix="Leave it out: a pattern that is the same every year says nothing about the figures",
        )
    _, sizes, directions = np.linalg.svd(summed / lengths, full_matrices=False)
    if sizes[-1] <= _COLLINEAR * sizes[0]:
        mixed = [name for name, part in zip(names, np.abs(directions[-1]), strict=True) if part > _COLLINEAR**0.5]
        raise DataError(
            f"{' and '.join(mixed)} cannot be told apart in the figures' periods", fix="Leave one of them out"
        )


def _explained_wholly(summed: Array, values: Array) -> bool:
    coefficients = np.linalg.lstsq(summed, values, rcond=None)[0]
    return bool(np.linalg.norm(values - summed @ coefficients) <= _EXACT * np.linalg.norm(values))


def _varies(values: Array, options: RegressionOptions) -> bool:
    spread = np.ptp(values) if options.constant else np.abs(values).max()
    return bool(spread > _EXACT * np.abs(values).max())


def _rho(fit: Callable[[float], Gls], options: RegressionOptions, *, exact: bool) -> Rho:
    lower, upper = options.bounds
    if not isinstance(options.rho, str):
        source: Literal["given", "method"] = "given" if options.method in ("chow-lin", "litterman") else "method"
        return Rho(value=options.rho, source=source, lower=lower, upper=upper, at_bound="no")
    if exact:
        return Rho(value=min(max(lower, 0.0), upper), source="exact_fit", lower=lower, upper=upper, at_bound="no")
    value = best_rho(fit, options.rho, options.method, options.bounds)
    at: Literal["no", "lower", "upper"] = "lower" if value == lower else "upper" if value == upper else "no"
    return Rho(value=value, source=options.rho, lower=lower, upper=upper, at_bound=at)
