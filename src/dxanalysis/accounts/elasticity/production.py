"""A production function in logarithms: output on capital, labour and the digital indicator, with every log checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from dxanalysis.accounts.elasticity.panel import FloatArray, RegressionPanel, checked_columns, regression_panel
from dxanalysis.accounts.elasticity.timing import places, spacing
from dxanalysis.accounts.growth.accounting import accumulated
from dxanalysis.errors import DataError, ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """A column of investment at constant prices, and what makes a capital stock of it; neither rate has a default.

    Attributes
    ----------
    column
        Investment of the period, at constant prices.
    depreciation
        Share of the stock that is lost each period, above 0 and below 1.
    growth
        Growth of investment a period before the first one observed, as a fraction; it sets the first stock.
    """

    column: str
    depreciation: float
    growth: float

    def __post_init__(self) -> None:
        if not 0 < self.depreciation < 1:
            raise ParameterError(f"depreciation is {self.depreciation:g}", fix="Give a fraction above 0 and below 1")
        if not (np.isfinite(self.growth) and self.growth + self.depreciation > 0):
            raise ParameterError(
                f"growth {self.growth:g} and depreciation {self.depreciation:g} add up to no positive rate",
                fix="A first stock needs growth + depreciation above 0",
            )


def perpetual_inventory(investment: FloatArray, *, depreciation: float, growth: float) -> FloatArray:
    """Capital stock at the end of each period from investment: K_t = (1 - depreciation) K_(t-1) + I_t.

    The stock before the first period is that of a region whose investment has always grown at ``growth``:
    K_0 = I_1 / (growth + depreciation) (Harberger 1978).

    Parameters
    ----------
    investment
        Investment at constant prices, one period after the other, shape (n_periods,).
    depreciation, growth
        Fractions a period.

    Returns
    -------
    FloatArray
        Shape (n_periods,), in the units of investment.

    Raises
    ------
    ParameterError
        When a rate is out of range.
    DataError
        When an investment is negative, or the first one is not positive.
    """
    rates = Investment(column="investment", depreciation=depreciation, growth=growth)
    if np.any(investment < 0) or investment[0] <= 0:
        raise DataError(
            "investment is negative, or none in the first period",
            fix="Start with a period that has investment above 0",
        )
    return accumulated(investment, rates.depreciation, float(investment[0]) / (rates.growth + rates.depreciation))


def production_function(
    frame: pd.DataFrame,
    *,
    region: str,
    period: str,
    output: str,
    capital: str | Investment,
    labour: str,
    digital: str,
    digital_scale: Literal["log", "level"] = "log",
    lag: int = 0,
    controls: Sequence[str] = (),
) -> RegressionPanel:
    """Panel of ln output on ln capital, ln labour and the digital indicator: ln Y = a + b ln K + c ln L + g D.

    Parameters
    ----------
    frame
        One row a region and period, levels.
    region, period
        Columns of the ids.
    output, labour
        Columns of GRDP at constant prices and of employment, above 0.
    capital
        Column of the capital stock, above 0, or :class:`Investment` from which it is made.
    digital
        Column of the digital indicator.
    digital_scale
        ``log``: its logarithm is taken and the coefficient is an elasticity. ``level``: it enters as it is (an index, a share), and
        the coefficient is log points of output per unit.
    lag
        Periods by which the digital indicator is lagged.
    controls
        Columns that enter as they are.

    Returns
    -------
    RegressionPanel
        Regressors ``ln_DIGITAL`` or ``DIGITAL``, ``ln_capital``, ``ln_labour``, then the controls.

    Raises
    ------
    ParameterError
        As :func:`~.panel.regression_panel`; an unknown ``digital_scale``.
    DataError
        As :func:`~.panel.regression_panel`; a value that has no logarithm, named; a gap in investment.
    """
    if digital_scale not in ("log", "level"):
        raise ParameterError(f"digital_scale is {digital_scale!r}", fix="Choose log or level")
    source = capital.column if isinstance(capital, Investment) else capital
    data = checked_columns(frame, region=region, period=period, values=(output, source, labour, digital, *controls))
    stock = _stock(data, region, period, capital) if isinstance(capital, Investment) else data[capital]
    made = data[[region, period]].assign(
        **{
            f"ln_{output}": _log(data, region, period, output),
            "ln_capital": np.log(stock) if isinstance(capital, Investment) else _log(data, region, period, source),
            "ln_labour": _log(data, region, period, labour),
        }
    )
    name = digital
    if digital_scale == "log":
        name = f"ln_{digital}"
        made[name] = _log(data, region, period, digital, fix="Use digital_scale='level' for an indicator with zeros")
    else:
        made[name] = data[digital]
    for control in controls:
        made[control] = data[control]
    return regression_panel(
        made,
        region=region,
        period=period,
        outcome=f"ln_{output}",
        digital=name,
        controls=("ln_capital", "ln_labour", *controls),
        lag=lag,
        scale="elasticity" if digital_scale == "log" else "semi_elasticity",
    )


def _log(
    data: pd.DataFrame, region: str, period: str, name: str, *, fix: str = "Correct these values, or take the rows out"
) -> FloatArray:
    values = data[name].to_numpy(dtype=float)
    wrong = np.flatnonzero(values <= 0)
    if len(wrong):
        first = [f"{data[region][row]} {data[period][row]} ({values[row]:g})" for row in wrong[:5]]
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise DataError(f"no logarithm at {'; '.join(first)}{more}", where=f"column {name!r}", fix=fix)
    return np.asarray(np.log(values))


def _stock(data: pd.DataFrame, region: str, period: str, given: Investment) -> FloatArray:
    place = places(list(data[period]), where=period)
    step = spacing(place)
    stock = np.empty(len(data))
    ids = data[region].to_numpy()
    for name in np.unique(ids):
        rows = np.flatnonzero(ids == name)
        order = rows[np.argsort(place[rows], kind="stable")]
        gap = np.flatnonzero(np.diff(place[order]) != step)
        if len(gap):
            raise DataError(
                f"no investment between {data[period][order[gap[0]]]} and {data[period][order[gap[0] + 1]]}",
                where=f"column {given.column!r}, region {name}",
                fix="A stock needs every period: fill the gap, or give a capital stock",
            )
        try:
            stock[order] = perpetual_inventory(
                data[given.column].to_numpy(dtype=float)[order],
                depreciation=given.depreciation,
                growth=given.growth,
            )
        except DataError as error:
            raise DataError(error.what, where=f"column {given.column!r}, region {name}", fix=error.fix) from error
    return stock
