"""Past errors: their quantiles by hand, their size given a case, and the part that is common to a year."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from dxanalysis.forecast.pooled.cells import SPREAD_FEATURES
from dxanalysis.forecast.pooled.errors import Library, library
from dxanalysis.forecast.pooled.options import SCORES, PooledOptions

FIRST = np.zeros(1, dtype=np.int64)
OPTIONS = PooledOptions()
SIZE = len(SPREAD_FEATURES)
FIRST = np.zeros(1, dtype=np.int64)


def known(u: list[float], **changes: object) -> Library:
    """A library with given standardized errors."""
    n = len(u)
    given = {"u": np.array(u), "level": np.zeros(n), "pace": np.zeros(n), "weight": np.ones(n), "pace_unit": 1.0}
    given |= {
        "gamma": np.zeros(SIZE),
        "middle": np.zeros(SIZE),
        "low": np.full(SIZE, -np.inf),
        "high": np.full(SIZE, np.inf),
        "sizes": (-np.inf, np.inf),
        "widen": 1.0,
        "share": 0.25,
        "common": 0.2,
        "alike": 0.0,
        "years": 10.0,
    }
    return Library(**{**given, "mean_size": 0.0, "effects": np.zeros(1), "leans": np.zeros(1), **changes})


def world(
    years: int = 40, regions: int = 30, *, common: float = 0.0, seed: int = 1, size: float = 0.1
) -> dict[str, np.ndarray]:
    """Errors of unit variance times ``size``, of which a part ``common`` is a year's."""
    rng = np.random.default_rng(seed)
    shock = rng.normal(size=(years, 1))
    error = size * (np.sqrt(common) * shock + np.sqrt(1 - common) * rng.normal(size=(years, regions)))
    spread = np.zeros((years * regions, SIZE))
    spread[:, 0] = 1
    spread[:, 1] = rng.normal(size=len(spread))
    return {
        "error": error.ravel(),
        "spread": spread,
        "level": spread[:, 1],
        "pace": rng.normal(size=len(spread)),
        "start": np.repeat(np.arange(years), regions),
        "region": np.tile(np.arange(regions), years),
    }


def built(given: dict[str, np.ndarray], *, horizon: int = 1, columns: int = 41, **changes: object) -> Library:
    options = {"per_year": 1, "share": 0.2, "options": OPTIONS, **changes}
    options.setdefault("joint", options["share"])
    return library(**given, regions=int(given["region"].max()) + 1, horizon=horizon, columns=columns, **options)


def test_weighted_quantiles_of_two_points_by_hand() -> None:
    """Weights 1 and 3 stand at the levels 1/8 and 5/8; between them a straight line, outside the points themselves."""
    two = known([-1.0, 2.0], weight=np.array([1.0, 3.0]))
    expected = np.clip(-1 + 3 * (ndtr(SCORES) - 1 / 8) / (5 / 8 - 1 / 8), -1, 2)
    np.testing.assert_allclose(two.marginal(), expected)
    shapes, counts = two.shapes(np.zeros(1), np.zeros(1), FIRST, OPTIONS)
    np.testing.assert_allclose(shapes[0], expected, atol=1e-6)
    assert counts[0] == pytest.approx((1 + 3) ** 2 / (1 + 9))


def test_analogues_are_those_near_in_level_and_pace() -> None:
    near_low = known([-1.0, 0.0, 5.0, 6.0], level=np.array([-3.0, -3, 3, 3]))
    shapes, counts = near_low.shapes(np.array([-3.0, 3.0, 0.0]), np.zeros(3), np.repeat(FIRST, 3), OPTIONS)
    middle = len(SCORES) // 2
    assert shapes[:, middle] == pytest.approx([-0.5, 5.5, 2.5], abs=1e-3)
    assert counts == pytest.approx([2, 2, 4], rel=1e-3)
    by_pace = known([-1.0, 0.0, 5.0, 6.0], pace=np.array([-3.0, -3, 3, 3]))
    paces, _ = by_pace.shapes(np.zeros(2), np.sinh([-3.0, 3.0]), np.repeat(FIRST, 2), OPTIONS)
    assert paces[:, middle] == pytest.approx([-0.5, 5.5], abs=1e-3)


