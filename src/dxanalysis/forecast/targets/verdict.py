"""Judge a target: met, missed, how likely, or what is missing to say so. The clock is never read here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.data.regions import Region
from dxanalysis.data.schema import Indicator, Target
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.forecast.answers.attained import Attainment
from dxanalysis.forecast.answers.attainment import met
from dxanalysis.forecast.answers.scenarios import Scenario
from dxanalysis.forecast.choice import MIN_POOLED
from dxanalysis.forecast.evidence import Missing, NotEnoughData
from dxanalysis.forecast.fitting import DRAWS, MAX_HORIZON
from dxanalysis.forecast.official import NotApplicable, Rule, all_rules
from dxanalysis.forecast.targets.gaps import gap_of, other_scopes
from dxanalysis.forecast.targets.outcomes import (
    AlreadyThere,
    Chance,
    Judgement,
    Met,
    Missed,
    Official,
    Outcome,
    PlanFigure,
)
from dxanalysis.forecast.targets.outlook import (
    Aim,
    Fits,
    answer,
    fit_indicator,
    forecast_until,
    newest_values,
    periods_ahead,
)
from dxanalysis.forecast.targets.published import PublishedValue, at_deadline, latest, mean_over, rows_of
from dxanalysis.forecast.targets.qualitative import judge_qualitative
from dxanalysis.forecast.targets.series import period_ending, series, step_of, yearly

DATE_HORIZON: Final = 10
"""Years the distribution of the attainment date covers at least, beyond the newest value."""

_NUMERIC: Final = (">=", "<=", "range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the figures themselves do not tell.

    Attributes
    ----------
    has_passed
        Whether a day has passed, as of the report's date.
    level_ended
        Last day of the administrative level the indicator is about, when it was abolished (districts: 2025-06-30).
    other_scopes
        Ids of indicators of nearly the same quantity in another scope: named when they are all that is published.
    draws, seed
        Of the forecast.
    """

    has_passed: Callable[[date], bool]
    level_ended: date | None = None
    other_scopes: tuple[str, ...] = ()
    draws: int = DRAWS
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One target, one measuring indicator, one region, and the rows published for them."""

    target: Target
    indicator: Indicator
    region: Region
    rows: pd.DataFrame
    fits: Fits
    around: Circumstances
    others: tuple[Missing, ...] = field(default=())

    @property
    def aim(self) -> Aim:
        """What is to be reached."""
        return Aim.of(self.target, self.indicator)

    @property
    def direction(self) -> Literal["up", "down"]:
        """Direction in which the target is met."""
        return self.aim.direction

    @property
    def ends(self) -> tuple[float, ...]:
        """Target values, the easier end of a range first."""
        return self.aim.ends


def judge(
    target: Target,
    indicator: Indicator,
    *,
    region: Region,
    observations: pd.DataFrame,
    around: Circumstances,
    history: pd.DataFrame | None = None,
    measures: Mapping[str, Indicator] | None = None,
    fits: Fits | None = None,
) -> tuple[Judgement, ...]:
    """Judge one target by every indicator that measures it.

    A deadline's value is the one whose period ends with the deadline (see :mod:`~dxanalysis.forecast.targets.published`). When it is
    published the target is met or missed, on that release; a value from earlier in the deadline's year is only the latest. When the
    deadline is ahead, the series of years is forecast, or that of parts of years (see
    :mod:`~dxanalysis.forecast.targets.series`). Where the figures do not carry an answer, the reason and what is missing is.

    Parameters
    ----------
    target, indicator
        The target and its indicator.
    region
        The target's region; a unit that ended before the deadline is judged only on a value its office still published.
    observations
        Newest releases (``store.observations``). Rows of other regions of the same boundary set are learnt from; other rows are ignored.
    around
        Passed days, abolished levels, other scopes, draws and seed.
    history
        Every release of the measuring indicators, for the size of revisions; None: last values are taken as final.
    measures
        Indicators by id, at least those in ``indicator.measured_by``.
    fits
        Gives the fitted panel of an indicator that has three figures or more, where panels are shared by many targets; None: fitted
        here, on ``observations`` and ``history``.

    Returns
    -------
    tuple of Judgement
        One, or one a measuring indicator in the order of ``measured_by`` (the official method first). When none of them has a value,
        one that says so.

    Raises
    ------
    ParameterError
        When target, indicator and region do not belong together, or a measuring indicator is not given.
    DataError
        When units differ, or a numeric target has no value.
    """
    _check(target, indicator, region)
    found = dict(measures or {})
    absent = [name for name in indicator.measured_by if name not in found]
    if absent:
        raise ParameterError(
            f"the measuring indicators {', '.join(absent)} are not given", where=target.id, fix="Pass them as measures"
        )
    others = other_scopes(observations, region.id, around.other_scopes)
    chosen = [found[name] for name in indicator.measured_by] or [indicator]
    for one in chosen:
        _check_unit(target, one)
    shared = fits or cache(lambda each, step: fit_indicator(each, region, observations, history, step))
    cases = [
        _Case(
            target=target,
            indicator=one,
            region=region,
            rows=rows_of(observations, one, region.id),
            fits=shared,
            around=around,
            others=others,
        )
        for one in chosen
    ]
    if indicator.measured_by and all(case.rows.empty for case in cases):
        gaps = tuple(gap_of("no_value", indicator=case.indicator.id, region=region.id) for case in cases)
        nothing = NotEnoughData(reason="no_value_in_any_method", missing=(*gaps, *_endings(cases[0]), *others))
        return (Judgement(target=target, indicator=indicator.id, region=region.id, latest=nothing, outcome=nothing),)
    return tuple(_judge(case) for case in cases)


def _judge(case: _Case) -> Judgement:
    newest = latest(case.rows)
    target = case.target
    if target.comparator in ("yes", "group"):
        outcome: Outcome = judge_qualitative(target, case.rows, gaps=(*_endings(case), *case.others))
    elif target.comparator == "=":
        outcome = _plan_figure(case)
    else:
        outcome = _numeric(case)
    ahead = target.comparator in _NUMERIC and not isinstance(outcome, (Met, Missed)) and not _passed(case)
    return Judgement(
        target=target,
        indicator=case.indicator.id,
        region=case.region.id,
        latest=_no_value(case) if newest is None else newest,
        outcome=outcome,
        official=_official(case) if ahead else (),
    )


def _numeric(case: _Case) -> Outcome:
    decided = _decided(case)
    if decided is not None:
        return decided
    if case.rows.empty:
        return _no_value(case)
    gaps = (*_endings(case), *case.others)
    if _ended(case.region.valid_to, case.target.deadline):
        return NotEnoughData(reason="region_ended", missing=gaps)
    if _ended(case.around.level_ended, case.target.deadline):
        return NotEnoughData(reason="level_ended", missing=gaps)
    if _passed(case):
        gap = gap_of("deadline_value", deadline=case.target.deadline.text, indicator=case.indicator.id)
        return NotEnoughData(reason="deadline_value_not_published", missing=(gap, *gaps))
    outlook = _outlook(case)
    standing = _standing(case)
    if standing is not None and _is_met(case, standing.value):
        held = outlook if isinstance(outlook, NotEnoughData) else outlook[0]
        return AlreadyThere(value=standing, margin=_margin(case, standing.value), outlook=held)
    if isinstance(outlook, NotEnoughData):
        return outlook
    return Chance(attainment=outlook[0], scenarios=outlook[1])


def _decided(case: _Case) -> Met | Missed | None:
    """Verdict on the value of the deadline; for ``by``, on the first value that meets the target."""
    target, kind = case.target, case.indicator.kind
    ended = case.region.valid_to if _ended(case.region.valid_to, target.deadline) else None
    if target.meaning == "mean":
        value = mean_over(case.rows, target.deadline, kind) if target.deadline.kind == "span" else None
    else:
        value = at_deadline(case.rows, _day(target.deadline), kind)
        if target.meaning == "by":
            value = _first_met(case) or value
    if value is None:
        return None
    verdict = Met if _is_met(case, value.value) else Missed
    upper = bool(_is_met(case, value.value, harder=True)) if len(case.ends) > 1 else None
    return verdict(value=value, margin=_margin(case, value.value), upper_met=upper, region_ended=ended)


def _first_met(case: _Case) -> PublishedValue | None:
    """First value up to the deadline that meets the target. A part of a year does not count for a growth rate."""
    kinds = ("year",) if case.indicator.kind == "growth" else ("year", "half", "quarter", "month")
    fits = [when.kind in kinds and when.end <= case.target.deadline.end for when in case.rows["when"]]
    hits = met(case.rows["value"].to_numpy(dtype=float), case.direction, case.ends[0])
    return latest(case.rows[np.asarray(fits, dtype=bool) & hits].head(1))


def _standing(case: _Case) -> PublishedValue | None:
    """Latest value that can be held against the target: for a growth rate or a level, of a year, not of a part of one."""
    if case.target.meaning == "mean":
        return None
    if case.indicator.kind not in ("growth", "level"):
        return latest(case.rows)
    whole_years = np.asarray([when.kind == "year" for when in case.rows["when"]], dtype=bool)
    return latest(case.rows[whole_years])


def _outlook(case: _Case) -> tuple[Attainment, tuple[Scenario, ...]] | NotEnoughData:
    """Forecast of the series against the target, and what it would take."""
    deadline, indicator = case.target.deadline, case.indicator
    step = "year" if case.target.meaning == "mean" else step_of(case.rows, indicator.kind, deadline)
    gap = gap_of("deadline_value", deadline=deadline.text)
    within_year = NotEnoughData(reason="deadline_within_year", missing=(gap, *case.others))
    if step == "year" and not _ends_a_year(deadline):
        return within_year
    panel = series(case.rows, indicator.kind, step)
    if panel.empty:
        gap = gap_of("yearly_value", indicator=indicator.id, region=case.region.id)
        return NotEnoughData(reason="sub_annual_only", missing=(gap, *case.others))
    # Others are asked only where the region itself has enough: an answer that does not use them does not depend on them.
    enough = len(panel) >= MIN_POOLED
    fitted = case.fits(indicator, step) if enough else fit_indicator(indicator, case.region, case.rows, step=step)
    if case.region.id in fitted.not_enough:
        short = fitted.not_enough[case.region.id]
        return replace(short, missing=(*short.missing, *case.others))
    if case.target.meaning == "mean" and (gap_year := _span_gap(case, panel)) is not None:
        return NotEnoughData(reason="span_value_missing", missing=(gap_year, *case.others))
    ahead = periods_ahead(fitted, deadline)
    if ahead == 0:  # an early estimate of a longer period ends after the deadline
        return within_year
    if ahead > MAX_HORIZON * fitted.grid.per_year:
        return NotEnoughData(reason="deadline_too_far", missing=case.others)
    around = case.around
    made = forecast_until(fitted, case.region, case.aim, least=DATE_HORIZON, draws=around.draws, seed=around.seed)
    return answer(made, case.aim)


def _span_gap(case: _Case, panel: pd.DataFrame) -> Missing | None:
    """First year of a mean's span that lies before the newest value and is not published."""
    known = {int(year) for year in panel["period"]}
    span = range(case.target.deadline.start.year, case.target.deadline.end.year + 1)
    for year in span:
        if year < max(known) and year not in known:
            return gap_of("yearly_value", indicator=case.indicator.id, region=case.region.id, year=year)
    return None


