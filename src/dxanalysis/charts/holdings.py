"""A picture of what an archive holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from dxanalysis.charts.canvas import (
    Chart,
    draw_twice,
    fold,
)


def coverage(counts: pd.DataFrame, *, words: Mapping[str, str]) -> Chart:
    """Which figures there are: rows are topics, columns years, cells the number of figures (0: none)."""

    def draw(ax: Axes, narrow: bool) -> None:
        shown = counts.copy()
        shown.index = pd.Index([fold(str(name), 18 if narrow else 40) for name in shown.index])
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
    return draw_twice(draw, height, height + 0.6, table)
