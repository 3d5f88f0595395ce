from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dxanalysis.accounts.quarterly import disaggregate
from dxanalysis.errors import DataError, ModelError, ParameterError

YEARS = [str(year) for year in range(2015, 2024)]
QUARTERS = [f"{year}-Q{quarter}" for year in YEARS for quarter in (1, 2, 3, 4)]


def figures():
    return pd.Series(100 + 3 * np.sin(np.arange(9.0)) + np.arange(9), YEARS)


def indicator():
    return pd.Series(20 + np.cos(np.arange(36.0)) + np.arange(36) / 5, QUARTERS, name="sales")


def run(annual=None, *, method="chow-lin", indicators="made", **said):
    annual = figures() if annual is None else annual
    return disaggregate(
        annual, method=method, indicators=indicator() if isinstance(indicators, str) else indicators, **said
    )


def test_a_missing_quarter_is_named():
    with pytest.raises(
        DataError, match=r"indicators from 2015-Q1 to 2023-Q4 lack 2018-Q3, 2019-Q1\. Add the missing rows"
    ):
        run(indicators=indicator().drop(["2018-Q3", "2019-Q1"]))


def test_many_missing_quarters_are_counted():
    with pytest.raises(DataError, match=r"lack 2016-Q1, 2016-Q2, 2016-Q3, 2016-Q4, 2017-Q1 and 3 more"):
        run(indicators=indicator().drop(QUARTERS[4:12]))


def test_a_gap_in_the_figures_is_named():
    with pytest.raises(DataError, match=r"figures from 2015 to 2023 lack 2019\."):
        run(figures().drop("2019"))


def test_indicators_must_cover_every_figure():
    with pytest.raises(
        DataError, match=r"run from 2015-Q1 to 2022-Q2 and do not cover all of 2022, 2023\. Give longer"
    ):
        run(indicators=indicator().iloc[:30])
    with pytest.raises(DataError, match=r"run from 2015-Q2 to 2023-Q4 and do not cover all of 2015\."):
        run(indicators=indicator().iloc[1:])


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (["2015", *YEARS[:-1]], r"figures have 2015 twice, in rows 1 and 2"),
        ([*YEARS[:-1], "2023-Q4"], r"figures mix periods: 2015 and 2023-Q4"),
        ([*YEARS[:-1], "last year"], r"figures: 'last year' is not a period\. Write 2024, 2024-H1"),
        (
            [f"{year}-H1" for year in YEARS],
            r"figures have the period 2015-H1, a half\. Give periods of the kind year or quarter",
        ),
        (
            pd.period_range("2015", "2023", freq="Y"),
            r"figures have the period Period\('2015', 'Y-DEC'\), which is a Period",
        ),
        ([float(year) for year in YEARS], r"figures have the period 2015\.0, which is a float"),
        ([f"{year}-01" for year in YEARS], r"figures have the period 2015-01, a month"),
    ],
)
def test_periods_of_the_figures(index, message):
    with pytest.raises(DataError, match=message):
        run(pd.Series(figures().to_numpy(), index))


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ([*QUARTERS[:-1], "2023-Q3"], r"indicators have 2023-Q3 twice, in rows 35 and 36"),
        (
            [*QUARTERS[:-1], "2023-12"],
            r"indicators have the period 2023-12, a month\. Give periods of the kind quarter",
        ),
        ([*QUARTERS[:-1], "2023Q4"], r"indicators: '2023Q4' is not a period"),
        (range(36), r"indicators: '0' is not a period"),
    ],
)
def test_periods_of_the_indicators(index, message):
    with pytest.raises(DataError, match=message):
        run(indicators=pd.Series(indicator().to_numpy(), index))


@pytest.mark.parametrize("value", [np.nan, np.inf, None, pd.NA])
def test_missing_values(value):
    annual = figures().astype(object)
    annual["2020"] = value
    with pytest.raises(DataError, match=r"figures have no number in 2020 \((nan|inf)\)\. Fill the value"):
        run(annual)
    quarterly = indicator().astype(object)
    quarterly["2020-Q2"] = value
    with pytest.raises(DataError, match=r"indicator sales have no number in 2020-Q2 \((nan|inf)\)"):
        run(indicators=quarterly)


def test_text_for_a_number():
    annual = figures().astype(object)
    annual["2020"] = "12,5"
    with pytest.raises(DataError, match=r"figures are not numbers: could not convert string to float: '12,5'"):
        run(annual)


def test_nothing_given():
    with pytest.raises(DataError, match=r"no figures are given"):
        run(pd.Series([], dtype=float))
    with pytest.raises(DataError, match=r"no indicators are given"):
        run(indicators=pd.Series([], dtype=float))
    with pytest.raises(DataError, match=r"the table of indicators has no column"):
        run(indicators=pd.DataFrame(index=QUARTERS))
    with pytest.raises(ParameterError, match=r"neither a constant nor an indicator"):
        run(indicators=None, constant=False)


def test_other_containers():
    with pytest.raises(ParameterError, match=r"figures are a DataFrame\. Give a pandas Series indexed by period"):
        run(figures().to_frame())
    with pytest.raises(ParameterError, match=r"indicators are a ndarray\. Give a pandas Series or pandas DataFrame"):
        run(indicators=indicator().to_numpy())


def test_names_of_indicators():
    twice = pd.concat([indicator(), indicator() ** 2], axis=1)
    with pytest.raises(DataError, match=r"an indicator's name is 'sales', which is taken"):
        run(indicators=twice)
    with pytest.raises(DataError, match=r"an indicator's name is 'constant', which is taken"):
        run(indicators=indicator().rename("constant"))


