"""Whether components add up to their total, and what kind of volume data it is where they do not.

Fixed-base volumes add up in every year. Annually chained volumes (Laspeyres, annual overlap) add up in the reference year and the year after it
only, chain-Fisher volumes in the reference year only. IMF, Quarterly National Accounts Manual (2017), chapter 8.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dxanalysis.accounts.tables.table import Vector, listing
from dxanalysis.errors import DataError, ParameterError

EXACT: Final = 1e-9  # of the figures' size, where they are not rounded


def checked_decimals(decimals: int | None) -> int | None:
    """Printed decimals (negative: tens, hundreds), or None for exact figures.

    Raises
    ------
    ParameterError
        When it is no whole number.
    """
    if decimals is not None and (isinstance(decimals, bool) or not isinstance(decimals, int)):
        raise ParameterError(f"decimals is {decimals!r}", fix="Give the printed decimals, or None for exact figures")
    return decimals


def half_unit(decimals: int | None) -> float:
    """Half a unit of the last printed digit; 0 for exact figures."""
    return 0.0 if decimals is None else 0.5 * 10.0**-decimals


def gaps(values: Vector, total: Vector, decimals: int | None) -> tuple[Vector, NDArray[np.bool_]]:
    """(T,) sum less total, and whether rounding explains it: n figures and a total miss each other by n + 1 half units at most."""
    floor = EXACT * np.maximum(np.abs(values).sum(axis=0), np.abs(total))
    allowed = np.maximum(floor, half_unit(decimals) * (len(values) + 1))
    gap = values.sum(axis=0) - total
    return gap, np.abs(gap) <= allowed


def check_current(
    values: Vector, total: Vector, years: tuple[int, ...], decimals: int | None, *, what: str = "at current prices"
) -> None:
    """Refuse values that do not add up to their total, with the year where they miss it most.

    Raises
    ------
    DataError
        When rounding does not explain a gap.
    """
    gap, holds = gaps(values, total, decimals)
    if holds.all():
        return
    worst = int(np.argmax(np.where(holds, 0.0, np.abs(gap))))
    raise DataError(
        f"{what} the components of {years[worst]} add up to {values[:, worst].sum():,.6g}, the total is {total[worst]:,.6g}: "
        f"{gap[worst]:+,.6g} apart, more than rounding explains",
        fix="Add the missing component (product taxes, a statistical discrepancy), or take a total of the same release",
    )


def check_fixed_base(
    values: Vector, total: Vector, years: tuple[int, ...], base_year: int, decimals: int | None
) -> None:
    """Refuse volumes that are not at fixed prices; the message says what they seem to be.

    Raises
    ------
    DataError
        When the components do not add up in every year.
    """
    gap, holds = gaps(values, total, decimals)
    if holds.all():
        return
    worst = int(np.argmax(np.where(holds, 0.0, np.abs(gap))))
    apart = (
        f"in {years[worst]} the components add up to {values[:, worst].sum():,.6g}, the total is {total[worst]:,.6g}: "
        f"{gap[worst]:+,.6g} apart"
    )
    chained = "Give chained volumes with their current-price values: ChainedLaspeyres.from_chained, or ChainFisher"
    where = f"volumes given as prices of {base_year}"
    same = np.flatnonzero(np.all(np.isclose(values, total, rtol=1e-12, atol=0), axis=0))
    if len(values) > 1 and len(same):
        year, level = years[int(same[0])], total[int(same[0])]
        raise DataError(
            f"the total and all its components are {level:g} in {year}: these are index numbers, which do not add up",
            where=where,
            fix=chained,
        )
    additive = [years[i] for i in np.flatnonzero(holds)]
    if 1 <= len(additive) <= 2 and additive[-1] - additive[0] < 2:
        reference = " and ".join(map(str, additive))
        raise DataError(
            f"they add up in {reference} only, as a chained series does about its reference year; {apart}",
            where=where,
            fix=chained,
        )
    if not additive:
        raise DataError(
            f"they add up in no year; {apart}",
            where=where,
            fix=f"Either a component is missing (product taxes less subsidies?), or the volumes are chained. {chained}",
        )
    misses = listing([str(years[i]) for i in np.flatnonzero(~holds)])
    raise DataError(
        f"they do not add up in {misses}; {apart}",
        where=where,
        fix="Look for a wrong figure in these years, or for another release or base year",
    )
