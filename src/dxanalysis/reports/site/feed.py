"""The Atom feed: each new version with what changed, for readers who subscribe."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from dxanalysis.reports.site import history, views
from dxanalysis.reports.site.reading import Report, Version
from dxanalysis.reports.site.views import Speech
from dxanalysis.reports.site.why import turned
from dxanalysis.reports.text import clean, without_markup

ATOM: Final = "http://www.w3.org/2005/Atom"
NEWEST: Final = 200
"""Entries a feed holds: a reader that looks once a quarter misses none of a full run."""
_NAMES: Final = uuid.UUID("6f0d3f5e-4a0b-5f6e-9f0c-2d8a7b1c9e34")
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH: Final = "1970-01-01T00:00:00+00:00"


def file(language: str) -> str:
    """Name of the feed in a language."""
    return f"feed.{language}.xml"


def feed(reports: Sequence[Report], speech: Speech) -> str:
    """Give the newest versions in a language as an Atom document (RFC 4287).

    Ids come from what a version is made of, never from a host or the clock, so a copied site has the same feed.
    """
    listed = [(one, version) for one in reports if one.meta.language == speech.language for version in one.versions]
    listed.sort(key=lambda pair: (_time(pair[1].manifest.finished), pair[1].folder), reverse=True)
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": speech.language})
    own = [one.meta.publisher for one, _ in listed if one.meta.publisher]
    publisher = speech.label.publisher or (own[0] if own else "")
    title = speech.say("site.feed_title")
    _text(root, "id", f"urn:uuid:{uuid.uuid5(_NAMES, f'feed/{speech.language}/{clean(speech.label.publisher)}')}")
    _text(root, "title", f"{title} – {publisher}" if publisher else title)
    _text(root, "updated", _time(listed[0][1].manifest.finished) if listed else _EPOCH)
    _text(ET.SubElement(root, "author"), "name", publisher or title)
    ET.SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": file(speech.language)})
    ET.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": speech.index()})
    for report, version in listed[:NEWEST]:
        _entry(root, report, version, speech)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _entry(root: ET.Element, report: Report, version: Version, speech: Speech) -> None:
    manifest = version.manifest
    entry = ET.SubElement(root, "entry")
    _text(entry, "id", f"urn:uuid:{uuid.uuid5(_NAMES, f'{clean(version.folder)}/{manifest.digests.version}')}")
    topic = version.meta.short_title or version.meta.title
    place = version.meta.group or report.notebook
    _text(entry, "title", speech.say("site.feed_entry", place=place, topic=topic, number=manifest.number))
    _text(entry, "updated", _time(manifest.finished))
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": views.address(version.page)})
    changes = views.changes(report, version)
    if changes:
        ET.SubElement(entry, "link", {"rel": "related", "type": "text/html", "href": changes})
    _text(entry, "summary", _summary(report, version, speech))


def _summary(report: Report, version: Version, speech: Speech) -> str:
    said = [speech.say("site.feed_why", why=history.why(speech, report, version))]
    changed = turned(version, history.before(report, version))
    if report.opening and version is report.newest:
        said = [without_markup(text) for text in report.opening]
    elif history.before(report, version) is not None:
        said.append(speech.say("site.feed_changed", count=len(changed)) if changed else speech.say("site.feed_same"))
    said += [without_markup(headline.text) for headline in version.headlines]
    return " ".join(said)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", clean(text))


def _time(text: str) -> str:
    """Give a time as Atom wants it, with its offset; a manifest whose time cannot be read is as old as can be."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _EPOCH
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")
