"""Reading a panel: one matrix of regions by periods, or an error that names the row."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.data.spelled import read_dates, read_period
from dxanalysis.errors import BeyondBounds, DataError, ModelError
from dxanalysis.forecast.scale import FloatArray, Scale

COLUMNS: Final = ("region", "period", "value")
PER_YEAR: Final[Mapping[str, int]] = {"year": 1, "half": 2, "quarter": 4, "month": 12}
_NO_NUMBERS: Final = (bool, np.bool_, complex, np.complexfloating, date, timedelta, np.datetime64, np.timedelta64)
_PART_LENGTH: Final = {1: 12, 2: 6, 4: 3, 12: 1}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Release of a region's newest value as text, number of releases its values are from, source of the newest."""

    last: str = ""
    count: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A panel as a matrix.

    Attributes
    ----------
    regions
        Region ids in ascending order: the rows of ``values``.
    values
        Array (regions, periods) in the indicator's unit; NaN where nothing is published.
    per_year
        Periods in a year: 1, 2, 4 or 12.
    first
        Number of the first period: years times ``per_year``, plus the part of the year from 0.
    whole_years
        Whether the panel gave its periods as whole numbers: forecasts then do too.
    n_cut
        Values beyond a bound that were cut there.
    releases
        Releases by region, where the panel told them.
    """

    regions: tuple[str, ...]
    values: FloatArray
    per_year: int
    first: int
    whole_years: bool
    n_cut: int = 0
    releases: Mapping[str, Release] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Grid({len(self.regions)} regions, {self.label(0)} to {self.label(self.values.shape[1] - 1)})"

    @property
    def first_year(self) -> int:
        """Year of the first period."""
        return self.first // self.per_year

    @property
    def last_year(self) -> int:
        """Year of the last period."""
        return int(self.first + self.values.shape[1] - 1) // self.per_year

    def label(self, column: int) -> str:
        """Period of a column as text; columns after the last are the periods to come."""
        return period_text(self.first + column, self.per_year)

    def scaled(self, scale: Scale) -> FloatArray:
        """``values`` on a scale; NaN stays NaN."""
        out = np.full_like(self.values, np.nan)
        known = np.isfinite(self.values)
        out[known] = scale.forward(self.values[known])
        return out

    def series(self, row: int) -> Series:
        """One region's yearly values."""
        known = np.flatnonzero(np.isfinite(self.values[row]))
        release = self.releases.get(self.regions[row], Release())
        return Series(
            region=self.regions[row],
            years=tuple(int(self.first + column) for column in known),
            values=tuple(float(value) for value in self.values[row, known]),
            last_release=release.last,
            releases=release.count,
            source=release.source,
        )

    def observed(self, row: int) -> tuple[tuple[str, float], ...]:
        """(period, value) pairs of one region, oldest first."""
        known = np.flatnonzero(np.isfinite(self.values[row]))
        return tuple((self.label(int(column)), float(self.values[row, column])) for column in known)


def period_text(number: int, per_year: int) -> str:
    """Text of a period from its number: years times ``per_year``, plus the part of the year from 0."""
    year, part = divmod(number, per_year)
    if per_year == 1:
        return str(year)
    if per_year == _PART_LENGTH[1]:
        return f"{year}-{part + 1:02d}"
    return f"{year}-{'H' if per_year == PER_YEAR['half'] else 'Q'}{part + 1}"


