"""The two catalogues say the same things, all that is asked for and nothing else."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from dxanalysis import accounts, i18n
from dxanalysis.data import open_store
from dxanalysis.i18n import LANGUAGES, placeholders, texts
from dxanalysis.project import Project
from i18n.text_keys import SOURCE, families, family_patterns, labels_named, literal_keys, room_exceptions, wanted

VI, EN = (texts(language).entries for language in LANGUAGES)
FILES = sorted({path.name.split(".")[0] for path in (SOURCE / "i18n").glob("*.toml")})

# The same in both languages on purpose: names, symbols and numbers.
SAME = {
    "common.unit.usd": "currency code",
    "common.unit.km2": "symbol",
    "pages.owner.vcci": "the federation goes by its initials in both languages",
    "pages.aim.range": "numbers only",
    "pages.quality.by": "value and source only",
}
# Vietnamese without a letter that only Vietnamese has, and right.
NO_DIACRITICS = {
    "common.unit.usd": "currency code",
    "common.unit.km2": "symbol",
    "common.unit.score_0_1": "the Vietnamese word for scale, thang, has none",
    "pages.owner.vcci": "name",
    "pages.contribution.axis_gdp": "a symbol and an abbreviation",
    "pages.aim.range": "numbers only",
    "pages.quality.by": "value and source only",
}
# A probability of "khoảng 30 %" is meant to be about 30 %, and this text explains it.
ABOUT_IN_WORDS = "pages.attainment.chances_intro"
_MARKS = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323", "\u0302", "\u0306", "\u031b"}


@pytest.fixture(scope="module")
def assumptions(real_project: Project) -> set[str]:
    """Ids of the assumptions that a real transfer makes."""
    store = open_store(real_project)
    national, province = (
        store.observations(indicator=[one for one in names if store.has_indicator(one)], region=region, history=True)
        for names, region in ((accounts.NATIONAL_INDICATORS, "VN"), (accounts.STRUCTURE_INDICATORS, "63-64"))
    )
    inputs = accounts.transfer_inputs(national, province, "2023", allow_half_year=True)
    assert isinstance(inputs, accounts.TransferInputs)
    return {one.id for one in accounts.default_assumptions(inputs)}


def _words(sentence: str) -> str:
    return re.sub(r"\{[^}]*\}", " ", sentence)


def _is_vietnamese(sentence: str) -> bool:
    letters = unicodedata.normalize("NFD", sentence.lower())
    return "đ" in letters or any(mark in letters for mark in _MARKS)


def test_each_catalogue_is_there_in_both_languages() -> None:
    assert set(FILES) >= {"common", "pages", "reports"}
    for name in FILES:
        assert all((SOURCE / "i18n" / f"{name}.{language}.toml").is_file() for language in LANGUAGES)


@pytest.mark.parametrize("name", FILES)
def test_both_languages_have_the_same_keys_in_the_same_order(name: str) -> None:
    vi, en = (_keys(SOURCE / "i18n" / f"{name}.{language}.toml") for language in LANGUAGES)
    assert vi == en
    assert vi


def _keys(path: Path) -> list[str]:
    def flat(table: dict[str, object], prefix: str) -> list[str]:
        found = []
        for key, value in table.items():
            found += flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
        return found

    return flat(tomllib.loads(path.read_text(encoding="utf-8")), "")


def test_both_languages_take_the_same_values() -> None:
    assert {key for key in VI if placeholders(VI[key]) != placeholders(EN[key])} == set()


@pytest.mark.parametrize("entries", [VI, EN], ids=LANGUAGES)
def test_bold_marks_come_in_pairs(entries: dict[str, str]) -> None:
    assert {key for key, text in entries.items() if text.count("**") % 2} == set()


def test_every_key_the_code_writes_out_exists() -> None:
    assert len(literal_keys()) > 150
    assert {key: module for key, module in literal_keys().items() if key not in VI} == {}


def test_the_code_puts_keys_together_only_from_known_codes(assumptions: set[str]) -> None:
    known = families(assumptions)
    assert all(known.values()), "a family lost its members"
    assert {pattern: module for pattern, module in family_patterns().items() if pattern not in known} == {}
    assert set(known) - set(family_patterns()) == set(), "a family that the code no longer asks for"


def test_every_member_of_a_family_has_its_text(assumptions: set[str]) -> None:
    known = families(assumptions)
    keys = {pattern.replace("{}", member) for pattern in family_patterns() for member in known[pattern]}
    assert len(keys) > 200
    assert {key for key in keys if key not in VI} == set()


def test_no_text_is_left_over(assumptions: set[str]) -> None:
    asked = wanted(assumptions) | labels_named()
    assert sorted(set(VI) - asked) == []
    assert {key for key in wanted(assumptions) if key not in VI} == set()


def test_every_text_is_translated() -> None:
    assert {key for key in VI if VI[key] == EN[key]} == set(SAME) | set(room_exceptions("SAME"))


def test_vietnamese_has_its_diacritics() -> None:
    plain = {key for key, text in VI.items() if not _is_vietnamese(_words(text))}
    assert plain == set(NO_DIACRITICS) | set(room_exceptions("NO_DIACRITICS"))


def test_english_has_no_vietnamese_in_it() -> None:
    assert {key for key, text in EN.items() if _is_vietnamese(text)} == set()


def test_no_plural_is_left_to_the_reader() -> None:
    assert {key for key, text in EN.items() if "(s)" in text} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_composed_unicode_without_stray_space(language: str) -> None:
    for key, text in texts(language).entries.items():
        assert text == unicodedata.normalize("NFC", text), key
        assert text == text.strip(), key
        assert "  " not in text, key


def test_percent_signs_are_set_as_each_language_sets_them() -> None:
    """12,66 % with a no-break space in Vietnamese, 12.66% in English; also inside sentences."""
    for key, text in VI.items():
        assert not re.search(r"[\d}]%", text), key
        assert not re.search(r"\d\.\d", text), key
    for key, text in EN.items():
        assert not re.search(r"\d\s%", text), key
        assert not re.search(r"\d,\d(?!\d\d)", text), key


def test_vietnamese_percent_signs_do_not_break_from_their_number() -> None:
    broken = {key for key, text in VI.items() if re.search(r"[\d}] %", text)}
    assert broken == set()


def test_a_range_in_vietnamese_is_not_called_about_so_many_percent() -> None:
    """Khoảng is a range and the word for about: a range of 80 % needs its noun (khoảng dự báo 80 %)."""
    assert {key for key, text in VI.items() if re.search(r"[Kk]hoảng (?:\d|\{level\})", text)} == {ABOUT_IN_WORDS}


def test_the_catalogues_of_the_package_are_those_that_are_read() -> None:
    assert set(VI) == set(texts("vi").entries)
    assert i18n.LANGUAGES == ("vi", "en")
