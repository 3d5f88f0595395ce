"""The digital share of a region without a table of its own, as an interval whose parts are named.

Not known are: which definition is meant, which part of a partly digital sector is digital (split), how the region's own purchases follow from its size (the quotient, and its delta), and which
release of the region's value added is right. Every combination is computed: all definitions, quotients and releases, delta at the middle of equal steps of its band, splits at seeded
Latin hypercube points of their ranges.

The design says what the interval means: definitions, quotients and releases count alike, delta and splits are uniform over their ranges. It is a range over choices, not a
probability that nature drew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy.stats import qmc

from dxanalysis.accounts.definitions.definition import Definition
from dxanalysis.accounts.measures.adb import adb_exact, adb_terms
from dxanalysis.accounts.measures.industry import direct_share
from dxanalysis.accounts.regional.nation import by_code, nation_of
from dxanalysis.accounts.regional.quotients import NEEDS_DELTA, QUOTIENTS, Quotient, checked_delta
from dxanalysis.accounts.regional.regionalise import regional_table
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

Measure = Literal["adb_exact", "adb_printed", "direct"]

MEASURES: Final[dict[str, Callable[[InputOutputTable, Vector], float]]] = {
    "adb_exact": adb_exact,
    "adb_printed": lambda table, weights: adb_terms(table, weights).printed,
    "direct": direct_share,
}
DELTAS: Final = 41  # steps of the band: the outermost lie within the outer 2.5 %
SPLITS: Final = 32


def share_interval(
    table: InputOutputTable,
    *,
    region: str,
    unit: Money | str,
    year: int,
    definitions: Sequence[WeightedDefinition | Definition | str],
    releases: Sequence[Release],
    splits: Sequence[SplitRange] = (),
    method: Quotient | Sequence[Quotient],
    delta: tuple[float, float] | None,
    measure: Measure | Callable[[InputOutputTable, Vector], float] = "adb_exact",
    measure_name: str = "",
    national_value_added: pd.Series | None = None,
    n_delta: int = DELTAS,
    n_split: int = SPLITS,
    seed: int = 2025,
) -> ShareInterval:
    """Digital share of a region over definition, split, delta and release.

    Parameters
    ----------
    table, region, unit, year, national_value_added
        As in :func:`~.regionalise.regionalise`.
    method
        One quotient, or several that may be right (not ``sflq``): which of them fits a region is not known either.
    definitions
        What may be meant, at least one: names of the registry, definitions of one's own, or weights by sector.
    releases, splits
        Value added that may be right, at least one release; and digital parts of the sectors that a definition covers in part.
    delta
        Lowest and highest delta for ``flq`` and ``aflq``, see :func:`~.delta.delta_band`; both equal where it is known; None where no quotient has one.
    measure, measure_name
        One of :data:`MEASURES`, or a function of a regional table and weights (n,) that gives percent, and what to call it (its own name where that is left out).
    n_delta, n_split
        Points of the band and of the split ranges; one where nothing varies.
    seed
        Of the splits' points.

    Raises
    ------
    ParameterError
        When a definition or measure is unknown, there is no definition or release, a range is the wrong way round or outside its bounds, a split is of a sector that no definition leaves open, an id is there twice, the method
        is unknown or ``sflq``, its delta is missing or has no use, or there are too few points.
    DataError
        As :func:`~.regionalise.regionalise`.
    ModelError
        When the measure gives no number.
    """
    function = _measure(measure)
    named = measure_name or (measure if isinstance(measure, str) else getattr(measure, "__name__", "measure"))
    meant = [
        one if isinstance(one, WeightedDefinition) else WeightedDefinition.spread(table, one, splits)
        for one in definitions
    ]
    methods: tuple[Quotient, ...] = (method,) if isinstance(method, str) else tuple(method)
    _check(table, meant, releases, splits, n_delta, n_split)
    _check_methods(methods, delta)
    money = Money.parse(unit) if isinstance(unit, str) else unit
    factor = money.factor_to(table.unit)
    nation = nation_of(table, year=year, value_added=national_value_added, factor=factor)
    steps: list[float | None] = [None]
    if delta is not None:
        count = n_delta if delta[1] > delta[0] else 1
        steps = [delta[0] + (delta[1] - delta[0]) * (k + 0.5) / count for k in range(count)]
    tables = []
    for r, one in enumerate(releases):
        added = by_code(one.value_added, nation.table.sectors, f"release {one.name}", factor)
        for q, name in enumerate(methods):
            # a quotient without delta has one table, which stands for all steps
            places = (
                [(slice(k, k + 1), step) for k, step in enumerate(steps)]
                if name in NEEDS_DELTA
                else [(slice(None), None)]
            )
            for k, step in places:
                made = regional_table(nation, added, region=region, year=year, method=name, delta=step)
                tables.append((q, k, r, made))
    drawn = _split_points(splits, n_split, seed)
    values = np.empty((len(meant), len(drawn), len(methods), len(steps), len(releases)))
    for d, chosen in enumerate(meant):
        # a definition that no split touches has one row of weights for all draws
        weights, row = np.unique(_weights(table, chosen, splits, drawn), axis=0, return_inverse=True)
        for q, k, r, made in tables:
            values[d, :, q, k, r] = np.array([function(made.table, one) for one in weights])[row, None]
    if not np.isfinite(values).all():
        raise ModelError(
            f"the measure {named} gives no number for some combination",
            fix="Compute it for one table and one definition first, to see where it fails",
        )
    notes = dict.fromkeys(note for *_, made in tables for note in made.notes)
    quantiles = hazen(values, LEVELS)
    return ShareInterval(
        region=region,
        year=year,
        measure=named,
        methods=methods,
        delta=delta,
        estimate=float(quantiles[LEVELS.index(0.5)]),
        quantiles=tuple((level, float(value)) for level, value in zip(LEVELS, quantiles, strict=True)),
        parts=tuple(sorted(variance_parts(values), key=lambda one: -one.total)),
        by_definition=tuple((one.id, float(np.median(values[d]))) for d, one in enumerate(meant)),
        splits=tuple(splits),
        n_values=values.size,
        seed=seed,
        notes=tuple(notes),
    )


def _measure(chosen: str | Callable[[InputOutputTable, Vector], float]) -> Callable[[InputOutputTable, Vector], float]:
    if not isinstance(chosen, str):
        return chosen
    if chosen not in MEASURES:
        raise ParameterError(
            f"the measure {chosen!r} is unknown", fix=f"Use one of {', '.join(MEASURES)}, or give a function"
        )
    return MEASURES[chosen]


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
    if n_delta < 2 or n_split < 2:
        raise ParameterError(f"{n_delta} points of delta and {n_split} of the splits", fix="Use two or more of each")


def _check_methods(methods: tuple[Quotient, ...], delta: tuple[float, float] | None) -> None:
    usable = [name for name in QUOTIENTS if name != "sflq"]
    if "sflq" in methods:
        raise ParameterError("sflq has a delta for every industry, not a band", fix="Use flq or aflq for an interval")
    wrong = [name for name in methods if name not in usable]
    if wrong or not methods or len(set(methods)) < len(methods):
        raise ParameterError(
            f"{wrong[0]!r} is no quotient" if wrong else f"the quotients are {', '.join(methods) or 'none'}",
            fix=f"Give one or several of {', '.join(usable)}, each once",
        )
    if (delta is None) == bool(NEEDS_DELTA & set(methods)):
        raise ParameterError(
            f"{', '.join(methods)} with delta={delta}",
            fix="flq and aflq need a band such as delta_band(); slq, cilq and rlq have no delta",
        )
    if delta is not None and checked_delta(delta[0]) > checked_delta(delta[1]):
        raise ParameterError(
            f"the band of delta runs from {delta[0]:g} to {delta[1]:g}", fix="Give the lower end first"
        )
