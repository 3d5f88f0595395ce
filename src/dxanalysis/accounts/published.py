"""The digital shares that offices published, by region, method, period and release.

Methods differ by five points for the same city and year; each is its own indicator and they are never one series.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dxanalysis.accounts.digital import DigitalShare
from dxanalysis.accounts.figures import Figure, NotEnoughData, figures, one_unit
from dxanalysis.data.periods import Period

# The statistics office's, the ministry's and the provinces' own: three methods, for the nation and for provinces.
SHARE_INDICATORS: Final = (
    "de_va_share_gdp",
    "de_va_share_grdp",
    "de_share_gdp_mic",
    "de_share_grdp_mic",
    "de_share_grdp_local",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedShares:
    """Every published digital share of some regions: method, period and release, newest release marked."""

    figures: tuple[Figure, ...]
    as_of: date | None

    def __repr__(self) -> str:
        return f"PublishedShares({len(self.figures)} figures of {len({one.region_id for one in self.figures})} regions)"

    def to_frame(self) -> pd.DataFrame:
        """One row a figure: region_id, method (an indicator), period, value (percent), release, ``newest``, ``revision_pp``.

        ``revision_pp`` is the change against the release before it, in points; empty for a first release.
        """
        rows = []
        for figure in self.figures:
            every = self._releases(figure)
            at = every.index(figure)
            rows.append(
                {
                    "region_id": figure.region_id,
                    "method": figure.indicator,
                    "period": figure.period,
                    "value": figure.value,
                    "unit": figure.unit,
                    "released_from": figure.released_from,
                    "released_to": figure.released_to,
                    "status": figure.status,
                    "source": figure.source,
                    "newest": at == len(every) - 1,
                    "revision_pp": figure.value - every[at - 1].value if at else pd.NA,
                }
            )
        frame = pd.DataFrame(rows)
        return frame.astype({"revision_pp": "Float64"})

    def newest(self, region_id: str, method: str, period: str | int | None = None) -> DigitalShare | NotEnoughData:
        """Newest release of a region's share by one method: of ``period``, or of the latest yearly period there is."""
        mine = [one for one in self.figures if one.region_id == region_id and one.indicator == method]
        asked = "" if period is None else Period.parse(period).text
        wanted = [one for one in mine if (one.period == asked if asked else Period.parse(one.period).kind == "year")]
        if not wanted:
            reason = "no_value_for_the_period" if mine else "never_published"
            return NotEnoughData(
                wanted="published_digital_share",
                region_id=region_id,
                period=asked,
                missing=(method,),
                reason=reason,
            )
        chosen = max(wanted, key=lambda one: (Period.parse(one.period), one.release))
        return DigitalShare(
            region_id=region_id,
            period=chosen.period,
            method="published",
            indicator=method,
            estimate=chosen.value,
            quantiles=(),
            assumptions=(),
            sensitivity=(),
            inputs=tuple(self._releases(chosen)),
            n_draws=0,
            seed=0,
            as_of=self.as_of,
            notes=(),
        )

    def _releases(self, figure: Figure) -> list[Figure]:
        same = [
            one
            for one in self.figures
            if (one.region_id, one.indicator, one.period) == (figure.region_id, figure.indicator, figure.period)
        ]
        return sorted(same, key=lambda one: one.release)


def published(
    observations: pd.DataFrame,
    *,
    indicators: Iterable[str] = SHARE_INDICATORS,
    region_ids: Iterable[str] | None = None,
    as_of: date | None = None,
) -> PublishedShares | NotEnoughData:
    """Published digital shares of the regions in an observation frame.

    Parameters
    ----------
    observations
        As the store returns them; with ``history=True`` earlier releases are shown too.
    indicators
        Which methods count.
    region_ids
        Only these regions; None: all in the frame.
    as_of
        Date the frame was asked for; carried into the results.

    Returns
    -------
    PublishedShares or NotEnoughData
        Sorted by method, region, period and release.

    Raises
    ------
    DataError
        When a share is not in percent, or a column is missing.
    """
    wanted = tuple(indicators)
    regions = None if region_ids is None else tuple(region_ids)
    found = [one for one in figures(observations, wanted) if regions is None or one.region_id in regions]
    if not found:
        where = ", ".join(regions) if regions else ""
        return NotEnoughData(
            wanted="published_digital_share", region_id=where, period="", missing=wanted, reason="never_published"
        )
    one_unit(found, "percent")
    ordered = sorted(found, key=lambda one: (one.indicator, one.region_id, Period.parse(one.period), one.release))
    return PublishedShares(figures=tuple(ordered), as_of=as_of)
