"""Event study: the outcome before and after a dated adoption, with levels of regions and periods taken out.

Coefficients of leads and lags are differences from the period before adoption. Adopters are compared with regions that did not
adopt, and with those the caller names when all did; nothing is chosen silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.accounts.elasticity.diagnostics import PanelTest, wald
from dxanalysis.accounts.elasticity.panel import checked_columns, regression_panel
from dxanalysis.accounts.elasticity.regression import FEW_REGIONS, regress
from dxanalysis.accounts.elasticity.result import PanelRegression
from dxanalysis.accounts.elasticity.timing import IntArray, places, spacing
from dxanalysis.accounts.elasticity.wild_bootstrap import Bootstrap
from dxanalysis.accounts.figures import Note
from dxanalysis.errors import DataError, ModelError, ParameterError

Comparison = Literal["never", "last"]

_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStudy:
    """Coefficients by time from adoption.

    Attributes
    ----------
    regression
        The two-way regression behind it; its coefficients are the leads and lags, then the controls.
    relative
        Periods from adoption of each lead and lag; -1 is the reference and absent. The first and the last stand for that distance
        and beyond.
    comparison
        ``never``: regions that had not adopted. ``last``: the last to adopt, before they did.
    cohorts
        (periods from the panel's first period to adoption, number of regions) of the adopters used.
    n_compared
        Regions compared with.
    leads_test
        Joint test that the leads are 0; a note where there is none.
    cautions
        Of the regression, and of the event study.
    """

    regression: PanelRegression
    relative: tuple[int, ...]
    comparison: Comparison
    cohorts: tuple[tuple[int, int], ...]
    n_compared: int
    leads_test: PanelTest | Note
    cautions: tuple[Note, ...]

    def to_frame(self) -> pd.DataFrame:
        """Rows of the regression's frame for leads and lags, with ``relative``, sorted by it."""
        named = dict(zip(map(_name, self.relative), self.relative, strict=True))
        frame = self.regression.to_frame()
        frame = frame[frame["name"].isin(list(named))]
        frame.insert(0, "relative", frame["name"].map(named))
        return frame.sort_values("relative", kind="stable", ignore_index=True)


def event_study(
    frame: pd.DataFrame,
    *,
    region: str,
    period: str,
    outcome: str,
    adopted: str,
    leads: int,
    lags: int,
    comparison: Comparison,
    controls: Sequence[str] = (),
    bootstrap: Bootstrap | None = None,
) -> EventStudy:
    """Regress the outcome on leads and lags of adoption, with levels of regions and periods.

    Parameters
    ----------
    frame
        One row a region and period.
    region, period, outcome, controls
        Its columns.
    adopted
        Column with the period of adoption, the same in all rows of a region; empty where the region has not adopted.
    leads, lags
        Window: ``leads`` periods before adoption (-1 is the reference, so 2 or more give leads) and ``lags`` after. Rows beyond
        are counted with the window's ends (Schmidheiny and Siegloch 2023).
    comparison
        ``never`` needs regions without adoption. ``last``, only where all adopted, takes the last to adopt for comparison and drops the
        periods from their adoption on (Sun and Abraham 2021).
    bootstrap
        How to draw with fewer than 30 regions; by default as :class:`Bootstrap`, for every lead and lag.

    Returns
    -------
    EventStudy
        Regions that had adopted by their first period have no "before"; they are left out, with a caution.

    Raises
    ------
    ParameterError
        When the window or the comparison is impossible.
    DataError
        As :func:`~.panel.regression_panel`; when a region has several periods of adoption, or ``never`` is asked where all adopted.
    ModelError
        When no adopter is left, or no row lies at some distance from adoption.
    """
    if leads < 1 or lags < 0:
        raise ParameterError(f"the window is {leads} leads and {lags} lags", fix="Give 1 or more leads, 0 or more lags")
    if comparison not in ("never", "last"):
        raise ParameterError(f"the comparison is {comparison!r}", fix="Choose never or last")
    if adopted not in frame.columns:
        raise ParameterError(f"no column {adopted!r} in the table", fix="Name the column with the period of adoption")
    data = checked_columns(frame, region=region, period=period, values=(outcome, *controls))
    now, event = _timed(data, frame[adopted].reset_index(drop=True), region, period, adopted)
    first_seen = pd.Series(now).groupby(data[region].to_numpy()).transform("min").to_numpy()
    early = event <= first_seen
    notes = [
        Note(code="adopted_before_the_panel", facts=(("region", name),)) for name in sorted(set(data[region][early]))
    ]
    keep = ~early
    event, keep = _compared(event, now, keep, comparison, adopted)
    data, now, event = data[keep].reset_index(drop=True), now[keep], event[keep]
    if not np.any(event != _NEVER):
        raise ModelError("no adopter is left to compare", where=f"column {adopted!r}", fix="Use a longer panel")
    names: list[str] = []
    relative = [k for k in range(-leads, lags + 1) if k != -1]
    distance = np.where(event == _NEVER, -1, np.clip(now - np.where(event == _NEVER, now, event), -leads, lags))
    for k in relative:
        names.append(_name(k))
        data[names[-1]] = (distance == k).astype(float)
        if not data[names[-1]].any():
            raise ModelError(
                f"no row lies {abs(k)} periods {'before' if k < 0 else 'after'} adoption",
                where=f"column {adopted!r}",
                fix="Use a shorter window",
            )
    at_adoption = names[relative.index(0)]
    panel = regression_panel(
        data,
        region=region,
        period=period,
        outcome=outcome,
        digital=at_adoption,
        controls=(*[name for name in names if name != at_adoption], *controls),
    )
    options = bootstrap or Bootstrap(names=tuple(names) if panel.n_regions < FEW_REGIONS else ())
    made = regress(panel, form="two_way", bootstrap=options)
    cohorts = _cohorts(data[region], event, int(now.min()))
    n_compared = int(data[region][event == _NEVER].nunique())
    test = _leads_test(made, [_name(k) for k in relative if k < 0])
    notes += _notes(cohorts, n_compared, comparison, test)
    return EventStudy(
        regression=made,
        relative=tuple(relative),
        comparison=comparison,
        cohorts=cohorts,
        n_compared=n_compared,
        leads_test=test,
        cautions=(*made.cautions, *notes),
    )


def _name(k: int) -> str:
    return f"lead_{-k}" if k < 0 else f"lag_{k}"


def _timed(
    data: pd.DataFrame, adoption: pd.Series, region: str, period: str, adopted: str
) -> tuple[IntArray, IntArray]:
    """Place of each row's period and of its region's adoption, in the panel's steps; adoption that never came is _NEVER."""
    known = adoption.notna().to_numpy()
    several = adoption.groupby(data[region]).nunique(dropna=False)
    if (several > 1).any():
        raise DataError(
            f"region {several.index[several > 1][0]} has several periods of adoption",
            where=f"column {adopted!r}",
            fix="Give one period of adoption, the same in all rows of the region, or leave all of them empty",
        )
    if not known.any():
        raise DataError("no region has a period of adoption", where=f"column {adopted!r}", fix="Date the adoptions")
    now = places(list(data[period]), where=period)
    # One scale for both: their kinds must agree, so they are read together.
    both = places([*data[period], *adoption[known]], where=adopted)
    step, first = spacing(now), int(now.min())
    event = np.full(len(data), _NEVER)
    # Between two observed periods, adoption counts from the later one.
    event[known] = -((first - both[len(data) :]) // step)
    return (now - first) // step, event


def _compared(
    event: IntArray,
    now: IntArray,
    keep: np.ndarray[tuple[int], np.dtype[np.bool_]],
    comparison: Comparison,
    adopted: str,
) -> tuple[IntArray, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    never = bool(np.any(event[keep] == _NEVER))
    if comparison == "never":
        if not never:
            raise DataError(
                "every region adopted: none is left to compare with",
                where=f"column {adopted!r}",
                fix="Use comparison='last' to compare with the last to adopt",
            )
        return event, keep
    if never:
        raise ParameterError("some regions never adopted", fix="Compare with them: comparison='never'")
    last = int(event[keep].max())
    return np.where(event == last, _NEVER, event), keep & (now < last)


def _cohorts(regions: pd.Series, event: IntArray, first: int) -> tuple[tuple[int, int], ...]:
    adopters = pd.Series(event[event != _NEVER], index=regions[event != _NEVER].to_numpy())
    counts = adopters[~adopters.index.duplicated()].value_counts().sort_index()
    return tuple((int(place) - first, int(n)) for place, n in counts.items())  # type: ignore[call-overload]


def _leads_test(made: PanelRegression, names: list[str]) -> PanelTest | Note:
    at = [made.names.index(name) for name in names]
    clusters = next((one for one in made.errors if one.kind == "region"), None)
    if not at or clusters is None:
        reason = "no_leads" if not at else "no_clustered_errors"
        return Note(code="test_not_computed", facts=(("test", "leads"), ("reason", reason)))
    return wald("leads", made.coefficients[at], clusters.covariance[np.ix_(at, at)], made.n_regions)


def _notes(
    cohorts: tuple[tuple[int, int], ...],
    n_compared: int,
    comparison: Comparison,
    test: PanelTest | Note,
) -> list[Note]:
    """Cautions of the design: see the codes in the page on elasticity."""
    notes = [Note(code="adoption_not_random")]
    if len(cohorts) > 1:
        notes.append(Note(code="staggered_two_way", facts=(("cohorts", float(len(cohorts))),)))
    if comparison == "last":
        notes.append(Note(code="compared_with_last_adopters", facts=(("regions", float(n_compared)),)))
    adopters = sum(n for _, n in cohorts)
    if min(adopters, n_compared) < 5:
        notes.append(
            Note(code="few_in_one_group", facts=(("adopters", float(adopters)), ("compared", float(n_compared))))
        )
    if isinstance(test, PanelTest) and test.p_value < 0.05:
        notes.append(Note(code="leads_differ_from_zero", facts=(("p_value", test.p_value),)))
    elif isinstance(test, Note):
        notes.append(Note(code="leads_not_tested"))
    return notes
