"""The nation's digital value added by area beside the nation's structure: what a transfer takes its intensities from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from dxanalysis.accounts.electronics import (
    ELECTRONICS_PART,
    INDUSTRY_PARTS,
    SERVICES_PARTS,
    electronics_bounds,
    least_parts,
)
from dxanalysis.accounts.figures import (
    Figure,
    Note,
    NotEnoughData,
    Ranged,
    as_year,
    figures,
    nearest,
    one_region,
    one_unit,
    rounding_range,
)
from dxanalysis.accounts.structure import PRODUCING, Structure, mean_structure, structure_indicators, structures
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError

TOTAL: Final = "de_va_share_gdp"
CORE: Final = "de_core_share_gdp"
DIGITALISED: Final = "de_digitalised_share_gdp"
AREA_IDS: Final = {"agri": "de_agri_share_gdp", "indcon": "de_indcon_share_gdp", "services": "de_services_share_gdp"}
LevelEvidence = Literal["releases", "revisions_seen", "none"]

# All that the nation's figures are taken from; an archive need not have every one.
NATIONAL_INDICATORS: Final = (
    TOTAL,
    CORE,
    DIGITALISED,
    *AREA_IDS.values(),
    ELECTRONICS_PART,
    *INDUSTRY_PARTS,
    *SERVICES_PARTS,
    *structure_indicators("gdp"),
)
_ALL: Final = (TOTAL, CORE, DIGITALISED, *AREA_IDS.values(), ELECTRONICS_PART, *INDUSTRY_PARTS, *SERVICES_PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalSet:
    """Digital value added of one period by area, percent of GDP, with the structure of GDP.

    ``kind`` is ``full`` where one release gives all three areas, ``remainder`` where it gives the total and services only,
    agriculture is taken from the nearest period and industry is what is left. ``agri_ever`` spans the values published for
    agriculture in any period. ``electronics_low`` and ``electronics_high`` bound the electronics industry's value added (percent
    of GDP) by accounting identities.
    """

    region_id: str
    period: Period
    kind: Literal["full", "remainder"]
    agri: Ranged
    indcon: Ranged
    services: Ranged
    core: Ranged
    agri_ever: Ranged
    structure: Structure
    electronics_low: float
    electronics_high: float
    figures: tuple[Figure, ...]
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        return f"NationalSet({self.region_id} {self.period}, {self.kind}: {self.total:.2f} percent of GDP, {len(self.figures)} figures)"

    @property
    def total(self) -> float:
        """Digital value added, percent of GDP: the sum of the areas."""
        return self.agri.value + self.indcon.value + self.services.value


def national_sets(frame: pd.DataFrame) -> tuple[NationalSet, ...] | NotEnoughData:
    """Every period for which the nation's digital value added by area and its structure are known.

    Parameters
    ----------
    frame
        Observations of the nation, best with every release (``history=True``): the spread of releases is part of the
        uncertainty, and a set must come from one release.

    Returns
    -------
    tuple of NationalSet or NotEnoughData
        Oldest period first.
    """
    found = figures(frame, _ALL)
    made = structures(frame, "gdp")
    if not found:
        return NotEnoughData(
            wanted="national_intensities",
            region_id="VN",
            period="",
            missing=(TOTAL, *AREA_IDS.values()),
            reason="no_national_figures",
        )
    region = one_region(found, "national figures")
    one_unit(found, "percent")
    if not made:
        return NotEnoughData(
            wanted="national_intensities",
            region_id=region,
            period="",
            missing=tuple(f"gdp_structure_{area}" for area in AREA_IDS),
            reason="no_national_structure",
        )
    result = []
    for text in sorted({figure.period for figure in found}, key=Period.parse):
        parts = _parts(found, text)
        if parts is None:
            continue
        core = _core(found, text, parts)
        if core is None:
            return NotEnoughData(
                wanted="national_intensities",
                region_id=region,
                period=text,
                missing=(CORE, DIGITALISED),
                reason="no_core",
            )
        result.append(_national_set(found, made, parts, core))
    if not result:
        missing = tuple(AREA_IDS.values())
        return NotEnoughData(
            wanted="national_intensities",
            region_id=region,
            period="",
            missing=missing,
            reason="no_digital_value_added_by_area",
        )
    return tuple(result)


def nearest_set(sets: Sequence[NationalSet], asked: Period) -> NationalSet:
    """Return the set nearest in time to ``asked``: the rule is stated with the result.

    Distance is between the middles of the periods; at equal distance a full set comes before one with a remainder, then the
    later period, which has the better compilation.
    """
    return min(
        sets, key=lambda one: (abs(as_year(one.period) - as_year(asked)), one.kind != "full", -as_year(one.period))
    )


def level_range(frame: pd.DataFrame, chosen: NationalSet, asked: Period) -> tuple[float, float, LevelEvidence]:
    """Factors between which the national level may lie: other releases of it, and the year that was asked for.

    For the set's own period every other release of the total over the set's total. Where its period has one release only, the
    least and the greatest revision ever published (last release over first, any period): a first estimate will be revised too.
    Where another period was asked for, also the total published for that period, over the set's total.
    """
    totals = figures(frame, (TOTAL,))
    own = [one for one in totals if one.period == str(chosen.period)]
    factors = [1.0]
    evidence: LevelEvidence = "none"
    if len({one.release for one in own}) > 1:
        factors += [one.value / chosen.total for one in own]
        evidence = "releases"
    else:
        seen = [last.value / first.value for first, last in _revised(totals)]
        factors += seen
        evidence = "revisions_seen" if seen else "none"
    if asked.text != str(chosen.period):
        factors += [one.value / chosen.total for one in totals if one.period == asked.text]
    return min(factors), max(factors), evidence


@dataclass(frozen=True, slots=True)
class _Parts:
    period: str
    kind: Literal["full", "remainder"]
    by_area: Mapping[str, Ranged]
    used: tuple[Figure, ...]
    notes: tuple[Note, ...]

    @property
    def total(self) -> float:
        return sum(one.value for one in self.by_area.values())


def _parts(found: Sequence[Figure], text: str) -> _Parts | None:
    """Digital value added by area in one period: all three of one release, else services and total of one release."""
    here = [figure for figure in found if figure.period == text]
    for release in sorted({figure.release for figure in here}, reverse=True):
        group = {figure.indicator: figure for figure in here if figure.release == release}
        if all(name in group for name in AREA_IDS.values()):
            used = tuple(group[name] for name in AREA_IDS.values())
            return _Parts(
                text, "full", {area: rounding_range(group[name]) for area, name in AREA_IDS.items()}, used, ()
            )
    for release in sorted({figure.release for figure in here}, reverse=True):
        group = {figure.indicator: figure for figure in here if figure.release == release}
        total, services = group.get(TOTAL), group.get(AREA_IDS["services"])
        agri = nearest(found, AREA_IDS["agri"], text)
        if total is None or services is None or agri is None:
            continue
        rest = total.value - services.value - agri.value
        if rest < 0:
            continue
        slack = total.half_unit + services.half_unit
        # Agriculture may have been anything it was ever published as; what it does not take is industry's.
        ever = _span(rounding_range(agri), [one for one in found if one.indicator == AREA_IDS["agri"]])
        by_area = {
            "agri": rounding_range(agri),
            "indcon": Ranged(
                value=rest,
                low=max(0.0, rest - slack - (ever.high - agri.value)),
                high=rest + slack + (agri.value - ever.low),
            ),
            "services": rounding_range(services),
        }
        note = Note(code="national_industry_is_remainder", facts=(("period", text), ("agriculture_from", agri.period)))
        return _Parts(text, "remainder", by_area, (total, services, agri), (note,))
    return None


def _core(
    found: Sequence[Figure], text: str, parts: _Parts
) -> tuple[Ranged, tuple[Figure, ...], tuple[Note, ...]] | None:
    """Core digital industries, percent of GDP: of the same release, or the core's part of the total in the nearest period."""
    release = parts.used[0].release
    same = [one for one in found if one.indicator == CORE and one.period == text and one.release == release]
    if same:
        return rounding_range(same[0]), (same[0],), ()
    core = nearest(found, CORE, text)
    if core is None:
        return None
    other = [
        one
        for one in found
        if one.indicator == DIGITALISED and one.period == core.period and one.release == core.release
    ]
    if not other:
        return None
    fraction = core.value / (core.value + other[0].value)
    value = fraction * parts.total
    slack = parts.total * (core.half_unit + other[0].half_unit) / (core.value + other[0].value)
    note = Note(
        code="core_from_other_period",
        facts=(("period", text), ("core_from", core.period), ("fraction", round(fraction, 4))),
    )
    return Ranged(value=value, low=max(0.0, value - slack), high=value + slack), (core, other[0]), (note,)


