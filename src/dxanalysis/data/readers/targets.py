"""Rows of targets: what a plan promises, for which region, by when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from dxanalysis.data.periods import Period
from dxanalysis.data.readers.catalogue import Catalogue
from dxanalysis.data.readers.cells import Cells
from dxanalysis.data.readers.tidy import Layout, Row
from dxanalysis.data.regions import region_id
from dxanalysis.data.schema import COMPARATORS, MEANINGS, Comparator, Indicator, Meaning, Target
from dxanalysis.data.sources import Resource
from dxanalysis.errors import Fault

LAYOUT: Final = Layout(
    name="target",
    required=(
        "target", "indicator", "boundary_set", "region", "deadline", "comparator", "value", "upper", "unit", "meaning",
        "released_from", "released_to", "source",
    ),
    optional=("note", "note_vi"),
)  # fmt: skip


_BACKWARDS: Final = ((">=", "down"), ("<=", "up"))


def read_targets(
    rows: Sequence[Row], resource: Resource, catalogue: Catalogue
) -> tuple[tuple[Target, ...], tuple[Fault, ...]]:
    """Type the rows of one file of targets; rows with a fault are left out."""
    targets: list[Target] = []
    faults: list[Fault] = []
    for row in rows:
        cells = Cells(resource.path, row, decimal=resource.decimal)
        target = _target(cells, catalogue, resource)
        if target is not None and not cells.faults:
            targets.append(target)
        faults += cells.faults
    return tuple(targets), tuple(faults)


def _target(cells: Cells, catalogue: Catalogue, resource: Resource) -> Target | None:
    cells.required("target", expected="an id", hint="Give every target an id of its own.")
    indicator = catalogue.indicators.get(cells.text("indicator"))
    if indicator is None:
        cells.fault(
            "indicator",
            expected="an indicator of indicators.csv",
            hint="Correct the spelling, or define it there first.",
        )
    elif cells.text("unit") != indicator.unit:
        cells.fault(
            "unit", expected=f"{indicator.unit}, the unit of {indicator.id}", hint="Write the target in this unit."
        )
    identity = region_id(cells.text("boundary_set"), cells.text("region"))
    if identity not in catalogue.registry.ids:
        cells.fault(
            "region",
            found=f"boundary_set {cells.text('boundary_set')!r}, region {cells.text('region')!r}",
            expected="a boundary set and a code of regions.csv",
            hint="Correct the code, or add the region first.",
        )
    deadline = _deadline(cells)
    comparator = cells.choice("comparator", COMPARATORS)
    if indicator is not None and (comparator, indicator.direction) in _BACKWARDS:
        way, other = ("lower", "<=") if indicator.direction == "down" else ("higher", ">=")
        cells.fault(
            "comparator",
            expected=f"{other}, since {indicator.id} is better the {way}",
            hint="A target the other way round would be called met where it is missed: correct it, or the direction in indicators.csv.",
        )
    meaning = cells.choice("meaning", MEANINGS)
    if deadline is not None and deadline.kind == "span" and meaning in {"at", "by"}:
        cells.fault(
            "meaning",
            expected="mean, since the deadline is a span",
            hint=f"The mean over the span: write mean. Once, at or by its end: write the deadline {deadline.end.year}.",
        )
    value, upper, group = _aim(cells, comparator)
    _check_bounds(cells, indicator, value, upper)
    released_from, released_to = cells.optional_day("released_from"), cells.day("released_to")
    if released_from is not None and released_to is not None and released_from > released_to:
        cells.fault(
            "released_from", expected=f"no later than released_to {released_to}", hint="Exchange the two dates."
        )
    if resource.retrieved is not None and released_to is not None and released_to > resource.retrieved:
        cells.fault(
            "released_to",
            expected=f"a date no later than {resource.retrieved}, when the file was retrieved",
            hint="A plan of the future is not known yet: correct the date.",
        )
    if cells.text("source") not in catalogue.sources:
        cells.fault("source", expected="a source of sources.csv", hint="No figure goes without a source.")
    if cells.faults or deadline is None or released_to is None:
        return None
    return Target(
        id=cells.text("target"),
        indicator=cells.text("indicator"),
        region_id=identity,
        deadline=deadline,
        comparator=cast("Comparator", comparator),
        value=value,
        upper=upper,
        group=group,
        unit=cells.text("unit"),
        meaning=cast("Meaning", meaning),
        released_from=released_from,
        released_to=released_to,
        source=cells.text("source"),
        note=cells.text("note"),
        note_vi=cells.text("note_vi"),
    )


def _deadline(cells: Cells) -> Period | None:
    if not cells.text("deadline"):
        cells.fault(
            "deadline",
            found="an empty cell",
            expected="a year such as 2030",
            hint="A target without a deadline cannot be judged: look the deadline up in the plan.",
        )
        return None
    return cells.period("deadline")


def _check_bounds(cells: Cells, indicator: Indicator | None, value: float | None, upper: float | None) -> None:
    """Refuse a target that its indicator can never have: it would be judged missed for ever."""
    for column, number in (("value", value), ("upper", upper)):
        if indicator is None or number is None:
            continue
        low, high = indicator.lower, indicator.upper
        if (low is not None and number < low) or (high is not None and number > high):
            shown = f"{'any' if low is None else f'{low:g}'} to {'any' if high is None else f'{high:g}'}"
            cells.fault(column, expected=f"within the bounds of {indicator.id}, {shown}", hint="Check the figure and its unit.")


def _aim(cells: Cells, comparator: str | None) -> tuple[float | None, float | None, str | None]:
    if comparator == "group":
        return None, None, cells.required("value", expected="the name of a group", hint="Write it as the plan does.")
    value = cells.number("value")
    upper = cells.optional_number("upper")
    if comparator == "range" and (upper is None or value is None or upper <= value):
        cells.fault(
            "upper", expected="a number above value", hint="A range has a lower end in value and an upper end in upper."
        )
    if comparator != "range" and upper is not None:
        cells.fault("upper", expected="an empty cell", hint="Only the comparator 'range' has an upper end.")
    return value, upper, None
