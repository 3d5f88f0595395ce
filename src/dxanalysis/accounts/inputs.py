"""The published figures one transfer stands on, and the rules they are picked by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import pandas as pd

from dxanalysis.accounts.figures import NotEnoughData, as_year, figures, one_region
from dxanalysis.accounts.national import LevelEvidence, NationalSet, level_range, national_sets, nearest_set
from dxanalysis.accounts.structure import PRODUCING, Structure, mean_structure, structures
from dxanalysis.data.periods import Period
from dxanalysis.errors import ParameterError

# A structure further from the year asked than this says too little about it.
MAX_YEARS_APART: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferInputs:
    """What a transfer needs: the nation's digital value added and structure, the province's structure, and how sure they are.

    ``drift`` is the greatest yearly change of each area's share that the province published, points, for a structure of another
    period than asked. ``level_low`` and ``level_high`` are factors on the national digital shares: where other releases lie.
    """

    region_id: str
    period: Period
    nation: NationalSet
    structure: Structure
    drift: tuple[tuple[str, float], ...]
    level_low: float
    level_high: float
    level_evidence: LevelEvidence
    as_of: date | None = None

    def __repr__(self) -> str:
        return (
            f"TransferInputs({self.region_id} {self.period}, structure of {self.structure.period}, "
            f"nation of {self.nation.period} ({len(self.nation.figures)} figures))"
        )


def transfer_inputs(
    national: pd.DataFrame,
    province: pd.DataFrame,
    period: str | int,
    *,
    allow_half_year: bool = False,
    as_of: date | None = None,
) -> TransferInputs | NotEnoughData:
    """Pick the published figures that a transfer needs, by stated rules.

    The province's structure: of the period asked; for a mean over years the mean of its years; else of the nearest year at most
    two away, the later one at equal distance; a half-year structure only with ``allow_half_year``, and only where no year is
    nearer. The nation: the nearest period with digital value added by area and a structure (:func:`~.national.nearest_set`).
    The two periods need not be equal; the result says which were used.

    Parameters
    ----------
    national, province
        Observations of the nation and of the province, as the store returns them; with ``history=True`` the spread of releases
        enters the uncertainty.
    period
        Period the share is wanted for: a year such as 2025, or a mean over years such as ``"2020-2023"``.
    allow_half_year
        Whether a half-year structure may stand in for a year's.
    as_of
        Date the frames were asked for; carried into the result.

    Returns
    -------
    TransferInputs or NotEnoughData
        The latter names what is missing.

    Raises
    ------
    DataError
        When figures contradict each other: see :func:`~.structure.structures` and :func:`~.national.national_sets`.
    ParameterError
        When ``period`` is neither a year nor a span of years.
    """
    asked = Period.parse(period)
    if asked.kind not in ("year", "span"):
        raise ParameterError(
            f"a digital share is wanted for {period}", fix="Ask for a year (2025) or a mean over years (2020-2023)"
        )
    sets = national_sets(national)
    if isinstance(sets, NotEnoughData):
        return sets
    ids = (
        "grdp_current",
        *(f"grdp_{kind}_{area}" for kind in ("structure", "current") for area in ("agri", "indcon", "services", "tax")),
    )
    found = figures(province, ids)
    region = one_region(found, "a province's figures") if found else _region_of(province)
    made = structures(province, "grdp")
    structure = _structure_for(made, asked, allow_half_year=allow_half_year)
    if structure is None:
        half = any(one.period.kind == "half" for one in made)
        missing = tuple(f"grdp_structure_{area}" for area in PRODUCING)
        reason = "only_half_year_structure" if half and not allow_half_year else "no_structure_near_the_period"
        return NotEnoughData(
            wanted="digital_share_by_transfer", region_id=region, period=asked.text, missing=missing, reason=reason
        )
    nation = nearest_set(sets, asked)
    low, high, evidence = level_range(national, nation, asked)
    return TransferInputs(
        region_id=region,
        period=asked,
        nation=nation,
        structure=structure,
        drift=_drift(made, structure, asked),
        level_low=low,
        level_high=high,
        level_evidence=evidence,
        as_of=as_of,
    )


def _structure_for(made: tuple[Structure, ...], asked: Period, *, allow_half_year: bool) -> Structure | None:
    exact = [one for one in made if one.period.text == asked.text]
    if exact:
        return exact[0]
    yearly = [one for one in made if one.period.kind == "year"]
    inside = [
        one
        for one in yearly
        if asked.kind == "span" and asked.start <= one.period.start and one.period.end <= asked.end
    ]
    if len(inside) == asked.end.year - asked.start.year + 1:
        return mean_structure(inside, asked)
    halves = [one for one in made if one.period.kind == "half"] if allow_half_year else []
    near = [one for one in (*yearly, *halves) if abs(as_year(one.period) - as_year(asked)) <= MAX_YEARS_APART]
    return min(
        near,
        key=lambda one: (abs(as_year(one.period) - as_year(asked)), one.period.kind != "year", -as_year(one.period)),
        default=None,
    )


def _drift(made: tuple[Structure, ...], structure: Structure, asked: Period) -> tuple[tuple[str, float], ...]:
    """Greatest yearly change of each area's share that the province itself published, points; empty where there are no two years."""
    if structure.period.text == asked.text:
        return ()
    yearly = [one for one in made if one.period.kind == "year"]
    changes = {
        area: [
            abs(later.share(area).value - earlier.share(area).value) / (later.period.year - earlier.period.year)
            for earlier, later in pairwise(yearly)
        ]
        for area in PRODUCING
    }
    return tuple((area, max(values)) for area, values in changes.items() if values)


def _region_of(province: pd.DataFrame) -> str:
    regions = sorted(set(province["region_id"])) if "region_id" in province.columns else []
    return str(regions[0]) if len(regions) == 1 else ""
