"""The default ranges of the transfer rest on published figures: they are in data/raw, and the ranges follow from them."""

from __future__ import annotations

import pytest

from dxanalysis.accounts.evidence import CORE_SERVICES, DIGITALISED
from dxanalysis.data import open_store
from dxanalysis.data.store import Store
from dxanalysis.i18n import texts
from dxanalysis.project import Project


@pytest.fixture(scope="module")
def store(real_project: Project) -> Store:
    return open_store(real_project)


def value(store: Store, indicator: str, region: str, period: str) -> float:
    (found,) = store.observations(indicator=indicator, region=region, period=period)["value"]
    return float(found)


def ict_over_services(store: Store, region: str, period: str) -> float:
    """Information and communication in percent of the service area."""
    part = value(store, "grdp_structure_ict_services", region, period)
    return 100 * part / value(store, "grdp_structure_services", region, period)


def test_core_services_range_covers_a_plain_province_against_the_city(store: Store) -> None:
    plain = [ict_over_services(store, "63-17", year) for year in ("2019", "2020", "2021")]
    city = ict_over_services(store, "63-79", "2022-Q1")
    assert [round(share, 1) for share in plain] == [9.5, 8.6, 8.3]
    assert round(city, 1) == 7.9
    assert max(plain) / city == pytest.approx(CORE_SERVICES[1], abs=0.005)
    assert CORE_SERVICES[0] <= min(plain) / city


def test_digitalised_range_begins_where_the_last_province_stands(store: Store) -> None:
    mean = value(store, "ecommerce_index_province_mean", "VN", "2023")
    last = value(store, "ecommerce_index", "63-62", "2023") / mean
    assert round(last, 2) == 0.53
    assert DIGITALISED[0] <= last < value(store, "ecommerce_index", "63-64", "2023") / mean < DIGITALISED[1]


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Hòa Bình 8,3–9,5 %, TP. Hồ Chí Minh 7,9 %"), ("en", "Hoa Binh 8.3–9.5%, Ho Chi Minh City 7.9%")],
)
def test_the_words_on_the_page_name_these_figures(language: str, words: str) -> None:
    sentence = texts(language)("pages.evidence.information_and_communication")
    assert words in sentence.replace("\u00a0", " ")
