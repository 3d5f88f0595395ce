from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxanalysis import forecast
from dxanalysis.errors import ModelError, ParameterError
from forecast.cases import GROWTH, SHARE, panel

FITTED = forecast.fit(panel(SHARE), bounds=(0, 100))
histories = st.lists(st.floats(0, 100), min_size=4, max_size=12)


def test_the_way_it_is_used() -> None:
    both = pd.concat([panel(SHARE, "SE"), panel({2022: 40.0, 2023: 45, 2024: 52, 2025: 55}, "FI")])
    predictive = forecast.fit(both, bounds=(0, 100)).predict(regions=["SE"], horizon=5)
    assert predictive.draws.shape == (4000, 1, 5)
    assert predictive.periods == ("2026", "2027", "2028", "2029", "2030")
    table = predictive.quantiles([0.1, 0.5, 0.9])
    assert table.index.names == ["region", "period"]
    assert list(table.columns) == [0.1, 0.5, 0.9]
    (answer,) = forecast.attainment(predictive, target=80, at=2030)
    assert answer.region == "SE"
    assert answer.probability.value == 0.01
    assert answer.probability.clipped


def test_text_years_are_years() -> None:
    text = panel(SHARE).assign(period=lambda frame: frame["period"].astype(str))
    assert np.array_equal(forecast.fit(text, bounds=(0, 100)).predict(horizon=2).draws, FITTED.predict(horizon=2).draws)


def test_a_region_does_not_depend_on_its_company() -> None:
    both = pd.concat([panel(SHARE, "A"), panel({y: v + 20 for y, v in SHARE.items()}, "B")])
    fitted = forecast.fit(both, bounds=(0, 100))
    alone, company = fitted.predict(regions=["B"], horizon=3), fitted.predict(regions=["A", "B"], horizon=3)
    assert np.array_equal(alone.of("B"), company.of("B"))
    assert not np.array_equal(company.of("A"), company.of("B"))
    separate = forecast.fit(both[both["region"] == "B"], bounds=(0, 100)).predict(horizon=3)
    assert np.array_equal(separate.of("B"), company.of("B"))


def test_a_longer_horizon_leaves_the_nearer_years_alone() -> None:
    short, long = FITTED.predict(horizon=2), FITTED.predict(horizon=9)
    assert np.array_equal(short.draws, long.draws[:, :, :2])


