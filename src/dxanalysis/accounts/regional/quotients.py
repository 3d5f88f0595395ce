"""Location quotients: which part of an input the region is likely to make itself.

With x output (or value added, or jobs) by industry, R the region and N the nation:

    SLQ_i   = (x_i^R / x^R) / (x_i^N / x^N)
    CILQ_ij = SLQ_i / SLQ_j,  SLQ_i on the diagonal
    RLQ_ij  = SLQ_i / log2(1 + SLQ_j)
    FLQ_ij  = lambda CILQ_ij,  lambda = [log2(1 + x^R / x^N)]^delta,  0 <= delta < 1
    AFLQ_ij = FLQ_ij log2(1 + SLQ_j) where SLQ_j > 1, else FLQ_ij
    SFLQ    = FLQ with a delta of each buying industry's own

Regional coefficients are a_ij^R = a_ij^N min(q_ij, 1). Round (1978, Journal of Regional Science 18); Flegg and Webber (1997, Regional Studies 31; 2000, Regional
Studies 34); Kowalewski (2015, Regional Studies 49); Flegg and Tohmo (2013, Regional Studies 47).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from dxanalysis.accounts.tables.table import Vector
from dxanalysis.errors import DataError, ParameterError

Quotient = Literal["slq", "cilq", "rlq", "flq", "aflq", "sflq"]

QUOTIENTS: Final[tuple[str, ...]] = get_args(Quotient)
NEEDS_DELTA: Final = frozenset({"flq", "aflq", "sflq"})
ROUNDING: Final = 1e-9  # of the nation's figure: a region as large as its nation differs by binary fractions


def slq(region: ArrayLike, nation: ArrayLike, *, sectors: Sequence[str] = ()) -> Vector:
    """Simple location quotient.

    Parameters
    ----------
    region, nation
        (n,): size of each industry in the same unit: output, value added or jobs.
    sectors
        Names for messages.

    Returns
    -------
    ndarray
        (n,), ratio; 1 is the nation's structure, 0 where the region or the nation does not have the industry.

    Raises
    ------
    DataError
        When a figure is missing or negative, the region's is larger than the nation's, or one of the totals is zero.
    """
    own, whole = sizes(region, nation, sectors)
    part = np.divide(own, whole, out=np.zeros(len(own)), where=whole > 0)
    return np.asarray(part * (whole.sum() / own.sum()), dtype=np.float64)


def cilq(region: ArrayLike, nation: ArrayLike, *, sectors: Sequence[str] = ()) -> Vector:
    """Cross-industry quotient (n, n), rows sell, columns buy; the diagonal is SLQ. A buyer that the region lacks has zeros: it draws nothing.

    Parameters and errors as :func:`slq`.
    """
    simple = slq(region, nation, sectors=sectors)
    return _diagonal(_over(simple, simple), simple)


def rlq(region: ArrayLike, nation: ArrayLike, *, sectors: Sequence[str] = ()) -> Vector:
    """Round's semi-logarithmic quotient (n, n), the diagonal by the same formula; some authors put SLQ there. Parameters and errors as :func:`slq`."""
    simple = slq(region, nation, sectors=sectors)
    return _over(simple, np.log2(1 + simple))


def flq(region: ArrayLike, nation: ArrayLike, *, delta: float, sectors: Sequence[str] = ()) -> Vector:
    """Flegg's quotient (n, n).

    Parameters
    ----------
    delta
        Convexity, 0 <= delta < 1; the larger, the more a small region imports. There is no default: see :func:`~.delta.delta_band`.

    Raises
    ------
    ParameterError
        When delta is not in [0, 1).
    DataError
        As :func:`slq`.
    """
    return _flq(region, nation, checked_delta(delta), sectors)


def aflq(region: ArrayLike, nation: ArrayLike, *, delta: float, sectors: Sequence[str] = ()) -> Vector:
    """Augmented FLQ (n, n): an industry in which the region is specialised draws more from the region. Parameters and errors as :func:`flq`."""
    simple = slq(region, nation, sectors=sectors)
    return _flq(region, nation, checked_delta(delta), sectors) * np.where(simple > 1, np.log2(1 + simple), 1.0)


def sflq(region: ArrayLike, nation: ArrayLike, *, delta: ArrayLike, sectors: Sequence[str] = ()) -> Vector:
    """Industry-specific FLQ (n, n): ``delta`` is (n,), one for each buying industry. Errors as :func:`flq`."""
    given = np.asarray(delta, dtype=np.float64)
    if given.shape != np.shape(np.asarray(region)):
        raise ParameterError(
            f"delta has the shape {given.shape}, the region {np.shape(np.asarray(region))}",
            fix="Give one delta for each buying industry, or use flq with one for all",
        )
    return _flq(region, nation, np.array([checked_delta(one) for one in given]), sectors)


