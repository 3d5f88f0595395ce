"""Reports by place: what the index and the map group by, and the file each place's page goes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from dxanalysis.reports.files import digest
from dxanalysis.reports.planning.slugs import slug
from dxanalysis.reports.recording.items import Tone
from dxanalysis.reports.site.reading import Report

State: TypeAlias = Literal["draft", "signed", "superseded", "failed"]
STATUSES: Final[tuple[State, ...]] = ("draft", "signed", "superseded", "failed")
_GRAVEST: Final[tuple[Tone, ...]] = ("bad", "warn", "neutral", "good")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report, in all its languages.

    Attributes
    ----------
    twins
        The report in each language it has, in the order of the plan.
    """

    twins: tuple[Report, ...]

    def shown(self, language: str) -> Report:
        """The report in a language, or in the one it has."""
        return next((twin for twin in self.twins if twin.meta.language == language), self.twins[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with its reports.

    Attributes
    ----------
    id
        The same in every language; the place's name where the reports give no id.
    stem
        Name of its page without the ending: ``place-34-52``.
    """

    id: str
    stem: str
    entries: tuple[Entry, ...]

    def name(self, language: str) -> str:
        """Name in a language, or as its reports write it; empty where they do not."""
        metas = [twin.meta for entry in self.entries for twin in entry.twins if twin.meta.group]
        own = next((meta.group for meta in metas if meta.language == language), "")
        return own or (metas[0].group if metas else "")


def places(reports: Sequence[Report]) -> tuple[Place, ...]:
    """Group reports by place; the order is that of the reports."""
    entries: dict[str, list[Report]] = {}
    for report in reports:
        entries.setdefault(report.same, []).append(report)
    grouped: dict[str, list[Entry]] = {}
    for twins in entries.values():
        named = [twin.meta.group_id for twin in twins if twin.meta.group_id] or [twins[0].meta.group]
        grouped.setdefault(named[0], []).append(Entry(twins=tuple(twins)))
    taken: set[str] = set()
    found = []
    for id_, own in grouped.items():
        found.append(Place(id=id_, stem=_stem(id_, taken), entries=tuple(own)))
        taken.add(found[-1].stem.casefold())
    return tuple(found)


def _stem(id_: str, taken: set[str]) -> str:
    stem = slug({"place": id_})
    # Two ids that differ in capitals only are one file on a USB stick.
    return f"{stem}~{digest(id_.encode('utf-8', 'surrogatepass'))[:12]}" if stem.casefold() in taken else stem


def place_file(stem: str, language: str, languages: Sequence[str]) -> str:
    """Name of a place's page: ``place-34-52.html`` in the first language, ``place-34-52.en.html`` in the others."""
    return f"{stem}.html" if language == languages[0] else f"{stem}.{language}.html"


def statuses(report: Report) -> tuple[State, ...]:
    """Every status that the report's versions have, and ``failed`` where its last run did."""
    found: set[State] = {version.status for version in report.versions}
    if report.failed is not None:
        found.add("failed")
    return tuple(status for status in STATUSES if status in found)


def answer_tone(report: Report) -> Tone:
    """Gravest tone of a report's main findings: what the map colours a place by."""
    return gravest([one.tone for one in report.newest.headlines]) or "neutral"


def gravest(tones: Sequence[Tone]) -> Tone | None:
    """The tone that asks most for attention, or None where there is none."""
    return next((tone for tone in _GRAVEST if tone in tones), None)


def topic_names(reports: Sequence[Report], language: str) -> Mapping[str, str]:
    """Name of each topic (the notebook's reports) in a language, in the order of the reports."""
    found: dict[str, str] = {}
    for report in sorted(reports, key=lambda one: one.meta.language != language):
        found.setdefault(report.notebook, report.meta.short_title or report.notebook)
    order = dict.fromkeys(report.notebook for report in reports)
    return {notebook: found[notebook] for notebook in order}
