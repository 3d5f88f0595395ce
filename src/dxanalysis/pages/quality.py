"""The page on the data themselves: what there is, how fresh it is, how much it was revised, where sources contradict each other."""

from __future__ import annotations

import pandas as pd

from dxanalysis import charts
from dxanalysis.data.overview import is_well_dated
from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Indicator, Target
from dxanalysis.pages import wording
from dxanalysis.pages.page import Page, each
from dxanalysis.reports.recording.items import Value

REVISIONS_SHOWN = 25


def show_answer(page: Page, history: pd.DataFrame, targets: tuple[Target, ...], conflicts: pd.DataFrame) -> None:
    """Say how much is known of the region and how much of its targets can be followed."""
    t = page.t
    dated = history[is_well_dated(history)]
    if history.empty:
        page.headline("coverage", "pages.quality.headline_none", "warn", place=page.place)
    else:
        page.headline(
            "coverage",
            "pages.quality.headline_coverage",
            "neutral",
            place=page.place,
            indicators=str(history["indicator"].nunique()),
            figures=str(len(history.drop_duplicates(["indicator", "region_id", "period"]))),
            newest=t.day(dated["released_to"].max().date()) if len(dated) else "–",
            undated=t.percent(100 * (1 - len(dated) / len(history)), 0),
        )
    known = set(history["indicator"])
    measured = [one for one in targets if {one.indicator, *page.store.indicator(one.indicator).measured_by} & known]
    if targets and len(measured) == len(targets):
        page.headline("followed", "pages.quality.headline_followed", "good", n=str(len(targets)))
    elif targets:
        page.headline(
            "followed",
            "pages.quality.headline_targets",
            "bad" if len(measured) < len(targets) / 2 else "warn",
            n=str(len(targets)),
            without=str(len(targets) - len(measured)),
        )
    warned = sum(bool(page.store.source(str(one)).note) for one in history["source"].unique())
    counts = {
        "figures": len(history),
        "indicators": int(history["indicator"].nunique()),
        "targets_without_figures": len(targets) - len(measured),
        "conflicts": len(conflicts),
        "warnings": warned,
    }
    page.recorder.values(
        Value(name=name, value=n, unit="count", text=str(n), title=t(f"changes.value.{name}"))
        for name, n in counts.items()
    )


def show_coverage(page: Page, history: pd.DataFrame) -> None:
    """Draw which topics have figures for which years, and list every indicator."""
    t = page.t
    page.heading("pages.quality.coverage_heading")
    if history.empty:
        page.say("pages.quality.coverage_none", place=page.place)
        return
    page.say("pages.quality.coverage_intro")
    rows = history.drop_duplicates(["indicator", "region_id", "period"]).copy()
    rows["topic"] = [_topic(page, name) for name in rows["indicator"]]
    rows["year"] = [Period.parse(period).year for period in rows["period"]]
    first, last = int(rows["year"].max()) - 11, int(rows["year"].max())
    recent = rows[rows["year"] >= first]
    counts = recent.pivot_table(index="topic", columns="year", values="value", aggfunc="size", fill_value=0)
    counts = counts.reindex(columns=range(max(first, int(recent["year"].min())), last + 1), fill_value=0).astype(int)
    best = counts.sum(axis=1).sort_values(ascending=False, kind="stable")
    page.chart(
        "coverage",
        charts.coverage(
            counts.loc[best.index], words={"year": t("pages.column.year"), "topic": t("pages.column.topic")}
        ),
        caption=t("pages.quality.coverage_caption"),
        alt=t(
            "pages.quality.coverage_alt",
            first=str(counts.columns[0]),
            last=str(counts.columns[-1]),
            topics=t.listing([f"{topic} {count}" for topic, count in best.items()]),
        ),
    )
    table = []
    for name, part in sorted(history.groupby("indicator"), key=lambda pair: (_topic(page, str(pair[0])), str(pair[0]))):
        indicator = page.store.indicator(str(name))
        dated = part[is_well_dated(part)]
        periods = sorted(set(part["period"]), key=Period.parse)
        table.append(
            {
                "topic": indicator.topic(page.language) or "–",
                "indicator": indicator.name(page.language),
                "periods": t.period(periods[0])
                if len(periods) == 1
                else f"{t.period(periods[0])} → {t.period(periods[-1])}",
                "figures": str(len(part.drop_duplicates(["region_id", "period"]))),
                "releases": str(len(part)),
                "newest": t.day(dated["released_to"].max().date()) if len(dated) else t("pages.quality.undated"),
            }
        )
    page.table(
        "indicators",
        table,
        t("pages.quality.indicators_caption"),
        columns={
            "indicator": "pages.column.indicator",
            "topic": "pages.column.topic",
            "periods": "pages.column.periods",
            "figures": "pages.column.figures",
            "releases": "pages.column.releases",
            "newest": "pages.column.newest",
        },
        numbers=("figures", "releases"),
    )
    page.cite(history["source"])


