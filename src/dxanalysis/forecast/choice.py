"""Which model and which scale a panel gets when the caller names none."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.data.schema import Kind
from dxanalysis.forecast.digits import beside_zero, last_digit
from dxanalysis.forecast.last_place import last_place
from dxanalysis.forecast.lone.alone import is_long_and_lone
from dxanalysis.forecast.panel import Grid
from dxanalysis.forecast.scale import Scale

Model = Literal["pooled", "local", "drift", "mean"]

MIN_POOLED: Final = 3
"""Values a region needs for the pooled model: a level, a pace and a change of pace."""
PEERS: Final = 20
"""Regions with three values or more from which growth rates are pooled; with fewer, each has its own mean."""


def choose_model(kind: Kind, scale: Scale, grid: Grid) -> Model:
    """Model for a kind of indicator on a scale, given how many regions there are and how long their series."""
    if kind == "growth":
        peers = int((np.isfinite(grid.values).sum(axis=1) >= MIN_POOLED).sum())
        return "pooled" if peers >= PEERS or grid.per_year > 1 else "mean"
    # a share's way is known from other panels; a level without a bound is known best from its own long past
    return "local" if scale.form != "bounded" and is_long_and_lone(grid, MIN_POOLED) else "pooled"


def choose_scale(panel: pd.DataFrame, kind: Kind | None, bounds: tuple[float | None, float | None] | None) -> Scale:
    """Scale for a kind and bounds, in the digits of the panel; without either, a level above 0, or unbounded where a value lies below.

    A rank's last place is the panel's own where it holds the whole ranking of some period, but none beyond the upper bound.
    """
    lower, upper = (
        None if bound is None or math.isinf(bound) else bound
        for bound in (bounds if bounds is not None else (None, None))
    )
    values = np.empty(0)
    if "value" in panel.columns:
        numbers = pd.to_numeric(panel["value"], errors="coerce").to_numpy(dtype=float)
        values = numbers[np.isfinite(numbers)]
    if kind is None:
        # where nothing is said of a floor there is none at 0 if a value lies below
        kind = "share" if None not in (lower, upper) else "growth" if lower is None and (values < 0).any() else "level"
    if kind == "rank":
        upper = min((place for place in (upper, last_place(panel)) if place is not None), default=None)
    scale = Scale.of(kind, lower, upper)
    if scale.form == "bounded" or scale.whole or not len(values):
        return scale
    floor = scale.lower if scale.form == "positive" else 0.0
    digit = last_digit(values)
    return replace(
        scale,
        resolution=scale.resolution if digit is None else digit,
        offset=beside_zero(values - floor) if scale.form == "positive" else 0.0,
    )
