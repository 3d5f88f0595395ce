"""The section on targets ahead: how likely, on what evidence, what it would take, and several levels of one promise together."""

from __future__ import annotations

from collections.abc import Sequence

from dxanalysis.forecast import Judgement, PublishedValue, Together
from dxanalysis.pages import outlook, wording
from dxanalysis.pages.page import Page
from dxanalysis.pages.promises import ids, names_of, outlook_of, promise_name, promises, scenarios_of
from dxanalysis.reports.recording.items import Value


def show_chances(page: Page, judgements: Sequence[Judgement], together: Sequence[Together] = ()) -> None:
    """List the targets that can be forecast, with probability, range, pace, official rules, evidence and what it would take."""
    if not judgements:
        return
    open_ones = [group for group in promises(judgements) if outlook_of(group[0]) is not None]
    page.heading("pages.attainment.chances_heading")
    if not open_ones:
        page.say("pages.attainment.chances_none")
        return
    page.say("pages.attainment.chances_intro")
    for group in open_ones:
        _show_chance(page, group, promise_name(group[0]))
    for promise in together:
        _show_together(page, promise, f"together_{promise_name(promise.levels[0])}")


def values(page: Page, judgements: Sequence[Judgement]) -> list[Value]:
    """Every target's numbers, once for each method, to be recorded; the official one goes by the target's id alone."""
    names = names_of(judgements)
    kept: dict[str, list[Value]] = {}
    for one in judgements:
        name = names[one.target.id, one.indicator]
        if name not in kept:
            kept[name] = outlook.values(page, one, outlook_of(one), name)
    return [value for found in kept.values() for value in found]


def _show_chance(page: Page, group: Sequence[Judgement], name: str) -> None:
    t = page.t
    one, found = group[0], outlook_of(group[0])
    if found is None:
        return
    page.recorder.heading(f"{wording.measure(page, one)}: {wording.aim_by(t, one.target)}", 3)
    page.table(
        f"chance_{name}",
        [{"what": what, "answer": answer} for what, answer in outlook.rows(page, one, found)],
        t("pages.attainment.chance_caption", documents=ids(group)),
        columns={"what": "pages.column.question", "answer": "pages.column.answer"},
    )
    warning = outlook.caution(t, found.evidence, one.latest if isinstance(one.latest, PublishedValue) else None)
    if warning:
        page.recorder.note(warning, "caution")
    outlook.fan(page, one, found, f"fan_{name}")
    assumed = scenarios_of(one)
    if assumed:
        outlook.show_scenarios(page, found, assumed, f"scenarios_{name}")
    page.cite([found.evidence.source, *(each.target.source for each in group)])


def _show_together(page: Page, promise: Together, name: str) -> None:
    """Say how likely all levels of one promise are met: as if they had nothing in common, and within which limits otherwise."""
    t, found = page.t, promise.answer
    first = promise.levels[0].target
    page.heading("pages.attainment.together_heading", 3, deadline=wording.when(t, first.deadline.text))
    page.say(
        "pages.attainment.together",
        n=str(found.n_conditions),
        chance=wording.chance(t, found.probability),
        low=wording.chance(t, found.lowest),
        high=wording.chance(t, found.highest),
        values=t.listing([_points(page, one) for one in promise.levels]),
    )
    page.table(
        name,
        [
            {
                "indicator": wording.measure(page, one),
                "aim": wording.aim_by(t, one.target),
                "chance": wording.chance(t, part),
            }
            for one, part in zip(promise.levels, found.parts, strict=True)
        ],
        t("pages.attainment.together_caption", documents=ids(promise.levels)),
        columns={
            "indicator": "pages.column.indicator",
            "aim": "pages.column.target",
            "chance": "pages.outlook.chance",
        },
    )


def _points(page: Page, one: Judgement) -> str:
    found = outlook_of(one)
    name = wording.measure(page, one)
    return name if found is None else f"{name}: {wording.figures(page.t, found.evidence)}"
