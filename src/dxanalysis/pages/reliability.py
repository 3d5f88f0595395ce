"""How often the forecasts were right: the engine's replay on other countries' figures, on every page that states probabilities."""

from __future__ import annotations

import pandas as pd

from dxanalysis import charts
from dxanalysis.forecast.reliability import Bin, Reliability, Replayed, measured
from dxanalysis.i18n import Texts
from dxanalysis.pages.outlook import panel_name
from dxanalysis.pages.page import Page


def show_reliability(page: Page, found: Reliability | None = None) -> None:
    """Set what was said beside what came true, over all panels; nothing where the engine was not measured.

    Parameters
    ----------
    page
        The report.
    found
        What was measured; None: what comes with the package.
    """
    record = measured() if found is None else found
    if not record.panels:
        return
    t, pooled = page.t, record.pooled()
    page.heading("pages.reliability.heading")
    page.say(
        "pages.reliability.answer",
        questions=t.number(pooled.questions),
        n=t.number(len(record.panels)),
        panels=t.listing(list(dict.fromkeys(panel_name(t, one.name) for one in record.panels))),
        cover_80=t.percent(100 * pooled.cover_80, 0),
        cover_95=t.percent(100 * pooled.cover_95, 0),
        brier=t.number(pooled.brier, 3),
        base_rate=t.number(pooled.base_rate_brier, 3),
        drift=t.number(pooled.drift_brier, 3),
    )
    if record.alone:
        alone = record.pooled_alone()
        page.say(
            "pages.reliability.alone",
            questions=t.number(alone.questions),
            regions=t.number(alone.regions),
            cover_80=t.percent(100 * alone.cover_80, 0),
            cover_95=t.percent(100 * alone.cover_95, 0),
            brier=t.number(alone.brier, 3),
            base_rate=t.number(alone.base_rate_brier, 3),
            drift=t.number(alone.drift_brier, 3),
        )
    if len(record.panels) > 1:
        page.say("pages.reliability.by_panel", gaps=t.listing([_gap(t, one) for one in record.panels]))
    bins = [one for one in pooled.bins if one.n]
    page.table(
        "reliability",
        [
            {
                "range": t("pages.aim.range", low=t.number(one.low, 0), high=t.percent(one.high, 0)),
                "said": t.percent(one.said, 0),
                "met": t.percent(one.met, 0),
                "n": t.number(one.n),
            }
            for one in bins
        ],
        t("pages.reliability.caption"),
        columns={
            "range": "pages.reliability.column_range",
            "said": "pages.reliability.column_said",
            "met": "pages.reliability.column_met",
            "n": "pages.reliability.column_n",
        },
        numbers=("said", "met", "n"),
    )
    _draw(page, bins)


def _draw(page: Page, bins: list[Bin]) -> None:
    t = page.t
    rows = pd.DataFrame(
        [(t("pages.backtest.method_model"), one.n, round(one.said, 1), round(one.met, 1)) for one in bins],
        columns=["kind", "n", "forecast", "met"],
    )
    words = {word: t(f"pages.backtest.word_{word}") for word in ("kind", "forecast", "met", "n", "honest")}
    page.chart(
        "reliability",
        charts.reliability(rows, count=t.number, ticks=t.percent_tick, words=words),
        caption=t("pages.reliability.figure"),
        alt=t("pages.backtest.reliability_alt", points="; ".join(_point(t, one) for one in bins)),
    )


def _gap(t: Texts, one: Replayed) -> str:
    return t(
        "pages.reliability.gap",
        name=panel_name(t, one.name),
        points=t.number(one.widest_gap, 0),
        n=t.number(one.questions),
    )


def _point(t: Texts, one: Bin) -> str:
    return t(
        "pages.backtest.reliability_point",
        said=t.percent(one.said, 0),
        met=t.percent(one.met, 0),
        n=t.number(one.n),
    )
