"""Which figures contradict each other: neither revisions, nor rounding."""

from __future__ import annotations

import pandas as pd
import pytest

from dxanalysis.data import open_store
from dxanalysis.data.conflicts import COLUMNS, conflicts
from dxanalysis.project import Project

Release = tuple[float | None, str | None, str]


def history(*releases: Release, period: str = "2023", region: str = "VN", indicator: str = "growth") -> pd.DataFrame:
    """Releases of one figure: value, first and last possible day. Sources are a, b, …"""
    return pd.DataFrame(
        {
            "indicator": indicator,
            "region_id": region,
            "period": period,
            "value": [float("nan") if value is None else value for value, _, _ in releases],
            "source": [chr(ord("a") + number) for number in range(len(releases))],
            "released_from": pd.to_datetime(pd.Series([first for _, first, _ in releases], dtype="str")),
            "released_to": pd.to_datetime([last for _, _, last in releases]),
        }
    )


JANUARY, DECEMBER = "2024-01-10", "2024-12-20"


@pytest.mark.parametrize(
    "releases",
    [
        pytest.param(((5.05, JANUARY, JANUARY), (4.9, DECEMBER, DECEMBER)), id="ordered days are a revision"),
        pytest.param(((5.05, "2024-01-01", "2024-01-31"), (4.9, "2024-02-01", "2024-02-29")), id="ordered months"),
        pytest.param(((5.05, None, "2024-01-31"), (4.9, "2024-02-01", DECEMBER)), id="undated, but surely before"),
        pytest.param(((7.2, JANUARY, JANUARY), (7.1995, JANUARY, JANUARY)), id="rounding"),
        pytest.param(((7.0, None, DECEMBER), (7.04, None, DECEMBER)), id="rounding of a whole decimal"),
        pytest.param(((5.05, None, DECEMBER), (5.05, None, DECEMBER)), id="the same figure"),
        pytest.param(((5.05, JANUARY, JANUARY), (None, JANUARY, JANUARY)), id="a figure and none"),
        pytest.param(((5.05, JANUARY, JANUARY),), id="one figure"),
    ],
)
def test_no_conflict(releases: tuple[Release, ...]) -> None:
    assert conflicts(history(*releases)).empty


@pytest.mark.parametrize(
    "releases",
    [
        pytest.param(((5.05, JANUARY, JANUARY), (4.9, JANUARY, JANUARY)), id="one day"),
        pytest.param(((5.05, None, DECEMBER), (4.9, None, DECEMBER)), id="two pages without a date"),
        pytest.param(((5.05, JANUARY, JANUARY), (4.9, None, DECEMBER)), id="a date and none"),
        pytest.param(((5.05, "2024-01-01", "2024-02-10"), (4.9, "2024-02-10", DECEMBER)), id="bounds that touch"),
    ],
)
def test_a_conflict(releases: tuple[Release, ...]) -> None:
    found = conflicts(history(*releases))
    assert list(found.columns) == list(COLUMNS)
    (row,) = found.to_dict("records")
    assert (row["indicator"], row["region_id"], row["period"]) == ("growth", "VN", "2023")
    assert (row["value"], row["source"], row["other_value"], row["other_source"]) == (5.05, "a", 4.9, "b")
    assert row["difference"] == pytest.approx(-0.15)


def test_every_pair_of_three_is_told() -> None:
    found = conflicts(history((1.0, None, DECEMBER), (2.0, None, DECEMBER), (3.0, None, DECEMBER)))
    assert {(row.source, row.other_source) for row in found.itertuples()} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_the_greatest_difference_for_its_size_comes_first() -> None:
    small = history((1000.0, None, DECEMBER), (1100.0, None, DECEMBER), indicator="level")
    great = history((2.0, None, DECEMBER), (3.0, None, DECEMBER))
    other = history((9.0, None, DECEMBER), (1.0, None, DECEMBER), period="2022", region="63-64")
    found = conflicts(pd.concat([small, great, other], ignore_index=True))
    assert found["value"].tolist() == [9.0, 2.0, 1000.0]
    assert found.index.tolist() == [0, 1, 2]


def test_figures_of_other_periods_regions_and_indicators_do_not_meet() -> None:
    apart = [
        history((1.0, None, DECEMBER)),
        history((2.0, None, DECEMBER), period="2022"),
        history((3.0, None, DECEMBER), region="63-64"),
        history((4.0, None, DECEMBER), indicator="level"),
    ]
    assert conflicts(pd.concat(apart, ignore_index=True)).empty


def test_a_figure_of_zero_can_be_contradicted() -> None:
    assert len(conflicts(history((0.0, None, DECEMBER), (2.0, None, DECEMBER)))) == 1


def test_the_project_s_own_figures_contradict_each_other_somewhere(real_project: Project) -> None:
    """Growth of 2023: 5.05 in a newspaper without a date, 4.98 in the office's database."""
    found = conflicts(open_store(real_project).observations(history=True))
    growth = found[(found["indicator"] == "gdp_growth") & (found["period"] == "2023")]
    assert growth["source"].tolist() == ["nhandan-quy-mo-nen-kinh-te-viet"]
    assert growth["other_source"].tolist() == ["nso-pxweb-pl-v03-01"]
    assert growth["difference"].tolist() == [pytest.approx(-0.0714, abs=5e-5)]


def test_the_share_of_2022_was_revised_and_is_no_conflict(real_project: Project) -> None:
    share = open_store(real_project).observations(indicator="de_va_share_gdp", region="VN", period="2022", history=True)
    assert len(share) == 3
    assert conflicts(share).empty
