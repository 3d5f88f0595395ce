from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.errors import ModelError
from dxanalysis.forecast.revisions import noise_of
from forecast.cases import observations

# the national share of the digital economy in GDP as released in 2023-12, 2024, 2025-01 and 2026-01
NATION = observations(
    [
        ("2022", "2023-12-04", 12.67, "estimate", ""),
        ("2022", "2024-12-31", 12.63, "estimate", ""),
        ("2022", "2025-01-06", 12.83, "estimate", ""),
        ("2023", "2024-12-31", 12.33, "estimate", ""),
        ("2023", "2025-01-06", 12.87, "estimate", ""),
        ("2024", "2025-01-06", 13.17, "estimate", ""),
    ],
    region="VN",
)


def test_newest_release_against_each_earlier_one() -> None:
    table = forecast.revisions(NATION)
    assert table["period"].tolist() == ["2022", "2022", "2023"]
    assert table["change"].tolist() == pytest.approx([0.16, 0.20, 0.54])
    assert table["earlier_release"].dt.strftime("%Y-%m").tolist() == ["2023-12", "2024-12", "2024-12"]
    assert set(table["later_release"].dt.strftime("%Y-%m-%d")) == {"2025-01-06"}


def test_size_by_indicator() -> None:
    size = forecast.revision_size(forecast.revisions(NATION)).loc["share"]
    assert (size["n"], size["n_periods"]) == (3, 2)
    assert size["mean_abs_change"] == pytest.approx(0.30)
    assert size["rms_change"] == pytest.approx(np.sqrt((0.16**2 + 0.2**2 + 0.54**2) / 3))
    assert size["sd_change"] == pytest.approx(np.std([0.16, 0.20, 0.54], ddof=1))


def test_two_figures_of_one_day_are_a_conflict_not_a_revision() -> None:
    twice = pd.concat([NATION.tail(1), NATION.tail(1).assign(value=13.5)])
    assert forecast.revisions(twice).empty


def test_rows_without_a_value_are_not_compared() -> None:
    gone = NATION.assign(value=NATION["value"].where(NATION["released_to"] < "2025-01-01"))
    assert forecast.revisions(gone)["change"].tolist() == pytest.approx([-0.04])


def test_no_revisions_is_an_empty_table() -> None:
    table = forecast.revisions(NATION.tail(1))
    assert table.empty
    assert forecast.revision_size(table).empty
    assert noise_of(table, "VN") == forecast.RevisionNoise(size=0.0, n=0, scope="none")


def test_whose_revisions_are_taken() -> None:
    table = forecast.revisions(NATION)
    assert noise_of(table, "VN").scope == "region"
    assert noise_of(table, "34-52").scope == "indicator"
    assert noise_of(table.head(2), "VN").scope == "none"


def test_a_history_without_releases() -> None:
    with pytest.raises(ModelError, match="the history has no column released_to"):
        forecast.revisions(NATION.drop(columns="released_to"))
