"""Weighted least squares with ridge, anchor and held-out years, against the same worked out here from its formula."""

from __future__ import annotations

import numpy as np
import pytest

from dxanalysis.forecast.pooled.cells import FEATURES
from dxanalysis.forecast.pooled.options import PooledOptions
from dxanalysis.forecast.pooled.regression import (
    HELD_OUT_YEARS,
    MILD_RIDGE,
    Anchor,
    Coefficients,
    Steps,
    regress,
    usable,
    weighed,
)

PLAIN = PooledOptions(memories=(30.0,), robust=1e9)  # Cauchy weights of 1
COLUMNS = 30
NO_ANCHOR = Anchor(beta=np.zeros(len(FEATURES)), mean_square=np.zeros(len(FEATURES)))


def steps(n: int = 300, seed: int = 0, *, noise: float = 0.1, columns: int = COLUMNS) -> Steps:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(FEATURES)))
    x[:, 0] = 1
    y = x @ np.array([0.1, -0.05, 0.3, 0.2, 0.1, 0.0, -0.1]) + noise * rng.normal(size=n)
    start = np.sort(rng.integers(0, columns - 1, n))
    return Steps(x=x, y=y, start=start, end=start + 1)


def even(ridge: float) -> np.ndarray:
    return np.full(len(FEATURES), ridge)


def fitted(
    given: Steps,
    options: PooledOptions = PLAIN,
    anchor: Anchor = NO_ANCHOR,
    cases: float = 5.0,
    ridge: float = MILD_RIDGE,
) -> Coefficients:
    return regress(given, columns=COLUMNS, per_year=1, anchor=anchor, cases=cases, ridge=even(ridge), options=options)[
        0
    ]


def by_formula(
    given: Steps, keep: np.ndarray, anchor: Anchor, cases: float, *, memory: float, ridge: float
) -> np.ndarray:
    """(X'WX + ridge sum(w) V + P)^-1 (X'Wy + P beta): V the variances of all steps, sum(w) of all steps."""
    weight = np.exp(-(COLUMNS - 2 - given.start) / memory)
    spread = np.diag(given.x.var(axis=0))
    pull = np.diag(cases * np.minimum(np.mean(given.x**2, axis=0), anchor.mean_square))
    x, y, w = given.x[keep], given.y[keep], weight[keep]
    left = x.T @ np.diag(w) @ x + ridge * weight.sum() * spread + pull + 1e-9 * np.eye(x.shape[1])
    return np.linalg.solve(left, x.T @ (w * y) + pull @ anchor.beta)


@pytest.mark.parametrize("memory", [3.0, 30.0])
@pytest.mark.parametrize("ridge", [0.0, 0.03, 2.0])
@pytest.mark.parametrize("cases", [0.5, 50.0])
def test_coefficients_are_those_of_the_formula(memory: float, ridge: float, cases: float) -> None:
    given = steps(60)
    anchor = Anchor(beta=np.linspace(-1, 1, len(FEATURES)), mean_square=np.linspace(0.2, 2, len(FEATURES)))
    options = PooledOptions(memories=(memory,), robust=1e9)
    expected = by_formula(given, np.ones(60, dtype=bool), anchor, cases, memory=memory, ridge=ridge)
    np.testing.assert_allclose(fitted(given, options, anchor, cases, ridge).newest, expected, rtol=1e-7, atol=1e-10)


def test_without_ridge_and_noise_the_truth_is_found() -> None:
    found = fitted(steps(noise=0.0), ridge=0.0).newest
    np.testing.assert_allclose(found, [0.1, -0.05, 0.3, 0.2, 0.1, 0.0, -0.1], atol=1e-6)


def test_two_steps_by_hand() -> None:
    """Constant only (all else 0), changes 0.1 three years ago and 0.4 last year, memory 2: weights 1/e and 1."""
    x = np.zeros((2, len(FEATURES)))
    x[:, 0] = 1
    given = Steps(x=x, y=np.array([0.1, 0.4]), start=np.array([2, 4]), end=np.array([3, 5]))
    (found,) = regress(
        given,
        columns=6,
        per_year=1,
        anchor=NO_ANCHOR,
        cases=0.0,
        ridge=even(MILD_RIDGE),
        options=PooledOptions(memories=(2.0,), robust=1e9),
    )
    assert found.newest[0] == pytest.approx((0.1 / np.e + 0.4) / (1 / np.e + 1), rel=1e-6)
    assert np.abs(found.newest[1:]).max() == 0


