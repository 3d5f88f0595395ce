from __future__ import annotations

import multiprocessing
import subprocess
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.errors import BeyondBounds, ModelError, ParameterError, PercentOrFraction
from dxanalysis.forecast.law import Joined
from dxanalysis.forecast.panel import period_text
from dxanalysis.forecast.prior import Prior
from dxanalysis.forecast.revision.revisions import RevisionNoise
from dxanalysis.forecast.scale import MARGIN
from forecast.cases import GROWTH, SHARE, panel, years
from forecast.replays import diffusion, random_walk

# any history may lie within 0 and 1, which is told of a percentage: said or not, the numbers must hold
pytestmark = pytest.mark.filterwarnings("ignore::dxanalysis.errors.PercentOrFraction")
LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]
FITTED = forecast.fit(panel(SHARE), bounds=(0, 100))
WORLD = diffusion(regions=12).rename(columns={"year": "period"})
EARLY = WORLD[WORLD["period"] <= 2006]  # before the first region is near the upper bound
POOLED = forecast.fit(WORLD, bounds=(0, 100))
PLANES = st.lists(st.lists(st.floats(0, 100), min_size=3, max_size=9), min_size=1, max_size=6)
histories = st.lists(st.floats(0, 100), min_size=4, max_size=12)


def plane(rows: list[list[float]], first: int = 2010) -> pd.DataFrame:
    """Regions whose histories end in the same or in different years."""
    parts = [panel({first + at: value for at, value in enumerate(row)}, f"r{n}") for n, row in enumerate(rows)]
    return pd.concat(parts, ignore_index=True)


def table(frame: pd.DataFrame, horizon: int = 4, **options: object) -> np.ndarray:
    """Quantiles of every region, array (regions times periods, levels)."""
    given_ = {"bounds": (0, 100), **options}
    return forecast.fit(frame, **given_).predict(horizon=horizon).quantiles(LEVELS).to_numpy()


def test_the_way_it_is_used() -> None:
    both = pd.concat([panel(SHARE, "SE"), panel({2022: 40.0, 2023: 45, 2024: 52, 2025: 55}, "FI")])
    predictive = forecast.fit(both, bounds=(0, 100)).predict(regions=["SE"], horizon=5)
    assert predictive.draws.shape == (4000, 1, 5)
    assert predictive.periods == ("2026", "2027", "2028", "2029", "2030")
    found = predictive.quantiles([0.1, 0.5, 0.9])
    assert found.index.names == ["region", "period"]
    assert list(found.columns) == [0.1, 0.5, 0.9]
    assert found.index[0] == ("SE", 2026)
    (answer,) = forecast.attainment(predictive, target=80, at=2030)
    assert answer.region == "SE"
    assert answer.probability.value == 0.01
    assert answer.probability.clipped


def test_text_years_are_years() -> None:
    text = panel(SHARE).assign(period=lambda frame: frame["period"].astype(str))
    made = forecast.fit(text, bounds=(0, 100)).predict(horizon=2)
    assert np.array_equal(made.draws, FITTED.predict(horizon=2).draws)
    assert made.quantiles([0.5]).index.tolist() == [("VN", "2026"), ("VN", "2027")]


# --- same numbers


@pytest.mark.parametrize("model", ["pooled", "drift"])
def test_a_region_does_not_depend_on_which_others_are_asked_for(model: str) -> None:
    fitted = forecast.fit(WORLD, bounds=(0, 100), model=model)
    whole = fitted.predict(horizon=3, draws=200)
    for region in fitted.regions:  # to the last bit
        alone = fitted.predict(horizon=3, draws=200, regions=[region])
        assert np.array_equal(alone.of(region), whole.of(region))
    for names in (["r03"], ["r07", "r03"], ["r03", "r00", "r11"]):
        part = fitted.predict(horizon=3, draws=200, regions=names)
        assert np.array_equal(part.of("r03"), whole.of("r03"))
        pd.testing.assert_frame_equal(part.quantiles(LEVELS).loc[["r03"]], whole.quantiles(LEVELS).loc[["r03"]])
    assert not np.array_equal(whole.of("r03"), whole.of("r04"))


def test_a_model_of_single_series_does_not_learn_from_others_and_the_pooled_one_does() -> None:
    for model, equal in (("drift", True), ("pooled", False)):
        company = forecast.fit(WORLD, bounds=(0, 100), model=model).predict(horizon=3)
        alone = forecast.fit(WORLD[WORLD["region"] == "r03"], bounds=(0, 100), model=model).predict(horizon=3)
        assert np.array_equal(alone.of("r03"), company.of("r03")) is equal


@pytest.mark.parametrize("model", ["pooled", "drift"])
@pytest.mark.parametrize("short", [1, 2, 9])
def test_a_longer_horizon_leaves_the_nearer_years_alone(model: str, short: int) -> None:
    fitted = forecast.fit(WORLD, bounds=(0, 100), model=model)
    near, far = fitted.predict(horizon=short, draws=50), fitted.predict(horizon=30, draws=50)
    assert np.array_equal(near.draws, far.draws[:, :, :short])
    again = near.quantiles(LEVELS)
    pd.testing.assert_frame_equal(again, far.quantiles(LEVELS).loc[again.index])


@pytest.mark.parametrize("horizon", [14, 15, 16, 20, 29])
def test_the_horizon_is_a_prefix_beyond_the_longest_that_errors_are_measured_at(horizon: int) -> None:
    near, far = (FITTED.predict(horizon=ahead).quantiles(LEVELS) for ahead in (horizon, 30))
    pd.testing.assert_frame_equal(near, far.iloc[:horizon])
    assert (np.diff(far[0.975] - far[0.025]) > 0).all()


