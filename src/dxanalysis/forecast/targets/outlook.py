"""The forecast that a target is judged by: the figures of all regions alike, learnt from once an indicator."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.data.regions import Region
from dxanalysis.data.schema import Indicator, Meaning, Target
from dxanalysis.forecast.answers.attained import Attainment
from dxanalysis.forecast.answers.attainment import attainment, years_between
from dxanalysis.forecast.answers.scenarios import Scenario, scenarios
from dxanalysis.forecast.choice import MIN_POOLED
from dxanalysis.forecast.fitting import MAX_HORIZON, Fitted, fit
from dxanalysis.forecast.panel import period_number
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.targets.published import rows_everywhere, rows_of
from dxanalysis.forecast.targets.series import STEPS, Step, is_whole, period_ending, series, standing, step_in

Fits = Callable[[Indicator, Step], Fitted]
"""Gives the fitted panel of an indicator, of years or of parts of years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A numeric target without its papers: by when, in which sense, which way, and the values, the easier end of a range first."""

    deadline: Period
    meaning: Meaning
    direction: Literal["up", "down"]
    ends: tuple[float, ...]

    @classmethod
    def of(cls, target: Target, indicator: Indicator) -> Aim:
        """Aim of a target; a range goes the way its indicator does."""
        downwards = indicator.direction == "down" if target.comparator == "range" else target.comparator == "<="
        numbers = [number for number in (target.value, target.upper) if number is not None]
        return cls(
            deadline=target.deadline,
            meaning=target.meaning,
            direction="down" if downwards else "up",
            ends=tuple(sorted(numbers, reverse=downwards)),
        )


def panel_of(indicator: Indicator, region: Region, observations: pd.DataFrame, step: Step = "year") -> pd.DataFrame:
    """Figures of a region and of its peers by years, or by parts of years, up to the region's own newest one.

    Peers are the other regions of the same boundary set for which the same indicator is published, so the nation has none and no two
    methods meet. Their later figures are left out: every period after the region's own newest is forecast, for all alike.

    Returns
    -------
    DataFrame
        Columns region, period (see :func:`~dxanalysis.forecast.targets.series.series`), value, released_to, source; the region's own rows
        alone when it has fewer than three, and none when it has none.
    """
    own = series(rows_of(observations, indicator, region.id), indicator.kind, step)
    if len(own) < MIN_POOLED:
        return own
    alike = (observations["boundary_set"] == region.boundary_set) & (observations["region_id"] != region.id)
    peers = rows_everywhere(observations[alike], indicator).groupby("region_id", sort=True)
    newest = own["period"].max()
    panels = (series(rows, indicator.kind, step) for _, rows in peers)
    others = [part[part["period"] <= newest] for part in panels]
    # of parts of years a region that lacks one would take its season for progress
    alike_too = [part for part in others if len(part) and (step == "year" or is_whole(part, step))]
    within: pd.DataFrame = pd.concat([own, *alike_too], ignore_index=True)
    return within


def fit_indicator(
    indicator: Indicator,
    region: Region,
    observations: pd.DataFrame,
    history: pd.DataFrame | None = None,
    step: Step = "year",
) -> Fitted:
    """Fit the panel of :func:`panel_of`; the model is the one that :func:`~dxanalysis.forecast.fitting.fit` chooses.

    Parameters
    ----------
    indicator, region
        What is forecast, and where.
    observations
        Newest releases of the region and of those to learn from; rows of other indicators and boundary sets are ignored.
    history
        Every release, for the size of revisions; None: last values are taken as final.
    step
        Kind of the periods.

    Raises
    ------
    ModelError
        When the region has no figure of that kind of periods.
    """
    if history is not None:
        history = history[history["indicator"] == indicator.id]
        history = standing(history, indicator.kind, step)
    return fit(
        panel_of(indicator, region, observations, step),
        bounds=(indicator.lower, indicator.upper),
        kind=indicator.kind,
        unit=indicator.unit,
        history=history,
    )


def newest_values(fitted: Fitted) -> tuple[float, ...]:
    """Values of all regions, the one assessed among them, in the panel's newest period, which is that region's own."""
    return tuple(float(value) for value in fitted.grid.values[:, -1] if math.isfinite(value))


def periods_ahead(fitted: Fitted, deadline: Period) -> int:
    """Periods of a fitted panel from its newest to the one that ends with a deadline; 0 where none does, or none is ahead."""
    per_year = fitted.grid.per_year
    last = period_ending(deadline.end, STEPS[per_year])
    newest = fitted.grid.first + fitted.grid.values.shape[1] - 1
    return 0 if last is None else max(0, period_number(last) - newest)


def forecast_until(fitted: Fitted, region: Region, aim: Aim, *, least: int, draws: int, seed: int) -> Predictive:
    """Forecast of one region up to a deadline, and over at least so many years.

    The evidence is that of the deadline: what the years after it rest on does not count.

    Raises
    ------
    ParameterError
        When the deadline is not ahead, ends no period of the panel, or lies more than 30 years after the newest value.
    """
    ahead, per_year = periods_ahead(fitted, aim.deadline), fitted.grid.per_year
    until = fitted.predict(regions=[region.id], horizon=ahead, draws=draws, seed=seed)
    if ahead >= least * per_year:
        return until
    made = fitted.predict(regions=[region.id], horizon=min(least, MAX_HORIZON) * per_year, draws=draws, seed=seed)
    return replace(made, evidence_of=until.evidence_of)


def asked_at(predictive: Predictive, aim: Aim) -> int | str:
    """Deadline as a forecast is asked for it: a span, a year, or the part of a year that ends with it."""
    if aim.meaning == "mean":
        return aim.deadline.text
    if period_ending(aim.deadline.end, "year") is not None:
        return aim.deadline.year
    part = period_ending(aim.deadline.end, step_in(predictive.periods[0]))
    return aim.deadline.text if part is None else part.text


def answer(predictive: Predictive, aim: Aim) -> tuple[Attainment, tuple[Scenario, ...]]:
    """Whether the one region of a forecast meets an aim, and what it would take (nothing for a mean of years)."""
    (found,) = attainment(
        predictive,
        target=min(aim.ends),
        at=asked_at(predictive, aim),
        direction=aim.direction,
        meaning=aim.meaning,
        upper=max(aim.ends) if len(aim.ends) > 1 else None,
    )
    if aim.meaning == "mean":
        return found, ()
    assumed = scenarios(
        predictive,
        region=found.region,
        target=aim.ends[0],
        at=asked_at(predictive, aim),
        direction=aim.direction,
        meaning=aim.meaning,
    )
    # a good year at once, or one without a change, says nothing where less than a year is left
    soon = years_between(found.evidence.last_period, found.at) < 1
    return found, tuple(one for one in assumed if not soon or one.name == "best_quarter")
