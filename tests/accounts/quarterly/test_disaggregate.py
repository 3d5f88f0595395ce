from __future__ import annotations

import doctest
import importlib
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.quarterly.reference import conversion_rows, exact_denton, gls
from dxanalysis.accounts.figures import Note
from dxanalysis.accounts.quarterly import METHODS, disaggregate

REGRESSIONS = ("ols", "chow-lin", "fernandez", "litterman")
CONVERSIONS = ("sum", "mean", "first", "last")


def quarters(first, n, part=0):
    return [f"{first + (part + i) // 4}-Q{(part + i) % 4 + 1}" for i in range(n)]


def months(first, n):
    return [f"{first + i // 12}-{i % 12 + 1:02d}" for i in range(n)]


def world(seed=1, years=9, before=3, after=5, k=1):
    """Yearly figures from 2010 and quarterly indicators that begin earlier and end later."""
    rng = np.random.default_rng(seed)
    n = 4 * years + before + after
    x = 20 + rng.normal(size=(n, k)).cumsum(axis=0) + 3 * rng.random((n, k))
    index = quarters(2009, n, part=4 - before)
    truth = 5 + x @ np.arange(1.0, k + 1) + rng.normal(size=n).cumsum() * 0.5
    figures = [truth[before + 4 * i : before + 4 * i + 4].sum() for i in range(years)]
    columns = [f"x{j}" for j in range(k)]
    return (
        pd.Series(figures, [str(2010 + i) for i in range(years)]),
        pd.DataFrame(np.abs(x) + 1, index, columns),
        pd.Series(truth, index),
    )


def options(method):
    return {"rho": 0.7} if method in ("chow-lin", "litterman") else {}


def of(found):
    return pd.Series(found.values, found.periods)


@pytest.mark.parametrize("conversion", CONVERSIONS)
@pytest.mark.parametrize("k", [0, 1, 2])
@pytest.mark.parametrize(
    ("method", "rho"), [("ols", 0.0), ("chow-lin", 0.8), ("chow-lin", -0.4), ("fernandez", 0.0), ("litterman", 0.5)]
)
def test_regressions_equal_the_dense_formula(method, rho, k, conversion):
    figures, indicators, _ = world(k=max(k, 1))
    given_rho = {"rho": rho} if method in ("chow-lin", "litterman") else {}
    found = disaggregate(
        figures, method=method, indicators=indicators if k else None, conversion=conversion, **given_rho
    )
    x = indicators.to_numpy() if k else np.empty((36, 0))
    design = np.column_stack([np.ones(len(x)), x])
    rows = conversion_rows(9, len(design), 3 if k else 0, 4, conversion)
    expected = gls(figures.to_numpy(), design, rows, method, rho)
    np.testing.assert_allclose(found.values, expected["path"], rtol=1e-9)
    # where a figure is a period itself the dense difference leaves the root of its rounding, 1e-8
    np.testing.assert_allclose(found.standard_errors, expected["errors"], rtol=1e-7, atol=2e-6)
    table = found.regression.to_frame()
    np.testing.assert_allclose(table["value"], expected["coefficients"], rtol=1e-8)
    np.testing.assert_allclose(table["standard_error"], expected["coefficient_errors"], rtol=1e-8)
    np.testing.assert_allclose(found.regression.log_likelihood, expected["log_likelihood"], rtol=1e-9)
    np.testing.assert_allclose(found.regression.residual_variance * (9 - k - 1), expected["rss"], rtol=1e-8)
    np.testing.assert_allclose(found.regression.fitted, rows @ design @ expected["coefficients"], rtol=1e-9)


@pytest.mark.parametrize("conversion", CONVERSIONS)
@pytest.mark.parametrize("h", [0, 1, 2])
@pytest.mark.parametrize("criterion", ["proportional", "additive"])
@pytest.mark.parametrize("method", ["denton", "denton-cholette"])
def test_denton_equals_exact_arithmetic(method, criterion, h, conversion):
    figures, indicators, _ = world(years=3, before=0 if h == 0 else 1, after=0 if h == 0 else 2)
    x = indicators["x0"]
    found = disaggregate(figures, method=method, indicators=x, h=h, criterion=criterion, conversion=conversion)
    rows = conversion_rows(3, len(x), 0 if h == 0 else 1, 4, conversion)
    expected = exact_denton(figures.to_numpy(), x.to_numpy(), rows, h, criterion, keeps_start=method == "denton")
    np.testing.assert_allclose(found.values, expected, rtol=1e-10)
    np.testing.assert_array_equal(found.preliminary, x)


