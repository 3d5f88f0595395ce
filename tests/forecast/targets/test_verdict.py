from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.data.periods import Period
from dxanalysis.data.regions import Region
from dxanalysis.data.schema import Indicator, Target
from dxanalysis.errors import DataError, ParameterError
from forecast.cases import GROWTH, SHARE, observations, years

NEW = Region(
    boundary_set="34", code="52", name_vi="Gia Lai", name_en="Gia Lai", kind="province", valid_from=date(2025, 7, 1)
)
OLD = Region(
    boundary_set="63", code="64", name_vi="Gia Lai", name_en="Gia Lai", kind="province", valid_to=date(2025, 6, 30)
)


def today(text: str, **options: object) -> forecast.Circumstances:
    day = date.fromisoformat(text)
    return forecast.Circumstances(has_passed=lambda other: other < day, draws=1000, **options)


NOW = today("2026-11-23")


def indicator(name: str = "share", kind: str = "share", **options: object) -> Indicator:
    bounds = {"share": (0, 100), "index": (0, 1), "level": (0, None), "rank": (1, None)}.get(kind, (None, None))
    names = dict.fromkeys(("name_vi", "name_en", "definition_vi", "definition_en", "owner"), name)
    given = {
        "unit": "percent",
        "direction": "up",
        "lower": bounds[0],
        "upper": bounds[1],
        "aggregation": "none",
        **options,
    }
    return Indicator(id=name, kind=kind, **names, **given)


def target(value: float | None, deadline: str = "2030", comparator: str = ">=", **options: object) -> Target:
    given = {
        "id": "T-1",
        "indicator": "share",
        "region_id": "34-52",
        "upper": None,
        "group": None,
        "unit": "percent",
        "meaning": "at",
        "released_from": None,
        "released_to": date(2022, 11, 30),
        "source": "plan",
        "note": "",
    }
    return Target(value=value, deadline=Period.parse(deadline), comparator=comparator, **{**given, **options})


def judged(goal: Target, frame: pd.DataFrame, *, kind: str = "share", region: Region = NEW, around=NOW, **options):
    measured = options.pop("indicator", None) or indicator(kind=kind, unit=goal.unit)
    (result,) = forecast.judge(goal, measured, region=region, observations=frame, around=around, **options)
    json.dumps(result.to_facts(), allow_nan=False)  # facts are plain, finite values
    return result


# --- the deadline has passed


def test_missed_on_the_release_of_the_deadline_year() -> None:
    result = judged(target(20, "2025"), years(SHARE))
    assert isinstance(result.outcome, forecast.Missed)
    assert (result.outcome.value.period, result.outcome.value.value) == ("2025", 14.02)
    assert result.outcome.value.released_to == date(2026, 1, 6)
    assert result.outcome.margin == pytest.approx(-5.98)
    assert result.official == ()


def test_met_downwards() -> None:
    frame = years({2023: 28.0}, unit="rank")
    result = judged(target(30, "2023", "<=", unit="rank"), frame, kind="rank")
    assert isinstance(result.outcome, forecast.Met)
    assert result.outcome.margin == 2


@pytest.mark.parametrize(
    ("value", "case", "upper_met"), [(24.0, "missed", False), (27.0, "met", False), (30.0, "met", True)]
)
def test_a_range_that_has_passed(value, case, upper_met) -> None:
    result = judged(target(25, "2025", "range", upper=30), years({2025: value}))
    assert result.outcome.to_facts()["case"] == case
    assert result.outcome.upper_met is upper_met


def test_a_value_earlier_in_the_deadline_year_is_only_the_latest() -> None:
    frame = observations([("2025-10", "2025-11-01", 92.48, "actual", "")])
    result = judged(target(90, "2025"), frame)
    assert isinstance(result.outcome, forecast.NotEnoughData)
    assert result.outcome.reason == "deadline_value_not_published"
    assert result.outcome.missing[0].to_facts() == {"code": "deadline_value", "deadline": "2025", "indicator": "share"}
    assert result.latest.period == "2025-10"


def test_by_is_met_by_an_earlier_value() -> None:
    frame = observations([("2024-10", "2024-11-01", 92.48, "actual", ""), ("2025", "2026-01-06", 88.0, "actual", "")])
    assert judged(target(90, "2025", meaning="by"), frame).outcome.value.period == "2024-10"
    assert isinstance(judged(target(90, "2025"), frame).outcome, forecast.Missed)
    assert isinstance(judged(target(95, "2025", meaning="by"), frame).outcome, forecast.Missed)


