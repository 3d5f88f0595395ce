from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.tables_made import table
from dxanalysis.accounts.definitions.definition import cover, definition
from dxanalysis.accounts.measures.adb import adb_exact
from dxanalysis.accounts.measures.industry import direct_share
from dxanalysis.accounts.regional import (
    Release,
    ShareInterval,
    SplitRange,
    WeightedDefinition,
    regionalise,
    share_interval,
    variance_parts,
)
from dxanalysis.errors import ModelError, ParameterError

NATION = table(
    [[10, 5, 15], [5, 20, 45], [20, 25, 240]],
    np.array([[20, 6, 4], [40, 5, 5], [280, 15, 20]]),
    sectors=("26", "61", "47"),
)
ADDED = pd.Series(NATION.gross_value_added, index=NATION.sectors) * [0.02, 0.03, 0.2]
CORE = WeightedDefinition(id="core", weights=np.array([1.0, 1, 0]))
WIDE = WeightedDefinition(id="wide", weights=np.array([1.0, 1, 0.2]), partly=("47",))
FIRST, LATER = Release(name="first", value_added=ADDED), Release(name="later", value_added=ADDED * [1.3, 1, 1])
SPLIT = SplitRange(sector="47", low=0.1, high=0.3, basis="made up")


def made(**options: object) -> ShareInterval:
    chosen = {
        "region": "Part", "unit": NATION.unit, "year": 2020, "definitions": [CORE, WIDE], "releases": [FIRST, LATER], "splits": [SPLIT], "method": "flq",
        "delta": (0.1, 0.4), "measure": adb_exact, "measure_name": "adb_exact",
    } | options  # fmt: skip
    return share_interval(NATION, **chosen)  # type: ignore[arg-type]


def part(found: ShareInterval, name: str) -> object:
    return next(one for one in found.parts if one.name == name)


def test_one_of_everything_is_the_share_itself() -> None:
    found = made(definitions=[CORE], releases=[FIRST], splits=[], delta=(0.25, 0.25))
    alone = regionalise(NATION, ADDED, region="Part", unit=NATION.unit, year=2020, method="flq", delta=0.25)
    assert found.n_values == 1
    assert found.interval(0.95) == pytest.approx((adb_exact(alone.table, CORE.weights),) * 2)
    assert [(one.values, one.first_order, one.total) for one in found.parts] == [(1, 0, 0)] * 5


def test_the_interval_is_the_quantiles_of_all_combinations() -> None:
    found = made(splits=[], n_delta=5)
    values = []
    for step in range(5):
        delta = 0.1 + 0.3 * (step + 0.5) / 5
        for release in (FIRST, LATER):
            one = regionalise(
                NATION, release.value_added, region="Part", unit=NATION.unit, year=2020, method="flq", delta=delta
            )
            values += [adb_exact(one.table, chosen.weights) for chosen in (CORE, WIDE)]
    assert found.n_values == len(values) == 20
    assert found.estimate == pytest.approx(np.median(values))
    assert found.interval(0.8) == pytest.approx(np.quantile(values, (0.1, 0.9), method="hazen"))


def test_parts_of_a_direct_share_leave_delta_out() -> None:
    found = made(measure=direct_share, measure_name="direct")
    assert part(found, "delta").total == pytest.approx(0, abs=1e-12)
    assert part(found, "definition").total > 0.5
    assert sum(one.first_order for one in found.parts) <= 1 + 1e-9
    assert all(one.total >= one.first_order - 1e-9 for one in found.parts)
    # a known definition narrows the range; a known delta does not, but for the quantiles of fewer points
    low, high = found.interval(0.95)
    assert part(found, "definition").width_95_if_known < high - low
    assert part(found, "delta").width_95_if_known == pytest.approx(high - low, rel=0.01)
    assert found.parts[0].name == "definition"


