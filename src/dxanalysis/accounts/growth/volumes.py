"""The three kinds of volume data of national accounts, each a type of its own that refuses the others' data.

What a component contributes to growth is computed by another formula for each kind. Chained volumes do not add up: their levels must not be subtracted
from each other, which is why no type here offers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dxanalysis.accounts.growth.additivity import check_current, check_fixed_base, checked_decimals
from dxanalysis.accounts.growth.chaining import check_chained, check_fisher
from dxanalysis.accounts.growth.grid import cells, checked_names, checked_years
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.table import Vector, frozen
from dxanalysis.errors import DataError, ParameterError

Rounding = Literal["refuse", "keep"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FixedBase:
    """Volumes at the prices of one base year: they add up in every year.

    For half-years or quarters give the same part of each year (the first half of 2023 and of 2024 as 2023 and 2024).

    Attributes
    ----------
    years
        (T,), without a gap.
    components
        (n,) names of industries or expenditures; product taxes less subsidies are one.
    values, total
        (n, T) and (T,), in ``unit``, prices of ``base_year``. A component may be negative, the total not.
    unit
        Currency and scale, such as "billion VND".
    base_year
        Year whose prices the volumes are in.
    decimals
        Printed decimals; None: exact figures, which must add up to 1e-9.

    Raises
    ------
    DataError
        When a year is missing, a cell is no number, or the components do not add up: a chained series is told by the years in which it does.
    """

    years: tuple[int, ...]
    components: tuple[str, ...]
    values: Vector
    total: Vector
    unit: str
    base_year: int
    decimals: int | None = None

    def __post_init__(self) -> None:
        years, components = _labels(self.years, self.components, self.unit, self.decimals)
        _set(self, years=years, components=components, base_year=_year(self.base_year, "base_year"))
        _set(self, values=cells(self.values, "values", components, years))
        _set(self, total=cells(self.total, "total", years, sign="positive"))
        check_fixed_base(self.values, self.total, years, self.base_year, self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainedLaspeyres:
    """Annually chained Laspeyres volumes (annual overlap), as the values they are made of.

    Attributes
    ----------
    years, components, unit, decimals
        As in :class:`FixedBase`.
    current, current_total
        (n, T) and (T,), at current prices; they add up.
    previous_prices, previous_prices_total
        (n, T-1) and (T-1,): each year from the second at the prices of the year before.
    unchained
        True where :meth:`from_chained` recovered the previous-year-price values from chained volumes: these add up but for rounding, which stays visible.

    Raises
    ------
    DataError
        As :class:`FixedBase`; when the values at current or at previous-year prices do not add up.
    """

    years: tuple[int, ...]
    components: tuple[str, ...]
    current: Vector
    current_total: Vector
    previous_prices: Vector
    previous_prices_total: Vector
    unit: str
    decimals: int | None = None
    unchained: bool = False

    def __post_init__(self) -> None:
        years, components = _labels(self.years, self.components, self.unit, self.decimals)
        _set(self, years=years, components=components)
        _set(self, current=cells(self.current, "current", components, years))
        _set(self, current_total=cells(self.current_total, "current_total", years, sign="positive"))
        _set(self, previous_prices=cells(self.previous_prices, "previous_prices", components, years[1:]))
        _set(
            self,
            previous_prices_total=cells(
                self.previous_prices_total, "previous_prices_total", years[1:], sign="positive"
            ),
        )
        check_current(self.current, self.current_total, years, self.decimals)
        if not self.unchained:
            check_current(
                self.previous_prices,
                self.previous_prices_total,
                years[1:],
                self.decimals,
                what="at the prices of the year before",
            )

    @classmethod
    def from_chained(
        cls,
        *,
        years: Sequence[int],
        components: Sequence[str],
        current: ArrayLike,
        current_total: ArrayLike,
        chained: ArrayLike,
        chained_total: ArrayLike,
        unit: str,
        decimals: int | None = None,
        chained_decimals: int | None = None,
        rounding: Rounding = "refuse",
    ) -> ChainedLaspeyres:
        """Un-chain published volumes: C_(t-1) q_t / q_(t-1) is the year at the prices of the year before.

        Parameters
        ----------
        years, components, current, current_total, unit, decimals
            As in the class.
        chained, chained_total
            (n, T) and (T,): chained volumes or index numbers of any reference year, above 0.
        chained_decimals
            Their printed decimals.
        rounding
            ``refuse`` a residual that rounding does not explain, or ``keep`` it: contributions then show it on its own line.

        Raises
        ------
        DataError
            As the class; when the volumes are at fixed prices or chained by another formula, with the year and the size of what is left.
        ParameterError
            When an option is unknown.
        """
        if rounding not in ("refuse", "keep"):
            raise ParameterError(f"rounding is {rounding!r}", fix="Choose refuse or keep")
        names_of_years, names = _labels(years, components, unit, decimals)
        checked_decimals(chained_decimals)
        values, total = (
            cells(current, "current", names, names_of_years),
            cells(current_total, "current_total", names_of_years),
        )
        volumes = cells(chained, "chained", names, names_of_years, sign="positive")
        whole = cells(chained_total, "chained_total", names_of_years, sign="positive")
        growth, growth_of_total = volumes[:, 1:] / volumes[:, :-1], whole[1:] / whole[:-1]
        made = cls(
            years=names_of_years,
            components=names,
            current=values,
            current_total=total,
            previous_prices=frozen(values[:, :-1] * growth),
            previous_prices_total=frozen(total[:-1] * growth_of_total),
            unit=unit,
            decimals=decimals,
            unchained=True,
        )
        if rounding == "refuse":
            check_chained(
                years=names_of_years,
                current=values,
                current_total=total,
                chained=volumes,
                chained_total=whole,
                decimals=decimals,
                chained_decimals=chained_decimals,
            )
        return made


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainFisher:
    """Chain-Fisher volumes, as the values and prices they are made of (United States, Canada).

    Attributes
    ----------
    years, components, unit, decimals
        As in :class:`FixedBase`.
    current, current_total
        (n, T) and (T,), at current prices; they add up.
    prices
        (n, T), above 0: prices or price indices, each of any base.
    growth
        (T-1,): published growth of the total, percent; None: what the components give. The office chains finer components than it prints,
        so the two may differ; the difference is the residual.
    growth_decimals
        Printed decimals of ``growth``.
    rounding
        ``refuse`` a published growth that the components miss by more than its rounding, or ``keep`` the residual.

    Raises
    ------
    DataError
        As :class:`FixedBase`; when no price changes in any year, or the published growth is of another formula.
    """

    years: tuple[int, ...]
    components: tuple[str, ...]
    current: Vector
    current_total: Vector
    prices: Vector
    unit: str
    growth: Vector | None = None
    growth_decimals: int | None = None
    decimals: int | None = None
    rounding: Rounding = "refuse"

    def __post_init__(self) -> None:
        years, components = _labels(self.years, self.components, self.unit, self.decimals)
        checked_decimals(self.growth_decimals)
        if self.rounding not in ("refuse", "keep"):
            raise ParameterError(f"rounding is {self.rounding!r}", fix="Choose refuse or keep")
        _set(self, years=years, components=components)
        _set(self, current=cells(self.current, "current", components, years))
        _set(self, current_total=cells(self.current_total, "current_total", years, sign="positive"))
        _set(self, prices=cells(self.prices, "prices", components, years, sign="positive"))
        check_current(self.current, self.current_total, years, self.decimals)
        if np.all(self.prices == self.prices[:, :1]):
            raise DataError(
                "no price changes in any year: the values are volumes at fixed prices",
                where="chain-Fisher volumes",
                fix="Use FixedBase, or give the price indices of each year",
            )
        if self.growth is not None:
            _set(self, growth=cells(self.growth, "growth", years[1:]))
            if self.rounding == "refuse":
                check_fisher(years, self.current, self.prices, self.growth, self.growth_decimals)

    @classmethod
    def from_quantities(
        cls,
        *,
        years: Sequence[int],
        components: Sequence[str],
        current: ArrayLike,
        current_total: ArrayLike,
        quantities: ArrayLike,
        unit: str,
        growth: ArrayLike | None = None,
        growth_decimals: int | None = None,
        decimals: int | None = None,
        rounding: Rounding = "refuse",
    ) -> ChainFisher:
        """The same from quantities or chained volumes of each component, (n, T), above 0: prices are values over quantities.

        Raises
        ------
        DataError
            As the class; when a value or a quantity is not above 0, as there is no price then.
        """
        names_of_years, names = _labels(years, components, unit, decimals)
        values = cells(current, "current", names, names_of_years, sign="positive")
        volumes = cells(quantities, "quantities", names, names_of_years, sign="positive")
        return cls(
            years=names_of_years,
            components=names,
            current=values,
            current_total=cells(current_total, "current_total", names_of_years),
            prices=frozen(values / volumes),
            unit=unit,
            growth=None if growth is None else cells(growth, "growth", names_of_years[1:]),
            growth_decimals=growth_decimals,
            decimals=decimals,
            rounding=rounding,
        )


Volumes = FixedBase | ChainedLaspeyres | ChainFisher


def _set(made: object, **fields: object) -> None:
    for name, value in fields.items():
        object.__setattr__(made, name, value)  # the way a frozen value completes itself


def _labels(
    years: Sequence[int], components: Sequence[str], unit: str, decimals: int | None
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    Money.parse(unit)
    checked_decimals(decimals)
    return checked_years(years), checked_names(components, "component")


def _year(year: int, what: str) -> int:
    if isinstance(year, bool) or not isinstance(year, int | np.integer):
        raise ParameterError(f"{what} is {year!r}", fix="Give the year whose prices the volumes are in, such as 2010")
    return int(year)
