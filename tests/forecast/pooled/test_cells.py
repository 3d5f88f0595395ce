"""Cases: what is known of a region at a time, and a path carried on by its own features, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dxanalysis.forecast.pooled.cells import (
    FEATURES,
    MOST_PACE,
    PART_FEATURES,
    SPREAD_FEATURES,
    Matrix,
    carry_on,
    feature_names,
    features,
    gains_by_age,
    spread_features,
    trend,
)
from dxanalysis.forecast.pooled.grouped import GROUP_FEATURES

NAN = np.nan


def matrix(rows: list[list[float]], per_year: int = 1, *, centred: bool = False) -> Matrix:
    return Matrix.of(np.array(rows, dtype=float), per_year=per_year, centred=centred)


def case(values: list[float], per_year: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Lags and age of one region at its last value."""
    one = matrix([values], per_year)
    return one.lags(np.array([0]), one.last)


def named(values: np.ndarray, names: tuple[str, ...] = FEATURES) -> dict[str, float]:
    return dict(zip(names, (float(value) for value in values[0]), strict=True))


def test_first_last_and_gaps() -> None:
    one = matrix([[NAN, 1, NAN, 3, NAN], [5, 5, 6, 7, 8]])
    assert one.first.tolist() == [1, 0]
    assert one.last.tolist() == [3, 4]
    # a gap is read as a straight line, but never becomes an outcome: ``values`` keeps it
    np.testing.assert_array_equal(one.filled[0], [NAN, 1, 2, 3, NAN])
    assert np.isnan(one.values[0, 2])
    assert one.centre == 0
    assert matrix([[NAN, 1, NAN, 3, NAN], [5, 5, 6, 7, 8]], centred=True).centre == 5.5  # between 3 and 8


def test_lags_are_newest_first_and_the_age_counts_from_the_first_value() -> None:
    one = matrix([[NAN, 1, 2, 4, 7, 11, 16]])
    lags, age = one.lags(np.array([0, 0]), np.array([6, 2]))
    assert lags[0].tolist() == [16, 11, 7, 4, 2, 1]
    assert lags[1, :2].tolist() == [2, 1]
    assert age.tolist() == [5, 1]


def test_features_by_hand() -> None:
    """Values 0, .1, .3, .6, 1, 1.5: level 1.5, last change .5, over three years (1.5 - .3)/3 = .4, over five .3."""
    found = named(features(*case([0, 0.1, 0.3, 0.6, 1.0, 1.5]), 1))
    expected = {"one": 1, "level": 1.5, "pace_1": 0.5, "pace_3": 0.4, "pace_5": 0.3}
    expected |= {"level_squared": 2.25, "level_pace_3": 0.6}
    assert found == pytest.approx(expected)


def test_a_short_history_has_the_pace_of_all_its_years() -> None:
    found = named(features(*case([NAN, NAN, NAN, 0.2, 0.5]), 1))
    assert found["pace_1"] == found["pace_3"] == found["pace_5"] == pytest.approx(0.3)


def test_a_pace_in_quarters_is_a_pace_a_year() -> None:
    """0.05 a quarter is 0.2 a year, over whatever window."""
    paces = ("pace_1", "pace_3", "pace_5", "pace_quarter")
    names = feature_names(4)
    found = named(features(*case(list(0.05 * np.arange(24)), 4), 4), names)
    assert [found[name] for name in paces] == pytest.approx([0.2, 0.2, 0.2, 0.2])
    bent = named(features(*case(list(0.001 * np.arange(24.0) ** 2), 4), 4), names)
    expected = [(23**2 - (23 - 4 * years) ** 2) / 1000 / years for years in (1, 3, 5, 0.25)]
    assert [bent[name] for name in paces] == pytest.approx(expected)
    three_quarters = named(features(*case([0.0, 0.05, 0.1, 0.15], 4), 4), names)
    assert three_quarters["pace_1"] == pytest.approx(0.2)


@pytest.mark.parametrize(("per_year", "periods"), [(2, 1), (4, 1), (12, 3)])
def test_of_parts_of_years_the_last_quarter_has_a_pace_of_its_own(per_year: int, periods: int) -> None:
    """The last period of a quarter moved by 0.1 beyond what was: of half-years the last one counts, of months the last three."""
    values = np.zeros(2 * per_year)
    values[-1] = 0.1
    found = named(features(*case(values.tolist(), per_year), per_year), feature_names(per_year))
    assert found["pace_quarter"] == pytest.approx(0.1 * per_year / periods)
    values[-periods - 1 :] = 0.1  # it had moved before
    assert named(features(*case(values.tolist(), per_year), per_year), feature_names(per_year))["pace_quarter"] == 0


