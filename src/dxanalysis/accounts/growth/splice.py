"""A change of base year: growth rates of the older and the newer prices stand one after the other, levels are never joined.

Levels in two base years differ by a factor for the total and by another for each component. Scaling them to meet would leave components that do not add
up to the total, and would pass the difference of prices off as growth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dxanalysis.accounts.growth.contributions import Contributions
from dxanalysis.accounts.tables.table import frozen
from dxanalysis.errors import DataError, ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A year that both sets measure, and that they measure differently: growth of the total in percent."""

    year: int
    older: float
    newer: float

    def __str__(self) -> str:
        return f"{self.year}: {self.older:.4g} % in the older prices, {self.newer:.4g} % in the newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    """Contributions over a change of base.

    Attributes
    ----------
    contributions
        All years; ``contributions.bases`` says each year's prices.
    first_newer
        First year measured in the newer prices: the break.
    disagreements
        Years that both sets measure and whose growth differs by more than was allowed.
    """

    contributions: Contributions
    first_newer: int
    disagreements: tuple[Disagreement, ...]

    def to_frame(self) -> pd.DataFrame:
        """As :meth:`Contributions.to_frame`, with the columns ``basis`` and ``after_break`` (true from the first year in the newer prices on)."""
        frame = self.contributions.to_frame()
        basis = dict(zip(self.contributions.years, self.contributions.bases, strict=True))
        frame["basis"] = frame["year"].map(basis)
        frame["after_break"] = frame["year"] >= self.first_newer
        return frame


def splice(
    older: Contributions,
    newer: Contributions,
    *,
    first_newer: int,
    agree_within: float,
    keep_disagreement: bool = False,
) -> Splice:
    """Growth and contributions of ``older`` before a year, of ``newer`` from it on.

    Parameters
    ----------
    older, newer
        Contributions in two base years (or of two kinds of volumes), of the same components.
    first_newer
        First year whose growth is taken from ``newer``.
    agree_within
        Percentage points by which the growth of a year that both sets measure may differ without mention: what the printed digits explain. Other relative
        prices alone make a difference.
    keep_disagreement
        False: a larger difference is refused. True: it is listed in the result.

    Raises
    ------
    ParameterError
        When ``agree_within`` is negative, or neither set reaches the break.
    DataError
        When components differ, a year is in neither set, or growth disagrees; every such year is named.
    """
    if not (np.isfinite(agree_within) and agree_within >= 0):
        raise ParameterError(f"agree_within is {agree_within}", fix="Give percentage points, 0 or more")
    strange = sorted(set(older.components) ^ set(newer.components))
    if strange:
        raise DataError(
            f"component {strange[0]!r} is in one of the two sets only",
            where="splice",
            fix="Bring both to the same components, or splice the total alone",
        )
    if first_newer not in newer.years:
        raise ParameterError(
            f"the newer prices give no growth of {first_newer}",
            fix=f"They give {newer.years[0]} to {newer.years[-1]}; the level of the year before is needed in them too",
        )
    first, last = [i for i, year in enumerate(older.years) if year < first_newer], newer.years.index(first_newer)
    if not first:
        raise ParameterError(
            f"the older prices give no growth before {first_newer}", fix="Use the newer set alone, or a later break"
        )
    if older.years[first[-1]] != first_newer - 1:
        raise DataError(
            f"growth of {older.years[first[-1]] + 1} to {first_newer - 1} is in neither set",
            where="splice",
            fix="Levels of two base years cannot fill it; get the missing year in one of them",
        )
    both = [
        Disagreement(year=year, older=float(older.growth[i]), newer=float(newer.growth[newer.years.index(year)]))
        for i, year in enumerate(older.years)
        if year in newer.years
    ]
    apart = tuple(one for one in both if abs(one.older - one.newer) > agree_within)
    if apart and not keep_disagreement:
        raise DataError(
            "the two base years disagree on growth: " + "; ".join(map(str, apart)),
            where="splice",
            fix="Check that both are of final releases; keep_disagreement=True names the difference in the result",
        )
    order = [newer.components.index(name) for name in older.components]
    joined = Contributions(
        years=older.years[: len(first)] + newer.years[last:],
        components=older.components,
        points=frozen(np.hstack([older.points[:, : len(first)], newer.points[order, last:]])),
        growth=frozen(np.concatenate([older.growth[: len(first)], newer.growth[last:]])),
        residual=frozen(np.concatenate([older.residual[: len(first)], newer.residual[last:]])),
        bases=older.bases[: len(first)] + newer.bases[last:],
    )
    return Splice(contributions=joined, first_newer=first_newer, disagreements=apart)
