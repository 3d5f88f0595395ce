from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.answers.aggregate import merge, total, weighted_mean
from dxanalysis.forecast.answers.attainment import attainment
from dxanalysis.forecast.answers.joint import Condition, all_of
from forecast.worlds import evidence, predictive, random_worlds

seeds = st.integers(0, 10_000)
weight = st.floats(0.01, 1e6)
PERCENT = predictive(
    np.tile([[[40.0, 50.0], [80.0, 90.0]]], (100, 1, 1)),
    bounds=(0, 100),
    known=(
        evidence(
            "A",
            {"2023": 10.0, "2024": 20.0, "2025": 30.0},
            last_release="2026-03-01",
            source="office",
            n_revisions=3,
            revision_size=1.0,
        ),
        evidence(
            "B",
            {"2022": 50.0, "2024": 60.0, "2025": 70.0},
            last_release="2026-02-01",
            source="office",
            n_revisions=4,
            revision_size=2.0,
        ),
    ),
)


@given(seeds)
def test_a_total_is_the_sum_in_every_draw(seed: int) -> None:
    pred = random_worlds(seed)
    whole = total(pred, name="VN")
    np.testing.assert_allclose(whole.draws[:, 0], pred.draws.sum(axis=1))
    assert (whole.regions, whole.periods, whole.seed, whole.n_draws) == (("VN",), pred.periods, 0, 200)
    assert whole.unit == "thousand"


@given(seeds, st.lists(weight, min_size=3, max_size=3))
def test_a_weighted_mean_lies_between_the_parts(seed: int, weights: list[float]) -> None:
    pred = random_worlds(seed)
    whole = weighted_mean(pred, dict(zip(pred.regions, weights, strict=True)), name="VN").draws[:, 0]
    assert (whole >= pred.draws.min(axis=1)).all()
    assert (whole <= pred.draws.max(axis=1)).all()


@given(seeds, st.lists(weight, min_size=3, max_size=3), st.floats(0.1, 10))
def test_only_the_ratio_of_weights_matters(seed: int, weights: list[float], factor: float) -> None:
    pred = random_worlds(seed)
    one = weighted_mean(pred, np.array(weights), name="VN")
    other = weighted_mean(pred, np.array(weights) * factor, name="VN")
    np.testing.assert_allclose(one.draws, other.draws, atol=1e-9)


@given(seeds, st.lists(weight, min_size=4, max_size=4))
def test_merging_commutes_with_adding_up(seed: int, weights: list[float]) -> None:
    pred = random_worlds(seed, regions=("A", "B", "C", "D"))
    groups = {"north": ["A", "C"], "south": ["B", "D"]}
    np.testing.assert_allclose(
        total(merge(pred, groups), name="VN").draws, total(pred, name="VN").draws, rtol=1e-9, atol=1e-9
    )
    by_region = dict(zip(pred.regions, weights, strict=True))
    by_group = {name: sum(by_region[part] for part in parts) for name, parts in groups.items()}
    merged = weighted_mean(merge(pred, groups, weights=by_region), by_group, name="VN")
    np.testing.assert_allclose(merged.draws, weighted_mean(pred, by_region, name="VN").draws, rtol=1e-9, atol=1e-9)


@given(seeds, weight)
def test_a_group_of_one_is_the_part_itself(seed: int, value: float) -> None:
    pred = random_worlds(seed)
    for whole in (merge(pred, {"B": ["B"]}), merge(pred, {"B": ["B"]}, weights={"B": value})):
        np.testing.assert_array_equal(whole.draws[:, 0], pred.of("B"))
        assert whole.evidence == (pred.evidence[1],)
        assert whole.bounds == pred.bounds


@given(seeds, st.permutations(["A", "B", "C"]))
def test_the_order_of_parts_does_not_matter(seed: int, order: list[str]) -> None:
    pred = random_worlds(seed)
    weights = {"A": 1.0, "B": 2.0, "C": 4.0}
    for options in (None, weights):
        one, other = merge(pred, {"VN": order}, options), merge(pred, {"VN": ["A", "B", "C"]}, options)
        np.testing.assert_allclose(one.draws, other.draws, atol=1e-12)


def test_a_common_shock_survives_in_the_total() -> None:
    names = tuple(f"{number:02}" for number in range(40))
    shared = total(random_worlds(5, regions=names, common=1.0), name="VN").draws.std()
    alone = total(random_worlds(5, regions=names, common=0.0), name="VN").draws.std()
    # variance of a sum of 40: 40 alone, 40 + 40² with a shock of the same size in common
    assert shared / alone == pytest.approx(math.sqrt(41), rel=0.1)


def test_the_whole_and_its_parts_are_of_one_world() -> None:
    pred = random_worlds(2)
    whole = total(pred, name="VN")
    parts = [Condition(predictive=pred, region=region, target=0, at=2026) for region in pred.regions]
    both = all_of([*parts, Condition(predictive=whole, region="VN", target=0, at=2026)])
    assert both.probability == all_of(parts).probability  # three parts above 0 leave the sum no choice


