"""From the nation's table to a region's: location quotients, trade with cross-hauling, and an interval over what is not known."""

from dxanalysis.accounts.regional.charm import RegionalTrade, charm, heterogeneity
from dxanalysis.accounts.regional.delta import (
    DELTA_EVIDENCE,
    DeltaEvidence,
    delta_band,
    delta_evidence,
    flegg_tohmo_delta,
)
from dxanalysis.accounts.regional.domestic import domestic_table
from dxanalysis.accounts.regional.interval import MEASURES, Measure, share_interval
from dxanalysis.accounts.regional.quotients import QUOTIENTS, Quotient, aflq, cilq, flq, quotients, rlq, sflq, slq
from dxanalysis.accounts.regional.regionalise import RegionalTable, regionalise
from dxanalysis.accounts.regional.unknowns import (
    IntervalPart,
    Release,
    ShareInterval,
    SplitRange,
    WeightedDefinition,
    variance_parts,
)

__all__ = [
    "DELTA_EVIDENCE",
    "MEASURES",
    "QUOTIENTS",
    "DeltaEvidence",
    "IntervalPart",
    "Measure",
    "Quotient",
    "RegionalTable",
    "RegionalTrade",
    "Release",
    "ShareInterval",
    "SplitRange",
    "WeightedDefinition",
    "aflq",
    "charm",
    "cilq",
    "delta_band",
    "delta_evidence",
    "domestic_table",
    "flegg_tohmo_delta",
    "flq",
    "heterogeneity",
    "quotients",
    "regionalise",
    "rlq",
    "sflq",
    "share_interval",
    "slq",
    "variance_parts",
]
