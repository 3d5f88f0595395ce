"""Tables and the data behind figures: rows matched by their name, cells compared by the numbers behind them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from dxanalysis.i18n import texts
from dxanalysis.reports.compare.amounts import quantity
from dxanalysis.reports.compare.shown import is_visible, same
from dxanalysis.reports.recording.items import Cell, Figure, Table

T = TypeVar("T")
_NUMBERS = re.compile(r"[+\u2212-]?(?!(?:19|20)\d\d(?!\d))\b\d[\d.,]*")
_WORDS = re.compile(r"[^\W\d_]{3}.*\s.*[^\W\d_]{3}")
GridKind = Literal["changed", "appeared", "vanished", "drawing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """A cell that reads otherwise, or holds another number.

    Attributes
    ----------
    row, column
        What the row and the column are called.
    old, new
        The cell's text before and after.
    old_value, new_value, unit
        The numbers behind it, None where it is words.
    visible
        Whether a reader sees it: the text differs by more than rounding.
    """

    row: str
    column: str
    old: str
    new: str
    old_value: float | None = None
    new_value: float | None = None
    unit: str = ""
    visible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GridChange:
    """A table, or a figure by its data, that is not what it was.

    Attributes
    ----------
    kind
        ``drawing``: the picture or its words differ, the data behind it do not.
    rows_added, rows_removed
        Whole rows as readers see them, the first cell naming the row.
    reordered
        Whether rows stand in another order.
    words
        What else differs: ``caption``, ``note``, ``alt``, ``picture``.
    rows
        Number of rows before and after.
    """

    name: str
    caption: str
    kind: GridKind
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    rows_added: tuple[tuple[str, ...], ...] = ()
    rows_removed: tuple[tuple[str, ...], ...] = ()
    cells: tuple[CellChange, ...] = ()
    reordered: bool = False
    words: tuple[str, ...] = ()
    rows: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    text: str
    value: float | None
    unit: str


_Row = tuple[_Cell, ...]
_Grid = tuple[tuple[str, ...], tuple[str, ...], tuple[_Row, ...]]  # keys and labels of the columns, rows


def table_changes(
    old: Sequence[Table], new: Sequence[Table], language: str, tolerance: float
) -> tuple[GridChange, ...]:
    """Compare tables of the same name; rows are matched by their first column."""
    found = []
    for name, before, after in _pairs({t.name: t for t in old}, {t.name: t for t in new}):
        if before is None or after is None:
            found.append(_alone(name, before, after, len((before or after).rows)))  # type: ignore[union-attr]  # one is there
            continue
        words = tuple(word for word in ("caption", "note") if getattr(before, word) != getattr(after, word))
        change = _compare(name, after.caption, _of_table(before), _of_table(after), words, language, tolerance)
        found += [change] if change else []
    return tuple(found)


def figure_changes(
    old: Sequence[Figure], new: Sequence[Figure], language: str, tolerance: float
) -> tuple[GridChange, ...]:
    """Compare figures of the same name by the data behind them; a picture alone is a change of the drawing."""
    found = []
    for name, before, after in _pairs({f.name: f for f in old}, {f.name: f for f in new}):
        if before is None or after is None:
            one = before or after
            found.append(_alone(name, before, after, len(one.data.rows) if one is not None and one.data else 0))
            continue
        words = tuple(word for word in ("caption", "alt") if getattr(before, word) != getattr(after, word))
        if (before.wide_svg, before.narrow_svg) != (after.wide_svg, after.narrow_svg):
            words += ("picture",)
        grids = _of_figure(before, language), _of_figure(after, language)
        change = _compare(name, after.caption, *grids, words, language, tolerance)
        found += [change] if change else []
    return tuple(found)


def _alone(name: str, before: Table | Figure | None, after: Table | Figure | None, rows: int) -> GridChange:
    if after is not None:
        return GridChange(name=name, caption=after.caption, kind="appeared", rows=(0, rows))
    return GridChange(name=name, caption=before.caption if before else name, kind="vanished", rows=(rows, 0))


def _compare(
    name: str, caption: str, old: _Grid, new: _Grid, words: tuple[str, ...], language: str, tolerance: float
) -> GridChange | None:
    (old_keys, old_labels, old_rows), (new_keys, new_labels, new_rows) = old, new
    places = [(old_keys.index(key), place) for place, key in enumerate(new_keys) if key in old_keys]
    matched, removed, added = _match(old_rows, new_rows, places)
    cells = [
        change
        for n, m in matched
        for i, j in places
        if (change := _cell_change(old_rows[n], i, new_rows[m], j, new_labels[j], language, tolerance)) is not None
    ]
    reordered = [m for _, m in matched] != sorted(m for _, m in matched)
    columns_added = tuple(label for key, label in zip(new_keys, new_labels, strict=True) if key not in old_keys)
    columns_removed = tuple(label for key, label in zip(old_keys, old_labels, strict=True) if key not in new_keys)
    moved = bool(cells or removed or added or columns_added or columns_removed or reordered)
    if not moved and not words:
        return None
    return GridChange(
        name=name,
        caption=caption,
        kind="changed" if moved or not set(words) & {"picture", "alt"} else "drawing",
        columns_added=columns_added,
        columns_removed=columns_removed,
        rows_added=tuple(tuple(cell.text for cell in new_rows[m]) for m in added),
        rows_removed=tuple(tuple(cell.text for cell in old_rows[n]) for n in removed),
        cells=tuple(cells),
        reordered=reordered,
        words=words,
        rows=(len(old_rows), len(new_rows)),
    )


def _match(
    old: tuple[_Row, ...], new: tuple[_Row, ...], places: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pair the rows of one name: those that are equal first, the others in their order.

    Names that differ by nothing but their numbers ("at 10.5%" and "at 11%") are paired last.
    """
    pairs: list[tuple[int, int]] = []
    removed, added = list(range(len(old))), list(range(len(new)))
    for name_of in (_whole_name, _name_but_numbers):
        names: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for n in removed:
            names[name_of(old[n])][0].append(n)
        for m in added:
            names[name_of(new[m])][1].append(m)
        for before, after in names.values():
            pairs += _pair_up(before, after, old, new, places)
        removed = sorted(set(removed) - {n for n, _ in pairs})
        added = sorted(set(added) - {m for _, m in pairs})
    return sorted(pairs), removed, added


