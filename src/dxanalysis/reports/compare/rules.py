"""Rules of a continuous integration: which changes between two versions must not pass unseen.

A rule is one line::

    chance.*>10 points without new data
    share_published>5% without revised or new period
    any>5%
    targets_met<-1
    tone
    vanished

Grammar::

    rule      = event | names comparison [condition]
    event     = ("tone" | "vanished" | "appeared" | "texts" | "tables" | "figures" | "unexplained" | "anything") [condition]
    names     = "any" | name of a value, in which * stands for any characters
    comparison= (">" | ">=" | "<" | "<=") number [unit]
    unit      = "points" | "%"
    condition = "without" kind {"or" kind}
    kind      = "new data" | "new period" | "revised" | ... | "code" | "environment"

``>`` looks at the size of a change whatever its sign; ``<`` with a negative number looks at falls: ``x<-1`` is broken when x fell by
more than 1. Without a unit the number is in the value's own unit, ``points`` are percentage points (of a probability too), ``%`` is
relative to the old value. A condition lifts the rule where one of the causes it names is there.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import get_args

from dxanalysis.errors import ParameterError
from dxanalysis.reports.compare.amounts import base
from dxanalysis.reports.compare.causes import DATA_KINDS, CauseKind
from dxanalysis.reports.compare.comparison import Comparison
from dxanalysis.reports.compare.differences import Differences, ValueChange

EXAMPLES = ("chance.*>10 points without new data", "any>5%", "share_*<-0.5", "tone", "vanished", "unexplained")
EVENTS = ("tone", "vanished", "appeared", "texts", "tables", "figures", "unexplained", "anything")
NEW_DATA = "new data"
CONDITIONS = (NEW_DATA, *get_args(CauseKind))

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_NAMES = re.compile(r"[A-Za-z0-9_.*\-]+")
_SIGN = re.compile(r"\s*(>=|<=|>|<)\s*")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)")
_UNIT = re.compile(r"\s*(points?\b|%)")
_WITHOUT = re.compile(r"\s*without\s+")
_POINTS = {"percent": 1.0, "probability": 100.0, "points": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as read; ``text`` is it as written.

    Attributes
    ----------
    what
        One of :data:`EVENTS`, or a pattern of value names.
    sign, limit, unit
        Of a rule about values: how the change is compared, with what, in which unit (empty: the value's own).
    lifted_by
        Kinds of causes under which the rule does not hold.
    """

    text: str
    what: str
    sign: str = ""
    limit: float = 0.0
    unit: str = ""
    lifted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that a comparison breaks, and by what."""

    rule: str
    found: tuple[str, ...]

    def __str__(self) -> str:
        shown = "; ".join(self.found[:5])
        more = len(self.found) - 5
        return f"{self.rule}: {shown}" + (f" and {more} more" if more > 0 else "")


def read_rule(text: str) -> Rule:
    """Read a rule.

    Raises
    ------
    ParameterError
        It is no rule; the place where reading stopped is named, with examples.
    """
    start = len(text) - len(text.lstrip())
    names = _NAMES.match(text, start)
    if names is None:
        raise _fault(text, start, "the name of a value, any, or an event")
    at, what = names.end(), names[0]
    sign = _SIGN.match(text, at)
    if sign is None:
        if what not in EVENTS:
            expected = "one of > >= < <= after the name of a value" if what != "any" else "a comparison such as >5%"
            raise _fault(text, at, expected)
        return Rule(text=text.strip(), what=what, lifted_by=_condition(text, at))
    number = _NUMBER.match(text, sign.end())
    if number is None:
        raise _fault(text, sign.end(), "a number such as 10 or 0.5")
    at, limit = number.end(), float(number[0])
    if sign[1].startswith(">") and limit < 0:
        raise _fault(text, sign.end(), f"a size, which is not negative (a fall is written {what}<{number[0]})")
    if sign[1].startswith("<") and limit >= 0:
        raise _fault(text, sign.end(), f"a negative number: the rule {what}<-1 is broken by a fall of more than 1")
    unit = _UNIT.match(text, at)
    at = unit.end() if unit else at
    return Rule(
        text=text.strip(),
        what=what,
        sign=sign[1],
        limit=limit,
        unit="" if unit is None else "%" if unit[1] == "%" else "points",
        lifted_by=_condition(text, at),
    )


def _condition(text: str, at: int) -> tuple[str, ...]:
    """Read what may follow a rule: the causes under which it does not hold."""
    if not text[at:].strip():
        return ()
    without = _WITHOUT.match(text, at)
    if without is None:
        stop = at + len(text[at:]) - len(text[at:].lstrip())
        raise _fault(text, stop, "points, %, without, or nothing more")
    at, kinds = without.end(), []
    while True:
        kind = next((k for k in sorted(CONDITIONS, key=len, reverse=True) if re.match(rf"{k}(?!\w)", text[at:])), None)
        if kind is None:
            raise _fault(text, at, f"a cause: {', '.join(CONDITIONS)}")
        kinds.append(kind)
        at += len(kind)
        more = re.match(r"\s+or\s+", text[at:])
        if more is None:
            break
        at += more.end()
    if text[at:].strip():
        raise _fault(text, at + len(text[at:]) - len(text[at:].lstrip()), "or with another cause, or nothing more")
    return tuple(kinds)


def _fault(text: str, at: int, expected: str) -> ParameterError:
    found = repr(text[at : at + 12]) if text[at:].strip() else "the end"
    return ParameterError(
        f"the rule {text!r} cannot be read: at position {at + 1} {expected} is expected, found {found}",
        fix=f"Examples: {'; '.join(EXAMPLES)}",
    )


def broken(comparison: Comparison, rules: Sequence[Rule]) -> tuple[Broken, ...]:
    """Give the rules that a comparison breaks, in the order of the rules."""
    kinds = {cause.kind for cause in comparison.causes}
    there = kinds | ({NEW_DATA} if kinds & DATA_KINDS else set())
    found = []
    for rule in rules:
        if there & set(rule.lifted_by):
            continue
        what = _offences(comparison, rule)
        if what:
            found.append(Broken(rule=rule.text, found=tuple(what)))
    return tuple(found)


def _offences(comparison: Comparison, rule: Rule) -> list[str]:
    differences = comparison.differences
    if not rule.sign:
        return _events(comparison, differences)[rule.what]
    pattern = "*" if rule.what == "any" else rule.what
    return [
        f"{one.name} {one.old} -> {one.new}"
        for one in differences.values
        if one.kind == "moved" and fnmatchcase(one.name, pattern) and _exceeds(one, rule)
    ]


def _events(comparison: Comparison, found: Differences) -> dict[str, list[str]]:
    named: list[tuple[str, str]] = [(one.name, one.kind) for one in found.values]
    named += [(one.name, one.kind) for one in found.headlines]
    named += [(one.name, one.kind) for one in (*found.tables, *found.figures)]
    gone = [name for name, kind in named if kind == "vanished"]
    come = [name for name, kind in named if kind == "appeared"]
    tones = [
        f"{one.name} {one.old_tone} -> {one.new_tone}"
        for one in found.headlines
        if one.kind == "moved" and one.old_tone != one.new_tone
    ]
    texts: list[str] = [one.kind for one in found.texts]
    events: dict[str, list[str]] = {
        "tone": tones,
        "vanished": gone,
        "appeared": come,
        "texts": texts,
        "tables": [one.name for one in found.tables],
        "figures": [one.name for one in found.figures],
        "unexplained": ["no cause is known of what changed"] if not found.empty and not comparison.causes else [],
    }
    moved = [one.name for one in found.values if one.kind == "moved"]
    answers = [one.name for one in found.headlines if one.kind == "moved"]
    everything = [*moved, *answers, *gone, *come, *events["tables"], *events["figures"], *texts]
    sources = [*found.sources_added, *found.sources_removed]
    return events | {"anything": list(dict.fromkeys([*everything, *sources]))}


def _exceeds(one: ValueChange, rule: Rule) -> bool:
    """Whether a value moved beyond a rule's limit; one whose change is no number in the rule's unit does where it must be small."""
    change = _change(one, rule.unit)
    if change is None:
        # From 0, from text to text, from one unit to another: no size can be given, so a rule on the size cannot clear it.
        return rule.unit != "points" and rule.sign.startswith(">")
    return _COMPARE[rule.sign](abs(change) if rule.sign.startswith(">") else change, rule.limit)


def _change(one: ValueChange, unit: str) -> float | None:
    if unit == "%":
        return None if one.relative is None else 100 * one.relative
    if one.absolute is None:
        return None
    if unit == "points":
        return one.absolute * _POINTS.get(base(one.unit), 0.0)
    return one.absolute
