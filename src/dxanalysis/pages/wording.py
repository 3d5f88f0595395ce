"""Facts about targets in words: the aim, the value, the chance, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Target
from dxanalysis.forecast import (
    AlreadyThere,
    Attainment,
    Chance,
    Evidence,
    Judgement,
    Met,
    Missed,
    NotEnoughData,
    PlanFigure,
    Probability,
    PublishedValue,
)
from dxanalysis.forecast.evidence import Missing
from dxanalysis.i18n import Texts
from dxanalysis.pages.page import Page

FULL = 100.0


def measure(page: Page, one: Judgement) -> str:
    """What is measured, with whose method where there are several."""
    indicator = page.store.indicator(one.indicator)
    name = indicator.name(page.language)
    if one.indicator != one.target.indicator:
        return page.t(
            "pages.wording.by_method",
            name=page.store.indicator(one.target.indicator).name(page.language),
            owner=page.owner(one.indicator),
        )
    return name


def aim(t: Texts, target: Target) -> str:
    """What is to be reached: ``từ 30 % trở lên``."""
    if target.comparator == "yes":
        return t("pages.aim.yes")
    if target.comparator == "group":
        return t("pages.aim.group", group=target.group or "")
    value = quantity(t, target.value or 0.0, target.unit)
    if target.comparator == "range":
        low = t.number(target.value or 0.0) if target.unit != "rank" else value
        return t("pages.aim.range", low=low, high=quantity(t, target.upper or 0.0, target.unit))
    key = {">=": "at_least", "<=": "at_most", "=": "exactly"}[target.comparator]
    if target.comparator == ">=" and target.unit == "percent" and target.value == FULL:
        key = "full"
    if target.unit == "rank":
        return t("pages.aim.rank", value=t.number(target.value or 0.0))
    return t(f"pages.aim.{key}", value=value)


def aim_by(t: Texts, target: Target) -> str:
    """What is to be reached, and by when."""
    wanted, deadline = aim(t, target), target.deadline.text
    if target.meaning == "mean":
        return t("pages.aim.mean", aim=wanted, deadline=deadline.replace("-", "–"))
    return f"{wanted}, {when(t, deadline)}"


def quantity(t: Texts, value: float, unit: str) -> str:
    """A value with its unit; a rank is a number."""
    return t.quantity(value, unit)


def change(t: Texts, value: float, unit: str) -> str:
    """A difference with its sign: percentage points for percentages."""
    if unit == "percent":
        return t("pages.points", n=t.number(value, 2, sign=True))
    text = t.number(value, 0 if unit in {"rank", "count"} else 2, sign=True)
    label = t(f"common.unit.{unit}") if t.has(f"common.unit.{unit}") else ""
    return f"{text} {label}".strip()


def value(page: Page, found: PublishedValue) -> str:
    """A published value with its period, release and status."""
    t, shown = page.t, quantity(page.t, found.value, found.unit)
    return t(
        "pages.wording.value",
        value=t("pages.wording.ranked", value=shown) if found.unit == "rank" else shown,
        period=t.period(found.period),
        status=t(f"common.status.{found.status}"),
        release=t.release(found.released_from, found.released_to),
    )


def latest(page: Page, one: Judgement) -> str:
    """The newest published value, or that there is none."""
    return (
        value(page, one.latest) if isinstance(one.latest, PublishedValue) else page.t("pages.wording.no_value_at_all")
    )


def figures(t: Texts, known: Evidence) -> str:
    """How many figures a forecast rests on, and of what periods."""
    return t(f"pages.figures.{Period.parse(known.last_period).kind}", n=str(known.n_points))


def when(t: Texts, period: str) -> str:
    """A period in a sentence; the second half of a year, which is published cumulatively, is the year as a whole."""
    kind = Period.parse(period).kind
    if kind == "year":
        return t("pages.when.year", year=period)
    return t("pages.when.half2", year=period[:4]) if kind == "half" and period.endswith("2") else t.period(period)


def ends(t: Texts, known: Evidence) -> dict[str, str]:
    """First and last period of the figures a forecast rests on, as they stand in brackets."""
    first, last = (
        one if Period.parse(one).kind == "year" else when(t, one) for one in (known.first_period, known.last_period)
    )
    return {"first": first, "last": last}


def chance(t: Texts, probability: Probability) -> str:
    """A probability; at the ends only that it is below or above."""
    percent = 100 * probability.value
    if probability.clipped:
        return t("pages.wording.below" if percent < 50 else "pages.wording.above", value=t.percent(percent, 0))
    return t("pages.wording.about", value=t.percent(percent, 0))


def missing(page: Page, nothing: NotEnoughData) -> str:
    """Why nothing can be said, and what would have to be published."""
    t = page.t
    # What became of a unit or a level is told with its day, by the gap itself.
    ended = nothing.reason in {"region_ended", "level_ended"} and any(g.code == nothing.reason for g in nothing.missing)
    parts = [] if ended else [t(f"pages.unknown.{nothing.reason}")]
    own = (set() if ended else {nothing.reason}) | ({"verdict"} if nothing.reason == "no_published_verdict" else set())
    for item in nothing.missing:
        if item.code in own or (item.code == "no_value" and nothing.reason == "no_value_in_any_method"):
            continue
        if item.code == "deadline_value" and nothing.reason in {"deadline_value_not_published", "deadline_within_year"}:
            continue
        parts.append(_gap(page, item))
    return " ".join(parts)


def _gap(page: Page, item: Missing) -> str:
    t = page.t
    facts = dict(item.facts)
    if item.code == "other_scope":
        indicator = page.store.indicator(str(facts["indicator"]))
        return t(
            "pages.gap.other_scope",
            name=indicator.name(page.language),
            value=t.quantity(float(facts["value"]), indicator.unit),
            period=t.period(str(facts["period"])),
        )
    if item.code == "region_ended":
        successors = [page.place_of(region.id) for region in page.store.regions.successors(str(facts["region"]))]
        return t(
            "pages.gap.region_ended",
            day=t.day(date.fromisoformat(str(facts["last_day"]))),
            now=t.listing(successors) or "–",
        )
    if item.code == "level_ended":
        return t("pages.gap.level_ended", day=t.day(date.fromisoformat(str(facts["last_day"]))))
    if item.code == "points":
        return t("pages.gap.points", found=str(facts["found"]), needed=str(facts["needed"]))
    return t(f"pages.gap.{item.code}")


def warnings(page: Page, group: Sequence[Judgement], source: str) -> str:
    """What to check before a verdict is quoted: of the targets and of the figure's source."""
    told = dict.fromkeys(
        [*(one.target.remark(page.language) for one in group), page.store.source(source).warning(page.language)]
    )
    return "; ".join(text for text in told if text) or "–"


def answer(page: Page, one: Judgement) -> str:
    """The answer to a target in a few words."""
    t = page.t
    outcome = one.outcome
    if isinstance(outcome, (Met, Missed)):
        key = "met" if isinstance(outcome, Met) else "missed"
        return t(f"pages.answer.{key}", value=quantity(t, outcome.value.value, outcome.value.unit))
    if isinstance(outcome, (Chance, AlreadyThere)):
        found = outcome.attainment if isinstance(outcome, Chance) else outcome.outlook
        if isinstance(found, Attainment):
            return t("pages.answer.chance", chance=chance(t, found.probability), figures=figures(t, found.evidence))
        return t("pages.answer.already")
    if isinstance(outcome, PlanFigure):
        return t("pages.answer.plan")
    return t("pages.answer.unknown")


def rounded(t: Texts, number: float, unit: str) -> str:
    """A computed value with its unit, to one decimal; ranks and counts are whole."""
    return t.quantity(number, unit, 0 if unit in {"rank", "count"} else 1)
