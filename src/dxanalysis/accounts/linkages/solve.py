"""The Leontief system (I - A) x = y, solved and never inverted.

A full matrix, or a small one, is factored once (LU). A large one of which only the cells are kept is solved round by round, x = y + A y + A^2 y + ...: the rounds
in which demand passes through the suppliers. A table whose value added is positive converges in some dozens of rounds, each one product with A, which
costs what A has cells. Miller and Blair, Input-Output Analysis (2009), section 2.4. Where the rounds do not settle, the system is factored after all.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import linalg as sparse_linalg

from dxanalysis.accounts.tables.table import InputOutputTable, Matrix, Vector
from dxanalysis.errors import ModelError

FACTORED: Final = 1000  # sectors up to which a matrix kept by its cells is factored as a full one
ROUNDS: Final = 600
SINGULAR: Final = 1e-14  # reciprocal condition number from which a solution has no correct digit
SETTLED: Final = 1e-14  # of the largest entry; below it a further round changes only the last bit


@dataclass(frozen=True, slots=True, eq=False)
class Leontief:
    """(I - A), ready to be solved for any demand.

    ``coefficients`` is A, (n, n), fraction; ``factors`` its LU factorisation where it was factored, else None.
    """

    coefficients: Matrix
    factors: tuple[NDArray[np.float64], NDArray[np.int32]] | None

    def solve(self, demand: Vector) -> Vector:
        """Output that a demand needs: x of (I - A) x = demand; demand is (n,) or (n, m).

        Raises
        ------
        ModelError
            When the system has no finite solution.
        """
        return self._solve(demand, transposed=False)

    def solve_transposed(self, prices: Vector) -> Vector:
        """Multipliers m' = prices' (I - A)^-1: prices is (n,) or (n, m), value per unit of output."""
        return self._solve(prices, transposed=True)

    def _solve(self, right: Vector, *, transposed: bool) -> Vector:
        if self.factors is not None:
            return np.asarray(linalg.lu_solve(self.factors, right, trans=1 if transposed else 0), dtype=np.float64)
        matrix = self.coefficients.T if transposed else self.coefficients
        total, wave = right.copy(), right
        size = float(np.abs(right).max(initial=0.0))
        for _ in range(ROUNDS):
            wave = np.asarray(matrix @ wave)
            total += wave
            left = float(np.abs(wave).max(initial=0.0))
            if left <= SETTLED * max(size, float(np.abs(total).max(initial=0.0))):
                return total
            if not np.isfinite(left):
                break
        return _factored(matrix, right)


def leontief(table: InputOutputTable) -> Leontief:
    """The Leontief system of a table.

    Raises
    ------
    ModelError
        When the system of a small table is singular: an industry, or a closed group of them, uses up all it makes.
    """
    return system(table.coefficients(), table.sectors)


def system(coefficients: Matrix, sectors: tuple[str, ...] = ()) -> Leontief:
    """(I - A) for given coefficients; ``sectors`` name what is wrong in an error."""
    n = coefficients.shape[0]
    if n > FACTORED and sparse.issparse(coefficients):
        return Leontief(coefficients, None)
    dense = coefficients.toarray() if sparse.issparse(coefficients) else coefficients
    left = np.eye(n) - dense
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", linalg.LinAlgWarning)  # an exactly singular matrix: told below, with the sector
        lu, pivots = linalg.lu_factor(left, check_finite=False)
    nearness, _ = linalg.lapack.dgecon(lu, np.abs(left).sum(axis=0).max(initial=0.0))
    if not nearness > SINGULAR:
        columns = dense.sum(axis=0)
        worst = int(columns.argmax()) if n else 0
        name = sectors[worst] if sectors else str(worst)
        raise ModelError(
            f"the table has no Leontief inverse: sector {name} uses inputs of {columns[worst]:.4g} per unit of its output",
            fix="A sector, or a closed group of sectors, that uses up all it makes has no value added: add it to another sector",
        )
    return Leontief(coefficients, (lu, pivots))


def _factored(matrix: Any, right: Vector) -> Vector:
    n, spare = matrix.shape[0], sparse.issparse(matrix)
    solved: Any
    if spare:
        left: Any = sparse.eye_array(n) - matrix
        solved = sparse_linalg.splu(left.tocsc()).solve(right)
    else:
        solved = linalg.solve(np.eye(n) - matrix, right, overwrite_a=True, check_finite=False)
    if not np.isfinite(solved).all():
        raise ModelError(
            "the table has no Leontief inverse",
            fix="A closed group of sectors uses up all it makes; add them to sectors that have value added",
        )
    return np.asarray(solved, dtype=np.float64)
