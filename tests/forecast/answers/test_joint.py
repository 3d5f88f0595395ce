from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ModelError, ParameterError, PercentOrFraction
from dxanalysis.forecast.answers.joint import Condition, all_of, at_least, count_meeting
from dxanalysis.forecast.answers.ranking import in_top_share, rank_at_most
from dxanalysis.forecast.predictive import Predictive
from forecast.worlds import evidence, predictive, random_worlds

seeds = st.integers(0, 10_000)
NAMES = tuple("ABCDEFGHIJ")


def conditions(pred: Predictive, targets: list[float], at: int = 2027) -> list[Condition]:
    return [
        Condition(predictive=pred, region=region, target=target, at=at)
        for region, target in zip(pred.regions, targets, strict=True)
    ]


def halves() -> Predictive:
    """A is above 0 in the first half of 200 worlds, B in the second, C whenever A is."""
    draws = np.full((200, 3, 1), -1.0)
    draws[:100, 0] = draws[100:, 1] = draws[:100, 2] = 1.0
    return predictive(draws)


def test_what_goes_together_and_what_excludes_each_other() -> None:
    a, b, c = conditions(halves(), [0.0, 0.0, 0.0], at=2026)
    together, apart = all_of([a, c]), all_of([a, b])
    assert together.probability.value == 0.5
    assert (apart.probability.value, apart.probability.clipped) == (0.01, True)
    for answer in (together, apart):
        assert answer.independent.value == 0.25
        assert [part.value for part in answer.parts] == [0.5, 0.5]
        assert (answer.lowest.value, answer.highest.value) == (0.01, 0.5)
    assert apart.counts == (0.0, 1.0, 0.0)
    assert at_least([a, b], 1).probability.value == 0.99
    assert at_least([a, b, c], 2).probability.value == 0.5
    assert at_least([a, b, c], 2).to_facts()["counts"] == [0.0, 0.5, 0.5, 0.0]


def test_draws_of_several_predictives_with_one_seed_are_one_world() -> None:
    levels, shares = halves(), predictive(np.repeat([[[90.0]], [[10.0]]], 100, axis=0), bounds=(0, 100))
    asked = [
        Condition(predictive=levels, region="A", target=0, at=2026),
        Condition(predictive=shares, region="A", target=80, at="2026"),
        Condition(predictive=levels, region="B", target=0, at=2026, direction="down"),
    ]
    answer = all_of(asked)
    assert answer.probability.value == 0.5
    assert (answer.k, answer.n_conditions, answer.n_draws, answer.seed) == (3, 3, 200, 0)


def test_by_counts_the_way_and_the_latest_value() -> None:
    draws = np.zeros((100, 2, 2))
    draws[:50, 0, 0] = 5.0
    pred = predictive(draws, known=(evidence("A", {"2025": 0.0}), evidence("B", {"2025": 9.0})))

    def ask(region: str, meaning: str) -> float:
        one = Condition(predictive=pred, region=region, target=5.0, at=2027, meaning=meaning)  # type: ignore[arg-type]
        return all_of([one]).probability.value

    assert (ask("A", "at"), ask("A", "by")) == (0.01, 0.5)
    assert (ask("B", "at"), ask("B", "by")) == (0.01, 0.99)


