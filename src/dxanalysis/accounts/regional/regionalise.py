"""From the nation's input-output table and a region's value added by industry to the region's table.

1. Output: the region's value added over the nation's ratio of value added to output, unless it is given.
2. Inputs: what the region's output needs beyond value added, column by column in the nation's composition (products, imports, taxes).
3. Of an input of the nation's product i into j the part min(q_ij, 1) is bought in the region (:mod:`.quotients`), the rest in other regions. No product sells more
   as inputs than the region makes (times the nation's own ratio where that is above one): a row that would is scaled, and the rest is bought elsewhere. Where the
   region's own sums are known, the flows are balanced to them (RAS).
4. Final demand: the nation's, at the region's share of GDP, served from the region as far as min(q_ii, 1) says; exports abroad as the nation's per unit of output.
   What is left of output is sold to other regions. Where less is left than wanted, final uses are cut in proportion.

Every identity holds: rows and columns add up to output, and value added by final demand to the region's value added. Imports from abroad and from other regions are kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from dxanalysis.accounts.balancing.scaling import ras
from dxanalysis.accounts.figures import Note
from dxanalysis.accounts.regional.nation import Nation, by_code, nation_of
from dxanalysis.accounts.regional.quotients import Quotient, quotients, sizes, slq
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.table import InputOutputTable, Vector, frozen
from dxanalysis.errors import DataError, ParameterError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionalTable:
    """A region's table and how it was made.

    Attributes
    ----------
    table
        Domestic layout; ``imported_inputs`` are from other regions and abroad together. The last column of final demand is what is sold to other regions.
    from_nation, from_abroad
        (n,): inputs bought in other regions and abroad.
    slq
        (n,) simple location quotients by output.
    quotients
        (n, n), before they are cut at 1.
    method, delta
        The quotient, and its delta (None where it has none).
    size
        The region's part of the nation's output, fraction.
    notes
        Codes of what the reader must be told.
    """

    table: InputOutputTable
    from_nation: Vector
    from_abroad: Vector
    slq: Vector
    quotients: Vector
    method: Quotient
    delta: float | tuple[float, ...] | None
    size: float
    notes: tuple[Note, ...]

    @property
    def to_nation(self) -> Vector:
        """(n,): sold to other regions."""
        return np.asarray(self.table.final[:, -1], dtype=np.float64)

    def to_frame(self) -> pd.DataFrame:
        """One row a sector: value added, output, quotient, and where inputs come from and output goes."""
        flows = np.asarray(self.table.flows)
        return pd.DataFrame(
            {
                "value_added": self.table.gross_value_added,
                "output": self.table.output,
                "slq": self.slq,
                "inputs_region": flows.sum(axis=0),
                "inputs_nation": self.from_nation,
                "inputs_abroad": self.from_abroad,
                "sold_as_inputs": flows.sum(axis=1),
                "sold_to_nation": self.to_nation,
            },
            index=pd.Index(self.table.sectors, name="sector"),
        )


def regionalise(
    table: InputOutputTable,
    regional_value_added: pd.Series,
    *,
    region: str,
    unit: Money | str,
    year: int,
    method: Quotient,
    delta: float | ArrayLike | None = None,
    output: pd.Series | None = None,
    national_value_added: pd.Series | None = None,
    local_sales: pd.Series | None = None,
    local_inputs: pd.Series | None = None,
) -> RegionalTable:
    """A region's table from the nation's.

    Parameters
    ----------
    table
        The nation. A competitive table is made domestic by import proportionality, and the result says so.
    regional_value_added
        Gross value added at current prices of every sector, by the table's codes, in ``unit``; zero where the region lacks the industry.
    region, unit, year
        What the figures are of. The unit may be another scale of the table's currency; the result is in the table's.
    method, delta
        Quotient (:mod:`.quotients`) and its delta: required for ``flq``, ``aflq`` (a number) and ``sflq`` (n,), None for the others.
    output
        The region's gross output by sector where it is known, in ``unit``; None: by the nation's ratios.
    national_value_added
        The nation's value added by sector in ``year``, in ``unit``, where the table is of another year: its coefficients are kept, its sizes are moved.
    local_sales, local_inputs
        Sums that the flows within the region are to have, where known: what each sector sells to, and buys from, the region's sectors. Both or none.

    Raises
    ------
    DataError
        When a sector is missing, unknown or twice, a figure is missing or negative, the region is larger than its nation, a sector has value added in the
        region and none in the nation, output is less than value added, or the known sums cannot be met.
    ParameterError
        When years or currencies differ, or an option does not fit.
    """
    money = Money.parse(unit) if isinstance(unit, str) else unit
    factor = money.factor_to(table.unit)
    nation = nation_of(table, year=year, value_added=national_value_added, factor=factor)
    codes = nation.table.sectors
    added = by_code(regional_value_added, codes, "value added of the region", factor)
    given = None if output is None else by_code(output, codes, "output of the region", factor)
    if (local_sales is None) != (local_inputs is None):
        raise ParameterError(
            "known sums of the flows are given for one side only", fix="Give local_sales and local_inputs, or none"
        )
    known = (
        None
        if local_sales is None or local_inputs is None
        else (by_code(local_sales, codes, "local sales", factor), by_code(local_inputs, codes, "local inputs", factor))
    )
    return regional_table(
        nation, added, region=region, year=year, method=method, delta=delta, output=given, known=known
    )


def regional_table(
    nation: Nation,
    value_added: Vector,
    *,
    region: str,
    year: int,
    method: Quotient,
    delta: float | ArrayLike | None,
    output: Vector | None = None,
    known: tuple[Vector, Vector] | None = None,
) -> RegionalTable:
    """The region's table from a prepared nation; ``value_added`` and ``output`` are (n,), in the table's unit and order. See :func:`regionalise`."""
    home, notes = nation.table, list(nation.notes)
    own = _output(nation, value_added) if output is None else _given_output(nation, value_added, output, notes)
    simple = slq(own, nation.output, sectors=home.sectors)
    q = quotients(method, own, nation.output, delta=delta, sectors=home.sectors)
    kept = np.minimum(q, 1.0)
    needed = own - value_added
    wanted = nation.inputs * needed
    flows = kept * wanted
    if known is None:
        most = nation.sold * own
        sales = flows.sum(axis=1)
        over = sales > most * (1 + 1e-12)
        if over.any():
            flows = flows * np.where(over, np.divide(most, sales, out=np.ones(len(own)), where=over), 1.0)[:, None]
            notes.append(_sectors("inputs_beyond_output", home, over))
    else:
        flows = _balanced(flows, known, wanted.sum(axis=0), own, home)
        notes.append(Note(code="balanced_to_known_sums"))
    from_nation = wanted.sum(axis=0) - flows.sum(axis=0)
    final, imported = _final(nation, own, float(value_added.sum()), np.diag(kept), flows.sum(axis=1), notes)
    share = float(value_added.sum() / nation.value_added.sum())
    from_abroad, taxes = nation.abroad * needed, nation.taxes * needed
    made = replace(
        home,
        region=region,
        year=year,
        flows=frozen(flows),
        final=frozen(final),
        demands=(*home.demands, "exports"),
        value_added=frozen(_components(home, value_added)),
        output=frozen(own),
        imported_inputs=frozen(from_nation + from_abroad),
        input_taxes=frozen(taxes),
        imported_final=frozen(imported),
        final_taxes=frozen(np.append(home.final_taxes * share, 0.0)),
        price_year=None,
        decimals=None,
        source=f"{method} from the table of {home.region} {home.year}",
        gaps=(),
    )
    return RegionalTable(
        table=made,
        from_nation=frozen(from_nation),
        from_abroad=frozen(from_abroad),
        slq=frozen(simple),
        quotients=frozen(q),
        method=method,
        delta=None if delta is None else float(delta) if np.ndim(delta) == 0 else tuple(np.asarray(delta).tolist()),  # type: ignore[arg-type]
        size=float(own.sum() / nation.output.sum()),
        notes=tuple(notes),
    )


def _output(nation: Nation, value_added: Vector) -> Vector:
    codes = nation.table.sectors
    sizes(value_added, np.maximum(nation.value_added, 0.0), codes)  # a subsidised industry may lose in the nation
    lost = np.flatnonzero((value_added > 0) & (nation.ratio <= 0))
    if len(lost):
        i = int(lost[0])
        raise DataError(
            f"sector {codes[i]}: the nation's value added per output is {nation.ratio[i]:.4g}, so the region's output is not known",
            fix="Give the region's output by sector",
        )
    return np.divide(value_added, nation.ratio, out=np.zeros(len(codes)), where=nation.ratio > 0)


def _given_output(nation: Nation, value_added: Vector, output: Vector, notes: list[Note]) -> Vector:
    codes = nation.table.sectors
    sizes(value_added, np.maximum(nation.value_added, 0.0), codes)  # a subsidised industry may lose in the nation
    wrong = np.flatnonzero(
        (output < value_added)
        | ((output > value_added) & (nation.inputs.sum(axis=0) + nation.abroad + nation.taxes == 0))
    )
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"sector {codes[i]}: output {output[i]:,.6g}, value added {value_added[i]:,.6g}, and the inputs between them cannot be placed",
            fix="Output is value added and inputs; give both in one unit, for sectors that the nation has",
        )
    notes.append(Note(code="output_given"))
    return output


def _balanced(
    flows: Vector, known: tuple[Vector, Vector], bought: Vector, own: Vector, home: InputOutputTable
) -> Vector:
    sales, inputs = known
    for what, sums, most in (("local sales", sales, own), ("local inputs", inputs, bought)):
        over = np.flatnonzero(sums > most * (1 + 1e-9))
        if len(over):
            i = int(over[0])
            raise DataError(
                f"{what} of sector {home.sectors[i]} are {sums[i]:,.6g}, more than the {most[i]:,.6g} there can be",
                fix="Sales to the region's sectors are part of output, purchases part of the inputs of national products",
            )
    return np.asarray(ras(flows, sales, inputs, row_labels=home.sectors, column_labels=home.sectors).values)


def _final(
    nation: Nation, own: Vector, earned: float, kept: Vector, sold: Vector, notes: list[Note]
) -> tuple[Vector, Vector]:
    """Final demand for the region's products (n, k + 1), last column other regions; and what each column imports (k + 1,), from other regions and abroad."""
    home = nation.table
    share = earned / float(nation.value_added.sum())
    abroad = np.array([kind == "exports" for kind in home.demands])
    per_output = np.divide(own, nation.output, out=np.zeros(len(own)), where=nation.output > 0)
    asked = nation.final * np.where(abroad[None, :], per_output[:, None], share)
    served = np.where(abroad[None, :], asked, kept[:, None] * asked)
    left, total = own - sold, served.sum(axis=1)
    short = (total > left) & (total > 0) & (left >= 0)
    served = served * np.where(short, np.divide(left, total, out=np.ones(len(own)), where=short), 1.0)[:, None]
    cut = short & (total > left + 1e-9 * own)  # not what binary fractions explain
    if cut.any():
        notes.append(_sectors("final_demand_cut", home, cut))
    others = np.where(short, 0.0, left - served.sum(axis=1))
    others[np.abs(others) <= 1e-11 * own] = 0.0  # binary dust of a balance
    if (others < 0).any():
        notes.append(_sectors("negative_sales_to_nation", home, others < 0))
    elsewhere = np.where(abroad[None, :], 0.0, asked - served).sum(axis=0) + home.imported_final * share
    return np.column_stack([served, others]), np.append(elsewhere, 0.0)


def _components(home: InputOutputTable, value_added: Vector) -> Vector:
    gross = home.gross_value_added
    part = np.divide(home.value_added, gross, out=np.zeros(home.value_added.shape), where=gross != 0)
    part[0, gross == 0] = 1.0
    return np.asarray(part * value_added, dtype=np.float64)


def _sectors(code: str, home: InputOutputTable, mask: NDArray[np.bool_]) -> Note:
    return Note(code=code, facts=(("sectors", ", ".join(home.sectors[int(i)] for i in np.flatnonzero(mask))),))
