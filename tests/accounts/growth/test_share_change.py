from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.accounts.growth import share_change
from dxanalysis.errors import DataError, ParameterError

FEW = settings(max_examples=25, deadline=None)
BASE = {
    "years": (2020, 2023),
    "industries": ("electronics", "telecom", "farms", "shops"),
    "groups": ("electronics", "ICT services", "rest", "rest"),
    "digital": [[5, 10], [5, 5], [1, 3], [3, 6]],
    "value_added": [[5, 10], [5, 5], [50, 45], [40, 40]],
    "whole": ("electronics", "ICT services"),
    "definitions": ("office 2023", "office 2023"),
}


@st.composite
def economies(draw: st.DrawFn) -> dict[str, object]:
    """Two to five industries, two to five years, zeros among them."""
    n, years = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    value_added = rng.uniform(1, 100, (n, years)) * (rng.random((n, years)) > 0.2)
    value_added[-1] += 1
    groups = tuple(f"g{k}" for k in rng.integers(0, 3, n))
    return {
        "years": tuple(range(2015, 2015 + years)),
        "industries": tuple(f"i{k}" for k in range(n)),
        "groups": groups,
        "digital": value_added * rng.random((n, years)),
        "value_added": value_added,
        "whole": groups[:1],
        "definitions": ("d",) * years,
    }


@FEW
@given(data=economies())
def test_parts_add_up_to_the_change(data: dict[str, object]) -> None:
    found = share_change(**data)
    assert sum(found.parts.values()) == pytest.approx(found.change, abs=1e-9)
    assert found.intensity.sum() + found.structure.sum() == pytest.approx(found.change, abs=1e-9)
    np.testing.assert_allclose((found.intensity + found.structure).sum(axis=0), np.diff(found.shares), atol=1e-9)


@FEW
@given(data=economies(), scale=st.floats(1e-6, 1e6), seed=st.integers(0, 99))
def test_currency_and_order_do_not_matter(data: dict[str, object], scale: float, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(data["industries"]))
    turned = {
        **data,
        "digital": scale * data["digital"][order],
        "value_added": scale * data["value_added"][order],
        "industries": tuple(data["industries"][i] for i in order),
        "groups": tuple(data["groups"][i] for i in order),
    }
    there, here = share_change(**turned).parts, share_change(**data).parts
    for name, points in here.items():
        assert there[name] == pytest.approx(points, abs=1e-9)


@FEW
@given(data=economies())
def test_time_turned_round_turns_the_signs(data: dict[str, object]) -> None:
    turned = {**data, "digital": data["digital"][:, ::-1], "value_added": data["value_added"][:, ::-1]}
    there, here = share_change(**turned).parts, share_change(**data).parts
    for name, points in here.items():
        assert there[name] == pytest.approx(-points, abs=1e-9)


def test_by_hand() -> None:
    """GRDP 100 in both years, the share 14 to 24: electronics 5 to 10, the rest by farms (0.02 to 1/15) and shops (0.075 to 0.15)."""
    found = share_change(**BASE)
    assert found.change == pytest.approx(10)
    parts = found.parts
    assert parts["electronics"] == pytest.approx(5)
    assert parts["ICT services"] == pytest.approx(0)
    assert parts["rest"] == pytest.approx(47.5 * (1 / 15 - 0.02) + 40 * 0.075)
    assert parts["structure"] == pytest.approx(-5 * (1 / 15 + 0.02) / 2)
    assert list(parts) == ["electronics", "ICT services", "rest", "structure"]


def test_without_whole_groups_the_core_moves_by_structure_alone() -> None:
    parts = share_change(**{**BASE, "whole": ()}).parts
    assert parts["electronics"] == 0
    assert parts["structure"] == pytest.approx(5 - 5 * (1 / 15 + 0.02) / 2)


def test_the_waterfall_goes_from_start_to_end() -> None:
    frame = share_change(**BASE).to_frame()
    assert list(frame["kind"]) == ["start", "part", "part", "part", "part", "end"]
    assert list(frame["part"]) == ["2020", "electronics", "ICT services", "rest", "structure", "2023"]
    steps = frame.loc[frame["kind"] == "part", "points"]
    assert frame["points"].iloc[0] + steps.sum() == pytest.approx(frame["points"].iloc[-1])
    assert tuple(frame.loc[1, ["low", "high"]]) == pytest.approx((14, 19))
    last = frame.loc[4]
    assert (last["low"], last["high"] - last["low"]) == pytest.approx((24, -last["points"]))


def test_all_groups_whole_leave_no_structure() -> None:
    found = share_change(**{**BASE, "whole": ("electronics", "ICT services", "rest")})
    assert list(found.parts) == ["electronics", "ICT services", "rest"]
    assert found.parts["rest"] == pytest.approx(5)


def test_an_industry_that_comes_is_structure() -> None:
    found = share_change(
        **{**BASE, "digital": [[0, 10], *BASE["digital"][1:]], "value_added": [[0, 10], *BASE["value_added"][1:]]}
    )
    np.testing.assert_allclose(found.intensity[0], 0)
    assert found.structure[0, 0] == pytest.approx(10)


def test_by_year() -> None:
    frame = share_change(**BASE).by_year()
    assert list(frame.columns) == ["year", "group", "intensity", "structure"]
    assert list(frame["group"]) == ["electronics", "ICT services", "rest"]
    assert set(frame["year"]) == {2023}


def test_product_taxes_may_be_negative() -> None:
    with_taxes = {**BASE, "industries": (*BASE["industries"], "taxes"), "groups": (*BASE["groups"], "taxes")}
    with_taxes["digital"] = [*BASE["digital"], [0, 0]]
    with_taxes["value_added"] = [*BASE["value_added"], [-10, 5]]
    assert share_change(**with_taxes).shares[0] == pytest.approx(100 * 14 / 90)


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"digital": [[5, 11], [5, 5], [1, 3], [3, 6]]}, DataError, "electronics, 2023: digital value added is 11, all value added 10"),
        ({"digital": [[5, 10], [5, -5], [1, 3], [3, 6]]}, DataError, "digital: -5 at telecom, 2023 is negative"),
        ({"value_added": [[5, 10], [5, 5], [50, None], [40, 40]]}, DataError, "value_added: no number at farms, 2023"),
        ({"definitions": ("office 2023", "office 2025")}, DataError, "2023 is counted by 'office 2025', 2020 by 'office 2023'"),
        ({"definitions": ("office 2023",)}, DataError, "2 years and 1 definitions"),
        ({"groups": ("electronics", "rest")}, DataError, "4 industries and 2 groups"),
        ({"groups": ("structure", "ICT services", "rest", "rest")}, ParameterError, "a group is called 'structure'"),
        ({"whole": ("mines",)}, ParameterError, "whole names 'mines', which is no group"),
        ({"years": (2023, 2020)}, DataError, "year 2020 stands after 2023"),
    ],
)  # fmt: skip
def test_bad_input(changes: dict[str, object], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        share_change(**{**BASE, **changes})
