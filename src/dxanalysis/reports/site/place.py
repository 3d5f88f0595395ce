"""The page of a place: each of its reports with findings, evidence, what changed and why, and every version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from dxanalysis.reports.recording.items import Table
from dxanalysis.reports.recording.shown import svg_uri
from dxanalysis.reports.site import chart, feed, history, views
from dxanalysis.reports.site.pieces import Pieces
from dxanalysis.reports.site.places import Entry, Place, place_file
from dxanalysis.reports.site.templating import environment
from dxanalysis.reports.site.views import Speech
from dxanalysis.reports.site.words import words

_STACKED_COLUMNS = 2


def page(one: Place, speech: Speech, pieces: Mapping[str, Pieces], *, failures: str) -> str:
    """Render the page of a place.

    Parameters
    ----------
    pieces
        Folder of a report -> picture and tables of its newest version.
    failures
        Link to the page of what failed, or empty.
    """
    name = one.name(speech.language) or speech.label("site_other_group")
    return (
        environment()
        .get_template("place.html.j2")
        .render(
            t=speech.label,
            w=words(speech.language),
            language=speech.language,
            title=speech.say("site.place_title", name=name),
            tongues=speech.switch({code: place_file(one.stem, code, speech.tongues) for code in speech.labels}),
            index=speech.index(),
            feed=feed.file(speech.language),
            failures=failures,
            topics=[
                _topic(entry, speech, pieces[entry.shown(speech.language).folder], f"t{number}")
                for number, entry in enumerate(one.entries, start=1)
            ],
        )
    )


def _topic(entry: Entry, speech: Speech, taken: Pieces, id_: str) -> Mapping[str, Any]:
    report = entry.shown(speech.language)
    newest = report.newest
    status = newest.status
    title = report.meta.short_title or report.meta.title
    earlier = history.before(report, newest)
    facts = [views.version_name(speech, newest)]
    if report.meta.data_until:
        facts.append(speech.label("data_until", date=views.day(speech, report.meta.data_until)))
    return {
        "id": id_,
        "title": title,
        "language": report.meta.language,
        "foreign": report.meta.language != speech.language,
        "flag": views.flag(speech, report),
        "status": status,
        "status_word": views.status_word(speech, status),
        "facts": facts,
        "signatures": views.signatures(speech, newest.beside.signatures),
        "headlines": views.headlines(newest.headlines),
        "values": [_value(run, speech) for run in chart.runs(report)],
        "opening": history.opening(report, newest),
        "turns": history.turns(report, newest),
        "same": speech.say("site.since_same", number=earlier.manifest.number)
        if earlier
        else words(speech.language)["since_first"],
        "why": history.why(speech, report, newest),
        "changes": views.changes(report, newest),
        "figure": _figure(taken),
        "tables": _tables(taken, id_),
        "downloads": [*views.reading_links(speech, entry.twins), *views.downloads(speech, newest)],
        "history_title": speech.say("site.history", count=len(report.versions)),
        "history_caption": speech.say("site.history_caption", topic=title),
        "history": history.rows(speech, report),
    }


def _value(run: chart.Run, speech: Speech) -> Mapping[str, Any]:
    told = "; ".join(
        f"{speech.label('version_number', number=number)}: {text}"
        for number, text in zip(run.numbers, run.texts, strict=True)
    )
    return {
        "label": run.title,
        "text": run.value.text,
        "points": " ".join(f"{x},{y}" for x, y in run.points),
        "last": run.points[-1] if run.points else (),
        "alt": speech.say("site.chart", label=run.title, count=len(run.numbers), values=told),
        "moved": speech.say(
            "site.value_moved", first=run.numbers[0], old=run.texts[0], last=run.numbers[-1], new=run.texts[-1]
        )
        if run.points
        else "",
    }


def _figure(taken: Pieces) -> Mapping[str, Any] | None:
    figure = taken.figure
    if figure is None:
        return None
    return {
        "wide": _picture(figure.wide_svg),
        "narrow": _picture(figure.narrow_svg) if figure.narrow_svg else "",
        "alt": figure.alt,
        "caption": views.rich(figure.caption),
    }


def _picture(svg: str) -> Markup:
    """Give a drawing as a data address, which holds nothing to escape; looking for it would cost more than the page."""
    return Markup(svg_uri(svg))


def _tables(taken: Pieces, id_: str) -> list[Mapping[str, Any]]:
    """Tables under names of their own: those who hear the page tell them apart by nothing else."""
    names: dict[str, int] = {}
    found: list[Mapping[str, Any]] = []
    for number, shown in enumerate(taken.tables, start=1):
        name = f"{shown.heading} ({shown.table.caption})" if shown.heading else shown.table.caption
        names[name] = names.get(name, 0) + 1
        own = name if names[name] == 1 else f"{name} ({names[name]})"
        found.append({"summary": own, "table": _table(shown.table, f"{id_}-{number}")})
    return found


def _table(table: Table, anchor: str) -> Mapping[str, Any]:
    return {
        "id": anchor,
        "caption": views.rich(table.caption),
        "columns": [(column.label, column.align) for column in table.columns],
        "rows": table.rows,
        "note": views.rich(table.note),
        "shape": "stacks" if len(table.columns) > _STACKED_COLUMNS else "",
    }
