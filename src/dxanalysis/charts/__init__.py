"""Pictures of results. Each is drawn twice, for a page and for a telephone, and carries the numbers it shows.

Functions take plain frames and words in the reader's language; they know no catalogue. Colours are Okabe and Ito's, which
colour-blind readers tell apart, and shape or label says the same thing again.
"""

from dxanalysis.charts.accounts import heat, methods, path, waterfall
from dxanalysis.charts.canvas import Chart
from dxanalysis.charts.chances import fan, pit, reliability
from dxanalysis.charts.forecasts import fan_of
from dxanalysis.charts.holdings import coverage
from dxanalysis.charts.shares import bars, ladder, stacked, vintages

__all__ = [
    "Chart",
    "bars",
    "coverage",
    "fan",
    "fan_of",
    "heat",
    "ladder",
    "methods",
    "path",
    "pit",
    "reliability",
    "stacked",
    "vintages",
    "waterfall",
]


def __dir__() -> list[str]:
    return sorted(__all__)
