from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.accounts.regional import (
    QUOTIENTS,
    aflq,
    cilq,
    delta_band,
    delta_evidence,
    flegg_tohmo_delta,
    flq,
    quotients,
    rlq,
    sflq,
    slq,
)
from dxanalysis.errors import DataError, ParameterError

NATION = np.array([60.0, 100.0, 600.0])
REGION = np.array([2.0, 5.0, 93.0])


@st.composite
def places(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    nation = rng.uniform(1, 1000, draw(st.integers(2, 8)))
    return nation * rng.uniform(0.001, 1, len(nation)), nation


@settings(max_examples=40, deadline=None)
@given(places(), st.floats(0, 0.99))
def test_the_nation_beside_itself_is_one_by_every_quotient(place: tuple, delta: float) -> None:
    _, nation = place
    np.testing.assert_allclose(slq(nation, nation), 1, rtol=1e-12)
    for name in QUOTIENTS:
        given_delta = {"flq": delta, "aflq": delta, "sflq": np.full(len(nation), delta)}.get(name)
        np.testing.assert_allclose(quotients(name, nation, nation, delta=given_delta), 1, rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(places(), st.floats(0, 0.98), st.floats(0.001, 0.99), st.floats(0.01, 1000))
def test_flq_falls_with_delta_and_knows_no_unit(place: tuple, delta: float, more: float, scale: float) -> None:
    region, nation = place
    later = min(delta + more, 0.99)
    assert np.all(flq(region, nation, delta=later) <= flq(region, nation, delta=delta) * (1 + 1e-12))
    np.testing.assert_allclose(
        flq(region * scale, nation * scale, delta=delta), flq(region, nation, delta=delta), rtol=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(places(), st.floats(0, 0.9))
def test_relations_between_the_quotients(place: tuple, delta: float) -> None:
    region, nation = place
    simple = slq(region, nation)
    np.testing.assert_allclose(flq(region, nation, delta=0), cilq(region, nation), rtol=1e-12)
    np.testing.assert_allclose(
        sflq(region, nation, delta=np.full(len(nation), delta)), flq(region, nation, delta=delta)
    )
    ratio = aflq(region, nation, delta=delta) / flq(region, nation, delta=delta)
    np.testing.assert_allclose(ratio, np.broadcast_to(np.maximum(np.log2(1 + simple), 1), ratio.shape), rtol=1e-9)
    np.testing.assert_allclose(rlq(region, nation) * np.log2(1 + simple), np.repeat(simple[:, None], len(simple), 1))


def test_sflq_takes_the_delta_of_the_buying_industry() -> None:
    deltas = [0.1, 0.3, 0.6]
    found = sflq(REGION, NATION, delta=deltas)
    for buyer, delta in enumerate(deltas):
        np.testing.assert_allclose(found[:, buyer], flq(REGION, NATION, delta=delta)[:, buyer], rtol=1e-12)


def test_order_of_the_industries_changes_nothing() -> None:
    order = [2, 0, 1]
    np.testing.assert_allclose(
        flq(REGION[order], NATION[order], delta=0.3), flq(REGION, NATION, delta=0.3)[np.ix_(order, order)]
    )


def test_an_absent_industry_sells_and_draws_nothing() -> None:
    for name in QUOTIENTS:
        delta = {"flq": 0.3, "aflq": 0.3, "sflq": [0.3] * 3}.get(name)
        q = quotients(name, [0, 5, 93], NATION, delta=delta)
        assert np.all(q[0] == 0)
        if name != "slq":
            assert np.all(q[:, 0] == 0)
        assert np.isfinite(q).all()
    assert slq([0, 5, 93], [0, 100, 600])[0] == 0  # nobody in the nation has it


@pytest.mark.parametrize("delta", [-0.01, 1.0, 1.5, float("nan")])
def test_delta_outside_its_range_is_refused(delta: float) -> None:
    for call in (flq, aflq):
        with pytest.raises(ParameterError, match=r"delta is .*from 0 to below 1"):
            call(REGION, NATION, delta=delta)
    with pytest.raises(ParameterError, match="delta is"):
        sflq(REGION, NATION, delta=[0.1, delta, 0.2])


def test_there_is_no_silent_delta() -> None:
    with pytest.raises(ParameterError, match=r"flq needs a delta.*delta_band"):
        quotients("flq", REGION, NATION, delta=None)
    with pytest.raises(ParameterError, match="slq has no delta"):
        quotients("slq", REGION, NATION, delta=0.3)
    with pytest.raises(ParameterError, match=r"one delta for all.*sflq"):
        quotients("flq", REGION, NATION, delta=[0.1, 0.2, 0.3])
    with pytest.raises(ParameterError, match="one delta for each buying industry"):
        sflq(REGION, NATION, delta=0.3)
    with pytest.raises(ParameterError, match=r"'flqq' is unknown.*slq, cilq"):
        quotients("flqq", REGION, NATION, delta=0.3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("region", "nation", "message"),
    [
        ([2, 5, 700], NATION, r"industry C: the region has 700, the whole nation 600"),
        ([2, -5, 93], NATION, r"industry B: the region's size is -5"),
        ([2, 5, float("nan")], NATION, r"industry C: the region's size is nan"),
        ([2, 5, 93], [60, float("inf"), 600], r"industry B: the nation's size is inf"),
        ([0, 0, 0], NATION, "the region has no output at all"),
        ([1, 0, 0], [0, 100, 600], r"industry A: the region has 1, the whole nation 0"),
        ([2, 5], NATION, r"\(2,\) industries, the nation \(3,\)"),
    ],
)
def test_sizes_that_cannot_be(region: object, nation: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        slq(region, nation, sectors=("A", "B", "C"))  # type: ignore[arg-type]


def test_the_band_rests_on_its_evidence() -> None:
    evidence = delta_evidence()
    assert delta_band() == (0.1, 0.4)
    assert delta_band("all") == (0.1, evidence["high"].max()) == (0.1, 0.6)
    assert (evidence["source"].str.len() > 20).all()
    assert ((evidence["low"] <= evidence["typical"]) & (evidence["typical"] <= evidence["high"])).all()
    assert evidence["typical"].between(*delta_band()).mean() > 0.7
    with pytest.raises(ParameterError, match="'wide' is unknown"):
        delta_band("wide")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "imports", "inputs", "message"),
    [
        (0, 1, 1, "size is 0"),
        (3, -1, 1, "imports is -1"),
        (3, 1, float("nan"), "inputs is nan"),
        (120, 1, 1, "120 percent"),
        (50, 3, 0.5, "far from those"),
    ],
)
def test_the_regression_of_delta_refuses(size: float, imports: float, inputs: float, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        flegg_tohmo_delta(size=size, imports=imports, inputs=inputs)
