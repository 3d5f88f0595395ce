from __future__ import annotations

import numpy as np
import pytest

from accounts.tables_made import table
from dxanalysis.accounts.definitions.definition import cover, definition, load_definition, registry, unsettled
from dxanalysis.errors import DataError, ParameterError

N = 5
ECONOMY = table(
    np.full((N, N), 2.0), np.full(N, 50.0), sectors=("01", "26", "61", "62", "47")
)  # none of the wholesale or repair classes


def own(codes: dict[str, object], **options: object):
    return definition("own", owner="me", title="mine", codes=codes, source="-", year=2020, **options)  # type: ignore[arg-type]


def test_the_registry_is_complete_and_says_where_it_is_from() -> None:
    known = registry()
    assert {
        "adb_core",
        "oecd_ict",
        "oecd_digital_industries",
        "bea_2018",
        "bea_2020",
        "bea_2022",
        "nso_vietnam",
        "nbs_china_core",
    } <= set(known)
    assert {"bukht_heeks_core", "bukht_heeks_narrow", "bukht_heeks_broad"} <= set(known)
    for name, one in known.items():
        assert one.id == name
        assert len(one.source) > 20
        assert one.basis in {"printed", "secondary", "reading"}
        assert not one.to_frame().empty
        for codes in one.codes.values():
            assert all(code.group for code in codes if code.weight is not None), name


def test_vintages_of_one_owner_are_one_family() -> None:
    family = [one for one in registry().values() if one.family == "bea"]
    assert [one.vintage for one in family] == ["2018-03", "2020-08", "2022-11"]


def test_isic_codes_fall_on_the_sectors_of_a_table() -> None:
    # Of the trade that is core, wholesale 4651 and 4652, retail (47) holds nothing.
    covered = cover(ECONOMY, load_definition("nso_vietnam"))
    np.testing.assert_array_equal(covered.weights, [0, 1, 1, 1, 0])
    assert covered.whole == ("26", "61", "62")
    assert covered.groups["26"] == "hardware"


def test_a_sector_covered_in_part_needs_a_ratio() -> None:
    # Only computers (2620) and media (2680) of division 26 are core for ADB.
    assert unsettled(ECONOMY, load_definition("adb_core")) == ("26",)
    with pytest.raises(ParameterError, match=r"covers only a part of 26.*ratios="):
        cover(ECONOMY, load_definition("adb_core"))
    covered = cover(ECONOMY, load_definition("adb_core"), ratios={"26": 0.35})
    np.testing.assert_array_equal(covered.weights, [0, 0.35, 1, 1, 0])
    assert covered.partly == ("26",)


def test_a_part_that_the_owner_leaves_open_needs_a_ratio() -> None:
    broad = own({"isic4": {"26": 1.0, "47": None}})
    assert unsettled(ECONOMY, broad) == ("47",)
    np.testing.assert_array_equal(cover(ECONOMY, broad, ratios={"47": 0.1}).weights, [0, 1, 0, 0, 0.1])


def test_a_weight_of_the_definition_is_used() -> None:
    np.testing.assert_array_equal(cover(ECONOMY, own({"isic4": {"26": 0.5}})).weights, [0, 0.5, 0, 0, 0])


def test_codes_of_the_tables_own_classification_come_before_isic() -> None:
    american = table(
        np.full((3, 3), 2.0), np.full(3, 50.0), sectors=("334111", "541511", "111000"), classification="bea2017"
    )
    np.testing.assert_array_equal(cover(american, load_definition("adb_core")).weights, [1, 1, 0])


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({"isic4": {"26": 1.5}}, "26 has the weight 1.5"),
        ({"isic4": {"26": -0.1}}, "26 has the weight -0.1"),
        ({"isic4": ["26", "26"]}, "26 is there twice"),
        ({"isic4": []}, "no code of isic4"),
        ({}, "has no codes"),
    ],
)
def test_a_wrong_definition_is_refused(codes: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        own(codes)


@pytest.mark.parametrize(
    ("ratios", "message"),
    [({"26": 35}, "35 percent is 0.35"), ({"26": -0.2}, "digital part -0.2"), ({"99": 0.2}, "no sector '99'")],
)
def test_a_wrong_ratio_is_refused(ratios: dict[str, float], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        cover(ECONOMY, load_definition("adb_core"), ratios=ratios)


def test_a_wrong_classification_is_noticed() -> None:
    with pytest.raises(DataError, match=r"no sector of the table of Toy 2020 is digital by own.*isic4: is that right"):
        cover(ECONOMY, own({"isic4": ["5820"]}))
    with pytest.raises(ParameterError, match=r"has no codes of isic4.*It has codes of bea2017"):
        cover(ECONOMY, load_definition("bea_2018"))


def test_an_unknown_definition_lists_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"no definition 'adb'.*adb_core"):
        load_definition("adb")
