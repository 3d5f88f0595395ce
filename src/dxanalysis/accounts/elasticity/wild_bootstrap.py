"""Wild cluster bootstrap of one coefficient: an honest p-value where few regions make the t distribution a poor guide.

Cameron, Gelbach and Miller (2008), with the null hypothesis imposed on the residuals. Everything that depends on the random signs is
linear in them, so a draw costs G x G multiplications for G regions, and the interval is found by asking the same draws about
other null hypotheses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from dxanalysis.accounts.elasticity.design import Design, solve
from dxanalysis.accounts.elasticity.panel import FloatArray
from dxanalysis.errors import ParameterError

MIN_DRAWS: Final = 199
_WEBB: Final = tuple(sign * np.sqrt(half / 2) for sign in (-1, 1) for half in (1, 2, 3))
_STEPS: Final = 25  # halvings: each end of the interval is then found to a millionth of its distance


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """How to draw.

    Attributes
    ----------
    names
        Coefficients to test; empty: the digital one.
    weights
        ``webb``: six points (Webb 2023), for few clusters; ``rademacher``: -1 or 1.
    draws, seed
        Number of draws and the seed they come from.
    """

    names: tuple[str, ...] = ()
    weights: Literal["webb", "rademacher"] = "webb"
    draws: int = 9999
    seed: int = 2025

    def __post_init__(self) -> None:
        if self.weights not in ("webb", "rademacher"):
            raise ParameterError(f"the weights are {self.weights!r}", fix="Choose webb or rademacher")
        if self.draws < MIN_DRAWS:
            raise ParameterError(f"{self.draws} draws are too few for a 95 % interval", fix=f"Use {MIN_DRAWS} or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class WildBootstrap:
    """Result for one coefficient.

    Attributes
    ----------
    name, coefficient
        Which coefficient, and its estimate.
    p_value
        Share of draws whose region-clustered t, under a coefficient of 0, is as far from 0 as the one observed.
    low, high
        95 % interval: the null hypotheses not rejected at 5 %. Infinite where the regions are too few to exclude any.
    n_clusters, draws, weights, seed
        What it rests on.
    """

    name: str
    coefficient: float
    p_value: float
    low: float
    high: float
    n_clusters: int
    draws: int
    weights: str
    seed: int


def wild_bootstrap(rows: Design, name: str, options: Bootstrap) -> WildBootstrap:
    """Test one coefficient, and invert the test for an interval.

    Parameters
    ----------
    rows
        Rows of the form (:func:`~.design.design`).
    name
        A column of ``rows``.
    options
        How to draw.

    Raises
    ------
    ParameterError
        When the name is unknown.
    """
    if name not in rows.names:
        raise ParameterError(f"no coefficient {name!r}", fix=f"Choose one of {', '.join(rows.names)}")
    column = rows.names.index(name)
    full = rows.full
    others = np.delete(full, column, axis=1)
    tested = full[:, column]

    def without_others(v: FloatArray) -> FloatArray:
        return v - others @ solve(others, v) if others.shape[1] else v

    # Frisch-Waugh: the coefficient is direction'y, and its clustered variance is made of direction'residuals by region.
    left = without_others(tested)
    direction = left / (left @ left)
    codes, group = np.unique(rows.region, return_inverse=True)
    members = (group[:, None] == np.arange(len(codes))[None, :]).astype(float)
    coefficient = float(direction @ rows.y)
    weights = _drawn(options, len(codes))

    def parts(residual: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coefficients of the draws (draws,), and scores by region (G, draws), when this residual is signed by region."""
        shares = members * residual[:, None]
        refitted = shares - full @ solve(full, shares)
        scores = members.T @ (direction[:, None] * refitted)
        return (direction @ shares) @ weights, scores @ weights

    of_y, of_tested = parts(without_others(rows.y)), parts(left)
    fitted_residual = without_others(rows.y) - coefficient * left
    spread = float(np.sqrt(np.sum((members.T @ (direction * fitted_residual)) ** 2)))

    def p_value(null: float) -> float:
        drawn = of_y[0] - null * of_tested[0]
        spreads = np.sqrt(np.sum((of_y[1] - null * of_tested[1]) ** 2, axis=0))
        observed = abs(coefficient - null) / spread
        # Equal up to rounding counts as equal: a draw of equal signs gives back the data.
        return float(np.mean(np.abs(drawn) >= observed * spreads * (1 - 1e-9)))

    return WildBootstrap(
        name=name,
        coefficient=coefficient,
        p_value=p_value(0.0),
        low=_end(p_value, coefficient, -spread),
        high=_end(p_value, coefficient, spread),
        n_clusters=len(codes),
        draws=options.draws,
        weights=options.weights,
        seed=options.seed,
    )


def _drawn(options: Bootstrap, n_clusters: int) -> FloatArray:
    values = np.array(_WEBB if options.weights == "webb" else (-1.0, 1.0))
    return values[np.random.default_rng(options.seed).integers(len(values), size=(n_clusters, options.draws))]


def _end(p_value: Callable[[float], float], centre: float, step: float) -> float:
    """Furthest null hypothesis on one side that is not rejected at 5 %, by doubling and halving."""
    inside, outside = 0.0, 1.0
    while p_value(centre + outside * step) > 0.05:
        inside, outside = outside, 2 * outside
        if outside > 1e6:
            return float(np.copysign(np.inf, step))
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        if p_value(centre + middle * step) > 0.05:
            inside = middle
        else:
            outside = middle
    return centre + inside * step
