from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis.accounts.growth import shift_share
from dxanalysis.errors import DataError, ParameterError

FEW = settings(max_examples=25, deadline=None)
BASE = {
    "industries": ("farms", "plants", "shops"),
    "region_first": [50, 30, 20],
    "region_second": [45, 45, 30],
    "nation_first": [200, 500, 300],
    "nation_second": [180, 600, 420],
}
FORMS = ("classic", "esteban-marquillas", "arcelus")


@st.composite
def economies(draw: st.DrawFn) -> dict[str, object]:
    n, rng = draw(st.integers(1, 6)), np.random.default_rng(draw(st.integers(0, 2**31)))
    first, second = rng.uniform(1, 100, (2, n))
    return {
        "industries": tuple(f"i{k}" for k in range(n)),
        "region_first": first,
        "region_second": second,
        "nation_first": first + rng.uniform(1, 1000, n),
        "nation_second": second + rng.uniform(1, 1000, n),
    }


@pytest.mark.parametrize("form", FORMS)
@FEW
@given(data=economies(), scale=st.floats(1e-3, 1e6))
def test_parts_add_up_and_scale(form: str, data: dict[str, object], scale: float) -> None:
    found = shift_share(**data, form=form)
    atol = 1e-9 * np.abs(found.effects).max()
    np.testing.assert_allclose(found.effects.sum(axis=0), found.change, rtol=1e-9, atol=atol)
    np.testing.assert_array_equal(found.change, data["region_second"] - data["region_first"])
    scaled = {key: value if key == "industries" else scale * value for key, value in data.items()}
    np.testing.assert_allclose(
        shift_share(**scaled, form=form).effects, scale * found.effects, rtol=1e-6, atol=scale * atol
    )


@FEW
@given(data=economies())
def test_identities_of_the_extended_forms(data: dict[str, object]) -> None:
    classic = dict(zip(*_parts(data, "classic"), strict=True))
    esteban = dict(zip(*_parts(data, "esteban-marquillas"), strict=True))
    arcelus = dict(zip(*_parts(data, "arcelus"), strict=True))
    close = {"rtol": 1e-9, "atol": 1e-9 * max(np.abs(part).max() for part in arcelus.values())}
    np.testing.assert_allclose(esteban["competitive"] + esteban["allocation"], classic["regional"], **close)
    np.testing.assert_allclose(
        arcelus["regional, expected"] + arcelus["regional mix, expected"], esteban["competitive"], **close
    )
    np.testing.assert_allclose(
        arcelus["regional, differential"] + arcelus["regional mix, differential"], esteban["allocation"], **close
    )
    np.testing.assert_allclose(arcelus["mix, expected"] + arcelus["mix, differential"], classic["mix"], **close)
    # Homothetic levels have the nation's structure and the region's sum.
    assert arcelus["mix, expected"].sum() == pytest.approx(0, abs=close["atol"])
    for part in ("national, differential", "regional, differential"):
        assert arcelus[part].sum() == pytest.approx(0, abs=close["atol"])


def _parts(data: dict[str, object], form: str) -> tuple[tuple[str, ...], np.ndarray]:
    found = shift_share(**data, form=form)
    return found.parts, found.effects


@FEW
@given(data=economies())
def test_a_region_with_the_nations_structure_has_no_allocation(data: dict[str, object]) -> None:
    like = {**data, "region_first": np.asarray(data["nation_first"]) / 2000}
    like["region_second"] = np.minimum(data["region_second"], data["nation_second"])
    names, effects = _parts(like, "esteban-marquillas")
    np.testing.assert_allclose(effects[names.index("allocation")], 0, atol=1e-9)
    np.testing.assert_allclose(effects[names.index("mix")].sum(), 0, atol=1e-9)


def test_by_hand() -> None:
    """Nation +20 % in all, -10, +20, +40 % by industry; homothetic levels 20, 50, 30; the region -10, +50, +50 %."""
    classic = shift_share(**BASE)
    np.testing.assert_allclose(classic.effects, [[10, 6, 4], [-15, 0, 4], [0, 9, 2]], atol=1e-12)
    esteban = shift_share(**BASE, form="esteban-marquillas")
    np.testing.assert_allclose(esteban.effects[2:], [[0, 15, 3], [0, -6, -1]], atol=1e-12)
    frame = classic.to_frame()
    assert list(frame.columns) == ["industry", "national", "mix", "regional", "change"]
    np.testing.assert_allclose(frame.iloc[-1, 1:].astype(float), [20, -11, 11, 20], atol=1e-12)


def test_an_industry_new_to_the_region() -> None:
    new = {**BASE, "region_first": [50, 30, 0]}
    np.testing.assert_allclose(shift_share(**new).effects[:, 2], [0, 0, 30], atol=1e-12)
    for form in FORMS[1:]:
        with pytest.raises(DataError, match=r"shops: the region has none in the first year.*form='classic'"):
            shift_share(**new, form=form)


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"form": "dynamic"}, ParameterError, "form is 'dynamic'"),
        ({"region_second": [45, 700, 30]}, DataError, "plants: the region has 700 in the second year, the nation 600"),
        ({"region_first": [50, -3, 20]}, DataError, "region_first: -3 at plants is negative"),
        ({"nation_first": [200, 0, 300]}, DataError, "nation_first: 0 at plants is not above 0"),
        ({"nation_second": [200, None, 300]}, DataError, "nation_second: no number at plants"),
        ({"region_first": [0, 0, 0]}, DataError, "the region has nothing in the first year"),
        ({"industries": ("a", "b")}, DataError, r"region_first has the shape \(3,\)"),
    ],
)
def test_bad_input(changes: dict[str, object], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        shift_share(**{**BASE, **changes})
