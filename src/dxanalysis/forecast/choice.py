"""Which model and which scale a panel gets when the caller names none."""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.data.schema import Kind
from dxanalysis.forecast.lone.alone import LONE_POINTS, is_long_and_lone
from dxanalysis.forecast.panel import Grid
from dxanalysis.forecast.scale import Scale

Model = Literal["pooled", "local", "drift", "mean"]

MIN_POOLED: Final = 3
"""Values a region needs for the pooled model: a level, a pace and a change of pace."""
PEERS: Final = 20
"""Regions with five values or more from which growth rates are pooled; with fewer, each has its own mean."""


def choose_model(kind: Kind, scale: Scale, grid: Grid) -> Model:
    """Model for a kind of indicator on a scale, given how many regions there are and how long their series."""
    if kind == "growth":
        peers = int((np.isfinite(grid.values).sum(axis=1) >= LONE_POINTS["mean"]).sum())
        return "pooled" if peers >= PEERS or grid.per_year > 1 else "mean"
    # a share's way is known from other panels; a level without a bound is known best from its own long past
    return "local" if scale.form != "bounded" and is_long_and_lone(grid, MIN_POOLED) else "pooled"


def choose_scale(panel: pd.DataFrame, kind: Kind | None, bounds: tuple[float | None, float | None] | None) -> Scale:
    """Scale for a kind and bounds; without either, a level above 0, or unbounded where a value lies below."""
    lower, upper = bounds if bounds is not None else (None, None)
    two_bounds = all(bound is not None and math.isfinite(bound) for bound in (lower, upper))
    if kind is None and bounds is None and "value" in panel.columns:
        values = pd.to_numeric(panel["value"], errors="coerce")
        if bool((values < 0).any()):
            return Scale.of("growth")  # nothing was said of a floor, and there is none at 0
    return Scale.of(kind if kind is not None else "share" if two_bounds else "level", lower, upper)
