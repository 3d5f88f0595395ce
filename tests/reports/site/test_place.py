from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dxanalysis.reports.compare.store import compare, folder_of, write_changes
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.items import Column, Headline, Table, Value
from dxanalysis.reports.site.index import write_site
from dxanalysis.reports.site.places import place_file, places
from dxanalysis.reports.site.reading import read_reports
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.signatures import sign, withdraw
from reports.page_rules import HOSTILE, Page, check_page


def place_of(reports: Path, stem: str = "place-34-52") -> tuple[Page, Page]:
    write_site(reports, catalogue())
    return tuple(  # type: ignore[return-value]
        check_page((reports / f"{stem}{ending}").read_text(encoding="utf-8"), language)
        for ending, language in ((".html", "vi"), (".en.html", "en"))
    )


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", page.text)


def with_table(record, name: str, cell: str):
    table = Table(name=name, caption=f"Bảng {name}", columns=(Column(key="a", label="Mục tiêu"),), rows=((cell,),))
    return dataclasses.replace(record, items=(*record.items, table))


def test_the_page_shows_findings_the_first_picture_and_the_tables_that_answer(reports: Path, add, make_record) -> None:
    record = with_table(make_record("Gia Lai: **12,66 %**"), "chance_1", "dưới 1 %")
    add(with_table(with_table(record, "register", "21 mục tiêu"), "other", "không hiện"))
    vi, _ = place_of(reports)
    assert "21 mục tiêu" in vi.text
    assert "dưới 1 %" in vi.text
    assert vi.text.index("21 mục tiêu") < vi.text.index("dưới 1 %"), "the answers go before what they rest on"
    assert "không hiện" not in vi.text
    assert [one["alt"] for one in vi.all("img")] == ["Gia Lai: **12,66 %**"]
    assert "Gia Lai: 12,66 %" in words(vi)


def test_the_first_version_says_so_and_why(reports: Path, add, make_record) -> None:
    add(make_record("Gia Lai"))
    vi, en = place_of(reports)
    assert "Đây là phiên bản đầu tiên. Vì sao lập phiên bản này: phiên bản đầu tiên của báo cáo này" in words(vi)
    assert "Why this version was made: first version of this report" in words(en)


def test_a_finding_that_moved_is_told_before_and_now_with_the_cause(reports: Path, add, make_record) -> None:
    add(make_record("Xác suất **4 %**"))
    add(
        make_record("Xác suất **2 %**"),
        data="x",
        data_used={"a": "1", "observations:share:34-52": "2", "targets:34-52": "3"},
    )
    vi, en = place_of(reports)
    assert "Trước: Xác suất 4 % Nay: Xác suất 2 %" in words(vi)
    assert "số liệu mới hoặc được điều chỉnh: số liệu (1) và danh mục mục tiêu (1)" in words(vi)
    assert "new or revised data: figures (1) and lists of targets (1)" in words(en)
    assert "observations:share:34-52, targets:34-52" in words(vi), "the history names them"


def test_an_unmoved_report_says_that_nothing_moved(reports: Path, add, make_record) -> None:
    add(make_record("a"))
    add(make_record("a"), data="x")
    vi, _ = place_of(reports)
    assert "Mọi kết quả chính vẫn như ở phiên bản 1." in words(vi)


def test_the_comparison_beside_a_version_speaks_and_is_linked(reports: Path, add, make_record) -> None:
    old = add(make_record("Xác suất 4 %"))
    new = add(make_record("Xác suất 2 %"), data="x")
    write_changes(compare(old, new), folder_of(new))
    vi, _ = place_of(reports)
    link = f"contribution/language-vi_region-34-52/changes/{new.name}/changes.html"
    assert (reports / link).is_file()
    assert {"href": link} in vi.all("a")
    assert "Vì sao lập phiên bản này" not in words(vi), "the comparison says why"
    (folder_of(new) / "changes.json").write_text("{")
    vi, _ = place_of(reports)
    assert "Vì sao lập phiên bản này" in words(vi), "a damaged comparison says nothing, its link stays"
    assert {"href": link} in vi.all("a")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ({"cause": "data", "detail": ["observations:x:VN"]}, "new or revised data: figures (1)"),
        ({"cause": "damaged", "detail": ["report.html is missing"]}, "the version before was damaged"),
        ({"cause": "forced", "detail": []}, "made again on request"),
        ({"cause": "sunspots", "detail": "x"}, "the reason was not recorded"),
        ({}, "the reason was not recorded"),
    ],
)
def test_the_manifest_says_why(reports: Path, add, make_record, reason: dict[str, object], said: str) -> None:
    add(make_record("a", "en"), reasons=(reason,))
    _, en = place_of(reports)
    assert said in words(en)


