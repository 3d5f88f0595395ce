"""What every verb needs: the two consoles, the project option and tables that fit a terminal."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from dxanalysis.errors import DxError
from dxanalysis.reports.files import TEMPORARY

if TYPE_CHECKING:
    import pandas as pd

OUT = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
ERR = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

Folder = Annotated[Path | None, typer.Option("--project", help="Folder of the project; by default the one you are in.")]

_RIGHTS: Final = "Give your account the right to it, close the program that has it open, or name another place"
_REFUSED: Final = {
    errno.EACCES: ("it may not be read or written", _RIGHTS),
    errno.EPERM: ("it may not be read or written", _RIGHTS),
    errno.EROFS: ("it can only be read", "Name another place, or make this one writable"),
    errno.ENOSPC: ("the disk is full", "Free some space, and run again"),
    errno.EDQUOT: ("the disk is full", "Free some space, and run again"),
    errno.ENAMETOOLONG: ("the name is too long", "Give a shorter one"),
}


def refusal(error: OSError) -> DxError | None:
    """What the machine did not let a user do, with the way out; None for what is no fault of theirs."""
    if error.errno not in _REFUSED:
        return None
    what, fix = _REFUSED[error.errno]
    place = Path(str(error.filename)) if error.filename else None
    if place is not None and place.name.startswith(TEMPORARY):  # nobody knows a name that was made up for the moment
        place = place.parent
    return DxError(what, where="" if place is None else str(place), fix=fix)


def show(table: Table) -> None:
    """Print a table, wider than the terminal rather than without its figures."""
    needed = sum((column.width or 0) + 2 for column in table.columns)
    Console(width=max(OUT.width, needed), highlight=False, markup=False).print(table)


def table_of(frame: pd.DataFrame) -> Table:
    """A frame as a table for the terminal: names and sources give way where it is narrow, ids and figures never do."""
    cells = frame.astype("str")
    widths = {column: max([len(column), *cells[column].str.len()]) for column in cells.columns}
    giving = [column for column in ("name", "source") if column in widths]
    fixed = sum(width + 2 for column, width in widths.items() if column not in giving)
    left = max(OUT.width - fixed - 2 * len(giving), 12 * len(giving))
    table = Table(box=None, pad_edge=False)
    for column, width in widths.items():
        shown = min(width, left // len(giving)) if column in giving else width
        table.add_column(column, no_wrap=True, overflow="ellipsis", width=shown)
    for row in cells.itertuples(index=False, name=None):
        table.add_row(*row)
    return table
