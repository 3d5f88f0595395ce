"""What industries draw from and give to each other: Leontief and Ghosh systems, multipliers, linkages, extraction, jobs."""

from dxanalysis.accounts.linkages.extraction import Extraction, extract
from dxanalysis.accounts.linkages.multipliers import EmbodiedJobs, Linkages, embodied_jobs, ghosh_push, linkages
from dxanalysis.accounts.linkages.solve import Leontief, leontief, system

__all__ = [
    "EmbodiedJobs",
    "Extraction",
    "Leontief",
    "Linkages",
    "embodied_jobs",
    "extract",
    "ghosh_push",
    "leontief",
    "linkages",
    "system",
]
