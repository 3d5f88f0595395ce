"""Digital shares of several years as one series: only where they mean the same."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from dxanalysis.accounts.digital import DigitalShare
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError


def series(shares: Iterable[DigitalShare]) -> pd.DataFrame:
    """One row a period: period, share (percent), method, definition, vintage.

    Raises
    ------
    DataError
        When the shares are of several regions, methods, definitions or vintages, or a period is there twice: the message says where it breaks and why.
    """
    listed = sorted(shares, key=lambda one: Period.parse(one.period))
    if not listed:
        raise DataError("there is no share to put into a series", fix="Give at least one")
    first = listed[0]
    for one in listed[1:]:
        place = f"from {first.period} to {one.period}"
        if one.region_id != first.region_id:
            raise DataError(
                f"{place} the region changes from {first.region_id} to {one.region_id}", fix="A series is of one region"
            )
        if one.family != first.family or one.method != first.method:
            raise DataError(
                f"{place} the measure changes from {first.indicator}, {first.method} to {one.indicator}, {one.method}",
                fix="Definitions span several points of GDP for one year: compute all years by one",
            )
        if (one.indicator, one.vintage) != (first.indicator, first.vintage):
            raise DataError(
                f"{place} the definition changes from vintage {first.vintage} to {one.vintage}: what is counted differs, the change would not be growth",
                fix="Compute all years by one vintage, or show the vintages as separate series",
            )
    periods = [one.period for one in listed]
    twice = sorted({name for name in periods if periods.count(name) > 1})
    if twice:
        raise DataError(
            f"{twice[0]} is there {periods.count(twice[0])} times",
            fix="Give one share a period; releases are compared elsewhere",
        )
    return pd.DataFrame(
        [
            {
                "period": one.period,
                "share": one.estimate,
                "method": one.method,
                "definition": one.indicator,
                "vintage": one.vintage,
            }
            for one in listed
        ]
    )
