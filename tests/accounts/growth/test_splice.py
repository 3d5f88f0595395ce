from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accounts.growth.volumes_made import PRICES, QUANTITIES, chained_laspeyres, fixed_base
from dxanalysis.accounts.growth import Contributions, contributions, splice
from dxanalysis.errors import DataError, ParameterError


def in_prices_of(position: int, first: int, last: int) -> Contributions:
    values = QUANTITIES[:, first:last] * PRICES[:, [position]]
    return contributions(
        fixed_base(
            PRICES,
            QUANTITIES,
            years=tuple(range(2015 + first, 2015 + last)),
            values=values,
            total=values.sum(axis=0),
            base_year=2015 + position,
        )
    )


OLDER, NEWER = in_prices_of(0, 0, 4), in_prices_of(3, 2, 5)  # growth of 2016-2018, of 2018-2019


def test_growth_rates_stand_one_after_the_other_and_the_break_is_marked() -> None:
    found = splice(OLDER, NEWER, first_newer=2019, agree_within=5)
    assert found.contributions.years == (2016, 2017, 2018, 2019)
    assert found.contributions.bases == ("prices of 2015",) * 3 + ("prices of 2018",)
    assert found.contributions.breaks == (found.first_newer,) == (2019,)
    np.testing.assert_array_equal(found.contributions.growth, [*OLDER.growth, NEWER.growth[-1]])
    np.testing.assert_array_equal(found.contributions.points[:, :3], OLDER.points)
    np.testing.assert_allclose(found.contributions.points.sum(axis=0), found.contributions.growth)
    assert found.disagreements == ()
    frame = found.to_frame()
    assert frame.loc[frame["year"] == 2019, "after_break"].all()
    assert not frame.loc[frame["year"] == 2018, "after_break"].any()
    assert set(frame.loc[frame["year"] == 2019, "basis"]) == {"prices of 2018"}


def test_a_break_inside_the_overlap() -> None:
    found = splice(OLDER, NEWER, first_newer=2018, agree_within=5)
    np.testing.assert_array_equal(found.contributions.growth, [*OLDER.growth[:2], *NEWER.growth])


def test_disagreement_is_refused_or_named() -> None:
    assert OLDER.growth[2] == pytest.approx(100 * (1205 / 1080 - 1))
    assert NEWER.growth[0] == pytest.approx(100 * (1246.5 / 1158 - 1))
    with pytest.raises(
        DataError, match=r"disagree on growth: 2018: 11\.57 % in the older prices, 7\.642 % in the newer"
    ):
        splice(OLDER, NEWER, first_newer=2019, agree_within=0.05)
    splice(OLDER, NEWER, first_newer=2019, agree_within=3.94)
    with pytest.raises(DataError, match="disagree on growth: 2018"):
        splice(OLDER, NEWER, first_newer=2019, agree_within=3.93)
    (one,) = splice(OLDER, NEWER, first_newer=2019, agree_within=0.05, keep_disagreement=True).disagreements
    assert (one.year, one.older, one.newer) == (2018, OLDER.growth[2], NEWER.growth[0])


def test_fixed_base_into_chained() -> None:
    found = splice(OLDER, contributions(chained_laspeyres(PRICES, QUANTITIES)), first_newer=2019, agree_within=10)
    assert found.contributions.breaks == (2019,)


def test_components_in_another_order_meet_by_name() -> None:
    turned = replace(NEWER, components=NEWER.components[::-1], points=NEWER.points[::-1])
    np.testing.assert_array_equal(
        splice(OLDER, turned, first_newer=2019, agree_within=5).contributions.points,
        splice(OLDER, NEWER, first_newer=2019, agree_within=5).contributions.points,
    )


def test_bad_input() -> None:
    with pytest.raises(ParameterError, match="agree_within is -1"):
        splice(OLDER, NEWER, first_newer=2019, agree_within=-1)
    with pytest.raises(ParameterError, match=r"newer prices give no growth of 2017.*2018 to 2019"):
        splice(OLDER, NEWER, first_newer=2017, agree_within=5)
    with pytest.raises(ParameterError, match="older prices give no growth before 2018"):
        splice(NEWER, NEWER, first_newer=2018, agree_within=5)
    with pytest.raises(DataError, match="growth of 2017 to 2018 is in neither set"):
        splice(in_prices_of(0, 0, 2), in_prices_of(3, 3, 5), first_newer=2019, agree_within=5)
    with pytest.raises(DataError, match="component 'agriculture' is in one of the two sets only"):
        splice(OLDER, replace(NEWER, components=("electronics", "services", "farms")), first_newer=2019, agree_within=5)
