"""Panel regression of an outcome on the digital indicator: one form, every kind of standard error, its checks and cautions.

Estimates and standard errors come from linearmodels. What is reported is an association in a panel of regions.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from linearmodels.panel import PanelOLS, PooledOLS, RandomEffects
from linearmodels.panel.results import RandomEffectsResults

from dxanalysis.accounts.elasticity.design import Design, Form, design, solve
from dxanalysis.accounts.elasticity.diagnostics import (
    PanelTest,
    cross_section_dependence,
    durbin_watson,
    hausman,
    leave_one_out,
    mundlak,
    refused,
    serial_correlation,
    within_share,
)
from dxanalysis.accounts.elasticity.panel import FloatArray, RegressionPanel
from dxanalysis.accounts.elasticity.reading import Facts, cautions
from dxanalysis.accounts.elasticity.result import PanelRegression
from dxanalysis.accounts.elasticity.standard_errors import (
    Correction,
    default_bandwidth,
    standard_errors,
)
from dxanalysis.accounts.elasticity.wild_bootstrap import Bootstrap, wild_bootstrap
from dxanalysis.accounts.figures import Note
from dxanalysis.errors import ModelError, ParameterError

FEW_REGIONS: Final = 30  # below it the t distribution of clustered errors is not trusted (Cameron and Miller 2015)
_BOOTSTRAP: Final = Bootstrap()
_ROUNDING: Final = 1e-10  # what is this small against the whole is rounding error


def regress(
    panel: RegressionPanel,
    *,
    form: Form,
    bandwidth: int | None = None,
    correction: Correction = "cr1",
    bootstrap: Bootstrap = _BOOTSTRAP,
) -> PanelRegression:
    """Estimate one form.

    Parameters
    ----------
    panel
        From :func:`~.panel.regression_panel` or :func:`~.production.production_function`.
    form
        ``pooled``, ``random`` (Swamy and Arora 1972), ``fixed`` (levels of regions), ``two_way`` (levels of regions and of periods),
        ``first_difference`` or ``long_difference`` (both with a constant, the growth common to all): see :func:`~.design.design`.
    bandwidth
        Of the Driscoll-Kraay errors, in periods; without one 4 (T/100)^(2/9).
    correction
        Small-sample factor of the clustered errors (:func:`~.standard_errors.standard_errors`).
    bootstrap
        How to draw the wild cluster bootstrap, which is run for the digital coefficient when there are fewer than 30 regions, and for every
        coefficient it names.

    Raises
    ------
    ParameterError
        When an option is unknown or the bandwidth does not lie below the number of periods.
    ModelError
        When a column or the outcome has no variation in this form, a column or the outcome is made of others (named), or the panel is
        too small for the form.
    """
    rows = design(panel, form)
    if form == "random":
        rows = design(panel, form, theta=_theta(_random(panel)))
    n_regions, n_periods = len(np.unique(rows.region)), len(np.unique(rows.place))
    if n_regions < 2:
        raise ModelError("only one region is left", where=f"form {form}", fix="Fill the gaps, or use another form")
    width = default_bandwidth(n_periods) if bandwidth is None else bandwidth
    if not isinstance(width, int) or (n_periods > 1 and not 0 <= width < n_periods):
        raise ParameterError(f"the bandwidth is {width}", fix=f"Give a whole number from 0 to {n_periods - 1}")
    residual = rows.y - rows.full @ solve(rows.full, rows.y)
    _check_residual(panel, form, rows, residual)
    model, scale = _model(panel, form, rows)
    fit = model.fit(cov_type="unadjusted", debiased=True)
    coefficients = fit.params.to_numpy() / scale
    errors, notes = standard_errors(
        model,
        coefficients,
        classical=fit.cov.to_numpy(),
        scale=scale,
        n_regions=n_regions,
        n_periods=n_periods,
        df_residual=int(fit.df_resid),
        bandwidth=width,
        correction=correction,
    )
    levels = form not in ("first_difference", "long_difference")
    answers = [
        *_levels_tests(panel, form),
        refused("serial_correlation", "one_row_a_region")
        if form == "long_difference"
        else serial_correlation(panel, null=-0.5 if levels else 0.0),
        cross_section_dependence(residual, rows.region, rows.place),
    ]
    tests = tuple(one for one in answers if isinstance(one, PanelTest))
    without = leave_one_out(panel, rows)
    names = bootstrap.names or ((panel.digital,) if n_regions < FEW_REGIONS else ())
    drawn = tuple(wild_bootstrap(rows, name, bootstrap) for name in names)
    r2 = float(fit.rsquared_within if levels else fit.rsquared)
    share = within_share(panel)
    watson = durbin_watson(residual, rows.region, rows.place) if levels else refused("durbin_watson", "differences")
    facts = Facts(
        panel=panel,
        form=form,
        coefficient=float(coefficients[0]),
        errors=errors,
        n_regions=n_regions,
        n_periods=n_periods,
        few_regions=FEW_REGIONS,
        r2=r2,
        within_share=share,
        durbin_watson=watson,
        tests=tests,
        leave_one_out=without,
        bootstrap=drawn,
    )
    return PanelRegression(
        panel=panel,
        form=form,
        names=rows.names,
        coefficients=coefficients,
        errors=errors,
        bootstrap=drawn,
        n_regions=n_regions,
        n_periods=n_periods,
        n_observations=len(rows.y),
        r2=r2,
        within_share=share,
        tests=tests,
        leave_one_out=without,
        not_computed=(
            *notes,
            *(one for one in (*answers, watson, without) if isinstance(one, Note)),
        ),
        cautions=cautions(facts),
        bandwidth=width,
    )


def _check_residual(panel: RegressionPanel, form: Form, rows: Design, residual: FloatArray) -> None:
    """Refuse an outcome that does not vary in the form, and one that the regressors make up."""
    if np.linalg.norm(rows.y) <= _ROUNDING * np.linalg.norm(panel.y):
        raise ModelError(
            f"the outcome {panel.outcome!r} has no variation within regions",
            where=f"form {form}",
            fix="Give an outcome that changes over time",
        )
    if np.linalg.norm(residual) <= _ROUNDING * np.linalg.norm(rows.y):
        raise ModelError(
            f"the regressors make up the outcome {panel.outcome!r} exactly",
            where=f"form {form}",
            fix="An identity has no errors to judge by: take out what the outcome is computed from",
        )


def _model(panel: RegressionPanel, form: Form, rows: Design) -> tuple[PanelOLS | PooledOLS | RandomEffects, FloatArray]:
    """Model of linearmodels, and what its columns were divided by."""
    outcome, columns, scale = _columns(panel, form, rows)
    if form == "random":
        return RandomEffects(outcome, columns), scale
    if form in ("fixed", "two_way"):
        return PanelOLS(outcome, columns, entity_effects=True, time_effects=form == "two_way"), scale
    return PooledOLS(outcome, columns), scale


def _columns(panel: RegressionPanel, form: Form, rows: Design) -> tuple[pd.Series, pd.DataFrame, FloatArray]:
    """Columns for linearmodels: levels for the forms that treat levels, else the differences.

    Regressors are divided by their size, which is handed back, so that units do not spoil linearmodels' test of their rank.
    """
    if form in ("first_difference", "long_difference"):
        y, x, region, place = rows.y, rows.x, rows.region, rows.place
    else:
        y, x, region, place = panel.y, panel.x, panel.region, panel.place[panel.period]
        if form in ("pooled", "random"):
            x = np.column_stack([x, np.ones(len(y))])
    scale = np.sqrt(np.mean(x**2, axis=0))
    index = pd.MultiIndex.from_arrays([region, place], names=["region", "period"])
    outcome = pd.Series(y, index=index, name="outcome")
    return outcome, pd.DataFrame(x / scale, index=index, columns=list(rows.names)), scale


def _random(panel: RegressionPanel) -> RandomEffectsResults:
    """Fit with random levels of regions, regressors in their own size."""
    needed = len(panel.names) + 2
    if panel.n_regions < needed:
        raise ModelError(
            f"{panel.n_regions} regions do not give the variance of their levels beside {len(panel.names)} regressors",
            where="form random",
            fix=f"Use at least {needed} regions, fewer regressors, or form='fixed'",
        )
    outcome, columns, _ = _columns(panel, "random", design(panel, "random"))
    try:
        return RandomEffects(outcome, columns).fit(cov_type="unadjusted", debiased=True)
    except ValueError as error:
        raise ModelError(str(error), where="form random", fix="Use form='fixed', or a larger panel") from error


def _theta(random: RandomEffectsResults) -> FloatArray:
    """Fraction of each region's mean that random levels take out, shape (n_regions,)."""
    return np.asarray(random.theta.to_numpy()[:, 0], dtype=float)


def _levels_tests(panel: RegressionPanel, form: Form) -> list[PanelTest | Note]:
    """Fixed against random levels of regions, for the two forms that the question concerns."""
    if form not in ("fixed", "random"):
        return []
    try:
        random = _random(panel)
        model, _ = _model(panel, "fixed", design(panel, "fixed"))
    except ModelError:
        return [refused(name, "one_of_the_forms_cannot_be_estimated") for name in ("hausman", "mundlak")]
    fixed = model.fit(cov_type="unadjusted", debiased=True)
    k = len(panel.names)
    return [
        hausman(
            fixed.params.to_numpy(),
            random.params.to_numpy()[:k],
            fixed.cov.to_numpy(),
            random.cov.to_numpy()[:k, :k],
        ),
        mundlak(panel, _theta(random)),
    ]
