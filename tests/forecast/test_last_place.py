"""The last place of a ranking: read from the panel, and where it bounds a forecast."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.forecast.last_place import last_place

YEARS = range(2012, 2024)


def scores(n: int, seed: int = 1) -> pd.DataFrame:
    """Scores of regions that wander; as a table of regions by years."""
    rng = np.random.default_rng(seed)
    walks = rng.normal(0, 3, (n, 1)) + rng.normal(0, 0.5, (n, len(YEARS))).cumsum(axis=1)
    return pd.DataFrame(walks.round(2), index=[f"r{i:03d}" for i in range(n)], columns=list(YEARS))


def tidy(ranks: pd.DataFrame) -> pd.DataFrame:
    long = ranks.rename_axis("region").melt(ignore_index=False, var_name="period").reset_index()
    return long.dropna(subset=["value"])


@given(
    st.integers(3, 40),
    st.sampled_from(["min", "max", "average", "first"]),
    st.integers(0, 9),
    st.sampled_from([0, 1, 2]),
)
def test_a_whole_ranking_tells_its_last_place_whatever_is_done_about_ties(
    n: int, ties: str, seed: int, digits: int
) -> None:
    ranks = scores(n, seed).round(digits).rank(ascending=False, method=ties)  # type: ignore[arg-type]
    panel = tidy(ranks).sample(frac=1, random_state=seed)
    assert last_place(panel) == n
    assert last_place(panel.rename(columns={"period": "year"})) == n


def test_one_whole_period_is_enough_and_a_part_tells_nothing() -> None:
    ranks = scores(30).rank(ascending=False)
    holes = ranks.mask(np.random.default_rng(2).random(ranks.shape) < 0.3)
    assert last_place(tidy(holes)) is None
    holes[2018] = ranks[2018]
    assert last_place(tidy(holes)) == 30
    assert last_place(tidy(ranks.where(ranks <= 10))) is None  # the ten best, whoever they are
    assert last_place(tidy(ranks.iloc[:20])) is None  # some regions of a ranking
    more = tidy(ranks)
    more.loc[more.index[0], "value"] = 31.0
    assert last_place(more) is None  # there once was a place beyond


@pytest.mark.parametrize(
    "panel",
    [
        pd.DataFrame({"region": ["a", "b"], "period": [2020, 2020], "value": [1, 2]}),
        pd.DataFrame({"region": ["a"] * 3, "period": [2020, 2021, 2022], "value": [1, 1, 1]}),
        pd.DataFrame({"region": ["a", "b", "c"], "period": [2020] * 3, "value": ["first", "2", "3"]}),
        pd.DataFrame({"region": [], "period": [], "value": []}),
        pd.DataFrame({"region": ["a", "b", "c"], "value": [1, 2, 3]}),
    ],
)
def test_too_little_or_no_ranks_tell_nothing(panel: pd.DataFrame) -> None:
    assert last_place(panel) is None


def test_first_and_last_are_alike_where_the_last_place_is_known() -> None:
    """Counting from the other end mirrors every range."""
    n = 34
    ranks = scores(n).rank(ascending=False)
    levels = [0.1, 0.25, 0.75, 0.9]
    ahead = forecast.fit(tidy(ranks), kind="rank").predict(horizon=3, draws=50)
    back = forecast.fit(tidy(n + 1 - ranks), kind="rank").predict(horizon=3, draws=50)
    one, other = ahead.quantiles(levels), n + 1 - back.quantiles(levels)
    assert ahead.bounds == (1.0, n)
    np.testing.assert_allclose(
        one.to_numpy(), other.to_numpy()[:, ::-1], atol=1
    )  # whole numbers: a half is rounded either way
    assert np.abs(one.to_numpy() - other.to_numpy()[:, ::-1]).mean() < 0.05


def test_a_bound_is_kept_where_the_ranking_is_not_whole_and_the_lower_of_both_where_it_is() -> None:
    ranks = scores(34).rank(ascending=False)
    part = forecast.fit(tidy(ranks.iloc[:20]), kind="rank")
    assert part.predict(horizon=1, draws=50).bounds == (1.0, np.inf)
    bounded = forecast.fit(tidy(ranks.iloc[:20]), bounds=(1, 63), kind="rank")
    assert bounded.predict(horizon=1, draws=50).bounds == (1.0, 63.0)
    whole = forecast.fit(tidy(ranks), bounds=(1, 63), kind="rank").predict(horizon=5, draws=2000)
    assert whole.bounds == (1.0, 34.0)
    assert (whole.draws.min(), whole.draws.max()) == (1.0, 34.0)
    assert np.array_equal(whole.draws, np.rint(whole.draws))
