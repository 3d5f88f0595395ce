"""The digital share of a region without a table of its own, as an interval whose parts are named.

Four things are not known: which definition is meant, which part of a partly digital sector is digital (split), how much the region buys elsewhere (delta), and which release
of the region's value added is right. Every combination is computed: all definitions and releases, delta at the middle of equal steps of its band, splits at seeded
Latin hypercube points of their ranges.

The design says what the interval means: definitions and releases count alike, delta and splits are uniform over their ranges. It is a range over choices, not a
probability that nature drew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import qmc

from dxanalysis.accounts.regional.nation import by_code, nation_of
from dxanalysis.accounts.regional.quotients import NEEDS_DELTA, Quotient, checked_delta
from dxanalysis.accounts.regional.regionalise import RegionalTable, regional_table
from dxanalysis.accounts.regional.unknowns import (
    LEVELS,
    Release,
    ShareInterval,
    SplitRange,
    WeightedDefinition,
    hazen,
    variance_parts,
)
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.table import InputOutputTable, Vector, frozen
from dxanalysis.errors import ModelError, ParameterError

DELTAS: Final = 41  # steps of the band: the outermost lie within the outer 2.5 %
SPLITS: Final = 32


def share_interval(
    table: InputOutputTable,
    *,
    region: str,
    unit: Money | str,
    year: int,
    definitions: Sequence[WeightedDefinition],
    releases: Sequence[Release],
    splits: Sequence[SplitRange] = (),
    method: Quotient,
    delta: tuple[float, float] | None,
    measure: Callable[[InputOutputTable, Vector], float],
    measure_name: str,
    national_value_added: pd.Series | None = None,
    n_delta: int = DELTAS,
    n_split: int = SPLITS,
    seed: int = 2025,
) -> ShareInterval:
    """Digital share of a region over definition, split, delta and release.

    Parameters
    ----------
    table, region, unit, year, method, national_value_added
        As in :func:`~.regionalise.regionalise`.
    definitions, releases, splits
        What may be meant; at least one definition and one release.
    delta
        Lowest and highest delta for ``flq`` and ``aflq``, see :func:`~.delta.delta_band`; both equal where it is known; None for quotients without one.
    measure, measure_name
        Function of a regional table and weights (n,) that gives percent, such as :func:`~dxanalysis.accounts.measures.adb.adb_exact`, and what to call it.
    n_delta, n_split
        Points of the band and of the split ranges; one where nothing varies.
    seed
        Of the splits' points.

    Raises
    ------
    ParameterError
        When there is no definition or release, a range is the wrong way round or outside its bounds, a split is of a sector that no definition leaves open, an id is there twice, the method
        is ``sflq``, or there are too few points.
    DataError
        As :func:`~.regionalise.regionalise`.
    ModelError
        When the measure gives no number.
    """
    _check(table, definitions, releases, splits, method, delta, n_delta, n_split)
    money = Money.parse(unit) if isinstance(unit, str) else unit
    factor = money.factor_to(table.unit)
    nation = nation_of(table, year=year, value_added=national_value_added, factor=factor)
    steps: list[float | None] = [None]
    if delta is not None:
        count = n_delta if delta[1] > delta[0] else 1
        steps = [delta[0] + (delta[1] - delta[0]) * (k + 0.5) / count for k in range(count)]
    tables: list[list[RegionalTable]] = []
    for one in releases:
        added = by_code(one.value_added, nation.table.sectors, f"release {one.name}", factor)
        tables.append(
            [regional_table(nation, added, region=region, year=year, method=method, delta=step) for step in steps]
        )
    drawn = _split_points(splits, n_split, seed)
    values = np.empty((len(definitions), len(drawn), len(steps), len(releases)))
    for d, chosen in enumerate(definitions):
        weights = _weights(table, chosen, splits, drawn)
        for s, k, r in np.ndindex(*values.shape[1:]):
            values[d, s, k, r] = measure(tables[r][k].table, weights[s])
    if not np.isfinite(values).all():
        raise ModelError(
            f"the measure {measure_name} gives no number for some combination",
            fix="Compute it for one table and one definition first, to see where it fails",
        )
    notes = dict.fromkeys(note for row in tables for made in row for note in made.notes)
    quantiles = hazen(values, LEVELS)
    return ShareInterval(
        region=region,
        year=year,
        measure=measure_name,
        method=method,
        delta=delta,
        estimate=float(quantiles[LEVELS.index(0.5)]),
        quantiles=tuple((level, float(value)) for level, value in zip(LEVELS, quantiles, strict=True)),
        parts=tuple(sorted(variance_parts(values), key=lambda one: -one.total)),
        by_definition=tuple((one.id, float(np.median(values[d]))) for d, one in enumerate(definitions)),
        n_values=values.size,
        seed=seed,
        notes=tuple(notes),
    )


def _split_points(splits: Sequence[SplitRange], n_split: int, seed: int) -> Vector:
    low, high = np.array([one.low for one in splits]), np.array([one.high for one in splits])
    if not len(splits) or np.all(low == high):
        return low[None, :]
    chances = qmc.LatinHypercube(d=len(splits), rng=np.random.default_rng(seed)).random(n_split)
    return np.asarray(low + (high - low) * chances, dtype=np.float64)


def _weights(
    table: InputOutputTable, definition: WeightedDefinition, splits: Sequence[SplitRange], drawn: Vector
) -> Vector:
    made = np.repeat(np.asarray(definition.weights, dtype=np.float64)[None, :], len(drawn), axis=0)
    for column, one in enumerate(splits):
        if one.sector in definition.partly:
            made[:, table.position(one.sector)] = drawn[:, column]
    return frozen(made)


def _check(
    table: InputOutputTable,
    definitions: Sequence[WeightedDefinition],
    releases: Sequence[Release],
    splits: Sequence[SplitRange],
    method: Quotient,
    delta: tuple[float, float] | None,
    n_delta: int,
    n_split: int,
) -> None:
    for what, ids in (
        ("definition", [one.id for one in definitions]),
        ("release", [one.name for one in releases]),
        ("split of sector", [one.sector for one in splits]),
    ):
        if not ids and what != "split of sector":
            raise ParameterError(f"no {what} is given", fix="Give at least one")
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ParameterError(f"{what} {twice[0]} is there twice", fix="Give each once, under a name of its own")
    for chosen in definitions:
        weights = np.asarray(chosen.weights, dtype=np.float64)
        if weights.shape != (table.n,) or not np.all((weights >= 0) & (weights <= 1)):
            raise ParameterError(
                f"definition {chosen.id}: weights of shape {weights.shape} for {table.n} sectors, or one outside 0 to 1",
                fix="Give the digital part of every sector, a fraction",
            )
        for code in chosen.partly:
            table.position(code)
    left_open = {code for chosen in definitions for code in chosen.partly}
    for one in splits:
        if not 0 <= one.low <= one.high <= 1:
            raise ParameterError(
                f"the split of sector {one.sector} runs from {one.low:g} to {one.high:g}",
                fix="Give fractions, the lower one first; 35 percent is 0.35",
            )
        if one.sector not in left_open:
            raise ParameterError(
                f"no definition leaves the digital part of sector {one.sector} open",
                fix="Name the sector in partly of a definition, or leave its split out",
            )
    if method == "sflq":
        raise ParameterError("sflq has a delta for every industry, not a band", fix="Use flq or aflq for an interval")
    if (delta is None) == (method in NEEDS_DELTA):
        raise ParameterError(
            f"{method} with delta={delta}",
            fix="flq and aflq need a band such as delta_band(); slq, cilq and rlq have no delta",
        )
    if delta is not None and checked_delta(delta[0]) > checked_delta(delta[1]):
        raise ParameterError(
            f"the band of delta runs from {delta[0]:g} to {delta[1]:g}", fix="Give the lower end first"
        )
    if n_delta < 2 or n_split < 2:
        raise ParameterError(f"{n_delta} points of delta and {n_split} of the splits", fix="Use two or more of each")
