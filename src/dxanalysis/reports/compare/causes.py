"""Why a version differs from the one before: what went into it then and now, told apart by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from dxanalysis.data.changes import DataChange
from dxanalysis.reports.compare.plain import rebuild
from dxanalysis.reports.recording.items import Cell, Plain
from dxanalysis.reports.versions.storage import Manifest

CauseKind = Literal[
    "new period",
    "revised",
    "new series",
    "withdrawn",
    "figures",
    "target",
    "boundary",
    "catalogue",
    "reads",
    "calendar",
    "parameters",
    "code",
    "environment",
    "seed",
]
DATA_KINDS: frozenset[str] = frozenset({"new period", "revised", "new series", "withdrawn", "figures"})
"""Causes that are published figures; only these count as new data."""
_TABLES: Mapping[str, CauseKind] = {
    "observations": "figures",
    "targets": "target",
    "regions": "boundary",
    "indicator": "catalogue",
    "source": "catalogue",
    "calendar": "calendar",
}
_ORDER: tuple[CauseKind, ...] = CauseKind.__args__  # type: ignore[attr-defined]  # the members of a Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that changed, as far as it is known.

    Attributes
    ----------
    what
        Its id: of a target or an entry of a registry, the key of a data slice, the name of a parameter, package or module, the day
        of a deadline.
    indicator, region_id, period, unit, source, released
        Of a published figure; empty elsewhere. ``released`` is an ISO day.
    old, new
        Before and after; None where it was not there, or is not known.
    """

    what: str
    indicator: str = ""
    region_id: str = ""
    period: str = ""
    old: Cell = None
    new: Cell = None
    unit: str = ""
    source: str = ""
    released: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One kind of cause with everything known of it; without facts only that there is such a cause is known."""

    kind: CauseKind
    facts: tuple[Fact, ...] = ()

    def to_plain(self) -> Plain:
        """Return the cause as plain JSON."""
        return asdict(self)


def cause_from_plain(plain: Mapping[str, object]) -> Cause:
    """Read a cause back; ReportError where it is not what :meth:`Cause.to_plain` writes."""
    return rebuild(Cause, plain, "cause")


def causes(
    old: Manifest, new: Manifest, data_changes: Iterable[DataChange] = (), *, modules: Sequence[str] = ()
) -> tuple[Cause, ...]:
    """Name what differs in what two versions were made of: the data first, then the calendar, parameters, code and environment.

    Parameters
    ----------
    data_changes
        What is known of the changed data slices; a changed slice that none of them explains is named by its key.
    modules
        Source files that differ, where both versions' code is archived.
    """
    found: dict[CauseKind, list[Fact]] = {}
    explained: set[str] = set()
    changed = sorted(key for key, digest in new.data_used.items() if old.data_used.get(key, digest) != digest)
    for one in data_changes:
        explained.add(one.key)
        found.setdefault(one.kind, []).append(_fact(one))
    for key in changed:
        table, _, rest = key.partition(":")
        kind: CauseKind = _TABLES.get(table, "figures")
        if kind == "calendar":
            passed = Fact(what=rest, old=old.data_used[key], new=new.data_used[key])
            found.setdefault(kind, []).append(passed)
        elif not _is_explained(key, explained):
            found.setdefault(kind, []).append(_from_key(key))
    begun, ended = set(new.data_used) - set(old.data_used), set(old.data_used) - set(new.data_used)
    reads = [Fact(what=key, new=True) for key in sorted(begun)] + [Fact(what=key, old=True) for key in sorted(ended)]
    if reads:
        found["reads"] = reads
    found.update(_own_causes(old, new, modules))
    return tuple(Cause(kind=kind, facts=tuple(found[kind])) for kind in _ORDER if kind in found)


def only_calendar(found: Sequence[Cause]) -> bool:
    """Whether nothing happened but that a day passed."""
    return bool(found) and all(cause.kind == "calendar" for cause in found)


def has_new_data(found: Sequence[Cause]) -> bool:
    """Whether any published figure changed."""
    return any(cause.kind in DATA_KINDS for cause in found)


def _own_causes(old: Manifest, new: Manifest, modules: Sequence[str]) -> Iterable[tuple[CauseKind, list[Fact]]]:
    """Causes that are no data: parameters, code, environment, seed."""
    parameters = _moved(old.parameters, new.parameters)
    if parameters or old.digests.parameters != new.digests.parameters:
        yield "parameters", parameters
    if old.notebook != new.notebook or old.digests.code != new.digests.code or modules:
        notebook = [Fact(what="notebook", old=old.notebook, new=new.notebook)] * (old.notebook != new.notebook)
        yield "code", notebook + [Fact(what=module) for module in modules]
    packages = _moved(old.versions, new.versions)
    if packages or old.digests.environment != new.digests.environment:
        yield "environment", packages
    if old.seed != new.seed:
        yield "seed", [Fact(what="seed", old=old.seed, new=new.seed)]


def _moved(old: Mapping[str, object], new: Mapping[str, object]) -> list[Fact]:
    names = sorted({*old, *new})
    return [
        Fact(what=name, old=_cell(old.get(name)), new=_cell(new.get(name)))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _fact(one: DataChange) -> Fact:
    return Fact(
        what=one.item or one.key,
        indicator=one.indicator,
        region_id=one.region_id,
        period=one.period,
        old=one.old,
        new=one.new,
        unit=one.unit,
        source=one.source,
        released=one.released,
    )


def _from_key(key: str) -> Fact:
    table, _, rest = key.partition(":")
    name = rest.partition("@")[0]
    if table == "observations":
        indicator, _, region = name.partition(":")
        return Fact(what=key, indicator=indicator, region_id=region)
    if table == "targets":
        return Fact(what=key, region_id=name)
    return Fact(what=key, indicator=name if table == "indicator" else "", source=name if table == "source" else "")


def _is_explained(key: str, explained: set[str]) -> bool:
    """Whether a change is known under a slice's own key, or under one that the slice contains."""
    if key in explained:
        return True
    table, _, rest = key.partition(":")
    parts = rest.partition("@")[0].split(":")
    return any(
        _within(parts, other.partition(":")[2].partition("@")[0].split(":"))
        for other in explained
        if other.partition(":")[0] == table
    )


def _within(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    return len(wide) == len(narrow) and all(a in ("*", b) for a, b in zip(wide, narrow, strict=True))
