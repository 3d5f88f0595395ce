"""Shocks that all regions share: found by a panel's own years, whatever was assumed, and never more certain than few regions allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.shocks import YearShocks, year_shocks


def parted(
    years: int, regions: int, *, share: float, assumed: float = 0.1, seed: int = 0, trust: float = 3.0
) -> tuple[YearShocks, np.ndarray]:
    """Errors of variance 1, their common parts ``share`` times the own ones, parted; and the common ones."""
    rng = np.random.default_rng(seed)
    common = np.sqrt(share / (1 + share)) * rng.normal(size=years)
    u = (common[:, None] + np.sqrt(1 / (1 + share)) * rng.normal(size=(years, regions))).ravel()
    start = np.repeat(np.arange(years), regions)
    seen = np.ones(years)
    found = year_shocks(
        u, start, weight=np.ones(len(u)), seen=seen, years=float(years), assumed=assumed, trust=trust
    )  # fmt: skip
    return found, common


def test_two_regions_and_two_years_by_hand() -> None:
    """The equations of the module hold where it stops: means 2 and -2, own parts of ±1 about them."""
    u, start = np.array([3.0, 1.0, -1.0, -3.0]), np.array([0, 0, 1, 1])
    found = year_shocks(u, start, weight=np.ones(4), seen=np.ones(2), years=2.0, assumed=0.5, trust=3.0)
    share = found.common / found.own
    shrunk = 2 * 2 / (2 + 1 / share)
    assert found.by_start == pytest.approx([shrunk, -shrunk], rel=2e-3)
    unknown = found.own / (2 + 1 / share)
    assert found.left == pytest.approx(1 + (2 - shrunk) ** 2, rel=2e-3)
    assert found.own == pytest.approx(found.left + unknown, rel=2e-3)
    shown = shrunk**2 + unknown
    assert found.common == pytest.approx((3 * 0.5 * found.own + 2 * shown) / 5, rel=2e-3)


@pytest.mark.parametrize("share", [0.1, 1.0, 9.0])
def test_few_regions_that_move_together_are_known_to(share: float) -> None:
    """Fifteen regions, and a tenth assumed: the mean over 40 panels of what is found comes near what is there, and both parts add up to all."""
    found = [parted(30, 15, share=share, assumed=0.1, seed=seed)[0] for seed in range(40)]
    own = 1 / (1 + share)
    assert np.mean([one.common for one in found]) == pytest.approx(own * (30 * share + 3 * 0.1) / 33, rel=0.12)
    assert np.mean([one.own for one in found]) == pytest.approx(own, rel=0.02)


def test_what_was_assumed_bears_on_few_years_only() -> None:
    few, many = ([parted(years, 30, share=0.02, assumed=a)[0].common for a in (0.02, 2.0)] for years in (3, 60))
    assert few[1] > 10 * few[0]
    assert many[1] < 0.2 * few[1]


def test_shocks_are_the_years() -> None:
    found, common = parted(40, 50, share=1.0)
    assert np.corrcoef(found.by_start, common)[0, 1] > 0.98


def test_one_region_tells_nothing_of_what_is_common() -> None:
    """What was assumed stays, and own and common part make up the whole."""
    u = np.random.default_rng(0).normal(size=40)
    found = year_shocks(
        u, np.arange(40), weight=np.ones(40), seen=np.ones(40), years=40.0, assumed=0.3, trust=3.0
    )  # fmt: skip
    assert found.common / found.own == pytest.approx(0.3)
    assert found.common + found.own == pytest.approx(np.mean(u * u))


@given(
    u=st.lists(st.floats(-100, 100), min_size=1, max_size=30),
    assumed=st.floats(0.01, 10),
    trust=st.floats(0.5, 10),
    years=st.floats(0.1, 30),
)
def test_parts_are_finite_and_never_beyond_the_means(
    u: list[float], assumed: float, trust: float, years: float
) -> None:
    errors = np.array(u)
    start = np.arange(len(errors)) % 4
    seen = (np.bincount(start, minlength=5) > 0).astype(float)
    found = year_shocks(
        errors, start, weight=np.ones(len(errors)), seen=seen, years=years, assumed=assumed, trust=trust
    )  # fmt: skip
    assert np.isfinite([found.common, found.own, *found.by_start]).all()
    assert found.own >= found.left > 0
    assert found.common > 0
    means = np.array(
        [np.clip(errors[start == year], -6, 6).mean() if (start == year).any() else 0 for year in range(5)]
    )
    assert (np.abs(found.by_start) <= np.abs(means) + 1e-12).all()
    assert found.by_start[4] == 0


def test_a_panel_without_errors_has_no_shocks() -> None:
    found = year_shocks(
        np.zeros(6), np.repeat([0, 1], 3), weight=np.ones(6), seen=np.ones(2), years=2.0, assumed=0.2, trust=3.0
    )  # fmt: skip
    assert found.by_start.tolist() == [0, 0]
    assert 0 < found.common < 1e-9
