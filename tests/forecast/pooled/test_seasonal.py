"""Seasons: by hand, found again where they were put in, and none where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.forecast.pooled.seasonal import LEAST_YEARS, seasons

QUARTERS = np.array([3.0, -1.0, -4.0, 2.0])


def labels(n: int, per_year: int) -> list[str]:
    form = {2: "{}-H{}", 4: "{}-Q{}", 12: "{}-{:02d}"}[per_year]
    return [form.format(2010 + at // per_year, at % per_year + 1) for at in range(n)]


def table(values: np.ndarray, per_year: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (f"r{row:02d}", period, value)
            for row, one in enumerate(values)
            for period, value in zip(labels(values.shape[1], per_year), one, strict=True)
            if np.isfinite(value)
        ],
        columns=["region", "period", "value"],
    )


def test_by_hand() -> None:
    """A straight line with a season that does not change: the moving average is the line, the season is all there is."""
    values = 5 + 0.7 * np.arange(24) + np.tile(QUARTERS, 6)
    found = seasons(np.stack([values, values + 1]), 4)
    np.testing.assert_allclose(found.parts, [QUARTERS, QUARTERS], atol=1e-6)
    np.testing.assert_allclose(found.variance, 0, atol=1e-9)
    np.testing.assert_allclose(found.taken_off(np.stack([values, values + 1]))[0], 5 + 0.7 * np.arange(24), atol=1e-6)


@pytest.mark.parametrize("per_year", [2, 4, 12])
def test_what_was_put_in_is_found_again(per_year: int) -> None:
    rng = np.random.default_rng(per_year)
    common = rng.normal(size=per_year)
    common -= common.mean()
    own = common + 0.3 * rng.normal(size=(30, per_year))
    own -= own.mean(axis=1, keepdims=True)
    walk = np.cumsum(0.02 * rng.normal(size=(30, 8 * per_year)), axis=1)
    values = walk + np.tile(own, 8) + 0.1 * rng.normal(size=walk.shape)
    found = seasons(values, per_year).parts
    np.testing.assert_allclose(found, own, atol=0.25)
    assert np.abs(found - own).mean() < 0.1 * np.abs(own).mean()


def test_regions_that_differ_by_chance_only_have_the_season_of_all() -> None:
    rng = np.random.default_rng(2)
    values = np.tile(0.1 * QUARTERS, 5) + rng.normal(size=(60, 20))
    found = seasons(values, 4).parts
    assert np.abs(found - found.mean(axis=0)).mean() < 0.1
    np.testing.assert_allclose(found.mean(axis=0), 0.1 * QUARTERS, atol=0.25)


@pytest.mark.parametrize("seed", range(5))
def test_what_all_regions_share_by_chance_is_no_season(seed: int) -> None:
    """Shocks common to all: sixty regions that move alike say no more of a season than one."""
    rng = np.random.default_rng(seed)
    shared = np.cumsum(rng.normal(size=40))
    values = shared + 0.01 * rng.normal(size=(60, 40))
    size = np.sqrt(np.square(seasons(values, 4).parts).mean())
    assert size < 0.4  # of shocks of 1


def test_years_or_too_few_of_them_have_no_season() -> None:
    values = np.tile(QUARTERS, (3, LEAST_YEARS))
    assert seasons(values, 1).parts.tolist() == [[0.0]] * 3
    assert not seasons(values[:, : LEAST_YEARS * 4 - 1], 4).parts.any()
    assert seasons(values, 4).parts.any()


def test_a_region_with_too_short_a_past_has_the_season_of_the_others() -> None:
    rng = np.random.default_rng(3)
    values = np.tile(QUARTERS, (10, 6)) + 0.1 * rng.normal(size=(10, 24))
    values[0, :-3] = np.nan
    found = seasons(values, 4)
    np.testing.assert_allclose(found.parts[0], QUARTERS, atol=0.15)
    assert found.variance[0] == 0 < found.variance[1]


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 4, 12]), st.integers(1, 5), st.integers(1, 60))
def test_parts_are_finite_and_sum_to_nothing(seed: int, per_year: int, regions: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(regions, width)) * 10.0 ** rng.integers(-6, 4)
    values[rng.uniform(size=values.shape) < rng.uniform(0, 0.9)] = np.nan
    values[np.arange(regions), rng.integers(0, width, regions)] = 1.0
    found = seasons(values, per_year)
    assert np.isfinite(found.parts).all()
    assert (found.variance >= 0).all()
    np.testing.assert_allclose(found.parts.sum(axis=1), 0, atol=1e-9 * max(1, np.nanmax(np.abs(values))))
    # a stretched scale has stretched seasons, a moved one the same
    np.testing.assert_allclose(
        seasons(3 * values + 2, per_year).parts, found.times(np.full(len(values), 3.0)).parts, rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize("per_year", [2, 4, 12])
def test_a_forecast_has_the_season(per_year: int) -> None:
    """Twenty regions with a season of 30 % on a slow rise: each coming period is told from its neighbours."""
    rng = np.random.default_rng(per_year)
    n = 7 * per_year
    wave = 0.3 * np.cos(2 * np.pi * np.arange(n + per_year) / per_year)
    noise = 0.02 * rng.normal(size=(20, n + per_year))
    values = 50 * np.exp(0.02 / per_year * np.arange(n + per_year) + wave + noise)
    predicted = forecast.fit(table(values[:, :n], per_year), bounds=(0, None)).predict(horizon=per_year)
    levels = predicted.quantiles([0.025, 0.5, 0.975])
    came = values[:, n:].ravel()
    off = np.log(levels[0.5].to_numpy() / came)
    assert np.abs(off).mean() < 0.05
    assert ((levels[0.025].to_numpy() <= came) & (came <= levels[0.975].to_numpy())).mean() > 0.85
    np.testing.assert_allclose(predicted.draws.mean(axis=0).ravel(), levels[0.5], rtol=0.05)


def test_changes_of_similar_cases_have_the_season_of_the_deadline() -> None:
    """Flat but for the season: from a first quarter to a third the similar cases fell, to the next first one they stayed."""
    values = 50 + np.tile(QUARTERS, 6)[:21] + 0.01 * np.random.default_rng(5).normal(size=(30, 21))
    predicted = forecast.fit(table(values, 4), bounds=(0, 100)).predict(horizon=4)
    assert predicted.cases_of is not None
    assert np.median(predicted.cases_of("r00", 2)) == pytest.approx(-7, abs=0.3)
    assert np.median(predicted.cases_of("r00", 4)) == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize("times", [10.0, 1000.0])
def test_one_mistyped_quarter_leaves_the_ranges_of_other_regions(times: float) -> None:
    """On the logarithm a factor of a thousand is 7: once it made the others' ranges 4.6 times as wide, by the variance of seasons."""
    rng = np.random.default_rng(3)
    values = np.exp(rng.normal(0.01, 0.03, (30, 16)).cumsum(axis=1) + rng.normal(4, 0.5, (30, 1)))
    odd = values.copy()
    odd[7, 8] *= times
    plain, with_odd = (
        np.ptp(
            forecast.fit(table(one, 4), bounds=(0, None)).predict(horizon=1).quantiles([0.1, 0.9]).to_numpy(), axis=1
        )
        for one in (values, odd)
    )
    others = np.arange(30) != 7
    assert np.median((with_odd / plain)[others]) < 2.0


def test_a_season_of_one_month_is_no_mistake() -> None:
    """What stands out every year is the season, however far."""
    rng = np.random.default_rng(4)
    peak = np.where(np.arange(12) == 11, 5.0, -5.0 / 11)
    values = np.tile(peak, 5) + 0.05 * rng.normal(size=(10, 60))
    np.testing.assert_allclose(seasons(values, 12).parts, np.tile(peak, (10, 1)), atol=0.1)
