"""What differs between two records: nothing of a record and itself, everything that was changed, and the same from both sides."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.differences import Differences, differences, differences_from_plain
from dxanalysis.reports.recording.items import Headline, Note, Paragraph, Table, Value
from dxanalysis.reports.recording.record import Record
from reports.compare.records_made import NUMBERS, WORDS, figure, record, records, table, value


@settings(max_examples=30)
@given(records())
def test_a_record_does_not_differ_from_itself(one: Record) -> None:
    assert differences(one, one).empty


@settings(max_examples=60)
@given(records(), records())
def test_the_other_way_round_what_was_added_was_removed(one: Record, other: Record) -> None:
    there, back = differences(one, other), differences(other, one)
    swap = {"appeared": "vanished", "vanished": "appeared"}
    for kind in ("values", "headlines", "tables", "figures"):
        forth = {(c.name, swap.get(c.kind, c.kind)) for c in getattr(there, kind)}
        assert forth == {(c.name, c.kind) for c in getattr(back, kind)}
    for grids in ("tables", "figures"):
        mirrored = {c.name: c for c in getattr(back, grids)}
        for grid in getattr(there, grids):
            twin = mirrored[grid.name]
            assert sorted(grid.rows_added) == sorted(twin.rows_removed)
            assert sorted(grid.columns_added) == sorted(twin.columns_removed)
            assert sorted((c.old, c.new) for c in grid.cells) == sorted((c.new, c.old) for c in twin.cells)
            assert sorted(grid.words) == sorted(twin.words)
    moved = {c.name: c for c in back.values}
    for change in there.values:
        assert (change.old, change.visible) == (moved[change.name].new, moved[change.name].visible)
        if change.absolute is not None:
            assert moved[change.name].absolute == -change.absolute
    assert sorted(map(str, [(t.kind, t.old, t.new) for t in there.texts])) == sorted(
        map(str, [(t.kind, t.new, t.old) for t in back.texts])
    )
    assert (there.sources_added, there.values_same) == (back.sources_removed, back.values_same)


@settings(max_examples=30)
@given(records(), records())
def test_differences_survive_json(one: Record, other: Record) -> None:
    found = differences(one, other)
    assert differences_from_plain(json.loads(json.dumps(found.to_plain()))) == found


@settings(max_examples=60)
@given(st.dictionaries(WORDS, st.tuples(NUMBERS, NUMBERS), min_size=1))
def test_every_moved_number_is_found_with_its_change(pairs: dict[str, tuple[float, float]]) -> None:
    old, new = (record(*[value(name, pair[side]) for name, pair in pairs.items()]) for side in (0, 1))
    found = {one.name: one for one in differences(old, new).values}
    for name, (before, after) in pairs.items():
        apart = abs(after - before) > 1e-9 * max(abs(before), abs(after))
        assert (name in found) == apart
        if apart:
            assert found[name].absolute == after - before


@settings(max_examples=40)
@given(records(), st.data())
def test_every_changed_cell_and_text_is_found(one: Record, data: st.DataObject) -> None:
    changeable = [n for n, i in enumerate(one.items) if isinstance(i, Table | Paragraph | Note | Headline)]
    if not changeable:
        return
    place = data.draw(st.sampled_from(changeable))
    item, items = one.items[place], list(one.items)
    if isinstance(item, Table):
        row = data.draw(st.integers(0, len(item.rows) - 1))
        column = data.draw(st.integers(0, len(item.columns) - 1))
        cells = [list(cells) for cells in item.rows]
        cells[row][column] = "CHANGED"
        items[place] = replace(item, rows=tuple(tuple(cells) for cells in cells))
    else:
        items[place] = replace(item, text="CHANGED")
    plain = json.dumps(differences(one, replace(one, items=tuple(items))).to_plain())
    assert "CHANGED" in plain


@pytest.mark.parametrize(
    ("before", "after", "texts", "visible"),
    [
        (12.6611, 12.6622, ("12,66 %", "12,66 %"), False),
        (12.6649, 12.6651, ("12,66 %", "12,67 %"), False),
        (12.66, 12.67, ("12,66 %", "12,67 %"), True),
        (0.041, 0.044, ("khoảng 4 %", "khoảng 4 %"), False),
        (0.0449, 0.0451, ("khoảng 4 %", "khoảng 5 %"), False),
        (0.04, 0.02, ("khoảng 4 %", "khoảng 2 %"), True),
        (0.012, 0.003, ("khoảng 1 %", "dưới 1 %"), True),
        (1234.4, 1234.6, ("1.234", "1.235"), False),
        (1234.0, 1236.0, ("1.234", "1.236"), True),
    ],
)
def test_a_change_that_rounding_hides_is_listed_and_marked(
    before: float, after: float, texts: tuple[str, str], visible: bool
) -> None:
    old, new = (record(value("x", n, text=t)) for n, t in zip((before, after), texts, strict=True))
    (change,) = differences(old, new).values
    assert change.visible is visible
    assert differences(new, old).values[0].visible is visible
    assert (change in differences(old, new).moved) is visible


def test_a_tolerance_lets_small_changes_pass() -> None:
    old, new = record(value("x", 100.0)), record(value("x", 100.9))
    assert differences(old, new, tolerance=0.01).empty
    assert not differences(old, new).empty


def test_another_unit_is_told_and_no_difference_is_taken() -> None:
    (change,) = differences(record(value("x", 5.0, "percent")), record(value("x", 5.0, "count"))).values
    assert (change.unit, change.absolute, change.kind) == ("percent → count", None, "moved")
    (worded,) = differences(record(value("x", "2024", "")), record(value("x", "2025", ""))).values
    assert (worded.old, worded.new, worded.absolute) == ("2024", "2025", None)
    (truth,) = differences(record(value("x", 1.0, "")), record(Value(name="x", value=True, unit="", text="có"))).values
    assert truth.absolute is None


def test_rows_are_matched_by_their_name_and_twins_by_their_order() -> None:
    old = table("t", [("A", "1"), ("B", "2"), ("B", "3"), ("C", "4")])
    new = table("t", [("B", "2"), ("A", "1"), ("B", "9"), ("D", "5")])
    (found,) = differences(record(old), record(new)).tables
    assert [(c.row, c.column, c.old, c.new) for c in found.cells] == [("B", "C1", "3", "9")]
    assert (found.rows_added, found.rows_removed) == ((("D", "5"),), (("C", "4"),))
    assert found.reordered
    assert found.rows == (4, 4)


def test_a_row_whose_name_differs_by_its_numbers_is_the_same_row_but_another_year_is_not() -> None:
    old = table("t", [("Theo tốc độ tốt nhất (+0,95 điểm)", "2 %"), ("Bình quân năm 2023 của tỉnh", "1")])
    new = table("t", [("Theo tốc độ tốt nhất (+0,69 điểm)", "1 %"), ("Bình quân năm 2024 của tỉnh", "1")])
    (found,) = differences(record(old), record(new)).tables
    assert len(found.cells) == 2
    assert [row[0] for row in found.rows_added] == ["Bình quân năm 2024 của tỉnh"]


def test_columns_are_matched_by_their_key() -> None:
    old = table("t", [("A", "1", "x")], keys=("name", "old", "kept"))
    new = table("t", [("A", "x", "2")], keys=("name", "kept", "new"))
    (found,) = differences(record(old), record(new)).tables
    assert (found.columns_added, found.columns_removed, found.cells) == (("NEW",), ("OLD",), ())


def test_numbers_behind_cells_count_before_their_text() -> None:
    def made(text: str, number: float | None) -> Record:
        plain = table("t", [("A", text)])
        numbers = () if number is None else ((None, number),)
        return record(replace(plain, values=numbers, units=(("", "percent"),) if numbers else ()))

    assert differences(made("12,66 %", 12.66), made("12.66 %", 12.66)).empty, "only the format differs"
    (hidden,) = differences(made("12,66 %", 12.661), made("12,66 %", 12.662)).tables
    assert [c.visible for c in hidden.cells] == [False]
    assert differences(made("12,66 %", None), made("12,66 %", 12.66)).empty, "an older version kept no numbers"
    (words,) = differences(made("12,66 %", None), made("13 %", 13.0)).tables
    assert words.cells[0].old_value is None


def test_a_figure_is_told_by_its_data_and_a_drawing_apart() -> None:
    old = figure("f", [(2023, 1.5), (2024, 2.0)])
    redrawn = differences(record(old), record(figure("f", [(2023, 1.5), (2024, 2.0)], drawing="b"))).figures
    assert [(g.kind, g.words) for g in redrawn] == [("drawing", ("picture",))]
    (moved,) = differences(
        record(old), record(figure("f", [(2023, 1.5), (2024, 2.5), (2025, 3.0)], drawing="b"))
    ).figures
    assert moved.kind == "changed"
    assert [(c.row, c.old, c.new) for c in moved.cells] == [("2024", "2", "2,5")]
    assert moved.rows_added == (("2025", "3"),)
    without = replace(old, data=None)
    assert differences(record(without), record(replace(without, wide_svg=old.wide_svg))).empty


def test_texts_are_paired_by_their_words() -> None:
    old = record(Paragraph(text="Tỷ trọng năm 2024 là 12,66 %"), Note(text="bỏ đi"), Paragraph(text="giữ nguyên"))
    new = record(
        Paragraph(text="giữ nguyên"), Paragraph(text="Tỷ trọng năm 2024 là 13,1 %"), Paragraph(text="hoàn toàn khác")
    )
    found = {(t.kind, t.old is None, t.new is None) for t in differences(old, new).texts}
    assert found == {("paragraph", False, False), ("paragraph", True, False), ("note", False, True)}


def test_two_languages_are_compared_by_their_numbers_and_tones_alone() -> None:
    old = record(
        value("x", 5.0), Headline(name="h", text="Kết luận", tone="good"), Paragraph(text="chữ"), language="vi"
    )
    new = record(
        value("x", 6.0), Headline(name="h", text="Conclusion", tone="bad"), Paragraph(text="text"), language="en"
    )
    found = differences(old, new)
    assert not found.same_language
    assert [one.name for one in found.values] == ["x"]
    assert [(one.old_tone, one.new_tone) for one in found.headlines] == [("good", "bad")]
    assert found.texts == ()
    calm = differences(old, replace(new, items=(new.items[0], replace(new.items[1], tone="good"))))
    assert calm.headlines == ()


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({}, "same_language is absent"),
        ({"same_language": "yes"}, "differences.same_language is damaged: 'yes' does not belong there"),
        ({"same_language": True, "values": [{"name": 3}]}, r"differences.values[0].name is damaged: 3"),
        ({"same_language": True, "values": 5}, "differences.values is damaged: 5"),
        ({"same_language": True, "other": 1}, "unknown field 'other'"),
        ({"same_language": True, "tables": [[]]}, r"differences.tables[0] is damaged"),
    ],
)
def test_damaged_differences_are_refused_with_their_place(plain: dict[str, object], message: str) -> None:
    with pytest.raises(ReportError) as caught:
        differences_from_plain(plain)
    assert message in str(caught.value)


def test_a_number_beyond_all_bounds_has_no_difference() -> None:
    (change,) = differences(record(value("x", -1.7e308, text="nhỏ")), record(value("x", 1.7e308, text="lớn"))).values
    assert (change.absolute, change.relative) == (None, None)
    assert isinstance(differences(record(value("x", 10**400, text="lớn")), record(value("x", 1.0))), Differences)
