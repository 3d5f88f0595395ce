"""What a recorded item looks like in a notebook: plain HTML that JupyterLab shows as it is, in the report's language."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import date

from dxanalysis.i18n import texts
from dxanalysis.reports.recording.items import Headline, Table, Tone, Value
from dxanalysis.reports.recording.record import SourceRow
from dxanalysis.reports.text import escape, marked_up, safe_address

SIGNS: Mapping[Tone, str] = {"good": "✓", "neutral": "●", "warn": "▲", "bad": "✕"}

_LONGEST_WORD = 30


def word(language: str, key: str, **values: object) -> str:
    """A word of the report pages."""
    return texts(language)(f"reports.{key}", **values)


def tone(headline: Headline, language: str) -> str:
    """Tone of an answer as a sign and a word: ``▲ Cần lưu ý``."""
    return f"{SIGNS[headline.tone]} {word(language, f'tone_{headline.tone}')}"


def headline_html(headline: Headline, language: str) -> str:
    """Give an answer under its tone."""
    return f"<p><small>{escape(tone(headline, language))}</small><br>{marked_up(headline.text)}</p>"


def values_text(values: Sequence[Value], language: str) -> str:
    """Say how many numbers were recorded."""
    return word(language, "recorded_values", n=str(len(_distinct(values))))


def values_html(values: Sequence[Value], language: str) -> str:
    """Give numbers as one folded table; what reads alike under one name stands once."""
    rows = _distinct(values)
    body = "".join(f"<tr>{_cell('td', name)}{_cell('td', text, 'right')}</tr>" for name, text in rows)
    summary = escape(values_text(values, language))
    return f"<details><summary>{summary}</summary><table><tbody>{body}</tbody></table></details>"


def sources_html(rows: Sequence[SourceRow], language: str) -> str:
    """Give the sources with publisher and address under a heading."""
    listed = "".join(f"<li>{_source(row)}</li>" for row in rows)
    return f"<h2>{escape(word(language, 'sources'))}</h2><ul>{listed}</ul>"


def until_text(until: str, language: str) -> str:
    """Say until when figures were released; nothing where that is not known."""
    try:
        day = texts(language).day(date.fromisoformat(until))
    except ValueError:  # empty, or no date: the record refuses that
        return ""
    return word(language, "data_until", date=day)


def table_html(table: Table) -> str:
    """Give a table, its columns set as the report sets them: JupyterLab sets every cell flush right."""
    sides = ["right" if column.align == "number" else "left" for column in table.columns]
    head = "".join(
        _cell("th", column.label, side, ' scope="col"') for column, side in zip(table.columns, sides, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(_cell("td", cell, side) for cell, side in zip(row, sides, strict=True)) + "</tr>"
        for row in table.rows
    )
    note = f"<p><small>{marked_up(table.note)}</small></p>" if table.note else ""
    caption = f'<caption style="text-align:left">{marked_up(table.caption)}</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def svg_uri(svg: str) -> str:
    """Give an SVG as a data address; shown as an image, it can run no script and load nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _cell(tag: str, text: str, side: str = "left", attributes: str = "") -> str:
    # An address or a path has no space to break at: it would take the room of the other columns.
    long = any(len(word) > _LONGEST_WORD for word in text.split())
    breaking = ";overflow-wrap:anywhere" if long else ""
    return f'<{tag}{attributes} style="text-align:{side}{breaking}">{escape(text)}</{tag}>'


def _distinct(values: Sequence[Value]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.called or one.name, one.text) for one in values))


def _source(row: SourceRow) -> str:
    title = escape(row.title)
    if address := safe_address(row.url):
        title = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    elif row.url:
        title += f" ({escape(row.url)})"
    return f"{title}. {escape(row.publisher)}." if row.publisher else f"{title}."
