"""The digital share of value added from a table, by each recognised method; one result type, side by side."""

from dxanalysis.accounts.measures.adb import AdbTerms, adb_exact, adb_terms, embodied
from dxanalysis.accounts.measures.compare import TABLE_METHODS, Comparison, compare_methods, digital_share
from dxanalysis.accounts.measures.industry import (
    CoreAndRest,
    direct_share,
    growth_accounting_share,
    input_coefficient_share,
    input_coefficients,
    ratio_share,
)
from dxanalysis.accounts.measures.series import series

__all__ = [
    "TABLE_METHODS",
    "AdbTerms",
    "Comparison",
    "CoreAndRest",
    "adb_exact",
    "adb_terms",
    "compare_methods",
    "digital_share",
    "direct_share",
    "embodied",
    "growth_accounting_share",
    "input_coefficient_share",
    "input_coefficients",
    "ratio_share",
    "series",
]
