"""The report on paper: a tagged PDF (PDF/UA-1, PDF/A-2a) with a two-page policy brief first and the details after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dxanalysis import i18n
from dxanalysis.reports.outputs.labels import Labels, Texts
from dxanalysis.reports.outputs.pdf.brief import LONGEST_TITLE, all_answers, brief
from dxanalysis.reports.outputs.pdf.content import details
from dxanalysis.reports.outputs.pdf.typesetting import prepare, typeset
from dxanalysis.reports.outputs.pdf.words import FIRST, SECOND, cut, plain, rich, visible
from dxanalysis.reports.recording.record import Record, SourceRow
from dxanalysis.reports.text import safe_address
from dxanalysis.reports.versions.storage import Manifest

_SHORT_TITLE = 70


def pdf(record: Record, manifest: Manifest, labels: Labels) -> bytes:
    """Typeset a report. The same record and manifest give the same bytes.

    Parameters
    ----------
    labels
        See :func:`dxanalysis.reports.outputs.labels.catalogue`.

    Raises
    ------
    ReportError
        A figure has no alternative text or is no picture, or the report's language has no labels.
    """
    texts = Texts(labels, record.meta.language)
    document = _document(record, manifest, texts)
    return typeset(document, moment=datetime.fromisoformat(manifest.finished).astimezone(UTC))


def _document(record: Record, manifest: Manifest, texts: Texts) -> dict[str, Any]:
    meta = record.meta
    words = i18n.texts(meta.language)
    publisher = meta.publisher or texts.publisher
    made = texts.date(manifest.finished)
    until = texts.date(meta.data_until) if meta.data_until else ""
    facts = [meta.group, texts("version_number", number=manifest.number), texts("made_on", date=made)]
    facts += [texts("data_until", date=until)] if until else []
    return {
        "language": meta.language,
        "meta": {
            "title": visible(f"{meta.title} – {meta.subtitle}" if meta.subtitle else meta.title),
            "author": visible(publisher),
            "keywords": [visible(text) for text in dict.fromkeys((meta.group, meta.short_title)) if text],
        },
        "title": plain(cut(meta.title, LONGEST_TITLE)),
        "subtitle": plain(cut(meta.subtitle, LONGEST_TITLE)),
        "publisher": plain(cut(publisher, LONGEST_TITLE)),
        "facts": [plain(cut(fact, LONGEST_TITLE)) for fact in facts if fact],
        "running": plain(cut(f"{meta.short_title or meta.title}", _SHORT_TITLE)),
        "id": manifest.id,
        "page": words("paper.page", page=FIRST, pages=SECOND),
        "brief": brief(record, texts),
        "brief_cite": rich(_citation(record, manifest, texts, limit=LONGEST_TITLE)),
        "details": {
            "title": words("paper.details"),
            "contents": texts("contents"),
            "answers": all_answers(record, texts),
            "blocks": details(record, texts),
        },
        "sources": {"title": texts("sources"), "rows": [_source(row, texts) for row in record.sources]},
        "cite": {"title": texts("cite_heading"), "text": rich(_citation(record, manifest, texts))},
        "version": {
            "title": texts("version_heading"),
            "text": rich(
                texts("version_text", number=manifest.number, date=made, slices=len(manifest.data_used)),
            ),
            "technical": texts("technical"),
            "rows": [[plain(name), plain(value)] for name, value in _technical(manifest, texts)],
        },
    }


def _citation(record: Record, manifest: Manifest, texts: Texts, *, limit: int | None = None) -> str:
    meta = record.meta
    parts = [meta.publisher or texts.publisher, meta.title, meta.subtitle]
    said = [part if limit is None else cut(part, limit) for part in parts if part]
    said = [part if part.endswith((".", "!", "?", "…")) else f"{part}." for part in said]
    said.append(texts("cite_version", number=manifest.number, id=manifest.id, date=texts.date(manifest.finished)))
    if meta.data_until:
        said.append(texts("cite_data", date=texts.date(meta.data_until)))
    return " ".join(said)


def _source(row: SourceRow, texts: Texts) -> dict[str, Any]:
    told = [row.publisher]
    told += [texts("licence", licence=row.licence)] if row.licence else []
    told += [texts("retrieved", date=texts.date_or_text(row.retrieved))] if row.retrieved else []
    return {
        "title": plain(row.title),
        "address": plain(row.url),
        "href": safe_address(row.url),
        "told": [plain(text) for text in told if text],
        "note": plain(row.note),
    }


def _technical(manifest: Manifest, texts: Texts) -> list[tuple[str, str]]:
    digests = manifest.digests
    return [
        (texts("version_code"), manifest.id),
        (texts("notebook"), manifest.notebook),
        *((f"{texts('parameter')} {name}", str(value)) for name, value in sorted(manifest.parameters.items())),
        (texts("seed"), str(manifest.seed)),
        (texts("digest_code"), digests.code[:16]),
        (texts("digest_data"), digests.data[:16]),
        (texts("digest_environment"), digests.environment[:16]),
        (texts("software"), ", ".join(f"{name} {version}" for name, version in manifest.versions.items())),
    ]


__all__ = ["pdf", "prepare"]
