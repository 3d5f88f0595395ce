"""What the residuals and the two ways of treating regions' levels say about a panel regression.

Every test is a statistic with its distribution, or a note that says why it could not be computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import stats

from dxanalysis.accounts.elasticity.design import Design, design, means, solve
from dxanalysis.accounts.elasticity.panel import FloatArray, RegressionPanel
from dxanalysis.accounts.elasticity.timing import IntArray
from dxanalysis.accounts.figures import Note
from dxanalysis.errors import ModelError

MIN_COMMON: Final = 3  # periods two regions must share for a correlation of their residuals


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTest:
    """A test statistic.

    Attributes
    ----------
    name
        Which test.
    statistic, distribution, df, p_value
        The statistic and what it follows under the null hypothesis.
    estimate
        For ``serial_correlation``: the coefficient of the lagged residual and its standard error; else empty.
    """

    name: str
    statistic: float
    distribution: Literal["chi2", "f", "normal"]
    df: tuple[int, ...]
    p_value: float
    estimate: tuple[float, ...] = ()


def refused(name: str, reason: str) -> Note:
    """Note that a test was not computed, and why."""
    return Note(code="test_not_computed", facts=(("test", name), ("reason", reason)))


def clustered(x: FloatArray, residual: FloatArray, groups: IntArray) -> FloatArray:
    """Covariance of least squares clustered by group, with the factor G/(G-1) (n-1)/(n-k); shape (k, k)."""
    n, k = x.shape
    size = np.linalg.norm(x, axis=0)  # scaled first, so that units do not spoil the inverse
    unit = x / size
    codes, group = np.unique(groups, return_inverse=True)
    scores = np.zeros((len(codes), k))
    np.add.at(scores, group, unit * residual[:, None])
    bread = np.linalg.inv(unit.T @ unit)
    factor = len(codes) / (len(codes) - 1) * (n - 1) / (n - k)
    return np.asarray(factor * bread @ scores.T @ scores @ bread / np.outer(size, size))


def wald(name: str, estimates: FloatArray, covariance: FloatArray, n_clusters: int) -> PanelTest | Note:
    """Joint test that coefficients are 0, F with (q, clusters - 1) degrees of freedom.

    Parameters
    ----------
    name
        Name for the result.
    estimates, covariance
        Shape (q,) and (q, q).
    n_clusters
        Clusters behind the covariance.
    """
    q = len(estimates)
    if q >= n_clusters:
        return refused(name, "more_restrictions_than_regions")
    statistic = float(estimates @ np.linalg.solve(covariance, estimates)) / q
    df = (q, n_clusters - 1)
    return PanelTest(name=name, statistic=statistic, distribution="f", df=df, p_value=float(stats.f.sf(statistic, *df)))


def hausman(fixed: FloatArray, random: FloatArray, fixed_cov: FloatArray, random_cov: FloatArray) -> PanelTest | Note:
    """Hausman's (1978) test of the difference between coefficients with fixed and with random levels of regions.

    Parameters
    ----------
    fixed, random
        Slopes, shape (k,).
    fixed_cov, random_cov
        Classical covariances, shape (k, k).

    Returns
    -------
    PanelTest or Note
        Chi-squared with k degrees of freedom; a note where the difference of the covariances is not positive definite.
    """
    difference, covariance = fixed - random, fixed_cov - random_cov
    size = np.sqrt(np.abs(np.diag(fixed_cov)))
    scaled = covariance / np.outer(size, size)
    if np.linalg.eigvalsh(scaled).min() <= 1e-10:
        return refused("hausman", "difference_not_positive_definite")
    statistic = float((difference / size) @ np.linalg.solve(scaled, difference / size))
    k = len(difference)
    return PanelTest(
        name="hausman", statistic=statistic, distribution="chi2", df=(k,), p_value=float(stats.chi2.sf(statistic, k))
    )


def mundlak(panel: RegressionPanel, theta: FloatArray) -> PanelTest | Note:
    """Robust form of the same question: whether regressors less their regional means matter beside random levels.

    Arellano (1993), Wooldridge (2010, 10.7.3): the regression with random levels, with the regressors less their regional means
    added; the added ones are tested jointly with standard errors clustered by region.

    Parameters
    ----------
    panel
        Checked panel.
    theta
        Fraction of the mean taken out with random levels, shape (n_regions,).
    """
    rows = design(panel, "random", theta=theta)
    within = panel.x - means(panel.x, panel.region)[panel.region]
    x = np.hstack([rows.x, within])
    size = np.linalg.norm(x, axis=0)
    # With theta near 1 the added columns say the same again; so does one that varies within regions alone or never does.
    if np.any(size == 0) or np.linalg.matrix_rank(x / size, tol=1e-8) < x.shape[1] or len(x) <= x.shape[1]:
        return refused("mundlak", "no_variation_between_or_within_regions")
    coefficients = solve(x, rows.y)
    covariance = clustered(x, rows.y - x @ coefficients, panel.region)
    k = len(panel.names)
    return wald("mundlak", coefficients[-k:], covariance[-k:, -k:], panel.n_regions)


def serial_correlation(panel: RegressionPanel, *, null: float) -> PanelTest | Note:
    """Wooldridge's (2002, 10.6.3) test of serial correlation, from first differences.

    The residuals of the first-difference regression are regressed on their lag and a constant, clustered by region; works for unbalanced
    panels (Drukker 2003). Errors of levels without serial correlation give differences whose correlation with their lag is -1/2.

    Parameters
    ----------
    panel
        Checked panel.
    null
        Coefficient under the null hypothesis: -0.5 for errors of levels, 0 for errors of differences.
    """
    try:
        rows = design(panel, "first_difference")
    except ModelError:
        return refused("serial_correlation", "no_first_differences")
    residual = rows.y - rows.x @ solve(rows.x, rows.y)
    later = np.flatnonzero((np.diff(rows.region) == 0) & (np.diff(rows.place) == 1)) + 1
    if len(later) < 4 or len(np.unique(rows.region[later])) < 2:
        return refused("serial_correlation", "too_few_periods")
    x = np.column_stack([residual[later - 1], np.ones(len(later))])
    slope, constant = solve(x, residual[later])
    covariance = clustered(x, residual[later] - x @ np.array([slope, constant]), rows.region[later])
    spread = float(np.sqrt(covariance[0, 0]))
    df = (1, len(np.unique(rows.region[later])) - 1)
    statistic = ((slope - null) / spread) ** 2
    return PanelTest(
        name="serial_correlation",
        statistic=float(statistic),
        distribution="f",
        df=df,
        p_value=float(stats.f.sf(statistic, *df)),
        estimate=(float(slope), spread),
    )


def cross_section_dependence(residual: FloatArray, region: IntArray, place: IntArray) -> PanelTest | Note:
    """Pesaran's (2004) CD: pairwise correlations of residuals over common periods, CD = sqrt(2/(N(N-1))) sum sqrt(T_ij) r_ij.

    Parameters
    ----------
    residual, region, place
        Of each row, shape (n,). Pairs of regions with fewer than three common periods, or without variation, are left out.
    """
    codes, i = np.unique(region, return_inverse=True)
    periods, t = np.unique(place, return_inverse=True)
    e, seen = np.zeros((len(codes), len(periods))), np.zeros((len(codes), len(periods)))
    e[i, t], seen[i, t] = residual, 1.0
    common = seen @ seen.T
    n = np.maximum(common, 1.0)
    sums = e @ seen.T  # of the row's region over the periods it shares with the column's
    squares = (e**2) @ seen.T - sums**2 / n
    together = e @ e.T - sums * sums.T / n
    pair = np.triu(common >= MIN_COMMON, 1) & (squares > 1e-12 * (e**2).sum()) & (1e-12 * (e**2).sum() < squares.T)
    if not pair.any():
        return refused("cross_section_dependence", "too_few_common_periods")
    r = together[pair] / np.sqrt(squares[pair] * squares.T[pair])
    statistic = float(np.sum(np.sqrt(common[pair]) * r) / np.sqrt(pair.sum()))
    return PanelTest(
        name="cross_section_dependence",
        statistic=statistic,
        distribution="normal",
        df=(),
        p_value=float(2 * stats.norm.sf(abs(statistic))),
    )


def durbin_watson(residual: FloatArray, region: IntArray, place: IntArray) -> float | Note:
    """Durbin-Watson statistic of a panel (Bhargava, Franzini and Narendranathan 1982)."""
    pair = (np.diff(region) == 0) & (np.diff(place) == 1)
    if not pair.any():
        return refused("durbin_watson", "no_neighbouring_periods")
    return float(np.sum(np.diff(residual)[pair] ** 2) / (residual @ residual))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOneOut:
    """The digital coefficient without each region in turn.

    Attributes
    ----------
    low, high
        Range of the coefficients.
    low_without, high_without
        Region without which it is lowest, highest.
    coefficients
        (region, coefficient) pairs.
    undefined_without
        Regions without which the coefficient does not exist: they alone carry some column's variation.
    """

    low: float
    high: float
    low_without: str
    high_without: str
    coefficients: tuple[tuple[str, float], ...]
    undefined_without: tuple[str, ...]


def leave_one_out(panel: RegressionPanel, rows: Design) -> LeaveOneOut | Note:
    """Take each region's rows out of the normal equations in turn and solve for the digital coefficient.

    Exact for every form but ``random``, where the share of the regional means that is taken out stays that of the whole panel.

    Parameters
    ----------
    panel
        Checked panel.
    rows
        Rows of the form.
    """
    full = rows.full
    size = np.linalg.norm(full, axis=0)
    full = full / size
    found: list[tuple[str, float]] = []
    undefined: list[str] = []
    for code in np.unique(rows.region):
        kept = rows.region != code
        # A period that only this region has leaves an empty dummy.
        used = np.linalg.norm(full[kept], axis=0) > 1e-9
        x, name = full[kept][:, used], panel.regions[code]
        gram = x.T @ x
        values = np.linalg.eigvalsh(gram)
        if not used[: len(rows.names)].all() or len(x) <= x.shape[1] or values[0] <= 1e-13 * values[-1]:
            undefined.append(name)
            continue
        found.append((name, float(np.linalg.solve(gram, x.T @ rows.y[kept])[0] / size[0])))
    if not found:
        return Note(code="leave_one_out_not_computed", facts=(("reason", "every_region_is_needed"),))
    low, high = min(found, key=lambda one: one[1]), max(found, key=lambda one: one[1])
    return LeaveOneOut(
        low=low[1],
        high=high[1],
        low_without=low[0],
        high_without=high[0],
        coefficients=tuple(found),
        undefined_without=tuple(undefined),
    )


def within_share(panel: RegressionPanel) -> float:
    """Share of the digital indicator's variance that lies within regions over time, 0 to 1."""
    digital = panel.x[:, :1]
    inside = digital - means(digital, panel.region)[panel.region]
    total = float(np.sum((digital - digital.mean()) ** 2))
    return float(np.sum(inside**2)) / total if total > 0 else 0.0
