"""A comparison in plain words: what moved most and why, each cause with its figures, each split number in one line.

Sentences hold ``**bold**`` as their only markup and are hostile until escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dxanalysis.i18n import Texts, texts
from dxanalysis.reports.compare import amounts
from dxanalysis.reports.compare.causes import only_calendar
from dxanalysis.reports.compare.comparison import Comparison
from dxanalysis.reports.compare.differences import ValueChange
from dxanalysis.reports.compare.shares import Attribution

_NAMED = 5  # numbers that are named where one reason holds for many


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One split number in words.

    Attributes
    ----------
    parts
        Label of each cause with its amount as readers write it.
    line
        All of it in one sentence.
    """

    name: str
    title: str
    old: str
    new: str
    difference: str
    parts: tuple[tuple[str, str], ...]
    line: str
    note: str


def opening(comparison: Comparison) -> tuple[str, ...]:
    """What somebody with half a minute must know: what moved most, by how much, what else differs, and why."""
    t, found = texts(comparison.language), comparison.differences
    why = because(comparison)
    if found.empty:
        if not comparison.causes:
            return (t("changes.opening.nothing"),)
        return (t("changes.opening.same"), why)
    told: list[str] = []
    most = moved_most(comparison)
    if most is not None:
        told.append(_moved(t, most))
        told += _largest_part(t, comparison, most)
        others = _other_parts(t, comparison, most)
        if others:
            told.append(t("changes.opening.others", count=t.listing(others)))
    else:
        parts = _other_parts(t, comparison, None)
        if parts:
            told.append(t("changes.opening.no_number", parts=t.listing(parts)))
    hidden = len(distinct(one for one in found.values if not one.visible))
    if hidden:
        told.append(t("changes.opening.hidden", count=amounts.counted(t, "value", hidden)))
    if not found.same_language:
        told.append(t("changes.opening.languages"))
    return (*told, why)


def because(comparison: Comparison) -> str:
    """Name the kinds of causes in one sentence."""
    t, known = texts(comparison.language), comparison.causes
    if not known:
        return t("changes.why.unexplained")
    if only_calendar(known):
        return t("changes.why.calendar_only")
    kinds = [t(f"changes.why.{cause.kind.replace(' ', '_')}") for cause in known]
    key = "changes.why.made_again" if comparison.differences.empty else "changes.why.because"
    # Causes are clauses: a semicolon keeps them apart where one of them has an "and" of its own.
    return t(key, causes="; ".join(kinds))


def moved_most(comparison: Comparison) -> ValueChange | None:
    """The value to tell first, of those with a name for readers: a probability, for it is what is asked, else the largest move."""
    moved = list(comparison.differences.moved)
    split = {one.name for one in comparison.attributions}
    named = [one for one in moved if one.title != one.name] or [one for one in moved if one.name in split]
    return max(named, key=_rank, default=None)


def distinct(values: Iterable[ValueChange]) -> list[ValueChange]:
    """Values that readers tell apart: one promise recorded under the ids of several documents is one number for them."""
    return list(
        {(one.title, one.kind, one.old_text, one.new_text, one.unit): one for one in reversed([*values])}.values()
    )[::-1]


def _rank(one: ValueChange) -> tuple[bool, float]:
    return one.unit == "probability", _weight(one)


def _weight(one: ValueChange) -> float:
    if one.absolute is None:
        return 0.0
    scale = {"probability": 100.0, "percent": 1.0}.get(one.unit)
    return abs(one.absolute) * scale if scale else 100 * abs(one.relative or 0.0)


def _moved(t: Texts, one: ValueChange) -> str:
    words = {"title": one.title, "old": one.old_text, "new": one.new_text}
    if one.absolute is None:
        return t("changes.opening.most_plain", **words)
    return t("changes.opening.most", **words, difference=amounts.difference(t, one.absolute, one.unit))


def _largest_part(t: Texts, comparison: Comparison, most: ValueChange) -> list[str]:
    split = next((one for one in comparison.attributions if one.name == most.name and one.parts), None)
    if split is None:
        return []
    part = max(split.parts, key=lambda one: abs(one.amount))
    amount = amounts.difference(t, part.amount, split.unit)
    return [t("changes.opening.reason", label=part.label, amount=amount)]


def _other_parts(t: Texts, comparison: Comparison, most: ValueChange | None) -> list[str]:
    """Counts of everything else that reads otherwise."""
    found = comparison.differences
    numbers = len(distinct(one for one in found.values if one.visible)) - (most is not None)
    counts = (
        ("value", numbers),
        ("headline", len(found.headlines)),
        ("table", len(found.tables)),
        ("figure", len(found.figures)),
        ("text", len(found.texts)),
        ("source", len(found.sources_added) + len(found.sources_removed)),
    )
    return [amounts.counted(t, what, n) for what, n in counts if n]


def splits(comparison: Comparison) -> tuple[Split, ...]:
    """The split numbers, probabilities first, then those that moved most; what readers take for one number stands once."""
    t = texts(comparison.language)
    moved = {one.name: one for one in comparison.differences.values}
    told = {one.name for one in distinct(moved[one.name] for one in comparison.attributions if one.parts)}
    ordered = sorted(
        (one for one in comparison.attributions if one.name in told), key=lambda one: _rank(moved[one.name]), reverse=True
    )
    return tuple(_split(t, one, moved[one.name]) for one in ordered)


def unsplit(comparison: Comparison) -> tuple[str, ...]:
    """Which changes could not be split over the causes, and why."""
    t = texts(comparison.language)
    moved = {one.name: one for one in comparison.differences.values}
    why: dict[str, list[ValueChange]] = {}
    for one in comparison.attributions:
        if not one.parts:
            why.setdefault(one.note, []).append(moved[one.name])
    told = []
    for note, values in why.items():
        names = [one.title for one in distinct(values)]
        more = len(names) - _NAMED
        shown = [*names[:_NAMED], *([amounts.counted(t, "value", more)] if more > 0 else [])]
        told.append(t("changes.split.none", names="; ".join(shown), note=note).strip())
    return tuple(told)


def _split(t: Texts, one: Attribution, value: ValueChange) -> Split:
    decimals = amounts.parts_decimals([one.new - one.old, *(part.amount for part in one.parts)], one.unit)
    difference = amounts.difference(t, one.new - one.old, one.unit, decimals)
    parts = tuple((part.label, amounts.difference(t, part.amount, one.unit, decimals)) for part in one.parts)
    told = "; ".join(t("changes.split.part", label=label, amount=_bare(amount)) for label, amount in parts)
    note = " ".join(filter(None, ("" if one.exact else t("changes.split.estimated"), one.note)))
    old, new = value.old_text or t.number(one.old), value.new_text or t.number(one.new)
    words = {"title": value.title, "old": old, "new": new, "difference": difference}
    return Split(
        name=one.name,
        title=value.title,
        old=old,
        new=new,
        difference=difference,
        parts=parts,
        line=t("changes.split.line", **words, parts=told),
        note=note,
    )


def _bare(amount: str) -> str:
    """The number alone: the unit was said with the whole change."""
    return amount.partition(" ")[0]
