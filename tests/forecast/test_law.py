"""The joint law: quantiles by hand, and regions and periods that hang together as they should."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import spearmanr

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.law import Drawn, Joined
from dxanalysis.forecast.pooled.options import SCORES
from dxanalysis.forecast.scale import Scale

PERCENT, PLAIN = Scale.of("share", 0, 100), Scale.of("growth")


def joined(regions: int = 2, periods: int = 4, **changes: object) -> Joined:
    """Standard normal errors around 0 on a scale without bounds: a path is its own scores."""
    given = {
        "regions": tuple(f"r{n}" for n in range(regions)),
        "location": np.zeros((regions, periods)),
        "errors": np.tile(SCORES, (regions, periods, 1)),
        "scale": PLAIN,
        "ahead": np.ones(regions, dtype=np.int64),
        "persistence": 0.5,
        "common": np.full(periods, 0.3),
        "n_draws": 20_000,
        "seed": 1,
        "shared_ahead": 1,
    }
    return Joined(**{**given, **changes})


def test_quantiles_by_hand() -> None:
    """Errors of twice the score around 1: at the level of a score s the value is 1 + 2 s, between scores on a straight line."""
    law = joined(1, 1, location=np.ones((1, 1)), errors=2 * SCORES[None, None, :])
    levels = [0.025, 0.1, 0.5, 0.9]
    np.testing.assert_allclose(law.quantiles(levels, whole=False)[:, 0, 0], 1 + 2 * ndtri(levels), atol=1e-12)
    assert law.at_score(0.9)[0, 0] == pytest.approx(2 * ndtri(0.9))


def test_beyond_the_last_score_the_last_slope_goes_on() -> None:
    bent = np.where(SCORES > 2.7, 10 * (SCORES - 2.8) + 2.8, SCORES)[None, None, :]
    law = joined(1, 1, errors=bent)
    assert law.quantiles([0.9999], whole=False)[0, 0, 0] == pytest.approx(2.8 + 10 * (ndtri(0.9999) - 2.8))
    lowest, highest = law.quantiles([0, 1], whole=False)[:, 0, 0]
    assert (lowest, highest) == (pytest.approx(-8), pytest.approx(2.8 + 10 * 5.2))


def test_an_uneven_distribution_keeps_its_shape_in_the_draws() -> None:
    """Exponential errors: half of the paths below log 2, a tenth above log 10."""
    errors = -np.log1p(-0.5 * (1 + np.vectorize(math.erf)(SCORES / np.sqrt(2))))
    paths = joined(1, 1, errors=errors[None, None, :]).draws()[:, 0, 0]
    assert np.mean(paths < np.log(2)) == pytest.approx(0.5, abs=0.011)
    assert np.mean(paths > np.log(10)) == pytest.approx(0.1, abs=0.011)


def test_regions_share_as_much_as_is_common_in_each_period() -> None:
    for common in ((0.0, 0.0), (0.3, 0.3), (0.1, 0.8)):
        paths = joined(3, 2, common=np.array(common)).draws()
        assert paths.std(axis=0) == pytest.approx(np.ones((3, 2)), abs=0.02)
        for other in (1, 2):
            for period in (0, 1):
                found = np.corrcoef(paths[:, 0, period], paths[:, other, period])[0, 1]
                assert found == pytest.approx(common[period], abs=0.03)


def test_how_much_is_common_changes_no_region_s_distribution() -> None:
    plain, together = (joined(2, 3, common=np.full(3, part)) for part in (0.0, 0.9))
    assert np.array_equal(plain.quantiles([0.1, 0.7], whole=False), together.quantiles([0.1, 0.7], whole=False))
    spread = [law.draws().std(axis=0) for law in (plain, together)]
    assert spread[0] == pytest.approx(spread[1], abs=0.02)


def test_regions_of_a_group_share_more() -> None:
    """Correlation of rho between groups, and of rho + gamma, another each period, within one; the spread stays 1."""
    groups, within = np.array([0, 1, 0, -1, -1]), np.array([0.2, 0.6])
    paths = joined(5, 2, groups=groups, within=within).draws()
    assert paths.std() == pytest.approx(1, abs=0.02)
    for period in (0, 1):
        found = np.corrcoef(paths[:, :, period].T)
        assert found[0, 2] == pytest.approx(0.3 + within[period], abs=0.03)
        for one, other in ((0, 1), (0, 3), (3, 4), (1, 2)):
            assert found[one, other] == pytest.approx(0.3, abs=0.03)


def test_without_groups_nothing_is_shared_within_them() -> None:
    plain = joined(3, 2, n_draws=50)
    none = replace(plain, groups=np.full(3, -1), within=np.array([0.5, 0.5]))
    assert np.array_equal(none.draws(), plain.draws())


@pytest.mark.parametrize("persistence", [0.5, 0.25, 1.0])
def test_paths_hang_together_over_time(persistence: float) -> None:
    """(h/h')^k: for k = 1/2 the correlation sqrt(h/h') of a random walk."""
    paths = joined(1, 9, persistence=persistence).draws()[:, 0, :]
    found = np.corrcoef(paths.T)
    for near, far in ((1, 2), (1, 4), (4, 9), (2, 8)):
        assert found[near - 1, far - 1] == pytest.approx((near / far) ** persistence, abs=0.03)


def test_a_random_walk_has_independent_steps() -> None:
    """With k = 1/2 and errors that grow with the root of the horizon, changes from period to period do not foretell each other."""
    grown = SCORES[None, None, :] * np.sqrt(np.arange(1, 6))[None, :, None]
    steps = np.diff(joined(1, 5, errors=grown).draws()[:, 0, :], axis=1)
    assert np.abs(np.corrcoef(steps.T) - np.eye(4)).max() < 0.03
    assert steps.std(axis=0) == pytest.approx(np.ones(4), abs=0.03)


def test_an_early_region_begins_further_on_the_way() -> None:
    """Its first period is the third after its own last value: correlation sqrt(3/4) with the next, not sqrt(1/2)."""
    law = joined(2, 2, ahead=np.array([3, 1]), common=np.zeros(2))
    paths = law.draws()
    assert np.corrcoef(paths[:, 0].T)[0, 1] == pytest.approx(np.sqrt(3 / 4), abs=0.02)
    assert np.corrcoef(paths[:, 1].T)[0, 1] == pytest.approx(np.sqrt(1 / 2), abs=0.02)


@pytest.mark.parametrize("ahead", [[1, 1, 1], [3, 1, 2]])
def test_one_region_alone_has_the_paths_it_has_in_company(ahead: list[int]) -> None:
    for shared in (0, 1):
        groups, within = np.array([1, -1, 1]), np.full(4, 0.3)
        law = joined(3, 4, ahead=np.array(ahead), shared_ahead=shared, n_draws=50, groups=groups, within=within)
        whole = law.draws()
        for row in range(3):
            assert np.array_equal(law.of(row).draws()[:, 0], whole[:, row])


def test_a_shorter_law_is_a_prefix() -> None:
    long, short = (joined(2, periods, n_draws=50).draws() for periods in (9, 3))
    assert np.array_equal(short, long[:, :, :3])


def test_seed_stream_and_name_each_give_other_numbers() -> None:
    first = joined(1, 2, n_draws=50)
    others = (replace(first, seed=2), replace(first, stream=1), replace(first, regions=("r1",)))
    assert np.array_equal(first.draws(), replace(first).draws())
    for other in others:
        assert not np.array_equal(first.draws(), other.draws())
    # 0 common to both: the shared part is another region's too, so the own parts must differ
    alone = replace(first, common=np.zeros(first.shape[1]))
    assert abs(spearmanr(alone.draws()[:, 0, 0], replace(alone, regions=("r1",)).draws()[:, 0, 0])[0]) < 0.5


def test_no_draw_passes_a_bound() -> None:
    law = joined(1, 3, scale=PERCENT, location=np.full((1, 3), 4.5), errors=3 * np.tile(SCORES, (1, 3, 1)))
    paths = law.draws()
    assert paths.max() == 100
    assert paths.min() >= 0
    assert np.mean(paths == 100) > 0.4  # what lies beyond the bound is at it


def test_ranks_are_whole_in_draws_and_quantiles() -> None:
    rank = Scale.of("rank", 1, 63)
    law = joined(1, 2, scale=rank, location=np.full((1, 2), np.log(30.0)), n_draws=500)
    for values in (law.draws(), law.quantiles([0.1, 0.33, 0.9], whole=True)):
        assert np.array_equal(values, np.rint(values))
        assert values.min() >= 1
        assert values.max() <= 63


def test_more_paths_than_fit_into_memory() -> None:
    law = joined(2, 4, n_draws=2**26)
    with pytest.raises(
        ParameterError, match=r"67108864 paths of 2 regions over 4 periods are more than fit into memory"
    ):
        law.draws()
    assert law.quantiles([0.5], whole=False).shape == (1, 2, 4)


def test_a_law_of_paths_gives_them_back() -> None:
    paths = np.arange(12.0).reshape(3, 2, 2)
    law = Drawn(paths=paths)
    assert (law.n_draws, law.shape) == (3, (2, 2))
    assert law.draws() is paths
    assert law.quantiles([0.5, 0.25], whole=False)[:, 0, 0].tolist() == [4.0, 2.0]
    assert law.quantiles([0.25], whole=True)[0, 0, 0] == 0.0
