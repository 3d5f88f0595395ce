"""The identities of an input-output table, checked with a tolerance that follows from the printed decimals.

A sum of m figures, each printed to d decimals, may miss its printed total by (m + 1) half units of the last digit: 0.5 * 10^-d * (m + 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from dxanalysis.errors import DataError

Vector = NDArray[np.float64]
Side = Literal["row", "column"]
EXACT: Final = 1e-9  # of the greater of output and the sum's largest term, where figures are not rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A row or column whose parts miss its printed output by more than rounding explains.

    ``gap`` is parts less output, in the table's unit; ``tolerance`` what rounding explains.
    """

    side: Side
    sector: str
    parts: float
    output: float
    tolerance: float

    @property
    def gap(self) -> float:
        """Parts less output."""
        return self.parts - self.output

    def __str__(self) -> str:
        return (
            f"{self.side} {self.sector}: its parts add up to {self.parts:,.6g}, its output is {self.output:,.6g}: "
            f"{self.gap:+,.6g} apart, rounding explains {self.tolerance:,.3g}"
        )


def check(
    *,
    where: str,
    sectors: Sequence[str],
    flows: Any,
    final: Vector,
    imports: Vector,
    imported_inputs: Vector,
    input_taxes: Vector,
    value_added: Vector,
    output: Vector,
    decimals: int | None,
    layout: str,
    refuse: bool,
) -> tuple[Gap, ...]:
    """Check signs and identities of a table's blocks.

    Row i: flows and final demand less imports = output. Column j: flows, imported inputs, taxes and value added = output.

    Returns
    -------
    tuple of Gap
        What does not hold, largest first; empty where all do.

    Raises
    ------
    DataError
        When output is negative, a sector without output sells or buys, or (``refuse``) an identity does not hold.
    """
    _signs(where, sectors, flows, value_added, output)
    absolute = abs(flows)
    terms_in_row = _count(flows, 1) + (final != 0).sum(axis=1) + (imports != 0)
    terms_in_column = _count(flows, 0) + (imported_inputs != 0) + (input_taxes != 0) + (value_added != 0).sum(axis=0)
    rows = np.asarray(flows.sum(axis=1)).ravel() + final.sum(axis=1) - imports
    columns = np.asarray(flows.sum(axis=0)).ravel() + imported_inputs + input_taxes + value_added.sum(axis=0)
    size_of_row = np.asarray(absolute.sum(axis=1)).ravel() + np.abs(final).sum(axis=1) + np.abs(imports)
    size_of_column = (
        np.asarray(absolute.sum(axis=0)).ravel() + np.abs(value_added).sum(axis=0) + np.abs(imported_inputs)
    )
    gaps: list[Gap] = []
    sides: tuple[tuple[Side, Vector, NDArray[np.int64], Vector], ...] = (
        ("row", rows, terms_in_row, size_of_row),
        ("column", columns, terms_in_column, size_of_column),
    )
    for side, parts, terms, size in sides:
        floor = EXACT * np.maximum(size, np.abs(output))  # binary fractions do not add up to the last bit
        allowed = floor if decimals is None else np.maximum(floor, 0.5 * 10.0**-decimals * (terms + 1))
        gaps.extend(
            Gap(
                side=side,
                sector=sectors[i],
                parts=float(parts[i]),
                output=float(output[i]),
                tolerance=float(allowed[i]),
            )
            for i in np.flatnonzero(np.abs(parts - output) > allowed).tolist()
        )
    gaps.sort(key=lambda one: -abs(one.gap))
    if gaps and refuse:
        shown = "; ".join(str(one) for one in gaps[:3])
        more = f"; and {len(gaps) - 3} more" if len(gaps) > 3 else ""
        raise DataError(
            f"the table does not balance: {shown}{more}",
            where=where,
            fix=_reading(gaps, rows, columns, output, imports, imported_inputs, value_added.sum(axis=0), layout),
        )
    return tuple(gaps)


def _signs(where: str, sectors: Sequence[str], flows: Any, value_added: Vector, output: Vector) -> None:
    negative = np.flatnonzero(output < 0)
    if len(negative):
        i = int(negative[0])
        raise DataError(
            f"sector {sectors[i]} has the output {output[i]:,.6g}",
            where=where,
            fix="Output is not negative; look for a shifted row, or a sector of losses that belongs into another",
        )
    idle = np.flatnonzero(output == 0)
    if len(idle):
        used = np.asarray(abs(flows).sum(axis=0)).ravel()[idle] + np.abs(value_added).sum(axis=0)[idle]
        busy = idle[used > 0]
        if len(busy):
            raise DataError(
                f"sector {sectors[int(busy[0])]} has no output, but uses inputs or earns value added",
                where=where,
                fix="Give its output, or add the sector to another one",
            )


def _count(flows: Any, axis: int) -> NDArray[np.int64]:
    counted = np.count_nonzero(flows, axis=axis) if isinstance(flows, np.ndarray) else flows.count_nonzero(axis=axis)
    return np.asarray(counted, dtype=np.int64)


def _reading(
    gaps: Sequence[Gap],
    rows: Vector,
    columns: Vector,
    output: Vector,
    imports: Vector,
    imported_inputs: Vector,
    value_added: Vector,
    layout: str,
) -> str:
    """What the pattern of the gaps points at."""
    sides = {one.side for one in gaps}
    over = rows - output
    if layout == "domestic" and "row" in sides and np.sum(over) > 0 and (over >= -1e-6 * np.abs(output)).mean() > 0.9:
        return (
            "Nearly every row sells more than its output and none less: imports are mixed into the flows. Give the imports of each product "
            "(layout='competitive'), or take the imported part out of flows and final demand"
        )
    if (
        layout == "competitive"
        and "row" in sides
        and np.sum(over) < 0
        and np.allclose(over, -imports, rtol=1e-3, atol=1e-6 * float(output.max(initial=1.0)))
    ):
        return "Each row misses just its imports: flows and final demand are of domestic products already. Use layout='domestic'"
    ratio = np.median(columns[output > 0] / output[output > 0]) if np.any(output > 0) else 1.0
    if sides == {"column"} and np.all(imported_inputs == 0) and ratio < 1 and layout == "domestic":
        return "Columns fall short and rows hold: the row of imported inputs or of product taxes is missing"
    works = value_added != 0
    scale = np.median((output - columns + value_added)[works] / value_added[works]) if works.any() else 1.0
    for power in (1e3, 1e6, 1e9):
        if any(np.isclose(factor, one, rtol=0.2) for factor in (ratio, scale) for one in (power, 1 / power)):
            return f"Blocks differ by a factor of about {power:,.0f}: a unit is mixed up"
    return "Look for a shifted row or column; where the office says that the table does not balance, use rounding='keep' and the gaps are listed"
