from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dxanalysis import forecast
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError, ModelError, ParameterError, PercentOrFraction
from dxanalysis.forecast.panel import period_number, period_text
from forecast.cases import SHARE, panel


def predictive(draws: np.ndarray, observed: dict[str, float] | None = None, **options: object) -> forecast.Predictive:
    """One region's paths from 2026 on, after 10 in 2024 and 12 in 2025 unless told otherwise."""
    seen = observed or {"2024": 10.0, "2025": 12.0}
    return forecast.Predictive.of_draws(
        np.asarray(draws, dtype=float)[:, None, :],
        regions=("A",),
        periods=tuple(str(2026 + at) for at in range(draws.shape[1])),
        unit="percent",
        evidence=(forecast.Evidence(region="A", observed=tuple(seen.items())),),
        model="made up",
        **options,
    )


RISING = np.column_stack([np.linspace(0, 99, 100), np.linspace(0, 99, 100)[::-1]])  # 2026: 0..99, 2027: 99..0
paths = arrays(float, (120, 4), elements=st.floats(0, 100))


@settings(max_examples=60)
@given(paths, st.floats(0, 100), st.floats(0, 100), st.sampled_from(["up", "down"]), st.sampled_from(["at", "by"]))
def test_a_harder_target_is_never_more_likely(draws, left, right, direction, meaning) -> None:
    easy, hard = sorted((left, right), reverse=direction == "down")
    made = predictive(draws)
    first, second = (
        forecast.attainment(made, target=goal, at=2028, direction=direction, meaning=meaning)[0]
        for goal in (easy, hard)
    )
    assert second.probability.value <= first.probability.value


@settings(max_examples=60)
@given(paths, st.floats(0, 100), st.sampled_from(["up", "down"]), st.integers(2026, 2029))
def test_by_the_deadline_is_never_less_likely_than_at_it(draws, target, direction, at) -> None:
    (answer,) = forecast.attainment(predictive(draws), target=target, at=at, direction=direction)
    assert answer.probability_by.value >= answer.probability_at.value
    shares = [share for _, share in answer.date_shares]
    assert shares == sorted(shares)
    assert answer.not_within == pytest.approx(1 - shares[-1])
    assert answer.low <= answer.median <= answer.high


@given(paths, st.floats(1, 30))
def test_a_wider_predictive_has_a_wider_range(draws, extra) -> None:
    """Stretched about its median, every central range grows and no probability moves away from one half's side."""
    centre = np.median(draws, axis=0)
    narrow, wide = (
        forecast.attainment(predictive(centre + factor * (draws - centre)), target=50, at=2027)[0]
        for factor in (1, extra)
    )
    assert wide.high - wide.low >= narrow.high - narrow.low - 1e-9


def test_counts_by_hand() -> None:
    (answer,) = forecast.attainment(predictive(RISING), target=80, at=2027)
    assert answer.probability == forecast.Probability(value=0.20, clipped=False)  # 80..99 at the deadline
    assert answer.probability_by.value == 0.40  # 20 in 2026, 20 others in 2027
    assert answer.date_shares == (("2026", 0.2), ("2027", 0.4))
    assert answer.date == forecast.NotWithin(last_period="2027")
    assert answer.not_within == pytest.approx(0.6)
    assert answer.distance == 68
    assert answer.required_pace == 34  # from 12 in 2025 to 80 in 2027
    assert answer.past_pace == 2
    assert answer.median == 49.5


def test_downwards_by_hand() -> None:
    (answer,) = forecast.attainment(predictive(RISING), target=4, at=2026, direction="down")
    assert answer.probability.value == 0.05  # 0..4
    assert answer.distance == 8
    assert answer.required_pace == -8


def test_date_of_the_middle_path() -> None:
    (answer,) = forecast.attainment(predictive(np.repeat([[20.0, 30, 40]], 100, axis=0)), target=30, at=2028)
    assert answer.date == "2027"
    assert answer.probability == forecast.Probability(value=0.99, clipped=True)