def _plan_figure(case: _Case) -> PlanFigure:
    target = case.target
    value = at_deadline(case.rows, _day(target.deadline), case.indicator.kind)
    if value is None:
        gap = gap_of("deadline_value", deadline=target.deadline.text, indicator=case.indicator.id)
        missing = NotEnoughData(reason="deadline_value_not_published", missing=(gap, *_endings(case), *case.others))
        return PlanFigure(value=missing, difference=missing)
    return PlanFigure(value=value, difference=value.value - case.ends[0])


def _official(case: _Case) -> tuple[Official, ...]:
    if not _ends_a_year(case.target.deadline):
        return tuple(NotApplicable(rule=rule, reason="deadline_within_year") for rule in get_args(Rule))
    panel = yearly(case.rows, case.indicator.kind)
    years, values = [int(year) for year in panel["period"]], [float(value) for value in panel["value"]]
    peers = newest_values(case.fits(case.indicator, "year")) if len(panel) >= MIN_POOLED else ()
    return all_rules(
        years,
        values,
        target=case.ends[0],
        deadline=case.target.deadline.year,
        direction=case.direction,
        kind=case.indicator.kind,
        peers=peers or None,
    )


def _is_met(case: _Case, value: float, *, harder: bool = False) -> bool:
    return bool(met(np.asarray(value), case.direction, case.ends[-1 if harder else 0]))


