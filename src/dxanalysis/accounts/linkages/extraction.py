"""Hypothetical extraction: what output and value added would be without the trade of some sectors with the others.

The extracted sectors neither buy from nor sell to the rest, and serve no final demand (Paelinck, de Caevel and Degueldre 1965; Miller and
Lahr 2001, A taxonomy of extractions). The loss is the sectors' own production and what others produce for it: an upper bound of dependence, since nothing
takes their place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dxanalysis.accounts.linkages.solve import leontief, system
from dxanalysis.accounts.tables.table import InputOutputTable, Vector, frozen
from dxanalysis.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extraction:
    """Loss by sector, (n,), in the table's unit: ``output`` and ``value_added``; shares in percent of the economy's value added."""

    sectors: tuple[str, ...]
    extracted: tuple[str, ...]
    output: Vector
    value_added: Vector
    gdp: float

    def __repr__(self) -> str:
        return f"Extraction({', '.join(self.extracted)}: {self.total_share:.2f} percent of value added lost)"

    @property
    def total_share(self) -> float:
        """Value added lost, percent of all."""
        return 100 * float(self.value_added.sum()) / self.gdp

    @property
    def others_share(self) -> float:
        """Value added lost in the other sectors, percent of all."""
        others = [i for i, code in enumerate(self.sectors) if code not in self.extracted]
        return 100 * float(self.value_added[others].sum()) / self.gdp

    def to_frame(self) -> pd.DataFrame:
        """One row a sector."""
        return pd.DataFrame({"sector": self.sectors, "output_lost": self.output, "value_added_lost": self.value_added})


def extract(table: InputOutputTable, codes: tuple[str, ...] | list[str]) -> Extraction:
    """Take sectors out of the economy.

    Raises
    ------
    ParameterError
        When a code is unknown, or none or all sectors are named.
    """
    gone = table.mask(list(codes))
    if not gone.any() or gone.all():
        raise ParameterError(
            "name some of the sectors, not none or all of them", fix="Give the codes of the digital sectors"
        )
    keep = ~gone
    rest = np.flatnonzero(keep)
    left = table.coefficients()[rest][:, rest]
    demand = table.net_final
    before = leontief(table).solve(demand)
    after = np.zeros(table.n)
    after[rest] = system(left, tuple(table.sectors[i] for i in rest)).solve(demand[rest])
    lost = before - after
    return Extraction(
        sectors=table.sectors,
        extracted=tuple(codes),
        output=frozen(lost),
        value_added=frozen(lost * table.value_added_ratio),
        gdp=table.gdp,
    )
