"""A region is a boundary set and a code; every spelling seen in the wild finds it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.data import open_store
from dxanalysis.data.regions import Registry, fold
from dxanalysis.errors import DataError
from dxanalysis.project import Project


@pytest.fixture(scope="module")
def registry(real_project: Project) -> Registry:
    return open_store(real_project).regions


def test_gia_lai_before_and_after_the_merger_are_different_regions(registry: Registry) -> None:
    assert registry.find("Gia Lai", period="2023").id == "63-64"
    assert registry.find("Gia Lai", period="2026").id == "34-52"


def test_the_year_of_the_merger_belongs_to_the_new_units(registry: Registry) -> None:
    assert registry.find("Gia Lai", period="2025").id == "34-52"
    assert registry.find("Gia Lai", period="2025-Q2").id == "63-64"


def test_code_52_alone_lists_both_candidates(registry: Registry) -> None:
    with pytest.raises(DataError) as caught:
        registry.find("52")
    message = str(caught.value)
    assert "63-52 Bình Định (until 2025-06-30)" in message
    assert "34-52 Gia Lai (since 2025-07-01)" in message


def test_a_name_alone_lists_both_candidates(registry: Registry) -> None:
    with pytest.raises(DataError, match=r"63-64 Gia Lai .* 34-52 Gia Lai"):
        registry.find("Gia Lai")


@pytest.mark.parametrize(
    ("spelling", "identity"),
    [
        ("Bình Định", "63-52"),
        ("Bình Ðịnh", "63-52"),  # U+00D0 in place of U+0110
        (unicodedata.normalize("NFD", "Bình Định"), "63-52"),
        ("BINH DINH", "63-52"),
        ("Ðắk Lắk", "63-66"),
        ("Dak Lak", "63-66"),
        ("Đak Lak", "63-66"),
        ("Đắc Lắc", "63-66"),
        ("Hoà Bình", "63-17"),
        ("Hòa Bình", "63-17"),
        ("Thanh Hoá", "63-38"),
        ("Thanh Hóa", "63-38"),
        ("Quang  Nam", "63-49"),
        (" Quảng Nam ", "63-49"),
        ("TP.Hồ Chí Minh", "63-79"),
        ("TP. Hồ Chí Minh", "63-79"),
        ("Tp Hồ Chí Minh", "63-79"),
        ("Thành phố Hồ Chí Minh", "63-79"),
        ("Ho Chi Minh city", "63-79"),
        ("Bà Rịa – Vũng Tàu", "63-77"),
        ("Bà Rịa-Vũng Tàu", "63-77"),
        ("Ba Ria - Vung Tau", "63-77"),
        ("Thừa Thiên - Huế", "63-46"),
        ("Thua Thien-Hue", "63-46"),
        ("Huế", "63-46"),
        ("Tỉnh Gia Lai", "63-64"),
        (" WHOLE COUNTRY", "VN"),
        ("Cả nước", "VN"),
    ],
)
def test_spellings(registry: Registry, spelling: str, identity: str) -> None:
    assert registry.find(spelling, period="2023").id == identity


def test_every_name_of_the_registry_finds_its_region_in_its_set(registry: Registry) -> None:
    for region in registry.regions:
        for name in (region.name_vi, region.name_en):
            assert registry.find(name, boundary_set=region.boundary_set).id == region.id


def test_an_unknown_name_names_similar_ones(registry: Registry) -> None:
    with pytest.raises(DataError, match="Quảng Nam"):
        registry.find("Quang Na", period="2023")


def test_an_unknown_name_names_those_spelt_nearly_so(registry: Registry) -> None:
    with pytest.raises(DataError, match=r"no region is called 'Quang Nim' in 2024\. Similar names: .*Quảng N"):
        registry.find("Quang Nim", period=2024)


def test_seven_codes_changed_owner(registry: Registry) -> None:
    by_id = {region.id: region for region in registry.regions if region.kind == "province"}
    reused = {
        code
        for identity, region in by_id.items()
        if (code := region.code)
        and identity.startswith("34-")
        and f"63-{code}" in by_id
        and fold(by_id[f"63-{code}"].name_vi) != fold(region.name_vi)
        and any(fold(o.name_vi) == fold(region.name_vi) for o in by_id.values() if o.boundary_set == "63")
    }
    assert reused == {"15", "24", "44", "52", "80", "82", "91"}


def test_mergers_are_complete(registry: Registry) -> None:
    assert len([r for r in registry.regions if r.id.startswith("63-") and r.kind == "province"]) == 63
    assert len([r for r in registry.regions if r.id.startswith("34-") and r.kind == "province"]) == 34
    assert {region.id for region in registry.predecessors("34-52")} == {"63-64", "63-52"}
    assert [region.id for region in registry.successors("63-64")] == ["34-52"]
    old = [merger.old_id for merger in registry.mergers]
    assert len(old) == len(set(old)) == 63


@given(st.text(alphabet="aàáảãạăâđeêiouưyĐÐ -–.", max_size=20))
def test_folding_forgets_form_and_case(text: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert fold(text) == fold(text.upper()) == fold(f"  {text.replace(' ', '   ')} ")
    assert fold(fold(text)) == fold(text)
