"""RAS and GRAS: rows and columns are scaled in turn until both sums are met.

GRAS (Junius and Oosterhaven 2003, Economic Systems Research 15; Temurshoev, Miller and Bouwmeester 2013, Economic Systems Research 25, for columns
without a positive cell): with T = P - N, positive and negative parts,

    s_j = [v_j + sqrt(v_j^2 + 4 p_j n_j)] / (2 p_j),  p_j = sum_i r_i P_ij,  n_j = sum_i N_ij / r_i,  s_j = -n_j / v_j where p_j = 0,

the same for r, and X = r^ P s^ - r^^-1 N s^^-1. Without negative cells it is RAS (Stone 1961). The result is the matrix nearest to the old one in
information; zeros and signs stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from dxanalysis.accounts.balancing.margins import blocked, check_margins
from dxanalysis.accounts.tables.table import Matrix, Vector, frozen
from dxanalysis.errors import DataError, ModelError, ParameterError

TOLERANCE: Final = 1e-10
ROUNDS: Final = 10_000
CHECKED_EVERY: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balanced:
    """A balanced matrix.

    ``values``: (m, n), sparse where the matrix was. ``row_factors``, ``column_factors``: r and s. ``rounds``: how often both sides were scaled. ``gap``: largest
    miss of a sum, in the matrix's unit. ``imbalance``: by how much the given sums of rows and columns differ, which no matrix can meet.
    """

    values: Matrix
    row_factors: Vector
    column_factors: Vector
    rounds: int
    gap: float
    imbalance: float

    def to_frame(self, rows: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
        """The matrix with its labels."""
        values = self.values if isinstance(self.values, np.ndarray) else self.values.toarray()
        return pd.DataFrame(values, index=list(rows), columns=list(columns))


def ras(
    matrix: ArrayLike | sparse.sparray,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    fixed: NDArray[np.bool_] | None = None,
    decimals: int | None = None,
    tolerance: float = TOLERANCE,
    most_rounds: int = ROUNDS,
    row_labels: Sequence[str] | None = None,
    column_labels: Sequence[str] | None = None,
) -> Balanced:
    """Balance a matrix without negative cells; see :func:`gras`.

    Raises
    ------
    DataError
        When a cell is negative (use :func:`gras`), and as :func:`gras`.
    """
    cells = matrix.data if sparse.issparse(matrix) else np.asarray(matrix, dtype=np.float64)
    if np.min(cells, initial=0.0) < 0:
        raise DataError("the matrix has negative cells", fix="Use gras, which keeps their sign")
    return gras(
        matrix, rows, columns, fixed=fixed, decimals=decimals, tolerance=tolerance, most_rounds=most_rounds, row_labels=row_labels,
        column_labels=column_labels,
    )  # fmt: skip


def gras(
    matrix: ArrayLike | sparse.sparray,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    fixed: NDArray[np.bool_] | None = None,
    decimals: int | None = None,
    tolerance: float = TOLERANCE,
    most_rounds: int = ROUNDS,
    row_labels: Sequence[str] | None = None,
    column_labels: Sequence[str] | None = None,
) -> Balanced:
    """Balance a matrix to row and column sums.

    Parameters
    ----------
    matrix
        (m, n) start; zeros stay zeros, signs stay signs. Sparse stays sparse.
    rows, columns
        (m,), (n,): sums to reach, of the same total.
    fixed
        (m, n), True for cells that keep their value: known ones. The others are balanced to what the known ones leave.
    decimals
        Printed decimals of the sums; the totals of rows and columns may then differ by what rounding explains, and the sums are met but for that.
    tolerance
        Largest miss of a sum, relative to the largest sum.
    row_labels, column_labels
        Names for messages.

    Raises
    ------
    DataError
        When the totals differ, or signs or zeros keep a sum from being reached; rows and columns are named.
    ModelError
        When the sums were not met in ``most_rounds`` though a matrix exists.
    ParameterError
        When ``fixed`` has another shape or ``tolerance`` is not positive.
    """
    start: Any = (
        sparse.csr_array(matrix, dtype=np.float64) if sparse.issparse(matrix) else np.array(matrix, dtype=np.float64)
    )
    u, v = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    if not tolerance > 0:
        raise ParameterError(f"the tolerance is {tolerance:g}", fix="Give a small positive number")
    if start.ndim != 2:
        raise DataError("the matrix has not two dimensions", fix="Give rows and columns")
    names_r = list(row_labels) if row_labels is not None else [str(i + 1) for i in range(start.shape[0])]
    names_c = list(column_labels) if column_labels is not None else [str(j + 1) for j in range(start.shape[1])]
    kept: Any = None
    if fixed is not None:
        if np.shape(fixed) != start.shape:
            raise ParameterError(
                f"fixed is {np.shape(fixed)}, the matrix {start.shape}", fix="Give one True or False a cell"
            )
        if start.shape == (len(u), len(v)):
            mask = np.asarray(fixed, dtype=np.bool_)
            kept = start * mask
            start = start - kept
            u, v = u - np.asarray(kept.sum(axis=1)).ravel(), v - np.asarray(kept.sum(axis=0)).ravel()
            u, v = _no_dust(u, np.asarray(rows, dtype=np.float64)), _no_dust(v, np.asarray(columns, dtype=np.float64))
    imbalance = check_margins(start, u, v, decimals, names_r, names_c)
    scale = max(float(np.abs(u).max(initial=0.0)), float(np.abs(v).max(initial=0.0)), np.finfo(float).tiny)
    # Sums that differ in total cannot both be met: the last side scaled is met, the other misses by the difference.
    wanted = tolerance * scale + imbalance
    gap, rounds, r, s = np.inf, 0, np.ones(len(u)), np.ones(len(v))
    for rounds, (r, s) in enumerate(steps(start, u, v), 1):
        gap = _gap(start, r, s, u, v)
        if gap <= wanted or rounds >= most_rounds:
            break
        if rounds == CHECKED_EVERY:
            reason = blocked(start, u, v, names_r, names_c)
            if reason:
                raise DataError(reason, fix="Give a start value to cells that may be non-zero, or correct the sums")
    if not gap <= wanted:
        raise ModelError(
            f"after {rounds:,} rounds a sum is still missed by {gap:,.4g}",
            fix="Cells tend to zero, where convergence is slow: allow a larger tolerance, or more rounds, or set those cells to zero",
        )
    values: Any = _scaled(start, r, s)
    if kept is not None:
        values = values + kept
    return Balanced(
        values=frozen(values) if isinstance(values, np.ndarray) else sparse.csr_array(values),
        row_factors=frozen(r),
        column_factors=frozen(s),
        rounds=rounds,
        gap=float(gap),
        imbalance=imbalance,
    )


def steps(matrix: Any, rows: Vector, columns: Vector) -> Iterator[tuple[Vector, Vector]]:
    """Factors (r, s) after each round, columns first; without end."""
    positive, negative = _parts(matrix)
    r = np.ones(len(rows))
    while True:
        s = _factor(columns, positive.T @ r, negative.T @ (1 / r))
        r = _factor(rows, positive @ s, negative @ (1 / s))
        yield r, s


def _parts(matrix: Any) -> tuple[Any, Any]:
    if isinstance(matrix, np.ndarray):
        return np.maximum(matrix, 0), np.maximum(-matrix, 0)
    return matrix.maximum(0).tocsr(), (-matrix).maximum(0).tocsr()


def _factor(sums: Vector, plus: Vector, minus: Vector) -> Vector:
    """Factor that brings plus * f - minus / f to the sum; 1 where there is nothing to scale."""
    root = np.sqrt(sums * sums + 4 * plus * minus)
    # The other form of the root where the plain one would lose its digits.
    up = np.where(
        sums >= 0, sums + root, np.divide(4 * plus * minus, root - sums, out=np.zeros_like(sums), where=root - sums > 0)
    )
    both = np.divide(up, 2 * plus, out=np.ones_like(sums), where=plus > 0)
    only_minus = np.divide(-minus, sums, out=np.ones_like(sums), where=sums != 0)
    found = np.where(plus > 0, both, np.where(minus > 0, only_minus, 1.0))
    return np.asarray(np.where(found > 0, found, np.finfo(float).tiny), dtype=np.float64)


def _scaled(matrix: Any, r: Vector, s: Vector) -> Any:
    positive, negative = _parts(matrix)
    if sparse.issparse(matrix):
        return sparse.diags_array(r) @ positive @ sparse.diags_array(s) - sparse.diags_array(
            1 / r
        ) @ negative @ sparse.diags_array(1 / s)
    return r[:, None] * positive * s - negative / (r[:, None] * s)


def _gap(matrix: Any, r: Vector, s: Vector, rows: Vector, columns: Vector) -> float:
    positive, negative = _parts(matrix)
    by_row = r * (positive @ s) - (negative @ (1 / s)) / r
    by_column = s * (positive.T @ r) - (negative.T @ (1 / r)) / s
    return float(max(np.abs(by_row - rows).max(initial=0.0), np.abs(by_column - columns).max(initial=0.0)))


def _no_dust(left: Vector, sums: Vector) -> Vector:
    """What fixed cells leave of a sum; binary dust of a sum that they fill is none."""
    return np.asarray(np.where(np.abs(left) <= 1e-12 * np.maximum(np.abs(sums), 1e-300), 0.0, left), dtype=np.float64)
