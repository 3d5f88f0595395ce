"""The page on a test of the forecasts: better than simple ways or not, honest or not, ranges wide enough or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dxanalysis import charts
from dxanalysis.data.periods import Period
from dxanalysis.forecast.backtest.panel_of_years import MIN_REGIONS, TooSmall
from dxanalysis.forecast.backtest.replay import Backtest, replay
from dxanalysis.i18n import Texts
from dxanalysis.pages.page import Page, each
from dxanalysis.reports.recording.items import Tone, Value
from dxanalysis.reports.recording.recorder import Recorder

METHODS = {
    "model": "pages.backtest.method_model",
    "base_rate": "pages.backtest.method_base_rate",
    "drift": "pages.backtest.method_drift",
    "ets": "pages.backtest.method_ets",
    "theta": "pages.backtest.method_theta",
    "line": "pages.backtest.method_line",
    "naive": "pages.backtest.method_naive",
    "traffic_light": "pages.backtest.method_traffic_light",
}
QUESTIONS = {"up": "pages.backtest.question_up", "down": "pages.backtest.question_down"}
ASKED = {
    ("bounded", "up"): "pages.backtest.levels_bounded",
    ("bounded", "down"): "pages.backtest.levels_bounded",
    ("positive", "up"): "pages.backtest.levels_positive_up",
    ("positive", "down"): "pages.backtest.levels_positive_down",
    ("identity", "up"): "pages.backtest.levels_identity_up",
    ("identity", "down"): "pages.backtest.levels_identity_down",
}
"""What levels a replay asks for, by the form of the scale and the better way."""
DRAWN = ("model", "base_rate", "drift")
LEAST = 6
"""Yearly values in a row that make a history."""
HELD_WITHIN = 5.0
"""Percentage points by which the share held by a range may differ from what it is meant to hold, to be called right."""


def replay_provinces(
    page: Page,
    indicator: str,
    *,
    horizons: tuple[int, ...] = (1, 3),
    first: int,
    seed: int,
) -> Backtest | TooSmall:
    """Replay an indicator's yearly figures of all provinces, by the bounds, kind and better way of the catalogue, or say what the archive lacks for it."""
    figures = page.figures(indicator=indicator, region="*")
    whole_years = pd.Series(
        [Period.parse(one).kind == "year" for one in figures["period"]], index=figures.index, dtype=bool
    )
    yearly = figures[(figures["region_id"] != "VN") & figures["value"].notna() & whole_years]
    panel = yearly.rename(columns={"region_id": "place"})[["place", "period", "value"]]
    panel = panel.set_axis(["region", "year", "value"], axis="columns").drop_duplicates(["region", "year"], keep="last")
    page.cite(yearly["source"])
    if panel.empty:
        return TooSmall(
            reason="regions", regions=0, n_values=0, long_enough=0, longest=0, least=LEAST, first=first,
            shortest_horizon=min(horizons), last_year=0, needed=MIN_REGIONS, found=0,
        )  # fmt: skip
    known = page.store.indicator(indicator)
    return replay(
        panel,
        bounds=(known.lower, known.upper),
        kind=known.kind,
        direction="down" if known.direction == "down" else "up",
        horizons=horizons,
        first=first,
        least=LEAST,
        seed=seed,
    )


def show_subject(page: Page, indicator: str) -> None:
    """Say which indicator is meant."""
    known = page.store.indicator(indicator)
    page.say("pages.backtest.subject", name=known.name(page.language), definition=known.definition(page.language))


def show(recorder: Recorder, t: Texts, found: Backtest | TooSmall) -> None:
    """Show the whole page."""
    if isinstance(found, TooSmall):
        show_too_small(recorder, t, found)
        return
    show_answer(recorder, t, found)
    show_scores(recorder, t, found)
    show_reliability(recorder, t, found)
    show_ranges(recorder, t, found)
    show_method(recorder, t, found)


def show_too_small(recorder: Recorder, t: Texts, found: TooSmall) -> None:
    """Say what a panel lacks."""
    if found.reason == "regions":
        why = t(
            "pages.backtest.short_regions",
            found=t.number(found.found),
            needed=t.number(found.needed),
            least=str(found.least),
        )
        more = t(
            "pages.backtest.more_regions",
            values=t.number(found.n_values),
            regions=t.number(found.regions),
            longest=str(found.longest),
        )
    elif found.reason == "origins":
        why = t(
            "pages.backtest.short_origins",
            first=str(found.first),
            least=str(found.least),
            horizon=str(found.shortest_horizon),
            last=str(found.last_year),
        )
        more = t("pages.backtest.more_origins")
    else:
        why = t("pages.backtest.short_decided", found=t.number(found.found), needed=t.number(found.needed))
        more = t("pages.backtest.more_decided")
    recorder.headline("verdict", t("pages.backtest.headline_short", why=why), "warn")
    title = t("changes.value.regions_usable")
    recorder.value("regions_usable", found.long_enough, "count", t.number(found.long_enough), title=title)
    recorder.heading(t("pages.backtest.short_heading"))
    recorder.paragraph(more)