def _pair_up(
    before: list[int], after: list[int], old: tuple[_Row, ...], new: tuple[_Row, ...], places: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    open_old, open_new = list(before), list(after)
    if len(before) > 1 or len(after) > 1:
        equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for m in after:
            equal[tuple(new[m][j].text for _, j in places)].append(m)
        for n in before:
            twins = equal.get(tuple(old[n][i].text for i, _ in places))
            if twins:
                m = twins.pop(0)
                pairs.append((n, m))
                open_old.remove(n)
                open_new.remove(m)
    both = min(len(open_old), len(open_new))
    return [*pairs, *zip(open_old[:both], open_new[:both], strict=True)]


def _whole_name(row: _Row) -> str:
    return row[0].text if row else ""


def _name_but_numbers(row: _Row) -> str:
    """A row's name without its numbers; a year in it stays, and so does a name that is no sentence."""
    name = _whole_name(row)
    return _NUMBERS.sub("#", name) if _WORDS.search(name) else name


def _cell_change(
    before: _Row, i: int, after: _Row, j: int, column: str, language: str, tolerance: float
) -> CellChange | None:
    old, new = before[i], after[j]
    visible = old.text != new.text
    if old.value is not None and new.value is not None:
        if same(old.value, new.value, tolerance) and (not visible or old.unit == new.unit):
            return None
        visible = old.unit != new.unit or is_visible(old.value, new.value, (old.text, new.text), language)
    elif not visible:
        return None
    return CellChange(
        row=after[0].text,
        column=column,
        old=old.text,
        new=new.text,
        old_value=old.value,
        new_value=new.value,
        unit=new.unit or old.unit,
        visible=visible,
    )


def _of_table(table: Table) -> _Grid:
    keys = tuple(column.key for column in table.columns)
    rows = tuple(
        tuple(
            _Cell(
                text=text,
                value=table.values[n][k] if table.values else None,
                unit=table.units[n][k] if table.units else "",
            )
            for k, text in enumerate(row)
        )
        for n, row in enumerate(table.rows)
    )
    return keys, tuple(column.label for column in table.columns), rows


def _of_figure(figure: Figure, language: str) -> _Grid:
    if figure.data is None:
        return (), (), ()
    rows = tuple(
        tuple(_Cell(text=_text(cell, language), value=_number(cell), unit="") for cell in row)
        for row in figure.data.rows
    )
    return figure.data.columns, figure.data.columns, rows


def _text(cell: Cell, language: str) -> str:
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) < 10_000:  # a year is not 2.024
        return str(cell)
    return quantity(texts(language), cell, "")


def _number(cell: Cell) -> float | None:
    try:
        return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None
    except OverflowError:
        return None


def _pairs(old: Mapping[str, T], new: Mapping[str, T]) -> list[tuple[str, T | None, T | None]]:
    """Both sides by name, in the newer one's order, what vanished at the end."""
    return [(name, old.get(name), one) for name, one in new.items()] + [
        (name, one, None) for name, one in old.items() if name not in new
    ]
