"""What the regression leaves over: how the disturbance u of the path is taken to move.

Written as G u = e with e independent, of one variance; G is lower triangular and banded, and the inverse covariance is G'G.

========== =============================================================== ==========================
method     disturbance                                                     source
========== =============================================================== ==========================
ols        u independent
chow-lin   u(t) = rho u(t-1) + e(t), stationary                            Chow and Lin (1971)
fernandez  u(t) = u(t-1) + e(t), u(0) = 0                                  Fernandez (1981)
litterman  u(t) = u(t-1) + v(t), v(t) = rho v(t-1) + e(t), u(0) = v(0) = 0 Litterman (1983)
========== =============================================================== ==========================
"""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import csc_array, diags_array

from dxanalysis.accounts.quarterly.options import Method


def precision(method: Method, rho: float, n: int) -> csc_array:
    """G'G, shape (n, n): inverse covariance of u for innovations of variance 1."""
    walk = method in ("fernandez", "litterman")
    innovations = quasi_difference(n, rho, stationary=not walk)
    if walk:
        innovations = innovations @ quasi_difference(n, 1.0, stationary=False)
    return csc_array(innovations.T @ innovations)


def log_determinant(method: Method, rho: float) -> float:
    """Log det G'G: only a stationary start differs from 1."""
    return math.log1p(-rho * rho) if method == "chow-lin" else 0.0


def quasi_difference(n: int, rho: float, *, stationary: bool) -> csc_array:
    """Matrix of u(t) - rho u(t-1), shape (n, n); the first row is u(1), divided by its standard deviation if stationary."""
    diagonal = np.ones(n)
    if stationary:
        diagonal[0] = math.sqrt(1.0 - rho * rho)
    return diags_array([diagonal, np.full(n - 1, -rho)], offsets=[0, -1], format="csc")
