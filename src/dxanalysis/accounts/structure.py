"""The structure of GDP or GRDP: the shares of agriculture, industry and construction, services and product taxes.

Offices publish it as shares or as levels at current prices, for years and half-years, often in several releases of
which some hold one area only. One full set of one release is used, never a mixture where a full set exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from dxanalysis.accounts.figures import Figure, Note, Ranged, figures, one_unit, rounding_range
from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError

Area = Literal["agri", "indcon", "services", "tax"]
AREAS: Final[tuple[Area, ...]] = ("agri", "indcon", "services", "tax")
PRODUCING: Final[tuple[Area, ...]] = ("agri", "indcon", "services")
WHOLE: Final = 100.0
# A published structure may miss 100 by a misprint of a few tenths; a point or more is another kind of table.
SUM_REFUSED_PP: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Shares of the four areas in GDP or GRDP, percent, current prices, from one set of published figures."""

    region_id: str
    period: Period
    agri: Ranged
    indcon: Ranged
    services: Ranged
    tax: Ranged
    kind: Literal["shares", "levels", "mean"]
    figures: tuple[Figure, ...] = ()
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        where = f"{self.region_id}, {self.period}"
        for area in AREAS:
            share = self.share(area).value
            if area != "tax" and share < 0:
                raise DataError(f"the share of {area} is {share:g} percent", where=where, fix="Expected 0 to 100")
            if share > WHOLE:
                raise DataError(
                    f"the share of {area} is {share:g} percent, more than the whole",
                    where=where,
                    fix="Expected 0 to 100",
                )
        total = sum(self.share(area).value for area in AREAS)
        if abs(total - WHOLE) > SUM_REFUSED_PP + self._rounding():
            raise DataError(
                f"the four areas add up to {total:g} percent, not 100",
                where=where,
                fix="Check that agriculture, industry and construction, services and product taxes are of one table",
            )

    def share(self, area: Area) -> Ranged:
        """Share of one area, percent."""
        shares: Mapping[Area, Ranged] = {
            "agri": self.agri,
            "indcon": self.indcon,
            "services": self.services,
            "tax": self.tax,
        }
        return shares[area]

    @property
    def total(self) -> float:
        """Sum of the four shares as published, percent."""
        return sum(self.share(area).value for area in AREAS)

    @property
    def adds_up(self) -> bool:
        """Whether the four shares add up to 100 within the rounding of the printed figures."""
        return abs(self.total - WHOLE) <= self._rounding() + 1e-9

    def _rounding(self) -> float:
        return sum(max(one.high - one.value, one.value - one.low) for one in (self.share(area) for area in AREAS))


def structure_indicators(prefix: Literal["gdp", "grdp"]) -> tuple[str, ...]:
    """Ids of the indicators a structure is read from: shares by area, levels by area, and the whole."""
    kinds = (f"{prefix}_{kind}_{area}" for kind in ("structure", "current") for area in AREAS)
    return (*kinds, f"{prefix}_current")


def structures(frame: pd.DataFrame, prefix: Literal["gdp", "grdp"]) -> tuple[Structure, ...]:
    """Every full structure in an observation frame of one region, at most one a period, oldest period first.

    A period counts when the three producing areas are there. Preferred, in this order: the set that can be checked (it has
    the taxes, or the levels with their total), the newest release, shares before levels. Only when no single release has
    the three areas are the newest values of each taken together, with the note ``mixed_releases``.

    Parameters
    ----------
    frame
        Observations (columns as the store returns them), one region, any number of releases.
    prefix
        ``gdp`` for the nation, ``grdp`` for a province: indicators ``<prefix>_structure_<area>`` (percent) and
        ``<prefix>_current_<area>``, ``<prefix>_current`` (any one currency unit).

    Raises
    ------
    DataError
        When shares are negative or above 100, add up to something else than 100, or units are mixed.
    """
    shares = {f"{prefix}_structure_{area}": area for area in AREAS}
    levels = {f"{prefix}_current_{area}": area for area in AREAS}
    total_id = f"{prefix}_current"
    found = figures(frame, (*shares, *levels, total_id))
    result = []
    for text in sorted({figure.period for figure in found}, key=Period.parse):
        here = [figure for figure in found if figure.period == text]
        by_share = [figure for figure in here if figure.indicator in shares]
        by_level = [figure for figure in here if figure.indicator in levels]
        totals = [figure for figure in here if figure.indicator == total_id]
        chosen = _best(by_share, shares, by_level, levels, totals)
        if chosen is not None:
            result.append(chosen)
    return tuple(result)


def mean_structure(parts: Sequence[Structure], period: Period) -> Structure:
    """Plain mean of yearly structures, for a figure that is itself published as a mean over years."""

    def mean(area: Area) -> Ranged:
        every = [part.share(area) for part in parts]
        n = len(every)
        return Ranged(
            value=sum(one.value for one in every) / n,
            low=sum(one.low for one in every) / n,
            high=sum(one.high for one in every) / n,
        )

    years = tuple(str(part.period) for part in parts)
    return Structure(
        region_id=parts[0].region_id,
        period=period,
        agri=mean("agri"),
        indcon=mean("indcon"),
        services=mean("services"),
        tax=mean("tax"),
        kind="mean",
        figures=tuple(figure for part in parts for figure in part.figures),
        notes=(
            Note(code="structure_is_mean_of_years", facts=(("years", ", ".join(years)),)),
            *dict.fromkeys(note for part in parts for note in part.notes),
        ),
    )


