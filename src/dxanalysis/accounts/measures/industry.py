"""Measures that need value added by industry only, or one ratio an industry more.

* Direct: value added of the digital industries over that of all.
* BEA ratio: value added of every industry times the digital part of its gross output, the same intermediate ratio for all products of an industry
  (Barefoot and others 2018, Defining and Measuring the Digital Economy).
* Input coefficient: core industries, and of every other industry's value added the part that digital products have in its inputs (the rule of the
  National Statistics Office of Viet Nam as published: core, and the digitalised part by use of digital products; Dang and others 2024).
* Growth accounting: core industries, and of every other industry's value added the income share of its ICT capital (the type of measure that the China Academy of
  Information and Communications Technology publishes). An upper bound that rests on a production function, never an observed share.

All shares are percent of value added; weights and ratios are fractions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dxanalysis.accounts.tables.table import InputOutputTable, Vector
from dxanalysis.errors import DataError, ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreAndRest:
    """Share of the core industries and of the digitalised part of the others, percent of value added."""

    core: float
    digitalised: float

    @property
    def total(self) -> float:
        """Core and digitalised part, percent."""
        return self.core + self.digitalised


def direct_share(table: InputOutputTable, weights: Vector) -> float:
    """Value added of the digital sectors, percent of all; ``weights`` (n,) are fractions."""
    return 100 * float(table.gross_value_added @ checked_weights(table, weights)) / table.gdp


def ratio_share(table: InputOutputTable, digital_output: Vector) -> float:
    """Value added by the digital part of each industry's gross output, percent of all.

    Parameters
    ----------
    digital_output
        (n,): output of digital products by each industry, in the table's unit: row sums of a supply (make) table over the digital products.

    Raises
    ------
    DataError
        When an industry makes more digital products than it makes at all, or less than none.
    """
    made = _vector(table, digital_output, "output of digital products")
    wrong = np.flatnonzero((made < 0) | (made > table.output * (1 + 1e-9)))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"industry {table.sectors[i]} makes digital products of {made[i]:,.6g} in an output of {table.output[i]:,.6g}",
            fix="Give the digital part of each industry's output, in the table's unit",
        )
    part = np.divide(made, table.output, out=np.zeros(table.n), where=table.output > 0)
    return direct_share(table, np.minimum(part, 1.0))


def input_coefficient_share(table: InputOutputTable, weights: Vector) -> CoreAndRest:
    """Core industries, and the digitalised part of the others by their inputs of digital products.

    Coefficient of industry j: inputs of digital products over all intermediate inputs of j, domestic and imported where the table shows imports by product. In a domestic
    table the imported inputs are not known by product: the domestic mix stands for them.
    """
    coefficient = input_coefficients(table, weights)
    return CoreAndRest(core=direct_share(table, weights), digitalised=direct_share(table, coefficient * (1 - weights)))


def input_coefficients(table: InputOutputTable, weights: Vector) -> Vector:
    """(n,): inputs of digital products over all intermediate inputs of each industry, fraction; 0 where there are no inputs."""
    digital = np.asarray(table.flows.T @ weights)
    inputs = np.asarray(table.flows.sum(axis=0)).ravel()
    return np.asarray(np.divide(digital, inputs, out=np.zeros(table.n), where=inputs > 0), dtype=np.float64)


def growth_accounting_share(table: InputOutputTable, weights: Vector, ict_income: Vector) -> CoreAndRest:
    """Core industries, and the income share of ICT capital in the others: a model-based upper bound.

    Parameters
    ----------
    ict_income
        (n,): part of each industry's value added that its ICT capital earns, fraction in [0, 1]: user cost times stock over value added, see
        :mod:`dxanalysis.accounts.growth`. Needed by every industry outside the core.

    Raises
    ------
    DataError
        When a share is not a fraction.
    """
    income = _vector(table, ict_income, "income shares of ICT capital")
    wrong = np.flatnonzero((income < 0) | (income > 1))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"ICT capital earns {income[i]:g} of the value added of {table.sectors[i]}",
            fix="Give a fraction from 0 to 1; 4 percent is 0.04",
        )
    return CoreAndRest(core=direct_share(table, weights), digitalised=direct_share(table, income * (1 - weights)))


def checked_weights(table: InputOutputTable, weights: Vector) -> Vector:
    """Weights of a table's sectors, (n,), each a fraction.

    Raises
    ------
    ParameterError
        When one is not in [0, 1], or the length is another.
    """
    made = np.asarray(weights, dtype=np.float64)
    if made.shape != (table.n,):
        raise ParameterError(f"there are {made.shape} weights for {table.n} sectors", fix="Give one weight a sector")
    wrong = np.flatnonzero(~((made >= 0) & (made <= 1)))
    if len(wrong):
        i = int(wrong[0])
        raise ParameterError(
            f"sector {table.sectors[i]} has the weight {made[i]:g}", fix="A weight is a fraction from 0 to 1"
        )
    return made


def _vector(table: InputOutputTable, values: Vector, what: str) -> Vector:
    made = np.asarray(values, dtype=np.float64)
    if made.shape != (table.n,) or not np.isfinite(made).all():
        raise DataError(
            f"{what}: {made.shape} figures for {table.n} sectors, or one is missing",
            fix="Give one figure a sector, in the table's order",
        )
    return made
