"""Row and column sums to balance to: read, held against each other, and against the signs of the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dxanalysis.accounts.tables.table import Vector
from dxanalysis.errors import DataError, ParameterError

EXACT: Final = 1e-9  # relative gap of the two totals that binary fractions explain


def match_margins(
    rows: ArrayLike, columns: ArrayLike, *, keep: Literal["rows", "columns"]
) -> tuple[Vector, Vector, float]:
    """Scale one side so that both add up to the same.

    Parameters
    ----------
    rows, columns
        (m,), (n,): sums in one unit.
    keep
        The side that stays as it is.

    Returns
    -------
    tuple
        Row sums, column sums, and the factor the changed side was multiplied by.

    Raises
    ------
    DataError
        When the totals differ in sign or one is zero (scaling cannot help), or a sum is missing.
    ParameterError
        When ``keep`` is neither side.
    """
    if keep not in ("rows", "columns"):
        raise ParameterError(f"keep={keep!r} is unknown", fix="Keep 'rows' or 'columns'")
    r, c = margin("row", rows), margin("column", columns)
    of_rows, of_columns = float(r.sum()), float(c.sum())
    if of_rows == 0 or of_columns == 0 or (of_rows > 0) != (of_columns > 0):
        raise DataError(
            f"rows add up to {of_rows:,.6g}, columns to {of_columns:,.6g}: no factor brings them together",
            fix="Look for a missing or wrongly signed margin",
        )
    factor = of_rows / of_columns if keep == "rows" else of_columns / of_rows
    return (r, c * factor, factor) if keep == "rows" else (r * factor, c, factor)


def margin(side: str, sums: ArrayLike) -> Vector:
    """Row or column sums as a vector of their own.

    Raises
    ------
    DataError
        When they are not a list of numbers, or one is missing; the place is named.
    """
    try:
        found = np.array(sums, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"the {side} sums are not numbers", fix=f"Give one number a {side}") from error
    if found.ndim != 1:
        raise DataError(f"the {side} sums have {found.ndim} dimensions", fix=f"Give one number a {side}")
    missing = np.flatnonzero(~np.isfinite(found))
    if len(missing):
        raise DataError(f"sum {missing[0] + 1} of the {side}s is missing or infinite", fix="Estimate it first")
    return found


def check_totals(rows: Vector, columns: Vector, decimals: int | None) -> None:
    """Refuse totals that are further apart than the printed decimals explain: half a unit of the last decimal for each sum.

    Raises
    ------
    DataError
        With both totals, their gap, and what would have been allowed.
    """
    gap = abs(float(rows.sum() - columns.sum()))
    allowed = EXACT * max(float(np.abs(rows).sum()), float(np.abs(columns).sum()))
    if decimals is not None:
        allowed = max(allowed, 0.5 * 10.0**-decimals * (len(rows) + len(columns)))
    if gap > allowed:
        raise DataError(
            f"rows add up to {rows.sum():,.9g}, columns to {columns.sum():,.9g}: {gap:,.4g} apart, rounding explains {allowed:,.3g}",
            fix="Give the printed decimals, or say which side counts: match_margins(rows, columns, keep='rows')",
        )


def check_signs(
    matrix: Any, side: Literal["row", "column"], sums: Vector, labels: Sequence[str], *, known: bool
) -> None:
    """Refuse a row or column whose cells are not of the sign that its sum needs.

    Parameters
    ----------
    matrix
        (m, n), dense or sparse, without the known cells.
    side, sums, labels
        Which side is looked at, what it must add up to, and its names.
    known
        Whether known cells were taken off, so that the message says so.

    Raises
    ------
    DataError
        With the first such row or column.
    """
    axis = 1 if side == "row" else 0
    plus = np.asarray((matrix > 0).sum(axis=axis)).ravel() > 0
    minus = np.asarray((matrix < 0).sum(axis=axis)).ravel() > 0
    wrong = np.flatnonzero(((sums > 0) & ~plus) | ((sums < 0) & ~minus) | ((sums == 0) & (plus != minus)))
    if not len(wrong):
        return
    at = int(wrong[0])
    has = "only negative cells" if minus[at] else "only positive cells" if plus[at] else "no cell"
    fix = (
        f"Set the cells of the {side} to zero if it is to be empty, or correct its sum"
        if sums[at] == 0
        else f"Scaling keeps zeros and signs: give the {side} a start value of the right sign, or correct its sum"
    )
    raise DataError(
        f"{side} {labels[at]} has {has} and must add up to {sums[at]:,.6g}{' without its known cells' if known else ''}",
        fix=fix + " or its known cells" if known else fix,
    )
