"""The panel of a backtest: read strictly, and measured against what a backtest needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.errors import DataError, ModelError
from dxanalysis.forecast.backtest.rivals import MIN_DECIDED
from dxanalysis.forecast.panel import as_panel, check_names

COLUMNS: Final = ("region", "year", "value")
MIN_REGIONS: Final = 20
"""Fewest regions: the standard errors resample regions, and of fewer they would be guesses themselves."""

Shortage = Literal["regions", "origins", "decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSmall:
    """A panel too small to be replayed: what is missing, what was found and what is needed.

    Attributes
    ----------
    reason
        ``regions``: too few with enough values in a row. ``origins``: no region has such a history from the first origin on, a value
        within the limits, and a value later. ``decided``: too few questions decided before to know a base rate.
    regions, n_values
        Regions of the panel, and its values.
    long_enough
        Regions with ``least`` yearly values in a row.
    longest
        Longest row of yearly values in any region.
    needed
        Regions (``regions``) or decided questions (``decided``) needed; 1 for ``origins``.
    found
        How many there are of what is needed.
    limits, n_outside
        Values that a question can start from, and how many of the panel's lie outside them.
    """

    reason: Shortage
    regions: int
    n_values: int
    long_enough: int
    longest: int
    least: int
    first: int
    shortest_horizon: int
    last_year: int
    needed: int
    found: int
    limits: tuple[float, float] = (-math.inf, math.inf)
    n_outside: int = 0

    def what(self) -> str:
        """Say what is missing."""
        if self.reason == "regions":
            return (
                f"{self.found} regions have {self.least} yearly values in a row, {self.needed} are needed "
                f"(the panel has {self.regions} regions, and the longest row is {self.longest} values)"
            )
        if self.reason == "origins":
            return (
                f"no question can be asked from {self.first} on: no region has {self.least} yearly values in a row up to a year "
                f"from then, a value inside the limits, and a value {self.shortest_horizon} year(s) or more later "
                f"(the newest value is of {self.last_year})"
            )
        return (
            f"at most {self.found} questions were decided before any origin from {self.first} on, and a base rate needs "
            f"{self.needed}"
        )

    def way_out(self) -> str:
        """Say what to do."""
        if self.reason == "regions":
            return "Give more regions or more years, or a smaller --least"
        if self.reason == "origins" and 2 * self.n_outside > self.n_values:
            low, high = self.limits
            return (
                f"Check the unit and the bounds: {self.n_outside} of {self.n_values} values lie below {low:g} or above {high:g}; "
                "35 percent is 35 between 0 and 100, and 0.35 between 0 and 1"
            )
        if self.reason == "origins":
            return "Give more years, or a first origin (--from) that leaves years behind it"
        return "Start later (--from), so that earlier questions are decided, or give more regions"


def read_tidy(panel: pd.DataFrame) -> pd.DataFrame:
    """Check a panel and give its columns region (text), year (whole number; may be called period) and value, sorted.

    Raises
    ------
    DataError
        When it is no DataFrame, a column is missing or there twice, values are no numbers, there are no rows or several indicators, a year is not whole, a value is missing or infinite, a region's name is written in two ways that look alike, or a
        region and year is there twice.
    """
    try:
        as_panel(panel)
    except ModelError as error:
        raise DataError(error.what, where="panel", fix=error.fix) from error
    if "year" not in panel.columns and "period" in panel.columns:  # as a forecast's panel calls it
        panel = panel.rename(columns={"period": "year"})
    absent = [column for column in COLUMNS if column not in panel.columns]
    if absent:
        raise DataError(f"there is no column {', '.join(absent)}", where="panel", fix="Give region, year and value")
    if panel.empty:
        raise DataError("there are no rows", where="panel", fix="Give yearly values of regions")
    if "indicator" in panel.columns and len(panel["indicator"].unique()) > 1:
        names = ", ".join(map(str, panel["indicator"].unique()[:8]))
        raise DataError(f"there are several indicators: {names}", where="panel", fix="Keep the rows of one")
    years = pd.to_numeric(panel["year"], errors="coerce")
    values = pd.to_numeric(panel["value"], errors="coerce")
    for name, numbers in (("year", years), ("value", values)):
        bad = ~np.isfinite(numbers.to_numpy(dtype=float, na_value=np.nan))
        if name == "year":
            bad |= numbers.to_numpy(dtype=float, na_value=0.5) % 1 != 0
        if bad.any():
            row = panel.loc[bad].iloc[0]
            raise DataError(
                f"the {name} is {row[name]!r}",
                where=f"region {row['region']}, year {row['year']}",
                fix="Leave the row out; nothing is filled in" if name == "value" else "Give whole years such as 2024",
            )
    try:
        check_names(sorted(panel["region"].astype(str).unique()))
    except ModelError as error:
        raise DataError(error.what, where="panel", fix=error.fix) from error
    tidy = pd.DataFrame(
        {"region": panel["region"].astype(str), "year": years.astype("int64"), "value": values.astype(float)}
    ).sort_values(["region", "year"], kind="stable", ignore_index=True)
    twice = tidy[tidy.duplicated(["region", "year"])]
    if not twice.empty:
        row = twice.iloc[0]
        raise DataError(
            "the year is there twice",
            where=f"region {row['region']}, {row['year']}",
            fix="Keep one release of each year",
        )
    return tidy


def shortfall(
    wide: pd.DataFrame,
    asked: pd.DataFrame,
    due: pd.DataFrame,
    *,
    least: int,
    first: int,
    horizons: Sequence[int],
    within: tuple[float, float],
) -> TooSmall | None:
    """What a panel lacks, or None where it can be replayed.

    Parameters
    ----------
    wide
        Values by region and year.
    asked, due
        All questions, and those that can be scored.
    within
        Values that a question can start from.
    """
    values = wide.to_numpy(dtype=float)
    rows = _longest_rows(np.isfinite(values))
    long_enough = int((rows >= least).sum())
    later = asked[asked["origin"] >= first]
    reason: Shortage
    if long_enough < MIN_REGIONS:
        reason, needed, found = "regions", MIN_REGIONS, long_enough
    elif later.empty:
        reason, needed, found = "origins", 1, 0
    elif due.empty:
        decided = max(int((asked["origin"] + asked["horizon"] <= year).sum()) for year in later["origin"].unique())
        reason, needed, found = "decided", MIN_DECIDED + 1, decided
    elif due["region"].nunique() < MIN_REGIONS:
        reason, needed, found = "regions", MIN_REGIONS, int(due["region"].nunique())
    else:
        return None
    return TooSmall(
        reason=reason,
        regions=len(wide),
        n_values=int(np.isfinite(values).sum()),
        long_enough=long_enough,
        longest=int(rows.max()),
        least=least,
        first=first,
        shortest_horizon=min(horizons),
        last_year=int(wide.columns[-1]),
        needed=needed,
        found=found,
        limits=within,
        n_outside=int(((values < within[0]) | (values > within[1])).sum()),
    )


def _longest_rows(
    known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Longest run of known values of each region."""
    run = np.zeros(len(known), dtype=np.int64)
    best = run.copy()
    for column in known.T:
        run = np.where(column, run + 1, 0)
        best = np.maximum(best, run)
    return best
