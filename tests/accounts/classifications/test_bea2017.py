"""The detailed codes of the U.S. Bureau of Economic Analysis on ISIC Rev.4."""

from __future__ import annotations

import pytest

from dxanalysis.accounts.classifications import known_classifications, load_classification, overlap
from dxanalysis.accounts.definitions import load_definition

BEA = load_classification("bea2017")


def listed(name: str) -> set[str]:
    """BEA codes that a definition names itself; a star stands for any ending."""
    patterns = [one.code for one in load_definition(name).codes["bea2017"]]
    return {
        code
        for code in BEA.sectors
        if any(code.startswith(one[:-1]) if one.endswith("*") else code == one for one in patterns)
    }


def by_isic(name: str, how: str) -> set[str]:
    wanted = [one.code for one in load_definition(name).codes["isic4"]]
    return {code for code in BEA.sectors if overlap(BEA, code, wanted) == how}


def test_all_industries_of_2017_are_there() -> None:
    assert len(BEA.sectors) == 402


def test_codes_keep_their_leading_zero() -> None:
    """Without it 0620, natural gas, would be read as 620, programming."""
    for code, prefixes in BEA.sectors.items():
        # 331, repair, is the one group outside of divisions 01 to 09 that is linked as a whole.
        assert all(one.isdigit() and (len(one) in (2, 4) or one[0] == "0" or one == "331") for one in prefixes), code
    assert BEA.prefixes("211000") == ("0510", "0610", "0620")
    assert overlap(BEA, "211000", ["62"]) == "none"


@pytest.mark.parametrize(
    ("code", "wanted", "found"),
    [
        ("334111", ["2620"], "whole"),
        ("33441A", ["2610"], "whole"),
        ("511200", ["5820"], "whole"),
        ("541511", ["62"], "whole"),
        ("334610", ["2680"], "partly"),  # makers of blank media, and copiers of recorded ones
        ("423400", ["4651"], "partly"),
        ("111200", ["26", "61", "62"], "none"),
        ("4200ID", ["4651", "4652"], "none"),
        ("S00600", ["61", "62", "63"], "none"),
    ],
)
def test_industries_fall_on_isic(code: str, wanted: list[str], found: str) -> None:
    assert overlap(BEA, code, wanted) == found


@pytest.mark.parametrize("name", ["adb_core", "oecd_ict"])
def test_a_definition_means_the_same_in_both_codes(name: str) -> None:
    """Two lists made independently: what is digital as a whole by ISIC is in the owner's BEA codes, and those are digital at least in part."""
    assert by_isic(name, "whole") <= listed(name)
    assert listed(name) <= by_isic(name, "whole") | by_isic(name, "partly")


@pytest.mark.parametrize("name", ["bea_2018", "bea_2020", "bea_2022"])
def test_a_definition_names_no_industry_that_there_is_not(name: str) -> None:
    for one in load_definition(name).codes["bea2017"]:
        assert [code for code in BEA.sectors if code.startswith(one.code.rstrip("*"))], one.code


@pytest.mark.parametrize("name", known_classifications())
def test_no_sector_is_empty(name: str) -> None:
    """A sector without ISIC codes would lie within every definition."""
    assert all(load_classification(name).sectors.values())