def test_a_regions_lean_moves_its_errors() -> None:
    leaning = known([-1.0, 2.0], leans=np.array([0.0, 0.5]))
    shapes, _ = leaning.shapes(np.zeros(2), np.zeros(2), np.array([0, 1]), OPTIONS)
    np.testing.assert_allclose(shapes[1], shapes[0] + 0.5)


def test_a_case_far_from_all_takes_them_all() -> None:
    far = known(list(np.linspace(-2, 2, 50)), level=np.zeros(50))
    shapes, counts = far.shapes(np.array([50.0]), np.zeros(1), FIRST, OPTIONS)
    assert counts[0] == pytest.approx(50, rel=0.01)
    np.testing.assert_allclose(shapes[0], far.marginal(), atol=1e-6)


def test_quantiles_rise_with_the_score() -> None:
    shapes, _ = built(world()).shapes(np.linspace(-8, 8, 40), np.linspace(-9, 9, 40), np.repeat(FIRST, 40), OPTIONS)
    assert (np.diff(shapes, axis=1) >= 0).all()


def test_an_error_has_the_size_and_shape_it_was_given() -> None:
    found = built(world(size=0.1))
    spread = np.zeros((1, SIZE))
    spread[0, 0] = 1
    shape = found.marginal() * found.size(spread, FIRST)[0]
    one = np.searchsorted(SCORES, 0.999)
    # standard normal times 0.1, widened by the little that is assumed to be common
    assert shape[one] == pytest.approx(0.1, rel=0.15)
    assert shape[one] == pytest.approx(-shape[-one - 1], rel=0.15)


def test_errors_are_larger_where_they_were() -> None:
    given = world()
    given["error"] = given["error"] * np.exp(0.7 * given["spread"][:, 1])
    found = built(given, options=PooledOptions(spread_ridge=0.01))
    assert found.gamma[1] == pytest.approx(0.6, abs=0.12)
    sizes = found.size(np.array([[1.0, -1, 1, 0, 0], [1.0, 1, 1, 0, 0]]), np.zeros(2, dtype=np.int64))
    assert sizes[1] > 2.5 * sizes[0]


def test_a_case_beyond_all_that_were_seen_has_the_size_of_the_nearest() -> None:
    given = world(size=0.1)
    given["error"] = given["error"] * np.exp(0.5 * given["spread"][:, 1])
    found = built(given)
    edge, far = np.zeros((2, 1, SIZE))
    edge[0, 0] = far[0, 0] = 1
    edge[0, 1], far[0, 1] = given["spread"][:, 1].max(), 50.0
    assert found.size(far, FIRST) == found.size(edge, FIRST)
    assert found.size(edge, FIRST) > 2 * found.size(np.eye(1, SIZE), FIRST)


