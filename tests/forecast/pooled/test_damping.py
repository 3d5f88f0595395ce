"""How much of an expected change is believed: what past cases came to, year by year, and never more than all of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.damping import ALL, Damping, learnt_damping


def learnt(
    part: float,
    *,
    years: int = 30,
    regions: int = 20,
    per_year: int = 1,
    spread: float = 0.5,
    common: float = 0.0,
    seed: int = 0,
) -> Damping:
    """Of each change expected, this part comes, and noise: of a period, and on from it."""
    rng = np.random.default_rng(seed)
    periods = years * per_year
    values = np.zeros((regions, periods))
    expected = rng.normal(size=(regions, periods))
    noise = 0.3 * rng.normal(size=(regions, periods)) + common * rng.normal(size=periods)
    values[:, 1:] = np.cumsum(part * expected + noise, axis=1)[:, :-1]
    rows, columns = (found.ravel().astype(np.int64) for found in np.indices((regions, periods)))
    matrix = Matrix.of(values, per_year=per_year, centred=False)
    ahead = np.cumsum(np.stack([np.roll(expected, -step, axis=1) for step in range(3 * per_year)], axis=-1), axis=-1)
    foreseen = values[:, :, None] + ahead
    return learnt_damping(foreseen.reshape(-1, 3 * per_year), matrix, rows, columns, spread=spread)


@pytest.mark.parametrize("part", [0.4, 0.7])
def test_the_part_that_comes_is_found(part: float) -> None:
    """A little more of it: where much was expected and did not come, a case counts less."""
    assert part < learnt(part).year < part + 0.08


def test_more_than_all_is_never_believed() -> None:
    assert learnt(1.5) == ALL


def test_nothing_is_damped_without_spread_or_years() -> None:
    assert learnt(0.4, spread=0) == ALL
    assert learnt(0.4, years=2) == ALL


def test_years_that_err_together_tell_less() -> None:
    """Twenty regions of one year are not twenty answers: where shocks are common, more is believed of what few years deny."""
    apart, together = (
        np.mean([learnt(0.4, years=6, common=common, spread=0.1, seed=seed).year for seed in range(20)])
        for common in (0.0, 3.0)
    )
    assert apart < 0.5
    assert together > 0.75


def test_starts_that_overlap_tell_less() -> None:
    """Of quarters each start is an answer about the next one; about the year, four in a row share most of it."""
    found = [learnt(0.4, years=8, per_year=4, spread=0.05, common=1.0, seed=seed) for seed in range(20)]
    assert np.mean([one.period for one in found]) < np.mean([one.year for one in found]) - 0.05


def test_slope_by_hand() -> None:
    """Five regions and two years, all of which came to half: nothing is left of doubt."""
    values = np.array([[0.0, 1, 2], [0, 2, 4], [0, -1, -2], [0, -2, -4], [0, 3, 6]])
    rows, columns = (found.ravel().astype(np.int64) for found in np.indices(values.shape))
    step = values[:, 1]
    foreseen = values + 2 * step[:, None]
    found = learnt_damping(
        foreseen.reshape(-1, 1), Matrix.of(values, per_year=1, centred=False), rows, columns, spread=0.5
    )
    assert found.year == pytest.approx(0.5, abs=1e-4)


def test_what_moves_within_a_year_has_a_part_of_its_own() -> None:
    of = Damping(period=0.9, year=0.5).of(8, 4)
    assert of[0] == 0.9
    assert of[1] == pytest.approx(0.7)  # half of a year: halfway in the log of the horizon
    assert (of[3:] == 0.5).all()
    assert (Damping(period=0.9, year=0.5).of(3, 1) == 0.5).all()


def test_changes_since_the_case_are_damped() -> None:
    matrix = Matrix.of(np.array([[1.0, 2.0, 4.0]]), per_year=1, centred=False)
    found = Damping(period=1.0, year=0.5).damped(
        np.array([[6.0, 8.0]]), matrix, np.array([0], dtype=np.int64), np.array([2], dtype=np.int64)
    )  # fmt: skip
    assert found.tolist() == [[5.0, 6.0]]


@given(scale=st.sampled_from([0.0, 1e-9, 1.0, 1e6]), seed=st.integers(0, 50), spread=st.floats(0.01, 5))
def test_parts_are_parts(scale: float, seed: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    values = scale * rng.normal(size=(7, 9)).cumsum(axis=1)
    values[rng.random(values.shape) < 0.2] = np.nan
    rows, columns = (found.astype(np.int64) for found in np.nonzero(np.isfinite(values)))
    foreseen = scale * rng.normal(size=(len(rows), 3))
    found = learnt_damping(foreseen, Matrix.of(values, per_year=1, centred=False), rows, columns, spread=spread)
    assert 0.3 <= found.period <= 1
    assert 0.3 <= found.year <= 1
