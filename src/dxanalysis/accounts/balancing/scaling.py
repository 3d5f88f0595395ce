"""RAS and GRAS: rows and columns are scaled in turn until both sums are met.

GRAS (Junius and Oosterhaven 2003, Economic Systems Research 15; Temurshoev, Miller and Bouwmeester 2013, Economic Systems Research 25, for columns
without a positive cell): with T = P - N, positive and negative parts,

    s_j = [v_j + sqrt(v_j^2 + 4 p_j n_j)] / (2 p_j),  p_j = sum_i r_i P_ij,  n_j = sum_i N_ij / r_i,  s_j = -n_j / v_j where p_j = 0,

the same for r, and X = r^ P s^ - r^^-1 N s^^-1. Without negative cells it is RAS (Stone 1961). The result is the matrix nearest to the old one in
information; zeros and signs stay. Known cells are taken off before and put back after (modified RAS).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from dxanalysis.accounts.balancing.feasibility import blocked
from dxanalysis.accounts.balancing.fixed import left_over, taken_out
from dxanalysis.accounts.balancing.margins import check_signs, check_totals, margin
from dxanalysis.accounts.balancing.start import cells_of, check_options, labels_of, start_matrix
from dxanalysis.accounts.tables.table import Matrix, Vector, frozen
from dxanalysis.errors import DataError, ModelError

Parts = tuple[Any, Any]  # positive cells and the size of negative ones, (m, n) each

TOLERANCE: Final = 1e-10
ROUNDS: Final = 10_000
CHECKED_AFTER: Final = 50  # rounds: most problems are done by then, and need no search for what blocks them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balanced:
    """A balanced matrix: it meets its sums, or there is none.

    Attributes
    ----------
    values
        (m, n), in the unit of the sums; sparse where the matrix was.
    row_factors, column_factors
        (m,), (n,): r and s, pure numbers. A positive cell was multiplied by r_i s_j, a negative one divided by it.
    rounds
        How often both sides were scaled; :func:`steps` gives the factors of each round.
    row_gap, column_gap
        Largest miss of a row and of a column sum, in the unit of the sums.
    imbalance
        By how much the given sums of rows and columns differ, which no matrix can meet.
    """

    values: Matrix
    row_factors: Vector
    column_factors: Vector
    rounds: int
    row_gap: float
    column_gap: float
    imbalance: float

    @property
    def gap(self) -> float:
        """Largest miss of any sum."""
        return max(self.row_gap, self.column_gap)

    def to_frame(self, rows: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
        """The matrix with its labels, (m, n).

        Raises
        ------
        ParameterError
            When there are more or fewer labels than rows or columns.
        """
        values = self.values if isinstance(self.values, np.ndarray) else self.values.toarray()
        m, n = values.shape
        return pd.DataFrame(values, index=labels_of("row", rows, m), columns=labels_of("column", columns, n))


def ras(
    matrix: ArrayLike | sparse.sparray,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    fixed: ArrayLike | sparse.sparray | None = None,
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
    start = start_matrix(matrix)
    if np.min(cells_of(start), initial=0.0) < 0:
        raise DataError("the matrix has negative cells", fix="Use gras, which keeps their sign")
    return gras(
        start, rows, columns, fixed=fixed, decimals=decimals, tolerance=tolerance, most_rounds=most_rounds, row_labels=row_labels,
        column_labels=column_labels,
    )  # fmt: skip


def gras(
    matrix: ArrayLike | sparse.sparray,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    fixed: ArrayLike | sparse.sparray | None = None,
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
        (m, n), True for cells that keep the value they have in ``matrix``: known ones. The others are balanced to what the known ones leave.
    decimals
        Printed decimals of the sums (negative for figures in tens or thousands); the totals of rows and columns may then differ by what rounding explains, and the sums
        are met but for that.
    tolerance
        Largest miss of a sum, relative to the largest sum that is left to balance; the difference of the two totals comes on top, as no matrix can meet it.
    row_labels, column_labels
        Names for messages; without them rows and columns are numbered from 1.

    Raises
    ------
    DataError
        When the totals differ, or signs or zeros keep a sum from being reached; rows and columns are named.
    ModelError
        When the sums were not met in ``most_rounds`` though a matrix exists: the sum that is missed most, and the cell that shrank most.
    ParameterError
        When an option is out of range, or ``fixed`` or the labels are not of the matrix's shape.
    """
    start = start_matrix(matrix)
    m, n = start.shape
    check_options(tolerance, most_rounds, decimals)
    names_r, names_c = labels_of("row", row_labels, m), labels_of("column", column_labels, n)
    u, v = margin("row", rows), margin("column", columns)
    if (len(u), len(v)) != (m, n):
        raise DataError(
            f"the matrix is {m} x {n}, the sums are {len(u)} and {len(v)}", fix="Give one sum a row and one a column"
        )
    check_totals(u, v, decimals)
    kept: Any = None
    if fixed is not None:
        kept, start = taken_out(start, fixed)
        u, v = left_over(u, kept.sum(axis=1)), left_over(v, kept.sum(axis=0))
    check_signs(start, "row", u, names_r, known=kept is not None)
    check_signs(start, "column", v, names_c, known=kept is not None)
    imbalance = abs(float(u.sum() - v.sum()))
    scale = max(float(np.abs(u).max(initial=0.0)), float(np.abs(v).max(initial=0.0)), np.finfo(float).tiny)
    # Sums that differ in total cannot both be met: the last side scaled is met, the other misses by the difference.
    wanted = tolerance * scale + imbalance
    parts = _parts(start)
    for rounds, (r, s) in enumerate(_rounds(parts, u, v), 1):
        off_r, off_c = _misses(parts, r, s, u, v)
        gaps = float(off_r.max(initial=0.0)), float(off_c.max(initial=0.0))
        if max(gaps) <= wanted:
            break
        if rounds == min(CHECKED_AFTER, most_rounds):
            reason = blocked(start, u, v, names_r, names_c)
            if reason:
                raise DataError(
                    reason if kept is None else f"without the known cells, {reason}",
                    fix="Give a start value to cells that may be non-zero, or correct the sums",
                )
        if rounds >= most_rounds:
            raise _not_met(rounds, start, r, s, off_r, off_c, names_r, names_c)
    values = _scaled(start, r, s)
    return Balanced(
        values=_read_only(values if kept is None else values + kept),
        row_factors=frozen(r),
        column_factors=frozen(s),
        rounds=rounds,
        row_gap=gaps[0],
        column_gap=gaps[1],
        imbalance=imbalance,
    )


