"""The whole from its parts: a nation, or a province merged from several, as joint draws.

Draw i of the whole is made of draw i of every part, so whatever the parts have in common (a good year everywhere) stays in the
whole, and sums and means agree with the parts in every draw: forecasts are coherent from the bottom up (Hyndman and
Athanasopoulos, *Forecasting: Principles and Practice*, chapter on hierarchical series).

==================== ============================ =====================================================================
function             value in draw i, period t    for
==================== ============================ =====================================================================
``total``            Σ_r y_irt                    levels: households, enterprises, value added
``weighted_mean``    Σ_r w_rt y_irt / Σ_r w_rt    shares and rates, weighted by their denominators (population, GRDP)
``merge``            either, by group             several merged provinces at once
==================== ============================ =====================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError, ModelError, ParameterError
from dxanalysis.forecast.evidence import Evidence
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.scale import FloatArray

_NO_SUM: Final = frozenset({"percent", "points", "score_0_1", "per_100"})
"""Units of rates, shares and indices."""
Weights = Mapping[str, float] | pd.Series | pd.DataFrame | npt.ArrayLike
"""Positive weights of the parts.

By region, constant: a mapping or Series by region id, or an array (n_regions,) in the predictive's order. By region and period: a
DataFrame with region ids as index and periods as columns, or an array (n_regions, horizon) for the periods drawn.
"""


def total(pred: Predictive, *, name: str) -> Predictive:
    """Sum of all regions of a predictive.

    Parameters
    ----------
    pred
        Joint paths of the parts, of a level.
    name
        Region id of the whole.

    Returns
    -------
    Predictive
        One region. Bounds are the parts' bounds times their number. The evidence is the sum of the parts' observed values, for
        the periods that all of them have.

    Raises
    ------
    ParameterError
        When the name is empty, or values are ranks or have an upper bound (a share): those do not add up.
    ModelError
        When the parts have no observed period in common.
    """
    return merge(pred, {name: pred.regions})


def weighted_mean(pred: Predictive, weights: Weights, *, name: str) -> Predictive:
    """Weighted mean of all regions of a predictive: a share of the whole from the shares of its parts.

    Parameters
    ----------
    pred
        Joint paths of the parts.
    weights
        Positive; see :data:`Weights`. Their scale does not matter. Weights are taken as known: uncertainty of future population or
        GRDP is not in the result.
    name
        Region id of the whole.

    Returns
    -------
    Predictive
        One region, within the parts' bounds. Observed values are weighted with their own period's weights where they are given,
        else with those of the nearest period that has them (``parameters["weights_carried"]`` lists such periods).

    Raises
    ------
    ParameterError
        When a weight is missing, zero, negative or not a number (the region is named), when an array has another shape, when the
        name is empty, or when values are ranks.
    ModelError
        When the parts have no observed period in common.
    """
    return merge(pred, {name: pred.regions}, weights=weights)


def merge(pred: Predictive, groups: Mapping[str, Sequence[str]], weights: Weights | None = None) -> Predictive:
    """Aggregate groups of regions, each into one; regions of no group are left out.

    Parameters
    ----------
    pred
        Joint paths of the parts.
    groups
        Region id of each whole and the region ids of its parts. A region may stand in one group only.
    weights
        None for sums (see :func:`total`), else for weighted means (see :func:`weighted_mean`); of the regions in groups.

    Returns
    -------
    Predictive
        One region a group, in the order of ``groups``; seed and number of draws are the parts', so its draws belong to the same
        worlds as theirs.

    Raises
    ------
    ParameterError
        As of :func:`total` and :func:`weighted_mean`; when there is no group, a group is empty, or a region is unknown or stands in
        two groups.
    ModelError
        When the parts of a group have no observed period in common.
    """
    _check_groups(pred, groups)
    _check_kind(pred, summed=weights is None)
    draws = pred.draws
    chosen = [region for parts in groups.values() for region in parts]
    table = None if weights is None else _table(pred, chosen, weights)
    paths, evidence, carried = [], [], set()
    for name, parts in groups.items():
        values = draws[:, [pred.row(part) for part in parts], :]
        known = [pred.evidence[pred.row(part)] for part in parts]
        periods = _common_periods(name, known)
        observed = np.array([[dict(one.observed)[period] for period in periods] for one in known])
        if table is None:
            paths.append(values.sum(axis=1))
            whole, sizes = observed.sum(axis=0), np.ones(len(parts))
        else:
            ahead, _ = _weights_at(table, parts, pred.periods)
            behind, borrowed = _weights_at(table, parts, periods)
            carried |= borrowed
            paths.append(_mean(values, ahead))
            whole, sizes = _mean(observed[np.newaxis], behind)[0], behind[:, -1] / behind[:, -1].sum()
        evidence.append(_evidence(name, known, periods, whole, sizes))
    counts = [len(parts) for parts in groups.values()]
    lower, upper = pred.bounds
    return Predictive.of_draws(
        np.stack(paths, axis=1),
        regions=tuple(groups),
        periods=pred.periods,
        evidence=evidence,
        model=pred.model,
        unit=pred.unit,
        parameters={
            **pred.parameters,
            "aggregate": "total" if table is None else "weighted_mean",
            "parts": {name: tuple(parts) for name, parts in groups.items()},
            **({} if table is None else {"weights_carried": tuple(sorted(carried))}),
        },
        seed=pred.seed,
        # one pair of bounds holds for every group: that of the smallest or largest number of parts, whichever is looser
        bounds=(min(count * lower for count in counts), upper) if table is None else pred.bounds,
        whole=pred.whole,
        whole_years=pred.whole_years,
    )


def _mean(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted mean over the parts, (draws, parts, periods) with (parts, periods); never past the outermost part by a float's last bit."""
    mean = np.einsum("drt,rt->dt", values, weights / weights.sum(axis=0))
    clipped: FloatArray = np.clip(mean, values.min(axis=1), values.max(axis=1))
    return clipped


