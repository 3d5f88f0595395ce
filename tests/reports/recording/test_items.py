from __future__ import annotations

import json
import math

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.recording.items import (
    Column,
    Figure,
    FigureData,
    Heading,
    Headline,
    Note,
    Table,
    Value,
    from_plain,
    to_plain,
)


def test_every_item_survives_json(make_record) -> None:
    for item in make_record().items:
        assert from_plain(json.loads(json.dumps(to_plain(item)))) == item


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ReportError, match=r"value share is (nan|-?inf)\. Drop the row, or give None"):
        Value(name="share", value=value, unit="percent", text="x")
    with pytest.raises(ReportError, match=r"figure data, row 1, column Năm is"):
        FigureData(columns=("Năm",), rows=((value,),))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Heading(text="a", level=1), "heading level 1 is unknown. Use 2, 3 or 4"),
        (lambda: Heading(text=" "), "a heading is empty"),
        (lambda: Headline(name="a", text="b", tone="green"), "'green' is unknown. Use one of: neutral, good, warn, bad"),
        (lambda: Note(text="a", kind="x"), "the kind of note 'x' is unknown"),
        (lambda: Value(name="a", value=object(), unit="", text="x"), "value a is a object"),
        (lambda: Table(name="t", caption="c", columns=(), rows=()), "table t has no column"),
        (
            lambda: Table(name="t", caption="c", columns=(Column(key="a", label="A"),), rows=(("1", "2"),)),
            "table t, row 1: 2 cells for 1 columns",
        ),
        (
            lambda: Table(name="t", caption="c", columns=(Column(key="a", label="A"),), rows=((1.5,),)),
            "table t, row 1, column a must be text, found float",
        ),
        (lambda: Figure(name="f", wide_svg="PNG", narrow_svg="", alt="a", caption="c"), "figure f is no SVG"),
        (lambda: Figure(name="f", wide_svg="<svg/>", narrow_svg="", alt="", caption="c"), "alternative text of figure f"),
    ],
)
def test_a_fault_says_what_and_where(make, message: str) -> None:
    with pytest.raises(ReportError) as caught:
        make()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"item": "script", "text": "x"},
        {"item": ["heading"]},
        {"item": "heading"},
        {"item": "table", "name": "t", "caption": "c", "columns": "x", "rows": []},
        {"item": "table", "name": "t", "caption": "c", "columns": [{"key": "a"}], "rows": []},
        {"item": "table", "name": "t", "caption": "c", "columns": [{"key": "a", "label": "A"}], "rows": [1]},
        {"item": "figure", "name": "t", "wide_svg": "<svg>", "narrow_svg": "", "alt": "a", "caption": "c", "data": 5},
    ],
)
def test_a_damaged_item_is_a_report_error(plain: dict[str, object]) -> None:
    with pytest.raises(ReportError, match=r"damaged|unknown kind"):
        from_plain(plain)
