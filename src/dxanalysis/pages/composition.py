"""What the nation's digital value added consists of, and where its parts are older than the whole that was published last."""

from __future__ import annotations

from typing import Final

import pandas as pd

from dxanalysis import charts
from dxanalysis.data.periods import Period
from dxanalysis.pages.page import Page, each
from dxanalysis.pages.wording import when

WHOLE: Final = "de_va_share_gdp"
_ROUNDING: Final = 0.02
"""Percentage points that two decimals of a few parts may be off together."""


def show(page: Page, figures: pd.DataFrame) -> None:
    """Draw what the nation's digital value added consists of: by area of the economy, and core against digitalised."""
    t = page.t
    page.heading("pages.contribution.composition_heading")
    # The newest release of each period.
    figures = figures.drop_duplicates(["indicator", "period"], keep="last")
    wanted = {
        "de_agri_share_gdp": "agri",
        "de_indcon_share_gdp": "indcon",
        "de_services_share_gdp": "services",
    }
    kinds = {"de_core_share_gdp": "core", "de_digitalised_share_gdp": "digitalised"}
    for name, group in (("areas", wanted), ("kinds", kinds)):
        part = figures[figures["indicator"].isin(group)]
        whole = [p for p, rows in part.groupby("period") if len(rows) == len(group) and len(str(p)) == len("2025")]
        spans = [p for p, rows in part.groupby("period") if len(rows) == len(group) and len(str(p)) > len("2025")]
        periods = sorted({*map(str, spans), *map(str, whole)}, key=lambda p: (Period.parse(p).end, -len(p)))
        if not periods:
            continue
        labels = {identity: t(f"pages.area.{word}") for identity, word in group.items()}
        table = pd.DataFrame(
            [
                {
                    "label": t.period(period),
                    **{labels[r.indicator]: float(r.value) for r in each(part[part["period"] == period])},
                }
                for period in periods
            ]
        )[["label", *labels.values()]]
        page.chart(
            f"composition_{name}",
            charts.stacked(
                table,
                parts=list(labels.values()),
                number=lambda value: t.number(value, 2),
                ticks=t.percent_tick,
                axis=t("pages.contribution.axis_gdp"),
                headings={"label": t("pages.column.period")},
            ),
            caption=t(f"pages.contribution.composition_{name}_caption"),
            alt=t(
                f"pages.contribution.composition_{name}_alt",
                period=t.period(periods[-1]),
                parts=t.listing([f"{label} {t.percent(float(table.iloc[-1][label]))}" for label in labels.values()]),
            ),
        )
        _tell_earlier(page, figures, part[part["period"].isin(whole)])
        page.cite(part["source"])


def _tell_earlier(page: Page, figures: pd.DataFrame, parts: pd.DataFrame) -> None:
    """Name the periods whose parts do not add to the newest whole: the office revised the one and not the others."""
    t = page.t
    known = figures[figures["indicator"] == WHOLE]
    whole = {str(period): float(value) for period, value in zip(known["period"], known["value"], strict=True)}
    sums = {str(period): float(rows["value"].astype(float).sum()) for period, rows in parts.groupby("period")}
    off = [
        t(
            "pages.contribution.composition_sum",
            period=when(t, period),
            sum=t.percent(total),
            whole=t.percent(whole[period]),
        )
        for period, total in sums.items()
        if period in whole and abs(total - whole[period]) > _ROUNDING
    ]
    if off:
        page.recorder.note(t("pages.contribution.composition_earlier", periods=t.listing(off)), "caution")
