"""The digital economy in the regional accounts."""

from dxanalysis.accounts.assumption import Assumption
from dxanalysis.accounts.check import CheckRow, TransferCheck, check_transfer
from dxanalysis.accounts.digital import DigitalShare, Sensitivity
from dxanalysis.accounts.electronics import electronics_bounds
from dxanalysis.accounts.evidence import default_assumptions
from dxanalysis.accounts.figures import Figure, Note, NotEnoughData
from dxanalysis.accounts.growth_published import (
    PublishedContributions,
    contribution_indicators,
    published_contributions,
)
from dxanalysis.accounts.inputs import TransferInputs, transfer_inputs
from dxanalysis.accounts.national import NATIONAL_INDICATORS, NationalSet, national_sets
from dxanalysis.accounts.national_change import NationalChange, national_change
from dxanalysis.accounts.nominal import PER_HEAD, NominalGrowth, nominal_growth
from dxanalysis.accounts.pace import (
    FastestChange,
    RequiredPace,
    fastest_changes,
    fastest_changes_frame,
    pace_frame,
    published_digital_growth,
    required_digital_growth,
    required_pace,
)
from dxanalysis.accounts.published import SHARE_INDICATORS, PublishedShares, published
from dxanalysis.accounts.structure import Structure, structure_indicators, structures
from dxanalysis.accounts.transfer import transfer, transfer_point
from dxanalysis.accounts.worked_example import WorkedExample, worked_example

STRUCTURE_INDICATORS = structure_indicators("grdp")

__all__ = [
    "NATIONAL_INDICATORS",
    "PER_HEAD",
    "SHARE_INDICATORS",
    "STRUCTURE_INDICATORS",
    "Assumption",
    "CheckRow",
    "DigitalShare",
    "FastestChange",
    "Figure",
    "NationalChange",
    "NationalSet",
    "NominalGrowth",
    "NotEnoughData",
    "Note",
    "PublishedContributions",
    "PublishedShares",
    "RequiredPace",
    "Sensitivity",
    "Structure",
    "TransferCheck",
    "TransferInputs",
    "WorkedExample",
    "check_transfer",
    "contribution_indicators",
    "default_assumptions",
    "electronics_bounds",
    "fastest_changes",
    "fastest_changes_frame",
    "national_change",
    "national_sets",
    "nominal_growth",
    "pace_frame",
    "published",
    "published_contributions",
    "published_digital_growth",
    "required_digital_growth",
    "required_pace",
    "structure_indicators",
    "structures",
    "transfer",
    "transfer_inputs",
    "transfer_point",
    "worked_example",
]


def __dir__() -> list[str]:
    return sorted(__all__)
