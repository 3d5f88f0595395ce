"""A spreadsheet shows what the report's text says, with the number behind it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import is_date_format, is_timedelta_format

from dxanalysis.i18n import texts
from dxanalysis.reports.outputs.number_formats import typed_number
from reports.outputs.spreadsheet import shown

NUMBERS = st.floats(min_value=-1e12, max_value=1e12) | st.integers(min_value=-10_000, max_value=10_000).map(
    lambda n: n / 8
)
UNITS = st.sampled_from(["", "percent", "bn_vnd", "usd", "points", "score_0_1", "per_100", "km2"])


@given(
    value=NUMBERS,
    unit=UNITS,
    decimals=st.none() | st.integers(min_value=0, max_value=6),
    language=st.sampled_from(["vi", "en"]),
)
def test_a_quantity_is_shown_as_its_text(value: float, unit: str, decimals: int | None, language: str) -> None:
    text = str(texts(language).quantity(value, unit, decimals))
    typed = typed_number(value, text, language)
    assert typed is not None
    assert shown(typed.value, typed.number_format, language) == text
    assert typed.value == pytest.approx(value, rel=1e-5, abs=1e-12)


@given(
    value=st.floats(min_value=-1e9, max_value=1e9), decimals=st.integers(0, 4), language=st.sampled_from(["vi", "en"])
)
def test_a_change_keeps_its_sign(value: float, decimals: int, language: str) -> None:
    text = str(texts(language).percent(value, decimals, sign=True))
    typed = typed_number(value, text, language)
    assert typed is not None
    assert shown(typed.value, typed.number_format, language) == text


@given(value=st.floats(allow_nan=False, allow_infinity=False), text=st.text(max_size=60))
def test_any_text_is_shown_as_it_is_or_left_to_words(value: float, text: str) -> None:
    typed = typed_number(value, text, "vi")
    if typed is not None:
        # Other readers of the file take it for a number too, not for a date.
        assert not is_date_format(typed.number_format)
        assert not is_timedelta_format(typed.number_format)
        assert shown(typed.value, typed.number_format, "vi") == text
        assert math.isclose(typed.value, value, rel_tol=1e-6, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("value", "text", "language", "number_format"),
    [
        (12.66, "12,66\N{NO-BREAK SPACE}%", "vi", '0.00"\N{NO-BREAK SPACE}%"'),
        (12.66, "12.66%", "en", '0.00"%"'),
        (25143.0, "25.143", "vi", "#,##0"),
        (25143.0, "25,143", "en", "#,##0"),
        (2024, "2024", "vi", "0"),
        (0.26, "+0,26", "vi", '"+"0.00'),
        (0.37, "dưới 1\N{NO-BREAK SPACE}%", "vi", '"dưới 1\N{NO-BREAK SPACE}%"'),
        (7.2, "hạng A: 7,2", "vi", '"hạng A: "0.0'),
    ],
)
def test_the_format_of_a_positive_number(value: float, text: str, language: str, number_format: str) -> None:
    typed = typed_number(value, text, language)
    assert typed is not None
    assert typed.number_format.split(";")[0] == number_format
    assert typed.value == value


def test_a_tie_is_rounded_as_the_report_rounds_it() -> None:
    """The report says 0,12 (to even); a spreadsheet makes 0,125 to 0,13 unless it is moved a little."""
    typed = typed_number(0.125, "0,12", "vi")
    assert typed is not None
    assert shown(0.125, typed.number_format, "vi") == "0,13"
    assert shown(typed.value, typed.number_format, "vi") == "0,12"


@pytest.mark.parametrize(
    "text", ["", "  ", "dài " * 100, "hai\ndòng", "a\tb", "ẩn\u202e1", 'hạng "A"', "a; b", "[h] giờ"]
)
def test_what_no_format_can_say_is_left_to_words(text: str) -> None:
    assert typed_number(0.5, text, "vi") is None
