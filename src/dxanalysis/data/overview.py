"""What the store holds: indicators, regions, periods, releases, freshness."""

from __future__ import annotations

import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.data.slices import WELL_DATED
from dxanalysis.data.store import Store


def is_well_dated(history: pd.DataFrame) -> pd.Series:
    """Whether each release is known to a month or better, shape of ``history``: the others say nothing about freshness."""
    return history["released_to"] - history["released_from"] <= pd.Timedelta(days=WELL_DATED)


def overview(store: Store, region: str | None = None) -> pd.DataFrame:
    """One row an indicator with figures, of one region or of all.

    Returns
    -------
    DataFrame
        Columns indicator, regions, figures (newest releases), releases (all), first_period, last_period (by when they end),
        newest_release (year-month-day text; empty where none is
        known to a month).
    """
    history = store.observations(region=region, history=True)
    history["released"] = history["released_to"].dt.strftime("%Y-%m-%d").where(is_well_dated(history), "")
    grouped = history.groupby("indicator", sort=True)
    return pd.DataFrame(
        {
            "regions": grouped["region_id"].nunique(),
            "figures": history.drop_duplicates(["indicator", "region_id", "period"]).groupby("indicator").size(),
            "releases": grouped.size(),
            "first_period": grouped["period"].agg(lambda periods: min(set(periods), key=Period.parse)),
            "last_period": grouped["period"].agg(lambda periods: max(set(periods), key=Period.parse)),
            "newest_release": grouped["released"].max(),
        }
    ).reset_index()


def releases_of(store: Store, indicator: str, region: str | None = None) -> pd.DataFrame:
    """Every release of one indicator, of one region or all: region, period, value, release dates, status, source."""
    found = store.observations(indicator=indicator, region=region, history=True)
    found["name"] = [store.regions.get(identity).name_vi for identity in found["region_id"]]
    return found[["region_id", "name", "period", "value", "unit", "released_from", "released_to", "status", "source"]]
