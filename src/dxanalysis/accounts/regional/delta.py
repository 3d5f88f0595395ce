"""The unknown delta of Flegg's quotient: a band with its evidence as data, and a published regression that is shown but not used.

Delta is what it would have taken for the quotient to meet a region's table that was made from surveys. It differs between regions of one country by a factor of
two to four, and no rule that is known finds it beforehand: so a result is computed over a band.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from dxanalysis.errors import ParameterError

Basis = Literal["printed", "secondary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaEvidence:
    """Delta that fitted one place's table best.

    ``low`` and ``high`` are equal for one region; for a group they are its smallest and largest, and ``typical`` its median, mean or mode, as the source says. Of a group of which one value only is
    known, all three are that value.
    ``year``: of the table; None where the source does not say it. ``basis``: ``printed`` in the source named, or ``secondary``: measured or quoted by somebody else on the table named.
    """

    place: str
    year: int | None
    regions: int
    low: float
    typical: float
    high: float
    source: str
    basis: Basis


_KOREA: Final = "Flegg, Lamonica, Chelli, Recchioni and Tohmo (2021), Journal of Economic Structures 10, table 3 (survey table 2005)"
_KOREAN: Final = (
    ("Gyeonggi", 0.48), ("Seoul", 0.32), ("North Gyeongsang", 0.31), ("South Gyeongsang", 0.32), ("Ulsan", 0.41), ("South Jeolla", 0.28),
    ("South Chungcheong", 0.43), ("Incheon", 0.45), ("Busan", 0.32), ("North Chungcheong", 0.30), ("Daegu", 0.29), ("North Jeolla", 0.34), ("Gangwon", 0.22),
    ("Gwangju", 0.37), ("Daejeon", 0.44), ("Jeju", 0.26),
)  # fmt: skip

DELTA_EVIDENCE: Final[tuple[DeltaEvidence, ...]] = (
    DeltaEvidence(
        place="Finland, regions",
        year=1995,
        regions=20,
        low=0.25,
        typical=0.25,
        high=0.25,
        source="Flegg and Tohmo (2013), Regional Studies 47: the most frequent best value, as quoted by the validation files of Quadrium",
        basis="secondary",
    ),
    DeltaEvidence(
        place="Austria, states",
        year=2010,
        regions=9,
        low=0.14,
        typical=0.26,
        high=0.60,
        source="measured by the validation files of Quadrium on the survey tables of the nine states; median",
        basis="secondary",
    ),
    DeltaEvidence(
        place="Catalonia",
        year=None,
        regions=1,
        low=0.20,
        typical=0.20,
        high=0.20,
        source="measured by the validation files of Quadrium on the table of the Catalan office; the table's year is not said there",
        basis="secondary",
    ),
    DeltaEvidence(
        place="Canada, provinces",
        year=2021,
        regions=10,
        low=0.10,
        typical=0.10,
        high=0.10,
        source="measured by the notes of the project small-io (2026) on Statistics Canada's provincial symmetric tables, 32 industries: about where multipliers have no mean error",
        basis="secondary",
    ),
    *(
        DeltaEvidence(
            place=f"{name}, Korea",
            year=2005,
            regions=1,
            low=best,
            typical=best,
            high=best,
            source=_KOREA,
            basis="printed",
        )
        for name, best in _KOREAN
    ),
)

USUAL: Final = (0.1, 0.4)


def delta_band(reach: Literal["usual", "all"] = "usual") -> tuple[float, float]:
    """Lowest and highest delta to compute with.

    Parameters
    ----------
    reach
        ``usual``: 0.1 to 0.4, which holds what most regions with a survey table needed. ``all``: from 0.1 to the highest recorded (:data:`DELTA_EVIDENCE`), 0.6: 5 of 16 Korean
        and some Austrian regions needed more than 0.4. In the test of docs/methods/regional.md the usual band held the share of half of the regions only: report by ``all``.

    Raises
    ------
    ParameterError
        When ``reach`` is unknown.
    """
    if reach == "usual":
        return USUAL
    if reach == "all":
        return USUAL[0], max(one.high for one in DELTA_EVIDENCE)
    raise ParameterError(f"the reach {reach!r} is unknown", fix="Use 'usual' or 'all'")


def delta_evidence() -> pd.DataFrame:
    """The evidence, one row a place: region or group, year of its table, best delta, source, and whether it is printed there."""
    return pd.DataFrame(
        [
            {
                "place": one.place,
                "year": one.year,
                "regions": one.regions,
                "low": one.low,
                "typical": one.typical,
                "high": one.high,
                "basis": one.basis,
                "source": one.source,
            }
            for one in DELTA_EVIDENCE
        ]
    )


def flegg_tohmo_delta(*, size: float, imports: float, inputs: float) -> float:
    """Delta by the regression of Flegg and Tohmo (2013, equation 23) on twenty Finnish regions: a number to set beside a band, not in its place.

    ln delta = -1.8379 + 0.33195 ln R + 1.5834 ln P - 2.8812 ln I. On nine Austrian regions, where P and I are known, it missed by more than 0.05 on average.

    Parameters
    ----------
    size
        R: the region's size in percent of the nation, such as 3.5.
    imports
        P: the region's inputs from other regions per unit of output, relative to the mean of all regions; 1 where it is as the mean. Known from a survey only.
    inputs
        I: the region's intermediate inputs per unit of output, relative to the nation's.

    Raises
    ------
    ParameterError
        When an argument is not positive, R is above 100, or the delta that comes out is not below 1.
    """
    for name, value in (("size", size), ("imports", imports), ("inputs", inputs)):
        if not (value > 0 and math.isfinite(value)):
            raise ParameterError(f"{name} is {value:g}", fix="Give a positive number; the equation is in logarithms")
    if size > 100:
        raise ParameterError(f"size is {size:g} percent of the nation", fix="Give at most 100")
    found = math.exp(-1.8379 + 0.33195 * math.log(size) + 1.5834 * math.log(imports) - 2.8812 * math.log(inputs))
    if not found < 1:
        raise ParameterError(
            f"the equation gives a delta of {found:.3g}: the region is far from those it was fitted to",
            fix="Use a band (delta_band)",
        )
    return found
