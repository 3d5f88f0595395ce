from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linearmodels.panel import FirstDifferenceOLS, RandomEffects

from accounts.elasticity.worlds import world
from dxanalysis.accounts.elasticity import FORMS, regress, regression_panel
from dxanalysis.accounts.elasticity.design import design, solve
from dxanalysis.errors import ModelError, ParameterError

LEVELS_OUT = ("fixed", "two_way", "first_difference", "long_difference")


def panel(frame, digital="d", controls=("k",)):
    return regression_panel(frame, region="region", period="year", outcome="y", digital=digital, controls=controls)


def dummies(frame, form):
    """Least squares with a dummy for each region, and each period, written out."""
    x = frame[["d", "k"]].to_numpy()
    columns = [x, pd.get_dummies(frame["region"]).to_numpy(float)]
    if form == "two_way":
        columns.append(pd.get_dummies(frame["year"]).to_numpy(float)[:, 1:])
    return np.linalg.lstsq(np.hstack(columns), frame["y"].to_numpy(), rcond=None)[0][:2]


@pytest.mark.parametrize("form", ["fixed", "two_way"])
def test_levels_taken_out_are_dummies_also_in_an_unbalanced_panel(form):
    frame = world(8, 6).drop(index=[0, 7, 20, 33])
    assert regress(panel(frame), form=form).coefficients == pytest.approx(dummies(frame, form), rel=1e-10)


@pytest.mark.parametrize("gaps", [[], [2, 9, 22]])
def test_first_differences_are_linearmodels_with_a_trend(gaps):
    frame = world(8, 6).drop(index=gaps)
    made = regress(panel(frame), form="first_difference")
    index = frame.set_index(["region", "year"])
    other = FirstDifferenceOLS(
        index["y"], index[["d", "k"]].assign(trend=index.index.get_level_values(1).astype(float))
    )
    for kind, cov in (
        ("classical", {}),
        ("region", {"cov_type": "clustered", "cluster_entity": True, "group_debias": True}),
    ):
        fit = other.fit(**cov)
        assert made.coefficients == pytest.approx(fit.params.to_numpy(), rel=1e-9)
        found = [made.standard_error(kind, name) for name in made.names]
        assert found == pytest.approx(fit.std_errors.to_numpy(), rel=1e-9)
    # Each gap inside a region costs the two differences that touch it.
    assert made.n_observations == 40 - 2 * len(gaps)


def test_long_differences_are_one_row_a_region():
    frame = world(9, 6).drop(index=[5])
    made = regress(panel(frame), form="long_difference")
    ends = frame.pivot_table(index="region", columns="year", values=["y", "d", "k"]).dropna()
    change = pd.DataFrame({name: ends[name][2020] - ends[name][2015] for name in ("y", "d", "k")})
    x = np.column_stack([change[["d", "k"]], np.ones(len(change))])
    assert made.coefficients == pytest.approx(np.linalg.lstsq(x, change["y"], rcond=None)[0], rel=1e-9)
    assert (made.n_observations, made.n_regions, made.n_periods) == (8, 8, 1)
    assert {note.code for note in made.cautions} >= {"regions_not_used", "short_panel"}
    assert [one.kind for one in made.errors] == ["classical", "region"]
    with pytest.raises(ModelError, match="'driscoll_kraay' were not computed: one_period"):
        made.standard_error("driscoll_kraay")


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), form=st.sampled_from(LEVELS_OUT))
def test_a_constant_added_to_a_region_changes_no_slope(seed, form):
    frame = world(7, 5, seed=seed)
    moved = frame["region"].map(dict(zip(frame["region"].unique(), np.linspace(-50, 900, 7), strict=True)))
    before, after = (regress(panel(one), form=form) for one in (frame, frame.assign(y=frame["y"] + moved)))
    assert after.coefficients == pytest.approx(before.coefficients, rel=1e-7, abs=1e-9)
    for one, other in zip(before.errors, after.errors, strict=True):
        assert other.values == pytest.approx(one.values, rel=1e-6)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), unit=st.floats(1e-6, 1e6), form=st.sampled_from(FORMS))
def test_the_unit_of_a_logged_variable_changes_no_elasticity(seed, unit, form):
    frame = world(7, 5, seed=seed)
    logged = frame.assign(d=np.log(unit * np.exp(frame["d"])))
    before, after = (regress(panel(one), form=form) for one in (frame, logged))
    if form == "random":  # the constant takes the unit up; the share of the means is estimated beside it
        assert after.coefficient() == pytest.approx(before.coefficient(), rel=1e-6)
    assert after.coefficients[:2] == pytest.approx(before.coefficients[:2], rel=1e-6, abs=1e-9)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), form=st.sampled_from(FORMS))
