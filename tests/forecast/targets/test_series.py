from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.data.periods import Period
from dxanalysis.forecast.panel import PER_YEAR
from dxanalysis.forecast.targets.published import rows_of
from dxanalysis.forecast.targets.series import PARTS, STEPS, period_ending, series, step_of, yearly
from forecast.cases import observations
from forecast.targets.test_published import indicator

QUARTERS = [(f"{year}-Q{part}", 40.0 + 4 * year + part) for year in (2023, 2024, 2025) for part in (1, 2, 3, 4)]
MONTHS = [(f"{year}-{month:02}", 50.0) for year in (2023, 2024, 2025) for month in range(1, 13)]
DEADLINE = Period.parse("2030")


def rows(*figures: tuple[str, float]):
    frame = observations([(period, "2026-11-05", value, "actual", "") for period, value in figures])
    return rows_of(frame, indicator(), "34-52")


def test_years_and_parts_of_years_never_mix() -> None:
    panel = yearly(rows(("2022", 1.0), ("2023-12", 2.0), ("2024", 3.0), ("2024-12", 9.0), ("2025-H1", 4.0)), "share")
    assert panel["period"].tolist() == [2022, 2023, 2024]
    assert panel["value"].tolist() == [1.0, 2.0, 3.0]
    assert yearly(rows(("2025-10", 92.48)), "share").empty


def test_in_a_series_of_parts_stand_such_parts_only() -> None:
    figures = rows(
        ("2024", 1.0), ("2025-03", 2.0), ("2025-Q1", 3.0), ("2025-H1", 4.0), ("2025-07", 5.0), ("2025-H2", 6.0)
    )
    assert series(figures, "share", "quarter")[["period", "value"]].to_numpy().tolist() == [["2025-Q1", 3.0]]
    assert series(figures, "share", "month")["period"].tolist() == ["2025-03", "2025-07"]
    # the second half is published cumulatively: a year's figure is its
    assert series(figures, "share", "half")["value"].tolist() == [1.0, 4.0, 6.0]


@pytest.mark.parametrize(
    ("figures", "deadline", "step"),
    [
        (QUARTERS, "2030", "quarter"),  # twelve quarters reach farther than their three fourth quarters
        ([("2022", 1.0), ("2023", 2.0), ("2024", 3.0), *QUARTERS], "2030", "year"),
        ([("2015", 1.0), ("2016", 2.0), ("2017", 3.0), *QUARTERS], "2030", "year"),
        # parts that ended long before the years, or that are whole only of late
        ([*((str(y), 1.0) for y in range(2026, 2030)), *QUARTERS], "2031-06", "year"),
        (
            [*((str(y), 1.0) for y in range(2015, 2026)), *((f"{y}-H1", 1.0) for y in (2024, 2025, 2026))],
            "2030",
            "year",
        ),
        ([(f"{y}-Q4", 1.0) for y in range(2010, 2023)] + QUARTERS, "2030", "year"),
        ([(f"{y}-Q4", 1.0) for y in range(2010, 2023)] + QUARTERS, "2030-09", "quarter"),
        ([("2022", 1.0), ("2023", 2.0), ("2024", 3.0), *QUARTERS], "2027-06", "quarter"),
        ([("2022", 1.0), ("2023", 2.0), ("2024", 3.0), *QUARTERS], "2027-05", "year"),
        ([*QUARTERS, ("2026-07", 1.0)], "2030-12", "quarter"),
        ([*QUARTERS, *MONTHS], "2030", "month"),
        ([(f"{y}-Q{q}", 1.0) for y in range(2019, 2026) for q in (1, 2, 3, 4)] + MONTHS, "2030", "quarter"),
        ([*QUARTERS, *MONTHS[:12]], "2030", "quarter"),
        (MONTHS[:-1], "2030", "year"),  # two Decembers
        (QUARTERS[1:], "2030", "year"),
        (QUARTERS[1:], "2027-06", "year"),
        ([(f"{year}-H{half}", 1.0) for year in (2023, 2024, 2025) for half in (1, 2)], "2030", "half"),
        (
            [*((f"{year}-H1", 1.0) for year in (2023, 2024, 2025)), *((str(y), 1.0) for y in (2023, 2024, 2025))],
            "2030",
            "half",
        ),
        ([(f"{year}-H1", 1.0) for year in range(2020, 2026)], "2030", "year"),
        (QUARTERS, "2026-2030", "year"),
        ([], "2030", "year"),
    ],
)
def test_the_periods_a_target_is_forecast_by(figures, deadline: str, step: str) -> None:
    assert step_of(rows(*figures), "share", Period.parse(deadline)) == step


@pytest.mark.parametrize("kind", ["level", "growth", "yes-no", "group"])
def test_a_flow_or_a_verdict_is_forecast_by_years_only(kind) -> None:
    assert step_of(rows(*QUARTERS), "share", DEADLINE) == "quarter"
    assert step_of(rows(*QUARTERS), kind, DEADLINE) == "year"


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(PER_YEAR)))
def test_a_period_ends_with_the_month_or_there_is_none(day: date, step) -> None:
    found = period_ending(day, step)
    assert (found is None) == bool(day.month % (12 // PER_YEAR[step]))
    if found is not None:
        assert (found.kind, found.end.year, found.end.month) == (step, day.year, day.month)


@given(st.sets(st.dates(date(2000, 1, 1), date(2030, 12, 31)), max_size=40), st.sampled_from(PARTS))
def test_a_series_of_parts_begins_where_years_are_whole(days: set[date], step) -> None:
    periods = sorted({one for day in days if (one := period_ending(day, step)) is not None})
    found = series(rows(*((one.text, 1.0) for one in reversed(periods))), "share", step)["period"].tolist()
    texts = [one.text for one in periods]
    assert found == texts[len(texts) - len(found) :]
    whole = [year for year in range(2000, 2031) if sum(one.year == year for one in periods) == PER_YEAR[step]]
    if whole:
        assert Period.parse(found[0]).year <= whole[0]
        assert next(one for one in texts if one.startswith(str(whole[0]))) in found
    else:
        assert found == texts


def test_what_leads_up_to_whole_years_without_a_gap_stays() -> None:
    figures = [("2021-Q4", 1.0), ("2022-Q2", 1.0), ("2022-Q3", 1.0), ("2022-Q4", 1.0), *QUARTERS]
    assert series(rows(*figures), "share", "quarter")["period"].iloc[0] == "2022-Q2"


def test_every_kind_of_part_is_counted_by_its_number_a_year() -> None:
    assert {STEPS[number] for number in PER_YEAR.values()} == set(PER_YEAR)
