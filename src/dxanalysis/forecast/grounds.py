"""What a forecast rests on, and regions that have no grounds for one.

Evidence is told when it is first asked for: of very many regions it is large, and quantiles do without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dxanalysis.forecast.choice import MIN_POOLED
from dxanalysis.forecast.evidence import Evidence, Missing, NotEnoughData
from dxanalysis.forecast.panel import Grid, Release
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.model import PooledFit
from dxanalysis.forecast.pooled.own_way import LEAST_VALUES
from dxanalysis.forecast.revision.revisions import NO_REVISIONS, RevisionNoise
from dxanalysis.forecast.scale import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PooledGrounds:
    """Called without arguments: evidence of regions forecast by the pooled model, one entry a row.

    Attributes
    ----------
    grid, noise, fit
        The panel, size of revisions by region, and the fit.
    rows
        Rows of the panel that are forecast, array (regions,).
    analogues, weight
        Effective number of past cases and weight of the prior, arrays (regions,).
    """

    grid: Grid
    noise: Mapping[str, RevisionNoise]
    fit: PooledFit
    rows: IntArray
    analogues: FloatArray
    weight: FloatArray

    def __call__(self) -> tuple[Evidence, ...]:
        """Evidence in the order of the rows."""
        peers = int((np.isfinite(self.grid.values).sum(axis=1) >= MIN_POOLED).sum()) - 1
        return tuple(
            self._one(int(row), round(float(count)), float(share), peers)
            for row, count, share in zip(self.rows, self.analogues, self.weight, strict=True)
        )

    def _one(self, row: int, analogues: int, weight: float, peers: int) -> Evidence:
        region, prior = self.grid.regions[row], self.fit.prior
        release = self.grid.releases.get(region, Release())
        noise = self.noise.get(region, NO_REVISIONS)
        observed = self.grid.observed(row)
        own = self.fit.own_way if len(observed) >= LEAST_VALUES else 0.0
        return Evidence(
            region=region,
            observed=observed,
            last_release=release.last,
            releases=release.count,
            n_revisions=noise.n,
            revision_size=noise.size,
            n_analogues=analogues,
            n_peers=peers,
            prior_weight=(1 - own) * max(weight, self.fit.prior_share) if prior.n_cases else 0.0,
            own_weight=own,
            prior_source=prior.name if prior.n_cases else "",
            source=release.source,
        )


def too_few(grid: Grid, least: int) -> dict[str, NotEnoughData]:
    """Regions with fewer values than ``least``."""
    short = {}
    counts = np.isfinite(grid.values).sum(axis=1)
    for row in np.flatnonzero(counts < least):
        facts = (("region", grid.regions[row]), ("found", int(counts[row])), ("needed", least))
        missing = Missing(code="points", facts=facts)
        short[grid.regions[row]] = NotEnoughData(reason="too_few_points", missing=(missing,))
    return short


def too_old(grid: Grid, years: int) -> dict[str, NotEnoughData]:
    """Regions whose newest value lies more than so many years before the first period to come."""
    short = {}
    behind = np.isfinite(grid.values)[:, ::-1].argmax(axis=1)
    for row in np.flatnonzero(behind + 1 > years * grid.per_year):
        last = grid.label(grid.values.shape[1] - 1 - int(behind[row]))
        facts = (("region", grid.regions[row]), ("last", last), ("years", years))
        missing = Missing(code="newer_value", facts=facts)
        short[grid.regions[row]] = NotEnoughData(reason="values_too_old", missing=(missing,))
    return short
