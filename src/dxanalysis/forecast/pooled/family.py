"""What a public adoption panel taught, as parameters: a family. Several families make the prior.

A region without peers is forecast by the families, weighted by how likely each makes the changes that were seen: the region's own and
those of whatever peers there are. A series that creeps like water supply is not carried on like mobile telephones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from dxanalysis.forecast.pooled.cells import (
    FEATURES,
    PART_FEATURES,
    SPREAD_FEATURES,
    Matrix,
    carry_on,
    spread_features,
    with_unknown,
)
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.options import HORIZONS, SCORES
from dxanalysis.forecast.scale import FloatArray

INDEPENDENT_A_YEAR: Final = 10.0
"""Regions of one year share its shocks: they count as at most so many independent ones."""
_NAMED: Final = 0.05  # weight from which a family is named as a source
LIKENESS_YEARS: Final = (1, 3)
MOST_CASES: Final = 2000
_FARTHEST: Final = 3.0  # root mean squares of the level from 0
_SHORT_GROWTH = 0.5  # errors within a year grow with the square root of time, as a random walk's


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Parameters of one panel, or of a mixture of several.

    Attributes
    ----------
    name
        Indicator and panel.
    form
        Scale they hold on: ``bounded`` or ``positive``.
    beta, mean_square
        Regression coefficients of the yearly change, and mean squares of the features, arrays (7,); (8,) once made :meth:`of_parts`.
    gamma
        Coefficients of the log size of errors by horizon of ``HORIZONS``, array (7, 5).
    shape
        Standardized errors at ``SCORES`` by horizon, array (7, 31).
    common, persistence
        Part of the errors' variance that is common to all regions; exponent k of their correlation (h/h')^k over horizons h < h'.
    n_cases, n_regions, first_year, last_year, source, licence
        Where they are from.
    """

    name: str
    form: Literal["bounded", "positive"]
    beta: FloatArray
    mean_square: FloatArray
    gamma: FloatArray
    shape: FloatArray
    common: float
    persistence: float
    n_cases: int
    n_regions: int
    first_year: int
    last_year: int
    source: str
    licence: str

    def of_parts(self) -> Family:
        """The same for parts of years: panels of years say nothing of the pace within one."""
        beta, mean_square = with_unknown(self.beta, self.mean_square, len(PART_FEATURES))
        return replace(self, beta=beta, mean_square=mean_square)

    def log_size(self, spread: FloatArray, years: float) -> FloatArray:
        """Log of the typical error of cases (n, 5) so many years ahead; between horizons linear in the log of the years.

        Beyond three times the root mean square of the levels that the panel had, the size is that of there: a line through scores in the
        middle says nothing of shares near a bound.
        """
        low, high, part, beyond = _between(years)
        at = SPREAD_FEATURES.index("level")
        farthest = _FARTHEST * np.sqrt(self.mean_square[FEATURES.index("level")])
        spread = spread.copy()
        spread[:, at] = np.minimum(np.maximum(spread[:, at], -farthest), farthest)
        spread[:, SPREAD_FEATURES.index("level_squared")] = np.square(spread[:, at])
        gamma = (1 - part) * self.gamma[low] + part * self.gamma[high]
        # row by row: a matrix product of one case differs in the last bit from the same case among others
        log_size: FloatArray = np.einsum("ij,j->i", spread, gamma) + beyond
        return log_size

    def shape_at(self, years: float) -> FloatArray:
        """Standardized errors at ``SCORES`` so many years ahead, array (31,)."""
        low, high, part, _ = _between(years)
        shape: FloatArray = (1 - part) * self.shape[low] + part * self.shape[high]
        return shape


def _between(years: float) -> tuple[int, int, float, float]:
    """Horizons around a number of years, how far between them, and what to add to the log size outside of all."""
    if years <= HORIZONS[0]:
        return 0, 0, 0.0, _SHORT_GROWTH * float(np.log(years / HORIZONS[0]))
    if years >= HORIZONS[-1]:
        return len(HORIZONS) - 1, len(HORIZONS) - 1, 0.0, _SHORT_GROWTH * float(np.log(years / HORIZONS[-1]))
    high = int(np.searchsorted(HORIZONS, years))
    low = high - 1
    part = float(np.log(years / HORIZONS[low]) / np.log(HORIZONS[high] / HORIZONS[low]))
    return low, high, part, 0.0


