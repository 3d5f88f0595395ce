"""Growth of labour productivity within industries, by labour moving between them, and by both at once.

With productivity p_i = Y_i / L_i, labour shares s_i and P = sum s_i p_i: change of P = sum s0 (p1 - p0) + sum (s1 - s0) p0 + sum (s1 - s0)(p1 - p0)
(Fabricant 1942, Employment in Manufacturing; McMillan and Rodrik 2011, Globalization, Structural Change and Productivity Growth).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.accounts.growth.grid import cells, checked_names
from dxanalysis.accounts.tables.table import Vector, frozen
from dxanalysis.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductivityChange:
    """Growth of output per unit of labour, by industry and kind.

    Attributes
    ----------
    industries
        (n,).
    within, between, interaction
        (n,): percentage points of the growth of the whole's productivity.
    growth
        Growth of the whole's productivity, percent; the three add up to it.
    """

    industries: tuple[str, ...]
    within: Vector
    between: Vector
    interaction: Vector
    growth: float

    def to_frame(self) -> pd.DataFrame:
        """One row an industry and a last row ``total``: ``within``, ``between``, ``interaction``, ``sum`` (percentage points)."""
        return self._frame(self.industries, self.industries)

    def by_group(self, groups: Mapping[str, str]) -> pd.DataFrame:
        """The same added up over groups, such as digital and other; ``within`` of a group is that within its industries.

        Parameters
        ----------
        groups
            Group of each industry.

        Raises
        ------
        ParameterError
            When an industry has no group, or a group is given for an unknown one.
        """
        strange = sorted(set(groups) ^ set(self.industries))
        if strange:
            known = strange[0] in self.industries
            raise ParameterError(
                f"industry {strange[0]!r} {'has no group' if known else 'is not among the industries'}",
                fix="Give one group for each industry",
            )
        owners = [groups[name] for name in self.industries]
        return self._frame(tuple(dict.fromkeys(owners)), owners)

    def _frame(self, names: Sequence[str], owners: Sequence[str]) -> pd.DataFrame:
        belongs = np.array([[owner == name for owner in owners] for name in names], dtype=np.float64)
        parts = np.vstack([self.within, self.between, self.interaction])
        rows = np.vstack([belongs @ parts.T, parts.sum(axis=1)])
        frame = pd.DataFrame(rows, columns=["within", "between", "interaction"])
        frame.insert(0, "industry", [*names, "total"])
        frame["sum"] = rows.sum(axis=1)
        return frame


def productivity_change(
    *,
    industries: Sequence[str],
    output_first: ArrayLike,
    output_second: ArrayLike,
    labour_first: ArrayLike,
    labour_second: ArrayLike,
) -> ProductivityChange:
    """Cut the growth of labour productivity into within, between and interaction.

    Parameters
    ----------
    industries
        (n,).
    output_first, output_second
        (n,): value added of both years at the prices of one year; chained volumes do not add up and must not be used.
    labour_first, labour_second
        (n,): workers or hours, above 0.

    Raises
    ------
    DataError
        When a figure is missing, or labour not above 0; the industry is named.
    """
    names = checked_names(industries, "industry")
    y0, y1 = cells(output_first, "output_first", names), cells(output_second, "output_second", names)
    l0 = cells(labour_first, "labour_first", names, sign="positive")
    l1 = cells(labour_second, "labour_second", names, sign="positive")
    whole = float(cells([y0.sum()], "output_first", ["all industries"], sign="positive")[0] / l0.sum())
    s0, moved = l0 / l0.sum(), l1 / l1.sum() - l0 / l0.sum()
    p0, grown = y0 / l0, y1 / l1 - y0 / l0
    return ProductivityChange(
        industries=names,
        within=frozen(100 * s0 * grown / whole),
        between=frozen(100 * moved * p0 / whole),
        interaction=frozen(100 * moved * grown / whole),
        growth=100 * (float(y1.sum() / l1.sum()) / whole - 1),
    )
