"""Contributions to growth from what offices print: the structure of the year before, and growth by area.

Contribution of area i, percentage points: its part of GDP in the year before (current prices, percent) times its growth (percent) over 100. These are the weights of a
volume in previous year's prices (IMF, Quarterly National Accounts Manual 2017, chapter 8). Growth in prices of a fixed base year has other
weights; the difference, and areas without a published growth, are in the residual, which stands on a line of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from dxanalysis.accounts.figures import Figure, NotEnoughData, figures
from dxanalysis.accounts.structure import AREAS, structure_indicators, structures
from dxanalysis.data.periods import Period

Whole = Literal["gdp", "grdp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedContributions:
    """Growth of a period and what contributed to it, percentage points.

    ``parts``: by area with a published growth. ``residual``: growth less the parts. ``digital``: what digital value added contributed where its real growth and its
    share of the year before are published, else None with the reason in ``digital_missing``; it lies inside the areas and is not added to them.
    """

    region_id: str
    period: str
    growth: float
    parts: Mapping[str, float]
    digital: float | None
    digital_missing: str
    inputs: tuple[Figure, ...]

    @property
    def residual(self) -> float:
        """Growth less the parts, percentage points."""
        return self.growth - sum(self.parts.values())

    def to_frame(self) -> pd.DataFrame:
        """One row a part, then the residual and the total: part, points, share of growth (percent)."""
        rows = [*self.parts.items(), ("residual", self.residual), ("total", self.growth)]
        return pd.DataFrame(
            [{"part": name, "points": value, "share_of_growth": 100 * value / self.growth} for name, value in rows]
        )


def growth_indicators(whole: Whole) -> tuple[str, ...]:
    """Growth indicators of the whole (``gdp`` or ``grdp``) and of its areas."""
    return (f"{whole}_growth", *(f"{whole}_growth_{area}" for area in AREAS))


def contribution_indicators(whole: Whole) -> tuple[str, ...]:
    """Every indicator that :func:`published_contributions` reads."""
    return (*growth_indicators(whole), *structure_indicators(whole), f"de_va_share_{whole}", "de_va_growth_real")


def published_contributions(frame: pd.DataFrame, whole: Whole) -> PublishedContributions | NotEnoughData:
    """Contributions to the newest yearly growth for which the structure of the year before is published.

    Parameters
    ----------
    frame
        Observations of one region: growth, structure, and for the digital part ``de_va_growth_real`` and ``de_va_share_<whole>``; total and areas are taken from one source.
    whole
        ``gdp`` or ``grdp``.

    Returns
    -------
    PublishedContributions or NotEnoughData
        The latter where no year has growth by area and a structure before it.
    """
    found = figures(frame, (*growth_indicators(whole), "de_va_growth_real", f"de_va_share_{whole}"))
    before = {one.period.start.year: one for one in structures(frame, whole) if one.period.kind == "year"}
    years = sorted({one.period for one in found if one.indicator == f"{whole}_growth_services"}, reverse=True)
    for period in years:
        if Period.parse(period).kind != "year" or int(period) - 1 not in before:
            continue
        grown = _one_release(found, whole, period)
        total = grown.pop("", None)
        if total is None or not {"indcon", "services"} <= set(grown):
            continue
        weights = before[int(period) - 1]
        rate = _newest(found, "de_va_growth_real", period)
        share = _newest(found, f"de_va_share_{whole}", str(int(period) - 1))
        known = rate is not None and share is not None
        return PublishedContributions(
            region_id=total.region_id,
            period=period,
            growth=total.value,
            parts={area: weights.share(area).value * grown[area].value / 100 for area in AREAS if area in grown},
            digital=share.value * rate.value / 100 if rate and share else None,
            digital_missing="" if known else "no_real_digital_growth",
            inputs=(total, *grown.values(), *weights.figures, *((rate, share) if rate and share else ())),
        )
    return NotEnoughData(
        wanted="growth_contributions",
        region_id=found[0].region_id if found else "",
        period="",
        missing=tuple(f"{whole}_growth_{area}" for area in AREAS[:3]),
        reason="no_growth_by_area",
    )


def _one_release(found: Sequence[Figure], whole: Whole, period: str) -> dict[str, Figure]:
    """Growth of the areas and, under "", of the whole, from the newest source that prints both: total and parts of two sources do not add up."""
    here = [one for one in found if one.period == period and one.indicator in growth_indicators(whole)]
    for source in dict.fromkeys(one.source for one in sorted(here, key=lambda one: one.release, reverse=True)):
        of_one = {
            one.indicator.removeprefix(f"{whole}_growth").removeprefix("_"): one for one in here if one.source == source
        }
        if {"", "indcon", "services"} <= set(of_one):
            return of_one
    return {}


def _newest(found: Sequence[Figure], indicator: str, period: str) -> Figure | None:
    every = [one for one in found if (one.indicator, one.period) == (indicator, period)]
    return max(every, key=lambda one: one.release) if every else None