def _margin(case: _Case, value: float) -> float:
    """How far a value lies beyond the (easier end of the) target, positive in the wanted direction."""
    return value - case.ends[0] if case.direction == "up" else case.ends[0] - value


def _ends_a_year(deadline: Period) -> bool:
    return period_ending(deadline.end, "year") is not None


def _passed(case: _Case) -> bool:
    return case.around.has_passed(case.target.deadline.end)


def _ended(last_day: date | None, deadline: Period) -> bool:
    return last_day is not None and last_day < deadline.end


def _day(deadline: Period) -> Period:
    """Deadline as the period its value is published for: the last year of a span."""
    return Period.parse(str(deadline.year)) if deadline.kind == "span" else deadline


def _endings(case: _Case) -> tuple[Missing, ...]:
    ends: tuple[tuple[Literal["region_ended", "level_ended"], date | None], ...] = (
        ("region_ended", case.region.valid_to),
        ("level_ended", case.around.level_ended),
    )
    return tuple(
        Missing(code=code, facts=(("last_day", day.isoformat()), ("region", case.region.id)))
        for code, day in ends
        if day is not None and _ended(day, case.target.deadline)
    )


def _no_value(case: _Case) -> NotEnoughData:
    gap = gap_of("no_value", indicator=case.indicator.id, region=case.region.id)
    return NotEnoughData(reason="no_value", missing=(gap, *_endings(case), *case.others))


def _check(target: Target, indicator: Indicator, region: Region) -> None:
    if target.indicator != indicator.id or target.region_id != region.id:
        raise ParameterError(
            f"the target is about {target.indicator} in {target.region_id}, not {indicator.id} in {region.id}",
            where=target.id,
            fix="Look both up with the target's own ids",
        )
    lacks = target.value is None or (target.comparator == "range" and target.upper is None)
    if target.comparator in (*_NUMERIC, "=") and lacks:
        raise DataError(f"a target with {target.comparator!r} has no value", where=target.id, fix="Correct targets.csv")


def _check_unit(target: Target, indicator: Indicator) -> None:
    if target.comparator in (*_NUMERIC, "=") and target.unit != indicator.unit:
        raise DataError(
            f"the target is in {target.unit}, {indicator.id} in {indicator.unit}",
            where=target.id,
            fix="Convert the target, or correct its unit",
        )
