"""What moved the nation's digital share between two published sets: digitalisation by area, and the structure of GDP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxanalysis.accounts.figures import Figure, NotEnoughData
from dxanalysis.accounts.growth.share_change import ShareChange, share_change
from dxanalysis.accounts.national import NationalSet
from dxanalysis.accounts.structure import PRODUCING
from dxanalysis.data.periods import Period

OTHER = "tax"  # product taxes less subsidies: a part of GDP that holds no digital value added


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalChange:
    """Exact parts of the change between two sets; periods as published (a mean over years keeps its span)."""

    first: Period
    last: Period
    change: ShareChange
    figures: tuple[Figure, ...]


def national_change(sets: Sequence[NationalSet] | NotEnoughData) -> NationalChange | NotEnoughData:
    """Decompose the change from the oldest to the newest set in which all areas are printed.

    Parts are percent of GDP and percentage points; Bennet's form of :mod:`dxanalysis.accounts.growth.share_change`. Product taxes less subsidies are what the
    areas leave of 100.

    Returns
    -------
    NationalChange or NotEnoughData
        The latter where there are not two such sets.
    """
    if isinstance(sets, NotEnoughData):
        return sets
    full = sorted((one for one in sets if one.kind == "full"), key=lambda one: one.period.end)
    if len(full) < 2:
        region = full[0].region_id if full else "VN"
        return NotEnoughData(
            wanted="share_change", region_id=region, period="", missing=("de_agri_share_gdp",), reason="one_set_only"
        )
    first, last = full[0], full[-1]
    digital = [[getattr(one, area).value for one in (first, last)] for area in PRODUCING] + [[0.0, 0.0]]
    weights = [[one.structure.share(area).value for one in (first, last)] for area in PRODUCING]
    weights.append([100 - sum(row[column] for row in weights) for column in (0, 1)])
    return NationalChange(
        first=first.period,
        last=last.period,
        change=share_change(
            years=[first.period.end.year, last.period.end.year],
            industries=[*PRODUCING, OTHER],
            groups=[*PRODUCING, OTHER],
            digital=digital,
            value_added=weights,
            whole=(),
            definitions=["de_va_share_gdp"] * 2,  # one indicator of the archive: one method
        ),
        figures=(*first.figures, *last.figures),
    )
