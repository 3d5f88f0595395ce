"""What differs between two records of a report: recorded values, answers, tables, figures, text, sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeVar

from dxanalysis.reports.compare.grids import GridChange, figure_changes, table_changes
from dxanalysis.reports.compare.passages import TextChange, text_changes
from dxanalysis.reports.compare.plain import rebuild
from dxanalysis.reports.compare.shown import RELATIVE, is_visible, same
from dxanalysis.reports.recording.items import Cell, Figure, Headline, Item, Plain, Table, Value
from dxanalysis.reports.recording.record import Record

Presence = Literal["moved", "appeared", "vanished"]
Named = TypeVar("Named", Value, Headline)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueChange:
    """A recorded value that moved, appeared or vanished.

    Attributes
    ----------
    title
        What readers call it; its name where nobody said.
    unit
        Unit of both numbers; where it changed, the two units with an arrow, and no difference is taken.
    old_text, new_text
        Both in the report's language; empty on the side that lacks it.
    absolute, relative
        New minus old in ``unit``, and that over the size of the old one; None where either is no number (or the old one is 0).
    visible
        False where the difference is below what the report shows.
    """

    name: str
    title: str
    kind: Presence
    unit: str
    old: Cell = None
    new: Cell = None
    old_text: str = ""
    new_text: str = ""
    absolute: float | None = None
    relative: float | None = None
    visible: bool = True
    shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineChange:
    """An answer of the report that reads otherwise; ``moved`` also where only its tone did."""

    name: str
    kind: Presence
    old: str = ""
    new: str = ""
    old_tone: str = ""
    new_tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Everything that differs between two records.

    Attributes
    ----------
    same_language
        Records of two languages are compared by their recorded values and tones only: every text differs.
    values_same
        Number of recorded values that did not move.
    data_until
        Release day of the newest figure used, before and after; empty where unknown.
    sources_added, sources_removed
        Titles.
    """

    same_language: bool
    values: tuple[ValueChange, ...] = ()
    values_same: int = 0
    headlines: tuple[HeadlineChange, ...] = ()
    tables: tuple[GridChange, ...] = ()
    figures: tuple[GridChange, ...] = ()
    texts: tuple[TextChange, ...] = ()
    sources_added: tuple[str, ...] = ()
    sources_removed: tuple[str, ...] = ()
    data_until: tuple[str, str] = ("", "")

    @property
    def empty(self) -> bool:
        """Whether the two reports say the same."""
        told = (
            self.values,
            self.headlines,
            self.tables,
            self.figures,
            self.texts,
            self.sources_added,
            self.sources_removed,
        )
        return not any(told)

    @property
    def moved(self) -> tuple[ValueChange, ...]:
        """Values that a reader sees moving, the largest relative change first; those without one last."""
        seen = [one for one in self.values if one.kind == "moved" and one.visible]
        return tuple(sorted(seen, key=lambda one: -abs(one.relative) if one.relative is not None else 0.0))

    def to_plain(self) -> Plain:
        """Return the differences as plain JSON."""
        return asdict(self)


def differences_from_plain(plain: Mapping[str, object]) -> Differences:
    """Read differences back; ReportError where they are not what :meth:`Differences.to_plain` writes."""
    return rebuild(Differences, plain, "differences")


