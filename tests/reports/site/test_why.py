from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis import i18n
from dxanalysis.reports.site.chart import HEIGHT, WIDTH, placed
from dxanalysis.reports.site.why import Why, cause_words, details, why_made


@pytest.mark.parametrize("part", ["code", "parameters", "environment", "seed"])
def test_where_the_manifest_is_silent_the_digests_speak(make_manifest, part: str) -> None:
    before = make_manifest(1)
    now = dataclasses.replace(make_manifest(2), digests=dataclasses.replace(before.digests, **{part: "0" * 64}))
    assert why_made(now, before) == (Why(cause=part),)


def test_changed_appeared_and_vanished_slices_are_all_named(make_manifest) -> None:
    before = dataclasses.replace(make_manifest(1), data_used={"same": "1", "changed": "1", "gone": "1"})
    digests = dataclasses.replace(before.digests, data="0" * 64)
    now = dataclasses.replace(make_manifest(2), digests=digests, data_used={"same": "1", "changed": "2", "new": "1"})
    assert why_made(now, before) == (Why(cause="data", detail=("changed", "gone", "new")),)
    assert why_made(make_manifest(2), make_manifest(1)) == (Why(cause="forced"),)


def test_slices_are_counted_by_what_they_hold() -> None:
    why = Why(cause="data", detail=("observations:a:VN", "observations:b:VN", "calendar:2026-12-31", "odd"))
    assert (
        cause_words(why, i18n.texts("en"))
        == "new or revised data: figures (2), deadlines passed (1) and other data (1)"
    )
    assert details([why]) == (("observations:a:VN", "observations:b:VN", "calendar:2026-12-31"), 1)
    assert cause_words(Why(cause="data"), i18n.texts("en")) == "new or revised data"


def test_a_line_runs_from_left_to_right_and_higher_is_more() -> None:
    points = placed([1.0, 3.0, 2.0])
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert points[1][1] < points[2][1] < points[0][1], "the top of the canvas is zero"


@pytest.mark.parametrize("levels", [[], [1.0], [2.0, 2.0], [0.0, 5e-324]])
def test_no_movement_is_no_line(levels: list[float]) -> None:
    assert placed(levels) == ()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=20))
def test_every_point_is_on_the_canvas(levels: list[float]) -> None:
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in placed(levels))
