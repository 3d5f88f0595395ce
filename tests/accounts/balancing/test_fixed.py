from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from dxanalysis.accounts.balancing import gras, ras
from dxanalysis.errors import DataError

START = np.array([[10.0, 5, 15], [5, 20, 45], [20, 25, 240]])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 5), st.integers(2, 5), st.booleans())
def test_known_cells_keep_their_value_and_the_sums_are_met(seed: int, m: int, n: int, thin: bool) -> None:
    rng = np.random.default_rng(seed)
    signs = np.where(rng.random((m, n)) < 0.2, -1, 1)
    signs[0], signs[:, 0] = 1, 1
    fixed = rng.random((m, n)) < 0.4
    fixed[0], fixed[:, 0] = False, False
    # What is wanted holds the known values, so that a solution exists.
    start, wanted = rng.uniform(1, 100, (2, m, n)) * signs
    wanted[fixed] = start[fixed]
    given_start = sparse.csr_array(start) if thin else start
    given_fixed = sparse.csr_array(fixed) if thin else fixed
    found = gras(given_start, wanted.sum(axis=1), wanted.sum(axis=0), fixed=given_fixed)
    values = found.values.toarray() if thin else found.values
    np.testing.assert_array_equal(values[fixed], start[fixed])
    np.testing.assert_allclose(values.sum(axis=1), wanted.sum(axis=1), rtol=0, atol=1e-6)
    np.testing.assert_allclose(values.sum(axis=0), wanted.sum(axis=0), rtol=0, atol=1e-6)


def test_a_row_that_known_cells_fill_is_left_alone() -> None:
    fixed = np.array([[True, True], [False, False]])
    # In binary fractions 0.1 + 0.2 is not 0.3: what is left must be nothing, not a hair below nothing.
    found = ras([[0.1, 0.2], [1, 1]], [0.3, 10], [3.1, 7.2], fixed=fixed)
    np.testing.assert_allclose(found.values, [[0.1, 0.2], [3, 7]])


def test_the_known_cells_are_those_of_the_matrix() -> None:
    fixed = np.zeros((3, 3), dtype=np.bool_)
    fixed[0, 0] = fixed[2, 1] = True
    found = ras(START, [40.0, 80, 300], [45.0, 65, 310], fixed=fixed)
    assert (found.values[0, 0], found.values[2, 1]) == (10, 25)
    # A sparse mask beside a full matrix is the same.
    again = ras(START, [40.0, 80, 300], [45.0, 65, 310], fixed=sparse.csr_array(fixed))
    np.testing.assert_array_equal(again.values, found.values)


def test_everything_known_is_handed_back() -> None:
    found = ras(START, START.sum(axis=1), START.sum(axis=0), fixed=np.ones((3, 3), dtype=np.bool_))
    np.testing.assert_array_equal(found.values, START)


def test_small_rest_beside_large_known_cells_is_balanced_to_the_rest() -> None:
    start = np.array([[1e9, 0, 1], [0, 1e9, 1], [1, 1, 1]])
    fixed = start == 1e9
    found = ras(start, [1e9 + 1.3, 1e9 + 1.1, 3.2], [1e9 + 1.1, 1e9 + 1.1, 3.4], fixed=fixed)
    np.testing.assert_allclose(np.where(fixed, 0, found.values).sum(axis=1), [1.3, 1.1, 3.2], rtol=1e-6)


@pytest.mark.parametrize(
    ("rows", "columns", "at", "message"),
    [
        (
            [20, 70, 295],
            [35, 50, 300],
            (0, slice(None)),
            "row a has no cell and must add up to -10 without its known cells",
        ),
        (
            [5, 70, 310],
            [35, 50, 300],
            (0, 0),
            "row a has only positive cells and must add up to -5 without .* or its known",
        ),
        ([10, 70, 305], [35, 50, 300], (0, 0), "row a has only positive cells and must add up to 0 without"),
        (
            [45, 80, 260],
            [35, 50, 300],
            (slice(2), slice(1, 3)),
            "without the known cells, rows a, b together must add up to 40, but .* in column 1, with place for 35",
        ),
    ],
)
def test_what_known_cells_leave_must_be_possible(rows, columns, at, message: str) -> None:
    fixed = np.zeros((3, 3), dtype=np.bool_)
    fixed[at] = True
    with pytest.raises(DataError, match=message):
        ras(START, rows, columns, fixed=fixed, row_labels=["a", "b", "c"])
