"""Families: parameters by horizon, mixed by how likely they make what was seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dxanalysis.forecast.pooled.cells import (
    FEATURES,
    SPREAD_FEATURES,
    UNKNOWN,
    Matrix,
    carry_on,
    feature_names,
)
from dxanalysis.forecast.pooled.family import Family, likeness, mixture, wide
from dxanalysis.forecast.pooled.options import HORIZONS, SCORES


def family(name: str = "a", *, size: float = 0.1, **beta: float) -> Family:
    """Changes by named coefficients, errors of ``size`` in a year that grow with the root of time."""
    gamma = np.zeros((len(HORIZONS), len(SPREAD_FEATURES)))
    gamma[:, 0] = np.log(size * np.sqrt(HORIZONS))
    coefficients = np.array([beta.get(feature, 0.0) for feature in FEATURES])
    return replace(
        wide("bounded"),
        name=name,
        beta=coefficients,
        gamma=gamma,
        n_cases=1000,
        n_regions=50,
        first_year=1990,
        last_year=2020,
        source=f"source of {name}",
        licence="CC BY 4.0",
    )


def simulated(one: Family, *, regions: int = 20, years: int = 12, seed: int = 0) -> Matrix:
    """A panel that moves as the family says, with normal errors of its size."""
    rng = np.random.default_rng(seed)
    size = float(np.exp(one.gamma[0, 0]))
    values = np.empty((regions, years))
    values[:, 0] = rng.normal(-1, 0.5, regions)
    values[:, 1] = values[:, 0] + rng.normal(0, size, regions)
    for year in range(2, years):
        so_far = Matrix.of(values[:, :year], per_year=1, centred=False)
        lags, age = so_far.lags(np.arange(regions), so_far.last)
        step = carry_on(lags, age, one.beta, per_year=1, steps=1)[:, 0]
        values[:, year] = values[:, year - 1] + step + size * rng.normal(size=regions)
    return Matrix.of(values, per_year=1, centred=False)


def weigh(families: tuple[Family, ...], matrix: Matrix) -> np.ndarray:
    rows, columns = np.nonzero(np.isfinite(matrix.values))
    told = columns >= 1
    return likeness(families, matrix, rows[told].astype(np.int64), columns[told].astype(np.int64))


SLOW = family("slow", size=0.02, one=0.02)
FAST = family("fast", size=0.2, one=0.4)
MOMENTUM = family("momentum", size=0.1, pace_1=0.9)
RETURN = family("return", size=0.1, level=-0.5, one=-0.5)
ALL = (SLOW, FAST, MOMENTUM, RETURN)


@pytest.mark.parametrize("at", range(len(ALL)), ids=[one.name for one in ALL])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_family_that_made_the_data_is_preferred(at: int, seed: int) -> None:
    weights = weigh(ALL, simulated(ALL[at], seed=seed))
    assert weights.sum() == pytest.approx(1)
    assert weights.argmax() == at
    assert weights[at] > 0.9


def test_one_short_series_already_tells_slow_from_fast() -> None:
    one = Matrix.of(np.array([[-1.0, -0.98, -0.95, -0.94, -0.92]]), per_year=1, centred=False)
    assert weigh((SLOW, FAST), one)[0] > 0.9


def test_more_cases_tell_more() -> None:
    near = (family("a", one=0.10), family("b", one=0.16))
    few, many = (
        weigh(near, simulated(near[0], regions=regions, years=years))[0] for regions, years in ((1, 4), (20, 20))
    )
    assert 0.3 < few < 0.8
    assert many > 0.95


def test_regions_of_one_year_are_not_so_many_witnesses() -> None:
    """A hundred regions of the same year weigh as ten do: their shocks are shared."""
    values = np.tile([[-1.0, -0.9, -0.78]], (100, 1))
    ten, hundred = (
        weigh((family("a", one=0.1), family("b", one=0.2)), Matrix.of(values[:n], per_year=1, centred=False))
        for n in (10, 100)
    )
    np.testing.assert_allclose(ten, hundred)


def test_without_cases_all_families_weigh_alike() -> None:
    none = np.empty(0, dtype=np.int64)
    weights = likeness(ALL, simulated(SLOW, regions=2, years=4), none, none)
    np.testing.assert_allclose(weights, [0.25] * 4)


def test_sizes_between_horizons_by_hand() -> None:
    """0.1 times the root of the years: at horizons exactly, between them straight in the logarithm, outside the root."""
    ones = np.zeros((1, len(SPREAD_FEATURES)))
    ones[0, 0] = 1
    for years in (0.25, 0.5, 1, 2, 4, 6, 12, 15, 30, 60):
        assert FAST.log_size(ones, years)[0] == pytest.approx(np.log(0.2 * np.sqrt(years)))
    steep = replace(FAST, gamma=FAST.gamma + np.arange(len(HORIZONS))[:, None])
    assert steep.log_size(ones, np.sqrt(3 * 5))[0] == pytest.approx(
        (steep.log_size(ones, 3)[0] + steep.log_size(ones, 5)[0]) / 2
    )


def test_sizes_are_not_carried_on_beyond_the_levels_that_were_seen() -> None:
    """Levels of root mean square 1/2: from 3/2 on the size stays, on either side."""
    gamma = np.tile([-2.0, 0.1, 0.4, 0.0, 0.0], (len(HORIZONS), 1))
    one = replace(family(), gamma=gamma, mean_square=np.full(len(FEATURES), 0.25))
    spread = np.array([[1, level, level * level, 0, 0] for level in (1.0, 1.5, 4.0, -1.5, -4.0)])
    wanted = [-1.5, -2 + 0.15 + 0.9, -2 + 0.15 + 0.9, -2 - 0.15 + 0.9, -2 - 0.15 + 0.9]
    np.testing.assert_allclose(one.log_size(spread, 1), wanted)
    assert spread[2, 1] == 4.0


def test_shapes_between_horizons_by_hand() -> None:
    shape = np.outer(np.arange(1.0, 8), SCORES)
    one = replace(FAST, shape=shape)
    np.testing.assert_allclose(one.shape_at(0.5), SCORES)
    np.testing.assert_allclose(one.shape_at(1), SCORES)
    np.testing.assert_allclose(one.shape_at(np.sqrt(2 * 3)), 2.5 * SCORES)
    np.testing.assert_allclose(one.shape_at(99), 7 * SCORES)


def test_a_mixture_of_one_is_the_family() -> None:
    mixed = mixture(ALL, np.array([0.0, 1.0, 0.0, 0.0]))
    np.testing.assert_array_equal(mixed.beta, FAST.beta)
    np.testing.assert_array_equal(mixed.gamma, FAST.gamma)
    assert (mixed.name, mixed.n_cases, mixed.n_regions) == ("fast", 1000, 50)


def test_a_mixture_takes_weighted_means_and_names_what_weighs() -> None:
    mixed = mixture((SLOW, FAST, RETURN), np.array([0.25, 0.74, 0.01]))
    assert mixed.beta[0] == pytest.approx(0.25 * 0.02 + 0.74 * 0.4 - 0.01 * 0.5)
    # sizes are averaged as logarithms
    assert np.exp(mixed.gamma[0, 0]) == pytest.approx(0.02**0.25 * 0.2**0.74 * 0.1**0.01)
    assert mixed.name == "slow + fast"
    assert mixed.n_cases == 2000
    assert mixed.source == "source of slow; source of fast"
    assert mixed.licence == "CC BY 4.0"
    assert (np.diff(mixed.shape, axis=1) > 0).all()


def test_of_many_families_that_weigh_alike_all_are_named() -> None:
    """None of thirty weighs 5 %; a mixture without a name would look like no prior at all."""
    thirty = tuple(family(f"f{n:02d}") for n in range(30))
    mixed = mixture(thirty, np.full(30, 1 / 30))
    assert mixed.n_cases == 30_000
    assert mixed.name.startswith("f00 + f01")


@pytest.mark.parametrize("form", ["bounded", "positive"])
def test_where_there_is_no_prior_no_change_is_expected_and_the_range_is_wide(form: str) -> None:
    none = wide(form)
    assert (none.form, none.n_cases, none.name) == (form, 0, "no change")
    assert np.abs(none.beta).max() == 0
    ones = np.eye(1, len(SPREAD_FEATURES))
    assert np.exp(none.log_size(ones, 5)[0]) == pytest.approx(1.0)  # 0.2 a year
    assert (np.diff(none.shape, axis=1) > 0).all()
    np.testing.assert_allclose(none.shape, -none.shape[:, ::-1])


def test_years_say_nothing_of_the_pace_within_one() -> None:
    """By quarters nine tenths of the pace over a year stay as by years; of the pace over a quarter nothing is known."""
    quarters = Matrix.of(np.cumsum(np.full((1, 12), 0.1), axis=1), per_year=4, centred=False)
    lags, age = quarters.lags(np.array([0]), quarters.last)
    one = MOMENTUM.of_parts()
    assert carry_on(lags, age, one.beta, per_year=4, steps=1)[0] == pytest.approx([0.9 * 0.1])
    assert dict(zip(feature_names(4), one.mean_square, strict=True))["pace_quarter"] == UNKNOWN
