from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.accounts import (
    DigitalShare,
    NotEnoughData,
    fastest_changes,
    fastest_changes_frame,
    pace_frame,
    published,
    published_digital_growth,
    required_digital_growth,
    required_pace,
    transfer,
)
from dxanalysis.accounts.pace import Needs
from dxanalysis.errors import ParameterError, PercentOrFraction


def newest(frame, region="VN", method="de_va_share_gdp") -> DigitalShare:
    made = published(frame).newest(region, method)
    assert isinstance(made, DigitalShare)
    return made


def test_nation_to_30_percent_by_hand(published_figures):
    # (1.10) * (30 / 14.02)^(1/5) - 1: ln(2.139800) / 5 = 0.152139, e^ = 1.164322, times 1.10 = 1.280754.
    (row,) = required_pace(newest(published_figures), target=30, deadline="2030", grdp_growth_pct=10)
    assert isinstance(row.needs, Needs)
    assert row.gap_pp == pytest.approx(15.98)
    assert row.needs.points_per_year == pytest.approx(3.196)
    assert row.needs.digital_growth_pct == pytest.approx(28.076, abs=0.001)


@pytest.mark.filterwarnings(
    "ignore::dxanalysis.errors.PercentOrFraction"
)  # growth of 0.1 percent is told of, and right
@given(share=st.floats(1, 50), target=st.floats(1, 100), years=st.integers(1, 30), growth=st.floats(-20, 40))
def test_growing_at_the_needed_rate_reaches_the_target(share, target, years, growth):
    needed = required_digital_growth(share=share, target=target, years=years, grdp_growth_pct=growth)
    digital, grdp = share, 100.0
    for _ in range(years):
        digital *= 1 + needed / 100
        grdp *= 1 + growth / 100
    assert 100 * digital / grdp == pytest.approx(target, rel=1e-9)


def test_passed_deadline_leaves_the_distance_only(published_figures):
    (row,) = required_pace(newest(published_figures), target=20, deadline="2025", grdp_growth_pct=10)
    assert row.gap_pp == pytest.approx(5.98)
    assert isinstance(row.needs, NotEnoughData)
    assert row.needs.reason == "deadline_not_after_the_share"
    frame = pace_frame((row,))
    assert pd.isna(frame["digital_growth_pct"][0])
    assert frame["reason"][0] == "deadline_not_after_the_share"


def test_range_gives_three_starts_and_the_lowest_needs_most(gia_lai):
    rows = required_pace(transfer(gia_lai, with_sensitivity=False), target=30, deadline="2030", grdp_growth_pct=10)
    assert isinstance(rows, tuple)
    frame = pace_frame(rows)
    assert list(frame["quantile"]) == [0.025, 0.5, 0.975]
    assert frame["digital_growth_pct"].is_monotonic_decreasing


def test_fastest_change_of_the_nation_with_and_without_one_release(published_figures):
    frame = fastest_changes_frame(fastest_changes(published(published_figures)))
    rows = frame[(frame["region_id"] == "VN") & (frame["method"] == "de_va_share_gdp")].set_index("same_release")
    assert rows.loc[True, "points_per_year"] == pytest.approx(13.17 - 12.87)
    assert rows.loc[False, "points_per_year"] == pytest.approx(14.02 - 13.17)
    city = frame[(frame["region_id"] == "63-79") & (frame["method"] == "de_va_share_grdp")]
    assert list(city["points_per_year"]) == [pytest.approx(13.84 - 12.61)]


def test_superseded_value_never_makes_a_fast_change(published_figures):
    # 2023 first was 12.33: against 13.17 for 2024 that would be 0.84 points; the newest 2023 is 12.87.
    used = {(one.first.value, one.last.value) for one in fastest_changes(published(published_figures))}
    assert (12.33, 13.17) not in used


def test_single_year_has_no_change(observed):
    assert fastest_changes(published(observed({"de_va_share_grdp": 7.0}))) == ()


def test_nothing_published_has_no_change_and_no_pace(observed):
    nothing = published(observed({"gdp_growth": 7.0}))
    assert fastest_changes(nothing) == ()
    assert required_pace(nothing, target=30, deadline="2030", grdp_growth_pct=10) is nothing


def test_published_growth_fastest_first(published_figures):
    assert [one.value for one in published_digital_growth(published_figures)] == [14.6, 6.1]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"share": 0}, r"the share is 0 percent\. Expected more than 0 and at most 100"),
        ({"target": 140}, r"the target is 140 percent\. Expected more than 0 and at most 100"),
        ({"years": 0}, r"the deadline is 0 years away\. Expected more than 0"),
        ({"grdp_growth_pct": -100}, r"GRDP growth is -100 percent a year\. Expected more than -100"),
    ],
)
def test_bad_numbers_are_refused(bad, message):
    with pytest.raises(ParameterError, match=message):
        required_digital_growth(**{"share": 10, "target": 30, "years": 5, "grdp_growth_pct": 8, **bad})


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"share": 14.02, "target": 0.30}, r"the share is 14\.02 and the target 0\.3 percent\. Give percent: 30 percent is 30"),
        ({"share": 0.1402, "target": 30}, r"the share is 0\.1402 and the target 30 percent"),
        ({"share": 14.02, "target": 30, "grdp_growth_pct": 0.09}, r"GRDP growth is 0\.09 percent a year\. Give percent: 9 percent is 9"),
    ],
)  # fmt: skip
def test_a_fraction_beside_percent_is_told(numbers, message):
    with pytest.warns(PercentOrFraction, match=message):
        required_digital_growth(**{"years": 5, "grdp_growth_pct": 9.0, **numbers})


@pytest.mark.parametrize(
    ("share", "target", "growth"), [(0.5, 0.9, 9.0), (0.5, 4.0, 9.0), (1.0, 20.0, 9.0), (14, 30, 0.0), (14, 30, -1.5), (14, 30, 0.8)]
)  # fmt: skip
def test_small_shares_and_slow_growth_are_taken_without_a_word(share, target, growth):
    assert required_digital_growth(share=share, target=target, years=5, grdp_growth_pct=growth) > -2


def test_a_pace_tells_of_a_fraction_typed_as_its_target_and_not_of_a_small_share(published_figures):
    start = newest(published_figures)
    with pytest.warns(PercentOrFraction, match=r"the target 0\.3 percent"):
        required_pace(start, target=0.3, deadline=2030, grdp_growth_pct=9)
    (small,) = required_pace(replace(start, estimate=0.2), target=20, deadline=2030, grdp_growth_pct=9)
    assert small.deadline == "2030"
    assert isinstance(small.needs, Needs)
