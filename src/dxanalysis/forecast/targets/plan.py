"""All targets of a region judged on what the store knows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd

from dxanalysis.data.regions import Region
from dxanalysis.data.schema import Indicator
from dxanalysis.data.store import Store
from dxanalysis.forecast.fitting import Fitted
from dxanalysis.forecast.targets.outcomes import Judgement
from dxanalysis.forecast.targets.outlook import Fits, fit_indicator
from dxanalysis.forecast.targets.series import Step
from dxanalysis.forecast.targets.verdict import Circumstances, judge


def judge_targets(store: Store, region: Region | str, *, draws: int = 4000, seed: int = 0) -> tuple[Judgement, ...]:
    """Judge every target of a region, by every indicator that measures it; see :func:`judge`.

    Figures of the region are read. Where it has enough of them for a forecast, those of its peers are read too (see :func:`peers_of`)
    and learnt from: the answer then moves when their figures of that indicator do. An indicator is fitted once for
    each kind of periods it is forecast by, however many targets it has.

    Parameters
    ----------
    store
        What is known.
    region
        Whose targets: a region or its id, such as ``"VN"``.
    draws, seed
        Of the forecasts.

    Returns
    -------
    tuple of Judgement
        In the order of deadline, indicator and target id.

    Raises
    ------
    DataError
        When no region has that id.
    """
    region = store.regions.get(region) if isinstance(region, str) else region
    around = Circumstances(has_passed=store.has_passed, draws=draws, seed=seed)
    targets = sorted(store.targets(region=region), key=lambda one: (one.deadline, one.indicator, one.id))
    if not targets:
        return ()
    names = sorted({name for target in targets for name in _measures(store, target.indicator)})
    newest = store.observations(indicator=names, region=region)
    history = store.observations(indicator=names, region=region, history=True)
    fits = fits_of(store, region, history)
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
            fits=fits,
        )
    return tuple(found)


def fits_of(store: Store, region: Region, history: pd.DataFrame) -> Fits:
    """What gives a fitted panel of an indicator, read from the store and fitted when it is first asked for, and kept."""
    peers = peers_of(store, region)

    @cache
    def fitted(indicator: Indicator, step: Step) -> Fitted:
        return fit_indicator(indicator, region, store.observations(indicator=indicator.id, region=peers), history, step)

    return fitted


def peers_of(store: Store, region: Region) -> tuple[str, ...]:
    """Ids of the regions that are learnt from: those of the same boundary set and kind, the region among them. The nation is alone."""
    every = (store.regions.get(identity) for identity in sorted(store.regions.ids))
    return tuple(one.id for one in every if (one.boundary_set, one.kind) == (region.boundary_set, region.kind))


def _measures(store: Store, identity: str) -> tuple[str, ...]:
    """Ids of all that says something of an indicator: itself, its methods, its near scopes."""
    indicator = store.indicator(identity)
    return (identity, *indicator.measured_by, *indicator.near)
