"""The workbook: typed cells, no formula, one table a sheet, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxanalysis.errors import ReportError
from dxanalysis.i18n import texts
from dxanalysis.reports.outputs import workbook as workbook_module
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.outputs.workbook import headings, workbook
from dxanalysis.reports.recording.items import Column, Figure, FigureData, Heading, Headline, Note, Table, Value
from dxanalysis.reports.recording.record import Meta, Record, SourceRow
from dxanalysis.reports.recording.recorder import Recorder
from dxanalysis.reports.versions.storage import Manifest
from reports.outputs.spreadsheet import shown
from reports.safety.corpus import CORPUS

SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"
# A record takes no half characters, and nothing that is only white space.
HOSTILE = sorted({one.text for one in CORPUS if one.text.strip() and not re.search("[\ud800-\udfff]", one.text)})


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def report(language: str = "vi") -> Record:
    """A report as a notebook makes it, with numbers behind its texts."""
    t = texts(language)
    recorder = Recorder()
    recorder.meta(
        title="Kinh tế số: Gia Lai",
        subtitle="Đến năm 2030",
        language=language,
        group="Gia Lai",
        data_until="2026-01-31",
        publisher="Sở",
    )
    recorder.headline("share", "**4,9 – 9,0 %** GRDP", "warn")
    recorder.value("median", 6.9367, "percent", t.percent(6.9367, 1), label="Trung vị")
    recorder.value("hidden", 1, "count", "1")
    recorder.heading("Số liệu đã công bố")
    recorder.note("Số của **địa phương**.", "caution")
    recorder.table(
        "published",
        [
            {
                "place": "=Gia Lai",
                "year": 2024,
                "share": t.percent(12.66),
                "change": t.number(-0.5, 2),
                "count": t.number(25143),
            },
            {"place": "Huế", "year": 2025, "share": "chưa có", "change": t.number(0.262, 2, sign=True), "count": "–"},
        ],
        "Tỷ trọng. Theo cách đo của **Cục Thống kê**.",
        labels={"share": "Tỷ trọng", "change": "tỷ trọng"},
        number_columns=["share", "change"],
        note="Số sơ bộ.",
    )
    recorder.figure(
        "fan",
        wide_svg=SVG,
        alt="Tăng dần",
        caption="Dự báo",
        data=[{"Năm": 2024, "Giá trị": 12.66, "Đạt": True}, {"Năm": 2025, "Giá trị": None, "Đạt": None}],
    )
    recorder.sources(
        [
            {"title": "Niên giám", "url": "https://www.nso.gov.vn/a?b=1#c", "retrieved": "2026-01-31"},
            {"title": "Báo cáo giấy"},
        ]
    )
    return recorder.record()


def table_of(page: Worksheet) -> list[list[object]]:
    (table,) = page.tables.values()
    return [[cell.value for cell in row] for row in page[table.ref]]


def links_of(page: Worksheet) -> list[tuple[str, str | None, str | None]]:
    found = [cell for row in page.iter_rows() for cell in row if cell.hyperlink is not None]
    return [(cell.coordinate, cell.hyperlink.target, cell.hyperlink.location) for cell in found]


@pytest.fixture
def made(make_manifest: Callable[..., Manifest]) -> Workbook:
    return opened(workbook(report(), make_manifest(2), catalogue()))


def test_the_sheets_are_named_in_the_language_and_the_contents_lead_to_each(made: Workbook) -> None:
    assert made.sheetnames == [
        "Mục lục",
        "Kết quả chính",
        "Số liệu chính",
        "Ghi chú",
        "Bảng 1",
        "Biểu đồ 1",
        "Nguồn số liệu",
    ]
    contents = made["Mục lục"]
    assert [contents[f"A{row}"].value for row in range(1, 8)] == [
        "Kinh tế số: Gia Lai",
        "Đến năm 2030",
        "Địa bàn: Gia Lai",
        "Phiên bản 2 (mã 0002-" + contents["A4"].value.split("-")[1].split(")")[0] + "), lập ngày 03/02/2025",
        "Số liệu công bố đến 31/01/2026",
        "Nơi lập: Sở",
        "Mỗi trang tính có một bảng. Bấm vào tên trang tính để mở.",
    ]
    head, *rows = table_of(contents)
    assert head == ["Trang tính", "Nội dung", "Số dòng"]
    assert [row[0] for row in rows] == made.sheetnames[1:]
    assert [row[2] for row in rows] == [1, 1, 3, 2, 2, 2]
    assert [place for _, _, place in links_of(contents)] == [f"'{name}'!A1" for name in made.sheetnames[1:]]
    for page in made.worksheets[1:]:
        assert links_of(page)[0][2] == "'Mục lục'!A1"


def test_an_english_workbook_speaks_english(make_manifest: Callable[..., Manifest]) -> None:
    made = opened(workbook(report("en"), make_manifest(), catalogue()))
    assert made.sheetnames == ["Contents", "Main findings", "Key figures", "Notes", "Table 1", "Figure 1", "Sources"]
    assert made.properties.language == "en"
    assert shown(made["Table 1"]["C7"].value, made["Table 1"]["C7"].number_format, "en") == "12.66%"


def test_numbers_are_numbers_and_look_as_in_the_report(made: Workbook) -> None:
    page = made["Bảng 1"]
    (table,) = page.tables.values()
    assert table.ref == "A6:E8"
    assert [cell.value for cell in page[7]] == ["=Gia Lai", 2024, 12.66, -0.5, 25143]
    assert [cell.value for cell in page[8]] == ["Huế", 2025, "chưa có", 0.262, "–"]
    looks = [shown(cell.value, cell.number_format, "vi") for cell in page[7][1:]]
    assert looks == ["2024", "12,66\N{NO-BREAK SPACE}%", "−0,50", "25.143"]
    assert shown(page["D8"].value, page["D8"].number_format, "vi") == "+0,26"
    assert made["Số liệu chính"]["B4"].value == 6.9367
    assert shown(6.9367, made["Số liệu chính"]["B4"].number_format, "vi") == "6,9\N{NO-BREAK SPACE}%"
    assert table_of(made["Biểu đồ 1"]) == [
        ["Năm", "Giá trị", "Đạt"],
        [2024, 12.66, "có"],
        [2025, "không có số liệu", "không có số liệu"],
    ]


def test_a_sheet_says_what_its_table_is(made: Workbook) -> None:
    page = made["Bảng 1"]
    above = [page[f"A{row}"].value for row in range(1, 6)]
    assert above == [
        "Tỷ trọng.",
        "Theo cách đo của Cục Thống kê.",
        "Số sơ bộ.",
        "Mục của báo cáo: Số liệu đã công bố",
        "Về trang Mục lục",
    ]
    assert page["A6"].value == "place"
    assert [page[f"A{row}"].value for row in (1, 2)] == [above[0], above[1]]
    assert made["Biểu đồ 1"]["A1"].value == "Số liệu của biểu đồ: Dự báo"
    assert made["Biểu đồ 1"]["A2"].value == "Mô tả biểu đồ: Tăng dần"
    assert table_of(made["Kết quả chính"])[1] == ["4,9 – 9,0 % GRDP", "Cần lưu ý"]
    assert table_of(made["Ghi chú"])[-1] == ["Số liệu đã công bố", "Lưu ý khi sử dụng", "Số của địa phương."]
    assert table_of(made["Nguồn số liệu"]) == [
        ["Nguồn", "Địa chỉ", "Truy cập"],
        ["Niên giám", "https://www.nso.gov.vn/a?b=1#c", "31/01/2026"],
        ["Báo cáo giấy", None, None],
    ]
    assert links_of(made["Nguồn số liệu"])[1:] == [("B4", "https://www.nso.gov.vn/a?b=1", "c")]


def check_rules(made: Workbook) -> None:
    """What holds for every workbook, whatever is in it."""
    names = [page.title for page in made.worksheets]
    assert len({name.casefold() for name in names}) == len(names)
    tables: list[str] = []
    for page in made.worksheets:
        assert 0 < len(page.title) <= 31
        assert not re.search(r"[\[\]:*?/\\]", page.title)
        assert list(page.merged_cells.ranges) == []
        (table,) = page.tables.values()
        tables.append(table.displayName)
        assert re.fullmatch("[a-z_]+[0-9]*", table.displayName)
        first, _, last = table.ref.partition(":")
        assert first.startswith("A")
        assert page[last].row == page.max_row
        # The title is in A1, nothing between it and the table is empty, and the head is what the table says it is.
        top = page[first].row
        assert all(page.cell(row, 1).value for row in range(1, top + 1))
        assert all(any(cell.value is not None for cell in page[row]) for row in range(top, page.max_row + 1))
        heads = [cell.value for cell in page[top][: len(table.tableColumns)]]
        assert heads == [column.name for column in table.tableColumns]
        assert len({head.casefold() for head in heads}) == len(heads)
        assert page.freeze_panes in {f"A{top + 1}", f"B{top + 1}"}
        assert page.print_title_rows == f"${top}:${top}"
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}, f"{page.title} {cell.coordinate} is {cell.data_type}"
                if isinstance(cell.value, str):
                    assert len(cell.value) <= 32_767
                    guarded = cell.value.lstrip(" \"'\n\u00a0").startswith(
                        ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
                    )
                    assert not (guarded and row[0].row > top) or cell.quotePrefix
    assert len(set(tables)) == len(tables)


def check_no_formula(data: bytes) -> None:
    """Neither a formula nor anything that calls outside is anywhere in the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            content = package.read(name).decode("utf-8")
            assert not re.search(r"<f[ >]|<calculatedColumnFormula", content), name
            for defined in re.findall(r"<definedName [^>]*>([^<]*)<", content):
                assert re.fullmatch(r"('[\w ]+'|\w+)!\$\d+:\$\d+", defined)
            assert not re.search(r"externalLink|oleObject|vbaProject|ddeLink", name), name
            assert not re.search(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", content.replace("\r\n", "\n")), name


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_workbook_keeps_the_rules(make_manifest: Callable[..., Manifest], language: str) -> None:
    data = workbook(report(language), make_manifest(), catalogue())
    check_rules(opened(data))
    check_no_formula(data)


def hostile_record(payloads: list[str]) -> Record:
    """Every payload in every field that a notebook fills."""
    items: list[Heading | Headline | Value | Table | Figure | Note] = []
    for n, text in enumerate(payloads):
        columns = (Column(key=text, label=text), Column(key=f"{text}2", label=text.upper(), align="number"))
        items += [
            Headline(name=f"h{n}", text=text),
            Value(name=f"v{n}", value=1.5, unit=text, text=text, label=text),
            Value(name=f"w{n}", value=text, unit="", text=text, label=text),
            Heading(text=text),
            Note(text=text),
        ]
        items.append(
            Table(
                name=f"t{n}",
                caption=text,
                columns=columns,
                rows=((text, text), ("Gia Lai", text)),
                note=text,
                values=((None, 0.5), (1.0, None)),
                units=((text, text), (text, text)),
            )
        )
        data = FigureData(columns=(text, f"{text} "), rows=((text, 12.66), ("Huế", None)))
        items.append(Figure(name=f"f{n}", wide_svg=SVG, narrow_svg="", alt=text, caption=text, data=data))
    sources = tuple(SourceRow(title=t, publisher=t, url=t, licence=t, note=t, retrieved=t) for t in payloads)
    first = payloads[0]
    meta = Meta(title=first, language="vi", subtitle=first, group=first, publisher=first)
    return Record(meta=meta, items=tuple(items), sources=sources)


def test_hostile_text_stays_text_in_every_field(make_manifest: Callable[..., Manifest]) -> None:
    assert len(HOSTILE) >= 60
    for start in range(0, len(HOSTILE), 50):
        data = workbook(hostile_record(HOSTILE[start : start + 50]), make_manifest(), catalogue())
        check_no_formula(data)
        check_rules(opened(data))


# The fixtures only make values; nothing is kept from one example to the next.
@settings(deadline=None, max_examples=25)
@given(labels=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=8))
def test_headings_are_never_twice(labels: list[str]) -> None:
    found = headings([*labels, *(label.upper() for label in labels), *labels])
    assert len({name.casefold() for name in found}) == len(found)
    assert all(0 < len(name) < 255 and "\n" not in name for name in found)


