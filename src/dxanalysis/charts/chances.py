"""Pictures of forecasts: a fan, and whether what was said came true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from dxanalysis.charts.canvas import (
    ACCENT,
    INK,
    MARKERS,
    MUTED,
    SERIES,
    SOFT,
    TARGET,
    Chart,
    Formatter,
    draw_twice,
    fold,
    legend,
    number_axis,
)
from dxanalysis.data.periods import Period


def fan(
    history: pd.DataFrame,
    ahead: pd.DataFrame,
    *,
    target: tuple[str, float, str] | None,
    number: Formatter,
    axis: str,
    words: Mapping[str, str],
    span_from: int | None = None,
    written: Callable[[str], str] = str,
) -> Chart:
    """A series, its forecast as ranges, and the target; :func:`~dxanalysis.charts.fan_of` takes a forecast as it is.

    Parameters
    ----------
    history
        Columns period, value. Periods are years, or all parts of years; a part stands on the axis where it ends.
    ahead
        Columns period, p2.5, p10, p50, p90, p97.5.
    target
        Deadline, value, label; None for none.
    span_from
        First year of the span a mean is promised over: the target is then a line from it to the deadline.
    words
        Reader's words for: history, median, range80, range95, year, value.
    written
        How a part of a year is written on the axis and in the table; a year is a number.
    """
    yearly = Period.parse(str(history["period"].iloc[0])).kind == "year"
    known = sorted(
        (_place(period, yearly), float(value))
        for period, value in zip(history["period"], history["value"], strict=True)
    )

    def draw(ax: Axes, narrow: bool) -> None:
        start, last = known[-1]
        years = [start, *(_place(period, yearly) for period in ahead["period"])]
        bands = {name: [last, *ahead[name].astype(float)] for name in ahead.columns if name != "period"}
        ax.fill_between(
            years, bands["p2.5"], bands["p97.5"], color=SOFT, alpha=0.45, linewidth=0, label=words["range95"]
        )
        ax.fill_between(
            years, bands["p10"], bands["p90"], color=ACCENT, alpha=0.35, linewidth=0, label=words["range80"]
        )
        ax.plot(years, bands["p50"], color=ACCENT, linestyle="--", linewidth=1.6, label=words["median"])
        ax.plot(*zip(*known, strict=True), color=INK, marker="o", linewidth=2, label=words["history"])
        if target is None:
            pass
        elif span_from is None:
            ax.plot(
                _place(target[0], yearly),
                target[1],
                marker="*",
                color=TARGET,
                markersize=15,
                linestyle="none",
                label=target[2],
            )
        else:
            ax.plot(
                [span_from, _place(target[0], yearly)], [target[1]] * 2, color=TARGET, linewidth=2.5, label=target[2]
            )
        if yearly:
            ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5 if narrow else 9))
        else:
            shown = _some([*history["period"], *ahead["period"]], 3 if narrow else 6)
            ax.set_xticks([_place(period, yearly) for period in shown], [fold(written(str(one)), 9) for one in shown])
        ax.set_ylabel(axis)
        number_axis(ax.yaxis, number)
        legend(ax, narrow, 4 if target is None else 5, columns=1 if narrow else 3)

    data = pd.concat(
        [
            history.assign(kind=words["history"]).rename(columns={"value": words["value"]}),
            ahead.assign(kind=words["median"]).rename(columns={"p50": words["value"]}),
        ],
        ignore_index=True,
    )
    data["period"] = [int(period) if yearly else written(str(period)) for period in data["period"]]
    order = ["period", "kind", words["value"], "p2.5", "p10", "p90", "p97.5"]
    plain = data[order].astype(object).where(data[order].notna(), None)
    names = {"period": words["year"], "kind": words["kind"], **{p: words[p] for p in ("p2.5", "p10", "p90", "p97.5")}}
    return draw_twice(draw, 4.0, 4.9, plain.rename(columns=names))


def _some(periods: Sequence[object], most: int) -> list[object]:
    """At most so many of the periods, evenly apart, the first and the last among them."""
    if len(periods) <= most:
        return list(periods)
    step = (len(periods) - 1) / (most - 1)
    return [periods[round(at * step)] for at in range(most)]


def _place(period: object, yearly: bool) -> float:
    """Place on an axis of years: a year at itself, a part of a year at its last month."""
    end = Period.parse(str(period)).end
    return float(end.year) if yearly else end.year + (end.month - 1) / 12


def reliability(rows: pd.DataFrame, *, count: Formatter, ticks: Formatter, words: Mapping[str, str]) -> Chart:
    """What was said against what came true: columns kind (the first one's counts are written), n, forecast and met in percent."""
    kinds = list(dict.fromkeys(rows["kind"]))

    def draw(ax: Axes, narrow: bool) -> None:
        ax.plot([0, 100], [0, 100], color=MUTED, linestyle=(0, (4, 3)), linewidth=1.2, label=words["honest"])
        for index, kind in enumerate(kinds):
            part, style, width = rows[rows["kind"] == kind], f"{MARKERS[index]}-", 1.2 if index else 2.6
            ax.plot(part["forecast"], part["met"], style, color=SERIES[index], linewidth=width, label=kind)
            for x, y, n in part[["forecast", "met", "n"]].itertuples(index=False) if index == 0 else ():
                ax.annotate(count(n), (x, y), xytext=(7, -11), textcoords="offset points", fontsize=8 - narrow)
        ax.set(xlim=(-3, 112), ylim=(-8, 103), xlabel=words["forecast"], ylabel=fold(words["met"], 30))
        number_axis(ax.xaxis, ticks)
        number_axis(ax.yaxis, ticks)
        legend(ax, narrow, len(kinds) + 1)

    return draw_twice(draw, 5.2, 5.0, rows[["kind", "forecast", "met", "n"]].rename(columns=dict(words)))


def pit(rows: pd.DataFrame, *, number: Formatter, ticks: Formatter, words: Mapping[str, str]) -> Chart:
    """Where outcomes fell in their forecasts: columns low, high, share (percent) and n; even bars are right."""

    def draw(ax: Axes, narrow: bool) -> None:
        even = 100 / len(rows)
        drawn = ax.bar(rows["low"], rows["share"], 0.97 * even, align="edge", color=ACCENT)
        ax.axhline(even, color=TARGET, linewidth=1.4, linestyle=(0, (5, 3)), label=words["even"])
        ax.bar_label(drawn, [number(float(share)) for share in rows["share"]], padding=3, fontsize=7 if narrow else 9)
        ax.set(xlim=(0, 100), xlabel=fold(words["level"], 40 if narrow else 80), ylabel=words["share"])
        number_axis(ax.xaxis, ticks)
        number_axis(ax.yaxis, ticks)
        legend(ax, narrow, 2)

    return draw_twice(draw, 3.6, 3.8, rows[["low", "high", "share", "n"]].rename(columns=dict(words)))
