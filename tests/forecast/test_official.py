"""The official rules against another implementation and against arithmetic by hand; see the oracles' README."""

from __future__ import annotations

import math
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.errors import ParameterError
from dxanalysis.forecast.official import Rule

ORACLES = Path(__file__).parents[1] / "oracles" / "official_rules"
OPEN_SDG = pd.read_csv(ORACLES / "open_sdg.csv").to_dict("records")
BY_HAND = pd.read_csv(ORACLES / "hand_computed.csv").to_dict("records")
PEERS = [2.0, 4, 4, 4, 5, 5, 7, 9]
WITH_TARGET = [
    forecast.eurostat,
    forecast.un_progress_chart,
    forecast.escap_current_status,
    forecast.escap_anticipated_progress,
    forecast.sdsn_trend,
    forecast.aarr,
    forecast.oecd_distance,
]
WITHOUT_TARGET = [forecast.eurostat_trend, forecast.un_progress_chart_trend]
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
        ([2020, 2024], [20.0, 16.0], {}, "base_past_target"),
        ([2020, 2024], [15.0, 26.0], {"direction": "down"}, "base_past_target"),
    ],
)
@pytest.mark.parametrize("rule", [forecast.eurostat, forecast.un_progress_chart])
def test_where_the_rules_do_not_apply(rule, years, values, options, reason) -> None:
    result = rule(years, values, **{"target": 20.0, "deadline": 2030, **options})
    assert isinstance(result, forecast.NotApplicable)
    assert result.reason == reason


@pytest.mark.parametrize(
    ("values", "target", "direction"),
    [([25.0, 26.0], 20.0, "up"), ([15.0, 16.0], 20.0, "down"), ([5.0, 6.0], 0.0, "down")],
)
def test_what_the_chart_assesses_and_eurostat_does_not(values, target, direction) -> None:
    question = {"target": target, "deadline": 2030, "direction": direction}
    assert forecast.eurostat([2020, 2024], values, **question).reason in {"base_past_target", "target_not_positive"}
    assert not isinstance(forecast.un_progress_chart([2020, 2024], values, **question), forecast.NotApplicable)


def test_base_is_the_first_value_from_2015_on() -> None:
    series = {2010: 1.0, 2016: 4.0, 2018: 5.0, 2022: 6.0}
    assert forecast.eurostat([*series], [*series.values()], target=8, deadline=2030).base == 2016
    assert forecast.eurostat([*series], [*series.values()], target=8, deadline=2030, base=2018).base == 2018
    assert forecast.eurostat([2010, 2016], [1.0, 4.0], target=8, deadline=2030).base == 2010


@pytest.mark.parametrize(
    ("values", "base"),
    [({2000: 10.0, 2010: 20.0, 2014: 40.0, 2016: 41.0}, 2014), ({2000: 10.0, 2010: 20.0, 2014: 40.0}, 2010)],
)
def test_without_two_values_from_2015_on_the_base_is_the_nearest_earlier_one(values, base) -> None:
    question = {"target": 50.0, "deadline": 2030}
    for rule in (forecast.eurostat, forecast.un_progress_chart, forecast.escap_current_status, forecast.sdsn_trend):
        assert rule([*values], [*values.values()], **question).base == base
    assert forecast.un_progress_chart_trend([*values], [*values.values()]).base == base


def test_values_after_the_deadline_are_left_out() -> None:
    result = forecast.un_progress_chart([2015, 2020, 2022], [10.0, 15, 40], target=20, deadline=2020)
    assert (result.latest, result.expected) == (2020, 15.0)
    assert result.score == 0.5


@pytest.mark.parametrize(
    ("values", "target", "options"),
    [
        ([10.0, 15.0, 20.0], 20, {}),
        ([10.0, 40.0, 21.0], 20, {}),
        ([96.0, 97.0, 98.0], 95, {}),
        ([98.0, 97.0, 96.0], 95, {}),
        ([0.0, 5.0, 6.0], 5, {}),
        ([20.0, 10.0, 0.0], 0, {"direction": "down"}),
        ([-2.0, -3.0, -4.0], -3, {"direction": "down"}),
        ([99.5, 99.4, 99.3], 100, {"kind": "share"}),
        ([50.0, 80.0, 99.0], 100, {"kind": "share"}),
        ([0.5, 0.6, 1.0], 0, {"kind": "share", "direction": "down"}),
    ],
)
def test_a_latest_value_that_meets_the_target_is_met_for_the_chart(values, target, options) -> None:
    """Eustat's exceptions 1 and 2: whatever the trend and the base, and for a share within a point of 0 or 100 %."""
    result = forecast.un_progress_chart([2015, 2018, 2020], values, target=target, deadline=2030, **options)
    assert result.assessment == "met_or_on_track"
    assert (result.score, result.expected, result.actual_growth) == (None, None, None)


