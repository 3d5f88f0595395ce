"""Numbers that a page, or two pages, say more than once are the same number, and what is alike is called alike."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable

import pytest

from dxanalysis import forecast
from dxanalysis.data import open_store
from dxanalysis.i18n import texts
from dxanalysis.project import Project
from dxanalysis.reports.recording.items import Paragraph
from pages.conftest import LANGUAGES, REGIONS, Made

MakePage = Callable[[str, str, str], Made]


def raw_rows(made: Made, name: str) -> list[dict[str, str]]:
    """Rows of a raw file, as they are written."""
    with (made.page.project.raw / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_targets_without_an_answer_are_counted_once(make_page: MakePage, region: str, language: str) -> None:
    """The headline and the section count targets by their official method, not rows: documents that promise the same share one."""
    made, t = make_page("attainment", region, language), texts(language)
    told = [item.text for item in made.of(Paragraph)]
    assert t("pages.attainment.unknown_intro", n=made.values["targets_unknown"].text) in told
    judged = {one.target.id: one for one in reversed(forecast.judge_targets(made.page.store, region))}
    named = {name for row in made.tables["unknown"].rows for name in row[-1].split(", ")}
    answered = {name for name in named if not isinstance(judged[name].outcome, forecast.NotEnoughData)}
    assert (t("pages.attainment.unknown_other_method") in told) == bool(answered)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_size_of_revisions_says_which_mean_it_is(make_page: MakePage, real_project: Project, language: str) -> None:
    """The page on data quality tells the mean size; a forecast is widened by the root mean square, a larger number."""
    t = texts(language)
    history = open_store(real_project).observations(indicator="de_va_share_gdp", region="VN", history=True)
    changes = forecast.revisions(history)["change"]
    size = math.sqrt(float((changes**2).mean()))
    assert t.number(size, 2) != t.number(float(changes.abs().mean()), 2)
    told = t("pages.outlook.revisions", n=str(len(changes)), size=t("pages.points", n=t.number(size, 2)))
    assert {"vi": "căn bậc hai của trung bình bình phương", "en": "root mean square"}[language] in told
    made = make_page("attainment", "VN", language)
    assert any(told in row[1] for name, one in made.tables.items() if name.startswith("chance_") for row in one.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_nation_has_a_gdp_and_provinces_a_grdp(make_page: MakePage, language: str) -> None:
    titles = {region: make_page("contribution", region, language).record.meta.title for region in REGIONS}
    assert {region: "GRDP" in title for region, title in titles.items()} == {"34-52": True, "63-64": True, "VN": False}
    assert "GDP" in titles["VN"]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("notebook", ["contribution", "attainment"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_is_cited_with_its_date_and_what_to_know_of_it(
    make_page: MakePage, notebook: str, region: str, language: str
) -> None:
    made, t = make_page(notebook, region, language), texts(language)
    store = made.page.store
    start = t("pages.wording.source_released", release="").rstrip(". ")
    known = {store.source(row["source"]).title: store.source(row["source"]) for row in raw_rows(made, "sources.csv")}
    for row in made.record.sources:
        assert row.note.startswith(start), row.title
        assert known[row.title].warning(language).rstrip(".").lower() in row.note.lower()
    assert any(known[row.title].note for row in made.record.sources) or notebook == "attainment"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pace_from_an_estimate_says_so_with_the_ends_of_its_range(make_page: MakePage, language: str) -> None:
    t = texts(language)
    estimated, published = (make_page("contribution", region, language) for region in ("34-52", "VN"))
    column = [row[3] for row in estimated.tables["pace"].rows if t.percent(30, None) in row[0]]
    low, high = column[-1].split()[0].lstrip("+"), column[0].split()[0].lstrip("+")
    told = t("pages.contribution.pace_from_estimate", low=low, high=high)
    assert told in estimated.headlines["pace"]
    assert told.split(";")[0] not in published.headlines["pace"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_of_the_nation_on_a_province_s_page_is_told_as_the_nation_s(
    make_page: MakePage, language: str
) -> None:
    values = make_page("contribution", "34-52", language).values
    moved = [one.title for name, one in values.items() if name.startswith("share_change")]
    assert moved
    assert all({"vi": "cả nước", "en": "nation's"}[language] in title for title in moved)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_has_the_few_probabilities_there_are(make_page: MakePage, language: str) -> None:
    """Gia Lai's one target with a probability was counted in the headline, and its answer stood pages below."""
    made, t = make_page("attainment", "34-52", language), texts(language)
    (table,) = (one for name, one in made.tables.items() if name.startswith("chance_"))
    answers = {row[0]: row[1] for row in table.rows}
    (told,) = (text for name, text in made.headlines.items() if name.startswith("chance_"))
    head = t("pages.outlook.range_mean", span="2025–2030")
    assert answers[t("pages.outlook.chance")] in told
    assert f"{head}: {answers[head].rsplit(', ', 1)[0]}" in told
    # The nation's only probabilities are those of the digital share, which has a headline of its own.
    assert not [name for name in make_page("attainment", "VN", language).headlines if name.startswith("chance_")]
