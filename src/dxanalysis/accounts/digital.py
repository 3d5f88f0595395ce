"""The result every way of measuring the digital share gives: a number or a range, with all that went in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from dxanalysis.accounts.assumption import Assumption
from dxanalysis.accounts.figures import Figure, Note
from dxanalysis.errors import ParameterError

Method = Literal[
    "published",
    "transfer",
    "direct",
    "bea_ratio",
    "adb_printed",
    "adb_exact",
    "adb_merged",
    "input_coefficient",
    "growth_accounting",
]
Bound = Literal["", "upper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How much of a result's spread one assumption causes.

    ``first_order`` is the part of the variance that would go if the assumption were known, ``total`` the part that would stay if
    it alone were unknown (Sobol indices, 0 to 1); ``*_error`` are standard errors over repeated designs. ``width_95_if_known`` is the
    width of the 95 % range, in points, with the assumption held at its middle.
    """

    assumption: str
    first_order: float
    first_order_error: float
    total: float
    total_error: float
    width_95_if_known: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalShare:
    """Share of digital value added in GDP or GRDP, percent, current prices.

    Attributes
    ----------
    region_id, period
        What the share is of.
    method
        ``published``: printed by an office; ``transfer``: national intensities moved to the region's structure; the others are computed from a
        table, see :mod:`dxanalysis.accounts.measures`.
    indicator
        Which indicator of the archive, or which definition of the registry, it follows.
    estimate
        The printed figure, or the median of the draws.
    quantiles
        (level, value) pairs, lowest level first; empty for a printed figure.
    assumptions, sensitivity
        What was assumed, and what each assumption does to the range, greatest first.
    inputs
        Every published figure that went in.
    n_draws, seed
        Of the Monte Carlo; 0 where there is none.
    as_of
        What was known when; None: everything in the store.
    notes
        Codes of what the reader must be told.
    vintage
        Edition of the definition; empty for a figure of the archive. Shares of two vintages make no series: :func:`dxanalysis.accounts.measures.series`.
    family
        Definitions that follow each other; empty for a figure of the archive.
    parts
        (name, value) pairs of what the share is made of, percent; they add up to the estimate.
    bound
        ``upper``: a model-based upper bound, not an estimate.
    """

    region_id: str
    period: str
    method: Method
    indicator: str
    estimate: float
    quantiles: tuple[tuple[float, float], ...]
    assumptions: tuple[Assumption, ...]
    sensitivity: tuple[Sensitivity, ...]
    inputs: tuple[Figure, ...]
    n_draws: int
    seed: int
    as_of: date | None
    notes: tuple[Note, ...]
    unit: Literal["percent"] = "percent"
    vintage: str = ""
    family: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    bound: Bound = ""

    def quantile(self, level: float) -> float:
        """Value at a quantile level that was computed.

        Raises
        ------
        ParameterError
            When it was not.
        """
        for known, value in self.quantiles:
            if abs(known - level) < 1e-9:  # levels are decimal fractions, compared as such
                return value
        known_levels = ", ".join(f"{known:g}" for known, _ in self.quantiles) or "none: this is a printed figure"
        raise ParameterError(f"the quantile at {level:g} was not computed", fix=f"Use one of: {known_levels}")

    def interval(self, level: float) -> tuple[float, float]:
        """Central range that holds ``level`` (0.5, 0.8 or 0.95) of the draws, percent.

        Raises
        ------
        ParameterError
            When the level is not a part from 0 to 1, or its ends were not computed.
        """
        if not 0 < level < 1:
            raise ParameterError(f"the level is {level:g}", fix="Give a part from 0 to 1: 95 percent is 0.95")
        known = [2 * end - 1 for end, _ in self.quantiles if end > 1 / 2]
        if self.quantiles and not any(abs(one - level) < 1e-9 for one in known):
            ends = ", ".join(f"{one:.4g}" for one in known)
            raise ParameterError(f"the range that holds {level:g} was not computed", fix=f"Use one of: {ends}")
        tail = (1 - level) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    @property
    def main_driver(self) -> str | None:
        """Id of the assumption that causes most of the range; None where nothing is assumed."""
        return self.sensitivity[0].assumption if self.sensitivity else None

    def to_frame(self) -> pd.DataFrame:
        """One row with the estimate and the ends of the ranges, for tables of several regions or methods."""
        row: dict[str, object] = {
            "region_id": self.region_id,
            "period": self.period,
            "method": self.method,
            "indicator": self.indicator,
            "estimate": self.estimate,
            "unit": self.unit,
        }
        for level in (0.5, 0.8, 0.95) if self.quantiles else ():
            low, high = self.interval(level)
            row[f"low_{round(100 * level)}"], row[f"high_{round(100 * level)}"] = low, high
        return pd.DataFrame([row])

    def assumptions_frame(self) -> pd.DataFrame:
        """One row an assumption: its range, its ground, and its part in the result's spread; the greatest first."""
        parts = {one.assumption: one for one in self.sensitivity}
        rows = [
            {
                "assumption": one.id,
                "low": one.low,
                "high": one.high,
                "shape": one.shape,
                "unit": one.unit,
                "basis": one.basis,
                "evidence": one.evidence,
                "first_order": parts[one.id].first_order if one.id in parts else 0.0,
                "total": parts[one.id].total if one.id in parts else 0.0,
                "total_error": parts[one.id].total_error if one.id in parts else 0.0,
                "width_95_if_known": parts[one.id].width_95_if_known if one.id in parts else self._width(),
            }
            for one in self.assumptions
        ]
        frame = pd.DataFrame(rows)
        return frame.sort_values("total", ascending=False, kind="stable", ignore_index=True) if rows else frame

    def inputs_frame(self) -> pd.DataFrame:
        """One row a published figure that went in: value, unit, release, source."""
        return pd.DataFrame(
            [
                {
                    "indicator": one.indicator,
                    "region_id": one.region_id,
                    "period": one.period,
                    "value": one.value,
                    "unit": one.unit,
                    "released_from": one.released_from,
                    "released_to": one.released_to,
                    "status": one.status,
                    "source": one.source,
                }
                for one in self.inputs
            ]
        )

    def summary(self) -> dict[str, object]:
        """Facts for the reader, without a sentence: names with values; shares in percent."""
        facts: dict[str, object] = {
            "region_id": self.region_id,
            "period": self.period,
            "method": self.method,
            "indicator": self.indicator,
            "estimate": self.estimate,
            "unit": self.unit,
        }
        for level in (0.5, 0.8, 0.95) if self.quantiles else ():
            facts[f"range_{round(100 * level)}"] = self.interval(level)
        if self.sensitivity:
            facts["main_driver"] = self.sensitivity[0].assumption
            facts["main_driver_part"] = self.sensitivity[0].total
        facts["notes"] = tuple(note.code for note in self.notes)
        return facts

    def __repr__(self) -> str:
        about = ""
        if self.quantiles:
            (tail, low), (_, high) = self.quantiles[0], self.quantiles[-1]
            about = f", {100 * (1 - 2 * tail):g} % range {low:.2f} to {high:.2f}"
        bound = f", {self.bound} bound" if self.bound else ""
        return (
            f"DigitalShare({self.region_id} {self.period}, {self.method}, {self.indicator}: {self.estimate:.2f} percent"
            f"{about}{bound})"
        )

    def _repr_html_(self) -> str:
        return self.to_frame().round(2).to_html(index=False)

    def _width(self) -> float:
        low, high = self.interval(0.95) if self.quantiles else (self.estimate, self.estimate)
        return high - low
