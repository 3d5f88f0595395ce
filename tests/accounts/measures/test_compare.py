from __future__ import annotations

import re

import numpy as np
import pytest

from accounts.tables_made import table
from dxanalysis.accounts.definitions.definition import cover, definition
from dxanalysis.accounts.digital import DigitalShare
from dxanalysis.accounts.figures import NotEnoughData
from dxanalysis.accounts.measures.compare import TABLE_METHODS, compare_methods, digital_share
from dxanalysis.accounts.measures.series import series
from dxanalysis.errors import DataError, ParameterError

TOY = table([[10, 5, 15], [5, 20, 45], [20, 25, 240]], [30, 50, 315], sectors=("26", "61", "01"))
OWN = definition(
    "own", owner="me", title="mine", codes={"isic4": ["26", "61"]}, source="-", year=2020, groups={"26": "hardware"}
)


def made(year: int, vintage: str = "1", **changes: object) -> DigitalShare:
    chosen = definition(
        "own",
        owner="me",
        title="mine",
        codes={"isic4": ["26"]},
        source="-",
        year=2020,
        vintage=vintage,
        family="own",
        **changes,
    )  # type: ignore[arg-type]
    one = table(TOY.flows, TOY.final, sectors=TOY.sectors, year=year)
    share = digital_share(one, cover(one, chosen), "direct")
    assert isinstance(share, DigitalShare)
    return share


def test_all_methods_side_by_side_and_what_is_missing_for_the_others() -> None:
    found = compare_methods(TOY, [OWN])
    assert [one.method for one in found.shares] == [
        "direct",
        "adb_exact",
        "adb_printed",
        "adb_merged",
        "input_coefficient",
    ]
    assert {one.reason for one in found.missing} == {"needs_supply_table", "needs_ict_capital"}
    for one in found.shares:
        assert sum(value for _, value in one.parts) == pytest.approx(one.estimate)
        assert one.vintage == "2020"
    assert found.spread[0] == pytest.approx(100 * 95 / 395)
    assert list(found.to_frame().columns) == ["definition", "vintage", "method", "share", "low", "high", "bound"]
    assert set(found.parts_frame()["part"]) >= {"hardware", "61", "digital_sectors", "core", "digitalised"}


def test_with_all_data_every_method_is_computed() -> None:
    full = table(TOY.flows, np.column_stack([TOY.final[:, 0] - [2, 3, 14], [2, 3, 14]]), sectors=TOY.sectors)
    found = compare_methods(
        full,
        [OWN],
        digital_output={"own": full.output * [1, 1, 0]},
        investment={"own": np.array([2.0, 3, 14])},
        ict_income=np.array([0, 0, 0.9]),
    )
    assert [one.method for one in found.shares] == list(TABLE_METHODS)
    assert found.missing == ()
    upper = found.shares[-1]
    assert upper.bound == "upper"
    assert "model_based_upper_bound" in {note.code for note in upper.notes}
    assert found.spread[1] == max(one.estimate for one in found.shares if one is not upper)
    assert upper.estimate > found.spread[1]  # greater than all, and left out of the spread


def test_known_shares_come_first() -> None:
    known = made(2020)
    nothing = NotEnoughData(
        wanted="published", region_id="Toy", period="2020", missing=("x",), reason="never_published"
    )
    found = compare_methods(TOY, [OWN], known=[known, nothing])
    assert found.shares[0] is known
    assert found.missing[0] is nothing


def test_a_method_without_a_table_is_refused() -> None:
    with pytest.raises(ParameterError, match="'published' is no method that starts from a table"):
        digital_share(TOY, cover(TOY, OWN), "published")


def test_what_the_reader_must_be_told_is_noted() -> None:
    by_product = definition(
        "p", owner="me", title="mine", codes={"isic4": ["26", "61"]}, source="-", year=2020, by="product"
    )
    share = digital_share(TOY, cover(TOY, by_product, ratios={"26": 0.5}), "adb_printed")
    assert isinstance(share, DigitalShare)
    notes = {note.code: dict(note.facts) for note in share.notes}
    assert notes["divided_sectors"] == {"26": 0.5}
    assert notes["counted_twice"]["points"] > 0
    assert {"product_definition_on_industries", "without_investment_term"} <= set(notes)


def test_years_of_one_vintage_make_a_series() -> None:
    frame = series([made(2021), made(2020)])
    assert frame["period"].tolist() == ["2020", "2021"]


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ([], "no share"),
        ([made(2020), made(2021, vintage="2")], "from vintage 1 to 2: what is counted differs"),
        ([made(2020), made(2020)], "2020 is there 2 times"),
    ],
)
def test_a_series_across_a_break_is_refused(shares: list[DigitalShare], message: str) -> None:
    with pytest.raises(DataError, match=message):
        series(shares)


def test_a_series_of_two_methods_or_regions_is_refused() -> None:
    other = table(TOY.flows, TOY.final, sectors=TOY.sectors, year=2021)
    exact = digital_share(other, cover(other, OWN), "adb_exact")
    assert isinstance(exact, DigitalShare)
    with pytest.raises(DataError, match="the measure changes from own, direct to own, adb_exact"):
        series([made(2020), exact])
    elsewhere = table(TOY.flows, TOY.final, sectors=TOY.sectors, year=2021, region="Else")
    there = digital_share(elsewhere, cover(elsewhere, OWN), "direct")
    assert isinstance(there, DigitalShare)
    with pytest.raises(DataError, match="the region changes from Toy to Else"):
        series([made(2020), there])


def test_a_ratio_counts_only_where_a_definition_leaves_the_sector_open() -> None:
    narrow = definition("narrow", owner="me", title="mine", codes={"isic4": ["2620"]}, source="-", year=2020)
    found = compare_methods(TOY, [OWN, narrow], methods=["direct"], ratios={"26": 0.4}).to_frame()
    assert found["share"].tolist() == pytest.approx([100 * 95 / 395, 100 * 0.4 * 25 / 395])
    with pytest.raises(ParameterError, match="no sector '62'"):
        compare_methods(TOY, [OWN], ratios={"62": 0.4})


def test_one_definition_needs_no_list_and_a_comparison_shows_itself() -> None:
    listed, alone = (compare_methods(TOY, given, methods=["direct"]) for given in ([OWN], OWN))
    assert alone == listed
    with pytest.raises(ParameterError, match="there is no definition 'oecd'"):
        compare_methods(TOY, "oecd")
    assert re.fullmatch(r"Comparison\(\S+ \d{4}, shares computed: 1, not computed: 0\)", repr(alone))
    assert f"<td>{OWN.id}</td>" in alone._repr_html_()