def period_number(period: Period) -> int:
    """Number of a period, as :func:`period_text` reads it."""
    per_year = PER_YEAR[period.kind]
    return int(period.end.year * per_year + (period.end.month - 1) // _PART_LENGTH[per_year])


def as_panel(panel: pd.DataFrame) -> pd.DataFrame:
    """The panel with its periods in the column ``period``, also where that is called ``year``.

    Raises
    ------
    ModelError
        When it is not a DataFrame, a column is there twice, or the values are of a kind that is no number.
    """
    if not isinstance(panel, pd.DataFrame):
        raise ModelError(
            f"the panel is not a DataFrame but {type(panel).__name__}",
            fix="Give a DataFrame with the columns region, period and value, one row a region and period",
        )
    for column in (*COLUMNS, "year", "released_to", "source"):
        if list(panel.columns).count(column) > 1:
            raise ModelError(f"the panel has the column {column} twice", fix="Keep one of them")
    if "value" in panel.columns:
        _check_kind(panel["value"])
    if "period" not in panel.columns and "year" in panel.columns:
        return panel.rename(columns={"year": "period"})
    return panel


def read_panel(panel: pd.DataFrame, scale: Scale) -> Grid:
    """Read a panel into a matrix.

    Parameters
    ----------
    panel
        Columns ``region``, ``period`` (years as numbers or text, or parts of years such as ``2024-H1``, ``2024-Q2``, ``2024-07``, one kind
        throughout, in any spelling of :func:`~dxanalysis.data.spelled.read_period`; the column may be called ``year``) and ``value`` (the indicator's unit); ``released_to`` and ``source`` are kept as
        evidence when present.
    scale
        The indicator's scale. A value beyond a bound is cut there and counted, with a warning: the bound is meant to hold, the figure is
        kept as near as it allows. Callers who want an error check :meth:`Scale.contains` first.

    Warns
    -----
    BeyondBounds
        When values were cut, naming the first row and how many.

    Raises
    ------
    ModelError
        When a column or every row is missing, periods are not periods, of mixed kinds, or given twice, a region has no name or one written
        in two ways, or a value is text, missing or infinite. Nothing is dropped or filled in.
    """
    panel = as_panel(panel)
    absent = [column for column in COLUMNS if column not in panel.columns]
    if absent:
        raise ModelError(
            f"the panel has no column {', '.join(absent)}",
            fix="Give region, period and value, one row a region and period",
        )
    if panel.empty:
        raise ModelError("the panel has no rows", fix="Give at least one region's yearly values")
    values = _values(panel["value"])
    # ids are text, so that 1 and "1" are one region
    names = panel["region"].map(str, na_action="ignore").replace("", None)
    labels, uniques = pd.factorize(names, sort=True)
    regions = tuple(str(region) for region in uniques)
    if (labels < 0).any():
        raise ModelError("a region is missing", where=f"row {int(np.argmax(labels < 0)) + 1}", fix="Name the region")
    check_names(regions)
    numbers, per_year = _numbers(panel)
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        where = f"region {regions[labels[bad[0]]]}, {period_text(int(numbers[bad[0]]), per_year)}"
        raise ModelError("the value is missing or infinite", where=where, fix="Leave the row out; nothing is filled in")
    first = int(numbers.min())
    width = int(numbers.max()) - first + 1
    flat = labels.astype(np.int64) * width + (numbers - first)
    order = np.argsort(flat, kind="stable")
    same = np.flatnonzero(np.diff(flat[order]) == 0)
    if len(same):
        at = order[same[0] + 1]
        raise ModelError(
            "the period is given twice",
            where=f"region {regions[labels[at]]}, {period_text(int(numbers[at]), per_year)}",
            fix="Keep one release of each period: the newest, or the one known as of a date",
        )
    cut = scale.clip(values)
    beyond = np.flatnonzero(cut != values)
    if len(beyond):
        at = beyond[0]
        warnings.warn(
            f"{len(beyond)} of {len(values)} values lie beyond the bounds {scale.lower:g} to {scale.upper:g} and are cut there; the first is "
            f"{values[at]:g} in region {regions[labels[at]]}, {period_text(int(numbers[at]), per_year)}. Check the unit and the bounds.",
            BeyondBounds,
            stacklevel=3,
        )
    matrix = np.full(len(regions) * width, np.nan)
    matrix[flat] = cut
    return Grid(
        regions=regions,
        values=matrix.reshape(len(regions), width),
        per_year=per_year,
        first=first,
        whole_years=per_year == 1 and all(not isinstance(period, str) for period in panel["period"].unique()),
        n_cut=len(beyond),
        releases=_releases(panel, numbers, regions, labels),
    )


def check_names(regions: Iterable[str]) -> None:
    """Refuse names that look alike: the history of one region would count as two short ones.

    Raises
    ------
    ModelError
        When two differ in spaces alone, or in how their accents are stored.
    """
    seen: dict[str, str] = {}
    for region in regions:
        first = seen.setdefault(" ".join(unicodedata.normalize("NFC", region).split()), region)
        if first != region:
            raise ModelError(
                f"the regions {first!r} and {region!r} differ in spaces alone, or in how their accents are stored",
                fix='Write one name one way: panel["region"].str.normalize("NFC").str.split().str.join(" ")',
            )


def _check_kind(column: pd.Series[float]) -> None:
    """Refuse truth values, dates, durations and complex numbers, which would pass for numbers."""
    types, found = pd.api.types, None
    if column.dtype == object:
        found = next((type(value).__name__ for value in column if isinstance(value, _NO_NUMBERS)), None)
    elif any(
        of_kind(column)
        for of_kind in (
            types.is_bool_dtype,
            types.is_complex_dtype,
            types.is_datetime64_any_dtype,
            types.is_timedelta64_dtype,
        )
    ):
        found = str(column.dtype)
    if found is not None:
        raise ModelError(f"the values are not numbers but {found}", fix="Give the figures of the indicator as numbers")


def _values(column: pd.Series[float]) -> FloatArray:
    """Values as numbers. Text is not read: whether 1.234 is one or a thousand is for dxanalysis.data.numbers to say."""
    if not pd.api.types.is_numeric_dtype(column):
        text = column[column.map(lambda value: isinstance(value, str))]
        if len(text):
            raise ModelError(f"the value {text.iloc[0]!r} is text", fix="Give numbers; see dxanalysis.data.numbers")
    try:
        values: FloatArray = np.asarray(column.to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ModelError(
            f"a value is not a number: {error}", fix="Give numbers; see dxanalysis.data.numbers"
        ) from error
    return values


def _numbers(panel: pd.DataFrame) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], int]:
    """Number of each row's period, and the periods in a year. Each different period is parsed once."""
    codes, uniques = pd.factorize(panel["period"])
    if (codes < 0).any():
        raise ModelError("a period is missing", where=f"row {int(np.argmax(codes < 0)) + 1}", fix="Name the period")
    parsed = [_parse(period) for period in uniques]
    kinds = {one.kind: one.text for one in reversed(parsed)}
    if len(kinds) > 1:
        shown = ", ".join(f"{text} ({kind})" for kind, text in kinds.items())
        raise ModelError(
            f"the periods are of different kinds: {shown}",
            fix="Give one kind; parts of years are not mixed with years",
        )
    numbers = np.array([period_number(one) for one in parsed], dtype=np.int64)
    return numbers[codes], PER_YEAR[parsed[0].kind]