def test_several_quotients_are_a_part_of_their_own() -> None:
    several = made(method=["slq", "flq", "aflq"], n_delta=6, n_split=4)
    alone = [
        made(method=name, delta=None if name == "slq" else (0.1, 0.4), n_delta=6, n_split=4)
        for name in ("slq", "flq", "aflq")
    ]
    assert several.methods == ("slq", "flq", "aflq")
    assert several.n_values == 3 * alone[1].n_values
    # SLQ has no delta: its one table counts as often as the steps of the others
    assert alone[0].n_values * 6 == alone[1].n_values
    assert part(several, "quotient").values == 3
    assert part(several, "quotient").total > 0
    assert part(alone[1], "quotient").total == 0
    low, high = several.interval(0.95)
    assert low >= min(one.interval(0.95)[0] for one in alone)
    assert high <= max(one.interval(0.95)[1] for one in alone)
    assert several.to_frame()["method"].item() == "slq, flq, aflq"


def test_seeds_and_scales() -> None:
    assert made(seed=1) == made(seed=1)
    assert made(seed=1).estimate != made(seed=2).estimate
    scaled = [Release(name=one.name, value_added=one.value_added * 1e-3) for one in (FIRST, LATER)]
    billions = made(releases=scaled, unit="billion USD")
    np.testing.assert_allclose(billions.quantiles, made().quantiles, rtol=1e-9)


def test_a_part_without_a_range_keeps_its_weight() -> None:
    plain = made(definitions=[WIDE], splits=[], releases=[FIRST])
    fixed = made(definitions=[WIDE], releases=[FIRST], splits=[SplitRange(sector="47", low=0.2, high=0.2, basis="x")])
    assert plain.quantiles == fixed.quantiles


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_variance_parts_of_a_sum_are_those_of_its_terms(seed: int) -> None:
    rng = np.random.default_rng(seed)
    terms = [rng.normal(size=n) for n in (2, 5, 3, 7, 3)]
    values = sum(np.reshape(one, [-1 if i == k else 1 for i in range(5)]) for k, one in enumerate(terms))
    whole = sum(one.var() for one in terms)
    for found, one in zip(variance_parts(np.asarray(values)), terms, strict=True):
        assert found.first_order == pytest.approx(one.var() / whole)
        assert found.total == pytest.approx(one.var() / whole)


def test_variance_parts_of_a_product_interact() -> None:
    values = np.reshape([-1.0, 1], (2, 1, 1, 1, 1)) * np.reshape([-1.0, 1], (1, 1, 1, 2, 1))
    by_name = {one.name: one for one in variance_parts(values)}
    assert by_name["definition"].first_order == by_name["delta"].first_order == 0
    assert by_name["definition"].total == by_name["delta"].total == 1
    assert by_name["split"].total == 0


def test_no_spread_has_no_parts() -> None:
    assert all(one.total == 0 for one in variance_parts(np.full((2, 3, 2, 4, 2), 5.1)))


def test_frames_and_notes() -> None:
    found = made()
    row = found.to_frame().iloc[0]
    assert row["low_95"] <= row["low_80"] <= row["low_50"] <= row["estimate"] <= row["high_50"] <= row["high_95"]
    assert found.parts_frame()["part"].tolist() == [one.name for one in found.parts]
    assert dict(found.by_definition).keys() == {"core", "wide"}
    with pytest.raises(ParameterError, match=r"0.9 range was not computed"):
        found.interval(0.9)


def test_a_definition_of_the_registry_kind_can_be_used() -> None:
    mine = definition("mine", owner="o", title="t", codes={"isic4": {"26": 1.0, "47": None}}, source="s", year=2020)
    covered = WeightedDefinition.of(cover(NATION, mine, ratios={"47": 0.2}))
    assert covered.partly == ("47",)
    assert made(definitions=[covered]).estimate > 0


MINE = definition(
    "mine", owner="o", title="t", codes={"isic4": {"26": 1.0, "61": 1.0, "47": None}}, source="s", year=2020
)


