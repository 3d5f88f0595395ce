"""Brazil's supply-use tables as IBGE prints them (Sistema de Contas Nacionais, tabelas de recursos e usos, reference year 2010).

Four workbooks a year, ``{level}_tab{1..4}_{year}.xls``: 1 supply and 2 use at current prices, 3 and 4 the same at prices of the year before. They come from a folder (saved
again as .xlsx they are read too), or from the package ``iotbr``, which brings them. Levels 68 (128 products), 20 and 12.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
import openpyxl
import pandas as pd

from dxanalysis.accounts.tables.supply_use import SupplyUseTable, supply_use_table
from dxanalysis.accounts.tables.table import Demand, Vector
from dxanalysis.errors import DataError, ParameterError

Level = Literal[68, 20, 12]
Side = Literal["production", "expenditure"]
_Book = dict[str, Callable[[], list[list[Any]]]]  # what reads the rows of each sheet, by its name: not all are wanted
UNIT: Final = "million BRL"
TAXES: Final = "product_taxes"
SOURCE: Final = "IBGE, Sistema de Contas Nacionais, tabelas de recursos e usos"
AS_DOWNLOADED: Final = "Give IBGE's workbooks as they were downloaded"
SAME_YEAR: Final = "Take both workbooks of one year and level"
HEADINGS, FIRST = 3, 5  # rows of a sheet: headings, then an empty one, then the figures
DEMAND: Final[Mapping[str, Demand]] = {
    "exportação": "exports",
    "consumo do governo": "government",
    "consumo da administração pública": "government",
    "consumo das isflsf": "npish",
    "consumo das famílias": "households",
    "formação bruta": "investment",
    "variação de estoque": "inventories",
}
COMPONENTS: Final[Mapping[str, str]] = {
    "remunerações": "compensation",
    "excedente operacional bruto e rendimento misto": "surplus",
    "outros impostos sobre a produção": "production_taxes",
    "outros subsídios à produção": "production_subsidies",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sheet:
    """Figures of one sheet: codes and names of its rows, headings and figures (rows, columns)."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    headings: tuple[str, ...]
    figures: Vector
    where: str

    def column(self, *starts: str) -> Vector:
        """The column, or the sum of the columns, whose heading starts so."""
        at = [j for j, text in enumerate(self.headings) if text.lower().startswith(starts)]
        if not at:
            raise DataError(f"there is no column {starts[0]!r}", where=self.where, fix=AS_DOWNLOADED)
        return np.asarray(self.figures[:, at].sum(axis=1), dtype=np.float64)


def read_supply_use(
    source: str | Path | None,
    year: int,
    *,
    level: Level = 68,
    previous_year_prices: bool = False,
) -> SupplyUseTable:
    """Read one year, and check every identity and every printed total.

    Parameters
    ----------
    source
        Folder with the workbooks; None: those in the package ``iotbr``.
    year
        Year of the figures.
    level
        Number of industries.
    previous_year_prices
        True: at the prices of the year before. Value added is then one row, output less inputs, as the office prints none.

    Returns
    -------
    SupplyUseTable
        Use at purchasers' prices, unit million BRL, classification ``ibge68`` (industries) and ``ibge68-products``. In supply a few cells of trade services are below zero
        as printed and kept: see ``negative_supply()``.

    Raises
    ------
    ParameterError
        When the level is unknown, there is no workbook of the year, or a package that is needed is not installed.
    DataError
        When a sheet has another layout, or figures do not add up to the totals printed beside them.
    """
    supply_book, use_book = (_workbook(source, number + 2 * previous_year_prices, year, level) for number in (1, 2))
    made, offered, imported = (_sheet(supply_book, name) for name in ("producao", "oferta", "importacao"))
    used, demanded = (_sheet(use_book, name) for name in ("CI", "demanda"))
    for one in (offered, imported, used, demanded):
        if one.codes != made.codes:
            raise DataError("the products are not those of the supply table", where=one.where, fix=SAME_YEAR)
    industries = tuple(_code(text, level) for text in made.headings[:-1])
    labels = tuple(text.split(" ", 1)[-1] for text in made.headings[:-1])
    if tuple(_code(text, level) for text in used.headings[:-1]) != industries:
        raise DataError("the industries are not those of the supply table", where=used.where, fix=SAME_YEAR)
    supply, inputs = _without_total(made), _without_total(used)
    wanted = [(j, kind) for j, text in enumerate(demanded.headings) if (kind := _demand(text)) is not None]
    final = demanded.figures[:, [j for j, _ in wanted]]
    _equal(final.sum(axis=1), demanded.column("demanda final"), demanded.codes, demanded.where)
    taxes, at_basic = offered.column("total de impostos"), offered.column("oferta total a preço básico")
    _equal(at_basic, supply.sum(axis=1) + imported.figures.sum(axis=1), offered.codes, offered.where)
    components, value_added = (
        (("value_added",), supply.sum(axis=0) - inputs.sum(axis=0))
        if previous_year_prices
        else _value_added(use_book, industries, level)
    )
    return supply_use_table(
        region="Brazil",
        year=year,
        unit=UNIT,
        classification=f"ibge{level}",
        product_classification=f"ibge{level}-products",
        products=made.codes,
        product_labels=made.names,
        industries=industries,
        industry_labels=labels,
        supply=supply,
        imports=imported.figures.sum(axis=1),
        trade_margins=offered.column("margem de comércio"),
        transport_margins=offered.column("margem de transporte"),
        taxes=taxes,
        use=inputs,
        final=final,
        demands=[kind for _, kind in wanted],
        value_added=value_added,
        components=components,
        prices="purchasers",
        price_year=year - 1 if previous_year_prices else None,
        decimals=0,
        source=SOURCE,
        negative_supply="keep",
    )