def test_a_latest_value_that_meets_the_target_counts_for_by() -> None:
    (answer,) = forecast.attainment(predictive(RISING), target=12, at=2026, meaning="by")
    assert answer.probability == forecast.Probability(value=0.99, clipped=True)
    assert answer.probability_at.value == 0.88
    assert answer.date == "2025"


def test_ends_of_a_range() -> None:
    (up,) = forecast.attainment(predictive(RISING), target=25, upper=30, at=2026)
    assert (up.probability.value, up.probability_upper.value) == (0.75, 0.70)
    (down,) = forecast.attainment(predictive(RISING), target=25, upper=30, at=2026, direction="down")
    assert (down.probability.value, down.probability_upper.value) == (0.31, 0.26)
    assert down.distance == -18  # already below 30
    assert up.to_facts()["probability_upper"] == 0.70
    (single,) = forecast.attainment(predictive(RISING), target=25, at=2026)
    assert "probability_upper" not in single.to_facts()


def test_mean_over_a_span_uses_what_is_observed() -> None:
    made = predictive(np.repeat([[9.0, 12.0]], 100, axis=0), {"2024": 6.0, "2025": 9.0})
    (answer,) = forecast.attainment(made, target=10, at="2025-2027", meaning="mean")
    assert answer.median == 10.0  # (9 + 9 + 12) / 3
    assert answer.probability.value == 0.99
    assert answer.required_mean == 10.5  # 2026 and 2027 need (30 - 9) / 2
    assert answer.past_mean == 7.5
    facts = answer.to_facts()
    assert facts["required_mean"] == 10.5
    assert not {"required_pace", "distance", "date", "not_within"} & set(facts)
    (harder,) = forecast.attainment(made, target=10.1, at="2025-2027", meaning="mean")
    assert harder.probability.value == 0.01


def test_a_float_a_hair_below_the_target_meets_it() -> None:
    (answer,) = forecast.attainment(predictive(np.full((100, 1), 0.1 + 0.2)), target=0.3, at=2026, direction="down")
    assert answer.probability.value == 0.99


def test_ranks_are_whole_and_downward() -> None:
    ranks = forecast.fit(panel({2020: 46.0, 2021: 44, 2022: 40, 2023: 38}), bounds=(1, None), kind="rank")
    made = ranks.predict(horizon=3)
    assert np.array_equal(made.draws, np.rint(made.draws))
    middle = float(made.quantiles([0.5]).loc[("VN", 2026), 0.5])
    (answer,) = forecast.attainment(made, target=middle, at=2026, direction="down")
    assert answer.low >= 1
    assert abs(answer.median - middle) <= 1  # half of 38.49 and of 38.51 are two ranks
    assert all(value == round(value) for value in (answer.low, answer.median, answer.high))
    assert 0.3 < answer.probability.value < 0.99
    assert (
        forecast.attainment(made, target=middle, at=2026)[0].to_facts() == answer.to_facts()
    )  # the lower is the better by default
    assert forecast.attainment(made, target=middle, at=2026, direction="up")[0].direction == "up"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at": 2035}, "the deadline 2035 is not among the periods forecast. Forecast are 2026 to 2030"),
        ({"at": 2025}, "the deadline 2025 is not among the periods forecast"),
        ({"at": 2020}, "the deadline 2020 is not among the periods forecast"),
        ({"target": 120}, "the target 120 lies outside the bounds 0 to 100"),
        (
            {"target": -0.1},
            r"the target -0.1 lies outside the bounds 0 to 100\. Give the target in the indicator's unit",
        ),
        ({"upper": 101}, "the target 101 lies outside the bounds 0 to 100"),
        ({"target": np.nan}, "the target is not a finite number"),
        ({"upper": 10}, "the range 20 to 10 is in the wrong order"),
        ({"direction": "left"}, "the direction is 'left'"),
        ({"meaning": "mean"}, "the deadline 2030 does not go with the meaning 'mean'"),
        ({"at": "2026-2030"}, "the deadline 2026-2030 does not go with the meaning 'at'"),
        ({"at": "2030-H1"}, "the deadline 2030-H1 does not go with the meaning 'at'"),
        ({"at": "2018-2030", "meaning": "mean"}, "region VN: the mean over 2018-2030 needs 2018"),
    ],
)
def test_questions_that_cannot_be_answered(options: dict[str, object], message: str) -> None:
    made = forecast.fit(panel(SHARE), bounds=(0, 100)).predict(horizon=5)
    with pytest.raises(ParameterError, match=message):
        forecast.attainment(made, **{"target": 20, "at": 2030, **options})