def test_by_is_met_before_the_deadline() -> None:
    result = judged(target(13, "2030", meaning="by"), years(SHARE))
    assert isinstance(result.outcome, forecast.Met)
    assert result.outcome.value.period == "2024"


def test_a_quarter_of_growth_does_not_meet_a_yearly_rate() -> None:
    frame = observations([("2024-Q2", "2024-07-06", 12.0, "actual", ""), ("2025", "2026-01-06", 8.0, "actual", "")])
    assert isinstance(judged(target(10, "2025", meaning="by"), frame, kind="growth").outcome, forecast.Missed)


def test_mean_over_a_passed_span() -> None:
    goal = target(6.5, "2021-2023", meaning="mean")
    result = judged(goal, years(GROWTH), kind="growth")
    assert isinstance(result.outcome, forecast.Met)  # (9.81 + 6.53 + 4.12) / 3 = 6.82
    assert result.outcome.value.derived
    assert result.outcome.margin == pytest.approx((9.81 + 6.53 + 4.12) / 3 - 6.5)


def test_a_unit_that_ended_before_the_deadline() -> None:
    goal = target(30, "2030", region_id="63-64")
    result = judged(goal, years(SHARE, region="63-64"), region=OLD)
    assert result.outcome.reason == "region_ended"
    assert result.outcome.missing[0].to_facts() == {"code": "region_ended", "last_day": "2025-06-30", "region": "63-64"}
    assert result.latest.value == 14.02


def test_a_value_still_published_for_an_ended_unit_is_judged_and_marked() -> None:
    result = judged(target(20, "2025", region_id="63-64"), years(SHARE, region="63-64"), region=OLD)
    assert isinstance(result.outcome, forecast.Missed)
    assert result.outcome.region_ended == date(2025, 6, 30)
    assert result.to_facts()["outcome"]["region_ended"] == "2025-06-30"


def test_a_level_that_was_abolished() -> None:
    around = today("2026-11-23", level_ended=date(2025, 6, 30))
    assert judged(target(90), years(SHARE), around=around).outcome.reason == "level_ended"
    empty = judged(target(90), years({}), around=around)
    assert empty.outcome.reason == "no_value"
    assert [item.code for item in empty.outcome.missing] == ["no_value", "level_ended"]


# --- the deadline is ahead


def test_a_chance_with_its_evidence_and_the_official_rules() -> None:
    result = judged(target(20), years(SHARE))
    assert isinstance(result.outcome, forecast.Chance)
    answer = result.outcome.attainment
    assert 0.05 < answer.probability.value < 0.5
    assert answer.model == "pooled"
    assert (answer.evidence.n_points, answer.evidence.n_peers) == (6, 0)
    assert answer.evidence.prior_weight + answer.evidence.own_weight == pytest.approx(1)
    assert [one.name for one in result.outcome.scenarios] == ["best_quarter", "late_start", "jump"]
    assert answer.evidence.last_release == "2026-01-06"
    assert answer.evidence.source == "office"
    assert len(answer.date_shares) == 10
    assert result.official == forecast.all_rules(
        [*SHARE], [*SHARE.values()], target=20, deadline=2030, direction="up", kind="share"
    )
    assert forecast.eurostat([*SHARE], [*SHARE.values()], target=20, deadline=2030) in result.official
    assert result.official[-1].reason == "no_peers"


def test_the_chance_is_that_of_the_same_fit() -> None:
    frame = years(SHARE)
    panel = frame.rename(columns={"region": "code", "region_id": "region"})
    made = forecast.fit(panel, bounds=(0, 100)).predict(horizon=10, draws=1000)
    (answer,) = forecast.attainment(made, target=15, at=2030)
    assert judged(target(15), frame).outcome.attainment.probability == answer.probability


def test_other_regions_of_the_same_boundaries_are_learnt_from() -> None:
    own, others = years(SHARE), [years(SHARE, region=f"34-{code}").assign(value=20 + code) for code in range(60, 64)]
    alone = judged(target(20), own).outcome.attainment
    peers = judged(target(20), pd.concat([own, *others])).outcome.attainment
    assert (alone.evidence.n_peers, peers.evidence.n_peers) == (0, 4)
    assert peers.n_similar == 0, "no region has a history that is long enough"
    assert peers.evidence.observed == alone.evidence.observed
    assert peers.median != alone.median
    foreign = [years(SHARE, region="63-64"), years(SHARE, indicator="other", region="34-60")]
    assert judged(target(20), pd.concat([own, *foreign])).outcome.attainment == alone


