"""One series on its own: ranges that hold what they say, and answers that do not depend on what they must not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.evidence import NotEnoughData
from dxanalysis.forecast.lone.local import fit_series, simulate
from dxanalysis.forecast.lone.single import MAX_YEARS, SingleFit, SingleOptions, fit_single, simulate_single
from dxanalysis.forecast.lone.smoothing import refit
from dxanalysis.forecast.panel import Series
from dxanalysis.forecast.revision.revisions import RevisionNoise
from dxanalysis.forecast.scale import Scale

LEVEL = Scale.of("level")
SHARE = Scale.of("share", 0, 100)


def fitted(values: np.ndarray | list[float], scale: Scale = LEVEL, years: list[int] | None = None) -> SingleFit:
    fit = fit_single(years or list(range(1990, 1990 + len(values))), [float(v) for v in values], scale)
    assert isinstance(fit, SingleFit)
    return fit


def walk(seed: int, n: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).normal(1, 2, n).cumsum() + 100


def ranges(values: np.ndarray, horizon: int, scale: Scale = LEVEL) -> np.ndarray:
    return np.quantile(simulate_single(fitted(values, scale), horizon, 1000, 0), [0.1, 0.9, 0.025, 0.975], axis=0)


@pytest.mark.parametrize("kind", ["walk", "damped", "growth", "around a line"])
@pytest.mark.parametrize("points", [12, 40])
def test_ranges_hold_what_they_say(kind: str, points: int) -> None:
    """150 series from a known truth; with few values ranges may be too wide, never much too narrow."""
    rng = np.random.default_rng([5, points])
    n, horizon = 150, 6
    shocks = rng.standard_normal((n, points + horizon))
    if kind == "walk":
        values = 200 + np.cumsum(0.5 + shocks, axis=1)
    elif kind == "growth":
        values = 100 * np.exp(np.cumsum(0.03 + 0.05 * shocks, axis=1))
    elif kind == "around a line":
        values = 100 + 0.5 * np.arange(points + horizon) + shocks
    else:
        level, slope, values = np.zeros(n), rng.standard_normal(n), np.empty_like(shocks)
        for at in range(points + horizon):
            level, slope = level + 0.9 * slope, 0.9 * slope
            values[:, at] = 200 + level + shocks[:, at]
            level, slope = level + 0.6 * shocks[:, at], slope + 0.1 * shocks[:, at]
    held = []
    for one in values:
        low80, high80, low95, high95 = ranges(one[:points], horizon)
        came = one[points:]
        held.append([np.mean((low80 <= came) & (came <= high80)), np.mean((low95 <= came) & (came <= high95))])
    share80, share95 = np.mean(held, axis=0)
    assert 0.72 <= share80 <= 0.95
    assert 0.91 <= share95 <= 0.995


def test_a_trend_is_followed_and_a_level_is_kept() -> None:
    rng = np.random.default_rng(3)
    rising = simulate_single(fitted(100 + 3 * np.arange(30) + rng.normal(0, 1, 30)), 6, 2000, 0)
    level = simulate_single(fitted(100 + rng.normal(0, 1, 30)), 6, 2000, 0)
    assert np.median(rising[:, -1]) == pytest.approx(100 + 3 * 35, abs=3)
    assert np.median(level[:, -1]) == pytest.approx(100, abs=1.5)


def test_the_grid_finds_what_an_optimiser_finds() -> None:
    """One step ahead, mean over series: the averaged grid against the maximum likelihood of statsmodels."""
    gaps = []
    for seed in range(8):
        values = walk(seed, 60)
        ours = refit(values, np.array([59]), horizon=1, floor=1e-6).centres["damped"][0, 0]
        theirs = ETSModel(values, trend="add", damped_trend=True).fit(disp=False).forecast(1)[0]
        gaps.append(abs(ours - theirs))
    assert np.mean(gaps) < 0.5  # a quarter of a year's shock


def test_an_origin_knows_nothing_of_what_came_after() -> None:
    values, other = walk(1), walk(1)
    other[20:] += 50
    for name in ("damped", "theta", "drift"):
        one, two = (refit(x, np.array([9, 19]), horizon=4, floor=1e-6).centres[name] for x in (values, other))
        scale = np.abs(one).max()
        assert np.allclose(one, two, atol=1e-6 * scale)


@given(
    st.lists(st.floats(0, 100), min_size=4, max_size=25),
    st.sampled_from([SHARE, Scale.of("level", 0), Scale.of("rank", 1, 120)]),
    st.integers(1, MAX_YEARS),
)
@settings(max_examples=60, deadline=None)
def test_no_path_passes_a_bound_or_is_infinite(values: list[float], scale: Scale, horizon: int) -> None:
    paths = simulate_single(fitted([max(v, 1.0) for v in values] if scale.whole else values, scale), horizon, 200, 1)
    assert paths.shape == (200, horizon)
    assert np.isfinite(paths).all()
    assert scale.contains(paths).all()
    if scale.whole:
        assert np.array_equal(paths, np.rint(paths))


@given(st.integers(4, 40), st.sampled_from([1e-6, 1e-3, 1e3, 1e9]), st.integers(0, 50))
@settings(max_examples=30, deadline=None)
def test_the_unit_does_not_matter(points: int, unit: float, seed: int) -> None:
    values = np.maximum(walk(seed, points), 1)
    one = simulate_single(fitted(values, Scale.of("level", resolution=0.01)), 6, 50, seed)
    other = simulate_single(fitted(values * unit, Scale.of("level", resolution=0.01 * unit)), 6, 50, seed)
    assert np.allclose(one * unit, other, rtol=1e-6)


@given(st.integers(10, 30), st.integers(0, 50), st.floats(-1e6, 1e6))
@settings(max_examples=20, deadline=None)
def test_without_bounds_the_origin_does_not_matter(points: int, seed: int, shift: float) -> None:
    scale = Scale.of("growth")
    one, other = (simulate_single(fitted(walk(seed, points) + by, scale), 4, 50, 0) - by for by in (0.0, shift))
    assert np.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("points", [5, 30])
def test_a_short_horizon_is_the_beginning_of_a_long_one(points: int) -> None:
    fit = fitted(walk(2, points))
    long = simulate_single(fit, 6, 300, 7)
    assert np.array_equal(simulate_single(fit, 3, 300, 7), long[:, :3])
    assert np.array_equal(simulate_single(fitted(walk(2, points)), 6, 300, 7), long)
    assert not np.array_equal(simulate_single(fit, 6, 300, 8), long)


def test_years_of_a_path_hang_together() -> None:
    """A random walk's path goes on from where it is; values around a level forget most of it."""
    rng = np.random.default_rng(4)
    walking = simulate_single(fitted(walk(4, 60)), 6, 4000, 0)
    level = simulate_single(fitted(100 + rng.normal(0, 1, 60)), 6, 4000, 0)
    assert np.corrcoef(walking[:, 2], walking[:, 5])[0, 1] > 0.6
    assert np.corrcoef(level[:, 2], level[:, 5])[0, 1] < 0.4


