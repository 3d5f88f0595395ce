"""A partly digital sector divided into its digital part and the rest, by ratios that come from elsewhere (revenue by activity, a survey).

Output and value added are divided by the ratios given. What follows is arithmetic: inputs are output less value added, spread as the undivided sector's are; sales are divided by the output
ratio, or by ratios known for some buyers. The table still balances, and adding the two parts up gives it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy import sparse

from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.table import InputOutputTable, Matrix, Vector, listing
from dxanalysis.errors import DataError, ParameterError

TINY: Final = 1e-9  # of the sector's output: a ratio typed to a few digits may miss 0 by this


def split_sector(
    table: InputOutputTable,
    code: str,
    *,
    parts: tuple[str, str],
    output_ratio: float,
    value_added_ratio: float,
    sales: Mapping[str, float] | None = None,
    labels: tuple[str, str] | None = None,
) -> InputOutputTable:
    """Divide one sector into two.

    With output x, value added w, ratios a and b: the first part has output a x, value added b w (every component alike) and inputs a x - b w. Its inputs are the share
    k = (a x - b w) / (x - w) of each of the sector's inputs, imported inputs and taxes on inputs included. Its sales are a of the sector's to each buyer; what the sector
    sells to itself is divided both ways.

    Parameters
    ----------
    table
        n sectors, either layout.
    code
        The sector to divide.
    parts
        Codes of the digital part and of the rest; neither may be there already, but one may keep the sector's own.
    output_ratio, value_added_ratio
        a and b: the first part's share in output and in value added, fraction in [0, 1].
    sales
        Buyer -> first part's share of what the sector sells to it, fraction in [0, 1]. A buyer is a sector's code or a kind of final demand. All other buyers get
        one common share, such that the first part sells its output. None: a for every buyer.
    labels
        Names of the parts; None: the codes.

    Returns
    -------
    InputOutputTable
        n + 1 sectors, the two parts where the sector stood.

    Raises
    ------
    ParameterError
        When a ratio is not in [0, 1], a code is unknown or taken, or the sales are impossible with these ratios: the share left for the other buyers is told.
    DataError
        When a part would have negative inputs (value added above output), or no output but value added.
    """
    s, where = table.position(code), f"table of {table.region} {table.year}, sector {code}"
    for name, ratio in (("output_ratio", output_ratio), ("value_added_ratio", value_added_ratio)):
        _fraction(ratio, name, where)
    others = set(table.sectors) - {code}
    if len(set(parts)) != 2 or others & set(parts):
        raise ParameterError(
            f"{where}: the parts are called {parts[0]!r} and {parts[1]!r}",
            fix="Give two codes that the table does not have",
        )
    inputs = _input_share(table, s, output_ratio, value_added_ratio, where)
    buyers = _sales(table, s, output_ratio, sales or {}, where)
    n, row, demand = table.n, _row(table.flows, s), table.final[s]
    # rows first: both parts sell to the undivided sector, whose column is divided after that
    flows = _replace_row(table.flows, s, np.vstack([row * buyers[:n], row * (1 - buyers[:n])]))
    turned = _transposed(flows)
    column = _row(turned, s)
    flows = _transposed(_replace_row(turned, s, np.vstack([column * inputs, column * (1 - inputs)])))

    def along(values: Vector, first: float) -> Vector:
        return np.concatenate([values[:s], [values[s] * first, values[s] * (1 - first)], values[s + 1 :]])

    return input_output_table(
        region=table.region,
        year=table.year,
        unit=table.unit,
        classification=table.classification,
        kind=table.kind,
        layout=table.layout,
        prices=table.prices,
        price_year=table.price_year,
        decimals=table.decimals,
        source=table.source,
        sectors=(*table.sectors[:s], *parts, *table.sectors[s + 1 :]),
        labels=(*table.labels[:s], *(labels or parts), *table.labels[s + 1 :]),
        flows=flows,
        final=np.vstack([table.final[:s], demand * buyers[n:], demand * (1 - buyers[n:]), table.final[s + 1 :]]),
        demands=table.demands,
        value_added=np.vstack([along(one, value_added_ratio) for one in table.value_added]),
        components=table.components,
        output=along(table.output, output_ratio),
        imports=along(table.imports, output_ratio),
        imported_inputs=along(table.imported_inputs, inputs),
        input_taxes=along(table.input_taxes, inputs),
        imported_final=table.imported_final,
        final_taxes=table.final_taxes,
        rounding="keep",
    )


def _fraction(value: float, name: str, where: str) -> None:
    if not 0 <= value <= 1:  # not a number is refused too
        raise ParameterError(
            f"{where}: {name} is {value:g}", fix="Give a fraction in [0, 1]; percent are divided by 100 first"
        )


def _input_share(table: InputOutputTable, s: int, a: float, b: float, where: str) -> float:
    """The first part's share k of the sector's inputs."""
    output, value_added = float(table.output[s]), float(table.gross_value_added[s])
    total, tiny = output - value_added, TINY * output
    first = a * output - b * value_added
    rest = total - first
    for part, inputs, part_output in (("first", first, a * output), ("second", rest, (1 - a) * output)):
        if inputs < -tiny:
            raise DataError(
                f"the {part} part would have output {part_output:,.6g} and value added {part_output - inputs:,.6g}, so inputs of {inputs:,.6g}",
                where=where,
                fix=f"Value added is {100 * value_added / output if output else 0:.1f} % of the sector's output: bring output_ratio {a:g} and value_added_ratio {b:g} nearer to each other",
            )
    return min(max(first / total, 0.0), 1.0) if total > tiny else a


def _sales(table: InputOutputTable, s: int, a: float, given: Mapping[str, float], where: str) -> Vector:
    """(n + k,): the first part's share of the sector's sales to each buyer."""
    buyers = (*table.sectors, *table.demands)
    unknown = [name for name in given if name not in buyers]
    if unknown:
        raise ParameterError(f"{where}: {unknown[0]!r} is no buyer in this table", fix=f"Buyers are {listing(buyers)}")
    for name, ratio in given.items():
        _fraction(ratio, f"sales to {name}", where)
    known = np.array([name in given for name in buyers])
    shares = np.array([given.get(name, a) for name in buyers])
    sold = np.concatenate([_row(table.flows, s), table.final[s]])
    if known.any():
        left, wanted = float(sold[~known].sum()), a * float(sold.sum()) - float(sold[known] @ shares[known])
        common = wanted / left if left != 0 else (a if abs(wanted) <= TINY * abs(float(sold.sum())) else np.inf)
        if not -TINY <= common <= 1 + TINY:
            raise ParameterError(
                f"{where}: the first part sells {100 * a:.4g} % of the sector's output; after the sales given, the other buyers, who take {left:,.6g}, would have to take {wanted:,.6g} of it",
                fix="Bring the shares in sales and output_ratio into agreement",
            )
        shares[~known] = min(max(common, 0.0), 1.0)
    return shares


def _row(flows: Matrix, s: int) -> Vector:
    """Row s as a full vector."""
    return np.asarray(flows[[s]].toarray() if sparse.issparse(flows) else flows[[s]], dtype=np.float64).ravel()


def _transposed(flows: Matrix) -> Matrix:
    return sparse.csr_array(flows.T) if sparse.issparse(flows) else flows.T


def _replace_row(flows: Matrix, s: int, rows: Vector) -> Matrix:
    """The matrix with row s replaced by others."""
    if sparse.issparse(flows):
        matrix = sparse.csr_array(flows)
        return sparse.csr_array(sparse.vstack([matrix[:s], sparse.csr_array(rows), matrix[s + 1 :]]))
    return np.vstack([flows[:s], rows, flows[s + 1 :]])