def test_ends_of_a_range_ahead() -> None:
    answer = judged(target(14, "2030", "range", upper=16), years(SHARE)).outcome.outlook
    assert answer.probability_upper.value < answer.probability.value


def test_already_there_still_has_to_hold() -> None:
    result = judged(target(14), years(SHARE))
    assert isinstance(result.outcome, forecast.AlreadyThere)
    assert result.outcome.margin == pytest.approx(0.02)
    assert 0.5 < result.outcome.outlook.probability.value < 0.99


def test_already_there_with_one_point() -> None:
    outcome = judged(target(14), years({2025: 14.02})).outcome
    assert isinstance(outcome, forecast.AlreadyThere)
    assert outcome.outlook.reason == "too_few_points"


def test_too_few_points_say_how_many_are_needed() -> None:
    outcome = judged(target(20), years({2024: 13.0, 2025: 14.0})).outcome
    assert outcome.reason == "too_few_points"
    assert outcome.missing[0].to_facts() == {"code": "points", "region": "34-52", "found": 2, "needed": 3}


def test_no_value_names_what_is_published_in_another_scope() -> None:
    frame = observations([("2025-10", "2025-11-01", 92.48, "actual", "")], indicator="other")
    result = judged(target(90), frame, around=today("2026-11-23", other_scopes=("other", "third")))
    assert result.outcome.reason == "no_value"
    scope = result.outcome.missing[1].to_facts()
    assert scope == {"code": "other_scope", "indicator": "other", "period": "2025-10", "value": 92.48}
    assert result.latest.reason == "no_value"


def test_parts_of_years_alone_are_not_forecast() -> None:
    frame = observations([(f"2025-{month:02}", "2026-01-06", 50.0, "actual", "") for month in range(1, 7)])
    assert judged(target(90), frame).outcome.reason == "sub_annual_only"


def of_quarters(n: int = 12) -> pd.DataFrame:
    """The last quarters up to that of September 2026, two points a quarter up to 80."""
    at = range(2026 * 4 + 3 - n, 2026 * 4 + 3)
    rows = [(f"{q // 4}-Q{q % 4 + 1}", "2026-10-06", 80.0 - 2 * (at[-1] - q), "actual", "") for q in at]
    return observations(rows)


def test_parts_of_years_are_forecast_where_they_tell_more() -> None:
    outcome = judged(target(95), of_quarters()).outcome
    assert isinstance(outcome, forecast.Chance)
    found = outcome.attainment
    assert (found.evidence.n_points, found.evidence.first_period, found.at) == (12, "2023-Q4", "2030")
    assert found.fan[0][0] == "2026-Q4"
    assert found.date_shares[-1][0] == "2036-Q3"
    assert found.required_pace == pytest.approx((95 - 80) / 4.25)
    assert len(outcome.scenarios) == 3
    panel = of_quarters()[["region_id", "period", "value"]].set_axis(["region", "period", "value"], axis="columns")
    direct = forecast.fit(panel, bounds=(0, 100), kind="share").predict(horizon=40, draws=1000)
    assert forecast.attainment(direct, target=95, at=2030)[0].probability == found.probability


def test_a_deadline_that_is_a_part_of_a_year() -> None:
    sooner = judged(target(90, "2027-06"), of_quarters())
    assert sooner.outcome.attainment.at == "2027-Q2"
    assert {rule.reason for rule in sooner.official} == {"deadline_within_year"}
    # a year without change and a good year at once say nothing of nine months
    assert [one.name for one in sooner.outcome.scenarios] == ["best_quarter"]
    assert judged(target(90, "2027-05"), of_quarters()).outcome.reason == "deadline_within_year"
    assert judged(target(90, "2027-06"), of_quarters(11)).outcome.reason == "deadline_within_year"
    assert judged(target(90, "2030"), of_quarters(11)).outcome.reason == "too_few_points"
    mean = judged(target(90, "2026-2030", meaning="mean"), of_quarters()).outcome
    assert mean.attainment.evidence.observed == (("2023", 58.0), ("2024", 66.0), ("2025", 74.0))


