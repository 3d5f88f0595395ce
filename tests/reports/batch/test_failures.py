"""The page of failed reports: what it says, in both languages, whatever a notebook put into its error."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from dxanalysis.i18n import LANGUAGES
from dxanalysis.reports.batch.failures import (
    FailedReport,
    failed_reports,
    failures_page,
    kept_failure,
    write_failures,
)
from dxanalysis.reports.engine.failure import Failure, FailureKind
from dxanalysis.reports.versions import storage
from reports.page_rules import HOSTILE, Page

FAILURE = Failure(
    kind="cell",
    error="ValueError",
    message="không có số liệu",
    cell=3,
    source='growth = page.figures(indicator="grdp_grwth")',
    traceback=tuple(f"dòng {number}" for number in range(15)),
)


def keep(reports: Path, folder: str, failure: Failure = FAILURE, **more: object) -> Path:
    """Leave the evidence of a failure as a run does."""
    report = reports / folder
    written = storage.begin(report)
    (written / storage.NOTEBOOK).write_text("{}")
    notebook = folder.partition("/")[0]
    evidence = {"notebook": notebook, "parameters": {"region": "34-52"}, "finished": "2025-02-03T01:05:00+00:00"}
    storage.keep_failure(report, written, {**evidence, **failure.to_plain(), **more})
    return report


def pages(reports: Path) -> dict[str, Page]:
    return {
        language: Page((reports / name).read_text(encoding="utf-8"))
        for language, name in (("vi", "failures.html"), ("en", "failures.en.html"))
    }


def test_the_page_says_where_why_and_what_to_do(tmp_path: Path) -> None:
    keep(tmp_path, "contribution/region-34-52")
    keep(tmp_path, "backtest/region-VN", Failure(kind="timeout", error="TimeoutError", message="900 s"))
    assert [path.name for path in write_failures(tmp_path)] == ["failures.html", "failures.en.html"]
    vi, en = pages(tmp_path).values()
    for words in (
        "Reports to look after: 2.",
        "contribution (region = 34-52)",
        "Failed on 3 Feb 2025 at 01:05 (UTC)",
        'Code cell 3 of the notebook, which begins with: growth = page.figures(indicator="grdp_grwth")',
        "ValueError: không có số liệu",
        "correct the notebook or the figures it reads",
        "dxanalysis run --notebook contribution --region 34-52",
        "dòng 14",
        "No version of this report has been made yet.",
        "The notebook took longer than it may.",
        "No cell of the notebook is to blame",
    ):
        assert words in en.text
    assert "dòng 4" not in en.text, "the last ten lines are enough"
    for words in ("Số báo cáo cần xử lý: 2.", "Chạy lỗi ngày 03/02/2025 lúc 01:05 (giờ UTC)", "Ô mã số 3", "dòng 5"):
        assert words in vi.text
    links = [attrs["href"] for attrs in en.all("a")]
    assert links[1:3] == ["index.en.html", "failures.html"]
    assert "contribution/region-34-52/failed/notebook.ipynb" in links
    assert all((tmp_path / str(link)).is_file() for link in links if "failed/" in str(link))


def test_the_version_that_stays_is_linked(tmp_path: Path, make_manifest) -> None:
    report = keep(tmp_path, "contribution/region-34-52")
    version = make_manifest().id
    (report / version).mkdir()
    (report / "latest").write_text(version)
    write_failures(tmp_path)
    for page in pages(tmp_path).values():
        assert version in page.text
        assert f"contribution/region-34-52/{version}/report.html" in [attrs["href"] for attrs in page.all("a")]


def test_no_failure_no_page(tmp_path: Path) -> None:
    report = keep(tmp_path, "contribution/region-34-52")
    write_failures(tmp_path)
    storage.discard(report / "failed")
    assert write_failures(tmp_path) == ()
    assert not list(tmp_path.glob("failures*"))


@pytest.mark.parametrize("kind", get_args(FailureKind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_failure_has_its_way_out(kind: FailureKind, language: str) -> None:
    page = Page(failures_page([failed(Failure(kind=kind, error="E", message="m"))], language))
    rows = [words for words in page.words if len(words) > 40]
    assert rows, "a sentence that says what to do"


def failed(failure: Failure = FAILURE, **changed: object) -> FailedReport:
    values: dict[str, object] = {
        "folder": "n/default", "notebook": "n", "parameters": {}, "finished": "", "version": "", "notebook_kept": True,
    }  # fmt: skip
    return FailedReport(failure=failure, **{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(language: str) -> None:
    bad = Failure(kind="cell", error=HOSTILE, message=HOSTILE, cell=1, source=HOSTILE, traceback=(HOSTILE, HOSTILE))
    one = failed(bad, notebook=HOSTILE, parameters={HOSTILE: HOSTILE, "region": "x; rm -rf ~ $(id)"}, finished=HOSTILE)
    html = failures_page([one, one], language)
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "base", "form", "b"}
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on") or name == "style"]
    assert all(not str(a["href"]).startswith(("javascript:", "http", "/", "data:")) for a in page.all("a"))
    assert "\u202e" not in html
    assert "\x00" not in html
    assert "--region 'x; rm -rf ~ $(id)'" in page.text, "a value cannot become a command"
    assert "49" not in page.text.replace("{{ 7*7 }}", "")


def test_a_folder_name_cannot_leave_the_page(tmp_path: Path) -> None:
    keep(tmp_path, 'a"onclick=x/b%2e#c?d')
    write_failures(tmp_path)
    (link,) = [str(a["href"]) for a in pages(tmp_path)["en"].all("a") if "failed" in str(a["href"])]
    assert link == "a%22onclick%3Dx/b%252e%23c%3Fd/failed/notebook.ipynb"


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"parameters": 5, "traceback": "x", "cell": "y", "kind": "?"}', "\x00"]
)
def test_evidence_that_cannot_be_read_is_still_a_failure(tmp_path: Path, content: str) -> None:
    report = keep(tmp_path, "contribution/region-34-52")
    (report / "failed" / "error.json").write_text(content)
    (report / "failed" / storage.NOTEBOOK).unlink()
    assert kept_failure(report).kind == "internal"
    (one,) = failed_reports(tmp_path)
    assert one.notebook == "contribution"
    write_failures(tmp_path)
    assert "contribution" in pages(tmp_path)["en"].text


def test_what_belongs_to_a_batch_itself_is_no_report(tmp_path: Path) -> None:
    (tmp_path / ".archive" / "x" / "failed").mkdir(parents=True)
    assert failed_reports(tmp_path) == ()


def test_an_unchanged_page_is_not_written_again(tmp_path: Path) -> None:
    keep(tmp_path, "contribution/region-34-52")
    first = [path.stat().st_mtime_ns for path in write_failures(tmp_path)]
    assert [path.stat().st_mtime_ns for path in write_failures(tmp_path)] == first


@pytest.mark.browser
def test_the_page_has_no_fault_that_axe_finds(tmp_path: Path, chromium: Path) -> None:
    keep(tmp_path, "contribution/region-34-52")
    keep(tmp_path, "backtest/region-VN", Failure(kind="memory", error="MemoryError", message="x" * 300))
    write_failures(tmp_path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        for name in ("failures.html", "failures.en.html"):
            page = browser.new_page(viewport={"width": 360, "height": 700})
            page.goto((tmp_path / name).as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            page.close()
        browser.close()
