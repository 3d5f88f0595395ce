"""A panel as a matrix on the indicator's scale, and what is known of each region at each time: its case.

A case is a region at a period with a value. What the engine knows of it are lags (the value and those before it); everything
else, level, paces and acceleration, is computed from lags, so a path that is carried on has the same features as the past.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dxanalysis.forecast.pooled.gaps import fill_gaps
from dxanalysis.forecast.pooled.grouped import GROUP_FEATURES, NO_GROUP, IntArray, Together
from dxanalysis.forecast.pooled.seasonal import Seasons
from dxanalysis.forecast.pooled.stretching import Stretch
from dxanalysis.forecast.scale import FloatArray

BoolArray = npt.NDArray[np.bool_]

WINDOWS: Final = (1, 3, 5)
"""Years over which a pace is taken."""
FEATURES: Final = ("one", "level", "pace_1", "pace_3", "pace_5", "level_squared", "level_pace_3")
PART_FEATURES: Final = ("pace_quarter",)
"""Of parts of years besides: the change over the last quarter, a year's worth (over the last half-year where there is no shorter part)."""
SPREAD_FEATURES: Final = ("one", "level", "level_squared", "log_pace_3", "log_acceleration")
UNKNOWN: Final = 1e9
"""Mean square of a feature of which a prior knows nothing: it stays at none until there are cases enough to show its own."""
MOST_PACE: Final = 1.5
"""Change on the scale in a year beyond which a pace is cut: one odd figure must not move the regression."""
_DAMPED: Final = 0.9  # part of the pace over three years that a latent level is expected to keep
_FLOOR_PACE, _FLOOR_ACCELERATION = 0.01, 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A panel on the scale.

    Attributes
    ----------
    values
        Array (regions, periods); NaN where nothing is published.
    filled
        The same with gaps between two values filled by a straight line, and maybe filtered: read as lags only, never as an outcome.
    first, last
        Column of each region's first and last value.
    per_year
        Periods in a year: 1, 2, 4 or 12.
    centre
        What is taken off the value to give the level: the median of the newest values above a lower bound, 0 between two bounds or where the values are stretched about it.
    groups
        Number of the group that each region belongs to, below 0 for none; None where there are no groups.
    seasons
        What was taken off the published values, and is to be added to a forecast; None for nothing.
    stretch
        What the values were stretched by; None for nothing.
    """

    values: FloatArray
    filled: FloatArray
    first: IntArray
    last: IntArray
    per_year: int
    centre: float
    groups: IntArray | None = None
    seasons: Seasons | None = None
    stretch: Stretch | None = None

    @classmethod
    def of(
        cls,
        values: FloatArray,
        *,
        per_year: int,
        centred: bool,
        groups: IntArray | None = None,
        seasons: Seasons | None = None,
        stretch: Stretch | None = None,
    ) -> Matrix:
        """Build from values on the scale, their seasons taken off and stretched; every row has at least one."""
        known = np.isfinite(values)
        width = values.shape[1]
        first = known.argmax(axis=1)
        last = width - 1 - known[:, ::-1].argmax(axis=1)
        newest = values[np.arange(len(values)), last]
        return cls(
            values=values,
            filled=fill_gaps(values),
            first=first.astype(np.int64),
            last=last.astype(np.int64),
            per_year=per_year,
            centre=float(np.median(newest)) if centred and len(newest) else 0.0,
            groups=groups,
            seasons=seasons,
            stretch=stretch,
        )

    def season(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """What the season adds to regions at columns that go together, an array as both broadcast."""
        if self.seasons is None:
            return np.zeros(np.broadcast_shapes(rows.shape, columns.shape))
        return self.seasons.at(rows, columns)

    def lags(self, rows: IntArray, columns: IntArray) -> tuple[FloatArray, IntArray]:
        """Lags of cases, newest first, array (cases, 5 years + 1), and the age of each case's history in periods."""
        depth = WINDOWS[-1] * self.per_year
        back = np.clip(columns[:, None] - np.arange(depth + 1), 0, None)
        return self.filled[rows[:, None], back] - self.centre, (columns - self.first[rows]).astype(np.int64)

    def together(self, rows: IntArray, columns: IntArray) -> Together:
        """Cases of one group at one period."""
        if self.groups is None:
            return Together.of(np.full(len(rows), NO_GROUP))
        group = self.groups[rows]
        return Together.of(np.where(group >= 0, group * self.values.shape[1] + columns, NO_GROUP))


