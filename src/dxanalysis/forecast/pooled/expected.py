"""What is expected of cases: all likely fits carried on, and averaged by their weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import numpy as np

from dxanalysis.forecast.pooled.cells import Matrix, carry_on
from dxanalysis.forecast.pooled.grouped import NO_GROUP, IntArray
from dxanalysis.forecast.pooled.reach import Reach
from dxanalysis.forecast.pooled.regression import Coefficients
from dxanalysis.forecast.scale import FloatArray

_AT_ONCE: Final = 2**15  # cases carried on at a time: of a small panel all fits together

Which = Literal["newest", "held_out", "then"]
"""Coefficients of now, those that leave the years around a case out, or those that were known at the case."""


def expected(
    histories: Mapping[float, Matrix],
    coefficients: Sequence[Coefficients],
    rows: IntArray,
    columns: IntArray,
    steps: int,
    *,
    reach: Reach,
    which: Which,
) -> FloatArray:
    """Values expected 1 to ``steps`` periods after each case, array (cases, steps): the weighted mean of all fits.

    Parameters
    ----------
    histories
        The panel as the filter of each gain leaves it.
    coefficients
        The fits, with weights that add to 1.
    rows, columns
        Region and period of each case.
    reach
        How far regions move at most.
    which
        The coefficients: ``newest`` to forecast, ``held_out`` to judge what was expected then.
    """
    out = np.zeros((len(rows), steps))
    for fit, values in carried(histories, coefficients, rows, columns, steps, reach=reach, which=which):
        out += fit.weight * values
    return out


def carried(
    histories: Mapping[float, Matrix],
    coefficients: Sequence[Coefficients],
    rows: IntArray,
    columns: IntArray,
    steps: int,
    *,
    reach: Reach,
    which: Which,
) -> Iterator[tuple[Coefficients, FloatArray]]:
    """Each fit, and the values that it expects 1 to ``steps`` periods after each case, array (cases, steps).

    Notes
    -----
    A fit that looks at the others of a group carries them on too, whether they are asked for or not: a forecast does not depend on which
    regions it is asked for.
    """
    alone = [fit for fit in coefficients if not fit.grouped]
    beside = [fit for fit in coefficients if fit.grouped]
    if alone:
        yield from _carried(histories, alone, rows, columns, steps, reach=reach, which=which)
    if beside:
        matrix = next(iter(histories.values()))
        width = matrix.values.shape[1]
        every = _with_others(matrix, rows, columns)
        among = np.searchsorted(every[0] * width + every[1], rows * width + columns)
        for fit, values in _carried(histories, beside, *every, steps, reach=reach, which=which):
            yield fit, values[among]


def _with_others(matrix: Matrix, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
    """Cases, and all others of their groups at the same periods; in ascending order, each once."""
    groups = np.full(len(matrix.values), NO_GROUP) if matrix.groups is None else matrix.groups
    wanted = np.zeros((int(groups.max()) + 2, matrix.values.shape[1]), dtype=bool)
    wanted[groups[rows], columns] = True
    wanted[NO_GROUP] = False  # the last row is of those without a group
    cases = wanted[groups] & np.isfinite(matrix.values)  # what fills a gap was not known then
    cases[rows, columns] = True
    found = np.nonzero(cases)
    return found[0].astype(np.int64), found[1].astype(np.int64)


def _carried(
    histories: Mapping[float, Matrix],
    coefficients: Sequence[Coefficients],
    rows: IntArray,
    columns: IntArray,
    steps: int,
    *,
    reach: Reach,
    which: Which,
) -> Iterator[tuple[Coefficients, FloatArray]]:
    """As :func:`carried`, of fits with the same features."""
    low, high = reach.of(steps)
    grouped = coefficients[0].grouped
    # what takes time in a small panel is the number of calls, in a large one the memory
    at_once = max(_AT_ONCE // max(len(rows), 1), 1)
    for begin in range(0, len(coefficients), at_once):
        fits = coefficients[begin : begin + at_once]
        own = [histories[fit.gain] for fit in fits]
        lags = np.concatenate([history.lags(rows, columns)[0] for history in own])
        start = np.concatenate([history.filled[rows, columns] for history in own])
        changes = carry_on(
            lags,
            np.tile(columns - own[0].first[rows], len(fits)),
            np.concatenate([_of(fit, columns, which) for fit in fits]),
            per_year=own[0].per_year,
            steps=steps,
            gain=np.repeat([fit.gain for fit in fits], len(rows)),
            together=own[0].together(rows, columns).repeated(len(fits), len(rows)) if grouped else None,
        )
        came = start[:, None] + np.minimum(np.maximum(changes, low), high)
        yield from zip(fits, came.reshape(len(fits), len(rows), steps), strict=True)


def _of(fit: Coefficients, columns: IntArray, which: Which) -> FloatArray:
    """Coefficients of cases at these periods, array (cases, features)."""
    if which == "newest":
        return np.tile(fit.newest, (len(columns), 1))
    found: FloatArray = (fit.held_out if which == "held_out" else fit.then)[columns]
    return found
