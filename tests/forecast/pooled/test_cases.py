"""The nearest past cases, however many there are, are those that a look at every case finds, in the same order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.forecast.pooled.cases import FEW, NEAREST
from dxanalysis.forecast.pooled.cells import features


def panel(seed: int, regions: int, years: int, digits: int) -> pd.DataFrame:
    """Shares with gaps and late ends; with few digits many cases are alike."""
    rng = np.random.default_rng(seed)
    walk = rng.normal(-0.5, 1, (regions, 1)) + np.cumsum(rng.normal(0.1, 0.2, (regions, years)), axis=1)
    values = np.round(100 / (1 + np.exp(-walk)), digits)
    rows = [
        (f"r{region}", 2000 + year, values[region, year])
        for region in range(regions)
        for year in range(years)
        if (region + year) % 6 and not (region % 5 == 1 and year > years - 3)
    ]
    return pd.DataFrame(rows, columns=["region", "period", "value"])


def by_hand(fitted: forecast.Fitted, region: str, steps: int) -> np.ndarray:
    """Every case of the others looked at for this one region."""
    fit, row = fitted.pooled, fitted.grid.regions.index(region)
    assert fit is not None
    matrix, options = fit.matrix, fit.options
    if steps >= matrix.values.shape[1]:
        return np.empty(0)
    later = matrix.values[:, steps:] - matrix.values[:, :-steps]
    rows, columns = np.nonzero(np.isfinite(later))
    keep = (rows != row) & (columns > matrix.first[rows])
    rows, columns = rows[keep], columns[keep]
    if not len(rows):
        return np.empty(0)
    x = features(*matrix.lags(rows, columns), matrix.per_year)
    own = features(*matrix.lags(np.array([row]), matrix.last[[row]]), matrix.per_year)[0]
    unit = 0.5 * float(x[:, 3].std()) + 1e-9
    far = np.square((x[:, 1] - own[1]) / options.level_width)
    far += np.square((np.arcsinh(x[:, 3] / unit) - np.arcsinh(own[3] / unit)) / options.pace_width)
    nearest = np.argsort(far, kind="stable")[:NEAREST]
    now = matrix.values[row, matrix.last[[row]]]
    if matrix.stretch is not None:
        return later[rows[nearest], columns[nearest]] / matrix.stretch.factor[row]
    return fitted.scale.inverse(now + later[rows[nearest], columns[nearest]]) - fitted.scale.inverse(now)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.integers(1, 40), st.integers(4, 14), st.sampled_from([-1, 0, 9]))
def test_the_nearest_cases_are_the_same_to_the_last_bit(seed: int, regions: int, years: int, digits: int) -> None:
    fitted = forecast.fit(panel(seed, regions, years, digits), bounds=(0, 100), model="pooled")
    if not fitted.regions:
        return
    cases = fitted.predict(horizon=1, draws=1).cases_of
    assert cases is not None
    for region in fitted.regions[:6]:
        for steps in (1, 3, years - 1, years):
            np.testing.assert_array_equal(cases(region, steps), by_hand(fitted, region, steps))


@pytest.mark.parametrize("digits", [-1, 0, 9])
def test_of_many_cases_a_tree_finds_the_same(digits: int) -> None:
    many = panel(1, 250, 14, digits)
    assert len(many) > 1.2 * FEW
    fitted = forecast.fit(many, bounds=(0, 100))
    cases = fitted.predict(horizon=1, draws=1).cases_of
    assert cases is not None
    for region in fitted.regions:
        found = cases(region, 2)
        assert len(found) == NEAREST
        np.testing.assert_array_equal(found, by_hand(fitted, region, 2))