def _national_set(
    found: Sequence[Figure],
    made: Sequence[Structure],
    parts: _Parts,
    core: tuple[Ranged, tuple[Figure, ...], tuple[Note, ...]],
) -> NationalSet:
    period = Period.parse(parts.period)
    structure = _structure_for(made, period)
    notes = [*parts.notes, *core[2], *structure.notes]
    if structure.period.text != parts.period:
        notes.append(
            Note(
                code="national_structure_of_other_period",
                facts=(("period", parts.period), ("structure", str(structure.period))),
            )
        )
    _refuse_more_than_the_area(parts, structure)
    total = parts.total
    least, used_least = least_parts(found, parts.period, (ELECTRONICS_PART,))
    industry, used_industry = least_parts(found, parts.period, INDUSTRY_PARTS)
    services, used_services = least_parts(found, parts.period, SERVICES_PARTS)
    if not used_least:
        notes.append(Note(code="electronics_part_not_published"))
    low, high = electronics_bounds(
        indcon=parts.by_area["indcon"].value,
        services=parts.by_area["services"].value,
        core=core[0].value,
        total=total,
        electronics_part=least,
        other_industry_part=industry,
        other_services_part=services,
    )
    notes += _does_not_add(found, parts, core[0].value)
    ever = [one for one in found if one.indicator == AREA_IDS["agri"]]
    return NationalSet(
        region_id=parts.used[0].region_id,
        period=period,
        kind=parts.kind,
        agri=parts.by_area["agri"],
        indcon=parts.by_area["indcon"],
        services=parts.by_area["services"],
        core=core[0],
        agri_ever=_span(parts.by_area["agri"], ever),
        structure=structure,
        electronics_low=low,
        electronics_high=high,
        figures=tuple(
            dict.fromkeys((*parts.used, *core[1], *used_least, *used_industry, *used_services, *structure.figures))
        ),
        notes=tuple(notes),
    )