def test_the_same_record_gives_the_same_bytes(make_manifest: Callable[..., Manifest]) -> None:
    data = workbook(report(), make_manifest(), catalogue())
    assert data == workbook(report(), make_manifest(), catalogue())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_name_the_report_and_no_person(made: Workbook) -> None:
    properties = made.properties
    assert (properties.title, properties.subject, properties.creator) == ("Kinh tế số: Gia Lai", "Đến năm 2030", "Sở")
    assert properties.language == "vi"
    assert properties.created.isoformat() == properties.modified.isoformat() == "2025-02-03T01:00:05"
    assert properties.lastModifiedBy == "Sở"
    assert properties.description.startswith("0002-")


def test_a_bare_record_makes_a_workbook(make_manifest: Callable[..., Manifest]) -> None:
    data = workbook(Record(meta=Meta(title="Chỉ có tên", language="vi"), items=()), make_manifest(), catalogue())
    assert opened(data).sheetnames == ["Mục lục", "Ghi chú"]
    check_rules(opened(data))


def test_a_table_without_rows_says_so(make_manifest: Callable[..., Manifest]) -> None:
    empty = Table(name="t", caption="Trống", columns=(Column(key="a", label="A"), Column(key="b", label="B")), rows=())
    data = workbook(Record(meta=Meta(title="t", language="vi"), items=(empty,)), make_manifest(), catalogue())
    assert table_of(opened(data)["Bảng 1"]) == [["A", "B"], ["không có số liệu", None]]
    check_rules(opened(data))


