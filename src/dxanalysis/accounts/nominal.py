"""Nominal growth of a region's economy, to reckon with where a target's growth need is stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from dxanalysis.accounts.figures import Figure, NotEnoughData, figures
from dxanalysis.data.periods import Period

PER_HEAD: Final = ("grdp_per_capita", "gdp_per_capita")
MIN_YEARS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NominalGrowth:
    """Mean growth of product per head in current prices, percent a year, from ``first`` to ``last``.

    Per head, because it is what the office publishes for every unit and year; the population moves by less than a percent a year.
    """

    percent: float
    first: Figure
    last: Figure


def nominal_growth(observations: pd.DataFrame, region_id: str) -> NominalGrowth | NotEnoughData:
    """Compound yearly growth of GRDP (GDP) per head at current prices, over the published years.

    Parameters
    ----------
    observations
        As the store returns them.
    region_id
        The region.
    """
    yearly = {
        one.period: one
        for one in figures(observations, PER_HEAD)
        if one.region_id == region_id and Period.parse(one.period).kind == "year" and one.value > 0
    }
    if len(yearly) < MIN_YEARS:
        return NotEnoughData(
            wanted="nominal_growth", region_id=region_id, period="", missing=PER_HEAD, reason="no_product_per_head"
        )
    first, last = yearly[min(yearly)], yearly[max(yearly)]
    years = int(last.period) - int(first.period)
    return NominalGrowth(percent=100 * ((last.value / first.value) ** (1 / years) - 1), first=first, last=last)
