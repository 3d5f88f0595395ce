"""The page "what changed": the rules of every page, accessible, offline, and hostile texts stay texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from dxanalysis import i18n
from dxanalysis.reports.compare.page import Links, page
from dxanalysis.reports.compare.waterfall import Step, waterfall
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.recording.items import Paragraph
from dxanalysis.reports.text import is_hidden
from reports.compare.everything import chunks, everything
from reports.compare.records_made import CODE, REVISED, compared, record, split_in_two, value
from reports.page_rules import HOSTILE, check_page


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_keeps_the_rules_and_says_what_changed(language: str) -> None:
    parsed = check_page(page(everything(language), catalogue()), language)
    t = i18n.texts(language)
    for key in ("summary", "causes", "split", "answers", "values", "tables", "figures", "texts", "about"):
        assert t(f"changes.section.{key}") in parsed.text
    hrefs = [a.get("href") for a in parsed.all("a")]
    assert {"../../0001-aaaaaaaa/report.html", "../../0002-bbbbbbbb/report.html"} <= set(hrefs)
    assert "2026" in parsed.text


def test_what_did_not_change_has_no_section() -> None:
    same = record(value("x", 1.0))
    parsed = check_page(page(compared(same, same), catalogue()), "vi")
    assert "Không có gì thay đổi." in parsed.text
    assert len(parsed.all("h2")) == 2
    alone = page(compared(same, same), catalogue(), Links())
    assert "report.html" not in alone


def test_a_split_stands_in_a_picture_in_words_and_in_a_table() -> None:
    parsed = check_page(page(split_in_two("en"), catalogue()), "en")
    (image,) = parsed.all("img")
    assert (image["alt"] or "").startswith("Waterfall chart. Xác suất đạt “30 %, năm 2030”: khoảng 4 % → khoảng 2 %")
    assert "Whole change −2 percentage points" in parsed.text
    assert "run again with one cause at a time (4 runs)" in parsed.text


def test_hostile_texts_stay_texts_wherever_they_come_from() -> None:
    html = page(everything("vi", HOSTILE, f"{HOSTILE} 2"), catalogue())
    parsed = check_page(html, "vi")
    assert "<script>alert(1)</script>" in parsed.text
    assert "[U+202E]" in parsed.text
    assert not any(is_hidden(c) for c in html)
    for text in chunks(10):
        check_page(page(everything("en", text, f"{text} 2"), catalogue()), "en")


def test_long_texts_are_compared_in_reasonable_time() -> None:
    words = " ".join(["ộ"] * 20_000)
    old, new = record(Paragraph(text=words)), record(Paragraph(text=f"{words} x"))
    html = page(compared(old, new, CODE), catalogue())
    assert html.count("<del>") == html.count("<ins>") == 1


@pytest.mark.parametrize("width", [360, 760])
def test_the_waterfall_ends_where_the_new_level_stands_and_stays_inside(width: int) -> None:
    steps = [
        Step(label="Trước <b>", text="40", value=40.0, is_level=True),
        Step(label="Điều chỉnh rất dài " * 5, text="−55", value=-55.0),
        Step(label="c", text="+5", value=5.0),
        Step(label="Nay", text="−10", value=-10.0, is_level=True),
    ]
    tree = ElementTree.fromstring(waterfall(steps, width=width))
    bars = [element for element in tree if element.tag.endswith("rect")]
    assert len(bars) == 4
    edges = [(float(bar.attrib["x"]), float(bar.attrib["x"]) + float(bar.attrib["width"])) for bar in bars]
    assert all(0 <= left < right <= width for left, right in edges)
    zero = edges[0][0]
    assert edges[1][0] < zero < edges[1][1]
    assert edges[2][0] == pytest.approx(edges[1][0], abs=0.2)
    assert edges[3][1] == pytest.approx(zero, abs=0.2)
    assert edges[3][0] == pytest.approx(edges[2][1], abs=0.2)
    flat = waterfall([Step(label="a", text="0", value=0.0, is_level=True)] * 2, width=width)
    assert "nan" not in flat


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_axe_finds_no_violation_and_nothing_is_fetched(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    path = tmp_path / "changes.html"
    html = page(everything(language), catalogue())
    path.write_text(html.replace("<details>", "<details open>"), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1000, "height": 800}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    found = Axe().run(tab).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
    assert [url for url in asked if not url.startswith("data:image/svg+xml;base64,")] == [path.as_uri()]
    tab.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_page_is_no_wider_than_the_screen(browser: Browser, tmp_path: Path, width: int) -> None:
    path = tmp_path / "changes.html"
    path.write_text(
        page(everything("vi", "Tỷ lệ hồ sơ thủ tục hành chính trực tuyến toàn trình", "a" * 90), catalogue()),
        encoding="utf-8",
    )
    tab = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    tab.close()


@pytest.mark.browser
def test_no_payload_runs_or_leaves(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "changes.html"
    tab = browser.new_page(bypass_csp=True)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    for text in chunks(8, "scripts", "handlers", "links", "svg", "breakers"):
        html = page(everything("en", text, f"{text} 2"), catalogue())
        path.write_text(re.sub(r"<meta http-equiv[^>]*>", "", html), encoding="utf-8")
        tab.goto(path.as_uri())
        assert tab.evaluate("window.ran") is None, text
    assert {url for url in asked if not url.startswith("data:image/svg+xml;base64,")} == {path.as_uri()}
    tab.close()


def test_the_facts_of_a_revision_are_on_the_page() -> None:
    parsed = check_page(page(compared(record(), record(value("x", 1.0)), REVISED), catalogue()), "vi")
    assert "Tỷ trọng kinh tế số, Việt Nam, 2024" in parsed.text
    assert "Niên giám 2025, công bố ngày 05/01/2026" in parsed.text
