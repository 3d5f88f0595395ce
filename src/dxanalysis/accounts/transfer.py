"""Digital share of a province for which none is published: national intensities moved to the province's structure.

For each area the nation's intensity is its digital value added over its whole value added. Moved as it stands it would give a
province without electronics plants the nation's electronics; so the intensity is cut into the electronics industry, the core
services and the digitalised part of everything else, and each part has a presence factor: 1 is the nation's intensity, 0 none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from dxanalysis.accounts.assumption import WHOLE, Assumption, replaced
from dxanalysis.accounts.digital import DigitalShare
from dxanalysis.accounts.evidence import SEASON, default_assumptions
from dxanalysis.accounts.figures import Note, NotEnoughData
from dxanalysis.accounts.inputs import TransferInputs
from dxanalysis.accounts.national import NationalSet
from dxanalysis.accounts.sensitivity import sensitivity
from dxanalysis.accounts.structure import PRODUCING, Structure
from dxanalysis.errors import ParameterError

Array = np.ndarray[Any, np.dtype[np.float64]]

INDICATOR: Final = "de_va_share_grdp"
LEVELS: Final = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
MIN_DRAWS: Final = 1000
# Beyond this distance from the nation's structure the province is of another kind than the method was made for: a city
# of services (core services concentrate there) or a province of industry (electronics does). Percentage points.
OTHER_KIND_PP: Final = 10.0


def transfer(
    inputs: TransferInputs | NotEnoughData,
    *,
    assumptions: Iterable[Assumption] = (),
    n_draws: int = 20_000,
    seed: int = 2025,
    with_sensitivity: bool = True,
) -> DigitalShare | NotEnoughData:
    """Digital share of the province as a range: a Monte Carlo over every uncertain input.

    Parameters
    ----------
    inputs
        What :func:`.inputs.transfer_inputs` picked; a ``NotEnoughData`` is handed back as it is.
    assumptions
        The caller's own ranges, in place of the defaults of the same id (:func:`~.evidence.default_assumptions`).
    n_draws, seed
        Number of draws (1,000 or more) and the seed they come from; equal seeds give equal results.
    with_sensitivity
        Whether to compute how much of the range each assumption causes.

    Returns
    -------
    DigitalShare or NotEnoughData
        Percent of GRDP: median and the 50, 80 and 95 % ranges.

    Warns
    -----
    PercentOrFraction
        When a range of the caller's looks like percent where a fraction is meant, or like a fraction where percent are.

    Raises
    ------
    ParameterError
        When an assumption is unknown, there are too few draws, or the assumptions lead to less than nothing or more than all of GRDP.
    """
    if isinstance(inputs, NotEnoughData):
        return inputs
    if n_draws < MIN_DRAWS:
        raise ParameterError(f"{n_draws} draws are too few for a 95 % range", fix=f"Use {MIN_DRAWS} or more")
    own = tuple(assumptions)
    used = replaced(default_assumptions(inputs), own)
    chances = np.random.default_rng(seed).random((len(used), n_draws))
    draws = _draws(used, chances)
    _check_share(draws, {one.id: f"{one.low:g} to {one.high:g}" for one in own})
    values = np.quantile(draws, LEVELS)
    parts = (
        sensitivity(
            used, lambda x: digital_share({one.id: x[i] for i, one in enumerate(used)}), chances=chances, seed=seed
        )
        if with_sensitivity
        else ()
    )
    return DigitalShare(
        region_id=inputs.region_id,
        period=inputs.period.text,
        method="transfer",
        indicator=INDICATOR,
        estimate=float(np.median(draws)),
        quantiles=tuple((level, float(value)) for level, value in zip(LEVELS, values, strict=True)),
        assumptions=used,
        sensitivity=parts,
        inputs=tuple(dict.fromkeys((*inputs.nation.figures, *inputs.structure.figures))),
        n_draws=n_draws,
        seed=seed,
        as_of=inputs.as_of,
        notes=transfer_notes(inputs),
    )


def transfer_point(inputs: TransferInputs, fixed: Mapping[str, float] | None = None) -> float:
    """Digital share with every assumption at one value, percent of GRDP: published figures as printed, ranges at their middle.

    Parameters
    ----------
    inputs
        What :func:`.inputs.transfer_inputs` picked.
    fixed
        Assumption id -> value, in place of the default.

    Raises
    ------
    ParameterError
        When an id is not known, or the share is below nothing or above all of GRDP.
    """
    nation, structure = inputs.nation, inputs.structure
    printed = {
        "national_agri": nation.agri.value,
        "national_indcon": nation.indcon.value,
        "national_services": nation.services.value,
        "national_core": nation.core.value,
        "national_level": 1.0,
        **{f"gdp_{area}": nation.structure.share(area).value for area in PRODUCING},
        **{f"grdp_{area}": structure.share(area).value for area in PRODUCING},
    }
    defaults = default_assumptions(inputs)
    own = dict(fixed or {})
    unknown = sorted(set(own) - {one.id for one in defaults})
    if unknown:
        raise ParameterError(
            f"unknown assumption {unknown[0]!r}", fix=f"Use one of: {', '.join(one.id for one in defaults)}"
        )
    at = {one.id: printed.get(one.id, one.middle) for one in defaults} | own
    share = digital_share({name: np.array([value]) for name, value in at.items()})
    _check_share(share, {name: f"{value:g}" for name, value in own.items()})
    return float(share[0])


def digital_share(x: Mapping[str, Array]) -> Array:
    """Digital value added in percent of GRDP; every argument an array of one shape.

    With national digital value added A, I, S (agriculture, industry, services), core C, electronics E; national structure W
    and provincial structure P (percent); presence factors d (digitalised), e (electronics), c (core services); level L::

        share = L [ P_a A d / W_a  +  P_i ((I - E) d + E e) / W_i  +  P_s ((S - C + E) d + (C - E) c) / W_s ]

    Core manufacturing is electronics alone and all other core is services (NSO's list of core industries), so with every
    factor 1 and P = W this is A + I + S. E is kept where no part is negative. For a half-year structure P is first moved to the
    year (:func:`_season`).
    """
    industry, services, core = x["national_indcon"], x["national_services"], x["national_core"]
    electronics = np.clip(x["electronics_va"], np.maximum(core - services, 0.0), np.minimum(industry, core))
    digitalised = x["digitalised_presence"]
    in_agri = x["national_agri"] * digitalised
    in_industry = (industry - electronics) * digitalised + electronics * x["electronics_presence"]
    in_services = (services - core + electronics) * digitalised + (core - electronics) * x["core_services_presence"]
    agri, others = _season(x)
    moved: Array = (
        in_agri * agri / x["gdp_agri"]
        + in_industry * others * x["grdp_indcon"] / x["gdp_indcon"]
        + in_services * others * x["grdp_services"] / x["gdp_services"]
    )
    return x["national_level"] * moved


def _season(x: Mapping[str, Array]) -> tuple[Array, Array]:
    """Agriculture's share of the year, and the factor on industry and services that makes room for it.

    Only a half-year structure has a season: agriculture's share is then (1 + season) times as large over the year, and the two
    other areas give way in proportion. Without one the shares stay as they are.
    """
    if SEASON not in x:
        return x["grdp_agri"], np.ones_like(x["grdp_agri"])
    more = x["grdp_agri"] * x[SEASON]
    return x["grdp_agri"] + more, 1.0 - more / (x["grdp_indcon"] + x["grdp_services"])


def transfer_notes(inputs: TransferInputs) -> tuple[Note, ...]:
    """What the reader must be told of the choice of figures, as codes with facts."""
    structure, nation = inputs.structure, inputs.nation
    notes = [*nation.notes, *structure.notes]
    if structure.period.kind == "half":
        notes.append(
            Note(
                code="half_year_structure", facts=(("structure", structure.period.text), ("period", inputs.period.text))
            )
        )
    elif structure.period.text != inputs.period.text:
        notes.append(
            Note(
                code="structure_of_other_period",
                facts=(("structure", structure.period.text), ("period", inputs.period.text)),
            )
        )
    if nation.period.text != inputs.period.text:
        notes.append(
            Note(code="nation_of_other_period", facts=(("nation", nation.period.text), ("period", inputs.period.text)))
        )
    if inputs.level_evidence == "none":
        notes.append(Note(code="no_release_history"))
    kind = other_kind(nation, structure)
    if kind is not None:
        notes.append(kind)
    return tuple(dict.fromkeys(notes))


def other_kind(nation: NationalSet, structure: Structure) -> Note | None:
    """Note that says the province is not of the kind the transfer is meant for; None when it is."""
    for area, code in (("services", "services_heavy"), ("indcon", "industry_heavy")):
        over = structure.share(area).value - nation.structure.share(area).value  # type: ignore[arg-type]
        if over > OTHER_KIND_PP:
            return Note(code=code, facts=(("points_above_nation", round(over, 2)),))
    return None


def _check_share(draws: Array, own: Mapping[str, str]) -> None:
    """Refuse shares that no economy has: the numbers given are then in another unit than meant."""
    low, high = float(draws.min()), float(draws.max())
    if not (low >= 0 and high <= WHOLE):
        span = f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"
        given = ", ".join(f"{name} {value}" for name, value in own.items()) or "the default assumptions"
        raise ParameterError(
            f"the digital share comes to {span} percent of GRDP with {given}",
            fix="Presence, level and season are factors (60 percent is 0.6); shares are percent",
        )


def _draws(used: tuple[Assumption, ...], chances: Array) -> Array:
    return digital_share({one.id: one.quantile(chances[i]) for i, one in enumerate(used)})
