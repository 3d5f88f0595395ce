"""The pooled model: what it learns from, and how location and distribution follow from what it learnt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.pooled.cells import FEATURES, Matrix, carry_on, feature_names, features, spread_features
from dxanalysis.forecast.pooled.errors import library
from dxanalysis.forecast.pooled.family import wide
from dxanalysis.forecast.pooled.model import PooledFit, fit_pooled, knots_of
from dxanalysis.forecast.pooled.options import PooledOptions
from dxanalysis.forecast.pooled.regression import MILD_RIDGE

EVERYWHERE = (-np.inf, np.inf)
NAN = np.nan


def fitted(values: np.ndarray, *, per_year: int = 1, horizon: int = 30, **options: object) -> PooledFit:
    inside, families = options.pop("inside", EVERYWHERE), options.pop("families", (wide("bounded"),))
    return fit_pooled(
        Matrix.of(np.array(values, dtype=float), per_year=per_year, centred=False),
        families=families,
        inside=inside,
        horizon=horizon,
        options=PooledOptions(**{"own_way": 0.0, **options}),  # what others teach; test_own_way.py has the rest
    )


def walk(
    regions: int = 40, years: int = 30, *, common: float = 0.0, momentum: float = 0.0, seed: int = 0
) -> np.ndarray:
    """Sums of steps of size 0.1; a part of their variance common to all; each step keeps a part of the last one."""
    rng = np.random.default_rng(seed)
    shock = np.sqrt(common) * rng.normal(size=(1, years)) + np.sqrt(1 - common) * rng.normal(size=(regions, years))
    steps = np.zeros((regions, years))
    for year in range(years):
        steps[:, year] = 0.1 * shock[:, year] + (momentum * steps[:, year - 1] if year else 0)
    return steps.cumsum(axis=1)


FIT = fitted(walk())


def test_horizons_in_periods() -> None:
    assert knots_of(1) == [1, 2, 3, 5, 7, 10, 15]
    assert knots_of(2) == [1, 2, 4, 6, 10, 14, 20, 30]
    assert knots_of(4) == [1, 2, 4, 8, 12, 20, 28, 40, 60]
    assert knots_of(12) == [1, 6, 12, 24, 36, 60, 84, 120, 180]


def test_steps_begin_with_the_third_value_and_bridge_gaps_of_up_to_three_years() -> None:
    """Of 6 values 3 steps; with the 5th missing 2, one of them over two years; a hole of four years is not bridged."""
    full = [0.0, 1, 2, 3, 4, 5]
    assert fitted([full]).n_steps == 3
    assert fitted([[0.0, 1, 2, 3, NAN, 5]]).n_steps == 2
    assert fitted([[0.0, 1, 2, NAN, NAN, 5]]).n_steps == 1
    assert fitted([[0.0, 1, 2, NAN, NAN, NAN, 5]]).n_steps == 0
    assert fitted([full, full, [NAN, NAN, NAN, 1, 2, 3]]).n_steps == 6


def test_a_step_over_a_gap_is_a_change_a_year() -> None:
    """Values on a straight line of 0.2 a year, with holes: every step says 0.2."""
    rng = np.random.default_rng(1)
    line = np.tile(0.2 * np.arange(20.0), (10, 1))
    line[:, 3:][rng.random((10, 17)) < 0.3] = NAN
    location, *_ = fitted(line, prior_cases=1e-9, lone_cases=0.0).forecast(np.arange(10), 5)
    last = np.array([row[np.isfinite(row)][-1] for row in line])
    np.testing.assert_allclose(location, last[:, None] + 0.2 * np.arange(1, 6), atol=0.05)


def test_few_cases_without_a_prior_are_drawn_to_no_change() -> None:
    """The same three steps of 0.3: leaning on nothing they are carried on, leaning on "no change" by less."""
    line = [0.3 * year for year in range(6)]
    free, drawn = (
        fitted([line], prior_cases=cases, lone_cases=0.0).forecast(np.array([0]), 3)[0][0] - line[-1]
        for cases in (1e-9, 5.0)
    )
    assert (drawn > 0).all()
    assert (drawn < 0.8 * free).all()


def test_values_next_to_a_bound_teach_nothing() -> None:
    stuck = np.vstack([np.full((5, 12), 4.6), np.linspace(0, 1, 12)[None, :]])
    assert fitted(stuck, inside=(-4.0, 4.0)).n_steps == 9  # of the last row alone
    assert fitted(stuck).n_steps == 6 * 9


def test_the_location_is_the_regression_carried_on_weighed_over_memories_and_gains() -> None:
    rows = np.array([3, 17])
    noisy = fitted(walk() + 0.1 * np.random.default_rng(7).normal(size=(40, 30)))
    for fit in (FIT, noisy):
        location, *_ = fit.forecast(rows, 6)
        assert sum(one.weight for one in fit.coefficients) == pytest.approx(1)
        expected = np.zeros((2, 6))
        for one in fit.coefficients:
            history = fit.histories[one.gain]
            lags, age = history.lags(rows, history.last[rows])
            changes = carry_on(lags, age, one.newest, per_year=1, steps=6, gain=one.gain)
            expected += one.weight * (history.filled[rows, -1:] + changes)
        now = fit.matrix.filled[rows, -1:]
        np.testing.assert_allclose(location, now + fit.damping.year * (expected - now))
    assert {one.gain for one in noisy.coefficients} - {1.0}


def test_what_years_made_look_like_a_rule_is_believed_in_part() -> None:
    """Steps that all regions share and that do not last make ten years tell of rules that are none; steps that last do not."""
    found = [fitted(walk(30, 10, common=0.9, seed=seed)).damping.year for seed in range(8)]
    lasting = [fitted(walk(30, 10, momentum=0.8, seed=seed)).damping.year for seed in range(8)]
    assert np.mean(found) < np.mean(lasting) - 0.1


def quarter_of(fit: PooledFit) -> float:
    at = feature_names(fit.matrix.per_year).index("pace_quarter")
    return sum(one.weight * one.newest[at] for one in fit.coefficients)


@pytest.mark.parametrize("per_year", [2, 4])
def test_what_the_last_quarter_did_is_carried_on_as_far_as_the_panel_shows(per_year: int) -> None:
    """Each step keeps 0.7 of the one before, or nothing of it."""
    keeps = fitted(walk(60, 12 * per_year, momentum=0.7, seed=3), per_year=per_year)
    assert quarter_of(keeps) > 0.4
    values = keeps.matrix.values
    location, *_ = keeps.forecast(np.arange(60), 1)
    expected, last = location[:, 0] - values[:, -1], values[:, -1] - values[:, -2]
    assert np.polyfit(last, expected, 1)[0] == pytest.approx(0.7, abs=0.1)
    assert quarter_of(fitted(walk(60, 12 * per_year, seed=4), per_year=per_year)) == pytest.approx(0, abs=0.05)


def gains_of(fit: PooledFit, most: float) -> float:
    """Weight of the fits with a gain of at most so much."""
    return sum(one.weight for one in fit.coefficients if one.gain <= most)


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_found_where_there_is_some(seed: int) -> None:
    """A walk of steps of 0.1 needs no filter; under noise of 0.2 the strong filters take over."""
    noise = 0.2 * np.random.default_rng(seed + 10).normal(size=(40, 20))
    plain, noisy = (fitted(walk(years=20, seed=seed) + part * noise) for part in (0, 1))
    assert gains_of(noisy, 0.5) > gains_of(plain, 0.5) + 0.2
    assert gains_of(noisy, 0.75) > 0.8


def test_a_survey_is_forecast_better_with_the_noise_taken_out() -> None:
    """A walk under noise twice as large: the filtered forecast is nearer to the walk than the plain one."""
    truth = walk(regions=60, years=21)
    seen = truth + 0.2 * np.random.default_rng(8).normal(size=truth.shape)
    off = []
    for gains in ((1.0,), PooledOptions().gains):
        location, *_ = fitted(seen[:, :20], gains=gains).forecast(np.arange(60), 1)
        off.append(float(np.mean(np.square(location[:, 0] - truth[:, 20]))))
    assert off[1] < off[0]


def test_one_region_alone_is_believed_to_have_no_noise_until_its_past_says_so() -> None:
    rng = np.random.default_rng(9)
    noise = 0.1 * rng.normal(size=(12, 40))
    chance, moved = (np.mean([gains_of(fitted([row]), 0.75) for row in rows]) for rows in (noise, noise.cumsum(axis=1)))
    assert chance > moved + 0.2
    short = fitted([[0.0, 0.1, 0.2, 0.3]])
    assert gains_of(short, 0.75) < 0.4  # believed before anything is seen: 0.29


def test_years_that_differ_by_chance_alone_are_forecast_from_all_of_them() -> None:
    """And a pace that shifts for good, from 0.1 to 0.5 a year five years ago, from the last ones."""
    rng = np.random.default_rng(5)
    pace = np.where(np.arange(30) < 25, 0.1, 0.5)
    chance, shifted = (
        fitted((mean + 0.1 * rng.normal(size=(40, 30))).cumsum(axis=1)).coefficients for mean in (0.1, pace)
    )
    assert shifted[0].weight > chance[0].weight + 0.1
    assert sum(one.weight for one in fitted([[0.0, 1, 2, 3]]).coefficients) == pytest.approx(1)


def test_errors_rise_with_the_score_and_are_those_of_a_random_walk() -> None:
    _, errors, analogues, weight = FIT.forecast(np.arange(40), 9)
    assert (np.diff(errors, axis=2) >= 0).all()
    width = np.median(errors[:, :, 20] - errors[:, :, 10], axis=0) / 2  # from score -1 to 1
    assert width[0] == pytest.approx(0.1, rel=0.15)
    assert width[8] / width[0] == pytest.approx(3, rel=0.35)
    assert (analogues > 50).all()
    assert (weight < 0.6).all()


def test_between_horizons_errors_are_straight_in_the_logarithm_of_time() -> None:
    _, errors, *_ = FIT.forecast(np.array([0]), 10)
    part = np.log(4 / 3) / np.log(5 / 3)
    np.testing.assert_allclose(errors[0, 3], (1 - part) * errors[0, 2] + part * errors[0, 4])


def test_beyond_the_longest_horizon_errors_grow_with_the_root_of_time() -> None:
    _, errors, *_ = FIT.forecast(np.array([0]), 30)
    np.testing.assert_allclose(errors[0, 29], np.sqrt(2) * errors[0, 14])


def test_a_shorter_forecast_is_the_beginning_of_a_longer_one() -> None:
    long = FIT.forecast(np.arange(5), 30)
    for horizon in (1, 4, 11, 15, 16, 22):
        short = FIT.forecast(np.arange(5), horizon)
        for part in (0, 1):
            np.testing.assert_array_equal(short[part], long[part][:, :horizon])


def test_errors_are_judged_with_coefficients_that_did_not_see_their_years() -> None:
    """Of pure noise, in-sample errors would be too small: the range must cover what comes."""
    inside = []
    for seed in range(20):
        values = walk(regions=15, years=13, seed=seed)
        location, errors, *_ = fitted(values[:, :12]).forecast(np.arange(15), 1)
        off = values[:, 12] - location[:, 0]
        inside.append((errors[:, 0, 10] <= off) & (off <= errors[:, 0, 20]))
    assert 0.6 < np.mean(inside) < 0.82  # 68 % between the scores -1 and 1


def test_past_errors_are_those_of_forecasts_with_the_held_out_coefficients() -> None:
    """The one-year library, built again here from its definition."""
    values = walk(regions=12, years=16)
    fit = fitted(values, gains=(1.0,))
    rows, columns = (part.ravel().astype(np.int64) for part in np.indices((12, 16)))
    use = (columns >= 2) & (columns < 15)  # three values so far, and one to come
    rows, columns = rows[use], columns[use]
    lags, age = fit.matrix.lags(rows, columns)
    expected = sum(
        one.weight * carry_on(lags, age, one.held_out[columns], per_year=1, steps=1)[:, 0] for one in fit.coefficients
    )
    x = features(lags, age, 1)
    built = library(
        values[rows, columns + 1] - values[rows, columns] - fit.damping.year * expected,
        region=rows,
        regions=12,
        spread=spread_features(lags, age, 1),
        level=x[:, FEATURES.index("level")],
        pace=x[:, FEATURES.index("pace_3")],
        start=columns,
        horizon=1,
        columns=16,
        per_year=1,
        share=PooledOptions().common_share,
        joint=PooledOptions().common_share,
        options=PooledOptions(),
    )
    np.testing.assert_allclose(fit.libraries[1].u, built.u, rtol=1e-6, atol=1e-9)
    assert fit.libraries[1].common == pytest.approx(built.common)
    assert fit.libraries[1].mean_size == pytest.approx(built.mean_size)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_is_common_is_found(seed: int) -> None:
    found = [fitted(walk(common=common, seed=seed)).common for common in (0.0, 0.3, 0.7)]
    assert found[0] < 0.15 < found[1] < found[2]
    assert found[2] > 0.4


def test_errors_hang_together_over_horizons_as_the_world_does() -> None:
    """A random walk's exponent is 1/2; with momentum early errors grow into the later ones and it is less."""
    plain, swing = (np.mean([fitted(walk(momentum=m, seed=seed)).persistence for seed in range(4)]) for m in (0.0, 0.8))
    assert plain == pytest.approx(0.5, abs=0.1)
    assert swing < plain - 0.05


