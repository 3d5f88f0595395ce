"""Intraclass correlation: by hand, and found again where it was put in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.grouped import Together
from dxanalysis.forecast.pooled.intraclass import intraclass


def found(u: list[float] | np.ndarray, key: list[int] | np.ndarray, **changes: object) -> float:
    given_ = {"weight": np.ones(len(u)), "years": 1.0, "assumed": 0.0, **changes}
    return intraclass(np.asarray(u, dtype=float), together=Together.of(np.asarray(key, dtype=np.int64)), **given_)


def test_by_hand() -> None:
    """Products 2·1 and 1·3 over squares (4 + 1 + 1 + 9)/4: 2.5/3.75 = 2/3, of two groups: 2/12 of it and 10/12 of 0.3."""
    assert found([2, 1, 1, 3], [0, 0, 1, 1]) == pytest.approx(2 / 3 * 2 / 12)
    assert found([2, 1, 1, 3], [0, 0, 1, 1], assumed=0.3) == pytest.approx(2 / 3 * 2 / 12 + 0.3 * 10 / 12)
    assert found([2, 1, 1, 3], [0, 0, 1, 1], years=2.0) == pytest.approx(2 / 3 * 1 / 11)


def test_old_groups_count_less() -> None:
    """Weights 1 and 3: products (2 + 9)/4 over squares (5 + 30)/8, of 16/10 groups."""
    weight = np.array([1.0, 1, 3, 3])
    shown = (11 / 4) / (35 / 8)
    assert found([2, 1, 1, 3], [0, 0, 1, 1], weight=weight) == pytest.approx(shown * 1.6 / 11.6)


def test_where_nothing_shows_it_is_as_assumed() -> None:
    assert found([1, 2], [-1, -1], assumed=0.4) == 0.4
    assert found([1, 2, 3], [0, 1, -1], assumed=0.4) == 0.4


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_what_was_put_in_is_found_again(share: float) -> None:
    rng = np.random.default_rng(3)
    u = np.sqrt(share) * rng.normal(size=(400, 1)) + np.sqrt(1 - share) * rng.normal(size=(400, 5))
    assert found(u.ravel(), np.repeat(np.arange(400), 5)) == pytest.approx(share, abs=0.05)


def test_those_who_shun_each_other_share_nothing() -> None:
    assert found([1, -1] * 50, np.repeat(np.arange(50), 2)) == 0


@given(
    st.lists(st.tuples(st.integers(-1, 3), st.floats(-6, 6)), min_size=1, max_size=20),
    st.floats(0, 0.95),
    st.floats(0.1, 30),
)
def test_it_is_a_part(cases: list[tuple[int, float]], assumed: float, years: float) -> None:
    key, u = zip(*cases, strict=True)
    assert 0 <= found(list(u), list(key), assumed=assumed, years=years) <= 0.95
