from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxanalysis.reports.outputs.html import page, safe_address
from dxanalysis.reports.recording.items import Heading
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.record import Meta, Record
from reports.page_rules import HOSTILE, Page, check_page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_report_keeps_the_rules(make_record, make_manifest, language: str) -> None:
    html = page(make_record(language=language), make_manifest(), catalogue())
    parsed = check_page(html, language)
    assert len(parsed.all("table")) == 2
    assert len(parsed.all("caption")) == 2
    headers = [attrs["scope"] for attrs in parsed.all("th")]
    assert headers.count("col") == 9
    assert headers.count("row") == 5
    assert all(attrs["data-label"] for attrs in parsed.all("td"))
    assert parsed.all("source")[0]["media"] == "screen and (max-width: 600px)"
    assert parsed.all("a")[1]["href"] == "../../../" + {"vi": "index.html", "en": "index.en.html"}[language]


def test_a_vietnamese_page_speaks_vietnamese(make_record, make_manifest) -> None:
    text = Page(page(make_record(), make_manifest(2), catalogue())).text
    for words in (
        "Kết quả chính",
        "Tích cực",
        "Đáng lo ngại",
        "Nguồn số liệu",
        "Phiên bản 2",
        "Lập ngày 03/02/2025",
        "Số liệu công bố đến 06/01/2025",
        "Lưu ý khi sử dụng",
        "không có số liệu",
        "12,66",
    ):
        assert words in text
    assert "None" not in text
    assert "chưa công bố" not in text, "a value without a label is for programs"


def test_an_english_page_speaks_english(make_record, make_manifest) -> None:
    text = Page(page(make_record("Digital share", "en"), make_manifest(2), catalogue())).text
    for words in ("Main findings", "Favourable", "Of concern", "Version 2", "Made on 3 Feb 2025", "12.66", "no data"):
        assert words in text
    assert not re.search(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽềếểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", text.replace("Năm", ""))


def test_hostile_text_ends_escaped_in_every_field(make_record, make_manifest) -> None:
    html = page(make_record(HOSTILE, url="javascript:alert(1)"), make_manifest(parameters={"region": HOSTILE}), catalogue())
    parsed = check_page(html, "vi")
    assert "49" not in parsed.text
    assert "<script>alert(1)</script>" in parsed.text
    assert "[U+202E]evil[U+202C]" in parsed.text
    assert not {"\u202e", "\x00"} & set(html)
    assert not parsed.all("a")[-1]["href"].startswith("java")


# The fixtures only make values; nothing is kept from one example to the next.
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1).filter(str.strip), url=st.text())
def test_no_text_breaks_the_page(make_record, make_manifest, text: str, url: str) -> None:
    check_page(page(make_record(text, url=url), make_manifest(), catalogue()), "vi")


@pytest.mark.parametrize("url", ["https://www.nso.gov.vn/a?b=1&c=2", "http://gialai.gov.vn"])
def test_web_addresses_are_links(make_record, make_manifest, url: str) -> None:
    assert url in [a["href"] for a in Page(page(make_record(url=url), make_manifest(), catalogue())).all("a")]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "https://",
        "https://user@evil.example",
        "https://a b.example",
        "https://nso.gov.vn\u202e/x",
        "https://[bad",
        "",
        "Niên giám thống kê",
    ],
)
def test_anything_else_is_text(url: str) -> None:
    assert safe_address(url) == ""


def test_a_level_left_out_does_not_break_the_outline(make_manifest) -> None:
    items = tuple(Heading(text=f"h{level}", level=level) for level in (4, 4, 2, 4, 3))
    html = page(Record(meta=Meta(title="t", language="vi"), items=items), make_manifest(), catalogue())
    assert re.findall(r"<h(\d) id=\"s\d\">(h\d)", html) == [("2", "h4"), ("3", "h4"), ("2", "h2"), ("3", "h4"), ("3", "h3")]


def test_a_bare_record_makes_a_page(make_manifest) -> None:
    html = page(Record(meta=Meta(title="Chỉ có tên", language="vi"), items=()), make_manifest(), catalogue())
    assert "Kết quả chính" not in check_page(html, "vi").text