def test_without_steps_the_anchor_speaks_alone() -> None:
    none = Steps(x=np.empty((0, 7)), y=np.empty(0), start=np.empty(0, np.int64), end=np.empty(0, np.int64))
    anchor = Anchor(beta=np.linspace(-1, 1, 7), mean_square=np.ones(7))
    found = fitted(none, anchor=anchor)
    np.testing.assert_allclose(found.newest, anchor.beta, atol=1e-6)
    np.testing.assert_allclose(found.held_out, np.tile(anchor.beta, (COLUMNS, 1)), atol=1e-6)
    assert np.array_equal(fitted(none).newest, np.zeros(7))


def test_more_cases_worth_of_prior_draw_nearer_to_it() -> None:
    given = steps(30)
    anchor = Anchor(beta=np.full(7, 2.0), mean_square=np.ones(7))
    far = [np.abs(fitted(given, PLAIN, anchor, cases).newest - 2).max() for cases in (0.01, 5, 500, 5e6)]
    assert far == sorted(far, reverse=True)
    assert far[-1] < 1e-3


def test_one_set_of_coefficients_a_memory() -> None:
    both = PooledOptions(memories=(2.0, 30.0), robust=1e9)
    found = regress(
        steps(), columns=COLUMNS, per_year=1, anchor=NO_ANCHOR, cases=5.0, ridge=even(MILD_RIDGE), options=both
    )
    assert len(found) == 2
    for one, memory in zip(found, both.memories, strict=True):
        alone = fitted(steps(), PooledOptions(memories=(memory,), robust=1e9))
        assert np.array_equal(one.newest, alone.newest)


