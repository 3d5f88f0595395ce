"""The site in a browser: search and map at work, hostile text harmless, accessible, nothing fetched, fits a phone and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from dxanalysis.reports.compare.store import compare, folder_of, write_changes
from dxanalysis.reports.files import write_json
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.site.index import write_site
from dxanalysis.reports.site.tiles import FILE, Tile, read_tiles
from dxanalysis.reports.versions.signatures import sign
from reports.page_rules import HOSTILE
from trial import ROOT

pytestmark = pytest.mark.browser

PLACES = {"34-52": "Gia Lai", "34-66": "Đắk Lắk", "34-12": "Lai Châu"}
NASTY = (
    HOSTILE
    + "</script><script>window.pwned=1</script>\u2028\u2029<img src='http://evil.invalid/x.png'>"
    + "<svg onload=window.pwned=1>\u2066{{7*7}}${window.pwned=1}"
)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def site(reports: Path, add, make_record, about, fail) -> Path:
    """Three places; the first with a comparison, a signature and downloads, the last with a failed run."""
    for id_, name in PLACES.items():
        for language in ("vi", "en"):
            words = {"vi": f"{name}: xác suất **2,5 %**, cả quốc gia", "en": f"{name}: chance **2.5%**, of the nation"}[
                language
            ]
            for topic in ("attainment", "contribution"):
                record = about(
                    make_record(words, language), group_id=id_, group=name, short_title=topic.title(), publisher=""
                )
                version = add(record, topic, region=id_)
    old = add(
        about(make_record("Gia Lai: xác suất **4 %**"), group_id="34-52", group="Gia Lai", short_title="Chất lượng"),
        "quality",
    )
    record = about(
        make_record("Gia Lai: 2 %"),
        group_id="34-52",
        group="Gia Lai",
        short_title="Chất lượng",
        data_until="2025-06-30",
    )
    new = add(record, "quality", data="x", data_used={"observations:a:VN": "2"}, also=("report.pdf",))
    write_changes(compare(old, new), folder_of(new))
    sign(new, by="Lê Văn An", note="Đã xem")
    fail(version.parent)
    write_site(reports, catalogue(), tiles=tiles())
    return reports


def tiles() -> list[Tile]:
    listed = [*PLACES.items(), ("34-01", "Hà Nội")]
    return [Tile(id=i, column=1 + n % 2, row=1 + n // 2, names={"vi": t, "en": t}) for n, (i, t) in enumerate(listed)]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a file; whatever is asked for besides it, or said on the console, fails the test."""
    tabs: list[Page] = []
    complaints: list[str] = []

    def visit(path: Path, **options: object) -> Page:
        tab = browser.new_page(**options)  # type: ignore[arg-type]
        tabs.append(tab)
        allowed = path.as_uri()

        def asked(url: str) -> None:
            if url != allowed and not url.startswith("data:image/svg+xml;base64,"):
                complaints.append(url)

        tab.on("request", lambda request: asked(request.url))
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("dialog", lambda dialog: complaints.append(dialog.message))
        tab.goto(allowed)
        return tab

    yield visit
    assert complaints == []
    for tab in tabs:
        tab.close()


def shown(tab: Page) -> list[str]:
    return [text.strip() for text in tab.locator("article.item:visible h4").all_inner_texts()]


def says(tab: Page, sentence: str) -> None:
    tab.wait_for_function("said => document.getElementById('count').textContent === said", arg=sentence, timeout=10_000)


def test_search_takes_words_with_or_without_marks(site: Path, opened) -> None:
    tab = opened(site / "index.html")
    says(tab, "Tìm thấy 7 báo cáo")
    for words, count in (
        ("gia lai", 3),
        ("Gia  LAI", 3),
        ("GIA LAI", 3),
        ("dak lak", 2),
        ("đắk lắk", 2),
        ("ĐẮK", 2),
        ("lai chau", 2),
    ):
        tab.fill("#query", words)
        says(tab, f"Tìm thấy {count} báo cáo")
    tab.fill("#query", "gia chau")
    says(tab, "Tìm thấy 2 báo cáo")
    tab.fill("#query", "<b> .* \\")
    says(tab, "Không có báo cáo nào phù hợp. Hãy bớt từ cần tìm hoặc xóa lựa chọn.")
    assert shown(tab) == []
    tab.click("#reset")
    says(tab, "Tìm thấy 7 báo cáo")
    assert tab.evaluate("document.activeElement.id") == "query"
    assert tab.get_attribute("#count", "aria-live") == "polite"


def test_filters_by_region_topic_status_and_release(site: Path, opened) -> None:
    tab = opened(site / "index.en.html")
    says(tab, "7 reports found")
    tab.select_option("#filter-place", label="Đắk Lắk")
    says(tab, "2 reports found")
    tab.select_option("#filter-topic", label="Contribution")
    says(tab, "1 report found")
    assert shown(tab) == ["Contribution"]
    tab.click("#reset")
    for status, count in (("Approved", 1), ("Superseded", 1), ("Latest run failed", 1), ("Draft, not yet approved", 6)):
        tab.select_option("#filter-status", label=status)
        says(tab, f"{count} report{'s' if count > 1 else ''} found")
    tab.select_option("#filter-status", label="Superseded")
    assert tab.locator("details.older[open]").count() == 1, "the versions asked for are in sight"
    tab.click("#reset")
    tab.select_option("#filter-until", label="June 2025 or later")
    says(tab, "1 report found")


