"""A comparison as Markdown for a pull request: short, and nothing in it is markup but what stands here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dxanalysis import i18n
from dxanalysis.reports.compare import amounts, reasons, sentences
from dxanalysis.reports.compare.comparison import Comparison
from dxanalysis.reports.text import BOLD, clean

ROWS = 30


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line: no markup, HTML, link, mention, or table bar of its own."""
    folded = " ".join(clean(text).split())
    # Entities instead of backslashes for what HTML, tables and autolinks act on: they hold inside tables and links too.
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "`": "&#96;", "@": "&#64;", "$": "&#36;"}
    made = "".join(named.get(c, c) for c in folded)
    made = re.sub(r"([\\*_{}\[\]~])", r"\\\1", made)
    made = re.sub(r"(?i)\b(https?|ftp|mailto|javascript|data|vbscript):", r"\1&#58;", made)
    made = re.sub(r"(?i)\bwww\.", "www&#46;", made)
    made = re.sub(r"#(?=\w)", "&#35;", re.sub(r"&#(?=\d+;)", "\0", made)).replace("\0", "&#")
    return re.sub(
        r"^(\s*)([-+#=]|\d+[.)])",
        lambda m: m[1] + "".join(f"&#{ord(c)};" if not c.isdigit() else c for c in m[2]),
        made,
    )


def rich(text: str) -> str:
    """Escaped text in which ``**bold**`` is kept."""
    parts = BOLD.split(text)
    return "".join(f"**{escaped(part).strip()}**" if n % 2 else _edges(part) for n, part in enumerate(parts))


def _edges(text: str) -> str:
    """Escape what stands between bold words and keep its outer spaces."""
    body = escaped(text)
    if not body:
        return " " if text else ""
    return (" " if text[:1].isspace() else "") + body + (" " if text[-1:].isspace() else "")


def markdown(comparison: Comparison) -> str:
    """Summarise a comparison: what moved most and why, the causes, split numbers, values, counts of the rest."""
    t, found = i18n.texts(comparison.language), comparison.differences
    lines = [
        f"## {escaped(t('changes.title', title=comparison.title))}",
        "",
        f"{escaped(t('changes.versions', old=comparison.old.number, new=comparison.new.number))} "
        f"({code(comparison.old.id)} → {code(comparison.new.id)})",
        "",
        *[line for sentence in sentences.opening(comparison) for line in (rich(sentence), "")],
    ]
    if comparison.causes:
        lines += _heading(t("changes.section.causes"))
        for one in reasons.told(comparison):
            lines.append(f"- **{escaped(one.heading)}**" + (f": {escaped(one.lead)}" if one.lead else ""))
            lines += [f"  - {rich(line)}" for line in one.lines]
            lines += [f"  - {code(name)}" for name in one.code]
            lines += [f"  - {escaped(one.more)}"] if one.more else []
        lines.append("")
    split = sentences.splits(comparison)
    unsplit = sentences.unsplit(comparison)
    if split or unsplit:
        lines += _heading(t("changes.section.split"))
        lines += [f"- {escaped(one.line)}" + (f" {escaped(one.note)}" if one.note else "") for one in split]
        lines += [*[f"- {escaped(line)}" for line in unsplit], ""]
    if found.headlines:
        lines += _heading(t("changes.section.answers"))
        for answer in found.headlines:
            gone = f"{t('changes.state.vanished')}: {answer.old}"
            lines.append(f"- {rich(answer.new or gone)}")
            if answer.new and answer.old and answer.new != answer.old:
                lines.append(f"  - {escaped(t('changes.state.was'))} {rich(answer.old)}")
        lines.append("")
    lines += _values(t, comparison)
    lines += _rest(t, comparison)
    return "\n".join(lines).rstrip() + "\n"


def code(text: str) -> str:
    """Text as code: a fence longer than any in it."""
    shown = " ".join(clean(text).split()).replace("|", "¦")
    fence = "`" * (max((len(run) for run in re.findall(r"`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _heading(text: str) -> list[str]:
    return [f"### {escaped(text)}", ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _values(t: i18n.Texts, comparison: Comparison) -> list[str]:
    found = comparison.differences
    shown = sentences.distinct([*found.moved, *(one for one in found.values if one.kind != "moved")])
    if not shown:
        return []
    heads = [
        t("changes.column.name"),
        t("changes.column.old"),
        t("changes.column.new"),
        t("changes.column.difference"),
        t("changes.column.relative"),
    ]
    lines = [*_heading(t("changes.section.values")), _row([escaped(head) for head in heads]), "|---|--:|--:|--:|--:|"]
    for one in shown[:ROWS]:
        moved = "–" if one.absolute is None else amounts.difference(t, one.absolute, one.unit)
        state = {"appeared": t("changes.state.appeared"), "vanished": t("changes.state.vanished"), "moved": moved}
        cells = (
            one.title,
            one.old_text or "–",
            one.new_text or "–",
            state[one.kind],
            amounts.relative(t, one.relative, one.unit),
        )
        lines.append(_row([escaped(cell) for cell in cells]))
    if len(shown) > ROWS:
        lines += ["", escaped(t("changes.fact.more", count=amounts.counted(t, "value", len(shown) - ROWS)))]
    return [*lines, ""]


def _rest(t: i18n.Texts, comparison: Comparison) -> list[str]:
    """What a reader finds on the page: tables, figures and text that changed, by name or count."""
    found = comparison.differences
    lines = []
    for heading, grids in ((t("changes.section.tables"), found.tables), (t("changes.section.figures"), found.figures)):
        if grids:
            lines.append(f"- **{escaped(heading)}**: {'; '.join(escaped(grid.caption) for grid in grids)}")
    if found.texts:
        count = amounts.counted(t, "text", len(found.texts))
        lines.append(f"- **{escaped(t('changes.section.texts'))}**: {escaped(count)}")
    return [*lines, ""] if lines else []