def test_the_order_of_rows_changes_nothing(seed, form):
    frame = world(6, 5, seed=seed)
    before, after = (regress(panel(one), form=form) for one in (frame, frame.sample(frac=1, random_state=seed)))
    pd.testing.assert_frame_equal(before.to_frame(), after.to_frame())
    assert before.summary() == after.summary()


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), form=st.sampled_from(["pooled", *LEVELS_OUT]))
def test_leaving_a_region_out_is_estimating_without_it(seed, form):
    frame = world(7, 5, seed=seed).drop(index=[3, 17])
    found = dict(regress(panel(frame), form=form).leave_one_out.coefficients)
    for name in ("R01", "R06"):
        without = regress(panel(frame[frame["region"] != name]), form=form)
        assert found[name] == pytest.approx(without.coefficient(), rel=1e-8)


def test_a_region_that_alone_varies_is_named():
    frame = world(6, 5)
    frame["d"] = np.where(frame["region"] == "R02", frame["d"], 1.0)
    made = regress(panel(frame), form="fixed")
    assert made.leave_one_out.undefined_without == ("R02",)
    assert {note.code: dict(note.facts) for note in made.cautions}["needs_one_region"] == {"region": "R02"}


def test_one_region_that_dominates_is_named():
    frame = world(10, 8, noise=0.02)
    odd = frame["region"] == "R04"
    frame.loc[odd, "y"] = frame.loc[odd, "y"] - 30 * frame.loc[odd, "d"]
    found = {note.code: dict(note.facts) for note in regress(panel(frame), form="fixed").cautions}
    assert found["one_region_dominates"]["region"] == "R04"
    assert found["one_region_dominates"]["without"] == pytest.approx(0.5, abs=0.05)


def test_errors_stand_side_by_side():
    made = regress(panel(world(12, 10)), form="fixed")
    frame = made.to_frame()
    kinds = ["classical", "region", "two_way", "driscoll_kraay"]
    assert frame.query("name == 'd'")["kind"].tolist() == [*kinds, "wild_bootstrap"]
    assert frame.query("name == 'k'")["kind"].tolist() == kinds
    assert frame.query("name == 'd'")["df"].tolist() == [12 * 10 - 12 - 2, 11, 9, 9, pd.NA]
    row = frame.query("name == 'd' and kind == 'region'").iloc[0]
    # 2.201 is the 97.5 % point of t with 11 degrees of freedom.
    assert (row["high"] - row["coefficient"]) / row["standard_error"] == pytest.approx(2.200985, abs=1e-6)
    assert made.standard_error("region", "d") == row["standard_error"]
    summary = made.summary()
    assert (summary["n_regions"], summary["n_periods"], summary["n_observations"]) == (12, 10, 120)
    assert 0 < summary["r2"] < 1


def test_variances_that_come_out_negative_are_refused():
    made = regress(panel(world(4, 3, seed=2, noise=1.0)), form="fixed")
    assert [one.kind for one in made.errors] == ["classical", "region", "driscoll_kraay"]
    assert all(np.isfinite(one.values).all() for one in made.errors)
    with pytest.raises(ModelError, match="standard errors of kind 'two_way' were not computed: negative_variance"):
        made.standard_error("two_way")


def test_bandwidth_zero_is_clustering_by_period():
    made = regress(panel(world(8, 6)), form="fixed", bandwidth=0, correction="regressors")
    frame = world(8, 6)
    x = frame[["d", "k"]] - frame.groupby("region")[["d", "k"]].transform("mean")
    y = frame["y"] - frame.groupby("region")["y"].transform("mean")
    scores = (x.mul(y - x @ made.coefficients, axis=0)).groupby(frame["year"]).sum().to_numpy()
    bread = np.linalg.inv(x.T @ x)
    by_hand = np.sqrt(np.diag(48 / (48 - 8 - 2) * bread @ scores.T @ scores @ bread))
    assert [made.standard_error("driscoll_kraay", name) for name in ("d", "k")] == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize(
    ("form", "spoil", "controls", "said"),
    [
        ("fixed", {"k": "level"}, ("k",), "form fixed: 'k': no variation within regions. Leave these"),
        ("fixed", {"k": "level", "d": "level"}, ("k",), "'d', 'k': no variation within regions"),
        ("first_difference", {"k": "level"}, ("k",), "'k': no variation within regions"),
        ("two_way", {"k": "trend"}, ("k",), "'k' is made of levels of regions and periods"),
        ("two_way", {"d": "trend"}, ("k",), "'d' is made of levels of regions and periods"),
        ("first_difference", {"k": "trend"}, ("k",), "'k' is made of the constant"),
        ("fixed", {"m": "sum"}, ("k", "m"), "'m' is made of 'd' and 'k'. Leave one of them out"),
        ("pooled", {"m": "sum"}, ("k", "m"), "'m' is made of 'd' and 'k'"),
        ("pooled", {"k": "one"}, ("k",), "'k' is made of the constant"),
        ("random", {"k": "one"}, ("k",), "'k' is made of the constant"),
    ],
)
def test_columns_that_carry_nothing_are_named(form, spoil, controls, said):
    frame = world(6, 5)
    new = {
        "level": frame["region"].str[1:].astype(float) * 1.1 + 0.3,
        "trend": (frame["year"] - 2000) / 7,
        "sum": 2 * frame["d"] - 1e5 * frame["k"],
        "one": pd.Series(4.2, index=frame.index),
    }
    frame = frame.assign(**{column: new[kind] for column, kind in spoil.items()})
    with pytest.raises(ModelError, match=said):
        regress(panel(frame, controls=controls), form=form)


