"""Structural decomposition: how much of a change each factor of a product caused, without a residual.

Changing the factors one after the other gives effects that add up exactly, but depend on the order. The mean over all orders does not
(Dietzenbacher and Los 1998, Structural decomposition techniques: sense and sensitivity, Economic Systems Research 10). With more factors
than five the mean of one order and its reverse, the two polar orders, stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import factorial
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from dxanalysis.accounts.growth.grid import checked_names
from dxanalysis.accounts.tables.table import frozen, listing
from dxanalysis.errors import DataError, ModelError, ParameterError

Orders = Literal["auto", "all", "polar"]
Array = NDArray[np.float64]

ALL_UP_TO: Final = 5
MOST: Final = 12  # factors for which all orders are asked for at most: 2^12 evaluations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decomposition:
    """A change as a sum of the effects of factors.

    Attributes
    ----------
    factors
        (k,) names.
    effects
        (k, ...): effect of each factor, in the unit of what was decomposed.
    change
        (...): the change; the effects add up to it.
    lowest, highest
        (k,): least and greatest effect on the sum over all cells, over the orders that were averaged: how much the order matters.
    orders
        ``all`` orders, or the two ``polar`` ones.
    """

    factors: tuple[str, ...]
    effects: Array
    change: Array
    lowest: Array
    highest: Array
    orders: Literal["all", "polar"]

    @property
    def totals(self) -> Array:
        """(k,): effects on the sum over all cells."""
        return np.asarray(self.effects.reshape(len(self.factors), -1).sum(axis=1))

    def to_frame(self) -> pd.DataFrame:
        """One row a factor: ``factor``, ``effect`` on the sum over all cells, ``lowest`` and ``highest`` over the orders; last the whole change."""
        whole = float(self.change.sum())
        return pd.DataFrame(
            {
                "factor": [*self.factors, "change"],
                "effect": [*self.totals, whole],
                "lowest": [*self.lowest, whole],
                "highest": [*self.highest, whole],
            }
        )


def ordered_product(*factors: Array) -> Array:
    """Product of factors from the last to the first: scalars and vectors multiply cell by cell, a matrix (n, n) multiplies what follows it.

    ``ordered_product(v, L, m, Y)`` is v * (L @ (m * Y)).
    """
    value: Any = factors[-1]
    for factor in reversed(factors[:-1]):
        value = factor @ value if np.ndim(factor) == 2 else factor * value
    return np.asarray(value, dtype=np.float64)


def decompose(
    first: Mapping[str, ArrayLike],
    second: Mapping[str, ArrayLike],
    *,
    function: Callable[..., Array] = ordered_product,
    orders: Orders = "auto",
) -> Decomposition:
    """Effects of the factors of any function on the change between two situations.

    Parameters
    ----------
    first, second
        Factor by name in the function's order, the same names and shapes in both. Money must be at the same prices in both.
    function
        Of the factors as positional arguments; :func:`ordered_product` where none is given.
    orders
        ``auto``: the mean over all orders up to five factors, of the two polar orders above; or one of these two whatever the number. All orders are
        averaged through the 2^k combinations of old and new factors, which gives the same mean as the k! orders one by one.

    Raises
    ------
    ParameterError
        When ``orders`` is unknown, or all orders of more than twelve factors are asked for.
    DataError
        When names or shapes differ, or a factor holds no number.
    ModelError
        When the function gives no finite numbers.
    """
    names, old, new = _factors(first, second)
    if orders not in ("auto", "all", "polar"):
        raise ParameterError(f"orders is {orders!r}", fix="Choose auto, all or polar")
    k = len(names)
    every = orders == "all" or (orders == "auto" and k <= ALL_UP_TO)
    if every and k > MOST:
        raise ParameterError(f"all orders of {k} factors are too many", fix="Use orders='polar'")

    known: dict[int, Array] = {}

    def value(state: int) -> Array:
        """The function where the factors whose bits are set have changed."""
        if state not in known:
            found = np.asarray(function(*(new[i] if state >> i & 1 else old[i] for i in range(k))), dtype=np.float64)
            if not np.isfinite(found).all():
                changed = [name for i, name in enumerate(names) if state >> i & 1]
                raise ModelError(
                    f"the function gives no finite number with {listing(changed) if changed else 'none'} of the second situation",
                    fix="Every mixture of old and new factors must have a value; look for a division by a factor that is 0",
                )
            known[state] = found
        return known[state]

    steps = _all_orders(k) if every else _polar(k)
    effects, lowest, highest = [], [], []
    for i in range(k):
        parts = [(weight, value(state | 1 << i) - value(state)) for weight, state in steps[i]]
        effects.append(np.sum([weight * part for weight, part in parts], axis=0))
        sums = [float(part.sum()) for _, part in parts]
        lowest.append(min(sums))
        highest.append(max(sums))
    return Decomposition(
        factors=names,
        effects=frozen(effects),
        change=frozen(value((1 << k) - 1) - value(0)),
        lowest=frozen(lowest),
        highest=frozen(highest),
        orders="all" if every else "polar",
    )


def _all_orders(k: int) -> list[list[tuple[float, int]]]:
    """For each factor the states it can change in, weighted by the part of the k! orders in which it does."""
    weight = [factorial(size) * factorial(k - 1 - size) / factorial(k) for size in range(k)]
    return [[(weight[state.bit_count()], state) for state in range(1 << k) if not state >> i & 1] for i in range(k)]


def _polar(k: int) -> list[list[tuple[float, int]]]:
    """For each factor the states before it in the order as given and in its reverse."""
    everything = (1 << k) - 1
    return [[(0.5, (1 << i) - 1), (0.5, everything ^ ((1 << (i + 1)) - 1))] for i in range(k)]


def _factors(
    first: Mapping[str, ArrayLike], second: Mapping[str, ArrayLike]
) -> tuple[tuple[str, ...], list[Array], list[Array]]:
    names = checked_names(tuple(first), "factor")
    if tuple(second) != names:
        raise DataError(
            f"the factors are {listing(names)} first and {listing(tuple(second))} second",
            fix="Give the same factors in the same order",
        )
    old, new = [], []
    for name in names:
        pair = []
        for when, given in (("first", first[name]), ("second", second[name])):
            array = np.asarray(given, dtype=np.float64)
            if not np.isfinite(array).all():
                at = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
                raise DataError(f"factor {name!r} holds no number at {at} of the {when} situation", fix="Fill the cell")
            pair.append(array)
        if pair[0].shape != pair[1].shape:
            raise DataError(
                f"factor {name!r} has the shape {pair[0].shape} first and {pair[1].shape} second",
                fix="Bring both situations to the same sectors",
            )
        old.append(pair[0])
        new.append(pair[1])
    return names, old, new
