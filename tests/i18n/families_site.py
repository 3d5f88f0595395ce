"""Keys of the site that the code puts together from codes, and texts that are alike in both languages on purpose."""

from __future__ import annotations

from typing import get_args

from dxanalysis.reports.site.places import STATUSES
from dxanalysis.reports.site.why import DataKind
from dxanalysis.reports.versions.freshness import Cause

FAMILIES = {
    "site.cause_{}": set(get_args(Cause)),
    "site.slices_{}": set(get_args(DataKind)),
    "site.status_{}": set(STATUSES),
}

NO_DIACRITICS = {"site.turn_now": "the Vietnamese word for now, nay, has none"}
