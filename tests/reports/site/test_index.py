from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path
from urllib.parse import unquote

from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.site.index import write_site
from dxanalysis.reports.site.reading import read_reports
from dxanalysis.reports.site.tiles import Tile
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.signatures import sign
from reports.page_rules import HOSTILE, Page, check_page


def pages_of(reports: Path, **options: object) -> tuple[Page, Page]:
    paths = write_site(reports, catalogue(), **options)
    assert [path.name for path in paths[:2]] == ["index.html", "index.en.html"]
    assert {path.name for path in paths[-2:]} == {"feed.vi.xml", "feed.en.xml"}
    for path in paths[:-2]:
        language = "en" if path.name.endswith(".en.html") else "vi"
        parsed = check_page(path.read_text(encoding="utf-8"), language)
        for link in (a["href"] for a in parsed.all("a")):
            assert link.startswith("#") or (reports / unquote(link)).is_file(), link
    vi, en = (Page(path.read_text(encoding="utf-8")) for path in paths[:2])
    return vi, en


def test_an_empty_site_says_so(reports: Path) -> None:
    vi, en = pages_of(reports)
    assert "Chưa có báo cáo nào." in vi.text
    assert "There are no reports yet." in en.text


def test_each_language_shows_its_answers_and_links_both_and_older_ones(reports: Path, add, make_record) -> None:
    add(make_record("Bản cũ"))
    newest = add(make_record("Gia Lai: **12,66 %**"), data="x")
    english = add(make_record("Gia Lai: **12.66%**", "en"))
    vi, en = pages_of(reports)
    assert vi.text.count("12,66 %") >= 2
    assert "12.66%" not in vi.text
    assert "12.66%" in en.text
    assert "12,66 %" not in en.text
    links = [a["href"] for a in vi.all("a")]
    assert f"contribution/language-vi_region-34-52/{newest.name}/report.html" in links
    assert f"contribution/language-en_region-34-52/{english.name}/report.html" in links
    assert "index.en.html" in links
    assert "index.html" in [a["href"] for a in en.all("a")]
    assert "Các phiên bản trước (1)" in vi.text
    assert "Phiên bản 1, ngày 03/02/2025" in vi.text
    assert "Số liệu mới nhất được sử dụng: công bố ngày 06/01/2025" in vi.text
    assert len(vi.all("article")) == 1, "two languages of one report are one entry"


def test_reports_are_grouped_and_in_the_order_of_the_plan(reports: Path, add, make_record) -> None:
    record = make_record("a")
    nation = dataclasses.replace(record, meta=dataclasses.replace(record.meta, group="Việt Nam", group_id="VN"))
    first = add(nation, "attainment", region="VN")
    add(record, "attainment")
    add(record, "contribution")
    order = [first.parent.relative_to(reports).as_posix(), "contribution/language-vi_region-34-52"]
    vi, _ = pages_of(reports, order=order)
    assert [one.get("data-place") for one in vi.all("section") if one.get("data-place")] == ["p1", "p2"]
    assert vi.text.index("Việt Nam") < vi.text.index("Tích cực")
    entries, _ = read_reports(reports, order)
    assert [entry.folder for entry in entries] == [*order, "attainment/language-vi_region-34-52"]


def test_a_report_in_one_language_only_is_shown_in_both_and_says_so(reports: Path, add, make_record) -> None:
    add(make_record("Chỉ tiếng Việt"))
    _, en = pages_of(reports)
    assert "This report is not available in English yet." in en.text
    assert {"lang": "vi"} in en.all("h4")


def test_a_failed_run_is_told_and_the_version_before_it_shown(reports: Path, add, make_record) -> None:
    report = add(make_record("a")).parent
    folder = storage.begin(report)
    (folder / storage.NOTEBOOK).write_text("{}")
    storage.keep_failure(report, folder, {"finished": "2025-03-04T00:00:00+00:00"})
    vi, en = pages_of(reports)
    assert "Lần chạy gần nhất (04/03/2025) bị lỗi; đang hiển thị phiên bản trước đó." in vi.text
    assert "The latest run (4 Mar 2025) failed; the version before it is shown." in en.text
    assert "Tích cực" in vi.text


def test_a_report_that_never_worked_is_listed(reports: Path) -> None:
    report = reports / "attainment" / "region-VN"
    folder = storage.begin(report)
    (folder / storage.NOTEBOOK).write_text("{}")
    evidence = {"notebook": "attainment", "parameters": {"region": HOSTILE}, "error": "E"}
    storage.keep_failure(report, folder, evidence)
    vi, _ = pages_of(reports)
    assert "Báo cáo này chưa lập được phiên bản nào" in vi.text