def show_revisions(page: Page, revisions: pd.DataFrame, sizes: pd.DataFrame) -> None:
    """List how much figures moved from one release to the next."""
    t = page.t
    page.heading("pages.quality.revisions_heading")
    moved = revisions[revisions["change"] != 0]
    if moved.empty:
        page.say("pages.quality.revisions_none")
        return
    page.say("pages.quality.revisions_intro", n=str(len(revisions)), moved=str(len(moved)))
    table = [
        {
            "indicator": page.store.indicator(str(name)).name(page.language),
            "n": str(row["n"]),
            "mean": _signed(page, str(name), float(row["mean_change"])),
            "size": _plain(page, str(name), float(row["mean_abs_change"])),
        }
        for name, row in sizes.sort_values("n", ascending=False, kind="stable").to_dict("index").items()
    ]
    page.table(
        "revision_sizes",
        table,
        t("pages.quality.sizes_caption"),
        columns={
            "indicator": "pages.column.indicator",
            "n": "pages.column.n_revisions",
            "mean": "pages.column.mean_change",
            "size": "pages.column.mean_size",
        },
        numbers=("n", "mean", "size"),
    )
    order = moved["change"].abs().sort_values(ascending=False, kind="stable").index
    shown = moved.loc[order].head(REVISIONS_SHOWN)
    rows = [
        {
            "indicator": page.store.indicator(str(row.indicator)).name(page.language),
            "region": page.place_of(str(row.region)),
            "period": t.period(str(row.period)),
            "values": f"{_value(page, str(row.indicator), float(row.earlier))} → {_value(page, str(row.indicator), float(row.later))}",
            "days": f"{t.day(pd.Timestamp(row.earlier_release).date())} → {t.day(pd.Timestamp(row.later_release).date())}",
            "change": _signed(page, str(row.indicator), float(row.change)),
        }
        for row in each(shown)
    ]
    columns = {
        "indicator": "pages.column.indicator",
        "region": "pages.column.region",
        "period": "pages.column.period",
        "values": "pages.column.values",
        "days": "pages.column.known_by",
        "change": "pages.column.change",
    }
    if len(set(revisions["region"])) == 1:
        del columns["region"]
    page.table(
        "revisions", rows, t("pages.quality.revisions_caption", n=str(len(rows))), columns=columns, numbers=("change",)
    )


def show_means(page: Page, means: pd.DataFrame) -> None:
    """List published means over years that the published years do not give."""
    t = page.t
    if means.empty:
        return
    page.heading("pages.quality.means_heading")
    off = means[means["difference"].abs() > means["slack"] * (1 + 1e-9)]
    if off.empty:
        page.say("pages.quality.means_agree", n=str(len(means)))
        return
    page.say("pages.quality.means_intro", n=str(len(means)), off=str(len(off)))
    rows = [
        {
            "indicator": page.store.indicator(str(row.indicator)).name(page.language),
            "period": t.period(str(row.period)),
            "published": _value(page, str(row.indicator), float(row.published)),
            "computed": _value(page, str(row.indicator), float(row.computed)),
            "difference": _signed(page, str(row.indicator), float(row.difference)),
        }
        for row in each(off)
    ]
    page.table(
        "means",
        rows,
        t("pages.quality.means_caption"),
        columns={
            "indicator": "pages.column.indicator",
            "period": "pages.column.period",
            "published": "pages.column.published",
            "computed": "pages.column.computed",
            "difference": "pages.column.difference",
        },
        numbers=("published", "computed", "difference"),
    )