@pytest.mark.parametrize("value", [0.0, 50.0, 100.0])
def test_a_constant_series_stays_where_it_is_but_not_for_certain(value: float) -> None:
    paths = simulate_single(fitted([value] * 15, SHARE), 6, 2000, 0)
    assert np.median(paths[:, -1]) == pytest.approx(value, abs=0.1)
    assert 0 < np.ptp(paths[:, -1]) < 5


def test_three_values_are_not_enough_and_say_so() -> None:
    found = fit_single([2020, 2021, 2022], [1.0, 2.0, 3.0], LEVEL, region="x")
    assert isinstance(found, NotEnoughData)
    assert dict(found.missing[0].facts) == {"region": "x", "found": 3, "needed": 4}


@pytest.mark.parametrize("points", [4, 5, 9])
def test_a_short_series_stays_with_the_damped_drift(points: int) -> None:
    values = walk(6, points)
    fit = fitted(values)
    assert fit.weights == (("scale", "drift", 1.0),)
    series = Series(region="", years=fit.years, values=fit.values)
    drift = simulate(fit_series(series, LEVEL), last_year=fit.years[-1] + 5, draws=40000, seed=0)  # type: ignore[arg-type]
    ours = simulate_single(fit, 5, 40000, 0)
    for at in (0, 4):
        one, other = (np.log(np.quantile(x[:, at], [0.1, 0.5, 0.9])) for x in (drift, ours))
        assert np.allclose(one, other, atol=0.03 * (one[2] - one[0]) + 1e-3)


def test_one_outlier_in_the_past_does_not_move_the_centre_far() -> None:
    values = walk(8, 40)
    centre = np.median(simulate_single(fitted(values), 6, 2000, 0)[:, -1])
    values[20] += 40
    assert np.median(simulate_single(fitted(values), 6, 2000, 0)[:, -1]) == pytest.approx(centre, abs=8)


def test_a_gap_is_a_step_without_an_observation() -> None:
    """Nothing is interpolated: on a straight line a gap changes nothing, and the horizon counts from the last value."""
    years = [1990 + at for at in range(30) if at not in (10, 11, 12, 20)]
    line = [50.0 + 2 * (year - 1990) for year in years]
    gaps, closed = (
        simulate_single(fitted(line, Scale.of("growth"), stated), 3, 1000, 0)
        for stated in (years, list(range(1990, 2016)))
    )
    assert np.median(gaps, axis=0) == pytest.approx([110, 112, 114], abs=0.5)
    assert np.std(gaps) < 0.7 * np.std(closed)  # without its years the line has jumps


def test_past_revisions_make_the_next_year_wider() -> None:
    values = walk(9).tolist()
    years = list(range(1990, 2020))
    noise = RevisionNoise(size=10.0, n=5, scope="region")
    fits = [fit_single(years, values, LEVEL), fit_single(years, values, LEVEL, noise=noise)]
    plain, revised = (np.ptp(np.quantile(simulate_single(fit, 1, 4000, 0), [0.1, 0.9])) for fit in fits)  # type: ignore[arg-type]
    assert revised > 1.5 * plain


def test_the_past_decides_between_the_candidates() -> None:
    rng = np.random.default_rng(10)
    smooth = np.cumsum(np.cumsum(rng.normal(0, 0.3, 50)) + 2) + 50
    weight = dict.fromkeys(("damped", "theta", "drift"), 0.0)
    for _, name, part in fitted(smooth).weights:
        weight[name] += part
    assert weight["damped"] > 0.8
    assert sum(weight.values()) == pytest.approx(1)


def test_bad_input_is_named() -> None:
    with pytest.raises(ModelError, match="2 years and 3 values are not a series"):
        fit_single([2020, 2021], [1.0, 2.0, 3.0], LEVEL)
    with pytest.raises(ModelError, match="Give each year once, oldest first"):
        fit_single([2021, 2020], [1.0, 2.0], LEVEL)
    with pytest.raises(ModelError, match="lies outside the bounds 0 to 100"):
        fit_single(list(range(12)), [101.0] * 12, SHARE)
    with pytest.raises(ParameterError, match="horizon is 61"):
        simulate_single(fitted(walk(1)), 61, 10, 0)
    with pytest.raises(ParameterError, match="7 values are too few to be replayed"):
        SingleOptions(backtest_from=7)
    with pytest.raises(ParameterError, match="backtest_years is 0"):
        SingleOptions(backtest_years=0)
