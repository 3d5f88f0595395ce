"""How good would the forecasts have been? Replays a panel's past, asks questions whose answers are known, and scores them.

At every origin year the model sees what was known up to that year, of all regions, and nothing later. It is scored beside simple
rivals on the same questions. Skill is claimed only where it beats both the base rate and the drift beyond chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import numpy as np
import pandas as pd

from dxanalysis.data.schema import Kind
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.forecast.arguments import check_bounds
from dxanalysis.forecast.backtest import rivals, scored
from dxanalysis.forecast.backtest.measure import Bounds, Direction, Measure, measure_of
from dxanalysis.forecast.backtest.panel_of_years import TooSmall, read_tidy, shortfall
from dxanalysis.forecast.backtest.questions import Origins, ask, find_origins, spread_out
from dxanalysis.forecast.fitting import fit
from dxanalysis.forecast.prior import Prior
from dxanalysis.forecast.scale import FloatArray, Form

Verdict = Literal["skill", "no skill"]

LEVELS: Final = (np.arange(200) + 0.5) / 200
WARM_UP: Final = 8
"""Years before the first scored origin whose questions are asked only to know the base rate."""
CHOICES: Final = ("drift", "ets", "theta", "line", "naive", "traffic_light")
MARGIN: Final = 2.0
"""Standard errors by which a difference of scores must exceed 0 to count."""

_ROUNDING: Final = 1e-9  # the same numbers on two ways differ by less, and that is no skill


class Forecaster(Protocol):
    """As much of a fitted model as is needed here."""

    @property
    def regions(self) -> Sequence[str]:
        """Regions that can be forecast."""

    def predict(self, *, horizon: int, regions: Sequence[str] | None = ...) -> Any:
        """Forecast the years after the panel's newest; the result has ``quantiles(levels)``."""


Engine = Callable[[pd.DataFrame, Bounds], Forecaster]
Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backtest:
    """What a replay of the past found. Shares are percent; probabilities, Brier and log scores are not.

    Attributes
    ----------
    form, direction
        ``bounded`` (a share or score), ``positive`` (a level or rank) or ``identity`` (a growth rate), and which way is better.
    questions
        One row a scored question: region, origin, horizon, kind, target, pace, required, outcome, met, and ``p_METHOD``. Pace and required
        are changes a year, in the indicator's unit, of a level or rank in log points (about percent).
    scores
        One row a method, the model first: n, brier, brier_H for each horizon, log_score, the differences d_base_rate and d_drift
        with standard errors se_base_rate and se_drift (below 0: better), crps, mase, coverage_80 and coverage_95 over all and by
        horizon. Empty where a method gives no distribution. The crps of a level or rank is in log points (about percent of the value), else in
        the indicator's unit.
    reliability
        Method, low, high, n, forecast, met: what was said against what came true, by tenths.
    pit
        Horizon, low, high, n, share of the model's forecasts by the level at which the outcome fell.
    coverage
        Method, level, horizon, n, held: how many outcomes each central range held.
    verdict
        ``skill`` only when the model's Brier score is below that of the base rate and of the drift, each by more than two standard
        errors; else ``no skill``.
    n_regions, first_origin, last_origin
        Of the scored questions.
    unanswered
        Questions that the model had too little history for; no method is scored on them.
    beyond_bounds
        Values cut at the bounds before fitting.
    """

    bounds: Bounds
    form: Form
    direction: Direction
    horizons: tuple[int, ...]
    compare: tuple[str, ...]
    seed: int
    questions: pd.DataFrame
    scores: pd.DataFrame
    reliability: pd.DataFrame
    pit: pd.DataFrame
    coverage: pd.DataFrame
    verdict: Verdict
    n_regions: int
    first_origin: int
    last_origin: int
    unanswered: int
    beyond_bounds: int

    def to_frame(self) -> pd.DataFrame:
        """The scores, one row a method."""
        return self.scores.copy()

    def summary(self) -> dict[str, object]:
        """The verdict with the numbers behind it: named values."""
        model = self.scores.iloc[0]
        rival = self.scores.set_index("method")["brier"]
        return {
            "verdict": self.verdict,
            "n_questions": len(self.questions),
            "n_regions": self.n_regions,
            "first_origin": self.first_origin,
            "last_origin": self.last_origin,
            "unanswered": self.unanswered,
            "beyond_bounds": self.beyond_bounds,
            "brier": float(model["brier"]),
            "brier_base_rate": float(rival["base_rate"]),
            "brier_drift": float(rival["drift"]),
            **{
                name: float(model[name])
                for name in ("d_base_rate", "se_base_rate", "d_drift", "se_drift", "coverage_80", "coverage_95")
            },
        }


