"""Replays of levels, growth rates and ranks, and of what is better the less it is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.forecast.backtest.measure import measure_of
from dxanalysis.forecast.backtest.panel_of_years import TooSmall
from dxanalysis.forecast.backtest.replay import Backtest, backtest, replay
from forecast.replays import YEARS, Answers, diffusion, random_walk, tidy

FIRST = 2007
HALF = 0.0005
"""Half of the last digit of the levels below."""


def levels(seed: int = 5, unit: float = 1.0) -> pd.DataFrame:
    """Levels of very different regions that grow by a few percent a year."""
    rng = np.random.default_rng(seed)
    start = np.exp(rng.normal(3, 2, (30, 1)))
    return tidy((start * np.exp(rng.normal(0.04, 0.06, (30, len(YEARS))).cumsum(axis=1))).round(3) * unit)


def rates(seed: int = 6) -> pd.DataFrame:
    """Growth rates about a mean of each region, some below 0."""
    rng = np.random.default_rng(seed)
    return tidy((rng.normal(5, 2, (30, 1)) + rng.normal(0, 3, (30, len(YEARS)))).round(2))


def values_of(panel: pd.DataFrame) -> dict[tuple[str, int], float]:
    known: dict[tuple[str, int], float] = panel.set_index(["region", "year"])["value"].to_dict()
    return known


def asked(found: Backtest) -> set[tuple[object, ...]]:
    q = found.questions
    return set(zip(q["region"], q["origin"], q["horizon"], q["target"].round(5), q["met"], strict=True))


def by_hand(panel: pd.DataFrame, way: str) -> set[tuple[object, ...]]:
    """The rules written out one question at a time."""
    found, known = set(), values_of(panel)
    sign = -1 if way.endswith("down") else 1
    for (region, year), now in known.items():
        then = known.get((region, year - 5))
        if then is None or year < FIRST:
            continue
        for h in (1, 3, 5):
            later = known.get((region, year + h))
            if later is None:
                continue
            if way == "rate":
                usual = [value for (_, at), value in known.items() if at <= year]
                size = np.quantile(usual, 0.9) - np.quantile(usual, 0.1)
                pace = max((now - then) / 5, 0.005 * size)
                goals = [now + m * pace * h for m in (0.5, 1, 1.5, 2)]
                rungs = np.quantile(usual, [0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
                goals += [rung for rung in rungs if now + 0.01 * size < rung <= now + size]
            else:  # all in log points of the value and half of its last digit
                pace = max(sign * 100 * np.log((now + HALF) / (then + HALF)) / 5, 0.5)
                times = [np.exp(sign * m * pace * h / 100) for m in (0.5, 1, 1.5, 2)]
                levels = (1.1, 1.25, 1.5, 2, 3) if sign > 0 else (0.9, 0.75, 0.5, 0.25, 0.1)
                times += [one for one in levels if abs(100 * np.log(one)) <= 3 * h * max(pace, 1)]
                goals = [(now + HALF) * one - HALF for one in times]
            for goal in goals:
                met = later >= goal if sign > 0 else later <= goal
                found.add((region, year, h, round(float(goal), 5), int(met)))
    return found


@cache
def of(way: str) -> Backtest:
    panel, bounds = (rates(), (None, None)) if way == "rate" else (levels(), (0, None))
    known = values_of(panel)
    engine = Answers(lambda region, year: known.get((region, year), 1.0), spread=0.001)
    return backtest(
        panel, bounds=bounds, direction="down" if way.endswith("down") else "up", first=FIRST, engine=engine,
        compare=("theta", "traffic-light"),
    )  # fmt: skip


@pytest.mark.parametrize("way", ["level", "level down", "rate"])
def test_questions_are_those_of_the_rules(way: str) -> None:
    found, expected = sorted(asked(of(way))), sorted(by_hand(rates() if way == "rate" else levels(), way))
    assert len(found) == len(expected) > 3000
    np.testing.assert_allclose([q[3] for q in found], [q[3] for q in expected], atol=2e-5)  # type: ignore[misc]
    assert [(*q[:3], q[4]) for q in found] == [(*q[:3], q[4]) for q in expected]


def test_the_better_way_turns_what_met_means() -> None:
    up, down = of("level").questions, of("level down").questions
    assert (up["met"] == (up["outcome"] >= up["target"])).all()
    assert (down["met"] == (down["outcome"] <= down["target"])).all()
    assert (up["required"] > 0).all()
    assert (down["required"] < 0).all()
    assert up["pace"].mean() == pytest.approx(down["pace"].mean(), abs=0.5)  # with the indicator's own sign


@pytest.mark.parametrize("way", ["level", "level down", "rate"])
def test_an_engine_that_knows_the_future_is_best(way: str) -> None:
    best = of(way).scores.set_index("method")
    assert best["brier"].idxmin() == best["crps"].idxmin() == "model"
    assert best.loc["model", "mase"] < 0.02
    assert of(way).form == ("identity" if way == "rate" else "positive")
    assert of(way).bounds == ((None, None) if way == "rate" else (0.0, None))


def test_less_is_better_of_what_is_left() -> None:
    """Households without internet, less being better, are households with it, more being better."""
    panel = diffusion()
    rest = panel.assign(value=100 - panel["value"])
    known, left = values_of(panel), values_of(rest)
    up = backtest(
        panel,
        first=FIRST,
        engine=Answers(lambda region, year: known.get((region, year), 50.0), spread=4),
        compare=("theta",),
    )
    down = backtest(
        rest,
        first=FIRST,
        direction="down",
        engine=Answers(lambda region, year: left.get((region, year), 50.0), spread=4),
        compare=("theta",),
    )
    pd.testing.assert_frame_equal(up.scores, down.scores, rtol=1e-6, atol=1e-9)
    assert {(r, o, h, round(100 - t, 5), m) for r, o, h, t, m in asked(down)} == asked(up)


def test_levels_of_outcomes_are_those_of_the_values() -> None:
    """Forecasts five points too high: most outcomes fell low in them, whichever way is better."""
    panel = diffusion()
    known = values_of(panel)
    for direction in ("up", "down"):
        engine = Answers(lambda region, year: known.get((region, year), 50.0) + 5, spread=4)
        found = backtest(panel, first=FIRST, direction=direction, engine=engine, compare=())  # type: ignore[arg-type]
        share = found.pit.groupby("low")["share"].mean()
        assert share[share.index < 50].sum() > 80


@pytest.mark.parametrize("unit", [1e-4, 1e5])
def test_the_unit_of_a_level_changes_no_score(unit: float) -> None:
    one, other = (backtest(levels(unit=u), bounds=(0, None), first=FIRST, compare=("theta",)).scores for u in (1, unit))
    pd.testing.assert_frame_equal(one, other, rtol=1e-3)


def held(panel: pd.DataFrame, kind: str, direction: str) -> tuple[float, float]:
    found = backtest(panel, kind=kind, direction=direction, first=FIRST, compare=())  # type: ignore[arg-type]
    model = found.scores.set_index("method").loc["model"]
    return float(model["coverage_80"]), float(model["coverage_95"])


@pytest.mark.parametrize("direction", ["up", "down"])
def test_ranges_of_levels_and_rates_hold_what_they_say(direction: str) -> None:
    for panel, kind in ((levels(), "level"), (rates(), "growth")):
        of_80, of_95 = held(panel, kind, direction)
        assert of_80 == pytest.approx(80, abs=6)
        assert of_95 == pytest.approx(95, abs=3)


def test_ranges_of_ranks_hold_at_least_what_they_say() -> None:
    """Whole numbers of which both ends count, so more than 80 and 95 %."""
    ranks = random_walk().assign(value=lambda frame: frame.groupby("year")["value"].rank())
    of_80, of_95 = held(ranks, "rank", "down")
    assert of_80 >= 80
    assert of_95 >= 95


def test_a_whole_ranking_is_bounded_by_its_last_place() -> None:
    ranks = random_walk().assign(value=lambda frame: frame.groupby("year")["value"].rank())
    found = backtest(ranks, kind="rank", direction="down", first=FIRST, compare=())
    assert (found.bounds, found.form) == ((1.0, float(ranks["region"].nunique())), "bounded")


@pytest.mark.parametrize(
    ("kind", "bounds", "form"),
    [
        (None, (0.0, 100.0), "bounded"),
        ("share", (0.0, 100.0), "bounded"),
        ("level", (0.0, None), "positive"),
        ("index", (0.0, None), "positive"),
        ("growth", (None, None), "identity"),
        ("rank", (1.0, None), "positive"),  # what is no whole ranking has no last place
    ],
)
def test_bounds_are_by_default_those_of_the_kind(
    kind: str | None, bounds: tuple[float | None, float | None], form: str
) -> None:
    found = backtest(diffusion(), kind=kind, first=FIRST, engine=Answers(lambda *_: 50.0, spread=20), compare=())  # type: ignore[arg-type]
    assert (found.bounds, found.form) == (bounds, form)


def test_a_level_of_nothing_is_no_start() -> None:
    panel = levels()
    panel.loc[(panel["region"] == "r03") & (panel["year"] <= 2012), "value"] = 0.0
    found = backtest(panel, bounds=(0, None), first=FIRST, compare=())
    assert (found.questions.query("region == 'r03'")["origin"] >= 2013).all()
    assert np.isfinite(found.scores["brier"]).all()


def test_a_level_below_its_bound_is_counted() -> None:
    panel = levels()
    panel.loc[5, "value"] = -1.0
    found = backtest(panel, bounds=(0, None), first=FIRST, engine=Answers(lambda *_: 50.0), compare=())
    assert found.beyond_bounds == 1


def test_a_small_panel_of_levels_says_what_it_lacks() -> None:
    found = replay(levels()[lambda p: p["region"] < "r10"], bounds=(0, None), first=FIRST)
    assert isinstance(found, TooSmall)
    assert (found.reason, found.found) == ("regions", 10)


@given(
    st.lists(st.floats(0, 1e9), min_size=1, max_size=8),
    st.sampled_from([(0, None), (-3, None), (None, None), (0, 2e9)]),
    st.sampled_from(["up", "down"]),
)
def test_a_measure_gives_the_values_back_and_keeps_or_turns_their_order(
    values: list[float], bounds: tuple[float | None, float | None], direction: str
) -> None:
    array = np.array(sorted(values))
    measure, _ = measure_of(pd.DataFrame({"value": array}), bounds, None, direction)
    measured = measure.to(array)
    np.testing.assert_allclose(measure.back(measured), array, rtol=1e-9, atol=1e-6 * max(float(array.max()), 1e-3))
    assert (np.diff(measure.quantiles(array)) >= 0).all()
    assert (np.diff(measured) * (1 if direction == "up" else -1) >= 0).all()
    assert np.isnan(measure.to(np.array([np.nan]))).all()
