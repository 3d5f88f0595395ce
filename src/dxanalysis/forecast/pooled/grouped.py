"""Regions that belong together, such as those of one country: how the others of its group move beside a region.

Shocks and policies are often those of a whole country, and a region's own figure is noisier than the mean of its group. The features are
the mean pace of the *other* regions of the group at the same time, over one and over three years, less the region's own. They are 0 where
there is no other, so a region without a group is what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from dxanalysis.forecast.scale import FloatArray

IntArray = npt.NDArray[np.int64]

GROUP_FEATURES: Final = ("group_pace_1", "group_pace_3")
NO_GROUP: Final = -1
"""Group of a region that belongs to none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Together:
    """Which of many cases stand together: those of one group at one time.

    Attributes
    ----------
    cases
        Cases that have a group, array (n,).
    place
        Number of what each of them belongs to, from 0, array (n,).
    """

    cases: IntArray
    place: IntArray

    @classmethod
    def of(cls, key: IntArray) -> Self:
        """From a number a case that is shared by those that stand together, array (cases,); below 0: alone."""
        cases = np.flatnonzero(key >= 0)
        _, place = np.unique(key[cases], return_inverse=True)
        return cls(cases=cases, place=place.ravel().astype(np.int64))

    def repeated(self, times: int, cases: int) -> Together:
        """The same of so many copies of all ``cases``, one after the other, each for itself."""
        groups = int(self.place.max(initial=NO_GROUP)) + 1
        copy = np.arange(times)[:, None]
        return Together(cases=(self.cases + copy * cases).ravel(), place=(self.place + copy * groups).ravel())

    def others(self, values: FloatArray) -> FloatArray:
        """Mean of the others that a case stands with, less its own value, array as ``values`` (features, cases).

        It is 0 where no other is known or the case's own value is not; a value that is not finite counts for nobody.
        """
        out = np.zeros_like(values)
        for feature, one in enumerate(values[:, self.cases]):
            known = np.isfinite(one)
            own = np.where(known, one, 0.0)
            count = np.bincount(self.place, known)[self.place] - known
            total = np.bincount(self.place, own)[self.place] - own
            out[feature, self.cases] = np.where(known & (count > 0), total / np.maximum(count, 1) - own, 0.0)
        return out
