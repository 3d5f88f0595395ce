"""Tests of revisions: bias and efficiency of first figures, and whether revisions are news or noise.

With first figure x, final figure y and revision r = y - x of the same region and period:

========================= ============================ =====================================================
test                      regression                   null hypothesis
========================= ============================ =====================================================
bias                      r = m + e                    m = 0
Mincer-Zarnowitz          y = a + b·x + e              a = 0 and b = 1: x is an unbiased, efficient forecast
news                      r = c + d·x + e              d = 0: the revision could not be foreseen from x
noise                     r = c + d·y + e              d = 0: x is y measured with an error
========================= ============================ =====================================================

Errors of one period hang together over regions (one office revises them at once) and over neighbouring periods (one campaign
revises several years). So the covariance is that of Driscoll and Kraay (1998): Newey-West on the sums over the regions of a
period, which for one region is Newey and West (1987). T periods, not pairs, carry the evidence: lags are the whole part of
0.75·T^(1/3) (Stock and Watson, *Introduction to Econometrics*), t and F have T less the number of coefficients degrees of freedom.

Even so the tests reject too often where there are few periods. On simulated true null hypotheses a 5 % level rejected 7 % (bias)
and 17 % (Mincer-Zarnowitz) of the time with 10 periods, 7 % and 11 % with 30. Below 10 periods nothing is tested.

Sources: Mincer and Zarnowitz (1969); Mankiw and Shapiro (1986), "News or noise: an analysis of GNP revisions"; Aruoba (2008), "Data
revisions are not well behaved"; Jacobs and van Norden (2011), "Modeling data revisions"; Kishor and Koenig (2012) for the first
efficient release, as in the R package reviser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtr

from dxanalysis.data.periods import Period
from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.revision.revisions import TABLE_COLUMNS, age_of
from dxanalysis.forecast.scale import FloatArray

MIN_PERIODS: Final = 10
"""Fewest periods with a revised figure; fewer do not carry a robust covariance (see the module's simulated levels)."""
LEVEL: Final = 0.05
_FLAT: Final = 1e-9  # a spread this small beside the values is the last bits of floats, not a spread

Reason = Literal["too_few_periods", "never_revised", "no_spread"]
Nature = Literal["news", "noise", "both_rejected", "neither_rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTested:
    """Revisions that cannot be tested, and why.

    ``too_few_periods``: fewer than ``needed`` periods; ``never_revised``: every revision is 0; ``no_spread``: the revisions or the
    figures they are compared with are all the same, or lie exactly on a line, so there is nothing to measure an error by.
    """

    reason: Reason
    n: int
    n_periods: int
    needed: int = MIN_PERIODS

    def to_facts(self) -> dict[str, object]:
        """Reason code and the counts behind it."""
        return {
            "case": "not_tested",
            "reason": self.reason,
            "n": self.n,
            "n_periods": self.n_periods,
            "needed": self.needed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasTest:
    """Mean revision in the indicator's unit, its robust standard error, and the t test of a mean of zero."""

    n: int
    n_periods: int
    lags: int
    mean: float
    standard_error: float
    statistic: float
    p_value: float

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "n": self.n,
            "n_periods": self.n_periods,
            "lags": self.lags,
            "mean": self.mean,
            "standard_error": self.standard_error,
            "statistic": self.statistic,
            "p_value": self.p_value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionTest:
    """A line through pairs, and the robust tests of it.

    Attributes
    ----------
    n, n_periods, lags
        Pairs, periods they come from, lags of the covariance.
    intercept, slope
        Coefficients, in the indicator's unit and as a plain number.
    slope_statistic, slope_p_value
        t test of the slope alone against its value under the null hypothesis (1 for Mincer-Zarnowitz, else 0).
    statistic, p_value
        Joint Wald test of intercept and slope in its F form.
    """

    n: int
    n_periods: int
    lags: int
    intercept: float
    slope: float
    slope_statistic: float
    slope_p_value: float
    statistic: float
    p_value: float

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "n": self.n,
            "n_periods": self.n_periods,
            "lags": self.lags,
            "intercept": self.intercept,
            "slope": self.slope,
            "slope_statistic": self.slope_statistic,
            "slope_p_value": self.slope_p_value,
            "statistic": self.statistic,
            "p_value": self.p_value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsNoise:
    """Both regressions of the revision, and what they say together.

    ``nature`` is ``news`` when only the noise hypothesis is rejected at ``level``, ``noise`` when only the news hypothesis is, and
    says so when both are rejected (neither pure news nor pure noise) or neither is (too little evidence to tell). The slopes decide: a mean
    revision is the bias test's matter.
    """

    n: int
    news: RegressionTest
    noise: RegressionTest
    level: float
    nature: Nature

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "n": self.n,
            "nature": self.nature,
            "level": self.level,
            "news": self.news.to_facts(),
            "noise": self.noise.to_facts(),
        }


def release_pairs(table: pd.DataFrame, *, age: int | None = None, final_age: int = 0) -> pd.DataFrame:
    """Pairs of an earlier figure and the final one, one a region and period.

    Parameters
    ----------
    table
        From :func:`~dxanalysis.forecast.revision.revisions.revisions`, of one indicator.
    age
        Age of the earlier figure (the first published at that age); None: the first release, whatever its age.
    final_age
        Only periods whose newest release has at least this age: the newest figure of a recent period is not final yet, and pulls
        every measure towards "not revised".

    Returns
    -------
    DataFrame
        Columns region, period, first, final, change; sorted by the end of the period, then by region. It does not depend on the
        order of the table's rows.

    Raises
    ------
    ModelError
        When a column is missing or the table holds several indicators.
    ParameterError
        When an age is negative.
    """
    absent = [column for column in TABLE_COLUMNS if column not in table.columns]
    if absent:
        raise ModelError(f"the table has no column {', '.join(absent)}", fix="Give the table of revisions()")
    if len(set(table["indicator"])) > 1:
        raise ModelError("the table holds several indicators", fix="Give the rows of one indicator")
    for name, value in (("age", age), ("final_age", final_age)):
        if value is not None and value < 0:
            raise ParameterError(f"{name} is {value}", fix="Give 0 or more")
    chosen = table if age is None else table[table["age"] == age]
    settled = [
        age_of(str(period), released) >= final_age
        for period, released in zip(chosen["period"], chosen["later_release"], strict=True)
    ]
    chosen = chosen[np.asarray(settled, dtype=bool)].sort_values(["region", "earlier_release", "earlier"])
    first = chosen.drop_duplicates(["region", "period"], keep="first")
    ends = [Period.parse(str(period)) for period in first["period"]]
    order = sorted(range(len(first)), key=lambda row: (ends[row], str(first["region"].iloc[row])))
    named = first.rename(columns={"earlier": "first", "later": "final"})
    return named.iloc[order][["region", "period", "first", "final", "change"]].reset_index(drop=True)


def bias_test(table: pd.DataFrame, *, age: int | None = None, final_age: int = 0) -> BiasTest | NotTested:
    """Mean revision and its robust t test; parameters and errors as of :func:`release_pairs`."""
    pairs = release_pairs(table, age=age, final_age=final_age)
    change = pairs["change"].to_numpy(dtype=float)
    refused = _refusal(pairs, change)
    if refused is not None:
        return refused
    if _flat(change, float(pairs["final"].abs().max())):
        return _not_tested("no_spread", pairs)
    fitted, n_periods, lags = _fit(change, np.ones((len(change), 1)), pairs)
    return BiasTest(
        n=len(change),
        n_periods=n_periods,
        lags=lags,
        mean=float(fitted.params[0]),
        standard_error=float(fitted.bse[0]),
        statistic=float(fitted.tvalues[0]),
        p_value=_two_sided(fitted.tvalues[0], n_periods - 1),
    )


def mincer_zarnowitz(table: pd.DataFrame, *, age: int | None = None, final_age: int = 0) -> RegressionTest | NotTested:
    """Final on first figure, and the joint robust test of intercept 0 and slope 1; parameters as of :func:`release_pairs`.

    Computed as the regression of the revision on the first figure, whose joint test of two zeros is the same test.
    """
    pairs = release_pairs(table, age=age, final_age=final_age)
    return _regression(pairs, "first", slope_under_null=1.0)


def news_noise(
    table: pd.DataFrame, *, age: int | None = None, final_age: int = 0, level: float = LEVEL
) -> NewsNoise | NotTested:
    """Regress the revision on the first figure (news) and on the final one (noise); parameters as of :func:`release_pairs`.

    Raises
    ------
    ParameterError
        When the level does not lie between 0 and 1.
    """
    _check_level(level)
    pairs = release_pairs(table, age=age, final_age=final_age)
    news, noise = _regression(pairs, "first"), _regression(pairs, "final")
    if isinstance(news, NotTested):
        return news
    if isinstance(noise, NotTested):
        return noise
    not_news, not_noise = news.slope_p_value < level, noise.slope_p_value < level
    nature: Nature = (
        ("both_rejected" if not_noise else "noise") if not_news else ("news" if not_noise else "neither_rejected")
    )
    return NewsNoise(n=news.n, news=news, noise=noise, level=level, nature=nature)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ParameterError(f"the level is {level:g}", fix="Give a share between 0 and 1, such as 0.05")


def _regression(
    pairs: pd.DataFrame, regressor: Literal["first", "final"], *, slope_under_null: float = 0.0
) -> RegressionTest | NotTested:
    """Revision on a figure. The figure is centred and scaled first: neither t nor F changes, and large values lose no digits."""
    change, values = (pairs[column].to_numpy(dtype=float) for column in ("change", regressor))
    refused = _refusal(pairs, change)
    if refused is not None:
        return refused
    size = float(np.abs(values).max())
    if _flat(values, size):
        return _not_tested("no_spread", pairs)
    mean, spread = float(values.mean()), float(values.std())
    fitted, n_periods, lags = _fit(change, np.column_stack([np.ones_like(values), (values - mean) / spread]), pairs)
    if _flat(fitted.resid, size) or np.linalg.matrix_rank(fitted.cov_params()) < len(fitted.params):
        return _not_tested("no_spread", pairs)
    joint = float(fitted.wald_test(np.eye(2), use_f=True, scalar=True).statistic)
    slope = float(fitted.params[1]) / spread
    return RegressionTest(
        n=len(change),
        n_periods=n_periods,
        lags=lags,
        intercept=float(fitted.params[0]) - slope * mean,
        slope=slope + slope_under_null,
        slope_statistic=float(fitted.tvalues[1]),
        slope_p_value=_two_sided(fitted.tvalues[1], n_periods - 2),
        statistic=joint,
        p_value=float(fdtrc(2, n_periods - 2, joint)),
    )


def _refusal(pairs: pd.DataFrame, change: FloatArray) -> NotTested | None:
    if pairs["period"].nunique() < MIN_PERIODS:
        return _not_tested("too_few_periods", pairs)
    return None if change.any() else _not_tested("never_revised", pairs)


def _not_tested(reason: Reason, pairs: pd.DataFrame) -> NotTested:
    return NotTested(reason=reason, n=len(pairs), n_periods=int(pairs["period"].nunique()))


def _flat(values: FloatArray, size: float) -> bool:
    return float(np.ptp(values)) <= _FLAT * size


def _two_sided(statistic: float, degrees: int) -> float:
    # statsmodels would count pairs, not periods, as degrees of freedom
    return float(2 * stdtr(degrees, -abs(statistic)))


def _fit(outcome: FloatArray, regressors: FloatArray, pairs: pd.DataFrame) -> tuple[Any, int, int]:
    """Least squares with the covariance of Driscoll and Kraay; the pairs are sorted by period, a missing period is passed over."""
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415  # seconds to load, seldom asked for

    time = pd.factorize(pairs["period"])[0]
    n_periods = int(time.max()) + 1
    lags = int(0.75 * n_periods ** (1 / 3))
    fitted = OLS(outcome, regressors).fit(
        cov_type="hac-groupsum",
        cov_kwds={"time": time, "maxlags": lags, "use_correction": "cluster", "df_correction": False},
        use_t=True,
    )
    return fitted, n_periods, lags
