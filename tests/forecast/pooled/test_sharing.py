"""What joins several regions: common more, the farther one looks, until years have shown how it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.forecast.pooled.sharing import GROWTH, common_part, group_part, grown
from forecast.pooled.test_errors import known
from forecast.pooled.test_model import FIT, fitted, walk
from forecast.replays import tidy

LIBRARIES = {
    1: replace(known([0.0]), common=0.2, alike=0.1),
    3: replace(known([0.0]), common=0.5, alike=0.4),
}


def test_at_the_horizons_that_are_known_it_is_theirs_and_between_them_on_a_line() -> None:
    found = common_part(LIBRARIES, 3, share=9.0, per_year=1)
    middle = np.log(2) / np.log(3)
    np.testing.assert_allclose(found, [0.2, 0.2 * (1 - middle) + 0.5 * middle, 0.5])


def test_beyond_them_and_without_any_it_grows() -> None:
    """A half is a share of 1: six years ahead, twice as far, it is 2^GROWTH. Without errors the share is of one year."""
    share = common_part(LIBRARIES, 6, share=9.0, per_year=1)[5]
    assert share / (1 - share) == pytest.approx(2**GROWTH)
    alone = common_part({}, 8, share=0.25, per_year=4)
    np.testing.assert_allclose(alone[:4], 0.2)
    assert alone[7] / (1 - alone[7]) == pytest.approx(0.25 * 2**GROWTH)


def test_groups_share_of_what_is_left() -> None:
    common = np.array([0.2, 0.3, 0.5])
    assert group_part(LIBRARIES, common)[[0, 2]] == pytest.approx([0.8 * 0.1, 0.5 * 0.4])
    assert group_part({}, common).tolist() == [0.0, 0.0, 0.0]


@given(st.floats(0.01, 50), st.floats(1, 400), st.integers(1, 30))
def test_it_is_a_part_and_never_less_farther_ahead(share: float, times: float, horizon: int) -> None:
    assert share <= grown(share, times) <= 50
    part = common_part({}, horizon, share=share, per_year=1)
    assert (np.diff(part) >= 0).all()
    assert part.min() > 0
    assert part.max() < 1


def test_a_panel_of_many_years_says_itself_how_it_is() -> None:
    """Random walks: what is common stays the same part. Eight years leave the growth that is assumed in force, sixty a half of it."""
    few, many = (
        np.mean([fitted(walk(years=years, common=0.3, seed=seed)).common_part(5) for seed in range(8)], axis=0)
        for years in (8, 60)
    )
    assert few[0] == pytest.approx(0.3, abs=0.05)
    assert many[0] == pytest.approx(0.3, abs=0.05)
    assert few[4] > 0.55
    assert many[4] < 0.5


def test_the_nearer_part_does_not_depend_on_how_far_a_forecast_reaches() -> None:
    assert FIT.common_part(9)[:4].tolist() == FIT.common_part(4).tolist()


def test_a_mean_over_regions_holds_what_it_says_where_shocks_add_up_and_own_errors_go_back() -> None:
    """Truth known: own levels swing around a common random walk. With the same part at every horizon the 80 % range of the mean five years ahead held 62 of 100 such worlds."""
    held = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        own = np.zeros((25, 19))
        for year in range(1, 19):
            own[:, year] = 0.5 * own[:, year - 1] + 0.2 * rng.normal(size=25)
        z = rng.normal(0, 0.5, 25)[:, None] + own + np.cumsum(0.1 * rng.normal(size=19))
        values = 100 / (1 + np.exp(-z))
        panel = tidy(values[:, :14], range(2000, 2014)).rename(columns={"year": "period"})
        pred = forecast.fit(panel, bounds=(0, 100)).predict(horizon=5, draws=1000)
        whole = forecast.weighted_mean(pred, dict.fromkeys(pred.regions, 1.0), name="all")
        low, high = np.quantile(whole.draws[:, 0, 4], [0.1, 0.9])
        held.append(low <= values[:, 18].mean() <= high)
    assert 0.65 <= np.mean(held) <= 0.95
