from __future__ import annotations

import html
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.reports.text import clean, escape, is_hidden, marked_up, one_line, without_markup


def test_vietnamese_is_kept_as_it_is() -> None:
    text = "Tỷ trọng kinh tế số: 12,66 % – “ưỡn, ườm, ặ ẫ ễ ộ ữ Ỷ Ợ”"
    assert clean(text) == text


def test_direction_marks_become_visible() -> None:
    assert clean("gdp\u202e66,21\u202c%") == "gdp[U+202E]66,21[U+202C]%"


def test_control_characters_and_lone_surrogates_become_visible() -> None:
    assert clean("a\x1b[31mb\ud800\x00") == "a[U+001B][31mb[U+D800][U+0000]"


def test_marks_are_kept_until_they_pile_up() -> None:
    assert clean("e" + "\u0301" * 6) == "e" + "\u0301" * 4 + "[U+0301]" * 2
    assert clean("Ợ o\u031b\u0323 o\u0302\u0323") == "Ợ o\u031b\u0323 o\u0302\u0323"


def test_joiners_and_letters_without_ink_become_visible() -> None:
    assert clean("VN\u200d|\u3164|\u00ad|\ue0000|\U000e0041") == "VN[U+200D]|[U+3164]|[U+00AD]|\ue0000|[U+E0041]"


def test_the_hidden_characters_are_those_of_unicode() -> None:
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    missed = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in kinds and not is_hidden(c)]
    assert missed == ["\t", "\n"]


@given(st.text().filter(lambda text: not re.search("[\u0300-\u20ff]{5}", text)))
def test_nothing_hidden_survives_and_nothing_visible_is_lost(text: str) -> None:
    cleaned = clean(text)
    assert not any(is_hidden(c) for c in cleaned)
    letters = iter(cleaned)
    assert all(c in letters for c in text if not is_hidden(c)), "what is visible keeps its order"


@given(st.text())
def test_escaped_text_reads_back_as_the_cleaned_text(text: str) -> None:
    escaped = escape(text)
    assert not set("<>\"'") & set(escaped)
    assert html.unescape(escaped) == clean(text)


def test_bold_is_the_only_markup() -> None:
    assert marked_up("**a** <b> [x](javascript:1) `c`") == "<strong>a</strong> &lt;b&gt; [x](javascript:1) `c`"


def test_bold_needs_words_inside() -> None:
    assert marked_up("2 ** 3 ** 4") == "2 ** 3 ** 4"


def test_without_markup_gives_the_words() -> None:
    assert without_markup("a **b** c") == "a b c"


def test_one_line_folds_and_cuts() -> None:
    assert one_line("a\n  b\tc") == "a b c"
    assert one_line("x" * 20, 10) == "x" * 9 + "…"
