"""The record of the engine's replays: read, checked, put together."""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources

import pytest

from dxanalysis.errors import DataError
from dxanalysis.forecast.reliability import Reliability, measured
from forecast.replayed import FOUND, panel, text_of


def test_what_was_written_is_read() -> None:
    assert Reliability.from_json(text_of(FOUND)) == FOUND


def test_panels_are_put_together_by_questions() -> None:
    pooled = FOUND.pooled()
    assert (pooled.regions, pooled.questions) == (413, 4000)
    assert pooled.cover_80 == pytest.approx((0.84 * 3000 + 0.76 * 1000) / 4000)
    assert pooled.brier == pytest.approx(0.14)
    assert FOUND.pooled_alone().cover_80 == 0.78
    assert [one.n for one in pooled.bins] == [400] * 10
    first = pooled.bins[0]
    assert (first.low, first.high, first.said) == (0.0, 10.0, pytest.approx(5.0))
    assert first.met == pytest.approx((9 * 300 + 5 * 100) / 400)


def test_an_empty_bin_does_not_count() -> None:
    plain = asdict(panel("a", 20, 10))
    empty = {"low": 30.0, "high": 40.0, "n": 0, "said": None, "met": None}
    plain["bins"] = [*plain["bins"][:3], empty, *plain["bins"][4:]]
    found = Reliability.from_json(text_of(FOUND, panels=[plain]))
    assert found.pooled().bins[3].n == 0
    assert found.panels[0].bins[3].met == 0.0


def test_nothing_measured_has_nothing_to_put_together() -> None:
    with pytest.raises(DataError, match="no panel was replayed"):
        Reliability().pooled()


def test_what_comes_with_the_package_is_sound_or_absent() -> None:
    found = measured()
    assert bool(found.panels) == resources.files("dxanalysis.forecast").joinpath("reliability.json").is_file()
    assert bool(found.alone) == bool(found.panels)
    for one in found.panels + found.alone:
        assert one.regions > 0
        assert sum(each.n for each in one.bins) == one.questions


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"brier": 1.2}, r"brier is 1.2, not a number from 0 to 1"),
        ({"cover_80": "0.8"}, r"cover_80 is '0.8', not a number"),
        ({"regions": -1}, r"regions is -1, not a count"),
        ({"questions": 5}, r"the bins of a do not hold its questions"),
        ({"bins": []}, r"the bins of a do not hold its questions"),
        ({"bins": [{"low": 20.0, "high": 10.0, "n": 0, "said": 0, "met": 0}]}, r"a bin reaches from 20.0 to 10.0"),
        ({"bins": [{"low": 0.0, "high": 1.0, "n": 9, "said": 0.5, "met": 0.5}]}, r"end at 1.0; they are in percent"),
        ({"bins": asdict(panel("a", 1, 1))["bins"][::-1]}, r"the bins of a overlap at 80.0"),
    ],
)
def test_a_number_that_cannot_be_is_refused(change: dict[str, object], message: str) -> None:
    plain = asdict(panel("a", 20, 10)) | change
    with pytest.raises(DataError, match=message) as caught:
        Reliability.from_json(text_of(FOUND, panels=[plain]))
    assert "Make it anew with: python benchmarks/attainment.py" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is not a record of reliability"),
        ('{"format": 2}', "this is not a record of reliability"),
        (text_of(FOUND, format=1), "the format is 1, not 2"),
    ],
)
def test_a_file_that_is_no_record_is_refused(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Reliability.from_json(text)
