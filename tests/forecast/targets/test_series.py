from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.data.periods import Period
from dxanalysis.forecast.panel import PER_YEAR
from dxanalysis.forecast.targets.published import rows_of
from dxanalysis.forecast.targets.series import PARTS, STEPS, period_ending, series, step_of, yearly
from forecast.cases import observations
from forecast.targets.test_published import indicator

QUARTERS = [(f"{year}-Q{part}", 40.0 + 4 * year + part) for year in (2024, 2025) for part in (1, 2, 3, 4)]
DEADLINE = Period.parse("2030")


def rows(*figures: tuple[str, float]):
    frame = observations([(period, "2026-11-05", value, "actual", "") for period, value in figures])
    return rows_of(frame, indicator(), "34-52")


def test_years_and_parts_of_years_never_mix() -> None:
    panel = yearly(rows(("2022", 1.0), ("2023-12", 2.0), ("2024", 3.0), ("2024-12", 9.0), ("2025-H1", 4.0)), "share")
    assert panel["period"].tolist() == [2022, 2023, 2024]
    assert panel["value"].tolist() == [1.0, 2.0, 3.0]
    assert yearly(rows(("2025-10", 92.48)), "share").empty


def test_a_part_of_a_year_is_what_ends_with_it() -> None:
    figures = rows(("2024", 1.0), ("2025-03", 2.0), ("2025-Q1", 3.0), ("2025-H1", 4.0), ("2025-07", 5.0))
    assert series(figures, "share", "quarter")[["period", "value"]].to_numpy().tolist() == [
        ["2024-Q4", 1.0],
        ["2025-Q1", 3.0],
        ["2025-Q2", 4.0],
    ]
    assert series(figures, "share", "half")["period"].tolist() == ["2024-H2", "2025-H1"]
    assert series(figures, "share", "month")["value"].tolist() == [1.0, 2.0, 4.0, 5.0]
    # a flow of another length is not the part's
    assert series(figures, "level", "quarter")["period"].tolist() == ["2025-Q1"]


@pytest.mark.parametrize(
    ("figures", "deadline", "step"),
    [
        ([("2023", 1.0), ("2024", 2.0), ("2025", 3.0), *QUARTERS], "2030", "year"),
        ([("2023", 1.0), ("2024", 2.0), ("2025", 3.0), *QUARTERS], "2027-06", "quarter"),
        ([("2023", 1.0), ("2024", 2.0), ("2025", 3.0), *QUARTERS], "2027-05", "year"),
        (QUARTERS, "2030", "quarter"),
        ([*QUARTERS, ("2025-07", 1.0)], "2030-12", "quarter"),
        ([*QUARTERS, *((f"2025-{month:02}", 1.0) for month in range(1, 13))], "2030", "month"),
        ([*QUARTERS[:3], ("2025-Q3", 1.0), *((f"2025-{month:02}", 1.0) for month in range(1, 5))], "2030", "quarter"),
        ([("2024-Q4", 1.0), *((f"2025-{month:02}", 1.0) for month in range(1, 13))], "2030", "month"),
        ([("2024-H1", 1.0), ("2025-H1", 1.0)], "2030", "year"),
        ([("2024-H1", 1.0), ("2025-H1", 1.0), ("2026-H1", 1.0)], "2030", "half"),
        ([("2025-Q1", 1.0), ("2025-Q2", 1.0), ("2025-Q3", 1.0), ("2025-Q4", 1.0)], "2030", "year"),
        ([("2025-Q1", 1.0), ("2025-Q2", 1.0), ("2026-Q1", 1.0)], "2030", "quarter"),
        (QUARTERS, "2026-2030", "year"),
        ([], "2030", "year"),
    ],
)
def test_the_periods_a_target_is_forecast_by(figures, deadline: str, step: str) -> None:
    assert step_of(rows(*figures), "share", Period.parse(deadline)) == step


def test_a_flow_is_forecast_by_years_only() -> None:
    assert step_of(rows(*QUARTERS), "share", DEADLINE) == "quarter"
    assert {step_of(rows(*QUARTERS), kind, DEADLINE) for kind in ("level", "growth")} == {"year"}


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(PER_YEAR)))
def test_a_period_ends_with_the_month_or_there_is_none(day: date, step) -> None:
    found = period_ending(day, step)
    assert (found is None) == bool(day.month % (12 // PER_YEAR[step]))
    if found is not None:
        assert (found.kind, found.end.year, found.end.month) == (step, day.year, day.month)


@given(st.sets(st.dates(date(2000, 1, 1), date(2030, 12, 31)), max_size=40), st.sampled_from(PARTS))
def test_a_series_has_each_period_once_in_order(days: set[date], step) -> None:
    months = sorted({f"{day:%Y-%m}" for day in days})
    periods = series(rows(*((month, 1.0) for month in months)), "share", step)["period"].tolist()
    assert set(periods) == {one.text for month in months if (one := period_ending(Period.parse(month).end, step))}
    assert all(Period.parse(first) < Period.parse(second) for first, second in pairwise(periods))


def test_every_kind_of_part_is_counted_by_its_number_a_year() -> None:
    assert {STEPS[number] for number in PER_YEAR.values()} == set(PER_YEAR)
