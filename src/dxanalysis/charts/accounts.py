"""Pictures of the regional accounts: methods side by side, a waterfall, linkages, a quarterly path."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from dxanalysis.charts.canvas import (
    ACCENT,
    GRID,
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
    number_of,
)


def _percent(value: float) -> str:
    return f"{value:.1f}"


def methods(
    rows: pd.DataFrame,
    *,
    number: Formatter = _percent,
    ticks: Formatter = _percent,
    axis: str = "Digital economy, % of value added",
    headings: Mapping[str, str] | None = None,
) -> Chart:
    """Digital shares by definition (rows) and method (markers): how far apart honest answers lie.

    Parameters
    ----------
    rows
        Columns definition, method, share (percent), low and high (equal to share where there is no range), bound ("upper" for a model-based upper bound), as
        ``Comparison.to_frame()`` gives them, or the same in readers' words.
    number, ticks, axis, headings
        Formats, title of the axis, headings of the data table.
    """
    definitions, kinds = list(dict.fromkeys(rows["definition"])), list(dict.fromkeys(rows["method"]))
    step = 0.7 / max(len(kinds), 1)

    def draw(ax: Axes, narrow: bool) -> None:
        for index, kind in enumerate(kinds):
            colour, marker = SERIES[index % len(SERIES)], MARKERS[index % len(MARKERS)]
            for row in rows[rows["method"] == kind].itertuples(index=False):
                at = definitions.index(row.definition) + (index - (len(kinds) - 1) / 2) * step
                low, high, value = number_of(row.low), number_of(row.high), number_of(row.share)
                if high > low:
                    ax.plot([low, high], [at, at], color=colour, linewidth=5, alpha=0.35, solid_capstyle="butt")
                ax.plot(value, at, marker, color=colour, markersize=6.5, fillstyle="none" if row.bound else "full")
                ax.annotate(
                    ("≤ " if row.bound else "") + number(value), (max(high, value), at), xytext=(7, 0), textcoords="offset points",
                    va="center", fontsize=7.5 if narrow else 8.5,
                )  # fmt: skip
            ax.plot([], [], marker, color=colour, label=fold(str(kind), 40), linestyle="none")
        for edge in range(1, len(definitions)):
            ax.axhline(edge - 0.5, color=GRID, linewidth=0.8)
        ax.set_yticks(range(len(definitions)), [fold(str(one), 15 if narrow else 30) for one in definitions])
        ax.set_ylim(len(definitions) - 0.45, -0.55)
        ax.set_xlim(0, float(rows["high"].max()) * (1.3 if narrow else 1.15))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(fold(axis, 34 if narrow else 70))
        number_axis(ax.xaxis, ticks)
        legend(ax, narrow, len(kinds), columns=1 if narrow else 2)

    height = 1.3 + max(0.55, 0.27 * len(kinds)) * len(definitions) + 0.09 * len(kinds)
    data = rows[["definition", "method", "share", "low", "high", "bound"]].rename(columns=dict(headings or {}))
    return draw_twice(draw, height, height + 0.2 * len(kinds) + 0.2, data)


def waterfall(
    rows: pd.DataFrame, *, number: Formatter, change: Formatter, axis: str, headings: Mapping[str, str]
) -> Chart:
    """From one level to another, part by part, top to bottom.

    Parameters
    ----------
    rows
        Columns label, value and kind: ``level`` (where the path stands) or ``change`` (a step on from where the row before ended).
    number, change
        Formats of levels and of changes (with their sign).
    """
    ends: list[float] = []
    for row in rows.itertuples(index=False):
        ends.append(number_of(row.value) if row.kind == "level" else ends[-1] + number_of(row.value))

    def draw(ax: Axes, narrow: bool) -> None:
        for at, row in enumerate(rows.itertuples(index=False)):
            value, level = number_of(row.value), row.kind == "level"
            start = value if level else ends[at - 1]
            if level:  # a point, not a bar: the axis does not start at 0
                ax.plot(value, at, "D", color=INK, markersize=7)
            else:
                ax.barh(at, ends[at] - start, left=start, color=SERIES[2] if value >= 0 else TARGET, height=0.6)
            if at + 1 < len(rows):
                ax.plot([ends[at]] * 2, [at - 0.3, at + 1.3], color=MUTED, linewidth=0.8)
            ax.annotate(
                number(value) if level else change(value), (max(start, ends[at]), at), xytext=(6, 0), textcoords="offset points",
                va="center", fontsize=8.5 if narrow else 9.5, fontweight="bold" if level else "normal",
            )  # fmt: skip
        ax.set_yticks(range(len(rows)), [fold(str(label), 18 if narrow else 38) for label in rows["label"]])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        low, high = min(ends), max(ends)
        far = high - low or 1.0
        ax.set_xlim(low - 0.15 * far, high + (0.5 if narrow else 0.25) * far)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(fold(axis, 34 if narrow else 62))
        number_axis(ax.xaxis, number)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=3 if narrow else 6))

    height = 1.0 + 0.46 * len(rows)
    return draw_twice(draw, height, height + 0.4, rows[["label", "value"]].rename(columns=dict(headings)))


def heat(
    values: pd.DataFrame, *, number: Formatter, axis: str, words: Mapping[str, str], middle: float | None = None
) -> Chart:
    """A table as colours with its figures: rows and columns are named as readers read them.

    ``middle``: the value of the pale colour (1 for linkages: above is strong, below is weak); None: from low to high.
    """

    def draw(ax: Axes, narrow: bool) -> None:
        shown = values.copy()
        shown.index = pd.Index([fold(str(name), 20 if narrow else 44) for name in shown.index])
        shown.columns = pd.Index([fold(str(name), 10 if narrow else 18) for name in shown.columns])
        low, high = float(values.min().min()), float(values.max().max())
        far = 0.0 if middle is None else max(high - middle, middle - low)
        sns.heatmap(
            shown, ax=ax, cmap="Blues" if middle is None else "RdBu", cbar=False, linewidths=1, linecolor="white", fmt="",
            vmin=low if middle is None else middle - 1.6 * far, vmax=high if middle is None else middle + 1.6 * far,
            annot=shown.map(number), annot_kws={"fontsize": 7.5 if narrow else 8.5},
        )  # fmt: skip
        ax.set_xlabel(fold(axis, 34 if narrow else 70))
        ax.set_ylabel("")
        ax.tick_params(axis="y", rotation=0, labelsize=7.5 if narrow else 9)
        ax.tick_params(axis="x", rotation=0, labelsize=7 if narrow else 8.5)
        ax.grid(visible=False)

    height = 1.2 + 0.34 * len(values)
    return draw_twice(draw, height, height + 0.5, values.rename_axis(words["row"]).reset_index())


def path(rows: pd.DataFrame, *, number: Formatter, axis: str, words: Mapping[str, str]) -> Chart:
    """A path with its range: columns period (text), value, low, high and known (False: beyond the last published year).

    ``words``: reader's words for period, value, range, estimate, ahead.
    """

    def draw(ax: Axes, narrow: bool) -> None:
        at = np.arange(len(rows))
        if (rows["high"] > rows["low"]).any():
            ax.fill_between(
                at,
                rows["low"].astype(float),
                rows["high"].astype(float),
                color=SOFT,
                alpha=0.5,
                linewidth=0,
                label=words["range"],
            )
        ax.plot(
            at,
            rows["value"].astype(float),
            color=ACCENT,
            linewidth=1.8,
            marker="o",
            markersize=3.5,
            label=words["estimate"],
        )
        ahead = ~rows["known"].to_numpy(dtype=bool)
        if ahead.any():
            ax.plot(
                at[ahead],
                rows["value"].to_numpy(dtype=float)[ahead],
                "o",
                color=TARGET,
                markersize=5,
                label=words["ahead"],
            )
        every = max(1, -(-len(rows) // (3 if narrow else 6)))
        ax.set_xticks(at[::every], [str(period) for period in rows["period"]][::every], fontsize=8)
        ax.set_ylabel(fold(axis, 34))
        number_axis(ax.yaxis, number)
        legend(ax, narrow, len(ax.get_legend_handles_labels()[1]))

    data = rows[["period", "value", "low", "high"]].rename(columns=dict(words))
    return draw_twice(draw, 3.6, 4.0, data)
