"""The page "what changed": one file, offline, no script, in the language of the newer version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from dxanalysis import i18n
from dxanalysis.reports.compare import amounts, reasons, sentences
from dxanalysis.reports.compare.blocks import grids_shown, split_shown, texts_shown, values_shown
from dxanalysis.reports.compare.comparison import Comparison
from dxanalysis.reports.outputs.labels import Labels, Texts, index_file
from dxanalysis.reports.outputs.templating import environment
from dxanalysis.reports.text import marked_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses relative to the page; an empty one is not offered."""

    old: str = ""
    new: str = ""
    index: str = ""


def beside_versions(comparison: Comparison, labels: Labels) -> Links:
    """Links of a page at ``changes/VERSION/changes.html`` in its report's folder."""
    return Links(
        old=f"../../{comparison.old.id}/report.html",
        new=f"../../{comparison.new.id}/report.html",
        index=f"../../../../{index_file(comparison.language, list(labels))}",
    )


def page(comparison: Comparison, labels: Labels, links: Links | None = None) -> str:
    """Render a comparison.

    Parameters
    ----------
    labels
        See :func:`dxanalysis.reports.outputs.labels.catalogue`.
    links
        By default those of the page's own place beside the versions.
    """
    t, found = i18n.texts(comparison.language), comparison.differences
    words = Texts(labels, comparison.language)
    sections = [
        ("causes", t("changes.section.causes"), bool(comparison.causes)),
        ("split", t("changes.section.split"), bool(comparison.attributions)),
        ("answers", t("changes.section.answers"), bool(found.headlines)),
        ("values", t("changes.section.values"), bool(found.values)),
        ("tables", t("changes.section.tables"), bool(found.tables)),
        ("figures", t("changes.section.figures"), bool(found.figures)),
        ("texts", t("changes.section.texts"), bool(found.texts or found.sources_added or found.sources_removed)),
        ("about", t("changes.section.about"), True),
    ]
    return (
        _environment()
        .get_template("changes.html.j2")
        .render(
            t=words,
            says=_says(t, words, comparison),
            language=comparison.language,
            comparison=comparison,
            links=links or beside_versions(comparison, labels),
            opening=[_rich(text) for text in sentences.opening(comparison)],
            tone="neutral" if comparison.causes or found.empty else "warn",
            sections={anchor: text for anchor, text, wanted in sections if wanted},
            causes=[_cause(one) for one in reasons.told(comparison)],
            unsplit=sentences.unsplit(comparison),
            splits=[split_shown(t, split, one) for split, one in _paired(comparison)],
            answers=_answers(t, words, comparison),
            values=values_shown(t, comparison),
            tables=grids_shown(t, found.tables, "table"),
            figures=grids_shown(t, found.figures, "figure"),
            texts=texts_shown(t, comparison),
            until=_until(comparison),
        )
    )


@cache
def _environment() -> Environment:
    """The report pages' templates with this page's own beside them, and its few rules of style."""
    shared = environment()
    mine = PackageLoader("dxanalysis.reports.compare", "templates")
    made = shared.overlay(loader=ChoiceLoader([mine, *([shared.loader] if shared.loader else [])]))
    style = files("dxanalysis.reports.compare").joinpath("templates/changes.css").read_text(encoding="utf-8")
    # The overlay shares the other's globals: a change of them would reach every page.
    made.globals = {**shared.globals, "style": Markup("{}\n{}").format(shared.globals["style"], Markup(style))}
    return made


def _rich(text: str) -> Markup:
    return Markup(marked_up(text))


def _cause(one: reasons.Told) -> dict[str, Any]:
    return {
        "heading": one.heading,
        "lead": one.lead,
        "lines": [_rich(line) for line in one.lines],
        "code": one.code,
        "more": one.more,
    }


def _paired(comparison: Comparison) -> Sequence[tuple[sentences.Split, Any]]:
    by_name = {one.name: one for one in comparison.attributions}
    return [(split, by_name[split.name]) for split in sentences.splits(comparison)]


def _says(t: i18n.Texts, words: Texts, comparison: Comparison) -> dict[str, str]:
    """Sentences that stand on every such page."""
    old, new, runs = comparison.old, comparison.new, max([one.runs for one in comparison.attributions], default=0)
    return {
        "title": t("changes.title", title=comparison.title),
        "versions": t("changes.versions", old=old.number, new=new.number),
        "ids": t("changes.versions", old=old.id, new=new.id),
        "made_old": t("changes.version", number=old.number, date=words.date(old.finished)),
        "made_new": t("changes.version", number=new.number, date=words.date(new.finished)),
        "open_old": t("changes.open_old", number=old.number),
        "open_new": t("changes.open_new", number=new.number),
        "summary": t("changes.section.summary"),
        "split": t("changes.split.intro", runs=runs),
        "before": t("changes.state.was"),
        "deleted": t("changes.text.deleted_mark"),
        "inserted": t("changes.text.inserted_mark"),
        "about": t("changes.about.text"),
        "machine": t("changes.about.machine"),
    }


def _answers(t: i18n.Texts, words: Texts, comparison: Comparison) -> list[dict[str, Any]]:
    """Answers that read otherwise: the new words, the old ones below, and what became of the tone."""
    shown = []
    for one in comparison.differences.headlines:
        old, new = (words(f"tone_{tone}") if tone else "" for tone in (one.old_tone, one.new_tone))
        if one.kind == "appeared":
            word = f"{new} ({t('changes.state.appeared')})"
        elif one.kind == "vanished":
            word = t("changes.state.vanished")
        else:
            word = new if old == new else t("changes.arrow", old=old, new=new)
        shown.append(
            {
                "tone": one.new_tone or "neutral",
                "kind": one.kind,
                "old": _rich(one.old),
                "new": _rich(one.new),
                "word": word,
                "reworded": one.old != one.new,
            }
        )
    return shown


def _until(comparison: Comparison) -> str:
    t = i18n.texts(comparison.language)
    old, new = comparison.differences.data_until
    if not old or not new or old == new:
        return ""
    return t("changes.data_until", old=amounts.day(t, old), new=amounts.day(t, new))