@pytest.mark.parametrize("years", [1, 3, 40])
def test_slopes_of_few_years_lean_on_those_of_the_next_shorter_horizon(years: int) -> None:
    """Errors that do not depend on the level, beside a slope of 1: with r = 1/2 + 4/years a part r/(1 + r) of it is kept."""
    given = world(years, regions=300)
    found = built(given, columns=years + 1, slopes=np.eye(1, SIZE, 1)[0])
    lean = OPTIONS.spread_ridge + OPTIONS.slope_years / found.years
    assert found.gamma[1] == pytest.approx(lean / (1 + lean), abs=0.12)
    assert built(given, columns=years + 1).gamma[1] == pytest.approx(0, abs=0.12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_more_in_common_is_found_to_be_more(seed: int) -> None:
    found = [built(world(common=common, seed=seed)).common for common in (0.0, 0.3, 0.7)]
    assert found == sorted(found)
    assert found[0] < 0.15
    assert found[2] > 0.4


def test_shocks_of_a_year_are_taken_off_and_added_again_as_width() -> None:
    alone, together = (built(world(common=common)) for common in (0.0, 0.7))
    case = np.array([[1.0, 0, 0, 0, 0]])
    spreads = [float(np.std(one.u) * one.size(case, FIRST)[0]) for one in (alone, together)]
    # the whole error has the size 0.1 in both worlds
    assert spreads[0] == pytest.approx(0.1, rel=0.15)
    assert spreads[1] == pytest.approx(0.1, rel=0.35)
    assert together.widen > 1.4 * alone.widen


def test_few_years_leave_in_force_what_was_assumed() -> None:
    """Three years without a common shock say less against an assumption of a half than forty do."""
    few, many = (built(world(years=years), share=1.0, columns=years + 1) for years in (3, 40))
    assert few.common > many.common
    assert few.common > 0.2
    assert few.share > many.share


def test_what_joins_regions_is_assumed_apart_from_what_widens_each() -> None:
    """The assumption shows in the part that is common, of few years more than of many; the ranges do not know of it."""
    moved = []
    for years in (3, 40):
        plain, joint = (built(world(years=years), joint=part, columns=years + 1) for part in (0.2, 4.0))
        moved.append(joint.common - plain.common)
        assert (plain.widen, plain.share, plain.mean_size) == (joint.widen, joint.share, joint.mean_size)
    assert moved[0] > moved[1] + 0.1 > 0.1


@pytest.mark.parametrize("years", [4, 40])
def test_the_common_part_of_few_years_is_as_unsure_as_it_widens(years: int) -> None:
    """The same Student factor in both: the ranges of a sum and of its parts go together."""
    found = built(world(years=years, common=0.5), columns=years + 1)
    freedom = 3 + found.years
    assert found.common / (1 - found.common) == pytest.approx(found.share * freedom / (freedom - 2))


def test_long_horizons_have_fewer_independent_years() -> None:
    given = world(years=30)
    one, ten = (built(given, horizon=horizon, columns=30 + horizon) for horizon in (1, 10))
    assert one.years == pytest.approx(10 * ten.years)


def test_old_errors_count_less() -> None:
    """Errors were five times as large until ten years ago; with a memory of six years the later ones rule."""
    given = world(years=40)
    given["error"] = np.where(given["start"] < 30, 5.0, 1.0) * given["error"]
    short, long = (built(given, options=PooledOptions(library_memory=memory)) for memory in (6.0, 1e6))
    spread = np.array([[1.0, 0, 0, 0, 0]])
    sizes = [one.marginal()[20] * one.size(spread, FIRST)[0] for one in (short, long)]
    assert sizes[0] < 0.6 * sizes[1]


def test_a_noisy_region_has_a_wider_range_and_leaves_the_others_theirs() -> None:
    """Every third region errs three times as much; twelve years' worth of errors are believed in part."""
    given = world(years=40)
    given["error"] = np.where(given["region"] % 3 == 0, 3.0, 1.0) * given["error"]
    case, regions = np.tile([1.0, 0, 0, 0, 0], (30, 1)), np.arange(30)
    told, blind = (
        built(given, options=PooledOptions(region_sizes=known)).size(case, regions) for known in (True, False)
    )
    assert np.ptp(blind) == 0
    assert 1.5 < np.median(told[::3]) / np.median(np.delete(told, np.s_[::3])) < 3
    assert told[::3].min() > np.delete(told, np.s_[::3]).min()


def test_of_very_many_errors_a_fixed_part_is_kept_with_the_same_distribution() -> None:
    given = world(years=40, regions=100)
    whole, part = (built(given, options=PooledOptions(most_errors=most, library_memory=1e6)) for most in (10_000, 500))
    assert (len(whole.u), len(part.u)) == (4000, 500)
    np.testing.assert_allclose(part.marginal()[3:-3], whole.marginal()[3:-3], atol=0.15)
    assert part.gamma == pytest.approx(whole.gamma)


def test_errors_of_nothing_are_no_division_by_nothing() -> None:
    given = world()
    given["error"] = np.zeros_like(given["error"])
    found = built(given)
    assert np.isfinite([found.common, found.widen, found.mean_size, *found.gamma]).all()
    assert found.marginal().tolist() == [0.0] * len(SCORES)


def test_one_odd_figure_makes_no_case_farther_off_than_any_was() -> None:
    """A level 200 times as far off as the others bends the line of sizes; carried on it would reach beyond every number."""
    given = world(years=12, regions=4)
    given["spread"][:, 2] = given["spread"][:, 1] ** 2
    for column, far in ((1, 200.0), (2, 4e4)):
        given["spread"][7, column] = far
    given["error"][7] = 1e4
    found = built(given, columns=13)
    largest = found.widen * np.exp(np.log(1e4 + 0.01) + found.effects.max())
    sizes = found.size(given["spread"], given["region"])
    assert np.isfinite(found.u).all()
    assert sizes.max() <= largest * (1 + 1e-9)
    assert sizes.min() >= found.widen * 0.01 * np.exp(found.effects.min()) * (1 - 1e-9)
