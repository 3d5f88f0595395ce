"""The feed against the rules of RFC 4287 that a reader of feeds insists on."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from dxanalysis.reports.compare.store import compare, folder_of, write_changes
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.site import feed
from dxanalysis.reports.site.index import write_site
from reports.page_rules import HOSTILE

A = "{http://www.w3.org/2005/Atom}"


def read(reports: Path, language: str = "vi") -> ET.Element:
    write_site(reports, catalogue())
    root = ET.fromstring((reports / f"feed.{language}.xml").read_bytes())
    valid(root, reports)
    return root


def one(parent: ET.Element, tag: str) -> str:
    (found,) = parent.findall(A + tag)
    assert found.text
    return found.text


def valid(root: ET.Element, reports: Path) -> None:
    assert root.tag == A + "feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") in {"vi", "en"}
    assert one(root.find(A + "author") or root, "name")
    ids = []
    for part in (root, *root.findall(A + "entry")):
        ids.append(one(part, "id"))
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", ids[-1])
        assert one(part, "title").strip()
        assert datetime.fromisoformat(one(part, "updated")).tzinfo is not None
        links = [(link.get("rel"), link.get("href")) for link in part.findall(A + "link")]
        assert [rel for rel, _ in links].count("alternate") == 1
        assert len(set(links)) == len(links)
        for _, href in links:
            assert href is not None
            assert not re.match(r"[a-z]+:|/", href)
            assert (reports / unquote(href)).is_file()
    assert len(ids) == len(set(ids))
    times = [one(entry, "updated") for entry in root.findall(A + "entry")]
    assert times == sorted(times, reverse=True)
    assert all(one(root, "updated") >= time for time in times)


def test_an_empty_feed_is_a_feed(reports: Path) -> None:
    assert read(reports).findall(A + "entry") == []


def test_each_language_has_its_versions_newest_first(reports: Path, add, make_record) -> None:
    add(make_record("Gia Lai: **12,66 %**"), finished="2025-02-03T08:00:00+07:00")
    add(make_record("Gia Lai: **12,70 %**"), data="x", finished="2025-05-03T01:00:00+00:00")
    add(make_record("Gia Lai: 12.66%", "en"))
    titles = [one(entry, "title") for entry in read(reports).findall(A + "entry")]
    assert [title.rsplit(", ", 1)[1] for title in titles] == ["phiên bản 2", "phiên bản 1"]
    assert len(read(reports, "en").findall(A + "entry")) == 1


def test_an_entry_says_what_changed_and_why(reports: Path, add, make_record) -> None:
    old = add(make_record("Xác suất 4 %"))
    new = add(make_record("Xác suất 2 %"), data="x", data_used={"a": "2"})
    newest = read(reports).findall(A + "entry")
    said = [one(entry, "summary") for entry in newest]
    assert any(
        "Lý do lập: số liệu mới hoặc được điều chỉnh: dữ liệu khác (1). Số kết quả chính đã thay đổi: 2." in s
        for s in said
    )
    write_changes(compare(old, new), folder_of(new))
    entries = {one(entry, "title").rsplit(" ", 1)[1]: entry for entry in read(reports).findall(A + "entry")}
    assert "Lý do lập" not in one(entries["2"], "summary"), "the comparison's own words"
    assert "**" not in one(entries["2"], "summary")
    assert "related" in [link.get("rel") for link in entries["2"].findall(A + "link")]


def test_ids_outlive_a_move_to_another_machine(reports: Path, add, make_record, tmp_path: Path) -> None:
    add(make_record("a"))
    before = [one(part, "id") for part in read(reports).iter(A + "entry")]
    elsewhere = tmp_path / "stick" / "reports"
    shutil.copytree(reports, elsewhere)
    assert [one(part, "id") for part in read(elsewhere).iter(A + "entry")] == before


def test_hostile_text_stays_text(reports: Path, add, make_record) -> None:
    add(make_record(HOSTILE + "\ufffe\uffff\x0b"))
    root = read(reports)
    assert "<script>alert(1)</script>" in one(root.findall(A + "entry")[0], "summary")


def test_a_time_that_cannot_be_read_does_not_stop_the_feed(reports: Path, add, make_record) -> None:
    add(make_record("a"), finished="yesterday")
    assert one(read(reports).findall(A + "entry")[0], "updated") == "1970-01-01T00:00:00+00:00"


def test_a_feed_holds_the_newest_only(reports: Path, add, make_record, monkeypatch) -> None:
    monkeypatch.setattr(feed, "NEWEST", 2)
    for number in range(3):
        add(make_record("a"), data=str(number), finished=f"2025-02-0{number + 1}T00:00:00+00:00")
    assert [one(e, "updated")[:10] for e in read(reports).findall(A + "entry")] == ["2025-02-03", "2025-02-02"]
