from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxanalysis.reports.outputs import html
from dxanalysis.reports.outputs.html import page
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.items import Heading
from dxanalysis.reports.recording.record import Meta, Record
from dxanalysis.reports.text import safe_address
from dxanalysis.reports.versions.freshness import Cause
from reports.page_rules import HOSTILE, Page, check_page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_report_keeps_the_rules(make_record, make_manifest, language: str) -> None:
    made = page(make_record(language=language), make_manifest(), catalogue())
    parsed = check_page(made, language)
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
    made = page(
        make_record(HOSTILE, url="javascript:alert(1)"), make_manifest(parameters={"region": HOSTILE}), catalogue()
    )
    parsed = check_page(made, "vi")
    assert "49" not in parsed.text
    assert "<script>alert(1)</script>" in parsed.text
    assert "[U+202E]evil[U+202C]" in parsed.text
    assert not {"\u202e", "\x00"} & set(made)
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
    made = page(Record(meta=Meta(title="t", language="vi"), items=items), make_manifest(), catalogue())
    assert re.findall(r"<h(\d) id=\"s\d\">(h\d)", made) == [
        ("2", "h4"),
        ("3", "h4"),
        ("2", "h2"),
        ("3", "h4"),
        ("3", "h3"),
    ]


def test_a_bare_record_makes_a_page(make_manifest) -> None:
    made = page(Record(meta=Meta(title="Chỉ có tên", language="vi"), items=()), make_manifest(), catalogue())
    assert "Kết quả chính" not in check_page(made, "vi").text


def test_the_files_beside_the_page_are_linked_and_their_kind_is_said(make_record, make_manifest) -> None:
    parsed = check_page(page(make_record(), make_manifest(), catalogue()), "vi")
    links = {a["href"]: a.get("type") for a in parsed.all("a")}
    assert links["report.pdf"] == "application/pdf"
    assert links["report.xlsx"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert links["tables/datapackage.json"] == "application/json"
    for words in ("Bản in (PDF)", "Bảng tính (Excel)", "Số liệu (CSV, mô tả JSON)"):
        assert words in parsed.text


def test_what_changed_is_linked_where_there_is_a_version_before(make_record, make_manifest) -> None:
    first, second = (page(make_record(), make_manifest(number), catalogue()) for number in (1, 2))
    manifest = make_manifest(2)
    assert f'href="../changes/{manifest.id}/changes.html"' in second
    assert "Có gì thay đổi so với phiên bản trước" in Page(second).text
    assert "changes.html" not in first


@pytest.mark.parametrize(
    ("reason", "vi", "en"),
    [
        ({"cause": "new", "detail": []}, "Đây là phiên bản đầu tiên.", "It is the first version."),
        (
            {"cause": "data", "detail": ["observations:a:VN", "indicator:a"]},
            "Số liệu mới hoặc được điều chỉnh (2 nhóm số liệu).",
            "New or revised data (2 sets of data).",
        ),
        (
            {"cause": "data", "detail": ["calendar:2025-12-31"]},
            "Một thời hạn đã qua: 31/12/2025.",
            "passed: 31 Dec 2025.",
        ),
        ({"cause": "data", "detail": ["calendar:sớm"]}, "Một thời hạn đã qua: sớm.", "A deadline has passed: sớm."),
        ({"cause": "code"}, "Cách tính thay đổi.", "The calculation changed."),
        ({"cause": "parameters"}, "Thông số thay đổi.", "The parameters changed."),
        ({"cause": "environment"}, "Phần mềm thay đổi.", "The software changed."),
        ({"cause": "seed"}, "Giá trị khởi tạo số ngẫu nhiên thay đổi.", "The random seed changed."),
        ({"cause": "damaged", "detail": ["report.html was changed"]}, "bị hỏng", "was damaged"),
        ({"cause": "forced"}, "lập lại theo yêu cầu", "made again on request"),
    ],
)
def test_the_reason_of_a_version_is_said(make_record, make_manifest, reason, vi: str, en: str) -> None:
    manifest = replace(make_manifest(2), reasons=(reason,))
    for language, words, head in (("vi", vi, "Vì sao lập phiên bản này"), ("en", en, "Why this version was made")):
        text = check_page(page(make_record(language=language), manifest, catalogue()), language).text
        assert words in text
        assert head in text
        assert "report.html was changed" not in text, "details of a damage are for those who run the reports"


def test_every_cause_has_its_words() -> None:
    assert set(get_args(Cause)) == {*html._REASONS, "data"}


@pytest.mark.parametrize(
    "reasons", [(), ({"cause": "a later edition's"},), ({},), ({"cause": "data", "detail": None},)]
)
def test_no_reason_or_an_unknown_one_is_left_out(make_record, make_manifest, reasons) -> None:
    text = check_page(page(make_record(), replace(make_manifest(2), reasons=reasons), catalogue()), "vi").text
    assert "Vì sao lập phiên bản này" not in text


def test_changed_slices_are_named_for_those_who_check(make_record, make_manifest) -> None:
    reasons = ({"cause": "data", "detail": ["observations:<b>:VN"]},)
    assert (
        "observations:<b>:VN"
        in check_page(page(make_record(), replace(make_manifest(2), reasons=reasons), catalogue()), "vi").text
    )


def test_findings_come_before_the_contents_for_those_who_read_in_order(make_record, make_manifest) -> None:
    html_text = page(make_record(), make_manifest(), catalogue())
    assert (
        html_text.index('id="answers"')
        < html_text.index('<nav class="contents"')
        < html_text.index('<div class="body">')
    )


def test_a_note_is_no_landmark_and_no_table_is_either(make_record, make_manifest) -> None:
    """Two notes, or two tables of one name, would make a list of landmarks that cannot be told apart."""
    parsed = Page(page(make_record(), make_manifest(), catalogue()))
    roles = [attrs["role"] for _, attrs in parsed.elements if "role" in attrs]
    assert "note" in roles
    assert "region" not in roles
    assert not parsed.all("aside")
