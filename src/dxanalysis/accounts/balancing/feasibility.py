"""Whether any matrix with these zeros and signs has these sums, and what blocks it where none has.

A positive cell carries from its row to its column without limit, a negative one from its column to its row; rows bring their sums, columns take theirs. A matrix
exists exactly when the largest flow of this network takes all that is brought (Gale 1957, A theorem on flows in networks, Pacific Journal of Mathematics 7); where it does
not, the smallest cut names rows whose positive cells lie in columns that cannot take them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from dxanalysis.accounts.tables.table import Vector, listing

UNITS: Final = 2e9  # the flow is of 32-bit integers: the sums are told in so many parts of their total
WITHOUT_LIMIT: Final = 2**31 - 1


def blocked(matrix: Any, rows: Vector, columns: Vector, row_labels: Sequence[str], column_labels: Sequence[str]) -> str:
    """Why no matrix with these zeros and signs has these sums, or "" where one exists.

    The integers only find the set of rows and columns; whether it blocks is decided on the sums themselves. A want smaller than about
    (m + n) / 4e9 of the total can be overlooked, never invented.

    Parameters
    ----------
    matrix
        (m, n), dense or sparse: only where it is positive and negative counts.
    rows, columns
        (m,), (n,), of one total but for rounding.
    row_labels, column_labels
        Names for the message.
    """
    cells = sparse.coo_array(matrix)
    at_row, at_column = cells.coords
    m, n = len(rows), len(columns)
    brought = np.concatenate([rows, -columns])
    total = float(brought[brought > 0].sum())
    if total == 0:
        return ""
    parts = np.rint(brought * (UNITS / total)).astype(np.int64)
    plus, source, sink = cells.data > 0, m + n, m + n + 1
    giving, taking = np.flatnonzero(parts > 0), np.flatnonzero(parts < 0)
    tail = np.concatenate([np.where(plus, at_row, m + at_column), np.full(len(giving), source), taking])
    head = np.concatenate([np.where(plus, m + at_column, at_row), giving, np.full(len(taking), sink)])
    limits = np.concatenate([np.full(len(plus), WITHOUT_LIMIT), parts[giving], -parts[taking]]).astype(np.int32)
    network = sparse.csr_array((limits, (tail.astype(np.int32), head.astype(np.int32))), shape=(m + n + 2, m + n + 2))
    left: Any = network - csgraph.maximum_flow(network, source, sink).flow
    left.eliminate_zeros()
    reached = np.zeros(m + n + 2, dtype=np.bool_)
    reached[csgraph.breadth_first_order(left, source, return_predecessors=False)] = True
    in_rows, in_columns = reached[:m], reached[m : m + n]
    # Cells carry without limit, so what is reached from a reached row or column is reached too: it gives nothing to the others.
    too_much = float(rows[in_rows].sum() - columns[in_columns].sum())
    unplaceable = float(columns[~in_columns].sum() - rows[~in_rows].sum())
    if min(too_much, unplaceable) <= 0.5 * abs(too_much - unplaceable) + 1e-12 * total:
        return ""
    if in_rows.sum() + in_columns.sum() <= (m + n) / 2:
        return _said("row", rows, in_rows, row_labels, "column", columns, in_columns, column_labels)
    return _said("column", columns, ~in_columns, column_labels, "row", rows, ~in_rows, row_labels)


def _said(
    side: str, sums: Vector, members: Any, labels: Sequence[str], other: str, others: Vector, limits: Any, names: Sequence[str]
) -> str:  # fmt: skip
    of = [labels[i] for i in np.flatnonzero(members).tolist()]
    within = [names[j] for j in np.flatnonzero(limits).tolist()]
    wanted, place = f"{sums[members].sum():,.6g}", f"{others[limits].sum():,.6g}"
    who = (
        f"{side} {of[0]} must add up to {wanted}"
        if len(of) == 1
        else f"{side}s {listing(of)} together must add up to {wanted}"
    )
    where = f"{other} {within[0]}" if len(within) == 1 else f"{other}s {listing(within)}"
    return f"{who}, but all positive cells there lie in {where}, with place for {place}"
