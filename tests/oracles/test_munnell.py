"""Panel regressions held against numbers that other programs and authors have printed.

Munnell's panel (48 states of the United States, 1970-86; shipped in linearmodels): ln gross state product on ln public capital, ln private
capital, ln employment and the unemployment rate. A. H. Munnell (1990), "Why has productivity growth declined?", New England Economic
Review, 3-22; B. H. Baltagi and N. Pinnoi (1995), "Public capital stock and state productivity growth", Empirical Economics 20, 351-359;
B. H. Baltagi (2013), Econometric Analysis of Panel Data, 5th edition, chapter 2, public capital productivity data.

Grunfeld's panel (10 firms, 1935-54; shipped in statsmodels with an eleventh firm, American Steel, left out here as in plm).

Kinds: *published* (the textbook's coefficients), *stored by a reference program* (outputs that the R package plm keeps beside its
tests: Croissant and Millo 2008, Journal of Statistical Software 27(2)), and *run once in a reference program* (pyfixest 0.60 and linearmodels
7.1 called directly: they pin how the package calls linearmodels, not the estimator).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.datasets import munnell

from dxanalysis.accounts.elasticity import production_function, regress, regression_panel

REGRESSORS = ("ln_P_CAP", "ln_capital", "ln_labour", "UNEMP")


@pytest.fixture(scope="module")
def states():
    return production_function(
        munnell.load(),
        region="STATE",
        period="YR",
        output="GSP",
        capital="PC",
        labour="EMP",
        digital="P_CAP",  # public capital stands where a digital index would
        controls=("UNEMP",),
    )


@pytest.fixture(scope="module")
def firms():
    data = sm.datasets.grunfeld.load_pandas().data
    return regression_panel(
        data[data["firm"] != "American Steel"],
        region="firm",
        period="year",
        outcome="invest",
        digital="value",
        controls=("capital",),
    )


def half_unit(text: str) -> float:
    """Half a unit of the last printed digit, and rounding of the comparison itself."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2]) * (1 + 1e-9)


def as_printed(found, printed: str) -> None:
    for value, text in zip(found, printed.split(), strict=True):
        assert value == pytest.approx(float(text), abs=half_unit(text)), (value, text)


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        # Published to three or four digits (Baltagi and Pinnoi 1995; Baltagi 2013); all digits stored by plm.
        ("pooled", "0.1550070 0.3091902 0.5939349 -0.0067330 1.6433023"),
        ("fixed", "-0.02614965 0.29200693 0.76815947 -0.00529774"),
        ("random", "0.00443859 0.31054843 0.72967053 -0.00617247 2.13541100"),
        # Run once in pyfixest and linearmodels.
        ("two_way", "-0.0302 0.1688 0.7693 -0.0042"),
    ],
)
def test_munnell_coefficients(states, form, printed):
    made = regress(states, form=form)
    assert made.names[:4] == REGRESSORS
    as_printed(made.coefficients, printed)
    assert (made.n_regions, made.n_periods, made.n_observations) == (48, 17, 816)


def test_munnell_r2_within_stored_by_plm(states):
    as_printed([regress(states, form="fixed").r2], "0.94134")


@pytest.mark.parametrize(
    ("form", "kind", "printed"),
    [
        ("fixed", "two_way", "0.07105 0.07440 0.09812 0.00280"),
        ("fixed", "driscoll_kraay", "0.06130 0.06025 0.08745 0.00153"),
        ("two_way", "two_way", "0.06247 0.09618 0.09605 0.00345"),
    ],
)
def test_munnell_standard_errors_run_in_linearmodels(states, form, kind, printed):
    made = regress(states, form=form, bandwidth=3, correction="regressors")
    as_printed([made.standard_error(kind, name) for name in REGRESSORS], printed)


@pytest.mark.parametrize(
    ("kind", "pyfixest", "close"),
    [
        # The programs put different finite-sample factors on the same sums: the ratio is one number for all coefficients.
        ("two_way", (0.0618, 0.0952, 0.0950), 0.015),
        ("driscoll_kraay", (0.0632, 0.0621, 0.0901), 0.035),
    ],
)
def test_munnell_other_programs_differ_by_one_factor(states, kind, pyfixest, close):
    form = "two_way" if kind == "two_way" else "fixed"
    made = regress(states, form=form, bandwidth=3, correction="regressors")
    ratio = np.array([made.standard_error(kind, name) for name in REGRESSORS[:3]]) / pyfixest
    assert ratio == pytest.approx(np.full(3, ratio.mean()), rel=0.0012)
    assert ratio.mean() == pytest.approx(1, abs=close)


