"""How noisy each region is: effects found, shrunk, and blind to the error that is judged."""

from __future__ import annotations

import numpy as np
import pytest

from dxanalysis.forecast.pooled.noisiness import region_effects
from dxanalysis.forecast.scale import FloatArray

REGIONS = 40


def effects(u: FloatArray, horizon: int = 1, *, regions: int | None = None) -> tuple[FloatArray, FloatArray]:
    """Of errors (regions, years), all of the same weight."""
    rows = np.repeat(np.arange(len(u)), u.shape[1])
    return region_effects(u.ravel(), weight=np.ones(u.size), region=rows, regions=regions or len(u), horizon=horizon)


def drawn(years: int, spread: float, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    sizes = spread * rng.normal(size=REGIONS)
    return np.exp(sizes)[:, None] * rng.normal(size=(REGIONS, years)), sizes


@pytest.mark.parametrize("seed", range(5))
def test_regions_that_differ_are_told_apart(seed: int) -> None:
    u, sizes = drawn(30, 0.8, seed)
    found, _ = effects(u)
    assert np.corrcoef(found, sizes)[0, 1] > 0.9
    assert np.std(found) == pytest.approx(np.std(sizes), rel=0.3)


@pytest.mark.parametrize("seed", range(5))
def test_regions_that_do_not_differ_are_left_alike(seed: int) -> None:
    u, _ = drawn(10, 0.0, seed)
    assert np.abs(effects(u)[0]).max() < 0.25


def test_few_errors_are_believed_less() -> None:
    u, sizes = drawn(40, 0.8)
    errors = [float(np.std(effects(u[:, :years])[0])) for years in (3, 10, 40)]
    assert errors == sorted(errors)
    assert errors[0] < 0.8 * np.std(sizes)


def test_one_error_a_region_tells_nothing() -> None:
    u, _ = drawn(1, 0.8)
    found, others = effects(u)
    assert not found.any()
    assert not others.any()


def test_an_error_is_judged_by_the_others_of_its_region() -> None:
    u, _ = drawn(12, 0.6)
    moved = u.copy()
    moved[5, 7] *= 20
    before, after = (effects(given)[1].reshape(u.shape) for given in (u, moved))
    assert abs(after[5, 7] - before[5, 7]) < 0.1
    assert after[5, 6] > before[5, 6] + 0.1


def test_errors_that_overlap_count_less() -> None:
    """Sums over five years of a random walk's steps: regions are alike, though the means of their few errors differ."""
    steps = np.random.default_rng(4).normal(size=(REGIONS, 20))
    overlapping = np.stack([steps[:, at : at + 5].sum(axis=1) for at in range(15)], axis=1) / np.sqrt(5)
    assert np.abs(effects(overlapping, 5)[0]).max() < 0.15
    assert np.abs(effects(overlapping, 1)[0]).max() > np.abs(effects(overlapping, 5)[0]).max()


def test_a_region_without_errors_is_like_the_mean() -> None:
    u, _ = drawn(20, 0.8)
    found, _ = effects(u, regions=REGIONS + 2)
    assert found[-2:].tolist() == [0, 0]
    assert found[:-2].any()


def test_errors_of_nothing_are_no_division_by_nothing() -> None:
    found, others = effects(np.zeros((4, 6)))
    assert not found.any()
    assert not others.any()
