"""Generalised least squares between frequencies: the best linear unbiased path for given figures and indicators.

With design X (n, k), totals C (m, n), covariance S of the disturbance (up to its variance s2) and V = C S C' (Chow and Lin 1971):

    b = (X'C' V^-1 C X)^-1 X'C' V^-1 y,    z = X b + S C' V^-1 (y - C X b),
    var z = s2 (S - S C' V^-1 C S + M (X'C' V^-1 C X)^-1 M'),    M = X - S C' V^-1 C X,

s2 the weighted residual sum of squares over m - k. The first part of the variance is what the figures leave open, the second comes from
the coefficients; that of rho is not in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from dxanalysis.accounts.quarterly.constrained import Array, Constrained
from dxanalysis.accounts.quarterly.disturbance import log_determinant, precision
from dxanalysis.accounts.quarterly.options import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Gls:
    """A fit at one rho.

    Attributes
    ----------
    system
        The factored system of the disturbance and the totals.
    coefficients, gram_inverse
        b, shape (k,), and (X'C' V^-1 C X)^-1, shape (k, k).
    rss, total
        Weighted sums of squares: of the residual, and of y about its weighted mean.
    log_likelihood
        Of the figures, with b and s2 at their best; infinite where the residual is exactly 0.
    spread_values, spread_design
        S C' V^-1 y, shape (n,), and S C' V^-1 C X, shape (n, k).
    """

    system: Constrained
    coefficients: Array
    gram_inverse: Array
    rss: float
    total: float
    log_likelihood: float
    spread_values: Array
    spread_design: Array


def gls(values: Array, design: Array, totals: csc_array, method: Method, rho: float, *, centred: bool) -> Gls:
    """Fit at a given rho.

    Parameters
    ----------
    values
        y, shape (m,).
    design
        X, shape (n, k), of full rank in the figures' periods; columns of about equal size, so that the normal equations are well posed.
    totals
        C, shape (m, n).
    method, rho
        What the disturbance is.
    centred
        Whether ``total`` is about the weighted mean (a constant is in the design) or about 0.
    """
    n, m = design.shape[0], len(values)
    system = Constrained.of(precision(method, rho, n), totals)
    summed = totals @ design
    ones = totals @ np.ones(n)
    spread, weighted = system.spread(np.column_stack([values, summed, ones]))
    gram_inverse = np.asarray(np.linalg.inv(summed.T @ weighted[:, 1:-1]), dtype=np.float64)  # k x k
    coefficients = gram_inverse @ (summed.T @ weighted[:, 0])
    residual = values - summed @ coefficients
    rss = max(float(residual @ (weighted[:, 0] - weighted[:, 1:-1] @ coefficients)), 0.0)
    mean = float(ones @ weighted[:, 0]) / float(ones @ weighted[:, -1]) if centred else 0.0
    total = float((values - mean * ones) @ (weighted[:, 0] - mean * weighted[:, -1]))
    log_det = system.log_determinant() - log_determinant(method, rho)
    log_likelihood = -0.5 * (m * (math.log(2.0 * math.pi * rss / m) + 1.0) + log_det) if rss else math.inf
    return Gls(
        system=system,
        coefficients=coefficients,
        gram_inverse=gram_inverse,
        rss=rss,
        total=total,
        log_likelihood=log_likelihood,
        spread_values=spread[:, 0],
        spread_design=spread[:, 1:-1],
    )


def path(fit: Gls, design: Array) -> Array:
    """The path z, shape (n,)."""
    return fit.spread_values + (design - fit.spread_design) @ fit.coefficients


def standard_errors(fit: Gls, design: Array, residual_variance: float) -> Array:
    """Standard errors of the path, shape (n,), in the figures' unit."""
    left = design - fit.spread_design
    from_coefficients = np.einsum("ij,jk,ik->i", left, fit.gram_inverse, left)
    variance: Array = residual_variance * (fit.system.variance() + from_coefficients)
    return np.sqrt(variance)
