"""Use tables brought from purchasers' to basic prices, and imports taken out of them.

Where the office does not publish margins, taxes and imports by user, each product's are spread over its uses in proportion. That is an assumption, and every table made
here names it. Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapters 5 and 6; UN Handbook (2018), chapters 7 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

import numpy as np

from dxanalysis.accounts.tables.supply_use import SupplyUseTable, UsePrices, supply_use_table
from dxanalysis.accounts.tables.supply_use_blocks import Figures, block_of
from dxanalysis.accounts.tables.table import DEMANDS, Demand, Layout, Vector, listing
from dxanalysis.errors import DataError, ParameterError

MARGINS: Final = "margins_proportional_to_all_uses"
TAXES: Final = "taxes_proportional_to_all_uses"
TAXES_BUT: Final = "taxes_proportional_to_uses_except_"
# products that are re-exported follow after a colon
IMPORTS: Final = "imports_proportional_to_uses_except_exports"
GIVEN: Final = "imports_as_given"


def to_basic_prices(table: SupplyUseTable, *, untaxed: Sequence[Demand] = ()) -> SupplyUseTable:
    """Use at basic prices: taxes become rows of their own, margins become sales of the trade and transport products.

    With w the uses of a product at purchasers' prices and q their sum, each use carries w/q of the product's taxes and margins. What a column pays in trade margins is bought
    from the trade products, in proportion to what they earn; the same for transport. Row and column totals are kept.

    Parameters
    ----------
    table
        At purchasers' prices.
    untaxed
        Kinds of final demand that bear no taxes on products, such as ("exports",) where value added tax is refunded; taxes are then spread over the other uses.

    Returns
    -------
    SupplyUseTable
        At basic prices, competitive layout; ``assumptions`` names what was assumed.

    Raises
    ------
    ParameterError
        When the table is at basic prices already, or a kind of demand is unknown.
    DataError
        When a product has taxes or margins and no use that could bear them.
    """
    if table.prices != "purchasers":
        raise ParameterError(
            f"use of {table.region} {table.year} is at basic prices already", fix="Take the table as it is"
        )
    unknown = [kind for kind in untaxed if kind not in DEMANDS]
    if unknown:
        raise ParameterError(f"{unknown[0]!r} is no kind of final demand", fix=f"Use one of {', '.join(DEMANDS)}")
    n = len(table.industries)
    uses = np.hstack([table.use, table.final])
    taxed = uses * np.array([True] * n + [kind not in untaxed for kind in table.demands])
    taxes = _spread(table, table.taxes, taxed, "taxes on products")
    basic = uses - taxes
    for name, margins in (("trade margins", table.trade_margins), ("transport margins", table.transport_margins)):
        if np.any(margins):
            paid = _spread(table, np.maximum(margins, 0.0), uses, name)
            earned = np.maximum(-margins, 0.0)
            if not earned.any():
                raise DataError(
                    f"no product earns the {name}",
                    where=f"supply-use table of {table.region} {table.year}",
                    fix="Enter the margins of the trade and transport products with a minus; all products together make 0",
                )
            basic += np.outer(earned / earned.sum(), paid.sum(axis=0)) - paid
    return _with(
        table,
        prices="basic",
        use=basic[:, :n],
        final=basic[:, n:],
        input_taxes=taxes[:, :n].sum(axis=0),
        final_taxes=taxes[:, n:].sum(axis=0),
        assumptions=(MARGINS, TAXES if not untaxed else TAXES_BUT + "_".join(untaxed)),
    )


def take_imports_out(
    table: SupplyUseTable,
    *,
    imported_use: Figures | None = None,
    imported_final: Figures | None = None,
    reexported: Sequence[str] = (),
) -> SupplyUseTable:
    """Use of domestic products only, the imported part beside it.

    Parameters
    ----------
    table
        Competitive layout, basic prices.
    imported_use, imported_final
        (p, n) and (p, k): the imported part where the office publishes it; None: each product's imports are spread over its uses in proportion.
    reexported
        Products of which exports hold imports too (aircraft and ships that are let out and come back, goods in transit). Of all others nothing imported is exported.

    Returns
    -------
    SupplyUseTable
        Domestic layout; ``assumptions`` names what was assumed.

    Raises
    ------
    ParameterError
        When the table is at purchasers' prices or domestic already, a re-exported product is unknown, or only one imported block is given.
    DataError
        When imports of a product exceed the uses they are spread over, or the given blocks do not add up to the imports.
    """
    if table.prices != "basic":
        raise ParameterError(
            f"use of {table.region} {table.year} is at purchasers' prices, imports are not",
            fix="Bring it to basic prices first: to_basic_prices",
        )
    if table.layout == "domestic":
        raise ParameterError(
            f"use of {table.region} {table.year} is of domestic products already", fix="Take the table as it is"
        )
    if (imported_use is None) != (imported_final is None):
        raise ParameterError(
            "only one of imported_use and imported_final is given",
            fix="Give both (zeros where nothing is imported), or none",
        )
    n, where = len(table.industries), f"supply-use table of {table.region} {table.year}"
    uses = np.hstack([table.use, table.final])
    if imported_use is not None and imported_final is not None:
        imported = np.hstack(
            [
                block_of(imported_use, table.products, table.industries, "imported use", where),
                block_of(
                    imported_final, table.products, table.demands, "imported final", where, as_given=table.demands
                ),
            ]
        )
        named = GIVEN
    else:
        unknown = [code for code in reexported if code not in table.products]
        if unknown:
            raise ParameterError(
                f"{where}: {unknown[0]!r} is no product", fix=f"Products are {listing(table.products)}"
            )
        abroad = np.array([False] * n + [kind == "exports" for kind in table.demands])
        kept = np.array([code not in reexported for code in table.products])
        base = uses * ~np.outer(kept, abroad)
        total = base.sum(axis=1)
        over = (table.imports > 0) & (table.imports > total * (1 + 1e-9))
        if over.any():
            i = int(np.argmax(np.where(over, table.imports - total, 0.0)))
            raise DataError(
                f"imports of product {table.products[i]} are {table.imports[i]:,.6g}, its uses {'other than exports ' if kept[i] else ''}{total[i]:,.6g}",
                where=where,
                fix="Give the imported part by use"
                + (
                    f", or reexported=({table.products[i]!r},): part of the imports is exported again"
                    if kept[i]
                    else ""
                ),
            )
        imported = _spread(table, table.imports, base, "imports")
        named = ":".join([IMPORTS, *reexported])
    home = uses - imported
    return _with(
        table,
        layout="domestic",
        use=home[:, :n],
        final=home[:, n:],
        imported_use=imported[:, :n],
        imported_final=imported[:, n:],
        assumptions=(named,),
    )


def _spread(table: SupplyUseTable, amounts: Vector, base: Vector, what: str) -> Vector:
    """(p, m): each product's amount over its uses in proportion."""
    total = base.sum(axis=1)
    stuck = np.flatnonzero((amounts != 0) & (total <= 0))
    if len(stuck):
        raise DataError(
            f"{what} of {listing([table.products[i] for i in stuck], 4)} cannot be spread: there is no use above zero to bear them",
            where=f"supply-use table of {table.region} {table.year}",
            fix="Add the product to another one (aggregate_supply_use), or look for a missing use",
        )
    per_use: Vector = np.divide(amounts, total, out=np.zeros(len(total)), where=amounts != 0)
    return base * per_use[:, None]


def _with(
    table: SupplyUseTable,
    *,
    use: Vector,
    final: Vector,
    assumptions: tuple[str, ...],
    prices: UsePrices | None = None,
    layout: Layout | None = None,
    imported_use: Vector | None = None,
    imported_final: Vector | None = None,
    input_taxes: Vector | None = None,
    final_taxes: Vector | None = None,
) -> SupplyUseTable:
    """The table with another use, every identity checked again."""
    same = {one.name: getattr(table, one.name) for one in fields(table) if one.name != "gaps"}
    same["imported_use"], same["imported_final"] = imported_use, imported_final
    same["prices"], same["layout"] = prices or table.prices, layout or table.layout
    if input_taxes is not None:
        same["input_taxes"], same["final_taxes"] = input_taxes, final_taxes
    same["use"], same["final"] = use, final
    same["assumptions"] = (*table.assumptions, *assumptions)
    # a gap within rounding of the printed table is still there, so what the table had is kept and what it had not is refused
    return supply_use_table(**same, rounding="keep" if table.gaps else "refuse", negative_supply="keep")
