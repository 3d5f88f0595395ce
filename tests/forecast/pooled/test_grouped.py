"""Regions that belong together: how the others move, by hand, and what the model makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.cells import FEATURES, Matrix, beside, carry_on, features
from dxanalysis.forecast.pooled.family import wide
from dxanalysis.forecast.pooled.grouped import GROUP_FEATURES, Together
from dxanalysis.forecast.pooled.model import PooledFit, fit_pooled
from dxanalysis.forecast.pooled.options import PooledOptions

NAN = np.nan
SIZE = len(FEATURES) + len(GROUP_FEATURES)


def matrix(values: object, groups: object = None) -> Matrix:
    number = None if groups is None else np.array(groups, dtype=np.int64)
    return Matrix.of(np.array(values, dtype=float), per_year=1, centred=False, groups=number)


def fitted(values: np.ndarray, groups: object = None) -> PooledFit:
    return fit_pooled(
        matrix(values, groups),
        families=(wide("bounded"),),
        inside=(-np.inf, np.inf),
        horizon=10,
        options=PooledOptions(),
    )


def nations(years: int = 25, each: int = 6, *, kept: float = 0.8, own: float = 0.1, seed: int = 0) -> np.ndarray:
    """Eight nations of regions: what moves a nation this year moves it again the next by ``kept``, its regions by chance besides."""
    rng = np.random.default_rng(seed)
    pace = np.zeros(8)
    steps = np.empty((8, each, years))
    for year in range(years):
        pace = kept * pace + rng.normal(scale=0.1, size=8)
        steps[:, :, year] = pace[:, None] + rng.normal(scale=own, size=(8, each))
    return steps.reshape(8 * each, years).cumsum(axis=1)


def test_the_others_by_hand() -> None:
    """Of 1, 3 and 8 in one group the others' means are 5.5, 4.5 and 2; one alone, and one without a group, has none."""
    together = Together.of(np.array([7, 7, -1, 7, 2]))
    found = together.others(np.array([[1.0, 3, 100, 8, 50]]))
    assert found.tolist() == [[5.5 - 1, 4.5 - 3, 0, 2 - 8, 0]]


def test_a_value_that_is_not_known_counts_for_nobody() -> None:
    together = Together.of(np.array([0, 0, 0, 1, 1]))
    found = together.others(np.array([[1.0, NAN, 5, NAN, 3], [1, 2, 3, 4, 5]]))
    assert found.tolist() == [[4, 0, -4, 0, 0], [1.5, 0, -1.5, 1, -1]]


def test_none_together() -> None:
    values = np.ones((2, 3))
    for key in ([-1, -1, -1], [0, 1, 2]):
        assert not Together.of(np.array(key)).others(values).any()
    assert Together.of(np.array([], dtype=np.int64)).others(np.empty((2, 0))).shape == (2, 0)


@given(st.lists(st.tuples(st.integers(-1, 3), st.floats(-1e6, 1e6)), min_size=1, max_size=12))
def test_the_others_are_the_mean_of_the_others(cases: list[tuple[int, float]]) -> None:
    key, value = (np.array(part) for part in zip(*cases, strict=True))
    found = Together.of(key.astype(np.int64)).others(value[None, :].astype(float))[0]
    for at, (own, mine) in enumerate(cases):
        rest = [other for place, (one, other) in enumerate(cases) if one == own and place != at]
        expected = np.mean(rest) - mine if own >= 0 and rest else 0.0
        assert found[at] == pytest.approx(expected, abs=1e-6)


def test_copies_are_each_for_themselves() -> None:
    key = np.array([0, -1, 0, 3, 3])
    one = np.arange(5.0)[None, :]
    twice = Together.of(key).repeated(2, 5).others(np.concatenate([one, 10 * one], axis=1))[0]
    alone = Together.of(key).others(one)[0]
    assert twice.tolist() == [*alone, *(10 * alone)]
    assert not Together.of(np.full(3, -1)).repeated(4, 3).others(np.ones((1, 12))).any()


def test_features_of_a_group_stand_beside_the_regions_own() -> None:
    both = matrix([[0, 0, 0, 0.3], [0, 0, 0, 0.9], [5, 5, 5, 5]], [0, 0, -1])
    rows, columns = np.arange(3), np.full(3, 3)
    x = features(*both.lags(rows, columns), 1)
    found = beside(x, both.together(rows, columns))
    assert np.array_equal(found[:, : len(FEATURES)], x)
    np.testing.assert_allclose(found[:, len(FEATURES) :], [[0.6, 0.2], [-0.6, -0.2], [0, 0]], atol=1e-12)


