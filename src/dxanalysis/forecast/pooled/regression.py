"""The yearly change learnt from all regions' past steps: discounted, robust, and with whole years held out.

For a step that starts at s and ends at e, the change a year is y = (z_e - z_s)/(e - s) and x the features at s. With a weight
w = exp(-(t - e)/memory) at origin t, times a Cauchy weight 1/(1 + (r/(c·m))²) where r is the residual from the fit at the time the step
ended and m the mean absolute residual then, the coefficients are

    beta = (X'WX + ridge·D + P)^-1 (X'Wy + P·beta_prior),

D the weighted variances of the features (nothing for the constant), the ridge one a feature (:mod:`~dxanalysis.forecast.pooled.shrinkage`) and P the
prior's precision. A past forecast from s is judged with the coefficients that leave out every step that starts within five years of s, and
in a panel too short for that those of the year of s: shocks common to all regions in those years cannot flatter it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.cells import BoolArray, with_unknown
from dxanalysis.forecast.pooled.grouped import GROUP_FEATURES, IntArray
from dxanalysis.forecast.pooled.options import PooledOptions
from dxanalysis.forecast.scale import FloatArray

RUNNING_MEMORY: Final = 12.0
"""Memory in years of the fits that the Cauchy weights are taken from."""
HELD_OUT_YEARS: Final = (1, 5)
"""Years about the start of a past forecast whose steps are left out of the fit that judges it: the most of which enough is left."""
MILD_RIDGE: Final = 0.03
"""Ridge, as a part of each feature's variance, where nothing better is known."""
ENOUGH_STEPS: Final = 20
"""Steps from which the variety of a panel's own cases is known."""
INDEPENDENT: Final = 10.0
"""Regions of one year count as at most so many independent ones."""
ENOUGH_A_YEAR: Final = 5
"""Steps of a year from which its mean error says something of the year."""
_LEAST_WEIGHT: Final = 0.01  # a fit that is less likely is left out
_SOME_LEFT: Final = 0.15  # part of the evidence that must be left for a fit without the held-out years to be used alone
_JITTER: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Past one-step changes: features (n, p), change a year (n,), column of the start and of the end (n,)."""

    x: FloatArray
    y: FloatArray
    start: IntArray
    end: IntArray

    def __len__(self) -> int:
        return len(self.y)

    def of(self, chosen: BoolArray) -> Steps:
        """Some of the steps."""
        return Steps(x=self.x[chosen], y=self.y[chosen], start=self.start[chosen], end=self.end[chosen])


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What the coefficients are drawn to: the prior's, with a precision, array (p,), in cases times mean squares."""

    beta: FloatArray
    mean_square: FloatArray

    def beside(self) -> Anchor:
        """The same, and for the features of groups, of which no prior knows, none: fewer than :data:`ENOUGH_STEPS` tell nothing of them."""
        beta, mean_square = with_unknown(self.beta, self.mean_square, len(GROUP_FEATURES))
        return Anchor(beta=beta, mean_square=mean_square)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """One fit of one memory to histories filtered by one gain.

    Attributes
    ----------
    newest
        For forecasts from the last column, array (p,); p features as :func:`~dxanalysis.forecast.pooled.cells.feature_names` lists them.
    held_out
        To judge past ones with, array (columns, p).
    then
        From what was known at each column, array as ``held_out``.
    gain
        Of the filter.
    grouped
        Whether it looks at the others of a region's group.
    evidence
        How likely its fits at past origins made what came, as a logarithm; None where there were too few steps to tell.
    weight
        Its part in the forecast, given by :func:`weighed`.
    """

    newest: FloatArray
    held_out: FloatArray
    then: FloatArray
    gain: float = 1.0
    grouped: bool = False
    evidence: float | None = None
    weight: float = 0.0


