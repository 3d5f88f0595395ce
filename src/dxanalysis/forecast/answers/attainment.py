"""Will the target be met: the probability, the date, and the pace it would take.

Every probability is a share of the predictive's paths and is cut to 1-99 %: no history here is long enough to tell rarer
events, and the cut is marked.
"""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Meaning
from dxanalysis.data.spelled import read_period
from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.answers.attained import (
    FAN_LEVELS,
    Attainment,
    Attainments,
    BoolArray,
    NotWithin,
    Probability,
)
from dxanalysis.forecast.answers.deadline import column_of
from dxanalysis.forecast.answers.goal import check_number, tell_of_fraction
from dxanalysis.forecast.evidence import Evidence
from dxanalysis.forecast.law import quantile
from dxanalysis.forecast.panel import PER_YEAR
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.scale import FloatArray

MIN_DRAWS: Final = 100
_TOLERANCE: Final = 1e-9  # a value is compared as published, not by the last bit of a float


def attainment(
    predictive: Predictive,
    *,
    target: float,
    at: int | float | str,
    direction: Literal["up", "down"] | None = None,
    meaning: Meaning = "at",
    upper: float | None = None,
) -> Attainments:
    """Answer for every region of a predictive whether it meets a target.

    All is counted over the paths drawn, medians and ranges too: :meth:`~dxanalysis.forecast.Predictive.quantiles` gives the exact ones where the
    model knows them, and these differ a little, the less the more draws.

    Parameters
    ----------
    predictive
        Joint paths; at least 100.
    target
        Value to reach, in the predictive's unit: at least it (``up``) or at most it (``down``).
    at
        Deadline: a year, of parts of years also one of them (:func:`~dxanalysis.data.spelled.read_period`), or for ``mean`` the span
        ``"2026-2030"``.
    direction
        Which way is better; None: down for ranks, up for all else.
    meaning
        Met ``at`` the deadline, ``by`` it (at its latest value or in any period forecast; of a region that ends before the others, years between are not looked at), or on the ``mean`` of the yearly values of the span;
        years of the span that are observed count as observed.
    upper
        Upper end of a target range; ``target`` is then its lower end.

    Returns
    -------
    Attainments
        A tuple of one :class:`Attainment` a region, in the predictive's order.

    Warns
    -----
    PercentOrFraction
        When the target looks like a fraction of a percentage.

    Raises
    ------
    ParameterError
        When the direction or the meaning is not known, the deadline is not among the periods drawn, the target lies outside the indicator's bounds, the range is in the wrong
        order, or a mean is asked of a deadline without a span (or a year of the span is neither observed nor drawn).
    ModelError
        When there are fewer than 100 paths.
    """
    if predictive.n_draws < MIN_DRAWS:
        raise ModelError(f"{predictive.n_draws} paths do not give a probability", fix=f"Draw at least {MIN_DRAWS}")
    direction = direction_of(predictive, direction)
    if direction not in ("up", "down"):
        raise ParameterError(f"the direction is {direction!r}", fix="Choose up or down")
    if meaning not in ("at", "by", "mean"):
        raise ParameterError(f"the meaning is {meaning!r}", fix="Choose at, by or mean")
    _check_target(predictive, target, upper)
    tell_of_fraction(predictive, target, direction)
    deadline = read_period(at)
    column = column_of(predictive, deadline, meaning=meaning)
    # the end of a range that is easier to meet comes first: its lower end going up, its upper end going down
    ends = (target,) if upper is None else (target, upper) if direction == "up" else (upper, target)
    return Attainments(
        _attainment(predictive, evidence, deadline, column, direction, meaning, ends, (target, upper))
        for evidence in predictive.evidence
    )


def direction_of(predictive: Predictive, direction: Literal["up", "down"] | None) -> Literal["up", "down"]:
    """The direction asked for, or the one that is better: a rank the lower, all else the higher."""
    return direction or ("down" if predictive.whole else "up")