def _parse(period: object) -> Period:
    try:
        parsed = read_period(period)
    except DataError as error:
        raise ModelError(
            error.what, fix="Give years such as 2024, or parts such as 2024-H1, 2024-Q2, 2024-07"
        ) from error
    if parsed.kind not in PER_YEAR:
        raise ModelError(f"{parsed.text!r} is a mean over years, not a period", fix="Give the years themselves")
    return parsed


def _releases(
    panel: pd.DataFrame,
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    regions: tuple[str, ...],
    labels: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> dict[str, Release]:
    if "released_to" not in panel.columns and "source" not in panel.columns:
        return {}
    frame = pd.DataFrame({"row": labels, "number": numbers})
    frame["released"] = read_dates(panel["released_to"]).to_numpy() if "released_to" in panel.columns else pd.NaT
    frame["source"] = panel["source"].astype(str).to_numpy() if "source" in panel.columns else ""
    found: dict[str, Release] = {}
    for row, part in frame.sort_values(["row", "number"], kind="stable").groupby("row"):
        newest = part["released"].iloc[-1]
        found[regions[int(str(row))]] = Release(
            last="" if pd.isna(newest) else pd.Timestamp(newest).date().isoformat(),
            count=int(part["released"].dropna().nunique()),
            source=str(part["source"].iloc[-1]),
        )
    return found
