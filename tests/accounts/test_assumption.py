from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dxanalysis.accounts import Assumption
from dxanalysis.accounts.assumption import replaced
from dxanalysis.errors import ParameterError

CHANCES = np.linspace(0.0, 1.0, 21)


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
