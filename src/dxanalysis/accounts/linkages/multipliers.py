"""Multipliers, linkages and key sectors.

Output multiplier of j: column sum of the Leontief inverse, output in all sectors per unit of final demand for j. Value-added multiplier: v'L.
Backward linkage (Rasmussen 1956): output multiplier over the mean of all; forward linkage: row sum of the Ghosh inverse over the mean of all. A
key sector is above 1 in both (Hirschman 1958; Miller and Blair 2009, chapter 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from dxanalysis.accounts.linkages.solve import Leontief, leontief, system
from dxanalysis.accounts.tables.table import InputOutputTable, Matrix, Vector, frozen
from dxanalysis.errors import DataError

Role = Literal["key", "backward", "forward", "weak"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linkages:
    """Multipliers and linkages of every sector, each (n,).

    ``output``: output of all sectors per unit of final demand. ``value_added``: value added of all sectors per unit of final demand, at most 1 where
    nothing is imported. ``ghosh``: row sums of the Ghosh inverse. ``backward``, ``forward``: multiplier and Ghosh sum over the mean of all sectors with output.
    """

    sectors: tuple[str, ...]
    labels: tuple[str, ...]
    output: Vector
    value_added: Vector
    ghosh: Vector
    backward: Vector
    forward: Vector

    def __repr__(self) -> str:
        return f"Linkages({len(self.sectors)} sectors, {self.roles.count('key')} key)"

    @property
    def roles(self) -> tuple[Role, ...]:
        """``key``: both linkages above 1; ``backward`` or ``forward``: one; ``weak``: none."""
        names: dict[tuple[bool, bool], Role] = {
            (True, True): "key",
            (True, False): "backward",
            (False, True): "forward",
            (False, False): "weak",
        }
        return tuple(names[bool(b > 1), bool(f > 1)] for b, f in zip(self.backward, self.forward, strict=True))

    def to_frame(self) -> pd.DataFrame:
        """One row a sector."""
        return pd.DataFrame(
            {
                "sector": self.sectors,
                "label": self.labels,
                "output_multiplier": self.output,
                "value_added_multiplier": self.value_added,
                "backward": self.backward,
                "forward": self.forward,
                "role": self.roles,
            }
        )


def linkages(table: InputOutputTable, *, solver: Leontief | None = None) -> Linkages:
    """Multipliers and linkages of a table's sectors; a sector without output counts 0 and is left out of the means.

    Raises
    ------
    ModelError
        When the table has no Leontief inverse.
    """
    left = solver or leontief(table)
    ones = np.ones(table.n)
    works = table.output > 0
    output = left.solve_transposed(ones) * works
    gross = left.solve_transposed(table.value_added_ratio) * works
    ghosh = system(allocations(table), table.sectors).solve(ones) * works
    return Linkages(
        sectors=table.sectors,
        labels=table.labels,
        output=frozen(output),
        value_added=frozen(gross),
        ghosh=frozen(ghosh),
        backward=frozen(output / output[works].mean()),
        forward=frozen(ghosh / ghosh[works].mean()),
    )


def allocations(table: InputOutputTable) -> Matrix:
    """Ghosh allocation coefficients B, (n, n), fraction: row i holds what part of i's output goes to each column."""
    inverse = np.divide(1.0, table.output, out=np.zeros(table.n), where=table.output != 0)
    return (
        table.flows * inverse[:, None]
        if isinstance(table.flows, np.ndarray)
        else table.flows.multiply(inverse[:, None]).tocsr()
    )


def ghosh_push(table: InputOutputTable, change: Vector) -> Vector:
    """Change of every sector's output when primary inputs change: x' = change' (I - B)^-1, in the table's unit (Ghosh 1958; a price model, Dietzenbacher 1997)."""
    return system(allocations(table), table.sectors).solve_transposed(np.asarray(change, dtype=np.float64))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EmbodiedJobs:
    """Jobs by the final demand they serve: ``direct`` in the digital sectors, ``backward`` of others in digital final demand; ``per_unit`` jobs per unit of final demand, (n,)."""

    direct: float
    backward: float
    total: float
    per_unit: Vector

    @property
    def share(self) -> float:
        """Direct and embodied jobs as a share of all, percent."""
        return 100 * (self.direct + self.backward) / self.total


def embodied_jobs(
    table: InputOutputTable, jobs: Vector, weights: Vector, *, solver: Leontief | None = None
) -> EmbodiedJobs:
    """Jobs in digital sectors, and jobs elsewhere that final demand for digital products rests on.

    Parameters
    ----------
    jobs
        (n,): jobs by sector, in any unit, not negative.
    weights
        (n,): digital part of each sector, fraction.

    Raises
    ------
    DataError
        When jobs are negative or a sector without output has some.
    """
    jobs = np.asarray(jobs, dtype=np.float64)
    if jobs.shape != (table.n,):
        raise DataError(
            f"jobs are {jobs.shape} figures for {table.n} sectors",
            fix="Give one figure a sector, 0 where there are none",
        )
    wrong = np.flatnonzero(~(jobs >= 0) | ((table.output == 0) & (jobs != 0)))
    if len(wrong):
        i = int(wrong[0])
        raise DataError(
            f"sector {table.sectors[i]} has {jobs[i]:g} jobs and an output of {table.output[i]:g}",
            fix="Jobs are not negative, and there are none where nothing is made: bring the jobs into the table's sectors",
        )
    left = solver or leontief(table)
    ratio = np.divide(jobs, table.output, out=np.zeros(table.n), where=table.output != 0)
    demand = table.net_final * weights
    spread = left.solve(demand)
    own = demand + weights * (
        spread - demand
    )  # the digital part of each sector: all of the first round, its weight of what follows
    return EmbodiedJobs(
        direct=float(jobs @ weights),
        backward=float(ratio @ (spread - own)),
        total=float(jobs.sum()),
        per_unit=frozen(left.solve_transposed(ratio)),
    )
