"""The PDF: claims and tags, everything recorded, fonts, bytes that repeat, figures that must have words."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.outputs.pdf import pdf
from dxanalysis.reports.recording.items import Figure
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.recording.recorder import Recorder
from reports.outputs.pdf_reading import (
    LABELS,
    LETTERS,
    SVG,
    MakeManifest,
    MakeRecord,
    dictionaries,
    headings,
    read,
    recorded,
    roles,
    squeezed,
    text_of,
)


def fill_everything(recorder: Recorder) -> None:
    recorder.headline("share", "**Kinh tế số chiếm 12,66 %** GRDP", "good")
    recorder.headline("target", "Mục tiêu 30 % khó đạt", "bad")
    recorder.note("Địa giới thay đổi từ 01/07/2025.", "info")
    recorder.heading("Khoảng cách tới mục tiêu")
    recorder.value("median", 6.9, "percent", "6,9 %", label="Trung vị của ước tính")
    recorder.paragraph(f"{LETTERS} và **chữ đậm** ở giữa câu.")
    recorder.note("Chuỗi số liệu ngắn.", "caution")
    recorder.table(
        "pace",
        [{"Năm": "2024", "Tỷ trọng": "12,66 %"}],
        "Tỷ trọng theo năm",
        number_columns=["Tỷ trọng"],
        note="Giá hiện hành",
    )
    recorder.heading("Phần sâu hơn", level=4)
    recorder.figure(
        "ladder",
        wide_svg=SVG,
        alt="Gia Lai đứng thứ mười một",
        caption="Tỷ trọng các tỉnh",
        data=[{"Tỉnh": "Gia Lai", "Tỷ trọng": 6.9}],
    )
    recorder.figure(
        "path", wide_svg=SVG, alt="Đường đi", caption="Nhiều điểm", data=[{"Năm": n, "Trị số": None} for n in range(31)]
    )
    recorder.sources(
        [
            {
                "title": "Niên giám",
                "publisher": "NXB Thống kê",
                "url": "https://www.nso.gov.vn/nien-giam",
                "retrieved": "2026-01-05",
            },
            {"title": "Trang lạ", "url": "javascript:alert(1)"},
        ]
    )
    recorder.data_used({"indicator:x": "1" * 64}, until="2026-08-18")


@pytest.fixture(scope="module")
def whole() -> Record:
    return recorded(fill_everything)


@pytest.fixture
def made(whole: Record, make_manifest: MakeManifest) -> bytes:
    return pdf(whole, make_manifest(), LABELS)


def test_it_claims_and_has_what_pdf_ua_and_pdf_a_ask_for(made: bytes) -> None:
    reader = read(made)
    root = reader.trailer["/Root"]
    claims = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert "<pdfaid:part>2</pdfaid:part>" in claims
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in claims
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "vi"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"]


def test_it_says_what_it_is(made: bytes) -> None:
    about = read(made).metadata
    assert about is not None
    assert about.title == "Báo cáo thử – Tỷ trọng kinh tế số"
    assert about.author == "Cục Thống kê"
    assert about["/Keywords"] == "Gia Lai (sau sáp nhập), Kinh tế số"
    assert about["/CreationDate"] == "D:20250203010005Z"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_its_language_is_the_reports(language: str, make_record: MakeRecord, make_manifest: MakeManifest) -> None:
    content = pdf(make_record("6.9", language), make_manifest(), LABELS)
    assert read(content).trailer["/Root"]["/Lang"] == language
    assert squeezed({"vi": "Trang 1/", "en": "Page 1 of"}[language]) in text_of(content)


def test_tags_tell_headings_tables_lists_figures_and_links(made: bytes) -> None:
    found = roles(read(made))
    assert found["/H1"] == 2  # the report and its details
    assert found["/H2"] > 5
    assert found["/H4"] == 0
    assert found["/H3"] == 2  # level 4 right below level 2 is raised: no step is left out
    assert found["/Table"] == 2
    assert found["/THead"] == 2
    assert found["/TH"] == 4
    assert found["/Figure"] == 3
    assert found["/TOC"] >= 1
    assert found["/L"] >= 2
    assert found["/Link"] >= 2


def test_every_figure_carries_its_words(made: bytes) -> None:
    alts = Counter(str(one["/Alt"]) for one in dictionaries(read(made)) if one.get("/S") == "/Figure")
    assert alts == {"Gia Lai đứng thứ mười một": 2, "Đường đi": 1}


def test_column_headings_are_marked_with_what_they_head(made: bytes) -> None:
    heads = [one for one in dictionaries(read(made)) if one.get("/S") == "/TH"]
    scopes = {
        str(attributes.get_object()["/Scope"]) for head in heads for attributes in head["/A"] if "/Scope" in attributes
    }
    assert scopes == {"/Column"}


def test_bookmarks_follow_the_report(made: bytes) -> None:
    titles = headings(read(made))
    assert titles[0] == "Báo cáo thử"
    order = [
        titles.index(t)
        for t in ("Kết quả chính", "Phần chi tiết", "Khoảng cách tới mục tiêu", "Phần sâu hơn", "Nguồn số liệu")
    ]
    assert order == sorted(order)


def test_all_that_was_recorded_can_be_read_back(made: bytes) -> None:
    text = text_of(made)
    for words in (
        "Tích cực", "Kinh tế số chiếm 12,66 % GRDP", "Đáng lo ngại", "Mục tiêu 30 % khó đạt", "Địa giới thay đổi từ 01/07/2025.",
        "Trung vị của ước tính", "6,9 %", f"{LETTERS} và chữ đậm ở giữa câu.", "Chuỗi số liệu ngắn.", "Bảng 1. Tỷ trọng theo năm",
        "Giá hiện hành", "Hình 1. Tỷ trọng các tỉnh", "Số liệu của Hình 1", "Số liệu của Hình 2 (31 dòng) nằm trong tệp Excel", "Niên giám",
        "NXB Thống kê", "Truy cập ngày 05/01/2026", "https://www.nso.gov.vn/nien-giam", "javascript:alert(1)", "Phiên bản 1", "Số liệu công bố đến 18/08/2026",
        "Thông số region", "34-52", "0001-",
    ):  # fmt: skip
        assert squeezed(words) in text, words
    assert "**" not in text


def test_poppler_reads_vietnamese_too(made: bytes, pdftotext: str) -> None:
    shown = subprocess.run([pdftotext, "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    assert squeezed(LETTERS) in squeezed(shown)


def test_every_page_is_numbered_and_named(made: bytes, make_manifest: MakeManifest) -> None:
    pages = read(made).pages
    for number, page in enumerate(pages, start=1):
        text = squeezed(page.extract_text())
        assert f"Trang{number}/{len(pages)}" in text
        assert make_manifest().id in text
        assert "Kinhtếsố" in text


def test_all_fonts_are_embedded_and_are_the_packages_own(made: bytes) -> None:
    descriptors = [one for one in dictionaries(read(made)) if one.get("/Type") == "/FontDescriptor"]
    assert descriptors
    for one in descriptors:
        assert {"/FontFile2", "/FontFile3"} & set(one)
        assert re.fullmatch(
            r"/[A-Z]{6}\+(LibertinusSerif|DejaVuSans)-?(Regular|Bold)?(-Identity-H)?", str(one["/FontName"])
        )


def test_only_addresses_that_may_be_followed_are_links(made: bytes) -> None:
    addresses = {str(one["/URI"]) for one in dictionaries(read(made)) if "/URI" in one}
    assert addresses == {"https://www.nso.gov.vn/nien-giam"}


def test_the_same_version_gives_the_same_bytes(whole: Record, make_manifest: MakeManifest, made: bytes) -> None:
    code = (
        "import sys, json; from pathlib import Path\n"
        "sys.path[:0] = json.loads(sys.argv[1])\n"
        "import pickle; from dxanalysis.reports.outputs.labels import catalogue; from dxanalysis.reports.outputs.pdf import pdf\n"
        "record, manifest = pickle.loads(sys.stdin.buffer.read())\n"
        "sys.stdout.buffer.write(pdf(record, manifest, catalogue()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(sys.path)],
        input=pickle.dumps((whole, make_manifest())),
        capture_output=True,
        check=True,
        env={**os.environ, "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
    )
    assert done.stdout == made
    assert pdf(whole, make_manifest(), LABELS) == made
    assert pdf(whole, make_manifest(2), LABELS) != made


@pytest.mark.parametrize("alt", ["", "  \n", "\u200b\u2060", "\u00ad\ufe0f", None])
def test_a_figure_without_words_makes_no_pdf(alt: str | None, whole: Record, make_manifest: MakeManifest) -> None:
    (figure,) = (item for item in whole.items if isinstance(item, Figure) and item.name == "path")
    mute = replace(figure)
    object.__setattr__(mute, "alt", alt)  # as a record of another edition of the package may have it
    record = replace(whole, items=tuple(mute if item is figure else item for item in whole.items))
    with pytest.raises(
        ReportError, match=r"figure 'path' has no alternative text. Say in its alt what the picture shows"
    ):
        pdf(record, make_manifest(), LABELS)


@pytest.mark.parametrize(
    "svg",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'><text>never closed",
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='/etc/passwd' width='9' height='9'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='report.typ' width='9' height='9'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='https://example.org/x.png' width='9' height='9'/></svg>",
    ],
)
def test_a_picture_that_is_broken_or_refers_elsewhere_is_named(
    svg: str, whole: Record, make_manifest: MakeManifest
) -> None:
    bad = Figure(name="broken", wide_svg=svg, narrow_svg="", alt="x", caption="x")
    with pytest.raises(ReportError, match=r"figure 'broken' cannot be drawn"):
        pdf(replace(whole, items=(*whole.items, bad)), make_manifest(), LABELS)
