from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.accounts.growth import productivity_change
from dxanalysis.errors import DataError, ParameterError

BASE = {
    "industries": ("electronics", "software", "farms"),
    "output_first": [40, 30, 30],
    "output_second": [66, 36, 30],
    "labour_first": [10, 10, 80],
    "labour_second": [20, 10, 70],
}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), n=st.integers(1, 6), scale=st.floats(1e-3, 1e6))
def test_parts_add_up_to_growth_whatever_the_unit(seed: int, n: int, scale: float) -> None:
    y0, y1, l0, l1 = np.random.default_rng(seed).uniform(1, 100, (4, n))
    made = {"industries": tuple("abcdef"[:n]), "labour_first": l0, "labour_second": l1}
    found = productivity_change(**made, output_first=y0, output_second=y1)
    parts = np.array([found.within, found.between, found.interaction])
    assert parts.sum() == pytest.approx(found.growth, rel=1e-9, abs=1e-9)
    assert found.growth == pytest.approx(100 * (y1.sum() / l1.sum() / (y0.sum() / l0.sum()) - 1))
    scaled = productivity_change(**made, output_first=scale * y0, output_second=scale * y1)
    np.testing.assert_allclose(scaled.within, found.within, rtol=1e-9)


def test_by_hand_and_by_group() -> None:
    """Productivity 4, 3, 0.375 and 3.3, 3.6, 3/7 a worker; the whole 1 and 1.32."""
    found = productivity_change(**BASE)
    assert found.growth == pytest.approx(32)
    np.testing.assert_allclose(found.within, [-7, 6, 80 * (3 / 7 - 0.375)], atol=1e-12)
    np.testing.assert_allclose(found.between, [40, 0, -3.75], atol=1e-12)
    np.testing.assert_allclose(found.interaction, [-7, 0, -10 * (3 / 7 - 0.375)], atol=1e-12)
    grouped = found.by_group({"electronics": "digital", "software": "digital", "farms": "other"})
    assert list(grouped["industry"]) == ["digital", "other", "total"]
    np.testing.assert_allclose(grouped.loc[0, "within":"sum"].astype(float), [-1, 40, -7, 32], atol=1e-12)
    assert grouped["sum"].iloc[-1] == pytest.approx(32)
    assert found.to_frame()["sum"].iloc[-1] == pytest.approx(32)


def test_bad_input() -> None:
    with pytest.raises(DataError, match="labour_second: 0 at software is not above 0"):
        productivity_change(**{**BASE, "labour_second": [20, 0, 70]})
    with pytest.raises(DataError, match="output_first: no number at farms"):
        productivity_change(**{**BASE, "output_first": [40, 30, float("nan")]})
    with pytest.raises(DataError, match="output_first: -10 at all industries is not above 0"):
        productivity_change(**{**BASE, "output_first": [40, 30, -80]})
    with pytest.raises(ParameterError, match="industry 'farms' has no group"):
        productivity_change(**BASE).by_group({"electronics": "digital", "software": "digital"})
    with pytest.raises(ParameterError, match="industry 'mines' is not among the industries"):
        productivity_change(**BASE).by_group(dict.fromkeys([*BASE["industries"], "mines"], "a"))
