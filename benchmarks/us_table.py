"""The detailed table of the United States 2017 as an input-output table, from csv copies of two tables of the R package useeior.

In R: ``for (t in c("Detail_Use_2017_PRO_BeforeRedef_17sch", "Detail_Make_2017_BeforeRedef_17sch")) write.csv(get(t), paste0(t, ".csv"))``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.table import InputOutputTable

DEMANDS = {"F01": "households", "F02": "investment", "F03": "inventories", "F04": "exports"}


def read_us_2017(folder: Path) -> InputOutputTable:
    """Industry by industry, model D (fixed product sales), competitive imports, producers' prices.

    Products that no industry makes (noncomparable imports, used goods) are inputs from abroad. Row totals are taken as output, so that value added by final demand adds up.
    """
    use = pd.read_csv(folder / "Detail_Use_2017_PRO_BeforeRedef_17sch.csv", index_col=0).dropna(axis=1, how="all")
    make = pd.read_csv(folder / "Detail_Make_2017_BeforeRedef_17sch.csv", index_col=0)
    industries = [code for code in make.index if code != "T007"]
    products = [code for code in make.columns if code != "T008"]
    final_codes = [code for code in use.columns if code.startswith("F")]
    supply = make.loc[industries, products].fillna(0).to_numpy()
    inputs = use.loc[products, industries].fillna(0).to_numpy()
    final = use.loc[products, final_codes].fillna(0).to_numpy()
    made = supply.sum(axis=0)
    sales = np.divide(supply, made, out=np.zeros_like(supply), where=made != 0)
    bought = sales @ final
    imports = final_codes.index("F05000")
    kept = [i for i in range(len(final_codes)) if i != imports]
    return input_output_table(
        region="US", year=2017, unit="million USD", classification="bea2017", sectors=industries, flows=sales @ inputs, final=bought[:, kept],
        demands=[DEMANDS.get(final_codes[i][:3], "government" if final_codes[i][3] == "C" else "investment") for i in kept],
        value_added=use.loc[["V00100", "V00200", "V00300"], industries].fillna(0).to_numpy(), components=("compensation", "taxes on production", "surplus"),
        imports=bought[:, imports], imported_inputs=inputs[made == 0].sum(axis=0), prices="producers", rounding="keep",
        source="U.S. Bureau of Economic Analysis, make and use tables 2017, via USEPA/useeior",
    )  # fmt: skip
