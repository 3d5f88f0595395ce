"""Levels of one promise, such as records handled online in province, districts and communes: how likely all of them are met."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dxanalysis.data.regions import Region
from dxanalysis.data.schema import Indicator
from dxanalysis.data.store import Store
from dxanalysis.forecast.answers.attained import Attainment
from dxanalysis.forecast.answers.joint import Condition, JointProbability, all_of
from dxanalysis.forecast.targets.outcomes import AlreadyThere, Chance, Judgement, Met
from dxanalysis.forecast.targets.outlook import Aim, Fits, asked_at, forecast_until
from dxanalysis.forecast.targets.plan import fits_of
from dxanalysis.forecast.targets.series import Step, step_in
from dxanalysis.forecast.targets.verdict import DATE_HORIZON


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Several levels of one promise, each with a chance, and how likely all of them are met.

    ``answer.parts`` are the levels' own probabilities, in the order of ``levels``.
    """

    levels: tuple[Judgement, ...]
    answer: JointProbability

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {"targets": [one.target.id for one in self.levels], **self.answer.to_facts()}


def judge_together(
    store: Store, region: Region | str, judgements: Sequence[Judgement], *, draws: int = 4000, seed: int = 0
) -> tuple[Together, ...]:
    """Ask of every promise with several levels how likely all of them are met; see :func:`all_levels`.

    Parameters
    ----------
    store, region, draws, seed
        As for :func:`~dxanalysis.forecast.targets.plan.judge_targets`, which made the judgements.
    judgements
        All of the region.

    Returns
    -------
    tuple of Together
        Empty where no promise has a chance for each of its levels.
    """
    region = store.regions.get(region) if isinstance(region, str) else region
    names = sorted({one.indicator for group in levels_of(judgements) for one in group})
    if not names:
        return ()
    fits = fits_of(store, region, store.observations(indicator=names, region=region, history=True))
    return all_levels(judgements, region, indicator_of=store.indicator, fits=fits, draws=draws, seed=seed)


def all_levels(
    judgements: Sequence[Judgement],
    region: Region,
    *,
    indicator_of: Callable[[str], Indicator],
    fits: Fits,
    draws: int,
    seed: int,
) -> tuple[Together, ...]:
    """Joint answers of :func:`levels_of`, from forecasts made with one seed, so that a draw is one world for all levels.

    Parameters
    ----------
    judgements, region
        Answers for the targets of a region.
    indicator_of, fits
        Give an indicator by its id, and its fitted panel.
    draws, seed
        Of the forecasts.
    """
    found = []
    for group in levels_of(judgements):
        conditions = []
        for one in group:
            indicator = indicator_of(one.indicator)
            aim = Aim.of(one.target, indicator)
            fitted = fits(indicator, _step(one))
            made = forecast_until(fitted, region, aim, least=DATE_HORIZON, draws=draws, seed=seed)
            conditions.append(
                Condition(
                    predictive=made,
                    region=region.id,
                    target=aim.ends[0],
                    at=asked_at(made, aim),
                    direction=aim.direction,
                    meaning="by" if aim.meaning == "by" else "at",
                )
            )
        found.append(Together(levels=tuple(group), answer=all_of(conditions)))
    return tuple(found)


def levels_of(judgements: Sequence[Judgement]) -> list[list[Judgement]]:
    """Promises of two levels or more with a chance for each.

    One promise is what one document promises by one deadline in one sense, of indicators whose ids differ in their last word only
    (``records_online_province``, ``records_online_district``). A level that is met is not asked about; one without a chance leaves the
    whole promise without an answer. The same levels promised in several documents are asked about once.
    """
    promises: dict[tuple[object, ...], list[Judgement]] = {}
    for one in judgements:
        target, (stem, mark, _) = one.target, one.indicator.rpartition("_")
        if mark and one.indicator == target.indicator and target.meaning != "mean":
            promises.setdefault((target.source, target.deadline, target.meaning, stem), []).append(one)
    found: dict[tuple[object, ...], list[Judgement]] = {}
    for group in promises.values():
        ahead = [one for one in group if not isinstance(one.outcome, Met)]
        if len({one.indicator for one in ahead}) > 1 and all(_chance(one) is not None for one in ahead):
            asked = [(one.indicator, one.target.comparator, one.target.value, one.target.upper) for one in ahead]
            found.setdefault((ahead[0].target.deadline, ahead[0].target.meaning, *asked), ahead)
    return list(found.values())


def _chance(one: Judgement) -> Attainment | None:
    outcome = one.outcome
    if isinstance(outcome, Chance):
        return outcome.attainment
    held = outcome.outlook if isinstance(outcome, AlreadyThere) else None
    return held if isinstance(held, Attainment) else None


def _step(one: Judgement) -> Step:
    """Kind of the periods that a chance was forecast by."""
    found = _chance(one)
    return "year" if found is None else step_in(found.evidence.last_period)
