"""Each cause in plain words: its figures before and after, their source and day of release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dxanalysis.i18n import Texts, texts
from dxanalysis.reports.compare import amounts
from dxanalysis.reports.compare.causes import Cause, CauseKind, Fact
from dxanalysis.reports.compare.comparison import Comparison

LIMIT = 12
"""Facts of one cause that are told; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A cause in words.

    Attributes
    ----------
    lead
        What is not known of it; may be empty.
    lines
        One sentence or two for each fact, with ``**bold**`` as the only markup.
    code
        Names that only a programmer reads, such as source files.
    more
        How many facts are not told, in words; may be empty.
    """

    kind: CauseKind
    heading: str
    lead: str
    lines: tuple[str, ...]
    code: tuple[str, ...] = ()
    more: str = ""


def told(comparison: Comparison) -> tuple[Told, ...]:
    """Every cause in words, the data first."""
    return tuple(_told(comparison, cause) for cause in comparison.causes)


def _told(comparison: Comparison, cause: Cause) -> Told:
    t = texts(comparison.language)
    heading = t(f"changes.cause.{cause.kind.replace(' ', '_')}")
    lead = _lead(t, cause)
    if cause.kind == "reads":
        lines = _reads(t, comparison, cause)
        return Told(kind=cause.kind, heading=heading, lead=lead, lines=lines)
    if cause.kind == "code":
        notebooks = [fact for fact in cause.facts if fact.old is not None]
        files = [fact.what for fact in cause.facts if fact.old is None]
        count = t("changes.fact.modules", count=amounts.counted(t, "file", len(files))) if files else ""
        lines = tuple(_setting(t, comparison, fact) for fact in notebooks)
        return Told(
            kind=cause.kind,
            heading=heading,
            lead=count or lead,
            lines=lines,
            code=tuple(files[:LIMIT]),
            more=_more(t, len(files)),
        )
    line = _LINES.get(cause.kind, _figure)
    lines = tuple(line(t, comparison, fact) for fact in cause.facts[:LIMIT])
    return Told(kind=cause.kind, heading=heading, lead=lead, lines=lines, more=_more(t, len(cause.facts)))


def _more(t: Texts, n: int) -> str:
    return t("changes.fact.more", count=amounts.counted(t, "item", n - LIMIT)) if n > LIMIT else ""


def _lead(t: Texts, cause: Cause) -> str:
    if cause.kind == "figures":
        return t("changes.unknown.figures")
    if cause.facts:
        return ""
    unknown = {
        "code": "changes.unknown.code",
        "environment": "changes.unknown.environment",
        "parameters": "changes.unknown.parameters",
    }
    return t(unknown[cause.kind]) if cause.kind in unknown else ""


def _figure(t: Texts, comparison: Comparison, fact: Fact) -> str:
    """A published figure: new, revised, confirmed or gone."""
    words = {"name": _named(t, comparison, fact)}
    old, new = (amounts.quantity(t, value, fact.unit) for value in (fact.old, fact.new))
    if fact.old is None and fact.new is None:
        sentence = t("changes.fact.touched", **words)
    elif fact.old is None:
        sentence = t("changes.fact.figure", **words, new=new)
    elif fact.new is None:
        sentence = t("changes.fact.gone", **words, old=old)
    elif fact.old == fact.new:
        sentence = t("changes.fact.confirmed", **words, new=new)
    elif isinstance(fact.old, int | float) and isinstance(fact.new, int | float):
        difference = amounts.difference(t, fact.new - fact.old, fact.unit)
        sentence = t("changes.fact.moved", **words, old=old, new=new, difference=difference)
    else:
        sentence = t("changes.fact.item", **words, old=old, new=new)
    return " ".join(filter(None, (sentence, _source(t, comparison, fact))))


def _source(t: Texts, comparison: Comparison, fact: Fact) -> str:
    if not fact.source or not (fact.indicator or fact.region_id):
        return ""
    source = comparison.name(fact.source).rstrip(".")
    if not fact.released:
        return t("changes.fact.from_source", source=source)
    return t("changes.fact.from_source_on", source=source, day=amounts.day(t, fact.released))


def _named(t: Texts, comparison: Comparison, fact: Fact) -> str:
    """What a fact is about: the measure, the place, the period."""
    wide = {"indicator": t("changes.anything"), "region_id": t("changes.everywhere")}
    parts = [
        wide[what] if identity == "*" else comparison.name(identity)
        for what in ("indicator", "region_id")
        if (identity := getattr(fact, what))
    ]
    if fact.period:
        parts.append(amounts.period(t, fact.period))
    return ", ".join(parts) or comparison.name(fact.source or fact.what)


def _target(t: Texts, comparison: Comparison, fact: Fact) -> str:
    named = _figure(t, comparison, fact)
    return f"{named} ({fact.what})" if fact.what and ":" not in fact.what else named


def _deadline(t: Texts, _: Comparison, fact: Fact) -> str:
    key = "changes.fact.passed" if fact.new == "passed" else "changes.fact.ahead"
    return t(key, day=amounts.day(t, fact.what))


def _setting(t: Texts, _: Comparison, fact: Fact) -> str:
    words = {"name": fact.what}
    if fact.old is None:
        return t("changes.fact.added", **words, new=_as_it_is(t, fact.new))
    if fact.new is None:
        return t("changes.fact.removed", **words, old=_as_it_is(t, fact.old))
    return t("changes.fact.item", **words, old=_as_it_is(t, fact.old), new=_as_it_is(t, fact.new))


def _as_it_is(t: Texts, value: object) -> str:
    """A setting as it was given; an identifier or a seed is no quantity."""
    if isinstance(value, bool):
        return t("common.yes") if value else t("common.no")
    return str(value) if value not in (None, "") else t("changes.none")


def _reads(t: Texts, comparison: Comparison, cause: Cause) -> tuple[str, ...]:
    lines = []
    for key, facts in (
        ("changes.fact.read_more", [f for f in cause.facts if f.new is not None]),
        ("changes.fact.read_less", [f for f in cause.facts if f.old is not None]),
    ):
        names = list(dict.fromkeys(_slice_name(t, comparison, fact.what) for fact in facts))
        if names:
            shown = names[:LIMIT]
            more = len(names) - len(shown)
            shown += [amounts.counted(t, "item", more)] if more else []
            lines.append(t(key, names=t.listing(shown)))
    return tuple(lines)


def _slice_name(t: Texts, comparison: Comparison, key: str) -> str:
    """What a data slice holds, in words as far as there are any."""
    table, _, rest = key.partition(":")
    name = rest.partition("@")[0]
    if table == "observations":
        indicator, _, region = name.partition(":")
        return _named(t, comparison, Fact(what=key, indicator=indicator, region_id=region))
    if table == "calendar":
        return t("changes.fact.whether_passed", day=amounts.day(t, name))
    return comparison.name(name) if name not in ("", "*") else table


_LINES: Mapping[str, Callable[[Texts, Comparison, Fact], str]] = {
    "target": _target,
    "calendar": _deadline,
    "parameters": _setting,
    "environment": _setting,
    "seed": _setting,
}
