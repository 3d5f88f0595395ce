"""Reading a panel of yearly values: one clean series a region, or an error that names the row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError, ModelError
from dxanalysis.forecast.scale import Scale

COLUMNS: Final = ("region", "period", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Yearly values of one indicator in one region, oldest first. Years may be missing between them."""

    region: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    last_release: str = ""
    releases: int = 0
    source: str = ""

    @property
    def last_year(self) -> int:
        """Year of the newest value."""
        return self.years[-1]


def read_panel(panel: pd.DataFrame, scale: Scale) -> dict[str, Series]:
    """Split a panel into series by region, in the order of region ids.

    Parameters
    ----------
    panel
        Columns ``region`` (text), ``period`` (a year as a number or text) and ``value`` (the indicator's unit); ``released_to`` and
        ``source`` are kept as evidence when present.
    scale
        The indicator's scale: no value may lie outside its bounds.

    Raises
    ------
    ModelError
        When a column or every row is missing, a period is not a year or is given twice, or a value is missing, infinite or
        outside the bounds. Nothing is dropped or filled in.
    """
    absent = [column for column in COLUMNS if column not in panel.columns]
    if absent:
        raise ModelError(f"the panel has no column {', '.join(absent)}", fix="Give region, period and value")
    if panel.empty:
        raise ModelError("the panel has no rows", fix="Give at least one region's yearly values")
    frame = panel.assign(region=panel["region"].astype(str), period=[year_of(period) for period in panel["period"]])
    frame = frame.sort_values(["region", "period"], kind="stable")
    twice = frame[frame.duplicated(["region", "period"])]
    if not twice.empty:
        row = twice.iloc[0]
        raise ModelError(
            "the period is given twice",
            where=f"region {row['region']}, {row['period']}",
            fix="Keep one release of each period: the newest, or the one known as of a date",
        )
    return {str(region): _series(str(region), rows, scale) for region, rows in frame.groupby("region", sort=True)}


def year_of(period: object) -> int:
    """Year of a yearly period given as a number or text.

    Raises
    ------
    ModelError
        When it is not a whole year: years and parts of years are not mixed in one series.
    """
    text = str(int(period)) if isinstance(period, float) and period.is_integer() else str(period)
    try:
        parsed = Period.parse(text)
    except DataError as error:
        raise ModelError(f"{text!r} is not a year", fix="Give years such as 2024") from error
    if parsed.kind != "year":
        raise ModelError(
            f"{text!r} is a {parsed.kind}, not a year",
            fix="Give yearly values; parts of years are not mixed with years",
        )
    return parsed.year


def _series(region: str, rows: pd.DataFrame, scale: Scale) -> Series:
    years = tuple(int(year) for year in rows["period"])
    values = tuple(float(value) for value in rows["value"])
    for year, value in zip(years, values, strict=True):
        where = f"region {region}, {year}"
        if not math.isfinite(value):
            raise ModelError(
                "the value is missing or infinite", where=where, fix="Leave the row out; nothing is filled in"
            )
        if not bool(scale.contains(value)):
            raise ModelError(
                f"the value {value:g} lies outside the bounds {scale.lower:g} to {scale.upper:g}",
                where=where,
                fix="Correct the value, or the bounds of the indicator",
            )
    released = (
        pd.to_datetime(rows["released_to"]) if "released_to" in rows.columns else pd.Series(dtype="datetime64[us]")
    )
    known = released.dropna()
    newest = released.iloc[-1] if len(released) else pd.NaT
    return Series(
        region=region,
        years=years,
        values=values,
        last_release="" if pd.isna(newest) else newest.date().isoformat(),
        releases=int(known.nunique()),
        source=str(rows["source"].iloc[-1]) if "source" in rows.columns else "",
    )
