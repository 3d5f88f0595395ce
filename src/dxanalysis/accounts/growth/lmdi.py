"""Logarithmic mean Divisia decomposition (LMDI-I), additive and multiplicative, with the analytic limits of zeros.

V_i is the product of its factors x_ki in cell i. The effect of factor k in a cell is L(V1_i, V0_i) ln(x1_ki / x0_ki), L(a, b) = (a - b) / ln(a / b) the
logarithmic mean, L(a, a) = a (Ang 2005, The LMDI approach to decomposition analysis: a practical guide, Energy Policy 33). Effects add up exactly, and change their sign when
time is turned round. Zeros have limits (Wood and Lenzen 2006, Zero-value problems of the logarithmic mean Divisia index decomposition method, Energy
Policy 34; Ang and Liu 2007, Handling zero values in the logarithmic mean Divisia index decomposition approach, Energy Policy 35): replacing them by a small number is not
needed and, with many zeros, wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.accounts.growth.grid import cells, checked_names
from dxanalysis.accounts.tables.table import Vector, frozen, listing
from dxanalysis.errors import DataError, ModelError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lmdi:
    """A change as the sum, and as the product, of the effects of factors.

    Attributes
    ----------
    factors, cells
        (k,) and (n,) names.
    effects
        (k, n): additive effects by factor and cell, in the unit of V.
    first, second
        (n,): V in both situations.
    shared_zeros
        Cells that come or go with several factors zero at once: the limit then depends on which goes to zero faster; they are taken alike.
    """

    factors: tuple[str, ...]
    cells: tuple[str, ...]
    effects: Vector
    first: Vector
    second: Vector
    shared_zeros: tuple[str, ...]

    @property
    def additive(self) -> Vector:
        """(k,): effects on the sum of V; they add up to its change."""
        return np.asarray(self.effects.sum(axis=1))

    @property
    def multiplicative(self) -> Vector:
        """(k,): effects as ratios; their product is the ratio of the sums of V.

        Raises
        ------
        ModelError
            When the sum of V is 0 in a situation: there is no ratio.
        """
        before, after = self.first.sum(), self.second.sum()
        if before == 0 or after == 0:
            raise ModelError("the whole is 0 in one situation: it has no ratio", fix="Use the additive effects")
        return np.asarray(np.exp(self.additive / log_mean(after, before)))

    @property
    def change(self) -> float:
        """Change of the sum of V."""
        return float(self.second.sum() - self.first.sum())

    def to_frame(self) -> pd.DataFrame:
        """One row a factor, ``additive`` and ``multiplicative``; last the change and the ratio of the whole. Errors as :attr:`multiplicative`."""
        ratios = self.multiplicative
        return pd.DataFrame(
            {
                "factor": [*self.factors, "change"],
                "additive": [*self.additive, self.change],
                "multiplicative": [*ratios, self.second.sum() / self.first.sum()],
            }
        )


def log_mean(a: ArrayLike, b: ArrayLike) -> Vector:
    """Logarithmic mean (a - b) / ln(a / b) of positive numbers, b where they are equal; no digits are lost where they are nearly so."""
    one, other = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    distance = np.log(one) - np.log(other)
    safe = np.where(distance == 0, 1.0, distance)
    return np.asarray(other * np.where(distance == 0, 1.0, np.expm1(safe) / safe))


def lmdi(
    first: Mapping[str, ArrayLike], second: Mapping[str, ArrayLike], *, labels: Sequence[str] | None = None
) -> Lmdi:
    """Decompose the change of a sum of products.

    Parameters
    ----------
    first, second
        Factors by name, the same names in both, (n,) each, 0 or more. V is their product.
    labels
        (n,) names of the cells; None: their numbers from 0 on.

    Raises
    ------
    DataError
        When a factor is negative in a cell (a logarithm needs a sign that stays: decompose such cells by :func:`~.structural.decompose`), or names or shapes differ.
    """
    factors = checked_names(tuple(first), "factor")
    if set(second) != set(factors):
        raise DataError(
            f"the factors are {listing(factors)} first and {listing(tuple(second))} second",
            fix="Give the same factors in both situations",
        )
    if labels is None:
        labels = [str(i) for i in range(np.asarray(first[factors[0]]).size)]
    names = checked_names(labels, "cell")
    old = np.vstack([_factor(first[name], f"factor {name!r} of the first situation", names) for name in factors])
    new = np.vstack([_factor(second[name], f"factor {name!r} of the second situation", names) for name in factors])
    before, after = old.prod(axis=0), new.prod(axis=0)
    effects = np.zeros_like(old)
    gone_before, gone_after = (old == 0).any(axis=0), (new == 0).any(axis=0)
    there = ~gone_before & ~gone_after
    effects[:, there] = log_mean(after[there], before[there]) * np.log(new[:, there] / old[:, there])
    # A cell that comes is the effect of the factor that was 0, and so is one that goes: L ln(x1/x0) tends to V1, and to -V0; for the other factors to 0.
    comes, goes = gone_before & ~gone_after, gone_after & ~gone_before
    zeros_before, zeros_after = old[:, comes] == 0, new[:, goes] == 0
    effects[:, comes] = after[comes] * zeros_before / zeros_before.sum(axis=0)
    effects[:, goes] = -before[goes] * zeros_after / zeros_after.sum(axis=0)
    shared = (comes & ((old == 0).sum(axis=0) > 1)) | (goes & ((new == 0).sum(axis=0) > 1))
    return Lmdi(
        factors=factors,
        cells=names,
        effects=frozen(effects),
        first=frozen(before),
        second=frozen(after),
        shared_zeros=tuple(names[i] for i in np.flatnonzero(shared)),
    )


def _factor(values: ArrayLike, what: str, names: tuple[str, ...]) -> Vector:
    try:
        return cells(values, what, names, sign="not_negative")
    except DataError as error:
        if "negative" not in error.what:
            raise
        raise DataError(
            error.what, fix="LMDI has no logarithm for it: use decompose, or take inventories and the like out"
        ) from error
