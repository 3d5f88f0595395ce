"""What the pages of the project's own figures say, in both languages, against the figures and the library asked directly."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from html import unescape

import pytest

from dxanalysis import accounts, forecast
from dxanalysis.accounts.national_change import NationalChange
from dxanalysis.data import open_store
from dxanalysis.data.conflicts import conflicts
from dxanalysis.data.store import Store
from dxanalysis.i18n import texts
from dxanalysis.project import Project
from dxanalysis.reports.recording.items import Figure, Heading, Note, Paragraph, Table
from pages.conftest import LANGUAGES, NOTEBOOKS, REGIONS, SEED, Made

MakePage = Callable[[str, str, str], Made]
EVERY = [(notebook, region, language) for notebook in NOTEBOOKS for region in REGIONS for language in LANGUAGES]
PROVINCES = ("34-52", "63-64")

# A probability that is stated: the word, then a number.
STATED = re.compile(r"(?:xác suất|probability)\W+(?:(?:dưới|trên|khoảng|below|above|about)\s+)?\d", re.IGNORECASE)
POINTS = re.compile(r"\d+ (?:số liệu năm|yearly figures)")
# Words that no Vietnamese text has, and that would be left over from English.
ENGLISH = re.compile(
    r"\b(?:the|of|and|by|with|not|none|unknown|missing|target|estimate|published|released|release|figures?|share|source|year|"
    r"yes|indicator|region|forecast|page|undated|news|about)\b",
    re.IGNORECASE,
)


@pytest.fixture(params=EVERY, ids=" ".join)
def made(request: pytest.FixtureRequest, make_page: MakePage) -> Made:
    return make_page(*request.param)


@pytest.fixture(scope="module")
def store(real_project: Project) -> Store:
    return open_store(real_project)


def _own_words(made: Made, store: Store) -> list[str]:
    """Texts of a page without the titles of sources and documents, which stay as they were published."""
    titles = {store.source(row["source"]).title for row in _raw(made, "sources.csv")}
    ordered = sorted(titles, key=len, reverse=True)

    def without_titles(text: str) -> str:
        for title in ordered:
            text = text.replace(title, "")
        return text.strip("; ")

    return [text for text in map(without_titles, made.texts) if text]


def _raw(made: Made, name: str) -> list[dict[str, str]]:
    """Rows of a raw file, as they are written."""
    with (made.page.project.raw / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _targets_of(made: Made) -> list[dict[str, str]]:
    return [row for row in _raw(made, "targets.csv") if _region_id(row) == made.region]


def _region_id(row: dict[str, str]) -> str:
    return "VN" if row["boundary_set"] == "VN" else f"{row['boundary_set']}-{row['region']}"


def test_a_page_has_its_title_answers_and_sources(made: Made) -> None:
    meta = made.record.meta
    assert (meta.language, meta.group_id) == (made.language, made.region)
    assert meta.title.endswith(meta.group)
    assert made.headlines
    assert made.of(Heading)
    assert made.record.sources
    assert made.record.data_used


def test_no_text_shows_what_is_missing_or_a_placeholder(made: Made) -> None:
    bad = re.compile(r"\bnan\b|\bNone\b|\bNaT\b|<NA>|[{}]|\binf\b|pages\.|common\.")
    assert [text for text in made.texts if bad.search(text)] == []


def test_tables_have_no_empty_cell_and_no_row_twice(made: Made) -> None:
    for table in made.of(Table):
        assert table.rows, table.name
        assert [row for row in table.rows if not all(cell.strip() for cell in row)] == [], table.name
        twice = [row for row, count in Counter(table.rows).items() if count > 1]
        assert twice == [], table.name


def test_figures_are_told_in_words_and_carry_their_numbers(made: Made) -> None:
    for figure in made.of(Figure):
        assert len(figure.alt) > 30, figure.name
        assert figure.narrow_svg != figure.wide_svg, figure.name
        assert figure.data is not None
        assert figure.data.rows, figure.name


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("region", REGIONS)
def test_vietnamese_pages_are_in_vietnamese(notebook: str, region: str, make_page: MakePage, store: Store) -> None:
    words = [text.replace("VTC News", "") for text in _own_words(make_page(notebook, region, "vi"), store)]  # a name
    assert len(words) > 50
    assert [text for text in words if ENGLISH.search(text)] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("region", REGIONS)
def test_english_pages_are_in_english(notebook: str, region: str, make_page: MakePage, store: Store) -> None:
    """Names of places apart, no Vietnamese letter is left."""
    made = make_page(notebook, region, "en")
    places = {name for one in _raw(made, "regions.csv") for name in (one["name_en"], one["name_vi"])}
    publishers = {row["publisher"] for row in _raw(made, "sources.csv")}
    left = []
    for text in _own_words(made, store):
        own = text
        for name in sorted(places | publishers - {""}, key=len, reverse=True):
            own = own.replace(name, "")
        if re.search(r"[ạảãấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ]", own, re.IGNORECASE):
            left.append(text)
    assert left == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        # A dot in Vietnamese numbers sets thousands apart, a comma is the decimal mark; in English the other way round.
        ("vi", re.compile(r"\d\.(?!\d{3}(?!\d))\d|\d,\d{3},\d")),
        ("en", re.compile(r"\d,(?!\d{3}(?!\d))\d|\d\.\d{3}\.\d|\d[\s\u00a0]%")),
    ],
)
def test_numbers_are_set_in_the_language(
    notebook: str, region: str, language: str, wrong: re.Pattern[str], make_page: MakePage, store: Store
) -> None:
    shown = _own_words(make_page(notebook, region, language), store)
    assert sum(bool(re.search(r"\d[.,]\d", text)) for text in shown) > 5, "hardly a number on the page"
    assert [text for text in shown if wrong.search(text)] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
@pytest.mark.parametrize("region", REGIONS)
def test_both_languages_tell_the_same(notebook: str, region: str, make_page: MakePage) -> None:
    vi, en = (make_page(notebook, region, language).record for language in LANGUAGES)
    assert [type(item) for item in vi.items] == [type(item) for item in en.items]
    assert [item.tone for item in vi.headlines] == [item.tone for item in en.headlines]
    assert vi.data_used == en.data_used
    values_vi, values_en = (make_page(notebook, region, language).values for language in LANGUAGES)
    assert {name: one.value for name, one in values_vi.items()} == {name: one.value for name, one in values_en.items()}
    shapes_vi, shapes_en = (
        {
            name: (len(table.rows), len(table.columns))
            for name, table in make_page(notebook, region, language).tables.items()
        }
        for language in LANGUAGES
    )
    assert shapes_vi == shapes_en


# ---- the digital share


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", PROVINCES)
def test_the_share_of_gia_lai_is_a_range_with_its_main_driver(
    region: str, language: str, make_page: MakePage, store: Store
) -> None:
    made, t = make_page("contribution", region, language), texts(language)
    national = store.observations(indicator=_known(store, accounts.NATIONAL_INDICATORS), region="VN", history=True)
    structure = store.observations(indicator=_known(store, accounts.STRUCTURE_INDICATORS), region=region, history=True)
    newest = max(one.period for one in accounts.structures(structure, "grdp") if one.period.kind in ("year", "half"))
    inputs = accounts.transfer_inputs(national, structure, str(newest.year), allow_half_year=True)
    share = accounts.transfer(inputs, n_draws=20_000, seed=SEED)
    assert isinstance(share, accounts.DigitalShare)
    low, high = share.interval(0.95)
    assert 0 < low < share.estimate < high < 20
    assert made.values["share_estimate_median"].value == pytest.approx(share.estimate, abs=5e-5)
    assert made.values["share_estimate_low_95"].value == pytest.approx(low, abs=5e-5)
    assert made.values["share_estimate_high_95"].value == pytest.approx(high, abs=5e-5)
    told = made.headlines["share"]
    assert f"{t.number(low, 1)} – {t.percent(high, 1)}" in told
    assert t(f"pages.assumption.{share.main_driver}") in told
    assert share.period in told
    widest = made.tables["assumptions"].rows[0]
    assert widest[0] == t(f"pages.assumption.{share.main_driver}"), "the main driver stands first in the table"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_share_of_the_nation_is_the_published_one(language: str, make_page: MakePage, store: Store) -> None:
    made, t = make_page("contribution", "VN", language), texts(language)
    figures = store.observations(indicator="de_va_share_gdp", region="VN")
    newest = figures[figures["period"].str.len() == 4].iloc[-1]
    assert made.values["share_published"].value == newest["value"]
    assert t.percent(newest["value"]) in made.headlines["share"]
    assert newest["period"] in made.headlines["share"]
    assert "share_estimate_median" not in made.values


@pytest.mark.parametrize("region", REGIONS)
def test_the_needed_pace_is_the_way_over_the_years(region: str, make_page: MakePage) -> None:
    made = make_page("contribution", region, "en")
    goals = {
        (float(row["value"]), row["deadline"])
        for row in _targets_of(made)
        if row["indicator"] in ("de_share_grdp", "de_share_gdp") and row["comparator"] in (">=", "range")
    }
    if region == "63-64":  # the unit ended before the deadlines that are ahead: nothing is needed of it any more
        assert "pace" not in made.headlines
        assert "needed_points_per_year" not in made.values
        return
    target, deadline = max(goals)
    start = made.values.get("share_estimate_median") or made.values["share_published"]
    told = made.headlines["share"]
    year = int(re.search(r"(?:\*\*|GRDP\*\*|%\*\*) in (\d{4})", told)[1])
    assert made.values["needed_points_per_year"].value == pytest.approx(
        (target - float(start.value)) / (int(deadline) - year), abs=1e-3
    )
    assert f"{texts('en').percent(target, None)} by {deadline}" in made.headlines["pace"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_the_ladder_explains_what_is_drawn_and_nothing_else(region: str, language: str, make_page: MakePage) -> None:
    made, t = make_page("contribution", region, language), texts(language)
    (ladder,) = (figure for figure in made.of(Figure) if figure.name == "ladder")
    assert ladder.data is not None
    low, high = (ladder.data.columns.index(t(f"pages.column.{end}")) for end in ("low", "high"))
    ranges = [row for row in ladder.data.rows if row[high] > row[low]]
    assert bool(ranges) == (region != "VN"), "the nation's share is published, a province's is estimated"
    assert (t("pages.contribution.ladder_bar") in ladder.caption) == bool(ranges)
    assert (t("pages.contribution.ladder_line") in ladder.caption) == bool(made.names["targets"])


@pytest.mark.parametrize("region", PROVINCES)
def test_a_small_part_of_the_spread_reads_alike_in_chart_and_table(region: str, make_page: MakePage) -> None:
    made = make_page("contribution", region, "vi")
    table = {row[0]: row[-1] for row in made.tables["assumptions"].rows}
    (bars,) = (figure for figure in made.of(Figure) if figure.name == "drivers")
    assert bars.data is not None
    drawn = dict(bars.data.rows)
    small = [name for name, part in drawn.items() if part < 1]
    assert small, "an assumption that is drawn though its part is below 1 %"
    for name, part in drawn.items():
        assert table[name] == ("< 1\u00a0%" if part < 1 else texts("vi").percent(part, 0))
        assert f"{name} {table[name]}" in bars.alt
        assert table[name] in _written(bars.wide_svg)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_all_of_digitalisation_is_held_against_the_structure(region: str, language: str, make_page: MakePage) -> None:
    made, t = make_page("contribution", region, language), texts(language)
    change = accounts.national_change(accounts.national_sets(made.names["national"]))
    assert isinstance(change, NationalChange)
    parts = change.change.parts
    within = sum(points for name, points in parts.items() if name != "structure")
    assert within == pytest.approx(float(change.change.shares[-1] - change.change.shares[0]) - parts["structure"])
    assert within > parts["structure"] > max(points for name, points in parts.items() if name != "structure")
    (told,) = (
        item.text
        for item in made.of(Paragraph)
        if t.percent(float(change.change.shares[0])) in item.text and t.period(str(change.first)) in item.text
    )
    assert t.number(within, 2, sign=True) in told
    assert t.number(parts["structure"], 2, sign=True) in told


@pytest.mark.parametrize("region", PROVINCES)
def test_the_method_is_held_against_quang_tri_and_its_error_is_printed(region: str, make_page: MakePage) -> None:
    """Quảng Trị published 7.09 % for 2023, and its structure: the one case of Gia Lai's kind."""
    table = make_page("contribution", region, "vi").tables["check"]
    rows = [row for row in table.rows if "Quảng Trị" in row[0]]
    assert len(rows) == 1
    assert "7,09\u00a0%" in rows[0]
    error = next(n for n, column in enumerate(table.columns) if "điểm phần trăm" in column.label)
    assert re.fullmatch(r"[+\N{MINUS SIGN}]?\d,\d", rows[0][error])


