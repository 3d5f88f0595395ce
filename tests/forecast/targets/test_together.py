"""Several levels of one promise: which belong together, and how likely all of them are met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dxanalysis import forecast
from dxanalysis.data import open_store
from dxanalysis.forecast.targets.together import levels_of
from forecast.provinces import HOME, LEVELS, fill, province, quarters, settle, target
from trial import Archive

NOW = date(2026, 11, 23)


def together(archive: Archive) -> tuple[tuple[forecast.Judgement, ...], tuple[forecast.Together, ...]]:
    store = open_store(archive.project, today=NOW)
    region = store.region(HOME)
    judgements = forecast.judge_targets(store, region, draws=2000, seed=3)
    return judgements, forecast.judge_together(store, region, judgements, draws=2000, seed=3)


def test_all_levels_of_a_promise(archive: Archive) -> None:
    fill(archive)
    judgements, (promise,) = together(archive)
    assert [one.indicator for one in promise.levels] == sorted(LEVELS)
    answer = promise.answer
    own = {one.indicator: one.outcome.attainment.probability for one in judgements}
    assert answer.parts == tuple(own[one.indicator] for one in promise.levels)
    product = 1.0
    for part in answer.parts:
        product *= part.value
    assert answer.probability.value == pytest.approx(product, abs=0.03)
    assert answer.lowest.value <= answer.probability.value <= answer.highest.value
    assert answer.highest.value == min(part.value for part in answer.parts)
    assert promise.to_facts()["targets"] == ["T3", "T2", "T1"]


def test_levels_by_quarters_and_by_years_are_answered_together(archive: Archive) -> None:
    rows = province(LEVELS[0], 1) + "".join(quarters(name, 1) for name in LEVELS[1:])
    settle(archive, rows, "".join(target(f"T{n}", name, 60) for n, name in enumerate(LEVELS)))
    judgements, (promise,) = together(archive)
    assert sorted(one.outcome.attainment.evidence.last_period for one in judgements) == ["2025", "2026-Q3", "2026-Q3"]
    own = {one.indicator: one.outcome.attainment.probability for one in judgements}
    assert promise.answer.parts == tuple(own[one.indicator] for one in promise.levels)


def test_a_level_without_a_chance_leaves_no_answer(archive: Archive) -> None:
    settle(
        archive,
        "".join(province(name, 1) for name in LEVELS[:2]) + province(LEVELS[2], 1, n_years=1),
        "".join(target(f"T{n}", name, 60) for n, name in enumerate(LEVELS)),
    )
    judgements, found = together(archive)
    assert len(judgements) == 3
    assert found == ()


def test_what_belongs_together(archive: Archive) -> None:
    fill(archive)
    judgements, _ = together(archive)
    one, two, three = judgements

    def given(found: forecast.Judgement, **changes: object) -> forecast.Judgement:
        return replace(found, target=replace(found.target, **changes))

    assert levels_of(judgements) == [list(judgements)]
    assert levels_of([one]) == []
    assert levels_of([one, two, given(three, source="law")]) == [[one, two]]
    again = [given(each, source="law") for each in judgements]
    assert levels_of([*judgements, *again]) == [list(judgements)], "the same promise of two documents is asked once"
    other = replace(
        three, indicator="files_online_commune", target=replace(three.target, indicator="files_online_commune")
    )
    assert levels_of([one, other]) == []
    assert levels_of([one, replace(two, indicator="records_online_other")]) == [], "a method of an umbrella is no level"
    met = forecast.Met(value=one.latest, margin=0.0)
    assert levels_of([replace(one, outcome=met), two, three]) == [[two, three]]
    assert levels_of([replace(one, outcome=met), two]) == []
