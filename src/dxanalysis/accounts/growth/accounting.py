"""Growth accounting: output growth as the growth of ICT capital, other capital and labour, each by its share of income, and total factor productivity.

dln Y = sum_k 0.5 (s_k,t + s_k,t-1) dln X_k + dln TFP (Törnqvist weights). Shares of income measure what an input contributes where returns to scale are
constant and inputs are paid their marginal product; TFP is what is left, errors of measurement included. Jorgenson and Griliches (1967), Review of Economic Studies 34;
OECD, Measuring Productivity (2001) and Measuring Capital (2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.accounts.growth.grid import cells, checked_names, checked_years
from dxanalysis.accounts.tables.table import Vector, frozen, listing
from dxanalysis.errors import DataError, ModelError, ParameterError

INCOME: Final = 1e-6  # part of value added by which the incomes may miss it: six digits


def capital_stock(investment: ArrayLike, *, years: Sequence[int], depreciation: float, stock_before: float) -> Vector:
    """Stock at the end of each year by the perpetual inventory: K_t = (1 - depreciation) K_(t-1) + I_t.

    Parameters
    ----------
    investment
        (T,) at constant prices, 0 or more; of ICT goods at prices that hold quality constant.
    years
        (T,).
    depreciation
        Fraction lost a year, above 0 and at most 1. There is no default: rates differ by asset and country, and results follow them.
    stock_before
        Stock before the first year, 0 or more; none is assumed.

    Returns
    -------
    Vector
        (T,), in the unit of investment.

    Raises
    ------
    ParameterError
        When the rate or the first stock is out of range.
    DataError
        When an investment is negative or missing; the year is named.
    """
    _rate(depreciation)
    if not (np.isfinite(stock_before) and stock_before >= 0):
        raise ParameterError(f"stock_before is {stock_before}", fix="Give a stock of 0 or more")
    added = cells(investment, "investment", checked_years(years), sign="not_negative")
    return frozen(accumulated(added, depreciation, float(stock_before)))


def accumulated(investment: Vector, depreciation: float, before: float) -> Vector:
    """K_t = (1 - depreciation) K_(t-1) + I_t from a stock before the first period, (T,); figures that were checked."""
    stock = np.empty(len(investment))
    for t, flow in enumerate(investment):
        before = (1 - depreciation) * before + float(flow)
        stock[t] = before
    return stock


def user_cost(price: ArrayLike, *, years: Sequence[int], rate_of_return: ArrayLike, depreciation: float) -> Vector:
    """Yearly cost of using a unit of capital: p_K,t = p_I,t (i_t + depreciation - dln p_I,t).

    Hall and Jorgenson (1967), Tax policy and investment behavior, American Economic Review 57, without taxes.

    Parameters
    ----------
    price
        (T,) price index of investment, above 0.
    years
        (T,).
    rate_of_return
        (T-1,) nominal, fraction, for each year from the second.
    depreciation
        Fraction a year; no default.

    Returns
    -------
    Vector
        (T-1,): years from the second.

    Raises
    ------
    ModelError
        When a cost is not above 0: the price rises faster than return and depreciation together; the year is named.
    DataError, ParameterError
        As :func:`capital_stock`.
    """
    _rate(depreciation)
    names = checked_years(years)
    index = cells(price, "price", names, sign="positive")
    returns = cells(rate_of_return, "rate_of_return", names[1:])
    dearer = np.diff(np.log(index))
    cost = index[1:] * (returns + depreciation - dearer)
    wrong = np.flatnonzero(cost <= 0)
    if len(wrong):
        i = int(wrong[0])
        raise ModelError(
            f"the user cost of {names[i + 1]} is {cost[i]:.4g}: the price rises by {100 * dearer[i]:.3g} % (logarithmic), return and depreciation are "
            f"{100 * (returns[i] + depreciation):.3g} %",
            fix="Use a smoothed price change or an expected rate of return",
        )
    return frozen(cost)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductionFactor:
    """An input of production: its name, the quantity used (T,), above 0, and what it is paid at current prices (T,), 0 or more."""

    name: str
    quantity: Vector
    income: Vector


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GrowthAccounts:
    """Growth by input.

    Attributes
    ----------
    years
        (T-1,): the years whose growth it is.
    inputs
        (k,) names.
    points
        (k, T-1): contributions, in logarithmic points (100 times the change of the logarithm), so that they add up over inputs and years.
    shares
        (k, T-1): mean share of income of this year and the year before, percent.
    tfp
        (T-1,): total factor productivity, logarithmic points: the rest.
    growth
        (T-1,): growth of output, logarithmic points.
    """

    years: tuple[int, ...]
    inputs: tuple[str, ...]
    points: Vector
    shares: Vector
    tfp: Vector
    growth: Vector

    def of(self, name: str) -> Vector:
        """(T-1,): contribution of an input, such as ICT capital.

        Raises
        ------
        ParameterError
            When there is no such input.
        """
        if name not in self.inputs:
            raise ParameterError(f"there is no input {name!r}", fix=f"The inputs are {listing(self.inputs)}")
        return np.asarray(self.points[self.inputs.index(name)])

    def to_frame(self) -> pd.DataFrame:
        """One row a year: each input's contribution, ``tfp`` and ``growth``, logarithmic points."""
        frame = pd.DataFrame(self.points.T, columns=list(self.inputs))
        frame.insert(0, "year", self.years)
        return frame.assign(tfp=self.tfp, growth=self.growth)


