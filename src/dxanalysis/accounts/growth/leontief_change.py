"""What changed value added between two input-output tables at constant prices: va = v * (L (m Y)).

v is value added per unit of output, L = (I - A)^-1, m the mix of final demand and Y its level. The effect of L can be cut into named changes of A, since
L1 - L0 = L1 (A1 - A0) L0 = L0 (A1 - A0) L1. Miller and Blair, Input-Output Analysis (2009), chapter 13.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from dxanalysis.accounts.growth.grid import cells, checked_names
from dxanalysis.accounts.growth.structural import Decomposition, Orders, decompose
from dxanalysis.accounts.linkages.solve import Leontief, system
from dxanalysis.accounts.tables.table import InputOutputTable, Vector, frozen
from dxanalysis.errors import DataError, ParameterError

MIX: Final = 1e-6  # by which the mix of final demand may miss 1: six printed digits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeontiefYear:
    """One year's economy in constant prices.

    Attributes
    ----------
    year, price_year
        The year, and the year whose prices every figure is in.
    sectors
        (n,) codes.
    value_added_ratio
        (n,): value added per unit of output, fraction.
    coefficients
        (n, n): input coefficients A, fraction; the column uses the row's product. From a published inverse: A = I - L^-1.
    mix
        (n,): final demand for each sector's own output as a fraction of all; adds up to 1, a cell may be negative.
    level
        Final demand in all, in the unit of the results.
    """

    year: int
    price_year: int
    sectors: tuple[str, ...]
    value_added_ratio: Vector
    coefficients: Vector
    mix: Vector
    level: float

    def __post_init__(self) -> None:
        sectors = checked_names(self.sectors, "sector")
        fields = {
            "sectors": sectors,
            "value_added_ratio": cells(self.value_added_ratio, f"value_added_ratio of {self.year}", sectors),
            "coefficients": cells(self.coefficients, f"coefficients of {self.year}", sectors, sectors),
            "mix": cells(self.mix, f"mix of {self.year}", sectors),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)  # the way a frozen value completes itself
        whole = float(self.mix.sum())
        if abs(whole - 1) > MIX:
            raise DataError(
                f"the mix of final demand of {self.year} adds up to {whole:.6g}, not to 1",
                fix="Divide final demand by its sum, and give the sum as level",
            )

    @classmethod
    def of_table(cls, table: InputOutputTable) -> LeontiefYear:
        """The year of a table; its flows must be in constant prices, ``price_year`` says of which year.

        Raises
        ------
        DataError
            When there is no final demand in all.
        """
        final = table.net_final
        level = float(final.sum())
        if level <= 0:
            raise DataError(
                f"final demand of {table.year} is {level:,.6g} in all",
                where=f"table of {table.region}",
                fix="A mix of final demand needs a sum above 0; look for imports taken off twice",
            )
        coefficients = table.coefficients()
        return cls(
            year=table.year,
            price_year=table.year if table.price_year is None else table.price_year,
            sectors=table.sectors,
            value_added_ratio=table.value_added_ratio,
            coefficients=frozen(coefficients.toarray() if sparse.issparse(coefficients) else coefficients),
            mix=frozen(final / level),
            level=level,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StructuralDecomposition:
    """Effects on each sector's value added, in the unit of final demand.

    Attributes
    ----------
    sectors
        (n,).
    effects
        (4, n) by factor: ``value added ratio``, ``inputs`` (the inverse), ``demand mix``, ``demand level``.
    inputs
        The effect of ``inputs`` by named part of the coefficients, (n,) each; empty where none was named.
    decomposition
        The same with its orders and the spread over them.
    """

    sectors: tuple[str, ...]
    effects: Vector
    inputs: Mapping[str, Vector]
    decomposition: Decomposition

    @property
    def change(self) -> Vector:
        """(n,): change of value added; the effects add up to it."""
        return self.decomposition.change

    def to_frame(self) -> pd.DataFrame:
        """One row a sector: its ``change``, the four effects, and ``inputs: PART`` for each named part, which add up to ``inputs``."""
        parts = {f"inputs: {name}": effect for name, effect in self.inputs.items()}
        named = dict(zip(self.decomposition.factors, self.effects, strict=True))
        return pd.DataFrame({"sector": self.sectors, "change": self.change, **named, **parts})


def structural_decomposition(
    first: LeontiefYear,
    second: LeontiefYear,
    *,
    inputs_by: Mapping[str, Sequence[str]] | None = None,
    orders: Orders = "auto",
) -> StructuralDecomposition:
    """What moved value added by sector: its ratio to output, the inputs used, the mix and the level of final demand.

    Parameters
    ----------
    first, second
        Two years, the same sectors in the same order, **at the prices of one year**: at current prices a price rise would pass for a change of technology.
    inputs_by
        Names for groups of sectors whose products are used as inputs (rows of A): the effect of changed inputs is given for each. Sectors in no group are
        the part ``other``.
    orders
        As in :func:`~.structural.decompose`.

    Returns
    -------
    StructuralDecomposition
        Exact: the effects add up to the change.

    Raises
    ------
    DataError
        When the years are at different prices, or their sectors differ.
    ParameterError
        When a sector is in two groups, or unknown.
    ModelError
        When a year has no Leontief inverse.
    """
    _comparable(first, second)
    systems = (system(first.coefficients, first.sectors), system(second.coefficients, second.sectors))
    # A system is no array: it goes into the function by its number, so that each is factored once.
    factors: list[dict[str, ArrayLike]] = [
        {"value added ratio": one.value_added_ratio, "inputs": i, "demand mix": one.mix, "demand level": one.level}
        for i, one in enumerate((first, second))
    ]

    def value_added(ratio: Vector, which: NDArray[np.float64], mix: Vector, level: NDArray[np.float64]) -> Vector:
        return np.asarray(ratio * systems[int(which)].solve(mix * level))

    found = decompose(factors[0], factors[1], function=value_added, orders=orders)
    groups = _groups(first.sectors, inputs_by or {})
    inputs = {name: _input_effect(first, second, systems, rows, found.orders) for name, rows in groups.items()}
    return StructuralDecomposition(sectors=first.sectors, effects=found.effects, inputs=inputs, decomposition=found)


def _input_effect(
    first: LeontiefYear,
    second: LeontiefYear,
    systems: tuple[Leontief, Leontief],
    rows: NDArray[np.bool_],
    orders: str,
) -> Vector:
    """Effect of the changed coefficients of some rows, averaged over the same orders as the effect of the whole inverse."""
    change = (second.coefficients - first.coefficients) * rows[:, None]

    def value_added(ratio: Vector, switch: NDArray[np.float64], mix: Vector, level: NDArray[np.float64]) -> Vector:
        demand = mix * level
        one = systems[1].solve(change @ systems[0].solve(demand))
        other = systems[0].solve(change @ systems[1].solve(demand))
        return np.asarray(float(switch) * ratio * (one + other) / 2)

    old: dict[str, ArrayLike] = {"v": first.value_added_ratio, "L": 0.0, "m": first.mix, "Y": first.level}
    new: dict[str, ArrayLike] = {"v": second.value_added_ratio, "L": 1.0, "m": second.mix, "Y": second.level}
    return frozen(decompose(old, new, function=value_added, orders="all" if orders == "all" else "polar").effects[1])


def _groups(sectors: tuple[str, ...], inputs_by: Mapping[str, Sequence[str]]) -> dict[str, NDArray[np.bool_]]:
    owner: dict[str, str] = {}
    for name, codes in inputs_by.items():
        for code in codes:
            if code not in sectors:
                raise ParameterError(
                    f"group {name!r} names the sector {code!r}, which the years do not have",
                    fix="Give codes of the years' sectors",
                )
            if code in owner:
                raise ParameterError(
                    f"sector {code!r} is in {owner[code]!r} and in {name!r}", fix="Put each sector into one group"
                )
            owner[code] = name
    names = [*inputs_by, *(["other"] if inputs_by and len(owner) < len(sectors) else [])]
    return {name: np.array([owner.get(code, "other") == name for code in sectors]) for name in names}


def _comparable(first: LeontiefYear, second: LeontiefYear) -> None:
    if first.price_year != second.price_year:
        raise DataError(
            f"{first.year} is at the prices of {first.price_year}, {second.year} at those of {second.price_year}",
            where="structural decomposition",
            fix="Bring both tables to the prices of one year first (double deflation); else price changes pass for changes of technology and demand",
        )
    if first.sectors != second.sectors:
        strange = sorted(set(first.sectors) ^ set(second.sectors))
        raise DataError(
            f"sector {strange[0]!r} is in one of the two years only" if strange else "the sectors are in another order",
            where="structural decomposition",
            fix="Bring both years to the same sectors in the same order",
        )