def test_a_definition_by_itself_is_the_same_as_its_weights() -> None:
    by_weights = WeightedDefinition(id="mine", weights=np.array([1.0, 1, 0.2]), partly=("47",))
    found = made(definitions=[MINE])
    assert found.quantiles == made(definitions=[by_weights]).quantiles
    assert found.splits == (SPLIT,)
    with pytest.raises(ParameterError, match=r"mine covers only a part of 47"):
        made(definitions=[MINE], splits=[])


def test_a_definition_of_the_registry_is_known_by_its_name() -> None:
    nation = table([[10, 5, 15], [5, 20, 45], [20, 25, 240]], NATION.final, sectors=("26", "61", "62"))
    added = pd.Series(ADDED.to_numpy(), index=nation.sectors)
    found = share_interval(
        nation, region="Part", unit=NATION.unit, year=2020, definitions=["adb_core"], releases=[Release(name="only", value_added=added)], method="slq",
        delta=None, splits=[SplitRange(sector="26", low=0.5, high=0.9, basis="made up")],
    )  # fmt: skip
    assert [name for name, _ in found.by_definition] == ["adb_core"]
    with pytest.raises(ParameterError, match="no definition 'adb_kern'"):
        made(definitions=["adb_kern"])


def test_measures_go_by_name_or_function() -> None:
    by_name, by_function = made(measure="direct", measure_name=""), made(measure=direct_share, measure_name="")
    assert by_name.quantiles == by_function.quantiles
    assert (by_name.measure, by_function.measure) == ("direct", "direct_share")
    # the printed form takes off the diagonal only: with two digital sectors it counts more
    few = {"n_delta": 3, "n_split": 3}
    assert made(measure="adb_printed", **few).estimate > made(measure="adb_exact", **few).estimate
    with pytest.raises(ParameterError, match=r"measure 'adb' is unknown.*adb_exact"):
        made(measure="adb")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"definitions": []}, "no definition is given"),
        ({"releases": []}, "no release is given"),
        ({"definitions": [CORE, CORE]}, "definition core is there twice"),
        ({"splits": [SPLIT, SPLIT]}, "split of sector 47 is there twice"),
        ({"definitions": [CORE]}, "no definition leaves the digital part of sector 47 open"),
        ({"splits": [SplitRange(sector="47", low=0.3, high=0.1, basis="")]}, "runs from 0.3 to 0.1"),
        ({"splits": [SplitRange(sector="47", low=10, high=30, basis="")]}, "runs from 10 to 30"),
        ({"definitions": [WeightedDefinition(id="x", weights=np.array([1.0, 1.2, 0]))]}, "definition x: weights"),
        ({"definitions": [WeightedDefinition(id="x", weights=np.ones(2))]}, r"shape \(2,\) for 3 sectors"),
        ({"delta": None}, "flq with delta=None"),
        ({"delta": (0.1, 0.4), "method": "slq"}, r"slq with delta=\(0.1, 0.4\)"),
        ({"delta": (0.4, 0.1)}, "runs from 0.4 to 0.1"),
        ({"delta": (0.1, 1.0)}, "delta is 1"),
        ({"method": "sflq"}, "sflq has a delta for every industry"),
        ({"method": ["flq", "sflq"]}, "sflq has a delta for every industry"),
        ({"method": "flqq"}, r"'flqq' is no quotient.*slq, cilq, rlq, flq, aflq"),
        ({"method": []}, "the quotients are none"),
        ({"method": ["flq", "flq"]}, "the quotients are flq, flq"),
        ({"method": ["slq", "rlq"]}, r"slq, rlq with delta=\(0.1, 0.4\)"),
        ({"method": ["slq", "flq"], "delta": None}, "slq, flq with delta=None"),
        ({"n_delta": 1}, "1 points of delta"),
        ({"unit": "million VND"}, "exchange rate"),
    ],
)
def test_requests_that_cannot_be(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        made(**options)


def test_a_measure_without_a_number_is_told() -> None:
    with pytest.raises(ModelError, match="odd gives no number"):
        made(measure=lambda *_: float("nan"), measure_name="odd")
