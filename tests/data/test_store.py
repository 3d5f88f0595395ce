"""What was known on which day; the real national figures are the oracle."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dxanalysis.data import open_store
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError
from dxanalysis.project import Project
from trial import Archive

SHARE_2022 = {"indicator": "de_va_share_gdp", "region": "VN", "period": "2022"}


@pytest.mark.parametrize(
    ("day", "value"),
    [("2023-12-04", 12.67), ("2024-06-30", 12.67), ("2025-01-05", 12.63), ("2025-01-06", 12.83), (None, 12.83)],
)
def test_the_national_share_of_2022_as_known_on_a_day(real_project: Project, day: str | None, value: float) -> None:
    found = open_store(real_project).observations(**SHARE_2022, as_of=day)
    assert found["value"].tolist() == [value]


def test_nothing_was_known_the_day_before_the_first_release(real_project: Project) -> None:
    assert open_store(real_project).observations(**SHARE_2022, as_of="2023-12-03").empty


def test_history_keeps_every_release(real_project: Project) -> None:
    found = open_store(real_project).observations(**SHARE_2022, history=True)
    assert found["value"].tolist() == [12.67, 12.63, 12.83]
    assert found["released_to"].dt.strftime("%Y-%m-%d").tolist() == ["2023-12-04", "2025-01-05", "2025-01-06"]


def test_a_store_as_of_a_day_cannot_be_asked_for_later_figures(real_project: Project) -> None:
    store = open_store(real_project, as_of="2024-06-30")
    assert store.observations(**SHARE_2022, as_of="2026-01-31")["value"].tolist() == [12.67]
    assert all(target.released_to <= date(2024, 6, 30) for target in store.targets())


def test_the_days_of_a_source_are_those_of_what_was_asked_for(real_project: Project) -> None:
    store = open_store(real_project, as_of="2025-01-05")
    first = store.observations(**SHARE_2022, history=True)["source"].iloc[0]
    (released,) = store.releases([first])[first]
    assert released[1] == date(2023, 12, 4)
    # A source of which nothing was asked for, or nothing was known on that day, has no day.
    later = next(one.source for one in open_store(real_project).targets(region="34-52"))
    assert store.releases([later]) == {later: ()}
    assert open_store(real_project).releases([first]) == {first: ()}
    plan = open_store(real_project)
    plan.targets(region="34-52")
    assert plan.releases([later])[later]


def test_an_unknown_indicator_is_an_error_and_not_an_empty_answer(real_project: Project) -> None:
    with pytest.raises(DataError, match="no indicator is called 'de_va_shar_gdp'") as caught:
        open_store(real_project).observations(indicator="de_va_shar_gdp")
    assert "de_va_share_gdp" in str(caught.value)


@pytest.mark.parametrize("period", ["2022Q1", "22", 2022.0, True, ["2022", "2022Q1"], 12])
def test_what_is_no_period_is_an_error_and_not_an_empty_answer(real_project: Project, period: object) -> None:
    with pytest.raises(DataError, match=r"is not a (period|year from 1700 to 2100)\. Write 2024, 2024-H1"):
        open_store(real_project).observations(indicator="de_va_share_gdp", period=period)


@pytest.mark.parametrize("period", [2022, np.int64(2022), Period.parse("2022"), [2022], pd.Series([2022])])
def test_a_year_may_be_a_whole_number_and_periods_come_in_any_row(real_project: Project, period: object) -> None:
    found = open_store(real_project).observations(indicator="de_va_share_gdp", region="VN", period=period)
    assert found["value"].tolist() == [12.83]


def test_a_period_without_figures_is_an_empty_answer(real_project: Project) -> None:
    assert open_store(real_project).observations(indicator="de_va_share_gdp", period=2050).empty


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ("Gia Lai", r"no region has the id 'Gia Lai'\. A name needs a period: store\.region\('Gia Lai', period=2026\).* 34-52 Gia Lai"),
        ("Gia Lay", r"no region has the id 'Gia Lay'\. Did you mean 63-64 Gia Lai .*; 34-52 Gia Lai"),
        ("34-99", r"no region has the id '34-99'\. Did you mean 34-96 Cà Mau"),
        ("52", r"Did you mean 63-52 Bình Định .*; 34-52 Gia Lai"),
        ("zzz", r"The registry is data/raw/regions\.csv"),
    ],
)  # fmt: skip
def test_a_mistyped_region_is_told_what_may_be_meant(real_project: Project, region: str, message: str) -> None:
    store = open_store(real_project)
    with pytest.raises(DataError, match=message):
        store.observations(region=region)
    assert store.region("Gia Lai", period=2026).id == "34-52"


def test_a_store_says_what_it_holds_in_a_line(real_project: Project) -> None:
    store = open_store(real_project, as_of="2024-06-30")
    told = rf"Store\({len(store.indicators())} indicators, \d+ regions, \d+ targets, \d+ sources, as of 2024-06-30\)"
    assert re.fullmatch(told, repr(store))
    assert re.fullmatch(r"Registry\(\d+ regions, \d+ mergers\)", repr(store.regions))


def test_a_figure_published_as_missing_ends_a_series_without_a_value(archive: Archive) -> None:
    archive.observations(
        "coverage,63,64,2022,50,percent,2023-01-10,2023-01-10,actual,office,\n"
        "coverage,63,64,2022,..,percent,2024-01-10,2024-01-10,missing,office,withdrawn\n"
    )
    store = open_store(archive.project)
    assert store.observations(indicator="coverage", as_of="2023-06-30")["value"].tolist() == [50.0]
    assert store.observations(indicator="coverage").empty
    assert len(store.observations(indicator="coverage", history=True)) == 2


def test_a_dated_release_is_newer_than_an_undated_one(archive: Archive) -> None:
    archive.observations(
        "coverage,63,64,2022,51,percent,,2026-11-23,actual,office,undated\n"
        "coverage,63,64,2022,50,percent,2023-01-10,2023-01-10,estimate,office,\n"
    )
    assert open_store(archive.project).observations(indicator="coverage")["value"].tolist() == [50.0]


def test_of_two_releases_of_one_day_the_firmer_is_told(archive: Archive) -> None:
    archive.observations(
        "coverage,63,64,2022,51,percent,2023-01-10,2023-01-10,estimate,law,\n"
        "coverage,63,64,2022,50,percent,2023-01-10,2023-01-10,actual,office,\n"
    )
    assert open_store(archive.project).observations(indicator="coverage")["value"].tolist() == [50.0]


def test_deadlines_are_held_against_the_day_the_store_stands_on(archive: Archive) -> None:
    store = open_store(archive.project, today=date(2026, 1, 1))
    assert store.has_passed(date(2025, 12, 31))
    assert not store.has_passed(date(2026, 1, 1))
    assert open_store(archive.project, as_of="2025-06-30").has_passed(date(2025, 12, 31)) is False


def test_a_store_remembers_what_it_was_asked_for(archive: Archive) -> None:
    store = open_store(archive.project, today=date(2026, 1, 1))
    store.observations(indicator="coverage", region="63-64")
    store.targets(region="63-64")
    store.has_passed(date(2025, 12, 31))
    assert set(store.used()) == {
        "calendar:2025-12-31",
        "indicator:coverage",
        "observations:coverage:63-64",
        "targets:63-64",
    }


def test_digests_move_with_the_slice_and_with_nothing_else(make_archive: Callable[[str], Archive]) -> None:
    base = "coverage,63,64,2022,50,percent,2023-01-10,2023-01-10,actual,office,\n"
    other = "coverage,63,52,2022,40,percent,2023-01-10,2023-01-10,actual,office,\n"
    digests = []
    for name, rows in (
        ("a", base),
        ("b", base + other),
        ("c", other + base),
        ("d", base.replace(",50,", ",51,") + other),
    ):
        archive = make_archive(name)
        archive.observations(rows)
        store = open_store(archive.project)
        for region in ("63-64", "63-52", None):
            store.observations(indicator="coverage", region=region)
        digests.append({key: value for key, value in store.used().items() if key.startswith("obs")})
    a, b, c, d = digests
    assert a["observations:coverage:63-64"] == b["observations:coverage:63-64"]
    assert a["observations:coverage:63-52"] != b["observations:coverage:63-52"]
    assert a["observations:coverage:*"] != b["observations:coverage:*"]
    assert b == c
    assert c["observations:coverage:63-64"] != d["observations:coverage:63-64"]
    assert c["observations:coverage:63-52"] == d["observations:coverage:63-52"]