@pytest.mark.parametrize(
    ("values", "target", "options"),
    [
        ([99.5, 99.4, 99.3], 100, {}),
        ([99.5, 99.4, 98.9], 100, {"kind": "share"}),
        ([98.5, 98.4, 98.3], 99, {"kind": "share"}),
    ],
)
def test_only_a_share_near_0_or_100_counts_as_met(values, target, options) -> None:
    result = forecast.un_progress_chart([2015, 2018, 2020], values, target=target, deadline=2030, **options)
    assert result.assessment == "stagnation_or_regression"


def test_a_target_of_zero_has_a_way_to_it() -> None:
    """A fourth is left after four years, 5/4 after four more: (1.25 - 20)/(0 - 20) of the way."""
    result = forecast.un_progress_chart(
        [2016, 2018, 2020], [20.0, 10.0, 5.0], target=0, deadline=2024, direction="down"
    )
    assert result.expected == pytest.approx(1.25)
    assert result.score == pytest.approx(0.9375)
    assert result.assessment == "acceleration_needed"


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


@pytest.mark.parametrize(("values", "direction"), [([25.0, 26.0], "up"), ([26.0, 25.0], "up"), ([15.0, 16.0], "down")])
def test_a_target_met_from_the_base_on(values, direction) -> None:
    question = {"target": 20.0, "deadline": 2025, "direction": direction}
    assert forecast.sdsn_trend([2015, 2020], values, **question).assessment == "on_track"
    line = forecast.escap_anticipated_progress([2015, 2020], values, **question)
    assert (line.assessment, line.gap, line.depends_on_weights) == ("maintain", 0.0, False)


def test_a_line_that_leaves_a_target_met_from_the_base_on_has_no_gap_to_measure() -> None:
    result = forecast.escap_anticipated_progress([2015, 2020], [30.0, 22.0], target=20.0, deadline=2030)
    assert result.reason == "base_past_target"
    assert forecast.sdsn_trend([2015, 2020], [30.0, 22.0], target=20.0, deadline=2030).assessment == "on_track"


# --- oracles of the other rules


def rows(name):
    return pytest.mark.parametrize(
        "case", pd.read_csv(ORACLES / f"{name}.csv").to_dict("records"), ids=lambda case: case["case"]
    )


def series(text):
    pairs = [pair.split(":") for pair in text.split(";")]
    return [int(year) for year, _ in pairs], [float(value) for _, value in pairs]


def towards(case):
    return {name: case[name] for name in ("target", "deadline", "direction") if name in case}


@rows("trend")
def test_rules_without_a_target(case) -> None:
    direction = case["direction"]
    for term, column, span in (("short", "five_years", 5), ("long", "fifteen_years", 15)):
        years, values = [2009, 2009 + span], [100.0, case[column]]
        result = forecast.eurostat_trend(years, values, direction=direction, term=term)
        assert result.actual_growth == pytest.approx(case["growth"], abs=1e-11)
        assert (result.assessment, result.rule) == (case["eurostat"], f"eurostat_{term}_term")
    chart = forecast.un_progress_chart_trend([2015, 2020], [100.0, case["five_years"]], direction=direction)
    assert chart.actual_growth == pytest.approx(case["growth"], abs=1e-11)
    assert chart.assessment == case["un"]


@rows("escap_current_status")
def test_current_status_index(case) -> None:
    result = forecast.escap_current_status(*series(case["series"]), **towards(case), parity=case["parity"] == "yes")
    assert (result.status, result.expected) == pytest.approx((case["status"], case["expected"]), abs=1e-11)
    assert result.assessment == case["class"]


@rows("escap_anticipated_progress")
def test_anticipated_progress_index(case) -> None:
    years, values = series(case["series"])
    first = min(year for year in years if year >= 2000)
    result = forecast.escap_anticipated_progress(years, values, **towards(case), base=first)
    assert (result.predicted, result.gap) == pytest.approx((case["predicted"], case["gap"]), abs=1e-11)
    assert result.depends_on_weights == (case["depends_on_weights"] == "yes")
    assert result.assessment == case["class"]


