"""Pictures of results. Each is drawn twice, for a page and for a telephone, and carries the numbers it shows.

Functions take plain frames and words in the reader's language; they know no catalogue. Colours are Okabe and Ito's, which
colour-blind readers tell apart, and shape or label says the same thing again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

INK: Final = "#1f2933"
MUTED: Final = "#6b7785"
ACCENT: Final = "#0072b2"
SOFT: Final = "#9ecae8"
TARGET: Final = "#d55e00"
SERIES: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#000000")
MARKERS: Final = ("o", "s", "^", "D", "v", "P")

Formatter = Callable[[float], str]

_STYLE: Final[Mapping[str, Any]] = {
    "font.family": "DejaVu Sans",  # shipped with matplotlib, and holds every Vietnamese letter
    "font.size": 10.5,
    "axes.edgecolor": "#c9d1d9",
    "axes.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6eaee",
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    # Names inside the SVG would else be random: the same numbers give the same bytes.
    "svg.hashsalt": "dxanalysis",
    "figure.facecolor": "white",
}
_WIDE: Final = 7.6
_NARROW: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture for two screens, with the data behind it."""

    wide_svg: str
    narrow_svg: str
    data: pd.DataFrame


def ladder(
    rows: pd.DataFrame,
    *,
    lines: Sequence[tuple[float, str]],
    number: Formatter,
    ticks: Formatter,
    axis: str,
    headings: Mapping[str, str],
) -> Chart:
    """Values of several regions one below the other, with ranges where there are any and target lines.

    Parameters
    ----------
    rows
        Columns label, value, low, high (equal to value where there is no range), kind (a word of the legend) and strong (bool).
    lines
        Target values with their labels.
    number, ticks, axis, headings
        Formats of values and of the axis, title of the axis, and headings of the data table.
    """
    kinds = list(dict.fromkeys(rows["kind"]))

    def draw(ax: Axes, narrow: bool) -> None:
        for position, row in enumerate(rows.itertuples(index=False)):
            style = kinds.index(str(row.kind))
            colour = SERIES[style % len(SERIES)]
            low, high, value = _float(row.low), _float(row.high), _float(row.value)
            if high > low:
                ax.plot([low, high], [position, position], color=colour, linewidth=7, alpha=0.35, solid_capstyle="butt")
            ax.plot(value, position, MARKERS[style % len(MARKERS)], color=colour, markersize=7 if row.strong else 5.5)
            text = number(value) if high <= low else f"{number(low)} – {number(high)}"
            ax.annotate(
                text,
                (max(high, value), position),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5 if narrow else 9.5,
                fontweight="bold" if row.strong else "normal",
                path_effects=[withStroke(linewidth=3, foreground="white")],
            )
        for value, label in lines:
            ax.axvline(value, color=TARGET, linewidth=1.4, linestyle=(0, (5, 3)))
            ax.annotate(
                label, (value, 1), xycoords=("data", "axes fraction"), xytext=(3, 4), textcoords="offset points",
                color=TARGET, fontsize=8 if narrow else 9, rotation=0, ha="center",
            )  # fmt: skip
        ax.set_yticks(range(len(rows)), [_fold(str(label), 17 if narrow else 34) for label in rows["label"]])
        for tick, strong in zip(ax.get_yticklabels(), rows["strong"], strict=True):
            tick.set_fontweight("bold" if strong else "normal")
            tick.set_fontsize(8.5 if narrow else 10)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        top = max(rows["high"].max(), *(value for value, _ in lines)) if lines else rows["high"].max()
        ax.set_xlim(0, top * (1.38 if narrow else 1.18))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(axis)
        _numbers(ax.xaxis, ticks)
        for style, kind in enumerate(kinds):
            ax.plot([], [], MARKERS[style % len(MARKERS)], color=SERIES[style % len(SERIES)], label=kind)
        _legend(ax, narrow, len(kinds))

    height = 1.2 + 0.36 * len(rows)
    return _chart(
        draw, height, height + 0.5, rows[["label", "kind", "value", "low", "high"]].rename(columns=dict(headings))
    )


