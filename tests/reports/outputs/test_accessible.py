"""Real reports held against the accessibility rules of axe-core, in a real browser; contrast of every pair of colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from dxanalysis.reports.outputs.html import page
from dxanalysis.reports.outputs.labels import catalogue
from dxanalysis.reports.versions.storage import Manifest
from pages.conftest import Made, make_page  # noqa: F401  # the fixture, which other tests of pages share

REASONS = ({"cause": "data", "detail": ["observations:grdp_growth:34-52", "calendar:2025-12-31"]}, {"cause": "code"})
LOOKS: Mapping[str, Mapping[str, object]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 390, "height": 844}},
}
# In the dark only colours differ, on a telephone only the layout.
RULES: Mapping[str, Mapping[str, object]] = {
    "light": {},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
    "narrow": {"rules": {"color-contrast": {"enabled": False}}},
}
# The shades at the edges of a table leave the contrast of all its cells undecided; the cells stand on the paper.
WITHOUT_SHADES = ".table { background: none !important; }"
STYLE = files("dxanalysis.reports.outputs").joinpath("templates/page.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


def opened(browser: Browser, path: Path, look: str) -> Page:
    """A page with all its details open, so that what they hide is looked at too."""
    tab = browser.new_page(**LOOKS[look])
    tab.goto(path.as_uri())
    tab.add_style_tag(content=WITHOUT_SHADES)
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    return tab


@pytest.mark.browser
@pytest.mark.parametrize(
    ("notebook", "language"), [("attainment", "vi"), ("contribution", "vi"), ("data_quality", "en")]
)
def test_axe_finds_no_violation(
    browser: Browser,
    make_page: Callable[[str, str, str], Made],  # noqa: F811
    make_manifest: Callable[..., Manifest],
    tmp_path: Path,
    notebook: str,
    language: str,
) -> None:
    record = make_page(notebook, "34-52", language).record
    path = tmp_path / "report.html"
    path.write_text(page(record, replace(make_manifest(2), reasons=REASONS), catalogue()), encoding="utf-8")
    for look in LOOKS:
        tab = opened(browser, path, look)
        found = Axe().run(tab, options={"resultTypes": ["violations"], **RULES[look]}).response
        told = [(one["id"], node["html"]) for one in found["violations"] for node in one["nodes"]]
        assert told == [], f"{notebook}, {look}"
        assert found["incomplete"] == [], f"{notebook}, {look}: left undecided"
        looked = {one["id"] for one in found["passes"]}
        assert ("color-contrast" in looked) == (look != "narrow")
        assert look == "dark" or {"image-alt", "td-headers-attr", "list", "region"} <= looked
        assert tab.evaluate("document.documentElement.scrollWidth") == LOOKS[look]["viewport"]["width"]
        tab.close()


def colours(scheme: str) -> dict[str, str]:
    """Colours that a scheme sets."""
    light = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", STYLE.split("}")[0]))
    dark = STYLE[STYLE.index("prefers-color-scheme: dark") :].split("}")[0]
    return light | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark)) if scheme == "dark" else {})


def contrast(first: str, second: str) -> float:
    """Contrast of two colours as WCAG 2 counts it: 1 to 21."""
    lights = []
    for colour in (first, second):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


TONES = ("good", "warn", "bad", "neutral", "accent")
PAIRS = [
    *((text, under) for text in ("ink", "soft", "accent") for under in ("paper", "wash")),
    *((text, f"{tone}-wash") for tone in TONES for text in ("ink", tone)),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "under"), PAIRS)
def test_every_text_stands_out_from_what_is_under_it(scheme: str, text: str, under: str) -> None:
    found = colours(scheme)
    assert contrast(found[text], found[under]) >= 4.5


def test_contrast_is_counted_as_the_rules_count_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
