"""The policy brief: what a reader takes away from the first two pages, and what gives way where room is short."""

from __future__ import annotations

from typing import Any

from dxanalysis import i18n
from dxanalysis.reports.outputs.labels import Texts
from dxanalysis.reports.outputs.pdf.content import Block, figure, note
from dxanalysis.reports.outputs.pdf.words import FIRST, SECOND, cut, is_blank, plain, rich, visible
from dxanalysis.reports.recording.items import Figure, Heading, Headline, Note, Value
from dxanalysis.reports.recording.record import Record

MOST_VALUES = 4
MOST_NOTES = 3
LONGEST_ANSWER = 700
"""Letters of an answer in the brief; a longer one is cut there and stands in full in the details."""
LONGEST_TITLE = 220
LONGEST_CAPTION = 400
LONGEST_LABEL = 220
LONGEST_VALUE = 40


def brief(record: Record, texts: Texts) -> Block:
    """Give the parts of the brief; the template keeps as many of them as two pages hold.

    Shown are the answers, the first key figures, the first figure (a notebook draws the one that matters first), the
    remarks that qualify the answers, and where the numbers come from.
    """
    words = i18n.texts(record.meta.language)
    answers = [_answer(headline, texts) for headline in record.headlines]
    values = [one for one in record.key_figures if not is_blank(one.called)][:MOST_VALUES]
    pictures = [item for item in record.items if isinstance(item, Figure)]
    return {
        "kicker": words("paper.brief"),
        "answers": answers,
        "cut_answers": any(len(headline.text) > LONGEST_ANSWER for headline in record.headlines),
        "values": [[plain(cut(item.called, LONGEST_LABEL)), plain(cut(item.text, LONGEST_VALUE))] for item in values],
        "figure": {**figure(pictures[0], ""), "caption": rich(cut(pictures[0].caption, LONGEST_CAPTION))}
        if pictures
        else None,
        "figure_is": words("paper.figure_is", number=1),
        "notes": [note(item, texts) for item in _qualifying(record)[:MOST_NOTES]],
        "evidence": rich(_evidence(record, texts, words)),
        "words": {
            "answers": texts("answers"),
            "all_answers": words("paper.all_answers"),
            "no_answers": words("paper.no_answers"),
            "more_answers": words("paper.more_answers", count=FIRST, page=SECOND),
            "values": words("paper.key_figures"),
            "figure": words("paper.main_figure"),
            "rests_on": words("paper.rests_on"),
            "cite": texts("cite_heading"),
            "details_from": words("paper.details_from", page=SECOND),
        },
    }


def all_answers(record: Record, texts: Texts) -> list[dict[str, Any]]:
    """Give every answer in full, for the details where the brief could not hold them."""
    return [_answer(headline, texts, limit=None) for headline in record.headlines]


def _answer(headline: Headline, texts: Texts, *, limit: int | None = LONGEST_ANSWER) -> dict[str, Any]:
    text = headline.text if limit is None else cut(headline.text, limit)
    return {"tone": headline.tone, "word": visible(texts(f"tone_{headline.tone}")), "text": rich(text)}


def _qualifying(record: Record) -> list[Note]:
    """Remarks about the whole report (before its first heading), then the cautions of its first section."""
    whole: list[Note] = []
    cautions: list[Note] = []
    sections = 0
    heading = ""
    for item in record.items:
        if isinstance(item, Heading):
            sections += item.level == 2
            heading = item.text
        elif isinstance(item, Note) and not heading:
            whole.append(item)
        elif isinstance(item, Note) and item.kind == "caution" and sections <= 1:
            cautions.append(Note(text=f"**{heading.replace('*', '')}:** {item.text}", kind="caution"))
    return [Note(text=cut(item.text, LONGEST_ANSWER), kind=item.kind) for item in [*whole, *cautions]]


def _evidence(record: Record, texts: Texts, words: i18n.Texts) -> str:
    parts = [
        words(
            "paper.evidence",
            slices=texts.number(len(record.data_used)),
            sources=texts.number(len(record.sources)),
        )
    ]
    if record.meta.data_until:
        parts.append(words("paper.evidence_until", date=texts.date(record.meta.data_until)))
    return " ".join([*parts, words("paper.evidence_limits"), words("paper.evidence_draft")])