def backtest(
    panel: pd.DataFrame,
    *,
    bounds: Bounds | None = None,
    kind: Kind | None = None,
    direction: Direction = "up",
    horizons: Sequence[int] = (1, 3, 5),
    first: int = 2004,
    compare: Sequence[str] = ("drift", "line", "traffic_light"),
    least: int = 6,
    most: int = 15,
    low: float | None = None,
    high: float | None = None,
    groups: Mapping[str, str] | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
    seed: int = 0,
) -> Backtest:
    """Replay the past of a panel and score the forecasts.

    Parameters
    ----------
    panel
        Columns region, year and value, one row a region and year; a column indicator may hold one indicator.
    bounds
        Bounds of the indicator in its unit, None where there is none: (0, None) for a level, (None, None) for a growth rate. By default as the kind
        tells, and (0, 100) without one. Values beyond them are cut for the model, not in the questions.
    kind
        Of the indicator, as in :func:`~dxanalysis.forecast.fitting.fit`; by default a share with both bounds, a level with a lower one, a
        growth rate without.
    direction
        Which way is better: whether the value will be at a target or above (up), or below (down).
    horizons
        Years ahead, 1 to 30.
    first
        First origin year that is scored. Questions of the eight years before give the first base rates.
    compare
        Rivals beside the base rate and the drift, which are always there: ets (slow), theta, line, naive, traffic_light.
    least, most
        Fewest and most yearly values in a row that make a history.
    low, high
        Only values within are origins; by default 2 % and 97 % of a range (3 % and 98 % down), and every level above its bound.
    groups
        Group of a region by its id; None: as the codes tell (:mod:`~dxanalysis.forecast.region_groups`).
    engine
        Fits the model to a panel (region, period, value) within bounds; None for :func:`~dxanalysis.forecast.fitting.fit` with the groups and
        without a prior: the shipped one knows years that came after the origins.
    progress
        Called after each origin year with the year, the years done and all years.
    seed
        Of the resampling of regions for the standard errors.

    Raises
    ------
    ParameterError
        When an option is out of range or unknown.
    DataError
        When the panel has not the columns, a value is missing, a region and year is there twice, or the panel is too small; the
        message says what is missing.
    """
    found = replay(
        panel, bounds=bounds, kind=kind, direction=direction, horizons=horizons, first=first, compare=compare, least=least, most=most, low=low, high=high,
        groups=groups, engine=engine, progress=progress, seed=seed,
    )  # fmt: skip
    if isinstance(found, TooSmall):
        raise DataError(found.what(), where="panel", fix=found.way_out())
    return found


def replay(
    panel: pd.DataFrame,
    *,
    bounds: Bounds | None = None,
    kind: Kind | None = None,
    direction: Direction = "up",
    horizons: Sequence[int] = (1, 3, 5),
    first: int = 2004,
    compare: Sequence[str] = ("drift", "line", "traffic_light"),
    least: int = 6,
    most: int = 15,
    low: float | None = None,
    high: float | None = None,
    groups: Mapping[str, str] | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
    seed: int = 0,
) -> Backtest | TooSmall:
    """As :func:`backtest`, but a panel that is too small is a value: what it has and what it would need."""
    steps, methods = _check(bounds, horizons, compare, least, most)
    tidy = read_tidy(panel)
    measure, told = measure_of(tidy, bounds, kind, direction)
    limits = measure.limits(low, high)
    plain = spread_out(tidy)
    wide = pd.DataFrame(measure.to(plain.to_numpy(dtype=float)), index=plain.index, columns=plain.columns)
    origins = find_origins(
        wide, horizons=steps, first=first - WARM_UP, least=least, most=most, within=measure.within(limits)
    )
    asked = ask(origins, wide, horizons=steps, measure=measure)
    asked["p_base_rate"] = rivals.base_rate(
        asked["origin"].to_numpy(), asked["horizon"].to_numpy(), asked["met"].to_numpy(dtype=bool)
    )
    due = asked[(asked["origin"] >= first) & asked["p_base_rate"].notna()].copy()
    missing = shortfall(plain, asked, due, least=least, first=first, horizons=steps, within=limits)
    if missing is not None:
        return missing
    cut = tidy.assign(value=tidy["value"].clip(measure.lower, measure.upper)).rename(columns={"year": "period"})
    model = measure.quantiles(
        _replay_model(engine or _default(groups, told), cut, measure.bounds, origins, due, steps, progress)
    )
    answered = np.isfinite(model[due["cell"].to_numpy(), due["step"].to_numpy(), 0])
    if not answered.any():
        raise DataError("the model could answer no question", where="panel", fix="Give regions with longer histories")
    made: dict[str, FloatArray] = {"model": model}
    asked_cells = np.unique(due["cell"].to_numpy()[answered])
    for name in methods:
        made[name] = np.full_like(model, np.nan)
        made[name][asked_cells] = rivals.RIVALS[name](origins.history[asked_cells], steps, LEVELS)
    scoring = scored.Scoring(
        questions=due[answered].reset_index(drop=True), distributions=made, levels=LEVELS, origins=origins, horizons=steps,
        traffic_light="traffic_light" in _names(compare), seed=seed, down=measure.down,
    )  # fmt: skip
    scores = scoring.scores()
    questions = _as_published(scoring.with_chances(), measure)
    return Backtest(
        bounds=measure.bounds,
        form=measure.form,
        direction=direction,
        horizons=steps,
        compare=tuple(scores["method"][1:]),
        seed=seed,
        questions=questions.drop(columns=["cell", "step"]),
        scores=scores,
        reliability=scoring.reliability(),
        pit=scoring.pit(),
        coverage=scoring.coverage(),
        verdict=verdict(scores.iloc[0].to_dict()),
        n_regions=int(questions["region"].nunique()),
        first_origin=int(questions["origin"].min()),
        last_origin=int(questions["origin"].max()),
        unanswered=int((~answered).sum()),
        beyond_bounds=int((cut["value"].to_numpy() != tidy["value"].to_numpy()).sum()),
    )


