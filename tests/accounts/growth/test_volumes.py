from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings

from accounts.growth.volumes_made import (
    NAMES,
    PRICES,
    QUANTITIES,
    Made,
    chain_fisher,
    chained_laspeyres,
    chained_levels,
    current,
    fixed_base,
    labels,
    made,
)
from dxanalysis.accounts.growth import ChainedLaspeyres, ChainFisher, FixedBase, contributions, fisher, laspeyres
from dxanalysis.errors import DataError, ParameterError

FIXED = QUANTITIES * PRICES[:, :1]


@pytest.mark.parametrize("reference", [0, 2, 3])
def test_a_chained_series_given_as_fixed_base_is_recognised_by_its_reference_years(reference: int) -> None:
    levels, total = chained_levels(PRICES, QUANTITIES, reference)
    with pytest.raises(
        DataError,
        match=rf"add up in {2015 + reference} and {2016 + reference} only, as a chained series.* apart.*ChainedLaspeyres",
    ):
        fixed_base(PRICES, QUANTITIES, values=levels, total=total)


def test_a_fisher_series_given_as_fixed_base_adds_up_in_one_year() -> None:
    levels, total = chained_levels(PRICES, QUANTITIES, 2, fisher)
    with pytest.raises(DataError, match=r"add up in 2017 only.* in 2015 the components add up to .* the total is .*"):
        fixed_base(PRICES, QUANTITIES, values=levels, total=total)


def test_a_chained_series_outside_its_reference_years_adds_up_nowhere() -> None:
    levels, total = chained_levels(PRICES, QUANTITIES, 0)
    years = {"years": (2017, 2018, 2019), "values": levels[:, 2:], "total": total[2:]}
    with pytest.raises(DataError, match=r"add up in no year.* component is missing .*or the volumes are chained"):
        fixed_base(PRICES, QUANTITIES, **years)


def test_index_numbers_are_recognised() -> None:
    levels = 100 * QUANTITIES / QUANTITIES[:, [1]]
    total = 100 * FIXED.sum(axis=0) / FIXED.sum(axis=0)[1]
    with pytest.raises(DataError, match=r"the total and all its components are 100 in 2016: these are index numbers"):
        fixed_base(PRICES, QUANTITIES, values=levels, total=total)


def test_one_wrong_year_is_named_with_its_gap() -> None:
    total = FIXED.sum(axis=0)
    total[3] += 7
    with pytest.raises(DataError, match=r"do not add up in 2018; in 2018 .* -7 apart"):
        fixed_base(PRICES, QUANTITIES, total=total)


@pytest.mark.parametrize(("gap", "decimals"), [(0.19, 1), (1.9, 0), (19, -1), (1e-7, None)])
def test_tolerance_follows_from_the_printed_decimals(gap: float, decimals: int | None) -> None:
    """Three figures and a total, half a unit each."""
    total = FIXED.sum(axis=0)
    fixed_base(PRICES, QUANTITIES, total=total + gap, decimals=decimals)
    with pytest.raises(DataError, match="add up in no year"):
        fixed_base(PRICES, QUANTITIES, total=total + 1.2 * gap + 1e-5, decimals=decimals)


def test_fixed_base_volumes_given_as_chained_are_refused() -> None:
    with pytest.raises(DataError, match=r"add up in every year: they are at fixed prices; in 20.. .*Use FixedBase"):
        chained_laspeyres(PRICES, QUANTITIES, chained=FIXED, chained_total=FIXED.sum(axis=0))


def test_fisher_volumes_given_as_laspeyres_are_refused() -> None:
    levels, total = chained_levels(PRICES, QUANTITIES, 0, fisher)
    with pytest.raises(DataError, match=r"grows as a chain-Fisher index .*Use ChainFisher.from_quantities"):
        chained_laspeyres(PRICES, QUANTITIES, chained=levels, chained_total=total)


def test_laspeyres_growth_given_as_fisher_is_refused() -> None:
    growth = 100 * (laspeyres(PRICES * QUANTITIES, PRICES) - 1)
    with pytest.raises(
        DataError,
        match=r"published growth of 2017 is 8.71 %, the Fisher index .* gives 7.654 %, their Laspeyres index the published",
    ):
        chain_fisher(PRICES, QUANTITIES, growth=growth)


def test_prices_that_never_change_are_no_chain() -> None:
    with pytest.raises(DataError, match=r"no price changes in any year.*Use FixedBase"):
        chain_fisher(np.ones_like(PRICES), QUANTITIES)


def test_another_chain_is_refused_or_its_residual_kept() -> None:
    levels, total = chained_levels(PRICES, QUANTITIES, 0)
    total = total * 1.01 ** np.arange(5)
    with pytest.raises(
        DataError, match=r"explain the growth of the total but for \+1\.\d+ points, rounding explains 0\.000"
    ):
        chained_laspeyres(PRICES, QUANTITIES, chained=levels, chained_total=total)
    kept = contributions(chained_laspeyres(PRICES, QUANTITIES, chained=levels, chained_total=total, rounding="keep"))
    assert (kept.residual > 1).all()
    np.testing.assert_allclose(kept.points.sum(axis=0) + kept.residual, kept.growth, rtol=1e-9)

    growth = 100 * (fisher(PRICES * QUANTITIES, PRICES) - 1) + 0.3
    with pytest.raises(DataError, match=r"published growth of .*rounding='keep'"):
        chain_fisher(PRICES, QUANTITIES, growth=growth)
    kept = contributions(chain_fisher(PRICES, QUANTITIES, growth=growth, rounding="keep"))
    np.testing.assert_allclose(kept.residual, 0.3, atol=1e-9)


