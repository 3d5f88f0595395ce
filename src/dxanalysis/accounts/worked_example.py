"""The whole chain on one real table, for readers of a place that has none yet: Brazil, 2010 to 2021.

Supply-use tables of IBGE (inside the package iotbr) -> basic prices -> domestic -> industry by industry (model D) -> the digital share by every method, linkages, what moved
the share, contributions to growth, a quarterly path. Every step is the library's own; another country's tables go the same way.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from typing import Final

import pandas as pd

from dxanalysis.accounts.definitions.definition import Coverage, cover, load_definition
from dxanalysis.accounts.figures import NotEnoughData
from dxanalysis.accounts.growth.contributions import Contributions, contributions
from dxanalysis.accounts.growth.share_change import ShareChange, share_change
from dxanalysis.accounts.growth.volumes import ChainedLaspeyres
from dxanalysis.accounts.linkages.multipliers import Linkages, linkages
from dxanalysis.accounts.measures.compare import Comparison, compare_methods
from dxanalysis.accounts.measures.industry import input_coefficients
from dxanalysis.accounts.quarterly.disaggregate import disaggregate
from dxanalysis.accounts.quarterly.result import Disaggregated
from dxanalysis.accounts.regional import Release, ShareInterval, SplitRange, delta_band, share_interval
from dxanalysis.accounts.tables.models import to_input_output
from dxanalysis.accounts.tables.readers.ibge import previous_year_volumes, read_supply_use
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.accounts.tables.valuation import take_imports_out, to_basic_prices

DEFINITION: Final = "ict_brazil"
FIRST: Final = 2010
LAST: Final = 2021
OTHERS: Final = "others"
DIGITAL: Final = ("2600", "5800", "6100", "6280")
# Ships, aircraft and platforms that were imported are also exported: in 2018 imports exceed all uses at home.
REEXPORTED: Final = ("30001",)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkedExample:
    """What a full table gives.

    ``comparison`` and ``links`` are of the last year; ``change`` from the first to the last, by group of digital industries, digitalisation of the others and
    structure; ``growth``: contributions of every industry and of product taxes to GDP growth; ``quarters``: value added of the digital industries, a path without an indicator.
    ``digital``: codes of the digital industries. ``interval``: the digital share of an imagined province by the ADB measure, over everything that is not known of a province.
    """

    comparison: Comparison
    links: Linkages
    change: ShareChange
    growth: Contributions
    quarters: Disaggregated
    digital: tuple[str, ...]
    interval: ShareInterval

    def __repr__(self) -> str:
        return f"WorkedExample({self.comparison.region_id}, {self.growth.years[0]} to {self.comparison.period})"

    def digital_growth(self) -> pd.DataFrame:
        """One row a year: ``year``, ``growth`` of GDP (percent) and ``digital``, the digital industries' contribution (percentage points)."""
        rows = [i for i, name in enumerate(self.growth.components) if name in self.digital]
        return pd.DataFrame(
            {"year": self.growth.years, "growth": self.growth.growth, "digital": self.growth.points[rows].sum(axis=0)}
        )


def brazilian_table(year: int) -> InputOutputTable:
    """Industry by industry, domestic, basic prices, 68 industries.

    Raises
    ------
    ParameterError
        When iotbr or xlrd is not installed, or the year is not there.
    """
    return to_input_output(
        take_imports_out(to_basic_prices(read_supply_use(None, year)), reexported=REEXPORTED), model="D"
    ).table


def worked_example() -> WorkedExample | NotEnoughData:
    """Compute the example; :class:`NotEnoughData` where the package with the tables is not installed."""
    missing = tuple(name for name in ("iotbr", "xlrd") if importlib.util.find_spec(name) is None)
    if missing:
        return NotEnoughData(
            wanted="worked_example", region_id="BR", period="", missing=missing, reason="example_not_installed"
        )
    return _computed()


@cache  # some fifty workbooks are read for it, the same ones always
def _computed() -> WorkedExample:
    first, last = brazilian_table(FIRST), brazilian_table(LAST)
    years = list(range(FIRST, LAST + 1))
    current, previous = previous_year_volumes(None, years)
    covered = cover(last, load_definition(DEFINITION))
    supply = read_supply_use(None, LAST)
    # A product's code begins with that of the industry it is typical of.
    products = [i for i, code in enumerate(supply.products) if code[:4] in covered.whole]
    digital = tuple(str(code) for code in covered.whole)
    volumes = ChainedLaspeyres(
        years=tuple(years),
        components=tuple(str(name) for name in current.index),
        current=current.to_numpy(),
        current_total=current.to_numpy().sum(axis=0),
        previous_prices=previous.to_numpy(),
        previous_prices_total=previous.to_numpy().sum(axis=0),
        unit="million BRL",
        decimals=0,
    )
    yearly = pd.Series(
        current.loc[list(digital)].sum(axis=0).to_numpy(dtype=float), index=[str(year) for year in years]
    )
    return WorkedExample(
        comparison=compare_methods(
            last, [DEFINITION], digital_output={DEFINITION: supply.supply[products].sum(axis=0)}
        ),
        links=linkages(last),
        change=_change(first, last, covered),
        growth=contributions(volumes),
        quarters=disaggregate(yearly, method="denton-cholette", h=1),
        digital=digital,
        interval=imagined_interval(last, current),
    )


def imagined_interval(table: InputOutputTable, current: pd.DataFrame) -> ShareInterval:
    """Interval of a province that does not exist: a fiftieth of the nation, three times as agricultural, half as digital.

    It shows how the parts of an interval come about. Its two releases are the weights of the last two years; the ranges of digital parts are made up.
    """
    factors = pd.Series(0.02, index=list(table.sectors))
    factors[[code for code in table.sectors if code.startswith(("01", "02"))]] *= 3
    factors[list(DIGITAL)] *= 0.5
    ranges = {"2600": (0.4, 0.8), "4680": (0.02, 0.08), "5800": (0.3, 0.5), "6280": (0.8, 1.0), "9480": (0.05, 0.15)}
    return share_interval(
        table,
        region="imagined province",
        unit=table.unit,
        year=table.year,
        definitions=["oecd_ict", "nso_vietnam", DEFINITION],
        releases=[
            Release(name=str(year), value_added=current[year].loc[list(table.sectors)] * factors)
            for year in (LAST - 1, LAST)
        ],
        splits=[SplitRange(sector=code, low=low, high=high, basis="made up") for code, (low, high) in ranges.items()],
        method=["slq", "flq", "aflq"],
        delta=delta_band("all"),
        measure="adb_exact",
        n_delta=5,
        n_split=8,
    )


def _change(first: InputOutputTable, last: InputOutputTable, covered: Coverage) -> ShareChange:
    weights = covered.weights
    digital, value_added = [], []
    for table in (first, last):
        gross = table.gross_value_added
        digital.append(gross * (weights + input_coefficients(table, weights) * (1 - weights)))
        value_added.append(gross)
    groups = [
        "electronics"
        if covered.groups.get(code) == "hardware"
        else "ict_services"
        if code in covered.groups
        else OTHERS
        for code in first.sectors
    ]
    return share_change(
        years=[FIRST, LAST],
        industries=list(first.sectors),
        groups=groups,
        digital=pd.DataFrame(digital).T.to_numpy(),
        value_added=pd.DataFrame(value_added).T.to_numpy(),
        whole=("electronics", "ict_services"),
        definitions=[f"{DEFINITION} {covered.definition.vintage}"] * 2,
    )
