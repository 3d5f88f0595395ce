"""What the reader can search and choose by: the embedded index, and the choices of every filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from dxanalysis.reports.recording.items import Tone
from dxanalysis.reports.site.places import STATUSES, Place, answer_tone, statuses, topic_names
from dxanalysis.reports.site.reading import Report
from dxanalysis.reports.site.search import embedded, fold
from dxanalysis.reports.site.views import Speech, status_word
from dxanalysis.reports.site.words import words
from dxanalysis.reports.text import clean, without_markup

_TONES: tuple[Tone, ...] = ("neutral", "good", "warn", "bad")


def filters(reports: Sequence[Report], listed: Sequence[Mapping[str, Any]], speech: Speech) -> list[Mapping[str, Any]]:
    """Give the choices by place, topic, status and release of data, each only with what there is."""
    say = words(speech.language)
    topics = topic_names(reports, speech.language)
    seen = {status for report in reports for status in statuses(report)}
    months = sorted({report.meta.data_until[:7] for report in reports if report.meta.data_until}, reverse=True)
    return [
        {
            "id": "filter-place",
            "label": say["filter_place"],
            "options": [(row["anchor"], row["name"]) for row in listed],
        },
        {"id": "filter-topic", "label": say["filter_topic"], "options": list(topics.items())},
        {
            "id": "filter-status",
            "label": say["filter_status"],
            "options": [(status, status_word(speech, status)) for status in STATUSES if status in seen],
        },
        {
            "id": "filter-until",
            "label": say["filter_until"],
            "options": [(month, speech.say("site.period_from", period=speech.say.period(month))) for month in months],
        },
    ]


def embed(grouped: Sequence[Place], anchors: Mapping[str, str], ids: Mapping[str, str], speech: Speech) -> Markup:
    """Give the index as JSON for the page's script: what each report says, folded, and what it is filtered by."""
    say = words(speech.language)
    rows = []
    for one in grouped:
        names = [one.name(code) for code in speech.tongues]
        for entry in one.entries:
            shown = entry.shown(speech.language)
            found = {status for twin in entry.twins for status in statuses(twin)}
            rows.append(
                {
                    "id": ids[entry.twins[0].folder],
                    "place": anchors[one.id],
                    "topic": clean(shown.notebook),
                    "status": [status for status in STATUSES if status in found],
                    "until": shown.meta.data_until,
                    "tone": answer_tone(shown),
                    # Parts stay apart: the end of one and the beginning of the next are no phrase.
                    "text": "\n ".join(fold(part) for part in dict.fromkeys([*names, *_said(shown)])),
                }
            )
    return embedded(
        {
            "reports": rows,
            "words": {
                "none": say["result_none"],
                "one": say["result_one"],
                "many": speech.say("site.result_many", count="{count}"),
                "no_match": say["no_match"],
                **{f"tone_{tone}": speech.label(f"tone_{tone}") for tone in _TONES},
            },
        }
    )


def _said(report: Report) -> list[str]:
    meta = report.meta
    named = [(value.label or value.title, value.text) for value in report.newest.values]
    labelled = [said for title, text in named if title for said in (title, text)]
    heads = [without_markup(headline.text) for headline in report.newest.headlines]
    return [meta.title, meta.subtitle, meta.short_title, *heads, *labelled]
