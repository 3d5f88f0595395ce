"""The Markdown summary: nothing from data, sources or parameters is markup, a link, a mention or a table bar."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dxanalysis.reports.compare.markdown import ROWS, code, escaped, markdown, rich
from dxanalysis.reports.recording.items import Headline, Paragraph
from reports.compare.everything import chunks, everything
from reports.compare.records_made import CODE, REVISED, compared, record, split_in_two, table, value
from reports.page_rules import HOSTILE

READER = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
HARMLESS = {"text", "softbreak", "inline", "paragraph_open", "paragraph_close"}


def kinds(text: str) -> set[str]:
    found = set()
    for token in READER.parse(text):
        found.add(token.type)
        found.update(child.type for child in token.children or ())
    return found


def shown(text: str) -> str:
    """What a reader sees of one paragraph."""
    return "".join(
        child.content for token in READER.parse(text) for child in token.children or () if child.type != "softbreak"
    )


@settings(max_examples=200)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_escaped_text_is_only_text(text: str) -> None:
    made = escaped(text)
    assert kinds(made) <= HARMLESS, made
    assert "\n" not in made
    assert not re.search(r"(?<!\\)\|", made)


@settings(max_examples=200)
@given(st.text("ab <>&|*_`[]()#+-!~\\@:$.1/\t", max_size=20))
def test_a_reader_sees_what_was_written(text: str) -> None:
    assert shown(escaped(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        *(
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "![x](http://a.b/c)",
            "# h",
            "- x",
            "1. x",
            "~~~",
        ),
        *("> q", "a | b", "`x`", "https://away.example", "www.away.example", "@everyone", "#123", "$x$", "&lt;b&gt;"),
        *("===", "***", "+ x", HOSTILE),
    ],
)
def test_known_payloads_are_shown_as_they_are(text: str) -> None:
    assert kinds(escaped(text)) <= HARMLESS
    assert "://" not in escaped(text) or "&#58;" in escaped(text)
    assert not re.search(r"(?<![&\w])[@#](?=\w)", escaped(text))


def test_bold_is_the_only_markup_that_is_kept() -> None:
    assert rich("**Tỷ trọng: 4 % → 2 %** (−2) <b>*x*") == r"**Tỷ trọng: 4 % → 2 %** (−2) &lt;b&gt;\*x\*"
    assert kinds(rich("**a** b **c**")) <= HARMLESS | {"strong_open", "strong_close"}


@pytest.mark.parametrize("text", ["a", "`", "``x`", "a|b", "x``"])
def test_code_is_fenced_longer_than_what_it_holds(text: str) -> None:
    assert kinds(code(text)) == {"inline", "code_inline", "paragraph_open", "paragraph_close"}
    assert "|" not in code(text)


def test_no_payload_of_the_corpus_becomes_markup_in_the_summary() -> None:
    allowed = kinds(markdown(everything("en")))
    links = {"link_open", "image", "html_block", "html_inline", "fence", "code_block"}
    assert not allowed & links
    for text in chunks(10):
        made = markdown(everything("en", text, f"{text} 2"))
        assert kinds(made) <= allowed | {"code_inline", "strong_open", "strong_close"}, text
        assert READER.render(made).count("<h2>") == 1


def test_the_summary_holds_answer_cause_split_and_values() -> None:
    text = markdown(split_in_two("en"))
    assert text.startswith(
        "## What changed: Báo cáo\n\nVersion 2 compared with version 1 (`0001-aaaaaaaa` → `0002-bbbbbbbb`)\n"
    )
    assert "**Xác suất đạt “30 %, năm 2030”: khoảng 4 % → khoảng 2 %** (−2 percentage points)." in text
    assert "  - **Tỷ trọng kinh tế số, Việt Nam, 2024**: 12.66% → 13.1% (+0.44 percentage points)." in text
    assert (
        "of the change of −2 percentage points: Số 2024 −3; Mô hình \\+1." in text or "Số 2024 −3; Mô hình +1." in text
    )
    assert "| Xác suất đạt “30 %, năm 2030” | khoảng 4 % | khoảng 2 % | −2 percentage points | – |" in text
    assert text.endswith("\n")


def test_many_values_are_cut_and_counted() -> None:
    old, new = (record(*[value(f"v{n}", float(n + k), title=f"Số {n}") for n in range(1, 50)]) for k in (0, 1))
    text = markdown(compared(old, new, CODE))
    assert text.count("\n| Số ") == ROWS
    assert "… và 19 con số khác." in text


def test_what_else_changed_is_named_or_counted() -> None:
    old = record(Headline(name="h", text="cũ"), table("t", [("a", "1")], caption="Bảng | một"), Paragraph(text="x"))
    new = record(table("t", [("a", "2")], caption="Bảng | một"), Paragraph(text="hoàn toàn khác"))
    text = markdown(compared(old, new, REVISED))
    assert "- không còn: cũ" in text
    assert "- **Các bảng thay đổi**: Bảng &#124; một" in text
    assert "- **Lời văn thay đổi**: 2 đoạn văn" in text
    same = record()
    assert "Không có gì thay đổi" in markdown(compared(same, replace(same)))
