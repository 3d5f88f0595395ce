"""Facts of versions in a reader's words, for every page of the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from dxanalysis import i18n
from dxanalysis.reports.outputs.labels import Labels, Texts, index_file
from dxanalysis.reports.recording.items import Headline
from dxanalysis.reports.site.beside import TABLES
from dxanalysis.reports.site.places import State
from dxanalysis.reports.site.reading import Report, Version
from dxanalysis.reports.text import marked_up
from dxanalysis.reports.versions.signatures import Signature

_DOWNLOADS = {"report.pdf": "site.download_pdf", "report.xlsx": "site.download_xlsx", TABLES: "site.download_tables"}


@dataclass(frozen=True, slots=True)
class Speech:
    """A language of the site: the labels of the reports, the site's own texts, and the languages there are."""

    labels: Labels
    language: str

    @property
    def tongues(self) -> list[str]:
        """Languages of the site, the main one first."""
        return list(self.labels)

    @property
    def label(self) -> Texts:
        """Labels that pages of reports share."""
        return Texts(self.labels, self.language)

    @property
    def say(self) -> i18n.Texts:
        """The site's own texts."""
        return i18n.texts(self.language)

    def switch(self, files: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """The page in each language: language -> file name."""
        return [
            {
                "code": code,
                "name": self.labels[code]["language_name"],
                "href": address(files[code]),
                "current": code == self.language,
            }
            for code in self.labels
        ]

    def index(self) -> str:
        """File of the index in this language."""
        return index_file(self.language, self.tongues)


def address(path: str) -> str:
    """Give a path under the reports folder as a relative link."""
    return quote(path, safe="/~")


def headlines(found: Sequence[Headline]) -> list[Mapping[str, Any]]:
    """Findings for a template: their words are escaped here, bold is their only markup."""
    return [{"tone": one.tone, "text": rich(one.text)} for one in found]


def rich(text: str) -> Markup:
    """Escaped text with bold."""
    return Markup(marked_up(text))  # marked_up escapes


def day(speech: Speech, text: str) -> str:
    """Give an ISO date or time as a day, anything else as it is."""
    return speech.label.date_or_text(text)


def version_name(speech: Speech, version: Version) -> str:
    """Give a version as ``Version 3, 6 Jan 2025``."""
    return speech.label("older_version", number=version.manifest.number, date=day(speech, version.manifest.finished))


def status_word(speech: Speech, status: State) -> str:
    """Give a status in words."""
    return speech.say(f"site.status_{status}")


def flag(speech: Speech, report: Report) -> str:
    """Say that a report's latest run failed, or nothing."""
    if report.failed is None:
        return ""
    try:
        return speech.label("failed_flag", date=speech.label.date(report.failed))
    except ValueError:
        return speech.label("failed_flag_undated")


def signatures(speech: Speech, found: Sequence[Signature]) -> list[Mapping[str, str]]:
    """Say who approved a version and when, with what they remarked; approvals that no longer stand say so."""
    return [
        {"text": _approval(speech, one), "note": one.why if one.state == "withdrawn" else one.note} for one in found
    ]


def _approval(speech: Speech, one: Signature) -> str:
    if one.state == "broken":
        return speech.say("site.signature_broken", name=one.by)
    withdrawn = one.state == "withdrawn"
    try:
        date = speech.label.date(one.withdrawn if withdrawn else one.signed)
    except ValueError:
        return speech.say("site.signed_undated", name=one.by)
    return speech.say("site.signature_withdrawn" if withdrawn else "site.signed", name=one.by, date=date)


def changes(report: Report, version: Version) -> str:
    """Link to the page that says what changed in a version, or empty."""
    return address(f"{report.folder}/{version.beside.changes}") if version.beside.changes else ""


def reading_links(speech: Speech, twins: Sequence[Report]) -> list[Mapping[str, str]]:
    """Links to the newest page in each language, the reader's own first."""
    return [
        {
            "href": address(twin.newest.page),
            "language": twin.meta.language,
            "text": speech.labels.get(twin.meta.language, speech.labels[speech.language])["read_in"],
        }
        for twin in sorted(twins, key=lambda twin: twin.meta.language != speech.language)
    ]


def downloads(speech: Speech, version: Version) -> list[Mapping[str, str]]:
    """Links to what a version can be taken away as, besides its page."""
    return [
        {"href": address(f"{version.folder}/{name}"), "language": version.meta.language, "text": speech.say(key)}
        for name, key in _DOWNLOADS.items()
        if name in version.beside.files
    ]
