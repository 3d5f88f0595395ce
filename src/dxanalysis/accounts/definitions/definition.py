"""A definition of the digital economy: codes with weights, its owner and its vintage."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd

from dxanalysis.accounts.classifications import load_classification, overlap
from dxanalysis.accounts.tables.table import InputOutputTable, Vector, frozen, listing
from dxanalysis.errors import DataError, ParameterError

_FILE: Final = "registry.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of a classification with the part of it that is digital, and the group it belongs to.

    ``weight`` is a fraction in [0, 1]; None: a part that the definition leaves to be measured, by a ratio of the user's.
    """

    code: str
    weight: float | None
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What one owner counts as the digital economy, in one edition.

    Attributes
    ----------
    id
        Name in the registry, such as ``adb_core``.
    owner, title, source, year
        Who made it, what it is called, where it is written, the year of the edition.
    vintage
        Edition within a family: results of two vintages of one ``family`` are never put into one series.
    family
        Definitions of one owner that follow each other; the id where there is one edition only.
    codes
        Codes by classification id.
    digitalised
        True when the owner adds the digitalised part of other industries; the codes are the core only.
    by
        ``industry`` or ``product``: what the owner picks. A definition by product on industry data is an approximation and said so.
    basis
        ``printed``: the owner prints these codes; ``secondary``: quoted by another publication; ``reading``: the owner prints names or another
        classification, and the codes are this project's reading; ``own``: the user's.
    """

    id: str
    owner: str
    title: str
    source: str
    year: int
    vintage: str
    family: str
    codes: Mapping[str, tuple[Code, ...]]
    digitalised: bool = False
    by: str = "industry"
    basis: str = "own"

    def to_frame(self) -> pd.DataFrame:
        """One row a code: classification, code, weight, group."""
        rows = [
            {"classification": name, "code": one.code, "weight": one.weight, "group": one.group}
            for name, codes in self.codes.items()
            for one in codes
        ]
        return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coverage:
    """How a definition falls on a table's sectors.

    ``weights``: (n,), digital part of each sector, fraction. ``whole``: sectors that are digital as a whole. ``partly``: sectors of which only a part is in the
    definition, divided by the given ratio. ``groups``: group of each digital sector.
    """

    definition: Definition
    weights: Vector
    whole: tuple[str, ...]
    partly: tuple[str, ...]
    groups: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Coverage({self.definition.id}: {len(self.whole)} of {len(self.weights)} sectors whole, {len(self.partly)} in part)"


def definition(
    name: str,
    *,
    owner: str,
    title: str,
    codes: Mapping[str, Mapping[str, float | None] | Sequence[str]],
    source: str,
    year: int,
    vintage: str = "",
    family: str = "",
    digitalised: bool = False,
    by: str = "industry",
    basis: str = "own",
    groups: Mapping[str, str] | None = None,
) -> Definition:
    """Make a definition of one's own.

    Parameters
    ----------
    codes
        By classification id: codes with weights in [0, 1] (None: a part that needs a ratio), or a list of codes (weight 1).
    groups
        Group of a code, for those that have one.

    Raises
    ------
    ParameterError
        When a weight is not in [0, 1], a code is there twice or there is none.
    """
    made: dict[str, tuple[Code, ...]] = {}
    for classification, listed in codes.items():
        pairs = list(listed.items()) if isinstance(listed, Mapping) else [(code, 1.0) for code in listed]
        if not pairs:
            raise ParameterError(
                f"definition {name}: no code of {classification}",
                fix="Name at least one code, or leave the classification out",
            )
        twice = sorted({code for code, _ in pairs if sum(code == other for other, _ in pairs) > 1})
        if twice:
            raise ParameterError(f"definition {name}: {twice[0]} is there twice", fix="Give every code one weight")
        for code, weight in pairs:
            if weight is not None and not 0 <= weight <= 1:
                raise ParameterError(
                    f"definition {name}: {code} has the weight {weight:g}",
                    fix="A weight is the digital part of the industry, a fraction from 0 to 1; 35 percent is 0.35",
                )
        made[classification] = tuple(
            Code(code=str(code), weight=weight, group=(groups or {}).get(code, "")) for code, weight in pairs
        )
    if not made:
        raise ParameterError(f"definition {name} has no codes", fix="Give codes of at least one classification")
    return Definition(
        id=name,
        owner=owner,
        title=title,
        source=source,
        year=year,
        vintage=vintage or str(year),
        family=family or name,
        codes=made,
        digitalised=digitalised,
        by=by,
        basis=basis,
    )


@cache
def registry() -> Mapping[str, Definition]:
    """The definitions that are shipped, by id."""
    text = (resources.files(__package__) / _FILE).read_text(encoding="utf-8")
    found: dict[str, Definition] = {}
    for name, entry in tomllib.loads(text).items():
        grouped = {
            code: group
            for listed in entry.get("groups", {}).values()
            for group, codes in listed.items()
            for code in codes
        }
        found[name] = definition(
            name,
            owner=entry["owner"],
            title=entry["title"],
            source=entry["source"],
            year=entry["year"],
            vintage=entry["vintage"],
            family=entry.get("family", ""),
            codes={
                scheme: {**dict.fromkeys(codes, 1.0), **dict.fromkeys(entry.get("part", {}).get(scheme, ()))}
                for scheme, codes in entry["codes"].items()
            },
            digitalised=entry.get("digitalised", False),
            by=entry["by"],
            basis=entry["basis"],
            groups=grouped,
        )
    return found


def load_definition(name: str) -> Definition:
    """A shipped definition.

    Raises
    ------
    ParameterError
        When there is none of this name; the message lists those there are.
    """
    known = registry()
    if name not in known:
        raise ParameterError(
            f"there is no definition {name!r}",
            fix=f"Use one of {', '.join(known)}, or make your own with definition(...)",
        )
    return known[name]


def cover(table: InputOutputTable, chosen: Definition, *, ratios: Mapping[str, float] | None = None) -> Coverage:
    """Weight of every sector of a table under a definition.

    Codes of the table's own classification are used where the definition has them; else its ISIC Rev.4 codes through the concordance. A sector is digital in
    part where the definition holds only some of its classes, or says itself that it takes a part.

    Parameters
    ----------
    ratios
        Digital part, fraction in [0, 1], of sectors that the definition covers only in part (hardware within electronics, for instance). It also overrides a weight of 1.

    Raises
    ------
    ParameterError
        When a sector is covered in part and no ratio is given (all such sectors are listed), a ratio is not in [0, 1] or names a sector that is not there.
    DataError
        When no sector of the table is in the definition.
    """
    given = dict(ratios or {})
    for code, ratio in given.items():
        table.position(code)
        if not 0 <= ratio <= 1:
            raise ParameterError(
                f"sector {code} has the digital part {ratio:g}", fix="Give a fraction from 0 to 1; 35 percent is 0.35"
            )
    weights, partly, groups = np.zeros(table.n), [], {}
    for i, code in enumerate(table.sectors):
        touching, weight = _weight(table.classification, code, chosen)
        if not touching:
            continue
        groups[code] = touching[0].group
        if weight is None:
            partly.append(code)
        else:
            weights[i] = weight
    open_sectors = [code for code in partly if code not in given]
    if open_sectors:
        raise ParameterError(
            f"definition {chosen.id} covers only a part of {listing(open_sectors)}",
            fix=f"Say what part of it is digital, from a business register or a more detailed table: ratios={{{open_sectors[0]!r}: 0.4}}; "
            "regional.interval takes a range instead of one ratio",
        )
    for code, ratio in given.items():
        weights[table.position(code)] = ratio
    if not weights.any():
        raise DataError(
            f"no sector of the table of {table.region} {table.year} is digital by {chosen.id}",
            fix=f"The table's classification is said to be {table.classification}: is that right? Its sectors are {listing(table.sectors)}",
        )
    return Coverage(
        definition=chosen,
        weights=frozen(weights),
        whole=tuple(code for code, weight in zip(table.sectors, weights, strict=True) if weight == 1),
        partly=tuple(code for code, weight in zip(table.sectors, weights, strict=True) if 0 < weight < 1),
        groups=groups,
    )


def unsettled(table: InputOutputTable, chosen: Definition) -> tuple[str, ...]:
    """Sectors of a table that a definition covers only in part: those that need a ratio."""
    found = ((code, *_weight(table.classification, code, chosen)) for code in table.sectors)
    return tuple(code for code, touching, weight in found if touching and weight is None)


def _weight(classification: str, code: str, chosen: Definition) -> tuple[list[Code], float | None]:
    """Codes of a definition that a sector shares something with, and the sector's weight; None: a part that needs a ratio."""
    touching, whole = _touching(classification, code, chosen)
    weights = {one.weight for one in touching}
    return touching, weights.pop() if whole and len(weights) == 1 else None


def _touching(classification: str, code: str, chosen: Definition) -> tuple[list[Code], bool]:
    """Codes of a definition that a sector shares something with, and whether they hold the whole of it."""
    own = chosen.codes.get(classification)
    if own is not None and classification != "isic4":
        return [one for one in own if _matches(code, one.code)], True
    listed = chosen.codes.get("isic4")
    if listed is None:
        raise ParameterError(
            f"definition {chosen.id} has no codes of {classification}",
            fix=f"It has codes of {', '.join(chosen.codes)}; make a definition with this classification's codes, or bring the table into one of them",
        )
    scheme = load_classification(classification)
    how = overlap(scheme, code, [one.code for one in listed])
    if how == "none":
        return [], False
    prefixes = scheme.prefixes(code)
    touching = [
        one for one in listed if any(one.code.startswith(part) or part.startswith(one.code) for part in prefixes)
    ]
    return touching, how == "whole"


def _matches(code: str, pattern: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern
