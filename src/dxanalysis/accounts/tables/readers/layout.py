"""Where the blocks of a square table lie on a grid: the heading row, the sectors, and what every other row and column means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from dxanalysis.accounts.tables.readers.grid import Grid
from dxanalysis.accounts.tables.readers.headings import COLUMNS, NAMES_COLUMN, ROWS, meaning, plain
from dxanalysis.accounts.tables.table import listing
from dxanalysis.errors import DataError, Fault

DEEPEST: Final = 40  # rows in which the heading is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row or column that is no sector: its index in the grid, its heading as printed and what it means."""

    index: int
    heading: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The places of a square table on a grid.

    ``sector_rows`` and ``sector_columns`` are in the order of ``codes``; ``rows`` and ``columns`` are the others, in the file's order.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    sector_rows: tuple[int, ...]
    sector_columns: tuple[int, ...]
    rows: tuple[Place, ...]
    columns: tuple[Place, ...]
    headings: Mapping[int, str]

    def rows_of(self, *meanings: str) -> tuple[Place, ...]:
        """The rows that mean one of these."""
        return tuple(one for one in self.rows if one.means in meanings)

    def columns_of(self, *meanings: str) -> tuple[Place, ...]:
        """The columns that mean one of these."""
        return tuple(one for one in self.columns if one.means in meanings)


def find_plan(grid: Grid, *, rows: Mapping[str, str], columns: Mapping[str, str]) -> Plan:
    """Find the blocks of a square table.

    The heading row is the one that shares most texts with the first column below it: those are the sectors.

    Parameters
    ----------
    rows, columns
        Comparable heading -> meaning, as :func:`.headings.given_meanings` makes them.

    Raises
    ------
    DataError
        When there is no heading row, a code is there twice, the table is not square, or a heading is not known: all in one error.
    """
    top = _heading_row(grid)
    code_columns = [c for c in range(1, grid.width) if grid.text(top, c)]
    row_texts = {grid.text(r, 0) for r in range(top + 1, len(grid.rows))} - {""}
    names = _names_column(grid, top, row_texts, columns)
    body = [r for r in range(top + 1, len(grid.rows)) if any(grid.text(r, c) for c in range(grid.width))]
    wanted = {grid.text(top, c) for c in code_columns}
    first = next(r for r in body if grid.text(r, 0) in wanted)

    found_rows, places_in_rows = _rows(grid, [r for r in body if r >= first], names, wanted, rows)
    found_columns, places_in_columns = _columns(grid, top, first, names, columns)
    codes = [grid.text(r, 0) for r in found_rows]
    heads = [grid.text(top, c) for c in found_columns]
    twice = [
        *_twice(grid, [(r, 0, code) for r, code in zip(found_rows, codes, strict=True)], "row"),
        *_twice(grid, [(top, c, head) for c, head in zip(found_columns, heads, strict=True)], "column"),
    ]
    alone = [
        *_unmatched(grid, found_rows, 0, codes, heads, "row"),
        *_unmatched(grid, top, found_columns, heads, codes, "column"),
    ]
    if twice or alone:
        what = "a sector code is there twice"
        if not twice:
            what = f"{len(codes)} rows and {len(heads)} columns are taken for sectors, and do not match"
            if len(codes) != len(heads):
                what = f"the table is not square: {len(codes)} rows and {len(heads)} columns are taken for sectors"
        raise DataError(
            what,
            where=grid.file,
            fix="Every sector needs one row and one column with the same code; any other heading must be known or named. "
            f"columns= may say {', '.join(COLUMNS)}; rows= {', '.join(ROWS)}",
            faults=[*twice, *alone],
        )
    at = dict(zip(heads, found_columns, strict=True))
    return Plan(
        codes=tuple(codes),
        labels=tuple((grid.text(r, names) if names is not None else "") or grid.text(r, 0) for r in found_rows),
        sector_rows=tuple(found_rows),
        sector_columns=tuple(at[code] for code in codes),
        rows=tuple(places_in_rows),
        columns=tuple(places_in_columns),
        headings={**{c: head for head, c in at.items()}, **{one.index: one.heading for one in places_in_columns}},
    )


