from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from dxanalysis.accounts.balancing import gras, match_margins, ras, steps
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


@settings(max_examples=40, deadline=None)
@given(problems(signed=True), st.floats(0.01, 1000))
def test_currency_and_order_with_signs(problem, factor: float) -> None:
    start, rows, columns = problem
    found = gras(start, rows, columns).values
    np.testing.assert_allclose(gras(start * factor, rows * factor, columns * factor).values, found * factor, rtol=1e-6)
    np.testing.assert_allclose(gras(start[:, ::-1].T, columns[::-1], rows).values, found[:, ::-1].T, rtol=1e-6)


@settings(max_examples=40, deadline=None)
@given(problems(signed=True))
def test_factors_are_those_of_the_result(problem) -> None:
    start, rows, columns = problem
    found = gras(start, rows, columns)
    by = found.row_factors[:, None] * found.column_factors
    np.testing.assert_allclose(found.values, np.where(start > 0, start * by, start / by), rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(problems(signed=False))
def test_ras_is_plain_proportional_fitting(problem) -> None:
    start, rows, columns = problem
    plain = start.copy()
    for _ in range(3000):
        plain *= columns / plain.sum(axis=0)
        plain *= (rows / plain.sum(axis=1))[:, None]
    np.testing.assert_allclose(ras(start, rows, columns).values, plain, rtol=1e-6)


def test_a_column_without_a_positive_cell_by_hand() -> None:
    # With x11 = a the sums give the rest, and (x11/t11)(x12/t12) = s1/s2 = (x21/t21)(x22/t22) leaves 14 a^2 + a - 126 = 0.
    a = (-1 + np.sqrt(7057)) / 28
    found = gras([[4.0, -1], [6, -3]], [2.5, 2.5], [7, -2])
    np.testing.assert_allclose(found.values, [[a, 2.5 - a], [7 - a, a - 4.5]], rtol=0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 4))
def test_several_columns_without_a_positive_cell(seed: int, negative: int) -> None:
    # One such column could hide behind the free scale of r against s; two cannot.
    rng = np.random.default_rng(seed)
    start, other = rng.uniform(1, 100, (2, 4, 2 + negative)) * np.array([1] * 2 + [-1] * negative)
    found = gras(start, other.sum(axis=1), other.sum(axis=0))
    np.testing.assert_allclose(found.values.sum(axis=1), other.sum(axis=1), rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.values.sum(axis=0), other.sum(axis=0), rtol=0, atol=1e-6)
    _, first = next(steps(start, other.sum(axis=1), other.sum(axis=0)))
    np.testing.assert_allclose(first[2:], start[:, 2:].sum(axis=0) / other[:, 2:].sum(axis=0), rtol=1e-12)


def test_a_sparse_cell_told_twice_is_one_cell() -> None:
    twice = sparse.csr_array(
        (np.array([3.0, -2, 1, 1, 1]), np.array([0, 0, 1, 0, 1]), np.array([0, 3, 5])), shape=(2, 2)
    )
    np.testing.assert_allclose(ras(twice, [4, 4], [4, 4]).values.toarray(), [[2, 2], [2, 2]])


def test_ten_thousand_sums_without_a_full_matrix() -> None:
    rng = np.random.default_rng(3)
    n = 10_000
    start = sparse.csr_array(sparse.random_array((n, n), density=1e-3, rng=rng) + sparse.diags_array(np.ones(n)))
    other = start.copy()
    other.data = other.data * rng.lognormal(0, 0.3, len(other.data))
    # A full matrix of this size is 800 MB.
    tracemalloc.start()
    found = ras(start, other.sum(axis=1), other.sum(axis=0))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 50e6
    np.testing.assert_allclose(found.values.sum(axis=1), other.sum(axis=1), rtol=1e-6)


@settings(max_examples=30, deadline=None)
@given(problems(signed=True))
def test_sparse_is_the_same_and_stays_sparse(problem) -> None:
    start, rows, columns = problem
    thin = gras(sparse.csr_array(start), rows, columns)
    assert sparse.issparse(thin.values)
    np.testing.assert_allclose(thin.values.toarray(), gras(start, rows, columns).values, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "form", [sparse.coo_array, sparse.csc_array, sparse.dok_array, sparse.lil_array, sparse.csr_matrix]
)
def test_every_sparse_form_is_read_and_none_is_changed(form) -> None:
    start = form(START)
    found = ras(start, START.sum(axis=1) * 2, START.sum(axis=0) * 2)
    np.testing.assert_allclose(found.values.toarray(), START * 2)
    np.testing.assert_array_equal(start.toarray(), START)