def bars(rows: pd.DataFrame, *, number: Formatter, axis: str, headings: Mapping[str, str]) -> Chart:
    """Horizontal bars, the first row on top. ``rows`` has the columns label and value."""

    def draw(ax: Axes, narrow: bool) -> None:
        values = rows["value"].to_numpy(dtype=float)
        ax.barh(range(len(rows)), values, color=ACCENT, height=0.62)
        for position, value in enumerate(values):
            ax.annotate(
                number(float(value)), (value, position), xytext=(5, 0), textcoords="offset points", va="center",
                fontsize=9 if narrow else 10,
            )  # fmt: skip
        ax.set_yticks(range(len(rows)), [_fold(str(label), 19 if narrow else 40) for label in rows["label"]])
        for tick in ax.get_yticklabels():
            tick.set_fontsize(8.5 if narrow else 10)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, float(values.max()) * (1.3 if narrow else 1.15))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(_fold(axis, 34 if narrow else 62))
        _numbers(ax.xaxis, number)

    height = 1.0 + 0.48 * len(rows)
    return _chart(draw, height, height + 0.3, rows.rename(columns=dict(headings)))


def stacked(
    rows: pd.DataFrame,
    *,
    parts: Sequence[str],
    number: Formatter,
    ticks: Formatter,
    axis: str,
    headings: Mapping[str, str],
) -> Chart:
    """One horizontal bar a row, made of parts. ``rows`` has the column label and one column a part, named as readers read it."""

    def draw(ax: Axes, narrow: bool) -> None:
        left = np.zeros(len(rows))
        whole = float(rows[list(parts)].sum(axis=1).max())
        for index, part in enumerate(parts):
            values = rows[part].to_numpy(dtype=float)
            colour = SERIES[index % len(SERIES)]
            ax.barh(range(len(rows)), values, left=left, color=colour, height=0.56, label=part, edgecolor="white")
            for position, value in enumerate(values):
                if value > whole * (0.14 if narrow else 0.07):
                    ax.text(
                        left[position] + value / 2, position, number(float(value)), ha="center", va="center",
                        fontsize=8.5, color="white" if index in (0, 2, 5) else INK,
                    )  # fmt: skip
            left = left + values
        ax.set_yticks(range(len(rows)), [_fold(str(label), 14 if narrow else 30) for label in rows["label"]])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(_fold(axis, 34 if narrow else 62))
        _numbers(ax.xaxis, ticks)
        _legend(ax, narrow, len(parts))

    height = 1.5 + 0.5 * len(rows)
    return _chart(draw, height, height + 0.9, rows.rename(columns=dict(headings)))


def vintages(rows: pd.DataFrame, *, number: Formatter, axis: str, headings: Mapping[str, str]) -> Chart:
    """A series as each release gave it: columns year (int), value, release (legend text, oldest release first)."""
    releases = list(dict.fromkeys(rows["release"]))

    def draw(ax: Axes, narrow: bool) -> None:
        for index, release in enumerate(releases):
            part = rows[rows["release"] == release].sort_values("year")
            newest = index == len(releases) - 1
            # A year that a release does not give is a gap in its line, not a straight way across it.
            years = range(int(part["year"].min()), int(part["year"].max()) + 1)
            values = part.set_index("year")["value"].reindex(years)
            ax.plot(
                list(years), values.to_numpy(dtype=float), marker=MARKERS[index % len(MARKERS)],
                color=SERIES[index % len(SERIES)], linewidth=2.2 if newest else 1.4, label=release,
                markersize=7 if newest else 5.5,
            )  # fmt: skip
        last = rows[rows["release"] == releases[-1]].sort_values("year").iloc[-1]
        ax.annotate(
            number(float(last["value"])), (last["year"], last["value"]), xytext=(0, 9), textcoords="offset points",
            ha="center", fontweight="bold",
        )  # fmt: skip
        spread = float(rows["value"].max() - rows["value"].min()) or 1.0
        ax.set_ylim(float(rows["value"].min()) - 0.25 * spread, float(rows["value"].max()) + 0.3 * spread)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_ylabel(axis)
        _numbers(ax.yaxis, number)
        _legend(ax, narrow, len(releases), columns=2 if not narrow else 1)

    return _chart(draw, 3.7, 4.2, rows.rename(columns=dict(headings)))


