from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.errors import ModelError, ParameterError

EVIDENCE = forecast.Evidence(region="A", observed=(("2024", 1.0), ("2025", 2.0)))


def make(draws: np.ndarray, **options: object) -> forecast.Predictive:
    given = {"regions": ("A",), "periods": ("2026", "2027"), "unit": "percent", "evidence": (EVIDENCE,), "model": "m"}
    return forecast.Predictive.of_draws(draws, **{**given, **options})


def test_quantiles_of_known_draws() -> None:
    made = make(np.stack([np.arange(101.0), np.arange(101.0) * 2], axis=1)[:, None, :])
    table = made.quantiles([0.25, 0.5])
    assert table.loc[("A", "2026")].tolist() == [25.0, 50.0]
    assert table.loc[("A", "2027")].tolist() == [50.0, 100.0]
    frame = made.to_frame()
    assert frame.columns.tolist()[:3] == ["region", "period", "low_95"]
    assert frame["median"].tolist() == [50.0, 100.0]


def test_quantiles_of_whole_numbers_are_drawn_values() -> None:
    draws = np.array([1.0, 2.0, 2.0, 5.0]).reshape(4, 1, 1)
    made = make(draws, periods=("2026",), whole=True)
    assert made.quantiles([0.5, 0.9]).iloc[0].tolist() == [2.0, 5.0]


def test_draws_cannot_be_written_through_the_result() -> None:
    made = make(np.zeros((3, 1, 2)))
    with pytest.raises(ValueError, match="read-only"):
        made.draws[0, 0, 0] = 1


def test_summary_names_the_model_and_the_evidence() -> None:
    facts = make(np.zeros((3, 1, 2)), seed=5).summary()
    assert facts == {
        "model": "m",
        "parameters": {},
        "seed": 5,
        "n_draws": 3,
        "n_regions": 1,
        "first_period": "2026",
        "last_period": "2027",
        "unit": "percent",
        "fewest_points": 2,
    }


@pytest.mark.parametrize(
    ("draws", "options", "message"),
    [
        (np.zeros((3, 2, 2)), {}, r"the draws have the shape \(3, 2, 2\). Expected \(draws, 1 regions, 2 periods\)"),
        (np.zeros((0, 1, 2)), {}, "the draws have the shape"),
        (np.zeros(4), {}, "the draws have the shape"),
        (np.zeros((3, 1, 2)), {"evidence": ()}, "the evidence does not match the regions"),
        (np.full((3, 1, 2), np.nan), {}, "a draw is missing or infinite"),
    ],
)
def test_draws_that_do_not_fit_their_labels(draws, options, message) -> None:
    with pytest.raises(ModelError, match=message):
        make(draws, **options)


@pytest.mark.parametrize("levels", [[], [0.5, 1.2], [-0.1], 1.5, "0.5", ["0.5"], [None]])
def test_levels_outside_zero_to_one(levels) -> None:
    with pytest.raises(ParameterError, match="are not quantile levels"):
        make(np.zeros((3, 1, 2))).quantiles(levels)


def test_a_region_that_was_not_forecast() -> None:
    with pytest.raises(ParameterError, match=r"region 'B' was not forecast. Forecast are: A"):
        make(np.zeros((3, 1, 2))).of("B")


def test_one_level_needs_no_list_and_a_forecast_says_in_a_line_what_it_is() -> None:
    made = make(np.arange(6.0).reshape(3, 1, 2), seed=5)
    assert made.quantiles(0.5).equals(made.quantiles([0.5]))
    assert made.quantiles(np.array([0.1, 0.9])).shape == (2, 2)
    assert repr(made) == "Predictive(m: A; 2026 to 2027, percent, 3 draws, seed 5)"


@pytest.mark.parametrize("levels", [None, ["0.5"], "0.5", [], [np.nan], [1.5], [None]])
def test_levels_that_are_none(levels: object) -> None:
    with pytest.raises(ParameterError, match=r"are not quantile levels\. Give numbers from 0 to 1"):
        make(np.zeros((3, 1, 2))).quantiles(levels)  # type: ignore[arg-type]


def growing(names: list[str], years: int = 8, per_region: float = 0.01) -> pd.DataFrame:
    values = [[20 + 3 * at + np.sin(3 * at + per_region * n) for at in range(years)] for n, _ in enumerate(names)]
    rows = [(name, 2018 + at, row[at]) for name, row in zip(names, values, strict=True) for at in range(years)]
    return pd.DataFrame(rows, columns=["region", "period", "value"])


@pytest.mark.parametrize("model", ["pooled", "drift", "local"])
def test_a_forecast_can_be_stored_and_sent(model: str) -> None:
    made = forecast.fit(growing(["A", "B", "C"], 12), bounds=(0, 100), model=model).predict(horizon=3, draws=400)
    before = forecast.attainment(made, target=60, at=2032)
    again = pickle.loads(pickle.dumps(made))
    assert np.array_equal(again.draws, made.draws)
    assert again.quantiles([0.1, 0.5]).equals(made.quantiles([0.1, 0.5]))
    assert again.evidence == made.evidence
    assert forecast.attainment(again, target=60, at=2032) == before
    asked = {"region": "B", "target": 60, "at": 2032}
    assert forecast.scenarios(again, **asked) == forecast.scenarios(made, **asked)
    whole = forecast.weighted_mean(made, {"A": 1, "B": 2, "C": 3}, name="all")
    assert np.array_equal(pickle.loads(pickle.dumps(whole)).draws, whole.draws)


def test_what_can_be_drawn_again_is_not_stored() -> None:
    made = forecast.fit(growing(["A", "B", "C"]), bounds=(0, 100)).predict(horizon=3, draws=20_000)
    size = len(pickle.dumps(made))
    assert made.draws.nbytes > 1_000_000
    forecast.attainment(made, target=60, at=2028)
    assert len(pickle.dumps(made)) == size < 500_000


def test_paths_of_more_regions_than_fit_into_memory_are_drawn_one_by_one() -> None:
    names = [f"r{number}" for number in range(3000)]
    fitted = forecast.fit(growing(names, 4, 1e-4), bounds=(0, 100))
    made = fitted.predict(horizon=30, draws=3000)
    with pytest.raises(ParameterError, match="more than fit into memory"):
        _ = made.draws
    few = fitted.predict(horizon=30, draws=3000, regions=["r7", "r2999"])
    for name in few.regions:
        np.testing.assert_array_equal(made.of(name), few.of(name))
