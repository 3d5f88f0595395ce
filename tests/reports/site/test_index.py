from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from urllib.parse import unquote

import pytest

from dxanalysis.reports.versions import storage
from dxanalysis.reports.files import write_json
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.site.index import read_reports, write_site
from dxanalysis.reports.planning.slugs import slug
from reports.page_rules import HOSTILE, Page, check_page


@pytest.fixture
def add(tmp_path: Path, make_manifest):
    """Publish a version of a report from a record."""

    def publish(record: Record, notebook: str = "contribution", *, region: str = "34-52", data: str = "d") -> Path:
        parameters = {"region": region, "language": record.meta.language}
        report = tmp_path / "reports" / notebook / slug(parameters)
        folder = storage.begin(report)
        number = storage.next_number(report)
        manifest = make_manifest(number, notebook=notebook, parameters=parameters)
        digests = dataclasses.replace(manifest.digests, data=data)
        for name in storage.OUTPUTS:
            (folder / name).write_text(name)
        write_json(folder / storage.VALUES, record.summary())
        manifest = dataclasses.replace(
            manifest,
            digests=digests,
            id=storage.version_id(number, digests),
            outputs=storage.describe_outputs(folder),
        )
        write_json(folder / storage.MANIFEST, manifest.to_plain())
        return storage.publish(report, folder, manifest)

    return publish


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir(exist_ok=True)
    return tmp_path / "reports"


def pages_of(reports: Path, **options: object) -> tuple[Page, Page]:
    paths = write_site(reports, catalogue(), **options)
    assert [path.name for path in paths] == ["index.html", "index.en.html"]
    vi, en = (check_page(path.read_text(encoding="utf-8"), code) for path, code in zip(paths, ("vi", "en"), strict=True))
    for parsed in (vi, en):
        for link in (a["href"] for a in parsed.all("a")):
            assert link.startswith("#") or (reports / unquote(link)).is_file(), link
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
    assert len(vi.all("section")) == 2
    assert vi.text.index("Việt Nam") < vi.text.index("Tích cực")
    entries, _ = read_reports(reports, order)
    assert [entry.folder for entry in entries] == [*order, "attainment/language-vi_region-34-52"]


def test_a_report_in_one_language_only_is_shown_in_both_and_says_so(reports: Path, add, make_record) -> None:
    add(make_record("Chỉ tiếng Việt"))
    _, en = pages_of(reports)
    assert "This report is not available in English yet." in en.text
    assert {"lang": "vi"} in en.all("h3")


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


def test_an_unchanged_site_is_not_written_again(reports: Path, add, make_record) -> None:
    add(make_record("a"))
    for path in write_site(reports, catalogue()):
        os.utime(path, (1, 1))
    assert [path.stat().st_mtime for path in write_site(reports, catalogue())] == [1, 1]
    assert not list(reports.glob(".tmp-*"))