def test_every_version_is_listed_with_its_state_and_who_approved_it(reports: Path, add, make_record) -> None:
    for number in range(3):
        version = add(make_record(f"Bản {number}"), data=str(number))
    sign(version, by="Nguyễn Thị Hương", note="Đã đối chiếu", now=datetime(2025, 2, 4, tzinfo=UTC))
    vi, _ = place_of(reports)
    assert "Tất cả các phiên bản (3)" in words(vi)
    assert words(vi).count("Đã có phiên bản mới hơn") == 2
    assert "Nguyễn Thị Hương phê duyệt ngày 04/02/2025: Đã đối chiếu" in words(vi)
    links = [a["href"] for a in vi.all("a")]
    assert all(any(f"/{path.name}/report.html" in link for link in links) for path in storage.history(version.parent))


def test_an_approval_that_no_longer_stands_is_told(reports: Path, add, make_record) -> None:
    version = add(make_record("a", "en"))
    sign(version, by="Lê Văn An", note="checked", now=datetime(2025, 2, 4, tzinfo=UTC))
    _, en = place_of(reports)
    assert "Approved by Lê Văn An on 4 Feb 2025: checked" in words(en)
    withdraw(version, by="Lê Văn An", note="wrong year", now=datetime(2025, 2, 5, tzinfo=UTC))
    _, en = place_of(reports)
    assert "Lê Văn An withdrew the approval on 5 Feb 2025: wrong year" in words(en)
    assert "Draft, not yet approved" in words(en)
    sign(version, by="Lê Văn An", note="again")
    (version / storage.PAGE).write_text("somebody else's words")
    _, en = place_of(reports)
    assert "The approval by Lê Văn An no longer holds" in words(en)
    assert "Draft, not yet approved" in words(en)


def test_what_can_be_taken_away_is_linked_where_it_is_there(reports: Path, add, make_record) -> None:
    version = add(make_record("a"))
    vi, _ = place_of(reports)
    assert "Bản PDF" not in vi.text
    (version / "report.pdf").write_text("x")
    (version / "tables").mkdir()
    (version / "tables" / "datapackage.json").write_text("{}")
    vi, _ = place_of(reports)
    base = f"contribution/language-vi_region-34-52/{version.name}"
    assert {"href": f"{base}/report.pdf"} in vi.all("a")
    assert {"href": f"{base}/tables/datapackage.json"} in vi.all("a")
    assert "Tệp Excel" not in vi.text


def test_a_key_figure_is_drawn_over_the_versions(reports: Path, add, make_record) -> None:
    for number, level in enumerate((4.2, 4.9, 4.5)):
        record = make_record("a")
        value = Value(name="share", value=level, unit="percent", text=f"{level} %".replace(".", ","), label="Tỷ trọng")
        add(dataclasses.replace(record, items=(Headline(name="h", text="a"), value)), data=str(number))
    vi, _ = place_of(reports)
    drawn = [one for one in vi.all("svg") if one.get("class") == "spark"]
    assert [one["aria-label"] for one in drawn] == [
        "Tỷ trọng qua 3 phiên bản: Phiên bản 1: 4,2 %; Phiên bản 2: 4,9 %; Phiên bản 3: 4,5 %"
    ]
    assert "Phiên bản 1: 4,2 % → phiên bản 3: 4,5 %" in words(vi)