def test_only_the_same_period_counts() -> None:
    both = matrix([[0, 1, 2], [0, 2, 4]], [0, 0])
    assert not both.together(np.array([0, 1]), np.array([1, 2])).others(np.array([[1.0, 2.0]])).any()


def test_a_group_is_carried_on_beside_each_other_by_hand() -> None:
    """Half of the others' lead is made up a year. From paces 1 and 0: changes -0.5 and 0.5, and from those +0.5 and -0.5."""
    both = matrix([[0, 1], [0, 0]], [0, 0])
    rows, columns = np.arange(2), np.ones(2, dtype=np.int64)
    beta = np.zeros(SIZE)
    beta[len(FEATURES)] = 0.5
    found = carry_on(
        *both.lags(rows, columns), beta, per_year=1, steps=2, together=both.together(rows, columns)
    )  # fmt: skip
    assert found.tolist() == [[-0.5, 0], [0.5, 0]]


@pytest.mark.parametrize("gain", [1.0, 0.5])
def test_coefficients_of_nothing_change_nothing(gain: float) -> None:
    panel = matrix(nations()[:, :12], np.repeat(np.arange(8), 6))
    rows = np.arange(48)
    case = panel.lags(rows, panel.last)
    beta = np.random.default_rng(1).normal(scale=0.2, size=len(FEATURES))
    plain = carry_on(*case, beta, per_year=1, steps=4, gain=gain)
    wider = np.append(beta, np.zeros(len(GROUP_FEATURES)))
    both = carry_on(*case, wider, per_year=1, steps=4, gain=gain, together=panel.together(rows, panel.last))
    assert np.array_equal(plain, both)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_moves_a_nation_is_told_by_its_other_regions(seed: int) -> None:
    values, groups = nations(seed=seed, own=0.3), np.repeat(np.arange(8), 6)
    off = {}
    for name, given_ in (("alone", None), ("grouped", groups)):
        miss = []
        for year in (20, 21, 22, 23):
            fit = fitted(values[:, :year], given_)
            miss.append(values[:, year] - fit.forecast(np.arange(48), 1)[0][:, 0])
        off[name] = float(np.mean(np.square(miss)))
    weight = sum(one.weight for one in fit.coefficients if one.grouped)
    assert weight > 0.8
    assert off["grouped"] < off["alone"]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_groups_that_mean_nothing_are_hardly_looked_at(seed: int) -> None:
    """What was known without groups is forecast with them: to a tenth of a year's step a year ahead, to a third five years ahead."""
    rng = np.random.default_rng(seed)
    values = rng.normal(scale=0.1, size=(48, 25)).cumsum(axis=1)
    plain = fitted(values).forecast(np.arange(48), 5)[0]
    with_them = fitted(values, np.repeat(np.arange(8), 6)).forecast(np.arange(48), 5)[0]
    assert np.sqrt(np.mean(np.square(plain[:, 0] - with_them[:, 0]))) < 0.01
    assert np.sqrt(np.mean(np.square(plain[:, 4] - with_them[:, 4]))) < 0.03


def test_a_forecast_does_not_depend_on_which_regions_are_asked_for() -> None:
    values = nations(seed=4)
    values[3:9, 20:] = NAN  # some end earlier
    fit = fitted(values, np.repeat(np.arange(8), 6))
    assert any(one.grouped for one in fit.coefficients)
    whole = fit.forecast(np.arange(48), 4)
    for rows in ([0], [5, 0], [4, 30, 8]):
        part = fit.forecast(np.array(rows), 4)
        for every, some in zip(whole, part, strict=True):
            assert np.array_equal(every[rows], some)


def test_regions_of_a_nation_are_found_to_share_their_errors() -> None:
    """Half of the variance of a step is the nation's: its regions share much of their errors, and more than those of no nation."""
    values = nations(kept=0.0, own=0.1, seed=2)
    fit = fitted(values, np.repeat(np.arange(8), 6))
    assert 0.3 < fit.group_part(1)[0] < 0.6
    strangers = fitted(values, np.tile(np.arange(6), 8))
    assert (strangers.group_part(5) < 0.1).all()
    assert fitted(values).group_part(3).tolist() == [0, 0, 0]


def test_too_few_steps_tell_nothing_of_groups() -> None:
    """18 steps: all coefficients of the groups are none."""
    values = nations(seed=1)[:6, :5]
    few = fitted(values, [0, 0, 0, 1, 1, 1])
    grouped = [one for one in few.coefficients if one.grouped]
    assert grouped
    for one in grouped:
        np.testing.assert_allclose(one.newest[len(FEATURES) :], 0, atol=1e-6)
