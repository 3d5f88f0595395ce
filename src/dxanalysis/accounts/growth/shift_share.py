"""Shift-share: a region's change by industry as the nation's growth, the industry's, and the region's own.

With regional levels r, national growth G of all industries and g_i of industry i, regional growth r_i of industry i and R of all, and the homothetic level
h_i = (sum r) N_i / N, which industry i would have in the region with the nation's structure:

- classic (Dunn 1960): r G + r (g_i - G) + r (r_i - g_i);
- Esteban-Marquillas (1972, Regional and Urban Economics 2): the last part is cut into h (r_i - g_i), competition free of the region's structure,
  and (r - h)(r_i - g_i), allocation: is the region specialised where it is competitive?
- Arcelus (1984, Growth and Change 15): each of G, g_i - G, R - G and (r_i - R) - (g_i - G), the last two being r_i - g_i, times h (expected) and times r - h (differential).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.accounts.growth.grid import cells, checked_names
from dxanalysis.accounts.tables.table import Vector, frozen
from dxanalysis.errors import DataError, ParameterError

Form = Literal["classic", "esteban-marquillas", "arcelus"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShiftShare:
    """Effects by industry, in the unit of the data.

    Attributes
    ----------
    form
        Which parts the change is cut into.
    parts, industries
        (k,) and (n,) names.
    effects
        (k, n).
    change
        (n,): change of the region; the parts add up to it.
    """

    form: Form
    parts: tuple[str, ...]
    industries: tuple[str, ...]
    effects: Vector
    change: Vector

    @property
    def totals(self) -> Vector:
        """(k,): each part over all industries."""
        return np.asarray(self.effects.sum(axis=1))

    def to_frame(self) -> pd.DataFrame:
        """One row an industry and a last row ``total``; a column a part, and ``change``."""
        frame = pd.DataFrame(self.effects.T, columns=list(self.parts))
        frame.insert(0, "industry", list(self.industries))
        frame["change"] = self.change
        frame.loc[len(frame)] = ["total", *self.totals, float(self.change.sum())]
        return frame


def shift_share(
    *,
    industries: Sequence[str],
    region_first: ArrayLike,
    region_second: ArrayLike,
    nation_first: ArrayLike,
    nation_second: ArrayLike,
    form: Form = "classic",
) -> ShiftShare:
    """Cut a region's change into the nation's, the industries' and its own.

    Parameters
    ----------
    industries
        (n,).
    region_first, region_second, nation_first, nation_second
        (n,): jobs, or value added at constant prices that add up, of both years; the nation includes the region.
    form
        ``classic`` (3 parts), ``esteban-marquillas`` (4) or ``arcelus`` (8).

    Raises
    ------
    ParameterError
        When the form is unknown.
    DataError
        When a figure is negative, a region is larger than its nation, or a growth rate has no first figure; the industry is named.
    """
    if form not in get_args(Form):
        raise ParameterError(f"form is {form!r}", fix=f"Choose one of {', '.join(get_args(Form))}")
    names = checked_names(industries, "industry")
    r0 = cells(region_first, "region_first", names, sign="not_negative")
    r1 = cells(region_second, "region_second", names, sign="not_negative")
    n0 = cells(nation_first, "nation_first", names, sign="positive")
    n1 = cells(nation_second, "nation_second", names, sign="not_negative")
    for which, region, nation in (("first", r0, n0), ("second", r1, n1)):
        larger = np.flatnonzero(region > nation * (1 + 1e-9))
        if len(larger):
            i = int(larger[0])
            raise DataError(
                f"{names[i]}: the region has {region[i]:,.6g} in the {which} year, the nation {nation[i]:,.6g}",
                fix="The nation includes the region; check units, and that both are of one release",
            )
    if r0.sum() == 0:
        raise DataError("the region has nothing in the first year", fix="Choose a later first year")
    national, industry = n1.sum() / n0.sum() - 1, n1 / n0 - 1
    effects: dict[str, Vector] = {"national": r0 * national, "mix": r0 * (industry - national)}
    if form == "classic":
        effects["regional"] = r1 - r0 * (1 + industry)
        return _made(form, names, effects, r1 - r0)
    new = np.flatnonzero(r0 == 0)
    if len(new):
        raise DataError(
            f"{names[int(new[0])]}: the region has none in the first year, so it has no growth rate",
            where=form,
            fix="Add it to another industry, or use form='classic'",
        )
    own, homothetic = r1 / r0 - 1, r0.sum() * n0 / n0.sum()
    if form == "esteban-marquillas":
        effects["competitive"] = homothetic * (own - industry)
        effects["allocation"] = (r0 - homothetic) * (own - industry)
        return _made(form, names, effects, r1 - r0)
    regional = r1.sum() / r0.sum() - 1
    rates = {
        "national": np.full(len(names), national),
        "mix": industry - national,
        "regional": np.full(len(names), regional - national),
        "regional mix": (own - regional) - (industry - national),
    }
    effects = {
        f"{part}, {side}": level * rate
        for part, rate in rates.items()
        for side, level in (("expected", homothetic), ("differential", r0 - homothetic))
    }
    return _made(form, names, effects, r1 - r0)


def _made(form: Form, names: tuple[str, ...], effects: dict[str, Vector], change: Vector) -> ShiftShare:
    return ShiftShare(
        form=form,
        parts=tuple(effects),
        industries=names,
        effects=frozen(np.vstack(list(effects.values()))),
        change=frozen(change),
    )
