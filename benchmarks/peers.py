"""Forecasts of well-known libraries for benchmarks/local_series.py, which starts this file, perhaps with another interpreter.

Standard input: JSON, a list of series. Standard output: JSON with ``library`` and, by method, an array (series, 5, 6) of centre, 80 %
and 95 % limits and the milliseconds a series. With statsforecast its models are used, without it their likes in statsmodels.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

HORIZON = 6
Forecast = Callable[[np.ndarray], np.ndarray]


def drift(y: np.ndarray) -> np.ndarray:
    """Random walk with drift, with the parameter's uncertainty."""
    steps, ahead = np.diff(y), np.arange(1, HORIZON + 1)
    sigma = float(np.std(steps, ddof=1))
    return limits(y[-1] + steps.mean() * ahead, sigma * np.sqrt(ahead * (1 + ahead / len(steps))))


def naive(y: np.ndarray) -> np.ndarray:
    ahead = np.arange(1, HORIZON + 1)
    return limits(np.full(HORIZON, y[-1]), float(np.sqrt(np.mean(np.diff(y) ** 2))) * np.sqrt(ahead))


def limits(centre: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    return np.array([centre + z * deviation for z in (0, -1.2816, 1.2816, -1.96, 1.96)])


def of_statsforecast() -> dict[str, Forecast]:
    from statsforecast.models import AutoETS, Naive, RandomWalkWithDrift, Theta  # noqa: PLC0415

    def use(model: object) -> Forecast:
        def run(y: np.ndarray) -> np.ndarray:
            found = model.forecast(y=y, h=HORIZON, level=[80, 95])  # type: ignore[attr-defined]
            return np.array([found[key] for key in ("mean", "lo-80", "hi-80", "lo-95", "hi-95")])

        return run

    return {
        "damped ETS": use(AutoETS(season_length=1, model="ZAN", damped=True)),
        "theta": use(Theta(season_length=1)),
        "drift": use(RandomWalkWithDrift()),
        "naive": use(Naive()),
    }


def of_statsmodels() -> dict[str, Forecast]:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415
    from statsmodels.tsa.forecasting.theta import ThetaModel  # noqa: PLC0415

    def ets(y: np.ndarray) -> np.ndarray:
        frame = (
            ETSModel(pd.Series(y), trend="add", damped_trend=True)
            .fit(disp=False)
            .get_prediction(len(y), len(y) + HORIZON - 1)
        )
        half = [frame.summary_frame(alpha=alpha) for alpha in (0.2, 0.05)]
        return np.array([half[0]["mean"], *(one[key] for one in half for key in ("pi_lower", "pi_upper"))])

    def theta(y: np.ndarray) -> np.ndarray:
        found = ThetaModel(y, period=1, deseasonalize=False).fit()
        half = [found.prediction_intervals(HORIZON, alpha=alpha) for alpha in (0.2, 0.05)]
        return np.array([found.forecast(HORIZON), *(one[key] for one in half for key in ("lower", "upper"))])

    return {"damped ETS": ets, "theta": theta, "drift": drift, "naive": naive}


def main() -> int:
    warnings.simplefilter("ignore")
    try:
        methods, library = of_statsforecast(), "statsforecast"
    except ImportError:
        methods, library = of_statsmodels(), "statsmodels"
    every = [np.asarray(one, dtype=float) for one in json.load(sys.stdin)]
    answer: dict[str, object] = {"library": library}
    for name, method in methods.items():
        with contextlib.suppress(Exception):
            method(every[0])  # the first call compiles; a failure is counted below
        rows, failed, started = [], 0, time.perf_counter()
        for y in every:
            try:
                row = method(y)
                usable = row.shape == (5, HORIZON) and bool(np.isfinite(row).all())
            except Exception:
                usable = False
            failed += not usable
            rows.append((row if usable else drift(y)).tolist())
        spent = 1000 * (time.perf_counter() - started) / len(every)
        answer[name] = {"rows": rows, "ms": spent, "failed": failed}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