@pytest.mark.parametrize("method", ["chow-lin", "litterman"])
@pytest.mark.parametrize("rule", ["max_likelihood", "min_rss"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rho_is_the_best_of_a_fine_grid(method, rule, seed):
    figures, indicators, _ = world(seed=seed, years=12)
    found = disaggregate(figures, method=method, indicators=indicators, rho=rule, rho_bounds=(-0.9, 0.9)).regression.rho
    design = np.column_stack([np.ones(len(indicators)), indicators])
    rows = conversion_rows(12, len(design), 3, 4, "sum")

    def criterion(rho):
        at = gls(figures.to_numpy(), design, rows, method, rho)
        if rule == "max_likelihood":
            return -at["log_likelihood"]
        return at["rss"] / (1 - rho**2) if method == "chow-lin" else at["rss"]

    grid = np.linspace(-0.9, 0.9, 361)
    heights = np.array([criterion(rho) for rho in grid])
    assert criterion(found.value) <= heights.min() + 1e-9 * abs(heights.min())
    assert abs(found.value - grid[heights.argmin()]) <= 0.005 + 1e-9
    assert (found.source, found.lower, found.upper) == (rule, -0.9, 0.9)
    at_ends = {-0.9: "lower", 0.9: "upper"}
    assert found.at_bound == at_ends.get(found.value, "no")


def test_the_bound_is_reported():
    figures, indicators, _ = world(seed=1, years=12)
    free = disaggregate(figures, method="litterman", indicators=indicators, rho_bounds=(-0.9, 0.9)).regression.rho
    tight = disaggregate(figures, method="litterman", indicators=indicators, rho_bounds=(free.value + 0.01, 0.9))
    assert tight.regression.rho.at_bound == "lower"
    assert tight.regression.rho.value == free.value + 0.01
    tight = disaggregate(figures, method="litterman", indicators=indicators, rho_bounds=(-0.99, free.value - 0.01))
    assert tight.regression.rho.at_bound == "upper"


def test_rho_of_methods_that_have_none():
    figures, indicators, _ = world()
    for method in ("ols", "fernandez"):
        rho = disaggregate(figures, method=method, indicators=indicators).regression.rho
        assert (rho.value, rho.source, rho.at_bound) == (0.0, "method", "no")
    rho = disaggregate(figures, method="chow-lin", rho=0.3, indicators=indicators).regression.rho
    assert (rho.value, rho.source, rho.at_bound) == (0.3, "given", "no")


@given(
    seed=st.integers(0, 10_000),
    method=st.sampled_from(METHODS),
    conversion=st.sampled_from(CONVERSIONS),
    before=st.integers(0, 5),
    after=st.integers(0, 5),
    unit=st.sampled_from([1e-6, 1.0, 1e12]),
)
@settings(max_examples=40, deadline=None)
def test_totals_are_reproduced_in_any_currency(seed, method, conversion, before, after, unit):
    figures, indicators, _ = world(seed, years=6, before=before, after=after)
    found = disaggregate(figures * unit, method=method, indicators=indicators, conversion=conversion)
    assert found.largest_gap <= 1e-9 * np.abs(figures).max() * unit
    np.testing.assert_array_equal(found.given, figures * unit)
    assert found.periods == tuple(indicators.index)
    assert found.parts == ("before",) * before + ("within",) * 24 + ("after",) * after
    if method != "denton":  # Denton's form draws the start to the indicator as it is, so its unit matters
        asked = {"method": method, "indicators": indicators, "conversion": conversion} | options(method)
        base, found = disaggregate(figures, **asked), disaggregate(figures * unit, **asked)
        np.testing.assert_allclose(found.values, unit * base.values, rtol=1e-9, atol=1e-9 * unit)
        if method in REGRESSIONS:
            np.testing.assert_allclose(found.standard_errors, unit * base.standard_errors, rtol=1e-8, atol=1e-7 * unit)


@given(seed=st.integers(0, 10_000), level=st.sampled_from([0.01, 1.0, 5e4]), h=st.sampled_from([1, 2]))
@settings(max_examples=15, deadline=None)
def test_constant_indicator_is_no_indicator(seed, level, h):
    figures, _, _ = world(seed)
    plain = disaggregate(figures, method="denton-cholette", h=h)
    flat = pd.Series(level, quarters(2010, 36))
    for criterion in ("proportional", "additive"):
        found = disaggregate(figures, method="denton-cholette", indicators=flat, h=h, criterion=criterion)
        np.testing.assert_allclose(found.values, plain.values, rtol=1e-9)


@given(seed=st.integers(0, 10_000), method=st.sampled_from(METHODS), conversion=st.sampled_from(CONVERSIONS))
@settings(max_examples=30, deadline=None)
def test_a_series_comes_back_from_its_own_indicator(seed, method, conversion):
    _, indicators, _ = world(seed, years=6)
    truth = indicators["x0"]
    rows = conversion_rows(6, len(truth), 3, 4, conversion)
    figures = pd.Series(rows @ truth, [str(2010 + i) for i in range(6)])
    found = disaggregate(figures, method=method, indicators=truth, conversion=conversion)
    np.testing.assert_allclose(found.values, truth, rtol=1e-8)
    if method in ("chow-lin", "litterman"):
        assert (found.regression.rho.source, found.regression.rho.value) == ("exact_fit", 0.0)
        assert found.regression.log_likelihood == Note(code="indicators_explain_wholly")
        assert found.regression.to_frame()["value"].tolist() == pytest.approx([0.0, 1.0], abs=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_a_longer_indicator_changes_nothing_before(method):
    figures, indicators, _ = world(before=0, after=7)
    short = indicators.iloc[:-7]
    longer = disaggregate(figures, method=method, indicators=indicators, **options(method))
    shorter = disaggregate(figures, method=method, indicators=short, **options(method))
    np.testing.assert_allclose(longer.values[:-7], shorter.values, rtol=1e-9)
    if method in REGRESSIONS:
        # the design's columns are centred over the figures' periods alone, so the coefficients stay too
        np.testing.assert_allclose(longer.standard_errors[:-7], shorter.standard_errors, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("method", [*REGRESSIONS, "denton-cholette"])
def test_a_figure_equal_to_its_forecast_changes_nothing(method):
    figures, indicators, _ = world(before=2, after=4)
    first = disaggregate(figures, method=method, indicators=indicators, **options(method))
    more = pd.concat([figures, pd.Series([first.values[-4:].sum()], ["2019"])])
    again = disaggregate(more, method=method, indicators=indicators, **options(method))
    np.testing.assert_allclose(again.values, first.values, rtol=1e-8)


@pytest.mark.parametrize("method", ["chow-lin", "fernandez", "litterman"])
def test_errors_grow_away_from_the_figures(method):
    figures, indicators, _ = world(before=0, after=12)
    # the coefficients' part depends on how far the indicator itself goes: let it rest at its mean
    indicators.iloc[36:] = indicators.iloc[:36].mean()
    found = disaggregate(figures, method=method, indicators=indicators, **options(method))
    table = found.to_frame()
    within = table.loc[table["part"] == "within", "standard_error"]
    after = table.loc[table["part"] == "after", "standard_error"]
    assert after.min() > within.iloc[-8:].max()
    assert (np.diff(after) > 0).all()


def test_backcast_errors_are_wider_too():
    figures, indicators, _ = world(before=8, after=0)
    table = disaggregate(figures, method="chow-lin", rho=0.8, indicators=indicators).to_frame()
    before = table.loc[table["part"] == "before", "standard_error"]
    assert before.min() > table.loc[table["part"] == "within", "standard_error"].max()


def test_denton_cholette_carries_the_last_ratio_on():
    figures, indicators, _ = world()
    found = disaggregate(figures, method="denton-cholette", indicators=indicators)
    ratio = found.values / indicators["x0"]
    np.testing.assert_allclose(ratio.iloc[-5:], ratio.iloc[-6], rtol=1e-12)
    np.testing.assert_allclose(ratio.iloc[:3], ratio.iloc[3], rtol=1e-12)


def test_standard_errors_hold_the_truth():
    """In worlds made by Chow-Lin's own model 95 of 100 truths lie within the t interval, beyond the figures as well."""
    rng = np.random.default_rng(7)
    hits, n = np.zeros(60), 400
    x = pd.Series(20 + rng.normal(size=60).cumsum(), quarters(2010, 60))
    for _ in range(n):
        u = np.empty(60)
        u[0] = rng.normal() / np.sqrt(1 - 0.49)
        for t in range(1, 60):
            u[t] = 0.7 * u[t - 1] + rng.normal()
        truth = 3 + 2 * x.to_numpy() + u
        figures = pd.Series(truth[:52].reshape(13, 4).sum(axis=1), [str(2010 + i) for i in range(13)])
        found = disaggregate(figures, method="chow-lin", rho=0.7, indicators=x)
        hits += np.abs(found.values - truth) <= 2.201 * found.standard_errors  # t, 11 degrees of freedom, 97.5 %
    # binomial: standard error 0.011 a period; about a quarter of that for the mean
    assert abs(hits[:52].mean() / n - 0.95) < 0.01
    assert abs(hits[52:].mean() / n - 0.95) < 0.02


def test_months_of_years_and_of_quarters():
    yearly = pd.Series([120.0, 132.0, 150.0], [2020, 2021, 2022])
    found = disaggregate(yearly, method="denton-cholette", to="month")
    assert found.periods == tuple(months(2020, 36))
    np.testing.assert_allclose(found.values.reshape(3, 12).sum(axis=1), yearly, rtol=1e-12)
    quarterly = pd.Series([30.0, 33.0, 36.0], ["2020-Q4", "2021-Q1", "2021-Q2"])
    found = disaggregate(quarterly, method="denton-cholette", to="month", conversion="mean")
    assert found.periods == ("2020-10", "2020-11", "2020-12", *months(2021, 6))
    np.testing.assert_allclose(found.values.reshape(3, 3).mean(axis=1), quarterly, rtol=1e-12)


def test_known_small_case():
    """Two quarters into months, h = 1, by hand.

    Where the sum of squared steps is least, steps grow by one amount a month in the first quarter and shrink by it in the second: they are
    g (1, 2, 3, 2, 1), so the path is c + g (0, 1, 3, 6, 8, 9), and 3c + 4g = 0, 3c + 23g = 9.
    """
    found = disaggregate(pd.Series([0.0, 9.0], ["2024-Q1", "2024-Q2"]), method="denton-cholette", to="month")
    np.testing.assert_allclose(found.values, (np.array([0, 1, 3, 6, 8, 9]) * 9 - 12) / 19, rtol=0, atol=1e-12)


def test_rows_in_any_order():
    figures, indicators, _ = world()
    found = disaggregate(figures[::-1], method="chow-lin", indicators=indicators.sample(frac=1, random_state=3))
    ordered = disaggregate(figures, method="chow-lin", indicators=indicators)
    pd.testing.assert_frame_equal(found.to_frame(), ordered.to_frame())


def test_without_a_constant():
    figures, indicators, _ = world()
    found = disaggregate(figures, method="chow-lin", rho=0.5, indicators=indicators, constant=False)
    expected = gls(figures.to_numpy(), indicators.to_numpy(), conversion_rows(9, 44, 3, 4, "sum"), "chow-lin", 0.5)
    np.testing.assert_allclose(found.values, expected["path"], rtol=1e-9)
    assert [one.name for one in found.regression.coefficients] == ["x0"]


def test_the_result_is_frozen_and_says_what_it_lacks():
    figures, indicators, _ = world()
    found = disaggregate(figures, method="denton", indicators=indicators)
    assert found.standard_errors == found.regression == Note(code="denton_has_no_model_of_chance")
    assert found.to_frame().columns.tolist() == ["value", "preliminary", "part"]
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 1.0
    with pytest.raises(FrozenInstanceError):
        found.method = "ols"
    found = disaggregate(figures, method="fernandez", indicators=indicators)
    assert found.to_frame().columns.tolist() == ["value", "standard_error", "preliminary", "part"]
    with pytest.raises(ValueError, match="read-only"):
        found.standard_errors[0] = 1.0


def test_figures_that_do_not_vary():
    figures, indicators, _ = world()
    found = disaggregate(figures * 0 + 100.0, method="chow-lin", indicators=indicators)
    np.testing.assert_allclose(found.values, 25.0, rtol=1e-12)
    assert found.regression.r_squared == Note(code="figures_do_not_vary")
    found = disaggregate(figures * 0, method="chow-lin", indicators=indicators)
    np.testing.assert_array_equal(found.values, 0.0)


def test_two_hundred_years():
    rng = np.random.default_rng(0)
    figures = pd.Series(100 + rng.normal(size=200).cumsum(), [str(1900 + i) for i in range(200)])
    indicator = pd.Series(50 + rng.normal(size=800).cumsum(), quarters(1900, 800))
    found = disaggregate(figures, method="litterman", indicators=indicator)
    np.testing.assert_allclose(np.asarray(found.values).reshape(200, 4).sum(axis=1), figures, rtol=1e-9)


def test_figures_that_do_not_vary_without_a_constant():
    figures, indicators, _ = world()
    found = disaggregate(figures * 0 + 100.0, method="ols", indicators=indicators, constant=False)
    assert 0.0 < found.regression.r_squared < 1.0


def test_the_example_in_the_documentation():
    module = importlib.import_module("dxanalysis.accounts.quarterly.disaggregate")
    assert doctest.testmod(module) == (0, 3)
