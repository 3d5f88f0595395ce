"""A forecast against a target in words: the rows of its table, what it rests on, what it would take, and its picture."""

from __future__ import annotations

import pandas as pd

from dxanalysis import charts
from dxanalysis.data.periods import Period
from dxanalysis.forecast import Attainment, Evidence, Judgement, NotWithin, Probability, PublishedValue, Scenario
from dxanalysis.forecast.answers.attainment import years_between
from dxanalysis.i18n import Texts
from dxanalysis.pages.official import official_rule
from dxanalysis.pages.page import Page
from dxanalysis.pages.wording import aim_by, chance, change, ends, figures, latest, measure, quantity, rounded, when
from dxanalysis.reports.recording.items import Value

SOME_YEARS, ENOUGH_YEARS = 6, 12
"""Years with a figure from which a series is called neither weak nor short."""
WHOLE_YEAR = 12
"""Months."""
DOMINANT = 0.5
"""Weight of the prior above which readers are told that the answer is learnt mostly from elsewhere."""
_ROUNDING = 1e-9


def values(page: Page, one: Judgement, found: Attainment | None, name: str) -> list[Value]:
    """A target's latest figure, probability and the pace it needs under the target's id, to be recorded so that versions compare.

    ``name`` tells the measure apart where a target is judged by several: its id, or that with the indicator of another method.
    """
    t, of = page.t, f"{measure(page, one)}, {aim_by(page.t, one.target)}"
    kept: list[Value] = []

    def keep(name: str, value: str | float, unit: str, text: str, title: str) -> None:
        kept.append(Value(name=name, value=value, unit=unit, text=text, title=title))

    if isinstance(one.latest, PublishedValue):
        known = one.latest
        title = t("changes.value.latest", target=of)
        keep(f"latest.{name}", known.value, known.unit, quantity(t, known.value, known.unit), title=title)
        period = t("changes.value.latest_period", target=of)
        keep(f"latest_period.{name}", known.period, "period", t.period(known.period), title=period)
    if found is None:
        return kept
    probability, title = found.probability, t("changes.value.chance", target=of, figures=figures(t, found.evidence))
    keep(f"chance.{name}", probability.value, "probability", chance(t, probability), title=title)
    if found.required_mean is None and months_left(found) < WHOLE_YEAR:
        return kept
    if found.required_mean is None:
        needed, title = found.required_pace, t("changes.value.pace", target=of)
        keep(
            f"pace_needed.{name}", round(needed, 6), f"{found.unit} a year", change(t, needed, found.unit), title=title
        )
    else:
        mean, title = found.required_mean, t("changes.value.mean", target=of)
        keep(f"mean_needed.{name}", round(mean, 6), found.unit, rounded(t, mean, found.unit), title=title)
    return kept


def rows(page: Page, one: Judgement, found: Attainment) -> list[tuple[str, str]]:
    """Questions about a target that is ahead, with their answers."""
    t, unit, own = page.t, found.unit, found.evidence
    told = [("latest", latest(page, one)), ("chance", chance(t, found.probability))]
    if found.probability_upper is not None and found.upper is not None:
        upper = quantity(t, found.upper, unit)
        told.append(
            ("chance_upper", t("pages.outlook.upper_value", chance=chance(t, found.probability_upper), upper=upper))
        )
    if found.meaning == "at":
        told.append(("chance_by" if in_years(own) else "chance_by_part", chance(t, found.probability_by)))
    if found.n_similar and found.required_mean is None:
        told.append(
            (
                "similar",
                t("pages.outlook.similar_value", n=t.number(found.n_similar), managed=t.number(found.n_managed)),
            )
        )
    told.append(
        (
            "range",
            t(
                "pages.outlook.range_value",
                low=t.number(found.low, 1),
                high=rounded(t, found.high, unit),
                middle=rounded(t, found.median, unit),
            ),
        )
    )
    if found.required_mean is None:
        told += [("date", _date(t, found)), _way(t, found)]
    else:
        needed, past = rounded(t, found.required_mean, unit), rounded(t, found.past_mean, unit)
        told.append(("mean", t("pages.outlook.mean_value", needed=needed, past=past)))
    told.append(("evidence", evidence(t, found)))
    told += [
        official_rule(
            t,
            result,
            value=lambda number: rounded(t, number, unit),
            change=lambda number: change(t, number, unit),
        )
        for result in one.official
    ]
    return [
        (range_label(t, one, found) if what == "range" else t(f"pages.outlook.{what}"), text) for what, text in told
    ]


