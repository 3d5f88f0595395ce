"""The identities of a supply-use table, and what the pattern of a gap points at.

Products: what is supplied is used. Industries: output is what they make, and inputs plus value added. Margins: what trade and transport earn on other products is
taken from their own. A balance of m printed figures may miss by (m + 1) half units of the last digit, as in :mod:`.identities`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from dxanalysis.accounts.tables.identities import EXACT
from dxanalysis.accounts.tables.table import Vector, listing
from dxanalysis.errors import DataError

SIDES: dict[str, tuple[str, str]] = {
    "product": ("is used for", "is supplied for"),
    "imports": ("has imported uses of", "has imports of"),
    "industry": ("has inputs and value added of", "has the output"),
    "supply": ("makes products of", "has the output"),
    "margins": ("add up to", "should add up to"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imbalance:
    """A product, an industry or a kind of margin whose two sides differ by more than rounding explains.

    ``identity`` says which: ``product`` (uses, supply), ``imports`` (imported uses, imports), ``industry`` (inputs and value added, output), ``supply`` (products made,
    output), ``margins`` (sum, 0). ``gap`` is left less right, in the table's unit.
    """

    identity: Literal["product", "imports", "industry", "supply", "margins"]
    code: str
    left: float
    right: float
    tolerance: float

    @property
    def gap(self) -> float:
        """Left less right."""
        return self.left - self.right

    def __str__(self) -> str:
        left, right = SIDES[self.identity]
        noun = {"product": "product", "imports": "product"}.get(self.identity, "industry")
        name = self.code if self.identity == "margins" else f"{noun} {self.code}"
        return (
            f"{name} {left} {self.left:,.6g} and {right} {self.right:,.6g}: {self.gap:+,.6g} apart, "
            f"rounding explains {self.tolerance:,.3g}"
        )


def check_supply_use(
    *,
    where: str,
    products: Sequence[str],
    industries: Sequence[str],
    blocks: Mapping[str, Vector],
    prices: str,
    layout: str,
    decimals: int | None,
    refuse: bool,
) -> tuple[Imbalance, ...]:
    """Check every identity of the blocks of a table.

    Parameters
    ----------
    blocks
        The arrays of a :class:`~.supply_use.SupplyUseTable` by attribute name.
    refuse
        Raise where an identity does not hold; else list the gaps.

    Returns
    -------
    tuple of Imbalance
        What does not hold, largest gap first; empty where all do.

    Raises
    ------
    DataError
        (``refuse``) with the worst gaps and what their pattern points at.
    """
    b = blocks
    supply = [b["supply"]]
    if layout == "competitive":
        supply.append(b["imports"][:, None])
    if prices == "purchasers":
        supply.extend(b[name][:, None] for name in ("trade_margins", "transport_margins", "taxes"))
    inputs = [b["use"], b["imported_use"], b["input_taxes"][None, :], b["value_added"]]
    found = [
        *_compare("product", products, np.hstack([b["use"], b["final"]]), np.hstack(supply), decimals),
        *_compare("industry", industries, np.vstack(inputs).T, b["output"][:, None], decimals),
        *_compare("supply", industries, b["supply"].T, b["output"][:, None], decimals),
        *_compare(
            "margins",
            ("trade margins", "transport margins"),
            np.vstack([b["trade_margins"], b["transport_margins"]]),
            np.zeros((2, 1)),
            decimals,
        ),
    ]
    if layout == "domestic":
        found.extend(
            _compare(
                "imports",
                products,
                np.hstack([b["imported_use"], b["imported_final"]]),
                b["imports"][:, None],
                decimals,
            )
        )
    found.sort(key=lambda one: -abs(one.gap))
    if found and refuse:
        more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
        raise DataError(
            f"supply and use do not balance: {'; '.join(map(str, found[:3]))}{more}",
            where=where,
            fix=_reading(found, products, b, prices, layout),
        )
    return tuple(found)


def _compare(identity: Any, codes: Sequence[str], left: Vector, right: Vector, decimals: int | None) -> list[Imbalance]:
    a, b = left.sum(axis=1), right.sum(axis=1)
    allowed = EXACT * np.maximum(np.abs(left).sum(axis=1), np.abs(right).sum(axis=1))
    if decimals is not None:
        terms = np.count_nonzero(left, axis=1) + np.count_nonzero(right, axis=1)
        allowed = np.maximum(allowed, 0.5 * 10.0**-decimals * (terms + 1))
    return [
        Imbalance(identity=identity, code=codes[i], left=float(a[i]), right=float(b[i]), tolerance=float(allowed[i]))
        for i in np.flatnonzero(np.abs(a - b) > allowed).tolist()
    ]


def _reading(
    found: Sequence[Imbalance], products: Sequence[str], b: Mapping[str, Vector], prices: str, layout: str
) -> str:
    """What the pattern of the gaps points at."""
    uses = b["use"].sum(axis=1) + b["final"].sum(axis=1)
    made, imports = b["supply"].sum(axis=1), b["imports"]
    to_purchasers = b["trade_margins"] + b["transport_margins"] + b["taxes"]
    gap = uses - made - (imports if layout == "competitive" else 0) - (to_purchasers if prices == "purchasers" else 0)
    size = 1e-6 * float(np.abs(uses).max(initial=1.0))

    def is_just(what: Vector) -> bool:
        return bool(np.any(what) and np.allclose(gap, what, rtol=1e-3, atol=size))

    kinds = {one.identity for one in found}
    if "product" not in kinds:
        if kinds == {"margins"}:
            return "Margins of all products add up to 0: enter those of the trade and transport products with a minus"
        if kinds == {"industry"} and not np.any(b["input_taxes"]) and prices == "basic":
            return (
                "Products balance and industries do not: the row of taxes on products is missing (input_taxes), or value added "
                "is at other prices"
            )
        return "Look for a shifted column; where the office says that the table does not balance, use rounding='keep' and the gaps are listed"
    if prices == "basic" and is_just(to_purchasers):
        return "Each product is off by just its margins and taxes: use is at purchasers' prices. Say prices='purchasers', and bring it down with to_basic_prices"
    if prices == "purchasers" and is_just(-to_purchasers):
        return "Each product is off by just its margins and taxes: use is at basic prices already. Say prices='basic'"
    if layout == "domestic" and is_just(imports):
        return "Each product is off by just its imports: use holds imported products. Leave imported_use out, and say layout='competitive'"
    if layout == "competitive" and is_just(-imports):
        return "Each product is off by just its imports: use is of domestic products only. Give the imported part (imported_use, imported_final)"
    off = [i for i in range(len(products)) if products[i] in {one.code for one in found if one.identity == "product"}]
    over, under = ([i for i in off if sign * gap[i] > 0] for sign in (1, -1))
    too_much, too_little = float(gap[over].sum()), -float(gap[under].sum())
    few = listing([products[i] for i in sorted(under, key=lambda i: gap[i])], 4)
    most = len(over) >= len(products) / 2
    if most and too_much > 10 * too_little:
        missing = "imports" if layout == "competitive" and not np.any(imports) else "taxes on products, or imports,"
        return f"Most products are used for more than their supply: {missing} seem to be missing on the supply side"
    if most and len(under) <= len(over) / 2:
        pattern = f"Most products are used for more than their supply, and a few ({few}) for much less"
        if prices == "purchasers":
            return f"{pattern}: their margins on the others are missing (trade_margins, transport_margins, with a minus where they are earned)"
        return (
            f"{pattern}, as trade and transport are where use is at purchasers' prices: give the margins and taxes of each product, "
            "with prices='purchasers'"
        )
    if len(over) == len(under) == 1 and np.isclose(too_much, too_little):
        return f"Products {products[over[0]]} and {products[under[0]]} miss the same amount: their rows are exchanged, or a figure stands in the wrong one"
    return "Look for a shifted row; where the office says that the table does not balance, use rounding='keep' and the gaps are listed"
