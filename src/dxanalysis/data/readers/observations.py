"""Rows of published figures turned into typed observations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
import pandera.errors

from dxanalysis.data.numbers import is_missing
from dxanalysis.data.periods import Period
from dxanalysis.data.readers.catalogue import Catalogue
from dxanalysis.data.readers.cells import Cells
from dxanalysis.data.readers.tidy import Layout, Row
from dxanalysis.data.regions import region_id
from dxanalysis.data.schema import OBSERVATION_COLUMNS, STATUSES, Indicator, observation_schema
from dxanalysis.data.sources import Resource
from dxanalysis.errors import DataError, Fault

LAYOUT: Final = Layout(
    name="observation",
    required=(
        "indicator", "boundary_set", "region", "period", "value", "unit", "released_from", "released_to", "status", "source",
    ),
    optional=("note", "note_vi"),
)  # fmt: skip

# What is fixed by law (the number of communes from a coming date) may be published ahead of its period, though not by years.
_EARLIEST: Final = timedelta(days=366)

# What to tell the reader of a broken contract, by the name of the pandera check.
_HINTS: Final = {
    "known_indicator": ("an indicator of indicators.csv", "Correct the spelling, or define the indicator there first."),
    "known_source": ("a source of sources.csv", "No figure goes without a source: add it there, or correct the id."),
    "known_status": (f"one of {', '.join(STATUSES)}", "Correct the spelling."),
}


def read_observations(
    rows: Sequence[Row], resource: Resource, catalogue: Catalogue
) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Type the rows of one file.

    Returns
    -------
    frame, faults
        One row an observation with the columns of the contract, indexed by line number; rows with a fault are left out.
    """
    records: dict[int, dict[str, Any]] = {}
    faults: list[Fault] = []
    for row in rows:
        cells = Cells(resource.path, row, decimal=resource.decimal)
        records[row.line] = _record(cells, catalogue, resource)
        faults += cells.faults
    frame = _frame(records)
    schema = observation_schema(
        indicators=frozenset(catalogue.indicators),
        regions=catalogue.registry.ids,
        sources=frozenset(catalogue.sources),
    )
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        # A cell that could not be read is told about once, by what could not be read.
        told = {(fault.row, fault.column) for fault in faults}
        contract = _contract_faults(error.failure_cases, resource)
        faults += [fault for fault in contract if (fault.row, fault.column) not in told]
    faulty = {fault.row for fault in faults}
    return frame[~frame.index.isin(faulty)], tuple(sorted(faults, key=lambda fault: (fault.row or 0, fault.column or "")))


def _record(cells: Cells, catalogue: Catalogue, resource: Resource) -> dict[str, Any]:
    indicator = catalogue.indicators.get(cells.text("indicator"))
    period = cells.period("period")
    _check_region(cells, catalogue, period)
    value = _value(cells, indicator)
    if indicator is not None and cells.text("unit") != indicator.unit:
        cells.fault(
            "unit",
            expected=f"{indicator.unit}, the unit of {indicator.id}",
            hint="A figure in another unit is converted at its source or is another indicator.",
        )
    released_from, released_to = cells.optional_day("released_from"), cells.day("released_to")
    _check_release(cells, period, released_from, released_to, resource)
    cells.required("source", expected="a source of sources.csv", hint="No figure goes without a source.")
    return {
        "indicator": cells.text("indicator"),
        "boundary_set": cells.text("boundary_set"),
        "region": cells.text("region"),
        "region_id": region_id(cells.text("boundary_set"), cells.text("region")),
        "period": cells.text("period"),
        "value": value,
        "unit": cells.text("unit"),
        "released_from": released_from,
        "released_to": released_to,
        "status": cells.text("status"),
        "source": cells.text("source"),
        "note": cells.text("note"),
        "note_vi": cells.text("note_vi"),
    }


