"""Which figures a judgement is learnt from: all regions alike, and no other."""

from __future__ import annotations

from datetime import date

import pytest

from dxanalysis import forecast
from dxanalysis.data import open_store
from dxanalysis.data.store import Store
from dxanalysis.errors import DataError
from dxanalysis.forecast.targets.plan import fits_of, peers_of
from forecast.provinces import HOME, LEVELS, N, code, fill, province, settle, target
from trial import Archive

NOW = date(2026, 11, 23)
PEERS = {f"34-{code(number)}" for number in range(1, N + 1)}


def judged(archive: Archive, region: str = HOME, today: date = NOW) -> tuple[Store, tuple[forecast.Judgement, ...]]:
    store = open_store(archive.project, today=today)
    return store, forecast.judge_targets(store, store.region(region), draws=1000)


def read(store: Store, indicator: str) -> set[str]:
    keys = [key.split(":") for key in store.used() if key.startswith("observations:")]
    return {region for _, name, region in keys if name == indicator}


def chance(found: tuple[forecast.Judgement, ...]) -> forecast.Attainment:
    assert isinstance(found[0].outcome, forecast.Chance)
    return found[0].outcome.attainment


def test_a_chance_is_learnt_from_every_region_alike(archive: Archive) -> None:
    fill(archive)
    store, found = judged(archive)
    answer = chance(found)
    assert answer.model == "pooled"
    assert answer.evidence.n_peers == N - 1
    assert answer.n_similar > 50
    assert 0 <= answer.n_managed <= answer.n_similar
    assert 0 < answer.evidence.prior_weight < 1, "of the deadline, not of the ten years that the date covers"
    assert len(answer.date_shares) == 10
    assert read(store, LEVELS[0]) == PEERS
    assert peers_of(store, store.region(HOME)) == tuple(sorted(PEERS))


def test_what_it_would_take_stands_beside_the_chance(archive: Archive) -> None:
    fill(archive)
    _, found = judged(archive)
    outcome = found[0].outcome
    assert isinstance(outcome, forecast.Chance)
    assert [one.name for one in outcome.scenarios] == ["best_quarter", "late_start", "jump"]
    now = outcome.attainment.probability
    better, late, jump = (one.probability for one in outcome.scenarios)
    assert late.value <= now.value <= min(better.value, jump.value)
    assert [one.before for one in outcome.scenarios] == [now] * 3
    facts = found[0].to_facts()["outcome"]
    assert isinstance(facts, dict)
    assert len(facts["scenarios"]) == 3


def test_the_answer_moves_with_a_peer_and_not_with_another_boundary_set(archive: Archive) -> None:
    own = province(LEVELS[0], 1)
    peers = "".join(province(LEVELS[0], number) for number in range(2, N + 1))
    goal = target("T1", LEVELS[0], 80)
    settle(archive, own + peers, goal)
    before = chance(judged(archive)[1])
    settle(archive, own + peers + province(LEVELS[0], 1, boundary_set="63", last=2024), goal)
    store, found = judged(archive)
    assert chance(found) == before
    assert read(store, LEVELS[0]) == PEERS
    settle(archive, own, goal)
    alone = chance(judged(archive)[1])
    assert alone.evidence.n_peers == 0
    assert alone.probability != before.probability


def test_peers_are_read_only_where_the_region_has_figures_to_forecast(archive: Archive) -> None:
    rows = "".join(province(LEVELS[0], number) for number in range(2, N + 1)) + province(LEVELS[0], 1, n_years=2)
    settle(archive, rows, target("T1", LEVELS[0], 70))
    store, (found,) = judged(archive)
    assert isinstance(found.outcome, forecast.NotEnoughData)
    assert found.outcome.reason == "too_few_points"
    assert dict(found.outcome.missing[0].facts)["needed"] == 3
    assert read(store, LEVELS[0]) == {HOME}


def test_the_nation_stays_alone(archive: Archive) -> None:
    rows = "".join(province(LEVELS[0], number) for number in range(1, N + 1))
    nation = province(LEVELS[0], 1).replace(",34,01,", ",VN,VN,")
    settle(archive, rows + nation, target("T1", LEVELS[0], 70, region="VN,VN"))
    store, found = judged(archive, "VN")
    assert chance(found).evidence.n_peers == 0
    assert chance(found).n_similar == 0
    assert read(store, LEVELS[0]) == {"VN"}


def test_a_peer_that_published_later_does_not_take_the_deadline_away(archive: Archive) -> None:
    """Own figures end in 2024, the deadline is 2025, which peers have published already."""
    rows = province(LEVELS[0], 1, last=2024) + "".join(province(LEVELS[0], number) for number in range(2, N + 1))
    settle(archive, rows, target("T1", LEVELS[0], 70, deadline=2025) + target("T2", LEVELS[0], 70, deadline=2030))
    _, found = judged(archive, today=date(2025, 12, 1))
    soon, late = (one.outcome.attainment for one in found if isinstance(one.outcome, forecast.Chance))
    assert soon.evidence.last_period == late.evidence.last_period == "2024"
    assert soon.fan[0][0] == "2025"
    assert soon.probability.value < late.probability.value


def test_a_region_may_be_its_id_and_a_judgement_says_in_a_line_what_it_is(archive: Archive) -> None:
    fill(archive)
    store, found = judged(archive)
    assert forecast.judge_targets(store, HOME, draws=1000) == found
    together = forecast.judge_together(store, store.region(HOME), found, draws=1000)
    assert forecast.judge_together(store, HOME, found, draws=1000) == together
    assert repr(found[0]) == f"Judgement({found[0].target.id}, {found[0].indicator}, {HOME}: chance)"
    with pytest.raises(DataError, match="no region has the id"):
        forecast.judge_targets(store, "34-ZZ")


def test_an_indicator_is_fitted_once(archive: Archive) -> None:
    fill(archive)
    store = open_store(archive.project, today=NOW)
    region = store.region(HOME)
    fits = fits_of(store, region, store.observations(region=region, history=True))
    assert fits(store.indicator(LEVELS[0]), "year") is fits(store.indicator(LEVELS[0]), "year")
    assert fits(store.indicator(LEVELS[0]), "year") is not fits(store.indicator(LEVELS[1]), "year")


@pytest.mark.parametrize("kind", ["province", "macro"])
def test_peers_are_of_one_kind(archive: Archive, kind: str) -> None:
    fill(archive)
    store = open_store(archive.project)
    found = peers_of(store, store.regions.get(HOME if kind == "province" else "34-AA"))
    assert set(found) == (PEERS if kind == "province" else {"34-AA"})


def test_regions_with_a_figure_of_the_same_year_are_the_peers_of_an_official_rule(archive: Archive) -> None:
    fill(archive)
    _, found = judged(archive)
    (distance,) = (one for one in found[0].official if isinstance(one, forecast.OecdDistance))
    assert distance.n_peers == N
