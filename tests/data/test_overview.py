"""What the store says it holds is what the raw files hold."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from dxanalysis.data import open_store
from dxanalysis.data.overview import overview, releases_of
from dxanalysis.errors import DataError
from dxanalysis.project import Project
from trial import Archive

MORE = """coverage,63,64,2022,51,percent,2024-03-05,2024-03-05,revised,office,
coverage,63,52,2024-H1,60,percent,2024-08-01,2024-08-31,estimate,office,
coverage,63,64,2021-2025,58,percent,,2026-02-01,estimate,office,
"""


@pytest.fixture
def fuller(archive: Archive) -> Archive:
    archive.observations(MORE, path="observations/more.csv")
    return archive


def test_one_row_an_indicator_with_its_counts(fuller: Archive) -> None:
    table = overview(open_store(fuller.project)).set_index("indicator")
    assert table.index.tolist() == ["coverage", "growth"], "an indicator without figures is not listed"
    coverage = table.loc["coverage"].to_dict()
    assert coverage == {
        "regions": 2,
        "figures": 4,
        "releases": 5,
        "first_period": "2022",
        "last_period": "2021-2025",
        "newest_release": "2024-08-31",  # the undated page of February 2026 tells nothing of freshness
    }
    assert table.loc["growth", ["regions", "figures", "releases"]].tolist() == [1, 1, 1]


def test_of_one_region_only_its_own_figures_count(fuller: Archive) -> None:
    (row,) = overview(open_store(fuller.project), "63-52").to_dict("records")
    assert row == {
        "indicator": "coverage", "regions": 1, "figures": 1, "releases": 1,
        "first_period": "2024-H1", "last_period": "2024-H1", "newest_release": "2024-08-31",
    }  # fmt: skip


def test_periods_are_ordered_by_their_end_and_not_as_text(archive: Archive) -> None:
    figure = "coverage,63,64,{},60,percent,2025-02-01,2025-02-01,estimate,office,\n"
    archive.observations("".join(figure.format(period) for period in ("2024-H1", "2024", "2024-02", "2024-Q1")))
    (row,) = overview(open_store(archive.project)).to_dict("records")
    assert (row["first_period"], row["last_period"]) == ("2024-02", "2024")


def test_every_release_of_an_indicator(fuller: Archive) -> None:
    table = releases_of(open_store(fuller.project), "coverage")
    assert table["value"].tolist() == [60.0, 58.0, 50.0, 51.0, 55.5]
    assert table["name"].tolist() == ["Bình Định", *["Gia Lai"] * 4]
    assert table["region_id"].tolist() == ["63-52", *["63-64"] * 4]
    assert set(table["unit"]) == {"percent"}


def test_releases_of_one_region(fuller: Archive) -> None:
    assert releases_of(open_store(fuller.project), "coverage", "63-52")["period"].tolist() == ["2024-H1"]


def test_releases_of_a_region_without_figures_are_none(fuller: Archive) -> None:
    assert releases_of(open_store(fuller.project), "growth", "63-52").empty


@pytest.mark.parametrize(
    ("indicator", "region", "message"),
    [("covrage", None, "no indicator is called 'covrage'. Near ones: coverage"), ("coverage", "63-99", "63-99")],
)
def test_what_does_not_exist_is_an_error(archive: Archive, indicator: str, region: str | None, message: str) -> None:
    with pytest.raises(DataError) as caught:
        releases_of(open_store(archive.project), indicator, region)
    assert message in str(caught.value)


def test_an_earlier_day_knows_less(make_archive: Callable[[str], Archive]) -> None:
    archive = make_archive("earlier")
    table = overview(open_store(archive.project, as_of="2023-12-31"))
    assert table["indicator"].tolist() == ["coverage"]
    assert table["releases"].tolist() == [1]


def test_the_counts_of_the_project_are_those_of_its_files(real_project: Project) -> None:
    files = (real_project.raw / "observations").glob("*.csv")
    raw = pd.concat([pd.read_csv(file, dtype=str, keep_default_na=False) for file in files], ignore_index=True)
    table = overview(open_store(real_project)).set_index("indicator")
    assert table["releases"].to_dict() == raw.groupby("indicator").size().to_dict()
    places = raw.assign(place=raw["boundary_set"] + raw["region"]).groupby("indicator")["place"].nunique()
    assert table["regions"].to_dict() == places.to_dict()
