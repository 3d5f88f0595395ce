from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.elasticity.worlds import world
from dxanalysis.accounts.elasticity import Investment, perpetual_inventory, production_function, regress
from dxanalysis.errors import DataError, ParameterError


def economy(n_regions=6, n_periods=8, seed=0):
    """Y = exp(level) K^0.3 L^0.6 D^0.1, exactly; no noise."""
    draw = np.random.default_rng(seed)
    frame = world(n_regions, n_periods)[["region", "year"]]
    n = len(frame)
    frame["K"], frame["L"], frame["D"] = np.exp(draw.normal(size=(3, n)))
    level = frame["region"].str[1:].astype(int) / 3
    frame["Y"] = np.exp(level) * frame["K"] ** 0.3 * frame["L"] ** 0.6 * frame["D"] ** 0.1
    frame["I"] = np.exp(draw.normal(size=n))
    return frame


def make(frame, **options):
    given_ = {
        "region": "region",
        "period": "year",
        "output": "Y",
        "capital": "K",
        "labour": "L",
        "digital": "D",
    } | options
    return production_function(frame, **given_)


def test_known_elasticities_are_found():
    noisy = economy()
    noisy["Y"] *= np.exp(1e-6 * np.random.default_rng(1).normal(size=len(noisy)))
    panel = make(noisy)
    assert panel.names == ("ln_D", "ln_capital", "ln_labour")
    assert panel.scale == "elasticity"
    assert regress(panel, form="fixed").coefficients == pytest.approx([0.1, 0.3, 0.6], abs=1e-5)


def test_an_indicator_with_zeros_enters_as_it_is():
    frame = economy().assign(D=0.0)
    frame.loc[::2, "D"] = 1.0
    with pytest.raises(
        DataError, match=r"column 'D': no logarithm at R00 2016 \(0\).*and 19 more.*digital_scale='level'"
    ):
        make(frame)
    panel = make(frame, digital_scale="level")
    assert panel.scale == "semi_elasticity"
    assert panel.names[0] == "D"


def test_a_lagged_indicator():
    panel = make(economy(6, 8), lag=2)
    assert panel.lag == 2
    assert panel.rows_lost == 12
    assert panel.n_periods == 6


@pytest.mark.parametrize("column", ["Y", "K", "L"])
def test_what_has_no_logarithm_is_named(column):
    frame = economy()
    frame.loc[[3, 9], column] = [-2.5, 0.0]
    with pytest.raises(DataError, match=rf"column '{column}': no logarithm at R00 2018 \(-2.5\); R01 2016 \(0\)\."):
        make(frame)


def test_unknown_scale():
    with pytest.raises(ParameterError, match="digital_scale is 'logit'"):
        make(economy(), digital_scale="logit")


def test_perpetual_inventory_by_hand():
    # K0 = 12 / (0.02 + 0.10) = 100; then 0.9 * 100 + 12 = 102, 0.9 * 102 + 20 = 111.8, 0.9 * 111.8 + 0 = 100.62.
    stock = perpetual_inventory(np.array([12.0, 20.0, 0.0]), depreciation=0.10, growth=0.02)
    assert stock == pytest.approx([102.0, 111.8, 100.62])


@given(st.floats(0.01, 0.5), st.floats(-0.005, 0.2), st.floats(0.1, 1e6))
def test_steady_growth_gives_steady_growth(depreciation, growth, first):
    investment = first * (1 + growth) ** np.arange(12)
    stock = perpetual_inventory(investment, depreciation=depreciation, growth=growth)
    assert stock / investment == pytest.approx(np.full(12, (1 + growth) / (growth + depreciation)), rel=1e-9)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000))
def test_investment_makes_the_stock_of_each_region_in_any_order(seed):
    frame = economy(seed=seed)
    investment = Investment(column="I", depreciation=0.08, growth=0.03)
    made = make(frame.sample(frac=1, random_state=seed), capital=investment)
    one = frame[frame["region"] == "R03"].sort_values("year")
    stock = perpetual_inventory(one["I"].to_numpy(), depreciation=0.08, growth=0.03)
    found = made.to_frame().query("region == 'R03'")["ln_capital"]
    assert np.exp(found.to_numpy()) == pytest.approx(stock, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"depreciation": 0.0, "growth": 0.03}, "depreciation is 0"),
        ({"depreciation": 8.0, "growth": 0.03}, "depreciation is 8"),
        ({"depreciation": 0.05, "growth": -0.05}, "add up to no positive rate"),
        ({"depreciation": 0.05, "growth": np.nan}, "add up to no positive rate"),
    ],
)
def test_rates_have_no_default_and_a_range(options, said):
    with pytest.raises(ParameterError, match=said):
        Investment(column="I", **options)
    with pytest.raises(TypeError, match="missing 2 required"):
        Investment(column="I")


def test_bad_investment_is_named():
    investment = Investment(column="I", depreciation=0.08, growth=0.03)
    frame = economy()
    gap = frame.drop(index=[10])
    with pytest.raises(DataError, match="column 'I', region R01: no investment between 2016 and 2018"):
        make(gap, capital=investment)
    frame.loc[8, "I"] = 0.0
    with pytest.raises(DataError, match="column 'I', region R01: investment is negative, or none in the first period"):
        make(frame, capital=investment)
