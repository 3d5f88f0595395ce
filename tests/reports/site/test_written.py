"""What did not change is neither read nor written; what did is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dxanalysis.reports.files import write_json
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.site.index import write_site
from dxanalysis.reports.site.written import FILE, Written, read_written, state
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.signatures import sign

TILES = '[tiles.VN]\ncolumn = 1\nrow = 1\nvi = "Việt Nam"\nen = "Viet Nam"\n'


def aged(reports: Path) -> dict[str, int]:
    """Write the site, and say when each file was last written."""
    write_site(reports, catalogue())
    return {path.name: path.stat().st_ino for path in reports.iterdir() if path.suffix in {".html", ".xml"}}


@pytest.fixture
def two(add, make_record, about) -> Path:
    add(about(make_record("Đắk Lắk"), group_id="34-66"), region="34-66")
    return add(make_record("Gia Lai")).parent


def test_the_site_gives_the_same_files_whether_or_not_it_had_to_write_them(reports: Path, two: Path) -> None:
    first = write_site(reports, catalogue())
    assert write_site(reports, catalogue()) == first
    assert all(path.is_file() for path in first)


def test_a_new_version_writes_its_own_place_and_no_other(reports: Path, two: Path, add, make_record) -> None:
    before = aged(reports)
    add(make_record("Gia Lai: 13 %"), data="x")
    after = aged(reports)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"index.html", "index.en.html", "place-34-52.html", "place-34-52.en.html", "feed.vi.xml"}


def approve(report: Path) -> None:
    version = storage.latest(report)
    assert version is not None
    sign(version, by="A", note="seen")


def explain(report: Path) -> None:
    version = storage.latest(report)
    assert version is not None
    (report / "changes" / version.name).mkdir(parents=True)
    (report / "changes" / version.name / "changes.html").write_text("x")


def fail(report: Path) -> None:
    (report / "failed").mkdir()
    write_json(report / "failed" / "error.json", {"finished": "2025-03-04T00:00:00+00:00"})


def export(report: Path) -> None:
    version = storage.latest(report)
    assert version is not None
    (version / "report.pdf").write_text("x")


@pytest.mark.parametrize("happens", [approve, explain, fail, export])
def test_what_happens_beside_a_version_is_seen(reports: Path, two: Path, happens) -> None:
    before = aged(reports)
    happens(two)
    after = aged(reports)
    assert after["place-34-52.html"] != before["place-34-52.html"]
    assert after["place-34-66.html"] == before["place-34-66.html"]


def test_a_page_that_somebody_removed_or_altered_is_written_again(reports: Path, two: Path) -> None:
    aged(reports)
    good = (reports / "place-34-66.html").read_bytes()
    (reports / "place-34-66.html").unlink()
    (reports / "place-34-52.html").write_text("altered")
    aged(reports)
    assert (reports / "place-34-66.html").read_bytes() == good
    assert (reports / "place-34-52.html").read_text() != "altered"


def test_other_labels_tiles_or_order_write_the_pages_that_show_them(reports: Path, two: Path) -> None:
    aged(reports)
    write_site(reports, catalogue(vi={"publisher": "Tỉnh Gia Lai"}))
    assert "Tỉnh Gia Lai" in (reports / "index.html").read_text(encoding="utf-8")
    (reports.parent / "tiles.toml").write_text(TILES, encoding="utf-8")
    aged(reports)
    page = (reports / "index.html").read_text(encoding="utf-8")
    assert 'class="tiles' in page
    assert page.index(">Gia Lai</h3>") < page.index(">Đắk Lắk</h3>")
    write_site(reports, catalogue(), order=["contribution/language-vi_region-34-66"])
    page = (reports / "index.html").read_text(encoding="utf-8")
    assert page.index(">Gia Lai</h3>") > page.index(">Đắk Lắk</h3>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"whole": 1, "files": []}',
        '{"whole": "x", "files": {}}',
        '{"whole": "x", "files": [1]}',
        '{"whole": "x"}',
    ],
)
def test_a_damaged_memory_is_no_memory(reports: Path, two: Path, text: str) -> None:
    before = aged(reports)
    (reports / FILE).write_text(text)
    assert read_written(reports) == Written()
    assert aged(reports) == before, "rendered again, and the same word for word"


def test_time_alone_is_seen_and_names_in_hiding_are_not(two: Path) -> None:
    before = state(two)
    (two / ".tmp-1").mkdir()
    assert state(two) == before
    version = storage.latest(two)
    assert version is not None
    os.utime(version / storage.VALUES, (1, 1))
    assert state(two) != before


def test_a_folder_that_is_no_report_is_passed_over(reports: Path, two: Path) -> None:
    before = aged(reports)
    os.mkdir(os.fsencode(reports / "contribution") + b"/\xff\xfe")  # noqa: PTH102  # a name that is no text
    (reports / "contribution" / "notes").mkdir()
    after = aged(reports)
    assert set(after) == set(before)
    assert "place-34-52.html" in after
