"""The answer to one target in one region: a frozen value with everything it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from dxanalysis.data.schema import Meaning
from dxanalysis.errors import ParameterError
from dxanalysis.forecast.evidence import Evidence
from dxanalysis.forecast.predictive import some

LOWEST: Final = 0.01
HIGHEST: Final = 0.99
FAN_LEVELS: Final = (0.025, 0.1, 0.5, 0.9, 0.975)

_SHOWN: Final = (
    "target",
    "upper",
    "unit",
    "at",
    "meaning",
    "probability",
    "low_80",
    "median",
    "high_80",
    "date",
    "required_pace",
    "past_pace",
)
"""Facts of a small table."""

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probability:
    """A probability from 0.01 to 0.99, and whether it was cut there."""

    value: float
    clipped: bool

    def __float__(self) -> float:
        return self.value

    @classmethod
    def of(cls, hits: BoolArray) -> Probability:
        """Share of paths, cut to what such evidence can tell."""
        return cls.of_share(float(hits.mean()))

    @classmethod
    def of_share(cls, share: float) -> Probability:
        """A share of paths, cut to what such evidence can tell."""
        return cls(value=min(max(share, LOWEST), HIGHEST), clipped=not LOWEST <= share <= HIGHEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWithin:
    """More than half of the paths do not reach the target by the last period drawn."""

    last_period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainment:
    """Whether one region meets a target, with everything the answer rests on. Values are in ``unit``, paces in ``unit`` a year.

    Attributes
    ----------
    probability
        That the target is met in the sense of ``meaning``.
    probability_at, probability_by
        That it is met at the deadline; at the latest value or in any period forecast up to it. The first is never above the second.
    probability_upper
        For a range: that its harder end is met in the sense of ``meaning``; None when the target is one value.
    median, low, high
        Centre and central 80 % range at the deadline; for ``mean``, of the mean over the span.
    fan
        (period, quantiles at ``FAN_LEVELS``) of every period drawn, for a picture.
    date_shares
        Cumulated share of paths that have met the target by each period, as drawn, not cut.
    date
        Median period of attainment, that of the latest value where it meets the target already, or that more than half do not get there
        within the periods drawn. A published value that meets the target counts as it stands, whatever revisions may come.
    not_within
        Share of paths that do not meet the target within the periods drawn.
    distance
        From the latest value to the target; positive while there is way to go, whatever the direction.
    required_pace, past_pace
        Change a year from the latest value that just meets the target at the deadline; mean change a year from the first value
        to the latest. Signed as the value moves.
    n_similar, n_managed
        Past cases most like this one in level and pace whose outcome as many periods later is known (at most 150), and how many of
        them changed by at least what is required here; 0 and 0 where the model knows no cases. A count of other times, not a probability: it is
        mostly higher than what comes.
    required_mean, past_mean
        For ``mean``: what the years of the span that are not observed yet must reach on average (else None); mean of the observed
        values. Distance, paces and date are about single years, and are left out of the facts of a mean.
    """

    region: str
    target: float
    upper: float | None
    at: str
    direction: Literal["up", "down"]
    meaning: Meaning
    unit: str
    probability: Probability
    probability_at: Probability
    probability_by: Probability
    probability_upper: Probability | None
    median: float
    low: float
    high: float
    fan: tuple[tuple[str, tuple[float, ...]], ...]
    date_shares: tuple[tuple[str, float], ...]
    date: str | NotWithin
    not_within: float
    distance: float
    required_pace: float
    past_pace: float
    n_similar: int
    n_managed: int
    required_mean: float | None
    past_mean: float
    evidence: Evidence
    model: str
    n_draws: int
    seed: int

    def __repr__(self) -> str:
        upper = f" to {self.upper:g}" if self.upper is not None else ""
        unit = f" {self.unit}" if self.unit else ""
        way = "" if self.direction == "up" else " or less"
        return (
            f"Attainment({self.region}: {self.target:g}{upper}{unit}{way}, {self.meaning} {self.at}, probability "
            f"{self.probability.value:.2f}, 80 % range {self.low:.4g} to {self.high:.4g})"
        )

    def to_facts(self) -> dict[str, object]:
        """Named values for a sentence or a table row."""
        upper = (
            {"upper": self.upper, "probability_upper": self.probability_upper.value} if self.probability_upper else {}
        )
        return {
            "region": self.region,
            "target": self.target,
            "at": self.at,
            "direction": self.direction,
            "meaning": self.meaning,
            "unit": self.unit,
            "probability": self.probability.value,
            "probability_clipped": self.probability.clipped,
            "probability_at": self.probability_at.value,
            "probability_by": self.probability_by.value,
            **upper,
            "median": self.median,
            "low_80": self.low,
            "high_80": self.high,
            **self._way(),
            "model": self.model,
            "n_draws": self.n_draws,
            "seed": self.seed,
            "evidence": self.evidence.to_facts(),
        }

    def _way(self) -> dict[str, object]:
        """Facts about the way to the target."""
        if self.required_mean is not None:
            return {"required_mean": self.required_mean, "past_mean": self.past_mean}
        date = {"date": self.date} if isinstance(self.date, str) else {"not_within": self.date.last_period}
        return {
            **date,
            "share_not_within": self.not_within,
            "distance": self.distance,
            "required_pace": self.required_pace,
            "past_pace": self.past_pace,
            "n_similar": self.n_similar,
            "n_managed": self.n_managed,
        }


class Attainments(tuple[Attainment, ...]):
    """The answers for all regions of a forecast, in its order; one by region id with :meth:`of`, all as a table with :meth:`to_frame`."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = ", ".join(repr(one) for one in self[:2])
        return f"Attainments({shown}{f' and {len(self) - 2} more' if len(self) > 2 else ''})"

    def _repr_html_(self) -> str:
        shown = self.to_frame().reindex(columns=_SHOWN).dropna(axis="columns", how="all")
        return shown.round({"probability": 2, "median": 1, "low_80": 1, "high_80": 1, "required_pace": 2}).to_html(
            max_rows=70
        )

    def of(self, region: str) -> Attainment:
        """Answer for one region.

        Raises
        ------
        ParameterError
            When the region was not forecast.
        """
        for one in self:
            if one.region == region:
                return one
        raise ParameterError(
            f"region {region!r} was not forecast", fix=f"Forecast are: {some([o.region for o in self])}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a region, indexed by it: probability and the rest of the facts, numbers in the indicator's unit."""
        rows = [{name: fact for name, fact in one.to_facts().items() if name != "evidence"} for one in self]
        return pd.DataFrame(rows, index=pd.Index([one.region for one in self], name="region")).drop(columns="region")
