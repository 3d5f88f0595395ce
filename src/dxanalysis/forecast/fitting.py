"""``fit`` a panel, then ``predict``: the seam behind which every model stands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dxanalysis.data.schema import Kind
from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.evidence import NotEnoughData
from dxanalysis.forecast.local import MIN_POINTS, PRIOR_YEARS, LocalFit, Model, fit_series, simulate
from dxanalysis.forecast.panel import read_panel
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.revisions import NO_REVISIONS, noise_of, revisions
from dxanalysis.forecast.scale import Scale

DRAWS = 4000
MAX_HORIZON = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Fitted models by region, and the regions whose history is too short, each with what is missing."""

    fits: Mapping[str, LocalFit]
    not_enough: Mapping[str, NotEnoughData]
    scale: Scale
    model: Model
    unit: str
    last_year: int

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that can be forecast."""
        return tuple(self.fits)

    def predict(
        self, *, horizon: int, regions: Sequence[str] | None = None, draws: int = DRAWS, seed: int = 0
    ) -> Predictive:
        """Draw joint paths for the years after the panel's newest year.

        A region whose own values end earlier is carried forward to the common years. Its draws depend on its own values, the seed
        and its id: not on which other regions are asked for, nor on the horizon.

        Parameters
        ----------
        horizon
            Years ahead of the newest year of the panel, 1 to 30.
        regions
            Regions to forecast; None for all that have enough points.
        draws
            Number of paths. :func:`~dxanalysis.forecast.attainment.attainment` wants at least 100.
        seed
            Start of the random numbers, 0 or more.

        Raises
        ------
        ParameterError
            When the horizon, the draws or the seed are out of range, or a region is unknown or given twice.
        ModelError
            When a region asked for has too few points, or no region has enough.
        """
        _check_whole("horizon", horizon, 1, MAX_HORIZON)
        _check_whole("draws", draws, 1, 1_000_000)
        _check_whole("seed", seed, 0, 2**63)
        chosen = self.regions if regions is None else tuple(regions)
        self._check_regions(chosen)
        paths = [
            simulate(self.fits[region], last_year=self.last_year + horizon, draws=draws, seed=seed)[:, -horizon:]
            for region in chosen
        ]
        return Predictive(
            regions=chosen,
            periods=tuple(str(self.last_year + step) for step in range(1, horizon + 1)),
            draws=np.stack(paths, axis=1),
            unit=self.unit,
            evidence=tuple(self.fits[region].evidence() for region in chosen),
            model=self.model,
            parameters={"scale": self.scale.form, "prior_years": PRIOR_YEARS if self.model == "drift" else 0},
            seed=seed,
            bounds=(self.scale.lower, self.scale.upper),
            whole=self.scale.whole,
        )

    def _check_regions(self, chosen: tuple[str, ...]) -> None:
        if len(set(chosen)) < len(chosen):
            raise ParameterError("a region is asked for twice", fix="Give each region once")
        for region in chosen:
            if region in self.not_enough:
                facts = dict(self.not_enough[region].missing[0].facts)
                raise ModelError(
                    f"{facts['found']} of {facts['needed']} yearly values needed",
                    where=f"region {region}",
                    fix="Report it as not enough data, or leave the region out",
                )
            if region not in self.fits:
                raise ParameterError(
                    f"region {region!r} is not in the panel", fix=f"The panel has {_some(self.regions)}"
                )
        if not chosen:
            raise ModelError(
                f"no region has the {MIN_POINTS[self.model]} yearly values that the {self.model} model needs",
                fix="Report it as not enough data",
            )


def fit(
    panel: pd.DataFrame,
    *,
    bounds: tuple[float | None, float | None] | None = None,
    kind: Kind | None = None,
    model: Model | None = None,
    unit: str = "",
    history: pd.DataFrame | None = None,
) -> Fitted:
    """Fit a forecast model to every region of a panel.

    Parameters
    ----------
    panel
        Columns region, period (a year) and value; see :func:`~dxanalysis.forecast.panel.read_panel`.
    bounds
        Bounds of the indicator in its unit, None for none.
    kind
        Kind of the indicator; None for a share when both bounds are given, else a level.
    model
        ``drift`` or ``mean``; None for the mean of a growth rate and the drift of anything else.
    unit
        Unit of the values, kept with the result.
    history
        Every release of this one indicator (``store.observations(..., history=True)``), from which the size of revisions is
        taken; region ids as in the panel. None: the last value is taken as final, which the evidence says.

    Returns
    -------
    Fitted
        With the regions that have too few points in ``not_enough``.

    Raises
    ------
    ModelError
        When the panel is not usable, or the history holds several indicators.
    ParameterError
        When bounds, kind or model do not fit together.
    """
    lower, upper = bounds if bounds is not None else (None, None)
    two_bounds = all(bound is not None and math.isfinite(bound) for bound in (lower, upper))
    known = kind if kind is not None else "share" if two_bounds else "level"
    scale = Scale.of(known, lower, upper)
    series = read_panel(panel, scale)
    chosen: Model = model if model is not None else "mean" if known == "growth" else "drift"
    table = None if history is None else revisions(history)
    if history is not None and len(set(history["indicator"])) > 1:
        raise ModelError("the history holds several indicators", fix="Give the releases of the indicator in the panel")
    results = {
        region: fit_series(one, scale, model=chosen, noise=NO_REVISIONS if table is None else noise_of(table, region))
        for region, one in series.items()
    }
    return Fitted(
        fits={region: result for region, result in results.items() if isinstance(result, LocalFit)},
        not_enough={region: result for region, result in results.items() if isinstance(result, NotEnoughData)},
        scale=scale,
        model=chosen,
        unit=unit,
        last_year=max(one.last_year for one in series.values()),
    )


def _check_whole(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise ParameterError(f"{name} is {value!r}", fix=f"Give a whole number from {low} to {high}")


def _some(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
