"""Made-up panels whose coefficients are known."""

from __future__ import annotations

import numpy as np
import pandas as pd


def world(
    n_regions: int = 8, n_periods: int = 6, *, seed: int = 0, noise: float = 0.1, slope: float = 0.5, first: int = 2015
) -> pd.DataFrame:
    """Regions A, B, ... by years: y = level + slope * d + 0.3 * k + period + noise; regressors lean on the levels."""
    draw = np.random.default_rng(seed)
    names = [f"R{at:02d}" for at in range(n_regions)]
    level = draw.normal(size=n_regions)
    shock = draw.normal(scale=0.2, size=n_periods)
    rows = []
    for at, name in enumerate(names):
        for t in range(n_periods):
            d, k = 0.5 * level[at] + draw.normal(), 0.1 * t + draw.normal()
            y = level[at] + slope * d + 0.3 * k + shock[t] + noise * draw.normal()
            rows.append({"region": name, "year": first + t, "y": y, "d": d, "k": k})
    return pd.DataFrame(rows)
