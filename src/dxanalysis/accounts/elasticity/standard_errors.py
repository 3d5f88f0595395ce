"""Standard errors of one set of coefficients under four views of how regions and periods hang together.

Classical ones take every row for independent news; the others do not, and are shown side by side because none is right for every
panel: clusters by region (Arellano 1987), by region and period (Cameron, Gelbach and Miller 2011), and Driscoll and Kraay (1998).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from linearmodels.panel import PanelOLS, PooledOLS, RandomEffects
from scipy import stats

from dxanalysis.accounts.elasticity.panel import FloatArray
from dxanalysis.accounts.figures import Note
from dxanalysis.errors import ParameterError

Kind = Literal["classical", "region", "two_way", "driscoll_kraay"]
Correction = Literal["cr1", "regressors"]
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardErrors:
    """One kind of standard errors, with 95 % intervals by Student's t.

    Attributes
    ----------
    kind
        Kind.
    covariance
        Shape (k, k), in the order of the coefficients.
    values, low, high, p_values
        Shape (k,).
    df
        Degrees of freedom of the t distribution: rows less coefficients (``classical``), regions - 1 (``region``), the lesser of regions and
        periods - 1 (``two_way``), periods - 1 (``driscoll_kraay``).
    """

    kind: Kind
    covariance: FloatArray
    values: FloatArray
    low: FloatArray
    high: FloatArray
    p_values: FloatArray
    df: int

    def __post_init__(self) -> None:
        for name in ("covariance", "values", "low", "high", "p_values"):
            array = np.array(getattr(self, name), dtype=float)
            array.setflags(write=False)
            object.__setattr__(self, name, array)


def default_bandwidth(n_periods: int) -> int:
    """Bartlett bandwidth 4 (T / 100)^(2/9), whole (Newey and West 1994)."""
    return int(np.floor(4 * (n_periods / 100) ** (2 / 9)))


def standard_errors(
    model: PanelOLS | PooledOLS | RandomEffects,
    coefficients: FloatArray,
    *,
    classical: FloatArray,
    scale: FloatArray,
    n_regions: int,
    n_periods: int,
    df_residual: int,
    bandwidth: int,
    correction: Correction,
) -> tuple[tuple[StandardErrors, ...], tuple[Note, ...]]:
    """Every kind that the panel allows, and a note for each that it does not.

    Parameters
    ----------
    model
        linearmodels model of the form.
    coefficients
        Shape (k,), in the units of the data.
    classical
        Classical covariance of the model as fitted, shape (k, k).
    scale
        What the model's columns were divided by, shape (k,).
    n_regions, n_periods
        Of the rows used (of differences: the periods in which a difference ends).
    df_residual
        Rows less coefficients and levels taken out.
    bandwidth
        Of Driscoll and Kraay's Bartlett kernel; below ``n_periods``.
    correction
        ``cr1``: clusters get G/(G-1) (n-1)/(n-k), as in Stata. ``regressors``: n/(n-k) alone, as in linearmodels' default.

    Raises
    ------
    ParameterError
        When the correction is unknown.
    """
    if correction not in ("cr1", "regressors"):
        raise ParameterError(f"the correction is {correction!r}", fix="Choose cr1 or regressors")
    degrees: dict[Kind, int] = {
        "classical": df_residual,
        "region": n_regions - 1,
        "two_way": min(n_regions, n_periods) - 1,
        "driscoll_kraay": n_periods - 1,
    }
    made: list[StandardErrors] = []
    refused: list[Note] = []
    for kind, df in degrees.items():
        if df < 1:
            refused.append(Note(code="errors_not_computed", facts=(("kind", kind), ("reason", "one_period"))))
            continue
        covariance = classical if kind == "classical" else _covariance(model, kind, bandwidth, correction)
        covariance = covariance / np.outer(scale, scale)
        # Two-way clusters are a difference of matrices: in small panels a variance can come out negative.
        if np.any(np.diag(covariance) <= 0):
            refused.append(Note(code="errors_not_computed", facts=(("kind", kind), ("reason", "negative_variance"))))
            continue
        made.append(_intervals(kind, coefficients, covariance, df))
    return tuple(made), tuple(refused)


def _covariance(
    model: PanelOLS | PooledOLS | RandomEffects, kind: Kind, bandwidth: int, correction: Correction
) -> FloatArray:
    if kind == "driscoll_kraay":
        fit = model.fit(cov_type="kernel", debiased=True, kernel="bartlett", bandwidth=float(bandwidth))
    else:
        fit = model.fit(
            cov_type="clustered",
            debiased=True,
            cluster_entity=True,
            cluster_time=kind == "two_way",
            group_debias=correction == "cr1",
        )
    return np.asarray(fit.cov.to_numpy(), dtype=float)


def _intervals(kind: Kind, coefficients: FloatArray, covariance: FloatArray, df: int) -> StandardErrors:
    values = np.sqrt(np.diag(covariance))
    reach = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * values
    return StandardErrors(
        kind=kind,
        covariance=covariance,
        values=values,
        low=coefficients - reach,
        high=coefficients + reach,
        p_values=2 * stats.t.sf(np.abs(coefficients) / values, df),
        df=df,
    )
