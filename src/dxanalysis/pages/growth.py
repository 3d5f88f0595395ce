"""What moved the digital share, and what contributed to growth."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from dxanalysis import charts
from dxanalysis.accounts.figures import NotEnoughData
from dxanalysis.accounts.growth.share_change import ShareChange
from dxanalysis.accounts.growth_published import PublishedContributions
from dxanalysis.accounts.national_change import NationalChange
from dxanalysis.pages.page import Page, each
from dxanalysis.reports.recording.items import Value


def show_share_change(page: Page, change: NationalChange | NotEnoughData) -> None:
    """Waterfall from one published share to the next: digitalisation of each area, and the structure of GDP."""
    t = page.t
    page.heading("pages.growth.share_heading")
    if isinstance(change, NotEnoughData):
        page.note("pages.growth.share_none", "caution")
        return
    parts = {name: points for name, points in change.change.parts.items() if name != "tax"}
    first, last = t.period(str(change.first)), t.period(str(change.last))
    labels = {
        name: t("pages.growth.structure")
        if name == "structure"
        else t("pages.growth.digitalisation", area=t(f"pages.area.{name}"))
        for name in parts
    }
    rows = waterfall_rows(first, last, change.change, labels)
    within = sum(points for name, points in parts.items() if name != "structure")
    page.say(
        "pages.growth.share_intro", first=first, last=last, low=t.percent(float(change.change.shares[0])), high=t.percent(float(change.change.shares[-1])),
        within=t.number(within, 2, sign=True), structure=t.number(parts["structure"], 2, sign=True),
    )  # fmt: skip
    page.chart(
        "share_change",
        charts.waterfall(
            rows, number=t.percent, change=lambda value: t.number(value, 2, sign=True), axis=t("pages.contribution.axis_gdp"),
            headings={"label": t("pages.column.component"), "value": t("pages.column.points")},
        ),
        caption=t("pages.growth.share_caption"),
        alt=t("pages.growth.share_alt", first=first, last=last, parts=t.listing([f"{labels[name]} {t.number(points, 2, sign=True)}" for name, points in parts.items()])),
    )  # fmt: skip
    page.recorder.values(
        Value(
            name=f"share_change_{name}",
            value=round(points, 4),
            unit="points",
            text=t.number(points, 2, sign=True),
            title=t("changes.value.share_change", part=labels[name]),
        )
        for name, points in parts.items()
    )
    page.cite([one.source for one in change.figures])


def waterfall_rows(first: str, last: str, change: ShareChange, labels: Mapping[str, str]) -> pd.DataFrame:
    """Rows of a waterfall picture: the first level, the parts that have a label, the last level."""
    parts = change.parts
    return pd.DataFrame(
        [
            {"label": first, "value": float(change.shares[0]), "kind": "level"},
            *({"label": label, "value": parts[name], "kind": "change"} for name, label in labels.items()),
            {"label": last, "value": float(change.shares[-1]), "kind": "level"},
        ]
    )


def show_contributions(page: Page, found: PublishedContributions | NotEnoughData) -> None:
    """Which areas growth came from, with the residual on a line of its own, and the digital part where it is known."""
    t = page.t
    page.heading("pages.growth.heading")
    if isinstance(found, NotEnoughData):
        page.note("pages.growth.none", "info", place=page.place)
        return
    whole = "GDP" if page.is_nation else "GRDP"
    names = {
        "residual": t("pages.growth.residual"),
        "total": t("pages.growth.total", whole=whole),
        "tax": t("pages.growth.tax"),
    }
    rows = [
        {
            "part": names.get(str(row.part)) or t(f"pages.area.{row.part}"),
            "points": t.number(float(row.points), 2, sign=True),
            "share": t.percent(float(row.share_of_growth), 1),
        }
        for row in each(found.to_frame())
    ]
    page.say("pages.growth.intro", whole=whole, period=t.period(found.period), growth=t.percent(found.growth))
    page.recorder.value(
        "growth",
        round(found.growth, 4),
        "percent",
        t.percent(found.growth),
        title=t("changes.value.growth", whole=whole),
    )
    if found.digital is not None:
        page.say(
            "pages.growth.digital",
            points=t.number(found.digital, 2),
            share=t.percent(100 * found.digital / found.growth, 0),
            period=t.period(found.period),
        )
        page.recorder.value(
            "digital_growth_contribution",
            round(found.digital, 4),
            "points",
            t.number(found.digital, 2),
            title=t("changes.value.digital_growth"),
        )
    page.table(
        "growth_contributions", rows, t("pages.growth.caption", whole=whole, period=t.period(found.period)),
        columns={"part": "pages.column.component", "points": "pages.column.points", "share": "pages.column.share_of_growth"},
        numbers=("points", "share"), note=t("pages.growth.note"),
    )  # fmt: skip
    page.cite([one.source for one in found.inputs])