def test_features_by_name() -> None:
    assert feature_names(1) == FEATURES
    assert feature_names(12) == (*FEATURES, *PART_FEATURES)
    assert feature_names(4, grouped=True) == (*FEATURES, *PART_FEATURES, *GROUP_FEATURES)


def test_an_odd_figure_does_not_make_a_pace_without_end() -> None:
    assert named(features(*case([0, 0, 9]), 1))["pace_1"] == MOST_PACE
    assert named(features(*case([9, 9, 0]), 1))["pace_1"] == -MOST_PACE


def test_spread_features_by_hand() -> None:
    """Last changes .5 and .4: an acceleration of .1; the pace over three years is .4."""
    found = named(spread_features(*case([0, 0.1, 0.3, 0.6, 1.0, 1.5]), 1), SPREAD_FEATURES)
    expected = {"one": 1, "level": 1.5, "level_squared": 2.25}
    expected |= {"log_pace_3": np.log(0.4 + 0.01), "log_acceleration": np.log(0.1 + 0.003)}
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("values", [[1.0], [0.0, 1.0], [NAN, NAN, 0.5, 1.0]])
def test_an_acceleration_needs_three_values(values: list[float]) -> None:
    found = named(spread_features(*case(values), 1), SPREAD_FEATURES)
    assert found["log_acceleration"] == pytest.approx(np.log(0.003))


def test_months_within_a_first_year_have_no_acceleration() -> None:
    found = named(spread_features(*case([0.0, 0.1, 0.3, 0.1], 12), 12), SPREAD_FEATURES)
    assert np.isfinite(list(found.values())).all()
    assert found["log_acceleration"] == pytest.approx(np.log(0.003))


def test_carry_on_an_autoregression_by_hand() -> None:
    """A change of half the last one, after a change of .8: .4, .2, .1, together .4, .6, .7."""
    half = np.zeros(len(FEATURES))
    half[FEATURES.index("pace_1")] = 0.5
    assert carry_on(*case([0, 0.8]), half, per_year=1, steps=3)[0].tolist() == pytest.approx([0.4, 0.6, 0.7])


def test_carry_on_towards_a_level_by_hand() -> None:
    """Half of the way to 2 each year, from 0: 1, 1.5, 1.75."""
    back = np.zeros(len(FEATURES))
    back[FEATURES.index("one")], back[FEATURES.index("level")] = 1.0, -0.5
    assert carry_on(*case([0, 0]), back, per_year=1, steps=3)[0].tolist() == pytest.approx([1, 1.5, 1.75])


def test_carry_on_the_pace_over_three_years_by_hand() -> None:
    """Three values 0, 1, 1: the paces over three years, of what there is, are 1/2, then (1.5 - 0)/3, then (2 - 1)/3."""
    pace = np.zeros(len(FEATURES))
    pace[FEATURES.index("pace_3")] = 1.0
    found = carry_on(*case([0, 1, 1]), pace, per_year=1, steps=3)[0]
    assert found.tolist() == pytest.approx([0.5, 1.0, 1.0 + 1 / 3])


def test_carry_on_in_quarters_takes_a_quarter_of_a_year_a_step() -> None:
    steady = np.zeros(len(feature_names(4)))
    steady[0] = 0.4
    found = carry_on(*case([0.0, 0, 0, 0, 0], 4), steady, per_year=4, steps=4)[0]
    assert found.tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_carry_on_the_pace_of_the_last_quarter_by_hand() -> None:
    """Half of 0.2 stays, then half of that. By months a twentieth of the mean of the last three stays: of 0.09/3, then of (0.06 + 0.0015)/3."""
    half = np.array([feature == "pace_quarter" for feature in feature_names(4)]) * 0.5
    assert carry_on(*case([0, 0.2], 4), half, per_year=4, steps=3)[0].tolist() == pytest.approx([0.1, 0.15, 0.175])
    found = carry_on(*case([0, 0, 0.03, 0.06, 0.09], 12), half / 10, per_year=12, steps=2)[0]
    assert found.tolist() == pytest.approx([0.0015, 0.0015 + 0.05 * (0.06 + 0.0015) / 3])


