"""A region's own drift, mixed in where there are few regions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.forecast.lone.local import fit_series, simulate
from dxanalysis.forecast.panel import Series
from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.options import SCORES, PooledOptions
from dxanalysis.forecast.pooled.own_way import OwnWay, mixed, odds, weight_of
from dxanalysis.forecast.scale import Scale

LINEAR = Scale.of("growth")
VALUES = (3.0, 3.4, 3.9, 4.1, 4.9, 5.0)


def matrix(values: object, per_year: int = 1) -> Matrix:
    return Matrix.of(np.atleast_2d(np.array(values, dtype=float)), per_year=per_year, centred=False)


def alone(values: object, horizon: int, growth: float = 0.5) -> np.ndarray:
    """Nothing but the own way, values at ``SCORES`` by period."""
    panel = matrix(values)
    own = OwnWay.of(panel, np.array([0]))
    median, errors = mixed(
        np.zeros((1, horizon)), np.tile(SCORES, (1, horizon, 1)), own, panel.values[[0], panel.last[0]],
        weight=1.0, growth=growth, per_year=1,
    )  # fmt: skip
    return np.asarray((median[..., None] + errors)[0])


def test_alone_it_is_the_drift_in_closed_form() -> None:
    years = tuple(range(2020, 2026))
    fit = fit_series(Series(region="A", years=years, values=VALUES), LINEAR)
    drawn = simulate(fit, last_year=2030, draws=400_000, seed=1)
    at = [5, 10, 15, 20, 25]
    levels = [0.02275, 0.15866, 0.5, 0.84134, 0.97725]  # scores -2 to 2
    np.testing.assert_allclose(SCORES[at], [-2, -1, 0, 1, 2], atol=1e-12)
    for ahead in (1, 5):
        np.testing.assert_allclose(
            alone(VALUES, 5)[ahead - 1, at], np.quantile(drawn[:, ahead - 1], levels), rtol=0, atol=0.02 * ahead
        )


def test_gaps_are_steps_of_several_years_and_a_short_history_tells_nothing() -> None:
    gap = OwnWay.of(matrix([1.0, 2.0, np.nan, np.nan, 5.0, 6.0]), np.array([0]))
    assert (gap.mean[0], gap.worth[0], gap.degrees[0]) == (pytest.approx(5 / 6), 6, 2)
    assert list(OwnWay.of(matrix([[1.0, 2.0, 3.0], [1.0, 2.0, np.nan]]), np.array([0, 1])).told) == []
    quarters = OwnWay.of(matrix(np.arange(9) / 4, per_year=4), np.array([0]))
    assert quarters.mean[0] == pytest.approx(2 / 3)  # one a year over two years, and a year without change


def test_a_straight_line_is_not_certain() -> None:
    found = alone([1.0, 2.0, 3.0, 4.0, 5.0], 5)
    assert (found[:, 25] - found[:, 5] > 0.5).all()


def test_where_errors_do_not_grow_neither_does_the_own_way() -> None:
    found = alone(VALUES, 10, growth=0.0)
    np.testing.assert_allclose(found, np.tile(found[0], (10, 1)))
    assert found[0, 15] == pytest.approx(VALUES[-1])


@given(st.floats(0, 1), st.floats(-5, 5), st.floats(0.1, 3), st.integers(1, 12))
def test_a_mixture_lies_between_its_parts_and_rises(weight: float, place: float, size: float, horizon: int) -> None:
    panel = matrix(VALUES)
    own = OwnWay.of(panel, np.array([0]))
    taught = place + size * np.tile(SCORES, (1, horizon, 1))
    median, errors = mixed(
        np.full((1, horizon), place), size * np.tile(SCORES, (1, horizon, 1)), own, np.array([VALUES[-1]]),
        weight=weight, growth=0.5, per_year=1,
    )  # fmt: skip
    found, other = (median[..., None] + errors)[0], alone(VALUES, horizon)
    assert (np.diff(found, axis=-1) >= 0).all()
    inner = slice(1, -1)
    low, high = np.minimum(taught[0], other), np.maximum(taught[0], other)
    slack = 0.1 * (high - low).max() + 0.2 * size
    assert ((found >= low - slack) & (found <= high + slack))[:, inner].all()


def test_its_weight_falls_with_the_regions() -> None:
    options, rng = PooledOptions(), np.random.default_rng(0)
    found = [weight_of(matrix(rng.normal(size=(n, 6))), options, levels=False) for n in (1, 2, 8, 34, 200)]
    assert found == pytest.approx([5 / 12, 5 / 14, 5 / 26, 5 / 78, 0])
    assert weight_of(matrix(rng.normal(size=(8, 6))), options, levels=True) == pytest.approx(10 / 36)
    assert weight_of(matrix(rng.normal(size=(8, 3))), options, levels=False) == 0.5  # none has the values for it


def test_the_past_says_which_of_the_two_was_nearer() -> None:
    """A steady way that others do not go; and the other way round."""
    panel = matrix(np.arange(12) * 0.3 + 0.02 * np.random.default_rng(3).normal(size=12))
    columns = np.arange(2, 12)
    rows = np.zeros(len(columns), dtype=np.int64)
    now = panel.values[0, columns]
    nothing, right = (np.stack([now + pace, now + 3 * pace], axis=1) for pace in (0.0, 0.3))
    assert odds(panel, rows, columns, nothing, np.full((10, 2), np.log(0.05))) > 2
    assert odds(panel, rows, columns, right, np.full((10, 2), np.log(0.01))) < 0
    assert odds(panel, rows[:1], columns[:1], nothing[:1], np.zeros((1, 2))) == 0  # three values tell no way


def hold(kind: str) -> list[float]:
    """Percent of outcomes 1 and 5 years on within 80 % ranges, of regions one by one."""
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(120):
        size, drift = 0.25 * np.exp(0.5 * rng.normal()), 0.1 * rng.normal()
        path = rng.normal() + (drift + size * rng.normal(size=12)).cumsum()
        values = 100 / (1 + np.exp(-path)) if kind == "share" else 50 * np.exp(path)
        panel = pd.DataFrame({"region": "A", "period": range(2010, 2017), "value": values[:7]})
        bounds = (0, 100) if kind == "share" else (0, None)
        found = forecast.fit(panel, bounds=bounds, kind=kind).predict(horizon=5, draws=10).quantiles([0.1, 0.9])
        inside.append([found[0.1].iloc[h - 1] <= values[6 + h] <= found[0.9].iloc[h - 1] for h in (1, 5)])
    return list(100 * np.mean(inside, axis=0))


@pytest.mark.parametrize("kind", ["share", "level"])
def test_ranges_of_one_region_alone_hold_what_they_say(kind: str) -> None:
    """Random walks that differ in size and drift, seven values each (without the own way 49 to 69 %)."""
    assert hold(kind) == pytest.approx([80, 80], abs=10)
