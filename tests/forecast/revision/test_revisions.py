from __future__ import annotations

from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.errors import ModelError
from dxanalysis.forecast.revision.revisions import age_of, noise_of, revision_size_by_age
from forecast.cases import observations

# the national share of the digital economy in GDP as released in 2023-12, 2024, 2025-01 and 2026-01
NATION = observations(
    [
        ("2022", "2023-12-04", 12.67, "estimate", ""),
        ("2022", "2024-12-31", 12.63, "estimate", ""),
        ("2022", "2025-01-06", 12.83, "estimate", ""),
        ("2023", "2024-12-31", 12.33, "estimate", ""),
        ("2023", "2025-01-06", 12.87, "estimate", ""),
        ("2024", "2025-01-06", 13.17, "estimate", ""),
    ],
    region="VN",
)


def test_newest_release_against_each_earlier_one() -> None:
    table = forecast.revisions(NATION)
    assert table["period"].tolist() == ["2022", "2022", "2023"]
    assert table["change"].tolist() == pytest.approx([0.16, 0.20, 0.54])
    assert table["earlier_release"].dt.strftime("%Y-%m").tolist() == ["2023-12", "2024-12", "2024-12"]
    assert set(table["later_release"].dt.strftime("%Y-%m-%d")) == {"2025-01-06"}


def test_size_by_indicator() -> None:
    size = forecast.revision_size(forecast.revisions(NATION)).loc["share"]
    assert (size["n"], size["n_periods"]) == (3, 2)
    assert size["mean_abs_change"] == pytest.approx(0.30)
    assert size["rms_change"] == pytest.approx(np.sqrt((0.16**2 + 0.2**2 + 0.54**2) / 3))
    assert size["sd_change"] == pytest.approx(np.std([0.16, 0.20, 0.54], ddof=1))


def test_two_figures_of_one_day_are_a_conflict_not_a_revision() -> None:
    twice = pd.concat([NATION.tail(1), NATION.tail(1).assign(value=13.5)])
    assert forecast.revisions(twice).empty


def test_rows_without_a_value_are_not_compared() -> None:
    gone = NATION.assign(value=NATION["value"].where(NATION["released_to"] < "2025-01-01"))
    assert forecast.revisions(gone)["change"].tolist() == pytest.approx([-0.04])


def test_no_revisions_is_an_empty_table() -> None:
    table = forecast.revisions(NATION.tail(1))
    assert table.empty
    assert forecast.revision_size(table).empty
    assert noise_of(table, "VN") == forecast.RevisionNoise(size=0.0, n=0, scope="none")


def test_whose_revisions_are_taken() -> None:
    table = forecast.revisions(NATION)
    assert noise_of(table, "VN").scope == "region"
    assert noise_of(table, "34-52").scope == "indicator"
    assert noise_of(table.head(2), "VN").scope == "none"


def test_days_as_text_are_read_and_what_could_be_two_days_is_refused() -> None:
    days = ["released_from", "released_to"]
    text = NATION.assign(**{name: NATION[name].dt.strftime("%Y-%m-%d") for name in days})
    pd.testing.assert_frame_equal(forecast.revisions(text), forecast.revisions(NATION))
    for name in days:
        local = text.assign(**{name: NATION[name].dt.strftime("%d/%m/%Y")})
        with pytest.raises(ModelError, match=f"the column {name} cannot be read as dates: '04/12/2023', where year"):
            forecast.revisions(local)


def test_a_history_without_releases() -> None:
    with pytest.raises(ModelError, match="the history has no column released_to"):
        forecast.revisions(NATION.drop(columns="released_to"))


@pytest.mark.parametrize(
    ("period", "released", "age"),
    [
        ("2022", "2022-11-30", 0),
        ("2022", "2023-11-30", 0),
        ("2022", "2023-12-04", 1),
        ("2022", "2024-12-31", 2),
        ("2021-2025", "2026-12-01", 1),
        ("2024-H1", "2024-12-15", 1),
        ("2024-Q2", "2024-09-29", 1),
        ("2024-07", "2024-10-01", 3),
    ],
)
def test_age_in_periods(period: str, released: str, age: int) -> None:
    assert age_of(period, pd.Timestamp(released)) == age


# first releases move by 11 in region 1 and by 33 in region 2, year-old figures by 1 and by 3
AGED = observations(
    [
        (str(year), f"{year + later}-03-01", value, "actual", "")
        for year in range(2015, 2019)
        for later, value in ((1, 10.0), (2, 20.0), (3, 21.0))
    ],
    region="34-1",
)
AGED = pd.concat([AGED, AGED.assign(region_id="34-2", value=10 + 3 * (AGED["value"] - 10))])


def test_size_by_age() -> None:
    sizes = revision_size_by_age(forecast.revisions(AGED))
    assert sizes.index.to_list() == [("share", 0), ("share", 1)]
    assert sizes["n"].tolist() == [8, 8]
    assert sizes["mean_change"].tolist() == pytest.approx([22, 2])
    assert sizes.loc[("share", 1), "rms_change"] == pytest.approx(np.sqrt((1**2 + 3**2) / 2))
    assert revision_size_by_age(forecast.revisions(AGED.head(1))).empty


def test_noise_of_figures_of_the_same_age() -> None:
    table = forecast.revisions(AGED)
    assert noise_of(table, "34-1", age=1).size == pytest.approx(1)
    assert noise_of(table, "34-2", age=0) == forecast.RevisionNoise(
        size=pytest.approx(33), n=4, scope="region", same_age=True
    )
    assert noise_of(table, "34-9", age=1) == forecast.RevisionNoise(
        size=pytest.approx(np.sqrt(5)), n=8, scope="indicator", same_age=True
    )
    assert noise_of(table, "34-1", age=5) == noise_of(table, "34-1")
    assert (noise_of(table, "34-1").n, noise_of(table, "34-1").same_age) == (8, False)


whole = st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), min_size=3, max_size=8)


def released(pairs: list[tuple[int, int]]) -> pd.DataFrame:
    rows = [
        (str(2000 + number), f"{2001 + number + age}-03-01", float(value), "actual", "")
        for number, pair in enumerate(pairs)
        for age, value in enumerate(pair)
    ]
    return observations(rows)


@settings(max_examples=30, deadline=None)
@given(whole, st.integers(-1000, 1000))
def test_a_shift_of_all_releases_changes_no_revision(pairs: list[tuple[int, int]], shift: int) -> None:
    history = released(pairs)
    moved = forecast.revisions(history.assign(value=history["value"] + shift))
    assert moved["change"].tolist() == forecast.revisions(history)["change"].tolist()
    pd.testing.assert_frame_equal(
        forecast.revision_size(moved), forecast.revision_size(forecast.revisions(history)), check_exact=True
    )


@settings(max_examples=30, deadline=None)
@given(whole, st.integers(1, 50))
def test_scaling_scales_sizes(pairs: list[tuple[int, int]], factor: int) -> None:
    history = released(pairs)
    one = revision_size_by_age(forecast.revisions(history))
    other = revision_size_by_age(forecast.revisions(history.assign(value=history["value"] * factor)))
    np.testing.assert_allclose(other["rms_change"], factor * one["rms_change"])
    assert noise_of(forecast.revisions(history), "34-52", age=0).size == pytest.approx(one["rms_change"].iloc[0])


@settings(max_examples=30, deadline=None)
@given(whole, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pairs: list[tuple[int, int]], random: Random) -> None:
    history = released(pairs)
    mixed = history.sample(frac=1, random_state=random.randint(0, 10_000))
    pd.testing.assert_frame_equal(forecast.revisions(mixed), forecast.revisions(history))
