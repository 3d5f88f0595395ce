"""What became of the most similar past cases: their changes, not the model's."""

from __future__ import annotations

from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.cells import features
from dxanalysis.forecast.pooled.model import PooledFit
from dxanalysis.forecast.scale import FloatArray, Scale

NEAREST: Final = 150


def similar_changes(fit: PooledFit, row: int, steps: int, scale: Scale, stretch: float = 1.0) -> FloatArray:
    """Changes over ``steps`` periods of the up to 150 past cases nearest in level and pace, in the indicator's unit, array (n,).

    Each case's change on the scale is set on this region's own level, so that all are comparable. Other regions' cases only; empty
    where none has an outcome so many periods later.
    """
    matrix, options = fit.matrix, fit.options
    width = matrix.values.shape[1]
    if steps >= width:
        return np.empty(0)
    later = matrix.values[:, steps:] - matrix.values[:, :-steps]
    rows, columns = np.nonzero(np.isfinite(later))
    keep = (rows != row) & (columns > matrix.first[rows])
    rows, columns = rows[keep].astype(np.int64), columns[keep].astype(np.int64)
    if not len(rows):
        return np.empty(0)
    x = features(*matrix.lags(rows, columns), matrix.per_year)
    own_row = np.array([row], dtype=np.int64)
    own = features(*matrix.lags(own_row, matrix.last[own_row]), matrix.per_year)[0]
    unit = 0.5 * float(x[:, 3].std()) + 1e-9
    far = np.square((x[:, 1] - own[1]) / options.level_width)
    far += np.square((np.arcsinh(x[:, 3] / unit) - np.arcsinh(own[3] / unit)) / options.pace_width)
    nearest = np.argsort(far, kind="stable")[:NEAREST]
    last = matrix.last[own_row]
    level = matrix.values[own_row, last]
    now, then = level + matrix.season(own_row, last), level + matrix.season(own_row, last + steps)
    after = scale.inverse((then + later[rows[nearest], columns[nearest]]) / stretch)
    return after - scale.inverse(now / stretch)
