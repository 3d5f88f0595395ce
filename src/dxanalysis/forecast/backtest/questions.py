"""Yes-no questions about the past with known answers: is the value at or above a target in so many years.

One origin is a region and a year with enough yearly values in a row. Its targets are what a planner might set: multiples of the
recent pace, and levels that are near enough to be a target. Only values up to the origin decide what is asked. All values are as a
:class:`~dxanalysis.forecast.backtest.measure.Measure` gives them: more is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dxanalysis.forecast.backtest.measure import LOG_POINTS, Measure
from dxanalysis.forecast.scale import FloatArray

PACES: Final = (0.5, 1.0, 1.5, 2.0)
ROUND_LEVELS: Final = (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Levels asked for: parts of the range of a share; of a growth rate, how many of all values known by then lie below."""
MULTIPLES: Final = {"up": (1.1, 1.25, 1.5, 2.0, 3.0), "down": (0.9, 0.75, 0.5, 0.25, 0.1)}
"""Levels asked for of what has no upper bound: multiples of today's value."""
PACE_YEARS: Final = 5
HIGHEST: Final = 0.995
"""No target lies above this part of the range."""
_SLOWEST: Final = 0.005  # least pace of a target, as a part of the range: no one sets a target at today's value
_NEAR: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Where questions are asked.

    Attributes
    ----------
    region, year
        Labels of the origins, arrays (n,).
    history
        Values in a row up to the origin, newest last, NaN before the first: array (n, most).
    outcome
        Value at each horizon, NaN where none is known: array (n, n_horizons).
    pace
        Change a year over the last five years or fewer, array (n,).
    """

    region: npt.NDArray[np.object_]
    year: npt.NDArray[np.int64]
    history: FloatArray
    outcome: FloatArray
    pace: FloatArray

    def __len__(self) -> int:
        return len(self.region)

    @property
    def change(self) -> FloatArray:
        """Mean absolute yearly change of each history, array (n,); a little above 0 where nothing ever changed."""
        return np.asarray(np.nanmean(np.abs(np.diff(self.history)), axis=1) + 1e-6)


def spread_out(panel: pd.DataFrame) -> pd.DataFrame:
    """Values by region (rows) and year (columns, none left out), NaN where there is none."""
    wide = panel.pivot_table(index="region", columns="year", values="value", aggfunc="last").sort_index()
    return wide.reindex(columns=range(int(panel["year"].min()), int(panel["year"].max()) + 1))


def find_origins(
    wide: pd.DataFrame,
    *,
    horizons: Sequence[int],
    first: int,
    least: int,
    most: int,
    within: tuple[float, float],
) -> Origins:
    """Find every region and year with ``least`` values in a row, a value within the limits, and an outcome to hold it against."""
    years, values = wide.columns.to_numpy(dtype=np.int64), wide.to_numpy(dtype=float)
    padded = np.hstack([np.full((len(wide), most - 1), np.nan), values])
    after = np.hstack([values, np.full((len(wide), max(horizons)), np.nan)])
    rows, columns, histories, outcomes = [], [], [], []
    for column, year in enumerate(years):
        window = padded[:, column : column + most]
        # From the newest value back to the first gap: a product of ones that ends at the first zero.
        kept = np.isfinite(window)[:, ::-1].cumprod(axis=1)[:, ::-1].astype(bool)
        ahead = after[:, [column + step for step in horizons]]
        chosen = (
            (kept.sum(axis=1) >= least)
            & (window[:, -1] >= within[0])
            & (window[:, -1] <= within[1])
            & np.isfinite(ahead).any(axis=1)
            & (year >= first)
        )
        found = np.flatnonzero(chosen)
        rows.append(found)
        columns.append(np.full(len(found), year))
        histories.append(np.where(kept, window, np.nan)[found])
        outcomes.append(ahead[found])
    row, history = np.concatenate(rows), np.concatenate(histories)
    return Origins(
        region=wide.index.to_numpy(dtype=object)[row],
        year=np.concatenate(columns).astype(np.int64),
        history=history,
        outcome=np.concatenate(outcomes),
        pace=_pace(history),
    )


def ask(origins: Origins, wide: pd.DataFrame, *, horizons: Sequence[int], measure: Measure) -> pd.DataFrame:
    """Ask every question with a known answer.

    Parameters
    ----------
    wide
        All values by region and year, as measured; of each origin, those up to its year are used.

    Returns
    -------
    DataFrame
        Columns cell (number of the origin), step (number of the horizon), region, origin, horizon, kind (``pace`` or ``level``),
        target, pace, required (change a year that the target needs), outcome, met (0 or 1); all values as measured.
    """
    now = origins.history[:, -1][:, None, None]
    ahead = np.asarray(horizons, dtype=float)[None, :, None]
    size, levels = _levels(origins, wide, measure)
    pace = np.maximum(origins.pace[:, None, None], _SLOWEST * size)
    paced = now + np.asarray(PACES) * pace * ahead
    levels = np.broadcast_to(levels, (*paced.shape[:2], levels.shape[2]))
    reach = size if measure.form == "identity" else 3 * ahead * np.maximum(pace, _NEAR * size)
    near = (levels > now + _NEAR * size) & (levels <= now + reach)
    target = np.concatenate([paced, levels], axis=2)
    asked = np.concatenate([np.ones_like(paced, dtype=bool), near], axis=2)
    if measure.form == "bounded":
        asked &= target <= measure.span[0] + HIGHEST * size
    cell, step, number = np.nonzero(asked & np.isfinite(origins.outcome)[:, :, None])
    aim, outcome = target[cell, step, number], origins.outcome[cell, step]
    horizon = np.asarray(horizons, dtype=np.int64)[step]
    return pd.DataFrame(
        {
            "cell": cell,
            "step": step,
            "region": origins.region[cell],
            "origin": origins.year[cell],
            "horizon": horizon,
            "kind": np.where(number < len(PACES), "pace", "level"),
            "target": aim,
            "pace": origins.pace[cell],
            "required": (aim - origins.history[cell, -1]) / horizon,
            "outcome": outcome,
            "met": (outcome >= aim).astype(int),
        }
    )


def _levels(origins: Origins, wide: pd.DataFrame, measure: Measure) -> tuple[FloatArray, FloatArray]:
    """Size of what is usual, by which paces and distances are judged, array (n or 1, 1, 1), and levels to be asked for, array (n or 1, 1, n_levels)."""
    if measure.form == "bounded":
        lower, upper = measure.span
        return np.full((1, 1, 1), upper - lower), (lower + (upper - lower) * np.asarray(ROUND_LEVELS))[None, None]
    if measure.form == "positive":
        steps = LOG_POINTS * np.abs(np.log(MULTIPLES["down" if measure.down else "up"]))
        return np.full((1, 1, 1), LOG_POINTS), origins.history[:, -1][:, None, None] + steps
    values, years = wide.to_numpy(dtype=float), wide.columns.to_numpy(dtype=np.int64)
    asked_in, row = np.unique(origins.year, return_inverse=True)
    ladders = np.array([np.nanquantile(values[:, years <= year], (0.1, 0.9, *ROUND_LEVELS)) for year in asked_in])
    ladders = ladders.reshape(-1, 2 + len(ROUND_LEVELS))[row][:, None]
    return ladders[..., 1:2] - ladders[..., :1], ladders[..., 2:]


def _pace(history: FloatArray) -> FloatArray:
    back = np.minimum(PACE_YEARS, np.isfinite(history).sum(axis=1) - 1)
    then = np.take_along_axis(history, (history.shape[1] - 1 - back)[:, None], axis=1)[:, 0]
    return np.asarray((history[:, -1] - then) / np.maximum(back, 1))
