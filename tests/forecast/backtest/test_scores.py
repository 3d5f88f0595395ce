"""Scores: hand arithmetic, properties that every proper score has, and bad input with its message."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.backtest import scores
from dxanalysis.forecast.backtest.score_arrays import at_levels

LEVELS = (np.arange(200) + 0.5) / 200
PROBABILITY = st.floats(0, 1, allow_nan=False)
QUESTIONS = st.lists(st.tuples(PROBABILITY, st.booleans()), min_size=1, max_size=60)


def split(questions: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    p, o = zip(*questions, strict=True)
    return np.array(p), np.array(o, dtype=float)


# ---- by hand


def test_brier_by_hand() -> None:
    assert scores.brier_score([0.8, 0.3, 0.5], [1, 0, 1]) == pytest.approx((0.04 + 0.09 + 0.25) / 3)
    assert scores.brier_score([0.5] * 4, [1, 0, 1, 0]) == 0.25


def test_murphy_s_parts_by_hand() -> None:
    # Two bins: 0.2 said four times, met once; 0.8 said four times, met four times. Overall 5 of 8.
    parts = scores.brier_parts([0.2] * 4 + [0.8] * 4, [1, 0, 0, 0, 1, 1, 1, 1], bins=None)
    assert parts.reliability == pytest.approx((0.05**2 + 0.2**2) / 2)
    assert parts.resolution == pytest.approx((0.375**2 + 0.375**2) / 2)
    assert parts.uncertainty == pytest.approx(5 / 8 * 3 / 8)
    assert parts.within == pytest.approx(0, abs=1e-12)
    assert parts.score == pytest.approx((0.64 + 3 * 0.04 + 4 * 0.04) / 8)


def test_log_score_by_hand() -> None:
    assert scores.log_score([0.5, 0.5], [1, 0]) == pytest.approx(math.log(2))
    assert scores.log_score([0.25], [1]) == pytest.approx(math.log(4))
    assert scores.log_score([0.0], [1]) == pytest.approx(-math.log(0.005))
    assert scores.log_score([0.0], [1], floor=0) == math.inf


def test_pinball_and_interval_by_hand() -> None:
    loss = scores.pinball([[10.0, 20.0]], [0.1, 0.9], [25.0])
    assert loss == pytest.approx(np.array([[1.5, 4.5]]))
    assert scores.interval_score([10.0, 10.0], [20.0, 20.0], [25.0, 15.0], coverage=0.8) == pytest.approx([60, 10])
    assert scores.coverage([0, 0, 0], [1, 1, 1], [0.5, 1.0, 1.1]) == pytest.approx(2 / 3)
    assert scores.mase([3.0, 5.0], [1.0, 5.5], [1.0, 0.5]) == pytest.approx((2 + 1) / 2)
    assert scores.mase([300.0], [1.0], [0.01], most=50) == 50


@pytest.mark.parametrize(("mean", "spread", "outcome"), [(0, 1, 0.0), (0, 1, 1.5), (10, 3, 2.0), (-4, 0.5, -4.2)])
def test_crps_is_that_of_the_normal(mean: float, spread: float, outcome: float) -> None:
    """Closed form of Gneiting et al. 2005, Monthly Weather Review 133:1098-1118, eq. 5."""
    z = (outcome - mean) / spread
    exact = spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert scores.crps(mean + spread * norm.ppf(LEVELS), LEVELS, outcome) == pytest.approx(exact, rel=5e-3)


def test_crps_of_the_median_alone_is_the_absolute_error() -> None:
    assert scores.crps([[4.0], [4.0]], [0.5], [7.0, 1.0]) == pytest.approx([3, 3])


def test_a_reliability_table_by_hand() -> None:
    table = scores.reliability([0.05, 0.09, 0.55, 1.0, 0.95], [0, 1, 1, 1, 0], bins=10)
    assert table["n"].tolist() == [2, 1, 2]
    assert table["low"].tolist() == pytest.approx([0.0, 0.5, 0.9])
    assert table["forecast"].tolist() == pytest.approx([0.07, 0.55, 0.975])
    assert table["met"].tolist() == [0.5, 1.0, 0.5]


def test_chance_and_pit_by_hand() -> None:
    q, levels = [[10.0, 20.0, 30.0]], [0.25, 0.5, 0.75]
    for x, chance in ((5, 1.0), (10, 0.75), (15, 0.625), (20, 0.5), (30, 0.25), (31, 0.0)):
        assert scores.chance_at_least(q, levels, [x]) == pytest.approx([chance]), x
        assert scores.pit(q, levels, [x]) == pytest.approx([1 - chance]), x
    # Half the distribution lies on a bound: an outcome there fell in the middle of that half.
    assert scores.pit([[10.0, 20.0, 20.0]], [0.25, 0.5, 0.75], [20.0]) == pytest.approx([0.625])


# ---- properties


@given(QUESTIONS)
def test_a_perfect_forecast_scores_nothing_and_no_score_is_below_it(questions: list[tuple[float, bool]]) -> None:
    p, o = split(questions)
    assert scores.brier_score(o, o) == 0
    assert scores.log_score(o, o, floor=0) == 0
    assert 0 <= scores.brier_score(p, o) <= 1
    assert 0 <= scores.log_score(p, o) <= -math.log(scores.FLOOR) + 1e-12


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_scores_are_proper(truth: float, said: float) -> None:
    """Whoever believes ``truth`` expects to lose by saying anything else."""
    for loss in (lambda p, o: scores.brier_score([p], [o]), lambda p, o: scores.log_score([p], [o], floor=0)):
        expected = [truth * loss(p, 1) + (1 - truth) * loss(p, 0) for p in (truth, said)]
        assert expected[0] <= expected[1] + 1e-12


@given(QUESTIONS, st.one_of(st.none(), st.integers(1, 20)))
def test_the_parts_add_up(questions: list[tuple[float, bool]], bins: int | None) -> None:
    p, o = split(questions)
    parts = scores.brier_parts(p, o, bins=bins)
    assert parts.score == pytest.approx(scores.brier_score(p, o))
    assert parts.reliability - parts.resolution + parts.uncertainty + parts.within == pytest.approx(
        parts.score, abs=1e-9
    )
    assert min(parts.reliability, parts.resolution, parts.uncertainty) >= 0
    if bins is None:
        assert parts.within == pytest.approx(0, abs=1e-9)


@given(QUESTIONS)
def test_a_reliability_table_counts_every_question_once(questions: list[tuple[float, bool]]) -> None:
    p, o = split(questions)
    table = scores.reliability(p, o)
    assert table["n"].sum() == len(p)
    assert (table["n"] * table["met"]).sum() == pytest.approx(o.sum())
    assert ((table["forecast"] >= table["low"] - 1e-12) & (table["forecast"] <= table["high"] + 1e-12)).all()


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=20), st.floats(-1e3, 1e3))
def test_crps_is_not_negative_and_moves_with_the_unit(values: list[float], outcome: float) -> None:
    q = np.sort(np.array(values))
    levels = (np.arange(len(q)) + 0.5) / len(q)
    found = scores.crps(q, levels, outcome)
    assert found >= 0
    assert scores.crps(q + 7, levels, outcome + 7) == pytest.approx(found, abs=1e-6)
    assert scores.crps(3 * q, levels, 3 * outcome) == pytest.approx(3 * found, abs=1e-6)
    assert scores.crps(np.full(len(q), outcome), levels, outcome) == 0


# On a grid: between values closer than the smallest ordinary number numpy.interp, the reference, divides by nothing and gives infinity.
@given(
    st.lists(st.integers(-(10**6), 10**6).map(lambda i: i / 1e4), min_size=2, max_size=15, unique=True),
    st.floats(-120, 120),
)
def test_chance_agrees_with_interpolation(values: list[float], x: float) -> None:
    q = np.sort(np.array(values))
    levels = (np.arange(len(q)) + 0.5) / len(q)
    expected = 1 - np.interp(x, q, levels, left=0, right=1)
    assert scores.chance_at_least(q, levels, x) == pytest.approx(expected, abs=1e-9)


def test_chance_between_values_that_hardly_differ() -> None:
    # Where numpy.interp overflows the chance still lies between the two levels.
    assert scores.chance_at_least(
        np.array([-2.225073858507e-311, 5e-324]), np.array([0.25, 0.75]), 0.0
    ) == pytest.approx(0.25)


def test_an_honest_distribution_has_an_even_pit() -> None:
    rng = np.random.default_rng(0)
    mean, spread = rng.normal(0, 5, 4000), rng.uniform(0.5, 3, 4000)
    outcome = rng.normal(mean, spread)
    q = mean[:, None] + spread[:, None] * norm.ppf(LEVELS)
    at = scores.pit(q, LEVELS, outcome)
    assert np.histogram(at, 10, (0, 1))[0] / 4000 == pytest.approx(np.full(10, 0.1), abs=0.02)
    ends = at_levels(q, LEVELS, [0.1, 0.9])
    assert scores.coverage(ends[:, 0], ends[:, 1], outcome) == pytest.approx(0.8, abs=0.02)


def test_the_right_spread_has_the_best_distance() -> None:
    rng = np.random.default_rng(1)
    outcome = rng.normal(0, 2, 3000)
    crps = [scores.crps(np.tile(s * norm.ppf(LEVELS), (3000, 1)), LEVELS, outcome).mean() for s in (1, 2, 4)]
    assert crps[1] < min(crps[0], crps[2])
    widths = [
        scores.interval_score(np.full(3000, -z), np.full(3000, z), outcome, coverage=0.8).mean()
        for z in np.array([1, 2, 4]) * norm.ppf(0.9)
    ]
    assert widths[1] < min(widths[0], widths[2])


# ---- bad input


@pytest.mark.parametrize(
    ("p", "o", "message"),
    [
        ([], [], "do not fit. Give two arrays of one length above 0."),
        ([0.1, 0.2], [1], r"probabilities (2,) and outcomes (1,) do not fit"),
        ([80.0], [1], "a probability lies outside 0 to 1. Give probabilities, not percent."),
        ([0.5], [0.5], "an outcome is neither 0 nor 1. Say whether each came true: 1 or 0."),
        ([math.nan], [1], "a probability is missing or infinite. Score only what was forecast and has happened."),
        ([0.5], [math.nan], "an outcome is missing or infinite."),
    ],
)
def test_questions_must_be_questions(p: list[float], o: list[float], message: str) -> None:
    for score in (scores.brier_score, scores.log_score, scores.brier_parts, scores.reliability):
        with pytest.raises(ParameterError) as error:
            score(p, o)
        assert message in str(error.value)


@pytest.mark.parametrize(
    ("q", "levels", "y", "message"),
    [
        ([[1.0, 2.0]], [0.5], [1.0], "quantiles (1, 2), levels (1,) and outcomes (1,) do not fit"),
        ([[1.0, 2.0]], [0.9, 0.1], [1.0], "the levels do not rise between 0 and 1"),
        ([[1.0, 2.0]], [0.0, 0.5], [1.0], "the levels do not rise between 0 and 1"),
        ([[2.0, 1.0]], [0.1, 0.9], [1.0], "quantiles fall as their levels rise. Sort them along the last axis."),
        ([[1.0, math.inf]], [0.1, 0.9], [1.0], "a quantile is missing or infinite"),
    ],
)
def test_distributions_must_be_distributions(q: object, levels: object, y: object, message: str) -> None:
    for score in (scores.crps, scores.pinball, scores.pit, scores.chance_at_least):
        with pytest.raises(ParameterError) as error:
            score(q, levels, y)  # type: ignore[arg-type]
        assert message in str(error.value)


def test_other_bad_input() -> None:
    with pytest.raises(ParameterError, match="a range ends before it begins"):
        scores.coverage([2.0], [1.0], [1.5])
    with pytest.raises(ParameterError, match=r"the coverage is 80"):
        scores.interval_score([1.0], [2.0], [1.5], coverage=80)
    with pytest.raises(ParameterError, match="Give three arrays of one shape"):
        scores.interval_score([1.0], [2.0, 3.0], [1.5], coverage=0.8)
    with pytest.raises(ParameterError, match="a scale is not above 0"):
        scores.mase([1.0], [1.0], [0.0])
    with pytest.raises(ParameterError, match="Give three arrays of one length"):
        scores.mase([1.0], [1.0, 2.0], [1.0])
    with pytest.raises(ParameterError, match=r"the floor is 0\.5"):
        scores.log_score([0.5], [1], floor=0.5)
    with pytest.raises(ParameterError, match="there are 0 bins"):
        scores.reliability([0.5], [1], bins=0)
