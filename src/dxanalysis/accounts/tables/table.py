"""A symmetric input-output table as a frozen value.

Two layouts exist and are never mixed. In a *domestic* table the flows and the final demand are of the economy's own products only, and what is
imported stands in rows of its own below them. In a *competitive* table flows and final demand hold imported products as well, and the imports
of each product are taken off at the end of its row. Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapter 11; UN Handbook
on Supply, Use and Input-Output Tables (2018), chapter 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from dxanalysis.accounts.tables.identities import Gap
from dxanalysis.accounts.tables.money import Money
from dxanalysis.errors import ParameterError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64] | sparse.csr_array
Layout = Literal["domestic", "competitive"]
Kind = Literal["industry", "product"]
Demand = Literal["households", "npish", "government", "investment", "inventories", "exports", "other"]
Prices = Literal["basic", "producers", "purchasers"]

DEMANDS: Final[tuple[str, ...]] = get_args(Demand)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputOutputTable:
    """An input-output table of one economy and year, whose identities were checked.

    n sectors, k columns of final demand, c rows of value added; money in ``unit``, current prices of the year unless ``price_year`` is another.

    Attributes
    ----------
    region, year
        What the table is of: any text that names the economy, and the year of its flows.
    unit
        Currency and scale of every figure.
    classification
        Id of the classification that the sector codes are of, such as ``isic4`` or ``adb35``.
    kind
        Whether the sectors are industries or products.
    layout
        ``domestic``: flows and final demand without imports; ``competitive``: with imports, which ``imports`` takes off.
    sectors, labels
        Codes and names, (n,).
    flows
        (n, n): what the row sells to the column. A sparse matrix stays sparse.
    final
        (n, k): final demand; ``demands`` says what each column is.
    imports
        (n,), competitive layout: imports of each row's product, to be taken off. Zeros in a domestic table.
    imported_inputs
        (n,): imported products used by each column. In a competitive table only those that no sector makes (complementary imports).
    input_taxes
        (n,): taxes less subsidies on products, paid on inputs.
    value_added
        (c, n): value added by component; ``components`` names them.
    output
        (n,): gross output.
    imported_final, final_taxes
        (k,): imports and product taxes in final demand where the table prints them; needed for GDP at market prices only.
    prices
        Valuation of the flows.
    price_year
        Year whose prices the figures are in; None: prices of ``year`` itself.
    decimals
        Printed decimals; the tolerance of the identities follows from them. None: exact figures, compared to 1e-9 of the output.
    source
        Where the table is from.
    """

    region: str
    year: int
    unit: Money
    classification: str
    kind: Kind
    layout: Layout
    sectors: tuple[str, ...]
    labels: tuple[str, ...]
    flows: Matrix
    final: Vector
    demands: tuple[Demand, ...]
    value_added: Vector
    components: tuple[str, ...]
    output: Vector
    imports: Vector
    imported_inputs: Vector
    input_taxes: Vector
    imported_final: Vector
    final_taxes: Vector
    prices: Prices = "basic"
    price_year: int | None = None
    decimals: int | None = None
    source: str = ""
    gaps: tuple[Gap, ...] = ()

    def __repr__(self) -> str:
        return (
            f"InputOutputTable({self.region} {self.year}: {self.n} sectors of {self.classification}, {self.layout}, by {self.kind}, "
            f"{self.prices} prices, {self.unit})"
        )

    @property
    def n(self) -> int:
        """Number of sectors."""
        return len(self.sectors)

    @property
    def gross_value_added(self) -> Vector:
        """(n,): value added of each sector, all components."""
        return np.asarray(self.value_added.sum(axis=0), dtype=np.float64)

    @property
    def gdp(self) -> float:
        """Gross value added of all sectors: GDP at the valuation of the outputs (basic prices as a rule)."""
        return float(self.value_added.sum())

    @property
    def net_final(self) -> Vector:
        """(n,): final demand for the economy's own output: final demand, less imports where the rows hold them; may be negative."""
        return np.asarray(self.final.sum(axis=1) - self.imports, dtype=np.float64)

    @property
    def value_added_ratio(self) -> Vector:
        """(n,): value added per unit of output, fraction; 0 where there is no output."""
        return _per_output(self.gross_value_added, self.output)

    def coefficients(self) -> Matrix:
        """(n, n) input coefficients A, fraction: column j holds what one unit of output of j needs from each row; sparse where flows are."""
        inverse = _per_output(np.ones(self.n), self.output)
        if sparse.issparse(self.flows):
            return sparse.csr_array(self.flows @ sparse.diags_array(inverse))
        return np.asarray(self.flows * inverse, dtype=np.float64)

    def demand(self, *kinds: Demand) -> Vector:
        """(n,): sum of the columns of final demand of these kinds; zeros where the table has none."""
        chosen = [k for k, name in enumerate(self.demands) if name in kinds]
        return np.asarray(self.final[:, chosen].sum(axis=1), dtype=np.float64)

    def position(self, code: str) -> int:
        """Index of a sector code.

        Raises
        ------
        ParameterError
            When the table has no such sector; the message lists the nearest codes.
        """
        try:
            return self.sectors.index(code)
        except ValueError:
            raise ParameterError(
                f"the table of {self.region} {self.year} has no sector {code!r}",
                fix=f"Its sectors are {listing(self.sectors)}",
            ) from None

    def mask(self, codes: Sequence[str]) -> NDArray[np.bool_]:
        """(n,): True for these sectors."""
        mask = np.zeros(self.n, dtype=np.bool_)
        mask[[self.position(code) for code in codes]] = True
        return mask

    def take(self, order: Sequence[int]) -> InputOutputTable:
        """The same table with its sectors in another order; ``order`` is a permutation of 0 .. n-1."""
        index = np.asarray(order, dtype=np.int64)
        if sorted(index.tolist()) != list(range(self.n)):
            raise ParameterError(
                "the new order must name every sector once", fix=f"Give a permutation of 0 to {self.n - 1}"
            )
        flows = self.flows[index][:, index]
        return replace(
            self,
            sectors=tuple(self.sectors[i] for i in index),
            labels=tuple(self.labels[i] for i in index),
            flows=sparse.csr_array(flows) if sparse.issparse(flows) else frozen(flows),
            final=frozen(self.final[index]),
            value_added=frozen(self.value_added[:, index]),
            output=frozen(self.output[index]),
            imports=frozen(self.imports[index]),
            imported_inputs=frozen(self.imported_inputs[index]),
            input_taxes=frozen(self.input_taxes[index]),
        )

    def in_unit(self, unit: Money) -> InputOutputTable:
        """The same table in another scale of its currency; another currency is refused."""
        factor = self.unit.factor_to(unit)
        flows = self.flows * factor
        return replace(
            self,
            unit=unit,
            decimals=None if factor != 1 else self.decimals,
            flows=sparse.csr_array(flows) if sparse.issparse(flows) else frozen(flows),
            final=frozen(self.final * factor),
            value_added=frozen(self.value_added * factor),
            output=frozen(self.output * factor),
            imports=frozen(self.imports * factor),
            imported_inputs=frozen(self.imported_inputs * factor),
            input_taxes=frozen(self.input_taxes * factor),
            imported_final=frozen(self.imported_final * factor),
            final_taxes=frozen(self.final_taxes * factor),
        )

    def to_frame(self) -> pd.DataFrame:
        """The table as printed: rows are sectors, then imports, taxes, components of value added and output; columns sectors, then final demand."""
        flows = self.flows.toarray() if sparse.issparse(self.flows) else self.flows
        empty = np.full((1, len(self.demands)), np.nan)
        blocks = [np.hstack([flows, self.final])]
        rows = list(self.sectors)
        for name, inner, outer in (
            ("imports", self.imported_inputs, self.imported_final),
            ("taxes", self.input_taxes, self.final_taxes),
        ):
            if np.any(inner) or np.any(outer):
                blocks.append(np.hstack([inner[None, :], outer[None, :]]))
                rows.append(name)
        for name, values in zip(self.components, self.value_added, strict=True):
            blocks.append(np.hstack([values[None, :], empty]))
            rows.append(name)
        blocks.append(np.hstack([self.output[None, :], empty]))
        rows.append("output")
        columns = [*self.sectors, *self.demands]
        frame = pd.DataFrame(np.vstack(blocks), index=pd.Index(rows, name="row"), columns=columns)
        if np.any(self.imports):
            frame["imports"] = np.concatenate([-self.imports, np.full(len(rows) - self.n, np.nan)])
        return frame


def frozen(values: ArrayLike) -> Vector:
    """A read-only copy of an array of figures."""
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def listing(names: Sequence[str], most: int = 12) -> str:
    """Some names for a message: all where they are few, else the first and how many more."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _per_output(values: Vector, output: Vector) -> Vector:
    return np.divide(values, output, out=np.zeros(len(output)), where=output != 0)
