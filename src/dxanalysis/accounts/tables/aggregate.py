"""Sectors, products and industries added up into groups. Totals do not change; shares of what is inside a group can no longer be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.supply_use import SupplyUseTable, supply_use_table
from dxanalysis.accounts.tables.table import InputOutputTable, listing
from dxanalysis.errors import ParameterError


def aggregate(
    table: InputOutputTable,
    groups: Mapping[str, str],
    *,
    labels: Mapping[str, str] | None = None,
    classification: str | None = None,
) -> InputOutputTable:
    """Add sectors up.

    Parameters
    ----------
    table
        n sectors; sparse flows stay sparse.
    groups
        Code -> code of its group. Sectors that are not named stay as they are. A group stands where its first sector stood.
    labels
        Code of a group -> name; a group without one is called by its code, a sector that stays keeps its name.
    classification
        Id of the classification the new codes are of; None: that of the table.

    Returns
    -------
    InputOutputTable
        Flows between the groups, what a group sells to itself included.

    Raises
    ------
    ParameterError
        When a code is not in the table, or a group has the code of a sector that is not named as its member.
    """
    where = f"table of {table.region} {table.year}"
    codes, matrix = _grouping(table.sectors, groups, where)
    flows = (
        matrix @ sparse.csr_array(table.flows) @ matrix.T
        if sparse.issparse(table.flows)
        else matrix @ table.flows @ matrix.T
    )
    return input_output_table(
        region=table.region,
        year=table.year,
        unit=table.unit,
        classification=classification or table.classification,
        kind=table.kind,
        layout=table.layout,
        prices=table.prices,
        price_year=table.price_year,
        decimals=table.decimals,
        source=table.source,
        sectors=codes,
        labels=_names(codes, table.sectors, table.labels, groups, labels),
        flows=flows,
        final=matrix @ table.final,
        demands=table.demands,
        value_added=table.value_added @ matrix.T,
        components=table.components,
        output=matrix @ table.output,
        imports=matrix @ table.imports,
        imported_inputs=matrix @ table.imported_inputs,
        input_taxes=matrix @ table.input_taxes,
        imported_final=table.imported_final,
        final_taxes=table.final_taxes,
        rounding="keep",  # sums of rows that each balance within rounding may miss by the sum of their roundings
    )


def aggregate_supply_use(
    table: SupplyUseTable,
    *,
    products: Mapping[str, str] | None = None,
    industries: Mapping[str, str] | None = None,
    product_labels: Mapping[str, str] | None = None,
    industry_labels: Mapping[str, str] | None = None,
    classification: str | None = None,
    product_classification: str | None = None,
) -> SupplyUseTable:
    """Add products, industries or both up.

    Parameters
    ----------
    table
        p products, n industries, any valuation and layout.
    products, industries
        Code -> code of its group, as in :func:`aggregate`.
    product_labels, industry_labels
        Names of the groups.
    classification, product_classification
        Ids of the classifications the new codes are of; None: those of the table.

    Raises
    ------
    ParameterError
        As :func:`aggregate`.
    """
    where = f"supply-use table of {table.region} {table.year}"
    product_codes, rows = _grouping(table.products, products or {}, where)
    industry_codes, columns = _grouping(table.industries, industries or {}, where)
    domestic = table.layout == "domestic"
    basic = table.prices == "basic"
    return supply_use_table(
        region=table.region,
        year=table.year,
        unit=table.unit,
        classification=classification or table.classification,
        product_classification=product_classification or table.product_classification,
        products=product_codes,
        industries=industry_codes,
        product_labels=_names(product_codes, table.products, table.product_labels, products or {}, product_labels),
        industry_labels=_names(
            industry_codes, table.industries, table.industry_labels, industries or {}, industry_labels
        ),
        supply=rows @ table.supply @ columns.T,
        imports=rows @ table.imports,
        trade_margins=rows @ table.trade_margins,
        transport_margins=rows @ table.transport_margins,
        taxes=rows @ table.taxes,
        use=rows @ table.use @ columns.T,
        final=rows @ table.final,
        demands=table.demands,
        imported_use=rows @ table.imported_use @ columns.T if domestic else None,
        imported_final=rows @ table.imported_final if domestic else None,
        input_taxes=columns @ table.input_taxes if basic else None,
        final_taxes=table.final_taxes if basic else None,
        value_added=table.value_added @ columns.T,
        components=table.components,
        output=columns @ table.output,
        prices=table.prices,
        layout=table.layout,
        price_year=table.price_year,
        decimals=table.decimals,
        source=table.source,
        assumptions=table.assumptions,
        rounding="keep",
        negative_supply="keep",
    )


def _grouping(codes: Sequence[str], groups: Mapping[str, str], where: str) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Codes of the groups in order of their first member, and the (groups, n) matrix of ones that adds up."""
    unknown = [code for code in groups if code not in set(codes)]
    if unknown:
        raise ParameterError(
            f"{where}: there is no {listing(unknown)} to put into a group", fix=f"Its codes are {listing(codes)}"
        )
    taken = [code for code in dict.fromkeys(groups.values()) if code in set(codes) and code not in groups]
    if taken:
        raise ParameterError(
            f"{where}: a group is called {taken[0]!r}, as a code that is not named as its member is",
            fix=f"Name {taken[0]!r} too ({{{taken[0]!r}: {taken[0]!r}}}), or call the group otherwise",
        )
    targets = [groups.get(code, code) for code in codes]
    order = {code: i for i, code in enumerate(dict.fromkeys(targets))}
    ones = (np.ones(len(codes)), ([order[code] for code in targets], np.arange(len(codes))))
    return tuple(order), sparse.csr_array(ones, shape=(len(order), len(codes)))


def _names(
    made: Sequence[str],
    codes: Sequence[str],
    labels: Sequence[str],
    groups: Mapping[str, str],
    given: Mapping[str, str] | None,
) -> tuple[str, ...]:
    kept = {code: label for code, label in zip(codes, labels, strict=True) if code not in groups}
    return tuple((given or {}).get(code, kept.get(code, code)) for code in made)