def steps(matrix: ArrayLike | sparse.sparray, rows: ArrayLike, columns: ArrayLike) -> Iterator[tuple[Vector, Vector]]:
    """Factors (r, s), (m,) and (n,), after each round of :func:`gras`, columns scaled first; without end, and nothing is checked but the form of the input.

    Parameters
    ----------
    matrix, rows, columns
        (m, n), (m,), (n,), as in :func:`gras`.

    Raises
    ------
    DataError
        When the matrix or a sum is not of numbers.
    """
    return _rounds(_parts(start_matrix(matrix)), margin("row", rows), margin("column", columns))


def _rounds(parts: Parts, rows: Vector, columns: Vector) -> Iterator[tuple[Vector, Vector]]:
    positive, negative = parts
    r = np.ones(len(rows))
    while True:
        s = _factor(columns, positive.T @ r, negative.T @ (1 / r))
        r = _factor(rows, positive @ s, negative @ (1 / s))
        yield r, s


def _parts(matrix: Any) -> Parts:
    """Positive cells, and the size of the negative ones, which are few and so always sparse."""
    if isinstance(matrix, np.ndarray):
        return np.maximum(matrix, 0), sparse.csr_array(np.maximum(-matrix, 0))
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
    if isinstance(matrix, np.ndarray):
        return r[:, None] * positive * s - negative.toarray() / (r[:, None] * s)
    by_row, by_column = sparse.diags_array(r), sparse.diags_array(s)
    return by_row @ positive @ by_column - sparse.diags_array(1 / r) @ negative @ sparse.diags_array(1 / s)


def _misses(parts: Parts, r: Vector, s: Vector, rows: Vector, columns: Vector) -> tuple[Vector, Vector]:
    """By how much each row and column sum is missed."""
    positive, negative = parts
    by_row = r * (positive @ s) - (negative @ (1 / s)) / r
    by_column = s * (positive.T @ r) - (negative.T @ (1 / r)) / s
    return np.abs(by_row - rows), np.abs(by_column - columns)


def _not_met(
    rounds: int, start: Any, r: Vector, s: Vector, off_r: Vector, off_c: Vector, names_r: Sequence[str], names_c: Sequence[str]
) -> ModelError:  # fmt: skip
    in_row = off_r.max(initial=0.0) > off_c.max(initial=0.0)
    worst = f"row {names_r[int(off_r.argmax())]}" if in_row else f"column {names_c[int(off_c.argmax())]}"
    cells = sparse.coo_array(start)
    i, j = cells.coords
    with np.errstate(over="ignore", divide="ignore"):
        shrunk = (r[i] * s[j]) ** np.sign(cells.data)
    at = int(shrunk.argmin())
    return ModelError(
        f"after {rounds:,} rounds {worst} is still missed by {max(off_r.max(), off_c.max()):,.4g}; the cell that shrank most, row {names_r[i[at]]}, column "
        f"{names_c[j[at]]}, is at {shrunk[at]:.2g} of its start",
        fix="Where a cell tends to zero, convergence is slow: set it to zero, or allow a larger tolerance or more rounds",
    )


def _read_only(values: Any) -> Matrix:
    if isinstance(values, np.ndarray):
        return frozen(values)
    found: sparse.csr_array = sparse.csr_array(values)
    found.data.setflags(write=False)
    return found
