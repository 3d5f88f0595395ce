"""A checked panel of regions by periods: one outcome, the digital indicator, and controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from dxanalysis.accounts.elasticity.timing import IntArray, places, spacing
from dxanalysis.errors import DataError, ParameterError

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
Scale = Literal["elasticity", "semi_elasticity", "as_given"]

_SHOWN = 5  # places named in an error; the rest are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionPanel:
    """Regions by periods without a missing value, sorted by region and period; read-only arrays.

    Attributes
    ----------
    outcome, digital
        Names of the outcome and of the digital indicator.
    names
        Regressors, the digital indicator first.
    regions, periods
        Labels, in the order of their codes.
    region, period
        Codes of each row, shape (n,).
    place
        Place of each period on the calendar, shape (n_periods,), counted in the panel's own step: neighbours differ by 1.
    y, x
        Outcome, shape (n,), and regressors, shape (n, k), in the units given.
    scale
        What the digital coefficient is: an ``elasticity`` (percent per percent), a ``semi_elasticity`` (log points of the outcome
        per unit), or in the units given.
    lag
        Periods by which the digital indicator was lagged.
    rows_lost
        Rows that had no lagged value.
    """

    outcome: str
    digital: str
    names: tuple[str, ...]
    regions: tuple[str, ...]
    periods: tuple[str, ...]
    region: IntArray
    period: IntArray
    place: IntArray
    y: FloatArray
    x: FloatArray
    scale: Scale = "as_given"
    lag: int = 0
    rows_lost: int = 0

    def __post_init__(self) -> None:
        for name in ("region", "period", "place", "y", "x"):
            array = np.array(getattr(self, name))
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def n_regions(self) -> int:
        """Number of regions."""
        return len(self.regions)

    @property
    def n_periods(self) -> int:
        """Number of distinct periods."""
        return len(self.periods)

    @property
    def n_observations(self) -> int:
        """Number of rows."""
        return len(self.y)

    @property
    def balanced(self) -> bool:
        """Whether every region has every period."""
        return self.n_observations == self.n_regions * self.n_periods

    def to_frame(self) -> pd.DataFrame:
        """One row an observation: region, period, outcome, regressors."""
        frame = pd.DataFrame(self.x, columns=list(self.names))
        frame.insert(0, self.outcome, self.y)
        frame.insert(0, "period", [self.periods[code] for code in self.period])
        frame.insert(0, "region", [self.regions[code] for code in self.region])
        return frame


def regression_panel(
    frame: pd.DataFrame,
    *,
    region: str,
    period: str,
    outcome: str,
    digital: str,
    controls: Sequence[str] = (),
    lag: int = 0,
    scale: Scale = "as_given",
) -> RegressionPanel:
    """Check a long table and make a panel of it. Nothing is transformed but for the lag.

    Parameters
    ----------
    frame
        One row a region and period, in any order.
    region, period, outcome, digital, controls
        Its columns. Region ids may be text or numbers; periods are whole numbers or text (:func:`~.timing.places`).
    lag
        Periods by which the digital indicator is lagged; rows whose region lacks the earlier period are left out and counted.
    scale
        What the digital coefficient will be (see :class:`RegressionPanel`).

    Returns
    -------
    RegressionPanel
        Unbalanced panels are kept as they are.

    Raises
    ------
    ParameterError
        When a column is absent or named twice, or the lag is negative.
    DataError
        When a value is missing, infinite or no number, a region has a period twice, or there is one region or one period.
    """
    names = (digital, *controls)
    data = checked_columns(frame, region=region, period=period, values=(outcome, *names))
    if isinstance(lag, bool) or not isinstance(lag, int) or lag < 0:
        raise ParameterError(f"the lag is {lag!r}", fix="Give the number of periods, 0 or more")
    place = places(list(data[period]), where=period)
    labels = pd.Series(data[period].astype(str).to_numpy(), index=place)
    first, step = int(place.min()), spacing(place)
    # A float year such as 2020.0 is read as 2020; its label follows the calendar, not the column's type.
    text = labels[~labels.index.duplicated()].str.removesuffix(".0")
    data = data.assign(**{period: (place - first) // step}).sort_values([region, period], kind="stable")
    before = len(data)
    if lag:
        data = _lagged(data, region, period, digital, lag)
    codes, regions = pd.factorize(data[region], sort=True)
    period_codes, kept = pd.factorize(data[period], sort=True)
    if len(regions) < 2:
        raise DataError(
            f"the panel has {len(regions)} region{'' if len(regions) == 1 else 's'}",
            where=f"column {region!r}",
            fix="One region alone identifies no coefficient: use a panel of several regions",
        )
    if len(kept) < 2:
        raise DataError(
            f"the panel has {len(kept)} period{'' if len(kept) == 1 else 's'}",
            where=f"column {period!r}",
            fix="Add periods: with one there is nothing to compare over time",
        )
    return RegressionPanel(
        outcome=outcome,
        digital=digital,
        names=names,
        regions=tuple(str(value) for value in regions),
        periods=tuple(str(text[int(value) * step + first]) for value in kept),
        region=codes.astype(np.int64),
        period=period_codes.astype(np.int64),
        place=np.asarray(kept, dtype=np.int64),
        y=data[outcome].to_numpy(dtype=float),
        x=data[list(names)].to_numpy(dtype=float),
        scale=scale,
        lag=lag,
        rows_lost=before - len(data),
    )


def checked_columns(frame: pd.DataFrame, *, region: str, period: str, values: Sequence[str]) -> pd.DataFrame:
    """Copy of the columns asked for, with text region ids, float values and a fresh index.

    Parameters
    ----------
    frame
        Long table.
    region, period, values
        Columns wanted.

    Raises
    ------
    ParameterError
        When a column is absent, or there or asked for twice.
    DataError
        When the table is empty, an id or value is missing, a value is no finite number, or a region has a period twice.
    """
    wanted = [region, period, *values]
    twice = sorted({name for name in wanted if wanted.count(name) > 1})
    if twice:
        raise ParameterError(f"column {twice[0]!r} is named twice", fix="Give each column one part")
    again = [name for name in wanted if list(frame.columns).count(name) > 1]
    if again:
        raise ParameterError(f"the table has two columns {again[0]!r}", fix="Give each column a name of its own")
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        raise ParameterError(
            f"no column {absent[0]!r} in the table",
            fix=f"Columns are: {', '.join(str(name) for name in frame.columns)}",
        )
    if frame.empty:
        raise DataError("the table has no rows", fix="Give one row a region and period")
    data = frame[wanted].reset_index(drop=True)
    for name in (region, period):
        rows = np.flatnonzero(data[name].isna())
        if len(rows):
            raise DataError(
                f"no value in row {rows[0] + 1}", where=f"column {name!r}", fix="Name the region and period"
            )
    data[region] = data[region].astype(str)
    numbers = {name: _numbers(data, region, period, name) for name in values}
    data = data[[region, period]].assign(**numbers)
    repeated = data.duplicated([region, period])
    if repeated.any():
        raise DataError(
            f"given more than once: {_named(data, region, period, repeated.to_numpy())}",
            where=f"columns {region!r} and {period!r}",
            fix="Keep one row a region and period",
        )
    return data


def _numbers(data: pd.DataFrame, region: str, period: str, name: str) -> FloatArray:
    column = data[name]
    read = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    text = column.notna().to_numpy() & np.isnan(read)
    if text.any() or pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        row = int(np.argmax(text))
        raise DataError(
            f"{column.iloc[row]!r} is no number, at {_named(data, region, period, np.arange(len(data)) == row)}",
            where=f"column {name!r}",
            fix="Give plain numbers",
        )
    missing = np.isnan(read)
    if missing.any():
        raise DataError(
            f"missing at {_named(data, region, period, missing)}",
            where=f"column {name!r}",
            fix="Find the values, or take these rows out: an unbalanced panel is allowed",
        )
    infinite = np.isinf(read)
    if infinite.any():
        raise DataError(
            f"infinite at {_named(data, region, period, infinite)}",
            where=f"column {name!r}",
            fix="Correct these values",
        )
    return read


def _named(data: pd.DataFrame, region: str, period: str, rows: BoolArray) -> str:
    """Name the first few places, "region period", and count the others."""
    at = data.loc[rows, [region, period]]
    shown = "; ".join(f"{a} {b}" for a, b in at.head(_SHOWN).itertuples(index=False))
    return shown if len(at) <= _SHOWN else f"{shown} and {len(at) - _SHOWN} more"


def _lagged(data: pd.DataFrame, region: str, period: str, digital: str, lag: int) -> pd.DataFrame:
    earlier = data[[region, period, digital]].assign(**{period: data[period] + lag})
    return data.drop(columns=digital).merge(earlier, on=[region, period], how="inner")