@pytest.mark.parametrize("method", ["ols", "chow-lin", "fernandez", "litterman"])
def test_a_constant_indicator(method):
    with pytest.raises(DataError, match=r"indicator sales is 7 in every period from 2015-Q1 to 2023-Q4\. Leave it out"):
        run(method=method, indicators=indicator() * 0 + 7)
    with pytest.raises(DataError, match=r"indicator sales is 0 in every period"):
        run(method=method, indicators=indicator() * 0, constant=False)


def test_indicators_that_cannot_be_told_apart():
    both = pd.DataFrame({"a": indicator(), "b": 3 - 2 * indicator(), "c": np.cos(np.arange(36.0) ** 2)})
    with pytest.raises(
        DataError, match=r"^a and b cannot be told apart in the figures' periods\. Leave one of them out"
    ):
        run(indicators=both)
    season = pd.Series(np.tile([1.1, 2.3, 3.0, 4.7], 9), QUARTERS, name="season")
    with pytest.raises(DataError, match=r"indicator season does not vary between the figures' periods\. Leave it out"):
        run(indicators=season)


def test_too_few_figures():
    with pytest.raises(ModelError, match=r"3 figures cannot give 2 coefficients and rho\. Give 4 figures or more"):
        run(figures().iloc[:3])
    with pytest.raises(ModelError, match=r"2 figures cannot give 2 coefficients\. Give 3 figures or more"):
        run(figures().iloc[:2], method="fernandez")
    assert run(figures().iloc[:3], rho=0.5).regression.degrees_of_freedom == 1
    with pytest.raises(ModelError, match=r"1 figure is too few for h = 2"):
        run(figures().iloc[:1], method="denton-cholette", h=2, indicators=None)


@pytest.mark.parametrize("method", ["denton", "denton-cholette"])
@pytest.mark.parametrize("value", [0.0, -3.0])
def test_a_ratio_needs_a_positive_indicator(method, value):
    quarterly = indicator()
    quarterly["2019-Q2"] = value
    message = rf"indicator sales is {value:g} in 2019-Q2; a ratio needs values above 0\. Use criterion=\"additive\""
    with pytest.raises(DataError, match=message):
        run(method=method, indicators=quarterly)
    assert run(method=method, indicators=quarterly, criterion="additive").largest_gap < 1e-9


def test_denton_follows_one_indicator():
    both = pd.DataFrame({"a": indicator(), "b": indicator() ** 2})
    with pytest.raises(DataError, match=r"Denton follows one indicator; 2 are given: a, b\. Choose one"):
        run(method="denton", indicators=both)


def test_levels_say_nothing_beyond_the_figures():
    with pytest.raises(ParameterError, match=r"h = 0 says nothing about periods outside 2015 to 2022\. Use h=1"):
        run(figures().iloc[:-1], method="denton-cholette", h=0)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"method": "chowlin"}, r"unknown method 'chowlin'\. Use one of: denton, denton-cholette, chow-lin"),
        ({"conversion": "average"}, r"unknown conversion 'average'\. Use one of: sum, mean, first, last"),
        ({"method": "denton", "criterion": "ratio"}, r"unknown criterion 'ratio'"),
        ({"method": "denton", "h": 3}, r"h is 3\. Use 0"),
        ({"method": "denton", "h": True}, r"h is True"),
        ({"method": "denton", "rho": 0.5}, r"rho has no meaning for denton\. Leave rho out"),
        ({"method": "denton-cholette", "constant": True}, r"constant has no meaning for denton-cholette"),
        ({"method": "fernandez", "rho": 0.5}, r"rho has no meaning for fernandez"),
        ({"method": "ols", "rho_bounds": (0, 0.5)}, r"rho_bounds has no meaning for ols"),
        ({"h": 1}, r"h has no meaning for chow-lin"),
        ({"criterion": "additive"}, r"criterion has no meaning for chow-lin"),
        ({"rho": "best"}, r"unknown rho 'best'\. Use one of: max_likelihood, min_rss"),
        ({"rho": 1.0}, r"rho is 1\.0\. Use a number between -1 and 1"),
        ({"rho": float("nan")}, r"rho is nan"),
        ({"rho": (0.1, 0.2)}, r"rho is \(0\.1, 0\.2\)"),
        ({"rho_bounds": 0.5}, r"rho_bounds are 0\.5"),
        ({"rho_bounds": ("a", "b")}, r"rho_bounds are \('a', 'b'\)"),
        ({"rho": 0.5, "rho_bounds": (0, 0.9)}, r"rho is given, so it has no bounds"),
        ({"rho_bounds": (0.5, 0.2)}, r"rho_bounds are \(0\.5, 0\.2\)\. Use a lower and a higher number"),
        ({"rho_bounds": (0.0, 1.0)}, r"rho_bounds are \(0\.0, 1\.0\)"),
        ({"to": "half"}, r"cannot divide into 'half'\. Use quarter or month"),
        ({"to": "year"}, r"cannot divide into 'year'"),
    ],
)
def test_options(said, message):
    with pytest.raises(ParameterError, match=message):
        run(**said)


def test_quarters_into_quarters():
    quarterly = indicator()
    with pytest.raises(ParameterError, match=r"the figures are quarterly already\. Use to=\"month\""):
        disaggregate(quarterly, method="denton-cholette")
