"""How far slopes are drawn to none: as far as the panel's own steps ask for, by empirical Bayes.

The features stand in two groups, those of the level and those of the pace; of parts of years the pace over a quarter stands for itself, and
so do those of the others where regions have groups. The slopes of a group are taken as drawn around zero, each feature in its own variety, from
a normal distribution whose width shows in S, the variance of the steps that the group explains. With p features in the group, n steps and the
noise's variance s², the ridge, as a part of each feature's variance, is p·s²/(n·S). Noise and slopes are found in turn, twice. A panel that
moves without noise keeps its slopes; what few noisy steps seem to say of the level is believed little.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.cells import FEATURES, MOST_PACE, PART_FEATURES
from dxanalysis.forecast.pooled.grouped import GROUP_FEATURES
from dxanalysis.forecast.pooled.regression import ENOUGH_STEPS, MILD_RIDGE, Steps
from dxanalysis.forecast.scale import FloatArray

GROUPS: Final = (
    ("level", "level_squared"),
    ("pace_1", "pace_3", "pace_5", "level_pace_3"),
    PART_FEATURES,
    GROUP_FEATURES,
)
_FIRST: Final = 1e-3  # ridge of the first round
_ROUNDS: Final = 2
_LEAST, _MOST = 1e-4, 1.0
_JITTER: Final = 1e-12


def ridges(steps: Steps, names: tuple[str, ...]) -> FloatArray:
    """Ridge of each feature as a part of its variance, array (p,), 0 for the constant; a mild one where steps are few.

    Parameters
    ----------
    steps
        Steps of one period.
    names
        Their features, as :func:`~dxanalysis.forecast.pooled.cells.feature_names` gives them.
    """
    out = np.full(len(names), MILD_RIDGE)
    n = len(steps)
    if n >= ENOUGH_STEPS:
        x = steps.x - steps.x.mean(axis=0)
        y = np.clip(steps.y, -MOST_PACE, MOST_PACE)
        y = y - y.mean()
        gram, cross, variance = x.T @ x, x.T @ y, x.var(axis=0)
        out[:] = _FIRST
        for _ in range(_ROUNDS):
            beta = np.linalg.solve(gram + np.diag(n * out * variance + _JITTER), cross)
            noise = float(np.mean(np.square(y - x @ beta))) * n / (n - len(names))
            for group in GROUPS:
                at = [names.index(name) for name in group if name in names]
                explained = float(np.var(x[:, at] @ beta[at]))
                out[at] = np.clip(len(at) * noise / (n * explained + _JITTER), _LEAST, _MOST)
    out[FEATURES.index("one")] = 0.0
    return out
