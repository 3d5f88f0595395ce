"""What differs between two stores, figure by figure, in the slices that somebody read.

The unit of change is what a person would name: all releases of one indicator in one region for one period, one target, one entry of a
registry. Adopting every change gives the second store's content of the slices, exactly (:mod:`dxanalysis.data.hybrid`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from dxanalysis.data import slices

ChangeKind = Literal["new period", "revised", "new series", "withdrawn", "boundary", "target", "catalogue"]

OBSERVATIONS: Final = "observations.parquet"
CATALOGUE: Final = "catalogue.json"
# Of two releases of one date, the firmer figure is told: the order of the store's own question.
_STATUS_ORDER: Final = ("revised", "actual", "preliminary", "estimate", "missing")
_WORDS: Final = frozenset({"note", "note_vi", "name_vi", "name_en"})
_ALWAYS: Final = date.max.isoformat()

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChange:
    """One difference between two stores.

    Attributes
    ----------
    kind
        ``revised``: a period that had a figure has other releases (``old`` and ``new`` may be equal: a release that confirms);
        ``new period`` of a series that was there, ``new series``, ``withdrawn``: a release is gone; ``boundary``: the region registry or
        its mergers; ``target``; ``catalogue``: texts and definitions, and notes of figures and targets.
    key
        The slice it was found under, as named by the reader.
    item
        Id of the target or of the registry's entry; empty for a figure.
    indicator, region_id, period
        What it is about, empty where that does not apply; the period of a target is its deadline.
    old, new
        The figures in force before and after, None where there is none.
    unit
        Unit of ``old`` and ``new``.
    source, released
        Source of the newest release and its ISO date; of the last one known where it was withdrawn.
    """

    kind: ChangeKind
    key: str
    item: str = ""
    indicator: str = ""
    region_id: str = ""
    period: str = ""
    old: float | None = None
    new: float | None = None
    unit: str = ""
    source: str = ""
    released: str = ""

    @property
    def table(self) -> str:
        """Table that the change is in: ``observations``, ``targets``, ``regions``, ``indicator`` or ``source``."""
        return self.key.partition(":")[0]


def changes_between(store_a: Path, store_b: Path, keys: Collection[str]) -> tuple[DataChange, ...]:
    """Differences between two stores' folders in the slices that ``keys`` name, in a fixed order.

    Keys are those of :mod:`dxanalysis.data.slices`; a key that ends in ``@day`` counts what was known on that day. Keys of other
    tables (``calendar``) are passed over.
    """
    before, after = slices.read_index(store_a), slices.read_index(store_b)
    moved = {
        table: _moved(table, before, after, keys)
        for table in ("observations", "targets", "regions", "indicator", "source")
    }
    found: list[DataChange] = []
    if moved["observations"]:
        found += _figures(store_a, store_b, moved["observations"])
    if any(moved[table] for table in ("targets", "regions", "indicator", "source")):
        old, new = read_catalogue(store_a), read_catalogue(store_b)
        found += _targets(old["targets"], new["targets"], moved["targets"])
        if moved["regions"]:
            found += _registry(old, new, key=_first(moved["regions"]))
        for table, entries in (("indicator", "indicators"), ("source", "sources")):
            found += _entries(table, old[entries], new[entries], moved[table])
    return tuple(found)


def read_catalogue(store: Path) -> dict[str, Any]:
    """Registries and targets of a store, as plain JSON."""
    plain: dict[str, Any] = json.loads((store / CATALOGUE).read_text(encoding="utf-8"))
    return plain


@dataclass(frozen=True, slots=True)
class _Named:
    """A slice that somebody read: under which key, and up to which day."""

    key: str
    until: str


def _moved(table: str, before: slices.Index, after: slices.Index, keys: Collection[str]) -> dict[str, _Named]:
    """Slices of a table that the keys name and that differ."""
    names = set(before.get(table, {})) | set(after.get(table, {}))
    named: dict[str, _Named] = {}
    for key in sorted(keys):
        its_table, _, rest = key.partition(":")
        if its_table != table:
            continue
        pattern, _, until = rest.partition("@")
        for name in _matching(table, pattern, names):
            known = named.get(name)
            if known is None or (known.until < (until or _ALWAYS)):
                named[name] = _Named(known.key if known else key, until or _ALWAYS)
    return {
        name: one
        for name, one in sorted(named.items())
        if _digests(before, table, name, one.until) != _digests(after, table, name, one.until)
    }


def _matching(table: str, pattern: str, names: Collection[str]) -> Iterable[str]:
    if table != "observations":
        return names if pattern in {"*", ""} else {pattern} & set(names)
    indicator, _, region = pattern.partition(":")
    if "*" not in (indicator, region):
        return {pattern} & set(names)
    return [
        name
        for name in names
        for its_indicator, _, its_region in [name.partition(":")]
        if indicator in {"*", its_indicator} and region in {"*", its_region}
    ]


def _digests(index: slices.Index, table: str, name: str, until: str) -> list[str]:
    return [digest for known_from, digest, _ in index.get(table, {}).get(name, ()) if known_from <= until]


def _first(named: Mapping[str, _Named]) -> str:
    return next(iter(named.values())).key


def _figures(store_a: Path, store_b: Path, moved: Mapping[str, _Named]) -> Iterator[DataChange]:
    old, new = _releases(store_a, moved), _releases(store_b, moved)
    for name, one in moved.items():
        series_a, series_b = old.get(name, {}), new.get(name, {})
        for period in sorted({*series_a, *series_b}):
            before, after = series_a.get(period, []), series_b.get(period, [])
            if before != after:
                yield _figure(before, after, key=one.key, known=bool(series_a))


def _releases(store: Path, moved: Mapping[str, _Named]) -> dict[str, dict[str, list[Row]]]:
    """Slice -> period -> its releases in a fixed order, as plain rows."""
    import pandas as pd  # noqa: PLC0415  # most stores do not differ

    from dxanalysis.data.ingest import plain_rows  # noqa: PLC0415
    from dxanalysis.data.readers.observations import typed  # noqa: PLC0415

    frame = pd.read_parquet(store / OBSERVATIONS)
    chosen = frame[(frame["indicator"] + ":" + frame["region_id"]).isin(list(moved))]
    found: dict[str, dict[str, list[Row]]] = {}
    for row in plain_rows(typed(chosen)):
        name = f"{row['indicator']}:{row['region_id']}"
        if row["released_to"] <= moved[name].until:
            found.setdefault(name, {}).setdefault(row["period"], []).append(row)
    for series in found.values():
        for rows in series.values():
            rows.sort(key=lambda row: json.dumps(row, sort_keys=True))
    return found


def _figure(before: list[Row], after: list[Row], *, key: str, known: bool) -> DataChange:
    told = _newest(after or before)
    kind: ChangeKind
    if not before:
        kind = "new period" if known else "new series"
    elif all(row in before for row in after):
        kind = "withdrawn"
    else:
        kind = "catalogue" if _numbers(before) == _numbers(after) else "revised"
    return DataChange(
        kind=kind,
        key=key,
        indicator=told["indicator"],
        region_id=told["region_id"],
        period=told["period"],
        old=_newest(before)["value"] if before else None,
        new=_newest(after)["value"] if after else None,
        unit=told["unit"],
        source=told["source"],
        released=told["released_to"],
    )


def _newest(rows: list[Row]) -> Row:
    """The release in force: the one that :meth:`dxanalysis.data.store.Store.observations` tells."""
    ranked = sorted(rows, key=lambda row: (_STATUS_ORDER.index(row["status"]), row["source"]))
    ranked.sort(key=lambda row: (row["released_from"] or "", row["released_to"]), reverse=True)
    return ranked[0]


def _numbers(rows: Iterable[Row]) -> list[str]:
    return sorted(json.dumps(_without_words(row), sort_keys=True) for row in rows)


def _without_words(entry: Row) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in _WORDS}


def _targets(old: list[Row], new: list[Row], moved: Mapping[str, _Named]) -> Iterator[DataChange]:
    def read(targets: list[Row]) -> dict[str, Row]:
        return {
            target["id"]: target
            for target in targets
            if target["region_id"] in moved and target["released_to"] <= moved[target["region_id"]].until
        }

    before, after = read(old), read(new)
    for identity in _differing(before, after):
        was, is_now = before.get(identity), after.get(identity)
        told = is_now or was or {}
        only_words = was is not None and is_now is not None and _without_words(was) == _without_words(is_now)
        yield DataChange(
            kind="catalogue" if only_words else "target",
            key=moved[told["region_id"]].key,
            item=identity,
            indicator=told["indicator"],
            region_id=told["region_id"],
            period=told["deadline"],
            old=was["value"] if was else None,
            new=is_now["value"] if is_now else None,
            unit=told["unit"],
            source=told["source"],
            released=told["released_to"],
        )


def _registry(old: Mapping[str, Any], new: Mapping[str, Any], *, key: str) -> Iterator[DataChange]:
    """One change for each region whose bounds moved; where none did, the registry's names changed."""

    def drawn(catalogue: Mapping[str, Any]) -> dict[str, list[object]]:
        lines: dict[str, list[object]] = {}
        for region in catalogue["regions"]:
            lines.setdefault(f"{region['boundary_set']}-{region['code']}", []).append(_without_words(region))
        for merger in catalogue["mergers"]:
            lines.setdefault(merger["new_id"], []).append(merger)
        return lines

    before, after = drawn(old), drawn(new)
    touched = _differing(before, after)
    for identity in touched:
        yield DataChange(kind="boundary", key=key, item=identity, region_id=identity)
    if not touched:
        yield DataChange(kind="catalogue", key=key, item="regions")


def _entries(
    table: str, old: Mapping[str, Row], new: Mapping[str, Row], moved: Mapping[str, _Named]
) -> Iterator[DataChange]:
    for identity in _differing(old, new):
        if identity in moved:
            yield DataChange(
                kind="catalogue",
                key=moved[identity].key,
                item=identity,
                indicator=identity if table == "indicator" else "",
                source=identity if table == "source" else "",
            )


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
