"""Cells whose value is known: taken out before scaling, put back after it (modified RAS)."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from dxanalysis.accounts.tables.table import Vector
from dxanalysis.errors import ParameterError


def taken_out(start: Any, fixed: Any) -> tuple[Any, Any]:
    """The known cells, and the matrix without them."""
    mask: Any = fixed
    if not sparse.issparse(fixed):
        mask = np.asarray(fixed)
    # Values in the place of the mask would be read as True wherever they are not zero.
    if mask.dtype != np.bool_:
        raise ParameterError(
            f"fixed is of {mask.dtype}, not of True and False",
            fix="Put known values into the matrix, and True in their place into fixed",
        )
    if mask.shape != start.shape:
        raise ParameterError(f"fixed is {mask.shape}, the matrix {start.shape}", fix="Give one True or False a cell")
    if not isinstance(start, np.ndarray):
        kept = sparse.csr_array(start.multiply(mask))
        free = sparse.csr_array(start - kept)
        free.eliminate_zeros()
        return kept, free
    whole = mask if isinstance(mask, np.ndarray) else mask.toarray()
    return np.where(whole, start, 0.0), np.where(whole, 0.0, start)


def left_over(sums: Vector, known: Any) -> Vector:
    """What known cells leave of a sum; binary dust of a sum that they fill is none."""
    left = sums - np.asarray(known).ravel()
    return np.asarray(np.where(np.abs(left) <= 1e-12 * np.abs(sums), 0.0, left), dtype=np.float64)
