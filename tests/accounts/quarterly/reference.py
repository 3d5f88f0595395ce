"""The same answers by other ways: dense matrices with explicit covariances, and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np


def conversion_rows(m, n, start, ratio, conversion):
    rows = np.zeros((m, n))
    weights = {"sum": [1.0] * ratio, "mean": [1.0 / ratio] * ratio, "first": [1.0] + [0.0] * (ratio - 1)}
    weights["last"] = weights["first"][::-1]
    for i in range(m):
        rows[i, start + i * ratio : start + (i + 1) * ratio] = weights[conversion]
    return rows


def covariance(method, rho, n):
    place = np.arange(n)
    if method == "ols":
        return np.eye(n)
    if method == "chow-lin":
        return rho ** np.abs(place[:, None] - place) / (1 - rho**2)
    if method == "fernandez":
        return 1.0 + np.minimum(place[:, None], place)
    # Litterman: the response of u(t) to e(s) is 1 + rho + ... + rho^(t-s)
    lag = place[:, None] - place
    response = np.where(lag >= 0, np.cumsum(rho**place)[np.maximum(lag, 0)], 0.0)
    return response @ response.T


def gls(values, design, rows, method, rho):
    """Path, its standard errors, coefficients, their standard errors, log-likelihood, weighted residual sum of squares."""
    sigma = covariance(method, rho, len(design))
    v = rows @ sigma @ rows.T
    weight = np.linalg.inv(v)
    summed = rows @ design
    gram_inverse = np.linalg.inv(summed.T @ weight @ summed)
    coefficients = gram_inverse @ summed.T @ weight @ values
    residual = values - summed @ coefficients
    spread = sigma @ rows.T @ weight
    rss = residual @ weight @ residual
    variance = rss / (len(values) - design.shape[1])
    left = design - spread @ summed
    of_path = variance * (sigma - spread @ rows @ sigma + left @ gram_inverse @ left.T)
    m = len(values)
    log_likelihood = -m / 2 * (np.log(2 * np.pi * rss / m) + 1) - np.linalg.slogdet(v)[1] / 2
    return {
        "path": design @ coefficients + spread @ residual,
        "errors": np.sqrt(np.maximum(np.diag(of_path), 0)),
        "coefficients": coefficients,
        "coefficient_errors": np.sqrt(variance * np.diag(gram_inverse)),
        "log_likelihood": log_likelihood,
        "rss": rss,
    }


def exact_denton(values, indicator, rows, h, criterion, *, keeps_start):
    """Denton's path in fractions: eliminate the whole system of normal equations, no rounding anywhere."""
    n, m = len(indicator), len(values)
    p = [Fraction(float(x)) for x in indicator]
    differences = [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
    for _ in range(h):
        differences = [
            [row[j] - (differences[i - 1][j] if i else 0) for j in range(n)] for i, row in enumerate(differences)
        ]
    if not keeps_start:
        differences = differences[h:]
    if criterion == "proportional":
        differences = [[x / p[j] for j, x in enumerate(row)] for row in differences]
    penalty = [[sum(row[i] * row[j] for row in differences) for j in range(n)] for i in range(n)]
    c = [[Fraction(float(x)).limit_denominator(1000) for x in row] for row in rows]
    system = [
        [*penalty[i], *[c[k][i] for k in range(m)], sum(penalty[i][j] * p[j] for j in range(n))] for i in range(n)
    ]
    system += [[*c[k], *[Fraction(0)] * m, Fraction(float(values[k]))] for k in range(m)]
    size = n + m
    for i in range(size):
        pivot = next(k for k in range(i, size) if system[k][i])
        system[i], system[pivot] = system[pivot], system[i]
        system[i] = [x / system[i][i] for x in system[i]]
        for k in range(size):
            if k != i and system[k][i]:
                factor = system[k][i]
                system[k] = [x - factor * y for x, y in zip(system[k], system[i], strict=True)]
    return np.array([float(system[i][-1]) for i in range(n)])