@given(seeds, st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_all_is_at_most_each_part_and_within_the_bounds_of_any_dependence(seed: int, targets: list[float]) -> None:
    answer = all_of(conditions(random_worlds(seed), targets))
    parts = [part.value for part in answer.parts]
    assert answer.probability.value <= min(parts) == answer.highest.value
    assert answer.lowest.value <= answer.probability.value
    assert answer.lowest.value <= answer.independent.value <= answer.highest.value


@given(seeds, st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_at_least_falls_in_k_and_stays_within_the_bounds(seed: int, targets: list[float]) -> None:
    asked = conditions(random_worlds(seed), targets)
    answers = [at_least(asked, k) for k in (1, 2, 3)]
    values = [answer.probability.value for answer in answers]
    assert values == sorted(values, reverse=True)
    assert sum(answers[0].counts) == pytest.approx(1)
    for answer in answers:
        assert answer.lowest.value - 1e-12 <= answer.probability.value <= answer.highest.value + 1e-12
        assert answer.lowest.value - 1e-12 <= answer.independent.value <= answer.highest.value + 1e-12


@given(seeds, st.permutations([0, 1, 2]))
def test_the_order_of_conditions_does_not_matter(seed: int, order: list[int]) -> None:
    asked = conditions(random_worlds(seed), [0.0, 0.5, -0.5])
    other = at_least([asked[i] for i in order], 2)
    assert other.counts == at_least(asked, 2).counts
    assert other.independent.value == pytest.approx(at_least(asked, 2).independent.value)


def test_independence_agrees_with_every_combination_written_out() -> None:
    asked = conditions(random_worlds(3), [0.2, -0.4, 0.9])
    p = [part.value for part in at_least(asked, 2).parts]
    written = sum(
        np.prod([q if hit else 1 - q for q, hit in zip(p, world, strict=True)])
        for world in product([True, False], repeat=3)
        if sum(world) >= 2
    )
    assert at_least(asked, 2).independent.value == pytest.approx(written)
    assert all_of(asked).independent.value == pytest.approx(np.prod(p))


def test_the_bound_of_at_least_two_of_three_is_reached() -> None:
    # three events of 1/3 that fill 1/2 of the worlds two at a time: the most that "at least two" can be
    draws = np.full((600, 3, 1), -1.0)
    for number, pair in enumerate([(0, 1), (0, 2), (1, 2)]):
        draws[100 * number : 100 * (number + 1), list(pair)] = 1.0
    answer = at_least(conditions(predictive(draws), [0.0, 0.0, 0.0], at=2026), 2)
    assert [part.value for part in answer.parts] == pytest.approx([1 / 3] * 3)
    assert answer.probability.value == answer.highest.value == pytest.approx(0.5)


def test_a_common_shock_makes_all_of_ten_likelier_than_the_product() -> None:
    pred = random_worlds(1, regions=NAMES, draws=4000, common=2.0)
    answer = all_of(conditions(pred, [0.0] * 10))
    assert answer.probability.value > 0.2
    assert answer.independent.value == 0.01


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            predictive(np.zeros((200, 1, 1)), seed=1),
            r"200 draws with seed 0, and 200 with seed 1\. Predict all of them",
        ),
        (predictive(np.zeros((300, 1, 1))), r"200 draws with seed 0, and 300 with seed 0"),
    ],
)
def test_draws_of_different_worlds(other: Predictive, message: str) -> None:
    mixed = [Condition(predictive=pred, region="A", target=0, at=2026) for pred in (halves(), other)]
    with pytest.raises(ParameterError, match=message):
        all_of(mixed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"region": "X"}, r"region 'X' was not forecast\. Forecast are: A, B, C"),
        ({"at": 2031}, r"the period 2031 is not among the periods forecast\. Forecast are 2026 to 2026"),
        ({"direction": "left"}, "the direction is 'left'"),
        ({"meaning": "mean"}, r"the meaning is 'mean'\. Choose at or by"),
        ({"target": np.nan}, "the target nan lies outside the bounds"),
    ],
)
def test_a_condition_that_cannot_be_asked(change: dict[str, object], message: str) -> None:
    asked: dict[str, object] = {"predictive": halves(), "region": "A", "target": 0, "at": 2026, **change}
    with pytest.raises(ParameterError, match=message):
        all_of([Condition(**asked)])  # type: ignore[arg-type]


def test_no_condition_and_k_out_of_range() -> None:
    with pytest.raises(ParameterError, match="there is no condition"):
        all_of([])
    for k in (0, 4, True, 1.0):
        with pytest.raises(ParameterError, match="from 1 to the number of conditions, 3"):
            at_least(conditions(halves(), [0.0] * 3, at=2026), k)  # type: ignore[arg-type]


def test_too_few_draws() -> None:
    few = predictive(np.zeros((99, 2, 1)))
    for ask in (
        lambda: all_of(conditions(few, [0.0, 0.0], at=2026)),
        lambda: count_meeting(few, 0.0, 2026),
        lambda: rank_at_most(few, region="A", k=1, at=2026),
    ):
        with pytest.raises(ModelError, match=r"99 paths do not give a probability\. Draw at least 100"):
            ask()


@given(seeds, st.floats(-2, 2))
def test_the_number_of_regions_is_a_distribution(seed: int, target: float) -> None:
    pred = random_worlds(seed)
    counted = count_meeting(pred, target, 2027)
    assert sum(counted.shares) == pytest.approx(1)
    assert counted.mean == pytest.approx(sum(n * share for n, share in enumerate(counted.shares)))
    assert counted.low <= counted.median <= counted.high
    for k in (1, 2, 3):
        asked = at_least(conditions(pred, [target] * 3), k)
        assert counted.at_least(k).value == pytest.approx(asked.probability.value)
    assert counted.parts[1][1] == asked.parts[1]


def test_a_common_shock_widens_the_number_of_regions() -> None:
    counted = count_meeting(random_worlds(1, regions=NAMES, draws=4000, common=2.0), 0.0, 2026)
    assert counted.high - counted.low > counted.independent_high - counted.independent_low
    assert (counted.n_regions, counted.independent_low, counted.independent_high) == (10, 3, 7)
    assert counted.to_facts()["n_regions"] == 10
    with pytest.raises(ParameterError, match="from 1 to the number of regions, 10"):
        counted.at_least(11)