def _heading_row(grid: Grid) -> int:
    """Texts are compared without those that mean something else: "total" is in rows and columns, and no sector."""
    best, most = -1, 0
    for r in range(min(DEEPEST, len(grid.rows))):
        below = {grid.text(b, 0) for b in range(r + 1, len(grid.rows))} - {""}
        shared = {grid.text(r, c) for c in range(1, grid.width)} & below
        count = sum(meaning(text, "row", {}) is None for text in shared)
        if count > most:
            best, most = r, count
    if best < 0:
        first = [grid.text(r, 0) for r in range(len(grid.rows)) if grid.text(r, 0)]
        raise DataError(
            f"no row of headings was found: none of the first {min(DEEPEST, len(grid.rows))} rows names a sector that the first column names too "
            f"(the first column holds {listing(first, 6)})",
            where=grid.file,
            fix="Put the sector codes into the first column and the same codes above the columns; or give the sheet that holds the table",
        )
    return best


def _names_column(grid: Grid, top: int, row_texts: set[str], given: Mapping[str, str]) -> int | None:
    """The second column, where it holds names and no figures."""
    heading = grid.text(top, 1)
    if heading in row_texts or meaning(heading, "column", given) is not None:
        return None
    if plain(heading) in NAMES_COLUMN or not heading:
        return 1
    below = [grid.text(r, 1) for r in range(top + 1, len(grid.rows)) if grid.text(r, 1)]
    return 1 if below and not any(text[-1].isdigit() for text in below) else None


def _rows(
    grid: Grid, body: Sequence[int], names: int | None, wanted: set[str], given: Mapping[str, str]
) -> tuple[list[int], list[Place]]:
    """Rows of sectors, and the others by their code or else by their name; ``wanted`` are the headings of the columns."""
    sectors: list[int] = []
    places: list[Place] = []
    for r in body:
        texts = [grid.text(r, 0), grid.text(r, names) if names is not None else ""]
        second = meaning(texts[1], "row", given)
        means = second if second == "component" else meaning(texts[0], "row", given)
        heading = texts[0]
        if means is None and second is not None and texts[0] not in wanted:
            means, heading = second, texts[1]
        if means is not None:
            places.append(Place(index=r, heading=heading, means=means))
        elif any(grid.text(r, c) for c in range(1 if names is None else 2, grid.width)):
            sectors.append(r)
        # A row of text alone is a note or the title of a block.
    return sectors, places


def _columns(
    grid: Grid, top: int, first: int, names: int | None, given: Mapping[str, str]
) -> tuple[list[int], list[Place]]:
    sectors: list[int] = []
    places: list[Place] = []
    for c in range(1 if names is None else 2, grid.width):
        near = [top, *range(top - 1, -1, -1), *range(top + 1, first)]  # offices print names above or below the codes
        found = next(((grid.text(r, c), m) for r in near if (m := meaning(grid.text(r, c), "column", given))), None)
        if found is not None and not _is_sector(grid, top, c):
            places.append(Place(index=c, heading=found[0], means=found[1]))
        elif any(grid.text(r, c) for r in (top, *range(first, len(grid.rows)))):
            sectors.append(c)
    return sectors, places


def _is_sector(grid: Grid, top: int, column: int) -> bool:
    code = grid.text(top, column)
    return meaning(code, "row", {}) is None and any(
        grid.text(r, 0) == code != "" for r in range(top + 1, len(grid.rows))
    )


def _twice(grid: Grid, cells: Sequence[tuple[int, int, str]], side: str) -> list[Fault]:
    seen: dict[str, tuple[int, int]] = {}
    faults = []
    for r, c, code in cells:
        if code in seen:
            other = f"row {seen[code][0] + 1}" if side == "row" else f"column {get_column_letter(seen[code][1] + 1)}"
            faults.append(
                Fault(
                    file=grid.file,
                    row=r + 1,
                    column=get_column_letter(c + 1),
                    found=f"{code!r} twice (before: {other})",
                    expected=f"one {side} for each sector",
                    hint="Give each sector a code of its own, or add the two up",
                )
            )
        seen.setdefault(code, (r, c))
    return faults


def _unmatched(
    grid: Grid,
    rows: int | Sequence[int],
    columns: int | Sequence[int],
    texts: Sequence[str],
    others: Sequence[str],
    side: str,
) -> list[Fault]:
    """Headings taken for sectors that the other side does not have."""
    known = set(others)
    last = max((i for i, text in enumerate(texts) if text in known), default=-1)
    other = "column" if side == "row" else "row"
    faults = []
    for i, text in enumerate(texts):
        if text in known:
            continue
        r = rows if isinstance(rows, int) else rows[i]
        c = columns if isinstance(columns, int) else columns[i]
        if i < last:
            expected, hint = f"a {other} with the same code", f"Add the {other}, or take this {side} out"
        else:
            expected = "a sector code or a known heading"
            hint = f"If it is none of the sectors, say what it is: {side}s={{{text!r}: ...}}"
        faults.append(grid.fault(r, c, expected=expected, hint=hint))
    return faults
