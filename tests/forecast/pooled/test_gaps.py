"""Gaps filled by straight lines."""

from __future__ import annotations

import numpy as np

from dxanalysis.forecast.pooled.gaps import fill_gaps


def test_gaps_between_two_values_are_filled_and_ends_are_left() -> None:
    nan = np.nan
    values = np.array([[nan, 1.0, nan, nan, 4.0, nan], [2.0, nan, 1.0, 5.0, nan, nan], [nan, nan, nan, 7.0, nan, nan]])
    wanted = [[nan, 1.0, 2.0, 3.0, 4.0, nan], [2.0, 1.5, 1.0, 5.0, nan, nan], [nan, nan, nan, 7.0, nan, nan]]
    given = values.copy()
    np.testing.assert_array_equal(fill_gaps(values), wanted)
    np.testing.assert_array_equal(values, given)
