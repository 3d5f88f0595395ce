"""A store between two stores: the first one, with some of the changes that lead to the second.

It asks "what would have been said, had only these figures changed?". A figure brings along the indicator and the source that it needs;
nothing else comes with it. With no change chosen the slices are those of the first store, with every change those of the second.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from dxanalysis.data import slices
from dxanalysis.data.changes import OBSERVATIONS, DataChange, read_catalogue
from dxanalysis.data.ingest import write_store
from dxanalysis.data.readers.observations import typed
from dxanalysis.data.schema import OBSERVATION_KEY

_CELL = ["indicator", "region_id", "period"]


def hybrid(store_a: Path, store_b: Path, chosen: Collection[DataChange], folder: Path) -> Path:
    """Write a store that is ``store_a`` with the chosen changes, in force in ``folder`` as in a project's data/processed.

    Parameters
    ----------
    store_a, store_b
        Folders of stores.
    chosen
        Some of :func:`dxanalysis.data.changes.changes_between` of the two. The region registry is one thing: any boundary change
        brings all of it.
    folder
        An empty or absent folder.

    Returns
    -------
    Path
        The store's own folder below ``folder``.
    """
    observations = _observations(store_a, store_b, [c for c in chosen if c.table == "observations"])
    catalogue = _catalogue(read_catalogue(store_a), read_catalogue(store_b), chosen, observations)
    return install_store(folder, observations, catalogue)


def install_store(folder: Path, observations: pd.DataFrame, catalogue: Mapping[str, Any]) -> Path:
    """Write a store named by its content into ``folder`` and put it in force there."""
    building = folder / "building"
    building.mkdir(parents=True)
    write_store(building, observations, catalogue, ())
    name = slices.content_digest(slices.read_index(building))
    store = building.rename(folder / name)
    (folder / slices.POINTER).write_text(name + "\n", encoding="utf-8", newline="\n")
    return store


def _observations(store_a: Path, store_b: Path, chosen: Collection[DataChange]) -> pd.DataFrame:
    before = typed(pd.read_parquet(store_a / OBSERVATIONS))
    if not chosen:
        return before
    cells = pd.MultiIndex.from_tuples([(c.indicator, c.region_id, c.period) for c in chosen])

    def touched(frame: pd.DataFrame) -> pd.Series:
        return pd.Series(pd.MultiIndex.from_frame(frame[_CELL]).isin(cells), index=frame.index)

    after = typed(pd.read_parquet(store_b / OBSERVATIONS))
    parts = [part for part in (before[~touched(before)], after[touched(after)]) if not part.empty]
    whole = pd.concat(parts, ignore_index=True) if parts else before[:0]
    return typed(whole).sort_values(list(OBSERVATION_KEY), na_position="first", ignore_index=True)


def _catalogue(
    before: Mapping[str, Any], after: Mapping[str, Any], chosen: Collection[DataChange], observations: pd.DataFrame
) -> dict[str, Any]:
    mixed = dict(before)
    if any(change.table == "regions" for change in chosen):
        mixed |= {name: after[name] for name in ("regions", "mergers", "spellings")}
    mixed["targets"] = sorted(
        _adopted(
            {target["id"]: target for target in before["targets"]},
            {target["id"]: target for target in after["targets"]},
            [change.item for change in chosen if change.table == "targets"],
        ).values(),
        key=lambda target: target["id"],
    )
    for table, entries in (("indicator", "indicators"), ("source", "sources")):
        items = [change.item for change in chosen if change.table == table]
        found = _adopted(before[entries], after[entries], items)
        named = [*mixed["targets"], *(mixed["mergers"] if table == "source" else ())]
        needed = {*observations[table].unique(), *(entry[table] for entry in named)} - set(found)
        # A new figure brings its indicator; one that stayed keeps its own, though the other store has none.
        either = {**before[entries], **after[entries]}
        missing = {name: either[name] for name in sorted(needed) if name in either}
        mixed[entries] = dict(sorted({**found, **missing}.items()))
    return mixed


def _adopted(before: Mapping[str, Any], after: Mapping[str, Any], items: Collection[str]) -> dict[str, Any]:
    """Entries of ``before``, the items as they are in ``after`` or gone where it has none."""
    kept = {name: entry for name, entry in before.items() if name not in items}
    return kept | {name: after[name] for name in items if name in after}