@pytest.mark.parametrize(
    ("form", "kind", "printed"),
    [
        # plm: coeftest(zz); vcovDC type HC1; vcovSCC type HC1 (its lag, whole part of T^(1/4), is 2 as is the rule's here); vcovHC type HC1.
        ("pooled", "classical", "0.0171538 0.0102720 0.0137475 0.0014164 0.0575873"),
        ("pooled", "two_way", "0.0619079 0.0450955 0.0704186 0.0033403 0.2528223"),
        ("pooled", "driscoll_kraay", "0.0370872 0.0076677 0.0388215 0.0025467 0.1508112"),
        ("fixed", "classical", "0.02900158 0.02511967 0.03009174 0.00098873"),
        ("random", "classical", "0.02341732 0.01980475 0.02492022 0.00090728 0.13346149"),
        ("random", "region", "0.0547651 0.0437264 0.0701833 0.0023398 0.2394021"),
    ],
)
def test_munnell_standard_errors_stored_by_plm(states, form, kind, printed):
    made = regress(states, form=form, correction="regressors")
    as_printed([made.standard_error(kind, name) for name in made.names], printed)


def test_munnell_first_differences_stored_by_plm(states):
    made = regress(states, form="first_difference")
    as_printed(made.coefficients, "-0.00660507 -0.03243575 0.83147269 -0.00598593 0.01068526")
    as_printed(
        [made.standard_error("classical", name) for name in made.names],
        "0.04593751 0.02305050 0.03696857 0.00076141 0.00137639",
    )
    as_printed([made.r2], "0.69166")
    assert made.n_observations == 768


def test_munnell_cluster_factor_by_hand(states):
    # Stata's factor beside n/(n-k): G/(G-1) (n-1)/n, with 48 states and 816 rows.
    with_factor, without = (regress(states, form="fixed", correction=c) for c in ("cr1", "regressors"))
    ratio = with_factor.standard_error("region") / without.standard_error("region")
    assert ratio == pytest.approx(np.sqrt(48 / 47 * 815 / 816), rel=1e-12)


def test_grunfeld_hausman_published_and_stored(firms):
    # Baltagi (2013), section 4.3.1, example 1, prints 2.33; plm 2.3303669.
    (test,) = [one for one in regress(firms, form="fixed").tests if one.name == "hausman"]
    as_printed([test.statistic, test.p_value], "2.3303669 0.3118654")
    assert test.df == (2,)


def test_grunfeld_mundlak_is_the_robust_regression_test_stored(firms):
    # plm: phtest(method = "aux", vcov = vcovHC) prints a chi-squared of 8.2998366 without any small-sample factor.
    (test,) = [one for one in regress(firms, form="random").tests if one.name == "mundlak"]
    factor = 10 / 9 * 199 / (200 - 5)
    as_printed([2 * test.statistic * factor], "8.2998366")
    assert test.df == (2, 9)


@pytest.mark.parametrize(("form", "printed"), [("fixed", "4.6612 0.000003144"), ("two_way", "0.1162 0.9075")])
def test_grunfeld_cross_section_dependence_stored(firms, form, printed):
    (test,) = [one for one in regress(firms, form=form).tests if one.name == "cross_section_dependence"]
    as_printed([test.statistic, test.p_value], printed)


def test_grunfeld_serial_correlation_in_differences_stored(firms):
    # plm: pwfdtest prints F = 16.483 without a small-sample factor.
    (test,) = [one for one in regress(firms, form="first_difference").tests if one.name == "serial_correlation"]
    factor = 10 / 9 * 179 / (180 - 2)
    as_printed([test.statistic * factor], "16.483")


def test_a_difference_of_covariances_that_is_no_covariance_is_said(states):
    made = regress(states, form="fixed")
    assert "hausman" not in {one.name for one in made.tests}
    assert ("reason", "difference_not_positive_definite") in made.not_computed[0].facts
    assert isinstance(made.to_frame(), pd.DataFrame)
