"""All targets of a region judged on what the store knows."""

from __future__ import annotations

from dataclasses import replace

from dxanalysis.data.regions import Region
from dxanalysis.data.store import Store
from dxanalysis.forecast.outcomes import Judgement
from dxanalysis.forecast.verdict import Circumstances, judge


def judge_targets(store: Store, region: Region, *, draws: int = 4000, seed: int = 0) -> tuple[Judgement, ...]:
    """Judge every target of a region, by every indicator that measures it; see :func:`judge`.

    Figures of the region alone are read: a target of one province does not move when another province's figures do.

    Returns
    -------
    tuple of Judgement
        In the order of deadline, indicator and target id.
    """
    around = Circumstances(has_passed=store.has_passed, draws=draws, seed=seed)
    targets = sorted(store.targets(region=region), key=lambda one: (one.deadline, one.indicator, one.id))
    if not targets:
        return ()
    names = sorted({name for target in targets for name in _measures(store, target.indicator)})
    newest = store.observations(indicator=names, region=region)
    history = store.observations(indicator=names, region=region, history=True)
    found: list[Judgement] = []
    for target in targets:
        indicator = store.indicator(target.indicator)
        found += judge(
            target,
            indicator,
            region=region,
            observations=newest,
            history=history,
            around=replace(around, level_ended=indicator.ended, other_scopes=indicator.near),
            measures={name: store.indicator(name) for name in indicator.measured_by},
        )
    return tuple(found)


def _measures(store: Store, identity: str) -> tuple[str, ...]:
    """Ids of all that says something of an indicator: itself, its methods, its near scopes."""
    indicator = store.indicator(identity)
    return (identity, *indicator.measured_by, *indicator.near)
