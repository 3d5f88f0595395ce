"""What a browser makes of the pages: nothing is fetched, nothing is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from dxanalysis.reports.outputs.html import page
from dxanalysis.reports.outputs.labels import catalogue

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize(("width", "picture"), [(1280, "wide"), (390, "narrow"), (320, "narrow")])
def test_a_page_fits_the_screen_fetches_nothing_and_shows_the_right_picture(
    browser: Browser, make_record, make_manifest, tmp_path: Path, width: int, picture: str
) -> None:
    text = "Tỷ lệ hồ sơ thủ tục hành chính giải quyết trực tuyến toàn trình"
    path = tmp_path / "report.html"
    path.write_text(page(make_record(text), make_manifest(), catalogue()), encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    assert [url for url in asked if not url.startswith("data:image/svg+xml;base64,")] == [path.as_uri()]
    shown = tab.evaluate("atob(document.querySelector('figure img').currentSrc.split(',')[1])")
    assert picture in shown
    # On a telephone each row is a card, and no card hides a column.
    hidden = tab.evaluate(
        "[...document.querySelectorAll('main .body > .table td')].filter(c => c.getBoundingClientRect().right > innerWidth).length"
    )
    assert hidden == 0 or width == 1280, "a wide table scrolls in its own frame on a wide screen"
    tab.close()


def test_on_paper_the_page_shows_the_wide_picture_and_hides_what_is_for_screens(
    browser: Browser, make_record, make_manifest, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(make_record(), make_manifest(), catalogue()), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.emulate_media(media="print")
    tab.goto(path.as_uri())
    assert "wide" in tab.evaluate("atob(document.querySelector('figure img').currentSrc.split(',')[1])")
    for name in (".contents", "details", "footer", ".skip"):
        assert tab.evaluate(f"getComputedStyle(document.querySelector('{name}')).display") == "none"
    address = "getComputedStyle(document.querySelector('.sources a'), '::after').content"
    assert "nso.gov.vn" in tab.evaluate(address)
    tab.close()
