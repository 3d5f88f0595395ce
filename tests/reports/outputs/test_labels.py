from __future__ import annotations

import re
import string

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.outputs import templating
from dxanalysis.reports.outputs.labels import Texts, catalogue, index_file

TEMPLATES = {
    name: templating.environment().loader.get_source(templating.environment(), name)[0]
    for name in templating.environment().list_templates(extensions=["j2"])
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_with_the_same_placeholders() -> None:
    vi, en = catalogue().values()
    assert set(vi) == set(en)
    for key in vi:
        assert placeholders(vi[key]) == placeholders(en[key]), key
        assert vi[key] != en[key] or key == "language_name", f"{key} is not translated"


def test_every_label_a_template_names_exists() -> None:
    named = {key for text in TEMPLATES.values() for key in re.findall(r'\bt\("([a-z_]+)"[,)]', text)}
    assert named
    assert named <= set(catalogue()["vi"])


def test_vietnamese_comes_first_and_has_the_plain_index() -> None:
    assert list(catalogue()) == ["vi", "en"]
    assert [index_file(language, ["vi", "en"]) for language in ("vi", "en")] == ["index.html", "index.en.html"]


def test_a_project_gives_its_own_words() -> None:
    labels = catalogue(vi={"site_title": "Kinh tế số Gia Lai", "publisher": "Gia Lai"})
    assert Texts(labels, "vi")("site_title") == "Kinh tế số Gia Lai"
    assert Texts(labels, "vi").publisher == "Gia Lai"
    assert Texts(labels, "en").publisher == ""
    with pytest.raises(ReportError, match="there is no label 'site_titel'"):
        catalogue(en={"site_titel": "x"})


def test_a_missing_label_or_placeholder_is_an_error() -> None:
    texts = Texts({"vi": {"a": "{number}"}}, "vi")
    for key, values in (("b", {}), ("a", {}), ("a", {"count": 1})):
        with pytest.raises(ReportError, match=f"label '{key}' is missing or its placeholders are wrong"):
            texts(key, **values)


def test_a_language_without_labels_is_an_error() -> None:
    with pytest.raises(ReportError, match=r"the report's language is 'fr'\. Languages with labels: vi, en"):
        Texts(catalogue(), "fr")


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (2024, "2024", "2024"),
        (12.66, "12,66", "12.66"),
        (-0.5, "−0,5", "−0.5"),
        (1234567, "1.234.567", "1,234,567"),
        (-7, "−7", "−7"),
        (20.0, "20", "20"),
    ],
)
def test_numbers_are_set_in_the_language(value: float, vi: str, en: str) -> None:
    assert (Texts(catalogue(), "vi").number(value), Texts(catalogue(), "en").number(value)) == (vi, en)


def test_dates_are_set_in_the_language_and_other_text_stays() -> None:
    texts = Texts(catalogue(), "vi")
    assert texts.date("2025-01-06T10:00:00+00:00") == "06/01/2025"
    assert texts.date_or_text("2025-01-06") == "06/01/2025"
    assert texts.date_or_text("tháng 1/2025") == "tháng 1/2025"
