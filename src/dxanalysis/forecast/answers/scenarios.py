"""What it would take: the forecast again under one changed assumption, and the probability it then gives.

A scenario is arithmetic on the forecast, not a prediction that it will happen, and not the effect of a measure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Meaning
from dxanalysis.errors import ParameterError
from dxanalysis.forecast.answers.attained import Attainment, Probability
from dxanalysis.forecast.answers.attainment import attainment, direction_of, years_between
from dxanalysis.forecast.answers.goal import check_number
from dxanalysis.forecast.law import Joined
from dxanalysis.forecast.panel import PER_YEAR
from dxanalysis.forecast.predictive import Known, Predictive
from dxanalysis.forecast.scale import FloatArray

Name = Literal["best_quarter", "late_start", "jump"]

BEST_QUARTER: Final = 0.75
GOOD_YEAR: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One changed assumption and what follows.

    Attributes
    ----------
    name
        ``best_quarter``: from today's level the pace of the best quarter of cases like this one, that is the forecast's upper (for a target
        downwards, lower) quartile taken as its centre. ``late_start``: no change for a year, then as forecast. ``jump``: at once a change as
        large as one year in ten brings, then as forecast.
    probability, before
        That the target is met under the assumption, and without it.
    median
        Centre at the deadline under the assumption, in the unit.
    size
        For ``jump`` its size, for ``best_quarter`` the pace a year to the deadline, in the unit, signed as the value moves; 0 for ``late_start``.
    """

    name: Name
    region: str
    probability: Probability
    before: Probability
    median: float
    size: float

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "scenario": self.name,
            "region": self.region,
            "probability": self.probability.value,
            "before": self.before.value,
            "median": self.median,
            "size": self.size,
        }


def scenarios(
    predictive: Predictive,
    *,
    region: str,
    target: float,
    at: int | float | str,
    direction: Literal["up", "down"] | None = None,
    meaning: Meaning = "at",
    jump: float | None = None,
) -> tuple[Scenario, ...]:
    """Answer again whether a region meets a target, under three changed assumptions.

    Parameters
    ----------
    predictive
        A forecast of the pooled model.
    region, target, at, direction, meaning
        As for :func:`~dxanalysis.forecast.answers.attainment.attainment`; ``at`` or ``by``.
    jump
        Size of the one-off jump in the indicator's unit, signed as the value moves; None for a change as large as one year in ten brings.

    Returns
    -------
    tuple of Scenario
        Three; empty for a model without a location to move (``drift``, ``mean``).

    Raises
    ------
    ParameterError
        When the region was not forecast, the jump is not finite or leads beyond the bounds, or the target is about a mean.
    """
    if meaning == "mean":
        raise ParameterError("a scenario is about a value, not a mean of years", fix="Choose the meaning at or by")
    law = predictive.law
    if not isinstance(law, Joined):
        return ()
    direction = direction_of(predictive, direction)
    row = predictive.row(region)
    alone = _alone(predictive, law, row)
    (now,) = attainment(alone, target=target, at=at, direction=direction, meaning=meaning)
    base = alone.law
    if not isinstance(base, Joined):
        return ()
    last = now.evidence.last_value
    per_year = PER_YEAR[Period.parse(predictive.periods[0]).kind]
    rank = BEST_QUARTER if direction == "up" else 1 - BEST_QUARTER
    best = base.at_score(rank) - base.at_score(0.5)
    if jump is not None:
        check_number(jump, "jump", "5")
    size = _jump(alone, base, last, per_year, direction) if jump is None else jump
    if not math.isfinite(size):
        raise ParameterError("the jump is not a finite number", fix="Give it in the indicator's unit")
    after = last + size
    if not alone.bounds[0] <= after <= alone.bounds[1]:
        raise ParameterError(
            f"a jump of {size:g} from {last:g} leads beyond the bounds {alone.bounds[0]:g} to {alone.bounds[1]:g}",
            fix="Give a smaller jump",
        )
    lift = float(base.scale.forward([after])[0] - base.scale.forward([last])[0])
    moved = {
        "best_quarter": base.location + best,
        "late_start": _late(base, last, per_year),
        "jump": base.location + lift,
    }
    found = []
    names: tuple[Name, ...] = ("best_quarter", "late_start", "jump")
    for name in names:
        changed = replace(alone, law=replace(base, location=moved[name]))
        (then,) = attainment(changed, target=target, at=at, direction=direction, meaning=meaning)
        found.append(
            Scenario(
                name=name,
                region=region,
                probability=then.probability,
                before=now.probability,
                median=then.median,
                size={"best_quarter": _pace(then, last), "late_start": 0.0, "jump": size}[name],
            )
        )
    return tuple(found)


def _alone(predictive: Predictive, law: Joined, row: int) -> Predictive:
    """The forecast of one region; its paths are the same as in company."""
    evidence = predictive.evidence[row]
    return replace(
        predictive,
        regions=(evidence.region,),
        law=law.of(row),
        evidence_of=Known((evidence,)),
    )


def _pace(then: Attainment, last: float) -> float:
    """Change a year from the last value to the centre at the deadline."""
    return (then.median - last) / years_between(then.evidence.last_period, then.at)


def _late(law: Joined, last: float, per_year: int) -> FloatArray:
    """Location with a first year without change: each period takes that of a year earlier."""
    start = float(law.scale.forward([last])[0])
    periods = law.location.shape[1]
    out = np.full((1, periods), start)
    ahead = int(law.ahead[0])
    for period in range(periods):
        earlier = period - per_year
        if earlier >= 0:
            out[0, period] = law.location[0, earlier]
        elif ahead + earlier > 0:
            # between the last value and the first period drawn the way is taken as even
            out[0, period] = start + (law.location[0, 0] - start) * (ahead + earlier) / ahead
    return out


def _jump(predictive: Predictive, law: Joined, last: float, per_year: int, direction: Literal["up", "down"]) -> float:
    """Change that the year after the last value exceeds one time in ten, in the wanted direction."""
    level = GOOD_YEAR if direction == "up" else 1 - GOOD_YEAR
    ahead = int(law.ahead[0])
    if ahead > per_year:
        # the first period drawn is years after the last value: the expected change is taken as even, what may come besides as a random walk
        start, part = float(law.scale.forward([last])[0]), per_year / ahead
        moved = part * (float(law.location[0, 0]) - start) + np.sqrt(part) * float(law.at_score(level)[0, 0])
        value = float(law.scale.inverse([start + moved])[0])
    else:
        column = min(per_year - ahead, law.location.shape[1] - 1)
        value = float(predictive.law.quantiles([level], whole=predictive.whole)[0, 0, column])
    size = value - last
    return max(size, 0.0) if direction == "up" else min(size, 0.0)
