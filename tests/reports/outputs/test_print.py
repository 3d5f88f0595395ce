"""A page on paper, in a real browser."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

STYLE = files("dxanalysis.reports.outputs").joinpath("templates/page.css").read_text(encoding="utf-8")
ROWS = "".join(f"<tr><th scope='row'>row{n}</th><td>{n}</td></tr>" for n in range(40))
TABLE = f"<div class='table'><table><caption>caption</caption><thead><tr><th>heading</th><th>n</th></tr></thead><tbody>{ROWS}</tbody></table></div>"


@pytest.mark.browser
def test_the_heading_of_a_table_is_not_left_alone_at_the_foot_of_a_sheet(chromium: Path, tmp_path: Path) -> None:
    """Wherever the table begins: the first sheet that shows its heading shows its first row too."""
    alone, split = [], 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        for above in range(200, 250, 2):
            tab.set_content(f"<style>{STYLE}</style><div style='height: {above}mm'></div>{TABLE}")
            tab.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
            texts = [page.extract_text() for page in PdfReader(tmp_path / "printed.pdf").pages]
            assert "row39" in texts[-1]
            split += "row0" in texts[0]
            if any("heading" in text and "row" not in text for text in texts) or ("caption" in texts[0]) != ("row0" in texts[0]):
                alone.append(above)
        browser.close()
    assert alone == []
    assert split > 0, "no table began on the first sheet"
