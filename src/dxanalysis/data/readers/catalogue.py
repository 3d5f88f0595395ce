"""The registries of data/raw: indicators, regions, spellings, mergers and sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar, cast

from dxanalysis.data.readers.cells import Cells
from dxanalysis.data.readers.tidy import Layout, Row
from dxanalysis.data.regions import Merger, Region, RegionKind, Registry, region_id
from dxanalysis.data.schema import BOUNDARY_SETS, DIRECTIONS, KINDS, REGION_KINDS, Direction, Indicator, Kind, Source
from dxanalysis.errors import Fault
from dxanalysis.units import UNITS

LAYOUTS: Final = {
    "indicators.csv": Layout(
        name="indicator",
        required=(
            "indicator", "name_vi", "name_en", "definition_vi", "definition_en", "unit", "lower", "upper",
            "direction", "kind", "owner", "aggregation", "measured_by",
        ),
        optional=("near", "ended", "topic_vi", "topic_en"),
    ),
    "regions.csv": Layout(
        name="region",
        required=("boundary_set", "region", "name_vi", "name_en", "kind", "parent", "valid_from", "valid_to"),
    ),
    "region_spellings.csv": Layout(name="spelling", required=("boundary_set", "region", "spelling")),
    "mergers.csv": Layout(name="merger", required=("old_region", "new_region", "effective", "source")),
    "sources.csv": Layout(name="source", required=("source", "title", "publisher", "url", "licence", "note"), optional=("note_vi",)),
}  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything a row of figures refers to."""

    indicators: dict[str, Indicator]
    registry: Registry
    sources: dict[str, Source]


def read_catalogue(tables: Mapping[str, Sequence[Row]]) -> tuple[Catalogue, tuple[Fault, ...]]:
    """Build the catalogue from the rows of its five files; ``tables`` is keyed by file name."""
    faults: list[Fault] = []
    indicators = _collect("indicators.csv", tables, _indicator, lambda item: item.id, faults)
    regions = _collect("regions.csv", tables, _region, lambda item: item.id, faults)
    sources = _collect("sources.csv", tables, _source, lambda item: item.id, faults)
    spellings: dict[str, tuple[str, ...]] = {}
    for row in tables.get("region_spellings.csv", ()):
        cells = Cells("region_spellings.csv", row)
        identity = _id_of(cells)
        if identity not in regions:
            cells.fault("region", expected="a region of regions.csv", hint="Add the region first or correct its code.")
        spellings[identity] = (*spellings.get(identity, ()), cells.text("spelling"))
        faults += cells.faults
    mergers: list[Merger] = []
    for row in tables.get("mergers.csv", ()):
        cells = Cells("mergers.csv", row)
        for column in ("old_region", "new_region"):
            if cells.text(column) not in regions:
                cells.fault(column, expected="a region id such as 63-64", hint="Ids are boundary set, dash, code.")
        effective = cells.day("effective")
        if effective is not None and not cells.faults:
            mergers.append(
                Merger(
                    old_id=cells.text("old_region"),
                    new_id=cells.text("new_region"),
                    effective=effective,
                    source=cells.text("source"),
                )
            )
        faults += cells.faults
    for line, indicator in ((r.line, indicators.get(r.cells["indicator"])) for r in tables.get("indicators.csv", ())):
        if indicator is None:
            continue
        for other in (*indicator.measured_by, *indicator.near):
            if other not in indicators:
                faults.append(
                    Fault(
                        file="indicators.csv",
                        row=line,
                        column="measured_by" if other in indicator.measured_by else "near",
                        found=repr(other),
                        expected="indicators of this file, divided by ;",
                        hint="Correct the spelling or add the indicator.",
                    )
                )
    units = Registry(tuple(regions.values()), tuple(mergers), spellings)
    return Catalogue(indicators=indicators, registry=units, sources=sources), tuple(faults)


def _collect(
    file: str,
    tables: Mapping[str, Sequence[Row]],
    build: Callable[[Cells], T],
    key: Callable[[T], str],
    faults: list[Fault],
) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in tables.get(file, ()):
        cells = Cells(file, row)
        item = build(cells)
        if not cells.faults and key(item) in found:
            column = next(iter(row.cells))
            cells.fault(column, expected="each id once", hint="Remove the second row, or give it an id of its own.")
        if not cells.faults:
            found[key(item)] = item
        faults += cells.faults
    return found


def _indicator(cells: Cells) -> Indicator:
    for column in ("indicator", "name_vi", "name_en", "definition_vi", "definition_en", "owner"):
        cells.required(
            column, expected="a text", hint="Every indicator is named and defined in Vietnamese and English."
        )
    unit = cells.choice("unit", sorted(UNITS))
    lower, upper = cells.optional_number("lower"), cells.optional_number("upper")
    if lower is not None and upper is not None and lower >= upper:
        cells.fault("upper", expected=f"more than the lower bound {lower:g}", hint="Exchange the two bounds.")
    return Indicator(
        id=cells.text("indicator"),
        name_vi=cells.text("name_vi"),
        name_en=cells.text("name_en"),
        definition_vi=cells.text("definition_vi"),
        definition_en=cells.text("definition_en"),
        unit=unit or "",
        lower=lower,
        upper=upper,
        direction=cast("Direction", cells.choice("direction", DIRECTIONS) or "none"),
        kind=cast("Kind", cells.choice("kind", KINDS) or "level"),
        owner=cells.text("owner"),
        aggregation=cells.text("aggregation"),
        measured_by=_ids(cells.text("measured_by")),
        near=_ids(cells.text("near")),
        ended=cells.optional_day("ended"),
        topic_vi=cells.text("topic_vi"),
        topic_en=cells.text("topic_en"),
    )


def _region(cells: Cells) -> Region:
    boundary_set = cells.choice("boundary_set", BOUNDARY_SETS) or ""
    kind = cells.choice("kind", REGION_KINDS) or "province"
    valid_from: date | None = cells.optional_day("valid_from")
    valid_to: date | None = cells.optional_day("valid_to")
    return Region(
        boundary_set=boundary_set,
        code=cells.required("region", expected="a code", hint="Codes keep their leading zero.") or "",
        name_vi=cells.required("name_vi", expected="a name", hint="Write the official name.") or "",
        name_en=cells.required("name_en", expected="a name", hint="Write the name without diacritics.") or "",
        kind=cast("RegionKind", kind),
        parent=cells.text("parent"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _source(cells: Cells) -> Source:
    hint = "Say where the figure was published; no figure goes without a source."
    return Source(
        id=cells.required("source", expected="a short id", hint=hint) or "",
        title=cells.required("title", expected="a title", hint=hint) or "",
        publisher=cells.text("publisher"),
        url=cells.text("url"),
        licence=cells.required("licence", expected="a licence or 'official statistics, cite'", hint=hint) or "",
        note=cells.text("note"),
        note_vi=cells.text("note_vi"),
    )


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _id_of(cells: Cells) -> str:
    return region_id(cells.text("boundary_set"), cells.text("region"))