def test_results_are_read_only() -> None:
    thin = ras(sparse.csr_array(START), START.sum(axis=1), START.sum(axis=0))
    for array in (thin.values.data, ras(START, START.sum(axis=1), START.sum(axis=0)).values, thin.row_factors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert ras(thin.values, START.sum(axis=1) * 2, START.sum(axis=0) * 2).rounds == 1


def test_labels_in_the_frame() -> None:
    frame = ras(START, START.sum(axis=1), START.sum(axis=0)).to_frame(["a", "b", "c"], ["x", "y", "z"])
    assert frame.loc["b", "z"] == pytest.approx(45)
    with pytest.raises(ParameterError, match="there are 2 column labels for 3 columns"):
        ras(START, START.sum(axis=1), START.sum(axis=0)).to_frame(["a", "b", "c"], ["x", "y"])


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
        ([[1.0, np.nan], [1, 1]], [1, 1], [1, 1], "the cell in row 1, column 2 is missing or infinite"),
        (sparse.csr_array([[1.0, 0], [np.inf, 1]]), [1, 1], [1, 1], "the cell in row 2, column 1 is missing"),
        ([["a", "b"]], [1], [1, 1], "the matrix is not one of numbers"),
        ([[1.0, 2], [3]], [1, 2], [1, 2], "the matrix is not one of numbers"),
        (START, [30, np.nan, 286], [35, 50, 300], "sum 2 of the rows is missing or infinite"),
        (START, [[30], [70], [286]], [35, 50, 300], "the row sums have 2 dimensions"),
        (START, [30, 70, 285], ["x", "y", "z"], "the column sums are not numbers"),
        ([[0.0, 0], [1, 1]], [1, 1], [1, 1], "row 1 has no cell and must add up to 1"),
        ([[1.0, 1], [1, 1]], [-1, 3], [1, 1], "row 1 has only positive cells and must add up to -1"),
        (
            [[1.0, 1], [1, 1]],
            [2, 0],
            [1, 1],
            "row 2 has only positive cells and must add up to 0. Set the cells of the row to zero",
        ),
        ([[1.0, -1], [1, -1]], [1, 1], [1, 1], "column 2 has only negative cells and must add up to 1"),
    ],
)
def test_what_cannot_be_is_named(matrix, rows, columns, message: str) -> None:
    with pytest.raises(DataError, match=message):
        gras(matrix, rows, columns)


def test_sums_that_zeros_block_are_named() -> None:
    # Rows a and b sell to column x only, which takes less than the two together.
    start = [[1.0, 0, 0], [1, 0, 0], [1, 1, 1]]
    said = "rows a, b together must add up to 10, but all positive cells there lie in column x, with place for 8"
    with pytest.raises(DataError, match=said):
        ras(start, [5, 5, 5], [8, 4, 3], row_labels=["a", "b", "c"], column_labels=["x", "y", "z"])


def test_slow_convergence_is_no_silent_result() -> None:
    with pytest.raises(ModelError, match=r"after 3 rounds column 3 is still missed by 0\.008"):
        ras(START, [30.0, 70, 300], [50.0, 40, 310], most_rounds=3)


def test_a_cell_that_must_vanish_is_named() -> None:
    # Column x takes all of rows a and b, so that (b, y) is left with nothing: a matrix exists, but only as a limit.
    with pytest.raises(
        ModelError, match=r"after 500 rounds .* the cell that shrank most, row a, column y, is at 0\.00"
    ):
        ras([[1.0, 1], [0, 1]], [1, 1], [1, 1], most_rounds=500, row_labels=["a", "b"], column_labels=["x", "y"])


def test_ras_refuses_negative_cells() -> None:
    with pytest.raises(DataError, match="Use gras"):
        ras([[1.0, -1], [1, 2]], [0, 3], [2, 1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tolerance": 0.0}, "tolerance is 0"),
        ({"tolerance": np.inf}, "tolerance is inf"),
        ({"most_rounds": 0}, "most_rounds is 0"),
        ({"decimals": 0.5}, "decimals is 0.5"),
        ({"row_labels": ["a"]}, "there are 1 row labels for 3 rows"),
        ({"fixed": np.zeros((2, 2), bool)}, r"fixed is \(2, 2\), the matrix \(3, 3\)"),
        ({"fixed": START}, "fixed is of float64, not of True and False. Put known values into the matrix"),
    ],
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
    for rows in ([1.0, -1], [-1.0, -1]):
        with pytest.raises(DataError, match="no factor brings them together"):
            match_margins(rows, [1.0, 1], keep="rows")
    with pytest.raises(DataError, match="sum 2 of the rows is missing"):
        match_margins([1.0, np.nan], [1.0, 1], keep="rows")
    with pytest.raises(ParameterError, match="keep='both'"):
        match_margins([1.0], [2.0], keep="both")  # type: ignore[arg-type]
