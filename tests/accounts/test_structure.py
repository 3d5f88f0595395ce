from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.accounts.figures import Ranged
from dxanalysis.accounts.structure import AREAS, Structure, mean_structure, structures
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError

SHARES = {
    "grdp_structure_agri": 28.84,
    "grdp_structure_indcon": 28.63,
    "grdp_structure_services": 38.60,
    "grdp_structure_tax": 3.93,
}


def only(frame: pd.DataFrame) -> Structure:
    made = structures(frame, "grdp")
    assert len(made) == 1
    return made[0]


def test_shares_are_taken_as_printed(observed):
    made = only(observed(SHARES))
    assert [made.share(area).value for area in AREAS] == [28.84, 28.63, 38.6, 3.93]
    assert made.kind == "shares"
    assert made.adds_up
    assert made.notes == ()


def test_levels_become_shares_and_taxes_are_what_is_left(provinces):
    quang_tri = next(
        one for one in structures(provinces[provinces["region_id"] == "63-45"], "grdp") if one.period.text == "2022"
    )
    # Quảng Trị 2022, yearbook levels in bn VND: 8277.165, 11904.530 and 18741.692 of 40767.442.
    assert quang_tri.agri.value == pytest.approx(20.3034, abs=5e-5)
    assert quang_tri.indcon.value == pytest.approx(29.2011, abs=5e-5)
    assert quang_tri.services.value == pytest.approx(45.9722, abs=5e-5)
    assert quang_tri.tax.value == pytest.approx(4.52335, abs=5e-5)
    assert quang_tri.total == pytest.approx(100, abs=1e-12)
    assert "tax_is_remainder" in {note.code for note in quang_tri.notes}


@given(scale=st.floats(min_value=1e-3, max_value=1e6, allow_nan=False))
def test_scaling_the_currency_changes_no_share(observed, scale):
    levels = {
        "grdp_current": 40767.442,
        "grdp_current_agri": 8277.165,
        "grdp_current_indcon": 11904.53,
        "grdp_current_services": 18741.692,
    }
    plain = only(observed(levels, unit="bn_vnd"))
    scaled = only(observed({name: value * scale for name, value in levels.items()}, unit="bn_vnd"))
    for area in AREAS:
        assert scaled.share(area).value == pytest.approx(plain.share(area).value, rel=1e-12, abs=1e-11)


def test_full_set_is_preferred_to_a_newer_single_figure_which_widens_the_range(provinces):
    made = only(provinces[provinces["region_id"] == "34-52"])
    assert made.indcon.value == 28.63
    assert made.indcon.low == pytest.approx(28.615)
    assert made.indcon.high == pytest.approx(28.635)
    assert {figure.source for figure in made.figures} == {"baogialai-576694"}


def test_newest_of_two_full_sets_is_used(observed):
    later = {**SHARES, "grdp_structure_indcon": 28.5, "grdp_structure_services": 38.73}
    made = only(pd.concat([observed(later, released="2027-01-05"), observed(SHARES)]))
    assert made.indcon.value == 28.5
    assert made.services.high == pytest.approx(38.735)


def test_page_without_a_date_is_not_taken_for_the_newest(observed):
    undated = observed(
        {**SHARES, "grdp_structure_indcon": 29.0, "grdp_structure_services": 38.23},
        released="2026-11-23",
        source="page",
    )
    undated["released_from"] = pd.NaT
    made = only(pd.concat([undated, observed(SHARES)]))
    assert made.indcon.value == 28.63


def test_set_that_can_be_checked_is_preferred_to_a_newer_one_without_taxes(observed):
    newer = observed({name: value for name, value in SHARES.items() if "tax" not in name}, released="2027-01-05")
    assert only(pd.concat([observed(SHARES), newer])).notes == ()


def test_areas_of_different_releases_are_mixed_only_when_nothing_else_is_there(observed):
    first = observed({"grdp_structure_agri": 28.84, "grdp_structure_services": 38.6, "grdp_structure_tax": 3.93})
    second = observed({"grdp_structure_indcon": 28.62}, released="2026-01-10", source="paper")
    assert [note.code for note in only(pd.concat([first, second])).notes] == ["mixed_releases"]


def test_period_with_a_missing_area_is_no_structure(observed):
    assert structures(observed({"grdp_structure_agri": 28.84, "grdp_structure_services": 38.6}), "grdp") == ()


