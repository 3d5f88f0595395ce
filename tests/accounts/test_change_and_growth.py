"""What moved the national share and what contributed to growth, from published figures."""

from __future__ import annotations

import pandas as pd
import pytest

from dxanalysis.accounts import national_change, national_sets, published_contributions
from dxanalysis.accounts.figures import NotEnoughData
from dxanalysis.accounts.growth_published import PublishedContributions
from dxanalysis.accounts.national_change import NationalChange
from dxanalysis.data import open_store
from dxanalysis.project import find_project
from trial import ROOT


@pytest.fixture(scope="module")
def archive() -> pd.DataFrame:
    store = open_store(find_project(ROOT))
    return pd.concat(
        [store.observations(region=one, history=True) for one in ("VN", "63-52", "63-64")], ignore_index=True
    )


def of(archive: pd.DataFrame, region: str) -> pd.DataFrame:
    return archive[archive["region_id"] == region]


def test_parts_of_the_national_change_add_up_to_it(nation: pd.DataFrame) -> None:
    found = national_change(national_sets(nation))
    assert isinstance(found, NationalChange)
    assert (str(found.first), str(found.last)) == ("2020-2022", "2025")
    # 12.75 is the sum of the areas printed for 2020-2022 (0.05, 6.11, 6.59), 14.02 the share printed for 2025.
    assert found.change.change == pytest.approx(14.02 - 12.75, abs=1e-9)
    assert sum(found.change.parts.values()) == pytest.approx(found.change.change, abs=1e-9)
    assert found.change.parts["tax"] == 0
    assert found.figures


def test_one_set_is_not_enough_for_a_change(nation: pd.DataFrame) -> None:
    sets = national_sets(nation)
    assert not isinstance(sets, NotEnoughData)
    found = national_change([one for one in sets if one.kind == "full"][:1])
    assert isinstance(found, NotEnoughData)
    assert found.reason == "one_set_only"
    nothing = NotEnoughData(wanted="x", region_id="VN", period="", missing=(), reason="no_core")
    assert national_change(nothing) is nothing


def test_contributions_of_binh_dinh_2021_nearly_add_up(archive: pd.DataFrame) -> None:
    """Published: growth 4.11; agriculture 3.20, industry 8.40, services 1.34, taxes 6.51 on shares of 2020: weights of two price bases differ by a hundredth."""
    found = published_contributions(of(archive, "63-52"), "grdp")
    assert isinstance(found, PublishedContributions)
    assert (found.period, found.growth) == ("2021", 4.11)
    assert sum(found.parts.values()) + found.residual == pytest.approx(4.11)
    assert abs(found.residual) < 0.02
    assert found.digital is None
    assert found.digital_missing == "no_real_digital_growth"
    assert len({one.source for one in found.inputs if "growth" in one.indicator}) == 1


def test_the_digital_part_of_growth_2025(archive: pd.DataFrame) -> None:
    found = published_contributions(of(archive, "VN"), "gdp")
    assert isinstance(found, PublishedContributions)
    # Share of 2024 13.17 percent, real growth of digital value added in 2025 11.8 percent.
    assert found.digital == pytest.approx(13.17 * 11.8 / 100)
    assert found.growth == 8.02
    frame = found.to_frame()
    assert frame["part"].tolist()[-2:] == ["residual", "total"]
    assert frame["share_of_growth"].iloc[:-1].sum() == pytest.approx(100)


def test_without_growth_by_area_and_a_structure_before_it_nothing_is_said(archive: pd.DataFrame) -> None:
    found = published_contributions(of(archive, "63-64"), "grdp")
    assert isinstance(found, NotEnoughData)
    assert found.reason == "no_growth_by_area"
    assert "grdp_growth_agri" in found.missing
