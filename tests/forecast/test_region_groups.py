"""Which regions belong together, by their codes or as given."""

from __future__ import annotations

import pandas as pd
import pytest

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.region_groups import groups_of_codes, numbered

NUTS = ["AT", "AT1", "AT11", "AT12", "BE", "BE10", "BE21", "LU00", "FRK2", "FRL0", "DE212"]


def test_nuts_codes_tell_the_country() -> None:
    assert groups_of_codes(NUTS) == {code: code[:2] for code in NUTS}


def test_of_one_country_they_tell_the_first_level() -> None:
    codes = ["DE21", "DE22", "DEA1", "DEA2", "DE30"]
    assert groups_of_codes(codes) == {code: code[:3] for code in codes}


def test_iso_3166_2_codes_tell_the_country() -> None:
    codes = ["US-CA", "US-NY", "VN-30", "VN-31", "VN-SG"]
    assert groups_of_codes(codes) == {code: code[:2] for code in codes}
    assert groups_of_codes(["VN-30", "VN-31", "VN-SG"]) == {}


def test_codes_of_digits_tell_the_unit_above() -> None:
    counties = ["01001", "01003", "02013", "02016"]
    assert groups_of_codes(counties) == {code: code[:2] for code in counties}
    assert groups_of_codes(["1001", "01003", "02013", "02016"]) == {}
    assert groups_of_codes(["101", "102", "201", "202"]) == {}


@pytest.mark.parametrize(
    "ids",
    [
        ["VNM", "VUT", "USA", "UGA", "AUS", "AUT"],  # countries: letters alone are no hierarchy
        ["AT", "BE", "DE", "FR"],
        ["Gia Lai", "Binh Dinh", "Ha Noi", "Ha Nam"],
        ["34-52", "34-01", "63-64", "63-52"],  # provinces of two divisions of one country
        ["r00", "r01", "s00", "s01"],
        ["A", "B"],
        ["AT11", "BE10", "FR20"],  # no two together
        ["AT11", "AT12", "Wien"],
        [],
    ],
)
def test_other_ids_tell_nothing(ids: list[str]) -> None:
    assert groups_of_codes(ids) == {}
    assert numbered(ids, None) is None


def test_groups_are_numbered_and_a_region_may_have_none() -> None:
    regions = ("a", "b", "c", "d")
    assert numbered(regions, {"a": "x", "c": "x", "d": "w", "elsewhere": "x"}).tolist() == [1, -1, 1, 0]
    assert numbered(("AT11", "AT12", "BE10", "BE21"), None).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA])
def test_a_region_whose_group_is_missing_has_none(nothing: object) -> None:
    regions = ("a", "b", "c", "d")
    assert numbered(regions, {"a": nothing, "b": nothing, "c": "x", "d": "x"}).tolist() == [-1, -1, 0, 0]
    assert numbered(regions, pd.Series({"a": nothing, "b": "x", "c": "x"})).tolist() == [-1, 0, 0, -1]
    assert numbered(regions, dict.fromkeys(regions, nothing)) is None


def test_no_groups_are_none() -> None:
    assert numbered(("AT11", "AT12", "BE10", "BE21"), {}) is None
    assert numbered(("a", "b"), {"a": "x", "b": "y"}) is None


def test_groups_of_other_regions_are_an_error_that_shows_both() -> None:
    with pytest.raises(ParameterError, match=r"name none of the panel's regions \(AT11, \.\.\.\).*such as 'a'"):
        numbered(("a", "b"), {"AT11": "AT"})