def _check_groups(pred: Predictive, groups: Mapping[str, Sequence[str]]) -> None:
    if not groups:
        raise ParameterError("there is no group", fix="Name at least one whole with its parts")
    seen: set[str] = set()
    for name, parts in groups.items():
        if not name:
            raise ParameterError("the whole has no name", fix="Give its region id")
        if isinstance(parts, str) or not parts:
            raise ParameterError(f"the parts of {name!r} are {parts!r}", fix="Give a list of region ids")
        for part in parts:
            if part not in pred.regions:
                raise ParameterError(
                    f"region {part!r} was not forecast",
                    where=f"group {name}",
                    fix=f"Forecast are: {', '.join(pred.regions)}",
                )
            if part in seen:
                raise ParameterError(
                    f"region {part!r} stands in two groups, or twice in one", fix="Put each region in one group"
                )
            seen.add(part)


def _check_kind(pred: Predictive, *, summed: bool) -> None:
    if pred.whole:
        raise ParameterError(
            "ranks of parts do not make a rank of the whole",
            fix="Aggregate the values the ranks come from, then rank the wholes with rank_at_most",
        )
    if summed and pred.unit in _NO_SUM:
        raise ParameterError(
            f"values in {pred.unit} do not add up",
            fix="Give weights: a share, rate or index of the whole is the weighted mean of the parts'",
        )
    if summed and math.isfinite(pred.bounds[1]):
        raise ParameterError(
            f"values that end at {pred.bounds[1]:g} do not add up",
            fix="Give weights, such as population: a share of the whole is the weighted mean of the parts' shares",
        )


