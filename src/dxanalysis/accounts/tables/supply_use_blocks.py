"""Blocks of a supply-use table read into arrays: codes that differ, frames brought into their order, every cell a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from dxanalysis.accounts.tables.table import Vector, frozen, listing
from dxanalysis.errors import DataError, ParameterError

Figures = ArrayLike | pd.DataFrame | pd.Series


def codes_of(given: Sequence[str] | None, supply: Figures, axis: int, what: str, where: str) -> tuple[str, ...]:
    """Codes as given, or those of the frame ``supply`` (axis 0 products, 1 industries).

    Raises
    ------
    DataError
        When there is none, or one is there twice.
    ParameterError
        When supply is a plain array and codes are not given.
    """
    if given is None:
        if not isinstance(supply, pd.DataFrame):
            raise ParameterError(
                f"{where}: supply is a plain array, and the codes of its {('rows', 'columns')[axis]} are not given",
                fix="Give products and industries, or supply as a frame with codes",
            )
        given = list(supply.axes[axis])
    codes = tuple(str(code) for code in given)
    if not codes:
        raise DataError(f"there is no {what}", where=where, fix="Give at least one")
    twice = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if twice:
        raise DataError(
            f"{what} {twice[0]!r} is there {codes.count(twice[0])} times",
            where=where,
            fix="Give each a code of its own, or add them up",
        )
    return codes


def labels_of(given: Sequence[str] | None, codes: tuple[str, ...], what: str, where: str) -> tuple[str, ...]:
    """Labels, one a code; the codes themselves where none are given.

    Raises
    ------
    DataError
        When their number differs.
    """
    labels = codes if given is None else tuple(given)
    if len(labels) != len(codes):
        raise DataError(
            f"{len(labels)} labels for {len(codes)} {what}", where=where, fix="Give one label each, or none"
        )
    return labels


def block_of(
    values: Any,
    rows: Sequence[str],
    columns: Sequence[str] | None,
    what: str,
    where: str,
    *,
    as_given: Sequence[str] = (),
) -> Vector:
    """A read-only block in the order of the codes; zeros where it is left out.

    Parameters
    ----------
    values
        Array, frame, series or None; a frame or series is put in order by its codes.
    rows, columns
        Codes; columns None: one figure a row.
    what, where
        Names for messages.
    as_given
        The axis (``rows`` or ``columns`` itself) that is taken in the order given: two columns of final demand may be of one kind.

    Raises
    ------
    DataError
        When codes or the shape differ, or a cell is empty or no number.
    """
    shape = (len(rows),) if columns is None else (len(rows), len(columns))
    if values is None:
        return frozen(np.zeros(shape))
    if isinstance(values, pd.Series | pd.DataFrame):
        if rows is not as_given:
            values = values.set_axis([str(code) for code in values.index], axis=0)
            values = values.reindex(_same(values.index, rows, what, where))
        if isinstance(values, pd.DataFrame) and columns is not None and columns is not as_given:
            values = values.set_axis([str(code) for code in values.columns], axis=1)
            values = values.reindex(columns=_same(values.columns, columns, what, where))
    try:
        block = frozen(values)
    except (TypeError, ValueError):
        raise DataError(
            f"{what}: a cell is no number", where=where, fix="Give numbers only; 0 where there is nothing"
        ) from None
    if block.shape != shape:
        raise DataError(
            f"{what}: the shape is {' x '.join(map(str, block.shape))}, not {' x '.join(map(str, shape))}",
            where=where,
            fix="Rows are products and columns industries (or kinds of final demand), the same in every block",
        )
    if not np.isfinite(block).all():
        at = tuple(int(i) for i in np.argwhere(~np.isfinite(block))[0])
        place = rows[at[0]] if columns is None else f"{rows[at[0]]}, {columns[at[1]]}"
        raise DataError(f"{what}: the cell at {place} is empty", where=where, fix="Write 0 where there is nothing")
    return block


def _same(found: pd.Index, codes: Sequence[str], what: str, where: str) -> list[str]:
    """The codes, when a block has exactly these."""
    if found.has_duplicates:
        raise DataError(
            f"{what}: {found[found.duplicated()][0]!r} is there twice", where=where, fix="Add rows of one code up"
        )
    missing, unknown = ([str(x) for x in a if x not in b] for a, b in ((codes, set(found)), (found, set(codes))))
    if missing or unknown:
        parts = [f"{listing(names)} {word}" for names, word in ((missing, "missing"), (unknown, "unknown")) if names]
        raise DataError(
            f"{what}: the codes are not those of the supply table: {'; '.join(parts)}",
            where=where,
            fix="Supply and use must have the same products and industries: aggregate one of them, or add rows of zeros",
        )
    return list(codes)
