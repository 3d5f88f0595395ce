"""What each component contributes to the growth of the total, in percentage points; what the components leave stands on a line of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.accounts.growth.index_numbers import fisher
from dxanalysis.accounts.growth.volumes import ChainedLaspeyres, ChainFisher, FixedBase, Volumes
from dxanalysis.accounts.tables.table import Vector, frozen
from dxanalysis.errors import ModelError, ParameterError

RESIDUAL: Final = "residual"
TOTAL: Final = "total"
PREVIOUS: Final = "prices of the year before"
IDEAL: Final = "prices of both years"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contributions:
    """Contributions to growth over the year before.

    Attributes
    ----------
    years
        (T,): the years whose growth it is, without the first year of the data.
    components
        (n,).
    points
        (n, T): contributions, percentage points.
    growth
        (T,): growth of the total, percent.
    residual
        (T,): growth less the sum of contributions, percentage points; rounding, or what the office's finer chain holds. Never spread over components.
    bases
        (T,): the prices that each year's growth is measured in.
    """

    years: tuple[int, ...]
    components: tuple[str, ...]
    points: Vector
    growth: Vector
    residual: Vector
    bases: tuple[str, ...]

    @property
    def breaks(self) -> tuple[int, ...]:
        """First years measured in other prices than the year before them; growth rates stand side by side there, levels do not."""
        pairs = zip(self.years[1:], self.bases, self.bases[1:], strict=False)
        return tuple(year for year, before, after in pairs if before != after)

    def shares(self) -> Vector:
        """(n, T): contributions as percent of the growth of the total.

        Raises
        ------
        ModelError
            When the total did not change in a year: nothing to be a share of.
        """
        still = np.flatnonzero(self.growth == 0)
        if len(still):
            raise ModelError(
                f"the total did not grow in {self.years[int(still[0])]}: there are no shares of its growth",
                fix="Show the contributions in percentage points",
            )
        return frozen(100 * self.points / self.growth)

    def shares_frame(self) -> pd.DataFrame:
        """Columns ``year``, ``component``, ``share`` (percent of growth), the residual as a component; errors as :meth:`shares`."""
        shares = self.shares()
        rows = np.vstack([shares, 100 * self.residual / self.growth])
        return self._long(rows, (*self.components, RESIDUAL), "share")

    def index(self) -> pd.Series:
        """The total as a chain of its growth rates, the year before the first = 100; levels of components cannot be had from it."""
        values = 100 * np.cumprod(np.concatenate([[1.0], 1 + self.growth / 100]))
        return pd.Series(values, index=pd.Index([self.years[0] - 1, *self.years], name="year"), name="index")

    def to_frame(self) -> pd.DataFrame:
        """Columns ``year``, ``component``, ``points``: components, then the rows ``residual`` and ``total`` (the growth)."""
        rows = np.vstack([self.points, self.residual, self.growth])
        return self._long(rows, (*self.components, RESIDUAL, TOTAL), "points")

    def _long(self, rows: Vector, names: tuple[str, ...], column: str) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "year": np.repeat(self.years, len(names)),
                "component": list(names) * len(self.years),
                column: rows.T.ravel(),
            }
        )


@singledispatch
def contributions(volumes: Volumes) -> Contributions:
    """Contributions to growth by the formula of the volumes' kind.

    - :class:`FixedBase`: 100 (q_i,t - q_i,t-1) / Q_t-1.
    - :class:`ChainedLaspeyres`: 100 (K_i,t - C_i,t-1) / C_t-1, K at the prices of the year before; the same as 100 (C_i,t-1 / C_t-1) (q_i,t / q_i,t-1 - 1).
    - :class:`ChainFisher`: 100 w_i (q_i,t - q_i,t-1) / sum_k w_k q_k,t-1 with w_i = p_i,t-1 + p_i,t / P_t, P the Fisher price relative of the total.

    Parameters
    ----------
    volumes
        Data of one of the three kinds.

    Returns
    -------
    Contributions
        Percentage points; contributions and residual add up to growth.

    Raises
    ------
    ParameterError
        When the data are of none of the three kinds.

    Notes
    -----
    IMF, Quarterly National Accounts Manual (2017), chapter 8; Statistics Canada 13-017-X (2008); Reinsdorf, Diewert and Ehemann (2002), Additive
    decompositions for Fisher, Törnqvist and geometric mean indexes, Journal of Economic and Social Measurement 28.
    """
    raise ParameterError(
        f"{type(volumes).__name__} does not say what kind of volumes it holds",
        fix="Give FixedBase, ChainedLaspeyres or ChainFisher",
    )


@contributions.register
def _(volumes: FixedBase) -> Contributions:
    before = volumes.total[:-1]
    return _made(
        volumes,
        points=100 * np.diff(volumes.values, axis=1) / before,
        growth=100 * np.diff(volumes.total) / before,
        base=f"prices of {volumes.base_year}",
    )


@contributions.register
def _(volumes: ChainedLaspeyres) -> Contributions:
    before = volumes.current_total[:-1]
    return _made(
        volumes,
        points=100 * (volumes.previous_prices - volumes.current[:, :-1]) / before,
        growth=100 * (volumes.previous_prices_total / before - 1),
        base=PREVIOUS,
    )


@contributions.register
def _(volumes: ChainFisher) -> Contributions:
    values, prices = volumes.current, volumes.prices
    quantities = values / prices
    growth = fisher(values, prices)
    price_relative = values[:, 1:].sum(axis=0) / values[:, :-1].sum(axis=0) / growth
    weights = prices[:, :-1] + prices[:, 1:] / price_relative
    points = 100 * weights * np.diff(quantities, axis=1) / (weights * quantities[:, :-1]).sum(axis=0)
    published = 100 * (growth - 1) if volumes.growth is None else volumes.growth
    return _made(volumes, points=points, growth=published, base=IDEAL)


def _made(volumes: Volumes, *, points: Vector, growth: Vector, base: str) -> Contributions:
    return Contributions(
        years=volumes.years[1:],
        components=volumes.components,
        points=frozen(points),
        growth=frozen(growth),
        residual=frozen(growth - points.sum(axis=0)),
        bases=(base,) * (len(volumes.years) - 1),
    )
