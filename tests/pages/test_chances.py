"""The section on targets ahead, on a made-up archive where regions learn from each other: evidence, cases, scenarios, levels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from dxanalysis import forecast
from dxanalysis.forecast import Attainment, Chance, Evidence, Judgement, Together
from dxanalysis.i18n import texts
from dxanalysis.pages import Page, attainment, chances, open_page, outlook, wording
from dxanalysis.pages.promises import promise_name
from dxanalysis.reports.recording.items import Figure, Heading, Headline, Note, Paragraph, Table
from forecast import provinces
from forecast.provinces import HOME, LEVELS, province, quarters, settle, target
from trial import ROOT, Archive

LANGUAGES = ("vi", "en")
NAMES = tuple(f"{level}_2030_{value}" for level, value in zip(LEVELS, (81, 70, 68), strict=True))


@dataclass(frozen=True)
class Filled:
    """Every province with every level, judged once."""

    archive: Archive
    judgements: tuple[Judgement, ...]
    together: tuple[Together, ...]

    def page(self, language: str) -> Page:
        return blank(self.archive, language)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    archive = provinces.filled(tmp_path_factory.mktemp("filled"))
    _, judgements, together = opened(archive, "vi")
    return Filled(archive, judgements, together)


def blank(archive: Archive, language: str) -> Page:
    page = open_page(HOME, language, as_of="2026-11-23", project=archive.project.root)
    page.recorder.meta(title="-", language=language)
    return page


def opened(archive: Archive, language: str) -> tuple[Page, tuple[Judgement, ...], tuple[Together, ...]]:
    page = blank(archive, language)
    judgements = forecast.judge_targets(page.store, page.region, draws=1000, seed=1)
    return page, judgements, forecast.judge_together(page.store, page.region, judgements, draws=1000, seed=1)


def tables(page: Page) -> dict[str, Table]:
    return {item.name: item for item in page.recorder.record().items if isinstance(item, Table)}


def said(page: Page, kind: type) -> list[str]:
    return [item.text for item in page.recorder.record().items if isinstance(item, kind)]


def given(**changes: object) -> Evidence:
    observed = tuple((str(year), 10.0 + year - 2010) for year in range(2010, 2025))
    known = Evidence(region=HOME, observed=observed, releases=1)
    return replace(known, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cases_pace_and_evidence_stand_beside_the_chance(filled: Filled, language: str) -> None:
    page, judgements, together = filled.page(language), filled.judgements, filled.together
    chances.show_chances(page, judgements, together)
    t, shown = texts(language), tables(page)
    assert set(shown) == {f"together_{NAMES[2]}", *(f"{name}_{of}" for name in ("chance", "scenarios") for of in NAMES)}
    found = judgements[0].outcome.attainment  # type: ignore[union-attr]
    rows = dict(shown[f"chance_{promise_name(judgements[0])}"].rows)
    assert rows[t("pages.outlook.similar")].startswith(f"{found.n_managed} ")
    assert f" {found.n_similar} " in rows[t("pages.outlook.similar")]
    proof = rows[t("pages.outlook.evidence")]
    own = found.evidence
    assert f"{own.n_points} " in proof
    assert f" {own.n_peers} " in proof
    assert f" {t.number(own.n_analogues)} " in proof
    assert t.percent(100 * own.prior_weight, 0) in proof
    assert outlook.prior_sources(t, own) in proof
    assert "_" not in proof, "families are called by their names"
    order = [row[0] for row in shown[f"chance_{promise_name(judgements[0])}"].rows]
    assert order.index(t("pages.outlook.evidence")) < order.index(t("pages.outlook.eurostat"))
    assert t("pages.outlook.pace") in order
    assert sum(isinstance(item, Figure) for item in page.recorder.record().items) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scenario_has_its_probability(filled: Filled, language: str) -> None:
    page, judgements = filled.page(language), filled.judgements
    chances.show_chances(page, judgements)
    t, outcome = texts(language), judgements[0].outcome
    assert isinstance(outcome, Chance)
    shown = tables(page)[f"scenarios_{promise_name(judgements[0])}"]
    assert shown.rows[0][0] == t("pages.scenario.as_forecast")
    assert [row[2] for row in shown.rows] == [
        t.percent(number, 1) for number in (outcome.attainment.median, *(one.median for one in outcome.scenarios))
    ]
    probabilities = (outcome.attainment.probability, *(one.probability for one in outcome.scenarios))
    assert [row[1] for row in shown.rows] == [outlook.chance(t, one) for one in probabilities]
    assert not any(name.startswith("together") for name in tables(page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_levels_are_answered_together(filled: Filled, language: str) -> None:
    page, judgements, together = filled.page(language), filled.judgements, filled.together
    chances.show_chances(page, judgements, together)
    t, found = texts(language), together[0].answer
    (told,) = [text for text in said(page, Paragraph) if outlook.chance(t, found.probability) in text and "**" in text]
    assert outlook.chance(t, found.lowest) in told
    assert outlook.chance(t, found.highest) in told
    assert told.count("10 ") >= 3, "the yearly figures behind each level"
    assert len(tables(page)[f"together_{NAMES[2]}"].rows) == len(LEVELS)
    assert t("pages.attainment.together_heading", deadline=wording.when(t, "2030")) in said(page, Heading)


def test_a_promise_with_one_level_has_no_empty_section(archive: Archive) -> None:
    settle(archive, province(LEVELS[0], 1), target("T1", LEVELS[0], 70))
    page, judgements, together = opened(archive, "vi")
    assert together == ()
    chances.show_chances(page, judgements, together)
    assert set(tables(page)) == {f"chance_{promise_name(judgements[0])}", f"scenarios_{promise_name(judgements[0])}"}


def test_a_target_that_is_reached_is_not_asked_what_it_would_take(archive: Archive) -> None:
    settle(archive, province(LEVELS[0], 1), target("T1", LEVELS[0], 5))
    page, judgements, _ = opened(archive, "en")
    outcome = judgements[0].outcome
    assert isinstance(outcome, forecast.AlreadyThere)
    chances.show_chances(page, judgements)
    assert set(tables(page)) == {f"chance_{promise_name(judgements[0])}"}
    assert isinstance(outcome.outlook, Attainment)
    assert outcome.outlook.date == "2025"
    rows = dict(tables(page)[f"chance_{promise_name(judgements[0])}"].rows)
    assert rows["When"] == "the newest yearly figure (2025) is at the target already"


def test_of_many_probabilities_only_those_of_concern_are_main_results(archive: Archive) -> None:
    goals = "".join(target(f"T{n}", LEVELS[0], value) for n, value in enumerate((99.5, 99, 50, 60)))
    settle(archive, province(LEVELS[0], 1), goals)
    page, judgements, _ = opened(archive, "en")
    attainment.show_answer(page, judgements, None)
    shown = [item.name for item in page.recorder.record().items if isinstance(item, Headline)]
    assert shown == ["targets", f"chance_{LEVELS[0]}_2030_99.5", f"chance_{LEVELS[0]}_2030_99"]


def test_two_methods_of_one_target_stand_side_by_side(filled: Filled) -> None:
    page, (first, second, _) = filled.page("en"), filled.judgements
    both = (first, replace(second, target=first.target))
    attainment.show_answer(page, both, None)
    chances.show_chances(page, both)
    assert len([name for name in tables(page) if name.startswith("chance_")]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_without_plan_figures_says_so_and_one_without_targets_nothing(archive: Archive, language: str) -> None:
    settle(archive, province(LEVELS[0], 1), target("T1", LEVELS[0], 70))
    page, judgements, _ = opened(archive, language)
    attainment.show_plan_figures(page, judgements)
    t = texts(language)
    assert said(page, Heading) == [t("pages.attainment.plan_heading")]
    assert said(page, Paragraph) == [t("pages.attainment.plan_none")]
    empty = blank(archive, language)
    attainment.show_plan_figures(empty, ())
    assert said(empty, Heading) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caution_says_where_most_was_learnt(archive: Archive, language: str) -> None:
    settle(archive, province(LEVELS[0], 1, n_years=5), target("T1", LEVELS[0], 70))
    page, judgements, _ = opened(archive, language)
    chances.show_chances(page, judgements)
    t = texts(language)
    own = judgements[0].outcome.attainment.evidence  # type: ignore[union-attr]
    assert own.prior_weight + own.own_weight == pytest.approx(1)
    assert 0.1 < own.own_weight < 0.5
    (note,) = said(page, Note)
    assert t("pages.attainment.evidence_elsewhere", sources=outlook.prior_sources(t, own)) in note
    assert (
        t("pages.attainment.evidence_weak", figures=t("pages.figures.year", n="5"), first="2021", last="2025") in note
    )
    told = dict(tables(page)[f"chance_{promise_name(judgements[0])}"].rows)[t("pages.outlook.evidence")]
    assert t("pages.outlook.evidence_alone") in told
    assert t("pages.outlook.evidence_own_way", weight=t.percent(100 * own.own_weight, 0)) in told


def test_quarters_are_forecast_and_called_so(archive: Archive) -> None:
    rows = "".join(quarters(LEVELS[0], number) for number in range(1, 31))
    settle(archive, rows, target("T1", LEVELS[0], 80) + target("T2", LEVELS[0], 70, deadline="2027-06"))
    page, judgements, _ = opened(archive, "vi")
    chances.show_chances(page, judgements)
    near, far = (dict(tables(page)[f"chance_{LEVELS[0]}_{name}"].rows) for name in ("2027-06_70", "2030_80"))
    assert near["Bằng chứng"].startswith("12 số liệu quý (quý IV/2023–quý III/2026) của chính nơi này")
    assert "Học từ 29 địa phương khác" in near["Bằng chứng"]
    assert near["Quy tắc Eurostat"].endswith("thời hạn là một kỳ ngắn hơn năm, còn quy tắc tính theo năm")
    assert not far["Quy tắc Eurostat"].endswith("thời hạn là một kỳ ngắn hơn năm, còn quy tắc tính theo năm")
    assert "Xác suất có ít nhất một kỳ đạt cho đến thời hạn" in near
    assert near["Mức còn thiếu đến thời hạn"].endswith("trong 9 tháng kể từ số liệu mới nhất của chuỗi")
    assert "Mức tăng cần mỗi năm" in far
    assert "quý " in far["Khi nào đạt"]
    cautions = said(page, Note)
    assert all("12 số liệu quý (" in text and "Dự báo theo các kỳ ngắn hơn năm" in text for text in cautions)
    first = next(item for item in page.recorder.record().items if isinstance(item, Figure))
    assert "dự báo cho tháng 6/2027" in first.alt
    assert first.data is not None
    assert first.data.columns[0] == "Kỳ"
    drawn = [row[0] for row in first.data.rows]
    assert drawn[0] == "quý IV/2023"
    assert drawn[-1] == "quý II/2027"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"prior_weight": 0.5, "prior_source": "basic_water_pct"}, ""),
        ({"prior_weight": 0.51, "prior_source": "basic_water_pct"}, "learnt mostly from other indicators elsewhere (basic water)"),
    ],
)  # fmt: skip
def test_the_caution_begins_above_a_half(changes: dict[str, object], told: str) -> None:
    found = outlook.caution(texts("en"), given(**changes))
    assert (told in found) if told else (found == "")


def test_a_newest_figure_that_is_not_in_the_forecast_is_told(archive: Archive) -> None:
    later = f"{LEVELS[0]},34,01,2026-Q2,88.0,percent,2026-07-10,2026-07-10,actual,office,\n"
    settle(archive, province(LEVELS[0], 1) + later, target("T1", LEVELS[0], 95))
    page, judgements, _ = opened(archive, "en")
    chances.show_chances(page, judgements)
    (note,) = said(page, Note)
    assert note.startswith("The newest figure (Q2 2026) is not in the forecast")
    assert "ends with 2025." in note
    own = judgements[0].outcome.attainment.evidence  # type: ignore[union-attr]
    assert "newest figure" not in outlook.caution(texts("en"), own)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"n_peers": 29, "n_analogues": 1234, "prior_weight": 0.3, "prior_source": "internet_users_pct + papi"},
         "Learnt from 29 other regions with the same indicator; the range rests on about 1,234 similar cases of theirs. "
         "What was learnt from other indicators elsewhere (internet users and PAPI scores of Vietnamese provinces) has a weight of 30%."),
        ({"n_peers": 29, "n_analogues": 1234}, "about 1,234 similar cases of theirs."),
        ({"n_peers": 4, "n_analogues": 28, "prior_weight": 1.0, "prior_source": "own_prior"},
         "4 other regions have the same indicator, too few to learn from them alone. "
         "What was learnt from other indicators elsewhere (own_prior) has a weight of 100%."),
        ({"n_analogues": 20211, "prior_weight": 1.0, "prior_source": "basic_water_pct"},
         "to learn from. What was learnt from other indicators elsewhere (basic water; about 20,211 changes from year to year) "
         "has a weight of 100%."),
    ],
)  # fmt: skip
def test_the_evidence_counts_what_was_learnt_from(archive: Archive, changes: dict[str, object], told: str) -> None:
    settle(archive, province(LEVELS[0], 1), target("T1", LEVELS[0], 70))
    _, judgements, _ = opened(archive, "en")
    found: Attainment = judgements[0].outcome.attainment  # type: ignore[union-attr]
    assert outlook.evidence(texts("en"), replace(found, evidence=given(**changes))).endswith(told)


def test_a_model_of_one_series_says_that_it_learns_from_no_one(archive: Archive) -> None:
    settle(archive, province(LEVELS[0], 1), target("T1", LEVELS[0], 70))
    _, judgements, _ = opened(archive, "en")
    found: Attainment = judgements[0].outcome.attainment  # type: ignore[union-attr]
    told = outlook.evidence(texts("en"), replace(found, model="mean", evidence=given()))
    assert told.endswith("Model: variation about the mean. Nothing is learnt from elsewhere.")


def test_the_method_page_says_what_readers_are_told() -> None:
    text = (ROOT / "docs" / "methods" / "attainment.md").read_text(encoding="utf-8")
    quoted = " ".join(line.removeprefix(">").strip() for line in text.splitlines() if line.startswith(">"))
    assert texts("en")("pages.attainment.method_model") in quoted
