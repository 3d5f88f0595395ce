"""Making an input-output table: shapes, codes and identities are checked before there is a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from dxanalysis.accounts.tables.identities import check
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.table import (
    DEMANDS,
    Demand,
    InputOutputTable,
    Kind,
    Layout,
    Matrix,
    Prices,
    Vector,
    frozen,
)
from dxanalysis.errors import DataError, ParameterError

LARGE: Final = 1000  # sectors from which a full matrix with few cells is kept as its cells only
DENSE_ABOVE: Final = 0.2  # part of non-zero cells from which a sparse matrix costs more than a full one


def input_output_table(
    *,
    region: str,
    year: int,
    unit: Money | str,
    classification: str,
    sectors: Sequence[str],
    flows: ArrayLike | sparse.sparray,
    final: ArrayLike,
    demands: Sequence[Demand],
    value_added: ArrayLike,
    output: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
    components: Sequence[str] | None = None,
    imports: ArrayLike | None = None,
    imported_inputs: ArrayLike | None = None,
    input_taxes: ArrayLike | None = None,
    imported_final: ArrayLike | None = None,
    final_taxes: ArrayLike | None = None,
    kind: Kind = "industry",
    layout: Layout | None = None,
    prices: Prices = "basic",
    price_year: int | None = None,
    decimals: int | None = None,
    source: str = "",
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """Make a table and check every identity.

    Parameters
    ----------
    region, year, unit, classification, sectors, labels, kind, prices, price_year, decimals, source
        As in :class:`InputOutputTable`; ``unit`` may be text such as "million USD". Labels default to the codes.
    flows, final, demands, value_added, components
        The blocks, (n, n), (n, k), (k,), (c, n) or (n,), (c,).
    output
        (n,) as printed; None: the row totals, what each sector sells.
    imports
        (n,), competitive layout: imports of each row; all with a minus, as some offices print them, means the same. Single entries of the other sign
        (adjustments) are kept.
    imported_inputs, input_taxes, imported_final, final_taxes
        Rows of the domestic layout and of taxes; None: there are none.
    layout
        None: ``competitive`` where ``imports`` are given, else ``domestic``.
    rounding
        ``refuse`` a table whose rows or columns miss the output by more than the printed decimals explain, or ``keep`` it and list the gaps in ``gaps``.

    Raises
    ------
    DataError
        When shapes do not fit, a code is there twice, a figure is missing or not finite, output is negative, or an identity does not hold: with the row
        or column, by how much, and what the pattern points at (imports mixed into domestic flows, for instance).
    ParameterError
        When an option is unknown, or imports by row are given for a domestic table.
    """
    where = f"table of {region} {year}"
    codes = tuple(str(code) for code in sectors)
    n = len(codes)
    if n == 0:
        raise DataError("there is no sector", where=where, fix="Give at least one row and column")
    if len(set(codes)) < n:
        twice = sorted({code for code in codes if codes.count(code) > 1})
        raise DataError(
            f"sector {twice[0]!r} is there {codes.count(twice[0])} times",
            where=where,
            fix="Give every sector a code of its own, or add the rows up",
        )
    unknown = [name for name in demands if name not in DEMANDS]
    if unknown:
        raise ParameterError(
            f"{where}: {unknown[0]!r} is no kind of final demand", fix=f"Use one of {', '.join(DEMANDS)}"
        )
    if layout is None:
        layout = "competitive" if imports is not None else "domestic"
    if layout not in get_args(Layout):
        raise ParameterError(f"{where}: the layout {layout!r} is unknown", fix="Use 'domestic' or 'competitive'")
    if layout == "domestic" and imports is not None and np.any(np.asarray(imports)):
        raise ParameterError(
            f"{where}: a domestic table has its imports below the columns, not in the rows",
            fix="Give imported_inputs, or imports with layout='competitive'",
        )
    k = len(demands)
    made: dict[str, Vector] = {
        "final": _block(final, (n, k), "final demand", where, codes),
        "value_added": _block(
            np.atleast_2d(np.asarray(value_added, dtype=object)), (None, n), "value added", where, codes
        ),
        "imports": _positive(_block(imports, (n,), "imports", where, codes)),
        "imported_inputs": _block(imported_inputs, (n,), "imported inputs", where, codes),
        "input_taxes": _block(input_taxes, (n,), "taxes on inputs", where, codes),
        "imported_final": _block(imported_final, (k,), "imports in final demand", where, demands),
        "final_taxes": _block(final_taxes, (k,), "taxes in final demand", where, demands),
    }
    matrix = _matrix(flows, n, where, codes)
    totals = np.asarray(matrix.sum(axis=1)).ravel() + made["final"].sum(axis=1) - made["imports"]
    made["output"] = totals if output is None else _block(output, (n,), "output", where, codes)
    components = (
        tuple(components)
        if components is not None
        else tuple(
            ["value_added"]
            if len(made["value_added"]) == 1
            else [f"value_added_{i + 1}" for i in range(len(made["value_added"]))]
        )
    )
    if len(components) != len(made["value_added"]):
        raise DataError(
            f"{len(components)} names for {len(made['value_added'])} rows of value added",
            where=where,
            fix="Name every row",
        )
    names = tuple(labels) if labels is not None else codes
    if len(names) != n:
        raise DataError(f"{len(names)} labels for {n} sectors", where=where, fix="Give one label a sector, or none")
    if decimals is not None and decimals < -9:
        raise ParameterError(
            f"{where}: {decimals} printed decimals",
            fix="Give the number of digits after the decimal mark; -3 where figures are rounded to thousands",
        )
    gaps = check(
        where=where,
        sectors=codes,
        flows=matrix,
        final=made["final"],
        imports=made["imports"],
        imported_inputs=made["imported_inputs"],
        input_taxes=made["input_taxes"],
        value_added=made["value_added"],
        output=made["output"],
        decimals=decimals,
        layout=layout,
        refuse=rounding == "refuse",
    )
    return InputOutputTable(
        region=region,
        year=int(year),
        unit=Money.parse(unit) if isinstance(unit, str) else unit,
        classification=classification,
        kind=kind,
        layout=layout,
        sectors=codes,
        labels=names,
        flows=matrix,
        demands=tuple(demands),
        components=components,
        prices=prices,
        price_year=price_year,
        decimals=decimals,
        source=source,
        gaps=gaps,
        final=frozen(made["final"]),
        value_added=frozen(made["value_added"]),
        output=frozen(made["output"]),
        imports=frozen(made["imports"]),
        imported_inputs=frozen(made["imported_inputs"]),
        input_taxes=frozen(made["input_taxes"]),
        imported_final=frozen(made["imported_final"]),
        final_taxes=frozen(made["final_taxes"]),
    )


def _block(
    values: ArrayLike | None, shape: tuple[int | None, ...], what: str, where: str, names: Sequence[str]
) -> Vector:
    if values is None:
        return np.zeros([size or 0 for size in shape])
    try:
        block = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise DataError(
            f"{what} hold a cell that is no number", where=where, fix="Give numbers only; write 0 where nothing is sold"
        ) from None
    if block.ndim != len(shape) or any(
        size is not None and size != got for size, got in zip(shape, block.shape, strict=True)
    ):
        wanted = " x ".join("any" if size is None else str(size) for size in shape)
        raise DataError(
            f"{what} have the shape {' x '.join(map(str, block.shape))}, not {wanted}",
            where=where,
            fix="Bring rows and columns into the order of the sectors",
        )
    if not np.isfinite(block).all():
        at = tuple(int(i) for i in np.argwhere(~np.isfinite(block))[0])
        axis = 0 if len(shape) == 1 or shape[0] == len(names) else 1
        raise DataError(
            f"{what} have an empty cell at {names[at[axis]]}",
            where=where,
            fix="Write 0 where nothing is sold; a figure that is kept back must be estimated before, and said so",
        )
    return block


def _matrix(flows: ArrayLike | sparse.sparray, n: int, where: str, codes: Sequence[str]) -> Matrix:
    if sparse.issparse(flows):
        matrix = sparse.csr_array(flows, dtype=np.float64)
        if matrix.shape != (n, n):
            raise DataError(
                f"the flows are {matrix.shape[0]} x {matrix.shape[1]}, not {n} x {n}",
                where=where,
                fix="A symmetric table has one row and one column a sector",
            )
        if not np.isfinite(matrix.data).all():
            raise DataError(
                "the flows have a cell that is not finite", where=where, fix="Write 0 where nothing is sold"
            )
        if matrix.nnz > DENSE_ABOVE * n * n:
            return frozen(matrix.toarray())
        return matrix
    shape = np.shape(np.asarray(flows))
    if len(shape) != 2 or shape[0] != shape[1]:
        raise DataError(
            f"the flows are {' x '.join(map(str, shape))}: not square",
            where=where,
            fix="A symmetric table has one row and one column a sector; of a supply and a use table make one first (supply_use)",
        )
    dense = _block(np.asarray(flows), (n, n), "the flows", where, codes)
    if n >= LARGE and np.count_nonzero(dense) <= DENSE_ABOVE * n * n:
        return sparse.csr_array(dense)
    return frozen(dense)


def _positive(imports: Vector) -> Vector:
    """Imports as figures to be taken off; a column printed as negative final demand is turned."""
    return -imports if imports.sum() < 0 else imports