def test_a_year_s_estimate_that_is_published_early_is_no_month() -> None:
    months = [(f"{y}-{m:02}", "2026-11-05", 50.0 + m, "actual", "") for y in (2023, 2024, 2025) for m in range(1, 13)]
    figures = [*months, ("2026", "2026-11-20", 70.0, "estimate", "")]
    found = judged(target(90, "2026-12"), observations(months)).outcome.attainment
    assert (
        judged(target(90, "2026-11"), observations(figures)).outcome.attainment.evidence.observed
        == found.evidence.observed
    )


def test_an_early_estimate_of_the_year_leaves_a_deadline_in_its_middle_without_an_answer() -> None:
    halves = [(f"{y}-H1", "2026-04-20", 50.0 + y - 2020, "actual", "") for y in range(2020, 2026)]
    whole = [(str(y), "2026-04-20", 50.5 + y - 2020, "actual", "") for y in range(2019, 2026)]
    figures = observations([*halves, *whole, ("2026", "2026-04-20", 57.0, "estimate", "")])
    assert judged(target(90, "2026-H1"), figures, around=today("2026-05-05")).outcome.reason == "deadline_within_year"


def test_peers_without_every_part_of_the_year_are_not_learnt_from() -> None:
    peers = [years({year: 40.0 + year - 2015 for year in range(2015, 2026)}, region=f"34-{n}") for n in range(60, 80)]
    alone = judged(target(90, "2027-06"), of_quarters()).outcome
    assert judged(target(90, "2027-06"), pd.concat([of_quarters(), *peers])).outcome == alone


def test_only_revisions_of_such_periods_reach_a_forecast() -> None:
    yearly = pd.concat(
        [
            observations([(str(y), day, v, "actual", "")])
            for y in (2021, 2022, 2023)
            for day, v in ((f"{y + 1}-01-05", 40.0), (f"{y + 2}-01-05", 43.0))
        ]
    )
    known = judged(target(90, "2027-06"), of_quarters(), history=of_quarters()).outcome
    assert judged(target(90, "2027-06"), of_quarters(), history=pd.concat([of_quarters(), yearly])).outcome == known
    # nor do those of a fourth quarter where the year itself is published
    fourth = yearly.assign(period=yearly["period"] + "-Q4")
    shares = years(SHARE)
    plain = judged(target(20), shares, history=shares).outcome
    both = shares.assign(period=shares["period"]).pipe(lambda frame: pd.concat([frame, fourth]))
    assert judged(target(20), shares, history=both).outcome == plain


def test_a_deadline_within_a_year_is_not_forecast() -> None:
    assert judged(target(90, "2027-06"), years(SHARE)).outcome.reason == "deadline_within_year"


def test_mean_over_a_span_ahead() -> None:
    recent = {year + 3: value for year, value in GROWTH.items()}  # 2021 to 2026
    goal = target(10, "2025-2030", meaning="mean")
    outcome = judged(goal, years(recent), kind="growth").outcome
    assert isinstance(outcome, forecast.Chance)
    assert outcome.scenarios == ()
    assert outcome.attainment.model == "mean"
    assert outcome.attainment.probability.value < 0.1
    holed = {year: value for year, value in recent.items() if year != 2025} | {2020: 6.0}
    gap = judged(goal, years(holed), kind="growth").outcome
    assert gap.reason == "span_value_missing"
    assert gap.missing[0].to_facts()["year"] == 2025


def test_growth_meets_a_target_only_with_a_year() -> None:
    frame = pd.concat([years(GROWTH), observations([("2025-Q1", "2025-04-06", 20.0, "actual", "")])])
    assert isinstance(judged(target(10), frame, kind="growth").outcome, forecast.Chance)


def test_revisions_of_the_indicator_reach_the_evidence() -> None:
    frame = years(SHARE)
    earlier = frame.assign(value=frame["value"] - 0.4, released_to=frame["released_to"] - pd.Timedelta(days=200))
    other = earlier.assign(indicator="other")
    outcome = judged(target(15), frame, history=pd.concat([earlier, frame, other])).outcome
    assert outcome.attainment.evidence.n_revisions == 6
    assert outcome.attainment.evidence.revision_size == pytest.approx(0.4)


# --- umbrellas, plans, verdicts


