"""The pooled model: fit a matrix once, then give location and distribution of any region at any horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dxanalysis.forecast.pooled.ahead import judged_ahead
from dxanalysis.forecast.pooled.cells import (
    FEATURES,
    BoolArray,
    Matrix,
    beside,
    feature_names,
    features,
    spread_features,
)
from dxanalysis.forecast.pooled.damping import ALL, Damping, learnt_damping
from dxanalysis.forecast.pooled.errors import MIN_ERRORS, Library, library
from dxanalysis.forecast.pooled.expected import expected
from dxanalysis.forecast.pooled.family import Family, likeness, mixture
from dxanalysis.forecast.pooled.filtering import filtered, gain_evidence
from dxanalysis.forecast.pooled.grouped import IntArray, Together
from dxanalysis.forecast.pooled.options import HORIZONS, SCORES, PooledOptions
from dxanalysis.forecast.pooled.own_way import learnt_weight, with_own_way
from dxanalysis.forecast.pooled.reach import Reach, reach_of
from dxanalysis.forecast.pooled.regression import (
    Anchor,
    Coefficients,
    Steps,
    regress,
    usable,
    weighed,
)
from dxanalysis.forecast.pooled.sharing import common_part, group_part, grown
from dxanalysis.forecast.pooled.shrinkage import ridges
from dxanalysis.forecast.pooled.sizes import growth_of, lift_of, persistence_of, spread_out
from dxanalysis.forecast.pooled.worth import noise_factor
from dxanalysis.forecast.scale import FloatArray

LEAST_SEEN: Final = 3
"""Values a region must have had for a past case of it to be learnt from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledFit:
    """A fitted panel.

    Attributes
    ----------
    matrix
        All regions on the scale.
    coefficients
        One fit a memory and gain, without and with a look at the region's group, those that are likely enough.
    histories
        The regions as the filter of each gain leaves them.
    libraries
        Past errors by horizon in periods, where there are enough.
    prior, prior_weights
        The families mixed by likeness, and the weight of each.
    n_steps
        Past one-step changes learnt from.
    prior_share
        Part of the regression that is the prior's.
    persistence, common
        Correlation of errors over horizons (exponent); part common to all regions on the mean over horizons, as it widens the range of each.
    lift
        How much larger, as a logarithm, the one-step errors of this panel were than the prior says.
    reach
        How far regions move at most.
    damping
        Part of an expected change that is believed.
    own_way
        Weight of the own drift of each region that has values enough for one.
    """

    matrix: Matrix
    coefficients: tuple[Coefficients, ...]
    histories: dict[float, Matrix]
    libraries: dict[int, Library]
    prior: Family
    prior_weights: FloatArray
    n_steps: int
    prior_share: float
    persistence: float
    common: float
    lift: float
    reach: Reach
    damping: Damping
    own_way: float
    options: PooledOptions

    def forecast(self, rows: IntArray, horizon: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Distribution of regions over 1 to ``horizon`` periods after their own last value.

        Returns
        -------
        tuple of ndarray
            Location (n, horizon) and errors at ``SCORES`` (n, horizon, 31), both on the scale; effective number of
            analogues at the last horizon (n,); weight of the prior at the last horizon (n,).
        """
        last = self.matrix.last[rows]
        location = expected(
            self.histories, self.coefficients, rows, last, horizon, reach=self.reach, which="newest"
        )  # fmt: skip
        location = self.damping.damped(location, self.matrix, rows, last)
        errors, analogues, weight = self._errors(rows, *self.matrix.lags(rows, last), horizon)
        location, errors = with_own_way(
            location, errors, self.matrix, rows, weight=self.own_way, growth=growth_of(self.libraries)
        )
        location += self.matrix.season(rows[:, None], last[:, None] + 1 + np.arange(horizon))
        return location, errors, analogues, weight

    def common_part(self, horizon: int) -> FloatArray:
        """Part of the variance that all regions share, 1 to ``horizon`` periods ahead."""
        assumed = self.common / max(1 - self.common, 0.05)
        return common_part(self.libraries, horizon, share=assumed, per_year=self.matrix.per_year)

    def group_part(self, horizon: int) -> FloatArray:
        """Part of the variance that the regions of a group share beyond what is common to all, 1 to ``horizon`` periods ahead."""
        return group_part(self.libraries, self.common_part(horizon))

    def _errors(
        self, rows: IntArray, lags: FloatArray, age: IntArray, horizon: int
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        per_year = self.matrix.per_year
        spread = spread_features(lags, age, per_year)
        x = features(lags, age, per_year)
        level, pace = x[:, FEATURES.index("level")], x[:, FEATURES.index("pace_3")]
        knots = [knot for knot in knots_of(per_year) if knot < horizon]
        knots += [knot for knot in knots_of(per_year) if knot >= horizon][:1]
        cases = self.options.cases(len(self.matrix.values))
        first = min(self.libraries, default=0)
        lift = np.full(len(x), self.lift)
        if first > knots[0]:
            # values every other year show no error of one year: the nearest that they show tells how large it is
            nearest, by_prior = self.libraries[first], self.prior.log_size(spread, first / per_year)
            told = len(nearest.u) / (len(nearest.u) + cases)
            lift = told * (np.log(nearest.size(spread, rows)) - by_prior) + (1 - told) * lift
            least, of_nearest = by_prior + lift, nearest.shapes(level, pace, rows, self.options)[0]
        at_knots = np.empty((len(knots), len(x), len(SCORES)))
        analogues, weight = np.full(len(x), float(self.prior.n_cases)), np.ones(len(x))
        for at, knot in enumerate(knots):
            found = self.libraries.get(knot)
            prior_size = self.prior.log_size(spread, knot / per_year)
            shape = np.broadcast_to(self.prior.shape_at(knot / per_year), (len(x), len(SCORES)))
            # the prior gives the growth of errors from one horizon to the next, not their size where the panel shows it
            size, trust = prior_size + lift, 0.0
            if knot < first:
                # noise does not grow with the years: no smaller than a random walk's, or as the panel's own errors grow
                size = np.maximum(size, least + growth_of(self.libraries) * np.log(knot / first))
                shape = told * of_nearest + (1 - told) * shape
            if found is not None:
                own = np.log(found.size(spread, rows))
                trust = len(found.u) / (len(found.u) + cases)
                if knot != first:
                    trust *= found.years / (found.years + self.options.spread_years)
                size = trust * own + (1 - trust) * size
                seen, counts = found.shapes(level, pace, rows, self.options)
                shape = trust * seen + (1 - trust) * shape
                if knot <= horizon or at == 0:
                    analogues = counts
            lift = size - prior_size if knot >= first else lift
            weight = np.full(len(x), 1 - trust)
            at_knots[at] = shape * np.exp(size)[:, None]
        return spread_out(at_knots, knots, horizon), analogues, weight


def knots_of(per_year: int) -> list[int]:
    """Horizons in periods at which errors are measured."""
    within = {1, max(per_year // 2, 1)}
    return sorted(within | {years * per_year for years in HORIZONS})


def fit_pooled(
    matrix: Matrix,
    *,
    families: tuple[Family, ...],
    inside: tuple[float, float],
    horizon: int,
    options: PooledOptions,
) -> PooledFit:
    """Fit a matrix.

    Parameters
    ----------
    matrix
        All regions.
    families
        The prior's families for this form of scale, at least one.
    inside
        Values on the scale between which a case is learnt from.
    horizon
        Longest horizon in periods for which errors are looked up.
    """
    rows, columns = _sample(matrix, options)
    if matrix.per_year > 1:
        families = tuple(family.of_parts() for family in families)
    lags, age = matrix.lags(rows, columns)
    spread = spread_features(lags, age, matrix.per_year)
    seen = np.cumsum(np.isfinite(matrix.values), axis=1)[rows, columns]
    learn = usable(matrix.values[rows, columns], *inside, seen, LEAST_SEEN) & (age >= 1)
    steps, which = _steps(matrix, rows, columns, learn)
    short = steps.end - steps.start == 1
    told = usable(matrix.values[rows, columns], *inside, seen, LEAST_SEEN - 1) & (age >= 1)
    weights = likeness(families, matrix, rows[told], columns[told])
    prior = mixture(families, weights)
    cases = options.cases(len(matrix.values))
    of_one, of_one_spread = steps.of(short), spread[which[short]]
    cases *= noise_factor(prior, of_one, of_one_spread, per_year=matrix.per_year, cases=cases)
    variety = prior.mean_square
    if not prior.n_cases and len(steps):
        # without a prior the changes of few cases are drawn to none: each feature in its own variety, and as strongly as all together carry
        variety = steps.x.shape[1] * np.mean(np.square(steps.x), axis=0)
    anchor = Anchor(beta=prior.beta, mean_square=variety)
    histories = {gain: filtered(matrix, gain) for gain in options.gains}
    fits = _fits(matrix, histories, rows, columns, learn, steps, anchor=anchor, cases=cases, options=options)
    if matrix.groups is not None:
        # how much the others of a group tell is for past origins to say; half and half until there are some
        together = matrix.together(rows, columns)
        beside_them, _ = _steps(matrix, rows, columns, learn, together)
        fits += _fits(
            matrix, histories, rows, columns, learn, beside_them, together, anchor=anchor.beside(), cases=cases, options=options
        )  # fmt: skip
    reach = reach_of(matrix.values, matrix.per_year)
    fits = judged_ahead(
        matrix, histories, rows[learn], columns[learn], fits, reach=reach, trust=options.memory_trust
    )  # fmt: skip
    believed = np.zeros(len(histories))
    if fits[0].evidence is None:
        # few regions or years: that a series has no noise is believed first, then what the prior makes of the filtered cases
        believed = np.arange(len(histories)) * np.log(options.noise_odds)
        believed += gain_evidence(prior, histories, rows[told], columns[told])
    coefficients = weighed(fits, dict(zip(histories, believed.tolist(), strict=True)))
    libraries, errors, damping = _libraries(
        matrix, histories, rows[learn], columns[learn], coefficients, horizon, reach, prior, options
    )
    lift = lift_of(prior, steps, spread[which], matrix.per_year, options)
    return PooledFit(
        matrix=matrix,
        coefficients=coefficients,
        histories={gain: histories[gain] for gain in {fit.gain for fit in coefficients}},
        libraries=libraries,
        prior=prior,
        prior_weights=weights,
        n_steps=len(steps),
        prior_share=cases / (cases + len(steps)),
        persistence=persistence_of(errors, libraries, prior.persistence),
        common=float(np.mean([one.share / (1 + one.share) for one in libraries.values()]))
        if libraries
        else prior.common,
        lift=lift,
        reach=reach,
        damping=damping,
        own_way=learnt_weight(
            matrix,
            histories,
            rows[told],
            columns[told],
            coefficients,
            reach=reach,
            prior=prior,
            lift=lift,
            libraries=libraries,
            options=options,
        ),
        options=options,
    )


def _sample(matrix: Matrix, options: PooledOptions) -> tuple[IntArray, IntArray]:
    """Cases of all regions, or of a fixed sample where there are very many."""
    chosen = np.arange(len(matrix.values))
    if len(chosen) > options.most_regions:
        chosen = np.sort(np.random.default_rng(0).choice(len(chosen), options.most_regions, replace=False))
    rows, columns = np.nonzero(np.isfinite(matrix.values[chosen]))
    return chosen[rows].astype(np.int64), columns.astype(np.int64)


def _fits(
    matrix: Matrix,
    histories: dict[float, Matrix],
    rows: IntArray,
    columns: IntArray,
    learn: BoolArray,
    steps: Steps,
    together: Together | None = None,
    *,
    anchor: Anchor,
    cases: float,
    options: PooledOptions,
) -> list[Coefficients]:
    """One fit a memory and gain, with or without the features of groups; ``steps`` are those of the panel as it is."""
    ridge = np.full(steps.x.shape[1], options.ridge or 0.0)
    if options.ridge is None:
        ridge = ridges(
            steps.of(steps.end - steps.start == 1), feature_names(matrix.per_year, grouped=together is not None)
        )
    found: list[Coefficients] = []
    for gain, history in histories.items():
        found += regress(
            steps if gain == 1 else _steps(history, rows, columns, learn, together)[0],
            columns=matrix.values.shape[1],
            per_year=matrix.per_year,
            anchor=anchor,
            cases=cases,
            ridge=ridge,
            options=options,
            gain=gain,
            grouped=together is not None,
        )
    return found


def _steps(
    matrix: Matrix, rows: IntArray, columns: IntArray, learn: BoolArray, together: Together | None = None
) -> tuple[Steps, IntArray]:
    """Changes from each case to the region's next value, at most three years on, as a change a year; and the cases they are from.

    Of a filtered matrix the change is from the filtered level to the value as published.
    """
    follows = np.flatnonzero((rows[1:] == rows[:-1]) & learn[:-1])
    gap = columns[follows + 1] - columns[follows]
    follows, gap = follows[gap <= 3 * matrix.per_year], gap[gap <= 3 * matrix.per_year]
    x = features(*matrix.lags(rows, columns), matrix.per_year)
    x = (x if together is None else beside(x, together))[follows]
    came = matrix.values[rows[follows], columns[follows] + gap]
    y = (came - matrix.filled[rows[follows], columns[follows]]) * (matrix.per_year / gap)
    steps = Steps(x=x, y=y, start=columns[follows], end=columns[follows] + gap)
    return steps, follows


def _libraries(
    matrix: Matrix,
    histories: dict[float, Matrix],
    rows: IntArray,
    columns: IntArray,
    coefficients: tuple[Coefficients, ...],
    horizon: int,
    reach: Reach,
    prior: Family,
    options: PooledOptions,
) -> tuple[dict[int, Library], FloatArray, Damping]:
    """Past errors by horizon, judged with coefficients that leave the years around each start out; errors (cases, knots); the damping."""
    width, per_year = matrix.values.shape[1], matrix.per_year
    knots = [knot for knot in knots_of(per_year) if knot < width]
    wanted = [knot for knot in knots if knot < horizon] + [knot for knot in knots if knot >= horizon][:1]
    errors = np.full((len(rows), len(wanted)), np.nan)
    if not len(rows) or not wanted:
        return {}, errors, ALL
    foreseen = expected(histories, coefficients, rows, columns, max(wanted), reach=reach, which="held_out")
    damping = ALL
    if coefficients[0].evidence is not None:  # else too few years to tell
        damping = learnt_damping(foreseen, matrix, rows, columns, spread=options.damping)
    foreseen = damping.damped(foreseen, matrix, rows, columns)
    lags, age = matrix.lags(rows, columns)
    x, spread = features(lags, age, per_year), spread_features(lags, age, per_year)
    share = prior.common / max(1 - prior.common, 0.05)
    if prior.n_cases == 0:
        share = options.common_share
    found: dict[int, Library] = {}
    alike, slopes = 0.0, None
    for at, knot in enumerate(wanted):
        then = columns + knot
        within = then < width
        outcome = np.full(len(rows), np.nan)
        outcome[within] = matrix.values[rows[within], then[within]]
        errors[:, at] = outcome - foreseen[:, knot - 1]
        if matrix.stretch is not None:
            errors[within, at] *= matrix.stretch.unseen(rows[within], columns[within], then[within])
        use = np.isfinite(errors[:, at])
        if use.sum() < MIN_ERRORS:
            continue
        found[knot] = library(
            errors[use, at],
            spread=spread[use],
            level=x[use, FEATURES.index("level")],
            pace=x[use, FEATURES.index("pace_3")],
            start=columns[use],
            region=rows[use],
            regions=len(matrix.values),
            horizon=knot,
            columns=width,
            per_year=per_year,
            share=share,
            joint=grown(share, knot / min(found, default=knot)),
            options=options,
            together=matrix.together(rows[use], columns[use]),
            alike=alike,
            slopes=slopes,
        )
        alike, slopes = found[knot].alike, found[knot].gamma
        if len(found) == 1:
            # how much is common shows best at the shortest horizon, where the independent years are most
            share = float(np.clip(found[knot].share, 0.01, 10))
    # a panel with values every other year has no errors one year ahead: knots and columns must go on matching
    return found, errors[:, [at for at, knot in enumerate(wanted) if knot in found]], damping
