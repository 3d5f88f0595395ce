"""The input-output workbook of Viet Nam's statistics office.

The layout is the one that the office's publications describe: codes and names of products in the first two columns, intermediate use, final use
(tiêu dùng của hộ gia đình, chi tiêu của chính phủ, tích lũy, xuất khẩu), imports taken off; below, thu nhập của người lao động, thuế sản xuất, khấu hao
tài sản cố định, thặng dư and giá trị sản xuất; million dong, decimal comma, totals in both directions. This reader was checked against a made-up file of
that description, not against a file of the office: headings it does not know are named in the error and can be given with ``rows`` and ``columns``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, Literal

from dxanalysis.accounts.tables.money import Money
from dxanalysis.accounts.tables.readers.grid import Mark
from dxanalysis.accounts.tables.readers.square import read_square
from dxanalysis.accounts.tables.table import InputOutputTable, Kind

UNIT: Final = Money("VND", 1e6)


def read_statistics_office(
    path: str | Path,
    *,
    year: int,
    classification: str,
    region: str = "VN",
    unit: Money | str = UNIT,
    sheet: str | None = None,
    kind: Kind = "product",
    rows: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    decimals: int | None = None,
    decimal: Mark = ",",
    nil: Collection[str] = ("-",),
    encoding: str | None = None,
    rounding: Literal["refuse", "keep"] = "refuse",
) -> InputOutputTable:
    """Read the office's table: :func:`read_square` with its habits, products in million dong with a decimal comma and "-" for nothing.

    Parameters
    ----------
    classification
        Of the codes in the first column. The office's tables have sector numbers of their own (164 in the table of 2012): give such a list a name of your
        own, and name in a definition which of its codes are digital.
    path, year, region, unit, sheet, kind, rows, columns, decimals, decimal, nil, encoding, rounding
        As in :func:`read_square`.

    Raises
    ------
    DataError, ParameterError
        As :func:`read_square`.
    """
    return read_square(
        path,
        region=region,
        year=year,
        unit=unit,
        classification=classification,
        sheet=sheet,
        kind=kind,
        rows=rows,
        columns=columns,
        decimals=decimals,
        decimal=decimal,
        nil=nil,
        encoding=encoding,
        rounding=rounding,
    )