def test_one_judgement_a_method_the_official_first() -> None:
    umbrella = indicator(measured_by=("office", "ministry", "province"))
    measures = {name: indicator(name) for name in ("ministry", "province", "office")}
    frame = pd.concat([years(SHARE, indicator="office"), years({2024: 18.3}, indicator="ministry")])
    results = forecast.judge(target(20), umbrella, region=NEW, observations=frame, around=NOW, measures=measures)
    assert [result.indicator for result in results] == ["office", "ministry", "province"]
    assert [result.outcome.to_facts()["case"] for result in results] == ["chance", "not_enough_data", "not_enough_data"]
    assert [getattr(result.outcome, "reason", "") for result in results] == ["", "too_few_points", "no_value"]


def test_no_value_in_any_method() -> None:
    umbrella = indicator(measured_by=("office", "ministry"))
    measures = {name: indicator(name) for name in ("office", "ministry")}
    result = judged(target(20), years({}), indicator=umbrella, measures=measures)
    assert result.outcome.reason == "no_value_in_any_method"
    assert [dict(item.facts)["indicator"] for item in result.outcome.missing] == ["office", "ministry"]
    with pytest.raises(ParameterError, match="T-1: the measuring indicators ministry are not given"):
        judged(target(20), years({}), indicator=umbrella, measures={"office": indicator("office")})


def test_a_plan_figure_has_no_verdict() -> None:
    outcome = judged(target(13, "2025", "="), years(SHARE)).outcome
    assert isinstance(outcome, forecast.PlanFigure)
    assert outcome.difference == pytest.approx(1.02)
    open_ = judged(target(13, "2027", "="), years(SHARE)).outcome
    assert open_.value.reason == "deadline_value_not_published"
    assert open_.to_facts()["case"] == "plan_figure"


@pytest.mark.parametrize(("value", "case"), [(1.0, "met"), (0.0, "missed")])
def test_a_state_is_met_only_on_a_published_verdict(value, case) -> None:
    goal = target(None, "2025", "yes", unit="yes_no")
    frame = observations([("2025", "2026-01-06", value, "actual", "")], unit="yes_no")
    assert judged(goal, frame, kind="yes-no").outcome.to_facts()["case"] == case
    assert judged(goal, years({}), kind="yes-no").outcome.reason == "no_published_verdict"


def test_a_state_reached_early_counts_for_by() -> None:
    frame = observations([("2024-07", "2024-08-06", 1.0, "actual", "")], unit="yes_no")
    goals = [target(None, "2030", "yes", unit="yes_no", meaning=meaning) for meaning in ("by", "at")]
    assert isinstance(judged(goals[0], frame, kind="yes-no").outcome, forecast.Met)
    assert judged(goals[1], frame, kind="yes-no").outcome.reason == "no_published_verdict"


def test_a_class_is_compared_by_its_name() -> None:
    goal = target(None, "2025", "group", group="khá", unit="group")
    same = observations([("2025", "2026-01-06", np.nan, "actual", "Kha\u0301")], unit="group")
    other = same.assign(note="tốt")
    assert isinstance(judged(goal, same, kind="group").outcome, forecast.Met)
    outcome = judged(goal, other, kind="group").outcome
    assert outcome.reason == "other_group_published"
    assert outcome.missing[0].to_facts() == {"code": "group_published", "group": "tốt", "period": "2025"}


# --- what does not belong together


def test_target_indicator_and_region_must_agree() -> None:
    with pytest.raises(ParameterError, match="T-1: the target is about share in 34-52, not share in 63-64"):
        judged(target(20), years(SHARE), region=OLD)


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (target(None), "T-1: a target with '>=' has no value"),
        (target(25, "2030", "range"), "T-1: a target with 'range' has no value"),
    ],
)
def test_a_numeric_target_needs_its_number(goal, message) -> None:
    with pytest.raises(DataError, match=message):
        judged(goal, years(SHARE))


def test_units_of_target_and_indicator_must_agree() -> None:
    with pytest.raises(DataError, match="T-1: the target is in bn_vnd, share in percent"):
        judged(target(20, unit="bn_vnd"), years(SHARE), indicator=indicator())


def test_a_deadline_beyond_any_forecast() -> None:
    """One wrong deadline costs no other target its answer."""
    assert judged(target(20, "2090"), years(SHARE)).outcome.reason == "deadline_too_far"
    assert isinstance(judged(target(20, "2055"), years(SHARE)).outcome, forecast.Chance)