def likeness(families: tuple[Family, ...], matrix: Matrix, rows: IntArray, columns: IntArray) -> FloatArray:
    """Weight of each family, array (families,): how likely it makes what the cases came to.

    Parameters
    ----------
    families
        Families of one form.
    matrix, rows, columns
        Cases of a panel; of more than 2,000 the newest are taken.

    Notes
    -----
    Each family is carried on from each case to one and to three years later. The density of what came is a Student t with 4 degrees of
    freedom around it, as wide as the family says. Its mean logarithm over cases counts as often as there are independent cases, at
    most ten a year, and the two horizons count half each: a family must know how errors grow, not only what the next year brings.
    """
    newest = np.argsort(columns, kind="stable")[-MOST_CASES:]
    rows, columns = rows[newest], columns[newest]
    lags, age = matrix.lags(rows, columns)
    spread = spread_features(lags, age, matrix.per_year)
    now, width = matrix.values[rows, columns], matrix.values.shape[1]
    logs = np.zeros(len(families))
    steps = [years * matrix.per_year for years in LIKENESS_YEARS]
    came = np.full((len(rows), len(steps)), np.nan)
    for at, step in enumerate(steps):
        within = columns + step < width
        came[within, at] = matrix.values[rows[within], columns[within] + step] - now[within]
    each = len(families)
    carried = carry_on(
        np.tile(lags, (each, 1)),
        np.tile(age, each),
        np.repeat([family.beta for family in families], len(rows), axis=0),
        per_year=matrix.per_year,
        steps=steps[-1],
    ).reshape(each, len(rows), steps[-1])
    for at, (family, expected) in enumerate(zip(families, carried, strict=True)):
        for order, (years, step) in enumerate(zip(LIKENESS_YEARS, steps, strict=True)):
            seen = np.isfinite(came[:, order])
            if not seen.any():
                continue
            worth = min(int(seen.sum()), INDEPENDENT_A_YEAR * len(np.unique(columns[seen])))
            size = family.log_size(spread[seen], years)
            miss = (came[seen, order] - expected[seen, step - 1]) / np.exp(size)
            logs[at] += worth / len(steps) * float(np.mean(-size - 2.5 * np.log1p(np.square(miss) / 4)))
    weights = np.exp(logs - logs.max())
    normed: FloatArray = weights / weights.sum()
    return normed


def mixture(families: tuple[Family, ...], weights: FloatArray) -> Family:
    """One family with the weighted means of the parameters: quantiles are averaged at each score, sizes as logarithms."""

    def mean(name: str) -> FloatArray:
        parts = np.stack([np.asarray(getattr(family, name), dtype=float) for family in families])
        return np.asarray(np.tensordot(weights, parts, axes=1))

    # of very many families none may stand out: the likeliest then speak for all
    part = min(_NAMED, 0.999 * float(weights.max()))
    named = [family for family, weight in zip(families, weights, strict=True) if weight > part]
    return Family(
        name=" + ".join(family.name for family in named),
        form=families[0].form,
        beta=mean("beta"),
        mean_square=mean("mean_square"),
        gamma=mean("gamma"),
        shape=mean("shape"),
        common=float(mean("common")),
        persistence=float(mean("persistence")),
        n_cases=sum(family.n_cases for family in named),
        n_regions=sum(family.n_regions for family in named),
        first_year=min(family.first_year for family in named),
        last_year=max(family.last_year for family in named),
        source="; ".join(dict.fromkeys(family.source for family in named)),
        licence="; ".join(dict.fromkeys(family.licence for family in named)),
    )


def wide(form: Literal["bounded", "positive"]) -> Family:
    """What is assumed where there is no prior: no change expected, errors of 0.2 on the scale in a year that grow with the horizon."""
    gamma = np.zeros((len(HORIZONS), len(SPREAD_FEATURES)))
    gamma[:, 0] = np.log(0.2 * np.asarray(HORIZONS, dtype=float))
    return Family(
        name="no change",
        form=form,
        beta=np.zeros(len(FEATURES)),
        mean_square=np.zeros(len(FEATURES)),
        gamma=gamma,
        shape=np.tile(SCORES * (1 + np.abs(SCORES) / 6), (len(HORIZONS), 1)),
        common=0.2,
        persistence=0.5,
        n_cases=0,
        n_regions=0,
        first_year=0,
        last_year=0,
        source="",
        licence="",
    )
