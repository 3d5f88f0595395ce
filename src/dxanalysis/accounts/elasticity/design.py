"""The columns a regression form really works on: regions' own levels taken out, or differences, or neither.

Every form is ordinary least squares on these rows, with period dummies beside the regressors where periods have levels of their
own. Rows belong to one region each, so leaving a region out, and drawing its sign at random, are operations on rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from dxanalysis.accounts.elasticity.panel import FloatArray, RegressionPanel
from dxanalysis.accounts.elasticity.timing import IntArray
from dxanalysis.errors import ModelError, ParameterError

Form = Literal["pooled", "random", "fixed", "two_way", "first_difference", "long_difference"]
FORMS: Final = ("pooled", "random", "fixed", "two_way", "first_difference", "long_difference")
CONSTANT: Final = "const"

# A column whose part left by the others is this small against the column itself is rounding error.
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Rows of a form.

    Attributes
    ----------
    names
        Columns of ``x``, the constant last where there is one.
    y, x
        Shape (n,) and (n, k).
    dummies
        Period dummies, shape (n, m); m is 0 but for ``two_way``.
    region, place
        Code of the region and place of the period of each row; of a difference, the later period.
    absorbed
        Degrees of freedom used by levels of regions that were taken out.
    """

    names: tuple[str, ...]
    y: FloatArray
    x: FloatArray
    dummies: FloatArray
    region: IntArray
    place: IntArray
    absorbed: int

    @property
    def full(self) -> FloatArray:
        """Regressors and period dummies, shape (n, k + m)."""
        return np.hstack([self.x, self.dummies])


def design(panel: RegressionPanel, form: Form, *, theta: FloatArray | None = None) -> Design:
    """Rows and columns of a form, checked for columns that carry nothing.

    Parameters
    ----------
    panel
        Checked panel.
    form
        ``pooled``: levels and a constant. ``random``: levels less ``theta`` of the region's mean. ``fixed``: levels less the region's mean.
        ``two_way``: the same with period dummies. ``first_difference``: change since the period before, with a constant (growth common
        to all). ``long_difference``: change from the panel's first period to its last, one row a region, with a constant.
    theta
        For ``random``: fraction of the mean that is taken out, shape (n_regions,).

    Raises
    ------
    ParameterError
        When the form is unknown.
    ModelError
        When a column has no variation left, or is made of others (all named), or there are too few rows.
    """
    if form not in FORMS:
        raise ParameterError(f"the form is {form!r}", fix=f"Choose one of {', '.join(FORMS)}")
    one = np.ones((panel.n_observations, 1))
    region, place, absorbed = panel.region, panel.place[panel.period], 0
    dummies = np.empty((panel.n_observations, 0))
    raw = np.column_stack([panel.y, panel.x])
    names = panel.names
    if form in ("fixed", "two_way"):
        rows = raw - means(raw, region)[region]
        absorbed = panel.n_regions
        if form == "two_way":
            dummies = (panel.period[:, None] == np.arange(1, panel.n_periods)[None, :]).astype(float)
            dummies = dummies - means(dummies, region)[region]
            # A period seen only in a region that is seen only then has nothing left.
            dummies = dummies[:, np.linalg.norm(dummies, axis=0) > _TOLERANCE]
    elif form in ("first_difference", "long_difference"):
        later, earlier = (_neighbours if form == "first_difference" else _ends)(panel)
        rows = np.column_stack([raw[later] - raw[earlier], np.ones(len(later))])
        region, place, dummies = region[later], place[later], dummies[later]
        names = (*names, CONSTANT)
    else:
        rows = np.column_stack([raw, one])
        names = (*names, CONSTANT)
        if form == "random":
            taken = np.zeros(panel.n_regions) if theta is None else theta
            rows = rows - taken[region, None] * means(rows, region)[region]
    made = Design(
        names=names, y=rows[:, 0], x=rows[:, 1:], dummies=dummies, region=region, place=place, absorbed=absorbed
    )
    _check_variation(panel, form, made)
    used = made.full.shape[1] + absorbed
    if len(made.y) <= used:
        raise ModelError(
            f"{len(made.y)} rows for {used} coefficients and levels",
            where=f"form {form}",
            fix="Use fewer regressors, or a panel with more regions or periods",
        )
    return made


