"""How much published figures move from one release to the next, by indicator and by the age of the figure.

The age of a release is the number of whole periods (years for a year or a mean over years, quarters for a quarter, months for a
month, half-years for a half-year) between the end of its period and the month of the release: 0 is a first release within the
first year after the end of the year, or before it. Days do not count, so a figure published each December of the following years
has the ages 0, 1, 2 whether it comes on the 4th or on the 29th.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.data.numbers import same_but_for_rounding
from dxanalysis.data.periods import Kind, Period
from dxanalysis.data.spelled import read_dates
from dxanalysis.errors import ModelError

MIN_REVISIONS: Final = 3
"""Fewer past revisions do not tell their usual size: they are shown, but not used."""

TABLE_COLUMNS: Final = (
    "indicator",
    "region",
    "period",
    "earlier_release",
    "later_release",
    "earlier",
    "later",
    "change",
    "age",
)
SIZE_COLUMNS: Final = ("n", "n_periods", "mean_change", "mean_abs_change", "rms_change", "sd_change")
_MONTHS_OF_AGE: Final[dict[Kind, int]] = {"year": 12, "span": 12, "half": 6, "quarter": 3, "month": 1}
_NEEDED: Final = ("indicator", "region_id", "period", "value", "released_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionNoise:
    """Size of past revisions: root mean square in the indicator's unit (so a bias counts), how many, and whose.

    ``scope`` is ``region`` when the region's own revisions were enough, ``indicator`` when those of all regions were taken, and
    ``none`` when there were fewer than three: ``size`` is then 0 and the last value is taken as final. ``same_age`` says whether
    only revisions of figures as old as the last value were taken.
    """

    size: float
    n: int
    scope: Literal["region", "indicator", "none"]
    same_age: bool = False


NO_REVISIONS: Final = RevisionNoise(size=0.0, n=0, scope="none")


def revisions(history: pd.DataFrame) -> pd.DataFrame:
    """Every revision: the newest release of a period against each earlier one.

    Parameters
    ----------
    history
        Observation frame with every release (``store.observations(..., history=True)``).

    Returns
    -------
    DataFrame
        Columns indicator, region, period, earlier_release, later_release, earlier, later, change (later less earlier, in the
        indicator's unit; 0 where only the rounding differs), age (of the earlier release, see :func:`age_of`). Rows without a value, and two figures of the same release date (sources in conflict, not a
        revision), are not compared.

    Raises
    ------
    ModelError
        When a column is missing, or a release is not dated by a day.
    """
    absent = [column for column in _NEEDED if column not in history.columns]
    if absent:
        raise ModelError(
            f"the history has no column {', '.join(absent)}", fix="Give store.observations(..., history=True)"
        )
    days = [name for name in ("released_from", "released_to") if name in history.columns]
    history = history.assign(**{name: read_dates(history[name]) for name in days})
    rows: list[tuple[object, ...]] = []
    # A page without any date may be older or newer than a dated release: it says nothing about how figures moved.
    dated = history[history["released_from"].notna()] if "released_from" in history.columns else history
    known = dated[dated["value"].notna()].sort_values(days, kind="stable")
    for key, releases in known.groupby(["indicator", "region_id", "period"], sort=True):
        newest = releases.iloc[-1]
        earlier = releases[releases["released_to"] < newest["released_to"]]
        rows += [
            (
                *key,
                old["released_to"],
                newest["released_to"],
                old["value"],
                newest["value"],
                0.0 if same_but_for_rounding(old["value"], newest["value"]) else newest["value"] - old["value"],
                age_of(str(key[2]), old["released_to"]),
            )
            for _, old in earlier.iterrows()
        ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def age_of(period: str, released: pd.Timestamp) -> int:
    """Age of a release: whole periods from the end of its period to the month of the release, 0 for a release before the end."""
    parsed = Period.parse(period)
    months = 12 * (released.year - parsed.end.year) + released.month - parsed.end.month
    return max(0, months // _MONTHS_OF_AGE[parsed.kind])


def revision_size(table: pd.DataFrame) -> pd.DataFrame:
    """Size of revisions by indicator, from :func:`revisions`.

    Returns
    -------
    DataFrame
        Indexed by indicator: n (revisions), n_periods (region-periods revised), mean_change, mean_abs_change, rms_change and
        sd_change, in the indicator's unit. With a single revision ``sd_change`` is 0: there is no spread to measure.
    """
    sizes = {str(indicator): _sizes(part) for indicator, part in table.groupby("indicator", sort=True)}
    return _size_frame(sizes).rename_axis("indicator")


def revision_size_by_age(table: pd.DataFrame) -> pd.DataFrame:
    """Size of revisions by indicator and age of the earlier release, from :func:`revisions`.

    Returns
    -------
    DataFrame
        Indexed by (indicator, age), columns as of :func:`revision_size`: what a figure of this age still moved until its newest
        release.
    """
    # groupby hands a pair of keys over as one object: its parts are read from the rows themselves
    parts = [part for _, part in table.groupby(["indicator", "age"], sort=True)]
    indicators = [str(part["indicator"].iloc[0]) for part in parts]
    ages = [int(part["age"].iloc[0]) for part in parts]
    frame = _size_frame(dict(enumerate(_sizes(part) for part in parts)))
    return frame.set_index(pd.MultiIndex.from_arrays([indicators, ages], names=["indicator", "age"]))


def noise_of(table: pd.DataFrame, region: str, age: int | None = None) -> RevisionNoise:
    """Size of the revisions a region's newest value may still see, from one indicator's table.

    Taken are, of the first that has at least three revisions: the region's own at ``age``, those of all regions at ``age``, the
    region's own at any age, those of all regions at any age; else none. Figures of the same age come first because a first release
    and a figure years old move by different amounts. Without ``age`` the first two are left out.

    Parameters
    ----------
    table
        From :func:`revisions`, of one indicator.
    region
        Region id.
    age
        Age of the newest value, from :func:`age_of`; None: not known.
    """
    if age is not None:
        noise = _of_enough(table[table["age"] == age], region)
        if noise.n:
            return replace(noise, same_age=True)
    return _of_enough(table, region)


def _of_enough(table: pd.DataFrame, region: str) -> RevisionNoise:
    own = table.loc[table["region"] == region, "change"]
    if len(own) >= MIN_REVISIONS:
        return RevisionNoise(size=_root_mean_square(own), n=len(own), scope="region")
    if len(table) >= MIN_REVISIONS:
        return RevisionNoise(size=_root_mean_square(table["change"]), n=len(table), scope="indicator")
    return NO_REVISIONS


def _sizes(part: pd.DataFrame) -> tuple[float, ...]:
    change = part["change"]
    return (
        len(part),
        len(part[["region", "period"]].drop_duplicates()),
        float(change.mean()),
        float(change.abs().mean()),
        _root_mean_square(change),
        float(change.std(ddof=1)) if len(part) > 1 else 0.0,
    )


def _size_frame(sizes: Mapping[Any, tuple[float, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(dict(sizes), orient="index", columns=list(SIZE_COLUMNS))
    return frame.astype({"n": int, "n_periods": int})


def _root_mean_square(changes: pd.Series[float]) -> float:
    return float(np.sqrt(np.mean(np.square(changes.to_numpy(dtype=float)))))
