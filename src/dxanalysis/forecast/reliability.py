"""How often the pooled engine was right when it was replayed on panels of public figures: read, checked, put together.

The numbers are made by ``benchmarks/attainment.py`` and come with the package. They tell of the engine on other countries' figures, not
of any one indicator.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Final

from dxanalysis.errors import DataError

FORMAT: Final = 2
FILE: Final = "reliability.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Questions with a stated probability from ``low`` to ``high``: how many, what was said on average, how many were met; in percent."""

    low: float
    high: float
    n: int
    said: float
    met: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The replay of one panel, or of several put together.

    Attributes
    ----------
    name
        The panel; empty for several.
    regions, questions
        How many regions, and how many times a target was asked about.
    brier, base_rate_brier, drift_brier
        Mean square of probability less outcome (0 best), of the engine, of the share of targets met so far, and of a plain drift.
    cover_80, cover_95
        Share of outcomes within the ranges that should hold 0.8 and 0.95.
    bins
        By stated probability, ascending.
    """

    name: str
    regions: int
    questions: int
    brier: float
    base_rate_brier: float
    drift_brier: float
    cover_80: float
    cover_95: float
    bins: tuple[Bin, ...]

    @property
    def widest_gap(self) -> float:
        """Percentage points between what was said and what came true, in the bin where they are farthest apart."""
        return max((abs(one.said - one.met) for one in self.bins if one.n), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Every panel that was replayed, and regions of each one by one, as if they had no peers; none where nothing was measured."""

    panels: tuple[Replayed, ...] = ()
    alone: tuple[Replayed, ...] = ()
    made_by: str = ""

    def pooled(self) -> Replayed:
        """All panels put together, each question counting alike; bins join by their ends.

        Raises
        ------
        DataError
            When there is no panel.
        """
        return _together(self.panels)

    def pooled_alone(self) -> Replayed:
        """The same of regions without peers."""
        return _together(self.alone)

    @classmethod
    def from_json(cls, text: str, *, where: str = FILE) -> Reliability:
        """Read and check the text of a reliability file.

        Raises
        ------
        DataError
            When it is of another format, a field is absent, or a number cannot be what it is called.
        """
        again = "Make it anew with: python benchmarks/attainment.py"
        try:
            found = json.loads(text)
            if found["format"] != FORMAT:
                raise DataError(f"the format is {found['format']!r}, not {FORMAT}", where=where, fix=again)
            panels, alone = (tuple(_panel(entry) for entry in found[name]) for name in ("panels", "alone"))
            return cls(panels=panels, alone=alone, made_by=str(found["made_by"]))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"this is not a record of reliability: {error}", where=where, fix=again) from error


@cache
def measured() -> Reliability:
    """What comes with the package; without panels where the file is absent."""
    file = resources.files("dxanalysis.forecast").joinpath(FILE)
    if not file.is_file():
        return Reliability()
    return Reliability.from_json(file.read_text(encoding="utf-8"), where=f"{FILE} of the package")


def _together(panels: Sequence[Replayed]) -> Replayed:
    if not panels:
        raise DataError("no panel was replayed", fix="Show the reliability only where there is one")

    def mean(of: Callable[[Replayed], float]) -> float:
        return _mean([of(one) for one in panels], [one.questions for one in panels])

    ends = sorted({(one.low, one.high) for panel in panels for one in panel.bins})
    return Replayed(
        name="",
        regions=sum(one.regions for one in panels),
        questions=sum(one.questions for one in panels),
        brier=mean(lambda one: one.brier),
        base_rate_brier=mean(lambda one: one.base_rate_brier),
        drift_brier=mean(lambda one: one.drift_brier),
        cover_80=mean(lambda one: one.cover_80),
        cover_95=mean(lambda one: one.cover_95),
        bins=tuple(_joined(panels, low, high) for low, high in ends),
    )


def _joined(panels: Sequence[Replayed], low: float, high: float) -> Bin:
    parts = [one for panel in panels for one in panel.bins if (one.low, one.high) == (low, high) and one.n]
    counts = [one.n for one in parts]
    return Bin(
        low=low,
        high=high,
        n=sum(counts),
        said=_mean([one.said for one in parts], counts),
        met=_mean([one.met for one in parts], counts),
    )


def _panel(entry: dict[str, Any]) -> Replayed:
    bins = tuple(_bin(one) for one in entry["bins"])
    panel = Replayed(
        name=str(entry["name"]),
        regions=_count(entry, "regions"),
        questions=_count(entry, "questions"),
        brier=_share(entry, "brier"),
        base_rate_brier=_share(entry, "base_rate_brier"),
        drift_brier=_share(entry, "drift_brier"),
        cover_80=_share(entry, "cover_80"),
        cover_95=_share(entry, "cover_95"),
        bins=bins,
    )
    for before, after in pairwise(bins):
        if after.low < before.high:
            raise ValueError(f"the bins of {panel.name} overlap at {after.low}")
    if bins and bins[-1].high <= 1:
        raise ValueError(f"the bins of {panel.name} end at {bins[-1].high}; they are in percent")
    if not bins or sum(one.n for one in bins) > panel.questions:
        raise ValueError(f"the bins of {panel.name} do not hold its questions")
    return panel


def _bin(entry: dict[str, Any]) -> Bin:
    found = Bin(
        low=_share(entry, "low", whole=100),
        high=_share(entry, "high", whole=100),
        n=_count(entry, "n"),
        said=_share(entry, "said", whole=100) if entry["n"] else 0.0,
        met=_share(entry, "met", whole=100) if entry["n"] else 0.0,
    )
    if not found.low < found.high:
        raise ValueError(f"a bin reaches from {found.low} to {found.high}")
    return found


def _share(entry: dict[str, Any], name: str, whole: int = 1) -> float:
    value = entry[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= whole:
        raise ValueError(f"{name} is {value!r}, not a number from 0 to {whole}")
    return float(value)


def _count(entry: dict[str, Any], name: str) -> int:
    value = entry[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} is {value!r}, not a count")
    return value


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    total = sum(weights)
    return math.fsum(v * w for v, w in zip(values, weights, strict=True)) / total if total else 0.0