def fan(
    history: pd.DataFrame,
    ahead: pd.DataFrame,
    *,
    target: tuple[int, float, str],
    number: Formatter,
    axis: str,
    words: Mapping[str, str],
    span_from: int | None = None,
) -> Chart:
    """A series, its forecast as ranges, and the target.

    Parameters
    ----------
    history
        Columns year, value.
    ahead
        Columns year, p2.5, p10, p50, p90, p97.5.
    target
        Deadline year, value, label.
    span_from
        First year of the span a mean is promised over: the target is then a line from it to the deadline.
    words
        Reader's words for: history, median, range80, range95, year, value.
    """

    def draw(ax: Axes, narrow: bool) -> None:
        last = history.sort_values("year").iloc[-1]
        years = [int(last["year"]), *ahead["year"].astype(int)]
        bands = {name: [float(last["value"]), *ahead[name].astype(float)] for name in ahead.columns if name != "year"}
        ax.fill_between(
            years, bands["p2.5"], bands["p97.5"], color=SOFT, alpha=0.45, linewidth=0, label=words["range95"]
        )
        ax.fill_between(
            years, bands["p10"], bands["p90"], color=ACCENT, alpha=0.35, linewidth=0, label=words["range80"]
        )
        ax.plot(years, bands["p50"], color=ACCENT, linestyle="--", linewidth=1.6, label=words["median"])
        ax.plot(history["year"], history["value"], color=INK, marker="o", linewidth=2, label=words["history"])
        if span_from is None:
            ax.plot(target[0], target[1], marker="*", color=TARGET, markersize=15, linestyle="none", label=target[2])
        else:
            ax.plot([span_from, target[0]], [target[1]] * 2, color=TARGET, linewidth=2.5, label=target[2])
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5 if narrow else 9))
        ax.set_ylabel(axis)
        _numbers(ax.yaxis, number)
        _legend(ax, narrow, 5, columns=1 if narrow else 3)

    data = pd.concat(
        [
            history.assign(kind=words["history"]).rename(columns={"value": words["value"]})[
                ["year", "kind", words["value"]]
            ],
            ahead.assign(kind=words["median"]).rename(columns={"p50": words["value"]}),
        ],
        ignore_index=True,
    )
    order = ["year", "kind", words["value"], "p2.5", "p10", "p90", "p97.5"]
    plain = data[order].astype(object).where(data[order].notna(), None)
    names = {"year": words["year"], "kind": words["kind"], **{p: words[p] for p in ("p2.5", "p10", "p90", "p97.5")}}
    return _chart(draw, 4.0, 4.9, plain.rename(columns=names))