@pytest.mark.parametrize("region", REGIONS)
def test_no_method_of_a_digital_share_is_mixed_with_another(region: str, make_page: MakePage, store: Store) -> None:
    tables = make_page("contribution", region, "vi").tables
    for method in accounts.SHARE_INDICATORS:
        here = store.observations(indicator=method, history=True) if store.has_indicator(method) else ()
        if not len(here):
            continue
        shown = tables[f"published_{method}"]
        newest_or_own = here.drop_duplicates(["region_id", "period"], keep="last")
        own = here[here["region_id"] == region]
        assert len(shown.rows) == len(newest_or_own[newest_or_own["region_id"] != region]) + len(own), method


# ---- the targets


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_every_target_of_the_region_has_its_row_in_the_register(
    region: str, language: str, make_page: MakePage
) -> None:
    made = make_page("attainment", region, language)
    shown = [row[0] for row in made.tables["register"].rows]
    wanted = {row["target"] for row in _targets_of(made)}
    assert len(wanted) > 20
    assert set(shown) == wanted
    assert str(len(wanted)) in made.headlines["targets"]
    assert str(len(wanted)) in made.tables["register"].caption


@pytest.mark.parametrize("region", REGIONS)
def test_the_counts_of_promises_are_those_of_the_judgements(region: str, make_page: MakePage, store: Store) -> None:
    made = make_page("attainment", region, "vi")
    judged = forecast.judge_targets(store, store.region(region), draws=4_000, seed=SEED)
    kinds: dict[type, str] = {
        forecast.Met: "met",
        forecast.Missed: "missed",
        forecast.Chance: "chance",
        forecast.AlreadyThere: "chance",
        forecast.PlanFigure: "plan",
        forecast.NotEnoughData: "unknown",
    }
    # Every target once, by the official method, which is judged first.
    targets = {one.target.id: kinds[type(one.outcome)] for one in reversed(judged)}
    counts = Counter(targets.values())
    assert {case: made.values[f"targets_{case}"].value for case in set(kinds.values())} == {
        case: counts[case] for case in set(kinds.values())
    }
    promises = {
        (one.indicator, one.target.comparator, one.target.value, one.target.upper, one.target.group,
         one.target.deadline.text, one.target.meaning): kinds[type(one.outcome)]
        for one in judged
    }  # fmt: skip
    shown = Counter(promises.values())
    assert len(made.tables["unknown"].rows) == shown["unknown"]
    assert sum(name.startswith("chance_") for name in made.tables) == shown["chance"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_no_probability_stands_without_its_evidence(region: str, language: str, make_page: MakePage) -> None:
    for notebook in NOTEBOOKS:
        made, t = make_page(notebook, region, language), texts(language)
        stated = [text for text in made.texts if STATED.search(text)]
        assert [text for text in stated if not POINTS.search(text)] == []
        probabilities = [value for value in made.values.values() if value.unit == "probability"]
        for value in probabilities:
            assert POINTS.search(value.title), "where versions are compared it stands alone"
            headline = made.headlines.get(value.name.removesuffix("_probability"))
            if headline is not None:
                assert value.text in headline
                assert POINTS.search(headline)
        chances = [table for name, table in made.tables.items() if name.startswith("chance_")]
        for table in chances:
            rows = dict(table.rows)
            assert rows[t("pages.outlook.chance")]
            assert POINTS.search(rows[t("pages.outlook.evidence")])
            ranges = [text for head, text in rows.items() if head == t("pages.outlook.range") or "80" in head]
            assert ["–" in text for text in ranges] == [True], "a central range stands beside the probability"
        if notebook != "attainment":
            assert not stated
            assert not probabilities


def test_probabilities_are_stated_where_figures_carry_them(make_page: MakePage) -> None:
    """The rule above would be empty without a page that states one."""
    assert any(STATED.search(text) for text in make_page("attainment", "VN", "vi").texts)
    assert any(STATED.search(text) for text in make_page("attainment", "34-52", "en").texts)


@pytest.mark.parametrize("region", REGIONS)
def test_where_there_is_no_answer_the_page_says_what_is_missing(region: str, make_page: MakePage) -> None:
    table = make_page("attainment", region, "vi").tables["unknown"]
    column = [one.key for one in table.columns].index("missing")
    assert all(len(row[column]) > 20 for row in table.rows)


def test_a_passed_deadline_is_met_or_missed_on_a_named_release(make_page: MakePage) -> None:
    """20 percent in 2025: the nation published 14.02 on 5 January 2026."""
    rows = make_page("attainment", "VN", "vi").tables["decided"].rows
    share = [row for row in rows if "20\u00a0%" in row[1] and "14,02\u00a0%" in row[2]]
    assert len(share) == 1
    assert "05/01/2026" in share[0][2]
    assert share[0][3] == "Không đạt"
    assert share[0][4].startswith("−5,98")


# ---- the data


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("region", REGIONS)
def test_the_counts_of_figures_are_those_of_the_raw_files(region: str, language: str, make_page: MakePage) -> None:
    made = make_page("data_quality", region, language)
    rows = [
        row
        for path in (made.page.project.raw / "observations").glob("*.csv")
        for row in _raw(made, f"observations/{path.name}")
        if _region_id(row) == region
    ]
    assert made.values["figures"].value == len(rows)
    indicators = {row["indicator"] for row in rows}
    assert str(len(indicators)) in made.headlines["coverage"]
    assert len(made.tables["indicators"].rows) == len(indicators)
    measured = {
        row["indicator"]: {row["indicator"], *row["measured_by"].split(";")} for row in _raw(made, "indicators.csv")
    }
    blind = [row for row in _targets_of(made) if not measured[row["indicator"]] & indicators]
    assert made.values["targets_without_figures"].value == len(blind)
    assert str(len(blind)) in made.headlines["followed"]
    assert len(made.tables["blind"].rows) == len({row["indicator"] for row in blind})


@pytest.mark.parametrize("region", REGIONS)
def test_every_conflict_of_the_figures_is_shown(region: str, make_page: MakePage, store: Store) -> None:
    made = make_page("data_quality", region, "en")
    found = conflicts(store.observations(region=region, history=True))
    assert made.values["conflicts"].value == len(found)
    assert ("conflicts" in made.tables) == bool(len(found))
    if len(found):
        assert len(made.tables["conflicts"].rows) == len(found)


def _written(svg: str) -> str:
    """Words of a picture: matplotlib writes them as comments beside the shapes of its letters."""
    return unescape(" ".join(re.findall(r"<!-- (.*?) -->", svg)))


def _known(store: Store, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if store.has_indicator(name)]


def test_parts_that_were_not_revised_with_the_whole_are_named(make_page: Callable[[str, str, str], Made]) -> None:
    """The chart fell from 2022 to 2023 where the newest shares rise: its parts are of the releases before."""
    made = make_page("contribution", "VN", "en")
    (note,) = [item.text for item in made.of(Note) if "do not add to it" in item.text]
    assert "2022 12.68% (newest whole 12.83%)" in note
    assert "2023 12.33% (newest whole 12.87%)" in note
    assert "2025" not in note