def regress(
    steps: Steps,
    *,
    columns: int,
    per_year: int,
    anchor: Anchor,
    cases: float,
    ridge: FloatArray,
    options: PooledOptions,
    gain: float = 1.0,
    grouped: bool = False,
) -> tuple[Coefficients, ...]:
    """Fit once a memory; see the module.

    ``cases`` is what the anchor is worth, ``ridge`` (as many as features) a part of each feature's variance, ``gain`` what the steps' histories are filtered by,
    ``grouped`` whether they have the features of groups.
    """
    size = steps.x.shape[1]
    weight = _robust_weights(steps, columns=columns, per_year=per_year, robust=options.robust)
    # a slope is drawn to the prior's as strongly as so many cases of this panel would, or of the prior's where they vary less
    own = np.mean(np.square(steps.x), axis=0) if len(steps) >= ENOUGH_STEPS else anchor.mean_square
    pull = np.diag(cases * np.minimum(own, anchor.mean_square))
    gram, cross, count = _sums(steps.x, steps.y, weight, steps.start, columns)
    spread = ridge * steps.x.var(axis=0) if len(steps) else np.zeros(size)
    apart = np.abs(np.subtract.outer(np.arange(columns), np.arange(columns)))
    fits = []
    by_end = _sums(steps.x, steps.y, weight, steps.end, columns)
    towards = pull @ anchor.beta
    for memory in options.memories:
        then = _then(by_end, pull, towards, spread, memory=memory * per_year)
        evidence = _evidence(steps, then, columns=columns, per_year=per_year, trust=options.memory_trust)
        # steps of a column end within a few columns of each other; the discount is that of a step of one period
        age = np.exp(-np.clip(columns - 2 - np.arange(columns), 0, None) / (memory * per_year))
        a, b, n = gram * age[:, None, None], cross * age[:, None], count * age
        total = float(n.sum())
        held = np.diag(total * spread) + pull + _JITTER * np.eye(size)
        newest = np.linalg.solve(a.sum(axis=0) + held, b.sum(axis=0) + towards)
        held_out = np.tile(newest, (columns, 1))
        for years in HELD_OUT_YEARS:
            near = (apart < years * per_year).astype(float)
            rest = np.linalg.solve(
                a.sum(axis=0) - np.tensordot(near, a, axes=1) + held, (b.sum(axis=0) - near @ b + towards)[..., None]
            )[..., 0]
            part = np.clip((total - near @ n) / (_SOME_LEFT * total + _JITTER), 0, 1)[:, None]
            held_out = part * rest + (1 - part) * held_out
        fits.append(
            Coefficients(
                newest=newest,
                held_out=held_out,
                then=then,
                gain=gain,
                grouped=grouped,
                evidence=evidence,
            )
        )
    return tuple(fits)


def weighed(fits: Sequence[Coefficients], believed: Mapping[float, float]) -> tuple[Coefficients, ...]:
    """Fits with weights that sum to 1 by their evidence and by what is believed of their gain, a log; the unlikely ones left out."""
    logs = np.array([believed[fit.gain] + (fit.evidence or 0.0) for fit in fits])
    weights = np.exp(logs - logs.max())
    weights = np.where(weights < _LEAST_WEIGHT * weights.sum(), 0.0, weights)
    weights = weights / weights.sum()
    return tuple(replace(fit, weight=float(weight)) for fit, weight in zip(fits, weights, strict=True) if weight > 0)


def _then(
    by_end: tuple[FloatArray, FloatArray, FloatArray],
    pull: FloatArray,
    towards: FloatArray,
    ridge: FloatArray,
    *,
    memory: float,
) -> FloatArray:
    """Coefficients from the steps that had ended by each column, array (columns, features)."""
    total, moved, seen = (_run(part, np.exp(-1 / memory)) for part in by_end)
    held = (seen + 5)[:, None, None] * np.diag(ridge) + pull + _JITTER * np.eye(len(pull))
    return np.asarray(np.linalg.solve(total + held, (moved + towards)[..., None])[..., 0])


def _evidence(steps: Steps, then: FloatArray, *, columns: int, per_year: int, trust: float) -> float | None:
    """Log evidence of a memory by how far its fits at past origins were off one step ahead; None without two years of enough steps."""
    if not len(steps):
        return None
    discount = np.exp(-(columns - 2 - np.arange(columns)) / (RUNNING_MEMORY * per_year))
    # counted, not weighed: the fits of all gains are judged by the same origins, or none is
    known = np.cumsum(np.bincount(steps.end, minlength=columns))
    used = (np.bincount(steps.start, minlength=columns) >= ENOUGH_A_YEAR) & (known >= ENOUGH_STEPS)
    if used.sum() < 2:
        return None
    miss = np.clip(steps.y - np.einsum("ij,ij->i", steps.x, then[steps.start]), -1.5, 1.5)
    return trust * log_evidence(miss, steps.start, used=used, discount=discount, overlap=per_year)


