"""Small published series that the tests of the forecast wing share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

SHARE = {2020: 12.66, 2021: 12.87, 2022: 12.83, 2023: 12.87, 2024: 13.17, 2025: 14.02}
GROWTH = {2018: 7.21, 2019: 4.41, 2020: 4.08, 2021: 9.81, 2022: 6.53, 2023: 4.12}


def panel(values: dict[int, float], region: str = "VN") -> pd.DataFrame:
    return pd.DataFrame({"region": region, "period": list(values), "value": list(values.values())})


def observations(
    rows: Sequence[tuple[str, str, float, str, str]],
    *,
    indicator: str = "share",
    region: str = "34-52",
    unit: str = "percent",
) -> pd.DataFrame:
    """Frame as the store gives it; rows are (period, release, value, status, note)."""
    frame = pd.DataFrame(rows, columns=["period", "released_to", "value", "status", "note"])
    released = pd.to_datetime(frame["released_to"])
    return frame.assign(
        indicator=indicator,
        boundary_set=region.partition("-")[0],
        region=region.rpartition("-")[2],
        region_id=region,
        unit=unit,
        released_from=released,
        released_to=released,
        source="office",
    )


def years(values: dict[int, float], **kinds: str) -> pd.DataFrame:
    return observations([(str(y), f"{y + 1}-01-06", v, "actual", "") for y, v in values.items()], **kinds)