def test_the_order_of_regions_with_equal_errors_is_nothing() -> None:
    """Figures that stand still leave many equal errors; sorts of other processors leave them in other orders."""
    values = np.round(walk(regions=60, momentum=0.5), 1)
    values[20:40] = values[20:40, :1]
    other = np.random.default_rng(3).permutation(60)
    assert fitted(values).persistence == pytest.approx(fitted(values[other]).persistence, abs=1e-9)


def test_values_every_other_year_have_their_own_exponent() -> None:
    """No errors one year ahead: the exponent is read between the horizons that there are, here of a world with momentum."""
    values = walk(regions=80, years=41, momentum=0.9)
    values[:, 1::2] = NAN
    found = fitted(values)
    assert 1 not in found.libraries
    assert {2, 10} <= set(found.libraries)
    assert found.persistence < 0.4  # assumed without any: 0.5


def test_too_few_errors_leave_the_prior_in_force() -> None:
    short = fitted(walk(regions=1, years=6))
    assert short.libraries == {}
    assert (short.common, short.persistence) == (0.2, 0.5)
    _, _, analogues, weight = short.forecast(np.array([0]), 3)
    assert weight.tolist() == [1.0]
    assert analogues.tolist() == [0.0]
    assert short.prior_share > FIT.prior_share


