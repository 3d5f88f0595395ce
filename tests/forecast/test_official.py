"""The official rules against another implementation and against arithmetic by hand; see the oracles' README."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.errors import ParameterError

ORACLES = Path(__file__).parents[1] / "oracles" / "official_rules"
OPEN_SDG = pd.read_csv(ORACLES / "open_sdg.csv").to_dict("records")
BY_HAND = pd.read_csv(ORACLES / "hand_computed.csv").to_dict("records")
EUROSTAT_OF_OPEN_SDG = {
    "on_track": "significant_progress",
    "progress_needs_acceleration": "moderate_progress",
    "limited_progress": "insufficient_progress",
    "deterioration": "moving_away",
}


def apply(rule, case, **options):
    return rule(
        [case["base"], case["latest"]],
        [case["base_value"], case["latest_value"]],
        target=case["target"],
        deadline=case["deadline"],
        direction=case["direction"],
        **options,
    )


@pytest.mark.parametrize("case", OPEN_SDG, ids=lambda case: case["case"])
def test_eurostat_as_open_sdg_computes_it(case) -> None:
    result = apply(forecast.eurostat, case)
    assert result.ratio == pytest.approx(case["ratio"], abs=1e-11)
    assert result.assessment == EUROSTAT_OF_OPEN_SDG[case["status"]]


@pytest.mark.parametrize("case", BY_HAND, ids=lambda case: case["case"])
def test_both_rules_by_hand(case) -> None:
    eurostat, chart = apply(forecast.eurostat, case), apply(forecast.un_progress_chart, case)
    assert eurostat.actual_growth == pytest.approx(case["actual_growth"], abs=1e-11)
    assert eurostat.required_growth == pytest.approx(case["required_growth"], abs=1e-11)
    assert eurostat.ratio == pytest.approx(case["ratio"], abs=1e-11)
    assert eurostat.assessment == case["eurostat"]
    assert chart.expected == pytest.approx(case["expected"], abs=1e-9)
    assert chart.score == pytest.approx(case["score"], abs=1e-11)
    assert chart.assessment == case["un"]


@pytest.mark.parametrize(
    ("years", "values", "options", "reason"),
    [
        ([2020, 2024], [5.0, 6.0], {"kind": "growth"}, "kind"),
        ([2020, 2024], [50.0, 40.0], {"kind": "rank"}, "kind"),
        ([2020, 2024], [0.0, 1.0], {"kind": "yes-no"}, "kind"),
        ([2020, 2024], [0.0, 1.0], {"kind": "group"}, "kind"),
        ([2024], [6.0], {}, "one_point"),
        ([], [], {}, "one_point"),
        ([2024, 2031], [6.0, 8.0], {}, "one_point"),
        ([2020, 2024], [0.0, 6.0], {}, "base_not_positive"),
        ([2020, 2024], [-1.0, 6.0], {}, "base_not_positive"),
        ([2020, 2024], [5.0, 0.0], {}, "latest_not_positive"),
        ([2020, 2024], [5.0, 6.0], {"target": 0.0, "direction": "down"}, "target_not_positive"),
        ([2020, 2024], [25.0, 26.0], {}, "base_past_target"),
        ([2020, 2024], [20.0, 26.0], {}, "base_past_target"),
        ([2020, 2024], [15.0, 16.0], {"direction": "down"}, "base_past_target"),
    ],
)
@pytest.mark.parametrize("rule", [forecast.eurostat, forecast.un_progress_chart])
def test_where_the_rules_do_not_apply(rule, years, values, options, reason) -> None:
    result = rule(years, values, **{"target": 20.0, "deadline": 2030, **options})
    assert isinstance(result, forecast.NotApplicable)
    assert result.reason == reason


def test_base_is_the_first_value_from_2015_on() -> None:
    series = {2010: 1.0, 2016: 4.0, 2018: 5.0, 2022: 6.0}
    assert forecast.eurostat([*series], [*series.values()], target=8, deadline=2030).base == 2016
    assert forecast.eurostat([*series], [*series.values()], target=8, deadline=2030, base=2018).base == 2018
    assert forecast.eurostat([2010, 2016], [1.0, 4.0], target=8, deadline=2030).base == 2010


def test_values_after_the_deadline_are_left_out() -> None:
    result = forecast.un_progress_chart([2015, 2020, 2022], [10.0, 15, 40], target=20, deadline=2020)
    assert (result.latest, result.expected) == (2020, 15.0)
    assert result.score == 0.5


def test_a_latest_value_that_meets_the_target_is_met_for_the_chart() -> None:
    """Base 10 and latest 20 meet a target of 20 in 2020; carried on to 2030 the score is far above 1 anyway."""
    result = forecast.un_progress_chart([2015, 2020], [10.0, 20.0], target=20, deadline=2030)
    assert result.assessment == "met_or_on_track"


@given(st.floats(1, 50), st.floats(0.5, 2), st.floats(1.01, 3))
def test_colours_do_not_depend_on_the_unit(base, change, factor) -> None:
    target = base * factor
    results = [
        forecast.eurostat([2015, 2020], [base * unit, base * change * unit], target=target * unit, deadline=2030)
        for unit in (1.0, 64.0)
    ]
    assert results[0].ratio == pytest.approx(results[1].ratio, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("years", "values", "message"),
    [
        ([2020], [1.0, 2.0], "years and values do not go together"),
        ([2020, 2020], [1.0, 2.0], "years and values do not go together"),
        ([2020, 2021], [1.0, float("nan")], "a value or the target is missing or infinite"),
    ],
)
def test_series_that_cannot_be_read(years, values, message) -> None:
    with pytest.raises(ParameterError, match=message):
        forecast.eurostat(years, values, target=20, deadline=2030)


def test_facts_name_the_rule() -> None:
    case = BY_HAND[1]
    assert apply(forecast.eurostat, case).to_facts()["rule"] == "eurostat"
    assert apply(forecast.un_progress_chart, case).to_facts()["case"] == "acceleration_needed"
    facts = apply(forecast.eurostat, case, kind="rank").to_facts()
    assert facts == {"rule": "eurostat", "case": "not_applicable", "reason": "kind"}
