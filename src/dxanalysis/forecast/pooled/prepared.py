"""A panel made ready for the engine: on the scale, stretched where it has no unit of its own, without its seasons."""

from __future__ import annotations

from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.seasonal import seasons
from dxanalysis.forecast.pooled.stretching import stretch_of
from dxanalysis.forecast.scale import FloatArray, Scale


def prepared(scaled: FloatArray, *, per_year: int, scale: Scale, groups: IntArray | None = None) -> Matrix:
    """The matrix of values (regions, periods) on the scale."""
    found = seasons(scaled, per_year)
    values = found.taken_off(scaled)
    parts = found if found.parts.any() else None
    stretch = stretch_of(values, per_year) if scale.form == "identity" else None
    if stretch is not None:
        values = stretch.stretched(values)
        parts = None if parts is None else parts.times(stretch.factor)
    return Matrix.of(
        values, per_year=per_year, centred=scale.form == "positive", groups=groups, seasons=parts, stretch=stretch
    )
