"""What a panel says of its errors in one number: how large they are beside the prior's, and how they hang together over horizons."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.forecast.pooled.errors import MIN_ERRORS, Library, log_error
from dxanalysis.forecast.pooled.family import INDEPENDENT_A_YEAR, Family
from dxanalysis.forecast.pooled.options import PooledOptions
from dxanalysis.forecast.pooled.regression import Steps
from dxanalysis.forecast.scale import FloatArray

_WALK: Final = 0.5


def lift_of(prior: Family, steps: Steps, spread: FloatArray, per_year: int, options: PooledOptions) -> float:
    """Mean log of the errors up to the next value over what the prior expects, shrunk by how few there are.

    It tells the noise of a short panel that has too few past errors for a library of its own.
    """
    if not prior.n_cases or not len(steps):
        return 0.0
    gap = steps.end - steps.start
    over = log_error((steps.y - steps.x @ prior.beta) * (gap / per_year))
    for one in np.unique(gap):
        over[gap == one] -= prior.log_size(spread[gap == one], float(one) / per_year)
    worth = min(len(steps), INDEPENDENT_A_YEAR * len(np.unique(steps.start)))
    return float(worth / (worth + options.prior_cases) * np.mean(over))


def spread_out(at_knots: FloatArray, knots: list[int], horizon: int) -> FloatArray:
    """Errors at every horizon, array (n, horizon, 31): between knots linear in the log of the horizon, beyond by its square root."""
    out = np.empty((at_knots.shape[1], horizon, at_knots.shape[2]))
    for step in range(1, horizon + 1):
        high = int(np.searchsorted(knots, step))
        if high == len(knots):
            out[:, step - 1] = at_knots[-1] * np.sqrt(step / knots[-1])
        elif knots[high] == step or high == 0:
            out[:, step - 1] = at_knots[high]
        else:
            part = np.log(step / knots[high - 1]) / np.log(knots[high] / knots[high - 1])
            out[:, step - 1] = (1 - part) * at_knots[high - 1] + part * at_knots[high]
    return out


def growth_of(libraries: dict[int, Library]) -> float:
    """Exponent with which errors grow from the shortest horizon seen to the next: from 0, of noise, to a half, of a random walk and of what is not known."""
    if len(libraries) < 2:
        return _WALK
    short, long = sorted(libraries)[:2]
    grown = libraries[long].mean_size - libraries[short].mean_size
    return float(np.clip(grown / np.log(long / short), 0.0, _WALK))


def persistence_of(errors: FloatArray, libraries: dict[int, Library], assumed: float) -> float:
    """Exponent k of the correlation (h/h')^k of errors over horizons, from the shortest and a longer one; the prior's without them."""
    knots = sorted(libraries)
    if len(knots) < 2:
        return assumed
    short, long = errors[:, 0], errors[:, -1]
    both = np.isfinite(short) & np.isfinite(long)
    if both.sum() < 3 * MIN_ERRORS:
        return assumed
    # equal errors share a rank: in what order a sort leaves them differs from one processor to another
    ranks = [pd.Series(one[both]).rank().to_numpy() for one in (short, long)]
    if min(np.ptp(one) for one in ranks) == 0:  # of errors that are all alike none is the larger
        return assumed
    correlation = float(np.clip(np.corrcoef(ranks[0], ranks[1])[0, 1], 0.05, 0.99))
    measured = -np.log(correlation) / np.log(knots[-1] / knots[0])
    weight = both.sum() / (both.sum() + 100)
    return float(np.clip(weight * measured + (1 - weight) * assumed, 0.05, 2.0))