def test_of_many_key_figures_those_that_moved_are_shown(reports: Path, add, make_record) -> None:
    for version in (1, 2):
        values = [
            Value(
                name=f"n{n}", value=n * version if n >= 15 else n, unit="", text=f"<{n * version}>", title=f"Số {n:02d}"
            )
            for n in range(1, 21)
        ]
        nameless = Value(name="inner", value=1, unit="", text="bên trong")
        items = (Headline(name="h", text="a"), *values, nameless)
        add(dataclasses.replace(make_record("a"), items=items), data=str(version))
    vi, _ = place_of(reports)
    shown = re.findall(r"Số \d\d(?= <)", words(vi))
    assert shown == [f"Số {n:02d}" for n in (*range(1, 7), *range(15, 21))]
    assert "bên trong" not in vi.text


def test_probabilities_come_first_and_one_figure_for_two_targets_stands_once(reports: Path, add, make_record) -> None:
    told = (("latest.A", "14,02 %", "percent"), ("latest.B", "14,02 %", "percent"), ("latest.C", "8 %", "percent"),
            ("chance.A", "dưới 1 %", "probability"), ("chance.B", "dưới 1 %", "probability"))  # fmt: skip
    values = [
        Value(name=name, value=n, unit=unit, text=text, title=f"Số {name}")
        for n, (name, text, unit) in enumerate(told)
    ]
    add(dataclasses.replace(make_record("a"), items=(Headline(name="h", text="a"), *values)))
    vi, _ = place_of(reports)
    shown = re.findall(r"Số (\w+\.\w)", words(vi))
    assert shown == ["chance.A", "chance.B", "latest.A", "latest.C"]


def test_a_failed_report_says_so_on_its_place_page(reports: Path, add, make_record, fail) -> None:
    fail(add(make_record("a")).parent)
    vi, en = place_of(reports)
    assert "Lần chạy gần nhất (04/03/2025) bị lỗi" in words(vi)
    assert "This report is not available in English yet." in words(en)


def test_hostile_text_ends_escaped_on_the_page_of_a_place(reports: Path, add, make_record, about) -> None:
    add(about(make_record(HOSTILE), group_id=HOSTILE))
    add(
        about(make_record(HOSTILE + "2"), group_id=HOSTILE), data="x", reasons=({"cause": "data", "detail": [HOSTILE]},)
    )
    write_site(reports, catalogue())
    (path,) = [path for path in reports.glob("place-*.html") if not path.name.endswith(".en.html")]
    assert re.fullmatch(r"place-[A-Za-z0-9.~-]+\.html", path.name)
    check_page(path.read_text(encoding="utf-8"), "vi")


def test_ids_that_differ_in_capitals_only_get_files_of_their_own(reports: Path, add, make_record, about) -> None:
    for region in ("vn", "VN"):
        add(about(make_record("a"), group_id=region), region=region)
    found, _ = read_reports(reports)
    stems = [one.stem for one in places(found)]
    assert len({stem.casefold() for stem in stems}) == 2
    assert place_file(stems[0], "vi", ["vi", "en"]) == f"{stems[0]}.html"
    assert place_file(stems[0], "en", ["vi", "en"]) == f"{stems[0]}.en.html"


def test_tables_of_one_caption_have_names_of_their_own(reports: Path, add, make_record) -> None:
    record = make_record("Gia Lai")
    tables = [
        Table(name=f"chance_{n}", caption="Mục tiêu", columns=(Column(key="a", label="A"),), rows=((str(n),),))
        for n in (1, 2)
    ]
    add(dataclasses.replace(record, items=(*record.items, *tables)))
    vi, _ = place_of(reports)
    names = [one["aria-label"] for one in vi.all("div") if one.get("role") == "region" and "aria-label" in one]
    assert names == ["Gia Lai (Mục tiêu)", "Gia Lai (Mục tiêu) (2)"]


def test_a_damaged_record_costs_the_picture_not_the_page(reports: Path, add, make_record) -> None:
    version = add(make_record("Gia Lai"))
    (version / storage.RECORD).write_text('{"items": [1]}')
    vi, _ = place_of(reports)
    assert vi.all("img") == []
    assert "Gia Lai" in vi.text