def feature_names(per_year: int, *, grouped: bool = False) -> tuple[str, ...]:
    """Names of the features of the regression: seven of years, eight of parts of years, and two more with the others of a group."""
    return FEATURES + (PART_FEATURES if per_year > 1 else ()) + (GROUP_FEATURES if grouped else ())


def with_unknown(beta: FloatArray, mean_square: FloatArray, more: int) -> tuple[FloatArray, FloatArray]:
    """Coefficients and mean squares of a prior, and those of so many features of which it knows nothing."""
    return np.append(beta, np.zeros(more)), np.append(mean_square, np.full(more, UNKNOWN))


def _quarter(per_year: int) -> int:
    """Periods in a quarter, or the one period where that is longer."""
    return max(per_year // 4, 1)


def _pace(lags: FloatArray, age: IntArray, periods: int, per_year: int) -> FloatArray:
    """Change a year over so many periods, or over the whole history where that is shorter."""
    reach = np.minimum(periods, np.maximum(age, 1))
    then = lags[np.arange(len(lags)), reach]
    # np.clip costs more than both together on the few cases of a small panel
    pace: FloatArray = np.minimum(np.maximum((lags[:, 0] - then) * (per_year / reach), -MOST_PACE), MOST_PACE)
    return pace


def features(lags: FloatArray, age: IntArray, per_year: int) -> FloatArray:
    """Features of the regression, array (cases, 7): 1, level z, paces over 1, 3, 5 years, z squared, z times the pace over 3.

    Of parts of years there are eight: the pace over the last quarter comes last.
    """
    level = lags[:, 0]
    one, three, five = (_pace(lags, age, years * per_year, per_year) for years in WINDOWS)
    columns = [level, one, three, five, level * level, level * three]
    if per_year > 1:
        columns.append(_pace(lags, age, _quarter(per_year), per_year))
    out = np.ones((len(level), len(columns) + 1))
    for at, column in enumerate(columns, start=1):
        out[:, at] = column
    return out


def beside(x: FloatArray, together: Together) -> FloatArray:
    """Features of cases, array (cases, p), and beside them those of their groups, array (cases, p + 2)."""
    paces = x[:, [FEATURES.index(name) for name in ("pace_1", "pace_3")]]
    return np.concatenate([x, together.others(paces.T).T], axis=1)


def spread_features(lags: FloatArray, age: IntArray, per_year: int) -> FloatArray:
    """Features of the spread, array (cases, 5): 1, level, its square, log size of the pace over 3 years and of the acceleration."""
    level = lags[:, 0]
    three = _pace(lags, age, WINDOWS[1] * per_year, per_year)
    year = min(per_year, lags.shape[1] - 1)
    before = np.where(
        age >= 2 * year, lags[:, year] - lags[:, min(2 * year, lags.shape[1] - 1)], lags[:, 0] - lags[:, year]
    )
    bend = np.where(age >= year, lags[:, 0] - lags[:, year] - before, 0.0)
    return np.stack(
        [
            np.ones_like(level),
            level,
            level * level,
            np.log(np.abs(three) + _FLOOR_PACE),
            np.log(np.clip(np.abs(bend), 0, 2 * MOST_PACE) + _FLOOR_ACCELERATION),
        ],
        axis=1,
    )


def trend(lags: FloatArray, age: IntArray, per_year: int) -> FloatArray:
    """Level a period after each case if it keeps most of its pace over three years, array (cases,), less the centre as lags are."""
    pace = np.where(age > 0, _pace(lags, age, WINDOWS[1] * per_year, per_year), 0.0)
    level: FloatArray = lags[:, 0] + _DAMPED * pace / per_year
    return level


def gains_by_age(gain: float, count: int) -> FloatArray:
    """Part of a surprise that stays, by the periods since a region's first value, array (count + 1,): from 1 down to ``gain``.

    It is the Kalman filter's of a level whose own changes have the variance g²/(1 - g), that of the noise being 1.
    """
    gains = np.ones(count + 1)
    if gain < 1:
        own = gain * gain / (1 - gain)
        for age in range(1, count + 1):
            gains[age] = (gains[age - 1] + own) / (gains[age - 1] + own + 1)
    return gains


def carry_on(
    lags: FloatArray,
    age: IntArray,
    coefficients: FloatArray,
    *,
    per_year: int,
    steps: int,
    gain: float | FloatArray = 1.0,
    together: Together | None = None,
) -> FloatArray:
    """Expected change from each case over 1 to ``steps`` periods, array (cases, steps): the regression applied to its own result.

    ``coefficients`` is one set, or one a case, array (cases, p), in the order of :func:`feature_names`; they give the change a year. With
    lags that are filtered by a ``gain`` below 1, one or one a case, the change is from the last level to the published value, and each
    expected value is filtered in its turn. With ``together`` two coefficients more are of the others of a group, and all cases of a group
    are carried on beside each other.
    """
    depth = lags.shape[1] - 1
    # a row a period, oldest first: a pace is the difference of two rows, but for the cases that are younger than its window
    path = np.empty((depth + 1 + steps, len(lags)))
    path[: depth + 1] = lags.T[::-1]
    changes = np.empty((steps, len(lags)))
    one, level, pace_1, pace_3, pace_5, level_squared, level_pace_3, *more = np.ascontiguousarray(coefficients.T)
    of_quarter, of_group = (more[:1], more[1:]) if per_year > 1 else ([], more)
    quarter = _quarter(per_year)
    most = int(age.max(initial=0)) + steps
    youngest = int(age.min(initial=most))
    noisy = bool(np.less(gain, 1).any())
    if noisy:
        distinct, which = np.unique(gain, return_inverse=True)
        gains = np.stack([gains_by_age(float(each), most) for each in distinct])
    for step in range(steps):
        now, before = path[depth + step], path[: depth + step + 1]
        short, middle, long = (
            _pace_of(before, age + step, years * per_year, per_year, youngest=youngest + step) for years in WINDOWS
        )
        change = one + pace_1 * short + pace_3 * middle + pace_5 * long
        change += (level + level_squared * now + level_pace_3 * middle) * now
        for coefficient in of_quarter:
            change += coefficient * _pace_of(before, age + step, quarter, per_year, youngest=youngest + step)
        if together is not None:
            of_others = together.others(np.stack([short, middle]))
            change += of_group[0] * of_others[0] + of_group[1] * of_others[1]
        newest = now + np.minimum(np.maximum(change, -MOST_PACE), MOST_PACE) / per_year
        changes[step] = newest - path[depth]
        if noisy:
            kept = now + np.where(age + step > 0, (_DAMPED / per_year) * middle, 0.0)
            newest = kept + gains[which, age + step + 1] * (newest - kept)
        path[depth + step + 1] = newest
    return changes.T


def _pace_of(path: FloatArray, age: IntArray, periods: int, per_year: int, *, youngest: int) -> FloatArray:
    """As :func:`_pace`, of paths (periods, cases) at their last period; none is younger than ``youngest``."""
    pace: FloatArray = (path[-1] - path[-1 - periods]) * (per_year / periods)
    if youngest < periods:
        at = np.flatnonzero(age < periods)
        reached = np.maximum(age[at], 1)
        pace[at] = (path[-1, at] - path[len(path) - 1 - reached, at]) * (per_year / reached)
    np.maximum(pace, -MOST_PACE, out=pace)
    np.minimum(pace, MOST_PACE, out=pace)
    return pace
