"""Every version of a report as rows of a table: when, why, with what changed, and what stands approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dxanalysis.reports.site import views
from dxanalysis.reports.site.reading import Report, Version
from dxanalysis.reports.site.views import Speech
from dxanalysis.reports.site.why import cause_words, details, turned, why_made


def before(report: Report, version: Version) -> Version | None:
    """Give the readable version before one, or None for the first."""
    place = report.versions.index(version)
    return report.versions[place + 1] if place + 1 < len(report.versions) else None


def why(speech: Speech, report: Report, version: Version) -> str:
    """Say why a version was made."""
    earlier = before(report, version)
    made = why_made(version.manifest, earlier.manifest if earlier else None)
    return "; ".join(cause_words(one, speech.say) for one in made)


def opening(report: Report, version: Version) -> list[Markup]:
    """What changed as the comparison beside the newest version says it, or nothing."""
    return [views.rich(text) for text in report.opening] if version is report.newest else []


def turns(report: Report, version: Version) -> list[Mapping[str, Any]]:
    """Findings that read otherwise than before, for a template."""
    return [
        {"old": views.rich(turn.old), "new": views.rich(turn.new)} for turn in turned(version, before(report, version))
    ]


def rows(speech: Speech, report: Report) -> list[Mapping[str, Any]]:
    """Give all versions, newest first."""
    return [_row(speech, report, version) for version in report.versions]


def _row(speech: Speech, report: Report, version: Version) -> Mapping[str, Any]:
    earlier = before(report, version)
    names, more = details(why_made(version.manifest, earlier.manifest if earlier else None))
    return {
        "name": speech.label("version_number", number=version.manifest.number),
        "href": views.address(version.page),
        "date": views.day(speech, version.manifest.finished),
        "status": views.status_word(speech, version.status),
        "signatures": views.signatures(speech, version.beside.signatures),
        "why": why(speech, report, version),
        "names": ", ".join(names),
        "more": speech.say("site.more_slices", count=more) if more else "",
        "opening": opening(report, version),
        "turns": turns(report, version),
        "changes": views.changes(report, version),
    }
