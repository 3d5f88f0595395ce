from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.reports.site.search import embedded, fold, policy
from reports.page_rules import HOSTILE


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đắk Lắk", "dak lak"),
        ("đắk  lắk", "dak lak"),
        ("DAK LAK", "dak lak"),
        ("Gia Lai (sau sáp nhập)", "gia lai sau sap nhap"),
        ("Bà Rịa - Vũng Tàu", "ba ria vung tau"),
        ("Thừa Thiên Huế", "thua thien hue"),
        ("12,66\u00a0%", "12 66"),
        ("", ""),
    ],
)
def test_marks_capitals_and_signs_do_not_count(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(unicodedata.normalize("NFD", written)) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_embedded_json_reads_back_and_ends_no_element(text: str) -> None:
    made = embedded({"text": text + HOSTILE + "\u2028</script><!--<script>"})
    assert json.loads(made)["text"] == text + HOSTILE + "\u2028</script><!--<script>"
    assert made.isascii()
    assert not set(made) & set("<>&")


def test_only_our_script_may_run() -> None:
    assert "script-src" not in policy(scripted=False)
    assert "script-src 'sha256-" in policy(scripted=True)
    assert all(text.startswith("default-src 'none'") for text in (policy(scripted=True), policy(scripted=False)))