def test_a_thousand_ways_to_say_a_number_do_not_break_the_file(make_manifest: Callable[..., Manifest]) -> None:
    """A spreadsheet refuses a file with too many number formats: what is beyond the limit becomes words."""
    rows = tuple((f"nơi {n}", f"loại {n}: rất thấp") for n in range(300))
    values = tuple((None, n + 1000.0) for n in range(300))
    columns = (Column(key="a", label="Nơi"), Column(key="b", label="Mức", align="number"))
    table = Table(name="t", caption="t", columns=columns, rows=rows, values=values)
    made = opened(workbook(Record(meta=Meta(title="t", language="vi"), items=(table,)), make_manifest(), catalogue()))
    kinds = [cell.data_type for cell in made["Bảng 1"]["B"][3:]]
    assert kinds.count("n") + kinds.count("s") == 300
    assert 100 < kinds.count("n") < 200


def test_a_table_too_large_for_a_sheet_is_an_error(
    make_manifest: Callable[..., Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_module, "_MOST_ROWS", 1)
    with pytest.raises(ReportError, match=r"a table of 6 rows and 3 columns does not fit a sheet"):
        workbook(report(), make_manifest(), catalogue())


def test_a_language_without_words_is_an_error(make_manifest: Callable[..., Manifest]) -> None:
    record = report()
    with pytest.raises(ReportError, match="the report's language is 'fr'"):
        workbook(replace(record, meta=replace(record.meta, language="fr")), make_manifest(), catalogue())