def verdict(t: Texts, found: Backtest) -> str:
    """The verdict in one paragraph."""
    facts = found.summary()
    key = "pages.backtest.headline_skill" if found.verdict == "skill" else "pages.backtest.headline_none"
    return t(
        key,
        n=t.number(len(found.questions)),
        regions=t.number(found.n_regions),
        model=_score(t, facts["brier"]),
        base=_score(t, facts["brier_base_rate"]),
        drift=_score(t, facts["brier_drift"]),
    )


def show_answer(recorder: Recorder, t: Texts, found: Backtest) -> None:
    """Say whether the model forecasts better than simple ways, and what its ranges held."""
    recorder.headline("verdict", verdict(t, found), "good" if found.verdict == "skill" else "warn")
    model = found.scores.iloc[0]
    off = max(abs(float(model[f"coverage_{level}"]) - level) for level in (80, 95))
    tone: Tone = "good" if off <= HELD_WITHIN else "warn"
    held80, held95 = (t.percent(float(model[f"coverage_{level}"]), 1) for level in (80, 95))
    recorder.headline("ranges", t("pages.backtest.headline_ranges", held80=held80, held95=held95), tone)
    facts, values = found.summary(), []
    for name in ("n_questions", "n_regions", "unanswered", "beyond_bounds"):
        count = int(facts[name])  # type: ignore[call-overload]
        title = t(f"changes.value.{name}")
        values.append(Value(name=name, value=count, unit="count", text=t.number(count), title=title))
    for name in ("brier", "brier_base_rate", "brier_drift", "d_base_rate", "se_base_rate", "d_drift", "se_drift"):
        score, title = float(facts[name]), t(f"changes.value.{name}")  # type: ignore[arg-type]
        values.append(Value(name=name, value=score, unit="score", text=_score(t, score), title=title))
    for level, held in (("80", held80), ("95", held95)):
        share, title = float(model[f"coverage_{level}"]), t("changes.value.held", level=level)
        values.append(Value(name=f"coverage_{level}", value=share, unit="percent", text=held, title=title))
    recorder.values(values)


def show_scores(recorder: Recorder, t: Texts, found: Backtest) -> None:
    """Tables of scores, one row a method."""
    recorder.heading(t("pages.backtest.scores_heading"))
    recorder.paragraph(
        t(
            "pages.backtest.scores_intro",
            n=t.number(len(found.questions)),
            question=t(QUESTIONS[found.direction], horizons=t.listing([str(step) for step in found.horizons])),
            first=str(found.first_origin),
            last=str(found.last_origin),
        )
    )
    labels = {"method": t("pages.backtest.column_method"), "brier": t("pages.backtest.column_brier")}
    labels |= {f"brier_{step}": t("pages.backtest.column_brier_at", n=str(step)) for step in found.horizons}
    labels |= {
        "log": t("pages.backtest.column_log"),
        "base": t("pages.backtest.column_base"),
        "drift": t("pages.backtest.column_drift"),
    }
    rows = [
        {
            "method": t(METHODS[str(row["method"])]),
            "brier": _score(t, row["brier"]),
            **{f"brier_{step}": _score(t, row[f"brier_{step}"]) for step in found.horizons},
            "log": _score(t, row["log_score"]),
            "base": _difference(t, row, "base_rate"),
            "drift": _difference(t, row, "drift"),
        }
        for row in found.scores.to_dict("records")
    ]
    _table(recorder, "scores", rows, labels, t("pages.backtest.scores_caption"), t("pages.backtest.scores_note"))
    labels = {
        "method": t("pages.backtest.column_method"),
        "crps": "CRPS",
        "mase": "MASE",
        "held80": t("pages.backtest.column_held", level="80"),
        "held95": t("pages.backtest.column_held", level="95"),
    }
    rows = [
        {
            "method": t(METHODS[str(row["method"])]),
            "crps": t.number(row["crps"], 2),
            "mase": t.number(row["mase"], 2),
            "held80": t.percent(row["coverage_80"], 1),
            "held95": t.percent(row["coverage_95"], 1),
        }
        for row in found.scores[found.scores["crps"].notna()].to_dict("records")
    ]
    unit = "pages.backtest.distances_note_log" if found.form == "positive" else "pages.backtest.distances_note"
    _table(recorder, "distances", rows, labels, t("pages.backtest.distances_caption"), t(unit))