@rows("sdsn")
def test_trend_of_the_sdg_index(case) -> None:
    result = forecast.sdsn_trend(*series(case["series"]), **towards(case))
    assert (result.recent_change, result.needed_change) == pytest.approx((case["recent"], case["needed"]), abs=1e-11)
    assert result.recent_from == case["recent_from"]
    assert result.assessment == case["class"]


@rows("aarr")
def test_rate_of_reduction(case) -> None:
    years, values = series(case["series"])
    result = forecast.aarr(years, values, target=case["target"], deadline=case["deadline"])
    assert (result.rate, result.required_rate) == pytest.approx((case["rate"], case["required"]), abs=1e-9)
    assert result.n_points == len(years)
    assert result.assessment == case["class"]


@rows("aarr_published")
def test_rate_of_reduction_as_unicef_and_who_publish_it(case) -> None:
    if case["cut"] == "slope":
        values = [100 * math.exp(-0.06613 * year) for year in range(7)]
        found = forecast.aarr([*range(2012, 2019)], values, target=10.0, deadline=2030).rate
    else:
        first, last = int(case["from"]), int(case["to"])
        target = 30 * float(case["cut"])
        found = forecast.aarr([first, first + 1], [30.0, 29.0], target=target, deadline=last).required_rate
    assert round(100 * found, case["decimals"]) == case["published"]


@rows("oecd")
def test_distance_in_deviations_of_the_peers(case) -> None:
    result = forecast.oecd_distance(*series(case["series"]), **towards(case), deadline=2030, peers=PEERS)
    assert result.distance == pytest.approx(case["distance"], abs=1e-9)
    assert (result.assessment, result.n_peers, result.latest) == (case["class"], 8, 2024)


# --- where they do not apply


@pytest.mark.parametrize(
    ("rule", "years", "values", "options", "reason"),
    [
        *[
            (rule, [2015, 2020], [5.0, 6.0], {"kind": kind}, "kind")
            for rule in WITHOUT_TARGET
            for kind in ("growth", "rank", "yes-no", "group")
        ],
        *[
            (rule, [2015, 2020], [5.0, 6.0], {"kind": kind, "target": 20.0, "deadline": 2030}, "no_scale")
            for rule in WITH_TARGET[2:5] + WITH_TARGET[6:]
            for kind in ("rank", "yes-no", "group")
        ],
        *[
            (rule, [2020], [5.0], {"target": 20.0, "deadline": 2030}, "one_point")
            for rule in WITH_TARGET[2:5]
        ],
        *[
            (rule, [2015, 2020], [20.0, 18.0], {"target": 20.0, "deadline": 2030}, "base_past_target")
            for rule in WITH_TARGET[2:5]
        ],
        (forecast.eurostat_trend, [], [], {}, "no_value"),
        (forecast.eurostat_trend, [2024], [5.0], {}, "no_value_at_start"),
        (forecast.eurostat_trend, [2018, 2020, 2024], [4.0, 5.0, 6.0], {}, "no_value_at_start"),
        (forecast.eurostat_trend, [2019, 2024], [5.0, 6.0], {"term": "long"}, "no_value_at_start"),
        (forecast.eurostat_trend, [2019, 2024], [0.0, 6.0], {}, "base_not_positive"),
        (forecast.eurostat_trend, [2019, 2024], [5.0, -6.0], {}, "latest_not_positive"),
        (forecast.un_progress_chart_trend, [2024], [5.0], {}, "one_point"),
        (forecast.un_progress_chart_trend, [2019, 2024], [0.0, 6.0], {}, "base_not_positive"),
        (forecast.un_progress_chart_trend, [2019, 2024], [5.0, 0.0], {}, "latest_not_positive"),
        (forecast.escap_anticipated_progress, [1990, 2020], [1.0, 5.0], {"target": 20.0, "deadline": 2030}, "one_point"),
        (forecast.escap_current_status, [2015, 2020], [1.0, 0.9], {"target": 1.0, "deadline": 2030, "parity": True},
         "base_past_target"),
        (forecast.sdsn_trend, [2021, 2024], [5.0, 6.0], {"target": 20.0, "deadline": 2030}, "fewer_than_four_years"),
        (forecast.aarr, [2015, 2020], [5.0, 4.0], {"target": 2.0, "deadline": 2030, "kind": "growth"}, "kind"),
        (forecast.aarr, [2015, 2020], [5.0, 6.0], {"target": 20.0, "deadline": 2030, "direction": "up"},
         "not_a_reduction"),
        (forecast.aarr, [2020], [5.0], {"target": 2.0, "deadline": 2030}, "one_point"),
        (forecast.aarr, [2015, 2018, 2020], [5.0, 0.0, 4.0], {"target": 2.0, "deadline": 2030}, "value_not_positive"),
        (forecast.aarr, [2015, 2020], [5.0, 4.0], {"target": 0.0, "deadline": 2030}, "target_not_positive"),
        (forecast.aarr, [2015, 2020], [4.0, 6.0], {"target": 5.0, "deadline": 2030}, "base_past_target"),
        (forecast.oecd_distance, [2031], [5.0], {"target": 20.0, "deadline": 2030, "peers": PEERS}, "no_value"),
        (forecast.oecd_distance, [2024], [5.0], {"target": 20.0, "deadline": 2030}, "no_peers"),
        (forecast.oecd_distance, [2024], [5.0], {"target": 20.0, "deadline": 2030, "peers": [5.0]}, "no_peers"),
        (forecast.oecd_distance, [2024], [5.0], {"target": 20.0, "deadline": 2030, "peers": [5.0, 5.0]},
         "peers_do_not_differ"),
    ],
)  # fmt: skip
def test_where_the_other_rules_do_not_apply(rule, years, values, options, reason) -> None:
    result = rule(years, values, **options)
    assert isinstance(result, forecast.NotApplicable)
    assert result.reason == reason
    assert result.to_facts()["case"] == "not_applicable"


