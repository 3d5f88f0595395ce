"""A panel made ready for the engine: on the scale, stretched where it has no unit of its own, without its seasons."""

from __future__ import annotations

from dxanalysis.forecast.pooled.cells import Matrix, stretch_of
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.seasonal import seasons
from dxanalysis.forecast.scale import FloatArray, Scale


def prepared(
    scaled: FloatArray, *, per_year: int, scale: Scale, groups: IntArray | None = None
) -> tuple[Matrix, float]:
    """The matrix of values (regions, periods) on the scale, and the factor by which they were stretched."""
    found = seasons(scaled, per_year)
    values = found.taken_off(scaled)
    stretch = stretch_of(values, per_year) if scale.form == "identity" else 1.0
    matrix = Matrix.of(
        values * stretch,
        per_year=per_year,
        centred=scale.form != "bounded",
        groups=groups,
        seasons=found.times(stretch) if found.parts.any() else None,
    )
    return matrix, stretch
