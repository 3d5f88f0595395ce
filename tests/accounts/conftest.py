from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dxanalysis.accounts import TransferInputs, transfer_inputs

Frame = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def published_figures() -> pd.DataFrame:
    """Real figures with their releases; sources in SOURCES.md beside the table."""
    frame = pd.read_csv(Path(__file__).with_name("published_figures.csv"), dtype={"period": str, "region_id": str})
    for column in ("released_from", "released_to"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    frame["boundary_set"] = frame["region_id"].str.split("-").str[0]
    frame["region"] = frame["region_id"].str.split("-").str[-1]
    frame["note"] = ""
    return frame


@pytest.fixture(scope="session")
def nation(published_figures: pd.DataFrame) -> pd.DataFrame:
    return published_figures[published_figures["region_id"] == "VN"]


@pytest.fixture(scope="session")
def provinces(published_figures: pd.DataFrame) -> pd.DataFrame:
    return published_figures[published_figures["region_id"] != "VN"]


@pytest.fixture(scope="session")
def gia_lai(nation: pd.DataFrame, provinces: pd.DataFrame) -> TransferInputs:
    made = transfer_inputs(nation, provinces[provinces["region_id"] == "34-52"], "2025")
    assert isinstance(made, TransferInputs)
    return made


@pytest.fixture(scope="session")
def observed() -> Frame:
    """Build an observation frame from (indicator, value) pairs of one region and period."""

    def build(
        values: dict[str, float],
        *,
        region_id: str = "34-01",
        period: str = "2025",
        unit: str = "percent",
        released: str = "2026-01-05",
        source: str = "office",
    ) -> pd.DataFrame:
        frame = pd.DataFrame({"indicator": list(values), "value": [float(v) for v in values.values()]})
        frame["region_id"], frame["period"], frame["unit"] = region_id, period, unit
        frame["released_from"] = frame["released_to"] = pd.Timestamp(released).as_unit("us")
        frame["status"], frame["source"], frame["note"] = "estimate", source, ""
        return frame

    return build