@pytest.mark.parametrize(
    ("frame", "form", "said"),
    [
        (world(3, 2), "fixed", None),
        (world(2, 2), "fixed", "4 rows for 4 coefficients and levels"),
        (world(3, 6), "random", "3 regions do not give the variance of their levels beside 2 regressors.*at least 4"),
        (world(3, 6), "long_difference", "3 rows for 3 coefficients"),
        (world(4, 6).query("year % 2 == 1 or region == 'R00'"), "first_difference", "only one region is left"),
        (
            world(4, 4).query("year == 2015 or region > 'R01'").query("year > 2015 or region < 'R02'"),
            "long_difference",
            "no region has both 2015 and 2018",
        ),
    ],
)
def test_panels_that_are_too_small(frame, form, said):
    if said is None:
        assert regress(panel(frame), form=form).n_observations == 6
        return
    with pytest.raises(ModelError, match=said):
        regress(panel(frame), form=form)


def test_an_outcome_that_does_not_vary_or_is_made_of_the_regressors():
    frame = world(6, 5)
    with pytest.raises(ModelError, match="the outcome 'y' has no variation within regions"):
        regress(panel(frame.assign(y=frame["region"].str[1:].astype(float))), form="fixed")
    for form in FORMS:
        with pytest.raises(ModelError, match="the regressors make up the outcome 'y' exactly"):
            regress(panel(frame.assign(y=2 * frame["d"] - frame["k"] + 3)), form=form)


@pytest.mark.parametrize("form", FORMS)
def test_units_far_apart_are_no_collinearity(form):
    frame = world(7, 5)
    before = regress(panel(frame), form=form)
    after = regress(panel(frame.assign(d=frame["d"] * 1e-9, k=frame["k"] * 1e12)), form=form)
    assert after.coefficients[:2] * [1e-9, 1e12] == pytest.approx(before.coefficients[:2], rel=1e-6)
    for one, other in zip(before.errors, after.errors, strict=True):
        assert other.values[:2] * [1e-9, 1e12] == pytest.approx(one.values[:2], rel=1e-6)
    assert after.leave_one_out.low * 1e-9 == pytest.approx(before.leave_one_out.low, rel=1e-6)
    assert after.bootstrap[0].p_value == before.bootstrap[0].p_value


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_the_design_give_the_coefficients_of_linearmodels(form):
    made = panel(world(7, 5).drop(index=[3, 17, 18]))
    rows = design(made, form)
    if form == "random":
        table = made.to_frame().astype({"period": int}).set_index(["region", "period"])
        fit = RandomEffects(table["y"], table[["d", "k"]].assign(const=1.0)).fit()
        rows = design(made, form, theta=fit.theta["theta"].to_numpy())
    assert solve(rows.full, rows.y)[: len(rows.names)] == pytest.approx(regress(made, form=form).coefficients, rel=1e-9)


def test_a_period_that_only_a_lone_row_has_is_no_trouble():
    frame = pd.concat([world(6, 5), world(7, 7).query("region == 'R06' and year == 2021")])
    made = regress(panel(frame), form="two_way")
    assert made.coefficients == pytest.approx(dummies(frame, "two_way"), rel=1e-9)


def test_bad_options():
    made = panel(world(6, 5))
    with pytest.raises(ParameterError, match=r"the form is 'between'\. Choose one of pooled, random"):
        regress(made, form="between")
    with pytest.raises(ParameterError, match=r"the bandwidth is 5\. Give a whole number from 0 to 4"):
        regress(made, form="fixed", bandwidth=5)
    with pytest.raises(ParameterError, match=r"the bandwidth is 2\.5"):
        regress(made, form="fixed", bandwidth=2.5)
    with pytest.raises(ParameterError, match="the correction is 'hc3'"):
        regress(made, form="fixed", correction="hc3")
    with pytest.raises(ParameterError, match=r"no coefficient 'const'\. Choose one of d, k"):
        regress(made, form="fixed").coefficient("const")
    with pytest.raises(ParameterError, match="no standard errors of kind 'hc3'"):
        regress(made, form="fixed").standard_error("hc3")


def test_the_wing_does_not_wait_for_linearmodels():
    code = "import sys, dxanalysis.accounts; assert 'linearmodels' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
