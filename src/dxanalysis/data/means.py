"""Published means over years held against the years: where they differ by more than rounding, a year was revised or reckoned otherwise."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dxanalysis.data.numbers import half_unit
from dxanalysis.data.periods import Period

COLUMNS: Final = ("indicator", "region_id", "period", "published", "computed", "difference", "slack")


def span_means(observations: pd.DataFrame) -> pd.DataFrame:
    """Compare every published mean over years with the plain mean of the newest yearly figures.

    A published mean of shares need not be the plain mean of the yearly shares, but the statistics office's is (2020-2024, to the
    last digit); so a difference says that mean and years are of different states of revision, or of different sources.

    Parameters
    ----------
    observations
        The newest release of each period (``store.observations(...)``).

    Returns
    -------
    DataFrame
        One row a span whose every year is published: columns indicator, region_id, period, published, computed, difference (published
        less computed) and slack (what rounding can explain), in the indicator's unit.
    """
    rows: list[tuple[object, ...]] = []
    for (indicator, region), part in observations.groupby(["indicator", "region_id"], sort=True):
        values = {str(period): float(value) for period, value in zip(part["period"], part["value"], strict=True)}
        for text, published in values.items():
            period = Period.parse(text)
            if period.kind != "span":
                continue
            years = [str(year) for year in range(period.start.year, period.end.year + 1)]
            if not all(year in values for year in years):
                continue
            computed = sum(values[year] for year in years) / len(years)
            slack = half_unit(published) + sum(half_unit(values[year]) for year in years) / len(years)
            rows.append((indicator, region, text, published, computed, published - computed, slack))
    return pd.DataFrame(rows, columns=list(COLUMNS))
