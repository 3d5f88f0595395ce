"""Joint questions: all of several targets, at least some of them, answered by counting worlds.

Draw i of every predictive made with the same seed and number of draws is one possible world. The share of worlds in which the
conditions hold together needs no assumption about their dependence beyond the one the draws hold:

====================== ==========================================================================================
answer                 formula, with I_ij = 1 when condition j holds in draw i of n
====================== ==========================================================================================
all of J               (1/n) Σ_i [Σ_j I_ij = J]
at least k of J        (1/n) Σ_i [Σ_j I_ij ≥ k]
had they nothing in    Σ over subsets of Π p_j Π (1 - p_j): the Poisson binomial distribution of the parts'
common                 probabilities; for all of J the product Π p_j
whatever the           Fréchet's bounds max(0, Σ p_j - J + 1) and min p_j for all of J; for k of J those of Rüger (1978)
dependence
====================== ==========================================================================================

Only what the model lets regions and indicators share is in the draws. Where a model shares nothing between two predictives the answer
is the independent one; the last row says how far any dependence could move it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from dxanalysis.data.spelled import read_period
from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.answers.attained import BoolArray, Probability
from dxanalysis.forecast.answers.attainment import MIN_DRAWS, met
from dxanalysis.forecast.answers.deadline import column_of
from dxanalysis.forecast.answers.goal import check_number, tell_of_fraction
from dxanalysis.forecast.law import quantile
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.scale import FloatArray

Direction = Literal["up", "down"]
Moment = Literal["at", "by"]
RANGE: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """One region meets one target.

    Attributes
    ----------
    predictive, region
        Joint paths, and the region of them that is meant.
    target
        Value to reach, in the predictive's unit: at least it (``up``) or at most it (``down``).
    at
        Deadline among the periods drawn, as of :func:`~dxanalysis.forecast.answers.attainment.attainment`: of parts of years a year is its last.
    direction
        Which way is better.
    meaning
        Met ``at`` the deadline, or ``by`` it (at the latest observed value or in any period forecast).
    """

    predictive: Predictive
    region: str
    target: float
    at: int | float | str
    direction: Direction = "up"
    meaning: Moment = "at"


@dataclass(frozen=True, slots=True, kw_only=True)
class JointProbability:
    """How likely several conditions hold together.

    Attributes
    ----------
    k, n_conditions
        At least ``k`` of ``n_conditions``.
    probability
        Share of worlds in which they do.
    parts
        Each condition's own probability, in the order asked.
    independent
        What the parts' probabilities would give had they nothing in common; for contrast.
    lowest, highest
        Limits for these parts under any dependence at all.
    counts
        Share of worlds in which exactly 0, 1, ... conditions hold, as drawn, not cut; sums to 1.
    """

    k: int
    n_conditions: int
    probability: Probability
    parts: tuple[Probability, ...]
    independent: Probability
    lowest: Probability
    highest: Probability
    counts: tuple[float, ...]
    n_draws: int
    seed: int

    def to_facts(self) -> dict[str, object]:
        """Named values for a sentence or a table row."""
        return {
            "k": self.k,
            "n_conditions": self.n_conditions,
            "probability": self.probability.value,
            "probability_clipped": self.probability.clipped,
            "parts": [part.value for part in self.parts],
            "independent": self.independent.value,
            "lowest": self.lowest.value,
            "highest": self.highest.value,
            "counts": list(self.counts),
            "n_draws": self.n_draws,
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CountMeeting:
    """How many regions meet a target.

    Attributes
    ----------
    shares
        Share of worlds in which exactly 0, 1, ... regions meet it, as drawn, not cut; sums to 1.
    mean, median, low, high
        Mean, median and central 80 % range of the number.
    independent_low, independent_high
        The same range had regions nothing in common: narrower where they share good and bad years.
    parts
        (region, probability) of every region.
    """

    target: float
    at: str
    direction: Direction
    meaning: Moment
    unit: str
    shares: tuple[float, ...]
    mean: float
    median: int
    low: int
    high: int
    independent_low: int
    independent_high: int
    parts: tuple[tuple[str, Probability], ...]
    model: str
    n_draws: int
    seed: int

    @property
    def n_regions(self) -> int:
        """Number of regions counted."""
        return len(self.parts)

    def at_least(self, k: int) -> Probability:
        """Probability that at least k regions meet the target.

        Raises
        ------
        ParameterError
            When k is not a whole number from 1 to the number of regions.
        """
        _check_k(k, self.n_regions, "regions")
        return Probability.of_share(min(1.0, sum(self.shares[k:])))

    def __repr__(self) -> str:
        return (
            f"CountMeeting({self.target:g} {self.meaning} {self.at}: {self.median} of {self.n_regions} regions, 80 % range "
            f"{self.low} to {self.high})"
        )

    def to_facts(self) -> dict[str, object]:
        """Named values, without the regions themselves."""
        return {
            "target": self.target,
            "at": self.at,
            "direction": self.direction,
            "meaning": self.meaning,
            "unit": self.unit,
            "n_regions": self.n_regions,
            "mean": self.mean,
            "median": self.median,
            "low_80": self.low,
            "high_80": self.high,
            "independent_low_80": self.independent_low,
            "independent_high_80": self.independent_high,
            "model": self.model,
            "n_draws": self.n_draws,
            "seed": self.seed,
        }


def all_of(conditions: Iterable[Condition]) -> JointProbability:
    """Probability that every condition holds; errors as of :func:`at_least`."""
    every = _listed(conditions)
    return at_least(every, len(every))


def at_least(conditions: Iterable[Condition], k: int) -> JointProbability:
    """Probability that at least k of the conditions hold in the same world.

    Parameters
    ----------
    conditions
        Of one or several predictives made with the same seed and number of draws.
    k
        1 to the number of conditions.

    Raises
    ------
    ParameterError
        When there is no condition, k is out of range, predictives differ in seed or number of draws (their draws do not belong to the
        same worlds), a region or a period was not forecast, or a target, direction or meaning is not usable.
    ModelError
        When there are fewer than 100 draws.
    """
    conditions = _listed(conditions)
    _check_k(k, len(conditions), "conditions")
    n_draws, seed = _same_worlds([condition.predictive for condition in conditions])
    for condition in conditions:
        tell_of_fraction(condition.predictive, condition.target, condition.direction, region=condition.region)
    hits = np.zeros((n_draws, len(conditions)), dtype=bool)
    # one predictive at a time: its draws are asked for once, and only one array of them is alive
    for predictive in {id(condition.predictive): condition.predictive for condition in conditions}.values():
        draws = predictive.draws
        for column, condition in enumerate(conditions):
            if condition.predictive is predictive:
                hits[:, column] = _holds(condition, draws)
    shares = hits.mean(axis=0)
    counts = np.bincount(hits.sum(axis=1), minlength=len(conditions) + 1) / n_draws
    return JointProbability(
        k=int(k),
        n_conditions=len(conditions),
        probability=Probability.of(hits.sum(axis=1) >= k),
        parts=tuple(Probability.of_share(float(share)) for share in shares),
        independent=Probability.of_share(min(1.0, float(_poisson_binomial(shares)[k:].sum()))),
        lowest=Probability.of_share(1 - _most(1 - shares, len(conditions) - k + 1)),
        highest=Probability.of_share(_most(shares, k)),
        counts=tuple(float(count) for count in counts),
        n_draws=n_draws,
        seed=seed,
    )


def count_meeting(
    pred: Predictive, target: float, at: int | float | str, *, direction: Direction = "up", meaning: Moment = "at"
) -> CountMeeting:
    """Distribution of the number of regions that meet a target.

    Parameters
    ----------
    pred
        Joint paths of the regions to count.
    target, at, direction, meaning
        As of :class:`Condition`.

    Raises
    ------
    ParameterError
        When the period was not forecast, or the target, direction or meaning is not usable.
    ModelError
        When there are fewer than 100 draws.
    """
    n_draws, seed = _same_worlds([pred])
    tell_of_fraction(pred, target, direction)
    draws = pred.draws
    hits = np.column_stack(
        [
            _holds(
                Condition(predictive=pred, region=region, target=target, at=at, direction=direction, meaning=meaning),
                draws,
            )
            for region in pred.regions
        ]
    )
    numbers, shares = hits.sum(axis=1), hits.mean(axis=0)
    low, median, high = (int(value) for value in quantile(numbers.astype(float), RANGE, whole=True))
    alone = np.cumsum(_poisson_binomial(shares))
    return CountMeeting(
        target=target,
        at=read_period(at).text,
        direction=direction,
        meaning=meaning,
        unit=pred.unit,
        shares=tuple(float(n) / n_draws for n in np.bincount(numbers, minlength=len(pred.regions) + 1)),
        mean=float(numbers.mean()),
        median=median,
        low=low,
        high=high,
        independent_low=_first_reaching(alone, RANGE[0]),
        independent_high=_first_reaching(alone, RANGE[-1]),
        parts=tuple(
            (region, Probability.of_share(float(share))) for region, share in zip(pred.regions, shares, strict=True)
        ),
        model=pred.model,
        n_draws=n_draws,
        seed=seed,
    )


def check_worlds(pred: Predictive, *, at: int | float | str) -> int:
    """Column of a period in a predictive that has enough draws to answer from; errors as of :func:`at_least`."""
    _same_worlds([pred])
    return column_of(pred, read_period(at), name="period")


def _listed(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions, whatever holds them."""
    every = tuple(conditions) if isinstance(conditions, Iterable) else (conditions,)
    if not every:
        raise ParameterError("there is no condition", fix="Give at least one")
    if not all(isinstance(one, Condition) for one in every):
        raise ParameterError(
            "a condition is no Condition", fix="Give Condition(predictive=, region=, target=, at=) each"
        )
    return every