def _table(pred: Predictive, chosen: Sequence[str], weights: Weights) -> pd.DataFrame:
    """Weights as a table, regions by periods; a constant weight stands in one column without a name."""
    if isinstance(weights, pd.DataFrame):
        table = weights.set_axis([str(column) for column in weights.columns], axis="columns")
    elif isinstance(weights, (Mapping, pd.Series)):
        table = pd.Series(weights, dtype=object).to_frame("")
    else:
        array = np.asarray(weights)
        shapes = ((len(pred.regions),), (len(pred.regions), len(pred.periods)))
        if array.shape not in shapes:
            raise ParameterError(
                f"the weights have the shape {array.shape}",
                fix=f"Give {shapes[0]} for constant weights or {shapes[1]} for weights by period, or a table by region id",
            )
        columns = pd.Index([""]) if array.ndim == 1 else pd.Index(pred.periods)
        table = pd.DataFrame(array.reshape(len(pred.regions), -1), index=pd.Index(pred.regions), columns=columns)
    table = table.set_axis([str(region) for region in table.index], axis="index")
    twice = [*table.index[table.index.duplicated()], *table.columns[table.columns.duplicated()]]
    if twice:
        raise ParameterError(
            f"the weights name {twice[0]!r} twice", fix="Give one row a region and one column a period"
        )
    absent = [region for region in chosen if region not in table.index]
    if absent:
        raise ParameterError(f"region {absent[0]!r} has no weight", fix="Give a weight for every part")
    if list(table.columns) != [""]:
        for column in table.columns:
            _check_column(column)
        for period in pred.periods:
            if period not in table.columns:
                raise ParameterError(
                    f"the weights have no column {period}", fix="Give a weight for every period drawn, or constant ones"
                )
    numbers: pd.DataFrame = table.loc[list(chosen)].apply(pd.to_numeric, errors="coerce").astype(float)
    array = numbers.to_numpy(dtype=float)
    for row, column in np.argwhere(~(np.isfinite(array) & (array > 0))):
        region, period = chosen[row], table.columns[column]
        raise ParameterError(
            f"the weight is {table.loc[[region], [period]].to_numpy()[0, 0]}",
            where=f"region {region}{f', {period}' if period else ''}",
            fix="Give a positive number, or leave the region out of the groups",
        )
    return numbers


def _check_column(column: str) -> None:
    try:
        Period.parse(column)
    except DataError as error:
        raise ParameterError(
            f"the weights have a column {column!r}, which is not a period", fix="Leave it out"
        ) from error


def _weights_at(table: pd.DataFrame, parts: Sequence[str], periods: Sequence[str]) -> tuple[FloatArray, set[str]]:
    """Weights (parts, periods), and the periods whose weights are those of the nearest period that has some."""
    if list(table.columns) == [""]:
        constant = table.loc[list(parts)].to_numpy(dtype=float)
        return np.repeat(constant, len(periods), axis=1), set()
    ends = {column: Period.parse(column).end for column in sorted(table.columns)}
    nearest = [min(ends, key=lambda column: abs(ends[column] - Period.parse(period).end)) for period in periods]
    carried = {period for period, column in zip(periods, nearest, strict=True) if period != column}
    return table.loc[list(parts), nearest].to_numpy(dtype=float), carried


def _common_periods(name: str, known: Sequence[Evidence]) -> tuple[str, ...]:
    held = [{period for period, _ in one.observed} for one in known]
    common = tuple(period for period, _ in known[0].observed if all(period in periods for periods in held))
    if not common:
        raise ModelError(
            "the parts have no observed period in common",
            where=f"region {name}",
            fix="Leave out the part whose values are of other periods, or forecast the whole from its own values",
        )
    return common


def _evidence(
    name: str, known: Sequence[Evidence], periods: Sequence[str], whole: FloatArray, sizes: FloatArray
) -> Evidence:
    """Evidence of the whole: as new as its newest part, as thin as its thinnest."""
    sources = {one.source for one in known}
    return replace(
        known[0],
        region=name,
        observed=tuple((period, float(value)) for period, value in zip(periods, whole, strict=True)),
        last_release=max(one.last_release for one in known),
        releases=min(one.releases for one in known),
        n_revisions=min(one.n_revisions for one in known),
        # as if the parts were always revised the same way together: an upper limit
        revision_size=float(sum(size * one.revision_size for size, one in zip(sizes, known, strict=True)))
        if all(one.n_revisions for one in known)
        else 0.0,
        n_analogues=min(one.n_analogues for one in known),
        prior_weight=max(one.prior_weight for one in known),
        own_weight=min(one.own_weight for one in known),
        source=sources.pop() if len(sources) == 1 else "",
    )