@pytest.mark.parametrize("year", [0, 7, 15, 22])
def test_held_out_coefficients_are_those_of_the_other_years(year: int) -> None:
    given = steps()
    keep = np.abs(given.start - year) >= HELD_OUT_YEARS[-1]
    expected = by_formula(given, keep, NO_ANCHOR, 5.0, memory=30.0, ridge=MILD_RIDGE)
    np.testing.assert_allclose(fitted(given).held_out[year], expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("year", [3, 10, 18])
def test_what_came_in_a_year_does_not_change_what_it_is_judged_with(year: int) -> None:
    given = steps()
    before = fitted(given)
    near = np.abs(given.start - year) < HELD_OUT_YEARS[-1]
    changed = Steps(x=given.x, y=np.where(near, given.y + 5.0, given.y), start=given.start, end=given.end)
    after = fitted(changed)
    np.testing.assert_allclose(after.held_out[year], before.held_out[year], atol=1e-9)
    assert np.abs(after.newest - before.newest).max() > 0.1
    elsewhere = 25 if year < 15 else 5
    assert np.abs(after.held_out[elsewhere] - before.held_out[elsewhere]).max() > 0.1


def test_what_came_in_a_year_moves_the_weights_of_others_a_little_at_most() -> None:
    """Cauchy weights know how large errors were up to a step's end, held-out years among them: weights only, not outcomes."""
    given = steps()
    options = PooledOptions(memories=(30.0,))
    near = np.abs(given.start - 10) < HELD_OUT_YEARS[-1]
    changed = Steps(x=given.x, y=np.where(near, given.y + 0.3, given.y), start=given.start, end=given.end)
    before, after = fitted(given, options), fitted(changed, options)
    moved_newest = np.abs(after.newest - before.newest).max()
    assert np.abs(after.held_out[10] - before.held_out[10]).max() < 0.15 * moved_newest


def test_where_the_held_out_years_were_all_the_evidence_the_newest_fit_is_taken() -> None:
    """Half of it where less than 15 % of the weight is left, here 7.5 % of equal weights; once a span of years."""
    x, rng = np.zeros((40, len(FEATURES))), np.random.default_rng(3)
    x[:, 0] = 1
    y = rng.normal(size=40)
    only = fitted(Steps(x=x, y=y, start=np.full(40, 27), end=np.full(40, 28)))
    np.testing.assert_allclose(only.held_out[27], only.newest)
    start = np.where(np.arange(40) < 3, 5, 27)
    endless = PooledOptions(memories=(1e9,), robust=1e9)
    found = fitted(Steps(x=x, y=y, start=start, end=start + 1), endless)
    assert found.newest[0] == pytest.approx(y.mean())
    assert found.held_out[27, 0] == pytest.approx((3 * y[:3].mean() + y.mean()) / 4)
    assert found.held_out[5, 0] == pytest.approx(y[3:].mean())


@pytest.mark.parametrize("year", [20, 22, 24])
def test_in_a_short_panel_at_least_the_year_itself_is_left_out(year: int) -> None:
    """Of five years none is left without five years, so a common shock of the year itself must not be learnt from."""
    drawn = steps(100)
    start = 20 + np.arange(100) % 5
    given = Steps(x=drawn.x, y=drawn.y, start=start, end=start + 1)
    endless = PooledOptions(memories=(1e9,), robust=1e9)
    expected = by_formula(given, start != year, NO_ANCHOR, 5.0, memory=1e9, ridge=MILD_RIDGE)
    np.testing.assert_allclose(fitted(given, endless).held_out[year], expected, rtol=1e-6, atol=1e-9)


def test_a_wild_step_hardly_counts() -> None:
    given = steps(noise=0.05)
    wild = given.y.copy()
    wild[-1] += 50
    robust, plain = PooledOptions(memories=(30.0,)), PLAIN
    moved = [
        np.abs(
            fitted(Steps(x=given.x, y=wild, start=given.start, end=given.end), options).newest
            - fitted(given, options).newest
        ).max()
        for options in (robust, plain)
    ]
    assert moved[0] < 0.05
    assert moved[1] > 10 * moved[0]


def test_the_order_of_steps_does_not_matter() -> None:
    given = steps()
    mixed = np.random.default_rng(4).permutation(len(given))
    other = Steps(x=given.x[mixed], y=given.y[mixed], start=given.start[mixed], end=given.end[mixed])
    options = PooledOptions(memories=(30.0,))
    np.testing.assert_allclose(fitted(other, options).newest, fitted(given, options).newest, atol=1e-10)
    np.testing.assert_allclose(fitted(other, options).held_out, fitted(given, options).held_out, atol=1e-10)


def test_cases_next_to_a_bound_or_with_too_short_a_past_are_not_learnt_from() -> None:
    values = np.array([-5.0, -4.0, 0.0, 4.0, 5.0, np.nan])
    seen = np.array([9, 9, 9, 9, 9, 9])
    assert usable(values, -4.0, 4.0, seen, 3).tolist() == [False, True, True, True, False, False]
    assert usable(np.zeros(3), -4.0, 4.0, np.array([2, 3, 4]), 3).tolist() == [False, True, True]


@pytest.mark.parametrize("pace", [0.0, 0.1])
def test_a_panel_without_any_error_is_no_logarithm_of_nothing(pace: float) -> None:
    x = np.zeros((200, len(FEATURES)))
    x[:, 0] = 1
    start = np.repeat(np.arange(20), 10)
    given = Steps(x=x, y=np.full(200, pace), start=start, end=start + 1)
    both = weighed(
        regress(
            given, columns=21, per_year=1, anchor=NO_ANCHOR, cases=0.0, ridge=even(MILD_RIDGE), options=PooledOptions()
        ),
        {1.0: 0.0},
    )
    assert sum(one.weight for one in both) == pytest.approx(1)
    assert [one.newest[0] for one in both] == pytest.approx([pace, pace])


def one_fit(gain: float, evidence: float | None) -> Coefficients:
    none = np.zeros((1, len(FEATURES)))
    return Coefficients(newest=none[0], held_out=none, then=none, gain=gain, evidence=evidence)


def test_weights_of_fits_by_hand() -> None:
    """Evidence log 3 against 0, and a gain believed half as much: 3 to 1 to 1/2, together 4.5."""
    fits = [one_fit(1.0, np.log(3)), one_fit(1.0, 0.0), one_fit(0.5, 0.0)]
    found = weighed(fits, {1.0: 0.0, 0.5: np.log(0.5)})
    assert [one.weight for one in found] == pytest.approx([6 / 9, 2 / 9, 1 / 9])


def test_fits_without_evidence_weigh_as_much_as_their_gain_is_believed() -> None:
    found = weighed([one_fit(1.0, None), one_fit(0.5, None)], {1.0: 0.0, 0.5: np.log(0.25)})
    assert [one.weight for one in found] == pytest.approx([0.8, 0.2])


def test_an_unlikely_fit_is_left_out() -> None:
    (left,) = weighed([one_fit(1.0, 0.0), one_fit(0.5, -10.0)], {1.0: 0.0, 0.5: 0.0})
    assert (left.gain, left.weight) == (1.0, 1.0)


def test_without_two_years_of_enough_steps_there_is_no_evidence() -> None:
    many, few = (
        regress(
            given,
            columns=COLUMNS,
            per_year=1,
            anchor=NO_ANCHOR,
            cases=5.0,
            ridge=even(MILD_RIDGE),
            options=PooledOptions(),
        )
        for given in (steps(300), steps(25))
    )
    assert all(isinstance(one.evidence, float) for one in many)
    assert [one.evidence for one in few] == [None, None]