def months_left(found: Attainment) -> int:
    """Months from the newest figure of the series to the deadline."""
    return round(WHOLE_YEAR * years_between(found.evidence.last_period, found.at))


def _way(t: Texts, found: Attainment) -> tuple[str, str]:
    """What is still to come: a year, or all of it where less than a year is left."""
    months = months_left(found)
    if months < WHOLE_YEAR:
        way = found.distance if found.direction == "up" else -found.distance
        return "pace_soon", t("pages.outlook.pace_soon_value", way=change(t, way, found.unit), months=str(months))
    needed, past = change(t, found.required_pace, found.unit), change(t, found.past_pace, found.unit)
    return "pace", t("pages.outlook.pace_value", needed=needed, past=past)


def range_label(t: Texts, one: Judgement, found: Attainment) -> str:
    """What the range of an answer is of: the value at the deadline, or the mean over its years."""
    if found.meaning == "mean":
        return t("pages.outlook.range_mean", span=one.target.deadline.text.replace("-", "–"))
    return t("pages.outlook.range")


def evidence(t: Texts, found: Attainment) -> str:
    """What a forecast rests on: own figures, other regions, past cases, and the prior with its weight."""
    own = found.evidence
    known = (
        t(
            "pages.outlook.revisions",
            n=str(own.n_revisions),
            size=change(t, own.revision_size, found.unit).lstrip("+"),
        )
        if own.n_revisions
        else t("pages.outlook.no_revisions")
    )
    sentences = [
        t(
            "pages.outlook.evidence_own",
            figures=figures(t, own),
            **ends(t, own),
            releases=str(own.releases),
            revisions=known,
        ),
        t("pages.outlook.evidence_model", model=t(f"pages.model.{found.model}")),
    ]
    sentences += _learnt(t, own) if found.model == "pooled" else [t("pages.outlook.evidence_own_only")]
    return " ".join(sentences)


def _learnt(t: Texts, own: Evidence) -> list[str]:
    """What was learnt from others: peers with the cases found among them, and the prior with its own where there are no peers."""
    alone, only_prior = not own.n_peers, own.prior_weight + own.own_weight > 1 - _ROUNDING
    if alone:
        sentences = [t("pages.outlook.evidence_alone")]
    elif only_prior:
        sentences = [t("pages.outlook.evidence_few_peers", n=t.number(own.n_peers))]
    else:
        cases = t.number(own.n_analogues)
        sentences = [t("pages.outlook.evidence_peers", n=t.number(own.n_peers), cases=cases)]
    if own.prior_weight > 0:
        told = {"weight": t.percent(100 * own.prior_weight, 0), "sources": prior_sources(t, own)}
        sentences.append(
            t("pages.outlook.evidence_prior_cases", cases=t.number(own.n_analogues), **told)
            if alone and only_prior
            else t("pages.outlook.evidence_prior", **told)
        )
    if own.own_weight > 0:
        sentences.append(t("pages.outlook.evidence_own_way", weight=t.percent(100 * own.own_weight, 0)))
    return sentences


def prior_sources(t: Texts, own: Evidence) -> str:
    """What a prior was learnt from, as readers call it."""
    names = [name.strip() for name in own.prior_source.split("+") if name.strip()]
    return t.listing([panel_name(t, name) for name in names])


def panel_name(t: Texts, name: str) -> str:
    """A panel that the engine learnt from or was tested on; one of several with a common first word goes by that (``papi_sc63``)."""
    known = [one for one in (name, name.partition("_")[0]) if t.has(f"pages.panel.{one}")]
    return t(f"pages.panel.{known[0]}") if known else name


def leans_on_prior(own: Evidence) -> bool:
    """Whether most was learnt from elsewhere."""
    return own.prior_weight > DOMINANT


def in_years(own: Evidence) -> bool:
    """Whether a forecast rests on figures of years, not of parts of years."""
    return Period.parse(own.last_period).kind == "year"


