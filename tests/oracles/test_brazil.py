"""Brazil 2010 to 2021, 68 industries and 128 products: IBGE, Sistema de Contas Nacionais, tabelas de recursos e usos, reference year 2010, as the package iotbr 0.2.3 brings them.

Published: growth of GDP, IBGE, Sistema de Contas Nacionais Brasil 2021, in percent to one decimal. Own regression values, computed once from the same workbooks: growth to three decimals, the
share of electronics, publishing, telecommunications and information services in gross value added, and what they contribute to its growth.
"""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest

from dxanalysis.accounts.growth import ChainedLaspeyres, contributions
from dxanalysis.accounts.tables.models import to_input_output
from dxanalysis.accounts.tables.readers.ibge import TAXES, UNIT, gdp_growth, previous_year_volumes, read_supply_use
from dxanalysis.accounts.tables.supply_use import SupplyUseTable
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.accounts.tables.valuation import take_imports_out, to_basic_prices

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("iotbr") is None or importlib.util.find_spec("xlrd") is None,
    reason="needs the packages iotbr and xlrd of the development group",
)

YEARS = range(2010, 2022)
DIGITAL = ["2600", "5800", "6100", "6280"]
OFFICIAL = [4.0, 1.9, 3.0, 0.5, -3.5, -3.3, 1.3, 1.8, 1.2, -3.3, 4.8]
THREE_DECIMALS = [3.974, 1.921, 3.005, 0.504, -3.546, -3.276, 1.323, 1.784, 1.221, -3.277, 4.763]
AIRCRAFT_AND_SHIPS = "30001"


@pytest.fixture(scope="module")
def volumes() -> tuple[pd.DataFrame, pd.DataFrame]:
    return previous_year_volumes(None, YEARS)


@pytest.fixture(scope="module")
def printed() -> dict[int, SupplyUseTable]:
    return {year: read_supply_use(None, year) for year in YEARS}


def chained(current: pd.DataFrame, before: pd.DataFrame) -> ChainedLaspeyres:
    return ChainedLaspeyres(
        years=tuple(YEARS),
        components=tuple(current.index),
        current=current.to_numpy(),
        current_total=current.sum().to_numpy(),
        previous_prices=before.to_numpy(),
        previous_prices_total=before.sum().to_numpy(),
        unit=UNIT,
        decimals=0,
    )


def total_of(table: InputOutputTable) -> float:
    """Sum of M = v^ (I - A)^-1 y^."""
    return float(table.value_added_ratio @ np.linalg.solve(np.eye(table.n) - table.coefficients(), table.net_final))


def test_growth_of_gdp_is_the_official_one(volumes: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    made = contributions(chained(*volumes))
    np.testing.assert_array_equal(made.growth.round(1), OFFICIAL)
    np.testing.assert_allclose(made.growth, THREE_DECIMALS, rtol=0, atol=5e-4)
    np.testing.assert_allclose(made.points.sum(axis=0), made.growth, rtol=0, atol=1e-9)
    np.testing.assert_allclose(made.residual, 0, atol=1e-9)


def test_growth_by_year_is_that_of_the_contributions(volumes: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    made = contributions(chained(*volumes))
    assert gdp_growth(None, YEARS) == pytest.approx(dict(zip(made.years, made.growth, strict=True)))


def test_growth_by_expenditure_is_the_same(volumes: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    made = contributions(chained(*previous_year_volumes(None, YEARS, side="expenditure")))
    np.testing.assert_allclose(made.growth, contributions(chained(*volumes)).growth, rtol=0, atol=1e-9)


def test_digital_industries_contribution_to_growth_of_value_added(
    volumes: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    current, before = (one.drop(index=TAXES) for one in volumes)
    made = contributions(chained(current, before))
    points = pd.Series(made.points[[made.components.index(code) for code in DIGITAL]].sum(axis=0), index=made.years)
    for year, value in {2011: 0.308, 2015: -0.039, 2019: 0.162, 2020: 0.112, 2021: 0.460}.items():
        assert points[year] == pytest.approx(value, abs=5e-4)


def test_share_of_the_digital_industries(printed: dict[int, SupplyUseTable]) -> None:
    for year, value in {2010: 3.881, 2019: 3.435, 2020: 3.626, 2021: 3.461}.items():
        one = printed[year]
        part = one.gross_value_added[[one.industries.index(code) for code in DIGITAL]].sum()
        assert 100 * part / one.gross_value_added.sum() == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize("layout", ["competitive", "domestic"])
def test_model_d_keeps_gdp_in_every_year(printed: dict[int, SupplyUseTable], layout: str) -> None:
    for year, one in printed.items():
        basic = to_basic_prices(one)
        if layout == "domestic":
            basic = take_imports_out(basic, reexported=(AIRCRAFT_AND_SHIPS,))
        made = to_input_output(basic)
        assert (made.table.gaps, made.table.layout) == ((), layout), year
        assert made.table.gdp == pytest.approx(one.value_added.sum(), rel=1e-12)
        assert total_of(made.table) == pytest.approx(made.table.gdp, rel=1e-9)
        assert basic.gdp == pytest.approx(one.gdp, rel=1e-12)
        # only what IBGE itself prints below zero in supply comes out below zero
        assert made.negative_share < 0.001
        assert not made.to_frame().query("block == 'flows'").size or len(one.negative_supply())


def test_exports_of_2018_hold_imported_ships(printed: dict[int, SupplyUseTable]) -> None:
    with pytest.raises(
        ValueError, match=f"imports of product {AIRCRAFT_AND_SHIPS} are 58,967, its uses other than exports"
    ):
        take_imports_out(to_basic_prices(printed[2018]))
