"""Whether the growth of a total is that of a chain of its components, and by which formula.

A chained total misses the chain of its components by rounding only, if the formula is right. What is left in the year where it is worst is told, and whether
another formula fits.
"""

from __future__ import annotations

import numpy as np

from dxanalysis.accounts.growth.additivity import EXACT, gaps, half_unit
from dxanalysis.accounts.growth.index_numbers import fisher, laspeyres
from dxanalysis.accounts.tables.table import Vector
from dxanalysis.errors import DataError


def check_chained(
    *,
    years: tuple[int, ...],
    current: Vector,
    current_total: Vector,
    chained: Vector,
    chained_total: Vector,
    decimals: int | None,
    chained_decimals: int | None,
) -> None:
    """Refuse volumes whose total does not grow as the annually chained Laspeyres index of the components, but for rounding.

    Values (n, T) and (T,) at current prices, printed to ``decimals``; chained volumes of the same shapes, printed to ``chained_decimals``.

    Raises
    ------
    DataError
        With the year and what is left; says so where the volumes are at fixed prices or chained by Fisher's formula.
    """
    growth, growth_of_total = chained[:, 1:] / chained[:, :-1], chained_total[1:] / chained_total[:-1]
    before, whole = current[:, :-1], current_total[:-1]
    left = whole * growth_of_total - (before * growth).sum(axis=0)
    # Half a unit in each published figure, carried through C_(t-1) q_t / q_(t-1) to the first order.
    coarse, fine = half_unit(decimals), half_unit(chained_decimals)
    explained = (growth * (np.abs(before) * fine * (1 / chained[:, 1:] + 1 / chained[:, :-1]) + coarse)).sum(axis=0)
    explained += growth_of_total * (whole * fine * (1 / chained_total[1:] + 1 / chained_total[:-1]) + coarse)
    explained = np.maximum(explained, EXACT * whole)
    worst = int(np.argmax(np.abs(left) - explained))
    if abs(left[worst]) <= explained[worst]:
        return
    apart = (
        f"in {years[worst + 1]} the components explain the growth of the total but for {100 * left[worst] / whole[worst]:+.3f} points, "
        f"rounding explains {100 * explained[worst] / whole[worst]:.3f}"
    )
    where = "volumes given as annually chained"
    if gaps(chained, chained_total, chained_decimals)[1].all():
        raise DataError(
            f"they add up in every year: they are at fixed prices; {apart}",
            where=where,
            fix="Use FixedBase with their base year",
        )
    if (current > 0).all():
        ideal = fisher(current, current / chained)
        if np.all(np.abs(growth_of_total - ideal) * whole <= explained):
            raise DataError(
                f"the total grows as a chain-Fisher index of its components; {apart}",
                where=where,
                fix="Use ChainFisher.from_quantities",
            )
    raise DataError(
        apart,
        where=where,
        fix="Check that volumes and values are of one release; rounding='keep' leaves the residual on a line of its own",
    )


def check_fisher(
    years: tuple[int, ...], current: Vector, prices: Vector, growth: Vector, growth_decimals: int | None
) -> None:
    """Refuse a published growth (T-1,), percent, that is not the Fisher index of values and prices (n, T), but for its rounding.

    Raises
    ------
    DataError
        With the year and both rates; says so where the Laspeyres index fits.
    """
    allowed = max(half_unit(growth_decimals), 100 * EXACT)
    own = 100 * (fisher(current, prices) - 1)
    worst = int(np.argmax(np.abs(growth - own)))
    if abs(growth[worst] - own[worst]) <= allowed:
        return
    apart = (
        f"the published growth of {years[worst + 1]} is {growth[worst]:.4g} %, "
        f"the Fisher index of the components gives {own[worst]:.4g} %"
    )
    where = "chain-Fisher volumes"
    if np.all(np.abs(100 * (laspeyres(current, prices) - 1) - growth) <= allowed):
        raise DataError(
            f"{apart}, their Laspeyres index the published", where=where, fix="Use ChainedLaspeyres.from_chained"
        )
    raise DataError(
        apart,
        where=where,
        fix="Where the office chains finer components, rounding='keep' leaves the residual on a line of its own",
    )
