from __future__ import annotations

import pandas as pd
import pytest

from dxanalysis.accounts import DigitalShare, NotEnoughData, PublishedShares, published
from dxanalysis.errors import DataError, ParameterError


@pytest.fixture(scope="module")
def shares(published_figures) -> PublishedShares:
    made = published(published_figures)
    assert isinstance(made, PublishedShares)
    return made


def test_releases_of_2022_with_their_revisions(shares):
    frame = shares.to_frame()
    rows = frame[(frame["region_id"] == "VN") & (frame["period"] == "2022")]
    assert list(rows["value"]) == [12.67, 12.63, 12.83]
    assert list(rows["newest"]) == [False, False, True]
    assert rows["revision_pp"].iloc[1:].tolist() == [pytest.approx(-0.04), pytest.approx(0.2)]
    assert pd.isna(rows["revision_pp"].iloc[0])


def test_methods_stay_apart(shares):
    frame = shares.to_frame()
    city = frame[(frame["region_id"] == "63-79") & (frame["period"] == "2022") & frame["newest"]]
    assert dict(zip(city["method"], city["value"], strict=True)) == {
        "de_share_grdp_mic": 18.86,
        "de_va_share_grdp": 13.51,
    }


def test_newest_release_is_a_digital_share(shares):
    made = shares.newest("VN", "de_va_share_gdp")
    assert isinstance(made, DigitalShare)
    assert (made.period, made.estimate, made.method, made.quantiles, made.n_draws) == (
        "2025",
        14.02,
        "published",
        (),
        0,
    )
    revised = shares.newest("VN", "de_va_share_gdp", "2023")
    assert isinstance(revised, DigitalShare)
    assert revised.estimate == 12.87
    assert [one.value for one in revised.inputs] == [12.33, 12.87]
    with pytest.raises(ParameterError, match="none: this is a printed figure"):
        made.quantile(0.5)


def test_what_was_never_published_is_said_so(shares, published_figures):
    never = shares.newest("34-52", "de_va_share_grdp")
    assert isinstance(never, NotEnoughData)
    assert never.reason == "never_published"
    other_year = shares.newest("VN", "de_va_share_gdp", "2019")
    assert isinstance(other_year, NotEnoughData)
    assert other_year.reason == "no_value_for_the_period"
    nothing = published(published_figures, region_ids=["34-52"])
    assert isinstance(nothing, NotEnoughData)
    assert nothing.region_id == "34-52"


def test_missing_values_are_left_out(observed):
    frame = pd.concat(
        [observed({"de_va_share_grdp": 7.0}), observed({"de_va_share_grdp": float("nan")}, period="2024")]
    )
    made = published(frame)
    assert isinstance(made, PublishedShares)
    assert len(made.figures) == 1


def test_share_in_money_is_refused(observed):
    with pytest.raises(DataError, match=r"34-01, 2025: units are mixed: de_va_share_grdp in bn_vnd\. Expected percent"):
        published(observed({"de_va_share_grdp": 7.0}, unit="bn_vnd"))


def test_published_shares_say_in_a_line_what_they_are(published_figures):
    made = published(published_figures)
    assert (
        repr(made)
        == f"PublishedShares({len(made.figures)} figures of {len({one.region_id for one in made.figures})} regions)"
    )
    assert made.newest("VN", "de_va_share_gdp", 2022) == made.newest("VN", "de_va_share_gdp", "2022")