def test_carry_on_leaves_its_input_alone_and_takes_coefficients_of_each_case() -> None:
    one = matrix([[0.0, 0.8], [0.0, 0.8]])
    lags, age = one.lags(np.array([0, 1]), one.last)
    before = lags.copy()
    each = np.zeros((2, len(FEATURES)))
    each[:, FEATURES.index("pace_1")] = [0.5, 1.0]
    found = carry_on(lags, age, each, per_year=1, steps=2)
    np.testing.assert_allclose(found, [[0.4, 0.6], [0.8, 1.6]])
    assert np.array_equal(lags, before)


def test_a_path_cannot_run_away_in_a_year() -> None:
    wild = np.zeros(len(FEATURES))
    wild[FEATURES.index("level_squared")] = 100.0
    assert carry_on(*case([0, 1.0]), wild, per_year=1, steps=3)[0].tolist() == [MOST_PACE, 2 * MOST_PACE, 3 * MOST_PACE]


def test_what_is_carried_on_has_the_features_of_a_past_that_went_the_same_way() -> None:
    """One step twice is two steps at once."""
    beta = np.array([0.05, -0.1, 0.3, 0.2, 0.1, 0.02, -0.05])
    history = [0.0, 0.3, 0.4, 0.8, 0.9, 1.3, 1.4]
    twice = carry_on(*case(history), beta, per_year=1, steps=2)[0]
    again = carry_on(*case([*history, history[-1] + twice[0]]), beta, per_year=1, steps=1)[0]
    assert twice[1] == pytest.approx(twice[0] + again[0])


def test_gains_fall_from_one_to_the_steady_one() -> None:
    """A gain of 1/2: own variance 1/2, so 1, then 1.5/2.5 = 0.6, then 1.1/2.1; a steady one stays."""
    assert gains_by_age(0.5, 2) == pytest.approx([1, 0.6, 11 / 21])
    assert gains_by_age(0.3, 60)[-1] == pytest.approx(0.3)
    assert gains_by_age(1.0, 3).tolist() == [1, 1, 1, 1]


def test_a_level_is_expected_to_keep_nine_tenths_of_its_pace() -> None:
    assert trend(*case([0, 0.1, 0.3, 0.6]), 1) == pytest.approx([0.6 + 0.9 * 0.2])
    assert trend(*case([0.5]), 1) == pytest.approx([0.5])  # no pace yet
    assert trend(*case(list(0.05 * np.arange(24)), 4), 4) == pytest.approx([1.15 + 0.9 * 0.05])


def test_carry_on_filters_what_it_expects_by_hand() -> None:
    """Two levels 0 and 0, a change of 1 a year, gain 1/2: the value is 1, the level moves by 11/21 of it, the next value lies 1 above."""
    steady = np.zeros(len(FEATURES))
    steady[0] = 1.0
    found = carry_on(*case([0, 0]), steady, per_year=1, steps=2, gain=0.5)[0]
    assert found.tolist() == pytest.approx([1, 11 / 21 + 1])


@pytest.mark.parametrize("per_year", [1, 4, 12])
@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_a_path_has_the_features_and_the_trend_of_a_history(per_year: int, gain: float) -> None:
    """Cases of every age at once: the first step is the regression on their features; the second starts from the filtered level."""
    rng = np.random.default_rng(4)
    width = 7 * per_year
    values = rng.normal(scale=0.3, size=(width, width)).cumsum(axis=1)
    values[np.tril_indices(width, -1)] = NAN  # each region begins a period later than the one before
    one = Matrix.of(values, per_year=per_year, centred=False)
    beta = rng.normal(scale=0.3, size=len(feature_names(per_year)))
    lags, age = one.lags(np.arange(width), one.last)
    found = carry_on(lags, age, beta, per_year=per_year, steps=2, gain=gain)
    change = np.clip(features(lags, age, per_year) @ beta, -MOST_PACE, MOST_PACE) / per_year
    grown = age >= 1  # the youngest has no pace to speak of
    np.testing.assert_allclose(found[grown, 0], change[grown], rtol=1e-12, atol=1e-14)
    kept = trend(lags, age, per_year)
    part = np.array([gains_by_age(gain, width + 1)[at + 1] for at in age])
    level = kept + part * (lags[:, 0] + change - kept)
    after = np.hstack([level[:, None], lags[:, :-1]])
    second = np.clip(features(after, age + 1, per_year) @ beta, -MOST_PACE, MOST_PACE) / per_year
    np.testing.assert_allclose(found[grown, 1], (level - lags[:, 0] + second)[grown], rtol=1e-10, atol=1e-12)
