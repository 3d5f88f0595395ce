"""Growth: contributions to it by the kind of volume data, changes of base year, and decompositions of a change without a residual."""

from dxanalysis.accounts.growth.accounting import (
    GrowthAccounts,
    ProductionFactor,
    capital_stock,
    growth_accounting,
    user_cost,
)
from dxanalysis.accounts.growth.contributions import Contributions, contributions
from dxanalysis.accounts.growth.index_numbers import fisher, laspeyres, paasche
from dxanalysis.accounts.growth.leontief_change import LeontiefYear, StructuralDecomposition, structural_decomposition
from dxanalysis.accounts.growth.lmdi import Lmdi, lmdi, log_mean
from dxanalysis.accounts.growth.productivity import ProductivityChange, productivity_change
from dxanalysis.accounts.growth.share_change import ShareChange, share_change
from dxanalysis.accounts.growth.shift_share import ShiftShare, shift_share
from dxanalysis.accounts.growth.splice import Disagreement, Splice, splice
from dxanalysis.accounts.growth.structural import Decomposition, decompose, ordered_product
from dxanalysis.accounts.growth.volumes import ChainedLaspeyres, ChainFisher, FixedBase

__all__ = [
    "ChainFisher",
    "ChainedLaspeyres",
    "Contributions",
    "Decomposition",
    "Disagreement",
    "FixedBase",
    "GrowthAccounts",
    "LeontiefYear",
    "Lmdi",
    "ProductionFactor",
    "ProductivityChange",
    "ShareChange",
    "ShiftShare",
    "Splice",
    "StructuralDecomposition",
    "capital_stock",
    "contributions",
    "decompose",
    "fisher",
    "growth_accounting",
    "laspeyres",
    "lmdi",
    "log_mean",
    "ordered_product",
    "paasche",
    "productivity_change",
    "share_change",
    "shift_share",
    "splice",
    "structural_decomposition",
    "user_cost",
]