def test_one_path_is_no_probability() -> None:
    made = forecast.fit(panel(SHARE), bounds=(0, 100)).predict(horizon=5, draws=1)
    assert made.n_draws == 1
    with pytest.raises(ModelError, match=r"1 paths do not give a probability. Draw at least 100"):
        forecast.attainment(made, target=20, at=2030)


def test_a_deadline_that_is_no_period() -> None:
    made = forecast.fit(panel(SHARE), bounds=(0, 100)).predict(horizon=2, draws=100)
    for at in ("soon", 2026.5, True):
        with pytest.raises(DataError, match=f"'{at}' is not a period"):
            forecast.attainment(made, target=20, at=at)


def test_a_target_that_is_already_met_still_has_to_hold() -> None:
    """Met today counts for "by"; "at" the deadline the paths decide."""
    falling = panel({2018 + at: 40 - 2.0 * at for at in range(8)})
    made = forecast.fit(falling, bounds=(0, 100)).predict(horizon=5)
    (held,) = forecast.attainment(made, target=25, at=2030)
    (once,) = forecast.attainment(made, target=25, at=2030, meaning="by")
    assert once.probability == forecast.Probability(value=0.99, clipped=True)
    assert held.probability.value < 0.5
    assert held.distance == -1
    assert held.date == "2025"  # where it is already, not the first year drawn
    assert held.required_pace == pytest.approx(-0.2)


@pytest.mark.parametrize(("target", "direction"), [(0, "up"), (100, "down")])
def test_a_target_at_the_near_bound_is_met_by_every_path(target: float, direction: str) -> None:
    made = forecast.fit(panel(SHARE), bounds=(0, 100)).predict(horizon=2, draws=200)
    (answer,) = forecast.attainment(made, target=target, at=2027, direction=direction)
    assert answer.probability == forecast.Probability(value=0.99, clipped=True)


def test_the_far_bound_keeps_a_probability() -> None:
    high = panel({2019 + at: value for at, value in enumerate([99.0, 99.6, 99.9, 100, 100, 99.9, 100])})
    (answer,) = forecast.attainment(forecast.fit(high, bounds=(0, 100)).predict(horizon=2), target=100, at=2027)
    assert 0.05 < answer.probability.value <= 0.99


@pytest.mark.parametrize(
    ("first", "per_year", "last"), [("2021-H1", 2, "2030-H2"), ("2023-Q1", 4, "2030-Q4"), ("2023-01", 12, "2030-12")]
)
def test_a_year_is_the_last_of_its_parts(first: str, per_year: int, last: str) -> None:
    start = period_number(Period.parse(first))
    length = 2029 * per_year + per_year // 2 - start  # ends in the first half of 2029
    periods = [period_text(start + at, per_year) for at in range(length)]
    rows = [pd.DataFrame({"region": name, "period": periods, "value": np.linspace(low, low + 20, length)})
            for name, low in (("A", 20.0), ("B", 30.0))]  # fmt: skip
    made = forecast.fit(pd.concat(rows), bounds=(0, 100)).predict(horizon=2 * per_year, draws=500)
    assert last in made.periods
    assert made.periods[-1] != last
    year, part = (forecast.attainment(made, target=45, at=at)[0] for at in ("2030", last))
    assert year.probability == part.probability
    assert (year.median, year.low, year.high) == (part.median, part.low, part.high)
    assert year.median == pytest.approx(np.median(made.of("A")[:, made.periods.index(last)]))
    # half of 2029 and all of 2030 are ahead
    assert year.required_pace == pytest.approx((45 - 40) / 1.5)
    with pytest.raises(ParameterError, match=r"the deadline 2031 is not among the periods forecast"):
        forecast.attainment(made, target=45, at=2031)
    with pytest.raises(ParameterError, match=r"does not go with the meaning 'mean' and periods such as"):
        forecast.attainment(made, target=45, at="2029-2030", meaning="mean")


