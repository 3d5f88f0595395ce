from __future__ import annotations

import pandas as pd
import pytest

from dxanalysis.accounts import Assumption, TransferCheck, check_transfer


@pytest.fixture(scope="module")
def check(nation, provinces) -> TransferCheck:
    return check_transfer(nation, provinces)


def test_every_published_share_is_checked_or_named_as_left_out(check, provinces):
    ids = provinces[provinces["indicator"] == "de_va_share_grdp"]
    wanted = set(zip(ids["region_id"], ids["period"], strict=True))
    checked = {(row.published.region_id, row.published.period) for row in check.rows}
    left_out = {(one.region_id, one.period) for one in check.left_out}
    assert checked | left_out == wanted
    assert not checked & left_out
    assert left_out == {("34-31", "2025")}


def test_quang_tri_error_is_estimate_less_published(check):
    (row,) = [one for one in check.rows if one.published.region_id == "63-45"]
    assert row.published.value == 7.09
    assert row.other_kind is None
    assert row.error_pp == row.estimate.estimate - 7.09
    # What the default evidence gives today; a change of an assumption or of a figure must show here.
    assert row.error_pp == pytest.approx(0.18, abs=0.03)
    assert row.held_by(0.95)


def test_city_is_shown_and_marked_as_another_kind(check):
    frame = check.to_frame()
    city = frame[frame["region_id"] == "63-79"]
    assert list(city["period"]) == ["2020", "2021", "2022"]
    assert set(city["other_kind"]) == {"services_heavy"}
    assert (city["error_pp"] < -2).all()
    assert not city["held_95"].any()


def test_facts_count_all_and_those_of_the_kind(check):
    facts = check.summary()
    assert (facts["n_checks"], facts["n_meant_for"], facts["n_left_out"]) == (4, 1, 1)
    assert facts["mean_abs_error_pp"] > facts["mean_abs_error_pp_meant_for"]


def test_newest_release_is_the_one_checked(nation, provinces, observed):
    later = observed({"de_va_share_grdp": 8.0}, region_id="63-45", period="2023", released="2025-06-01")
    made = check_transfer(nation, pd.concat([provinces, later]))
    assert [row.published.value for row in made.rows if row.published.region_id == "63-45"] == [8.0]


def test_provinces_own_method_is_marked(nation, provinces, observed):
    own = observed({"de_share_grdp_local": 6.0}, region_id="63-45", period="2022")
    made = check_transfer(nation, pd.concat([provinces, own]))
    assert [row.same_method for row in made.rows if row.published.indicator == "de_share_grdp_local"] == [False]


def test_own_assumptions_apply_to_every_row(nation, provinces):
    none = [
        Assumption(id=name, low=0, high=0)
        for name in ("electronics_presence", "core_services_presence", "digitalised_presence")
    ]
    made = check_transfer(nation, provinces, assumptions=none)
    assert {row.estimate.estimate for row in made.rows} == {0.0}


def test_half_year_share_is_left_out_with_its_reason(nation, observed):
    made = check_transfer(nation, observed({"de_va_share_grdp": 6.0}, period="2025-H1"))
    assert made.rows == ()
    assert [one.reason for one in made.left_out] == ["not_a_year"]
    assert made.summary()["mean_abs_error_pp"] == "no_checks"


def test_nothing_published_is_said(nation, observed):
    made = check_transfer(nation, observed({"grdp_structure_agri": 6.0}))
    assert [one.reason for one in made.left_out] == ["never_published"]
