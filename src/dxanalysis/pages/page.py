"""One report in the making: the region, the language, the store it reads and the recorder it speaks to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dxanalysis.charts import Chart
from dxanalysis.data import open_store
from dxanalysis.data.regions import Region
from dxanalysis.data.schema import Source
from dxanalysis.data.store import Store
from dxanalysis.errors import ParameterError
from dxanalysis.i18n import Texts, texts
from dxanalysis.project import Project, find_project
from dxanalysis.reports.recording.items import Tone
from dxanalysis.reports.recording.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Page:
    """A report in the making. Open one with :func:`open_page`."""

    project: Project
    store: Store
    region: Region
    t: Texts
    recorder: Recorder
    _cited: dict[str, None] = field(default_factory=dict, repr=False)
    _until: list[date] = field(default_factory=list, repr=False)

    @property
    def language(self) -> str:
        """Language of the report."""
        return self.t.language

    @property
    def is_nation(self) -> bool:
        """Whether the report is about the nation."""
        return self.region.kind == "nation"

    @property
    def place(self) -> str:
        """Name of the region with its boundaries, as readers tell them apart."""
        return self.place_of(self.region.id)

    def place_of(self, region_id: str) -> str:
        """Name of a region; a unit that a merger changed is told from its namesake."""
        region = self.store.regions.get(region_id)
        name = region.name(self.language)
        if region.kind != "province":
            return name
        if region.valid_to is not None and any(
            len(self.store.regions.predecessors(n.id)) > 1 for n in self.store.regions.successors(region_id)
        ):
            return self.t("pages.place.before", name=name)
        if region.valid_from is not None and len(self.store.regions.predecessors(region_id)) > 1:
            return self.t("pages.place.merged", name=name)
        return name

    def owner(self, indicator: str) -> str:
        """Who owns an indicator's method, as readers call the office."""
        owner = self.store.indicator(indicator).owner
        key = "pages.owner." + re.sub(r"[^a-z0-9]+", "_", owner.lower()).strip("_")
        return self.t(key) if self.t.has(key) else owner

    def figures(
        self, *, indicator: str | list[str] | None = None, region: str | list[str] | None = None, history: bool = False
    ) -> pd.DataFrame:
        """Published figures from the store; see :meth:`Store.observations`.

        ``region`` defaults to the report's own; ``"*"`` means all. Of a list of indicators those are read that the catalogue has.
        """
        wanted = (
            [name for name in indicator if self.store.has_indicator(name)] if isinstance(indicator, list) else indicator
        )
        where = self.region.id if region is None else None if region == "*" else region
        return self.store.observations(indicator=wanted, region=where, history=history)

    def start(self, kind: str) -> None:
        """Give the report its title; ``kind`` names it in the catalogue."""
        title = f"pages.{kind}.title_nation"
        if not (self.is_nation and self.t.has(title)):
            title = f"pages.{kind}.title"
        self.recorder.meta(
            title=self.t(title, place=self.place),
            short_title=self.t(f"pages.{kind}.short"),
            subtitle=self.t(f"pages.{kind}.subtitle"),
            language=self.language,
            group=self.place,
            group_id=self.region.id,
            publisher=self.project.name(self.language),
        )
        self.tell_boundaries()

    def tell_boundaries(self) -> None:
        """Say what became of the unit, or what it was made of, where its boundaries changed."""
        region, regions = self.region, self.store.regions
        if region.valid_to is not None:
            now = [self.place_of(one.id) for one in regions.successors(region.id)]
            if now:
                day = self.t.day(region.valid_to)
                self.note("pages.place.ended", "caution", place=self.place, day=day, now=self.t.listing(now))
        parts = [self.place_of(one.id) for one in regions.predecessors(region.id)]
        if region.valid_from is not None and len(parts) > 1:
            day = self.t.day(region.valid_from)
            self.note("pages.place.made_of", "info", place=self.place, day=day, parts=self.t.listing(parts))

    def say(self, key: str, **values: object) -> None:
        """Add a paragraph."""
        self.recorder.paragraph(self.t(key, **values))

    def heading(self, key: str, level: int = 2, **values: object) -> None:
        """Start a section."""
        self.recorder.heading(self.t(key, **values), level)

    def note(self, key: str, kind: str = "info", **values: object) -> None:
        """Add a remark set apart."""
        self.recorder.note(self.t(key, **values), kind)  # type: ignore[arg-type]  # the recorder checks the kind

    def headline(self, name: str, key: str, tone: Tone, **values: object) -> None:
        """Add an answer of the report."""
        self.recorder.headline(name, self.t(key, **values).rstrip(), tone)

    def table(
        self,
        name: str,
        rows: list[dict[str, str]],
        caption: str,
        *,
        columns: Mapping[str, str],
        numbers: Iterable[str] = (),
        note: str = "",
    ) -> None:
        """Add a table of texts. ``columns`` maps the keys of the rows to keys of the catalogue, in order."""
        labels = {key: self.t(label) for key, label in columns.items()}
        self.recorder.table(
            name,
            [{key: row[key] for key in columns} for row in rows],
            caption,
            labels=labels,
            number_columns=[key for key in columns if key in set(numbers)],
            note=note,
        )

    def chart(self, name: str, chart: Chart, *, caption: str, alt: str) -> None:
        """Add a figure with its data."""
        self.recorder.figure(
            name, wide_svg=chart.wide_svg, narrow_svg=chart.narrow_svg, alt=alt, caption=caption, data=chart.data
        )

    def cite(self, sources: Iterable[str]) -> None:
        """Name sources in the list at the report's end."""
        self._cited.update(dict.fromkeys(sources))

    def release(self, first: object, last: object) -> str:
        """A release date in words; missing is None or NaT."""
        start, end = _day(first), _day(last)
        if end is None:
            raise ParameterError("a figure has no release date", fix="Every release has at least a latest possible day")
        return self.t.release(start, end)

    def finish(self) -> None:
        """List the sources and what the report depends on: the last call of a notebook."""
        rows = []
        released = self.store.releases(self._cited)
        for identity in sorted(self._cited):
            source = self.store.source(identity)
            note = " ".join(filter(None, (self._released(released[identity]), self._remark(source))))
            # the address of a copy on a site of other business is told and not linked: without its scheme no page leads there
            url = source.url.partition("://")[2] if source.on_unrelated_site else source.url
            row = {"title": source.title, "publisher": source.publisher, "url": url, "note": note}
            rows.append({key: value for key, value in row.items() if value})
        if rows:
            self.recorder.sources(rows)
        self.recorder.data_used(self.store.used(), until=self.store.newest_release())

    def _released(self, days: Sequence[tuple[date | None, date]]) -> str:
        """When a source published what the report read of it."""
        dated = [day for day in days if day[0] is not None] or days[:1]
        if not dated:
            return ""
        if len(dated) == 1:
            return self.t("pages.wording.source_released", release=self.release(*dated[0]))
        first, last = self.t.day(min(one for one, _ in dated if one)), self.t.day(dated[-1][1])
        return self.t("pages.wording.source_released_between", first=first, last=last)

    def _remark(self, source: Source) -> str:
        """What to know of a source before it is quoted, as a sentence."""
        warning = source.warning(self.language)
        return f"{warning[0].upper()}{warning[1:].rstrip('.')}." if warning else ""


def open_page(region: str, language: str, *, as_of: str = "", project: Path | None = None) -> Page:
    """Open a report for a region.

    Parameters
    ----------
    region
        Id such as ``34-52``, or ``VN``.
    language
        ``vi`` or ``en``.
    as_of
        Tell only what was known on that day (year-month-day); empty: all that is known.
    project
        A folder of the project; by default the one the notebook runs in.

    Raises
    ------
    DataError, ParameterError
        When the region or language does not exist, or ``as_of`` is no date.
    """
    home = find_project(project)
    store = open_store(home, as_of=as_of or None)
    return Page(home, store, store.region(region), texts(language), Recorder())


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a frame as named tuples, whose cells a type checker takes as they come."""
    return iter(frame.itertuples(index=False))


def _day(value: object) -> date | None:
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, date):
        return value
    raise ParameterError(f"{value!r} is not a release date", fix="Give a date")
