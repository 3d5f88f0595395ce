"""The Asian Development Bank's framework (2021): value added in digital sectors and in what final demand for digital products draws from the others.

With M = v^ (I-A)^-1 y^ (M_ij: value added earned in i because of final demand for j), e = 1 for digital sectors, r = part of final demand for each product
that is fixed investment bought by digital sectors:

    GDP_dig = e'M'i (backward) + i'M'e (forward) - diag(M)'e (counted twice) + (i-e)' M r^ (i-e) (upstream of the digital sectors' investment)

ADB (2021), Capturing the Digital Economy; equation as printed in ADB (2026), Measuring the Digital Economy of Mongolia. The printed third term takes off the
diagonal only; with two or more digital sectors the cells between them stay counted twice, and exact inclusion-exclusion takes off e'Me.

M is never made: what final demand for digital products needs is one solution of the system, which gives the backward term and e'Me; the diagonal needs one for
each digital sector.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from dxanalysis.accounts.linkages.solve import Leontief, leontief, system
from dxanalysis.accounts.measures.industry import checked_weights
from dxanalysis.accounts.tables.table import InputOutputTable, Matrix, Vector
from dxanalysis.errors import DataError

BLOCK = 64  # right-hand sides solved together for the diagonal


@dataclass(frozen=True, slots=True, kw_only=True)
class AdbTerms:
    """The terms, in the table's unit, and the value added they are shares of.

    ``backward``: value added of all sectors in final demand for digital products. ``forward``: value added of the digital sectors. ``diagonal``: what the
    printed form takes off. ``block``: value added of digital sectors in final demand for digital products. ``investment``: value added of other
    sectors in other products that digital sectors invest in; 0 where the investment is not given. ``merged``: the measure with the digital sectors made one before.
    """

    backward: float
    forward: float
    diagonal: float
    block: float
    investment: float
    merged: float
    gdp: float

    @property
    def printed(self) -> float:
        """The equation as printed, percent of value added."""
        return 100 * (self.backward + self.forward - self.diagonal + self.investment) / self.gdp

    @property
    def exact(self) -> float:
        """By inclusion-exclusion, percent of value added."""
        return 100 * (self.backward + self.forward - self.block + self.investment) / self.gdp

    @property
    def merged_share(self) -> float:
        """With the digital sectors merged into one before, percent of value added."""
        return 100 * (self.merged + self.investment) / self.gdp

    def share_of(self, value: float) -> float:
        """A term as percent of value added."""
        return 100 * value / self.gdp


def adb_terms(
    table: InputOutputTable, weights: Vector, *, investment: Vector | None = None, solver: Leontief | None = None
) -> AdbTerms:
    """All terms of the framework.

    Parameters
    ----------
    table
        Domestic or competitive; of a competitive table final demand net of imports is used, which may be negative.
    weights
        (n,): digital part of each sector, fraction in [0, 1]. A sector that is digital in part counts as if it were divided into a digital and another
        sector of the same structure.
    investment
        (n,): fixed investment of the digital sectors by product, in the table's unit. None: the fourth term is 0.
    solver
        The table's Leontief system where it is at hand.

    Raises
    ------
    ParameterError
        When a weight is not in [0, 1], or there is not one a sector.
    DataError
        When the investment has the wrong shape, is negative, or more than all investment in the product.
    """
    weights = checked_weights(table, weights)
    left = solver or leontief(table)
    backward, forward, block = _exact(table, left, weights)
    return AdbTerms(
        backward=backward,
        forward=forward,
        diagonal=_diagonal(left, table.value_added_ratio, table.net_final, weights),
        block=block,
        investment=0.0 if investment is None else _investment(table, left, weights, investment),
        merged=_merged(table, weights) if np.count_nonzero(weights) > 1 else backward + forward - block,
        gdp=table.gdp,
    )


def adb_exact(
    table: InputOutputTable, weights: Vector, *, investment: Vector | None = None, solver: Leontief | None = None
) -> float:
    """The measure by inclusion-exclusion, percent of value added: one solution of the system, whatever the number of digital sectors.

    Parameters and errors as :func:`adb_terms`, which gives every term and the other forms too.
    """
    weights = checked_weights(table, weights)
    left = solver or leontief(table)
    backward, forward, block = _exact(table, left, weights)
    invested = 0.0 if investment is None else _investment(table, left, weights, investment)
    return 100 * (backward + forward - block + invested) / table.gdp


def embodied(table: InputOutputTable, *, solver: Leontief | None = None) -> Vector:
    """M = v^ (I-A)^-1 y^, (n, n), in the table's unit: rows earn, columns are the final demand they earn it by; it adds up to GDP.

    For pictures and small tables; :func:`adb_terms` needs it not.
    """
    left = solver or leontief(table)
    solved: Vector = left.solve(np.diag(table.net_final))
    return np.asarray(table.value_added_ratio[:, None] * solved, dtype=np.float64)


def _exact(table: InputOutputTable, left: Leontief, weights: Vector) -> tuple[float, float, float]:
    ratio = table.value_added_ratio
    own = table.net_final * weights
    spread = left.solve(own) - own  # output that digital final demand needs beyond itself
    backward = float(ratio @ own + ratio @ spread)
    block = float(ratio @ own + (ratio * weights) @ spread)
    return backward, float(table.gross_value_added @ weights), block


def _diagonal(left: Leontief, ratio: Vector, demand: Vector, weights: Vector) -> float:
    digital, total = np.flatnonzero(weights), 0.0
    for first in range(0, len(digital), BLOCK):
        some = digital[first : first + BLOCK]
        right = np.zeros((len(weights), len(some)))
        right[some, np.arange(len(some))] = 1.0
        beyond = left.solve(right)[some, np.arange(len(some))] - 1.0
        total += float((ratio[some] * demand[some] * weights[some]) @ (1.0 + weights[some] * beyond))
    return total


def _investment(table: InputOutputTable, left: Leontief, weights: Vector, investment: Vector) -> float:
    bought = np.asarray(investment, dtype=np.float64)
    if bought.shape != (table.n,):
        raise DataError(
            f"investment of the digital sectors has the shape {bought.shape}, not ({table.n},)",
            fix="Give one figure a product",
        )
    most = table.demand("investment")
    wrong = np.flatnonzero((bought < 0) | (bought > most * (1 + 1e-9)))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"digital sectors invest {bought[i]:,.6g} in {table.sectors[i]}, all sectors {most[i]:,.6g}",
            fix="Give the digital sectors' part of fixed investment, in the table's unit",
        )
    ratio, others = table.value_added_ratio, bought * (1 - weights)
    spread = left.solve(others) - others
    return float(ratio @ others + (ratio * (1 - weights)) @ spread)


def _merged(table: InputOutputTable, weights: Vector) -> float:
    """Backward and forward value added less the overlap, after the digital sectors were made one."""
    chosen = np.flatnonzero(weights)
    rest = np.setdiff1d(np.arange(table.n), chosen)
    # Columns of the merger: every other sector keeps its own, the digital parts share the last two: digital, and what is left of those divided.
    rows = np.concatenate([rest, chosen, chosen])
    parts = weights[chosen]
    columns = np.concatenate(
        [np.arange(len(rest)), np.full(len(chosen), len(rest)), len(rest) + 1 + np.arange(len(chosen))]
    )
    values = np.concatenate([np.ones(len(rest)), parts, 1 - parts])
    merge = sparse.csr_array((values, (rows, columns)), shape=(table.n, len(rest) + 1 + len(chosen)))
    keep = np.asarray(merge.sum(axis=0)).ravel() > 0
    merge = sparse.csr_array(merge[:, keep])
    digital = len(rest)
    flows: Any = merge.T @ table.flows @ merge
    output, gross, demand = (
        np.asarray(merge.T @ column) for column in (table.output, table.gross_value_added, table.net_final)
    )
    inverse = np.divide(1.0, output, out=np.zeros(len(output)), where=output != 0)
    scaled = flows @ sparse.diags_array(inverse)
    coefficients: Matrix = scaled if isinstance(scaled, np.ndarray) else sparse.csr_array(scaled)
    left = system(coefficients)
    need = np.zeros(len(output))
    need[digital] = demand[digital]
    ratio = gross * inverse
    spread = left.solve(need)
    return float(ratio @ spread + gross[digital] - ratio[digital] * spread[digital])
