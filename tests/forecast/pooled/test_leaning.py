"""Which way regions' errors lean: believed where it lasts, not where it is chance or turns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.forecast.pooled.leaning import Lean, learnt_lean


def of(errors: np.ndarray, horizon: int = 1) -> Lean:
    """Lean of errors (regions, columns)."""
    regions, columns = errors.shape
    region, start = (grid.ravel() for grid in np.meshgrid(np.arange(regions), np.arange(columns), indexing="ij"))
    return learnt_lean(
        errors.ravel(), weight=np.ones(errors.size), region=region, start=start, regions=regions, columns=columns, horizon=horizon
    )  # fmt: skip


def test_a_lean_that_lasts_is_believed() -> None:
    rng = np.random.default_rng(0)
    lean = rng.normal(0, 1, 40)
    found = of(lean[:, None] + rng.normal(0, 1, (40, 12)))
    assert found.part > 0.8
    assert np.corrcoef(found.now, lean)[0, 1] > 0.9


@pytest.mark.parametrize("horizon", [1, 3])
def test_chance_is_not(horizon: int) -> None:
    parts = [of(np.random.default_rng(seed).normal(0, 1, (40, 12)), horizon).part for seed in range(30)]
    assert np.mean(parts) < 0.15


def test_what_turns_is_not_believed() -> None:
    """Errors of one sign in the first half of the years and of the other in the second: the mean is right for neither."""
    rng = np.random.default_rng(1)
    lean = rng.normal(0, 1, 40)[:, None] * np.where(np.arange(12) < 6, 1, -1)
    assert of(lean + rng.normal(0, 0.3, (40, 12))).part < 0.2


def test_only_errors_known_at_the_start_are_used() -> None:
    rng = np.random.default_rng(2)
    errors = rng.normal(0, 2, (40, 1)) + rng.normal(0, 0.5, (40, 12))
    changed = errors.copy()
    changed[4, 6] += 1.0
    one, other = (of(each, 3) for each in (errors, changed))
    assert one.part > 0.5
    plain, moved = (each.then.reshape(40, 12)[4] / each.part for each in (one, other))
    assert (plain[:3] == 0).all()  # an error over three periods is known three periods after its start
    np.testing.assert_allclose(moved[:9], plain[:9], rtol=0.02)  # but for how much regions differ
    assert (np.abs(moved[9:] - plain[9:]) > 0.05).all()


def test_two_years_at_least() -> None:
    assert of(np.ones((10, 2)) * np.arange(10)[:, None]).part == 0


def test_a_region_that_always_runs_ahead_is_allowed_to() -> None:
    """Ten of sixty regions grow by 12 % a year for good, the rest by 3 %: the regression alone draws the ten down."""
    rng = np.random.default_rng(3)
    pace = np.where(np.arange(60) < 10, 0.12, 0.03)[:, None]
    values = np.exp(3 + (pace + rng.normal(0, 0.05, (60, 20))).cumsum(axis=1))
    rows = [(f"r{at:02d}", 2000 + year, values[at, year]) for at in range(60) for year in range(20)]
    frame = pd.DataFrame(rows, columns=["region", "period", "value"])
    with_lean = forecast.fit(frame, bounds=(0, None)).predict(horizon=5).quantiles([0.5])[0.5]
    without = (
        forecast.fit(frame, bounds=(0, None), options=forecast.PooledOptions(region_sizes=False))
        .predict(horizon=5)
        .quantiles([0.5])[0.5]
    )
    grown = [
        np.log(one.xs(2024, level="period").to_numpy()[:10] / values[:10, -1]).mean() for one in (with_lean, without)
    ]
    assert abs(grown[0] - 0.6) < abs(grown[1] - 0.6)
