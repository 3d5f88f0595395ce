"""Pages of the PDF: a brief of two pages at most, tables that go on, wide ones turned, processes that fork."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.reports.outputs.pdf import pdf
from dxanalysis.reports.outputs.pdf.widths import SIDEWAYS, UPRIGHT, setting
from dxanalysis.reports.recording.recorder import Recorder
from reports.outputs.pdf_reading import (
    LABELS,
    SVG,
    MakeManifest,
    first_page_with,
    headings,
    read,
    squeezed,
    text_of,
)

LONG = "Tỷ trọng kinh tế số trong GRDP của tỉnh tăng chậm hơn mục tiêu đã đề ra, vì phần số hóa của các ngành khác còn thấp. "


def answers(count: int, *, length: int = 1, figure: str = "", values: int = 0, notes: int = 0) -> Recorder:
    recorder = Recorder()
    recorder.meta(
        title="Báo cáo thử",
        language="vi",
        subtitle="Dòng dưới",
        group="Gia Lai",
        data_until="2026-08-18",
        publisher="Cục Thống kê",
    )
    for number in range(count):
        recorder.headline(f"h{number}", f"**Kết quả thứ {number}**: {LONG * length}", "warn")
    for number in range(notes):
        recorder.note(f"Ghi chú thứ {number}: {LONG * 3}", "caution")
    for number in range(values):
        recorder.value(f"v{number}", number, "percent", f"{number},5 %", label=f"Trị số thứ {number}")
    if figure:
        recorder.figure("f", wide_svg=figure, alt="hình", caption=f"Hình chính: {LONG * 9}")
    return recorder


@pytest.mark.parametrize(
    ("recorder", "pages"),
    [
        (answers(0), 1),
        (answers(1), 1),
        (answers(3, figure=SVG), 1),
        (answers(6, figure=SVG, values=8, notes=3), 2),
        (answers(40), 2),
        (answers(40, figure=SVG, values=20, notes=9), 2),
        (answers(40, length=9, figure=SVG, values=20, notes=9), 2),
        (answers(1, length=200, figure=SVG.replace("270", "9000"), notes=9), 2),
    ],
    ids=["none", "one", "few", "full", "forty", "forty-and-all", "forty-long", "one-endless"],
)
def test_the_brief_takes_two_pages_at_most(recorder: Recorder, pages: int, make_manifest: MakeManifest) -> None:
    content = pdf(recorder.record(), make_manifest(), LABELS)
    reader = read(content)
    titles = headings(reader)
    start = next(
        n for n, page in enumerate(reader.pages, start=1) if squeezed(page.extract_text()).startswith("Phầnchitiết")
    )
    assert start == pages + 1
    brief = squeezed("".join(page.extract_text() for page in reader.pages[:pages]))
    for words in (
        "Tóm tắt chính sách",
        "Báo cáo thử",
        "Phiên bản 1",
        "Kết quả chính",
        "Cơ sở của kết quả",
        "Trích dẫn báo cáo",
    ):
        assert squeezed(words) in brief
    assert f"Phầnchitiếtbắtđầutừtrang{start}." in brief
    assert titles.count("Phần chi tiết") == 1


def test_answers_that_the_brief_cannot_hold_stand_in_the_details(make_manifest: MakeManifest) -> None:
    content = pdf(answers(40, figure=SVG).record(), make_manifest(), LABELS)
    reader = read(content)
    assert "Toàn bộ kết quả" in headings(reader)
    page = first_page_with(reader, "Toàn bộ kết quả Cần lưu ý")
    assert page == 3
    brief = squeezed("".join(one.extract_text() for one in reader.pages[:2]))
    shown = brief.count("Kếtquảthứ")
    assert 8 <= shown < 40
    assert f"Sốkếtquảkhác:{40 - shown}.Toànbộkếtquảnằmởtrang3." in brief
    assert text_of(content).count("Kếtquảthứ39:") == 1
    assert text_of(content).count("Kếtquảthứ0:") == 2


def test_few_answers_stand_in_the_brief_only(make_manifest: MakeManifest) -> None:
    content = pdf(answers(5, figure=SVG).record(), make_manifest(), LABELS)
    assert "Toàn bộ kết quả" not in headings(read(content))
    assert text_of(content).count("Kếtquảthứ4:") == 1


def test_a_long_answer_is_cut_in_the_brief_and_whole_in_the_details(make_manifest: MakeManifest) -> None:
    content = pdf(answers(1, length=20).record(), make_manifest(), LABELS)
    text = text_of(content)
    assert text.count(squeezed(LONG)) > 20
    assert "…" in text
    assert "Toàn bộ kết quả" in headings(read(content))


def test_the_type_is_the_same_however_full_the_brief(make_manifest: MakeManifest) -> None:
    def sizes(recorder: Recorder) -> set[float]:
        found: set[float] = set()

        def note(_text: str, _cm: object, _tm: object, font: object, size: float) -> None:
            if font is not None:
                found.add(round(size, 1))

        read(pdf(recorder.record(), make_manifest(), LABELS)).pages[0].extract_text(visitor_text=note)
        return found

    calm = sizes(answers(1))
    assert len(calm) > 4
    assert 10.5 in calm
    assert sizes(answers(40)) <= calm


def test_remarks_on_the_whole_and_cautions_of_the_first_section_qualify_the_answers(
    make_manifest: MakeManifest,
) -> None:
    recorder = answers(1, notes=1)
    recorder.heading("Mục một")
    recorder.note("Chuỗi ngắn.", "caution")
    recorder.note("Chỉ là thông tin.", "info")
    recorder.heading("Mục hai")
    recorder.note("Điều của mục hai.", "caution")
    first = squeezed(read(pdf(recorder.record(), make_manifest(), LABELS)).pages[0].extract_text())
    assert "Ghichúthứ0" in first
    assert "Mụcmột:Chuỗingắn." in first
    assert "Chỉlàthôngtin" not in first
    assert "Điềucủamụchai" not in first


def test_a_table_of_3000_rows_goes_on_with_its_headings(make_manifest: MakeManifest) -> None:
    recorder = answers(1)
    rows = [{"Mã": f"M{n:04d}", "Tên": f"Chỉ tiêu số {n}", "Trị số": f"{n},5"} for n in range(3000)]
    recorder.table("long", rows, "Bảng dài", number_columns=["Trị số"])
    reader = read(pdf(recorder.record(), make_manifest(), LABELS))
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    with_rows = [text for text in pages if "Chỉtiêusố" in text]
    assert 40 < len(with_rows) < 120
    assert all("MãTênTrịsố" in text for text in with_rows)
    text = "".join(pages)
    assert all(text.count(f"M{n:04d}Chỉtiêusố{n}{n},5") == 1 for n in range(0, 3000, 7))


def test_a_heading_goes_with_its_wide_table_onto_a_page_on_its_side(make_manifest: MakeManifest) -> None:
    recorder = answers(1)
    recorder.heading("Mục rộng")
    row = {f"Cột số {n}": "1.234.567,89" for n in range(14)}
    recorder.table("wide", [row] * 5, "Bảng rộng")
    recorder.table("wide2", [row] * 5, "Bảng rộng thứ hai")
    recorder.paragraph("Đoạn sau bảng.")
    reader = read(pdf(recorder.record(), make_manifest(), LABELS))
    turned = [page for page in reader.pages if page.mediabox.width > page.mediabox.height]
    assert len(turned) == 1
    text = squeezed(turned[0].extract_text())
    assert text.startswith("Mụcrộng")
    assert text.count("1.234.567,89") == 140
    assert squeezed("Đoạn sau bảng.") not in text


def test_captions_and_headings_are_not_left_at_the_foot_of_a_page(make_manifest: MakeManifest) -> None:
    for filler in range(16, 40, 2):
        recorder = answers(1)
        for _ in range(filler):
            recorder.paragraph("Một dòng.")
        recorder.heading("Mục cuối")
        recorder.table("t", [{"Năm": f"{2000 + n}", "Trị số": "1"} for n in range(30)], "Bảng cuối")
        reader = read(pdf(recorder.record(), make_manifest(), LABELS))
        pages = [squeezed(page.extract_text()) for page in reader.pages]
        (page,) = [text for text in pages if "Bảng1.Bảngcuối" in text]
        assert "Mụccuối" in page
        assert "2000" in page.split("Bảng1.Bảngcuối")[1]
        assert "2003" in page


def test_a_table_without_rows_says_so(make_manifest: MakeManifest) -> None:
    recorder = answers(1)
    recorder.table("t", [{"Năm": "2024"}], "Bảng trống")
    record = recorder.record()
    record = replace(record, items=tuple(replace(i, rows=()) if i.KIND == "table" else i for i in record.items))
    assert "Bảng1.Bảngtrống" in text_of(pdf(record, make_manifest(), LABELS))
    assert squeezed("Bảng không có dòng nào.") in text_of(pdf(record, make_manifest(), LABELS))


@given(
    st.integers(1, 14).flatmap(
        lambda n: st.tuples(
            st.lists(st.text("abcđÂ W", max_size=40), min_size=n, max_size=n),
            st.lists(st.lists(st.text("abcđÂ W0123,", max_size=60), min_size=n, max_size=n), max_size=6),
        )
    )
)
def test_columns_fill_the_page_and_none_is_lost(table: tuple[list[str], list[list[str]]]) -> None:
    heads, rows = table
    found = setting(heads, rows, [n % 2 == 1 for n in range(len(heads))])
    assert len(found.widths) == len(heads)
    assert min(found.widths) >= 10
    assert sum(found.widths) <= (SIDEWAYS if found.sideways else UPRIGHT) + 0.1 * len(heads)
    assert found.size >= 6.5


FORKING = """
import os, sys, time
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.outputs.pdf import pdf, prepare
import pickle
record, manifest = pickle.loads(sys.stdin.buffer.read())
if "prepared" in sys.argv: prepare()
if "compiled" in sys.argv: first = pdf(record, manifest, catalogue())
assert len(os.listdir("/proc/self/task")) == 1 or "compiled" in sys.argv
sizes = []
for _ in range(2):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(len(pdf(record, manifest, catalogue()))).encode())
        os._exit(0)
    os.close(write)
    sizes.append(os.read(read, 99).decode())
    os.waitpid(child, 0)
print(*sizes)
"""


@pytest.mark.skipif(not hasattr(os, "fork") or sys.platform != "linux", reason="needs fork and /proc")
@pytest.mark.parametrize("state", ["imported", "prepared", "compiled"])
def test_a_forked_process_makes_the_same_pdf_whatever_its_parent_did(state: str, make_manifest: MakeManifest) -> None:
    """Threads do not survive a fork: where the parent has used typst, the child asks a new process."""
    record, manifest = answers(2, figure=SVG).record(), make_manifest()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKING, state],
        input=pickle.dumps((record, manifest)),
        capture_output=True,
        check=True,
        timeout=60,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # numpy's threads are not typst's
    )
    assert done.stdout.split() == [str(len(pdf(record, manifest, LABELS))).encode()] * 2
