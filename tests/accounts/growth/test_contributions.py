from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.growth.volumes_made import (
    PRICES,
    QUANTITIES,
    Made,
    chain_fisher,
    chained_laspeyres,
    fixed_base,
    made,
)
from dxanalysis.accounts.growth import contributions
from dxanalysis.errors import ModelError, ParameterError

KINDS = pytest.mark.parametrize("make", [fixed_base, chained_laspeyres, chain_fisher])
FEW = settings(max_examples=25, deadline=None)


@KINDS
@FEW
@given(data=made())
def test_contributions_and_residual_add_up_to_growth(make, data: Made) -> None:
    found = contributions(make(*data))
    np.testing.assert_allclose(found.points.sum(axis=0) + found.residual, found.growth, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.residual, 0, atol=1e-9)  # exact figures leave nothing


@KINDS
@FEW
@given(data=made(), scale=st.floats(1e-6, 1e9))
def test_the_currency_does_not_matter(make, data: Made, scale: float) -> None:
    prices, quantities = data
    np.testing.assert_allclose(
        contributions(make(scale * prices, quantities)).points, contributions(make(*data)).points, rtol=1e-9, atol=1e-9
    )


@KINDS
@FEW
@given(data=made(), seed=st.integers(0, 99))
def test_the_order_of_components_does_not_matter(make, data: Made, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(data[0]))
    there = contributions(make(data[0][order], data[1][order])).points
    np.testing.assert_allclose(there, contributions(make(*data)).points[order], rtol=1e-9, atol=1e-9)


@KINDS
@FEW
@given(data=made())
def test_a_component_that_stands_still_contributes_nothing(make, data: Made) -> None:
    prices, quantities = data
    quantities[0] = quantities[0, 0]
    np.testing.assert_allclose(contributions(make(prices, quantities)).points[0], 0, atol=1e-9)


def test_the_weight_is_what_tells_the_kinds_apart() -> None:
    """Electronics become cheaper: at base-year prices their contribution is larger than at last year's."""
    last = [contributions(make(PRICES, QUANTITIES)).points[0, -1] for make in (fixed_base, chained_laspeyres)]
    values = PRICES * QUANTITIES
    assert last[1] == pytest.approx(100 * values[0, 3] / values[:, 3].sum() * (420 / 330 - 1))
    assert last[0] > last[1] * 1.5


def test_shares_and_frames() -> None:
    found = contributions(fixed_base(PRICES, QUANTITIES))
    assert found.years == (2016, 2017, 2018, 2019)
    assert set(found.bases) == {"prices of 2015"}
    assert found.breaks == ()
    frame = found.to_frame()
    assert list(frame.columns) == ["year", "component", "points"]
    assert list(frame["component"][:5]) == ["electronics", "services", "agriculture", "residual", "total"]
    year = frame[frame["year"] == 2016].set_index("component")["points"]
    assert year["total"] == pytest.approx(100 * 75 / 900)
    assert year["electronics"] == pytest.approx(100 * 50 / 900)
    shares = found.shares_frame()
    np.testing.assert_allclose(shares.groupby("year")["share"].sum(), 100)
    np.testing.assert_allclose(found.shares()[:, 0], [100 * 50 / 75, 20, 100 * 10 / 75])


def test_the_index_links_growth_rates() -> None:
    index = contributions(fixed_base(PRICES, QUANTITIES)).index()
    assert list(index.index) == [2015, 2016, 2017, 2018, 2019]
    np.testing.assert_allclose(index, 100 * QUANTITIES.sum(axis=0) / 900)


def test_no_shares_where_nothing_grew() -> None:
    quantities = np.array([[10.0, 12, 14], [10, 8, 9]])
    found = contributions(fixed_base(np.ones((2, 3)), quantities))
    np.testing.assert_allclose(found.points[:, 0], [10, -10])
    with pytest.raises(ModelError, match=r"did not grow in 2016.*percentage points"):
        found.shares_frame()


def test_components_may_be_negative_and_come_from_nothing() -> None:
    values = np.array([[0.0, 5.0], [-3.0, 2.0], [100, 101]])
    found = contributions(fixed_base(np.ones((3, 2)), values, components=("new", "inventories", "other")))
    np.testing.assert_allclose(found.points[:, 0], 100 * np.array([5, 5, 1]) / 97)


def test_bare_arrays_are_refused() -> None:
    with pytest.raises(ParameterError, match="ndarray does not say what kind of volumes it holds"):
        contributions(QUANTITIES)  # type: ignore[arg-type]
