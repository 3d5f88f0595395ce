from __future__ import annotations

import numpy as np
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
