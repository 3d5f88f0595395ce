from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from dxanalysis.accounts.tables.readers.ibge import previous_year_volumes, read_supply_use
from dxanalysis.errors import DataError, ParameterError

xlrd = pytest.importorskip("xlrd")
pytest.importorskip("iotbr")


def package() -> Path:
    spec = importlib.util.find_spec("iotbr")
    assert spec is not None
    return Path(spec.submodule_search_locations[0]) / "IBGE"


def test_one_year_as_printed() -> None:
    one = read_supply_use(None, 2015)
    assert one.supply.shape == (128, 68)
    assert (str(one.unit), one.classification, one.product_classification) == (
        "million BRL",
        "ibge68",
        "ibge68-products",
    )
    assert one.industries[0] == "0191"
    assert one.industry_labels[0] == "Agricultura, inclusive o apoio à agricultura e a pós-colheita"
    assert one.products[0] == "01911"
    assert one.components == ("compensation", "surplus", "production_taxes", "production_subsidies")
    assert one.value_added[:, 0].tolist() == [26121, 146514, 1255, -10763]
    assert one.imports.sum() == 842614
    assert one.product_taxes == 840186
    assert one.gdp == 5995787
    assert one.expenditure().sum() == one.gdp
    assert one.gaps == ()
    assert one.negative_supply()["industry"].tolist() == ["5280", "7180"]


def test_prices_of_the_year_before_have_one_row_of_value_added() -> None:
    one = read_supply_use(None, 2015, previous_year_prices=True)
    assert one.price_year == 2014
    assert one.components == ("value_added",)
    assert one.use.sum() == 4645174


def test_codes_are_the_same_in_all_years_even_where_zeros_were_lost() -> None:
    years = [read_supply_use(None, year) for year in (2015, 2016)]
    assert years[0].products == years[1].products
    assert years[0].industries == years[1].industries


@pytest.mark.parametrize(("level", "first"), [(20, "A"), (12, "01")])
def test_other_levels_have_the_same_gdp(level: int, first: str) -> None:
    one = read_supply_use(None, 2021, level=level)
    assert one.industries[0] == first
    assert len(one.industries) == level
    assert one.gdp == read_supply_use(None, 2021).gdp


def test_a_folder_of_workbooks_is_read_as_the_package(tmp_path: Path) -> None:
    for number in (1, 2):
        name = f"20_tab{number}_2020.xls"
        (tmp_path / name).write_bytes((package() / "nivel_20_2010_2021_xls" / name).read_bytes())
    one, other = read_supply_use(tmp_path, 2020, level=20), read_supply_use(None, 2020, level=20)
    np.testing.assert_array_equal(one.use, other.use)


def test_components_of_gdp_at_both_prices() -> None:
    current, before = previous_year_volumes(None, [2019, 2020, 2021])
    assert current.shape == (69, 3)
    assert before.columns.tolist() == [2020, 2021]
    assert current.index[-1] == "product_taxes"
    spent, spent_before = previous_year_volumes(str(package()), [2019, 2020, 2021], side="expenditure")
    assert spent.sum().tolist() == current.sum().tolist()
    assert spent_before.sum().tolist() == before.sum().tolist()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"year": 2022}, "no workbook 68_tab1_2022.xls: there are 2010 to 2021"),
        ({"year": 2010, "previous_year_prices": True}, "no workbook 68_tab3_2010.xls: there are 2011 to 2021"),
        ({"year": 2015, "level": 51}, "level is 51"),
    ],
)
def test_what_is_not_there_is_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_supply_use(None, **arguments)


def test_an_empty_folder_and_odd_years_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="the folder has none of this kind"):
        read_supply_use(tmp_path, 2015)
    with pytest.raises(ParameterError, match=r"the years are \[2015, 2017\]"):
        previous_year_volumes(None, [2015, 2017])
    with pytest.raises(ParameterError, match="side is 'income'"):
        previous_year_volumes(None, [2015, 2016], side="income")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("missing", "message"), [("iotbr", "iotbr, which brings"), ("xlrd", "xlrd, which reads it, is not")]
)
def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, missing: str, message: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)  # how Python itself marks a module that cannot be imported
    with pytest.raises(ParameterError, match=message):
        read_supply_use(None, 2015)


def as_xlsx(folder: Path, changes: dict[tuple[str, int, int], object], *, without: str = "") -> Path:
    """Level 12 of 2015 saved as .xlsx with some cells (sheet, row, column; from 0) changed."""
    for number in (1, 2):
        old = xlrd.open_workbook(package() / "nivel_12_2000_2021_xls" / f"12_tab{number}_2015.xls")
        new = openpyxl.Workbook()
        for sheet in old.sheets():
            if sheet.name != without:
                page = new.create_sheet(sheet.name)
                for i in range(sheet.nrows):
                    page.append([changes.get((sheet.name, i, j), cell) for j, cell in enumerate(sheet.row_values(i))])
        new.save(folder / f"12_tab{number}_2015.xlsx")
    return folder


def test_workbooks_saved_as_xlsx_are_the_same(tmp_path: Path) -> None:
    one, other = read_supply_use(as_xlsx(tmp_path, {}), 2015, level=12), read_supply_use(None, 2015, level=12)
    for name in ("supply", "use", "final", "value_added", "taxes", "imports"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.products == other.products


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({("producao", 5, 2): "x"}, "sheet producao: 01: 'x' is no number"),
        ({("producao", 5, 2): 1.0}, "sheet producao: 01 .*: the figures add up to .* printed is"),
        ({("producao", 18, 0): "Summe"}, "no rows that end with 'Total'"),
        ({("oferta", 3, 9): "Steuern"}, "no column 'total de impostos'"),
        ({("oferta", 5, 0): "99"}, "products are not those of the supply table"),
        ({("CI", 3, 2): "99 Outros"}, "industries are not those of the supply table"),
        ({("VA", 3, 1): "99 Outros"}, "sheet VA: the industries are not those"),
        ({("VA", 6, 0): "Löhne"}, "there is no row 'remunerações'"),
        ({("VA", 6, 1): 1.0}, "sheet VA: 01: the figures add up"),
    ],
)
def test_a_changed_workbook_is_refused_with_the_place(
    tmp_path: Path, changes: dict[tuple[str, int, int], object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read_supply_use(as_xlsx(tmp_path, changes), 2015, level=12)


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no sheet producao.* Its sheets are Sheet, oferta, importacao"):
        read_supply_use(as_xlsx(tmp_path, {}, without="producao"), 2015, level=12)