def previous_year_volumes(
    source: str | Path | None, years: Sequence[int], *, level: Level = 68, side: Side = "production"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """GDP's components at current prices, and each year's at the prices of the year before.

    Parameters
    ----------
    source, level
        As in :func:`read_supply_use`.
    years
        Consecutive years, ascending, two or more.
    side
        ``production``: value added by industry (basic prices) and ``product_taxes``; ``expenditure``: final demand by kind, and ``imports`` with a minus. Either adds up
        to GDP at market prices.

    Returns
    -------
    tuple of DataFrame
        Current prices (n, T) and prices of the year before (n, T-1); rows components, columns years, million BRL.

    Raises
    ------
    ParameterError
        When years are not consecutive, or as :func:`read_supply_use`.
    """
    span = [int(year) for year in years]
    if len(span) < 2 or span != list(range(span[0], span[0] + len(span))):
        raise ParameterError(f"the years are {span}", fix="Give two or more consecutive years, the earliest first")
    if side not in get_args(Side):
        raise ParameterError(f"side is {side!r}", fix="Use 'production' or 'expenditure'")

    def column(year: int, previous: bool) -> pd.Series:
        table = read_supply_use(source, year, level=level, previous_year_prices=previous)
        if side == "expenditure":
            return table.expenditure()
        return pd.Series(
            [*table.gross_value_added, table.product_taxes], index=[*table.industries, TAXES], name="value"
        )

    current, before = (
        pd.DataFrame({year: column(year, previous) for year in (span[1:] if previous else span)})
        for previous in (False, True)
    )
    return current, before


def gdp_growth(
    source: str | Path | None, years: Sequence[int], *, level: Level = 68, side: Side = "production"
) -> dict[int, float]:
    """Growth of GDP at market prices by year, percent: the year at the prices of the year before over the year before, less 1.

    Parameters and errors as :func:`previous_year_volumes`; the first of the years is only the base of the second.
    """
    current, before = (frame.sum().to_numpy() for frame in previous_year_volumes(source, years, level=level, side=side))
    return {
        int(year): float(100 * (now / then - 1))
        for year, now, then in zip(list(years)[1:], before, current[:-1], strict=True)
    }


def _workbook(source: str | Path | None, number: int, year: int, level: int) -> _Book:
    """Sheets of one workbook by name."""
    if level not in get_args(Level):
        raise ParameterError(f"level is {level!r}", fix="Use 68, 20 or 12; sheets of level 51 have other columns")
    folder = _package_folder() if source is None else Path(source)
    name = f"{level}_tab{number}_{year}"
    found = sorted(path for place in ("", f"nivel_{level}_*/") for path in folder.glob(f"{place}{name}.xls*"))
    if not found:
        years = sorted({path.stem[-4:] for path in folder.glob(f"**/{level}_tab{number}_[0-9]*.xls*")})
        have = f"there are {years[0]} to {years[-1]}" if years else "the folder has none of this kind"
        raise ParameterError(
            f"there is no workbook {name}.xls: {have}",
            fix="Give a year that is there; prices of the year before start a year after the first",
        )
    if found[0].suffix == ".xlsx":
        book = openpyxl.load_workbook(found[0], read_only=True, data_only=True)
        return {sheet.title: partial(_rows_of_xlsx, sheet) for sheet in book.worksheets}
    try:
        xlrd = importlib.import_module("xlrd")
    except ImportError:
        raise ParameterError(
            f"{name}.xls is in the old Excel format, and xlrd, which reads it, is not installed",
            fix="pip install 'xlrd>=2', or save the workbooks as .xlsx and give their folder",
        ) from None
    old = xlrd.open_workbook(found[0], on_demand=True)
    return {name: partial(_rows_of_xls, old, name) for name in old.sheet_names()}


def _rows_of_xlsx(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _rows_of_xls(book: Any, name: str) -> list[list[Any]]:
    sheet = book.sheet_by_name(name)
    return [sheet.row_values(i) for i in range(sheet.nrows)]


def _package_folder() -> Path:
    spec = importlib.util.find_spec("iotbr")  # found, not imported: only its files are wanted
    if spec is None or not spec.submodule_search_locations:
        raise ParameterError(
            "the package iotbr, which brings IBGE's tables, is not installed",
            fix="pip install 'iotbr==0.2.3', or give a folder with IBGE's workbooks",
        )
    return Path(spec.submodule_search_locations[0]) / "IBGE"


def _rows(book: _Book, name: str) -> list[list[Any]]:
    if name not in book:
        raise DataError(f"there is no sheet {name}", where="IBGE workbook", fix=f"Its sheets are {', '.join(book)}")
    return book[name]()


def _sheet(book: _Book, name: str) -> _Sheet:
    rows, where = _rows(book, name), f"sheet {name}"
    headings = tuple(_text(one) for one in rows[HEADINGS][2:])
    ends = [i for i, row in enumerate(rows) if _text(row[0]) == "Total"]
    body = [row for row in rows[FIRST : ends[0]] if _text(row[0])] if ends else []
    if not body:
        raise DataError("no rows that end with 'Total'", where=where, fix=AS_DOWNLOADED)
    # in some workbooks codes are numbers and have lost their leading zero
    texts = [f"{row[0]:.0f}" if isinstance(row[0], int | float) else _text(row[0]) for row in body]
    codes = tuple(text.zfill(max(map(len, texts))) for text in texts)
    figures = _numbers([row[2:] for row in body], codes, where)
    _equal(figures.sum(axis=0), _numbers([rows[ends[0]][2:]], ("Total",), where)[0], headings, where)
    return _Sheet(
        codes=codes, names=tuple(_text(row[1]) for row in body), headings=headings, figures=figures, where=where
    )


def _value_added(book: _Book, industries: tuple[str, ...], level: int) -> tuple[tuple[str, ...], Vector]:
    """Names and rows of the components, which add up to the printed value added."""
    sheet, where = _rows(book, "VA"), "sheet VA"
    if tuple(_code(_text(one), level) for one in sheet[HEADINGS][1:-1]) != industries:
        raise DataError("the industries are not those of the supply table", where=where, fix=SAME_YEAR)
    printed = {_text(row[0]).lower(): row[1:-1] for row in sheet[FIRST:]}
    rows = []
    for start in ("valor adicionado bruto", *COMPONENTS):
        found = [values for text, values in printed.items() if text.startswith(start)]
        if not found:
            raise DataError(f"there is no row {start!r}", where=where, fix=AS_DOWNLOADED)
        rows.append(found[0])
    figures = _numbers(rows, ("value added", *COMPONENTS.values()), where)
    _equal(figures[1:].sum(axis=0), figures[0], industries, where)
    return tuple(COMPONENTS.values()), figures[1:]


def _without_total(sheet: _Sheet) -> Vector:
    """Industries' columns, checked against the last one, the total of the product."""
    figures = sheet.figures[:, :-1]
    _equal(figures.sum(axis=1), sheet.figures[:, -1], sheet.codes, sheet.where)
    return figures


def _equal(sums: Vector, printed: Vector, names: Sequence[str], where: str) -> None:
    """Refuse a printed total that is missed: IBGE balances in whole millions, so sums of printed figures meet it; half a million is left to unrounded years."""
    off = np.flatnonzero(np.abs(sums - printed) > 0.5)
    if len(off):
        i = int(off[0])
        raise DataError(
            f"{names[i]}: the figures add up to {sums[i]:,.6g}, printed is {printed[i]:,.6g}",
            where=where,
            fix="A cell was changed or a row is missing: take the workbook as it was downloaded",
        )


def _numbers(rows: Sequence[Sequence[Any]], names: Sequence[str], where: str) -> Vector:
    for name, row in zip(names, rows, strict=True):
        wrong = [cell for cell in row if not isinstance(cell, int | float)]
        if wrong:
            raise DataError(f"{name}: {wrong[0]!r} is no number", where=where, fix=AS_DOWNLOADED)
    return np.array(rows, dtype=np.float64)


def _text(cell: Any) -> str:
    return "" if cell is None else re.sub(r"\s+", " ", str(cell)).strip()


def _code(heading: str, level: int) -> str:
    """Code at the head of an industry's heading, such as 0191 or, at level 20, A."""
    code = heading.split(" ", 1)[0]
    return code.zfill(4) if level == 68 else code


def _demand(heading: str) -> Demand | None:
    return next((kind for start, kind in DEMAND.items() if heading.lower().startswith(start)), None)
