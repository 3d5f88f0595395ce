"""The domestic part of a competitive table, by import proportionality.

Every use but exports is taken to hold the same part of imports, mu_i = M_i / (z_i + d_i): Miller and Blair, Input-Output Analysis (2009), section 4.7. Where
a product is imported beyond its use in the country (re-exports), exports count as use too. Entries against the sign of imports (duties, freight of the country's own carriers) are sales, and
become a column of final demand.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from dxanalysis.accounts.tables.table import InputOutputTable, frozen
from dxanalysis.errors import DataError


def domestic_table(table: InputOutputTable) -> InputOutputTable:
    """The table with imports taken out of flows and final demand and shown below the columns; a domestic table is handed back as it is.

    Raises
    ------
    DataError
        When a product is imported but not used, or more is imported than used and exported.
    """
    if table.layout == "domestic":
        return table
    sales = np.maximum(-table.imports, 0.0)
    if sales.any():
        table = replace(
            table,
            imports=frozen(np.maximum(table.imports, 0.0)),
            final=frozen(np.column_stack([table.final, sales])),
            demands=(*table.demands, "other"),
            imported_final=frozen(np.append(table.imported_final, 0.0)),
            final_taxes=frozen(np.append(table.final_taxes, 0.0)),
        )
    exported = np.array([kind == "exports" for kind in table.demands])
    inputs = np.asarray(table.flows.sum(axis=1)).ravel()
    at_home = inputs + table.final[:, ~exported].sum(axis=1)
    with_exports = at_home + table.final[:, exported].sum(axis=1)
    through = table.imports > at_home  # imports beyond home use are exported again
    base = np.where(through, with_exports, at_home)
    wrong = np.flatnonzero((table.imports > 0) & ((base <= 0) | (table.imports > base * (1 + 1e-9))))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"sector {table.sectors[i]}: imports of {table.imports[i]:,.6g}, use of {base[i]:,.6g}",
            where=f"table of {table.region} {table.year}",
            fix="No table has more imports than use; look for a shifted row, or give the domestic table itself",
        )
    part = np.divide(table.imports, base, out=np.zeros(table.n), where=base != 0)
    in_final = np.where(exported[None, :] & ~through[:, None], 0.0, part[:, None]) * table.final
    home = 1 - part
    flows = (
        sparse.csr_array(sparse.diags_array(home) @ table.flows)
        if sparse.issparse(table.flows)
        else frozen(home[:, None] * table.flows)
    )
    return replace(
        table,
        layout="domestic",
        flows=flows,
        final=frozen(table.final - in_final),
        imports=frozen(np.zeros(table.n)),
        imported_inputs=frozen(table.imported_inputs + np.asarray(table.flows.T @ part).ravel()),
        imported_final=frozen(table.imported_final + in_final.sum(axis=0)),
        decimals=None,
    )