def _structure_for(made: Sequence[Structure], period: Period) -> Structure:
    """Structure of the same period; for a mean over years the mean of its years; else the nearest full year."""
    yearly = [one for one in made if one.period.kind == "year"] or list(made)
    exact = [one for one in made if one.period.text == period.text]
    if exact:
        return exact[0]
    inside = [
        one
        for one in yearly
        if period.kind == "span" and period.start <= one.period.start and one.period.end <= period.end
    ]
    if len(inside) > 1:
        return mean_structure(inside, period)
    return (inside or [min(yearly, key=lambda one: abs(as_year(one.period) - as_year(period)))])[0]


def _does_not_add(found: Sequence[Figure], parts: _Parts, core: float) -> list[Note]:
    release = parts.used[0].release
    same = [
        one for one in found if one.indicator == DIGITALISED and one.period == parts.period and one.release == release
    ]
    if not same:
        return []
    slack = sum(one.half_unit for one in (*parts.used, same[0])) + 0.005
    if abs(core + same[0].value - parts.total) <= slack:
        return []
    facts: tuple[tuple[str, str | float], ...] = (
        ("by_kind", round(core + same[0].value, 4)),
        ("by_area", round(parts.total, 4)),
    )
    return [Note(code="national_parts_do_not_add", facts=facts)]


def _span(used: Ranged, others: Sequence[Figure]) -> Ranged:
    return Ranged(
        value=used.value,
        low=max(0.0, min([used.low, *(one.value - one.half_unit for one in others)])),
        high=max([used.high, *(one.value + one.half_unit for one in others)]),
    )


def _revised(totals: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """First and each later release of every period that was released more than once."""
    pairs = []
    for text in {one.period for one in totals}:
        every = sorted((one for one in totals if one.period == text), key=lambda one: one.release)
        pairs += [(every[0], later) for later in every[1:]]
    return pairs


def _refuse_more_than_the_area(parts: _Parts, structure: Structure) -> None:
    for area in PRODUCING:
        part, whole = parts.by_area[area].value, structure.share(area).value
        if not 0 <= part <= whole:
            raise DataError(
                f"digital value added of {area} is {part:g} percent of GDP, the whole area {whole:g}",
                where=f"{structure.region_id}, {parts.period}",
                fix="Expected 0 or more, and no more than the area's own share of GDP",
            )
