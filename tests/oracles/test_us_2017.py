"""Shares of the United States 2017 from the detailed table, 402 industries.

Table: U.S. Bureau of Economic Analysis, make and use tables 2017 (2023 revision), as csv copies of the R package useeior (USEPA/useeior, MIT): see benchmarks/us_table.py. The folder useeior is
looked for in DXANALYSIS_TABLES and ../shared/data/accounts. The shares are stored values of an independent computation by plain inverses; BEA's own 6.9 percent (release 2019-04) is by product.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dxanalysis.accounts.definitions import cover, load_definition
from dxanalysis.accounts.measures import adb_exact, adb_terms, direct_share, embodied
from dxanalysis.accounts.tables import InputOutputTable
from trial import ROOT


@pytest.fixture(scope="module")
def table() -> InputOutputTable:
    folders = [
        Path(one) / "useeior"
        for one in (os.environ.get("DXANALYSIS_TABLES", ""), ROOT.parent / "shared/data/accounts")
        if str(one)
    ]
    found = [one for one in folders if (one / "Detail_Use_2017_PRO_BeforeRedef_17sch.csv").is_file()]
    if not found:
        pytest.skip(
            "no folder useeior with the tables of 2017 in DXANALYSIS_TABLES or ../shared/data/accounts: see benchmarks/us_table.py"
        )
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from us_table import read_us_2017  # noqa: PLC0415  # lives beside the benchmark that reads the same files
    finally:
        sys.path.pop(0)
    return read_us_2017(found[0])


def test_stored_shares(table: InputOutputTable) -> None:
    core = cover(table, load_definition("adb_core")).weights
    terms = adb_terms(table, core)
    assert direct_share(table, cover(table, load_definition("oecd_ict")).weights) == pytest.approx(6.85, abs=0.005)
    assert direct_share(table, core) == pytest.approx(5.56, abs=0.005)
    assert terms.printed == pytest.approx(7.23, abs=0.005)
    assert terms.exact == pytest.approx(7.04, abs=0.005)
    assert adb_exact(table, core) == pytest.approx(terms.exact, rel=1e-12)


def test_value_added_by_final_demand_is_gdp(table: InputOutputTable) -> None:
    assert table.gdp == pytest.approx(19_612_089)
    assert embodied(table).sum() / table.gdp == pytest.approx(1, abs=1e-9)
