"""Which regions belong together: as the caller says, or as the codes of a nested classification tell.

======================================  =============================  ==================
codes                                   example                        group
======================================  =============================  ==================
NUTS                                    DE, DE2, DE21, DE212           country: DE
NUTS of one country                     DE21, DE22, DEA1               first level: DE2
ISO 3166-2                              US-CA, VN-30                   country: US
digits, all of one length, four and up  01001 (United States counties)  first two: 01
======================================  =============================  ==================

Any other ids, names and ISO 3166-1 codes of countries among them, tell no groups.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.pooled.grouped import NO_GROUP, IntArray

_NUTS: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}")
_ISO_3166_2: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_DIGITS: Final = re.compile(r"\d{4,}")
_SOME: Final = 0.1  # part of the codes with a digit from which codes of letters are not those of countries


def groups_of_codes(regions: Sequence[str]) -> dict[str, str]:
    """Group of each region by its code; empty where the ids are no codes, or the codes part the regions into fewer than two groups.

    Parameters
    ----------
    regions
        Region ids.
    """
    if all(_ISO_3166_2.fullmatch(region) for region in regions):
        return _parted(regions, 2)
    if all(_DIGITS.fullmatch(region) for region in regions) and len({len(region) for region in regions}) == 1:
        return _parted(regions, 2)
    if all(_NUTS.fullmatch(region) for region in regions):
        with_digit = sum(any(sign.isdigit() for sign in region[2:]) for region in regions)
        if with_digit >= _SOME * len(regions):
            return _parted(regions, 2) or _parted(regions, 3)
    return {}


def numbered(regions: Sequence[str], groups: Mapping[str, str] | None) -> IntArray | None:
    """Number of each region's group, array (regions,), below 0 for none; None where no two regions have one in common.

    Parameters
    ----------
    regions
        Region ids.
    groups
        Group of a region by its id; regions may be left out, or have None or NaN for none. None: as the codes tell. Empty: none.

    Raises
    ------
    ParameterError
        When groups are given that are no mapping, or none of the regions is among them.
    """
    if groups is None:
        told = groups_of_codes(regions)
    elif isinstance(groups, (Mapping, pd.Series)):
        told = {str(region): str(group) for region, group in groups.items() if not pd.isna(group)}
    else:
        raise ParameterError(
            f"the groups are not given by region id but as {type(groups).__name__}",
            fix=f"Give the group of each region id, such as {{{regions[0]!r}: 'north'}}, or leave the groups out",
        )
    if not told:
        return None
    if not any(region in told for region in regions):
        shown = ", ".join(list(told)[:3])
        raise ParameterError(
            f"the groups name none of the panel's regions ({shown}, ...)",
            fix=f"Give the group of each region id, such as {regions[0]!r}, or leave the groups out",
        )
    place = {name: at for at, name in enumerate(sorted({told[region] for region in regions if region in told}))}
    number = np.array([place[told[region]] if region in told else NO_GROUP for region in regions], dtype=np.int64)
    members = np.bincount(number[number >= 0])
    return number if members.max() > 1 else None


def _parted(regions: Sequence[str], letters: int) -> dict[str, str]:
    parts = Counter(region[:letters] for region in regions)
    shared = [part for part, count in parts.items() if count > 1]
    return {region: region[:letters] for region in regions} if len(shared) > 1 else {}
