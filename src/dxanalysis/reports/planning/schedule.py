"""When reports are to be made: a five-field cron line, checked and printed; nothing is ever installed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dxanalysis.errors import ParameterError
from dxanalysis.reports.text import one_line

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIELDS: Final[tuple[tuple[str, int, int, tuple[str, ...]], ...]] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),  # 7 for Sunday is understood by some services only
)
_PART: Final = re.compile(r"(?:(?P<all>\*)|(?P<first>[0-9A-Za-z]+)(?:-(?P<last>[0-9A-Za-z]+))?)(?:/(?P<step>[0-9]+))?")
_EXAMPLE: Final = "minute, hour, day of the month, month, day of the week: 0 6 6 * * is 06:00 on the 6th of every month"
_FAR: Final = 366 * 60  # days in which every pair of a day of the year and a day of the week comes round


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When some jobs of the plan are to be made.

    Attributes
    ----------
    cron
        Five fields, single spaces.
    jobs
        Names of the entries it holds for, as ``1 (contribution)``.
    whole
        Whether it holds for every entry of the plan.
    """

    cron: str
    jobs: tuple[str, ...]
    whole: bool


def schedule_fault(text: object) -> str | None:
    """Why a text is no schedule, or None."""
    try:
        _read(text)
    except ParameterError as error:
        return str(error).removesuffix(".")
    return None


def schedules(report: Mapping[str, object]) -> tuple[Schedule, ...]:
    """The schedules of a ``[report]`` part, in the order they come: its own holds where an entry has none.

    Raises
    ------
    ParameterError
        A schedule is no cron line; all faults at once.
    """
    entries = _entries(report)
    faults: list[str] = []
    found: dict[str, list[str]] = {}
    for number, entry in enumerate(entries, start=1):
        text = entry.get("schedule", report.get("schedule"))
        if text is None:
            continue
        fault = schedule_fault(text)
        if fault:
            faults.append(fault)
        else:
            found.setdefault(_normal(str(text)), []).append(
                f"{number} ({one_line(str(entry.get('notebook', '')), 80)})"
            )
    if faults:
        listed = list(dict.fromkeys(faults))
        raise ParameterError("a schedule of the plan cannot be read:\n" + "\n".join(f"  - {fault}" for fault in listed))
    return tuple(Schedule(cron=cron, jobs=tuple(jobs), whole=len(jobs) == len(entries)) for cron, jobs in found.items())


def of_schedule(report: Mapping[str, object], cron: str) -> dict[str, object]:
    """The ``[report]`` part with those entries alone that have this schedule.

    Raises
    ------
    ParameterError
        The text is no cron line, or no entry has it.
    """
    _read(cron)
    wanted = _normal(cron)
    chosen = [e for e in _entries(report) if _normal(str(e.get("schedule", report.get("schedule", "")))) == wanted]
    if not chosen:
        known = ", ".join(repr(one.cron) for one in schedules(report)) or "none"
        raise ParameterError(f"no job of the plan has the schedule {wanted!r}", fix=f"Schedules of the plan: {known}")
    return {**report, "jobs": chosen}


def next_times(cron: str, after: datetime, count: int = 3) -> tuple[datetime, ...]:
    """The next moments of a schedule after a moment, to the minute.

    Fewer than ``count`` where the others are more than sixty years away. As cron has it: where both the day of the month and the day of the week are limited, either will do.

    Raises
    ------
    ParameterError
        The text is no cron line.
    """
    fields = _read(cron)
    parts = cron.split()
    found: list[datetime] = []
    day = after.date()
    for _ in range(_FAR):
        if _falls_on(day, fields, parts):
            for hour in sorted(fields[1]):
                for minute in sorted(fields[0]):
                    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=after.tzinfo)
                    if moment > after:
                        found.append(moment)
                    if len(found) == count:
                        return tuple(found)
        day += timedelta(days=1)
    return tuple(found)