def test_a_panel_without_noise_leans_less_on_a_prior_than_a_noisy_one() -> None:
    known = replace(wide("bounded"), n_cases=1000, mean_square=np.ones(len(FEATURES)))
    steady = np.linspace(0.02, 0.1, 30)[:, None] * np.arange(12)
    noisy = steady + np.random.default_rng(0).normal(scale=0.5, size=steady.shape)
    calm, loud = (fitted(values, families=(known,)) for values in (steady, noisy))
    assert calm.prior_share < 0.25 * fitted(steady).prior_share
    assert loud.prior_share > 2 * fitted(noisy).prior_share


def test_slopes_are_drawn_to_none_as_the_steps_ask_for_unless_a_ridge_is_given() -> None:
    """Four regions that walk at random say little of level and pace; a ridge of next to nothing believes it all."""
    values = walk(regions=4, years=14)
    none, asked, mild, believed = (
        np.abs(fitted(values, gains=(1.0,), ridge=ridge).coefficients[0].newest[1:]).sum()
        for ridge in (1e9, None, MILD_RIDGE, 1e-9)
    )
    assert none < 1e-6 < asked < mild < believed


def test_of_very_many_regions_a_fixed_sample_is_learnt_from() -> None:
    values = walk(regions=60)
    first, again = (fitted(values, most_regions=20) for _ in range(2))
    assert first.n_steps == 20 * 27
    assert np.array_equal(first.coefficients[0].newest, again.coefficients[0].newest)
    location, *_ = first.forecast(np.arange(60), 2)  # the others are forecast all the same
    assert np.isfinite(location).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"memories": ()}, r"an option of the pooled engine is not positive\. Leave out what you do not mean to set"),
        ({"memories": (2.0, 0.0)}, "an option of the pooled engine is not positive"),
        ({"gains": ()}, "an option of the pooled engine is not positive"),
        ({"gains": (1.0, 0.0)}, "an option of the pooled engine is not positive"),
        ({"gains": (1.2, 0.5)}, r"the gains are \[1\.2, 0\.5\]\. Give each once, above 0 and up to 1"),
        ({"gains": (0.5, 0.5)}, r"the gains are \[0\.5, 0\.5\]"),
        ({"noise_odds": 0.0}, "an option of the pooled engine is not positive"),
        ({"prior_cases": -1.0}, "an option of the pooled engine is not positive"),
        ({"level_width": float("nan")}, "an option of the pooled engine is not positive"),
        ({"common_share": 0.0}, "an option of the pooled engine is not positive"),
        ({"ridge": -0.1}, "an option of the pooled engine is negative"),
        ({"most_regions": 0}, r"most_regions is 0\. Give 1 or more"),
        ({"most_errors": 0}, r"most_errors is 0\. Give 1 or more"),
    ],
)
def test_options_that_make_no_engine(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        PooledOptions(**options)
