"""From results to what readers see: sentences, tables and figures in their language, recorded once for every output.

Here the wings meet. A notebook computes with :mod:`~dxanalysis.accounts` and :mod:`~dxanalysis.forecast` and hands the results to
a page of this package, which says them in Vietnamese or English.
"""

from dxanalysis.pages import (
    attainment,
    backtest,
    chances,
    composition,
    contribution,
    demo,
    estimate,
    example,
    growth,
    methods,
    pace,
    quality,
    reliability,
)
from dxanalysis.pages.page import Page, open_page

__all__ = [
    "Page",
    "attainment",
    "backtest",
    "chances",
    "composition",
    "contribution",
    "demo",
    "estimate",
    "example",
    "growth",
    "methods",
    "open_page",
    "pace",
    "quality",
    "reliability",
]