def _attainment(
    predictive: Predictive,
    evidence: Evidence,
    deadline: Period,
    column: int,
    direction: Literal["up", "down"],
    meaning: Meaning,
    ends: tuple[float, ...],
    asked: tuple[float, float | None],
) -> Attainment:
    paths = predictive.of(evidence.region)
    final = _span_mean(predictive, evidence, deadline) if meaning == "mean" else paths[:, column]
    goal = ends[0]
    already = bool(met(np.asarray(evidence.last_value), direction, goal))
    shares = _first_met(paths, direction, goal, already=already)
    sign = 1 if direction == "up" else -1
    years_left = years_between(evidence.last_period, predictive.periods[column])
    span = years_between(evidence.first_period, evidence.last_period)
    similar = _similar(predictive, evidence, column)
    required = sign * (goal - evidence.last_value)
    ahead = [period for period, share in zip(predictive.periods, shares, strict=True) if share >= 1 / 2]
    reached = [evidence.last_period] if already else ahead
    whole = predictive.whole and meaning != "mean"  # a mean of ranks is not a rank
    low, median, high = (float(value) for value in quantile(final, [0.1, 0.5, 0.9], whole=whole))

    def by(value: float) -> Probability:
        before = met(paths[:, : column + 1], direction, value).any(axis=1)
        return Probability.of(before | met(np.asarray(evidence.last_value), direction, value))

    def asked_for(value: float) -> Probability:
        return by(value) if meaning == "by" else Probability.of(met(final, direction, value))

    return Attainment(
        region=evidence.region,
        target=asked[0],
        upper=asked[1],
        at=deadline.text,
        direction=direction,
        meaning=meaning,
        unit=predictive.unit,
        probability=asked_for(goal),
        probability_at=Probability.of(met(paths[:, column], direction, goal)),
        probability_by=by(goal),
        probability_upper=asked_for(ends[1]) if len(ends) > 1 else None,
        median=median,
        low=low,
        high=high,
        fan=_fan(predictive, paths),
        date_shares=tuple(zip(predictive.periods, shares, strict=True)),
        date=reached[0] if reached else NotWithin(last_period=predictive.periods[-1]),
        not_within=1 - shares[-1],
        distance=required,
        required_pace=(goal - evidence.last_value) / years_left,
        past_pace=(evidence.last_value - evidence.first_value) / span if span else 0.0,
        n_similar=len(similar),
        n_managed=int((sign * similar >= required - _TOLERANCE * max(1.0, abs(required))).sum()),
        required_mean=_required_mean(evidence, deadline, goal) if meaning == "mean" else None,
        past_mean=sum(value for _, value in evidence.observed) / evidence.n_points,
        evidence=evidence,
        model=predictive.model,
        n_draws=predictive.n_draws,
        seed=predictive.seed,
    )


def years_between(first: str, last: str) -> float:
    """Years from the end of one period to the end of another."""
    start, end = Period.parse(first).end, Period.parse(last).end
    return end.year - start.year + (end.month - start.month) / 12


def _similar(predictive: Predictive, evidence: Evidence, column: int) -> FloatArray:
    """Changes of the most similar past cases over the periods from the region's own last value to the deadline."""
    if predictive.cases_of is None:
        return np.empty(0)
    last = Period.parse(evidence.last_period)
    per_year = PER_YEAR[last.kind]
    steps = round(years_between(evidence.last_period, predictive.periods[column]) * per_year)
    return predictive.cases_of(evidence.region, steps)


def _fan(predictive: Predictive, paths: FloatArray) -> tuple[tuple[str, tuple[float, ...]], ...]:
    table = quantile(paths, FAN_LEVELS, whole=predictive.whole)
    return tuple(
        (period, tuple(float(value) for value in table[:, column])) for column, period in enumerate(predictive.periods)
    )


def met(values: FloatArray, direction: Literal["up", "down"], target: float) -> BoolArray:
    """Whether each value meets the target. Any shape."""
    slack = _TOLERANCE * max(1.0, abs(target))
    return np.asarray(values >= target - slack if direction == "up" else values <= target + slack)


def _first_met(paths: FloatArray, direction: Literal["up", "down"], goal: float, *, already: bool) -> tuple[float, ...]:
    """Cumulated share of paths that have met the goal by each period; all of them where the latest value has ``already``."""
    so_far = np.logical_or.accumulate(met(paths, direction, goal), axis=1) | already
    return tuple(float(share) for share in so_far.mean(axis=0))


def _span_mean(predictive: Predictive, evidence: Evidence, span: Period) -> FloatArray:
    paths, observed = predictive.of(evidence.region), dict(evidence.observed)
    total = np.zeros(predictive.n_draws)
    years = range(span.start.year, span.end.year + 1)
    for year in years:
        if str(year) in observed:
            total += observed[str(year)]
        elif str(year) in predictive.periods:
            total += paths[:, predictive.periods.index(str(year))]
        else:
            raise ParameterError(
                f"the mean over {span} needs {year}, which is neither observed nor forecast",
                where=f"region {evidence.region}",
                fix="Report it as not enough data, or ask for the value at the deadline",
            )
    return total / len(years)


def _required_mean(evidence: Evidence, span: Period, goal: float) -> float:
    years = range(span.start.year, span.end.year + 1)
    seen = [value for period, value in evidence.observed if int(period) in years]
    return (goal * len(years) - sum(seen)) / (len(years) - len(seen))


def _check_target(predictive: Predictive, target: float, upper: float | None) -> None:
    low, high = predictive.bounds
    for value in (target,) if upper is None else (target, upper):
        check_number(value)
        if not math.isfinite(value):
            raise ParameterError("the target is not a finite number", fix="Give a value in the indicator's unit")
        if not low <= value <= high:
            raise ParameterError(
                f"the target {value:g} lies outside the bounds {low:g} to {high:g}",
                fix="Give the target in the indicator's unit, or correct the bounds",
            )
    if upper is not None and not target < upper:
        raise ParameterError(f"the range {target:g} to {upper:g} is in the wrong order", fix="Give target below upper")