@pytest.mark.parametrize("rule", WITH_TARGET[:6])
def test_a_deadline_at_the_base_leaves_one_point(rule) -> None:
    direction = "down" if rule is forecast.aarr else "up"
    result = rule([2015, 2020], [5.0, 6.0], target=20.0, deadline=2015, direction=direction)
    assert result.reason == "one_point"


@pytest.mark.parametrize("kind", ["growth", "share", "index"])
def test_growth_rates_have_differences_but_no_growth(kind) -> None:
    results = forecast.all_rules(
        [2015, 2020, 2024], [-1.0, 4.0, 6.0], target=8.5, deadline=2030, direction="up", kind=kind, peers=PEERS
    )
    assessed = {result.to_facts()["rule"] for result in results if not isinstance(result, forecast.NotApplicable)}
    assert assessed == {"escap_current_status", "escap_anticipated_progress", "sdsn", "oecd"}


@pytest.mark.parametrize("rule", WITH_TARGET)
@pytest.mark.parametrize(
    ("years", "values", "target", "message"),
    [
        ([2020], [1.0, 2.0], 20.0, "years and values do not go together. Give one value for each year, each year once"),
        ([2020, 2020], [1.0, 2.0], 20.0, "years and values do not go together"),
        ([2020, 2021], [1.0, math.nan], 20.0, "a value or the target is missing or infinite. Leave such years out"),
        ([2020, 2021], [1.0, math.inf], 20.0, "a value or the target is missing or infinite"),
        ([2020, 2021], [1.0, 2.0], math.nan, "a value or the target is missing or infinite"),
        ([2020, 2021], [1.0, 2.0], None, "a value or the target is missing or infinite"),
        ([2020, 2021], [1.0, 2.0], "20", "a value or the target is missing or infinite"),
        ([2020, 2021], [1.0, None], 20.0, "a value or the target is missing or infinite"),
    ],
)
def test_input_that_cannot_be_read_by_any_rule(rule, years, values, target, message) -> None:
    with pytest.raises(ParameterError) as caught:
        rule(years, values, target=target, deadline=2030)
    assert message in str(caught.value)


@pytest.mark.parametrize("rule", WITH_TARGET)
@pytest.mark.parametrize("deadline", [None, "2030", True])
def test_a_deadline_that_is_no_year(rule, deadline) -> None:
    with pytest.raises(ParameterError, match=rf"the deadline is {deadline!r}\. Give a year as a number"):
        rule([2020, 2021], [1.0, 2.0], target=20.0, deadline=deadline)


@pytest.mark.parametrize("rule", WITHOUT_TARGET)
def test_input_that_cannot_be_read_without_a_target(rule) -> None:
    with pytest.raises(ParameterError, match="do not go together"):
        rule([2020, 2020], [1.0, 2.0])
    with pytest.raises(ParameterError, match="missing or infinite"):
        rule([2020, 2021], [1.0, math.nan])


def test_a_peer_that_is_not_a_number_cannot_be_read() -> None:
    with pytest.raises(ParameterError, match="missing or infinite"):
        forecast.oecd_distance([2024], [5.0], target=20.0, deadline=2030, peers=[1.0, math.nan])


# --- what holds for all of them

