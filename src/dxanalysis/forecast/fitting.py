"""``fit`` a panel, then ``predict``: the seam behind which every model stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from zlib import crc32

import numpy as np
import pandas as pd

from dxanalysis.data.schema import Kind
from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.arguments import (
    check_bounds,
    check_kinds,
    check_reach,
    check_regions,
    check_whole,
    lacking,
    named,
    tell_of_fractions,
)
from dxanalysis.forecast.choice import MIN_POOLED, Model, choose_model, choose_scale
from dxanalysis.forecast.evidence import NotEnoughData
from dxanalysis.forecast.grounds import PooledGrounds, too_few, too_old
from dxanalysis.forecast.law import Joined
from dxanalysis.forecast.lone.alone import LONE_POINTS, Lone, LoneFit, evidence_of, fit_alone, paths
from dxanalysis.forecast.panel import Grid, Release, as_panel, read_panel
from dxanalysis.forecast.pooled.cases import SimilarCases
from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.model import PooledFit, fit_pooled
from dxanalysis.forecast.pooled.options import SCORES, PooledOptions
from dxanalysis.forecast.pooled.prepared import prepared
from dxanalysis.forecast.predictive import Predictive, some
from dxanalysis.forecast.prior import Prior, shipped
from dxanalysis.forecast.region_groups import numbered
from dxanalysis.forecast.revision.revisions import NO_REVISIONS, RevisionNoise, age_of, noise_of, revisions
from dxanalysis.forecast.scale import FloatArray, Scale

DRAWS: Final = 4000
MAX_HORIZON: Final = 30
"""Years a forecast may reach, and years after which a region's last value is too old for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted panel: regions that can be forecast, and those whose history is too short, each with what is missing.

    Attributes
    ----------
    grid
        The panel.
    scale
        The indicator's scale.
    model
        ``pooled``, ``local``, ``drift`` or ``mean``.
    pooled
        The pooled fit; None for a model of single series.
    fits
        Models of single series by region; empty for the pooled one.
    not_enough
        Regions that cannot be forecast: too few values, or the newest more than 30 years before the first period to come.
    noise
        Size of revisions by region.
    """

    grid: Grid
    scale: Scale
    model: Model
    unit: str
    pooled: PooledFit | None
    fits: Mapping[str, LoneFit]
    not_enough: Mapping[str, NotEnoughData]
    noise: Mapping[str, RevisionNoise] = field(default_factory=dict)

    @property
    def stream(self) -> int:
        """Number that keeps the random numbers of different indicators apart: from the first values of all regions that have enough; a further year leaves it alone, a further region does not."""
        known = np.isfinite(self.grid.values)
        first = known & (known.cumsum(axis=1) <= MIN_POOLED) & (known.sum(axis=1) >= MIN_POOLED)[:, None]
        return crc32(self.grid.values[first].tobytes())

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that can be forecast."""
        return tuple(region for region in self.grid.regions if region not in self.not_enough)

    @property
    def last_year(self) -> int:
        """Year of the newest value of the panel."""
        return self.grid.last_year

    def predict(
        self, *, horizon: int, regions: str | int | Iterable[str | int] | None = None, draws: int = DRAWS, seed: int = 0
    ) -> Predictive:
        """Distribution of the periods after the panel's newest one.

        A region whose own values end earlier is carried forward to the common periods. Its numbers depend on the panel, the seed and its
        id: not on which other regions are asked for, nor on the horizon.

        Parameters
        ----------
        horizon
            Periods ahead of the newest period of the panel, 1 to 30 years.
        regions
            Region id or ids to forecast, as text or as the numbers of the panel; None for all that have enough points.
        draws
            Number of paths. :func:`~dxanalysis.forecast.answers.attainment.attainment` wants at least 100.
        seed
            Start of the random numbers, 0 or more.

        Raises
        ------
        ParameterError
            When the horizon, the draws or the seed are out of range, the periods lead beyond 2100, or a region is unknown or given twice.
        ModelError
            When a region asked for has too few points or too old ones, or no region has enough.
        """
        check_whole("horizon", horizon, 1, MAX_HORIZON * self.grid.per_year)
        check_whole("draws", draws, 1, 1_000_000)
        check_whole("seed", seed, 0, 2**63)
        chosen = self.regions if regions is None else named(regions)
        self._check_regions(chosen)
        width = self.grid.values.shape[1]
        check_reach(self.grid, horizon)
        periods = tuple(self.grid.label(width + step) for step in range(horizon))
        if self.pooled is None:
            last = self.grid.last_year + horizon
            drawn = [
                paths(self.fits[region], last_year=last, horizon=horizon, draws=draws, seed=seed) for region in chosen
            ]
            return Predictive.of_draws(
                np.stack(drawn, axis=1),
                regions=chosen,
                periods=periods,
                evidence=[
                    evidence_of(self.fits[region], self.grid.releases.get(region, Release())) for region in chosen
                ],
                model=self.model,
                unit=self.unit,
                parameters={"scale": self.scale.form},
                seed=seed,
                bounds=(self.scale.lower, self.scale.upper),
                whole=self.scale.whole,
                whole_years=self.grid.whole_years,
            )
        return self._pooled(self.pooled, chosen, periods, draws, seed)

    def _pooled(
        self, fit: PooledFit, chosen: tuple[str, ...], periods: tuple[str, ...], draws: int, seed: int
    ) -> Predictive:
        index = {region: row for row, region in enumerate(self.grid.regions)}
        rows = np.array([index[region] for region in chosen], dtype=np.int64)
        width, horizon = self.grid.values.shape[1], len(periods)
        late = width - 1 - fit.matrix.last[rows]
        location = np.empty((len(rows), horizon))
        errors = np.empty((len(rows), horizon, len(SCORES)))
        analogues, weight = np.empty(len(rows)), np.empty(len(rows))
        for lag in np.unique(late):
            here = np.flatnonzero(late == lag)
            at, off, counts, part = fit.forecast(rows[here], horizon + int(lag))
            location[here], errors[here] = at[:, lag:], off[:, lag:]
            analogues[here], weight[here] = counts, part
        self._add_noise(rows, fit.matrix, chosen, errors)
        if fit.matrix.stretch is not None:
            location, errors = fit.matrix.stretch.undone(rows, location, errors)

        return Predictive(
            regions=chosen,
            periods=periods,
            law=Joined(
                regions=chosen,
                location=location,
                errors=errors,
                scale=self.scale,
                ahead=(late + 1).astype(np.int64),
                persistence=fit.persistence,
                common=fit.common_part(horizon),
                groups=None if fit.matrix.groups is None else fit.matrix.groups[rows],
                within=None if fit.matrix.groups is None else fit.group_part(horizon),
                n_draws=draws,
                seed=seed,
                stream=self.stream,
                shared_ahead=1,
            ),
            evidence_of=PooledGrounds(
                grid=self.grid, noise=self.noise, fit=fit, rows=rows, analogues=analogues, weight=weight
            ),
            unit=self.unit,
            model="pooled",
            parameters={
                "scale": self.scale.form,
                "memories": list(fit.options.memories),
                "n_steps": fit.n_steps,
                "prior": fit.prior.name,
                "prior_share": round(fit.prior_share, 3),
                "common": [round(part, 3) for part in fit.common_part(horizon).tolist()],
                "group_weight": round(sum(one.weight for one in fit.coefficients if one.grouped), 3),
                "persistence": round(fit.persistence, 3),
            },
            seed=seed,
            bounds=(self.scale.lower, self.scale.upper),
            whole=self.scale.whole,
            whole_years=self.grid.whole_years,
            cases_of=SimilarCases(fit=fit, rows=index, scale=self.scale),
        )

    def _add_noise(self, rows: IntArray, matrix: Matrix, chosen: tuple[str, ...], errors: FloatArray) -> None:
        """Widen by what rounding, revisions of the last value and the season leave open: variances add on the scale."""
        last = self.grid.values[rows, matrix.last[rows]]
        slope = self.scale.slope(last) * (1.0 if matrix.stretch is None else matrix.stretch.factor[rows])
        rounding = 0.0 if self.scale.whole else self.scale.resolution  # places are counted
        variance = np.square(slope * rounding) / 12
        if matrix.seasons is not None:
            variance += matrix.seasons.variance[rows]
        if self.noise:
            variance += np.square(slope * [self.noise.get(region, NO_REVISIONS).size for region in chosen])
        one = int(np.searchsorted(SCORES, 1.0 - 1e-9))
        size = (errors[:, :, one] - errors[:, :, len(SCORES) - 1 - one]) / 2
        wider = np.sqrt(1 + variance[:, None] / np.square(np.maximum(size, 1e-9)))[..., None]
        middle = errors[:, :, len(SCORES) // 2, None]  # what is added has no direction: the median stays
        errors[:] = middle + wider * (errors - middle)

    def _check_regions(self, chosen: tuple[str, ...]) -> None:
        check_regions(chosen, self.grid.regions, self.not_enough)
        if not chosen:
            needed = MIN_POOLED if self.model == "pooled" else LONE_POINTS[self.model]
            raise ModelError(
                f"no region has the {needed} values that the {self.model} model needs",
                fix="Report it as not enough data",
            )

    def __repr__(self) -> str:
        width = self.grid.values.shape[1]
        short = f"; {some(list(self.not_enough), 3)} with {lacking(self.not_enough)}" if self.not_enough else ""
        return (
            f"Fitted({self.model}: {some(self.regions, 3) or 'no region'}; {self.grid.label(0)} to {self.grid.label(width - 1)}, "
            f"{self.scale}{f', {self.unit}' if self.unit else ''}{short})"
        )


def fit(
    panel: pd.DataFrame,
    *,
    bounds: tuple[float | None, float | None] | None = None,
    kind: Kind | None = None,
    model: Model | None = None,
    unit: str = "",
    history: pd.DataFrame | None = None,
    prior: Prior | None = None,
    groups: Mapping[str, str] | None = None,
    options: PooledOptions | None = None,
) -> Fitted:
    """Fit a forecast model to a panel.

    Parameters
    ----------
    panel
        Columns region, period or year (years, or parts of years of one kind) and value; what was known. Every region of it is learnt from; see
        :func:`~dxanalysis.forecast.panel.read_panel`.
    bounds
        Bounds (lower, upper) of the indicator in its unit, None for none. A value beyond a bound is cut there.
    kind
        ``share`` (needs both bounds), ``level``, ``index``, ``growth`` or ``rank``; None for a share when both bounds are given, for a level above
        0 when no value is below, else unbounded.
    model
        ``pooled`` learns from all regions; ``local``, ``drift`` and ``mean`` take each yearly series on its own. None: the mean for a growth
        rate with fewer than 20 peers, ``local`` for fewer than five series of ten years or more without an upper bound, else pooled.
    unit
        Unit of the values, kept with the result.
    history
        Every release of this one indicator (``store.observations(..., history=True)``), from which the size of revisions is
        taken; region ids as in the panel. None: the last value is taken as final, which the evidence says.
    prior
        What to lean on where peers are few; None for the one that is shipped, ``Prior()`` for none.
    groups
        Group of a region by its id, such as its country: the pooled model looks at how the others of the group moved, as far as past origins
        show that it helps. None: as the codes tell, see :mod:`~dxanalysis.forecast.region_groups`; empty for none.
    options
        Settings of the pooled engine.

    Returns
    -------
    Fitted
        With the regions that have too few points, or none in the last 30 years of the panel, in ``not_enough``.

    Warns
    -----
    BeyondBounds, PercentOrFraction
        When values lie beyond the bounds and are cut; when all of a percentage look like fractions.

    Raises
    ------
    ModelError
        When the panel or the history is not usable, or the history holds several indicators.
    ParameterError
        When bounds, kind, model, history, prior or options are not known or do not fit together, or the groups name none of the regions.
    """
    panel = as_panel(panel)
    check_bounds(bounds)
    scale = choose_scale(panel, kind, bounds)
    grid = read_panel(panel, scale)
    tell_of_fractions(panel, grid, scale)
    check_kinds(history=history, prior=prior, options=options)
    table = None if history is None else revisions(history)
    if history is not None and len(set(history["indicator"])) > 1:
        raise ModelError("the history holds several indicators", fix="Give the releases of the indicator in the panel")
    noise = {} if table is None else {region: _noise(table, grid, row) for row, region in enumerate(grid.regions)}
    chosen = model if model is not None else choose_model(kind or "level", scale, grid)
    if chosen == "pooled":
        number = numbered(grid.regions, groups)
        return _fit_pooled(grid, scale, unit, noise, prior if prior is not None else shipped(), number, options)
    if not isinstance(chosen, str) or chosen not in LONE_POINTS:
        raise ParameterError(f"{chosen!r} is not a model", fix=f"Choose pooled, {', '.join(LONE_POINTS)}")
    return _fit_alone(grid, scale, unit, noise, chosen)


def _fit_alone(grid: Grid, scale: Scale, unit: str, noise: Mapping[str, RevisionNoise], model: Lone) -> Fitted:
    if grid.per_year > 1:
        raise ModelError(
            f"the {model} model takes years, not parts of years", fix="Give yearly values, or choose the pooled model"
        )
    results = {
        region: fit_alone(grid.series(row), scale, model=model, noise=noise.get(region, NO_REVISIONS))
        for row, region in enumerate(grid.regions)
    }
    return Fitted(
        grid=grid,
        scale=scale,
        model=model,
        unit=unit,
        pooled=None,
        fits={region: result for region, result in results.items() if not isinstance(result, NotEnoughData)},
        not_enough={
            **too_old(grid, MAX_HORIZON),
            **{region: result for region, result in results.items() if isinstance(result, NotEnoughData)},
        },
    )


def _fit_pooled(
    grid: Grid,
    scale: Scale,
    unit: str,
    noise: Mapping[str, RevisionNoise],
    prior: Prior,
    groups: IntArray | None,
    options: PooledOptions | None,
) -> Fitted:
    matrix = prepared(grid.scaled(scale), per_year=grid.per_year, scale=scale, groups=groups)
    return Fitted(
        grid=grid,
        scale=scale,
        model="pooled",
        unit=unit,
        pooled=fit_pooled(
            matrix,
            # a rank leans on nothing: all regions' ranks cannot rise as all regions' shares do
            families=(Prior() if scale.whole else prior).of(scale.form),
            inside=scale.inside(),
            horizon=MAX_HORIZON * grid.per_year,
            options=options or PooledOptions(),
        ),
        fits={},
        not_enough={**too_old(grid, MAX_HORIZON), **too_few(grid, MIN_POOLED)},
        noise=noise,
    )


def _noise(table: pd.DataFrame, grid: Grid, row: int) -> RevisionNoise:
    """Size of the revisions that a region's last value may still see: of figures as old as it is, where the table tells."""
    region = grid.regions[row]
    known = np.flatnonzero(np.isfinite(grid.values[row]))
    release = grid.releases.get(region, Release())
    age = age_of(grid.label(int(known[-1])), pd.Timestamp(release.last)) if release.last else None
    return noise_of(table, region, age=age)