def caution(t: Texts, own: Evidence, newest: PublishedValue | None = None) -> str:
    """What a reader must know before a probability is quoted; empty where there is nothing.

    ``newest`` is the figure that the page calls the newest: of another kind of period than the series it may be newer than the series.
    """
    told = []
    if newest is not None and Period.parse(newest.period).end > Period.parse(own.last_period).end:
        told.append(
            t("pages.attainment.evidence_newer", newest=t.period(newest.period), last=t.period(own.last_period))
        )
    years = len({Period.parse(period).year for period, _ in own.observed})
    if years < ENOUGH_YEARS:
        key = "evidence_weak" if years < SOME_YEARS else "evidence_short"
        told.append(t(f"pages.attainment.{key}", figures=figures(t, own), **ends(t, own)))
    if not in_years(own):
        told.append(t("pages.attainment.evidence_parts"))
    if leans_on_prior(own):
        told.append(t("pages.attainment.evidence_elsewhere", sources=prior_sources(t, own)))
    return " ".join(told)


def show_scenarios(page: Page, found: Attainment, assumed: tuple[Scenario, ...], name: str) -> None:
    """List what the probability would be under one changed assumption each."""
    t, unit = page.t, found.unit
    lines = [(t("pages.scenario.as_forecast"), found.probability, found.median)]
    for one in assumed:
        words = {} if one.name == "late_start" else {"size": change(t, one.size, unit)}
        lines.append((t(f"pages.scenario.{one.name}", **words), one.probability, one.median))
    page.table(
        name,
        [
            {"what": text, "chance": chance(t, probability), "middle": rounded(t, median, unit)}
            for text, probability, median in lines
        ],
        t("pages.attainment.scenarios_caption"),
        columns={
            "what": "pages.column.scenario",
            "chance": "pages.outlook.chance",
            "middle": "pages.column.middle",
        },
        numbers=("chance", "middle"),
        note=t("pages.attainment.scenarios_note"),
    )


def fan(page: Page, one: Judgement, found: Attainment, name: str) -> None:
    """Draw the series, its forecast and the target."""
    t = page.t
    deadline = one.target.deadline
    until = str(deadline.year) if in_years(found.evidence) or deadline.kind == "span" else deadline.text
    if len(found.evidence.observed) < 2:
        return
    history = pd.DataFrame(found.evidence.observed, columns=["period", "value"])
    ahead = pd.DataFrame(
        [(period, *levels) for period, levels in found.fan if Period.parse(period).end <= deadline.end],
        columns=["period", "p2.5", "p10", "p50", "p90", "p97.5"],
    )
    words = {
        word: t(f"pages.fan.{word}") for word in ("history", "median", "range80", "range95", "year", "value", "kind")
    }
    if not in_years(found.evidence):
        words["year"] = t("pages.fan.period")
    words |= {
        level: t("pages.fan.level", level=t.number(float(level[1:]))) for level in ("p2.5", "p10", "p90", "p97.5")
    }
    chart = charts.fan(
        history,
        ahead,
        target=(until, found.target, t("pages.fan.target", aim=aim_by(t, one.target))),
        span_from=one.target.deadline.start.year if found.meaning == "mean" else None,
        number=lambda x: t.quantity(x, found.unit, 0 if found.unit != "percent" else None),
        axis=t("pages.fan.value"),
        words=words,
        written=lambda period: when(t, period),
    )
    page.chart(
        name,
        chart,
        caption=t("pages.fan.caption", name=measure(page, one)),
        alt=t(
            "pages.fan.alt",
            name=measure(page, one),
            first=when(t, found.evidence.first_period),
            last=when(t, found.evidence.last_period),
            from_value=quantity(t, float(history["value"].iloc[0]), found.unit),
            to_value=quantity(t, float(history["value"].iloc[-1]), found.unit),
            deadline=when(t, until),
            low=rounded(t, float(ahead["p10"].iloc[-1]), found.unit),
            high=rounded(t, float(ahead["p90"].iloc[-1]), found.unit),
            aim=aim_by(t, one.target),
        ),
    )


def _date(t: Texts, found: Attainment) -> str:
    if found.distance <= 0:
        key = "date_reached" if in_years(found.evidence) else "date_reached_part"
        return t(f"pages.outlook.{key}", period=t.period(found.evidence.last_period))
    share = chance(t, Probability.of_share(found.not_within))
    if isinstance(found.date, NotWithin):
        return t("pages.outlook.date_never", last=when(t, found.date.last_period), share=share)
    return t("pages.outlook.date_value", first=when(t, found.date), last=when(t, found.date_shares[-1][0]), share=share)
