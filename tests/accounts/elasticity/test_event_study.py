from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.elasticity.worlds import world
from dxanalysis.accounts.elasticity import Bootstrap, PanelTest, event_study
from dxanalysis.errors import DataError, ModelError, ParameterError

QUICK = Bootstrap(draws=199)
STEP = {-3: 0.0, -2: 0.0, -1: 0.0, 0: 1.0, 1: 2.0, 2: 2.5}


def adoption(dates, *, n_periods=8, noise=0.0, seed=0):
    """One region a date (None: never); the outcome moves by STEP after adoption, above levels of regions and years."""
    frame = world(len(dates), n_periods, seed=seed)
    draw = np.random.default_rng(seed)
    when = dict(zip(frame["region"].unique(), dates, strict=True))
    frame["when"] = frame["region"].map(when).astype(float)
    distance = np.clip(frame["year"] - frame["when"], -3, 2)
    level, year = draw.normal(size=len(dates)), draw.normal(size=n_periods)
    frame["y"] = distance.map(STEP).fillna(0.0) + np.repeat(level, n_periods) + np.tile(year, len(dates))
    frame["y"] += noise * draw.normal(size=len(frame))
    return frame


def study(frame, **options):
    given_ = {
        "region": "region",
        "period": "year",
        "outcome": "y",
        "adopted": "when",
        "leads": 3,
        "lags": 2,
        "comparison": "never",
        "bootstrap": QUICK,
    } | options
    return event_study(frame, **given_)


def found(made):
    return {k: made.regression.coefficient(f"lead_{-k}" if k < 0 else f"lag_{k}") for k in made.relative}


def codes(made):
    return {note.code: dict(note.facts) for note in made.cautions}


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_steps_that_are_the_same_everywhere_are_found(seed):
    dates = [2018, 2018, 2019, 2020, None, None, None]
    made = study(adoption(dates, noise=1e-6, seed=seed))
    assert made.relative == (-3, -2, 0, 1, 2)
    for k, value in found(made).items():
        assert value == pytest.approx(STEP[k], abs=1e-4)
    assert made.cohorts == ((3, 2), (4, 1), (5, 1))
    assert made.n_compared == 3


def test_two_groups_and_two_dates_are_differences_of_means():
    # One date, one control group: each coefficient is the adopters' change since the year before, less the others'.
    frame = adoption([2018, 2018, None, None, None], noise=1.0, n_periods=6)
    made = study(frame, leads=3, lags=2)
    mean = frame.assign(adopter=frame["when"].notna()).pivot_table(index="adopter", columns="year", values="y")
    change = mean.sub(mean[2017], axis=0)
    for k in (-3, -2, 0, 1, 2):
        assert found(made)[k] == pytest.approx(change.loc[True, 2018 + k] - change.loc[False, 2018 + k], abs=1e-10)
    assert "staggered_two_way" not in codes(made)
    assert codes(made)["few_in_one_group"] == {"adopters": 2.0, "compared": 3.0}


def test_staggered_adoption_and_other_cautions_are_said():
    made = study(adoption([2018, 2018, 2019, 2020, None, None, None], noise=0.1))
    assert codes(made)["staggered_two_way"] == {"cohorts": 3.0}
    assert {"adoption_not_random", "endogenous_regressor", "few_regions"} <= codes(made).keys()
    assert isinstance(made.leads_test, PanelTest)
    assert made.leads_test.df == (2, 6)
    frame = made.to_frame()
    assert frame["relative"].is_monotonic_increasing
    assert set(frame["relative"]) == {-3, -2, 0, 1, 2}


def test_leads_that_differ_are_said():
    frame = adoption([2019] * 6 + [None] * 6, noise=0.05)
    frame["y"] += 0.4 * (frame["year"] - 2019) * frame["when"].notna()
    assert codes(study(frame))["leads_differ_from_zero"]["p_value"] < 0.001
    alone = study(adoption([2019] * 6 + [None] * 6, noise=0.05), leads=1)
    assert alone.relative == (0, 1, 2)
    assert "leads_not_tested" in codes(alone)


def test_where_all_adopted_the_last_are_compared_with_before_they_did():
    frame = adoption([2018, 2018, 2019, 2021, 2021], noise=1e-6)
    with pytest.raises(DataError, match=r"every region adopted: none is left to compare with.*comparison='last'"):
        study(frame)
    made = study(frame, comparison="last")
    assert made.regression.panel.periods[-1] == "2020"
    assert made.n_compared == 2
    assert made.cohorts == ((3, 2), (4, 1))
    assert codes(made)["compared_with_last_adopters"] == {"regions": 2.0}
    for k, value in found(made).items():
        assert value == pytest.approx(STEP[k], abs=1e-4)
    with pytest.raises(ParameterError, match="some regions never adopted"):
        study(adoption([2018, 2019, None]), comparison="last")
    with pytest.raises(ModelError, match="no adopter is left"):
        study(adoption([2019, 2019, 2019]), comparison="last")


def test_regions_without_a_before_are_left_out_and_named():
    made = study(adoption([2012, 2015, 2018, 2018, None, None], noise=0.1))
    assert made.regression.panel.regions == ("R02", "R03", "R04", "R05")
    named = [dict(note.facts)["region"] for note in made.cautions if note.code == "adopted_before_the_panel"]
    assert named == ["R00", "R01"]


def test_adoption_may_be_text_and_of_a_year_nobody_observed():
    frame = adoption([2018, 2018, 2019, None, None], noise=0.1)
    text = frame["when"].map(lambda year: None if pd.isna(year) else str(int(year)))
    as_text = study(frame.assign(when=text, year=frame["year"].astype(str)))
    assert as_text.regression.coefficients == pytest.approx(study(frame).regression.coefficients, rel=1e-12)
    future = study(frame.assign(when=frame["when"].replace(2019, 2040)))
    assert future.cohorts == ((3, 2), (25, 1))


@pytest.mark.parametrize(
    ("dates", "options", "error", "said"),
    [
        ([2018, None, None], {"leads": 0}, ParameterError, "the window is 0 leads and 2 lags"),
        ([2018, None, None], {"comparison": "not_yet"}, ParameterError, "the comparison is 'not_yet'"),
        ([2018, None, None], {"adopted": "then"}, ParameterError, "no column 'then'"),
        ([2018, None, None], {"lags": 5}, ModelError, "no row lies 5 periods after adoption.*shorter window"),
        ([2018, None, None], {"leads": 4}, ModelError, "no row lies 4 periods before adoption"),
        ([None, None, None], {}, DataError, "no region has a period of adoption"),
        ([2010, None, None], {}, ModelError, "no adopter is left"),
    ],
)
def test_what_cannot_be_asked(dates, options, error, said):
    with pytest.raises(error, match=said):
        study(adoption(dates), **options)


def test_two_dates_in_one_region_are_refused():
    frame = adoption([2018, 2018, None])
    frame.loc[9, "when"] = 2019
    with pytest.raises(DataError, match="column 'when': region R01 has several periods of adoption"):
        study(frame)
    frame.loc[9, "when"] = np.nan
    with pytest.raises(DataError, match="region R01 has several"):
        study(frame)
