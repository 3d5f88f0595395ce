"""Tables from and to pymrio (Stadler 2021, Journal of Open Research Software 9): by the form of its frames, so that it need not be installed.

A pymrio system has ``Z`` with (region, sector) in rows and columns, ``Y`` with (region, category) in its columns, ``x``, and extensions, each with ``F`` and
``F_Y``. One region becomes a domestic table: what it buys from other regions are its imports, what it sells to them its exports.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.readers.headings import COMPONENTS, given_meanings, meaning
from dxanalysis.accounts.tables.table import DEMANDS, Demand, InputOutputTable, Kind, Vector, listing
from dxanalysis.errors import DataError, ParameterError

OUTPUT: Final = "indout"  # pymrio's name of the column of x
_SCALES: Final = {
    "m": 1e6,
    "mill": 1e6,
    "mio": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "thousand": 1e3,
}


class System(Protocol):
    """What is read of a pymrio system; its extension is looked up by name."""

    Z: pd.DataFrame
    Y: pd.DataFrame
    x: pd.DataFrame


def from_pymrio(
    system: System,
    *,
    region: str,
    year: int,
    unit: Money | str,
    classification: str,
    extension: str = "factor_inputs",
    rows: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    kind: Kind = "industry",
    decimals: int | None = None,
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """The domestic table of one region of a pymrio system.

    Parameters
    ----------
    system
        With ``Z``, ``Y`` and, where it was computed, ``x``; without it output is what the rows sell. ``unit``, where there is one, is compared with what is given.
    region
        One of the system's regions.
    extension
        Name of the extension that holds value added, and taxes where they are apart. Taxes and value added must be all that output holds beside inputs.
    rows, columns
        Name of a row of the extension, or of a category of final demand -> meaning, as in :func:`.square.read_square`; for those that are not known.
    year, unit, classification, kind, decimals, rounding
        As in :func:`~dxanalysis.accounts.tables.build.input_output_table`; None decimals: exact to 1e-9.

    Raises
    ------
    ParameterError
        When the region or the extension is not there, or a meaning is unknown.
    DataError
        When a frame has another form, a category or a row is not known, the system is in another unit, or an identity does not hold.
    """
    unit = Money.parse(unit) if isinstance(unit, str) else unit
    flows, final = _two_levels(system.Z, "Z"), _two_levels(system.Y, "Y")
    regions = list(dict.fromkeys(map(str, flows.index.get_level_values(0))))
    if region not in regions:
        raise ParameterError(f"the system has no region {region!r}", fix=f"It has {listing(regions, 100)}")
    if not flows.index.equals(flows.columns) or not final.index.equals(flows.index):
        raise DataError(
            "the rows of Z, its columns and the rows of Y differ",
            where="pymrio system",
            fix="Give a system in one order",
        )
    own = np.asarray(flows.index.get_level_values(0) == region)
    demand = np.asarray(final.columns.get_level_values(0) == region)
    _check_unit(getattr(system, "unit", None), own, unit)
    meant = _categories([str(name) for name in final.columns.get_level_values(1)[demand]], columns)
    kept = [i for i, name in enumerate(meant) if name in DEMANDS]
    taken_off = [i for i, name in enumerate(meant) if name == "imports"]
    z, y = flows.to_numpy(dtype=np.float64), final.to_numpy(dtype=np.float64)
    inside, abroad = y[own][:, demand], y[~own][:, demand].sum(axis=0)
    primary = _primary(system, extension, own, demand, rows)
    output = getattr(system, "x", None)
    demands = [cast("Demand", meant[i]) for i in kept]
    made = [inside[:, kept], (abroad + primary.imported_final)[kept], primary.final_taxes[kept]]
    if len(regions) > 1:
        exports = z[own][:, ~own].sum(axis=1) + y[own][:, ~demand].sum(axis=1)
        made = [np.column_stack([made[0], exports]), np.append(made[1], 0.0), np.append(made[2], 0.0)]
        demands.append("exports")
    return input_output_table(
        region=region,
        year=year,
        unit=unit,
        classification=classification,
        kind=kind,
        sectors=[str(code) for code in flows.index.get_level_values(1)[own]],
        flows=z[own][:, own],
        final=made[0],
        demands=demands,
        value_added=primary.value_added,
        components=primary.components,
        output=None if output is None else output.to_numpy(dtype=np.float64)[own, 0],
        imports=inside[:, taken_off].sum(axis=1) if taken_off else None,
        imported_inputs=z[~own][:, own].sum(axis=0) + primary.imported_inputs,
        input_taxes=primary.input_taxes,
        imported_final=made[1],
        final_taxes=made[2],
        decimals=decimals,
        source=f"pymrio system, region {region}",
        rounding=rounding,
    )


def to_pymrio_frames(table: InputOutputTable) -> dict[str, pd.DataFrame]:
    """Frames for ``pymrio.IOSystem(Z=, Y=, x=, unit=)`` and an extension ``pymrio.Extension(name, F=, F_Y=, unit=)`` of the primary inputs.

    Returns
    -------
    dict
        ``Z`` (n, n), ``Y`` (n, k), ``x`` (n, 1) and ``unit`` (n, 1) with (region, sector) in rows, and ``F``, ``F_Y`` and ``F_unit`` with a row for imports,
        taxes and each component of value added. Columns of final demand of one kind are added up; imports of a competitive table are a column of ``Y``
        with a minus.
    """
    region = str(table.region)
    index = pd.MultiIndex.from_product([[region], table.sectors], names=["region", "sector"])
    kinds = tuple(dict.fromkeys(table.demands))
    final: dict[str, Vector] = {name: table.demand(name) for name in kinds}
    outer: dict[str, list[int]] = {name: [i for i, one in enumerate(table.demands) if one == name] for name in kinds}
    if table.layout == "competitive":
        final["imports"], outer["imports"] = -table.imports, []
    columns = pd.MultiIndex.from_product([[region], list(final)], names=["region", "category"])
    flows = table.flows.toarray() if sparse.issparse(table.flows) else table.flows
    inputs = {
        "imports": (table.imported_inputs, table.imported_final),
        "taxes": (table.input_taxes, table.final_taxes),
        **{
            name: (values, np.zeros(len(table.demands)))
            for name, values in zip(table.components, table.value_added, strict=True)
        },
    }
    names = pd.Index(inputs, name="inputtype")
    return {
        "Z": pd.DataFrame(flows, index=index, columns=index),
        "Y": pd.DataFrame(np.column_stack(list(final.values())), index=index, columns=columns),
        "x": pd.DataFrame(table.output[:, None], index=index, columns=[OUTPUT]),
        "unit": pd.DataFrame(str(table.unit), index=index, columns=["unit"]),
        "F": pd.DataFrame([inner for inner, _ in inputs.values()], index=names, columns=index),
        "F_Y": pd.DataFrame(
            [[float(row[outer[name]].sum()) for name in final] for _, row in inputs.values()],
            index=names,
            columns=columns,
        ),
        "F_unit": pd.DataFrame(str(table.unit), index=names, columns=["unit"]),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Primary:
    """Primary inputs of one region: components (c, n), imports and taxes (n,) and (k,)."""

    components: tuple[str, ...]
    value_added: Vector
    imported_inputs: Vector
    imported_final: Vector
    input_taxes: Vector
    final_taxes: Vector


def _primary(
    system: System, name: str, own: NDArray[np.bool_], demand: NDArray[np.bool_], rows: Mapping[str, str] | None
) -> _Primary:
    extension = getattr(system, name, None)
    frame = getattr(extension, "F", None)
    if not isinstance(frame, pd.DataFrame):
        raise ParameterError(
            f"the system has no extension {name!r} with a frame F",
            fix="Give extension=, the name of the one that holds value added",
        )
    if frame.shape[1] != len(own):
        raise DataError(
            f"F has {frame.shape[1]} columns, Z has {len(own)}", where=name, fix="Give a system in one order"
        )
    given = given_meanings(rows, "row")
    heads = [" ".join(map(str, head)) if isinstance(head, tuple) else str(head) for head in frame.index]
    means = [meaning(head, "row", given) for head in heads]
    _known(heads, means, (*COMPONENTS, "component", "total_value_added", "imports", "taxes", "ignore"), name, "rows")
    parts = [i for i, one in enumerate(means) if one in (*COMPONENTS, "component")]
    parts = parts or [i for i, one in enumerate(means) if one == "total_value_added"]
    if not parts:
        raise DataError("the extension has no row of value added", where=name, fix="Name its rows with rows=")
    outer = getattr(extension, "F_Y", None)
    inner = frame.to_numpy(dtype=np.float64)[:, own]
    below = np.zeros((len(heads), int(demand.sum()))) if outer is None else outer.to_numpy(dtype=np.float64)[:, demand]
    picked = {what: [i for i, one in enumerate(means) if one == what] for what in ("imports", "taxes")}
    names = {"component": heads, "total_value_added": ["value_added"] * len(heads)}
    return _Primary(
        components=tuple(names[str(means[i])][i] if means[i] in names else str(means[i]) for i in parts),
        value_added=inner[parts],
        imported_inputs=inner[picked["imports"]].sum(axis=0),
        imported_final=below[picked["imports"]].sum(axis=0),
        input_taxes=inner[picked["taxes"]].sum(axis=0),
        final_taxes=below[picked["taxes"]].sum(axis=0),
    )


def _check_unit(frame: object, own: NDArray[np.bool_], unit: Money) -> None:
    """Compare the system's unit with the one given, as far as its text ("Mill USD", "M.EUR") tells a scale and a currency."""
    if not isinstance(frame, pd.DataFrame) or len(frame) != len(own):
        return
    texts = list(dict.fromkeys(str(text) for text in frame.to_numpy()[own, 0]))
    if len(texts) > 1:
        raise DataError(
            f"the sectors are in {len(texts)} units: {listing(texts, 4)}",
            where="pymrio system",
            fix="Give a system in money throughout; a hybrid one has no value added that adds up",
        )
    words = re.findall(r"[A-Za-z]+", texts[0])
    currencies = [word for word in words if re.fullmatch(r"[A-Z]{3}", word)]
    scales = [_SCALES[word.lower()] for word in words if word.lower() in _SCALES]
    if currencies not in ([], [unit.currency]) or scales not in ([], [unit.scale]):
        raise DataError(
            f"its unit is {texts[0]!r}, not {unit}",
            where="pymrio system",
            fix="Give the unit that the system is in; InputOutputTable.in_unit changes the scale afterwards",
        )


def _categories(names: Sequence[str], columns: Mapping[str, str] | None) -> list[str]:
    given = given_meanings(columns, "column")
    means = [meaning(name, "column", given) for name in names]
    _known(names, means, (*DEMANDS, "imports"), "Y", "columns")
    return [str(one) for one in means]


def _known(names: Sequence[str], means: Sequence[str | None], allowed: Sequence[str], where: str, option: str) -> None:
    unknown = [name for name, one in zip(names, means, strict=True) if one not in allowed]
    if unknown:
        raise DataError(
            f"{unknown[0]!r} is not known"
            + (f", nor {len(unknown) - 1} more: {listing(unknown[1:])}" if unknown[1:] else ""),
            where=where,
            fix=f"Say what it is: {option}={{{unknown[0]!r}: ...}} with one of {', '.join(allowed)}",
        )


def _two_levels(frame: object, name: str) -> pd.DataFrame:
    if not isinstance(frame, pd.DataFrame) or frame.index.nlevels != 2 or frame.columns.nlevels != 2:
        raise DataError(
            f"{name} is no frame with two levels, region and sector or category, in rows and columns",
            where="pymrio system",
            fix="Give a parsed pymrio system; call calc_system() before where Z is missing",
        )
    return frame
