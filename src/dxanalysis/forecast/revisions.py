"""How much published figures move from one release to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.data.numbers import same_but_for_rounding
from dxanalysis.errors import ModelError

MIN_REVISIONS: Final = 3
"""Fewer past revisions do not tell their usual size: they are shown, but not used."""

TABLE_COLUMNS: Final = (
    "indicator",
    "region",
    "period",
    "earlier_release",
    "later_release",
    "earlier",
    "later",
    "change",
)
_NEEDED: Final = ("indicator", "region_id", "period", "value", "released_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionNoise:
    """Size of past revisions: root mean square in the indicator's unit (so a bias counts), how many, and whose.

    ``scope`` is ``region`` when the region's own revisions were enough, ``indicator`` when those of all regions were taken, and
    ``none`` when there were fewer than three: ``size`` is then 0 and the last value is taken as final.
    """

    size: float
    n: int
    scope: Literal["region", "indicator", "none"]


NO_REVISIONS: Final = RevisionNoise(size=0.0, n=0, scope="none")


def revisions(history: pd.DataFrame) -> pd.DataFrame:
    """Every revision: the newest release of a period against each earlier one.

    Parameters
    ----------
    history
        Observation frame with every release (``store.observations(..., history=True)``).

    Returns
    -------
    DataFrame
        Columns indicator, region, period, earlier_release, later_release, earlier, later, change (later less earlier, in the
        indicator's unit; 0 where only the rounding differs). Rows without a value, and two figures of the same release date (sources in conflict, not a
        revision), are not compared.

    Raises
    ------
    ModelError
        When a column is missing.
    """
    absent = [column for column in _NEEDED if column not in history.columns]
    if absent:
        raise ModelError(
            f"the history has no column {', '.join(absent)}", fix="Give store.observations(..., history=True)"
        )
    rows: list[tuple[object, ...]] = []
    # A page without any date may be older or newer than a dated release: it says nothing about how figures moved.
    dated = history[history["released_from"].notna()] if "released_from" in history.columns else history
    known = dated[dated["value"].notna()].sort_values(
        [name for name in ("released_from", "released_to") if name in dated.columns], kind="stable"
    )
    for key, releases in known.groupby(["indicator", "region_id", "period"], sort=True):
        newest = releases.iloc[-1]
        earlier = releases[releases["released_to"] < newest["released_to"]]
        rows += [
            (
                *key,
                old["released_to"],
                newest["released_to"],
                old["value"],
                newest["value"],
                0.0 if same_but_for_rounding(old["value"], newest["value"]) else newest["value"] - old["value"],
            )
            for _, old in earlier.iterrows()
        ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def revision_size(table: pd.DataFrame) -> pd.DataFrame:
    """Size of revisions by indicator, from :func:`revisions`.

    Returns
    -------
    DataFrame
        Indexed by indicator: n (revisions), n_periods (region-periods revised), mean_change, mean_abs_change, rms_change and
        sd_change, in the indicator's unit. With a single revision ``sd_change`` is 0: there is no spread to measure.
    """
    rows = {
        str(indicator): {
            "n": len(part),
            "n_periods": len(part[["region", "period"]].drop_duplicates()),
            "mean_change": float(part["change"].mean()),
            "mean_abs_change": float(part["change"].abs().mean()),
            "rms_change": _root_mean_square(part["change"]),
            "sd_change": float(part["change"].std(ddof=1)) if len(part) > 1 else 0.0,
        }
        for indicator, part in table.groupby("indicator", sort=True)
    }
    columns = ["n", "n_periods", "mean_change", "mean_abs_change", "rms_change", "sd_change"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return frame.rename_axis("indicator").astype({"n": int, "n_periods": int})


def noise_of(table: pd.DataFrame, region: str) -> RevisionNoise:
    """Size of the revisions a region's newest value may still see, from one indicator's table.

    The region's own revisions are taken when there are at least three, else those of all regions, else none.
    """
    own = table.loc[table["region"] == region, "change"]
    if len(own) >= MIN_REVISIONS:
        return RevisionNoise(size=_root_mean_square(own), n=len(own), scope="region")
    if len(table) >= MIN_REVISIONS:
        return RevisionNoise(size=_root_mean_square(table["change"]), n=len(table), scope="indicator")
    return NO_REVISIONS


def _root_mean_square(changes: pd.Series[float]) -> float:
    return float(np.sqrt(np.mean(np.square(changes.to_numpy(dtype=float)))))
