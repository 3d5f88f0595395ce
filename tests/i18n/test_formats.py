"""Numbers, percentages, dates, periods and releases as each language writes them."""

from __future__ import annotations

from datetime import date

import pytest

from dxanalysis.data.periods import Period
from dxanalysis.errors import ParameterError
from dxanalysis.i18n import Texts, texts

NBSP = "\u00a0"
VI, EN = texts("vi"), texts("en")
DAY = date(2025, 1, 6)


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (12.66, None, "12,66", "12.66"),
        (12.6649, None, "12,66", "12.66"),
        (30.0, None, "30", "30"),
        (1234.5, None, "1.234,5", "1,234.5"),
        (9513300.0, None, "9.513.300", "9,513,300"),
        (0.0512, None, "0,0512", "0.0512"),
        (0.99999, None, "1", "1"),
        (12.0, 1, "12,0", "12.0"),
        (12.66, 0, "13", "13"),
        (-3.25, None, "−3,25", "−3.25"),
        (-0.001, 2, "0,00", "0.00"),
        (0.0, None, "0", "0"),
    ],
)
def test_numbers(value: float, decimals: int | None, vi: str, en: str) -> None:
    assert (VI.number(value, decimals), EN.number(value, decimals)) == (vi, en)


@pytest.mark.parametrize(("value", "shown"), [(2.5, "+2,5"), (-2.5, "−2,5"), (0.0, "0")])
def test_a_sign_is_shown_on_request_and_never_on_nothing(value: float, shown: str) -> None:
    assert VI.number(value, sign=True) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (12.66, 2, f"12,66{NBSP}%", "12.66%"),
        (20.0, None, f"20{NBSP}%", "20%"),
        (7.1, 2, f"7,10{NBSP}%", "7.10%"),
        (-1.5, 1, f"−1,5{NBSP}%", "−1.5%"),
    ],
)
def test_percentages(value: float, decimals: int | None, vi: str, en: str) -> None:
    assert (VI.percent(value, decimals), EN.percent(value, decimals)) == (vi, en)


@pytest.mark.parametrize(("value", "shown"), [(10.0, f"10{NBSP}%"), (12.5, f"12,5{NBSP}%")])
def test_percentages_of_an_axis_have_no_needless_decimals(value: float, shown: str) -> None:
    assert VI.percent_tick(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "vi", "en"),
    [
        (12.66, "percent", f"12,66{NBSP}%", "12.66%"),
        (77200.0, "bn_vnd", f"77.200{NBSP}tỷ đồng", f"77,200{NBSP}billion VND"),
        (60.8, "m_vnd", f"60,8{NBSP}triệu đồng", f"60.8{NBSP}million VND"),
        (167.0, "count", "167", "167"),
        (12.0, "rank", "12", "12"),
        (0.5821, "score_0_1", f"0,5821{NBSP}(thang 0–1)", f"0.5821{NBSP}(scale 0–1)"),
    ],
)
def test_quantities(value: float, unit: str, vi: str, en: str) -> None:
    assert (VI.quantity(value, unit), EN.quantity(value, unit)) == (vi, en)


def test_days() -> None:
    assert (VI.day(DAY), EN.day(DAY)) == ("06/01/2025", "6 Jan 2025")


@pytest.mark.parametrize(
    ("period", "vi", "en"),
    [
        ("2024", "2024", "2024"),
        ("2024-H1", "6 tháng đầu năm 2024", "first half of 2024"),
        ("2024-H2", "cả năm 2024 (cộng dồn)", "2024 as a whole (cumulative)"),
        ("2024-Q1", "quý I/2024", "Q1 2024"),
        ("2024-Q4", "quý IV/2024", "Q4 2024"),
        ("2024-07", "tháng 7/2024", "July 2024"),
        ("2024-12", "tháng 12/2024", "December 2024"),
        ("2021-2025", "bình quân 2021–2025", "mean of 2021–2025"),
    ],
)
def test_periods(period: str, vi: str, en: str) -> None:
    assert Period.parse(period).text == period
    assert (VI.period(period), EN.period(period)) == (vi, en)


@pytest.mark.parametrize(
    ("first", "last", "vi", "en"),
    [
        (DAY, DAY, "06/01/2025", "6 Jan 2025"),
        (None, DAY, "không ghi ngày", "date not shown"),
        (date(2025, 1, 1), date(2025, 1, 31), "tháng 1/2025", "January 2025"),
        (date(2024, 2, 1), date(2024, 2, 29), "tháng 2/2024", "February 2024"),
        (date(2024, 6, 30), DAY, "trong khoảng 30/06/2024 – 06/01/2025", "between 30 Jun 2024 and 6 Jan 2025"),
        # Part of a month is told as such: "January" would say less than is known.
        (
            date(2025, 1, 1),
            date(2025, 1, 10),
            "trong khoảng 01/01/2025 – 10/01/2025",
            "between 1 Jan 2025 and 10 Jan 2025",
        ),
    ],
)
def test_releases_are_as_exact_as_they_are_known(first: date | None, last: date, vi: str, en: str) -> None:
    assert (VI.release(first, last), EN.release(first, last)) == (vi, en)


@pytest.mark.parametrize(
    ("items", "vi", "en"),
    [([], "", ""), (["a"], "a", "a"), (["a", "b"], "a và b", "a and b"), (["a", "b", "c"], "a, b và c", "a, b and c")],
)
def test_listings(items: list[str], vi: str, en: str) -> None:
    assert (VI.listing(items), EN.listing(items)) == (vi, en)


def test_a_key_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ParameterError, match=r"no text has the key 'pages.attainment.mett' in 'vi'. Add it to the cat"):
        VI("pages.attainment.mett")


@pytest.mark.parametrize("values", [{}, {"name": "x"}, {"n": "1", "more": "2"}])
def test_other_values_than_the_sentence_names_are_an_error(values: dict[str, str]) -> None:
    with pytest.raises(
        ParameterError, match=r"text 'pages.points' names \['n'\], given were \[.*\]. Give just the values"
    ):
        VI("pages.points", **values)


def test_a_language_without_texts_is_an_error() -> None:
    with pytest.raises(ParameterError, match=r"there are no texts in 'fr'. Use one of: vi, en."):
        texts("fr")


def test_values_are_put_in_as_they_are() -> None:
    """Braces in a value are text, not another placeholder."""
    own = Texts("vi", {"a": "{x} và {y}"})
    assert own("a", x="{y}", y="{z}") == "{y} và {z}"
