"""Published and stored results on growth and its decomposition.

Published:
- Statistics Canada, Chain Fisher Volume Index, 13-017-X (2008), table 2.12: values and prices of four components, Laspeyres, Paasche and Fisher growth, contributions of the last year.
- Hà Nam, gross regional product of the first half of 2024 at 2010 prices: levels, growth, shares of growth as printed in the province's release.
- Bình Định, first half of 2024: growth and contributions as printed; and Việt Nam 2024: growth and shares of the growth of value added as printed. Both print no levels,
  so that they test what follows from the printed figures, no more.
- University of Washington, shift-share teaching table: parts of the change of regional employment. It prints the nation's growth by industry (10, 20, 30, 40 %) and in all (29 %);
  the nation's levels here are made to give them.

Regression values of this project, computed by plain arithmetic: the structural decomposition of the three-sector economy (mean over 24 orders, one by one) and the LMDI case.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dxanalysis.accounts.growth import (
    ChainedLaspeyres,
    ChainFisher,
    FixedBase,
    LeontiefYear,
    contributions,
    fisher,
    laspeyres,
    lmdi,
    paasche,
    shift_share,
    structural_decomposition,
)

VALUES = np.array([[80, 90, 72, 48], [180, 210, 240, 255], [250, 450, 455, 504], [100, 150, 150, 135.0]])
PRICES = np.array([[100, 75, 50, 25], [100, 350 / 3, 125, 125], [100, 150, 130, 140], [100, 120, 120, 100.0]])
NAMES = ("A", "B", "C", "D")
YEARS = (2000, 2001, 2002, 2003)


def canada() -> dict[str, object]:
    return {"years": YEARS, "components": NAMES, "current": VALUES, "current_total": VALUES.sum(axis=0), "unit": "million CAD"}  # fmt: skip


def test_canada_volume_indices() -> None:
    # Printed to one decimal.
    np.testing.assert_allclose(100 * laspeyres(VALUES, PRICES), [118.9, 111.9, 107.0], rtol=0, atol=0.05)
    np.testing.assert_allclose(100 * paasche(VALUES, PRICES), [117.6, 111.2, 105.7], rtol=0, atol=0.05)
    np.testing.assert_allclose(100 * fisher(VALUES, PRICES), [118.2, 111.5, 106.3], rtol=0, atol=0.0501)


def test_canada_contributions_of_the_last_year() -> None:
    found = contributions(ChainFisher(**canada(), prices=PRICES))
    np.testing.assert_allclose(found.points[:, -1], [1.98, 1.66, 1.49, 1.22], rtol=0, atol=0.005)
    np.testing.assert_allclose(found.residual, 0, atol=1e-9)
    assert found.growth[-1] == pytest.approx(6.35, abs=0.005)


def test_canada_as_annually_chained_laspeyres() -> None:
    quantities = VALUES / PRICES
    previous = PRICES[:, :-1] * quantities[:, 1:]
    found = contributions(
        ChainedLaspeyres(**canada(), previous_prices=previous, previous_prices_total=previous.sum(axis=0))
    )
    np.testing.assert_allclose(found.growth, [18.9, 11.9, 7.0], rtol=0, atol=0.05)
    np.testing.assert_allclose(found.points.sum(axis=0), found.growth, rtol=0, atol=1e-9)


def test_ha_nam_first_half_of_2024() -> None:
    level, growth = np.array([17443.9, 5693.6, 2131.3, 1622.2]), np.array([13.26, 7.22, 1.06, 4.75])
    before = level / (1 + growth / 100)
    found = contributions(
        FixedBase(
            years=(2023, 2024),
            components=("industry and construction", "services", "agriculture", "product taxes"),
            values=np.column_stack([before, level]),
            total=[before.sum(), 26891.0],
            unit="billion VND",
            base_year=2010,
            decimals=1,
        )
    )
    assert found.growth[0] == pytest.approx(10.35, abs=0.005)
    np.testing.assert_allclose(found.shares()[:, 0], [81.0, 15.2, 0.9, 2.9], rtol=0, atol=0.06)


def test_binh_dinh_first_half_of_2024() -> None:
    printed = np.array([3.38, 2.93, 0.93])
    # No levels are printed: any weights that give these contributions do. Product taxes are what the printed ones leave of 7.6.
    before = np.array([42.0, 33.0, 19.0, 6.0])
    after = before + np.array([*printed, 7.6 - printed.sum()])
    found = contributions(
        FixedBase(
            years=(2023, 2024),
            components=("services", "industry and construction", "agriculture", "product taxes"),
            values=np.column_stack([before, after]),
            total=[100.0, 107.6],
            unit="billion VND",
            base_year=2010,
        )
    )
    np.testing.assert_allclose(found.points[:, 0], [*printed, 0.36], rtol=0, atol=1e-9)
    assert found.residual[0] == pytest.approx(0, abs=1e-9)


def test_viet_nam_2024() -> None:
    growth, share = np.array([3.27, 8.24, 7.38]), np.array([5.37, 45.17, 49.46])
    assert share.sum() == pytest.approx(100, abs=1e-9)
    # Weights of the year before add up to 1 for one growth of the whole only: it follows that value added grew by 7.23 % (GDP, with product taxes, by 7.09).
    whole = 100 / (share / growth).sum()
    assert whole == pytest.approx(7.23, abs=0.005)
    before = share * whole / growth
    found = contributions(
        FixedBase(
            years=(2023, 2024),
            components=("agriculture", "industry", "services"),
            values=np.column_stack([before, before * (1 + growth / 100)]),
            total=[100.0, 100 + whole],
            unit="billion VND",
            base_year=2010,
        )
    )
    np.testing.assert_allclose(found.shares()[:, 0], share, rtol=0, atol=1e-9)


def test_washington_shift_share() -> None:
    nation = np.array([10_000, 20_000, 40_000, 30_000.0])
    found = shift_share(
        industries=NAMES,
        region_first=[500, 100, 200, 200],
        region_second=[1000, 100, 250, 280],
        nation_first=nation,
        nation_second=nation * [1.1, 1.2, 1.3, 1.4],
    )
    np.testing.assert_allclose(found.totals, [290, -80, 420], rtol=0, atol=1e-9)
    assert found.change.sum() == 630


FLOWS = (
    np.array([[10, 5, 15], [5, 20, 45], [20, 25, 240.0]]),
    np.array([[14, 8, 18], [8, 30, 60], [22, 30, 260.0]]),
)
FINAL = (np.array([30, 50, 315.0]), np.array([40, 72, 348.0]))
EFFECTS = np.array(
    [
        [2.32516, 2.40547, -7.64970],
        [1.59522, 8.40818, -7.06901],
        [2.48756, 8.22853, -10.71791],
        [4.59205, 12.95782, 47.43663],
    ]
)


def economy(i: int) -> LeontiefYear:
    output = FLOWS[i].sum(axis=1) + FINAL[i]
    return LeontiefYear(
        year=2020 + i,
        price_year=2020,
        sectors=("26", "61", "01"),
        value_added_ratio=(output - FLOWS[i].sum(axis=0)) / output,
        coefficients=FLOWS[i] / output,
        mix=FINAL[i] / FINAL[i].sum(),
        level=FINAL[i].sum(),
    )


def test_structural_decomposition_of_the_three_sector_economy() -> None:
    found = structural_decomposition(economy(0), economy(1))
    assert found.decomposition.orders == "all"
    np.testing.assert_allclose(found.effects, EFFECTS, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.effects.sum(axis=0), found.change, rtol=1e-9)
    polar = structural_decomposition(economy(0), economy(1), orders="polar")
    assert 1e-4 < np.abs(polar.effects - found.effects).max() < 0.03
    assert found.change.sum() == pytest.approx(65)


def test_the_mean_over_all_orders_is_that_of_the_orders_one_by_one() -> None:
    years = [economy(0), economy(1)]
    parts = [(one.value_added_ratio, np.linalg.inv(np.eye(3) - one.coefficients), one.mix, one.level) for one in years]
    effects = np.zeros((4, 3))
    for order in itertools.permutations(range(4)):
        state = [parts[0][k] for k in range(4)]
        for k in order:
            before = state[0] * (state[1] @ (state[2] * state[3]))
            state[k] = parts[1][k]
            effects[k] += (state[0] * (state[1] @ (state[2] * state[3])) - before) / 24
    np.testing.assert_allclose(structural_decomposition(*years).effects, effects, rtol=0, atol=1e-9)


def test_lmdi_case() -> None:
    # Activity 10 -> 40 and 40 -> 40; the other two factors are the mix and the intensity of the two cells (V = 30, 20 -> 80, 16).
    activity = np.array([[10, 40.0], [40, 40.0]])
    values = np.array([[30, 20.0], [80, 16.0]])
    level = activity.sum(axis=1, keepdims=True)
    first, second = (
        {"activity": np.repeat(level[t], 2), "structure": activity[t] / level[t], "intensity": values[t] / activity[t]}
        for t in (0, 1)
    )
    found = lmdi(first, second, labels=("1", "2"))
    np.testing.assert_allclose(found.additive, [32.3846, 38.2849, -24.6695], rtol=0, atol=5e-5)
    np.testing.assert_allclose(found.multiplicative, [1.5829, 1.7210, 0.7048], rtol=0, atol=5e-5)
    assert found.change == pytest.approx(46)
    assert found.multiplicative.prod() == pytest.approx(1.92)
