"""What a caller hands to ``fit`` and ``predict``, looked at before anything is computed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.data.periods import LAST_YEAR
from dxanalysis.errors import ModelError, ParameterError, PercentOrFraction
from dxanalysis.forecast.evidence import NotEnoughData
from dxanalysis.forecast.panel import Grid
from dxanalysis.forecast.pooled.options import PooledOptions
from dxanalysis.forecast.predictive import some
from dxanalysis.forecast.prior import Prior
from dxanalysis.forecast.scale import Scale

PERCENT: Final = (0.0, 100.0)
ENOUGH: Final = 5
"""Values from which it is told that all of a percentage lie below 1: of fewer it may well be so."""


def check_whole(name: str, value: int, low: int, high: int) -> None:
    """Refuse what is not a whole number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise ParameterError(f"{name} is {value!r}", fix=f"Give a whole number from {low} to {high}")


def check_bounds(bounds: object) -> None:
    """Refuse bounds that are not a pair of numbers or None."""
    pair = bounds is None or (isinstance(bounds, Sequence) and not isinstance(bounds, str) and len(bounds) == 2)
    numbers = (int, float, np.number)
    if not pair or not all(one is None or isinstance(one, numbers) for one in bounds or ()):  # type: ignore[attr-defined]
        raise ParameterError(f"the bounds are {bounds!r}", fix="Give (lower, upper), such as (0, 100) for percent")


def check_reach(grid: Grid, horizon: int) -> None:
    """Refuse periods after the last year that is read: no question could be asked about them."""
    most = (LAST_YEAR + 1) * grid.per_year - (grid.first + grid.values.shape[1])
    if horizon > most:
        raise ParameterError(
            f"{horizon} periods after {grid.label(grid.values.shape[1] - 1)} lead beyond {LAST_YEAR}",
            fix=f"Give a horizon of at most {most}" if most else f"Give a panel that ends before {LAST_YEAR}",
        )


def named(regions: object) -> tuple[str, ...]:
    """Region ids as text, of one region or of several."""
    several = isinstance(regions, Iterable) and not isinstance(regions, str)
    chosen = tuple(str(region) for region in (regions if several else (regions,)))  # type: ignore[attr-defined]
    if not chosen:
        raise ParameterError("no region is asked for", fix="Name one or several, or leave regions out for all")
    return chosen


def check_kinds(*, history: object, prior: object, options: object) -> None:
    """Refuse a history that is no table, and a prior or options that are none; each may be None."""
    if not isinstance(history, pd.DataFrame | None):
        raise ParameterError(
            f"the history is not a DataFrame but {type(history).__name__}",
            fix="Give store.observations(..., history=True), or leave it out",
        )
    if not isinstance(prior, Prior | None):
        raise ParameterError(
            f"the prior is not a Prior but {type(prior).__name__}",
            fix="Read a file with forecast.prior.load, give Prior() for none, or leave it out for the one that is shipped",
        )
    if not isinstance(options, PooledOptions | None):
        raise ParameterError(f"the options are not PooledOptions but {type(options).__name__}", fix="Leave them out")


def check_regions(chosen: Sequence[str], known: Sequence[str], not_enough: Mapping[str, NotEnoughData]) -> None:
    """Refuse regions asked for twice, with too few or too old values, or absent from the panel; ``known`` are all of the panel."""
    if len(set(chosen)) < len(chosen):
        raise ParameterError("a region is asked for twice", fix="Give each region once")
    every = set(known)
    for region in chosen:
        if region in not_enough:
            facts = dict(not_enough[region].missing[0].facts)
            old = not_enough[region].reason == "values_too_old"
            raise ModelError(
                f"the newest value is of {facts['last']}, and one of the last {facts['years']} years is needed"
                if old
                else f"{facts['found']} of {facts['needed']} values needed",
                where=f"region {region}",
                fix="Report it as not enough data, or leave the region out",
            )
        if region not in every:
            able = some([name for name in known if name not in not_enough]) or "no region with enough values"
            short = f", and with {lacking(not_enough)} {some(list(not_enough))}" if not_enough else ""
            raise ParameterError(f"region {region!r} is not in the panel", fix=f"The panel has {able}{short}")


def lacking(not_enough: Mapping[str, NotEnoughData]) -> str:
    """What regions that cannot be forecast have."""
    old = any(one.reason == "values_too_old" for one in not_enough.values())
    return "too few or too old values" if old else "too few values"


def tell_of_fractions(panel: pd.DataFrame, grid: Grid, scale: Scale) -> None:
    """Warn when every value of a percentage lies within 0 and 1. Figures with a source are the archive's, which states their unit."""
    known = grid.values[np.isfinite(grid.values)]
    percent = (scale.lower, scale.upper) == PERCENT and "source" not in panel.columns
    if percent and len(known) >= ENOUGH and 0 < known.max() <= 1:
        warnings.warn(
            f"all {len(known)} values lie within 0 and 1, and the bounds are 0 to 100. If they are fractions, give bounds=(0, 1), or "
            "percent (35 percent is 35); if they are percent below 1, all is well.",
            PercentOrFraction,
            stacklevel=3,
        )
