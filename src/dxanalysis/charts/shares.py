"""Pictures of shares: a ladder of regions, bars, parts of a whole, releases of a series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from dxanalysis.charts.canvas import (
    ACCENT,
    INK,
    MARKERS,
    SERIES,
    TARGET,
    Chart,
    Formatter,
    draw_twice,
    fold,
    legend,
    number_axis,
    number_of,
)


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
            low, high, value = number_of(row.low), number_of(row.high), number_of(row.value)
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
                bbox={
                    "boxstyle": "square,pad=0.12",
                    "facecolor": "white",
                    "edgecolor": "none",
                },  # no line runs through it
            )
        for value, label in lines:
            ax.axvline(value, color=TARGET, linewidth=1.4, linestyle=(0, (5, 3)))
            ax.annotate(
                label, (value, 1), xycoords=("data", "axes fraction"), xytext=(3, 4), textcoords="offset points",
                color=TARGET, fontsize=8 if narrow else 9, rotation=0, ha="center",
            )  # fmt: skip
        ax.set_yticks(range(len(rows)), [fold(str(label), 17 if narrow else 34) for label in rows["label"]])
        for tick, strong in zip(ax.get_yticklabels(), rows["strong"], strict=True):
            tick.set_fontweight("bold" if strong else "normal")
            tick.set_fontsize(8.5 if narrow else 10)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        top = max(rows["high"].max(), *(value for value, _ in lines)) if lines else rows["high"].max()
        ax.set_xlim(0, top * (1.38 if narrow else 1.18))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(axis)
        number_axis(ax.xaxis, ticks)
        for style, kind in enumerate(kinds):
            ax.plot([], [], MARKERS[style % len(MARKERS)], color=SERIES[style % len(SERIES)], label=kind)
        legend(ax, narrow, len(kinds))

    height = 1.2 + 0.36 * len(rows)
    # Two names of three lines, one below the other, need more room than a rung has.
    folded = [fold(str(label), 17).count("\n") + 1 for label in rows["label"]]
    tallest = max((a + b) / 2 for a, b in zip(folded, folded[1:] or folded, strict=False))
    narrow_height = 1.7 + max(0.36, 0.03 + 0.142 * tallest) * len(rows)
    return draw_twice(
        draw, height, narrow_height, rows[["label", "kind", "value", "low", "high"]].rename(columns=dict(headings))
    )


def bars(
    rows: pd.DataFrame, *, number: Formatter, axis: str, headings: Mapping[str, str], ticks: Formatter | None = None
) -> Chart:
    """Horizontal bars, the first row on top. ``rows`` has the columns label and value; ``ticks`` writes the axis, by default as ``number``."""

    def draw(ax: Axes, narrow: bool) -> None:
        values = rows["value"].to_numpy(dtype=float)
        ax.barh(range(len(rows)), values, color=ACCENT, height=0.62)
        for position, value in enumerate(values):
            ax.annotate(
                number(float(value)), (value, position), xytext=(5, 0), textcoords="offset points", va="center",
                fontsize=9 if narrow else 10,
            )  # fmt: skip
        ax.set_yticks(range(len(rows)), [fold(str(label), 19 if narrow else 40) for label in rows["label"]])
        for tick in ax.get_yticklabels():
            tick.set_fontsize(8.5 if narrow else 10)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, float(values.max()) * (1.3 if narrow else 1.15))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(fold(axis, 34 if narrow else 62))
        number_axis(ax.xaxis, ticks or number)

    height = 1.0 + 0.48 * len(rows)
    return draw_twice(draw, height, height + 0.3, rows.rename(columns=dict(headings)))


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
        ax.set_yticks(range(len(rows)), [fold(str(label), 14 if narrow else 30) for label in rows["label"]])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(fold(axis, 34 if narrow else 62))
        number_axis(ax.xaxis, ticks)
        legend(ax, narrow, len(parts))

    height = 1.5 + 0.5 * len(rows)
    return draw_twice(draw, height, height + 0.9, rows.rename(columns=dict(headings)))


def vintages(rows: pd.DataFrame, *, number: Formatter, axis: str, headings: Mapping[str, str]) -> Chart:
    """A series as each release gave it: columns year (int), value, release (legend text, oldest release first)."""
    releases = list(dict.fromkeys(rows["release"]))

    def draw(ax: Axes, narrow: bool) -> None:
        for index, release in enumerate(releases):
            part = rows[rows["release"] == release].sort_values("year", kind="stable")
            newest = index == len(releases) - 1
            # A year that a release does not give is a gap in its line, not a straight way across it.
            years = range(int(part["year"].min()), int(part["year"].max()) + 1)
            values = part.set_index("year")["value"].reindex(years)
            ax.plot(
                list(years), values.to_numpy(dtype=float), marker=MARKERS[index % len(MARKERS)],
                color=SERIES[index % len(SERIES)], linewidth=2.2 if newest else 1.4, label=release,
                markersize=7 if newest else 5.5,
            )  # fmt: skip
        last = rows[rows["release"] == releases[-1]].sort_values("year", kind="stable").iloc[-1]
        ax.annotate(
            number(float(last["value"])), (last["year"], last["value"]), xytext=(0, 9), textcoords="offset points",
            ha="center", fontweight="bold",
        )  # fmt: skip
        spread = float(rows["value"].max() - rows["value"].min()) or 1.0
        ax.set_ylim(float(rows["value"].min()) - 0.25 * spread, float(rows["value"].max()) + 0.3 * spread)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_ylabel(axis)
        number_axis(ax.yaxis, number)
        legend(ax, narrow, len(releases), columns=2 if not narrow else 1)

    return draw_twice(draw, 3.7, 4.2, rows.rename(columns=dict(headings)))
