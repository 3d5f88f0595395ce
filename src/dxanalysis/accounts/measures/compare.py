"""Every method that the data allow, side by side; what cannot be computed says what it would need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dxanalysis.accounts.definitions.definition import Coverage, Definition, cover, load_definition, unsettled
from dxanalysis.accounts.digital import Bound, DigitalShare, Method
from dxanalysis.accounts.figures import Note, NotEnoughData
from dxanalysis.accounts.linkages.solve import Leontief, leontief
from dxanalysis.accounts.measures.adb import adb_terms
from dxanalysis.accounts.measures.industry import (
    growth_accounting_share,
    input_coefficient_share,
    ratio_share,
)
from dxanalysis.accounts.tables.table import InputOutputTable, Vector
from dxanalysis.errors import ParameterError

TABLE_METHODS: Final[tuple[Method, ...]] = (
    "direct",
    "bea_ratio",
    "adb_exact",
    "adb_printed",
    "adb_merged",
    "input_coefficient",
    "growth_accounting",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Digital shares of one region and year by several methods and definitions, and what could not be computed.

    ``shares`` are in the order they were asked for; ``missing`` holds (definition, method, reason).
    """

    region_id: str
    period: str
    shares: tuple[DigitalShare, ...]
    missing: tuple[NotEnoughData, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a share: definition, vintage, method, percent of value added, whether it is a bound."""
        return pd.DataFrame(
            [
                {
                    "definition": one.indicator,
                    "vintage": one.vintage,
                    "method": one.method,
                    "share": one.estimate,
                    "low": one.quantiles[0][1] if one.quantiles else one.estimate,
                    "high": one.quantiles[-1][1] if one.quantiles else one.estimate,
                    "bound": one.bound,
                }
                for one in self.shares
            ]
        )

    def parts_frame(self) -> pd.DataFrame:
        """One row a part of a share, percent of value added."""
        return pd.DataFrame(
            [
                {"definition": one.indicator, "method": one.method, "part": name, "value": value}
                for one in self.shares
                for name, value in one.parts
            ]
        )

    def __repr__(self) -> str:
        return f"Comparison({self.region_id} {self.period}, shares computed: {len(self.shares)}, not computed: {len(self.missing)})"

    def _repr_html_(self) -> str:
        return self.to_frame().round(2).to_html(index=False)

    @property
    def spread(self) -> tuple[float, float]:
        """Least and greatest share, bounds left out, percent."""
        values = [one.estimate for one in self.shares if not one.bound]
        return min(values), max(values)


def digital_share(
    table: InputOutputTable,
    covered: Coverage,
    method: Method,
    *,
    digital_output: Vector | None = None,
    investment: Vector | None = None,
    ict_income: Vector | None = None,
    solver: Leontief | None = None,
) -> DigitalShare | NotEnoughData:
    """Digital share of value added by one method.

    Parameters
    ----------
    table, covered
        The table, and how the definition falls on its sectors.
    method
        One of ``TABLE_METHODS``.
    digital_output
        (n,), for ``bea_ratio``: output of digital products by industry, in the table's unit.
    investment
        (n,), for the fourth term of ``adb_*``: fixed investment of the digital sectors by product; without it that term is left out, and the result says so.
    ict_income
        (n,), for ``growth_accounting``: income share of ICT capital, fraction.

    Raises
    ------
    ParameterError
        When the method is unknown or needs no table.
    """
    weights = covered.weights
    parts: tuple[tuple[str, float], ...]
    notes: list[Note] = []
    bound: Bound = ""
    if covered.definition.by == "product" and table.kind == "industry":
        notes.append(Note(code="product_definition_on_industries"))
    if covered.partly:
        notes.append(
            Note(
                code="divided_sectors",
                facts=tuple((code, float(weights[table.position(code)])) for code in covered.partly),
            )
        )
    if table.gaps:
        notes.append(Note(code="table_does_not_balance", facts=(("largest", abs(table.gaps[0].gap)),)))
    if method == "direct":
        parts = _by_group(table, covered)
    elif method in ("adb_printed", "adb_exact", "adb_merged"):
        terms = adb_terms(table, weights, investment=investment, solver=solver)
        twice = {"adb_printed": terms.diagonal, "adb_exact": terms.block}.get(method)
        if twice is None:
            twice = terms.backward + terms.forward - terms.merged
        parts = (
            ("digital_sectors", terms.share_of(terms.forward)),
            ("other_sectors_in_digital_demand", terms.share_of(terms.backward - twice)),
        )
        if investment is None:
            notes.append(Note(code="without_investment_term"))
        else:
            parts = (*parts, ("other_sectors_in_digital_investment", terms.share_of(terms.investment)))
        if method == "adb_printed" and len(covered.whole) + len(covered.partly) > 1:
            notes.append(Note(code="counted_twice", facts=(("points", terms.printed - terms.exact),)))
    elif method == "input_coefficient":
        both = input_coefficient_share(table, weights)
        parts = (("core", both.core), ("digitalised", both.digitalised))
        if table.layout == "domestic" and table.imported_inputs.any():
            notes.append(Note(code="imported_inputs_by_domestic_mix"))
    elif method == "bea_ratio":
        if digital_output is None:
            return _missing(table, covered, method, "digital_output", reason="needs_supply_table")
        parts = (("digital_output", ratio_share(table, digital_output)),)
    elif method == "growth_accounting":
        if ict_income is None:
            return _missing(table, covered, method, "ict_income", reason="needs_ict_capital")
        both = growth_accounting_share(table, weights, ict_income)
        parts, bound = (("core", both.core), ("digitalised", both.digitalised)), "upper"
        notes.append(Note(code="model_based_upper_bound"))
    else:
        raise ParameterError(
            f"{method!r} is no method that starts from a table", fix=f"Use one of {', '.join(TABLE_METHODS)}"
        )
    return DigitalShare(
        region_id=table.region,
        period=str(table.year),
        method=method,
        indicator=covered.definition.id,
        estimate=sum(value for _, value in parts),
        quantiles=(),
        assumptions=(),
        sensitivity=(),
        inputs=(),
        n_draws=0,
        seed=0,
        as_of=None,
        notes=tuple(notes),
        vintage=covered.definition.vintage,
        family=covered.definition.family,
        parts=parts,
        bound=bound,
    )


def compare_methods(
    table: InputOutputTable,
    definitions: Definition | str | Iterable[Definition | str],
    *,
    methods: Sequence[Method] = TABLE_METHODS,
    ratios: Mapping[str, float] | None = None,
    digital_output: Mapping[str, Vector] | None = None,
    investment: Mapping[str, Vector] | None = None,
    ict_income: Vector | None = None,
    known: Iterable[DigitalShare | NotEnoughData] = (),
) -> Comparison:
    """Digital share by every definition and method, beside what is known otherwise.

    Parameters
    ----------
    definitions
        One definition or several; each may be an id of the registry.
    ratios
        Digital part of sectors that a definition covers in part, see :func:`cover`; a ratio counts for the definitions that leave the sector open,
        and not for those that hold the whole of it.
    digital_output, investment
        By definition id, see :func:`digital_share`.
    known
        Shares that were published, or estimated by ``transfer``, for the same region and period; put first.

    Raises
    ------
    ParameterError, DataError
        As :func:`cover` and :func:`digital_share`.
    """
    for code in ratios or ():
        table.position(code)  # a misspelt sector is an error, not a ratio that nobody uses
    solver = leontief(table)
    shares: list[DigitalShare] = []
    missing: list[NotEnoughData] = []
    for one in known:
        (shares if isinstance(one, DigitalShare) else missing).append(one)  # type: ignore[arg-type]
    several = (definitions,) if isinstance(definitions, Definition | str) else definitions
    for asked in several:
        chosen = load_definition(asked) if isinstance(asked, str) else asked
        left_open = unsettled(table, chosen)
        covered = cover(
            table, chosen, ratios={code: ratio for code, ratio in (ratios or {}).items() if code in left_open}
        )
        for method in methods:
            made = digital_share(
                table,
                covered,
                method,
                digital_output=(digital_output or {}).get(chosen.id),
                investment=(investment or {}).get(chosen.id),
                ict_income=ict_income,
                solver=solver,
            )
            (shares if isinstance(made, DigitalShare) else missing).append(made)  # type: ignore[arg-type]
    return Comparison(region_id=table.region, period=str(table.year), shares=tuple(shares), missing=tuple(missing))


def _by_group(table: InputOutputTable, covered: Coverage) -> tuple[tuple[str, float], ...]:
    gross, groups = table.gross_value_added, dict[str, float]()
    for code, weight, earned in zip(table.sectors, covered.weights, gross, strict=True):
        if weight > 0:
            name = covered.groups.get(code, "") or code
            groups[name] = groups.get(name, 0.0) + 100 * float(weight * earned) / table.gdp
    return tuple(groups.items())


def _missing(table: InputOutputTable, covered: Coverage, method: str, what: str, reason: str) -> NotEnoughData:
    return NotEnoughData(
        wanted=f"{covered.definition.id}:{method}",
        region_id=table.region,
        period=str(table.year),
        missing=(what,),
        reason=reason,
    )