def quotients(
    method: Quotient,
    region: ArrayLike,
    nation: ArrayLike,
    *,
    delta: float | ArrayLike | None = None,
    sectors: Sequence[str] = (),
) -> Vector:
    """Quotients q_ij (n, n) by name; ``delta`` is None for ``slq``, ``cilq`` and ``rlq``, which have none.

    Raises
    ------
    ParameterError
        When the method is unknown, delta is missing, out of range, or given to a method without one.
    DataError
        As :func:`slq`.
    """
    if method not in QUOTIENTS:
        raise ParameterError(f"the quotient {method!r} is unknown", fix=f"Use one of {', '.join(QUOTIENTS)}")
    if method not in NEEDS_DELTA:
        if delta is not None:
            raise ParameterError(f"{method} has no delta", fix="Leave delta None, or use flq, aflq or sflq")
        if method == "slq":
            simple = slq(region, nation, sectors=sectors)
            return np.repeat(simple[:, None], len(simple), axis=1)
        return (cilq if method == "cilq" else rlq)(region, nation, sectors=sectors)
    if delta is None:
        raise ParameterError(
            f"{method} needs a delta, and none is right for all regions",
            fix="Give one, or go through a band (delta_band) with share_interval",
        )
    if method == "sflq":
        return sflq(region, nation, delta=delta, sectors=sectors)
    if np.ndim(delta) != 0:
        raise ParameterError(f"{method} has one delta for all industries", fix="Use sflq for one each")
    return (flq if method == "flq" else aflq)(region, nation, delta=float(delta), sectors=sectors)  # type: ignore[arg-type]


def checked_delta(delta: float) -> float:
    """Delta as a number in [0, 1).

    Raises
    ------
    ParameterError
        When it is not.
    """
    if not 0 <= delta < 1:
        raise ParameterError(
            f"delta is {delta:g}", fix="Give a number from 0 to below 1; published values lie between 0.1 and 0.6"
        )
    return float(delta)


def sizes(region: ArrayLike, nation: ArrayLike, sectors: Sequence[str] = ()) -> tuple[Vector, Vector]:
    """Both vectors, checked: the region is part of the nation in every industry.

    Raises
    ------
    DataError
        As :func:`slq`.
    """
    own, whole = np.asarray(region, dtype=np.float64), np.asarray(nation, dtype=np.float64)
    if own.ndim != 1 or own.shape != whole.shape:
        raise DataError(
            f"the region has {own.shape} industries, the nation {whole.shape}",
            fix="Give one figure an industry for both, in one order",
        )
    names = tuple(sectors) or tuple(str(i + 1) for i in range(len(own)))
    for what, values in (("region", own), ("nation", whole)):
        wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
        if len(wrong):
            raise DataError(
                f"industry {names[int(wrong[0])]}: the {what}'s size is {values[int(wrong[0])]:,.6g}",
                fix="Give a figure of zero or more for every industry; sizes are output, value added or jobs",
            )
        if not values.sum() > 0:
            raise DataError(f"the {what} has no output at all", fix="Give the size of its industries")
    larger = np.flatnonzero(own > whole * (1 + ROUNDING))
    if len(larger):
        i = int(larger[0])
        raise DataError(
            f"industry {names[i]}: the region has {own[i]:,.6g}, the whole nation {whole[i]:,.6g}",
            fix="Look for another unit, year or scope; where both are right, the nation's figure leaves something out",
        )
    return own, whole


def _flq(region: ArrayLike, nation: ArrayLike, delta: float | Vector, sectors: Sequence[str]) -> Vector:
    own, whole = sizes(region, nation, sectors)
    size = np.log2(1 + own.sum() / whole.sum()) ** delta
    return np.asarray(size * cilq(own, whole, sectors=sectors), dtype=np.float64)


def _over(simple: Vector, buyers: Vector) -> Vector:
    top = np.repeat(simple[:, None], len(simple), axis=1)
    return np.divide(top, buyers[None, :], out=np.zeros_like(top), where=buyers[None, :] > 0)


def _diagonal(matrix: Vector, values: Vector) -> Vector:
    made = matrix.copy()
    np.fill_diagonal(made, values)
    return made
