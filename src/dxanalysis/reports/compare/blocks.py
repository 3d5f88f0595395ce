"""Pieces of the page "what changed" as its template needs them: tables, pictures, reworded passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

from markupsafe import Markup

from dxanalysis.i18n import Texts
from dxanalysis.reports.compare import amounts
from dxanalysis.reports.compare.comparison import Comparison
from dxanalysis.reports.compare.differences import ValueChange
from dxanalysis.reports.compare.grids import CellChange, GridChange
from dxanalysis.reports.compare.sentences import Split, distinct
from dxanalysis.reports.compare.shares import Attribution
from dxanalysis.reports.compare.waterfall import Step, waterfall
from dxanalysis.reports.recording.shown import svg_uri
from dxanalysis.reports.text import clean, marked_up, without_markup

CELLS = 40
"""Changed cells of one table that are listed; the machine-readable file has all."""
ROWS = 8
"""Added or dropped rows of one table that are named."""
_LONG = 70  # characters from which two cells are told as one passage with its words marked
_MOST_PAIRS = 4_000_000  # pairs of words that are looked through for what stayed
_WIDE, _NARROW = 760, 360
_WRAPS = 24  # characters of a cell for which a telephone has no room beside others
_TOKEN = re.compile(r"\s+|\S+")


def table(
    anchor: str, caption: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], note: str = ""
) -> dict[str, Any]:
    """Give a table to the template that all pages share."""
    shape = {
        "stacks": len(columns) > 3 or any(len(cell) > _WRAPS for row in rows for cell in row[1:]),
        "short": len(rows) <= 12,
    }
    return {
        "id": anchor,
        "caption": Markup(marked_up(caption)),
        "columns": list(columns),
        "rows": rows,
        "note": note,
        "shape": " ".join(name for name, wanted in shape.items() if wanted),
    }


def values_shown(t: Texts, comparison: Comparison) -> dict[str, Any]:
    """The values that moved, appeared, vanished, and those that moved by less than is shown."""
    found = comparison.differences
    groups: dict[str, list[ValueChange]] = {
        "moved": distinct(found.moved),
        "appeared": [],
        "vanished": [],
        "hidden": [],
    }
    for one in distinct(found.values):
        if one.kind != "moved":
            groups[one.kind].append(one)
        elif not one.visible:
            groups["hidden"].append(one)
    shown = {
        "moved": _moved(t, "values-moved", t("changes.values.caption"), groups["moved"]),
        "appeared": _alone(t, "values-new", t("changes.values.new"), groups["appeared"], t("changes.column.new")),
        "vanished": _alone(t, "values-gone", t("changes.values.gone"), groups["vanished"], t("changes.column.old")),
        "hidden": _moved(
            t,
            "values-hidden",
            t("changes.values.hidden", count=amounts.counted(t, "value", len(groups["hidden"]))),
            groups["hidden"],
            precise=True,
        ),
    }
    same = t("changes.values.same", n=t.number(found.values_same, 0))
    return {**{name: block for name, block in shown.items() if groups[name]}, "same": same}


def _moved(
    t: Texts, anchor: str, caption: str, values: Sequence[ValueChange], *, precise: bool = False
) -> dict[str, Any]:
    columns = [
        (t("changes.column.name"), "text"),
        (t("changes.column.old"), "number"),
        (t("changes.column.new"), "number"),
        (t("changes.column.difference"), "number"),
        (t("changes.column.relative"), "number"),
    ]
    decimals = 6 if precise else None
    rows: list[tuple[str, ...]] = [
        (
            one.title,
            one.old_text,
            one.new_text,
            "–" if one.absolute is None else amounts.difference(t, one.absolute, one.unit, decimals),
            amounts.relative(t, one.relative, one.unit),
        )
        for one in values
    ]
    if all(row[-1] == "–" for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return table(anchor, caption, columns, rows)


def _alone(t: Texts, anchor: str, caption: str, values: Sequence[ValueChange], column: str) -> dict[str, Any]:
    rows = [(one.title, one.new_text or one.old_text) for one in values]
    return table(anchor, caption, [(t("changes.column.name"), "text"), (column, "number")], rows)


def split_shown(t: Texts, split: Split, one: Attribution) -> dict[str, Any]:
    """A split number: its picture, and its parts as a table."""
    steps = [
        Step(label=t("changes.split.before"), text=split.old, value=one.old, is_level=True),
        *(
            Step(label=label, text=text.partition(" ")[0], value=part.amount)
            for part, (label, text) in zip(one.parts, split.parts, strict=True)
        ),
        Step(label=t("changes.split.after"), text=split.new, value=one.new, is_level=True),
    ]
    words = {"title": split.title, "old": split.old, "new": split.new, "difference": split.difference}
    columns = [(t("changes.split.cause"), "text"), (t("changes.split.amount"), "number")]
    rows = [*split.parts, (t("changes.split.total"), split.difference)]
    return {
        "id": re.sub(r"\W+", "-", f"split-{split.name}", flags=re.ASCII),
        "title": split.title,
        "line": split.line,
        "wide": svg_uri(waterfall(steps, width=_WIDE)),
        "narrow": svg_uri(waterfall(steps, width=_NARROW)),
        "alt": t("changes.split.alt", line=split.line),
        "caption": t("changes.split.caption", **words),
        "columns": columns,
        "rows": rows,
        "note": split.note,
    }


def grids_shown(t: Texts, grids: Sequence[GridChange], what: Literal["table", "figure"]) -> list[dict[str, Any]]:
    """Tables or figures that changed: their cells before and after, rows and columns that came or went, in sentences."""
    return [_grid(t, grid, what, f"{what}-{n}") for n, grid in enumerate(grids, start=1)]


def _grid(t: Texts, grid: GridChange, what: Literal["table", "figure"], anchor: str) -> dict[str, Any]:
    visible = [cell for cell in grid.cells if cell.visible]
    long = [cell for cell in visible if cell.old_value is None and min(len(cell.old), len(cell.new)) >= _LONG]
    short = [cell for cell in visible if cell not in long]
    return {
        # A caption may go on to explain how the chart is read; its first sentence names it.
        "title": Markup(marked_up(grid.caption.partition(". ")[0])),
        "cells": _cells(t, grid.caption, short, anchor),
        # The points of a curve are many and each says little: they are there for those who ask.
        "folded": t("changes.grid.points", count=amounts.counted(t, "value", len(short))) if what == "figure" else "",
        "passages": [
            {"kind": f"{cell.row} – {cell.column}", "pieces": _marked(cell.old, cell.new)} for cell in long[:CELLS]
        ],
        "lines": _grid_lines(t, grid, what),
    }


def _grid_lines(t: Texts, grid: GridChange, what: str) -> list[str]:
    if grid.kind == "appeared":
        count = amounts.counted(t, "row", grid.rows[1])
        return [t("changes.grid.appeared", count=count) if what == "table" else t("changes.grid.figure_appeared")]
    if grid.kind == "vanished":
        return [t("changes.grid.vanished") if what == "table" else t("changes.grid.figure_vanished")]
    if grid.kind == "drawing":
        return [t("changes.grid.drawing")]
    lines = []
    if grid.rows_added:
        lines.append(t("changes.grid.rows_added", rows=_rows(t, grid.rows_added)))
    if grid.rows_removed:
        lines.append(t("changes.grid.rows_removed", rows=_rows(t, grid.rows_removed)))
    if grid.columns_added:
        lines.append(t("changes.grid.columns_added", columns=t.listing(list(grid.columns_added))))
    if grid.columns_removed:
        lines.append(t("changes.grid.columns_removed", columns=t.listing(list(grid.columns_removed))))
    if grid.reordered:
        lines.append(t("changes.grid.reordered"))
    if what == "table" and grid.words:
        lines.append(t("changes.grid.words"))
    hidden = sum(not cell.visible for cell in grid.cells)
    if hidden:
        lines.append(t("changes.grid.hidden", count=amounts.counted(t, "value", hidden)))
    return lines


def _rows(t: Texts, rows: Sequence[Sequence[str]]) -> str:
    names = list(dict.fromkeys(row[0] if row else "–" for row in rows))
    shown = [f"“{name}”" for name in names[:ROWS]]
    more = len(names) - len(shown)
    return t.listing([*shown, *([amounts.counted(t, "row", more)] if more else [])])


def _cells(t: Texts, caption: str, cells: Sequence[CellChange], anchor: str) -> dict[str, Any] | None:
    if not cells:
        return None
    shown = cells[:CELLS]
    one_column = len({cell.column for cell in shown}) == 1
    differences = [_difference(t, cell) for cell in shown]
    parts: list[tuple[str, str, list[str]]] = [
        (t("changes.column.row"), "text", [cell.row for cell in shown]),
        (t("changes.column.column"), "text", [cell.column for cell in shown]),
        (t("changes.column.old"), "text", [cell.old or "–" for cell in shown]),
        (t("changes.column.new"), "text", [cell.new or "–" for cell in shown]),
        (t("changes.column.difference"), "number", [text or "–" for text in differences]),
    ]
    parts = [
        part for n, part in enumerate(parts) if not (n == 1 and one_column) and not (n == 4 and not any(differences))
    ]
    rows = list(zip(*(part[2] for part in parts), strict=True))
    note = t("changes.grid.shown", n=str(CELLS), all=str(len(cells))) if len(cells) > CELLS else ""
    name = t("changes.grid.cells", name=caption)
    return table(anchor, name, [(label, align) for label, align, _ in parts], rows, note)


def _difference(t: Texts, cell: CellChange) -> str:
    if cell.old_value is None or cell.new_value is None:
        return ""
    return amounts.difference(t, cell.new_value - cell.old_value, cell.unit)


def texts_shown(t: Texts, comparison: Comparison) -> dict[str, Any]:
    """Passages that came, went or were reworded, with the words that differ marked; sources that came or went."""
    found = comparison.differences
    kinds = {
        "title": t("changes.text.title"),
        "heading": t("changes.text.heading"),
        "paragraph": t("changes.text.paragraph"),
        "note": t("changes.text.note"),
    }
    passages = []
    for one in found.texts:
        key = (
            "changes.text.reworded"
            if one.old and one.new
            else "changes.text.added"
            if one.new
            else "changes.text.removed"
        )
        shown = (
            _marked(one.old, one.new)
            if one.old and one.new
            else [("same", clean(without_markup(one.new or one.old or "")))]
        )
        passages.append({"kind": t(key, kind=kinds[one.kind]), "pieces": shown})
    lines = [
        t(key, names="; ".join(names))
        for key, names in (
            ("changes.text.sources_added", found.sources_added),
            ("changes.text.sources_removed", found.sources_removed),
        )
        if names
    ]
    count = amounts.counted(t, "text", len(passages))
    return {"passages": passages, "lines": lines, "all": t("changes.text.all", count=count)}


def _marked(old: str, new: str) -> list[tuple[str, str]]:
    """The words of two texts in order: the same, deleted, inserted."""
    before, after = (_TOKEN.findall(without_markup(text)) for text in (old, new))
    if len(before) * len(after) > _MOST_PAIRS:
        return [("del", without_markup(old)), ("ins", without_markup(new))]
    pieces: list[tuple[str, str]] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[i:j])))
            continue
        if j > i:
            pieces.append(("del", "".join(before[i:j])))
        if m > k:
            pieces.append(("ins", "".join(after[k:m])))
    return pieces