def test_weights_by_period_and_the_observed_mean() -> None:
    weights = pd.DataFrame(
        {2024: [1, 1], 2025: [3, 1], 2026: [1, 3], 2027: [1.0, 4.0]}, index=pd.Index(["A", "B"], name="region")
    )
    whole = weighted_mean(PERCENT, weights, name="AB")
    np.testing.assert_allclose(whole.draws[0, 0], [(40 + 3 * 80) / 4, (50 + 4 * 90) / 5])
    # 2022 and 2023 are held by one part alone
    assert whole.evidence[0].observed == (("2024", 40.0), ("2025", 40.0))
    assert (whole.evidence[0].last_release, whole.evidence[0].source) == ("2026-03-01", "office")
    # revisions of the newest value are weighted as that value is: 3 to 1
    assert (whole.evidence[0].n_revisions, whole.evidence[0].revision_size) == (3, 1.25)
    assert whole.bounds == (0, 100)
    assert whole.parameters == {"aggregate": "weighted_mean", "parts": {"AB": ("A", "B")}, "weights_carried": ()}
    (answer,) = attainment(whole, target=70, at=2026)
    assert (answer.region, answer.probability.value, answer.distance) == ("AB", 0.99, 30.0)


def test_observed_periods_without_weights_take_the_nearest() -> None:
    whole = weighted_mean(PERCENT, np.array([[1.0, 1.0], [3.0, 4.0]]), name="AB")
    assert whole.evidence[0].observed == (("2024", 50.0), ("2025", 60.0))
    assert whole.parameters["weights_carried"] == ("2024", "2025")


def test_evidence_is_as_thin_as_its_thinnest_part() -> None:
    known = (
        evidence("A", {"2025": 1.0}, n_revisions=5, revision_size=2.0, releases=4, n_analogues=7, source="one"),
        evidence("B", {"2025": 3.0}, n_revisions=3, revision_size=4.0, releases=2, prior_weight=0.5, source="two"),
    )
    pred = predictive(np.zeros((100, 2, 1)), known=known)
    (summed,), (mean,) = total(pred, name="W").evidence, weighted_mean(pred, [1.0, 3.0], name="W").evidence
    assert (summed.observed, summed.n_revisions, summed.revision_size) == ((("2025", 4.0),), 3, 6.0)
    assert (summed.releases, summed.n_analogues, summed.prior_weight, summed.source) == (2, 0, 0.5, "")
    assert (mean.observed, mean.revision_size) == ((("2025", 2.5),), 3.5)
    unknown = predictive(np.zeros((100, 2, 1)), known=(known[0], evidence("B", {"2025": 3.0})))
    assert (total(unknown, name="W").evidence[0].n_revisions, total(unknown, name="W").evidence[0].revision_size) == (
        0,
        0.0,
    )


def test_bounds_of_a_total() -> None:
    assert total(predictive(np.ones((100, 3, 1)), bounds=(0, math.inf)), name="W").bounds == (0, math.inf)
    merged = merge(predictive(np.ones((100, 3, 1)), bounds=(-2, math.inf)), {"X": ["A", "B"], "C": ["C"]})
    assert merged.bounds == (-4, math.inf)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"A": 1.0}, r"region 'B' has no weight\. Give a weight for every part"),
        ({"A": 1.0, "B": 0}, "region B: the weight is 0. Give a positive number"),
        ({"A": -3.0, "B": 1.0}, "region A: the weight is -3.0"),
        ({"A": 1.0, "B": math.nan}, "region B: the weight is nan"),
        ({"A": 1.0, "B": "many"}, "region B: the weight is many"),
        ([1.0, math.inf], "region B: the weight is inf"),
        ([1.0, 2.0, 3.0], r"the weights have the shape \(3,\)\. Give \(2,\) for constant weights or \(2, 2\)"),
        (pd.DataFrame({2026: [1, 1], 2027: [1, None]}, index=["A", "B"]), "region B, 2027: the weight is nan"),
        (pd.DataFrame({2026: [1, 1]}, index=["A", "B"]), "the weights have no column 2027"),
        (pd.DataFrame({2026: [1, 1], "x": [1, 1], 2027: 1}, index=["A", "B"]), "a column 'x', which is not a period"),
        (pd.Series([1, 2, 3], index=["A", "B", "B"]), "the weights name 'B' twice"),
    ],
)
def test_weights_that_cannot_be_used(weights: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        weighted_mean(PERCENT, weights, name="AB")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({}, "there is no group"),
        ({"": ["A"]}, "the whole has no name"),
        ({"W": []}, r"the parts of 'W' are \[\]"),
        ({"W": "AB"}, "the parts of 'W' are 'AB'"),
        ({"W": ["A", "X"]}, r"group W: region 'X' was not forecast\. Forecast are: A, B, C"),
        ({"W": ["A", "B"], "V": ["B"]}, "region 'B' stands in two groups"),
    ],
)
def test_groups_that_cannot_be_merged(groups: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        merge(random_worlds(0), groups)


def test_what_does_not_add_up() -> None:
    with pytest.raises(ParameterError, match=r"values that end at 100 do not add up\. Give weights"):
        total(PERCENT, name="AB")
    rates = replace(predictive(np.ones((100, 2, 1))), unit="percent")
    with pytest.raises(ParameterError, match=r"values in percent do not add up\. Give weights"):
        total(rates, name="AB")
    assert weighted_mean(rates, [1, 3], name="AB").draws.max() == 1
    ranks = predictive(np.ones((100, 2, 1)), whole=True)
    with pytest.raises(ParameterError, match="ranks of parts do not make a rank of the whole"):
        weighted_mean(ranks, [1, 1], name="AB")


def test_parts_without_a_period_in_common() -> None:
    known = (evidence("A", {"2024": 1.0}), evidence("B", {"2025": 1.0}))
    with pytest.raises(ModelError, match="region W: the parts have no observed period in common"):
        total(predictive(np.ones((100, 2, 1)), known=known), name="W")