def growth_accounting(
    *, years: Sequence[int], output: ArrayLike, value_added: ArrayLike, inputs: Sequence[ProductionFactor]
) -> GrowthAccounts:
    """Contributions of inputs to output growth and the rest, TFP.

    Parameters
    ----------
    years
        (T,), without a gap.
    output
        (T,): volume of value added, above 0; chained or fixed base, as it is the growth of one series.
    value_added
        (T,): value added at current prices, basic prices as a rule.
    inputs
        As ICT capital, other capital and labour. Their incomes add up to ``value_added``: the income of ICT capital is user cost times stock, that of
        labour includes the self-employed, other capital has the rest.

    Returns
    -------
    GrowthAccounts
        Exact: contributions and TFP add up to growth.

    Raises
    ------
    DataError
        When a year is missing, a quantity is not above 0, an income is negative, or incomes do not add up to value added.
    """
    names_of_years = checked_years(years)
    names = checked_names([one.name for one in inputs], "input")
    volume = cells(output, "output", names_of_years, sign="positive")
    value = cells(value_added, "value_added", names_of_years, sign="positive")
    quantity = np.vstack(
        [cells(one.quantity, f"quantity of {one.name}", names_of_years, sign="positive") for one in inputs]
    )
    income = np.vstack(
        [cells(one.income, f"income of {one.name}", names_of_years, sign="not_negative") for one in inputs]
    )
    gap = income.sum(axis=0) - value
    worst = int(np.argmax(np.abs(gap) / value))
    if abs(gap[worst]) > INCOME * value[worst]:
        raise DataError(
            f"incomes of {names_of_years[worst]} add up to {income[:, worst].sum():,.6g}, value added is {value[worst]:,.6g}: {gap[worst]:+,.6g} apart",
            where="growth accounting",
            fix="Give other capital what labour and ICT capital leave; taxes on production go with capital or are left out of value added",
        )
    share = income / income.sum(axis=0)
    weight = (share[:, 1:] + share[:, :-1]) / 2
    points = 100 * weight * np.diff(np.log(quantity), axis=1)
    growth = 100 * np.diff(np.log(volume))
    return GrowthAccounts(
        years=names_of_years[1:],
        inputs=names,
        points=frozen(points),
        shares=frozen(100 * weight),
        tfp=frozen(growth - points.sum(axis=0)),
        growth=frozen(growth),
    )


def _rate(depreciation: float) -> None:
    if not 0 < depreciation <= 1:
        raise ParameterError(
            f"depreciation is {depreciation}", fix="Give the fraction lost a year, above 0 and at most 1"
        )
