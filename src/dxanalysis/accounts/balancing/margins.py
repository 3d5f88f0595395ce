"""Row and column sums to balance to: whether they are of one total, and whether signs and zeros can reach them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, sparse

from dxanalysis.accounts.tables.table import Vector, listing
from dxanalysis.errors import DataError, ParameterError

EXACT: Final = 1e-9  # relative gap of the two totals that binary fractions explain


def match_margins(
    rows: ArrayLike, columns: ArrayLike, *, keep: Literal["rows", "columns"]
) -> tuple[Vector, Vector, float]:
    """Scale one side so that both add up to the same.

    Returns
    -------
    tuple
        Row sums, column sums, and the factor the changed side was multiplied by.

    Raises
    ------
    DataError
        When the totals differ in sign or one is zero: scaling cannot help.
    """
    r, c = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    if r.sum() * c.sum() <= 0:
        raise DataError(
            f"rows add up to {r.sum():,.6g}, columns to {c.sum():,.6g}: no factor brings them together",
            fix="Look for a missing or wrongly signed margin",
        )
    if keep == "rows":
        factor = float(r.sum() / c.sum())
        return r, c * factor, factor
    if keep != "columns":
        raise ParameterError(f"keep={keep!r} is unknown", fix="Keep 'rows' or 'columns'")
    factor = float(c.sum() / r.sum())
    return r * factor, c, factor


def check_margins(
    matrix: Any,
    rows: Vector,
    columns: Vector,
    decimals: int | None,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
) -> float:
    """Check shape, totals and signs; return the gap of the two totals.

    Raises
    ------
    DataError
        When shapes or totals do not fit, or a row or column cannot reach its sum by its signs.
    """
    if matrix.shape != (len(rows), len(columns)):
        raise DataError(
            f"the matrix is {matrix.shape[0]} x {matrix.shape[1]}, the sums are {len(rows)} and {len(columns)}",
            fix="Give one sum a row and one a column",
        )
    cells = matrix if isinstance(matrix, np.ndarray) else matrix.data
    if not (np.isfinite(cells).all() and np.isfinite(rows).all() and np.isfinite(columns).all()):
        raise DataError(
            "a cell or a sum is missing", fix="Estimate it first, or fix the known cells and leave it at a start value"
        )
    gap = abs(float(rows.sum() - columns.sum()))
    size = max(float(np.abs(rows).sum()), float(np.abs(columns).sum()))
    allowed = (
        EXACT * size if decimals is None else max(EXACT * size, 0.5 * 10.0**-decimals * (len(rows) + len(columns)))
    )
    if gap > allowed:
        raise DataError(
            f"rows add up to {rows.sum():,.9g}, columns to {columns.sum():,.9g}: {gap:,.4g} apart, rounding explains {allowed:,.3g}",
            fix="Give the printed decimals, or say which side counts: match_margins(rows, columns, keep='rows')",
        )
    for side, sums, labels, axis in (("row", rows, row_labels, 1), ("column", columns, column_labels, 0)):
        some_plus = np.asarray((matrix > 0).sum(axis=axis)).ravel() > 0
        some_minus = np.asarray((matrix < 0).sum(axis=axis)).ravel() > 0
        wrong = np.flatnonzero(
            ((sums > 0) & ~some_plus) | ((sums < 0) & ~some_minus) | ((sums == 0) & (some_plus != some_minus))
        )
        if len(wrong):
            at = int(wrong[0])
            what = (
                "no cell"
                if not (some_plus[at] or some_minus[at])
                else "only negative cells"
                if some_minus[at]
                else "only positive cells"
            )
            raise DataError(
                f"{side} {labels[at]} has {what} and must add up to {sums[at]:,.6g}",
                fix="Scaling keeps zeros and signs: give the row or column a start value of the right sign, or correct its sum",
            )
    return gap


def blocked(matrix: Any, rows: Vector, columns: Vector, row_labels: Sequence[str], column_labels: Sequence[str]) -> str:
    """Why no matrix with these zeros has these sums, or "" where one exists.

    A linear programme (HiGHS) looks for any matrix with the same signs; where there is none its certificate names rows whose cells lie in columns too small for them.
    """
    at_rows, at_columns = (np.asarray(index) for index in matrix.nonzero())
    signs = np.sign(np.asarray(matrix[at_rows, at_columns]).ravel())
    m, n, cells = len(rows), len(columns), len(signs)
    # Slack on every sum: what cannot be reached.
    left: Any = sparse.hstack(
        [
            sparse.vstack(
                [
                    sparse.csr_array((signs, (at_rows, np.arange(cells))), shape=(m, cells)),
                    sparse.csr_array((signs, (at_columns, np.arange(cells))), shape=(n, cells)),
                ]
            ),
            sparse.eye_array(m + n),
            -sparse.eye_array(m + n),
        ]
    )
    cost = np.concatenate([np.zeros(cells), np.ones(2 * (m + n))])
    solved = optimize.linprog(cost, A_eq=left, b_eq=np.concatenate([rows, columns]), bounds=(0, None), method="highs")
    size = float(np.abs(rows).sum())
    missed = 0.0 if solved.status != 0 or solved.fun is None else float(solved.fun)
    if missed <= 1e-7 * size:
        return ""
    prices = np.asarray(solved.eqlin.marginals)
    stuck_rows = [row_labels[i] for i in np.flatnonzero(prices[:m] > 0.5).tolist()]
    stuck_columns = [column_labels[j] for j in np.flatnonzero(prices[m:] > 0.5).tolist()]
    named = [f"rows {listing(stuck_rows)}"] if stuck_rows else []
    named += [f"columns {listing(stuck_columns)}"] if stuck_columns else []
    return f"at least {missed / 2:,.4g} of the sums cannot be placed: too much must go into too few cells of {' and '.join(named) or 'the matrix'}"
