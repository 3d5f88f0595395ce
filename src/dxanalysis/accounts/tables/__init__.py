"""Input-output and supply-use tables: frozen values whose identities hold, and what is made of one table from another."""

from dxanalysis.accounts.tables.aggregate import aggregate, aggregate_supply_use
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.models import Transformed, to_input_output
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.readers.adb_mrio import read_adb_mrio
from dxanalysis.accounts.tables.readers.exchange import from_pymrio, to_pymrio_frames
from dxanalysis.accounts.tables.readers.oecd_icio import read_oecd_icio
from dxanalysis.accounts.tables.readers.square import read_square
from dxanalysis.accounts.tables.readers.square_write import write_square
from dxanalysis.accounts.tables.readers.statistics_office import read_statistics_office
from dxanalysis.accounts.tables.split import split_sector
from dxanalysis.accounts.tables.supply_use import SupplyUseTable, supply_use_table
from dxanalysis.accounts.tables.table import InputOutputTable
from dxanalysis.accounts.tables.valuation import take_imports_out, to_basic_prices

__all__ = [
    "InputOutputTable",
    "Money",
    "SupplyUseTable",
    "Transformed",
    "aggregate",
    "aggregate_supply_use",
    "from_pymrio",
    "input_output_table",
    "read_adb_mrio",
    "read_oecd_icio",
    "read_square",
    "read_statistics_office",
    "split_sector",
    "supply_use_table",
    "take_imports_out",
    "to_basic_prices",
    "to_input_output",
    "to_pymrio_frames",
    "write_square",
]
