"""Ridges by empirical Bayes: from the formula by hand, and what must follow of any panel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.pooled.cells import FEATURES, feature_names
from dxanalysis.forecast.pooled.grouped import GROUP_FEATURES
from dxanalysis.forecast.pooled.regression import MILD_RIDGE, Steps
from dxanalysis.forecast.pooled.shrinkage import GROUPS, ridges

LEVEL, PACE = FEATURES.index("level"), FEATURES.index("pace_1")


def steps(n: int, *, level: float = 0.0, pace: float = 0.0, noise: float = 1.0, seed: int = 0) -> Steps:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(FEATURES)))
    x[:, 0] = 1
    y = level * x[:, LEVEL] + pace * x[:, PACE] + noise * rng.normal(size=n)
    start = np.sort(rng.integers(0, 20, n)).astype(np.int64)
    return Steps(x=x, y=y, start=start, end=start + 1)


def test_every_feature_is_in_one_group_and_the_constant_in_none() -> None:
    assert sorted([name for group in GROUPS for name in group]) == sorted({*feature_names(4, grouped=True)} - {"one"})
    assert ridges(steps(100), FEATURES)[FEATURES.index("one")] == 0


def test_the_ridge_is_the_noise_over_what_the_group_explains() -> None:
    """y = 0.4 level + 0.3 pace + 0.2 normal: p·s²/(n·S) with S = 0.16 and 0.09 in large samples."""
    found = ridges(steps(4000, level=0.4, pace=0.3, noise=0.2, seed=3), FEATURES)
    assert found[LEVEL] == pytest.approx(2 * 0.04 / (4000 * 0.16), rel=0.1)
    assert found[PACE] == pytest.approx(4 * 0.04 / (4000 * 0.09), rel=0.15)
    smaller = ridges(steps(200, level=0.4, pace=0.3, noise=0.6, seed=3), FEATURES)
    assert smaller[LEVEL] == pytest.approx(2 * 0.36 / (200 * 0.16), rel=0.5)


def test_features_of_groups_of_regions_have_a_ridge_of_their_own() -> None:
    """y = 0.4 level + 0.3 of the first of them: the others' ridges are as without them but for the noise that is explained."""
    one = steps(4000, level=0.4, noise=0.2, seed=5)
    more = np.random.default_rng(6).normal(size=(4000, len(GROUP_FEATURES)))
    wide = replace(one, x=np.concatenate([one.x, more], axis=1), y=one.y + 0.3 * more[:, 0])
    found = ridges(wide, feature_names(1, grouped=True))
    assert found[-2] == found[-1] == pytest.approx(2 * 0.04 / (4000 * 0.09), rel=0.15)
    assert found[LEVEL] == pytest.approx(ridges(one, FEATURES)[LEVEL], rel=0.05)


def test_a_group_that_explains_nothing_is_drawn_to_none_and_the_other_is_not() -> None:
    found = ridges(steps(300, level=0.5, noise=0.3), FEATURES)
    assert found[PACE] > 30 * found[LEVEL]


def test_less_noise_and_more_steps_draw_less() -> None:
    at = [
        ridges(steps(n, level=0.3, pace=0.3, noise=noise), FEATURES)[LEVEL]
        for n, noise in ((60, 1.0), (60, 0.1), (2000, 1.0))
    ]
    assert at[0] > 5 * at[1]
    assert at[0] > 5 * at[2]


def test_few_steps_get_a_mild_ridge() -> None:
    found = ridges(steps(19), FEATURES)
    assert found[0] == 0
    assert set(found[1:]) == {MILD_RIDGE}


def test_a_panel_that_stands_still_has_no_noise_to_draw_by() -> None:
    assert set(ridges(replace(steps(50), y=np.zeros(50)), FEATURES)[1:]) == {1e-4}


@given(st.integers(0, 120), st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 3))
def test_ridges_are_parts_of_a_variance(n: int, scale: float, noise: float, seed: int) -> None:
    found = ridges(steps(n, level=scale, pace=-scale, noise=noise, seed=seed), FEATURES)
    assert found.shape == (len(FEATURES),)
    assert np.isfinite(found).all()
    assert ((found[1:] >= 1e-4) & (found[1:] <= 1)).all()