def show_reliability(recorder: Recorder, t: Texts, found: Backtest) -> None:
    """Draw what was said against what came true."""
    recorder.heading(t("pages.backtest.reliability_heading"))
    recorder.paragraph(t("pages.backtest.reliability_intro"))
    drawn = [name for name in DRAWN if name in set(found.reliability["method"])]
    table = pd.concat([found.reliability[found.reliability["method"] == name] for name in drawn])
    rows = table.assign(kind=[t(METHODS[name]) for name in table["method"]]).round({"forecast": 1, "met": 1})
    words = {
        "kind": t("pages.backtest.word_kind"),
        "forecast": t("pages.backtest.word_forecast"),
        "met": t("pages.backtest.word_met"),
        "n": t("pages.backtest.word_n"),
        "honest": t("pages.backtest.word_honest"),
    }
    chart = charts.reliability(rows, count=t.number, ticks=t.percent_tick, words=words)
    points = [
        t(
            "pages.backtest.reliability_point",
            said=t.percent(row.forecast, 0),
            met=t.percent(row.met, 0),
            n=t.number(row.n),
        )
        for row in each(rows[rows["method"] == "model"])
    ]
    caption, alt = (
        t("pages.backtest.reliability_caption"),
        t("pages.backtest.reliability_alt", points="; ".join(points)),
    )
    _figure(recorder, "reliability", chart, caption, alt)


def show_ranges(recorder: Recorder, t: Texts, found: Backtest) -> None:
    """Draw where outcomes fell in their forecasts, and list what every range held."""
    recorder.heading(t("pages.backtest.ranges_heading"))
    recorder.paragraph(t("pages.backtest.ranges_intro"))
    counts = found.pit.groupby(["low", "high"])[["n"]].sum().reset_index()
    counts["share"] = (100 * counts["n"] / counts["n"].sum()).round(1)
    words = {
        "low": t("pages.backtest.word_low"),
        "high": t("pages.backtest.word_high"),
        "share": t("pages.backtest.word_share"),
        "n": t("pages.backtest.word_forecasts"),
        "level": t("pages.backtest.word_level"),
        "even": t("pages.backtest.word_even"),
    }
    chart = charts.pit(counts, number=lambda value: t.number(value, 1), ticks=t.percent_tick, words=words)
    caption = t("pages.backtest.pit_caption", n=t.number(int(counts["n"].sum())))
    shares = "; ".join(t.percent(float(share), 1) for share in counts["share"])
    _figure(recorder, "pit", chart, caption, t("pages.backtest.pit_alt", shares=shares))
    labels = {"range": t("pages.backtest.column_range")}
    labels |= {str(step): t("pages.backtest.column_horizon", n=str(step)) for step in found.horizons}
    held = found.coverage[found.coverage["method"].isin(DRAWN)]
    rows = []
    for (method, level), part in held.groupby(["method", "level"], sort=False):
        at = dict(zip(part["horizon"], part["held"], strict=True))
        label = t("pages.backtest.coverage_row", method=t(METHODS[str(method)]), level=str(level))
        cells = {str(step): t.percent(at[step], 1) if step in at else "–" for step in found.horizons}
        rows.append({"range": label, **cells})
    _table(recorder, "coverage", rows, labels, t("pages.backtest.coverage_caption"), "")


def show_method(recorder: Recorder, t: Texts, found: Backtest) -> None:
    """Say how the test was made, and what it does not tell."""
    recorder.heading(t("pages.backtest.method_heading"))
    recorder.paragraph(t("pages.backtest.method_questions", levels=t(ASKED[found.form, found.direction])))
    recorder.paragraph(t("pages.backtest.method_rivals"))
    recorder.note(t("pages.backtest.method_limits"), "method")
    if found.unanswered:
        recorder.note(t("pages.backtest.unanswered", n=t.number(found.unanswered)), "info")
    if found.beyond_bounds:
        recorder.note(t("pages.backtest.cut", n=t.number(found.beyond_bounds)), "caution")


def _score(t: Texts, value: object) -> str:
    number = float(value)  # type: ignore[arg-type]  # cells of numeric columns
    return t.number(number, 3) if number == number else "–"


def _difference(t: Texts, row: Mapping[Any, Any], rival: str) -> str:
    if row["method"] == rival:
        return "–"
    return f"{t.number(float(row[f'd_{rival}']), 3, sign=True)} ± {_score(t, row[f'se_{rival}'])}"


def _table(
    recorder: Recorder, name: str, rows: list[dict[str, str]], labels: dict[str, str], caption: str, note: str
) -> None:
    recorder.table(name, rows, caption, labels=labels, number_columns=list(labels)[1:], note=note)


def _figure(recorder: Recorder, name: str, chart: charts.Chart, caption: str, alt: str) -> None:
    recorder.figure(
        name, wide_svg=chart.wide_svg, narrow_svg=chart.narrow_svg, alt=alt, caption=caption, data=chart.data
    )
