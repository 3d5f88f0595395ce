"""What is to be balanced, as read: the start matrix, the options, the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from dxanalysis.errors import DataError, ParameterError


def start_matrix(matrix: Any) -> Any:
    """A copy to work on: an array of floats, or a csr_array."""
    thin = sparse.issparse(matrix)
    start: Any = matrix
    try:
        start = sparse.csr_array(start, dtype=np.float64, copy=True) if thin else np.array(start, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("the matrix is not one of numbers", fix="Give equally long rows of numbers") from error
    if start.ndim != 2:
        raise DataError("the matrix has not two dimensions", fix="Give rows and columns")
    if thin:
        start.sum_duplicates()
        start.eliminate_zeros()
    if not np.isfinite(cells_of(start)).all():
        at = sparse.coo_array(start)
        i, j = (int(index[~np.isfinite(at.data)][0]) for index in at.coords)
        raise DataError(
            f"the cell in row {i + 1}, column {j + 1} is missing or infinite",
            fix="Estimate it first: every cell that may be non-zero needs a start value",
        )
    return start


def cells_of(matrix: Any) -> Any:
    """The cells of an array, or the stored ones of a csr_array."""
    return matrix if isinstance(matrix, np.ndarray) else matrix.data


def check_options(tolerance: float, most_rounds: int, decimals: int | None) -> None:
    """Refuse options of :func:`.scaling.gras` that are out of range."""
    if not 0 < tolerance < 1:
        raise ParameterError(
            f"the tolerance is {tolerance:g}", fix="Give a small positive number, a fraction of the largest sum"
        )
    if most_rounds < 1:
        raise ParameterError(f"most_rounds is {most_rounds}", fix="Allow one round or more")
    if decimals is not None and not isinstance(decimals, int | np.integer):
        raise ParameterError(f"decimals is {decimals!r}", fix="Give a whole number of printed decimals")


def labels_of(side: str, labels: Sequence[str] | None, count: int) -> list[str]:
    """Names of rows or columns; without labels they are numbered from 1."""
    names = [str(i + 1) for i in range(count)] if labels is None else [str(label) for label in labels]
    if len(names) != count:
        raise ParameterError(
            f"there are {len(names)} {side} labels for {count} {side}s", fix=f"Give one label a {side}"
        )
    return names
