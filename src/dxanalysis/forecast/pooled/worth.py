"""What a prior is worth in cases of a panel: the less each case says, the more.

A prior says how far the coefficients may be from its own. With N cases of a panel whose own errors have the standard deviation s where the
prior's panels had s0, the same belief weighs as much as N·(s/s0)² cases: a survey leans on it, a series that moves without noise tells its
own way in a few years. s is taken from the errors of a regression of the panel's own, each beside what the prior expects of such a case.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.errors import log_error
from dxanalysis.forecast.pooled.family import INDEPENDENT_A_YEAR, Family
from dxanalysis.forecast.pooled.regression import MILD_RIDGE, Steps
from dxanalysis.forecast.scale import FloatArray

_HALF: Final = 10.0  # independent cases at which half of what they show of the noise is believed
_LEAST, _MOST = 0.01, 100.0  # of the factor
_JITTER: Final = 1e-9


def noise_factor(prior: Family, steps: Steps, spread: FloatArray, *, per_year: int, cases: float) -> float:
    """(s/s0)² of a panel, 1 where its steps are too few to tell.

    Parameters
    ----------
    prior
        The prior.
    steps, spread
        Steps of one period, and the spread features at their starts, array (n, 5).
    per_year
        Periods in a year.
    cases
        What the prior is worth in the regression that the errors are taken from.
    """
    size = steps.x.shape[1]
    spare = len(steps) - size
    if not prior.n_cases or spare < 1:
        return 1.0
    pull = cases * np.minimum(np.mean(np.square(steps.x), axis=0), prior.mean_square)
    pull += MILD_RIDGE * len(steps) * steps.x.var(axis=0) + _JITTER
    away = np.linalg.solve(steps.x.T @ steps.x + np.diag(pull), steps.x.T @ (steps.y - steps.x @ prior.beta))
    miss = (steps.y - steps.x @ (prior.beta + away)) / per_year
    over = float(np.mean(log_error(miss) - prior.log_size(spread, 1 / per_year)))
    over += 0.5 * float(np.log(len(steps) / spare))  # the regression has fitted some of the errors away
    worth = min(len(steps), INDEPENDENT_A_YEAR * len(np.unique(steps.start)))
    return float(np.clip(np.exp(2 * over * worth / (worth + _HALF)), _LEAST, _MOST))