def coverage(counts: pd.DataFrame, *, words: Mapping[str, str]) -> Chart:
    """Which figures there are: rows are topics, columns years, cells the number of figures (0: none)."""

    def draw(ax: Axes, narrow: bool) -> None:
        shown = counts.copy()
        shown.index = pd.Index([_fold(str(name), 18 if narrow else 40) for name in shown.index])
        if narrow:
            shown = shown.iloc[:, -6:]
        notes = shown.map(lambda count: str(count) if count else "")
        sns.heatmap(
            np.minimum(shown, 10), ax=ax, cmap="Blues", cbar=False, linewidths=1, linecolor="white", annot=notes, fmt="",
            annot_kws={"fontsize": 8.5}, vmin=0, vmax=14,
        )  # fmt: skip
        ax.set_xlabel(words["year"])
        ax.set_ylabel("")
        ax.tick_params(axis="y", rotation=0, labelsize=8 if narrow else 9.5)
        ax.tick_params(axis="x", rotation=0, labelsize=8.5)
        ax.grid(visible=False)

    height = 1.1 + 0.34 * len(counts)
    table = counts.rename_axis(words["topic"]).reset_index()
    table.columns = pd.Index([str(column) for column in table.columns])
    return _chart(draw, height, height + 0.6, table)


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
        ax.set(xlim=(-3, 112), ylim=(-8, 103), xlabel=words["forecast"], ylabel=_fold(words["met"], 30))
        _numbers(ax.xaxis, ticks)
        _numbers(ax.yaxis, ticks)
        _legend(ax, narrow, len(kinds) + 1)

    return _chart(draw, 5.2, 5.0, rows[["kind", "forecast", "met", "n"]].rename(columns=dict(words)))


def pit(rows: pd.DataFrame, *, number: Formatter, ticks: Formatter, words: Mapping[str, str]) -> Chart:
    """Where outcomes fell in their forecasts: columns low, high, share (percent) and n; even bars are right."""

    def draw(ax: Axes, narrow: bool) -> None:
        even = 100 / len(rows)
        drawn = ax.bar(rows["low"], rows["share"], 0.97 * even, align="edge", color=ACCENT)
        ax.axhline(even, color=TARGET, linewidth=1.4, linestyle=(0, (5, 3)), label=words["even"])
        ax.bar_label(drawn, [number(float(share)) for share in rows["share"]], padding=3, fontsize=7 if narrow else 9)
        ax.set(xlim=(0, 100), xlabel=_fold(words["level"], 40 if narrow else 80), ylabel=words["share"])
        _numbers(ax.xaxis, ticks)
        _numbers(ax.yaxis, ticks)
        _legend(ax, narrow, 2)

    return _chart(draw, 3.6, 3.8, rows[["low", "high", "share", "n"]].rename(columns=dict(words)))


def _chart(draw: Callable[[Axes, bool], None], wide: float, narrow: float, data: pd.DataFrame) -> Chart:
    return Chart(
        wide_svg=_svg(draw, (_WIDE, wide), narrow=False),
        narrow_svg=_svg(draw, (_NARROW, narrow), narrow=True),
        data=data.reset_index(drop=True),
    )


def _svg(draw: Callable[[Axes, bool], None], size: tuple[float, float], *, narrow: bool) -> str:
    style: dict[str, Any] = {**sns.axes_style("whitegrid")}
    with mpl.rc_context(style | dict(_STYLE)):  # type: ignore[arg-type]  # the stubs list every key by name
        # A Figure of its own, not pyplot's: nothing is left open, and threads do not share it.
        figure = Figure(figsize=size, layout="constrained")
        ax = figure.subplots()
        draw(ax, narrow)
        sns.despine(ax=ax, left=True)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]


def _numbers(axis: Any, number: Formatter) -> None:
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))


def _legend(ax: Axes, narrow: bool, entries: int, columns: int | None = None) -> None:
    if entries < 2:
        return
    figure = ax.get_figure()
    if figure is None:
        return
    handles, labels = ax.get_legend_handles_labels()
    # Outside the axes, so that the layout makes room for it and nothing lies under it.
    figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=columns or (1 if narrow else min(entries, 3)),
        frameon=False,
        fontsize=8.5 if narrow else 9.5,
    )


def _fold(text: str, width: int) -> str:
    """Break a label into lines of about ``width`` letters, at spaces."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + len(word) + 1 <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def _float(value: object) -> float:
    return float(value)  # type: ignore[arg-type]  # cells of numeric columns
