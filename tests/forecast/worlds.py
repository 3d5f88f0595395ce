"""Small joint forecasts with known draws, for the tests of joint questions and aggregates."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dxanalysis.forecast.evidence import Evidence
from dxanalysis.forecast.predictive import Predictive


def evidence(region: str, values: dict[str, float], **kinds: object) -> Evidence:
    return Evidence(region=region, observed=tuple(values.items()), **kinds)  # type: ignore[arg-type]


def predictive(
    draws: np.ndarray,
    *,
    regions: Sequence[str] = ("A", "B", "C"),
    first: int = 2026,
    known: Sequence[Evidence] | None = None,
    seed: int = 0,
    bounds: tuple[float, float] = (-math.inf, math.inf),
    whole: bool = False,
) -> Predictive:
    chosen = tuple(regions)[: draws.shape[1]]
    return Predictive.of_draws(
        draws,
        regions=chosen,
        periods=tuple(str(first + step) for step in range(draws.shape[2])),
        evidence=known or tuple(evidence(region, {"2024": 1.0, "2025": 2.0}) for region in chosen),
        model="drift",
        unit="thousand",
        seed=seed,
        bounds=bounds,
        whole=whole,
    )


def random_worlds(
    seed: int, *, regions: Sequence[str] = ("A", "B", "C"), horizon: int = 2, draws: int = 200, common: float = 1.0
) -> Predictive:
    """Standard normal regions with a shock in common, times ``common``."""
    rng = np.random.default_rng(seed)
    shock = rng.standard_normal((draws, 1, horizon))
    return predictive(common * shock + rng.standard_normal((draws, len(regions), horizon)), regions=regions)
