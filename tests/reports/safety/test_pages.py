"""Hostile text on every page, in a real browser that listens for anything that runs, asks or moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dxanalysis.reports.text import clean
from reports.safety.browser import Gate, Seen, guarded, visit
from reports.safety.corpus import DOCUMENT, HANDLERS, SCRIPTS, SVG, WRITABLE
from reports.safety.outputs import OUTPUTS, WITH_PAGES, Made

pytestmark = pytest.mark.browser

HARMLESS = ["https://www.nso.gov.vn/x", "**one**", "two"]


@pytest.fixture(scope="module")
def guard(chromium: Path) -> Iterator[tuple[Browser, Gate]]:
    with guarded(chromium) as pair:
        yield pair


def words(text: str) -> str:
    """Text as a browser gives it back, white space aside; ``**bold**`` may be bold."""
    return "".join(text.split()).replace("**", "")


@pytest.mark.parametrize("name", WITH_PAGES)
def test_no_hostile_text_runs_asks_or_moves(
    name: str, guard: tuple[Browser, Gate], hostile: dict[str, Made], tmp_path: Path
) -> None:
    browser, gate = guard
    made, plain = hostile[name], OUTPUTS[name](HARMLESS, tmp_path)
    assert made.of(".html")
    root = min((path.parent for path in made.files), key=lambda folder: len(folder.parts))
    allowed = {part for path in vietnamese(plain) for part in visit(browser, path, with_policy=False).parts}
    shown = ""
    for path in made.of(".html"):
        # Escaping must hold alone; the policy of a page is the same in every language.
        for with_policy in (False, True) if path in vietnamese(made) else (False,):
            seen = visit(browser, path, with_policy=with_policy)
            assert seen.ran is None, f"a script ran on {path.name}"
            assert seen.asked == ["the page itself"], path.name
            assert (seen.dialogs, seen.complaints, seen.popups) == ([], [], 0), path.name
            assert len(seen.moves) == 1, f"{path.name} moved"
            own = {"meta http-equiv"} if with_policy else set()
            assert set(seen.parts) <= allowed | own, f"{path.name} has parts that harmless text does not make"
            check_addresses(seen, path, root)
        shown += words(seen.text)
    assert not [knock for knock in gate.knocked if "away.example" in knock or "nso.gov" in knock]
    missing = [text for text in WRITABLE if words(clean(text)) not in shown]
    assert not missing, "what is hostile is shown as text, not dropped"


def vietnamese(made: Made) -> list[Path]:
    return [path for path in made.of(".html") if not path.name.endswith(".en.html")]


def check_addresses(seen: Seen, path: Path, root: Path) -> None:
    """Addresses are pictures inside the page, places on it, files of the site, or ordinary web addresses."""
    for address in seen.addresses:
        element, attribute, value = address.split(" ", 2)
        if value.startswith(("data:image/svg+xml;base64,", "#")):
            continue
        assert (element, attribute) in {("a", "href"), ("link", "href")}, address[:200]
        if value.startswith(("https://www.nso.gov.vn/", "http://")) and element == "a":
            continue
        file = (path.parent / value.split("#")[0].split("?")[0]).resolve()
        assert ":" not in value, address[:200]
        assert not value.startswith(("/", "\\")), address[:200]
        if path.name != "report.html":  # which stands three folders deeper than here
            assert root in file.parents, address[:200]
            assert file.exists(), address[:200]


RAW = '<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"><body>'


def test_the_watch_sees_what_it_is_there_for(guard: tuple[Browser, Gate], tmp_path: Path) -> None:
    """The same texts without escaping: if nothing happened here either, the test above would say nothing."""
    browser, gate = guard
    path = tmp_path / "raw.html"
    path.write_text(RAW + "<p>".join([*SCRIPTS[:5], *HANDLERS, *SVG[:10]]), encoding="utf-8")
    seen = visit(browser, path, with_policy=False)
    assert isinstance(seen.ran, int)
    assert seen.ran > 10
    assert [url for url in seen.asked if "away.example" in url]
    assert [part for part in seen.parts if part.startswith("img on")]

    path.write_text(RAW + DOCUMENT[0], encoding="utf-8")
    assert len(visit(browser, path, with_policy=False).asked) > 1

    path.write_text(RAW + "<script>new WebSocket('ws://away.example/x')</script>", encoding="utf-8")
    visit(browser, path, with_policy=False)
    assert [knock for knock in gate.knocked if "away.example" in knock], (
        "what no listener of the page hears, the gate does"
    )
    gate.knocked.clear()

    path.write_text(RAW + SCRIPTS[0] + HANDLERS[0], encoding="utf-8")
    seen = visit(browser, path, with_policy=True)
    assert seen.ran is None, "the policy alone holds too"
    assert seen.complaints
