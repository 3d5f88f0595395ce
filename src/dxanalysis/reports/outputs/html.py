"""The page of a report: one file, offline, no script, for screens, telephones and paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from dxanalysis.reports.outputs.grids import all_numbers, figure_cell, plain_text
from dxanalysis.reports.outputs.labels import Labels, Texts, index_file
from dxanalysis.reports.outputs.templating import environment
from dxanalysis.reports.recording.items import (
    Figure,
    FigureData,
    Heading,
    Headline,
    Note,
    Paragraph,
    Table,
    Value,
)
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.recording.shown import svg_uri
from dxanalysis.reports.text import marked_up, safe_address
from dxanalysis.reports.versions.storage import Manifest

_SIDEWAYS_COLUMNS = 9
_STACKED_COLUMNS = 3
_SHORT_ROWS = 12
_FILES = (
    ("report.pdf", "application/pdf", "download_pdf"),
    ("report.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "download_workbook"),
    ("tables/datapackage.json", "application/json", "download_data"),
)
_REASONS = {
    "new": "reason_new",
    "code": "reason_code",
    "parameters": "reason_parameters",
    "environment": "reason_environment",
    "seed": "reason_seed",
    "damaged": "reason_damaged",
    "forced": "reason_forced",
}
_DEADLINE = "calendar:"
"""How the key of a slice begins that holds no figure, only whether a day has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the page as the template needs it."""

    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def page(
    record: Record, manifest: Manifest, labels: Labels, *, alone: Sequence[tuple[str, str, str]] | None = None
) -> str:
    """Render a report.

    Parameters
    ----------
    labels
        See :func:`dxanalysis.reports.outputs.labels.catalogue`.
    alone
        Address, type and text of each file beside a page that belongs to no site; None for a report with its own files and an index.
    """
    language = record.meta.language
    texts = Texts(labels, language)
    blocks = _blocks(record, texts)
    closing = [("sources", texts("sources"))] if record.sources else []
    closing += [("cite", texts("cite_heading")), ("version", texts("version_heading"))]
    contents = [(b.fields["id"], b.fields["text"]) for b in blocks if b.kind == "heading" and b.fields["level"] == 2]
    files = [(href, kind, texts(label)) for href, kind, label in _FILES] if alone is None else alone
    template = environment().get_template("report.html.j2")
    return template.render(
        t=texts,
        language=language,
        meta=record.meta,
        manifest=manifest,
        headlines=[_headline(headline) for headline in record.headlines],
        blocks=blocks,
        contents=[*contents, *closing],
        sources=[
            {"row": row, "href": safe_address(row.url), "retrieved": texts.date_or_text(row.retrieved)}
            for row in record.sources
        ],
        publisher=record.meta.publisher or texts.publisher,
        files=[{"href": href, "type": kind, "text": text} for href, kind, text in files],
        changes=f"../changes/{manifest.id}/changes.html" if manifest.number > 1 else "",
        reasons=_reasons(manifest, texts),
        changed_slices=[key for reason in manifest.reasons if reason.get("cause") == "data" for key in _detail(reason)],
        index=index_file(language, list(labels)) if alone is None else "",
        made=texts.date(manifest.finished),
        data_until=texts.date(record.meta.data_until) if record.meta.data_until else "",
    )


def _reasons(manifest: Manifest, texts: Texts) -> list[str]:
    """Say why the version was made; a cause that this edition does not know is left out."""
    found: list[str] = []
    for reason in manifest.reasons:
        cause = reason.get("cause")
        if cause == "data":
            passed = [key.removeprefix(_DEADLINE) for key in _detail(reason) if key.startswith(_DEADLINE)]
            count = len(_detail(reason)) - len(passed)
            found += [texts("reason_data", count=count)] if count else []
            if passed:
                found.append(texts("reason_deadline", dates=", ".join(texts.date_or_text(day) for day in passed)))
        elif cause in _REASONS:
            found.append(texts(_REASONS[cause]))
    return found


def _detail(reason: Mapping[str, Any]) -> list[str]:
    return [str(key) for key in reason.get("detail") or ()]


def _headline(headline: Headline) -> Mapping[str, Any]:
    return {"tone": headline.tone, "text": Markup(marked_up(headline.text)), "name": headline.name}


def _blocks(record: Record, texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    level = 1
    for position, item in enumerate(record.items, start=1):
        if isinstance(item, Headline):
            continue  # shown at the top
        if isinstance(item, Value):
            if item.label:
                _add_value(blocks, item)
        elif isinstance(item, Heading):
            level = min(item.level, level + 1)  # no step of the outline is left out
            blocks.append(Block(kind="heading", fields={"id": f"s{position}", "level": level, "text": item.text}))
        elif isinstance(item, Paragraph):
            blocks.append(Block(kind="paragraph", fields={"text": Markup(marked_up(item.text))}))
        elif isinstance(item, Note):
            blocks.append(Block(kind="note", fields={"note": item.kind, "text": Markup(marked_up(item.text))}))
        elif isinstance(item, Table):
            blocks.append(Block(kind="table", fields=_table(item, f"t{position}")))
        else:
            blocks.append(Block(kind="figure", fields=_figure(item, f"f{position}", texts)))
    return blocks


def _add_value(blocks: list[Block], value: Value) -> None:
    """Put key figures that follow each other into one list."""
    if not blocks or blocks[-1].kind != "values":
        blocks.append(Block(kind="values", fields={"rows": []}))
    blocks[-1].fields["rows"].append((value.label, value.text))


def _table(table: Table, anchor: str) -> Mapping[str, Any]:
    return {
        "id": anchor,
        "caption": Markup(marked_up(table.caption)),
        "columns": [(column.label, column.align) for column in table.columns],
        "rows": table.rows,
        "note": Markup(marked_up(table.note)),
        "shape": _shape(len(table.columns), len(table.rows)),
    }


def _shape(columns: int, rows: int) -> str:
    """Say how a table behaves where room is short: stacks on a telephone, turns or stays whole on paper."""
    shape = {
        "stacks": columns > _STACKED_COLUMNS,
        "sideways": columns >= _SIDEWAYS_COLUMNS,
        "short": rows <= _SHORT_ROWS,
    }
    return " ".join(name for name, wanted in shape.items() if wanted)


def _figure(figure: Figure, anchor: str, texts: Texts) -> Mapping[str, Any]:
    return {
        "id": anchor,
        "wide": svg_uri(figure.wide_svg),
        "narrow": svg_uri(figure.narrow_svg) if figure.narrow_svg else "",
        "alt": figure.alt,
        "caption": Markup(marked_up(figure.caption)),
        "data": _figure_data(figure, figure.data, anchor, texts) if figure.data else None,
    }


def _figure_data(figure: Figure, data: FigureData, anchor: str, texts: Texts) -> Mapping[str, Any]:
    numeric = [all_numbers([row[n] for row in data.rows]) for n in range(len(data.columns))]
    return {
        "id": f"{anchor}-data",
        "caption": texts("figure_data_of", caption=plain_text(figure.caption)),
        "columns": [
            (name, "number" if is_number else "text") for name, is_number in zip(data.columns, numeric, strict=True)
        ],
        "rows": [[figure_cell(cell, texts).text for cell in row] for row in data.rows],
        "note": "",
        "shape": _shape(len(data.columns), len(data.rows)),
    }
