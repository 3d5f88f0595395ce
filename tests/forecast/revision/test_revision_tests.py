from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dxanalysis import forecast
from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.revision.efficient_release import EfficientRelease, NoneEfficient, first_efficient_release
from dxanalysis.forecast.revision.revision_tests import (
    BiasTest,
    NewsNoise,
    NotTested,
    RegressionTest,
    bias_test,
    mincer_zarnowitz,
    news_noise,
    release_pairs,
)
from forecast.cases import observations
from trial import ROOT

PENCIL = pd.read_csv(ROOT / "tests/oracles/revisions/pencil.csv")


def table(releases: Mapping[int, np.ndarray], *, region: str = "VN") -> pd.DataFrame:
    """Revisions of the values of consecutive years by the age at which they were published; the oldest are final."""
    *earlier, last = sorted(releases)
    years = np.arange(1950, 1950 + len(releases[last]))

    def dates(age: int) -> pd.DatetimeIndex:
        return pd.to_datetime([f"{year + age + 1}-03-01" for year in years])

    parts = [
        {
            "indicator": "share",
            "region": region,
            "period": years.astype(str),
            "earlier_release": dates(age),
            "later_release": dates(last),
            "earlier": releases[age],
            "later": releases[last],
            "change": releases[last] - releases[age],
            "age": age,
        }
        for age in earlier
    ]
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)


def pencil() -> pd.DataFrame:
    rows = [
        (str(row.period), f"{row.period + later}-03-01", float(value), "actual", "")
        for row in PENCIL.itertuples()
        for later, value in ((1, row.first), (2, row.final))
    ]
    return forecast.revisions(observations(rows, region="VN"))


def of_kind(found: object, kind: type) -> object:
    assert isinstance(found, kind), found
    return found


def test_bias_worked_with_a_pencil() -> None:
    found = bias_test(pencil())
    assert isinstance(found, BiasTest)
    assert (found.n, found.n_periods, found.lags, found.mean) == (10, 10, 1, pytest.approx(1.0))
    assert found.standard_error == pytest.approx((7 / 45) ** 0.5)
    assert found.statistic == pytest.approx((45 / 7) ** 0.5)
    assert found.p_value == pytest.approx(2 * stats.t.sf((45 / 7) ** 0.5, 9))
    assert found.to_facts()["p_value"] == found.p_value


def test_mincer_zarnowitz_worked_with_a_pencil() -> None:
    found = mincer_zarnowitz(pencil())
    assert isinstance(found, RegressionTest)
    assert (found.intercept, found.slope) == (pytest.approx(-3), pytest.approx(1.4))
    assert found.slope_statistic == pytest.approx(0.4 / (29.44 / 80) ** 0.5)
    assert found.slope_p_value == pytest.approx(2 * stats.t.sf(0.4 / (29.44 / 80) ** 0.5, 8))
    wald = 80 * 41.4976 / 308.1984
    assert found.statistic == pytest.approx(wald / 2)
    assert found.p_value == pytest.approx(stats.f.sf(wald / 2, 2, 8))


def test_news_is_the_same_regression_of_the_revision() -> None:
    found, line = news_noise(pencil()), mincer_zarnowitz(pencil())
    assert isinstance(found, NewsNoise)
    assert isinstance(line, RegressionTest)
    assert (found.news.intercept, found.news.slope) == (pytest.approx(-3), pytest.approx(0.4))
    assert (found.news.statistic, found.news.p_value) == (line.statistic, line.p_value)
    assert found.to_facts()["nature"] == found.nature


def simulated(truth: str, seed: int, periods: int = 80) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    known, error = 50 + 3 * rng.standard_normal(periods), 2 * rng.standard_normal(periods)
    return table({0: known, 1: known + error} if truth == "news" else {0: known + error, 1: known})


@pytest.mark.parametrize("truth", ["news", "noise"])
def test_nature_of_simulated_revisions(truth: str) -> None:
    natures = [news_noise(simulated(truth, seed)).nature for seed in range(60)]  # type: ignore[union-attr]
    # the true hypothesis is rejected in about 5 to 10 % of the cases, the false one nearly always
    assert natures.count(truth) >= 50
    assert set(natures) <= {truth, "both_rejected"}


