"""What is not known of a region's digital share, and how much of the interval each unknown makes.

On a full design, every value of one unknown with every value of the others, the variance parts are exact (Sobol' 1993; analysis of variance): no sampling error is added by
the decomposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.accounts.definitions.definition import Coverage, Definition, cover, load_definition, unsettled
from dxanalysis.accounts.figures import Note
from dxanalysis.accounts.regional.quotients import Quotient
from dxanalysis.accounts.tables.table import InputOutputTable, Vector
from dxanalysis.errors import ParameterError

Part = Literal["definition", "split", "quotient", "delta", "release"]

PARTS: Final[tuple[Part, ...]] = ("definition", "split", "quotient", "delta", "release")
LEVELS: Final = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedDefinition:
    """A definition on the sectors of a table.

    ``weights``: (n,), digital part of each sector, fraction. ``partly``: codes of sectors whose part the definition leaves open; where a :class:`SplitRange` is given for one, its
    draws take the place of the weight.
    """

    id: str
    weights: Vector
    partly: tuple[str, ...] = ()

    @classmethod
    def of(cls, covered: Coverage) -> WeightedDefinition:
        """From the coverage of a definition of the registry."""
        return cls(id=covered.definition.id, weights=covered.weights, partly=covered.partly)

    @classmethod
    def spread(
        cls, table: InputOutputTable, chosen: Definition | str, splits: Sequence[SplitRange]
    ) -> WeightedDefinition:
        """A definition, or the name of one in the registry, on a table; sectors that it covers in part take the middle of their split range until drawn.

        Raises
        ------
        ParameterError
            When the name is unknown, or a sector is covered in part and no split is given for it.
        DataError
            When no sector of the table is in the definition.
        """
        found = load_definition(chosen) if isinstance(chosen, str) else chosen
        partly = unsettled(table, found)
        middle = {one.sector: (one.low + one.high) / 2 for one in splits if one.sector in partly}
        covered = cover(table, found, ratios=middle)
        return cls(id=found.id, weights=covered.weights, partly=partly)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRange:
    """Lowest and highest digital part of a partly digital sector, fractions; ``basis`` says what the range rests on."""

    sector: str
    low: float
    high: float
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Release:
    """One release of the region's value added by sector code, in the unit and year given to :func:`.interval.share_interval`."""

    name: str
    value_added: pd.Series


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalPart:
    """What one unknown does to the interval.

    ``values``: how many values it took; 1 where it was known. ``first_order``: part of the variance that would go if it were known; ``total``: part that would stay if it alone were
    unknown; both 0 to 1. ``width_95_if_known``: mean width of the 95 % range over the values it may turn out to have, points.
    """

    name: Part
    values: int
    first_order: float
    total: float
    width_95_if_known: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareInterval:
    """Digital share of a region, percent of its value added, over everything that is not known.

    Attributes
    ----------
    region, year, measure, methods, delta
        What of, by which measure, quotients and band of delta (None where they have none).
    estimate
        Median of all combinations.
    quantiles
        (level, value), lowest first.
    parts
        The five unknowns, the greatest total part first.
    by_definition
        (id, median) of each definition.
    splits
        The ranges of digital parts as given, with what they rest on.
    n_values, seed
        Combinations computed, and the seed of the splits.
    notes
        What every table of the design says of itself, each once.
    """

    region: str
    year: int
    measure: str
    methods: tuple[Quotient, ...]
    delta: tuple[float, float] | None
    estimate: float
    quantiles: tuple[tuple[float, float], ...]
    parts: tuple[IntervalPart, ...]
    by_definition: tuple[tuple[str, float], ...]
    splits: tuple[SplitRange, ...]
    n_values: int
    seed: int
    notes: tuple[Note, ...]
    unit: Literal["percent"] = "percent"

    def interval(self, level: float) -> tuple[float, float]:
        """Central range that holds ``level`` (0.5, 0.8 or 0.95) of the combinations, percent.

        Raises
        ------
        ParameterError
            When the level is another.
        """
        found = {round(known, 6): value for known, value in self.quantiles}
        low, high = round((1 - level) / 2, 6), round((1 + level) / 2, 6)
        if low not in found or high not in found:
            raise ParameterError(f"the {level:g} range was not computed", fix="Use 0.5, 0.8 or 0.95")
        return found[low], found[high]

    def to_frame(self) -> pd.DataFrame:
        """One row: the median and the ends of the ranges."""
        row: dict[str, object] = {
            "region": self.region,
            "year": self.year,
            "measure": self.measure,
            "method": ", ".join(self.methods),
            "estimate": self.estimate,
            "unit": self.unit,
        }
        for level in (0.5, 0.8, 0.95):
            row[f"low_{round(100 * level)}"], row[f"high_{round(100 * level)}"] = self.interval(level)
        return pd.DataFrame([row])

    def parts_frame(self) -> pd.DataFrame:
        """One row an unknown, the greatest first."""
        return pd.DataFrame(
            [
                {
                    "part": one.name,
                    "values": one.values,
                    "first_order": one.first_order,
                    "total": one.total,
                    "width_95_if_known": one.width_95_if_known,
                }
                for one in self.parts
            ]
        )


def variance_parts(values: Vector) -> tuple[IntervalPart, ...]:
    """Exact variance parts on a full design whose axes are definition, split, quotient, delta and release, every combination counting alike."""
    whole = float(values.var())
    # A spread of the last bits is none: it would be divided by itself.
    none = whole <= (1e-13 * max(1.0, float(np.abs(values).max()))) ** 2
    parts = []
    for axis, name in enumerate(PARTS):
        others = tuple(i for i in range(values.ndim) if i != axis)
        count = values.shape[axis]
        known = float(values.mean(axis=others).var())
        alone = float(values.var(axis=axis).mean())
        slices = np.moveaxis(values, axis, 0).reshape(count, -1)
        width = float(np.mean([np.subtract(*hazen(one, (LEVELS[-1], LEVELS[0]))) for one in slices]))
        parts.append(
            IntervalPart(
                name=name,
                values=count,
                first_order=0.0 if none or count == 1 else known / whole,
                total=0.0 if none or count == 1 else alone / whole,
                width_95_if_known=width,
            )
        )
    return tuple(parts)


def hazen(values: Vector, levels: Sequence[float]) -> Vector:
    """Quantiles of a design."""
    # Points in the middle of equal steps stand at (i - 1/2)/n: that is Hazen's rule.
    return np.asarray(np.quantile(values, levels, method="hazen"), dtype=np.float64)
