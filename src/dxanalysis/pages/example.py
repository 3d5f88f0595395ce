"""A worked example with a real table of another country, set apart from the place of the report.

Its pictures are the same in every report of a language: a process draws them once, and a warm one before it is copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from dxanalysis import charts
from dxanalysis.accounts.figures import NotEnoughData
from dxanalysis.accounts.worked_example import FIRST, LAST, WorkedExample, worked_example
from dxanalysis.charts import Chart
from dxanalysis.i18n import LANGUAGES, Texts, texts
from dxanalysis.pages.growth import waterfall_rows
from dxanalysis.pages.page import Page, each
from dxanalysis.reports.recording.recorder import Recorder


def show_example(page: Page, example: WorkedExample | NotEnoughData) -> None:
    """Say first that these are not figures of the place, then show what a full table gives."""
    t = page.t
    page.heading("pages.example.heading")
    if isinstance(example, NotEnoughData):
        page.note("pages.example.none", "info")
        return
    page.note("pages.example.warning", "caution", place=page.place)
    low, high = example.comparison.spread
    page.say("pages.example.methods_intro", year=str(LAST), low=t.percent(low, 1), high=t.percent(high, 1))
    pictures = _drawn(t.language) if example is worked_example() else _draw(t, example)
    for name in ("methods", "linkages", "change"):
        _show(page.recorder, name, pictures)
    show_growth(page.recorder, t, example)
    _show(page.recorder, "quarters", pictures)
    _interval(page, example)
    page.say("pages.example.source")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    chart: Chart
    caption: str
    alt: str


def prepare() -> None:
    """Draw the pictures in every language, before a process is copied for many reports."""
    for language in LANGUAGES:
        _drawn(language)


@cache
def _drawn(language: str) -> dict[str, _Picture]:
    example = worked_example()
    return {} if isinstance(example, NotEnoughData) else _draw(texts(language), example)


def _draw(t: Texts, example: WorkedExample) -> dict[str, _Picture]:
    makers = {"methods": _methods, "linkages": _linkages, "change": _change, "quarters": _quarters}
    return {name: make(t, example) for name, make in makers.items()}


def show_changes(recorder: Recorder, t: Texts, example: WorkedExample) -> None:
    """Draw what moved the share, and the digital industries by quarter."""
    pictures = {"change": _change(t, example), "quarters": _quarters(t, example)}
    for name in pictures:
        _show(recorder, name, pictures)


def _show(recorder: Recorder, name: str, pictures: dict[str, _Picture]) -> None:
    picture = pictures[name]
    recorder.figure(
        f"example_{name}",
        wide_svg=picture.chart.wide_svg,
        narrow_svg=picture.chart.narrow_svg,
        alt=picture.alt,
        caption=picture.caption,
        data=picture.chart.data,
    )


def _methods(t: Texts, example: WorkedExample) -> _Picture:
    frame = example.comparison.to_frame()
    frame = frame.assign(
        definition=t("pages.example.definition"), method=[t(f"pages.example.method_{name}") for name in frame["method"]]
    )
    return _Picture(
        chart=charts.methods(
            frame, number=lambda value: t.percent(value, 1), ticks=t.percent_tick, axis=t("pages.example.axis"),
            headings={
                "definition": t("pages.example.column_definition"), "method": t("pages.column.method"), "share": t("pages.column.share"),
                "low": t("pages.column.low"), "high": t("pages.column.high"), "bound": t("pages.example.column_bound"),
            },
        ),
        caption=t("pages.example.methods_caption", year=str(LAST)),
        alt=t("pages.example.methods_alt", parts=t.listing([f"{row.method} {t.percent(float(row.share), 1)}" for row in each(frame)])),
    )  # fmt: skip


def _linkages(t: Texts, example: WorkedExample) -> _Picture:
    frame = example.links.to_frame().set_index("sector").loc[list(example.digital), ["backward", "forward"]]
    names = [t(f"pages.example.industry_{code}") for code in frame.index]
    shown = frame.set_axis(names, axis=0).set_axis([t("pages.example.backward"), t("pages.example.forward")], axis=1)
    return _Picture(
        chart=charts.heat(shown, number=lambda value: t.number(value, 2), axis=t("pages.example.linkages_axis"), words={"row": t("pages.example.industry")}, middle=1.0),
        caption=t("pages.example.linkages_caption"),
        alt=t("pages.example.linkages_alt", parts=t.listing([f"{name} {t.number(b, 2)}, {t.number(f, 2)}" for name, (b, f) in zip(names, frame.to_numpy(), strict=True)])),
    )  # fmt: skip


def _change(t: Texts, example: WorkedExample) -> _Picture:
    parts = example.change.parts
    labels = {name: t(f"pages.example.part_{name}") for name in parts}
    rows = waterfall_rows(str(FIRST), str(LAST), example.change, labels)
    return _Picture(
        chart=charts.waterfall(
            rows, number=t.percent, change=lambda value: t.number(value, 2, sign=True), axis=t("pages.example.axis"),
            headings={"label": t("pages.column.component"), "value": t("pages.column.points")},
        ),
        caption=t("pages.example.change_caption", first=str(FIRST), last=str(LAST)),
        alt=t("pages.growth.share_alt", first=str(FIRST), last=str(LAST), parts=t.listing([f"{labels[name]} {t.number(points, 2, sign=True)}" for name, points in parts.items()])),
    )  # fmt: skip


def show_growth(recorder: Recorder, t: Texts, example: WorkedExample) -> None:
    """Growth of GDP each year, and what the digital industries contributed."""
    rows = [
        {
            "year": str(row.year),
            "growth": t.percent(float(row.growth), 1),
            "digital": t.number(float(row.digital), 2, sign=True),
        }
        for row in each(example.digital_growth())
    ]
    labels = {
        "year": t("pages.column.year"),
        "growth": t("pages.example.gdp_growth"),
        "digital": t("pages.example.digital_points"),
    }
    recorder.table(
        "example_growth",
        rows,
        t("pages.example.growth_caption"),
        labels=labels,
        number_columns=("growth", "digital"),
        note=t("pages.example.growth_note"),
    )


def _quarters(t: Texts, example: WorkedExample) -> _Picture:
    values = example.quarters.values / 1000  # million to billion reais
    rows = pd.DataFrame(
        {
            "period": [t.period(period) for period in example.quarters.periods],
            "value": values,
            "low": values,
            "high": values,
            "known": True,
        }
    )
    return _Picture(
        chart=charts.path(
            rows, number=lambda value: t.number(value, 0), axis=t("pages.example.quarters_axis"),
            words={
                "period": t("pages.column.period"), "value": t("pages.example.value"), "low": t("pages.column.low"), "high": t("pages.column.high"),
                "range": t("pages.example.range"), "estimate": t("pages.example.path"), "ahead": t("pages.example.ahead"),
            },
        ),
        caption=t("pages.example.quarters_caption"),
        alt=t("pages.example.quarters_alt", first=t.number(float(values[0]), 1), last=t.number(float(values[-1]), 1)),
    )  # fmt: skip


def _interval(page: Page, example: WorkedExample) -> None:
    t, found = page.t, example.interval
    quantiles = dict(found.quantiles)
    most = found.parts[0]
    page.heading("pages.example.interval_heading", 3)
    page.say(
        "pages.example.interval_intro", low=t.number(quantiles[0.025], 1), high=t.percent(quantiles[0.975], 1), middle=t.percent(found.estimate, 1),
        part=t(f"pages.example.unknown_{most.name}"), width=t.number(quantiles[0.975] - quantiles[0.025], 1), known=t.number(most.width_95_if_known, 1),
    )  # fmt: skip
    rows = [
        {
            "part": t(f"pages.example.unknown_{one.name}"),
            "total": t.percent(100 * one.total, 0),
            "width": t.number(one.width_95_if_known, 1),
        }
        for one in found.parts
    ]
    page.table(
        "example_interval", rows, t("pages.example.interval_caption"),
        columns={"part": "pages.example.unknown", "total": "pages.column.part", "width": "pages.example.width_if_known"},
        numbers=("total", "width"), note=t("pages.example.interval_note"),
    )  # fmt: skip
