"""What is missing for an answer, as facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.forecast.evidence import Missing


def gap_of(
    code: Literal["no_value", "deadline_value", "yearly_value", "other_scope"], **facts: str | int | float
) -> Missing:
    """One thing that is missing, with the named values a sentence about it needs."""
    return Missing(code=code, facts=tuple(facts.items()))


def other_scopes(observations: pd.DataFrame, region_id: str, scopes: Sequence[str]) -> tuple[Missing, ...]:
    """Indicators of another scope that are published for the region, with their newest period and value."""
    found = []
    for scope in scopes:
        rows = observations[(observations["indicator"] == scope) & (observations["region_id"] == region_id)]
        rows = rows[rows["value"].notna()]
        if not rows.empty:
            period, value = max(zip(map(Period.parse, rows["period"]), rows["value"].astype(float), strict=True))
            found.append(gap_of("other_scope", indicator=scope, period=period.text, value=value))
    return tuple(found)
