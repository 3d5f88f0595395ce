"""The page on targets: met, missed, how likely, or what is missing to say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dxanalysis.accounts import DigitalShare
from dxanalysis.accounts import NotEnoughData as NoShare
from dxanalysis.forecast import (
    Attainment,
    Chance,
    Judgement,
    Met,
    Missed,
    NotEnoughData,
    PlanFigure,
    PublishedValue,
)
from dxanalysis.pages import chances, outlook, wording
from dxanalysis.pages.contribution import estimate_values
from dxanalysis.pages.pace import SHARE_TARGETS
from dxanalysis.pages.page import Page
from dxanalysis.pages.promises import CASES, case_of, ids, outlook_of, promise_name, promises
from dxanalysis.reports.recording.items import Tone, Value

FEW = 3
"""Probabilities of other targets that the first screen has room for."""


def show_answer(page: Page, judgements: Sequence[Judgement], estimate: DigitalShare | NoShare) -> None:
    """Say how many targets are met, missed, open, and what is to be said of the digital share."""
    if not judgements:
        page.headline("targets", "pages.attainment.headline_none", "neutral", place=page.place)
        return
    # Each target once, by its official method, which comes first.
    first = {one.target.id: one for one in reversed(judgements)}
    counts = Counter(case_of(one) for one in first.values())
    page.headline(
        "targets",
        "pages.attainment.headline_counts",
        "warn" if counts["unknown"] else "neutral",
        place=page.place,
        n=str(len(first)),
        parts=page.t.listing(
            [page.t(f"pages.attainment.count_{case}", n=str(counts[case])) for case in CASES if counts[case]]
        ),
    )
    values = [
        Value(
            name=f"targets_{case}",
            value=counts[case],
            unit="count",
            text=str(counts[case]),
            title=page.t(f"changes.value.targets_{case}"),
        )
        for case in CASES
    ]
    values += chances.values(page, judgements)
    ahead = [
        one
        for one in judgements
        if one.target.indicator in SHARE_TARGETS and not page.store.has_passed(one.target.deadline.end)
    ]
    if ahead:
        same = [one for one in ahead if one.target.id == ahead[0].target.id]
        values += _share_headline(page, same[0], same[1:], estimate)
    _chance_headlines(page, judgements)
    page.recorder.values(values)


def _chance_headlines(page: Page, judgements: Sequence[Judgement]) -> None:
    """Say the probabilities of other targets than those for the digital share on the first screen: all where there are few, else the least likely."""
    told = [
        (group[0], found)
        for group in promises(judgements)
        if group[0].target.indicator not in SHARE_TARGETS and (found := outlook_of(group[0])) is not None
    ]
    if len(told) > FEW:
        # of many those that a reader must not miss
        told = sorted((one for one in told if _tone(one[1]) == "bad"), key=lambda one: one[1].probability.value)[:FEW]
    t = page.t
    for one, found in told:
        page.headline(
            f"chance_{promise_name(one)}",
            "pages.attainment.headline_chance",
            _tone(found),
            measure=wording.measure(page, one),
            aim=wording.aim_by(t, one.target),
            chance=wording.chance(t, found.probability),
            range=outlook.range_label(t, one, found),
            low=t.number(found.low, 1),
            high=wording.rounded(t, found.high, found.unit),
            figures=wording.figures(t, found.evidence),
            **wording.ends(t, found.evidence),
            model=t(f"pages.model.{found.model}"),
        )


def _tone(found: Attainment) -> Tone:
    chance = found.probability.value
    return "bad" if chance < 0.1 else "warn" if chance < 0.5 else "good"


def _share_headline(
    page: Page, one: Judgement, others: Sequence[Judgement], estimate: DigitalShare | NoShare
) -> list[Value]:
    """Say the chance of the first target for the digital share, on the official series and beside it on the others.

    Returns the numbers of what was said, to be recorded.
    """
    t, name = page.t, f"share_target_{one.target.id}"
    last = page.region.valid_to
    if last is not None and last < one.target.deadline.end:
        page.headline(
            name,
            "pages.attainment.headline_share_ended",
            "neutral",
            aim=wording.aim(t, one.target),
            deadline=wording.when(t, one.target.deadline.text),
            day=t.day(last),
        )
        return []
    aim = wording.aim(t, one.target)
    if isinstance(one.outcome, Chance):
        found = one.outcome.attainment
        page.headline(
            name,
            "pages.attainment.headline_share",
            _tone(found),
            aim=aim,
            deadline=wording.when(t, one.target.deadline.text),
            chance=wording.chance(t, found.probability),
            low=t.number(found.low, 1),
            high=t.percent(found.high, 1),
            figures=wording.figures(t, found.evidence),
            **wording.ends(t, found.evidence),
            owner=page.owner(one.indicator),
            others=" ".join(filter(None, (_learnt(page, found), *(_other_method(page, other) for other in others)))),
        )
        return []  # the chance itself is recorded with those of all targets
    if isinstance(one.outcome, NotEnoughData) and isinstance(one.latest, PublishedValue):
        page.headline(
            name,
            "pages.attainment.headline_share_short",
            "warn",
            aim=aim,
            deadline=wording.when(t, one.target.deadline.text),
            why=t(f"pages.unknown.{one.outcome.reason}"),
            latest=wording.latest(page, one),
        )
    elif isinstance(estimate, DigitalShare):
        low, high = estimate.interval(0.95)
        page.headline(
            name,
            "pages.attainment.headline_share_estimate",
            "warn",
            aim=aim,
            deadline=wording.when(t, one.target.deadline.text),
            low=t.number(low, 1),
            high=t.percent(high, 1),
            period=t.period(estimate.period),
        )
        return estimate_values(page, estimate)
    else:
        page.headline(
            name,
            "pages.attainment.headline_share_nothing",
            "warn",
            aim=aim,
            deadline=wording.when(t, one.target.deadline.text),
        )
    return []


def _learnt(page: Page, found: Attainment) -> str:
    """Say in the headline that the prior dominates, where it does."""
    return page.t("pages.attainment.headline_elsewhere") if outlook.leans_on_prior(found.evidence) else ""


def _other_method(page: Page, one: Judgement) -> str:
    if not isinstance(one.outcome, Chance):
        return ""
    found = one.outcome.attainment
    return page.t(
        "pages.attainment.headline_share_other",
        owner=page.owner(one.indicator),
        chance=wording.chance(page.t, found.probability),
        figures=wording.figures(page.t, found.evidence),
    )


def show_decided(page: Page, judgements: Sequence[Judgement]) -> None:
    """List the targets whose deadline's value is published: met or missed, on which release."""
    if not judgements:
        return
    decided = [group for group in promises(judgements) if isinstance(group[0].outcome, (Met, Missed))]
    page.heading("pages.attainment.decided_heading")
    if not decided:
        page.say("pages.attainment.decided_none")
        return
    t = page.t
    rows = []
    for group in decided:
        one, outcome = group[0], group[0].outcome
        if not isinstance(outcome, (Met, Missed)):
            continue
        rows.append(
            {
                "indicator": wording.measure(page, one),
                "aim": wording.aim_by(t, one.target),
                "value": wording.value(page, outcome.value),
                "verdict": t("pages.attainment.met" if isinstance(outcome, Met) else "pages.attainment.missed"),
                "margin": wording.change(t, outcome.margin, one.target.unit),
                "targets": ids(group),
                "warning": wording.warnings(page, group, outcome.value.source),
            }
        )
        page.cite([outcome.value.source, *(each.target.source for each in group)])
    page.table(
        "decided",
        rows,
        t("pages.attainment.decided_caption"),
        columns={
            "indicator": "pages.column.indicator",
            "aim": "pages.column.target",
            "value": "pages.column.value_at_deadline",
            "verdict": "pages.column.verdict",
            "margin": "pages.column.margin",
            "targets": "pages.column.documents",
            "warning": "pages.column.warning",
        },
        numbers=("margin",),
        note=t("pages.attainment.decided_note"),
    )


