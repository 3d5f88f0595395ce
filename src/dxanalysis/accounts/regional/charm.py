"""Cross-hauling: a region exports and imports the same kind of product at once (Kronenberg 2009, International Regional Science Review 32).

With output x, intermediate use z and domestic final use d of product i, imports included, exports E and imports M:

    h_i = (E + M - |E - M|)_i / (x + z + d)_i                       heterogeneity of the product, from the nation
    b   = x^R - z^R - d^R,   q = h (x^R + z^R + d^R)                balance and cross-hauling of the region
    exports = (q + |b| + b) / 2,   imports = (q + |b| - b) / 2

It needs use that counts imported products: a competitive table. Trade is with the rest of the nation and abroad together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.accounts.tables.table import InputOutputTable, Vector, frozen
from dxanalysis.errors import DataError, ParameterError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionalTrade:
    """Trade of a region by product, (n,), in the unit of the region's figures.

    ``heterogeneity`` is a fraction; ``exports - imports`` is ``balance`` and the lesser of the two half of ``cross_hauling``.
    """

    sectors: tuple[str, ...]
    heterogeneity: Vector
    balance: Vector
    cross_hauling: Vector
    exports: Vector
    imports: Vector

    def to_frame(self) -> pd.DataFrame:
        """One row a product."""
        return pd.DataFrame(
            {
                "heterogeneity": self.heterogeneity,
                "balance": self.balance,
                "cross_hauling": self.cross_hauling,
                "exports": self.exports,
                "imports": self.imports,
            },
            index=pd.Index(self.sectors, name="sector"),
        )


def heterogeneity(table: InputOutputTable) -> Vector:
    """Heterogeneity of each product in the nation's trade, (n,), fraction; 0 where the product is only exported or only imported.

    Raises
    ------
    ParameterError
        When the table is domestic: its use leaves imports out.
    DataError
        When exports or imports of a product are negative.
    """
    if table.layout != "competitive":
        raise ParameterError(
            f"the table of {table.region} {table.year} is domestic, and cross-hauling needs use with imports",
            fix="Give the competitive table (use of domestic and imported products together, imports by product)",
        )
    exports, imports = table.demand("exports"), table.imports
    for what, values in (("exports", exports), ("imports", imports)):
        wrong = np.flatnonzero(values < 0)
        if len(wrong):
            raise DataError(
                f"{what} of {table.sectors[int(wrong[0])]} are {values[int(wrong[0])]:,.6g}",
                fix="Take adjustment entries out of exports and imports first",
            )
    flows, used = table.flows, np.asarray(table.final.sum(axis=1) - exports)
    size = table.output + np.asarray(flows.sum(axis=1)).ravel() + used
    both = exports + imports - np.abs(exports - imports)
    return np.asarray(np.divide(both, size, out=np.zeros(table.n), where=size > 0), dtype=np.float64)


def charm(
    table: InputOutputTable, *, output: ArrayLike, intermediate_use: ArrayLike, final_use: ArrayLike
) -> RegionalTrade:
    """Exports and imports of a region, with cross-hauling as heterogeneous as the nation's.

    Parameters
    ----------
    table
        The nation, competitive.
    output, intermediate_use, final_use
        (n,): the region's output of each product, its use as input, and its final use without exports; imports included in use. In one unit.

    Raises
    ------
    ParameterError
        When the table is domestic.
    DataError
        When shapes do not fit, a figure is missing, or output or the sum of output and use is negative.
    """
    rate = heterogeneity(table)
    made = []
    for what, values in (("output", output), ("intermediate_use", intermediate_use), ("final_use", final_use)):
        one = np.asarray(values, dtype=np.float64)
        if one.shape != (table.n,) or not np.isfinite(one).all():
            raise DataError(
                f"{what}: {one.shape} figures for {table.n} products, or one is missing", fix="Give one a product"
            )
        made.append(one)
    supply, inputs, final = made
    size = supply + inputs + final
    wrong = np.flatnonzero((supply < 0) | (size < 0))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"product {table.sectors[i]}: output {supply[i]:,.6g}, output and use together {size[i]:,.6g}",
            fix="Output is not negative; a fall of inventories larger than all use belongs into output",
        )
    balance, crossed = supply - inputs - final, rate * size
    return RegionalTrade(
        sectors=table.sectors,
        heterogeneity=frozen(rate),
        balance=frozen(balance),
        cross_hauling=frozen(crossed),
        exports=frozen((crossed + np.abs(balance) + balance) / 2),
        imports=frozen((crossed + np.abs(balance) - balance) / 2),
    )
