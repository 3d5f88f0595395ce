"""What every forecast model returns: a joint distribution of the future, with the evidence behind it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from numbers import Real
from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.errors import ModelError, ParameterError
from dxanalysis.forecast.evidence import Evidence
from dxanalysis.forecast.law import MOST_NUMBERS, Drawn, Joined, Law
from dxanalysis.forecast.scale import FloatArray

FRAME_LEVELS: Final = {
    "low_95": 0.025,
    "low_80": 0.1,
    "low_50": 0.25,
    "median": 0.5,
    "high_50": 0.75,
    "high_80": 0.9,
    "high_95": 0.975,
}


def some(names: Sequence[str], most: int = 8) -> str:
    """Names for a message: the first ones, and how many there are besides."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


@dataclass(frozen=True, slots=True)
class Known:
    """Evidence that is at hand, to be called for."""

    evidence: tuple[Evidence, ...]

    def __call__(self) -> tuple[Evidence, ...]:
        """The evidence."""
        return self.evidence


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictive:
    """A joint predictive distribution of regions and periods.

    Paths and evidence of very many regions are large, so they are made when they are first asked for; they are a function of what is
    held here and of nothing else.

    Attributes
    ----------
    regions, periods
        Labels of the second and third axis of ``draws``; periods as text.
    law
        The distribution: paths, or quantiles joined by correlated scores.
    evidence_of
        Gives one entry a region, in the same order.
    unit
        The indicator's unit, empty when the panel gave none.
    bounds
        Values that no draw passes; infinite where there is none.
    whole
        Whether values are whole numbers (ranks); quantiles are then drawn values, not between two of them.
    whole_years
        Whether the panel gave its periods as whole numbers: tables then do too.
    model, parameters, seed
        What made it.
    cases_of
        Gives, for a region and a period, what became of the most similar past cases: their changes on the way (n,) in the unit. None
        where the model knows no cases.
    """

    regions: tuple[str, ...]
    periods: tuple[str, ...]
    law: Law
    evidence_of: Callable[[], tuple[Evidence, ...]]
    unit: str = ""
    model: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    seed: int = 0
    bounds: tuple[float, float] = (-math.inf, math.inf)
    whole: bool = False
    whole_years: bool = False
    cases_of: Callable[[str, int], FloatArray] | None = None

    def __post_init__(self) -> None:
        expected = (len(self.regions), len(self.periods))
        if self.law.n_draws < 1 or self.law.shape != expected:
            raise ModelError(
                f"the draws have the shape {(self.law.n_draws, *self.law.shape)}",
                fix=f"Expected (draws, {expected[0]} regions, {expected[1]} periods)",
            )

    @classmethod
    def of_draws(
        cls,
        draws: FloatArray,
        *,
        regions: Sequence[str],
        periods: Sequence[str],
        evidence: Sequence[Evidence],
        model: str = "",
        unit: str = "",
        parameters: Mapping[str, object] | None = None,
        seed: int = 0,
        bounds: tuple[float, float] = (-math.inf, math.inf),
        whole: bool = False,
        whole_years: bool = False,
    ) -> Predictive:
        """Build from paths, array (n_draws, n_regions, horizon) in the indicator's unit.

        Raises
        ------
        ModelError
            When shapes or regions do not match, or a draw is missing or infinite.
        """
        known = tuple(evidence)
        if tuple(item.region for item in known) != tuple(regions):
            raise ModelError(
                "the evidence does not match the regions", fix="Give one entry a region, in the same order"
            )
        array = np.asarray(draws, dtype=float)
        if array.ndim != 3:
            raise ModelError(f"the draws have the shape {array.shape}", fix="Expected (draws, regions, periods)")
        if not np.isfinite(array).all():
            raise ModelError("a draw is missing or infinite", fix="The model is not usable for these values")
        return cls(
            regions=tuple(regions),
            periods=tuple(periods),
            law=Drawn(paths=array),
            evidence_of=Known(known),
            unit=unit,
            model=model,
            parameters=parameters or {},
            seed=seed,
            bounds=bounds,
            whole=whole,
            whole_years=whole_years,
        )

    @cached_property
    def draws(self) -> FloatArray:
        """Paths, array (n_draws, n_regions, horizon) in the indicator's unit; read-only. ``draws[i, r]`` is one path."""
        frozen = self.law.draws().view()
        frozen.flags.writeable = False
        return frozen

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The observations behind each region's forecast, in the order of ``regions``."""
        return self.evidence_of()

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {region: row for row, region in enumerate(self.regions)}

    def __getstate__(self) -> dict[str, object]:
        return {one.name: getattr(self, one.name) for one in fields(self)}  # what can be made again is not stored

    @property
    def n_draws(self) -> int:
        """Number of paths."""
        return self.law.n_draws

    def quantiles(self, levels: float | Sequence[float]) -> pd.DataFrame:
        """Quantiles by region and period.

        Where the model knows its quantiles they are exact. Answers about targets are counted over the paths instead, so a median or range of
        theirs differs a little: with 4,000 draws by about a hundredth of the width of the 80 % range, seldom more than two.

        Parameters
        ----------
        levels
            A level from 0 to 1, or several.

        Returns
        -------
        DataFrame
            Indexed by (region, period), one column a level, in the indicator's unit. Periods are whole numbers when the panel's were.

        Raises
        ------
        ParameterError
            When there is no level, or one lies outside 0 to 1.
        """
        asked = list(levels) if isinstance(levels, Iterable) else [levels]
        if not asked or not all(isinstance(level, Real) and 0 <= level <= 1 for level in asked):
            raise ParameterError(
                f"{asked} are not quantile levels", fix="Give numbers from 0 to 1, such as [0.1, 0.5, 0.9]"
            )
        asked = [float(level) for level in asked]
        table = self.law.quantiles(asked, whole=self.whole)
        periods = [int(period) for period in self.periods] if self.whole_years else list(self.periods)
        index = pd.MultiIndex.from_product([self.regions, periods], names=["region", "period"])
        return pd.DataFrame(table.reshape(len(asked), -1).T, index=index, columns=pd.Index(asked, name="level"))

    def to_frame(self) -> pd.DataFrame:
        """One row a region and period: median and central 50, 80 and 95 % ranges, in the indicator's unit."""
        frame = self.quantiles(list(FRAME_LEVELS.values()))
        return frame.set_axis(list(FRAME_LEVELS), axis="columns").reset_index()

    def row(self, region: str) -> int:
        """Place of a region in ``regions``.

        Raises
        ------
        ParameterError
            When the region was not forecast; the regions that were are listed.
        """
        if region not in self._rows:
            raise ParameterError(f"region {region!r} was not forecast", fix=f"Forecast are: {some(self.regions)}")
        return self._rows[region]

    def of(self, region: str) -> FloatArray:
        """Paths of one region, array (n_draws, horizon).

        Those of very many regions do not fit into memory together; one region's are then drawn on their own, and are the same.

        Raises
        ------
        ParameterError
            As of :meth:`row`.
        """
        row = self.row(region)
        if isinstance(self.law, Joined) and self.n_draws * len(self.regions) * len(self.periods) > MOST_NUMBERS:
            return self.law.of(row).draws()[:, 0, :]
        return self.draws[:, row, :]

    def __repr__(self) -> str:
        unit = f", {self.unit}" if self.unit else ""
        return (
            f"Predictive({self.model or 'own model'}: {some(self.regions, 3)}; {self.periods[0]} to {self.periods[-1]}{unit}, "
            f"{self.n_draws} draws, seed {self.seed})"
        )

    def summary(self) -> dict[str, object]:
        """What was forecast, from what, by which model: named values."""
        return {
            "model": self.model,
            "parameters": dict(self.parameters),
            "seed": self.seed,
            "n_draws": self.n_draws,
            "n_regions": len(self.regions),
            "first_period": self.periods[0],
            "last_period": self.periods[-1],
            "unit": self.unit,
            "fewest_points": min(item.n_points for item in self.evidence),
        }
