from __future__ import annotations

import pytest

from dxanalysis.accounts.classifications import known_classifications, load_classification, overlap
from dxanalysis.errors import ParameterError


def test_what_is_known_says_where_it_is_from() -> None:
    assert {"isic4", "vsic2018", "nace2", "adb35", "oecd_icio", "ibge68"} <= set(known_classifications())
    for name in known_classifications():
        one = load_classification(name)
        assert len(one.source) > 30
        assert 1990 < one.year < 2030


@pytest.mark.parametrize("name", ["adb35", "oecd_icio", "oecd_icio_2018"])
def test_every_division_is_in_one_sector(name: str) -> None:
    sectors = {
        code: held
        for code, held in load_classification(name).sectors.items()
        if not (name == "oecd_icio" and code[0] == "D" and code != "D")
    }
    held = [division for prefixes in sectors.values() for division in prefixes]
    divisions = {*(f"{i:02d}" for i in range(1, 99))} - {
        "04",
        "34",
        "40",
        "44",
        "48",
        "54",
        "57",
        "67",
        "76",
        "83",
        "89",
    }
    assert len(held) == len(set(held))
    # Division 99 (bodies abroad) belongs to no economy's table.
    assert set(held) == divisions


def test_both_editions_of_the_icio_hold_the_same() -> None:
    sectors = load_classification("oecd_icio").sectors
    old = {held for code, held in sectors.items() if code.startswith("D") and code != "D"}
    new = {held for code, held in sectors.items() if not code.startswith("D") or code == "D"}
    assert old == new


@pytest.mark.parametrize(
    ("code", "wanted", "found"),
    [
        ("26", ["26"], "whole"),
        ("2610", ["26"], "whole"),
        ("26", ["2610"], "partly"),
        ("26", ["01"], "none"),
        ("582", ["5820"], "whole"),
        ("58", ["5820"], "partly"),
        ("61", ["61"], "whole"),
        ("63", ["6311", "6312"], "partly"),
        ("631", ["6311", "6312"], "whole"),
        ("26", ["261", "262", "263", "264", "265", "266", "267", "2680"], "whole"),
        ("95", ["9511", "9512"], "partly"),
    ],
)
def test_parts_and_wholes(code: str, wanted: list[str], found: str) -> None:
    assert overlap(load_classification("isic4"), code, wanted) == found


def test_a_wide_sector_is_covered_in_part() -> None:
    icio = load_classification("oecd_icio")
    assert overlap(icio, "J62_63", ["62", "63"]) == "whole"
    assert overlap(icio, "J58T60", ["5820"]) == "partly"
    assert overlap(icio, "D62T63", ["62"]) == "partly"


def test_vsic_has_a_fifth_digit_of_its_own() -> None:
    assert load_classification("vsic2018").prefixes("26100") == ("2610",)


@pytest.mark.parametrize(("scheme", "code"), [("isic4", "J"), ("isic4", "261000"), ("oecd_icio", "J62")])
def test_an_unknown_code_is_an_error_with_a_way_out(scheme: str, code: str) -> None:
    with pytest.raises(ParameterError, match=f"'{code}' is no code of"):
        load_classification(scheme).prefixes(code)
    with pytest.raises(ParameterError, match="Near it are J62_63"):
        load_classification("oecd_icio").prefixes("J62")


def test_an_unknown_classification_is_an_error_with_a_way_out() -> None:
    with pytest.raises(ParameterError, match=r"'isic' is not known.*isic4"):
        load_classification("isic")
