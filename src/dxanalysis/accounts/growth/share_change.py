"""What moved the digital share of GRDP: digitalisation by group of industries, and the weight of industries. Exact, without a residual.

The share is S = sum_i d_i w_i, d_i the digital part of industry i's value added and w_i the industry's weight in GRDP. From one year to the next
the change is sum (w0 + w1)/2 (d1 - d0), intensity, and sum (d0 + d1)/2 (w1 - w0), structure (Bennet 1920, The theory of measurement of changes in cost of living,
Journal of the Royal Statistical Society 83; Marshall-Edgeworth weights). Over several years the steps are added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.accounts.growth.grid import cells, checked_names, checked_years
from dxanalysis.accounts.tables.table import Vector, frozen, listing
from dxanalysis.errors import DataError, ParameterError

STRUCTURE: Final = "structure"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShareChange:
    """Parts of the change of the digital share.

    Attributes
    ----------
    years
        (T,).
    shares
        (T,): the digital share, percent of GRDP.
    groups
        (g,) names.
    intensity, structure
        (g, T-1): effect of the group's digital intensities and of its industries' weights from each year to the next, percentage points.
    whole
        Groups whose two effects are shown as one part under the group's name.
    definition
        What counted as digital, in all years.
    """

    years: tuple[int, ...]
    shares: Vector
    groups: tuple[str, ...]
    intensity: Vector
    structure: Vector
    whole: tuple[str, ...]
    definition: str

    @property
    def change(self) -> float:
        """Change of the share from the first year to the last, percentage points."""
        return float(self.shares[-1] - self.shares[0])

    @property
    def parts(self) -> dict[str, float]:
        """Percentage points by part, over all years: each group, then ``structure`` where a group does not show its own; they add up to the change."""
        together = [name in self.whole for name in self.groups]
        inner, outer = self.intensity.sum(axis=1), self.structure.sum(axis=1)
        parts = {name: float(inner[i] + outer[i] * together[i]) for i, name in enumerate(self.groups)}
        if not all(together):
            parts[STRUCTURE] = float(outer[~np.array(together)].sum())
        return parts

    def to_frame(self) -> pd.DataFrame:
        """Rows of a waterfall, in its order: ``part``, ``kind`` (start, part or end), ``points`` (the step, or the level at start and end), ``low`` and ``high`` (ends of the bar, percent of GRDP)."""
        steps = list(self.parts.items())
        levels = float(self.shares[0]) + np.cumsum([0.0, *(points for _, points in steps)])
        rows: list[tuple[str, str, float, float, float]] = [
            (str(self.years[0]), "start", float(self.shares[0]), 0.0, float(self.shares[0]))
        ]
        for (name, points), before, after in zip(steps, levels, levels[1:], strict=False):
            rows.append((name, "part", points, float(min(before, after)), float(max(before, after))))
        rows.append((str(self.years[-1]), "end", float(self.shares[-1]), 0.0, float(self.shares[-1])))
        return pd.DataFrame(rows, columns=["part", "kind", "points", "low", "high"])

    def by_year(self) -> pd.DataFrame:
        """One row a year and group: ``year``, ``group``, ``intensity`` and ``structure``, percentage points."""
        count = len(self.groups)
        return pd.DataFrame(
            {
                "year": np.repeat(self.years[1:], count),
                "group": list(self.groups) * (len(self.years) - 1),
                "intensity": self.intensity.T.ravel(),
                "structure": self.structure.T.ravel(),
            }
        )


def share_change(
    *,
    years: Sequence[int],
    industries: Sequence[str],
    groups: Sequence[str],
    digital: ArrayLike,
    value_added: ArrayLike,
    whole: Sequence[str],
    definitions: Sequence[str],
) -> ShareChange:
    """Decompose the change of the digital share between years.

    Parameters
    ----------
    years
        (T,), ascending; gaps are allowed, the steps are then longer.
    industries
        (n,): all of GRDP, with product taxes less subsidies as one where they belong to it.
    groups
        (n,): group of each industry, such as electronics, ICT services, rest.
    digital, value_added
        (n, T): digital value added and all value added at current prices, one unit, 0 or more (product taxes may be negative, without digital value added).
    whole
        Groups to show as one part, intensity and weight together. Core industries are digital altogether: their intensity cannot change, they move the share by
        their weight. With ``()`` every group shows its intensity and all weights are in ``structure``.
    definitions
        (T,): definition and vintage that each year was counted by, the same for all.

    Returns
    -------
    ShareChange
        Exact: parts add up to the change.

    Raises
    ------
    DataError
        When a cell is missing or negative, an industry is more than wholly digital, or the definition changes; industry and year are named.
    ParameterError
        When ``whole`` names an unknown group, or a group is called ``structure``.

    Notes
    -----
    An industry without value added in one of two years has no intensity there; it is given that of the other year, so that its coming or going is structure.
    """
    times, names = checked_years(years, gaps=True), checked_names(industries, "industry")
    if len(definitions) != len(times):
        raise DataError(f"there are {len(times)} years and {len(definitions)} definitions", fix="Give one a year")
    for year, one in zip(times, definitions, strict=True):
        if one != definitions[0]:
            raise DataError(
                f"{year} is counted by {one!r}, {times[0]} by {definitions[0]!r}: what is counted differs, the change would not be of the share",
                fix="Count all years by one definition and vintage",
            )
    if len(groups) != len(names):
        raise DataError(
            f"there are {len(names)} industries and {len(groups)} groups", fix="Give one group for each industry"
        )
    kinds = checked_names(tuple(dict.fromkeys(groups)), "group")
    if STRUCTURE in kinds:
        raise ParameterError("a group is called 'structure', which is the part of the weights", fix="Name it otherwise")
    strange = [name for name in whole if name not in kinds]
    if strange:
        raise ParameterError(f"whole names {strange[0]!r}, which is no group", fix=f"The groups are {listing(kinds)}")
    part = cells(digital, "digital", names, times, sign="not_negative")
    all_of_it = cells(value_added, "value_added", names, times)
    wrong = (part > all_of_it * (1 + 1e-9)) & (part > 0) | ((all_of_it < 0) & (part > 0))
    if wrong.any():
        i, t = (int(k) for k in np.argwhere(wrong)[0])
        raise DataError(
            f"{names[i]}, {times[t]}: digital value added is {part[i, t]:,.6g}, all value added {all_of_it[i, t]:,.6g}",
            fix="A part cannot exceed its whole: check units, and that both are of one release",
        )
    total = cells(all_of_it.sum(axis=0), "value added of all industries", times, sign="positive")
    weight = all_of_it / total
    held = all_of_it != 0
    intensity = np.divide(part, all_of_it, out=np.zeros_like(part), where=held)
    before = np.where(held[:, :-1], intensity[:, :-1], intensity[:, 1:])
    after = np.where(held[:, 1:], intensity[:, 1:], intensity[:, :-1])
    inner = 100 * (weight[:, :-1] + weight[:, 1:]) / 2 * (after - before)
    outer = 100 * (before + after) / 2 * np.diff(weight, axis=1)
    belongs = np.array([[owner == name for owner in groups] for name in kinds], dtype=np.float64)
    return ShareChange(
        years=times,
        shares=frozen(100 * part.sum(axis=0) / total),
        groups=kinds,
        intensity=frozen(belongs @ inner),
        structure=frozen(belongs @ outer),
        whole=tuple(whole),
        definition=str(definitions[0]),
    )
