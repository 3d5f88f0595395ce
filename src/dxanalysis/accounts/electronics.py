"""How large the nation's electronics industry can be in digital value added: hard bounds from what is published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dxanalysis.accounts.figures import Figure, nearest
from dxanalysis.errors import ModelError

# Parts of digital value added (percent of it), used as bounds: electronics from below; industries that are not
# electronics but belong to industry or to services for certain, from above.
ELECTRONICS_PART: Final = "de_electronics_share_of_de"
INDUSTRY_PARTS: Final = ("de_electricity_share_of_de", "de_fabricated_metal_share_of_de")
SERVICES_PARTS: Final = ("de_finance_share_of_de",)
# Four printed figures of two decimals enter a bound, each up to 0.005 off.
ROUNDING_PP: Final = 0.02


def electronics_bounds(
    *,
    indcon: float,
    services: float,
    core: float,
    total: float,
    electronics_part: float = 0.0,
    other_industry_part: float = 0.0,
    other_services_part: float = 0.0,
) -> tuple[float, float]:
    """Least and greatest value added of the electronics industry (VSIC 26), percent of GDP, that the published parts allow.

    All digital value added is either core or digitalised, and in one area. Core manufacturing is electronics alone, so the
    core of services is ``core - E`` and the digitalised part of industry ``indcon - E``; neither can be negative, the second
    must hold the industries published apart (electricity, metal products), and so must the digitalised services hold theirs::

        E <= core,  E <= indcon - other_industry_part * total
        E >= 0,     E >= electronics_part * total,  E >= core - services + other_services_part * total

    Parameters
    ----------
    indcon, services, core, total
        Digital value added of the area, of the core and in all, percent of GDP.
    electronics_part, other_industry_part, other_services_part
        Published least parts of digital value added, fractions.

    Raises
    ------
    ModelError
        When the parts contradict each other, so that no value is possible.
    """
    low = max(0.0, electronics_part * total, core - services + other_services_part * total)
    high = min(core, indcon - other_industry_part * total)
    if low > high + ROUNDING_PP:
        raise ModelError(
            f"the published parts contradict each other: electronics would be at least {low:.2f} and at most {high:.2f} percent of GDP",
            fix="Check that core, areas and industries are of one release",
        )
    # Bounds that miss each other by no more than rounding meet half-way.
    return (low, high) if low <= high else (max(0.0, (low + high) / 2),) * 2


def least_parts(found: Sequence[Figure], text: str, names: Iterable[str]) -> tuple[float, tuple[Figure, ...]]:
    """Sum of published parts of digital value added as a fraction, each at the low end of its rounding.

    "More than 30 %" is stored as 30 and is a lower bound as it stands; "about 4 %" may be 3.5.
    """
    used = tuple(one for one in (nearest(found, name, text) for name in names) if one is not None)
    about = (one.value - (0.0 if one.indicator == ELECTRONICS_PART else one.half_unit) for one in used)
    return sum(about) / 100, used