def verdict(model: Mapping[Any, Any]) -> Verdict:
    """Judge by the model's row of the scores: ``skill`` when it beats base rate and drift by more than two standard errors each."""
    beats = [model[f"d_{rival}"] < -max(MARGIN * model[f"se_{rival}"], _ROUNDING) for rival in ("base_rate", "drift")]
    return "skill" if all(beats) else "no skill"


def _default(groups: Mapping[str, str] | None, kind: Kind) -> Engine:
    # Without the shipped prior: it was learnt from years after the origins, maybe of this very panel.
    return lambda panel, bounds: fit(panel, bounds=bounds, kind=kind, prior=Prior(), groups=groups)


def _as_published(questions: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Questions in the indicator's unit again, changes with the indicator's own sign."""
    values = {name: measure.back(questions[name].to_numpy()) for name in ("target", "outcome")}
    sign = -1 if measure.down else 1
    return questions.assign(**values, **{name: sign * questions[name] for name in ("pace", "required")})


def _replay_model(
    engine: Engine,
    panel: pd.DataFrame,
    bounds: Bounds,
    origins: Origins,
    due: pd.DataFrame,
    horizons: tuple[int, ...],
    progress: Progress | None,
) -> FloatArray:
    """Quantiles of the model for every origin that has a question due, array (n, n_horizons, n_levels); NaN where it has none."""
    made = np.full((len(origins), len(horizons), len(LEVELS)), np.nan)
    cells = np.unique(due["cell"].to_numpy())
    years = np.unique(origins.year[cells])
    for done, year in enumerate(years, start=1):
        here = cells[origins.year[cells] == year]
        fitted = engine(panel.loc[panel["period"] <= year, ["region", "period", "value"]], bounds)
        able = set(fitted.regions)
        here = here[[region in able for region in origins.region[here]]]
        if len(here):
            names = [str(region) for region in origins.region[here]]
            table = fitted.predict(horizon=max(horizons), regions=names).quantiles(LEVELS.tolist())
            table.index = pd.MultiIndex.from_arrays([table.index.get_level_values(axis).astype(str) for axis in (0, 1)])
            wanted = [(region, str(year + step)) for region in names for step in horizons]
            made[here] = table.loc[wanted].to_numpy().reshape(len(here), len(horizons), len(LEVELS))
        if progress is not None:
            progress(int(year), done, len(years))
    return made


def _names(compare: Sequence[str]) -> list[str]:
    return [name.replace("-", "_") for name in compare]


def _check(
    bounds: Bounds | None, horizons: Sequence[int], compare: Sequence[str], least: int, most: int
) -> tuple[tuple[int, ...], list[str]]:
    check_bounds(bounds)
    ends = [one for one in bounds or () if one is not None]
    if not np.isfinite(ends).all() or sorted(set(ends)) != ends:
        raise ParameterError(
            f"the bounds are {bounds!r}",
            fix="Give two numbers, the lower first, such as 0 and 100, or None where there is none",
        )
    if not len(horizons) or not all(1 <= step <= 30 and step == int(step) for step in horizons):
        raise ParameterError(f"the horizons are {list(horizons)}", fix="Give whole years ahead from 1 to 30")
    if len(set(horizons)) < len(horizons):
        raise ParameterError(f"a horizon is given twice: {list(horizons)}", fix="Give each once")
    unknown = [name for name in _names(compare) if name not in (*CHOICES, "base_rate")]
    if unknown:
        raise ParameterError(f"there is no rival {unknown[0]!r}", fix=f"Choose from: {', '.join(CHOICES)}")
    if not 3 <= least <= most:
        raise ParameterError(f"least is {least} and most is {most}", fix="Give 3 or more, and least not above most")
    methods = ["drift", *(name for name in CHOICES if name in _names(compare) and name in rivals.RIVALS)]
    return tuple(sorted(int(step) for step in horizons)), list(dict.fromkeys(methods))