YEARS = st.lists(st.integers(1998, 2029), min_size=0, max_size=12, unique=True)
VALUE = st.floats(0.5, 1000).map(lambda value: round(value, 2))


@st.composite
def questions(draw):
    years = draw(YEARS)
    return {
        "years": years,
        "values": [draw(VALUE) for _ in years],
        "target": draw(VALUE),
        "deadline": draw(st.integers(2020, 2045)),
        "direction": draw(st.sampled_from(["up", "down"])),
        "kind": draw(st.sampled_from(["share", "level", "index", "growth"])),
        "peers": draw(st.none() | st.lists(VALUE, min_size=2, max_size=6)),
    }


def ask(question, **changes):
    question = {**question, **changes}
    return forecast.all_rules(question.pop("years"), question.pop("values"), **question)


def cases(results):
    return {facts["rule"]: facts.get("reason", facts["case"]) for facts in (one.to_facts() for one in results)}


@given(questions())
def test_every_rule_answers_once_in_a_fixed_order_with_finite_numbers(question) -> None:
    results = ask(question)
    facts = [result.to_facts() for result in results]
    assert [fact["rule"] for fact in facts] == list(get_args(Rule))
    assert all(math.isfinite(number) for fact in facts for number in fact.values() if isinstance(number, float))


@given(questions(), st.sampled_from([1 / 1024, 0.5, 64.0]))
def test_the_unit_changes_no_class(question, unit) -> None:
    """Of a share the unit is per cent, by which 0 and 100 are known as its ends."""
    question["kind"] = "level" if question["kind"] == "share" else question["kind"]
    peers = None if question["peers"] is None else [peer * unit for peer in question["peers"]]
    other = ask(
        question, values=[value * unit for value in question["values"]], target=question["target"] * unit, peers=peers
    )
    assert cases(other) == cases(ask(question))


@given(questions(), st.randoms(use_true_random=False))
def test_the_order_of_the_years_changes_nothing(question, random) -> None:
    pairs = list(zip(question["years"], question["values"], strict=True))
    random.shuffle(pairs)
    assert ask(question, years=[year for year, _ in pairs], values=[value for _, value in pairs]) == ask(question)


@given(questions())
def test_values_after_the_deadline_say_nothing(question) -> None:
    later = ask(question, years=[*question["years"], 2050], values=[*question["values"], 7.0])
    assert later == ask(question)


AWAY = {"moving_away", "stagnation_or_regression", "regressed", "behind_expected_progress", "decreasing", "worsening"}


@given(questions())
def test_a_target_that_is_met_is_never_called_moving_away(question) -> None:
    """All rules with a target but ESCAP's line, which does not look at the latest value by itself."""
    known = sorted(
        (y, v) for y, v in zip(question["years"], question["values"], strict=True) if y <= question["deadline"]
    )
    if not known:
        return
    answers = cases(ask(question, target=known[-1][1]))
    judged = {answers[rule] for rule in ("eurostat", "un_progress_chart", "escap_current_status", "sdsn", "aarr")}
    assert not judged & AWAY
    assert answers["oecd"] in {"at_target", "no_peers", "peers_do_not_differ"}


@given(questions(), st.floats(0.1, 100))
def test_a_better_latest_value_is_never_called_worse(question, gain) -> None:
    order = {
        "sdsn": ["decreasing", "stagnating", "moderately_improving", "on_track"],
        "escap_current_status": ["regressed", "behind_expected_progress", "expected_progress_made"],
        "un_progress_chart": ["stagnation_or_regression", "acceleration_needed", "met_or_on_track"],
        "eurostat": ["moving_away", "insufficient_progress", "moderate_progress", "significant_progress"],
    }
    question = {**question, "direction": "up"}
    known = [year for year in question["years"] if year <= question["deadline"]]
    if not known:
        return
    newest = question["years"].index(max(known))
    values = list(question["values"])
    values[newest] += gain
    before, after = cases(ask(question)), cases(ask(question, values=values))
    for rule, classes in order.items():
        if before[rule] in classes and after[rule] in classes:
            assert classes.index(after[rule]) >= classes.index(before[rule])


def test_facts_of_every_rule_name_it() -> None:
    results = forecast.all_rules(
        [*range(2005, 2025)], [100.0 - year for year in range(20)], target=60, deadline=2030, direction="down",
        kind="level", peers=PEERS,
    )  # fmt: skip
    assert not any(isinstance(result, forecast.NotApplicable) for result in results)
    assert [result.to_facts()["rule"] for result in results] == list(get_args(Rule))
    assert all(len(result.to_facts()) > 3 for result in results)
