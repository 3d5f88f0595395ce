from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from dxanalysis.accounts.balancing import gras, match_margins, ras
from dxanalysis.errors import DataError, ModelError, ParameterError

START = np.array([[10.0, 5, 15], [5, 20, 45], [20, 25, 240]])


@st.composite
def problems(draw: st.DrawFn, *, signed: bool):
    """A start matrix and the sums of another matrix of the same signs and zeros: a solution exists."""
    m, n = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    signs = np.where(rng.random((m, n)) < (0.15 if signed else 0), -1, 1) * (rng.random((m, n)) < 0.9)
    signs[0], signs[:, 0] = 1, 1
    start = rng.uniform(1, 100, (m, n)) * signs
    other = rng.uniform(1, 100, (m, n)) * signs
    return start, other.sum(axis=1), other.sum(axis=0)


@settings(max_examples=60, deadline=None)
@given(problems(signed=True))
def test_sums_are_met_and_signs_stay(problem) -> None:
    start, rows, columns = problem
    found = gras(start, rows, columns)
    size = max(np.abs(rows).max(), np.abs(columns).max())
    np.testing.assert_allclose(found.values.sum(axis=1), rows, rtol=0, atol=1e-9 * size)
    np.testing.assert_allclose(found.values.sum(axis=0), columns, rtol=0, atol=1e-9 * size)
    np.testing.assert_array_equal(np.sign(found.values), np.sign(start))


@settings(max_examples=40, deadline=None)
@given(problems(signed=False), st.floats(0.01, 1000))
def test_currency_order_and_a_balanced_start_change_nothing(problem, factor: float) -> None:
    start, rows, columns = problem
    found = ras(start, rows, columns).values
    np.testing.assert_allclose(ras(start, rows * factor, columns * factor).values, found * factor, rtol=1e-6)
    np.testing.assert_allclose(ras(start * factor, rows, columns).values, found, rtol=1e-6)
    np.testing.assert_allclose(ras(start[::-1].T, columns, rows[::-1]).values, found[::-1].T, rtol=1e-6)
    again = ras(found, rows, columns)
    assert again.rounds == 1
    np.testing.assert_allclose(again.values, found, rtol=1e-8)


@settings(max_examples=30, deadline=None)
@given(problems(signed=True))
def test_sparse_is_the_same_and_stays_sparse(problem) -> None:
    start, rows, columns = problem
    thin = gras(sparse.csr_array(start), rows, columns)
    assert sparse.issparse(thin.values)
    np.testing.assert_allclose(thin.values.toarray(), gras(start, rows, columns).values, rtol=1e-9, atol=1e-12)


def test_known_cells_keep_their_value() -> None:
    fixed = np.zeros((3, 3), dtype=bool)
    fixed[0, 0] = fixed[2, 1] = True
    rows, columns = np.array([40.0, 80, 300]), np.array([45.0, 65, 310])
    found = ras(START, rows, columns, fixed=fixed)
    assert found.values[0, 0] == 10
    assert found.values[2, 1] == 25
    np.testing.assert_allclose(found.values.sum(axis=1), rows)
    np.testing.assert_allclose(found.values.sum(axis=0), columns)


def test_a_row_that_known_cells_fill_is_left_alone() -> None:
    fixed = np.array([[True, True], [False, False]])
    found = ras([[0.1, 0.2], [1, 1]], [0.1 + 0.2, 10], [3.1, 7.2], fixed=fixed)
    np.testing.assert_allclose(found.values, [[0.1, 0.2], [3, 7]])


def test_labels_in_the_frame() -> None:
    frame = ras(START, START.sum(axis=1), START.sum(axis=0)).to_frame(["a", "b", "c"], ["x", "y", "z"])
    assert frame.loc["b", "z"] == pytest.approx(45)


@pytest.mark.parametrize(
    ("matrix", "rows", "columns", "message"),
    [
        (
            START,
            [30, 70, 286],
            [35, 50, 300],
            r"rows add up to 386, columns to 385: 1 apart, rounding explains 3.86e-07",
        ),
        (START, [30, 70], [35, 50, 300], "the matrix is 3 x 3, the sums are 2 and 3"),
        ([1.0, 2], [1, 2], [3], "not two dimensions"),
        ([[1.0, np.nan], [1, 1]], [1, 1], [1, 1], "a cell or a sum is missing"),
        ([[0.0, 0], [1, 1]], [1, 1], [1, 1], "row 1 has no cell and must add up to 1"),
        ([[1.0, 1], [1, 1]], [-1, 3], [1, 1], "row 1 has only positive cells and must add up to -1"),
        ([[1.0, 1], [1, 1]], [2, 0], [1, 1], "row 2 has only positive cells and must add up to 0"),
        ([[1.0, -1], [1, -1]], [1, 1], [1, 1], "column 2 has only negative cells and must add up to 1"),
    ],
)
def test_what_cannot_be_is_named(matrix, rows, columns, message: str) -> None:
    with pytest.raises(DataError, match=message):
        gras(matrix, rows, columns)


def test_sums_that_zeros_block_are_named() -> None:
    # Rows a and b sell to column x only, which takes less than the two together.
    start = [[1.0, 0, 0], [1, 0, 0], [1, 1, 1]]
    with pytest.raises(DataError, match=r"cannot be placed.*rows a, b"):
        ras(start, [5, 5, 5], [8, 4, 3], row_labels=["a", "b", "c"], column_labels=["x", "y", "z"])


def test_slow_convergence_is_no_silent_result() -> None:
    with pytest.raises(ModelError, match="after 3 rounds a sum is still missed"):
        ras(START, [30.0, 70, 300], [50.0, 40, 310], most_rounds=3)


def test_ras_refuses_negative_cells() -> None:
    with pytest.raises(DataError, match="Use gras"):
        ras([[1.0, -1], [1, 2]], [0, 3], [2, 1])


@pytest.mark.parametrize(
    ("options", "message"), [({"tolerance": 0.0}, "tolerance is 0"), ({"fixed": np.zeros((2, 2), bool)}, "fixed is")]
)
def test_wrong_options_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        ras(START, START.sum(axis=1), START.sum(axis=0), **options)  # type: ignore[arg-type]


def test_rounded_sums_are_met_but_for_their_own_difference() -> None:
    rows, columns = START.sum(axis=1), START.sum(axis=0) + np.array([0, 0, 1.0])
    found = ras(START, rows, columns, decimals=0)
    assert found.imbalance == 1
    assert found.gap <= 1 + 1e-6
    with pytest.raises(DataError, match=r"rounding explains 0\.3"):
        ras(START, rows, columns, decimals=1)


def test_margins_are_matched_on_request_with_the_factor() -> None:
    rows, columns, factor = match_margins([1.0, 3], [1.0, 1], keep="rows")
    assert factor == 2
    assert columns.sum() == rows.sum() == 4
    assert match_margins([1.0, 3], [1.0, 1], keep="columns")[0].sum() == 2
    with pytest.raises(DataError, match="no factor brings them together"):
        match_margins([1.0, -1], [1.0, 1], keep="rows")
    with pytest.raises(ParameterError, match="keep='both'"):
        match_margins([1.0], [2.0], keep="both")  # type: ignore[arg-type]
