"""Joint questions about order: where a region will rank among the others, counted over worlds.

In every draw the regions are ranked among themselves. Ties share the better rank (1, 2, 2, 4): the rank is one more than the
number of regions strictly better, as league tables of provincial indices are printed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Literal

import numpy as np

from dxanalysis.data.spelled import read_period
from dxanalysis.errors import ParameterError
from dxanalysis.forecast.answers.attained import Probability
from dxanalysis.forecast.answers.joint import RANGE, check_worlds
from dxanalysis.forecast.law import quantile
from dxanalysis.forecast.predictive import Predictive

Best = Literal["high", "low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankProbability:
    """Rank of one region among those of a predictive.

    Attributes
    ----------
    k, n_regions
        The question: rank at most ``k`` of ``n_regions``.
    probability
        Share of worlds in which it is.
    shares
        Share of worlds in which the rank is exactly 1, 2, ..., as drawn, not cut; sums to 1.
    median, low, high
        Median and central 80 % range of the rank; ``low`` is the better end.
    """

    region: str
    at: str
    best: Best
    k: int
    n_regions: int
    probability: Probability
    shares: tuple[float, ...]
    median: int
    low: int
    high: int
    model: str
    n_draws: int
    seed: int

    def __repr__(self) -> str:
        return (
            f"RankProbability({self.region}: rank {self.k} of {self.n_regions} or better at {self.at}, probability "
            f"{self.probability.value:.2f}, 80 % range {self.low} to {self.high})"
        )

    def to_facts(self) -> dict[str, object]:
        """Named values for a sentence or a table row."""
        return {
            "region": self.region,
            "at": self.at,
            "best": self.best,
            "k": self.k,
            "n_regions": self.n_regions,
            "probability": self.probability.value,
            "probability_clipped": self.probability.clipped,
            "median": self.median,
            "low_80": self.low,
            "high_80": self.high,
            "model": self.model,
            "n_draws": self.n_draws,
            "seed": self.seed,
        }


def rank_at_most(
    pred: Predictive, *, region: str, k: int, at: int | float | str, best: Best = "high"
) -> RankProbability:
    """Probability that a region ranks k-th or better among all regions of a predictive.

    Regions that could not be forecast are not in the predictive and cannot outrank anyone: with 60 of 63 forecast, the rank may be
    up to 3 too good.

    Parameters
    ----------
    pred
        Joint paths of the regions to rank, of values (not of published ranks).
    region
        The region asked about.
    k
        Worst rank that still counts, 1 to the number of regions.
    at
        A period among those drawn; of parts of years a year is its last.
    best
        Whether the ``high``-est or the ``low``-est value ranks first.

    Raises
    ------
    ParameterError
        When the region or period was not forecast, k is out of range, ``best`` is unknown, or there is only one region.
    ModelError
        When there are fewer than 100 draws.
    """
    column = check_worlds(pred, at=at)
    n_regions = len(pred.regions)
    if best not in ("high", "low"):
        raise ParameterError(f"best is {best!r}", fix="Choose high or low")
    row = pred.row(region)
    if n_regions < 2:
        raise ParameterError("one region alone has no rank", fix="Predict it together with those it is ranked among")
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k <= n_regions:
        raise ParameterError(f"k is {k!r}", fix=f"Give a whole number from 1 to the number of regions, {n_regions}")
    values = pred.draws[:, :, column]
    own = values[:, [row]]
    ranks = 1 + (values > own if best == "high" else values < own).sum(axis=1)
    low, median, high = (int(rank) for rank in quantile(ranks.astype(float), RANGE, whole=True))
    return RankProbability(
        region=region,
        at=read_period(at).text,
        best=best,
        k=int(k),
        n_regions=n_regions,
        probability=Probability.of(ranks <= k),
        shares=tuple(float(n) / len(ranks) for n in np.bincount(ranks, minlength=n_regions + 1)[1:]),
        median=median,
        low=low,
        high=high,
        model=pred.model,
        n_draws=len(ranks),
        seed=pred.seed,
    )


def in_top_share(
    pred: Predictive, *, region: str, at: int | float | str, share: float = 1 / 3, best: Best = "high"
) -> RankProbability:
    """Probability that a region is in the best third (or other share) of the regions of a predictive.

    The question is rank at most k, with k the whole part of share times the number of regions: 11 of 34, 21 of 63.

    Parameters
    ----------
    pred, region, at, best
        As of :func:`rank_at_most`.
    share
        Above 0, at most 1.

    Raises
    ------
    ParameterError
        As of :func:`rank_at_most`; when the share is out of range or takes in less than one region.
    ModelError
        When there are fewer than 100 draws.
    """
    if not isinstance(share, Real) or not 0 < share <= 1:
        raise ParameterError(f"the share is {share}", fix="Give a share above 0 and at most 1, such as 1/3")
    k = math.floor(share * len(pred.regions) + 1e-9)  # 1/3 of 63 is 21, whatever the last bit of 1/3
    if k < 1:
        raise ParameterError(
            f"a share of {share:g} of {len(pred.regions)} regions is less than one region",
            fix=f"Give a share of at least {1 / len(pred.regions):.3g}",
        )
    return rank_at_most(pred, region=region, k=k, at=at, best=best)