def log_evidence(miss: FloatArray, at: IntArray, *, used: BoolArray, discount: FloatArray, overlap: float) -> float:
    """How likely errors at past origins are, as a logarithm.

    A panel whose pace drifts is forecast best from its last years, one whose years only differ by chance from all of them. With B the
    discounted mean square of an origin's mean error over regions, V that of the regions' own errors, Y the number of independent origins
    and m = 10 regions that count as independent, it is -Y/2·(log B + m·log V): the likelihood of normal errors of unknown size.

    Parameters
    ----------
    miss, at
        Errors, and the column of each one's origin, arrays (n,).
    used, discount
        Which columns are judged, and their weights, arrays (columns,).
    overlap
        Origins in a row that count as one.
    """
    counts = np.bincount(at, minlength=len(used))
    years = float(discount[used].sum() ** 2 / np.square(discount[used]).sum()) / overlap
    judged = used[at]
    mean = np.bincount(at, miss, minlength=len(used)) / np.maximum(counts, 1)
    apart = np.square(miss - mean[at])[judged]
    own = float(np.average(apart, weights=discount[at][judged])) + _JITTER  # a constant panel has no errors
    regions = float(counts[used].mean())
    square = float(np.average(np.square(mean[used]), weights=discount[used]))
    return float(-0.5 * years * (np.log(max(square, own / regions)) + min(INDEPENDENT, regions) * np.log(own)))


def _sums(
    x: FloatArray, y: FloatArray, weight: FloatArray, group: IntArray, groups: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weighted x'x, x'y and weights by group, arrays (groups, p, p), (groups, p), (groups,)."""
    size = x.shape[1]
    gram, cross, count = np.zeros((groups, size, size)), np.zeros((groups, size)), np.zeros(groups)
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(groups + 1))
    x, y, weight = x[order], y[order], weight[order]
    scaled = x * weight[:, None]
    for at in range(groups):
        members = slice(bounds[at], bounds[at + 1])
        if bounds[at] < bounds[at + 1]:
            gram[at], cross[at], count[at] = (
                scaled[members].T @ x[members],
                scaled[members].T @ y[members],
                weight[members].sum(),
            )
    return gram, cross, count


def _robust_weights(steps: Steps, *, columns: int, per_year: int, robust: float) -> FloatArray:
    plain = np.ones(len(steps))
    if not len(steps):
        return plain
    size = steps.x.shape[1]
    decay = np.exp(-1 / (RUNNING_MEMORY * per_year))
    gram, cross, count = (_run(part, decay) for part in _sums(steps.x, steps.y, plain, steps.end, columns))
    spread = np.diag(steps.x.var(axis=0))
    ridge = (MILD_RIDGE * (count + 5))[:, None, None] * spread + _JITTER * np.eye(size)
    beta = np.linalg.solve(gram + ridge, cross[..., None])[..., 0]
    miss = np.abs(steps.y - np.einsum("ij,ij->i", steps.x, beta[steps.end]))
    sizes: FloatArray = np.bincount(steps.end, np.minimum(miss, 1.5), minlength=columns).astype(float)
    typical = _run(sizes, decay) / np.maximum(count, _JITTER)
    weights: FloatArray = 1 / (1 + np.square(miss / (robust * typical[steps.end] + 1e-3)))
    return weights


def _run(parts: FloatArray, decay: float) -> FloatArray:
    """Discounted running sum along the first axis."""
    out, total = np.empty_like(parts), np.zeros_like(parts[0])
    for at, part in enumerate(parts):
        total = total * decay + part
        out[at] = total
    return out


def usable(values: FloatArray, low: float, high: float, seen: IntArray, least: int) -> BoolArray:
    """Cases to learn from: with a value, away from the bounds, and with at least so many values of the region so far."""
    with np.errstate(invalid="ignore"):
        inside = (values >= low) & (values <= high)
    return np.asarray(inside & (seen >= least))
