from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from dxanalysis.accounts.balancing.feasibility import blocked


def _missed(signs: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> float:
    """Least total miss of the sums by any matrix of these signs: a linear programme, no flow."""
    i, j = np.nonzero(signs)
    m, n, cells = *signs.shape, len(i)
    sums = np.zeros((m + n, cells))
    sums[i, range(cells)] = sums[m + j, range(cells)] = signs[i, j]
    left = np.hstack([sums, np.eye(m + n), -np.eye(m + n)])
    cost = np.concatenate([np.zeros(cells), np.ones(2 * (m + n))])
    return float(optimize.linprog(cost, A_eq=left, b_eq=np.concatenate([rows, columns])).fun)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**31),
    st.integers(1, 6),
    st.integers(1, 6),
    st.booleans(),
    st.sampled_from(["own", "other", "near"]),
)
def test_blocked_exactly_where_a_linear_programme_finds_nothing(
    seed: int, m: int, n: int, signed: bool, sums: str
) -> None:
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 0, 1], (m, n), p=[0.15, 0.4, 0.45] if signed else [0, 0.5, 0.5])
    # "own": sums of a matrix that has some of these cells, so that they can be met, perhaps only in the limit.
    other = (
        rng.uniform(-1, 5, (m, n))
        if sums == "other"
        else signs * rng.uniform(0.1, 9, (m, n)) * (rng.random((m, n)) < 0.6)
    )
    rows, columns = other.sum(axis=1), other.sum(axis=0)
    if sums == "near":
        step = rng.choice([1e-3, 1e-5])
        rows[rng.integers(m)] += step
        rows[rng.integers(m)] -= step
    said = blocked(signs, rows, columns, [f"r{i}" for i in range(m)], [f"c{j}" for j in range(n)])
    assert bool(said) == (_missed(signs, rows, columns) > 1e-6)
    assert sums != "own" or not said


@pytest.mark.parametrize(
    ("signs", "rows", "columns", "said"),
    [
        (
            [[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1]],
            [6, 7, 5, 5],
            [5, 6, 6, 6],
            "rows a, b together must add up to 13, but all positive cells there lie in columns w, x, with place for 11",
        ),
        (
            [[1, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
            [9, 5, 5, 5],
            [8, 5, 5, 6],
            "row a must add up to 9, but all positive cells there lie in column w, with place for 8",
        ),
        (
            [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0]],
            [4, 7, 7, 7],
            [7, 6, 6, 6],
            "column z must add up to 6, but all positive cells there lie in row a, with place for 4",
        ),
        (
            # The negative cell (b, w) lets column w take more from row a, at the price of row b alone.
            [[1, 0, 0, 0], [-1, 1, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1]],
            [9, 1, 5, 5],
            [5, 4, 5, 6],
            "rows a, b together must add up to 10, but all positive cells there lie in columns w, x, with place for 9",
        ),
    ],
)
def test_the_set_that_blocks_is_told(signs, rows, columns, said: str) -> None:
    found = blocked(np.array(signs), np.array(rows, float), np.array(columns, float), list("abcd"), list("wxyz"))
    assert found == said


def test_nothing_blocks_sums_of_zero_or_sums_apart_by_rounding() -> None:
    ones = np.ones((2, 2))
    assert blocked(ones, np.zeros(2), np.zeros(2), ["a", "b"], ["x", "y"]) == ""
    assert blocked(ones, np.array([1.0, 2]), np.array([1.0, 2.1]), ["a", "b"], ["x", "y"]) == ""