def test_same_seed_same_draws_other_seed_other_draws() -> None:
    first, again, other = (FITTED.predict(horizon=3, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(first.draws, again.draws)
    assert not np.array_equal(first.draws, other.draws)


def test_a_region_that_ends_earlier_is_carried_to_the_common_years() -> None:
    both = pd.concat([panel(SHARE, "A"), panel({y: v for y, v in SHARE.items() if y < 2025}, "B")])
    predictive = forecast.fit(both, bounds=(0, 100)).predict(horizon=2)
    own = forecast.fit(both[both["region"] == "B"], bounds=(0, 100)).predict(horizon=3)
    assert predictive.periods == ("2026", "2027")
    assert np.array_equal(predictive.of("B"), own.of("B")[:, 1:])


@settings(max_examples=40, deadline=None)
@given(histories)
def test_bounds_are_never_passed_and_quantiles_rise(values: list[float]) -> None:
    history = panel({2010 + at: value for at, value in enumerate(values)})
    predictive = forecast.fit(history, bounds=(0, 100)).predict(horizon=8, draws=200)
    assert predictive.draws.min() >= 0
    assert predictive.draws.max() <= 100
    table = predictive.quantiles([0.05, 0.2, 0.5, 0.8, 0.95]).to_numpy()
    assert (np.diff(table, axis=1) >= 0).all()


def test_fewer_points_give_a_wider_range() -> None:
    line = {2010 + at: 30 + 2.0 * at + (-1) ** at for at in range(12)}
    last4 = dict(list(line.items())[-4:])
    widths = [
        np.ptp(forecast.fit(panel(part), bounds=(0, 100)).predict(horizon=3).quantiles([0.1, 0.9]).iloc[-1])
        for part in (line, last4)
    ]
    assert widths[1] > 1.3 * widths[0]


def test_a_perfectly_straight_series_is_not_certain() -> None:
    line = forecast.fit(panel({2020 + at: 50 + 5.0 * at for at in range(4)}), bounds=(0, 100)).predict(horizon=1)
    low, high = line.quantiles([0.1, 0.9]).iloc[0]
    assert high - low > 4


def test_a_constant_series_keeps_the_width_of_its_rounding() -> None:
    flat = forecast.fit(panel(dict.fromkeys(range(2020, 2026), 50.0)), bounds=(0, 100)).predict(horizon=1)
    low, high = flat.quantiles([0.1, 0.9]).iloc[0]
    assert 0.05 < high - low < 0.5


def test_a_gap_is_one_longer_step() -> None:
    """From 2020 to 2023 the level grows 3 times 10 %, so a gap there leaves the mean growth at 10 %."""
    full = {2018 + at: 100 * 1.1**at for at in range(8)}
    gap = {year: value for year, value in full.items() if year not in (2021, 2022)}
    fits = [forecast.fit(panel(part)).fits["VN"] for part in (full, gap)]
    assert fits[0].centre == pytest.approx(fits[1].centre, abs=1e-4)
    assert fits[0].weight == fits[1].weight == 8
    assert (fits[0].degrees, fits[1].degrees) == (6, 4)


def test_drift_moments_by_hand() -> None:
    """Values e^0, e^1, e^3, e^3 (with half a cent taken off): changes 1, 2, 0; T = 3, mean 1, damped to 3/4; SS = 2 + 3/4."""
    values = dict(zip(range(2020, 2024), np.exp([0.0, 1, 3, 3]) - 0.005, strict=True))
    fit = forecast.fit(panel(values)).fits["VN"]
    assert fit.centre == pytest.approx(0.75)
    assert fit.weight == 4
    assert fit.sum_squares == pytest.approx(2.75)
    assert fit.degrees == 2


def test_mean_moments_by_hand() -> None:
    """Rates 1, 2, 3, 4, 5: mean 3, SS = 10, 4 degrees of freedom."""
    fit = forecast.fit(panel(dict(zip(range(2020, 2025), [1.0, 2, 3, 4, 5], strict=True))), kind="growth").fits["VN"]
    assert (fit.centre, fit.weight, fit.sum_squares, fit.degrees) == (3.0, 5.0, 10.0, 4)


def test_a_growth_rate_fluctuates_about_its_mean() -> None:
    predictive = forecast.fit(panel(GROWTH), kind="growth").predict(horizon=10)
    assert predictive.model == "mean"
    medians = predictive.quantiles([0.5])[0.5]
    assert medians.sub(np.mean(list(GROWTH.values()))).abs().max() < 0.3


def test_past_revisions_widen_the_first_year() -> None:
    rows = [("2021", 12.88, "2024-06-30"), ("2021", 12.38, "2025-01-06"), ("2022", 12.0, "2024-06-30")]
    rows += [("2022", 12.83, "2025-01-06"), ("2023", 12.33, "2024-06-30"), ("2023", 12.87, "2025-01-06")]
    history = pd.DataFrame(rows, columns=["period", "value", "released_to"]).assign(indicator="share", region_id="VN")
    history["released_to"] = pd.to_datetime(history["released_to"])
    plain = FITTED.predict(horizon=1).quantiles([0.1, 0.9]).iloc[0]
    revised = forecast.fit(panel(SHARE), bounds=(0, 100), history=history).predict(horizon=1)
    wide = revised.quantiles([0.1, 0.9]).iloc[0]
    assert np.ptp(wide) > 1.15 * np.ptp(plain)
    assert revised.evidence[0].n_revisions == 3
    assert revised.evidence[0].revision_size == pytest.approx(np.sqrt((0.5**2 + 0.83**2 + 0.54**2) / 3))
    assert FITTED.predict(horizon=1).evidence[0].n_revisions == 0


@pytest.mark.parametrize(("model", "kind", "n"), [("drift", "level", 3), ("mean", "growth", 4)])
def test_too_few_points(model: str, kind: str, n: int) -> None:
    short = {2020 + at: 1.0 + at for at in range(n)}
    fitted = forecast.fit(panel(short), kind=kind, model=model)
    missing = fitted.not_enough["VN"].missing[0]
    assert dict(missing.facts) == {"region": "VN", "found": n, "needed": n + 1}
    with pytest.raises(ModelError, match=f"region VN: {n} of {n + 1} yearly values needed"):
        fitted.predict(regions=["VN"], horizon=1)
    with pytest.raises(ModelError, match=f"no region has the {n + 1} yearly values that the {model} model needs"):
        fitted.predict(horizon=1)
    assert forecast.fit(panel({**short, 2019: 1.0}), kind=kind, model=model).regions == ("VN",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="value"), "the panel has no column value"),
        (lambda f: f.iloc[:0], "the panel has no rows"),
        (lambda f: pd.concat([f, f.iloc[[2]]]), "region VN, 2022: the period is given twice"),
        (
            lambda f: f.assign(value=f["value"].where(f["period"] != 2023)),
            "region VN, 2023: the value is missing or infinite",
        ),
        (
            lambda f: f.assign(value=f["value"].replace(12.66, np.inf)),
            "region VN, 2020: the value is missing or infinite",
        ),
        (
            lambda f: f.assign(value=f["value"].replace(12.66, 126.6)),
            "region VN, 2020: the value 126.6 lies outside the bounds",
        ),
        (lambda f: f.assign(period=f["period"].astype(str) + "-H1"), "'2020-H1' is a half, not a year"),
        (lambda f: f.assign(period="soon"), "'soon' is not a year"),
        (lambda f: f.assign(period=f["period"] + 0.5), "'2020.5' is not a year"),
    ],
)
def test_panels_that_cannot_be_fitted(change, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        forecast.fit(change(panel(SHARE)), bounds=(0, 100))


def test_a_negative_level_needs_another_kind() -> None:
    with pytest.raises(ModelError, match="the value -1 lies outside the bounds 0 to inf"):
        forecast.fit(panel({2020: -1.0, 2021: 1, 2022: 2, 2023: 3}))


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
        ({"horizon": 0}, "horizon is 0"),
        ({"horizon": 31}, "horizon is 31"),
        ({"horizon": 2.5}, "horizon is 2.5"),
        ({"horizon": 1, "draws": 0}, "draws is 0"),
        ({"horizon": 1, "seed": -1}, "seed is -1"),
        ({"horizon": 1, "regions": ["SE"]}, "region 'SE' is not in the panel. The panel has VN"),
        ({"horizon": 1, "regions": ["VN", "VN"]}, "a region is asked for twice"),
    ],
)
def test_requests_that_cannot_be_answered(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        FITTED.predict(**options)


def test_unknown_model() -> None:
    with pytest.raises(ParameterError, match=r"'arima' is not a local model. Choose drift or mean"):
        forecast.fit(panel(SHARE), bounds=(0, 100), model="arima")