def show_unknown(page: Page, judgements: Sequence[Judgement]) -> None:
    """List the targets that nothing can be said of, with what is missing: what to publish or to collect."""
    if not judgements:
        return
    unknown = [group for group in promises(judgements) if case_of(group[0]) == "unknown"]
    page.heading("pages.attainment.unknown_heading")
    if not unknown:
        page.say("pages.attainment.unknown_none")
        return
    t = page.t
    # As in the headline: each target once, by its official method, which comes first. Rows are fewer where documents promise the same.
    official = {one.target.id: one for one in reversed(judgements)}
    open_ids = {name for name, one in official.items() if case_of(one) == "unknown"}
    page.say("pages.attainment.unknown_intro", n=str(len(open_ids)))
    if any(one.target.id not in open_ids for group in unknown for one in group):
        page.say("pages.attainment.unknown_other_method")
    rows = []
    for group in unknown:
        one = group[0]
        if isinstance(one.outcome, NotEnoughData):
            why = wording.missing(page, one.outcome)
        else:
            why = t("pages.unknown.already_there")
        rows.append(
            {
                "indicator": wording.measure(page, one),
                "aim": wording.aim_by(t, one.target),
                "latest": wording.latest(page, one),
                "missing": why,
                "targets": ids(group),
            }
        )
        page.cite(each.target.source for each in group)
        if isinstance(one.latest, PublishedValue):
            page.cite([one.latest.source])
    page.table(
        "unknown",
        rows,
        t("pages.attainment.unknown_caption"),
        columns={
            "indicator": "pages.column.indicator",
            "aim": "pages.column.target",
            "latest": "pages.column.latest",
            "missing": "pages.column.missing",
            "targets": "pages.column.documents",
        },
    )