def differences(old: Record, new: Record, *, tolerance: float = RELATIVE) -> Differences:
    """Compare two records of a report, the older one first.

    Parameters
    ----------
    tolerance
        Two numbers that differ by no more than this part of the larger one are the same. A larger difference that the report's
        own rounding hides is listed and marked as not visible.
    """
    language = new.meta.language
    alike = old.meta.language == language
    values = _value_changes(old, new, language if alike else "", tolerance)
    kept = {one.name for one in values if one.kind == "moved"}
    both = {i.name for i in old.items if isinstance(i, Value)} & {i.name for i in new.items if isinstance(i, Value)}
    found = Differences(
        same_language=alike,
        values=values,
        values_same=len(both - kept),
        headlines=_headline_changes(old, new, alike),
        data_until=(old.meta.data_until, new.meta.data_until),
    )
    if not alike:
        return found
    title = (TextChange(kind="title", old=old.meta.title, new=new.meta.title),) * (old.meta.title != new.meta.title)
    sources = [[row.title for row in record.sources] for record in (old, new)]
    return Differences(
        same_language=True,
        values=found.values,
        values_same=found.values_same,
        headlines=found.headlines,
        tables=table_changes(_of(old, Table), _of(new, Table), language, tolerance),
        figures=figure_changes(_of(old, Figure), _of(new, Figure), language, tolerance),
        texts=title + text_changes(old.items, new.items),
        sources_added=tuple(dict.fromkeys(t for t in sources[1] if t not in sources[0])),
        sources_removed=tuple(dict.fromkeys(t for t in sources[0] if t not in sources[1])),
        data_until=found.data_until,
    )


I = TypeVar("I", bound=Item)  # noqa: E741  # one kind of item


def _of(record: Record, kind: type[I]) -> list[I]:
    return [item for item in record.items if isinstance(item, kind)]


def _named(old: list[Named], new: list[Named]) -> list[tuple[str, Named | None, Named | None]]:
    before, after = {i.name: i for i in old}, {i.name: i for i in new}
    return [(name, before.get(name), one) for name, one in after.items()] + [
        (name, one, None) for name, one in before.items() if name not in after
    ]


def _value_changes(old: Record, new: Record, language: str, tolerance: float) -> tuple[ValueChange, ...]:
    found = []
    for name, before, after in _named(_of(old, Value), _of(new, Value)):
        change = _value_change(name, before, after, language, tolerance)
        found += [change] if change else []
    return tuple(found)


def _value_change(
    name: str, before: Value | None, after: Value | None, language: str, tolerance: float
) -> ValueChange | None:
    title = next((text for one in (after, before) if one for text in (one.title, one.label) if text), name)
    shown = any(one.label for one in (before, after) if one)
    if before is None or after is None:
        one = after or before
        return ValueChange(
            name=name,
            title=title,
            kind="appeared" if before is None else "vanished",
            unit=one.unit if one else "",
            old=before.value if before else None,
            new=after.value if after else None,
            old_text=before.text if before else "",
            new_text=after.text if after else "",
            shown=shown,
        )
    unit = after.unit if before.unit == after.unit else f"{before.unit} → {after.unit}"
    numbers = _number(before.value), _number(after.value)
    absolute = relative = None
    visible = True
    if numbers[0] is not None and numbers[1] is not None and before.unit == after.unit:
        if same(numbers[0], numbers[1], tolerance):
            return None
        absolute = _finite(numbers[1] - numbers[0])
        relative = _finite(absolute / abs(numbers[0])) if absolute is not None and numbers[0] else None
        visible = not language or is_visible(numbers[0], numbers[1], (before.text, after.text), language)
    elif before.unit == after.unit and type(before.value) is type(after.value) and before.value == after.value:
        return None
    return ValueChange(
        name=name,
        title=title,
        kind="moved",
        unit=unit,
        old=before.value,
        new=after.value,
        old_text=before.text,
        new_text=after.text,
        absolute=absolute,
        relative=relative,
        visible=visible,
        shown=shown,
    )


def _headline_changes(old: Record, new: Record, alike: bool) -> tuple[HeadlineChange, ...]:
    found = []
    for name, before, after in _named(_of(old, Headline), _of(new, Headline)):
        if before and after and before.tone == after.tone and (before.text == after.text or not alike):
            continue
        found.append(
            HeadlineChange(
                name=name,
                kind="appeared" if before is None else "vanished" if after is None else "moved",
                old=before.text if before else "",
                new=after.text if after else "",
                old_tone=before.tone if before else "",
                new_tone=after.tone if after else "",
            )
        )
    return tuple(found)


def _number(cell: Cell) -> float | None:
    try:
        return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None
    except OverflowError:
        return None


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
