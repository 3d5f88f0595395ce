"""Smooth paths under fixed totals: one sparse symmetric system solves every method here.

The path z that makes z'Pz - 2 t'z least while Cz = y solves, with multipliers l,

    [ P  C' ] [ z ]   [ t ]
    [ C  0  ] [ l ] = [ y ].

With P the inverse of a covariance matrix S and t = 0 this is generalised least squares in disguise: z = S C' V^-1 y and l = -V^-1 y with
V = C S C', and the upper left block of the inverse is S - S C' V^-1 C S, the variance of a path whose totals are known. P is banded, so
a path costs time in proportion to its length, and its variances in proportion to the square; neither S nor V is ever formed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import block_array, csc_array
from scipy.sparse.linalg import SuperLU, splu

Array = np.ndarray[Any, np.dtype[np.float64]]

_COLUMNS: Final = 256  # of the inverse held at a time, so that its diagonal needs no n x n memory


@dataclass(frozen=True, slots=True)
class Constrained:
    """Factor of the system above; ``n`` periods, ``m`` totals."""

    factor: SuperLU
    n: int
    m: int

    @classmethod
    def of(cls, penalty: csc_array, totals: csc_array) -> Constrained:
        """Factor the system for a penalty P, shape (n, n), and totals C, shape (m, n)."""
        m, n = totals.shape
        return cls(splu(block_array([[penalty, totals.T], [totals, None]], format="csc")), n, m)

    def path(self, target: Array, values: Array) -> Array:
        """The path z, shape (n,), for t, shape (n,), and y, shape (m,)."""
        solved: Array = self.factor.solve(np.concatenate([target, values]))
        return solved[: self.n]

    def spread(self, values: Array) -> tuple[Array, Array]:
        """S C' V^-1 y and V^-1 y, shapes (n, k) and (m, k), for the columns of y, shape (m, k)."""
        solved: Array = self.factor.solve(np.vstack([np.zeros((self.n, values.shape[1])), values]))
        return solved[: self.n], -solved[self.n :]

    def log_determinant(self) -> float:
        """Log of the absolute determinant, which is log det V + log det P."""
        return float(np.log(np.abs(self.factor.U.diagonal())).sum())

    def variance(self) -> Array:
        """Diagonal of S - S C' V^-1 C S, shape (n,)."""
        diagonal = np.empty(self.n)
        for first in range(0, self.n, _COLUMNS):
            places = np.arange(first, min(first + _COLUMNS, self.n))
            unit = np.zeros((self.n + self.m, len(places)))
            unit[places, np.arange(len(places))] = 1.0
            diagonal[places] = self.factor.solve(unit)[places, np.arange(len(places))]
        return np.maximum(diagonal, 0.0)  # rounding leaves -1e-17 where a period is a total itself
