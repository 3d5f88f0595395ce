"""Means of regions drawn to 0, of all of a history, of its beginning, and without a part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.region_means import RegionMeans


def drawn(values: np.ndarray, weight: np.ndarray, worth: float, overlap: float = 1.0) -> float:
    """One region's mean by the formula."""
    if not len(values):
        return 0.0
    count = weight.sum() ** 2 / np.square(weight).sum() / overlap
    return float(np.average(values, weights=weight) * count / (count + worth))


def made(
    seed: int, between: float, regions: int = 12, columns: int = 10, overlap: float = 1.0
) -> tuple[RegionMeans, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    region, column = (grid.ravel() for grid in np.meshgrid(np.arange(regions), np.arange(columns), indexing="ij"))
    kept = rng.random(len(region)) < 0.8
    region, column = region[kept], column[kept]
    values = rng.normal(0, 1, len(region)) + rng.normal(0, between, regions)[region]
    weight = np.exp(-(columns - 1 - column) / 6)
    parts = {"values": values, "weight": weight, "region": region, "column": column}
    return RegionMeans.of(**parts, regions=regions, columns=columns, overlap=overlap), parts  # type: ignore[arg-type]


@given(st.integers(0, 200), st.sampled_from([1.0, 3.0]))
def test_means_by_the_formula(seed: int, overlap: float) -> None:
    found, parts = made(seed, 1.0, overlap=overlap)
    values, weight, region, column = parts.values()
    rows = np.arange(12)
    for name, kept, got in (
        ("every", np.full(len(region), True), found.every()),
        ("before", column < 6, found.before(rows, np.full(12, 6))),
        ("without", (column < 3) | (column >= 7), found.without(rows, np.full(12, 3), np.full(12, 7))),
    ):
        for row in rows:
            here = kept & (region == row)
            assert got[row] == pytest.approx(drawn(values[here], weight[here], found.worth, overlap), abs=1e-9), name


def test_nothing_is_known_before_the_first_value() -> None:
    found, _ = made(0, 1.0)
    assert (found.before(np.arange(12), np.full(12, 0)) == 0).all()
    assert (found.before(np.arange(12), np.full(12, -4)) == 0).all()


def test_regions_that_differ_keep_their_means_and_others_do_not() -> None:
    alike = [made(seed, 0.0, 60, 20)[0].worth for seed in range(20)]
    assert np.median(alike) > 20
    assert np.median([made(seed, 2.0, 60, 20)[0].worth for seed in range(20)]) == pytest.approx(0.25, rel=0.2)


def test_one_region_cannot_differ() -> None:
    found = RegionMeans.of(
        np.ones(5), weight=np.ones(5), region=np.zeros(5, dtype=np.int64), column=np.arange(5), regions=1, columns=5
    )
    assert found.worth == np.inf
    assert (found.every() == 0).all()


def test_no_values_give_no_means() -> None:
    none = np.empty(0, dtype=np.int64)
    found = RegionMeans.of(np.empty(0), weight=np.empty(0), region=none, column=none, regions=3, columns=4)
    assert found.every().tolist() == [0, 0, 0]
