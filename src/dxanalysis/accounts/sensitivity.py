"""How much of a result's spread each assumption causes: variance-based (Sobol) indices.

scipy's estimator on scrambled Sobol points, repeated with independent scrambles so that the indices come with a standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.stats import sobol_indices

from dxanalysis.accounts.assumption import Assumption
from dxanalysis.accounts.digital import Sensitivity

Array = np.ndarray[Any, np.dtype[np.float64]]

REPEATS: Final = 8
POINTS: Final = 1024  # of one design, a power of two as scrambled Sobol points need


@dataclass(frozen=True, slots=True)
class _Range:
    """An assumption as scipy wants it: an object with a percent-point function."""

    assumption: Assumption

    def ppf(self, probability: Array) -> Array:
        return self.assumption.quantile(np.asarray(probability, dtype=np.float64))


def sensitivity(
    assumptions: Sequence[Assumption], model: Callable[[Array], Array], *, chances: Array, seed: int
) -> tuple[Sensitivity, ...]:
    """Sobol indices of every assumption that is not fixed, the greatest total index first.

    Parameters
    ----------
    assumptions
        Independent ranges, in the order of the model's rows.
    model
        Function of an array (number of assumptions, n) that gives n results.
    chances
        Uniform numbers (number of assumptions, n) of the Monte Carlo, reused for the width with an assumption known.
    seed
        Seed of the designs.

    Returns
    -------
    tuple of Sensitivity
        Empty where nothing varies.

    References
    ----------
    Saltelli et al. 2010, Computer Physics Communications 181, table 2 (b) and (f), as in ``scipy.stats.sobol_indices``.
    """
    free = [i for i, one in enumerate(assumptions) if not one.is_fixed]
    base = np.array([[one.middle] for one in assumptions])

    def at(rows: Array) -> Array:
        full = np.repeat(base, rows.shape[1], axis=1)
        full[free] = rows
        return model(full)

    if not free or np.ptp(at(np.array([assumptions[i].quantile(np.array([0.0, 0.5, 1.0])) for i in free]))) == 0:
        return ()
    first, total = _repeated(at, [_Range(assumptions[i]) for i in free], seed)
    widths = [_width_if_known(assumptions, model, chances, i) for i in free]
    error = np.sqrt(REPEATS)
    rows = [
        Sensitivity(
            assumption=assumptions[i].id,
            first_order=float(first[:, k].mean()),
            first_order_error=float(first[:, k].std(ddof=1) / error),
            total=float(total[:, k].mean()),
            total_error=float(total[:, k].std(ddof=1) / error),
            width_95_if_known=widths[k],
        )
        for k, i in enumerate(free)
    ]
    return tuple(sorted(rows, key=lambda one: -one.total))


def _repeated(at: Callable[[Array], Array], ranges: Sequence[_Range], seed: int) -> tuple[Array, Array]:
    first, total = [], []
    for stream in np.random.default_rng(seed).spawn(REPEATS):
        found = sobol_indices(func=at, n=POINTS, dists=list(ranges), rng=stream)  # type: ignore[arg-type]
        first.append(np.ravel(found.first_order))
        total.append(np.ravel(found.total_order))
    return np.array(first), np.array(total)


def _width_if_known(
    assumptions: Sequence[Assumption], model: Callable[[Array], Array], chances: Array, known: int
) -> float:
    held = [one.fixed() if i == known else one for i, one in enumerate(assumptions)]
    draws = model(np.array([one.quantile(chances[i]) for i, one in enumerate(held)]))
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(high - low)