def cron_line(schedule: Schedule) -> str:
    """A line for a crontab."""
    return f"{schedule.cron} cd FOLDER_OF_THE_PROJECT && {_command(schedule)}"


def ci_snippet(schedule: Schedule) -> str:
    """Lines for a workflow of GitHub Actions, which reads times as UTC."""
    return "\n".join(
        [
            "on:",
            "  schedule:",
            f'    - cron: "{schedule.cron}"  # UTC',
            "# and among the steps of the job:",
            f"      - run: {_command(schedule)}",
        ]
    )


def _command(schedule: Schedule) -> str:
    return "dxanalysis run" if schedule.whole else f'dxanalysis run --schedule "{schedule.cron}"'


def _entries(report: Mapping[str, object]) -> list[Mapping[str, object]]:
    jobs = report.get("jobs")
    return [entry for entry in jobs if isinstance(entry, Mapping)] if isinstance(jobs, Sequence) else []


def _normal(text: str) -> str:
    return " ".join(text.upper().split())


def _falls_on(day: date, fields: Sequence[frozenset[int]], parts: Sequence[str]) -> bool:
    if day.month not in fields[3]:
        return False
    of_month, of_week = day.day in fields[2], (day.isoweekday() % 7) in fields[4]
    limited = not parts[2].startswith("*") and not parts[4].startswith("*")
    return (of_month or of_week) if limited else (of_month and of_week)


def _read(text: object) -> tuple[frozenset[int], ...]:
    """Values of the five fields."""
    if not isinstance(text, str):
        raise ParameterError(
            f"schedule must be text, found {one_line(repr(text), 60)}", fix=f"Write five fields, {_EXAMPLE}"
        )
    shown = one_line(repr(text), 60)
    parts = text.split()
    if len(parts) != len(_FIELDS):
        raise ParameterError(f"schedule {shown} is not of five fields", fix=f"Write {_EXAMPLE}")
    fields = tuple(_field(part, field, shown) for part, field in zip(parts, _FIELDS, strict=True))
    if parts[4].startswith("*") and all(day > _LONGEST[month - 1] for day in fields[2] for month in fields[3]):
        raise ParameterError(f"schedule {shown} never comes: no such day in the months it names")
    return fields


def _field(text: str, field: tuple[str, int, int, tuple[str, ...]], shown: str) -> frozenset[int]:
    name, low, high, _ = field
    values: set[int] = set()
    for part in text.split(","):
        found = _PART.fullmatch(part)
        if found is None or (found["step"] and not found["all"] and not found["last"]):
            raise ParameterError(
                f"schedule {shown}: {name} {one_line(repr(part), 30)} cannot be read",
                fix="Write *, a number, a range 1-5, a step */2 or 1-31/2, or several with commas",
            )
        first = low if found["all"] else _value(found["first"], field, shown)
        last = high if found["all"] else (_value(found["last"], field, shown) if found["last"] else first)
        step = int(found["step"] or 1)
        if last < first:
            raise ParameterError(
                f"schedule {shown}: {name} {part!r} runs backwards", fix="Write the smaller number first"
            )
        if not 1 <= step <= high:
            raise ParameterError(
                f"schedule {shown}: {name} has step {step}", fix=f"Steps of {name} go from 1 to {high}"
            )
        values.update(range(first, last + 1, step))
    return frozenset(values)


def _value(text: str, field: tuple[str, int, int, tuple[str, ...]], shown: str) -> int:
    name, low, high, names = field
    if text.upper() in names:
        return names.index(text.upper()) + low
    if not text.isdecimal() or len(text) > 4 or not low <= int(text) <= high:
        also = f", or {names[0]} to {names[-1]}" if names else ""
        raise ParameterError(
            f"schedule {shown}: {name} {one_line(repr(text), 30)} is out of range", fix=f"Write {low} to {high}{also}"
        )
    return int(text)
