from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.data.numbers import is_missing, parse_number
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.i18n import texts
from dxanalysis.units import convert


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("12,66", ",", 12.66),
        ("1.234,5", ",", 1234.5),
        ("1.234", ",", 1234.0),
        ("1.234.567", ",", 1234567.0),
        ("1 234,5", ",", 1234.5),
        ("1\u00a0234,5", ",", 1234.5),
        ("12.66", ".", 12.66),
        ("1,234.5", ".", 1234.5),
        ("1,234,567", ".", 1234567.0),
        ("-6.78", ".", -6.78),
        ("−6.78", ".", -6.78),
        (" 7 ", ".", 7.0),
    ],
)
def test_published_numbers(text: str, decimal: str, value: float) -> None:
    assert parse_number(text, decimal=decimal) == value


@pytest.mark.parametrize("text", ["..", "…", "-", "–", "n/a", "N/A", "", "  "])
def test_marks_for_missing(text: str) -> None:
    assert is_missing(text)
    with pytest.raises(DataError, match="set status to missing"):
        parse_number(text)


@pytest.mark.parametrize("text", ["12.66.1", "1,23,456", "1.23,4", "12 66", "0x1F", "١٢", "1_000", "nan", "inf", "--3", "3-4"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_what_is_no_number_is_refused(text: str, decimal: str) -> None:
    with pytest.raises(DataError):
        parse_number(text, decimal=decimal)


@given(st.floats(min_value=-1e9, max_value=1e9).map(lambda v: round(v, 4)))
def test_what_the_locale_writes_is_read_back(value: float) -> None:
    assert parse_number(texts("vi").number(value, 4), decimal=",") == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H1", "half", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-H2", "half", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-Q2", "quarter", date(2024, 4, 1), date(2024, 6, 30)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021-2025", "span", date(2021, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods(text: str, kind: str, start: date, end: date) -> None:
    period = Period.parse(text)
    assert (period.kind, period.start, period.end, str(period)) == (kind, start, end, text)


@pytest.mark.parametrize("text", ["20222", "2024-13", "2024-00", "2024-Q5", "2024-H3", "2025-2021", "24", "", " 2024", "2024-1", "năm 2024"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="Write 2024, 2024-H1"):
        Period.parse(text)


def test_periods_are_ordered_by_their_end() -> None:
    periods = [Period.parse(t) for t in ("2025", "2024-H1", "2024", "2024-06", "2021-2025")]
    assert [p.text for p in sorted(periods)] == ["2024-H1", "2024-06", "2024", "2021-2025", "2025"]


def test_units_convert_within_one_currency_and_refuse_to_mix() -> None:
    assert convert(1.5, "bn_vnd", "m_vnd") == 1500
    assert math.isclose(convert(72.1, "bn_usd", "usd"), 72.1e9)
    assert convert(3.0, "percent", "percent") == 3
    with pytest.raises(ParameterError, match="usd cannot be expressed in bn_vnd"):
        convert(1.0, "usd", "bn_vnd")
    with pytest.raises(ParameterError, match="unknown unit 'pct'"):
        convert(1.0, "pct", "percent")