def show_plan_figures(page: Page, judgements: Sequence[Judgement]) -> None:
    """Set a plan's own figures beside what came: no threshold, no verdict."""
    if not judgements:
        return
    figures = [group[0] for group in promises(judgements) if isinstance(group[0].outcome, PlanFigure)]
    t = page.t
    page.heading("pages.attainment.plan_heading")
    if not figures:
        page.say("pages.attainment.plan_none")
        return
    page.say("pages.attainment.plan_intro")
    rows = []
    for one in figures:
        outcome = one.outcome
        if not isinstance(outcome, PlanFigure):
            continue
        published = isinstance(outcome.value, PublishedValue)
        rows.append(
            {
                "indicator": wording.measure(page, one),
                "aim": wording.aim_by(t, one.target),
                "value": wording.value(page, outcome.value)
                if isinstance(outcome.value, PublishedValue)
                else t("pages.attainment.no_value_then"),
                "latest": t("pages.attainment.same") if published else wording.latest(page, one),
                "difference": wording.change(t, outcome.difference, one.target.unit)
                if isinstance(outcome.difference, float)
                else "–",
            }
        )
        page.cite([one.target.source])
    page.table(
        "plan_figures",
        rows,
        t("pages.attainment.plan_caption"),
        columns={
            "indicator": "pages.column.indicator",
            "aim": "pages.column.plan_figure",
            "value": "pages.column.value_at_deadline",
            "latest": "pages.column.latest",
            "difference": "pages.column.difference",
        },
        numbers=("difference",),
    )


def show_register(page: Page, judgements: Sequence[Judgement]) -> None:
    """List every target with its answer in a few words: the register to look one up in."""
    t = page.t
    if not judgements:
        return
    page.heading("pages.attainment.register_heading")
    rows = [
        {
            "id": one.target.id,
            "indicator": wording.measure(page, one),
            "aim": wording.aim_by(t, one.target),
            "latest": wording.latest(page, one),
            "answer": wording.answer(page, one),
            "document": "; ".join(
                filter(None, (page.store.source(one.target.source).title, one.target.remark(page.language)))
            ),
        }
        for one in judgements
    ]
    page.cite(one.target.source for one in judgements)
    page.table(
        "register",
        rows,
        t("pages.attainment.register_caption", n=str(len({one.target.id for one in judgements}))),
        columns={
            "id": "pages.column.id",
            "indicator": "pages.column.indicator",
            "aim": "pages.column.target",
            "latest": "pages.column.latest",
            "answer": "pages.column.answer",
            "document": "pages.column.document",
        },
    )


def show_method(page: Page) -> None:
    """Say how the probabilities are made and how to read them."""
    page.heading("pages.attainment.method_heading")
    for key in ("model", "official", "revisions", "limits"):
        page.say(f"pages.attainment.method_{key}")
