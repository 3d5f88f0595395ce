from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dxanalysis.accounts import Assumption
from dxanalysis.accounts.assumption import replaced
from dxanalysis.errors import ParameterError, PercentOrFraction

CHANCES = np.linspace(0.0, 1.0, 21)
DEFAULTS = (
    Assumption(id="share", low=8, high=9, unit="percent"),
    Assumption(id="small", low=0.05, high=0.13, unit="percent"),
    Assumption(id="factor", low=0.5, high=1.1),
    Assumption(id="none", low=0, high=0.1),
)


@given(low=st.floats(0, 5), width=st.floats(0.01, 5), peak=st.floats(0, 1))
def test_triangular_quantiles_agree_with_scipy(low, width, peak):
    mode = min(low + peak * width, low + width)
    ours = Assumption(id="a", low=low, high=low + width, shape="triangular", mode=mode).quantile(CHANCES)
    assert ours == pytest.approx(
        stats.triang(c=min((mode - low) / width, 1.0), loc=low, scale=width).ppf(CHANCES), abs=1e-7
    )


def test_uniform_quantiles_are_straight():
    assert Assumption(id="a", low=1, high=3).quantile(CHANCES) == pytest.approx(1 + 2 * CHANCES)


def test_fixed_gives_one_number():
    held = Assumption(id="a", low=0, high=0.1, shape="triangular", mode=0.0).fixed()
    assert held.is_fixed
    assert held.low == pytest.approx(0.1 - np.sqrt(0.5 * 0.1 * 0.1))
    assert held.quantile(CHANCES) == pytest.approx(np.full(21, held.low))
    assert Assumption(id="a", low=0, high=2).fixed(1.5).middle == 1.5


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"low": 1.2, "high": 0.6}, r"a: the range is reversed, 1\.2 to 0\.6\. Give the lower end first"),
        ({"low": -0.1, "high": 1}, r"a: the range begins below zero, at -0\.1\. Shares and factors are 0 or more"),
        ({"low": float("nan"), "high": 1}, r"a: the range is nan to 1\. Give two finite numbers"),
        ({"low": 0, "high": 1, "shape": "normal"}, r"a: unknown shape 'normal'\. Use uniform or triangular"),
        ({"low": 0, "high": 1, "shape": "triangular"}, r"a: a triangular range needs a mode from 0 to 1, got None"),
        ({"low": 0, "high": 1, "shape": "triangular", "mode": 2.0}, r"needs a mode from 0 to 1, got 2"),
        ({"low": 0, "high": 1, "mode": 0.5}, r"a: a uniform range has no mode, got 0\.5"),
    ],
)
def test_bad_ranges_are_refused(bad, message):
    with pytest.raises(ParameterError, match=message):
        Assumption(id="a", **bad)


def test_replacing_keeps_the_order():
    a, b = Assumption(id="a", low=0, high=1), Assumption(id="b", low=0, high=1)
    own = Assumption(id="a", low=0.5, high=0.6)
    assert replaced((a, b), (own,)) == (own, b)


def test_unknown_assumption_is_refused():
    with pytest.raises(ParameterError, match=r"unknown assumption 'c'\. Use one of: a, b\."):
        replaced(
            (Assumption(id="a", low=0, high=1), Assumption(id="b", low=0, high=1)), (Assumption(id="c", low=0, high=1),)
        )


def test_assumption_given_twice_is_refused():
    a = Assumption(id="a", low=0, high=1)
    with pytest.raises(ParameterError, match="assumption 'a' is given twice"):
        replaced((a,), (a, a))


@pytest.mark.parametrize(
    ("ids", "own", "message"),
    [
        ("share", {"low": 0.08, "high": 0.09}, r"share: 0\.08 to 0\.09 is far below 8 to 9 percent\. Shares are percent: 12\.66"),
        ("factor", {"low": 60, "high": 90}, r"factor: 60 to 90 is far above 0\.5 to 1\.1\. It is a factor: 60 percent is 0\.6"),
        ("none", {"low": 5, "high": 10}, r"none: 5 to 10 is far above 0 to 0\.1\."),
    ],
)  # fmt: skip
def test_percent_and_fractions_are_told_apart(ids, own, message):
    with pytest.warns(PercentOrFraction, match=message):
        replaced(DEFAULTS, [Assumption(id=ids, **own)])


@pytest.mark.parametrize(
    ("ids", "low", "high"),
    [("share", 1.2, 4.0), ("share", 0.5, 2.0), ("small", 0.01, 0.02), ("factor", 0.0, 3.0), ("none", 0.5, 1.0)],
)
def test_what_may_be_meant_is_taken_without_a_word(ids, low, high):
    own = Assumption(id=ids, low=low, high=high)
    assert own in replaced(DEFAULTS, [own])  # a warning would be an error here


def test_a_percentage_of_a_factor_and_more_than_the_whole_are_refused():
    with pytest.raises(ParameterError, match=r"factor is a factor, not percent\. 60 percent is 0\.6; leave unit out\."):
        replaced(DEFAULTS, [Assumption(id="factor", low=60, high=90, unit="percent")])
    with pytest.raises(ParameterError, match=r"share: the range ends above 100 percent, at 101\."):
        Assumption(id="share", low=1, high=101, unit="percent")
