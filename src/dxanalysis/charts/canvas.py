"""What every picture shares: colours, sizes, and drawing it twice, for a page and for a telephone."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

INK: Final = "#1f2933"
MUTED: Final = "#6b7785"
GRID: Final = "#e6eaee"
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
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    # Names inside the SVG would else be random: the same numbers give the same bytes.
    "svg.hashsalt": "dxanalysis",
    "figure.facecolor": "white",
}
_SVG_DPI: Final = 72
_WIDE: Final = 7.6
_NARROW: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture for two screens, with the data behind it; a notebook shows it where it is named.

    Attributes
    ----------
    wide_svg, narrow_svg
        The picture for a page and for a telephone: text of an SVG file.
    data
        The numbers it shows.
    """

    wide_svg: str
    narrow_svg: str
    data: pd.DataFrame

    def __repr__(self) -> str:
        return f"Chart({len(self.data)} rows: {', '.join(map(str, self.data.columns))})"

    def _repr_svg_(self) -> str:
        return self.wide_svg


def draw_twice(draw: Callable[[Axes, bool], None], wide: float, narrow: float, data: pd.DataFrame) -> Chart:
    """Draw for a wide and a narrow screen (heights in inches); ``data`` is the table behind the picture."""
    return Chart(
        wide_svg=_svg(draw, (_WIDE, wide), narrow=False),
        narrow_svg=_svg(draw, (_NARROW, narrow), narrow=True),
        data=data.reset_index(drop=True),
    )


def _svg(draw: Callable[[Axes, bool], None], size: tuple[float, float], *, narrow: bool) -> str:
    style: dict[str, Any] = {**sns.axes_style("whitegrid")}
    with mpl.rc_context(style | dict(_STYLE)):  # type: ignore[arg-type]  # the stubs list every key by name
        # A Figure of its own, not pyplot's: nothing is left open, and threads do not share it.
        layout = ConstrainedLayoutEngine()
        figure = Figure(figsize=size, layout=layout)
        ax = figure.subplots()
        draw(ax, narrow)
        sns.despine(ax=ax, left=True)
        stream = io.StringIO()
        # As savefig does, but without drawing all once more only to find the layout: the same bytes in four fifths of the time.
        canvas = FigureCanvasSVG(figure)
        figure.dpi = _SVG_DPI
        layout.execute(figure)
        figure.set_layout_engine("none")
        canvas.print_svg(stream, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    text = stream.getvalue()
    return text[text.index("<svg") :]


def number_axis(axis: Any, number: Formatter) -> None:
    """Few round ticks, written as readers write them."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))


def legend(ax: Axes, narrow: bool, entries: int, columns: int | None = None) -> None:
    """A legend under the picture; none where there is one entry only."""
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


def fold(text: str, width: int) -> str:
    """Break a label into lines of about ``width`` letters, at spaces."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + len(word) + 1 <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def number_of(value: object) -> float:
    """A cell of a numeric column."""
    return float(value)  # type: ignore[arg-type]  # cells of numeric columns