def _same_worlds(predictives: Sequence[Predictive]) -> tuple[int, int]:
    first = predictives[0]
    for other in predictives[1:]:
        if (other.n_draws, other.seed) != (first.n_draws, first.seed):
            raise ParameterError(
                f"draws of different worlds: {first.n_draws} draws with seed {first.seed}, "
                f"and {other.n_draws} with seed {other.seed}",
                fix="Predict all of them with the same draws= and seed=",
            )
    if first.n_draws < MIN_DRAWS:
        raise ModelError(f"{first.n_draws} paths do not give a probability", fix=f"Draw at least {MIN_DRAWS}")
    return first.n_draws, first.seed


def _holds(condition: Condition, draws: FloatArray) -> BoolArray:
    """Whether a condition holds in each draw, given all draws of its predictive."""
    pred = condition.predictive
    row = pred.row(condition.region)
    if condition.direction not in ("up", "down"):
        raise ParameterError(f"the direction is {condition.direction!r}", fix="Choose up or down")
    if condition.meaning not in ("at", "by"):
        raise ParameterError(f"the meaning is {condition.meaning!r}", fix="Choose at or by")
    check_number(condition.target)
    low, high = pred.bounds
    if not math.isfinite(condition.target) or not low <= condition.target <= high:
        raise ParameterError(
            f"the target {condition.target:g} lies outside the bounds {low:g} to {high:g}",
            where=f"region {condition.region}",
            fix="Give a finite value in the indicator's unit",
        )
    column = check_worlds(pred, at=condition.at)
    if condition.meaning == "at":
        return met(draws[:, row, column], condition.direction, condition.target)
    already = met(np.asarray(pred.evidence[row].last_value), condition.direction, condition.target)
    reached = met(draws[:, row, : column + 1], condition.direction, condition.target).any(axis=1)
    return np.asarray(reached | already)


def _check_k(k: int, most: int, what: str) -> None:
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k <= most:
        raise ParameterError(f"k is {k!r}", fix=f"Give a whole number from 1 to the number of {what}, {most}")


def _poisson_binomial(shares: FloatArray) -> FloatArray:
    """Distribution of the number of independent events that happen, array (n + 1,)."""
    distribution = np.ones(1)
    for share in shares:
        distribution = np.convolve(distribution, [1 - share, share])
    return distribution


def _most(shares: FloatArray, k: int) -> float:
    """Most that "at least k events happen" can be, whatever their dependence.

    Leave out the j likeliest events: at least k - j of the others must happen, which by Markov's inequality is at most the sum of
    their probabilities over k - j likely (Rüger 1978, *Metrika* 25). For k = n it is the smallest probability (Fréchet).
    """
    rising = np.cumsum(np.sort(shares))
    return min(1.0, *(float(rising[len(shares) - 1 - j]) / (k - j) for j in range(k)))


def _first_reaching(cumulated: FloatArray, level: float) -> int:
    # a sum of floats may end a hair below the level it stands for
    return int(np.argmax(cumulated >= level - 1e-12))