def _best(
    by_share: Sequence[Figure],
    shares: Mapping[str, Area],
    by_level: Sequence[Figure],
    levels: Mapping[str, Area],
    totals: Sequence[Figure],
) -> Structure | None:
    ranked = []
    for release in {figure.release for figure in by_share}:
        group = {shares[one.indicator]: one for one in by_share if one.release == release}
        if all(area in group for area in PRODUCING):
            ranked.append(((int("tax" in group), release, 1), "shares", group))
    for release in {figure.release for figure in by_level}:
        group = {levels[one.indicator]: one for one in by_level if one.release == release}
        known = "tax" in group or bool(totals)
        if all(area in group for area in PRODUCING) and known:
            ranked.append(((1, release, 0), "levels", group))
    if ranked:
        _, kind, group = max(ranked, key=lambda one: one[0])
        if kind == "levels":
            return _from_levels(group, totals)
        return _from_shares(group, by_share, shares, notes=())
    newest: dict[Area, Figure] = {}
    for figure in sorted(by_share, key=lambda one: one.release):
        newest[shares[figure.indicator]] = figure
    if all(area in newest for area in PRODUCING):
        return _from_shares(newest, by_share, shares, notes=(Note(code="mixed_releases"),))
    return None


def _from_shares(
    group: Mapping[Area, Figure], every: Sequence[Figure], ids: Mapping[str, Area], notes: tuple[Note, ...]
) -> Structure:
    used = tuple(group[area] for area in AREAS if area in group)
    one_unit(used, "percent")
    ranges = {
        area: rounding_range(one, (other for other in every if ids[other.indicator] == area))
        for area, one in group.items()
    }
    if "tax" not in ranges:
        rest = WHOLE - sum(one.value for one in used)
        # The remainder carries the rounding of all three, so that a sum slightly above 100 is rounding and a large one an error.
        slack = sum(one.half_unit for one in used)
        if rest < -slack:
            raise DataError(
                f"agriculture, industry and services alone add up to {WHOLE - rest:g} percent, not 100 or less",
                where=f"{used[0].region_id}, {used[0].period}",
                fix="Check that the shares are of one table",
            )
        ranges["tax"] = Ranged(value=rest, low=rest - slack, high=rest + slack)
        notes = (*notes, Note(code="tax_is_remainder"))
    return _checked(used, ranges, "shares", notes)


def _from_levels(group: Mapping[Area, Figure], totals: Sequence[Figure]) -> Structure:
    used = [group[area] for area in AREAS if area in group]
    notes: tuple[Note, ...] = ()
    release = used[0].release
    same = [one for one in totals if one.release == release]
    total_figure = (same or sorted(totals, key=lambda one: one.release))[-1] if totals else None
    if total_figure is not None:
        one_unit([*used, total_figure])
        total = total_figure.value
        used.append(total_figure)
    else:
        one_unit(used)
        total = sum(one.value for one in used)
    where = f"{used[0].region_id}, {used[0].period}"
    if total <= 0:
        raise DataError(f"the total is {total:g}", where=where, fix="Expected a level above zero")
    # Division is exact to about half a printed unit over the total; levels are printed far finer than shares.
    ranges = {
        area: Ranged(
            value=WHOLE * one.value / total,
            low=max(0.0, WHOLE * (one.value - one.half_unit) / total),
            high=WHOLE * (one.value + one.half_unit) / total,
        )
        for area, one in group.items()
    }
    if "tax" not in ranges:
        rest = WHOLE - sum(one.value for one in ranges.values())
        if rest < 0:
            raise DataError(
                f"agriculture, industry and services are {WHOLE - rest:g} percent of the published total",
                where=where,
                fix="Check that the levels and the total are of one table and one price base",
            )
        ranges["tax"] = Ranged(value=rest, low=rest, high=rest)
        notes = (Note(code="tax_is_remainder"),)
    return _checked(tuple(used), ranges, "levels", notes)


def _checked(
    used: tuple[Figure, ...], ranges: Mapping[Area, Ranged], kind: Literal["shares", "levels"], notes: tuple[Note, ...]
) -> Structure:
    made = Structure(
        region_id=used[0].region_id,
        period=Period.parse(used[0].period),
        agri=ranges["agri"],
        indcon=ranges["indcon"],
        services=ranges["services"],
        tax=ranges["tax"],
        kind=kind,
        figures=used,
        notes=notes,
    )
    if made.adds_up:
        return made
    off = Note(code="structure_does_not_add_up", facts=(("region_id", made.region_id), ("sum", round(made.total, 4))))
    return Structure(
        region_id=made.region_id,
        period=made.period,
        agri=made.agri,
        indcon=made.indcon,
        services=made.services,
        tax=made.tax,
        kind=kind,
        figures=used,
        notes=(*notes, off),
    )