def test_the_map_follows_the_choice(site: Path, opened) -> None:
    tab = opened(site / "index.html")
    says(tab, "Tìm thấy 7 báo cáo")
    assert tab.locator(".tile.bad").count() == 3
    tab.fill("#query", "dak lak")
    says(tab, "Tìm thấy 2 báo cáo")
    said = [" ".join(text.split()) for text in tab.locator(".tile").all_inner_texts()]
    assert said == [
        "Gia Lai không có báo cáo phù hợp",
        "Đắk Lắk Đáng lo ngại",
        "Lai Châu không có báo cáo phù hợp",
        "Hà Nội chưa có báo cáo",
    ]
    assert tab.locator(".tile.none").count() == 3
    assert tab.locator("[data-count=bad]").inner_text() == "1"


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(site: Path, opened) -> None:
    tab = opened(site / "index.html")
    reached = []
    for _ in range(12):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert reached[0] == "Chuyển đến nội dung chính"
    assert reached[2:8] == ["query", "filter-place", "filter-topic", "filter-status", "filter-until", "reset"]
    tab.focus("#query")
    tab.keyboard.type("gia lai")
    says(tab, "Tìm thấy 3 báo cáo")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.type("Chất")
    says(tab, "Tìm thấy 1 báo cáo")


def test_without_script_everything_is_there_and_no_dead_control(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site / "index.html").as_uri())
    assert not tab.locator("#finder").is_visible()
    assert tab.locator("article.item:visible").count() == 7
    assert tab.locator(".tile a:visible").count() == 3
    context.close()


@pytest.mark.parametrize("name", ["index", "place-34-52"])
@pytest.mark.parametrize("ending", [".html", ".en.html"])
def test_no_barrier_is_found_and_nothing_is_wider_than_the_screen(site: Path, opened, name: str, ending: str) -> None:
    tab = opened(site / f"{name}{ending}")
    tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for width, scheme in ((1000, "light"), (390, "dark")):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.emulate_media(color_scheme=scheme)
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()
    tab.set_viewport_size({"width": 320, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") == 320


def test_hostile_text_runs_nothing_and_asks_for_nothing(reports: Path, add, make_record, about, opened) -> None:
    add(about(make_record(NASTY), group_id=NASTY))
    record = make_record(NASTY + "now")
    new = add(about(record, group_id=NASTY), data="x", reasons=({"cause": "data", "detail": [NASTY, "a:" + NASTY]},))
    (new.parent / "signatures").mkdir()
    row = {"by": NASTY, "note": NASTY, "signed": NASTY, "manifest": NASTY, "withdrawn": "", "why": NASTY}
    signed = {"schema": 1, "version": new.name, "signatures": [row, {**row, "withdrawn": NASTY}]}
    write_json(new.parent / "signatures" / f"{new.name}.json", signed)
    hostile = [Tile(id=NASTY, column=1, row=1, names={"vi": NASTY, "en": NASTY})]
    paths = [path for path in write_site(reports, catalogue(), tiles=hostile) if path.suffix == ".html"]
    assert len(paths) == 4
    for path in paths:
        tab = opened(path)
        tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        if path.name.startswith("index"):
            tab.fill("#query", "alert")
            tab.wait_for_function("document.getElementById('count').textContent.includes('1')")
            assert tab.locator("article.item:visible").count() == 1
        assert tab.evaluate("window.pwned") is None
        assert "<script>alert(1)</script>" in tab.inner_text("main")
        assert tab.locator("main img[src^=http]").count() == 0


def test_on_paper_the_words_stay_and_the_controls_go(site: Path, opened) -> None:
    tab = opened(site / "index.html")
    tab.emulate_media(media="print")
    assert not tab.locator("#finder").is_visible()
    assert tab.locator("article.item .findings").first.is_visible()
    tab = opened(site / "place-34-52.html")
    tab.emulate_media(media="print")
    assert tab.locator(".history").first.is_visible()
    assert not tab.locator(".downloads").first.is_visible()


@pytest.mark.parametrize(("ending", "key"), [(".html", "Ý nghĩa ký hiệu"), (".en.html", "What the signs mean")])
def test_the_map_of_the_country_and_its_key_stand_on_one_sheet(
    site: Path, opened, tmp_path: Path, ending: str, key: str
) -> None:
    own = read_tiles(ROOT / FILE)
    write_site(site, catalogue(), tiles=own)
    printed = tmp_path / "index.pdf"
    opened(site / f"index{ending}").pdf(path=printed, format="A4")
    first = "".join(PdfReader(printed).pages[0].extract_text().split())
    names = [tile.names["en" if "en" in ending else "vi"] for tile in own]
    assert len(names) > 30
    assert [name for name in [*names, key] if "".join(name.split()) not in first] == []
