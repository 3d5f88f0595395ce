"""A supply and a use table of one economy and year as one frozen value.

Supply is at basic prices. Use is at purchasers' prices, as offices print it (trade and transport margins and taxes on products lead from supply to use), or at basic
prices; at basic prices either with imported products in it (*competitive*) or without (*domestic*, the imported part beside it). UN Handbook on Supply and Use Tables
and Input-Output Tables (2018), chapters 3 to 8; Eurostat Manual (2008), chapters 4 to 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.supply_use_blocks import Figures, block_of, codes_of, labels_of
from dxanalysis.accounts.tables.supply_use_identities import Imbalance, check_supply_use
from dxanalysis.accounts.tables.table import DEMANDS, Demand, Layout, Vector, frozen
from dxanalysis.errors import DataError, ParameterError

UsePrices = Literal["basic", "purchasers"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SupplyUseTable:
    """A supply-use table whose identities were checked.

    p products, n industries, k columns of final demand, c rows of value added; money in ``unit``, current prices of the year unless ``price_year`` is another.

    Attributes
    ----------
    region, year, unit, price_year, decimals, source
        As in :class:`~.table.InputOutputTable`.
    classification, product_classification
        Ids of the classifications of industries and of products.
    products, product_labels, industries, industry_labels
        Codes and names, (p,) and (n,).
    supply
        (p, n): what each industry makes, basic prices.
    imports
        (p,): imports of each product.
    trade_margins, transport_margins
        (p,): from basic to purchasers' prices; those of the trade and transport products with a minus, so that each adds up to 0.
    taxes
        (p,): taxes less subsidies on products.
    use, final
        (p, n) and (p, k): intermediate use and final demand, in ``prices``; ``demands`` says what each column of final demand is.
    imported_use, imported_final
        (p, n) and (p, k): imported products used; zeros in a competitive table, whose use holds them.
    input_taxes, final_taxes
        (n,) and (k,), use at basic prices: taxes on products that stand in rows of their own below the use.
    value_added
        (c, n): by component; ``components`` names them.
    output
        (n,): output of each industry, basic prices.
    prices
        Valuation of ``use`` and ``final``.
    layout
        ``competitive`` or ``domestic``.
    assumptions
        What was assumed to make this table from a printed one; empty for a table as printed.
    gaps
        Identities that do not hold, where the table was kept in spite of that.
    """

    region: str
    year: int
    unit: Money
    classification: str
    product_classification: str
    products: tuple[str, ...]
    product_labels: tuple[str, ...]
    industries: tuple[str, ...]
    industry_labels: tuple[str, ...]
    supply: Vector
    imports: Vector
    trade_margins: Vector
    transport_margins: Vector
    taxes: Vector
    use: Vector
    final: Vector
    demands: tuple[Demand, ...]
    imported_use: Vector
    imported_final: Vector
    input_taxes: Vector
    final_taxes: Vector
    value_added: Vector
    components: tuple[str, ...]
    output: Vector
    prices: UsePrices
    layout: Layout
    price_year: int | None = None
    decimals: int | None = None
    source: str = ""
    assumptions: tuple[str, ...] = ()
    gaps: tuple[Imbalance, ...] = ()

    def __repr__(self) -> str:
        return (
            f"SupplyUseTable({self.region} {self.year}: {len(self.products)} products, {len(self.industries)} industries of "
            f"{self.classification}, {self.layout}, {self.prices} prices, {self.unit})"
        )

    @property
    def product_output(self) -> Vector:
        """(p,): output of each product by all industries, basic prices."""
        return np.asarray(self.supply.sum(axis=1), dtype=np.float64)

    @property
    def gross_value_added(self) -> Vector:
        """(n,): value added of each industry, all components, basic prices."""
        return np.asarray(self.value_added.sum(axis=0), dtype=np.float64)

    @property
    def product_taxes(self) -> float:
        """Taxes less subsidies on all products."""
        if self.prices == "purchasers":
            return float(self.taxes.sum())
        return float(self.input_taxes.sum() + self.final_taxes.sum())

    @property
    def gdp(self) -> float:
        """GDP at market prices: value added and taxes less subsidies on products."""
        return float(self.value_added.sum()) + self.product_taxes

    def expenditure(self) -> pd.Series:
        """GDP by expenditure: final demand by kind at ``prices`` (with imports and taxes that stand beside it), and ``imports`` with a minus."""
        columns = self.final.sum(axis=0) + self.imported_final.sum(axis=0) + self.final_taxes
        kinds = pd.Series(columns, index=list(self.demands)).groupby(level=0, sort=False).sum()
        kinds["imports"] = -float(self.imports.sum())
        return kinds.rename("value")

    def negative_supply(self) -> pd.DataFrame:
        """Cells below zero in the supply table: ``product``, ``industry``, ``value``; only in a table that was told to keep them."""
        rows, columns = np.nonzero(self.supply < 0)
        return pd.DataFrame(
            {
                "product": [self.products[i] for i in rows],
                "industry": [self.industries[j] for j in columns],
                "value": self.supply[rows, columns],
            }
        )

    def supply_frame(self) -> pd.DataFrame:
        """The supply table as printed: rows products and their total, columns industries, output, imports, margins, taxes."""
        frame = pd.DataFrame(self.supply, index=pd.Index(self.products, name="product"), columns=list(self.industries))
        frame["output"] = self.product_output
        for name in ("imports", "trade_margins", "transport_margins", "taxes"):
            frame[name] = getattr(self, name)
        frame.loc["total"] = frame.sum()
        return frame

    def to_frame(self) -> pd.DataFrame:
        """The use table as printed: rows products, imports, taxes, components of value added and output; columns industries, final demand."""
        blocks, rows = [np.hstack([self.use, self.final])], list(self.products)
        for name, inner, outer in (
            ("imports", self.imported_use.sum(axis=0), self.imported_final.sum(axis=0)),
            ("taxes", self.input_taxes, self.final_taxes),
        ):
            if np.any(inner) or np.any(outer):
                blocks.append(np.concatenate([inner, outer])[None, :])
                rows.append(name)
        empty = np.full(len(self.demands), np.nan)
        for name, values in zip((*self.components, "output"), (*self.value_added, self.output), strict=True):
            blocks.append(np.concatenate([values, empty])[None, :])
            rows.append(name)
        return pd.DataFrame(
            np.vstack(blocks), index=pd.Index(rows, name="row"), columns=[*self.industries, *self.demands]
        )


def supply_use_table(
    *,
    region: str,
    year: int,
    unit: Money | str,
    classification: str,
    supply: Figures,
    use: Figures,
    final: Figures,
    demands: Sequence[Demand],
    value_added: Figures,
    prices: UsePrices,
    products: Sequence[str] | None = None,
    industries: Sequence[str] | None = None,
    product_classification: str | None = None,
    product_labels: Sequence[str] | None = None,
    industry_labels: Sequence[str] | None = None,
    components: Sequence[str] | None = None,
    output: Figures | None = None,
    imports: Figures | None = None,
    trade_margins: Figures | None = None,
    transport_margins: Figures | None = None,
    taxes: Figures | None = None,
    imported_use: Figures | None = None,
    imported_final: Figures | None = None,
    input_taxes: Figures | None = None,
    final_taxes: Figures | None = None,
    layout: Layout | None = None,
    price_year: int | None = None,
    decimals: int | None = None,
    source: str = "",
    assumptions: Sequence[str] = (),
    rounding: Literal["refuse", "keep"] = "refuse",
    negative_supply: Literal["refuse", "keep"] = "refuse",
) -> SupplyUseTable:
    """Make a table and check every identity.

    Frames and series are put in order by their codes (products, industries, components); plain arrays must be in order. Figures that are left out are zeros.

    Parameters
    ----------
    region, year, unit, classification, demands, prices, price_year, decimals, source, assumptions
        As in :class:`SupplyUseTable`; ``unit`` may be text such as "million USD". ``prices`` has no default: a use table is at one or the other.
    supply, use, final, value_added
        The blocks, (p, n), (p, n), (p, k), (c, n) or (n,).
    products, industries
        Codes; None: those of the frame ``supply``. Labels default to the codes.
    product_classification
        None: that of the industries.
    output
        (n,); None: the column sums of supply.
    imports
        (p,); None in a domestic table: the sum of imported uses.
    layout
        None: ``domestic`` where ``imported_use`` is given, else ``competitive``.
    rounding
        ``refuse`` a table whose sides miss each other by more than the printed decimals explain, or ``keep`` it and list the gaps in ``gaps``.
    negative_supply
        ``refuse`` cells of supply below zero, or ``keep`` them: some offices print them (a trade margin that was a loss).

    Raises
    ------
    DataError
        When codes are there twice, or differ between the blocks; shapes do not fit; a figure is missing; supply is negative; or an identity does not hold:
        with the product or industry, by how much, and what the pattern points at (purchasers' prices declared as basic, imports mixed in).
    ParameterError
        When an option is unknown or two exclude each other.
    """
    where = f"supply-use table of {region} {year}"
    product_codes = codes_of(products, supply, 0, "product", where)
    industry_codes = codes_of(industries, supply, 1, "industry", where)
    layout = layout or ("competitive" if imported_use is None else "domestic")
    _options(where, demands, prices, layout, imported_use, input_taxes, final_taxes)
    if isinstance(value_added, pd.Series):
        value_added = value_added.to_frame("value_added").T
    if isinstance(value_added, pd.DataFrame):
        names = tuple(components or map(str, value_added.index))
    else:
        value_added = np.atleast_2d(np.asarray(value_added, dtype=object))
        names = tuple(components or _default_components(len(value_added)))
    p, n, k = product_codes, industry_codes, tuple(demands)
    axes: Mapping[str, tuple[Any, Sequence[str], Sequence[str] | None]] = {
        "supply": (supply, p, n),
        "imports": (imports, p, None),
        "trade_margins": (trade_margins, p, None),
        "transport_margins": (transport_margins, p, None),
        "taxes": (taxes, p, None),
        "use": (use, p, n),
        "final": (final, p, k),
        "imported_use": (imported_use, p, n),
        "imported_final": (imported_final, p, k),
        "input_taxes": (input_taxes, n, None),
        "final_taxes": (final_taxes, k, None),
        "value_added": (value_added, names, n),
        "output": (output, n, None),
    }
    blocks = {
        name: block_of(values, rows, columns, name.replace("_", " "), where, as_given=k)
        for name, (values, rows, columns) in axes.items()
    }
    if output is None:
        blocks["output"] = frozen(blocks["supply"].sum(axis=0))
    if imports is None and layout == "domestic":
        blocks["imports"] = frozen(blocks["imported_use"].sum(axis=1) + blocks["imported_final"].sum(axis=1))
    if negative_supply == "refuse" and np.any(blocks["supply"] < 0):
        i, j = (int(at) for at in np.argwhere(blocks["supply"] < 0)[0])
        raise DataError(
            f"industry {n[j]} supplies {blocks['supply'][i, j]:,.6g} of product {p[i]}",
            where=where,
            fix="Nothing is made below zero: look for a shifted cell, or use negative_supply='keep' where the office prints it so",
        )
    gaps = check_supply_use(
        where=where,
        products=p,
        industries=n,
        blocks=blocks,
        prices=prices,
        layout=layout,
        decimals=decimals,
        refuse=rounding == "refuse",
    )
    return SupplyUseTable(
        region=region,
        year=int(year),
        unit=Money.parse(unit) if isinstance(unit, str) else unit,
        classification=classification,
        product_classification=product_classification or classification,
        products=p,
        product_labels=labels_of(product_labels, p, "products", where),
        industries=n,
        industry_labels=labels_of(industry_labels, n, "industries", where),
        demands=k,
        components=names,
        prices=prices,
        layout=layout,
        price_year=price_year,
        decimals=decimals,
        source=source,
        assumptions=tuple(assumptions),
        gaps=gaps,
        **blocks,
    )


def _options(
    where: str,
    demands: Sequence[str],
    prices: str,
    layout: str,
    imported_use: object,
    input_taxes: object,
    final_taxes: object,
) -> None:
    unknown = [name for name in demands if name not in DEMANDS]
    if unknown:
        raise ParameterError(
            f"{where}: {unknown[0]!r} is no kind of final demand", fix=f"Use one of {', '.join(DEMANDS)}"
        )
    if prices not in get_args(UsePrices):
        raise ParameterError(f"{where}: prices is {prices!r}", fix="Use 'basic' or 'purchasers'")
    if layout not in get_args(Layout):
        raise ParameterError(f"{where}: the layout {layout!r} is unknown", fix="Use 'domestic' or 'competitive'")
    if prices == "purchasers" and layout == "domestic":
        raise ParameterError(
            f"{where}: use at purchasers' prices without imports is not a layout that exists here",
            fix="Give use with imports (layout='competitive'); to_basic_prices and take_imports_out make the rest",
        )
    if layout == "competitive" and imported_use is not None:
        raise ParameterError(
            f"{where}: a competitive table has its imports inside the use",
            fix="Leave imported_use out, or say layout='domestic' and give use without imports",
        )
    if prices == "purchasers" and (input_taxes is not None or final_taxes is not None):
        raise ParameterError(
            f"{where}: use at purchasers' prices holds the taxes on products, and rows of taxes are given too",
            fix="Give the taxes by product (taxes), or say prices='basic'",
        )


def _default_components(count: int) -> list[str]:
    return ["value_added"] if count == 1 else [f"value_added_{i + 1}" for i in range(count)]
