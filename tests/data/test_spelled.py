"""Spellings of periods that leave no doubt are read, in panels and in questions; others are not guessed at."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.forecast.answers.joint import Condition, all_of, count_meeting
from dxanalysis.forecast.panel import period_number, period_text
from dxanalysis.data.spelled import read_period


def parts(per_year: int, count: int, first: str, regions: tuple[str, ...] = ("A", "B", "C")) -> pd.DataFrame:
    start = period_number(Period.parse(first))
    rows = [
        (region, period_text(start + at, per_year), 20 + 4 * n + 0.5 * at + np.sin(at + n))
        for n, region in enumerate(regions)
        for at in range(count)
    ]
    return pd.DataFrame(rows, columns=["region", "period", "value"])


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (2024, "2024"),
        (2024.0, "2024"),
        (np.float64(2024), "2024"),
        (np.int32(2024), "2024"),
        ("2024.0", "2024"),
        (" 2024 ", "2024"),
        (pd.Period("2024", "Y"), "2024"),
        ("2024H1", "2024-H1"),
        ("2024Q2", "2024-Q2"),
        ("2024-q2", "2024-Q2"),
        (pd.Period("2024Q2"), "2024-Q2"),
        ("2024-M03", "2024-03"),
        ("2024M3", "2024-03"),
        (pd.Period("2024-03", "M"), "2024-03"),
        ("2021-2025", "2021-2025"),
        (Period.parse("2024-Q2"), "2024-Q2"),
    ],
)
def test_what_is_read(given: object, text: str) -> None:
    assert read_period(given).text == text


@pytest.mark.parametrize(
    "given", ["24", "2024-3", "2024-Q5", "2024-H3", "2024-M13", 2024.5, True, None, np.nan, "Q2 2024"]
)
def test_what_is_not(given: object) -> None:
    with pytest.raises(DataError, match=r"is not a period|has no month"):
        read_period(given)


@pytest.mark.parametrize(("per_year", "first", "freq"), [(4, "2016-Q3", "Q"), (12, "2018-05", "M"), (1, "2010", "Y")])
def test_periods_of_pandas_are_those_of_their_text(per_year: int, first: str, freq: str) -> None:
    text = parts(per_year, 15, first)
    dtype = text.assign(period=pd.PeriodIndex(text["period"].str.replace("-Q", "Q"), freq=freq))
    told, typed = (forecast.fit(one, bounds=(0, 100)).predict(horizon=3, draws=200) for one in (text, dtype))
    assert typed.periods == told.periods
    assert np.array_equal(typed.draws, told.draws)
    # tables have whole numbers only where the panel's periods are years
    assert typed.whole_years is (per_year == 1)
    assert typed.quantiles(0.5).index.get_level_values("period")[0] == (2025 if per_year == 1 else told.periods[0])


def test_a_year_means_the_same_in_every_question() -> None:
    """Of quarters it is the last one, whichever answer is asked for."""
    made = forecast.fit(parts(4, 22, "2019-Q1"), bounds=(0, 100)).predict(horizon=8, draws=500)

    def answers(at: object) -> list[object]:
        conditions = [Condition(predictive=made, region=name, target=33, at=at) for name in made.regions]  # type: ignore[arg-type]
        return [
            [one.probability for one in forecast.attainment(made, target=33, at=at)],  # type: ignore[arg-type]
            count_meeting(made, 33, at).shares,  # type: ignore[arg-type]
            forecast.rank_at_most(made, region="B", k=2, at=at).shares,  # type: ignore[arg-type]
            forecast.in_top_share(made, region="B", share=0.5, at=at).shares,  # type: ignore[arg-type]
            all_of(conditions).counts,
            [one.probability for one in forecast.scenarios(made, region="B", target=33, at=at)],  # type: ignore[arg-type]
        ]

    last = answers("2025-Q4")
    assert answers(2025) == answers(2025.0) == answers("2025") == answers("2025Q4") == last
    assert answers("2025-Q1") != last
    assert count_meeting(made, 33, 2025.0).at == forecast.attainment(made, target=33, at=2025.0)[0].at == "2025"
    for at in (2027, "2026-07"):
        for ask in (
            lambda at: forecast.attainment(made, target=33, at=at),
            lambda at: count_meeting(made, 33, at),
            lambda at: forecast.rank_at_most(made, region="B", k=2, at=at),
        ):
            with pytest.raises(ParameterError, match=r"not among the periods forecast|does not go with"):
                ask(at)


def test_conditions_may_come_from_anything_that_gives_them() -> None:
    made = forecast.fit(parts(1, 10, "2015"), bounds=(0, 100)).predict(horizon=3, draws=200)
    asked = [Condition(predictive=made, region=name, target=28, at=2027) for name in made.regions]
    assert all_of(one for one in asked) == all_of(asked)
    assert forecast.at_least(iter(asked), 2) == forecast.at_least(asked, 2)
    assert all_of(asked[0]) == all_of(asked[:1])  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="there is no condition"):
        all_of(iter(()))
    with pytest.raises(ParameterError, match="a condition is no Condition"):
        all_of(["A"])  # type: ignore[list-item]


def test_nothing_is_forecast_that_could_not_be_asked_about() -> None:
    late = forecast.fit(parts(1, 10, "2085"), bounds=(0, 100))  # ends in 2094
    made = late.predict(horizon=6, draws=200)
    assert forecast.attainment(made, target=30, at=2100)[0].at == "2100"
    with pytest.raises(ParameterError, match=r"7 periods after 2094 lead beyond 2100\. Give a horizon of at most 6"):
        late.predict(horizon=7)
    quarters = forecast.fit(parts(4, 12, "2097-Q1"), bounds=(0, 100))
    assert quarters.predict(horizon=4, draws=1).periods[-1] == "2100-Q4"
    with pytest.raises(ParameterError, match="Give a horizon of at most 4"):
        quarters.predict(horizon=5)
    with pytest.raises(ParameterError, match="Give a panel that ends before 2100"):
        forecast.fit(parts(1, 10, "2091"), bounds=(0, 100)).predict(horizon=1)


def test_a_region_may_be_asked_for_by_its_number() -> None:
    numbers = parts(1, 10, "2015").assign(region=lambda frame: frame["region"].map({"A": 1, "B": 2, "C": 3}))
    fitted = forecast.fit(numbers, bounds=(0, 100))
    assert fitted.predict(horizon=1, draws=1, regions=2).regions == ("2",)
    assert fitted.predict(horizon=1, draws=1, regions=numbers["region"].unique()).regions == ("1", "2", "3")
    assert fitted.predict(horizon=1, draws=1, regions=(name for name in (1, 3))).regions == ("1", "3")
    with pytest.raises(ParameterError, match=r"region '4' is not in the panel\. The panel has 1, 2, 3"):
        fitted.predict(horizon=1, regions=4)


@pytest.mark.parametrize("meaning", ["byy", "", None, "BY"])
def test_a_meaning_that_is_none(meaning: str) -> None:
    made = forecast.fit(parts(1, 10, "2015"), bounds=(0, 100)).predict(horizon=3, draws=200)
    for ask in (
        lambda: forecast.attainment(made, target=30, at=2027, meaning=meaning),  # type: ignore[arg-type]
        lambda: forecast.scenarios(made, region="A", target=30, at=2027, meaning=meaning),  # type: ignore[arg-type]
        lambda: count_meeting(made, 30, 2027, meaning=meaning),  # type: ignore[arg-type]
    ):
        with pytest.raises(ParameterError, match=rf"the meaning is {meaning!r}\. Choose at"):
            ask()