def test_published_rounding_is_no_reason_to_refuse() -> None:
    levels, total = chained_levels(PRICES, QUANTITIES, 2)
    found = chained_laspeyres(
        PRICES, QUANTITIES, chained=levels.round(1), chained_total=total.round(1), chained_decimals=1
    )
    found = contributions(found)
    assert np.abs(found.residual).max() > 1e-6
    np.testing.assert_allclose(found.residual, 0, atol=0.05)
    growth = (100 * (fisher(PRICES * QUANTITIES, PRICES) - 1)).round(1)
    chain_fisher(PRICES, QUANTITIES, growth=growth, growth_decimals=1)


@settings(max_examples=25, deadline=None)
@given(data=made())
def test_no_rounding_of_a_chain_is_refused(data: Made) -> None:
    levels, total = chained_levels(*data, 1)
    rounded = {"chained": levels.round(1), "chained_total": total.round(1), "chained_decimals": 1}
    found = contributions(chained_laspeyres(*data, **rounded))
    np.testing.assert_allclose(found.points.sum(axis=0) + found.residual, found.growth, rtol=0, atol=1e-9)


def test_values_at_the_prices_of_the_year_before_are_the_same_data() -> None:
    previous = PRICES[:, :-1] * QUANTITIES[:, 1:]
    data = {**current(PRICES, QUANTITIES), "previous_prices": previous}
    found = ChainedLaspeyres(**data, previous_prices_total=previous.sum(axis=0))
    np.testing.assert_allclose(found.previous_prices, chained_laspeyres(PRICES, QUANTITIES).previous_prices)
    with pytest.raises(DataError, match=r"at the prices of the year before the components of 2016 .* -5 apart"):
        ChainedLaspeyres(**data, previous_prices_total=previous.sum(axis=0) + np.array([5, 0, 0, 0]))


def test_current_values_must_add_up() -> None:
    total = (PRICES * QUANTITIES).sum(axis=0) + np.array([0, 0, 12, 0, 0])
    for make in (chained_laspeyres, chain_fisher):
        with pytest.raises(DataError, match=r"at current prices the components of 2017 .* -12 apart"):
            make(PRICES, QUANTITIES, current_total=total)


def test_quantities_stand_for_prices() -> None:
    found = ChainFisher.from_quantities(**current(PRICES, QUANTITIES), quantities=QUANTITIES * 7)
    np.testing.assert_allclose(
        contributions(found).points, contributions(chain_fisher(PRICES, QUANTITIES)).points, rtol=1e-12
    )
    gone = QUANTITIES.copy()
    gone[0, 1] = 0
    with pytest.raises(DataError, match="quantities: 0 at electronics, 2016 is not above 0"):
        ChainFisher.from_quantities(**current(PRICES, QUANTITIES), quantities=gone)


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"years": (2015, 2016, 2018, 2019, 2020)}, DataError, "2017 is missing between 2016 and 2018"),
        ({"years": (2015, 2016, 2019, 2020, 2021)}, DataError, "2017, 2018 are missing between 2016 and 2019"),
        ({"years": (2016, 2015, 2017, 2018, 2019)}, DataError, "year 2015 stands after 2016"),
        ({"years": (2015, 2015, 2017, 2018, 2019)}, DataError, "year 2015 stands after 2015"),
        ({"years": (2015,)}, DataError, "there are 1 years, a change needs two"),
        ({"years": ("2015", "2016")}, DataError, "'2015' is not a year"),
        ({"components": ("a", "b", "a")}, DataError, "component 'a' is there 2 times"),
        ({"components": ("a", "", "b")}, DataError, "component number 2 has no name"),
        ({"components": ("a", "b")}, DataError, r"values has the shape \(3, 5\), its names ask for \(2, 5\)"),
        ({"values": FIXED[:, :3]}, DataError, r"values has the shape \(3, 3\)"),
        ({"values": [["a"] * 5] * 3}, DataError, "values cannot be read as numbers"),
        ({"values": np.where(FIXED == 300, np.nan, FIXED)}, DataError, "values: no number at agriculture, 2015"),
        ({"total": [1, 2, 0, 4, 5]}, DataError, "total: 0 at 2017 is not above 0"),
        ({"unit": "dong"}, ParameterError, "'dong' is not a unit of money"),
        ({"base_year": "2010"}, ParameterError, "base_year is '2010'"),
        ({"decimals": 0.5}, ParameterError, "decimals is 0.5"),
    ],
)  # fmt: skip
def test_bad_input(changes: dict[str, object], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        fixed_base(PRICES, QUANTITIES, **changes)


def test_unknown_options() -> None:
    with pytest.raises(ParameterError, match="rounding is 'spread'"):
        chained_laspeyres(PRICES, QUANTITIES, rounding="spread")
    with pytest.raises(ParameterError, match="rounding is 'spread'"):
        chain_fisher(PRICES, QUANTITIES, rounding="spread")


def test_volumes_are_frozen_copies() -> None:
    values = FIXED.copy()
    found = FixedBase(**labels(PRICES), values=values, total=values.sum(axis=0), base_year=2015)
    values[0, 0] = -1
    assert found.values[0, 0] == 100
    assert found.components == NAMES
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.base_year = 2010  # type: ignore[misc]
