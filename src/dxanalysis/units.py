"""The units of published figures: one closed list, so that a typing error cannot become a new unit.

Numbers are kept in the unit they were published in. Shares are percent (12.66, not 0.1266) everywhere in data and reports.
"""

from __future__ import annotations

from dxanalysis.errors import ParameterError

UNITS: frozenset[str] = frozenset(
    {
        "percent",
        "bn_vnd",
        "m_vnd",
        "usd",
        "bn_usd",
        "count",
        "rank",
        "points",
        "score_0_1",
        "mbps",
        "km2",
        "per_100",
        "yes_no",
        "group",
    }
)

# How many of the smaller unit one of the larger holds: only within one currency or one quantity.
_SCALE: dict[str, tuple[str, float]] = {
    "bn_vnd": ("vnd", 1e9),
    "m_vnd": ("vnd", 1e6),
    "usd": ("usd", 1.0),
    "bn_usd": ("usd", 1e9),
}


def convert(value: float, source: str, target: str) -> float:
    """Express ``value``, given in unit ``source``, in unit ``target``.

    Raises
    ------
    ParameterError
        When a unit is unknown, or the two do not measure the same thing (a currency into another
        needs an exchange rate, which is data and not a unit).
    """
    for unit in (source, target):
        if unit not in UNITS:
            raise ParameterError(f"unknown unit {unit!r}", fix=f"Use one of: {', '.join(sorted(UNITS))}")
    if source == target:
        return value
    left, right = _SCALE.get(source), _SCALE.get(target)
    if left is None or right is None or left[0] != right[0]:
        raise ParameterError(
            f"{source} cannot be expressed in {target}",
            fix="Units convert only within one currency; bring both figures to one unit at their source",
        )
    return value * left[1] / right[1]
