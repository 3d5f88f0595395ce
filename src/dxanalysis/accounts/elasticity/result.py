"""The result of a panel regression: coefficients, every kind of error beside each other, tests, range, cautions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dxanalysis.accounts.elasticity.design import Form
from dxanalysis.accounts.elasticity.diagnostics import LeaveOneOut, PanelTest
from dxanalysis.accounts.elasticity.panel import FloatArray, RegressionPanel
from dxanalysis.accounts.elasticity.reading import Reading, reading
from dxanalysis.accounts.elasticity.standard_errors import Kind, StandardErrors
from dxanalysis.accounts.elasticity.wild_bootstrap import WildBootstrap
from dxanalysis.accounts.figures import Note
from dxanalysis.errors import ModelError, ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRegression:
    """Coefficients of one form with what is needed to judge them.

    Attributes
    ----------
    panel, form
        The panel and the form estimated.
    names, coefficients
        Regressors and their coefficients, shape (k,); the constant, where there is one, is last.
    errors
        Every kind of standard error that could be computed.
    bootstrap
        Wild cluster bootstrap results; with 30 regions or more only for names that were asked for.
    n_regions, n_periods, n_observations
        Of the rows used: with differences a period is where a difference ends.
    r2
        Share of the variance over time within regions that goes with the regressors; for differences, of the differences; 0 to 1,
        negative where the regressors follow it worse than its mean does.
    within_share
        Share of the digital indicator's variance that lies within regions, 0 to 1.
    tests
        Hausman, Mundlak, serial correlation, cross-section dependence, as far as they could be computed.
    leave_one_out
        The digital coefficient without each region; a note where it does not exist without any.
    not_computed
        Notes on errors and tests that could not be computed.
    cautions
        Notes for the reader: codes with values (:mod:`~.reading`).
    bandwidth
        Of the Driscoll-Kraay errors.
    """

    panel: RegressionPanel
    form: Form
    names: tuple[str, ...]
    coefficients: FloatArray
    errors: tuple[StandardErrors, ...]
    bootstrap: tuple[WildBootstrap, ...]
    n_regions: int
    n_periods: int
    n_observations: int
    r2: float
    within_share: float
    tests: tuple[PanelTest, ...]
    leave_one_out: LeaveOneOut | Note
    not_computed: tuple[Note, ...]
    cautions: tuple[Note, ...]
    bandwidth: int

    def __post_init__(self) -> None:
        array = np.array(self.coefficients, dtype=float)
        array.setflags(write=False)
        object.__setattr__(self, "coefficients", array)

    def coefficient(self, name: str | None = None) -> float:
        """Coefficient of a regressor; of the digital indicator when no name is given.

        Raises
        ------
        ParameterError
            When the name is unknown.
        """
        return float(self.coefficients[self._at(name)])

    def standard_error(self, kind: Kind, name: str | None = None) -> float:
        """Standard error of one kind.

        Raises
        ------
        ModelError
            When this kind could not be computed; says why.
        ParameterError
            When the kind or the name is unknown.
        """
        for one in self.errors:
            if one.kind == kind:
                return float(one.values[self._at(name)])
        reasons = [dict(note.facts)["reason"] for note in self.not_computed if ("kind", kind) in note.facts]
        if reasons:
            raise ModelError(
                f"standard errors of kind {kind!r} were not computed: {reasons[0]}", fix="Use another kind"
            )
        raise ParameterError(f"no standard errors of kind {kind!r}", fix="See errors")

    def _at(self, name: str | None) -> int:
        wanted = name or self.panel.digital
        if wanted not in self.names:
            raise ParameterError(f"no coefficient {wanted!r}", fix=f"Choose one of {', '.join(self.names)}")
        return self.names.index(wanted)

    def reading(self) -> Reading:
        """What the digital coefficient shows, what it does not, and its cautions, as codes."""
        return reading(self.panel, self.form, self.cautions)

    def to_frame(self) -> pd.DataFrame:
        """One row a coefficient and kind of error: name, kind, coefficient, standard_error, low, high, p_value, df.

        The bootstrap is a kind of its own (``wild_bootstrap``); it has no standard error and no degrees of freedom.
        """
        rows: list[dict[str, object]] = [
            {
                "name": name,
                "kind": one.kind,
                "coefficient": self.coefficients[at],
                "standard_error": one.values[at],
                "low": one.low[at],
                "high": one.high[at],
                "p_value": one.p_values[at],
                "df": one.df,
            }
            for at, name in enumerate(self.names)
            for one in self.errors
        ]
        rows += [
            {
                "name": one.name,
                "kind": "wild_bootstrap",
                "coefficient": one.coefficient,
                "low": one.low,
                "high": one.high,
                "p_value": one.p_value,
            }
            for one in self.bootstrap
        ]
        return pd.DataFrame(rows).astype({"df": "Int64"})

    def summary(self) -> dict[str, str | float | int | bool]:
        """The facts of the regression in one flat table: sizes, r2, tests, range without each region."""
        facts: dict[str, str | float | int | bool] = {
            "form": self.form,
            "outcome": self.panel.outcome,
            "digital": self.panel.digital,
            "scale": self.panel.scale,
            "lag": self.panel.lag,
            "coefficient": self.coefficient(),
            "n_regions": self.n_regions,
            "n_periods": self.n_periods,
            "n_observations": self.n_observations,
            "balanced": self.panel.balanced,
            "r2": self.r2,
            "within_share": self.within_share,
        }
        for test in self.tests:
            facts[test.name] = test.statistic
            facts[f"{test.name}_p"] = test.p_value
        if isinstance(self.leave_one_out, LeaveOneOut):
            facts["lowest_without_one_region"] = self.leave_one_out.low
            facts["highest_without_one_region"] = self.leave_one_out.high
        return facts
