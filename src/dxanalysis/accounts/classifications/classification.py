"""A classification as data: its sectors, and the ISIC Rev.4 codes each of them holds."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

from dxanalysis.errors import ParameterError

Overlap = Literal["whole", "partly", "none"]
# Codes of these are ISIC Rev.4 codes themselves, at every level down to four digits; VSIC 2018's fifth digit is its own.
PREFIXES: Final = ("isic4", "vsic2018", "nace2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A list of sectors with what each holds of ISIC Rev.4.

    Attributes
    ----------
    id, title, source, year
        Name in the files, what it is called, where the concordance is from.
    sectors
        Code -> ISIC Rev.4 prefixes ("26" holds all of division 26, "2610" one class). Empty where codes are ISIC codes themselves.
    """

    id: str
    title: str
    source: str
    year: int
    sectors: Mapping[str, tuple[str, ...]]

    def prefixes(self, code: str) -> tuple[str, ...]:
        """ISIC Rev.4 prefixes of a sector.

        Raises
        ------
        ParameterError
            When the classification has no such code; the nearest are named.
        """
        if self.id in PREFIXES:
            text = code.replace(".", "").removeprefix("D")
            if text.isdigit() and 2 <= len(text) <= 5:
                return (text[:4],)
            raise ParameterError(
                f"{code!r} is no code of {self.title}", fix="Codes have two to four digits, such as 26 or 2610"
            )
        if code not in self.sectors:
            near = difflib.get_close_matches(code, self.sectors, n=3, cutoff=0.3) or list(self.sectors)[:5]
            raise ParameterError(f"{code!r} is no code of {self.title}", fix=f"Near it are {', '.join(near)}")
        return self.sectors[code]


@cache
def _files() -> Mapping[str, Classification]:
    made = {}
    for file in resources.files(__package__).iterdir():
        if file.name.endswith(".toml"):
            entry = tomllib.loads(file.read_text(encoding="utf-8"))
            name = file.name.removesuffix(".toml")
            made[name] = Classification(
                id=name,
                title=entry["title"],
                source=entry["source"],
                year=entry["year"],
                sectors={code: tuple(prefixes) for code, prefixes in entry.get("sectors", {}).items()},
            )
    return made


def known_classifications() -> tuple[str, ...]:
    """Ids of the classifications there are."""
    return tuple(sorted(_files()))


def load_classification(name: str) -> Classification:
    """A classification by its id.

    Raises
    ------
    ParameterError
        When there is none of this name.
    """
    if name not in _files():
        raise ParameterError(
            f"the classification {name!r} is not known",
            fix=f"Known are {', '.join(known_classifications())}; for another one make a definition with that classification's own codes",
        )
    return _files()[name]


def overlap(scheme: Classification, code: str, wanted: Sequence[str]) -> Overlap:
    """Whether a sector lies within ISIC Rev.4 codes wholly, in part or not at all.

    ``wanted`` are prefixes: "26" holds 2610, and "2610" is a part of a sector that holds division 26.
    """
    prefixes = scheme.prefixes(code)
    if not prefixes:  # a sector outside ISIC, such as customs duties
        return "none"
    within = [any(one.startswith(code_wanted) for code_wanted in wanted) for one in prefixes]
    touched = [any(code_wanted.startswith(one) for code_wanted in wanted) for one in prefixes]
    if all(inside or _all_children(one, wanted) for one, inside in zip(prefixes, within, strict=True)):
        return "whole"
    return "partly" if any(within) or any(touched) else "none"


@cache
def _children() -> Mapping[str, tuple[str, ...]]:
    """ISIC Rev.4 classes of the divisions and groups that digital definitions name, as the classification lists them."""
    entry = tomllib.loads((resources.files(__package__) / "isic4.toml").read_text(encoding="utf-8"))
    return {parent: tuple(codes) for parent, codes in entry["children"].items()}


def _all_children(prefix: str, wanted: Sequence[str]) -> bool:
    """Whether the codes name every class below a division or group: 582 holds 5820 only, so 5820 is the whole of it."""
    children = _children().get(prefix, ())
    return bool(children) and all(
        any(child.startswith(one) for one in wanted) or _all_children(child, wanted) for child in children
    )
