"""The region registry: codes, spellings, two sets of boundaries, and the mergers between them.

A region is a pair (boundary set, code). On 2025-07-01 Viet Nam's 63 provinces became 34 and seven codes changed owner: 52 was
Bình Định and is Gia Lai now; old Gia Lai was 64. So neither a code nor a name is enough alone: a name resolves by the
period it is asked for, a bare code that means two regions is an error that lists both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Final, Literal

from dxanalysis.data.periods import Period
from dxanalysis.errors import DataError

RegionKind = Literal["nation", "macro", "province"]

_SHOWN: Final = 5
"""Regions that a message names at most, where it can only guess."""

_PREFIXES = re.compile(r"^(?:thanh pho|tinh|tp|city of|province of)\s+|\s+(?:city|province)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One unit in one boundary set. ``valid_from`` and ``valid_to`` are its first and last day (None: open)."""

    boundary_set: str
    code: str
    name_vi: str
    name_en: str
    kind: RegionKind
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def id(self) -> str:
        """``34-52``, ``63-64``, or ``VN`` for the nation."""
        return region_id(self.boundary_set, self.code)

    def name(self, language: str) -> str:
        """Name in Vietnamese (``vi``) or English (``en``)."""
        return self.name_vi if language == "vi" else self.name_en

    def exists(self, period: Period) -> bool:
        """Whether the unit existed at the end of the period."""
        return (self.valid_from is None or self.valid_from <= period.end) and (
            self.valid_to is None or period.end <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """One old unit's passage into a new one."""

    old_id: str
    new_id: str
    effective: date
    source: str


def region_id(boundary_set: str, code: str) -> str:
    """Identity of a region as one text."""
    return code if boundary_set == code else f"{boundary_set}-{code}"


def fold(name: str) -> str:
    """Reduce a spelling to what does not vary: no case, diacritics, dashes, dots, doubled spaces or "TP.".

    Ð (U+00D0) and Đ (U+0110) look alike and are both "d" here; composed and decomposed accents and either place of the tone
    mark fold to the same letters.
    """
    text = name.replace("Ð", "d").replace("ð", "d").replace("Đ", "d").replace("đ", "d")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()
    text = " ".join(re.sub(r"[^0-9a-z]+", " ", text).split())
    return _PREFIXES.sub("", text)


@dataclass(frozen=True, slots=True)
class Registry:
    """All regions, looked up by id, by code, or by any spelling of the name."""

    regions: tuple[Region, ...]
    mergers: tuple[Merger, ...] = ()
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _by_id: Mapping[str, Region] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, tuple[Region, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {region.id: region for region in self.regions}
        by_name: dict[str, dict[str, Region]] = {}
        for region in self.regions:
            for spelling in (region.name_vi, region.name_en, *self.spellings.get(region.id, ())):
                by_name.setdefault(fold(spelling), {})[region.id] = region
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_by_name", {key: tuple(found.values()) for key, found in by_name.items()})

    @property
    def ids(self) -> frozenset[str]:
        """Every region id."""
        return frozenset(self._by_id)

    def get(self, identity: str) -> Region:
        """Region of an exact id such as ``34-52``.

        Raises
        ------
        DataError
            When there is none; regions of that name, with that code, or of a similar id or name are listed.
        """
        if identity in self._by_id:
            return self._by_id[identity]
        what = f"no region has the id {identity!r}"
        named = self._by_name.get(fold(identity), ())
        if named:
            fix = f"A name needs a period: store.region({identity!r}, period=2026). It was given to"
            raise DataError(what, fix=_candidates(named, fix))
        same_code = [region for region in self.regions if region.code == identity.rpartition("-")[2]]
        near = [self._by_id[one] for one in get_close_matches(identity, self._by_id, n=_SHOWN)]
        raise DataError(what, fix=_candidates(same_code or near or self._similar(identity), "Did you mean"))

    def find(self, text: str, *, period: str | int | Period | None = None, boundary_set: str | None = None) -> Region:
        """Resolve an id, a code or a name in any spelling.

        Parameters
        ----------
        text
            ``"34-52"``, ``"52"``, ``"Gia Lai"``, ``"TP. Hồ Chí Minh"``, …
        period
            When the region is meant, such as ``2026``: the unit that existed at the period's end is taken.
        boundary_set
            ``"63"``, ``"34"`` or ``"VN"``; settles it outright.

        Raises
        ------
        DataError
            When nothing matches, or when several regions do: the candidates are listed.
        """
        if text in self._by_id and (boundary_set is None or self._by_id[text].boundary_set == boundary_set):
            return self._by_id[text]
        clean = text.strip()
        is_code = clean.isdigit() and len(clean) <= len("00")
        found: Iterable[Region]
        if is_code:
            found = [region for region in self.regions if region.code == clean.zfill(2)]
        else:
            found = self._by_name.get(fold(text), ())
        matches = list(found)
        if boundary_set is not None:
            matches = [region for region in matches if region.boundary_set == boundary_set]
        if period is not None:
            when = Period.parse(period)
            matches = [region for region in matches if region.exists(when)]
        if len(matches) == 1:
            return matches[0]
        if not matches:
            raise DataError(
                f"no region is called {text!r}" + (f" in {period}" if period is not None else ""),
                fix=_candidates(self._similar(text), "Similar names:") if not is_code else "Use an id such as 34-52",
            )
        what = "code" if is_code else "name"
        raise DataError(
            f"{text!r} alone does not say which region is meant: the {what} was given to different units",
            fix=_candidates(matches, "Give the id or a period; candidates:"),
        )

    def successors(self, identity: str) -> tuple[Region, ...]:
        """Units that an old unit's area belongs to now."""
        return tuple(self.get(merger.new_id) for merger in self.mergers if merger.old_id == identity)

    def predecessors(self, identity: str) -> tuple[Region, ...]:
        """Old units that a new unit was made of."""
        return tuple(self.get(merger.old_id) for merger in self.mergers if merger.new_id == identity)

    def _similar(self, text: str) -> list[Region]:
        """Regions whose name holds a text or lies in it; where there is none, those spelt nearly so."""
        folded = fold(text)
        inside = [key for key in self._by_name if folded and (folded in key or key in folded)]
        keys = inside or get_close_matches(folded, self._by_name, n=_SHOWN, cutoff=0.7)
        found = {region.id: region for key in keys for region in self._by_name[key]}
        return list(found.values())[:_SHOWN]

    def __repr__(self) -> str:
        return f"Registry({len(self.regions)} regions, {len(self.mergers)} mergers)"


def _candidates(regions: Iterable[Region], lead: str) -> str:
    listed = "; ".join(f"{region.id} {region.name_vi} ({_validity(region)})" for region in regions)
    return f"{lead} {listed}" if listed else "The registry is data/raw/regions.csv"


def _validity(region: Region) -> str:
    if region.valid_to is not None:
        return f"until {region.valid_to}"
    if region.valid_from is not None:
        return f"since {region.valid_from}"
    return "throughout"