def test_efficiency_is_rejected_for_noise_and_not_for_news() -> None:
    def rejected(truth: str) -> int:
        found = [mincer_zarnowitz(simulated(truth, seed)) for seed in range(60)]
        return sum(one.p_value < 0.05 for one in found)  # type: ignore[union-attr]

    assert rejected("news") <= 10
    assert rejected("noise") == 60


def test_regions_revised_together_are_not_independent_evidence() -> None:
    rng = np.random.default_rng(11)
    robust = naive = 0
    for _ in range(60):
        shock, zero = rng.standard_normal(15), np.zeros(15)
        parts = [
            table({0: zero, 1: shock + 0.5 * rng.standard_normal(15)}, region=f"VN-{number}") for number in range(12)
        ]
        panel = pd.concat(parts)
        found = bias_test(panel)
        assert isinstance(found, BiasTest)
        assert (found.n, found.n_periods) == (180, 15)
        robust += found.p_value < 0.05
        naive += stats.ttest_1samp(panel["change"], 0).pvalue < 0.05
    assert robust <= 9
    assert naive >= 25


def test_the_same_region_twice_is_no_more_evidence() -> None:
    once = pencil()
    twice = pd.concat([once, once.assign(region="other")])
    one, both = bias_test(once), bias_test(twice)
    assert isinstance(one, BiasTest)
    assert isinstance(both, BiasTest)
    assert both.n == 20
    assert (both.standard_error, both.p_value) == (pytest.approx(one.standard_error), pytest.approx(one.p_value))


values = st.lists(st.integers(-50, 50), min_size=12, max_size=12)


@settings(max_examples=30, deadline=None)
@given(values, values, st.integers(1, 9), st.integers(-1000, 1000), st.randoms(use_true_random=False))
def test_scale_shift_and_order(first: list[int], moved: list[int], factor: int, shift: int, random: object) -> None:
    start, change = np.array(first, dtype=float), np.array(moved, dtype=float)
    one = table({0: start, 1: start + change})
    other = table({0: factor * start + shift, 1: factor * (start + change) + shift})
    other = other.sample(frac=1, random_state=random.randint(0, 1000))  # type: ignore[attr-defined]
    bias, again = bias_test(one), bias_test(other)
    if isinstance(bias, NotTested):
        assert again == bias
    else:
        assert isinstance(again, BiasTest)
        assert again.mean == pytest.approx(factor * bias.mean)
        assert again.statistic == pytest.approx(bias.statistic)
    line, again_line = mincer_zarnowitz(one), mincer_zarnowitz(other)
    if isinstance(line, RegressionTest) and isinstance(again_line, RegressionTest):
        assert again_line.slope == pytest.approx(line.slope)
        assert again_line.statistic == pytest.approx(line.statistic, rel=1e-6)
        assert 0 <= line.p_value <= 1
    else:
        assert type(line) is type(again_line)


def test_too_few_periods_whatever_the_number_of_regions() -> None:
    part = pencil().head(9)
    many = pd.concat([part.assign(region=f"VN-{number}") for number in range(63)])
    for found in (bias_test(many), mincer_zarnowitz(many), news_noise(many), first_efficient_release(many)):
        assert found == NotTested(reason="too_few_periods", n=567, n_periods=9)
    assert bias_test(many).to_facts() == {
        "case": "not_tested",
        "reason": "too_few_periods",
        "n": 567,
        "n_periods": 9,
        "needed": 10,
    }
    assert bias_test(many.head(0)) == NotTested(reason="too_few_periods", n=0, n_periods=0)
    assert first_efficient_release(many.head(0)) == NotTested(reason="too_few_periods", n=0, n_periods=0)


