"""The default assumptions of a transfer, each with the ground it stands on.

The grounds are codes here; docs/methods/contribution.md gives them in words with the figures. The ranges were chosen on this
evidence and not changed after the check against published shares was run, but for the season of half-year structures, which was added
later on the ground given with it; the check's error is shown whatever it is.
"""

from __future__ import annotations

from typing import Final

from dxanalysis.accounts.assumption import Assumption
from dxanalysis.accounts.figures import Ranged, as_year
from dxanalysis.accounts.inputs import TransferInputs
from dxanalysis.accounts.structure import PRODUCING

# Information and communication over all services: Hoà Bình 8.3-9.5 percent (2019-2021), Ho Chi Minh City 7.9 (2022-Q1). The greatest
# ratio of the two is 1.2. Wholesale of ICT goods is core, lies outside that section and sits in the cities: 0.6 at worst.
CORE_SERVICES: Final = (0.6, 1.2)
# E-commerce index 2023: provinces' mean 19.24, the last one 10.2 (0.53 of the mean). Above 1: a mix of industries that use more digital
# inputs than the area's average (electricity does).
DIGITALISED: Final = (0.5, 1.1)
# No plant of VSIC 26 is known in a province the method is meant for; small workshops may exist.
ELECTRONICS: Final = (0.0, 0.1)
# A half-year structure against the year's: at most 0.7 points for the nation (2023), 1.0 for Bình Định (2024-H1 against 2023).
HALF_YEAR_PP: Final = 1.0
SEASON: Final = "half_year_season"
# Agriculture's share of the whole year over its share of the first half. Where the main harvest comes late (coffee), the first half
# understates it: Gia Lai's own plan for 2024 has 26.91 percent for the year, its first half showed 20.34 (1.32 times); nation 2023 and
# Bình Định 2023-2024 lie at 1.03 and 1.01.
HALF_YEAR_SEASON: Final = (0.0, 0.35)
# Yearly change of an area's share where the province published no two years: the nation's greatest is 1.2 points (2022 to 2023).
DRIFT_PP: Final = 1.2


def default_assumptions(inputs: TransferInputs) -> tuple[Assumption, ...]:
    """Every uncertain input of a transfer, with its default range.

    Shares are percent of GDP or GRDP, presence and level are factors. Order is fixed, so that draws of a seed stay the same
    when a range is replaced.
    """
    nation = inputs.nation
    made = [
        _printed("national_agri", nation.agri_ever, evidence="all_periods"),
        _printed("national_indcon", nation.indcon, evidence="rounding"),
        _printed("national_services", nation.services, evidence="rounding"),
        _printed("national_core", nation.core, evidence="rounding"),
        Assumption(
            id="national_level",
            low=inputs.level_low,
            high=inputs.level_high,
            basis="published",
            evidence=inputs.level_evidence,
        ),
        Assumption(
            id="electronics_va",
            low=nation.electronics_low,
            high=nation.electronics_high,
            unit="percent",
            basis="derived bound",
            evidence="accounting_identities",
        ),
        Assumption(
            id="electronics_presence",
            low=ELECTRONICS[0],
            high=ELECTRONICS[1],
            shape="triangular",
            mode=ELECTRONICS[0],
            evidence="no_known_plants",
        ),
        Assumption(
            id="core_services_presence",
            low=CORE_SERVICES[0],
            high=CORE_SERVICES[1],
            evidence="information_and_communication",
        ),
        Assumption(id="digitalised_presence", low=DIGITALISED[0], high=DIGITALISED[1], evidence="ecommerce_index"),
    ]
    made += [_printed(f"gdp_{area}", nation.structure.share(area), evidence="rounding") for area in PRODUCING]
    made += [_provincial(inputs, area) for area in PRODUCING]
    if inputs.structure.period.kind == "half":
        low, high = HALF_YEAR_SEASON
        made.append(Assumption(id=SEASON, low=low, high=high, evidence="late_harvest"))
    return tuple(made)


def _provincial(inputs: TransferInputs, area: str) -> Assumption:
    share = {"agri": inputs.structure.agri, "indcon": inputs.structure.indcon, "services": inputs.structure.services}[
        area
    ]
    name, period = f"grdp_{area}", inputs.structure.period
    if period.text == inputs.period.text:
        return _printed(name, share, evidence="rounding_and_releases")
    years = abs(as_year(period) - as_year(inputs.period))
    drift = dict(inputs.drift).get(area, DRIFT_PP)
    widened = share.widened(years * drift + (HALF_YEAR_PP if period.kind == "half" else 0.0))
    return Assumption(
        id=name,
        low=widened.low,
        high=widened.high,
        unit="percent",
        basis="derived bound" if inputs.drift and period.kind == "year" else "judgement",
        evidence="half_year" if period.kind == "half" else "yearly_change",
    )


def _printed(name: str, value: Ranged, *, evidence: str) -> Assumption:
    return Assumption(id=name, low=value.low, high=value.high, unit="percent", basis="published", evidence=evidence)