def test_a_shorter_horizon_is_a_prefix_for_a_region_that_ends_earlier() -> None:
    early = WORLD[(WORLD["region"] != "r02") | (WORLD["period"] < 2014)]
    fitted = forecast.fit(early, bounds=(0, 100))
    near, far = fitted.predict(horizon=2, draws=50), fitted.predict(horizon=22, draws=50)
    assert np.array_equal(near.draws, far.draws[:, :, :2])


def test_same_seed_same_draws_other_seed_other_draws() -> None:
    first, again, other = (FITTED.predict(horizon=3, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(first.draws, again.draws)
    assert not np.array_equal(first.draws, other.draws)
    pd.testing.assert_frame_equal(first.quantiles(LEVELS), other.quantiles(LEVELS))


def _numbers(seed: int) -> bytes:
    """Draws and quantiles of a small panel, for processes of their own."""
    made = forecast.fit(WORLD, bounds=(0, 100)).predict(horizon=3, draws=50, seed=seed)
    return made.draws.tobytes() + made.quantiles(LEVELS).to_numpy().tobytes()


def test_same_numbers_here_and_in_two_workers() -> None:
    expected = [_numbers(seed) for seed in (0, 1)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(_numbers, (0, 1))) == expected


def test_same_numbers_in_a_fresh_process() -> None:
    code = (
        "import sys, pandas as pd\n"
        "from dxanalysis import forecast\n"
        "panel = pd.DataFrame({'region': 'VN', 'period': list(range(2020, 2026)),"
        " 'value': [12.66, 12.87, 12.83, 12.87, 13.17, 14.02]})\n"
        "made = forecast.fit(panel, bounds=(0, 100)).predict(horizon=2, draws=20, seed=3)\n"
        "sys.stdout.write(made.draws.tobytes().hex())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == FITTED.predict(horizon=2, draws=20, seed=3).draws.tobytes().hex()


# --- properties


@settings(max_examples=40, deadline=None)
@given(histories, st.sampled_from(["pooled", "drift"]))
def test_bounds_are_never_passed_and_quantiles_rise(values: list[float], model: str) -> None:
    history = panel({2010 + at: value for at, value in enumerate(values)})
    predictive = forecast.fit(history, bounds=(0, 100), model=model).predict(horizon=8, draws=200)
    assert predictive.draws.min() >= 0
    assert predictive.draws.max() <= 100
    found = predictive.quantiles([0, 0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999, 1]).to_numpy()
    assert (np.diff(found, axis=1) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= 100


@settings(max_examples=30, deadline=None)
@given(PLANES, st.floats(0, 100), st.floats(0, 100), st.sampled_from(["up", "down"]))
def test_harder_is_never_likelier_and_by_never_less_likely_than_at(rows, left: float, right: float, way: str) -> None:
    easy, hard = sorted((left, right), reverse=way == "down")
    made = forecast.fit(plane(rows), bounds=(0, 100)).predict(horizon=3, draws=100)
    at = made.periods[-1]
    for first, second in zip(
        *(forecast.attainment(made, target=goal, at=at, direction=way) for goal in (easy, hard)), strict=True
    ):
        assert second.probability_at.value <= first.probability_at.value
        assert second.probability_by.value <= first.probability_by.value
        assert first.probability_at.value <= first.probability_by.value


@settings(max_examples=20, deadline=None)
@given(PLANES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random) -> None:
    frame = plane(rows)
    order = list(range(len(frame)))
    random.shuffle(order)
    left, right = (
        forecast.fit(one, bounds=(0, 100)).predict(horizon=3, draws=20) for one in (frame, frame.iloc[order])
    )
    assert np.array_equal(left.draws, right.draws)


@settings(max_examples=20, deadline=None)
@given(PLANES, st.integers(-60, 60))
def test_shifting_all_years_changes_nothing(rows, years: int) -> None:
    left, right = (
        forecast.fit(plane(rows, 2010 + by), bounds=(0, 100)).predict(horizon=3, draws=20) for by in (0, years)
    )
    assert np.array_equal(left.draws, right.draws)
    assert int(right.periods[0]) == int(left.periods[0]) + years


@settings(max_examples=20, deadline=None)
@given(PLANES, st.text(min_size=1, max_size=4))
def test_names_that_keep_the_order_change_no_quantile(rows, name: str) -> None:
    frame = plane(rows)
    assert np.array_equal(table(frame.assign(region=name + frame["region"])), table(frame))


@settings(max_examples=20, deadline=None)
@given(PLANES)
def test_percent_and_fractions_give_the_same(rows) -> None:
    frame = plane(rows)
    part = table(frame.assign(value=frame["value"] / 100), bounds=(0, 1))
    np.testing.assert_allclose(100 * part, table(frame), atol=1e-6)


def test_a_level_may_be_counted_in_another_unit() -> None:
    """On the logarithm, but for the half cent that its floor is moved out by: nothing at values from the hundreds up."""
    level = WORLD.assign(value=100 + 20 * WORLD["value"])
    np.testing.assert_allclose(
        table(level.assign(value=1000 * level["value"]), bounds=None), 1000 * table(level, bounds=None), rtol=1e-4
    )


def test_draws_agree_with_quantiles() -> None:
    made = forecast.fit(EARLY, bounds=(0, 100)).predict(horizon=6, regions=["r00", "r05"], draws=20_000)
    said = made.quantiles(LEVELS).to_numpy().reshape(2, 6, -1)
    share = (made.draws[..., None] <= said).mean(axis=0)
    # three standard errors of a share of 20,000, and the seed is fixed
    assert np.abs(share - LEVELS).max() < 3 * np.sqrt(0.25 / 20_000)


# --- regions of different lengths


def test_a_region_that_ends_earlier_is_carried_to_the_common_years() -> None:
    both = pd.concat([panel(SHARE, "A"), panel({y: v for y, v in SHARE.items() if y < 2025}, "B")])
    for model, same in (("drift", True), ("pooled", False)):
        predictive = forecast.fit(both, bounds=(0, 100), model=model).predict(horizon=2)
        own = forecast.fit(both[both["region"] == "B"], bounds=(0, 100), model=model).predict(horizon=3)
        assert predictive.periods == ("2026", "2027")
        assert np.array_equal(predictive.of("B"), own.of("B")[:, 1:]) is same


def test_a_region_that_ends_years_earlier_is_less_certain() -> None:
    """The same values, known up to 2018 and up to 2012: after six years more on the way, 2019 is much wider."""
    late = WORLD[(WORLD["region"] != "r05") | (WORLD["period"] <= 2012)]
    early, full = (forecast.fit(frame, bounds=(0, 100)).predict(horizon=1) for frame in (late, WORLD))
    assert early.periods == full.periods == ("2019",)
    widths = [np.ptp(made.quantiles([0.1, 0.9]).loc["r05"].to_numpy()) for made in (early, full)]
    assert widths[0] > 2 * widths[1]
    assert early.evidence[5].last_period == "2012"
    assert full.evidence[5].last_period == "2018"
    law, pooled = early.law, forecast.fit(late, bounds=(0, 100)).pooled
    assert isinstance(law, Joined)
    assert pooled is not None
    location, errors, *_ = pooled.forecast(np.array([5]), 7)
    assert law.ahead.tolist() == [1] * 5 + [7] + [1] * 6
    assert law.location[5, 0] == pytest.approx(location[0, 6])
    # but for the rounding of the last value; the middle of the errors is almost nothing
    np.testing.assert_allclose(law.errors[5, 0], errors[0, 6], rtol=1e-3, atol=1e-5)
    own = early.of("r05").mean()
    assert WORLD.loc[(WORLD["region"] == "r05") & (WORLD["period"] == 2012), "value"].item() < own


def test_regions_with_fewer_than_three_points_are_named_and_left_out() -> None:
    both = pd.concat([panel(SHARE, "A"), panel({2024: 50.0, 2025: 51}, "B"), panel({2024: 5.0}, "C")])
    fitted = forecast.fit(both, bounds=(0, 100))
    assert fitted.regions == ("A",)
    assert {region: dict(short.missing[0].facts) for region, short in fitted.not_enough.items()} == {
        "B": {"region": "B", "found": 2, "needed": 3},
        "C": {"region": "C", "found": 1, "needed": 3},
    }
    assert fitted.predict(horizon=1).regions == ("A",)
    with pytest.raises(ModelError, match=r"region B: 2 of 3 values needed\. Report it as not enough data, or leave"):
        fitted.predict(regions=["A", "B"], horizon=1)
    assert fitted.predict(horizon=1).evidence[0].n_peers == 0


@pytest.mark.parametrize(("model", "kind", "n"), [("pooled", "level", 2), ("drift", "level", 3), ("mean", "growth", 4)])
def test_too_few_points(model: str, kind: str, n: int) -> None:
    short = {2020 + at: 1.0 + at for at in range(n)}
    fitted = forecast.fit(panel(short), kind=kind, model=model)
    missing = fitted.not_enough["VN"].missing[0]
    assert dict(missing.facts) == {"region": "VN", "found": n, "needed": n + 1}
    with pytest.raises(ModelError, match=f"region VN: {n} of {n + 1} values needed"):
        fitted.predict(regions=["VN"], horizon=1)
    with pytest.raises(ModelError, match=f"no region has the {n + 1} values that the {model} model needs"):
        fitted.predict(horizon=1)
    assert forecast.fit(panel({**short, 2019: 1.0}), kind=kind, model=model).regions == ("VN",)


@pytest.mark.parametrize("model", ["pooled", "drift", "local"])
def test_a_region_without_a_value_in_thirty_years_is_not_forecast(model: str) -> None:
    """The year to come lies 30 years after 1993 and 31 after 1992; no forecast reaches further."""
    rising = [
        panel({last - at: 50.0 - at + np.sin(at) for at in range(11)}, f"{last}") for last in (1911, 1992, 1993, 2022)
    ]
    short = panel({1950: 3.0, 2021: 4.0}, "short")
    fitted = forecast.fit(pd.concat([*rising, short]), bounds=(0, 100), model=model)
    assert fitted.regions == ("1993", "2022")
    reasons = {region: one.reason for region, one in fitted.not_enough.items()}
    assert reasons == {"1911": "values_too_old", "1992": "values_too_old", "short": "too_few_points"}
    assert dict(fitted.not_enough["1911"].missing[0].facts) == {"region": "1911", "last": "1911", "years": 30}
    told = r"region 1911: the newest value is of 1911, and one of the last 30 years is needed\. Report it as not enough data"
    with pytest.raises(ModelError, match=told):
        fitted.predict(horizon=3, regions=["1911"])
    assert np.isfinite(fitted.predict(horizon=1, draws=100).draws).all()
    assert np.isfinite(fitted.predict(horizon=30, draws=10).draws).all()  # 59 years after the value of 1993
    assert "1911, 1992, short with too few or too old values" in repr(fitted)
    with pytest.raises(ParameterError, match="and with too few or too old values 1911"):
        fitted.predict(horizon=3, regions=["1912"])


def test_thirty_years_are_so_many_quarters() -> None:
    def quarters(last: int, name: str) -> pd.DataFrame:
        return pd.DataFrame(
            {"region": name, "period": [period_text(last - at, 4) for at in range(12)], "value": np.arange(12.0, 0, -1)}
        )

    end = 4 * 2022 + 3
    fitted = forecast.fit(pd.concat([quarters(end, "A"), quarters(end - 119, "B"), quarters(end - 120, "C")]))
    assert fitted.regions == ("A", "B")
    assert dict(fitted.not_enough["C"].missing[0].facts)["last"] == "1992-Q4"


def test_a_gap_does_not_stop_a_forecast_and_is_not_filled_in_the_evidence() -> None:
    gap = {year: value for year, value in SHARE.items() if year not in (2022, 2023)}
    made = forecast.fit(panel(gap), bounds=(0, 100)).predict(horizon=2, draws=100)
    assert made.evidence[0].observed == tuple((str(year), value) for year, value in gap.items())
    assert np.isfinite(made.draws).all()


def test_values_every_other_year_are_learnt_from() -> None:
    other = WORLD[WORLD["period"] % 2 == 0]
    fitted = forecast.fit(other, bounds=(0, 100))
    assert 2 in fitted.pooled.libraries
    assert 1 not in fitted.pooled.libraries
    found = fitted.predict(horizon=4).quantiles([0.1, 0.5, 0.9])
    full = forecast.fit(WORLD, bounds=(0, 100)).predict(horizon=4).quantiles([0.1, 0.5, 0.9])
    assert (found[0.5] - full[0.5]).abs().max() < 3


# --- odd histories


@pytest.mark.parametrize("copies", [1, 30])
def test_a_constant_series_keeps_the_width_of_its_rounding(copies: int) -> None:
    flat = plane([[50.0] * 8] * copies)
    low, middle, high = (
        forecast.fit(flat, bounds=(0, 100)).predict(horizon=1, regions=["r0"]).quantiles([0.1, 0.5, 0.9]).iloc[0]
    )
    # a figure rounded to 0.1 leaves 0.029 as a standard deviation
    assert 0.05 < high - low < 1
    assert middle == pytest.approx(50, abs=0.3)
    bare = forecast.fit(flat, bounds=(0, 100), model="drift").predict(horizon=1, regions=["r0"])
    assert 0.05 < np.ptp(bare.quantiles([0.1, 0.9]).iloc[0]) < 0.5


@pytest.mark.parametrize("options", [{"bounds": (0, 100)}, {}, {"kind": "growth", "model": "pooled"}])
def test_all_zeros_are_a_panel_like_any_other(options: dict[str, object]) -> None:
    made = forecast.fit(plane([[0.0] * 6] * 3), **options).predict(horizon=5, draws=200)
    assert np.isfinite(made.draws).all()
    assert abs(made.quantiles([0.5]).to_numpy()).max() < 3


def test_all_values_at_the_upper_bound_stay_within_it() -> None:
    made = forecast.fit(plane([[100.0] * 6] * 3), bounds=(0, 100)).predict(horizon=5, draws=200)
    assert made.draws.max() == 100
    assert made.quantiles([0.5]).to_numpy().min() > 98


def test_values_beyond_the_bounds_are_cut_with_a_warning_and_told() -> None:
    wrong = panel({**SHARE, 2025: 114.02})
    with pytest.warns(BeyondBounds, match=r"1 of 6 values lie beyond the bounds 0 to 100 .* 114.02 in region VN, 2025"):
        fitted = forecast.fit(wrong, bounds=(0, 100))
    assert fitted.grid.n_cut == 1
    assert fitted.predict(horizon=1, draws=100).evidence[0].last_value == 100
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert forecast.fit(panel(SHARE), bounds=(0, 100)).grid.n_cut == 0


def test_the_warning_points_to_the_callers_own_line() -> None:
    with pytest.warns(BeyondBounds) as caught:
        forecast.fit(panel({2020: -1.0, 2021: 1, 2022: 2, 2023: 3}), bounds=(0, None))
    assert caught[0].filename == __file__
    assert "the bounds 0 to inf" in str(caught[0].message)


def test_fewer_points_give_a_wider_range() -> None:
    line = {2010 + at: 30 + 2.0 * at + (-1) ** at for at in range(12)}
    last4 = dict(list(line.items())[-4:])
    widths = [
        np.ptp(
            forecast.fit(panel(part), bounds=(0, 100), model="drift").predict(horizon=3).quantiles([0.1, 0.9]).iloc[-1]
        )
        for part in (line, last4)
    ]
    assert widths[1] > 1.3 * widths[0]


def test_ranges_widen_with_the_horizon() -> None:
    """Of steps that nothing foretells, and far from the bounds: after nine years about three times as wide as after one."""
    walk = random_walk(30).rename(columns={"year": "period"})
    law = forecast.fit(walk, bounds=(0, 100)).predict(horizon=9).law
    assert isinstance(law, Joined)
    widths = law.at_score(0.9) - law.at_score(0.1)
    middle = np.median(widths, axis=0)
    assert (np.diff(middle) > 0).all()
    assert 2 < middle[-1] / middle[0] < 4.5


def test_a_perfectly_straight_series_is_not_certain() -> None:
    line = panel({2020 + at: 50 + 5.0 * at for at in range(4)})
    for model, least in (("drift", 4), ("pooled", 0.5)):
        low, high = forecast.fit(line, bounds=(0, 100), model=model).predict(horizon=1).quantiles([0.1, 0.9]).iloc[0]
        assert high - low > least


# --- models of a single series


def test_a_gap_is_one_longer_step() -> None:
    """From 2020 to 2023 the level grows 3 times 10 %, so a gap there leaves the mean growth at 10 %."""
    full = {2018 + at: 100 * 1.1**at for at in range(8)}
    gap = {year: value for year, value in full.items() if year not in (2021, 2022)}
    fits = [forecast.fit(panel(part), model="drift").fits["VN"] for part in (full, gap)]
    assert fits[0].centre == pytest.approx(fits[1].centre, abs=1e-4)
    assert fits[0].weight == fits[1].weight == 8
    assert (fits[0].degrees, fits[1].degrees) == (6, 4)


def test_drift_moments_by_hand() -> None:
    """Values e^0, e^1, e^3, e^3 (with half of the last digit, 0.000001, taken off): changes 1, 2, 0; T = 3, mean 1, damped to 3/4; SS = 2 + 3/4."""
    values = dict(zip(range(2020, 2024), np.exp([0.0, 1, 3, 3]) - 0.0000005, strict=True))
    fit = forecast.fit(panel(values), model="drift").fits["VN"]
    assert fit.centre == pytest.approx(0.75)
    assert fit.weight == 4
    assert fit.sum_squares == pytest.approx(2.75)
    assert fit.degrees == 2


def test_revisions_widen_ranges_and_move_no_median() -> None:
    """The error of a last value has no direction, though the errors of the forecast itself do."""
    size = RevisionNoise(size=8.0, n=20, scope="region")
    fitted = forecast.fit(EARLY, bounds=(0, 100))
    plain, noisy = (
        one.predict(horizon=3).quantiles([0.1, 0.5, 0.9])
        for one in (fitted, replace(fitted, noise=dict.fromkeys(fitted.regions, size)))
    )
    np.testing.assert_allclose(noisy[0.5], plain[0.5], rtol=1e-12)
    assert (noisy[0.1] < plain[0.1]).all()
    assert (noisy[0.9] > plain[0.9]).all()


def test_random_numbers_are_an_indicators_own_and_outlast_new_data() -> None:
    """Two counts that both begin at 0 are not one; and what is published later changes no random number."""
    one = forecast.fit(panel({2020: 0.0, 2021: 1, 2022: 2, 2023: 4}), bounds=(0, 100))
    other = forecast.fit(panel({2020: 0.0, 2021: 3, 2022: 5, 2023: 6}), bounds=(0, 100))
    later = forecast.fit(panel({2020: 0.0, 2021: 1, 2022: 2, 2023: 4, 2024: 9}), bounds=(0, 100))
    assert one.stream == later.stream != other.stream
    drawn = [fitted.predict(horizon=1).draws[:, 0, 0] for fitted in (one, other)]
    assert abs(np.corrcoef(*drawn)[0, 1]) < 0.1


def test_mean_moments_by_hand() -> None:
    """Rates 1, 2, 3, 4, 5: mean 3, SS = 10, 4 degrees of freedom."""
    fit = forecast.fit(panel(dict(zip(range(2020, 2025), [1.0, 2, 3, 4, 5], strict=True))), kind="growth").fits["VN"]
    assert (fit.centre, fit.weight, fit.sum_squares, fit.degrees) == (3.0, 5.0, 10.0, 4)


def test_a_growth_rate_fluctuates_about_its_mean() -> None:
    predictive = forecast.fit(panel(GROWTH), kind="growth").predict(horizon=10)
    assert predictive.model == "mean"
    medians = predictive.quantiles([0.5])[0.5]
    assert medians.sub(np.mean(list(GROWTH.values()))).abs().max() < 0.3


@pytest.mark.parametrize(("regions", "model"), [(19, "mean"), (20, "pooled")])
def test_a_growth_rate_is_pooled_from_twenty_regions_on(regions: int, model: str) -> None:
    rates = random_walk(regions).rename(columns={"year": "period"})
    fitted = forecast.fit(rates, kind="growth")
    assert fitted.model == model
    # stretched, so that a year's change is about as large as on the other scales
    typical = rates.groupby("region")["value"].diff().abs().median()
    if model == "pooled":
        assert fitted.pooled is not None
        assert fitted.pooled.matrix.stretch is not None
        assert np.median(fitted.pooled.matrix.stretch.factor) == pytest.approx(0.2 / typical, rel=0.05)
    made = fitted.predict(horizon=2, draws=100)
    assert made.bounds == (-np.inf, np.inf)
    if model == "pooled":  # steps of 2: 80 % within 1.28 times that on either side
        width = np.ptp(made.quantiles([0.1, 0.9]).to_numpy()[::2], axis=1)
        assert np.median(width) == pytest.approx(2 * 1.28 * 2, rel=0.3)


def test_a_growth_rate_with_gaps_is_stretched_as_one_without() -> None:
    """Over two years a random walk moves by the root of two more: values of every other year tell the same size of a year."""
    rates = random_walk(40).rename(columns={"year": "period"})
    fits = [forecast.fit(frame, kind="growth").pooled for frame in (rates, rates[rates["period"] % 2 == 0])]
    whole, gaps = (np.median(one.matrix.stretch.factor) for one in fits)  # type: ignore[union-attr]
    assert gaps == pytest.approx(whole, rel=0.15)


def test_restless_regions_get_wide_ranges_and_quiet_ones_narrow() -> None:
    """Half of the regions move fifty times as far as the others (once all by nearly as much: 1 and 50 came out as 11 and 32)."""
    rates = random_walk(60).rename(columns={"year": "period"})
    size = rates["region"].str[1:].astype(int) % 2 * 49 + 1
    widths = np.ptp(
        forecast.fit(rates.assign(value=rates["value"].sub(50) * size), kind="growth", bounds=None)
        .predict(horizon=1)
        .quantiles([0.1, 0.9])
        .to_numpy(),
        axis=1,
    )
    assert np.median(widths[::2]) == pytest.approx(2 * 1.28 * 2, rel=0.3)
    assert np.median(widths[1::2]) == pytest.approx(50 * 2 * 1.28 * 2, rel=0.3)


def test_past_revisions_widen_the_first_year() -> None:
    rows = [("2021", 12.88, "2024-06-30"), ("2021", 12.38, "2025-01-06"), ("2022", 12.0, "2024-06-30")]
    rows += [("2022", 12.83, "2025-01-06"), ("2023", 12.33, "2024-06-30"), ("2023", 12.87, "2025-01-06")]
    history = pd.DataFrame(rows, columns=["period", "value", "released_to"]).assign(indicator="share", region_id="VN")
    history["released_to"] = pd.to_datetime(history["released_to"])
    for model in ("pooled", "drift"):
        plain = forecast.fit(panel(SHARE), bounds=(0, 100), model=model).predict(horizon=1)
        revised = forecast.fit(panel(SHARE), bounds=(0, 100), history=history, model=model).predict(horizon=1)
        narrow, wide = (made.quantiles([0.1, 0.9]).iloc[0] for made in (plain, revised))
        assert np.ptp(wide) > 1.15 * np.ptp(narrow)
        assert revised.evidence[0].n_revisions == 3
        assert revised.evidence[0].revision_size == pytest.approx(np.sqrt((0.5**2 + 0.83**2 + 0.54**2) / 3))
        assert plain.evidence[0].n_revisions == 0


# --- parts of years


@pytest.mark.parametrize(
    ("per_year", "last", "ahead"),
    [
        (2, "2024-H2", ["2025-H1", "2025-H2", "2026-H1"]),
        (4, "2025-Q2", ["2025-Q3", "2025-Q4", "2026-Q1"]),
        (12, "2025-11", ["2025-12", "2026-01", "2026-02"]),
    ],
)
def test_parts_of_years_are_forecast_in_their_own_form(per_year: int, last: str, ahead: list[str]) -> None:
    length = 6 * per_year
    part = {2: lambda text: int(text[-1]) - 1, 4: lambda text: int(text[-1]) - 1, 12: lambda text: int(text[-2:]) - 1}
    end = int(last[:4]) * per_year + part[per_year](last)
    periods = [period_text(end - length + 1 + at, per_year) for at in range(length)]
    assert periods[-1] == last
    rng = np.random.default_rng(per_year)
    rows = [
        pd.DataFrame({"region": f"r{n}", "period": periods, "value": 20 + n + np.linspace(0, 30, length)})
        for n in range(8)
    ]
    frame = pd.concat(rows, ignore_index=True)
    frame["value"] += rng.normal(0, 0.2, len(frame))
    fitted = forecast.fit(frame, bounds=(0, 100))
    made = fitted.predict(horizon=3, draws=50)
    assert list(made.periods) == ahead
    found = made.quantiles([0.1, 0.5, 0.9])
    assert found.index.get_level_values("period").tolist() == ahead * 8
    assert fitted.last_year == int(last[:4])
    # the pace is that of the past: five points a year, so a part of it in a part of a year
    step = 30 / (length - 1)
    moved = found[0.5].to_numpy().reshape(8, 3)[:, -1] - (50 + np.arange(8))
    assert moved.mean() == pytest.approx(3 * step, rel=0.5)
    assert made.evidence[0].last_period == last
    with pytest.raises(ParameterError, match=f"horizon is {30 * per_year + 1}. Give a whole number from 1 to"):
        fitted.predict(horizon=30 * per_year + 1)
    for model in ("drift", "mean"):
        with pytest.raises(ModelError, match=f"the {model} model takes years, not parts of years"):
            forecast.fit(frame, bounds=(0, 100), model=model)


def test_a_long_horizon_in_months_is_a_prefix_too() -> None:
    periods = [period_text(2020 * 12 + at, 12) for at in range(40)]
    frame = pd.DataFrame({"region": "A", "period": periods, "value": np.linspace(20, 30, 40)})
    fitted = forecast.fit(frame, bounds=(0, 100))
    near, far = (fitted.predict(horizon=months).quantiles(LEVELS) for months in (7, 360))
    pd.testing.assert_frame_equal(near, far.iloc[:7])


# --- what cannot be answered


def test_values_below_zero_are_cut_at_a_floor_only_where_one_was_named() -> None:
    below = panel({2020: -1.0, 2021: 1, 2022: 2, 2023: 3})
    for options in ({"bounds": (0, None)}, {"kind": "level"}):
        with pytest.warns(BeyondBounds):
            made = forecast.fit(below, **options).predict(horizon=1)
        assert made.draws.min() >= 0
        assert made.evidence[0].first_value == 0
    free = forecast.fit(below)
    assert free.scale.form == "identity"
    assert free.grid.n_cut == 0
    assert free.grid.values.min() == -1


def test_history_of_several_indicators() -> None:
    history = pd.DataFrame(
        {
            "indicator": ["a", "b"],
            "region_id": "VN",
            "period": "2024",
            "value": 1.0,
            "released_to": pd.Timestamp("2025-01-06"),
        }
    )
    with pytest.raises(ModelError, match="the history holds several indicators"):
        forecast.fit(panel(SHARE), bounds=(0, 100), history=history)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"horizon": 0}, r"horizon is 0\. Give a whole number from 1 to 30"),
        ({"horizon": 31}, "horizon is 31"),
        ({"horizon": 200}, "horizon is 200"),
        ({"horizon": 2.5}, "horizon is 2.5"),
        ({"horizon": True}, "horizon is True"),
        ({"horizon": "5"}, "horizon is '5'"),
        ({"horizon": 1, "draws": 0}, r"draws is 0\. Give a whole number from 1 to 1000000"),
        ({"horizon": 1, "draws": True}, "draws is True"),
        ({"horizon": 1, "seed": -1}, r"seed is -1\. Give a whole number from 0"),
        ({"horizon": 1, "seed": 0.5}, "seed is 0.5"),
        ({"horizon": 1, "seed": 2**63 + 1}, "seed is 9223372036854775809"),
        ({"horizon": 1, "regions": ["SE"]}, r"region 'SE' is not in the panel\. The panel has VN"),
        ({"horizon": 1, "regions": "SE"}, r"region 'SE' is not in the panel\. The panel has VN"),
        ({"horizon": 1, "regions": []}, r"no region is asked for\. Name one or several"),
        ({"horizon": 1, "regions": ["VN", "VN"]}, r"a region is asked for twice\. Give each region once"),
    ],
)
@pytest.mark.parametrize("model", ["pooled", "drift"])
def test_requests_that_cannot_be_answered(model: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        forecast.fit(panel(SHARE), bounds=(0, 100), model=model).predict(**options)


def test_a_region_with_too_few_values_is_not_said_to_be_absent() -> None:
    both = pd.concat([panel(SHARE, "A"), panel({2024: 33.0, 2025: 37.0}, "B")])
    fitted = forecast.fit(both, bounds=(0, 100), unit="percent")
    with pytest.raises(
        ParameterError, match=r"region 'C' is not in the panel\. The panel has A, and with too few values B\."
    ):
        fitted.predict(horizon=1, regions=["C"])
    assert fitted.predict(horizon=1, regions="A").regions == ("A",)
    assert repr(fitted) == "Fitted(pooled: A; 2020 to 2025, 0 to 100, percent; B with too few values)"
    assert repr(fitted.grid) == "Grid(2 regions, 2020 to 2025)"


@pytest.mark.parametrize(
    ("frame", "options", "error", "message"),
    [
        (panel(SHARE)["value"], {}, ModelError, r"the panel is not a DataFrame but Series\. Give a DataFrame with the columns region"),
        (..., {}, ModelError, "the panel is not a DataFrame but ellipsis"),
        (panel(SHARE), {"bounds": 100}, ParameterError, r"the bounds are 100\. Give \(lower, upper\), such as \(0, 100\)"),
        (panel(SHARE), {"bounds": "0:100"}, ParameterError, "the bounds are '0:100'"),
        (panel(SHARE), {"bounds": ("0", "100")}, ParameterError, r"the bounds are \('0', '100'\)"),
        (panel(SHARE), {"bounds": (0, 50, 100)}, ParameterError, "the bounds are"),
        (panel(SHARE), {"kind": "percent"}, ParameterError, r"'percent' is not a kind of indicator\. Choose share, level, index, rank, growth"),
        (panel(SHARE), {"kind": "", "bounds": None}, ParameterError, "'' is not a kind of indicator"),
        ([1, 2], {}, ModelError, "the panel is not a DataFrame but list"),
        ({"VN": SHARE}, {}, ModelError, "the panel is not a DataFrame but dict"),
        (panel(SHARE), {"groups": ["north"]}, ParameterError, r"the groups are not given by region id but as list\. Give .* such as \{'VN': 'north'\}"),
        (panel(SHARE), {"prior": "prior.json"}, ParameterError, r"the prior is not a Prior but str\. Read a file with forecast\.prior\.load"),
        (panel(SHARE), {"options": {}}, ParameterError, "the options are not PooledOptions but dict"),
        (panel(SHARE), {"model": ["pooled"]}, ParameterError, r"\['pooled'\] is not a model"),
        (panel(SHARE), {"history": "all"}, ParameterError, "the history is not a DataFrame but str"),
        (panel(SHARE), {"history": panel(SHARE)}, ModelError, "the history has no column indicator, region_id, released_to"),
        (panel(SHARE), {"history": years(SHARE).assign(released_to="soon")}, ModelError, "released_to cannot be read as dates.*soon"),
        (panel(SHARE), {"history": years(SHARE).assign(released_to=20240106)}, ModelError, "released_to holds numbers such as 20240106"),
    ],
)  # fmt: skip
def test_what_is_no_panel_or_option_is_told(frame, options, error, message) -> None:
    with pytest.raises(error, match=message):
        forecast.fit(frame, **{"bounds": (0, 100), **options})


def test_years_may_stand_in_a_column_of_their_name() -> None:
    named = forecast.fit(panel(SHARE).rename(columns={"period": "year"}), bounds=(0, 100))
    assert np.array_equal(named.grid.values, FITTED.grid.values)
    assert named.predict(horizon=2).quantiles(0.5).equals(FITTED.predict(horizon=2).quantiles([0.5]))


def test_a_percentage_that_looks_like_fractions_is_told() -> None:
    fractions = panel({year: value / 100 for year, value in SHARE.items()})
    with pytest.warns(
        PercentOrFraction, match=r"all 6 values lie within 0 and 1, and the bounds are 0 to 100\. If they are fractions"
    ):
        forecast.fit(fractions, bounds=(0, 100))


@pytest.mark.parametrize(
    ("values", "more", "bounds"),
    [
        ({2020: 0.4, 2021: 0.5, 2022: 0.6, 2023: 0.8}, {}, (0, 100)),  # few may well be below 1 percent
        ({2020: 0.4, 2021: 0.5, 2022: 0.6, 2023: 0.8, 2024: 0.9}, {}, (0, 1)),
        ({2020: 0.4, 2021: 0.5, 2022: 0.6, 2023: 0.8, 2024: 1.2}, {}, (0, 100)),
        ({2020: 0.0, 2021: 0.0, 2022: 0.0, 2023: 0.0, 2024: 0.0}, {}, (0, 100)),
        ({2020: 0.4, 2021: 0.5, 2022: 0.6, 2023: 0.8, 2024: 0.9}, {"source": "office"}, (0, 100)),  # the archive states units
        ({2020: 0.4, 2021: 0.5, 2022: 0.6, 2023: 0.8, 2024: 0.9}, {}, None),
    ],
)  # fmt: skip
def test_small_values_are_taken_without_a_word(values, more, bounds) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast.fit(panel(values).assign(**more), bounds=bounds)


def test_a_long_list_of_regions_is_cut_in_a_message() -> None:
    with pytest.raises(ParameterError, match=r"The panel has r00, r01, .*, r07 and 4 more\.$"):
        POOLED.predict(horizon=1, regions=["SE"])


def test_no_region_asked_for() -> None:
    with pytest.raises(ModelError, match="no region has the 3 values that the pooled model needs"):
        forecast.fit(panel({2020: 1.0, 2021: 2}), bounds=(0, 100)).predict(horizon=1)


def test_numbers_from_numpy_are_numbers() -> None:
    made = FITTED.predict(horizon=np.int64(2), draws=np.int32(10), seed=np.uint8(3))
    assert np.array_equal(made.draws, FITTED.predict(horizon=2, draws=10, seed=3).draws)


def test_one_draw_is_a_draw() -> None:
    made = FITTED.predict(horizon=2, draws=1)
    assert made.draws.shape == (1, 1, 2)
    assert made.n_draws == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bounds": (0, 100), "model": "arima"}, r"'arima' is not a model\. Choose pooled, .*drift.*mean"),
        ({"bounds": (100, 0)}, "the bounds 100 and 0 are in the wrong order"),
        ({"bounds": (5, 5)}, "the bounds 5 and 5 are in the wrong order"),
        ({"bounds": (None, 100)}, "an upper bound of 100 alone does not give a scale"),
        ({"bounds": (0, np.nan)}, "a bound is not a number"),
        ({"kind": "share"}, "a share has no bounds"),
        ({"kind": "yes-no"}, "a yes-no indicator has no scale"),
    ],
)
def test_options_that_do_not_go_together(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        forecast.fit(panel(SHARE), **options)


def test_the_evidence_says_what_the_range_rests_on() -> None:
    told = WORLD.assign(source="office", released_to=pd.Timestamp("2019-06-30"))
    made = forecast.fit(told, bounds=(0, 100), unit="percent").predict(horizon=5, regions=["r04"], draws=20)
    facts = made.evidence[0].to_facts()
    assert (facts["n_points"], facts["last_period"], facts["n_peers"]) == (23, "2018", 11)
    assert (facts["source"], facts["last_release"], facts["releases"]) == ("office", "2019-06-30", 1)
    assert facts["n_analogues"] > 20
    assert 0 < facts["prior_weight"] < 1
    assert facts["prior_source"]
    bare = forecast.fit(told, bounds=(0, 100), prior=Prior()).predict(horizon=5, regions=["r04"], draws=20)
    assert (bare.evidence[0].prior_weight, bare.evidence[0].prior_source) == (0, "")
    assert made.summary()["parameters"]["scale"] == "bounded"
    assert (made.summary()["model"], made.summary()["unit"]) == ("pooled", "percent")


def test_the_margin_of_the_scale_is_the_documented_one() -> None:
    assert MARGIN == 0.01


# --- groups of regions


def nuts(seed: int = 0) -> pd.DataFrame:
    """Six countries of six regions, whose paces are their country's."""
    rng = np.random.default_rng(seed)
    rows = []
    for country in ("AT", "BE", "DE", "ES", "FR", "IT"):
        pace = 0.1 * rng.normal(size=16).cumsum()
        for region in range(6):
            z = -1 + (0.1 + pace + rng.normal(scale=0.15, size=16)).cumsum()
            rows += [(f"{country}{region}{region}", 2008 + year, 100 / (1 + np.exp(-at))) for year, at in enumerate(z)]
    return pd.DataFrame(rows, columns=["region", "period", "value"])


NUTS = nuts()
BY_CODE = forecast.fit(NUTS, bounds=(0, 100))


def test_codes_tell_the_groups_unless_they_are_given() -> None:
    countries = {region: region[:2] for region in BY_CODE.regions}
    by_code, given_ = (
        one.predict(horizon=3, draws=100) for one in (BY_CODE, forecast.fit(NUTS, bounds=(0, 100), groups=countries))
    )
    assert np.array_equal(by_code.draws, given_.draws)
    assert by_code.parameters["group_weight"] > 0.9
    none = forecast.fit(NUTS, bounds=(0, 100), groups={}).predict(horizon=3, draws=100)
    assert none.parameters["group_weight"] == 0
    assert not np.array_equal(none.draws, by_code.draws)


def test_with_groups_a_region_does_not_depend_on_which_others_are_asked_for() -> None:
    whole = BY_CODE.predict(horizon=3, draws=200)
    for region in BY_CODE.regions[::5]:
        alone = BY_CODE.predict(horizon=3, draws=200, regions=[region])
        assert np.array_equal(alone.of(region), whole.of(region))


def test_regions_of_a_country_share_more_than_others() -> None:
    pred = BY_CODE.predict(horizon=1, draws=4000)
    found = np.corrcoef(pred.draws[:, :, 0].T)
    same = np.array([one[:2] == other[:2] for one in pred.regions for other in pred.regions]).reshape(found.shape)
    np.fill_diagonal(same, False)
    apart = ~same & ~np.eye(len(found), dtype=bool)
    assert found[same].mean() > found[apart].mean() + 0.1


def test_groups_of_other_regions_are_an_error() -> None:
    with pytest.raises(ParameterError, match="name none of the panel's regions"):
        forecast.fit(NUTS, bounds=(0, 100), groups={"Wien": "AT"})


def test_groups_are_of_no_use_to_single_series() -> None:
    one, other = (forecast.fit(NUTS, bounds=(0, 100), model="drift", groups=groups) for groups in (None, {"AT00": "x"}))
    assert np.array_equal(one.predict(horizon=2, draws=50).draws, other.predict(horizon=2, draws=50).draws)


@settings(max_examples=50)
@given(PLANES, st.integers(1, 3))
def test_whatever_the_histories_and_groups_the_answer_is_within_the_bounds(
    rows: list[list[float]], number: int
) -> None:
    groups = {f"r{n}": str(n % number) for n in range(len(rows))}
    found = table(plane(rows), groups=groups)
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 100)).all()
    assert (np.diff(found, axis=1) >= 0).all()