def test_sum_beyond_rounding_but_below_a_point_is_told(observed):
    made = only(observed({**SHARES, "grdp_structure_services": 39.2}))
    assert not made.adds_up
    assert [(note.code, dict(note.facts)["sum"]) for note in made.notes] == [("structure_does_not_add_up", 100.6)]


def test_rounded_percentages_may_add_to_101(observed):
    rounded = {
        "grdp_structure_agri": 29,
        "grdp_structure_indcon": 29,
        "grdp_structure_services": 39,
        "grdp_structure_tax": 4,
    }
    assert only(observed(rounded)).adds_up


def test_structure_that_adds_to_140_is_refused(observed):
    with pytest.raises(
        DataError, match=r"34-01, 2025: the four areas add up to 140 percent, not 100\. Check that agriculture"
    ):
        structures(observed({**SHARES, "grdp_structure_services": 78.6}), "grdp")


def test_negative_share_is_refused(observed):
    with pytest.raises(DataError, match=r"34-01, 2025: the share of agri is -3 percent\. Expected 0 to 100"):
        structures(observed({**SHARES, "grdp_structure_agri": -3.0, "grdp_structure_services": 70.44}), "grdp")


def test_area_larger_than_the_whole_is_refused(observed):
    with pytest.raises(DataError, match=r"the share of services is 386 percent, more than the whole"):
        structures(observed({**SHARES, "grdp_structure_services": 386}), "grdp")


def test_three_areas_above_the_whole_are_refused(observed):
    with pytest.raises(DataError, match=r"alone add up to 120 percent, not 100 or less"):
        structures(
            observed({"grdp_structure_agri": 40, "grdp_structure_indcon": 40, "grdp_structure_services": 40}), "grdp"
        )


def test_levels_above_their_total_are_refused(observed):
    levels = {"grdp_current": 100, "grdp_current_agri": 50, "grdp_current_indcon": 50, "grdp_current_services": 50}
    with pytest.raises(DataError, match=r"are 150 percent of the published total\. Check that the levels"):
        structures(observed(levels, unit="bn_vnd"), "grdp")


def test_levels_without_a_total_above_zero_are_refused(observed):
    levels = dict.fromkeys(("grdp_current_agri", "grdp_current_indcon", "grdp_current_services", "grdp_current_tax"), 0)
    with pytest.raises(DataError, match=r"the total is 0\. Expected a level above zero"):
        structures(observed(levels, unit="bn_vnd"), "grdp")


def test_levels_and_total_in_two_units_are_refused(observed):
    areas = observed({"grdp_current_agri": 20, "grdp_current_indcon": 30, "grdp_current_services": 45}, unit="m_vnd")
    with pytest.raises(
        DataError, match=r"units are mixed: grdp_current_agri in m_vnd, .*grdp_current in bn_vnd.*Expected one unit"
    ):
        structures(pd.concat([areas, observed({"grdp_current": 100}, unit="bn_vnd")]), "grdp")


def test_shares_not_in_percent_are_refused(observed):
    with pytest.raises(DataError, match=r"units are mixed: .*Expected percent; bring the figures to one unit"):
        structures(observed(SHARES, unit="points"), "grdp")


def test_one_release_with_two_values_is_refused(observed):
    twice = pd.concat([observed(SHARES), observed({"grdp_structure_agri": 28.0})])
    with pytest.raises(DataError, match=r"grdp_structure_agri has two values in one release: 28\.84 and 28"):
        structures(twice, "grdp")


def test_frame_without_a_needed_column_is_refused(observed):
    with pytest.raises(DataError, match=r"the observation frame has no column unit\. Pass what store\.observations"):
        structures(observed(SHARES).drop(columns="unit"), "grdp")


def test_mean_over_years_is_the_plain_mean(observed):
    other = {**SHARES, "grdp_structure_agri": 26.84, "grdp_structure_services": 40.6}
    made = structures(pd.concat([observed(SHARES, period="2023"), observed(other, period="2022")]), "grdp")
    mean = mean_structure(made, Period.parse("2022-2023"))
    assert mean.agri.value == pytest.approx(27.84)
    assert mean.services.value == pytest.approx(39.6)
    assert mean.notes[0].code == "structure_is_mean_of_years"
    assert dict(mean.notes[0].facts) == {"years": "2022, 2023"}


def test_range_never_goes_below_zero():
    assert Ranged(value=0.5, low=0.4, high=0.6).widened(1.0) == Ranged(value=0.5, low=0.0, high=1.6)