def test_ties_share_the_better_rank() -> None:
    pred = predictive(np.tile([[[5.0], [7.0], [5.0], [1.0]]], (100, 1, 1)), regions=NAMES[:4])
    ranks = {name: rank_at_most(pred, region=name, k=2, at=2026).median for name in pred.regions}
    assert ranks == {"A": 2, "B": 1, "C": 2, "D": 4}
    low = {name: rank_at_most(pred, region=name, k=2, at=2026, best="low").median for name in pred.regions}
    assert low == {"A": 2, "B": 4, "C": 2, "D": 1}


@given(seeds)
def test_ranks_are_a_distribution_and_rise_in_k(seed: int) -> None:
    pred = random_worlds(seed)
    answers = [rank_at_most(pred, region="B", k=k, at=2027) for k in (1, 2, 3)]
    assert sum(answers[0].shares) == pytest.approx(1)
    values = [answer.probability.value for answer in answers]
    assert values == sorted(values)
    assert values[-1] == 0.99
    assert values[0] == pytest.approx(min(max(answers[0].shares[0], 0.01), 0.99))
    assert 1 <= answers[0].low <= answers[0].median <= answers[0].high <= 3
    firsts = sum(rank_at_most(pred, region=region, k=1, at=2027).shares[0] for region in pred.regions)
    assert firsts == pytest.approx(1)


@given(seeds)
def test_highest_first_is_lowest_first_of_the_negative(seed: int) -> None:
    pred = random_worlds(seed)
    turned = predictive(-pred.draws)
    assert (
        rank_at_most(pred, region="A", k=2, at=2026).shares
        == rank_at_most(turned, region="A", k=2, at=2026, best="low").shares
    )


@pytest.mark.parametrize(("n_regions", "k"), [(63, 21), (34, 11), (3, 1)])
def test_the_best_third(n_regions: int, k: int) -> None:
    names = [f"{number:02}" for number in range(n_regions)]
    pred = random_worlds(0, regions=names, horizon=1)
    answer = in_top_share(pred, region="02", at=2026)
    assert (answer.k, answer.n_regions) == (k, n_regions)
    assert answer == rank_at_most(pred, region="02", k=k, at=2026)
    assert answer.to_facts()["probability"] == answer.probability.value


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda pred: rank_at_most(pred, region="X", k=1, at=2026), "region 'X' was not forecast"),
        (lambda pred: rank_at_most(pred, region="A", k=4, at=2026), "from 1 to the number of regions, 3"),
        (lambda pred: rank_at_most(pred, region="A", k=0, at=2026), "k is 0"),
        (lambda pred: rank_at_most(pred, region="A", k=1, at=2025), "the period 2025 is not among"),
        (lambda pred: rank_at_most(pred, region="A", k=1, at=2026, best="up"), "best is 'up'"),
        (lambda pred: in_top_share(pred, region="A", at=2026, share=0.2), "0.2 of 3 regions is less than one region"),
        (lambda pred: in_top_share(pred, region="A", at=2026, share=33), "the share is 33"),
        (lambda pred: in_top_share(pred, region="A", at=2026, share="1/3"), "the share is 1/3"),
    ],
)
def test_a_rank_that_cannot_be_asked(ask: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        ask(halves())  # type: ignore[operator]


def test_one_region_has_no_rank() -> None:
    with pytest.raises(ParameterError, match="one region alone has no rank"):
        rank_at_most(predictive(np.zeros((100, 1, 1))), region="A", k=1, at=2026)


def test_a_fraction_and_text_for_a_target_are_told_here_too() -> None:
    pred = predictive(np.full((100, 1, 1), 70.0), bounds=(0, 100), known=(evidence("A", {"2025": 66.0}),))
    with pytest.warns(PercentOrFraction, match=r"the target is 0\.8 percent, and the newest values lie from 66 to 66"):
        count_meeting(pred, 0.8, 2026)
    with pytest.warns(PercentOrFraction, match=r"the target is 0\.8 percent"):
        at_least([Condition(predictive=pred, region="A", target=0.8, at=2026)], 1)
    with pytest.raises(ParameterError, match=r"the target is '80'\. Give a number"):
        count_meeting(pred, "80", 2026)  # type: ignore[arg-type]


def test_counts_and_ranks_say_in_a_line_what_they_are() -> None:
    pred = predictive(np.repeat([[[90.0], [10.0]]], 100, axis=0))
    assert repr(count_meeting(pred, 80, 2026)) == "CountMeeting(80 at 2026: 1 of 2 regions, 80 % range 1 to 1)"
    told = "RankProbability(A: rank 1 of 2 or better at 2026, probability 0.99, 80 % range 1 to 1)"
    assert repr(rank_at_most(pred, region="A", k=1, at=2026)) == told
