"""The transfer held against published shares: every province that has both is shown, whatever the error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dxanalysis.accounts.assumption import Assumption
from dxanalysis.accounts.digital import DigitalShare
from dxanalysis.accounts.figures import Figure, Note, NotEnoughData
from dxanalysis.accounts.inputs import transfer_inputs
from dxanalysis.accounts.published import published
from dxanalysis.accounts.transfer import transfer
from dxanalysis.data.periods import Period

SAME_METHOD: Final = "de_va_share_grdp"
# A province's own study is shown beside the office's figures, marked as another method.
CHECKED: Final = (SAME_METHOD, "de_share_grdp_local")
OTHER_KIND: Final = frozenset({"services_heavy", "industry_heavy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One published share beside the transfer's estimate for the same region and period, percent of GRDP.

    ``error_pp`` is estimate less published value. ``same_method`` is False where the published figure is not the statistics
    office's. ``other_kind`` holds the reason why the method is not meant for the province, where it is not; None where it is.
    """

    published: Figure
    estimate: DigitalShare
    same_method: bool
    other_kind: Note | None

    @property
    def error_pp(self) -> float:
        """Estimate less published value, points."""
        return self.estimate.estimate - self.published.value

    def held_by(self, level: float) -> bool:
        """Whether the central range of ``level`` holds the published value."""
        low, high = self.estimate.interval(level)
        return low <= self.published.value <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCheck:
    """Every published share the transfer could be run for, and those it could not, with the reason."""

    rows: tuple[CheckRow, ...]
    left_out: tuple[NotEnoughData, ...]

    def __repr__(self) -> str:
        return f"TransferCheck({len(self.rows)} shares checked, {len(self.left_out)} left out)"

    def to_frame(self) -> pd.DataFrame:
        """One row a check: published value, median, 80 and 95 % range, error in points, whether the ranges hold it."""
        made = []
        for row in self.rows:
            low80, high80 = row.estimate.interval(0.8)
            low95, high95 = row.estimate.interval(0.95)
            made.append(
                {
                    "region_id": row.published.region_id,
                    "period": row.published.period,
                    "method": row.published.indicator,
                    "published": row.published.value,
                    "estimate": row.estimate.estimate,
                    "low_80": low80,
                    "high_80": high80,
                    "low_95": low95,
                    "high_95": high95,
                    "error_pp": row.error_pp,
                    "held_80": row.held_by(0.8),
                    "held_95": row.held_by(0.95),
                    "same_method": row.same_method,
                    "other_kind": row.other_kind.code if row.other_kind else "",
                    "notes": ", ".join(note.code for note in row.estimate.notes),
                }
            )
        return pd.DataFrame(made)

    def summary(self) -> dict[str, object]:
        """Facts: number of checks, those of the method's kind, their mean absolute error in points, and ranges that held."""
        meant = [row for row in self.rows if row.other_kind is None]
        return {
            "n_checks": len(self.rows),
            "n_meant_for": len(meant),
            "mean_abs_error_pp": sum(abs(row.error_pp) for row in self.rows) / len(self.rows)
            if self.rows
            else "no_checks",
            "mean_abs_error_pp_meant_for": sum(abs(row.error_pp) for row in meant) / len(meant)
            if meant
            else "no_checks",
            "held_95": sum(row.held_by(0.95) for row in self.rows),
            "held_95_meant_for": sum(row.held_by(0.95) for row in meant),
            "n_left_out": len(self.left_out),
        }


def check_transfer(
    national: pd.DataFrame,
    provinces: pd.DataFrame,
    *,
    indicators: Iterable[str] = CHECKED,
    assumptions: Iterable[Assumption] = (),
    allow_half_year: bool = True,
    n_draws: int = 20_000,
    seed: int = 2025,
    as_of: date | None = None,
) -> TransferCheck:
    """Run the transfer for every published provincial share and compare.

    Parameters
    ----------
    national, provinces
        Observations of the nation, and of any number of provinces, best with ``history=True``.
    indicators
        Published shares to hold the transfer against; those other than the statistics office's are marked.
    assumptions
        The caller's own ranges; the same for every province, so that none is fitted.
    allow_half_year
        Whether half-year structures may stand in.
    n_draws, seed, as_of
        As in :func:`~.transfer.transfer`.

    Returns
    -------
    TransferCheck
        The newest release of every published share; regions of another kind than the method's are marked, not dropped.
    """
    own = tuple(assumptions)
    shares = published(provinces, indicators=indicators, as_of=as_of)
    if isinstance(shares, NotEnoughData):
        return TransferCheck(rows=(), left_out=(shares,))
    newest: dict[tuple[str, str, str], Figure] = {}
    for figure in shares.figures:
        newest[(figure.indicator, figure.region_id, figure.period)] = figure
    rows, left_out = [], []
    for figure in newest.values():
        if Period.parse(figure.period).kind not in ("year", "span"):
            left_out.append(
                NotEnoughData(
                    wanted="check", region_id=figure.region_id, period=figure.period, missing=(), reason="not_a_year"
                )
            )
            continue
        mine = provinces[provinces["region_id"] == figure.region_id]
        inputs = transfer_inputs(national, mine, figure.period, allow_half_year=allow_half_year, as_of=as_of)
        made = transfer(inputs, assumptions=own, n_draws=n_draws, seed=seed, with_sensitivity=False)
        if isinstance(made, NotEnoughData):
            left_out.append(made)
            continue
        kind = next((note for note in made.notes if note.code in OTHER_KIND), None)
        rows.append(
            CheckRow(published=figure, estimate=made, same_method=figure.indicator == SAME_METHOD, other_kind=kind)
        )
    return TransferCheck(rows=tuple(rows), left_out=tuple(left_out))
