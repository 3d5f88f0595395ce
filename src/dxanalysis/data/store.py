"""The store of published figures, and what was known on any day.

A later release never overwrites an earlier one: :meth:`Store.observations` picks, for every indicator, region and period, the newest
release known on the day asked for. A release whose date is known only between two days counts as known from the later one, and
as newer than another when its earliest day is later; one of no known date gives way to any that is dated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dxanalysis.data import slices
from dxanalysis.data.current import sound
from dxanalysis.data.ingest import CATALOGUE, OBSERVATIONS, ingest
from dxanalysis.data.periods import Period
from dxanalysis.data.readers.observations import typed
from dxanalysis.data.regions import Merger, Region, Registry
from dxanalysis.data.schema import Indicator, Source, Target
from dxanalysis.errors import DataError
from dxanalysis.project import Project

Choice = str | Sequence[str] | None
When = str | int | Period

# Of two releases of one date, the firmer figure is told.
_STATUS_ORDER = "['revised', 'actual', 'preliminary', 'estimate', 'missing']"


@dataclass(frozen=True, slots=True)
class Store:
    """Published figures with their history. Open one with :func:`open_store`.

    ``as_of`` bounds all that the store tells: figures and targets released later do not exist for it. The store remembers
    which slices it was asked for (:meth:`used`): what a report depends on.
    """

    path: Path
    regions: Registry
    as_of: date | None
    today: date
    _indicators: dict[str, Indicator] = field(repr=False)
    _sources: dict[str, Source] = field(repr=False)
    _targets: tuple[Target, ...] = field(repr=False)
    _index: slices.Index = field(repr=False)
    _asked: set[str] = field(default_factory=set, repr=False)

    def observations(
        self,
        *,
        indicator: Choice = None,
        region: Choice | Region | Sequence[Region] = None,
        period: When | Iterable[When] | None = None,
        as_of: date | str | None = None,
        history: bool = False,
    ) -> pd.DataFrame:
        """Published figures as known on a day.

        Parameters
        ----------
        indicator, region, period
            One, several, or all (None). A region is a :class:`Region` or an id such as ``"34-52"`` (:meth:`region` finds it by name); a
            period is a year such as ``2024``, or text such as ``"2024-Q2"``.
        as_of
            The day; by default the store's own, or all that is known.
        history
            Every release instead of the newest of each period.

        Returns
        -------
        DataFrame
            Columns of the observation contract, sorted by indicator, region and period; figures published as missing are left
            out unless ``history``.

        Raises
        ------
        DataError
            When an indicator or region does not exist, or a period is not written as one (an empty answer would hide the typing error).
            A period that nothing is published for gives an empty frame.
        """
        indicators = _names(indicator)
        region_ids = _region_ids(region)
        periods = _periods(period)
        for name in indicators or ():
            self.indicator(name)
        for name in region_ids or ():
            self.regions.get(name)
        day = self._day(as_of)
        self._remember(indicators, region_ids, day)
        conditions, values = _conditions({"indicator": indicators, "region_id": region_ids, "period": periods}, day)
        newest = (
            ""
            if history
            else f""" qualify row_number() over (
                partition by indicator, region_id, period
                order by released_from desc nulls last, released_to desc, list_position({_STATUS_ORDER}, status), source
            ) = 1"""
        )
        sql = f"""
            select * from (select * from read_parquet(?){conditions}{newest}) {"" if history else "where status <> 'missing'"}
            order by indicator, region_id, period, released_from nulls first, released_to
        """
        with duckdb.connect() as connection:
            return typed(connection.execute(sql, [str(self.path / OBSERVATIONS), *values]).df())

    def targets(
        self, *, region: Choice | Region | Sequence[Region] = None, as_of: date | str | None = None
    ) -> tuple[Target, ...]:
        """Targets known on a day, of one region, several, or all."""
        chosen = _region_ids(region)
        day = self._day(as_of)
        for name in chosen or ("*",):
            self._asked.add(f"targets:{name}{_suffix(day)}")
        return tuple(
            target
            for target in self._targets
            if (chosen is None or target.region_id in chosen) and (day is None or target.released_to <= day)
        )

    def indicator(self, identity: str) -> Indicator:
        """One indicator of the catalogue.

        Raises
        ------
        DataError
            When there is none with that id; near ones are named.
        """
        if identity not in self._indicators:
            near = get_close_matches(identity, self._indicators, n=4)
            raise DataError(
                f"no indicator is called {identity!r}",
                fix=f"Near ones: {', '.join(near)}" if near else "dxanalysis data lists them",
            )
        self._asked.add(f"indicator:{identity}")
        return self._indicators[identity]

    def has_indicator(self, identity: str) -> bool:
        """Whether the catalogue has an indicator: a theme need not have every one that a method can use."""
        self._asked.add(f"indicator:{identity}")
        return identity in self._indicators

    def indicators(self) -> tuple[Indicator, ...]:
        """The whole catalogue."""
        self._asked.add("indicator:*")
        return tuple(self._indicators.values())

    def source(self, identity: str) -> Source:
        """Where figures were published.

        Raises
        ------
        DataError
            When no source has that id.
        """
        if identity not in self._sources:
            raise DataError(f"no source is called {identity!r}", fix="Sources are listed in data/raw/sources.csv")
        self._asked.add(f"source:{identity}")
        return self._sources[identity]

    def region(self, text: str, *, period: When | None = None) -> Region:
        """Find a region by id, code or name in any spelling, as of a period such as ``2026``.

        Raises
        ------
        DataError
            When nothing matches, or when several regions do and no period tells them apart: the candidates are listed.
        """
        self._asked.add("regions:*")
        return self.regions.find(text, period=period)

    def has_passed(self, day: date) -> bool:
        """Whether a day lies before the day the store stands on (``as_of``, else today)."""
        if self.as_of is not None:
            return day < self.as_of
        self._asked.add(f"calendar:{day.isoformat()}")
        return day < self.today

    def used(self) -> dict[str, str]:
        """Slices asked for so far, with the digests of their content."""
        return {key: slices.digest_of(key, self._index, today=self.today) for key in sorted(self._asked)}

    def releases(self, sources: Iterable[str]) -> dict[str, tuple[tuple[date | None, date], ...]]:
        """When sources published what the store was asked for so far: the earliest (None: not known) and the latest possible day of each release, sorted."""
        found: dict[str, set[tuple[date | None, date]]] = {source: set() for source in sources}
        sql = """
            select distinct source, indicator || ':' || region_id, released_from::date, released_to::date
            from read_parquet(?) where list_contains(?, source)
        """
        with duckdb.connect() as connection:
            figures = connection.execute(sql, [str(self.path / OBSERVATIONS), list(found)]).fetchall()
        promises = [(one.source, one.region_id, one.released_from, one.released_to) for one in self._targets]
        for table, rows in (("observations", figures), ("targets", promises)):
            for source, name, first, last in rows:
                if source in found and any(slices.covers(key, table, name, last) for key in self._asked):
                    found[source].add((first, last))
        return {
            source: tuple(sorted(days, key=lambda day: (day[1], day[0] or date.min))) for source, days in found.items()
        }

    def newest_release(self) -> str:
        """Newest release among the figures asked for so far, as year-month-day; empty where none is known to a month."""
        return slices.newest_release(self._asked, self._index)

    def __repr__(self) -> str:
        day = f", as of {self.as_of}" if self.as_of is not None else ""
        return (
            f"Store({len(self._indicators)} indicators, {len(self.regions.regions)} regions, {len(self._targets)} targets, "
            f"{len(self._sources)} sources{day})"
        )

    def _day(self, as_of: date | str | None) -> date | None:
        day = _as_date(as_of) if as_of is not None else None
        days = [d for d in (day, self.as_of) if d is not None]
        return min(days) if days else None

    def _remember(self, indicators: tuple[str, ...] | None, regions: tuple[str, ...] | None, day: date | None) -> None:
        for name in indicators or ("*",):
            for identity in regions or ("*",):
                self._asked.add(f"observations:{name}:{identity}{_suffix(day)}")


def open_store(project: Project, *, as_of: date | str | None = None, today: date | None = None) -> Store:
    """Open the project's store, building it first when there is none, or when a file of it was altered.

    Parameters
    ----------
    project
        Where data/raw and data/processed are.
    as_of
        Tell only what was known on that day.
    today
        The day that deadlines are held against; by default the project's own, else the clock's. It is ignored when ``as_of`` is given.

    Raises
    ------
    DataError
        When the store has to be built and data/raw has faults.
    """
    path = slices.current_store(project.processed)
    if path is None or sound(path) is None:
        ingest(project.raw, project.processed)
        path = slices.current_store(project.processed)
    if path is None:
        raise DataError("the store could not be opened", where="data/processed", fix="Run: dxanalysis ingest")
    plain = json.loads((path / CATALOGUE).read_text(encoding="utf-8"))
    return Store(
        path,
        Registry(
            tuple(Region(**_dated(region, "valid_from", "valid_to")) for region in plain["regions"]),
            tuple(Merger(**_dated(merger, "effective")) for merger in plain["mergers"]),
            {identity: tuple(names) for identity, names in plain["spellings"].items()},
        ),
        _as_date(as_of) if as_of is not None else None,
        today or project.today or date.today(),  # noqa: DTZ011 - deadlines are calendar days where the reader is
        {identity: _indicator(item) for identity, item in plain["indicators"].items()},
        {identity: Source(**item) for identity, item in plain["sources"].items()},
        tuple(
            Target(**{**_dated(target, "released_from", "released_to"), "deadline": Period.parse(target["deadline"])})
            for target in plain["targets"]
        ),
        slices.read_index(path),
    )


def _indicator(item: dict[str, Any]) -> Indicator:
    lists = {name: tuple(item[name]) for name in ("measured_by", "near")}
    return Indicator(**{**_dated(item, "ended"), **lists})


def _as_date(value: date | str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise DataError(f"{value!r} is not a date", fix="Write year-month-day, e.g. 2024-06-30") from error


def _names(choice: Choice) -> tuple[str, ...] | None:
    if choice is None:
        return None
    return (choice,) if isinstance(choice, str) else tuple(choice)


def _periods(choice: When | Iterable[When] | None) -> tuple[str, ...] | None:
    if choice is None:
        return None
    items = choice if isinstance(choice, Iterable) and not isinstance(choice, str) else (choice,)
    return tuple(Period.parse(item).text for item in items)


def _region_ids(choice: Choice | Region | Sequence[Region]) -> tuple[str, ...] | None:
    if choice is None:
        return None
    items: Iterable[str | Region] = (choice,) if isinstance(choice, str | Region) else choice
    return tuple(item.id if isinstance(item, Region) else item for item in items)


def _conditions(chosen: dict[str, tuple[str, ...] | None], day: date | None) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    for column, names in chosen.items():
        if names is not None:
            clauses.append(f"{column} in ({', '.join('?' for _ in names) or 'null'})")
            values += names
    if day is not None:
        clauses.append("released_to <= ?")
        values.append(day)
    return (" where " + " and ".join(clauses) if clauses else ""), values


def _suffix(day: date | None) -> str:
    return f"@{day.isoformat()}" if day is not None else ""


def _dated(entry: dict[str, Any], *columns: str) -> dict[str, Any]:
    return {**entry, **{c: date.fromisoformat(entry[c]) for c in columns if entry.get(c)}}
