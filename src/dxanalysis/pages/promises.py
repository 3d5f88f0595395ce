"""Judgements sorted for readers: targets that promise the same are one promise, and each answer is one of five cases."""

from __future__ import annotations

from collections.abc import Sequence

from dxanalysis.forecast import AlreadyThere, Attainment, Chance, Judgement, Met, Missed, PlanFigure, Scenario

CASES = ("met", "missed", "chance", "unknown", "plan")


def promises(judgements: Sequence[Judgement]) -> list[list[Judgement]]:
    """Targets that promise the same of the same measure, made in several documents, are one promise."""
    groups: dict[tuple[object, ...], list[Judgement]] = {}
    for one in judgements:
        target = one.target
        key = (
            one.indicator,
            target.comparator,
            target.value,
            target.upper,
            target.group,
            target.deadline,
            target.meaning,
        )
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def case_of(one: Judgement) -> str:
    """Which of :data:`CASES` an answer is."""
    if outlook_of(one) is not None:
        return "chance"
    cases: dict[type, str] = {Met: "met", Missed: "missed", PlanFigure: "plan"}
    return cases.get(type(one.outcome), "unknown")


def outlook_of(one: Judgement) -> Attainment | None:
    """The forecast against the target, where there is one."""
    if isinstance(one.outcome, Chance):
        return one.outcome.attainment
    if isinstance(one.outcome, AlreadyThere) and isinstance(one.outcome.outlook, Attainment):
        return one.outcome.outlook
    return None


def scenarios_of(one: Judgement) -> tuple[Scenario, ...]:
    """What it would take, where that was asked: of a target that is ahead and not yet reached."""
    return one.outcome.scenarios if isinstance(one.outcome, Chance) else ()


def ids(group: Sequence[Judgement]) -> str:
    """Ids of the targets of a promise."""
    return ", ".join(dict.fromkeys(one.target.id for one in group))


def names_of(judgements: Sequence[Judgement]) -> dict[tuple[str, str], str]:
    """Name of each target and measuring indicator, by which versions are compared: the target's id, for a further method with its indicator."""
    official: dict[str, str] = {}
    found = {}
    for one in judgements:
        identity = one.target.id
        own = official.setdefault(identity, one.indicator)
        found[identity, one.indicator] = identity if one.indicator == own else f"{identity}.{one.indicator}"
    return found


def promise_name(one: Judgement) -> str:
    """Name of a promise, by which tables and figures of versions are compared: what is measured, by when, and what is to be reached.

    It does not depend on the documents that promise it.
    """
    target = one.target
    parts = [
        one.indicator,
        target.deadline.text,
        *(f"{end:g}" for end in (target.value, target.upper) if end is not None),
    ]
    if target.meaning != "at":
        parts.append(target.meaning)
    if target.comparator == "<=":
        parts.append("at_most")
    return "_".join(parts)