def test_similar_cases_are_others_over_the_same_time() -> None:
    rising = [panel({2010 + at: 10 + 3.0 * at + start for at in range(12)}, f"r{start}") for start in range(6)]
    made = forecast.fit(pd.concat(rising), bounds=(0, 100)).predict(horizon=4, regions=["r0"], draws=200)
    near, far = (forecast.attainment(made, target=goal, at=2025)[0] for goal in (44, 90))
    # five others, each with cases from its second year on whose outcome four years later is known
    assert near.n_similar == far.n_similar == 5 * 7
    assert near.n_managed > 0
    assert far.n_managed == 0
    (alone,) = forecast.attainment(forecast.fit(panel(SHARE), bounds=(0, 100)).predict(horizon=2), target=20, at=2027)
    assert alone.n_similar == alone.n_managed == 0


def test_facts_carry_the_evidence() -> None:
    made = forecast.fit(panel(SHARE), bounds=(0, 100), unit="percent").predict(horizon=5)
    facts = forecast.attainment(made, target=30, at=2030)[0].to_facts()
    assert facts["evidence"]["n_points"] == 6
    assert facts["evidence"]["first_period"] == "2020"
    assert facts["evidence"]["last_value"] == 14.02
    assert facts["required_pace"] == pytest.approx((30 - 14.02) / 5)
    assert facts["past_pace"] == pytest.approx((14.02 - 12.66) / 5)
    assert (facts["model"], facts["seed"], facts["n_draws"], facts["unit"]) == ("pooled", 0, 4000, "percent")


@pytest.mark.parametrize("target", ["80", None, True, [80]])
def test_a_target_that_is_no_number_is_told(target: object) -> None:
    with pytest.raises(ParameterError, match=r"the target is .*\. Give a number in the indicator's unit, such as 80"):
        forecast.attainment(predictive(RISING), target=target, at=2027)  # type: ignore[arg-type]


def test_a_fraction_for_a_target_of_a_percentage_is_told() -> None:
    made = predictive(RISING, bounds=(0, 100))
    with pytest.warns(
        PercentOrFraction, match=r"the target is 0\.8 percent, and the newest values lie from 12 to 12\. Give percent"
    ):
        forecast.attainment(made, target=0.8, at=2027)


@pytest.mark.parametrize(
    ("newest", "options"),
    [
        (12.0, {"target": 1.3}),
        (12.0, {"target": 0.8, "direction": "down"}),  # few poor households left, say
        (0.4, {"target": 0.8}),
        (8.0, {"target": 0.8}),
    ],
)
def test_a_small_target_is_taken_without_a_word(newest: float, options: dict[str, float]) -> None:
    made = predictive(RISING, {"2024": 1.0, "2025": newest}, bounds=(0, 100))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast.attainment(made, at=2027, **options)
        forecast.attainment(replace(made, unit="points", bounds=(0, 1000)), at=2027, **{**options, "target": 0.001})


def test_answers_show_themselves() -> None:
    made = forecast.attainment(predictive(RISING, bounds=(0, 100)), target=80, at=2026)
    assert repr(made[0]) == "Attainment(A: 80 percent, at 2026, probability 0.20, 80 % range 9.9 to 89.1)"
    assert repr(made) == f"Attainments({made[0]!r})"
    table = made._repr_html_()
    assert "<th>A</th>" in table
    assert "<td>0.2</td>" in table
    assert "upper" not in table
    assert "&lt;b&gt;" in forecast.Attainments([replace(made[0], region="<b>")])._repr_html_()
    down = forecast.attainment(predictive(RISING), target=10, upper=20, direction="down", at=2026)
    assert repr(down[0]).startswith("Attainment(A: 10 to 20 percent or less, at 2026, probability ")
