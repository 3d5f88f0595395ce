"""Printed totals: what each may be the sum of, and whether it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dxanalysis.accounts.tables.readers.grid import Grid
from dxanalysis.accounts.tables.readers.layout import Place
from dxanalysis.errors import DataError, Fault

Vector = NDArray[np.float64]
EXACT: Final = 1e-9
# Offices draw the line in several places, with and without imports: a total must be one of these sums throughout.
_ROW_SUMS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "total_intermediate": (("flows",), ("flows", "imports"), ("flows", "taxes"), ("flows", "imports", "taxes")),
    "total_value_added": (("value_added",),),
    "output": (("flows", "imports", "taxes", "value_added"), ("flows",), ("flows", "imports"), ("flows", "imports", "taxes")),
}  # fmt: skip
_COLUMN_SUMS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "total_intermediate": (("flows",),),
    "total_final": (("final",), ("final", "less_imports")),
    "total_use": (("flows", "final"), ("flows", "final", "less_imports")),
    "total_consumption": (("consumption",),),
    "total_investment": (("investment",),),
    "output": (("flows", "final", "less_imports"),),
}


def sums(side: str, means: str) -> tuple[tuple[str, ...], ...]:
    """The sums of parts that a total of this meaning may be; a plain "total" may be any of its side."""
    table = _ROW_SUMS if side == "row" else _COLUMN_SUMS
    if means in table:
        return table[means]
    return tuple(dict.fromkeys(one for listed in table.values() for one in listed))


def check_total(
    grid: Grid,
    total: Place,
    *,
    side: str,
    others: Sequence[Place],
    printed: Vector,
    parts: Mapping[str, Vector],
    terms: Mapping[str, int],
    decimals: int | None,
) -> None:
    """Check a printed total against the sums that it may be.

    Parameters
    ----------
    total
        The row or column; ``side`` says which.
    others
        The places along it, (m,): columns of a row, rows of a column.
    printed
        (m,): the total as printed.
    parts, terms
        Part -> its sum, (m,), and how many printed figures that sums.

    Raises
    ------
    DataError
        When it is none of the sums; with a fault for each cell that misses the nearest of them, and by how much.
    """
    best: tuple[NDArray[np.intp], Vector, tuple[str, ...]] | None = None
    for names in sums(side, total.means):
        if not all(name in parts for name in names):
            continue
        added = np.sum([parts[name] for name in names], axis=0)
        size = np.sum([np.abs(parts[name]) for name in names], axis=0)
        allowed = EXACT * np.maximum(size, np.abs(printed))
        if decimals is not None:
            allowed = np.maximum(allowed, 0.5 * 10.0**-decimals * (sum(terms[name] for name in names) + 1))
        wrong = np.flatnonzero(np.abs(added - printed) > allowed)
        if not len(wrong):
            return
        if best is None or len(wrong) < len(best[0]):
            best = wrong, added, names
    if best is None:
        raise DataError(
            f"the {side} {total.heading!r} is a total of what the table does not have",
            where=grid.file,
            fix=f"Say what it is: {side}s={{{total.heading!r}: ...}}",
        )
    wrong, added, names = best
    faults = [_fault(grid, total, side, others[i], float(printed[i]), float(added[i]), names) for i in wrong.tolist()]
    raise DataError(
        f"the {side} {total.heading!r} does not add up",
        where=grid.file,
        fix=f"Look for a cell with a wrong figure; if it is no total, say what it is with {side}s=",
        faults=faults,
    )


def _fault(
    grid: Grid, total: Place, side: str, other: Place, printed: float, added: float, names: Sequence[str]
) -> Fault:
    r, c = (total.index, other.index) if side == "row" else (other.index, total.index)
    return grid.fault(
        r,
        c,
        heading=other.heading if side == "row" else total.heading,
        expected=f"{added:,.10g}, the sum of {' and '.join(name.replace('_', ' ') for name in names)}",
        hint=f"It is {printed - added:+,.6g} apart",
    )
