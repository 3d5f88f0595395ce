"""How far a digital share is from a target, and how fast it would have to go against what was ever published."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import pandas as pd

from dxanalysis.accounts.digital import DigitalShare
from dxanalysis.accounts.figures import Figure, NotEnoughData, figures
from dxanalysis.accounts.published import PublishedShares
from dxanalysis.data.periods import Period
from dxanalysis.errors import ParameterError, PercentOrFraction

GROWTH_NOMINAL: Final = "de_va_growth_nominal"
WHOLE: Final = 100.0
_FAR: Final = 10.0
"""A share below 1 percent beside one so many times as large was most likely given as a fraction."""
_SMALL_GROWTH: Final = 0.3
"""Nominal growth below this, percent a year, is rarer than growth given as a fraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FastestChange:
    """The best yearly change any two published years of one series show, points a year.

    ``same_release`` says whether both years were published together; across releases a revision can pass for speed.
    """

    region_id: str
    indicator: str
    first: Figure
    last: Figure
    points_per_year: float
    same_release: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredPace:
    """What reaching a target would need, from one value of the share (the estimate, or an end of its range).

    ``gap_pp`` is target less share, points. ``quantile`` is the level of the range ``share_at`` stands at; None for a printed figure.
    ``needs`` holds the pace, or the reason where the deadline is not after the share's period.
    """

    region_id: str
    share_at: float
    share_period: str
    quantile: float | None
    target: float
    deadline: str
    gap_pp: float
    needs: Needs | NotEnoughData


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Pace needed over ``years`` years when GRDP grows nominally at ``grdp_growth_pct`` a year."""

    years: int
    grdp_growth_pct: float
    points_per_year: float
    digital_growth_pct: float


def required_digital_growth(*, share: float, target: float, years: float, grdp_growth_pct: float) -> float:
    """Nominal growth of digital value added, percent a year, that takes its share of GRDP from ``share`` to ``target``.

    Digital value added is share times GRDP, so over n years its growth is ``(1 + g) (s1 / s0)^(1/n) - 1``.

    Parameters
    ----------
    share, target
        Percent of GRDP, above 0 and at most 100.
    years
        Years between the two, above 0.
    grdp_growth_pct
        Nominal growth of GRDP, percent a year.

    Warns
    -----
    PercentOrFraction
        When the share or the target, or the growth, looks like a fraction.

    Raises
    ------
    ParameterError
        When a share or the number of years is out of range.
    """
    low, high = min(share, target), max(share, target)
    if 0 < low < 1 and low * _FAR < high:
        _warn(f"the share is {share:g} and the target {target:g} percent", "30 percent is 30, not 0.30")
    if 0 < abs(grdp_growth_pct) < _SMALL_GROWTH:
        _warn(f"GRDP growth is {grdp_growth_pct:g} percent a year", "9 percent is 9, not 0.09")
    return _growth_needed(share=share, target=target, years=years, grdp_growth_pct=grdp_growth_pct)


def _warn(what: str, check: str) -> None:
    warnings.warn(f"{what}. Give percent: {check}.", PercentOrFraction, stacklevel=3)


def _growth_needed(*, share: float, target: float, years: float, grdp_growth_pct: float) -> float:
    for name, value in (("share", share), ("target", target)):
        if not 0 < value <= WHOLE:
            raise ParameterError(f"the {name} is {value:g} percent", fix="Expected more than 0 and at most 100")
    if years <= 0:
        raise ParameterError(f"the deadline is {years:g} years away", fix="Expected more than 0")
    if grdp_growth_pct <= -WHOLE:
        raise ParameterError(f"GRDP growth is {grdp_growth_pct:g} percent a year", fix="Expected more than -100")
    growth = (1 + grdp_growth_pct / 100) * float((target / share) ** (1 / years)) - 1
    return 100 * growth


def required_pace(
    share: DigitalShare | NotEnoughData, *, target: float, deadline: str | int, grdp_growth_pct: float
) -> tuple[RequiredPace, ...] | NotEnoughData:
    """Distance of a share to a target and the pace it needs; three rows for a range (its 95 % ends and the median), else one.

    Parameters
    ----------
    share
        Published or transferred; a ``NotEnoughData`` is handed back as it is.
    target
        Percent of GRDP.
    deadline
        Year the target is for, such as 2030.
    grdp_growth_pct
        Nominal growth of GRDP to reckon with, percent a year.

    Warns
    -----
    PercentOrFraction
        When the target looks like a fraction.

    Raises
    ------
    ParameterError
        When the target or the growth is out of range.
    """
    if isinstance(share, NotEnoughData):
        return share
    if 0 < target < 1 and target * _FAR < share.estimate:
        _warn(f"the share is {share.estimate:g} and the target {target:g} percent", "30 percent is 30, not 0.30")
    due = Period.parse(deadline)
    years = due.year - Period.parse(share.period).year
    starts: list[tuple[float | None, float]] = [(None, share.estimate)]
    if share.quantiles:
        starts = [(level, share.quantile(level)) for level in (0.025, 0.5, 0.975)]
    return tuple(_pace(share, level, at, target, due.text, years, grdp_growth_pct) for level, at in starts)


def fastest_changes(shares: PublishedShares | NotEnoughData) -> tuple[FastestChange, ...]:
    """For every region and method the best yearly change between two published years, over any window; the fastest first.

    Up to two rows a series: the best of two years that one release gave together, and, where it is another pair, the best of
    the newest values of any two years. The second can be a revision that passes for speed; ``same_release`` tells them apart.
    """
    if isinstance(shares, NotEnoughData):
        return ()
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in shares.figures:
        if Period.parse(figure.period).kind == "year":
            groups.setdefault((figure.region_id, figure.indicator), []).append(figure)
    best = [change for every in groups.values() for change in _best_changes(every)]
    return tuple(sorted(best, key=lambda one: -one.points_per_year))


def fastest_changes_frame(changes: tuple[FastestChange, ...]) -> pd.DataFrame:
    """One row a series: the two years, their values, points a year, and whether one release gave both."""
    return pd.DataFrame(
        [
            {
                "region_id": one.region_id,
                "method": one.indicator,
                "from": one.first.period,
                "to": one.last.period,
                "from_value": one.first.value,
                "to_value": one.last.value,
                "points_per_year": one.points_per_year,
                "same_release": one.same_release,
            }
            for one in changes
        ]
    )


def published_digital_growth(observations: pd.DataFrame) -> tuple[Figure, ...]:
    """Published nominal growth of digital value added, percent a year, the fastest first: to hold a needed growth against."""
    return tuple(sorted(figures(observations, (GROWTH_NOMINAL,)), key=lambda one: -one.value))


def pace_frame(rows: tuple[RequiredPace, ...]) -> pd.DataFrame:
    """One row a start value; the columns of ``needs`` are empty where the deadline has passed, and ``reason`` says so."""
    made = []
    for one in rows:
        row: dict[str, object] = {
            "region_id": one.region_id,
            "share": one.share_at,
            "share_period": one.share_period,
            "quantile": one.quantile if one.quantile is not None else pd.NA,
            "target": one.target,
            "deadline": one.deadline,
            "gap_pp": one.gap_pp,
            "reason": one.needs.reason if isinstance(one.needs, NotEnoughData) else "",
        }
        for name in ("years", "grdp_growth_pct", "points_per_year", "digital_growth_pct"):
            row[name] = pd.NA if isinstance(one.needs, NotEnoughData) else getattr(one.needs, name)
        made.append(row)
    return pd.DataFrame(made).astype(
        dict.fromkeys(("quantile", "years", "grdp_growth_pct", "points_per_year", "digital_growth_pct"), "Float64")
    )


def _pace(
    share: DigitalShare, level: float | None, at: float, target: float, deadline: str, years: int, growth: float
) -> RequiredPace:
    needs: Needs | NotEnoughData
    if years <= 0:
        needs = NotEnoughData(
            wanted="required_pace",
            region_id=share.region_id,
            period=share.period,
            missing=(),
            reason="deadline_not_after_the_share",
        )
    else:
        needs = Needs(
            years=years,
            grdp_growth_pct=growth,
            points_per_year=(target - at) / years,
            digital_growth_pct=_growth_needed(share=at, target=target, years=years, grdp_growth_pct=growth),
        )
    return RequiredPace(
        region_id=share.region_id,
        share_at=at,
        share_period=share.period,
        quantile=level,
        target=target,
        deadline=deadline,
        gap_pp=target - at,
        needs=needs,
    )


def _best_changes(every: list[Figure]) -> list[FastestChange]:
    ordered = sorted(every, key=lambda one: (Period.parse(one.period), one.release))
    newest = {one.period: one for one in ordered}
    together = [(a, b) for a, b in combinations(ordered, 2) if a.period != b.period and _one_release(a, b)]
    chosen = [
        max(pairs, key=lambda pair: _speed(*pair))
        for pairs in (together, list(combinations(newest.values(), 2)))
        if pairs
    ]
    return [
        FastestChange(
            region_id=first.region_id,
            indicator=first.indicator,
            first=first,
            last=last,
            points_per_year=_speed(first, last),
            same_release=_one_release(first, last),
        )
        for first, last in dict.fromkeys(chosen)
    ]


def _one_release(a: Figure, b: Figure) -> bool:
    """Whether two figures were published together: one page, or one exact day (several papers report one release)."""
    exact = a.released_from is not None and a.released_from == a.released_to
    return a.release == b.release or (exact and (a.released_from, a.released_to) == (b.released_from, b.released_to))


def _speed(first: Figure, last: Figure) -> float:
    return (last.value - first.value) / (Period.parse(last.period).year - Period.parse(first.period).year)
