"""Why a version was made: as its manifest says, or as its digests show against the version before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from dxanalysis.i18n import Texts
from dxanalysis.reports.recording.items import Headline
from dxanalysis.reports.site.reading import Version
from dxanalysis.reports.versions.freshness import Cause
from dxanalysis.reports.versions.storage import Manifest

_DERIVED: tuple[Cause, ...] = ("code", "parameters", "environment", "seed")
_SHOWN_DETAILS = 3
DataKind = Literal["observations", "indicator", "source", "targets", "regions", "calendar", "other"]
"""What a data slice holds, from the first word of its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One cause of a version, with what it names: data slices, or the damage."""

    cause: str
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A main finding that reads otherwise than in the version before; ``old`` or ``new`` is empty where it is new or gone."""

    old: str
    new: str
    tone: str


def why_made(manifest: Manifest, before: Manifest | None) -> tuple[Why, ...]:
    """Say why a version was made; what the manifest says goes first.

    Parameters
    ----------
    before
        The version before it, or None for the first.
    """
    said = [_said(reason) for reason in manifest.reasons]
    if said:
        return tuple(said)
    if before is None:
        return (Why(cause="new"),)
    found: list[Why] = []
    if manifest.digests.data != before.digests.data:
        keys = sorted(set(manifest.data_used) | set(before.data_used))
        changed = [key for key in keys if manifest.data_used.get(key) != before.data_used.get(key)]
        found.append(Why(cause="data", detail=tuple(changed)))
    found += [Why(cause=name) for name in _DERIVED if getattr(manifest.digests, name) != getattr(before.digests, name)]
    return tuple(found) or (Why(cause="forced"),)


def _said(reason: Mapping[str, object]) -> Why:
    detail = reason.get("detail", ())
    names = tuple(str(name) for name in detail) if isinstance(detail, list | tuple) else (str(detail),)
    return Why(cause=str(reason.get("cause", "")), detail=names)


def cause_words(why: Why, texts: Texts) -> str:
    """Give a cause in words; data slices are counted by what they hold."""
    if why.cause not in get_args(Cause):
        return texts("site.cause_unknown")
    if why.cause == "data" and why.detail:
        counted: dict[DataKind, int] = {}
        for key in why.detail:
            kind = _kind(key)
            counted[kind] = counted.get(kind, 0) + 1
        listed = [texts(f"site.slices_{kind}", count=number) for kind, number in counted.items()]
        return texts("site.cause_data_detail", what=texts.listing(listed))
    return texts(f"site.cause_{why.cause}")


def _kind(key: str) -> DataKind:
    first = key.partition(":")[0]
    known: dict[str, DataKind] = {kind: kind for kind in get_args(DataKind)}
    return known.get(first, "other")


def details(whys: Sequence[Why]) -> tuple[tuple[str, ...], int]:
    """Names of the first data slices (or of the damage) that causes give, and how many more there are."""
    names = [name for why in whys for name in why.detail]
    return tuple(names[:_SHOWN_DETAILS]), max(0, len(names) - _SHOWN_DETAILS)


def turned(version: Version, before: Version | None) -> tuple[Turn, ...]:
    """Main findings that read otherwise than in the version before, in the order of the report."""
    if before is None:
        return ()
    old: dict[str, Headline] = {headline.name: headline for headline in before.headlines}
    new: dict[str, Headline] = {headline.name: headline for headline in version.headlines}
    found = [
        Turn(old=old[name].text if name in old else "", new=headline.text, tone=headline.tone)
        for name, headline in new.items()
        if name not in old or old[name].text != headline.text
    ]
    return (*found, *(Turn(old=gone.text, new="", tone="neutral") for name, gone in old.items() if name not in new))