def test_a_damaged_newest_version_is_not_shown_as_whole(reports: Path, add, make_record) -> None:
    good = add(make_record("a"))
    bad = add(make_record("b"), data="x")
    (bad / storage.VALUES).write_text("{")
    vi, _ = pages_of(reports)
    assert f"contribution/language-vi_region-34-52/{good.name}/report.html" in [a["href"] for a in vi.all("a")]
    assert "Lần chạy gần nhất bị lỗi" in vi.text


def test_hostile_text_ends_escaped(reports: Path, add, make_record) -> None:
    add(make_record(HOSTILE))
    vi, _ = pages_of(reports)
    assert "<script>alert(1)</script>" in vi.text


def test_the_map_shows_every_tile_with_a_word_and_leads_to_the_place(reports: Path, add, make_record, about) -> None:
    """By the gravest of all findings, though the first is good news."""
    add(make_record("Gia Lai"))
    add(about(make_record("Đắk Lắk"), group_id="34-66"), region="34-66")
    tiles = [
        Tile(id=id_, column=2, row=row, names={"vi": name, "en": name})
        for row, (id_, name) in enumerate([("34-52", "Gia Lai"), ("34-66", "Đắk Lắk"), ("34-01", "Hà Nội")], start=1)
    ]
    vi, en = pages_of(reports, tiles=tiles)
    assert [one["class"] for one in vi.all("li") if "tile" in (one.get("class") or "")] == [
        "tile bad c2 r1", "tile bad c2 r2", "tile none c2 r3",
    ]  # fmt: skip
    assert "Gia Lai Đáng lo ngại Đắk Lắk Đáng lo ngại Hà Nội chưa có báo cáo" in re.sub(r"\s+", " ", vi.text)
    assert "Hà Nội no report yet" in re.sub(r"\s+", " ", en.text)
    assert {"href": "place-34-66.html"} in vi.all("a")
    assert {"href": "place-34-66.en.html"} in en.all("a")


def test_the_map_comes_from_the_project_and_regions_that_are_not_on_it_are_named(
    reports: Path, add, make_record
) -> None:
    (reports.parent / "tiles.toml").write_text(
        '[tiles.VN]\ncolumn = 1\nrow = 1\nvi = "Việt Nam"\nen = "Viet Nam"\n', encoding="utf-8"
    )
    add(make_record("Gia Lai"))
    vi, _ = pages_of(reports)
    assert "Không có trên bản đồ: Gia Lai" in vi.text


def test_what_failed_is_one_step_away(reports: Path, add, make_record) -> None:
    add(make_record("Gia Lai"))
    vi, _ = pages_of(reports)
    assert "Những lần chạy lỗi" not in vi.text
    (reports / "failures.html").write_text("…")
    vi, en = pages_of(reports)
    assert {"href": "failures.html"} in vi.all("a")
    (reports / "failures.en.html").write_text("…")
    _, en = pages_of(reports)
    assert {"href": "failures.en.html"} in en.all("a")


def test_the_index_tells_the_state_of_the_newest_version(reports: Path, add, make_record) -> None:
    version = add(make_record("Gia Lai"))
    vi, _ = pages_of(reports)
    assert "Dự thảo, chưa phê duyệt" in vi.text
    sign(version, by="Nguyễn Thị Hương", note="Đã đối chiếu")
    _, en = pages_of(reports)
    assert "Approved" in en.text
    add(make_record("Gia Lai"), data="x")
    _, en = pages_of(reports)
    data = json.loads(en.scripts[0])
    assert [one["status"] for one in data["reports"]] == [["draft", "superseded"]], (
        "a new version needs its own approval"
    )


def test_pages_of_places_that_are_gone_are_taken_away(reports: Path, add, make_record) -> None:
    (reports / "place-63-64.html").write_text("old")
    add(make_record("Gia Lai"))
    pages_of(reports)
    assert sorted(path.name for path in reports.glob("place-*")) == ["place-34-52.en.html", "place-34-52.html"]


def test_an_unchanged_site_is_not_written_again(reports: Path, add, make_record) -> None:
    add(make_record("a"))
    for path in write_site(reports, catalogue()):
        os.utime(path, (1, 1))
    assert {path.stat().st_mtime for path in write_site(reports, catalogue())} == {1}
    assert not list(reports.glob(".tmp-*"))
