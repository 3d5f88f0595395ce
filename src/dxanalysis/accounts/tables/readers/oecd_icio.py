"""OECD Inter-Country Input-Output tables as CSV: rows and columns such as VNM_C26 (edition 2023), VNM_26 or VNM_D26 (earlier ones).

Final demand is VNM_HFCE, NPISH, GGFC, GFCF, INVNT and DPABR; below the sectors stand TLS or TAXSUB, VA or VALU, OUT or OUTPUT. Figures are in million US
dollars at basic prices. China and Mexico come in parts in the extended tables (CN1, CN2, MX1, MX2, for processing and other firms): the parts are added up
to CHN and MEX. Checked against this description of the editions 2018 to 2023 and made-up tables of this form, not against a published file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

from dxanalysis.accounts.classifications import load_classification
from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.readers.grid import as_text, open_rows
from dxanalysis.accounts.tables.readers.intercountry import Bottom, Heads, Line, economy_table
from dxanalysis.accounts.tables.table import Demand, InputOutputTable, listing
from dxanalysis.errors import DataError, ParameterError

CLASSIFICATIONS: Final = ("oecd_icio", "oecd_icio_2018")
UNIT: Final = Money("USD", 1e6)
# Direct purchases abroad by residents are consumption of households; valuables belong to changes in inventories.
DEMANDS: Final[Mapping[str, Demand]] = {
    "HFCE": "households",
    "DPABR": "households",
    "DIRP": "households",
    "P33": "households",
    "NPISH": "npish",
    "NPS": "npish",
    "GGFC": "government",
    "GFCF": "investment",
    "INVNT": "inventories",
    "INV": "inventories",
    "DISC": "other",
    "FD": "other",
}
BOTTOM: Final[Mapping[str, Bottom]] = {
    "TLS": "taxes",
    "TAXSUB": "taxes",
    "VA": "value_added",
    "VALU": "value_added",
    "OUT": "output",
    "OUTPUT": "output",
}
SPLIT: Final = {"CHN": re.compile(r"CHN|CN\d"), "MEX": re.compile(r"MEX|MX\d")}


def read_oecd_icio(
    path: str | Path,
    *,
    economy: str,
    year: int,
    decimals: int | None = None,
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """Read one economy's domestic table.

    Flows and final demand are of its own products; imported inputs are its columns in the rows of all other economies; the last column of final demand,
    exports, is what its rows sell to all others. The file is read once, row by row; other economies' trade among themselves is not kept.

    Parameters
    ----------
    path
        CSV file of one year, unpacked.
    economy
        Code of three letters, such as "VNM"; "CHN" and "MEX" are the sums of their parts where the file splits them.
    decimals, rounding
        As in :func:`~dxanalysis.accounts.tables.build.input_output_table`; decimals None: the most that a figure in the file has.

    Raises
    ------
    ParameterError
        When the file or the economy is not there, or only a part of China or Mexico is asked for.
    DataError
        When the file has no such headings, a cell is no number, a row is missing or twice, or an identity does not hold.
    """
    for whole, pattern in SPLIT.items():
        if economy != whole and pattern.fullmatch(economy):
            raise ParameterError(
                f"{economy!r} is one part of {whole}, by the kind of firm: its purchases from the other parts would count as imports",
                fix=f"Ask for {whole!r}: the parts are added up",
            )
    path = Path(path)
    if path.suffix.lower() == ".zip":
        raise DataError("the file is packed", where=path.name, fix="Unpack it and give the CSV file of the year")
    name, rows = open_rows(path)
    head = next(rows, ())
    labels = tuple(_label(as_text(cell)) for cell in head[1:])
    if not any(one and code not in DEMANDS for one, code in labels):
        raise DataError(
            f"the first row has no headings such as VNM_C26: it begins with {', '.join(repr(as_text(cell)) for cell in head[:3])}",
            where=name,
            fix="Give the ICIO file as OECD publishes it; a national table is read by read_square",
        )
    there = {one for one, _ in labels if one}
    parts = frozenset(one for one in there if economy in SPLIT and SPLIT[economy].fullmatch(one)) or frozenset(
        {economy}
    )
    return economy_table(
        Heads(file=name, labels=labels, first=1),
        _lines(rows),
        economy=economy,
        parts=parts,
        demand_of=DEMANDS.get,
        bottom_of=BOTTOM,
        year=year,
        unit=UNIT,
        classification=_classification(name, {code for one, code in labels if one in parts and code not in DEMANDS}),
        decimals=decimals,
        rounding=rounding,
    )


def _classification(file: str, codes: set[str]) -> str:
    """The industries of the edition: the same code is another industry in the edition of 2016, which is of ISIC Rev.3."""
    lists = {name: load_classification(name).sectors for name in CLASSIFICATIONS}
    found = next((name for name, sectors in lists.items() if codes <= sectors.keys()), None)
    if found is None:
        unknown = sorted(codes - lists[CLASSIFICATIONS[0]].keys())
        raise DataError(
            f"{listing(unknown, 6)} are not of the industries of the editions 2018, 2021 and 2023",
            where=file,
            fix="Take one of these editions; that of 2016 has industries by ISIC Rev.3 and is not read",
        )
    return found


def _lines(rows: Iterator[tuple[str | float, ...]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=2):
        if row and as_text(row[0]):
            economy, code = _label(as_text(row[0]), row=True)
            yield Line(number=number, economy=economy, code=code, cells=row[1:])


def _label(text: str, *, row: bool = False) -> tuple[str, str]:
    """(economy, code) of a heading, ("", "") for a column of totals; the edition of 2016 has final demand the other way round, HFCE_VNM."""
    one, joined, other = text.partition("_")
    if not joined:
        return ("", text) if row or text in DEMANDS else ("", "")
    if one in DEMANDS:
        return (other, one)
    return (one, f"D{other}" if other[:1].isdigit() else other)
