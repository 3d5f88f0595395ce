"""Volume relatives of a total from the values and prices of its components: Laspeyres, Paasche, Fisher.

Each relative is that of a year to the year before (1.05: growth of 5 %). System of National Accounts 2008, chapter 15.
"""

from __future__ import annotations

import numpy as np

from dxanalysis.accounts.tables.table import Vector


def laspeyres(values: Vector, prices: Vector) -> Vector:
    """(T-1,): each year at the prices of the year before, over the value of the year before.

    ``values``, at current prices, and ``prices`` are (n, T); only ratios of prices over time count, so index numbers of any base do.
    """
    return np.asarray((values[:, 1:] * prices[:, :-1] / prices[:, 1:]).sum(axis=0) / values[:, :-1].sum(axis=0))


def paasche(values: Vector, prices: Vector) -> Vector:
    """(T-1,): the value of each year over the quantities of the year before at its prices."""
    return np.asarray(values[:, 1:].sum(axis=0) / (values[:, :-1] * prices[:, 1:] / prices[:, :-1]).sum(axis=0))


def fisher(values: Vector, prices: Vector) -> Vector:
    """(T-1,): geometric mean of the two."""
    return np.asarray(np.sqrt(laspeyres(values, prices) * paasche(values, prices)))
