from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.schedule import (
    ci_snippet,
    cron_line,
    next_times,
    of_schedule,
    schedule_fault,
    schedules,
)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


moments = st.integers(0, 90 * 366 * 1440 * 60).map(lambda seconds: at(2000, 1, 1) + timedelta(seconds=seconds))
AFTER = at(2026, 11, 25, 8, 30)


def test_the_next_times_of_a_monthly_schedule() -> None:
    assert next_times("0 6 6 * *", AFTER) == (
        at(2026, 12, 6, 6), at(2027, 1, 6, 6), at(2027, 2, 6, 6),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cron", "first"),
    [
        ("*/15 * * * *", at(2026, 11, 25, 8, 45)),
        ("30 8 * * *", at(2026, 11, 26, 8, 30)),  # after means after
        ("0 6 * * MON", at(2026, 11, 30, 6)),
        ("0 6 * * 0", at(2026, 11, 29, 6)),
        ("0 6 * * mon-fri", at(2026, 11, 26, 6)),
        ("0 6 29 2 *", at(2028, 2, 29, 6)),
        ("5,10 7-9/2 1 JAN,jul *", at(2027, 1, 1, 7, 5)),
        ("0 6 6 * 5", at(2026, 11, 27, 6)),  # either day will do, as cron has it
        ("0 6 31 * *", at(2026, 12, 31, 6)),
    ],
)
def test_fields_mean_what_cron_means(cron: str, first: datetime) -> None:
    assert next_times(cron, AFTER, 1) == (first,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not of five fields"),
        ("0 6 6 *", "is not of five fields"),
        ("0 0 6 6 * *", "is not of five fields"),
        ("@monthly", "is not of five fields"),
        ("60 6 6 * *", "minute '60' is out of range. Write 0 to 59"),
        ("0 24 6 * *", "hour '24' is out of range. Write 0 to 23"),
        ("0 6 0 * *", "day of the month '0' is out of range. Write 1 to 31"),
        ("0 6 6 13 *", "month '13' is out of range. Write 1 to 12, or JAN to DEC"),
        ("0 6 6 * 7", "day of the week '7' is out of range. Write 0 to 6, or SUN to SAT"),
        ("0 6 6 * MONDAY", "day of the week 'MONDAY' is out of range"),
        ("0 6 * * 5-1", "day of the week '5-1' runs backwards"),
        ("*/0 6 6 * *", "minute has step 0"),
        ("0 */99 6 * *", "hour has step 99"),
        ("5/10 6 6 * *", "minute '5/10' cannot be read"),
        ("0 6 6,,7 * *", "day of the month '' cannot be read"),
        ("-1 6 6 * *", "minute '-1' cannot be read"),
        ("0 6 L * *", "day of the month 'L' is out of range"),
        ("0 6 30 2 *", "never comes"),
        ("0 6 31 4,6,9,11 *", "never comes"),
        ("٠ 6 6 * *", "minute '٠' cannot be read"),
        ("0 6 6 * * ; rm -rf x", "not of five fields"),
        ("0 6 6 * \u202e*", "day of the week"),
        (6, "schedule must be text, found 6"),
        (None, "schedule must be text, found None"),
        (["0 6 6 * *"], "schedule must be text"),
    ],
)
def test_what_is_no_schedule_is_told(text: object, words: str) -> None:
    fault = schedule_fault(text)
    assert fault is not None
    assert words in fault
    assert "\u202e" not in fault


_field = st.sampled_from(["*", "*/5", "3", "1-4", "2,5", "1-6/2"])


@given(st.lists(_field, min_size=5, max_size=5), moments)
def test_times_come_in_order_on_whole_minutes_and_fit_their_fields(parts: list[str], after: datetime) -> None:
    cron = " ".join(parts)
    assert schedule_fault(cron) is None
    times = next_times(cron, after, 5)
    assert len(times) == 5
    assert all(a < b for a, b in zip((after, *times), times, strict=False))
    allowed = {"*": range(60), "*/5": range(0, 60, 5), "3": {3}, "1-4": range(1, 5), "2,5": {2, 5}, "1-6/2": {1, 3, 5}}
    for time in times:
        assert time.second == time.microsecond == 0
        assert time.minute in allowed[parts[0]]
        if parts[3] not in {"*", "*/5"}:
            assert time.month in allowed[parts[3]]


@given(moments)
def test_no_time_is_left_out_of_an_hourly_schedule(after: datetime) -> None:
    times = next_times("7 * * * *", after, 30)
    assert all(b - a == timedelta(hours=1) for a, b in itertools.pairwise(times))
    assert times[0] - after <= timedelta(hours=1)


JOBS = [{"notebook": "a"}, {"notebook": "b", "schedule": "0 7 1 */3 *"}, {"notebook": "c", "schedule": "0  6 6 * *"}]


def test_a_plan_has_a_schedule_and_its_jobs_may_have_others() -> None:
    monthly, quarterly = schedules({"schedule": "0 6 6 * *", "jobs": JOBS})
    assert (monthly.cron, monthly.jobs, monthly.whole) == ("0 6 6 * *", ("1 (a)", "3 (c)"), False)
    assert (quarterly.cron, quarterly.jobs) == ("0 7 1 */3 *", ("2 (b)",))
    assert cron_line(quarterly) == '0 7 1 */3 * cd FOLDER_OF_THE_PROJECT && dxanalysis run --schedule "0 7 1 */3 *"'
    (only,) = schedules({"schedule": "0 6 6 * *", "jobs": JOBS[:1]})
    assert cron_line(only) == "0 6 6 * * cd FOLDER_OF_THE_PROJECT && dxanalysis run"
    assert '    - cron: "0 6 6 * *"  # UTC' in ci_snippet(only).splitlines()
    assert schedules({"jobs": JOBS[:1]}) == ()


def test_the_jobs_of_a_schedule() -> None:
    report = {"seed": 1, "schedule": "0 6 6 * *", "jobs": JOBS}
    assert of_schedule(report, "0 6  6 * *") == {**report, "jobs": [JOBS[0], JOBS[2]]}
    assert of_schedule(report, "0 7 1 */3 *")["jobs"] == [JOBS[1]]
    with pytest.raises(ParameterError, match=r"no job of the plan has the schedule '1 1 1 1 1'.*'0 6 6 \* \*'"):
        of_schedule(report, "1 1 1 1 1")
    with pytest.raises(ParameterError, match="not of five fields"):
        of_schedule(report, "monthly")


def test_all_faulty_schedules_are_told_at_once() -> None:
    with pytest.raises(ParameterError) as caught:
        schedules({"schedule": "x", "jobs": [{"notebook": "a"}, {"notebook": "b", "schedule": "60 1 1 1 1"}]})
    assert "'x' is not of five fields" in str(caught.value)
    assert "'60' is out of range" in str(caught.value)