def _check_region(cells: Cells, catalogue: Catalogue, period: Period | None) -> None:
    identity = region_id(cells.text("boundary_set"), cells.text("region"))
    if cells.text("boundary_set") and identity in catalogue.registry.ids:
        return
    try:
        region = catalogue.registry.find(
            cells.text("region"), period=period, boundary_set=cells.text("boundary_set") or None
        )
    except DataError as error:
        cells.fault("region", expected="a boundary set and a code of regions.csv", hint=f"{error}.".replace("..", "."))
    else:
        cells.fault(
            "region",
            found=f"boundary_set {cells.text('boundary_set')!r}, region {cells.text('region')!r}",
            expected="a boundary set and a code of regions.csv",
            hint=f"This looks like {region.name_vi}: write boundary_set {region.boundary_set}, region {region.code}.",
        )


def _value(cells: Cells, indicator: Indicator | None) -> float | None:
    missing = is_missing(cells.text("value"))
    if cells.text("status") == "missing":
        if not missing:
            cells.fault(
                "status", expected="missing only beside a mark such as '..'", hint="Correct the status or the value."
            )
        return None
    if missing:
        cells.fault(
            "value",
            expected="a number",
            hint="If the office published no figure, set status to missing; otherwise remove the row.",
        )
        return None
    value = cells.number("value")
    if value is None or indicator is None:
        return value
    if indicator.lower is not None and value < indicator.lower:
        cells.fault(
            "value", expected=f"{indicator.lower:g} or more for {indicator.id}", hint="Check the figure and its sign."
        )
    if indicator.upper is not None and value > indicator.upper:
        cells.fault(
            "value",
            expected=f"{indicator.upper:g} or less for {indicator.id}",
            hint="Check the decimal mark and the unit of the figure.",
        )
    return value


def _check_release(
    cells: Cells, period: Period | None, released_from: date | None, released_to: date | None, resource: Resource
) -> None:
    if released_to is None:
        return
    if released_from is not None and released_from > released_to:
        cells.fault(
            "released_from", expected=f"no later than released_to {released_to}", hint="Exchange the two dates."
        )
    if resource.retrieved is not None and released_to > resource.retrieved:
        cells.fault(
            "released_to",
            expected=f"a date no later than {resource.retrieved}, when the file was retrieved",
            hint="A release in the future is not known yet: correct the date.",
        )
    if period is not None and released_to < period.start - _EARLIEST:
        cells.fault(
            "released_to",
            expected=f"a date within a year before {period.start}, when the period began, or later",
            hint="A figure is released during or after its period; a plan belongs in targets.csv.",
        )


def empty() -> pd.DataFrame:
    """A table without observations."""
    return _frame({})


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of the contract in order, with the types of the contract."""
    text = [name for name in OBSERVATION_COLUMNS if name not in {"value", "released_from", "released_to"}]
    return frame[list(OBSERVATION_COLUMNS)].astype(
        {
            **dict.fromkeys(text, "str"),
            "value": "float64",
            "released_from": "datetime64[us]",
            "released_to": "datetime64[us]",
        }
    )


def _frame(records: dict[int, dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        list(records.values()), columns=list(OBSERVATION_COLUMNS), index=pd.Index(list(records), dtype="int64")
    )
    return typed(frame)


def _contract_faults(cases: pd.DataFrame, resource: Resource) -> list[Fault]:
    faults: list[Fault] = []
    for case in cases.to_dict("records"):
        # Regions are told about cell by cell, with candidates.
        if case["check"] == "known_region":
            continue
        expected, hint = _HINTS.get(str(case["check"]), (str(case["check"]), "Correct the cell."))
        row = case["index"]
        faults.append(
            Fault(
                file=resource.path,
                row=int(row) if row is not None and not pd.isna(row) else None,
                column=str(case["column"]),
                found=repr(case["failure_case"]),
                expected=expected,
                hint=hint,
            )
        )
    return faults