def test_nothing_to_measure_by() -> None:
    years = np.arange(12.0) ** 2
    never = table({0: years, 1: years})
    always = table({0: years, 1: years + 3})
    line = table({0: years, 1: 2 * years + 3})
    flat = table({0: 0 * years + 7, 1: years})
    for test in (bias_test, mincer_zarnowitz, news_noise):
        assert of_kind(test(never), NotTested).reason == "never_revised"  # type: ignore[attr-defined]
        assert of_kind(test(always), NotTested).reason == "no_spread"  # type: ignore[attr-defined]
    for found in (mincer_zarnowitz(line), mincer_zarnowitz(flat), news_noise(flat)):
        assert of_kind(found, NotTested).reason == "no_spread"  # type: ignore[attr-defined]


def test_one_pair_a_region_and_period() -> None:
    rows = [
        ("2020", "2021-01-10", 1.0, "estimate", ""),
        ("2020", "2021-06-10", 2.0, "estimate", ""),
        ("2020", "2022-06-10", 3.0, "actual", ""),
        ("2020", "2024-06-10", 5.0, "actual", ""),
        ("2021", "2022-06-10", 7.0, "actual", ""),
        ("2021", "2023-06-10", 8.0, "actual", ""),
    ]
    found = forecast.revisions(observations(rows))
    assert release_pairs(found)["first"].tolist() == [1.0, 7.0]
    assert release_pairs(found)["final"].tolist() == [5.0, 8.0]
    assert release_pairs(found, age=1)["first"].tolist() == [3.0]
    assert release_pairs(found, final_age=2)["period"].tolist() == ["2020"]
    assert release_pairs(found, age=7).empty
    pd.testing.assert_frame_equal(release_pairs(found), release_pairs(found.iloc[::-1]))


def test_periods_are_sorted_by_their_end() -> None:
    rows = [(period, f"2025-0{n}-01", float(n), "actual", "") for period in ("2024-10", "2024-09") for n in (1, 2)]
    assert release_pairs(forecast.revisions(observations(rows)))["period"].tolist() == ["2024-09", "2024-10"]


def noisy_then_good(seed: int, bias: float) -> pd.DataFrame:
    """First figures off by ``bias`` and noise, efficient ones at age 1, final ones at age 3."""
    rng = np.random.default_rng(seed)
    second = 50 + 3 * rng.standard_normal(40)
    final = second + rng.standard_normal(40)
    return table({0: second - bias + 2 * rng.standard_normal(40), 1: second, 3: final})


def test_first_efficient_release() -> None:
    found = first_efficient_release(noisy_then_good(4, bias=2.0))
    assert isinstance(found, EfficientRelease)
    assert found.age == 1
    assert [(test.age, test.n, test.efficient) for test in found.tests] == [(0, 40, False), (1, 40, True)]
    assert found.to_facts()["age"] == 1
    assert found.to_facts()["p_bias"] == found.tests[1].p_bias


def test_no_release_is_efficient_before_the_last() -> None:
    first = simulated("noise", 1, periods=40)
    found = first_efficient_release(first)
    assert isinstance(found, EfficientRelease)
    assert found.age == NoneEfficient(oldest_age=0)
    assert found.to_facts()["none_up_to_age"] == 0


def test_a_figure_never_revised_again_is_efficient() -> None:
    rng = np.random.default_rng(2)
    first = rng.standard_normal(20)
    second = first + 5 + rng.standard_normal(20)
    few = table({0: first[:4], 2: second[:4]}, region="other")
    found = first_efficient_release(pd.concat([table({0: first, 1: second, 2: second}), few.assign(age=6)]))
    assert isinstance(found, EfficientRelease)
    assert (found.age, found.tests[1].p_efficiency) == (1, 1.0)
    assert found.untested == ((6, NotTested(reason="too_few_periods", n=4, n_periods=4)),)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ModelError, match=r"the table has no column age\. Give the table of revisions"):
        bias_test(pencil().drop(columns="age"))
    with pytest.raises(ModelError, match="the table holds several indicators"):
        mincer_zarnowitz(pd.concat([pencil(), pencil().assign(indicator="other")]))
    with pytest.raises(ParameterError, match="final_age is -1"):
        bias_test(pencil(), final_age=-1)
    for ask in (news_noise, first_efficient_release):
        with pytest.raises(ParameterError, match="the level is 5"):
            ask(pencil(), level=5)  # type: ignore[operator]
