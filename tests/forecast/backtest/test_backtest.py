"""The backtest: what it asks, what it knows, what it claims, and what it says of a panel it cannot replay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from dxanalysis.errors import DataError, ParameterError
from dxanalysis.forecast.backtest import rivals, scored
from dxanalysis.forecast.backtest.panel_of_years import TooSmall, read_tidy
from dxanalysis.forecast.backtest.replay import LEVELS, Backtest, backtest, replay, verdict
from forecast.replays import YEARS, Answers, countries, diffusion, noise, random_walk, tidy

FIRST = 2007


def truth_of(panel: pd.DataFrame) -> Callable[[str, int], float]:
    known = panel.set_index(["region", "year"])["value"].to_dict()
    return lambda region, year: known.get((region, year), 50.0)


@cache
def foreseen() -> Backtest:
    """An engine that knows the future, give or take one point."""
    panel = diffusion()
    return backtest(
        panel, first=FIRST, engine=Answers(truth_of(panel)), compare=("line", "theta", "naive", "traffic-light")
    )


# ---- what is asked


def questions_by_hand(
    panel: pd.DataFrame, first: int, lower: float = 0.0, size: float = 100.0
) -> set[tuple[object, ...]]:
    """The rules written out one question at a time."""
    found = set()
    for region, rows in panel.groupby("region"):
        known = dict(zip(rows["year"], rows["value"], strict=True))
        for year, now in known.items():
            history = [now]
            while len(history) < 15 and year - len(history) in known:
                history.append(known[year - len(history)])
            if len(history) < 6 or year < first or not 0.02 <= (now - lower) / size <= 0.97:
                continue
            pace = max((now - history[5]) / 5, 0.005 * size)
            for h in (1, 3, 5):
                if year + h not in known:
                    continue
                goals = [now + m * pace * h for m in (0.5, 1, 1.5, 2)]
                for part in (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
                    level = lower + size * part
                    if now + 0.01 * size < level <= now + 3 * h * max(pace, 0.01 * size):
                        goals.append(level)
                for goal in goals:
                    if goal <= lower + 0.995 * size:
                        found.add((region, year, h, round(goal, 6), int(known[year + h] >= goal)))
    return found


def asked(found: Backtest) -> set[tuple[object, ...]]:
    q = found.questions
    return set(zip(q["region"], q["origin"], q["horizon"], q["target"].round(6), q["met"], strict=True))


def test_questions_are_those_of_the_rules() -> None:
    assert asked(foreseen()) == questions_by_hand(diffusion(), FIRST)
    assert len(foreseen().questions) == len(asked(foreseen())) > 1000


def test_a_falling_value_is_asked_for_the_least_pace() -> None:
    panel = random_walk()
    found = backtest(panel, first=FIRST, engine=Answers(lambda *_: 50.0))
    assert asked(found) == questions_by_hand(panel, FIRST)
    assert (found.questions["pace"] < 0).mean() > 0.2
    assert (found.questions["required"] > 0).all()


def test_gaps_cut_a_history() -> None:
    panel = diffusion()
    holes = panel[~((panel["year"] == 2006) & (panel["region"] < "r10"))]
    found = backtest(holes, first=FIRST, engine=Answers(truth_of(panel)))
    assert asked(found) == questions_by_hand(holes, FIRST)
    origins = found.questions[found.questions["region"] < "r10"]["origin"]
    assert origins.min() == 2012  # six values in a row: 2007 to 2012


def test_bounds_move_and_stretch_the_questions() -> None:
    """The same panel from 1 to 5 instead of 0 to 100 gives the same questions and scores."""
    panel = diffusion()
    moved = panel.assign(value=1 + panel["value"] * 4 / 100)
    found = backtest(moved, bounds=(1, 5), first=FIRST, engine=Answers(truth_of(moved), spread=0.04), compare=())
    assert asked(found) == questions_by_hand(moved, FIRST, lower=1.0, size=4.0)
    assert found.scores["brier"].tolist()[:3] == pytest.approx(foreseen().scores["brier"].tolist()[:3], abs=1e-3)


def test_the_order_of_rows_does_not_matter() -> None:
    panel = diffusion()
    mixed = panel.sample(frac=1, random_state=0)
    found = backtest(
        mixed, first=FIRST, engine=Answers(truth_of(panel)), compare=("line", "theta", "naive", "traffic-light")
    )
    pd.testing.assert_frame_equal(found.scores, foreseen().scores)


# ---- what is known


def test_the_engine_sees_nothing_later_and_all_regions() -> None:
    panel, engine = diffusion(), Answers(lambda *_: 50.0)
    told: list[tuple[int, int, int]] = []
    backtest(panel, first=FIRST, engine=engine, progress=lambda *step: told.append(step))
    years = [int(seen["period"].max()) for seen in engine.seen]
    assert years == list(range(FIRST, 2018))  # once a year, not once a region
    assert all(seen["region"].nunique() == 30 for seen in engine.seen)
    assert told == [(year, done, 11) for done, year in enumerate(range(FIRST, 2018), start=1)]


@pytest.mark.parametrize("seed", [1, 2])
def test_groups_are_handed_to_the_model(seed: int) -> None:
    panel = countries(seed)
    groups = {region: region[0] for region in panel["region"]}
    brier = [backtest(panel, first=2007, groups=given).scores["brier"][0] for given in ({}, groups)]
    assert brier[1] < brier[0]


def test_later_values_do_not_change_an_earlier_forecast() -> None:
    panel = diffusion()
    changed = panel.assign(value=panel["value"].where(panel["year"] <= 2010, panel["value"] / 2))
    chances = []
    for one in (panel, changed):
        q = backtest(one, first=FIRST, compare=("line", "theta", "traffic-light")).questions
        early = q[q["origin"] <= 2010].set_index(["region", "origin", "horizon", "target"])
        chances.append(early.filter(like="p_").drop(columns=["p_base_rate"]))
    pd.testing.assert_frame_equal(*chances)
    assert len(chances[0]) > 200


def test_a_base_rate_counts_only_what_was_decided() -> None:
    origin = np.array([2000] * 40 + [2001, 2002, 2003])
    met = np.array([True] * 10 + [False] * 30 + [True] * 3)
    rate = rivals.base_rate(origin, np.full(43, 2), met)
    assert np.isnan(rate[:41]).all()  # nothing of 2000 was decided before 2002
    assert rate[41:] == pytest.approx([10 / 40, 11 / 41])  # the question of 2001 is decided in 2003
    few = np.array([2000] * 30 + [2002, 2003])
    assert np.isnan(rivals.base_rate(few, np.full(32, 2), met[:32])).all()  # 30 are too few
    assert np.isnan(rivals.base_rate(origin, np.array([2] * 42 + [3]), met)[-1])  # other horizons do not count


def test_values_beyond_the_bounds_are_cut_for_the_model_alone() -> None:
    panel = diffusion()
    above = panel.assign(value=panel["value"].where(panel["value"] < 95, panel["value"] + 10))
    engine = Answers(lambda *_: 50.0)
    found = backtest(above, first=FIRST, engine=engine)
    assert found.beyond_bounds == (above["value"] > 100).sum() > 0
    assert max(seen["value"].max() for seen in engine.seen) == 100


# ---- rivals


def test_rivals_by_hand() -> None:
    history = np.array([[np.nan, 10.0, 12.0, 13.0, 17.0, 18.0]])
    median = np.array([0.5])
    assert rivals.naive(history, (1, 5), median)[0, :, 0] == pytest.approx([18, 18])
    assert rivals.drift(history, (1, 5), median)[0, :, 0] == pytest.approx([20, 28])
    # slope of 10, 12, 13, 17, 18 is 2.1 around 14
    assert rivals.line(history, (1, 3), median)[0, :, 0] == pytest.approx([14 + 2.1 * 3, 14 + 2.1 * 5])
    wide = rivals.drift(history, (1, 4), norm.cdf([0.0, 1.0]))
    spread = np.std([2, 1, 4, 1])
    assert wide[0, :, 1] - wide[0, :, 0] == pytest.approx([spread * np.sqrt(1 + 1 / 4), spread * np.sqrt(4 * 2)])
    assert rivals.traffic_light(np.array([1.0, 0.94, -1.0]), np.array([1.0, 1.0, 0.1])).tolist() == [
        0.995,
        1 - 0.995,
        1 - 0.995,
    ]


def test_theta_of_a_straight_line_follows_half_of_it() -> None:
    """With weight 1 the smoothed level is the last value, and half the slope is added for each year."""
    made = rivals.theta(np.arange(10.0, 20.0)[None], (1, 2, 3), np.array([0.5]))[0, :, 0]
    assert made == pytest.approx([19.5, 20.0, 20.5])


def test_ets_follows_a_trend_and_falls_back_to_drift() -> None:
    rng = np.random.default_rng(0)
    history = np.full((2, 14), np.nan)
    history[0] = 2 * np.arange(14) + rng.normal(0, 0.3, 14)
    history[1, -9:] = [1.0, 2.0, 4.0, 5.0, 7.0, 7.5, 9.0, 10.0, 13.0]  # nine values cannot carry five parameters
    made = rivals.ets(history, (1, 3), np.array([0.1, 0.5, 0.9]))
    assert made[0, 0, 1] == pytest.approx(28, abs=1)
    assert (np.diff(made[0], axis=-1) > 0).all()
    assert made[1] == pytest.approx(rivals.drift(history[1:], (1, 3), np.array([0.1, 0.5, 0.9]))[0])


# ---- what is claimed


def test_an_engine_that_knows_the_future_has_skill() -> None:
    found = foreseen()
    assert found.verdict == "skill"
    best = found.scores.set_index("method")
    assert best["brier"].idxmin() == best["crps"].idxmin() == "model"
    assert best.loc["model", "mase"] < 0.01
    assert best.loc["model", "coverage_80"] == 100
    assert list(best.index) == ["model", "base_rate", "drift", "theta", "line", "naive", "traffic_light"]
    assert best.loc[["base_rate", "traffic_light"], "crps"].isna().all()


def test_an_engine_that_always_says_the_same_has_none() -> None:
    for panel in (diffusion(), noise(), random_walk()):
        assert backtest(panel, first=FIRST, engine=Answers(lambda *_: 50.0, spread=40)).verdict == "no skill"


def test_an_engine_that_is_a_drift_is_no_better_than_the_drift() -> None:
    """The very same numbers differ by nothing, and nothing is no skill."""
    panel = diffusion()
    wide = panel.pivot_table(index="region", columns="year", values="value")

    @dataclass
    class Made:
        table: pd.DataFrame

        def quantiles(self, levels: list[float]) -> pd.DataFrame:  # noqa: ARG002 - they are always the same
            return self.table

    class Same(Answers):
        def predict(self, *, horizon: int, regions: Sequence[str] = ()) -> Made:  # type: ignore[override]
            last = int(self.seen[-1]["period"].max())
            history = wide.loc[list(regions), [year for year in YEARS if last - 15 < year <= last]].to_numpy()
            made = rivals.drift(history, range(1, horizon + 1), LEVELS)
            index = pd.MultiIndex.from_product([list(regions), [str(last + step + 1) for step in range(horizon)]])
            return Made(pd.DataFrame(made.reshape(-1, len(LEVELS)), index=index))

    found = backtest(panel, first=FIRST, engine=Same(lambda *_: 0.0))
    assert found.scores.loc[0, "d_drift"] == pytest.approx(0, abs=1e-12)
    assert found.verdict == "no skill"


def test_nothing_foretells_the_next_step_of_a_random_walk_but_its_last_value() -> None:
    """The drift can be beaten there, since its mean change is an estimate of nothing; "no change" cannot."""
    apart = []
    for seed in range(6):
        scores = backtest(random_walk(seed=seed), first=FIRST, compare=("naive",)).scores.set_index("method")
        apart.append(scores.loc["model", "brier"] - scores.loc["naive", "brier"])
    assert np.mean(apart) == pytest.approx(0, abs=0.004)
    assert np.abs(apart).max() < 0.01


@pytest.mark.parametrize("seed", [3, 4, 8])
def test_of_noise_it_is_known_that_a_high_value_is_followed_by_a_lower_one(seed: int) -> None:
    steady = backtest(noise(seed=seed), first=FIRST)
    assert steady.verdict == "skill"
    assert steady.summary()["coverage_80"] == pytest.approx(80, abs=8)


def test_the_model_has_skill_on_diffusion() -> None:
    found = backtest(diffusion(40), first=FIRST)
    assert found.verdict == "skill"
    assert found.n_regions >= 30


@pytest.mark.parametrize(
    ("base", "drift", "said"),
    [(-0.021, -0.021, "skill"), (-0.019, -0.021, "no skill"), (-0.021, -0.019, "no skill"), (0.1, 0.1, "no skill"), (0.0, 0.0, "no skill")],
)  # fmt: skip
def test_the_verdict_needs_both_margins(base: float, drift: float, said: str) -> None:
    row = {"d_base_rate": base, "se_base_rate": 0.01, "d_drift": drift, "se_drift": 0.01}
    assert verdict(row) == said


def test_rounding_is_no_skill() -> None:
    assert verdict({"d_base_rate": -1e-17, "se_base_rate": 0.0, "d_drift": -1e-17, "se_drift": 0.0}) == "no skill"


def test_questions_the_model_cannot_answer_count_for_no_one() -> None:
    panel = diffusion()
    out = ("r03", "r07")
    found = backtest(panel, first=FIRST, engine=Answers(truth_of(panel), leave_out=out))
    assert not set(found.questions["region"]) & set(out)
    assert found.unanswered == foreseen().questions["region"].isin(out).sum() > 0
    assert (found.scores["n"] == len(found.questions)).all()


def test_tables_agree_with_the_questions() -> None:
    found = foreseen()
    q = found.questions
    for row in found.scores.to_dict("records"):
        loss = (q[f"p_{row['method']}"] - q["met"]) ** 2
        assert row["brier"] == pytest.approx(loss.mean())
        for horizon in (1, 3, 5):
            assert row[f"brier_{horizon}"] == pytest.approx(loss[q["horizon"] == horizon].mean())
        assert row["d_drift"] == pytest.approx(row["brier"] - found.scores.set_index("method").loc["drift", "brier"])
    cells = len(q.drop_duplicates(["region", "origin", "horizon"]))
    assert found.pit["n"].sum() == cells
    assert found.pit.groupby("horizon")["share"].sum().tolist() == pytest.approx([100] * 3)
    assert (found.reliability.groupby("method")["n"].sum() == len(q)).all()
    drift80 = found.coverage.query("method == 'drift' and level == 80")
    mean = (drift80["held"] * drift80["n"]).sum() / drift80["n"].sum()
    assert mean == pytest.approx(found.scores.set_index("method").loc["drift", "coverage_80"])
    assert found.to_frame().equals(found.scores)
    assert found.summary()["n_questions"] == len(q)


@pytest.mark.parametrize(
    ("of_region", "of_year", "ahead", "least"),
    [
        (0.0, 0.0, 3, 0.9),
        (1.0, 0.0, 3, 0.9),
        (0.0, 1.0, 1, 0.9),
        (1.0, 1.0, 1, 0.9),
        (0.0, 1.0, 3, 0.7),  # twenty years are seven that do not overlap: still too small by a quarter
    ],
)
def test_the_standard_error_is_how_far_worlds_differ(
    of_region: float, of_year: float, ahead: int, least: float
) -> None:
    """Questions of a region stand and fall together, and so do those of a year and of the years that overlap it."""
    regions, years = 40, 20
    rng = np.random.default_rng(1)
    draws = scored._resamples(pd.Series(range(regions)), seed=0)
    region, origin = (pd.Series(part.ravel()) for part in np.meshgrid(range(regions), range(2000, 2000 + years)))
    means, errors = [], []
    for _ in range(200):
        # the shock of a year is in as many outcomes as it lies before
        shocks = np.convolve(rng.normal(size=years + ahead - 1), np.ones(ahead), mode="valid")
        effects = of_region * rng.normal(size=regions)[region] + of_year * shocks[origin - 2000]
        loss = effects + rng.normal(size=len(region))
        means.append(loss.mean())
        errors.append(scored._standard_error(loss, region, origin, draws, overlap=ahead))
    assert least < np.mean(errors) / np.std(means) < 1.15


# ---- what cannot be replayed


def test_too_few_regions() -> None:
    few = diffusion(19)
    with pytest.raises(DataError) as error:
        backtest(few, first=FIRST)
    assert str(error.value) == (
        "panel: 19 regions have 6 yearly values in a row, 20 are needed (the panel has 19 regions, and the longest row is 23 values). "
        "Give more regions or more years, or a smaller --least."
    )
    found = replay(few, first=FIRST)
    assert isinstance(found, TooSmall)
    assert (found.reason, found.found, found.needed, found.longest, found.n_values) == ("regions", 19, 20, 23, 19 * 23)


def test_too_few_years() -> None:
    short = diffusion()[lambda p: p["year"] > 2013]
    with pytest.raises(DataError, match="0 regions have 6 yearly values in a row, 20 are needed"):
        backtest(short, first=FIRST)
    with pytest.raises(DataError, match=r"no question can be asked from 2018 on: .* \(the newest value is of 2018\)"):
        backtest(diffusion(), first=2018)
    with pytest.raises(
        DataError, match="questions were decided before any origin from 2001 on, and a base rate needs 31"
    ):
        backtest(diffusion()[lambda p: p["year"] <= 2002], first=2001, horizons=(1,), least=6)


def test_a_model_without_an_answer_is_told() -> None:
    panel = diffusion()
    engine = Answers(lambda *_: 50.0, leave_out=tuple(panel["region"].unique()))
    with pytest.raises(DataError, match="the model could answer no question"):
        backtest(panel, first=FIRST, engine=engine)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.drop(columns=["value"]), "there is no column value. Give region, year and value."),
        (lambda p: p.iloc[:0], "there are no rows"),
        (lambda p: p.to_dict(), "panel: the panel is not a DataFrame but dict"),
        (lambda p: pd.concat([p, p[["value"]]], axis=1), "panel: the panel has the column value twice"),
        (lambda p: p.assign(value=p["value"] > 50), "panel: the values are not numbers but bool"),
        (lambda p: p.assign(indicator=["a", "b"] * (len(p) // 2)), "there are several indicators: a, b. Keep the rows of one."),
        (lambda p: p.assign(value=p["value"].where(p.index != 5)), "region r00, year 2001: the value is"),
        (lambda p: p.assign(value=p["value"].astype(object).where(p.index != 5, "12,5")), "the value is '12,5'"),
        (lambda p: p.assign(year=p["year"].astype(object).where(p.index != 5, "2001-H1")), "the year is '2001-H1'. Give whole years"),
        (lambda p: p.assign(year=p["year"] + 0.5), "the year is"),
        (
            lambda p: p.assign(region=p["region"].where(p["year"] > 2008, p["region"] + " ")),
            "panel: the regions 'r00' and 'r00 ' differ in spaces alone, or in how their accents are stored. Write one name one way",
        ),
        (lambda p: pd.concat([p, p.iloc[[40]]]), "region r01, 2013: the year is there twice. Keep one release of each year."),
    ],
)  # fmt: skip
def test_a_bad_panel_is_told(change: Callable[[pd.DataFrame], pd.DataFrame], message: str) -> None:
    with pytest.raises(DataError) as error:
        backtest(change(diffusion()), first=FIRST)
    assert message in str(error.value)


@pytest.mark.parametrize(("factor", "bounds", "limits"), [(0.01, (0, 100), (2, 97)), (1, (0, 1), (0.02, 0.97))])
def test_a_panel_in_another_unit_than_its_bounds_is_told_so(
    factor: float, bounds: tuple[float, float], limits: tuple[float, float]
) -> None:
    panel = diffusion().assign(value=lambda frame: frame["value"] * factor)
    outside = int(((panel["value"] < limits[0]) | (panel["value"] > limits[1])).sum())
    assert 0.9 * len(panel) < outside
    with pytest.raises(DataError) as error:
        backtest(panel, bounds=bounds, first=FIRST)
    assert (
        f"Check the unit and the bounds: {outside} of {len(panel)} values lie below {limits[0]:g} or above {limits[1]:g}; "
        "35 percent is 35 between 0 and 100, and 0.35 between 0 and 1." in str(error.value)
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bounds": (100, 0)}, "the bounds are (100, 0). Give two numbers, the lower first"),
        (
            {"bounds": (0, float("inf"))},
            "Give two numbers, the lower first, such as 0 and 100, or None where there is none",
        ),
        ({"bounds": (5, 5)}, "the bounds are (5, 5). Give two numbers, the lower first"),
        ({"bounds": (None, 100)}, "an upper bound of 100 alone does not give a scale"),
        ({"bounds": (None, None), "kind": "share"}, "a share has no bounds"),
        ({"kind": "group"}, "a group indicator has no scale"),
        ({"kind": "stock"}, "'stock' is not a kind of indicator"),
        ({"direction": "none"}, "the direction is 'none'. Choose up or down."),
        ({"bounds": (0, None), "low": -5.0}, "low -5 and high inf do not fit the bounds"),
        ({"bounds": (0,)}, "the bounds are (0,). Give (lower, upper)"),
        ({"bounds": "0:100"}, "the bounds are '0:100'. Give (lower, upper)"),
        ({"bounds": ("0", "100")}, "the bounds are ('0', '100'). Give (lower, upper)"),
        ({"horizons": ()}, "the horizons are []. Give whole years ahead from 1 to 30."),
        ({"horizons": (0,)}, "the horizons are [0]"),
        ({"horizons": (1, 1)}, "a horizon is given twice"),
        (
            {"compare": ("prophet",)},
            "there is no rival 'prophet'. Choose from: drift, ets, theta, line, naive, traffic_light.",
        ),
        ({"least": 2}, "least is 2 and most is 15. Give 3 or more"),
        ({"least": 16}, "least is 16 and most is 15"),
        ({"low": 60.0, "high": 40.0}, "low 60 and high 40 do not fit the bounds. Keep low < high."),
    ],
)
def test_a_bad_option_is_told(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError) as error:
        backtest(diffusion(), first=FIRST, **options)  # type: ignore[arg-type]
    assert message in str(error.value)


def test_the_years_may_be_called_periods_as_in_a_forecast() -> None:
    panel = diffusion()
    pd.testing.assert_frame_equal(read_tidy(panel), read_tidy(panel.rename(columns={"year": "period"})))


def test_the_same_panel_gives_the_same_result() -> None:
    one, two = (backtest(tidy(np.tile(np.linspace(5, 90, 23), (25, 1))), first=FIRST, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.scores, two.scores)
    assert one.summary() == two.summary()