def means(values: FloatArray, groups: IntArray) -> FloatArray:
    """Mean of each column by group, shape (n_groups, k)."""
    sums = np.zeros((int(groups.max()) + 1, values.shape[1]))
    np.add.at(sums, groups, values)
    counts = np.bincount(groups)
    return np.asarray(sums / np.maximum(counts, 1)[:, None])


def _neighbours(panel: RegressionPanel) -> tuple[IntArray, IntArray]:
    """Rows whose region also has the period before, and those earlier rows. Rows are sorted by region and period."""
    place = panel.place[panel.period]
    later = np.flatnonzero((np.diff(panel.region) == 0) & (np.diff(place) == 1)) + 1
    if not len(later):
        raise ModelError("no region has two neighbouring periods", fix="Use long_difference, or fill the gaps")
    return later, later - 1


def _ends(panel: RegressionPanel) -> tuple[IntArray, IntArray]:
    """Rows of the last period and of the first, of regions that have both."""
    first = {panel.region[row]: row for row in np.flatnonzero(panel.period == 0)}
    last = {panel.region[row]: row for row in np.flatnonzero(panel.period == panel.n_periods - 1)}
    both = sorted(first.keys() & last.keys())
    if not both:
        raise ModelError(
            f"no region has both {panel.periods[0]} and {panel.periods[-1]}",
            fix="Cut the panel to a span that some regions cover",
        )
    return np.array([last[code] for code in both]), np.array([first[code] for code in both])


def _check_variation(panel: RegressionPanel, form: Form, made: Design) -> None:
    """Refuse columns that vanish, and columns that others make up; the size of a column before is the yardstick."""
    size = np.linalg.norm(np.column_stack([panel.x, np.ones(len(panel.y))]), axis=0)[: len(made.names)]
    flat = [
        name
        for at, name in enumerate(made.names)
        if np.linalg.norm(made.x[:, at]) <= _TOLERANCE * max(size[at], np.finfo(float).tiny)
    ]
    if flat:
        same = "no variation within regions" if form != "pooled" else "only zeros"
        raise ModelError(
            f"{', '.join(map(repr, flat))}: {same}",
            where=f"form {form}",
            fix="Leave these columns out; what never varies over time within a region has no coefficient in this form",
        )
    kept = made.dummies
    if CONSTANT in made.names:
        kept = np.column_stack([kept, made.x[:, -1]])
    chosen: list[str] = []
    for at, name in enumerate(panel.names):
        column = made.x[:, at]
        weights = solve(kept, column) if kept.shape[1] else np.empty(0)
        left = column - kept @ weights
        if np.linalg.norm(left) <= _TOLERANCE * size[at]:
            raise ModelError(
                f"{name!r} is made of {_made_of(form, kept, weights, chosen)}",
                where=f"form {form}",
                fix="Leave one of them out: together they have no separate coefficients",
            )
        kept = np.column_stack([kept, column])
        chosen.append(name)


def _made_of(form: Form, kept: FloatArray, weights: FloatArray, chosen: list[str]) -> str:
    others = len(weights) - len(chosen)
    size = np.abs(weights) * np.linalg.norm(kept, axis=0)
    part = size > 1e-6 * size.max(initial=0.0)
    named = [repr(name) for name, used in zip(chosen, part[others:], strict=True) if used]
    if part[:others].any():
        named.append("levels of regions and periods" if form == "two_way" else "the constant")
    return " and ".join(named)


def solve(x: FloatArray, y: FloatArray) -> FloatArray:
    """Least-squares coefficients, shape (k,) or (k, m); columns are scaled first, so units do not matter."""
    size = np.linalg.norm(x, axis=0)
    found: np.ndarray[Any, np.dtype[np.float64]] = np.linalg.lstsq(x / size, y, rcond=None)[0]
    return np.asarray(found / (size if found.ndim == 1 else size[:, None]))
