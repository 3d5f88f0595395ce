"""What a panel coefficient shows, what it does not show, and what weakens it: codes with values, no sentences.

Sentences are made where results are shown. The words stay with what a regression can say: coefficient, association, elasticity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dxanalysis.accounts.elasticity.design import Form
from dxanalysis.accounts.elasticity.diagnostics import LeaveOneOut, PanelTest
from dxanalysis.accounts.elasticity.panel import RegressionPanel
from dxanalysis.accounts.elasticity.standard_errors import StandardErrors
from dxanalysis.accounts.elasticity.wild_bootstrap import WildBootstrap
from dxanalysis.accounts.figures import Note

SHORT_PANEL: Final = 10  # periods; fewer make Driscoll-Kraay and period clusters rest on too little
LITTLE_WITHIN: Final = 0.05  # share of the indicator's variance within regions
SIGNIFICANCE: Final = 0.05

_SHOWS: Final[dict[str, str]] = {
    "pooled": "levels_between_regions_and_over_time",
    "random": "levels_between_regions_and_over_time",
    "fixed": "changes_over_time_within_regions",
    "two_way": "changes_within_regions_beside_common_periods",
    "first_difference": "growth_from_period_to_period",
    "long_difference": "growth_over_the_whole_span",
}
# A regression on observed panels of regions shows none of these, whatever its form.
_NOT_SHOWN: Final = (
    "which_of_the_two_moves_first",
    "what_a_policy_would_change",
    "factors_left_out_that_move_with_both",
    "regions_outside_the_panel",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the cautions are judged from."""

    panel: RegressionPanel
    form: Form
    coefficient: float
    errors: tuple[StandardErrors, ...]
    n_regions: int
    n_periods: int
    few_regions: int
    r2: float
    within_share: float
    durbin_watson: float | Note
    tests: tuple[PanelTest, ...]
    leave_one_out: LeaveOneOut | Note
    bootstrap: tuple[WildBootstrap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read the digital coefficient.

    Attributes
    ----------
    shows
        One note: what is compared with what, with the coefficient's scale and lag.
    does_not_show
        Codes of what no such coefficient shows.
    cautions
        What weakens this one.
    """

    shows: Note
    does_not_show: tuple[Note, ...]
    cautions: tuple[Note, ...]


def reading(panel: RegressionPanel, form: Form, found: tuple[Note, ...]) -> Reading:
    """How to read the digital coefficient of a form.

    Parameters
    ----------
    panel, form
        What was estimated.
    found
        Its cautions.
    """
    return Reading(
        shows=Note(code=_SHOWS[form], facts=(("scale", panel.scale), ("lag", float(panel.lag)))),
        does_not_show=tuple(Note(code=code) for code in _NOT_SHOWN),
        cautions=found,
    )


def cautions(facts: Facts) -> tuple[Note, ...]:
    """Every caution that holds, with the values it rests on.

    ``endogenous_regressor`` always holds: digitalisation may follow output as well as go before it, also when lagged.
    ``levels_may_be_spurious``: R2 above the Durbin-Watson statistic (Granger and Newbold 1974).
    ``one_region_dominates``: without one region the digital coefficient moves by more than its clustered standard error, or changes sign
    though its interval excludes 0.
    """
    panel, notes = facts.panel, [Note(code="endogenous_regressor", facts=(("lag", float(facts.panel.lag)),))]
    if facts.n_regions < facts.few_regions:
        notes.append(Note(code="few_regions", facts=(("regions", float(facts.n_regions)),)))
    if facts.n_periods < SHORT_PANEL:
        notes.append(Note(code="short_panel", facts=(("periods", float(facts.n_periods)),)))
    if facts.within_share < LITTLE_WITHIN:
        notes.append(Note(code="little_variation_within", facts=(("share", facts.within_share),)))
    if not panel.balanced:
        rows = panel.n_regions * panel.n_periods
        notes.append(
            Note(code="unbalanced", facts=(("rows", float(panel.n_observations)), ("rows_if_balanced", float(rows))))
        )
    if panel.rows_lost:
        notes.append(Note(code="rows_lost_to_lag", facts=(("rows", float(panel.rows_lost)),)))
    if facts.n_regions < panel.n_regions:
        notes.append(Note(code="regions_not_used", facts=(("regions", float(panel.n_regions - facts.n_regions)),)))
    notes += _of_tests(facts)
    if isinstance(facts.durbin_watson, float) and facts.r2 > facts.durbin_watson:
        notes.append(
            Note(code="levels_may_be_spurious", facts=(("r2", facts.r2), ("durbin_watson", facts.durbin_watson)))
        )
    notes += _of_one_region(facts)
    notes += [
        Note(code="bootstrap_interval_unbounded", facts=(("name", one.name), ("regions", float(one.n_clusters))))
        for one in facts.bootstrap
        if one.low == float("-inf") or one.high == float("inf")
    ]
    return tuple(notes)


def _of_tests(facts: Facts) -> list[Note]:
    below = {test.name: test for test in facts.tests if test.p_value < SIGNIFICANCE}
    notes = [
        Note(code=code, facts=(("statistic", below[name].statistic), ("p_value", below[name].p_value)))
        for name, code in (
            ("serial_correlation", "serially_correlated_errors"),
            ("cross_section_dependence", "dependent_regions"),
        )
        if name in below
    ]
    if facts.form == "random" and "mundlak" in below:
        test = below["mundlak"]
        notes.append(
            Note(code="random_levels_rejected", facts=(("statistic", test.statistic), ("p_value", test.p_value)))
        )
    return notes


def _of_one_region(facts: Facts) -> list[Note]:
    without = facts.leave_one_out
    if isinstance(without, Note):
        return []
    notes = [Note(code="needs_one_region", facts=(("region", name),)) for name in without.undefined_without]
    clustered = next((one for one in facts.errors if one.kind == "region"), None)
    if clustered is None:
        return notes
    name, furthest = max(without.coefficients, key=lambda one: abs(one[1] - facts.coefficient))
    clear = bool(clustered.low[0] > 0 or clustered.high[0] < 0)
    if (clear and without.low < 0 < without.high) or abs(furthest - facts.coefficient) > clustered.values[0]:
        notes.append(
            Note(
                code="one_region_dominates",
                facts=(("region", name), ("coefficient", facts.coefficient), ("without", furthest)),
            )
        )
    return notes
