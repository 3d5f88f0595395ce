from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.elasticity.worlds import world
from dxanalysis.accounts.elasticity import Bootstrap, regress, regression_panel
from dxanalysis.accounts.elasticity.design import design
from dxanalysis.accounts.elasticity.wild_bootstrap import wild_bootstrap
from dxanalysis.errors import ParameterError


def panel(frame):
    return regression_panel(frame, region="region", period="year", outcome="y", digital="d", controls=("k",))


def slow(frame, options, null=0.0):
    """The same bootstrap, one regression with dummies a draw: Cameron, Gelbach and Miller (2008), table 1, by the letter."""
    region = pd.get_dummies(frame["region"]).to_numpy(float)
    period = pd.get_dummies(frame["year"]).to_numpy(float)[:, 1:]
    d = frame["d"].to_numpy()
    others = np.column_stack([frame["k"], region, period])
    full = np.column_stack([d, others])
    values = {
        "webb": [-np.sqrt(v) for v in (0.5, 1, 1.5)] + [np.sqrt(v) for v in (0.5, 1, 1.5)],
        "rademacher": [-1.0, 1.0],
    }
    points = np.array(values[options.weights])
    signs = points[np.random.default_rng(options.seed).integers(len(points), size=(region.shape[1], options.draws))]

    def t(y):
        beta = np.linalg.lstsq(full, y, rcond=None)[0]
        bread = np.linalg.pinv(full.T @ full)
        scores = region.T @ (full * (y - full @ beta)[:, None])
        return (beta[0] - null) / np.sqrt((bread @ scores.T @ scores @ bread)[0, 0])

    y = frame["y"].to_numpy()
    restricted = others @ np.linalg.lstsq(others, y - null * d, rcond=None)[0] + null * d
    residual = y - restricted
    drawn = np.array([t(restricted + (region @ signs[:, b]) * residual) for b in range(options.draws)])
    return float(np.mean(np.abs(drawn) >= abs(t(y)) * (1 - 1e-9)))


@pytest.mark.parametrize("weights", ["webb", "rademacher"])
def test_p_value_and_interval_are_those_of_refitting_every_draw(weights):
    frame = world(6, 5, noise=0.8, slope=0.3).drop(index=[8, 21])
    options = Bootstrap(weights=weights, draws=199, seed=7)
    (made,) = regress(panel(frame), form="two_way", bootstrap=options).bootstrap
    assert made.p_value == pytest.approx(slow(frame, options), abs=1e-12)
    width = made.high - made.low
    for end, outward in ((made.low, -1), (made.high, 1)):
        if np.isfinite(end):
            assert slow(frame, options, end - outward * 0.001 * width) > 0.05
            assert slow(frame, options, end + outward * 0.001 * width) <= 0.05


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6), form=st.sampled_from(["pooled", "random", "fixed", "two_way", "first_difference"]))
def test_the_interval_and_the_p_value_agree(seed, form):
    (made,) = regress(panel(world(7, 5, seed=seed, noise=1.5)), form=form, bootstrap=Bootstrap(draws=399)).bootstrap
    assert made.low < made.coefficient < made.high
    if made.p_value <= 0.05:
        assert not made.low < -1e-6 < 1e-6 < made.high or made.p_value > 0.045
    else:
        assert made.low <= 1e-6
        assert made.high >= -1e-6


def test_it_runs_for_few_regions_and_on_demand():
    few = regress(panel(world(29, 3)), form="fixed", bootstrap=Bootstrap(draws=199))
    many = regress(panel(world(30, 3)), form="fixed")
    asked = regress(panel(world(30, 3)), form="fixed", bootstrap=Bootstrap(names=("k", "d"), draws=199))
    assert [one.name for one in few.bootstrap] == ["d"]
    assert "few_regions" in {note.code for note in few.cautions}
    assert many.bootstrap == ()
    assert "few_regions" not in {note.code for note in many.cautions}
    assert [one.name for one in asked.bootstrap] == ["k", "d"]


def test_equal_seeds_give_equal_answers():
    frame = world(6, 5, noise=1.0)
    one, again, other = (
        regress(panel(frame), form="fixed", bootstrap=Bootstrap(draws=399, seed=seed)).bootstrap[0]
        for seed in (1, 1, 2)
    )
    assert one == again
    assert one.p_value != other.p_value


def test_too_few_regions_to_exclude_anything_is_an_infinite_interval_and_a_caution():
    # Two regions have four sets of signs: no t is rarer than 1 in 2.
    options = Bootstrap(weights="rademacher", draws=199)
    made = regress(panel(world(2, 8)), form="fixed", bootstrap=options)
    assert (made.bootstrap[0].low, made.bootstrap[0].high) == (-np.inf, np.inf)
    assert "bootstrap_interval_unbounded" in {note.code for note in made.cautions}


def test_under_the_null_hypothesis_it_rejects_about_as_often_as_it_says():
    # 200 panels of 8 regions with autocorrelated regressors and errors: at 5 %, 10 are expected; 99.8 % of such counts lie in 2 to 21.
    rejected = 0
    for seed in range(200):
        draw = np.random.default_rng(seed)
        frame = world(8, 5, seed=seed)
        frame[["y", "d"]] = np.cumsum(draw.normal(size=(8, 5, 2)), axis=1).reshape(-1, 2)
        rows = design(panel(frame), "two_way")
        rejected += wild_bootstrap(rows, "d", Bootstrap(draws=199, seed=seed)).p_value < 0.05
    assert 2 <= rejected <= 21


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weights": "mammen"}, "the weights are 'mammen'"),
        ({"draws": 50}, "50 draws are too few"),
    ],
)
def test_bad_options(options, said):
    with pytest.raises(ParameterError, match=said):
        Bootstrap(**options)


def test_unknown_name():
    with pytest.raises(ParameterError, match=r"no coefficient 'q'\. Choose one of d, k"):
        regress(panel(world()), form="fixed", bootstrap=Bootstrap(names=("q",)))