def show_conflicts(page: Page, conflicts: pd.DataFrame) -> None:
    """List figures that contradict each other."""
    t = page.t
    page.heading("pages.quality.conflicts_heading")
    if conflicts.empty:
        page.say("pages.quality.conflicts_none")
        return
    page.say("pages.quality.conflicts_intro", n=str(len(conflicts)))
    rows = [
        {
            "indicator": page.store.indicator(str(row.indicator)).name(page.language),
            "region": page.place_of(str(row.region_id)),
            "period": t.period(str(row.period)),
            "one": t(
                "pages.quality.by",
                value=_value(page, str(row.indicator), float(row.value)),
                source=page.store.source(str(row.source)).publisher or str(row.source),
            ),
            "other": t(
                "pages.quality.by",
                value=_value(page, str(row.indicator), float(row.other_value)),
                source=page.store.source(str(row.other_source)).publisher or str(row.other_source),
            ),
            "difference": _signed(page, str(row.indicator), float(row.difference)),
        }
        for row in each(conflicts)
    ]
    columns = {
        "indicator": "pages.column.indicator",
        "region": "pages.column.region",
        "period": "pages.column.period",
        "one": "pages.column.one_source",
        "other": "pages.column.other_source",
        "difference": "pages.column.difference",
    }
    if len(set(conflicts["region_id"])) == 1:
        del columns["region"]
    page.table("conflicts", rows, t("pages.quality.conflicts_caption"), columns=columns, numbers=("difference",))


def show_warnings(page: Page, history: pd.DataFrame) -> None:
    """List sources to be checked before a figure of theirs is quoted."""
    t = page.t
    rows = []
    for identity, part in history.groupby("source", sort=True):
        source = page.store.source(str(identity))
        if source.note:
            rows.append({"source": source.title, "note": source.warning(page.language), "figures": str(len(part))})
    page.heading("pages.quality.warnings_heading")
    if not rows:
        page.say("pages.quality.warnings_none")
        return
    page.say("pages.quality.warnings_intro")
    page.table(
        "warnings",
        rows,
        t("pages.quality.warnings_caption"),
        columns={"source": "pages.column.source", "note": "pages.column.note", "figures": "pages.column.figures"},
        numbers=("figures",),
    )


def show_targets(page: Page, history: pd.DataFrame, targets: tuple[Target, ...]) -> None:
    """List indicators that targets are set for and no figure is published of: what to collect first."""
    t = page.t
    if not targets:
        return
    known = set(history["indicator"])
    blind: dict[str, list[Target]] = {}
    for target in targets:
        if not {target.indicator, *page.store.indicator(target.indicator).measured_by} & known:
            blind.setdefault(target.indicator, []).append(target)
    page.heading("pages.quality.targets_heading")
    if not blind:
        page.say("pages.quality.targets_none")
        return
    page.say("pages.quality.targets_intro", n=str(len(blind)))
    rows = [
        {
            "indicator": page.store.indicator(name).name(page.language),
            "definition": page.store.indicator(name).definition(page.language),
            "deadlines": ", ".join(dict.fromkeys(one.deadline.text.replace("-", "–") for one in group)),
        }
        for name, group in blind.items()
    ]
    page.table(
        "blind",
        rows,
        t("pages.quality.targets_caption"),
        columns={
            "indicator": "pages.column.indicator",
            "definition": "pages.column.definition",
            "deadlines": "pages.column.deadlines",
        },
    )


def _topic(page: Page, name: str) -> str:
    return page.store.indicator(name).topic(page.language) or "–"


def _indicator(page: Page, name: str) -> Indicator:
    return page.store.indicator(name)


def _value(page: Page, name: str, value: float) -> str:
    return page.t.quantity(value, _indicator(page, name).unit)


def _plain(page: Page, name: str, value: float) -> str:
    return _signed(page, name, value).lstrip("+")


def _signed(page: Page, name: str, value: float) -> str:
    return wording.change(page.t, value, _indicator(page, name).unit)
