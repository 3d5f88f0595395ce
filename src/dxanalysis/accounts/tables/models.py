"""Supply-use tables turned into symmetric input-output tables: models A, B, C and D.

With V' the supply table (products by industries), g the output of industries, x that of products, C = V' g^-1 (what an industry's output is made of) and
D' = V' x^-1, rows (which industries make a product): the four models differ in whose inputs, or whose sales, are taken to be the same. UN Handbook on Supply and Use
Tables and Input-Output Tables (2018), chapter 12; Eurostat Manual (2008), chapter 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd

from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.supply_use import SupplyUseTable
from dxanalysis.accounts.tables.table import InputOutputTable, Vector, listing
from dxanalysis.errors import ModelError, ParameterError

Model = Literal["A", "B", "C", "D"]
MEANING: Final[dict[str, str]] = {
    "A": "product technology: a product needs the same inputs whichever industry makes it",
    "B": "industry technology: an industry needs the same inputs whichever product it makes",
    "C": "fixed industry sales: an industry sells to the same users whichever product it makes",
    "D": "fixed product sales: a product is sold to the same users whichever industry makes it",
}
ROUNDING: Final = 1e-12  # of the largest flow: below it a negative cell is the arithmetic's last bit
SINGULAR: Final = 1e-12  # smallest to largest singular value


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative:
    """A cell below zero: ``block`` is flows, final, value_added or imports."""

    block: Literal["flows", "final", "value_added", "imports"]
    row: str
    column: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transformed:
    """An input-output table made from a supply-use table.

    Attributes
    ----------
    model
        A and B give product by product, C and D industry by industry.
    table
        The table; negative cells stand in it as they come out.
    negatives
        Every flow below zero, and every cell of another block that is below zero while the block's row or column in the supply-use table had none; largest first.
    negative_share
        Negative flows over the sum of all flows without sign, percent.
    assumptions
        The model's, after those of the supply-use table.
    """

    model: Model
    table: InputOutputTable
    negatives: tuple[Negative, ...]
    negative_share: float
    assumptions: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Transformed(model {self.model}, {len(self.negatives)} negative cells, {self.table!r})"

    def to_frame(self) -> pd.DataFrame:
        """The negative cells: ``block``, ``row``, ``column``, ``value``."""
        return pd.DataFrame(
            [(one.block, one.row, one.column, one.value) for one in self.negatives],
            columns=["block", "row", "column", "value"],
        )


def to_input_output(table: SupplyUseTable, *, model: Model = "D") -> Transformed:
    """Make a symmetric table.

    - A, product technology, product by product: S = U (D')^-1, E = W (D')^-1. Square only; negatives may come out.
    - B, industry technology, product by product: S = U C', E = W C'.
    - C, fixed industry sales, industry by industry: S = C^-1 U, Y' = C^-1 Y, E = W. Square only; negatives may come out.
    - D, fixed product sales, industry by industry: S = D U, Y' = D Y, E = W. What most offices publish as industry by industry; the industries' value added is untouched.

    U, Y and W are use, final demand and value added. In a competitive table imports are turned as the rows are; of a product that no industry makes the use stands in
    ``imported_inputs`` (complementary imports). Taxes and imported inputs below the use are turned as value added is.

    Parameters
    ----------
    table
        Use at basic prices, competitive or domestic.
    model
        A, B, C or D.

    Returns
    -------
    Transformed
        The table, in the layout of the supply-use table, with the list of its negative cells. Output is what the rows add up to; what a
        rounding of the printed table leaves between that and the columns is in ``table.gaps``.

    Raises
    ------
    ParameterError
        When the model is unknown or use is at purchasers' prices.
    ModelError
        When A or C is asked of a table with more products than industries or the other way round, or of a supply table that cannot be inverted: the codes are named.
    """
    if model not in get_args(Model):
        raise ParameterError(
            f"model {model!r} is unknown", fix="; ".join(f"{name}: {text}" for name, text in MEANING.items())
        )
    if table.prices != "basic":
        raise ParameterError(
            f"use of {table.region} {table.year} is at purchasers' prices",
            fix="Bring it to basic prices first: to_basic_prices",
        )
    by_product = model in ("A", "B")
    x, g = table.product_output, table.output
    if model == "B":
        step = _over(table.supply, g[None, :]).T
    elif model == "D":
        step = _over(table.supply, x[:, None]).T
    else:
        step = _inverse(table, model)
    below = {
        "value_added": table.value_added,
        "input_taxes": table.input_taxes[None, :],
        "imported_inputs": table.imported_use.sum(axis=0)[None, :],
    }
    final, imports = table.final, table.imports if table.layout == "competitive" else np.zeros(len(x))
    imported_final = table.imported_final.sum(axis=0)
    if by_product:
        flows = table.use @ step
        below = {name: rows @ step for name, rows in below.items()}
    else:
        nobody = x == 0  # D has no row to put an imported product into that no industry makes
        below["imported_inputs"] = below["imported_inputs"] + table.use[nobody].sum(axis=0)
        imported_final = imported_final + final[nobody].sum(axis=0)
        flows, final, imports = step @ table.use, step @ final, step @ imports
    # what the rows sell is taken as output, so that value added by final demand is GDP to the last bit although printed figures are rounded
    sold = flows.sum(axis=1) + final.sum(axis=1) - imports
    printed = x if by_product else g
    output = np.where((printed > 0) & (sold > 0), sold, printed)
    made = input_output_table(
        region=table.region,
        year=table.year,
        unit=table.unit,
        classification=table.product_classification if by_product else table.classification,
        kind="product" if by_product else "industry",
        sectors=table.products if by_product else table.industries,
        labels=table.product_labels if by_product else table.industry_labels,
        flows=flows,
        final=final,
        demands=table.demands,
        value_added=below["value_added"],
        components=table.components,
        output=output,
        imports=imports,
        imported_inputs=below["imported_inputs"][0],
        input_taxes=below["input_taxes"][0],
        imported_final=imported_final,
        final_taxes=table.final_taxes,
        layout=table.layout,
        prices="basic",
        price_year=table.price_year,
        decimals=table.decimals,
        source=table.source,
        rounding="keep",
    )
    size = float(np.abs(flows).sum())
    return Transformed(
        model=model,
        table=made,
        negatives=_negatives(made, table, flows, final, imports, below["value_added"]),
        negative_share=float(100 * np.abs(flows[flows < 0]).sum() / size) if size else 0.0,
        assumptions=(*table.assumptions, f"model_{model}"),
    )


def _over(values: Vector, totals: Vector) -> Vector:
    """Values over totals, 0 where the total is 0."""
    return np.divide(values, totals, out=np.zeros(values.shape), where=np.broadcast_to(totals != 0, values.shape))


def _inverse(table: SupplyUseTable, model: Model) -> Vector:
    """(n, n): (D')^-1 for A, C^-1 for C, or the reason why there is none."""
    where = f"supply-use table of {table.region} {table.year}"
    instead = "B" if model == "A" else "D"
    p, n = table.supply.shape
    if p != n:
        raise ModelError(
            f"model {model} needs as many products as industries, and there are {p} and {n}: the supply table cannot be inverted",
            where=where,
            fix=f"Use model {instead}, or bring products and industries to one list with aggregate_supply_use",
        )
    totals = table.product_output[:, None] if model == "A" else table.output[None, :]
    shares = _over(table.supply, totals)
    left, sizes, right = np.linalg.svd(shares)
    if sizes[-1] > SINGULAR * sizes[0]:
        return np.asarray(np.linalg.inv(shares), dtype=np.float64)
    made = {
        "products": [code for code, one in zip(table.products, table.product_output, strict=True) if one == 0],
        "industries": [code for code, one in zip(table.industries, table.output, strict=True) if one == 0],
    }
    for what, idle in made.items():
        if idle:
            verb = "no industry makes" if what == "products" else "nothing is made by"
            raise ModelError(
                f"model {model} inverts the supply table, and {verb} {listing(idle)}",
                where=where,
                fix=f"Use model {instead}, or add these {what} to others with aggregate_supply_use",
            )
    rows = [table.products[i] for i in np.flatnonzero(np.abs(left[:, -1]) > 1e-6)]
    columns = [table.industries[i] for i in np.flatnonzero(np.abs(right[-1]) > 1e-6)]
    raise ModelError(
        f"model {model} inverts the supply table, which is singular: products {listing(rows)} are made by industries {listing(columns)} in proportions that cannot be told apart",
        where=where,
        fix=f"Use model {instead}, or add these up with aggregate_supply_use",
    )


def _negatives(
    made: InputOutputTable, table: SupplyUseTable, flows: Vector, final: Vector, imports: Vector, value_added: Vector
) -> tuple[Negative, ...]:
    tiny = -ROUNDING * float(np.abs(flows).max(initial=0.0))
    rows, found = made.sectors, []
    blocks: tuple[tuple[Any, Vector, tuple[str, ...], tuple[str, ...], Any], ...] = (
        ("flows", flows, rows, rows, True),
        ("final", final, rows, table.demands, np.all(table.final >= 0, axis=0, keepdims=True)),
        ("value_added", value_added, table.components, rows, np.all(table.value_added >= 0, axis=1, keepdims=True)),
        ("imports", imports[:, None], rows, ("imports",), bool(np.all(table.imports >= 0))),
    )
    for block, values, row_names, column_names, counts in blocks:
        for i, j in np.argwhere((values < tiny) & counts).tolist():
            found.append(Negative(block=block, row=row_names[i], column=column_names[j], value=float(values[i, j])))
    return tuple(sorted(found, key=lambda one: one.value))
