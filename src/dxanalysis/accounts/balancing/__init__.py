"""A matrix brought to known row and column sums: RAS, GRAS, with fixed cells, and whether it can be done at all."""

from dxanalysis.accounts.balancing.margins import match_margins
from dxanalysis.accounts.balancing.scaling import Balanced, gras, ras, steps

__all__ = ["Balanced", "gras", "match_margins", "ras", "steps"]
