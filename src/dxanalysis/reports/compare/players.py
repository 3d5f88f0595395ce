"""Which causes a change is split over: the published figures that moved, told apart as far as that can be run, and what else differs.

A source or an indicator that is new comes along with the figure that needs it and is no cause of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from dxanalysis.data import slices
from dxanalysis.data.changes import DataChange, read_catalogue
from dxanalysis.reports.versions.storage import Manifest

PlayerKind = Literal[
    "revised",
    "new period",
    "new series",
    "withdrawn",
    "boundary",
    "target",
    "catalogue",
    "data",
    "together",
    "parameters",
    "seed",
    "calendar",
    "code",
    "software",
    "environment",
    "unexplained",
]
MOST_SINGLE: Final = 12
"""Groups of figures that are run one by one to find the small ones."""

_FIGURES: Final = ("revised", "new period", "new series", "withdrawn")
_WHOLE: Final = ("boundary", "target", "catalogue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One cause.

    Attributes
    ----------
    id
        The same in every language: ``revised:de_va_share_gdp:VN:2024``.
    changes
        What it does to the data; empty where it is something else.
    members
        Kinds of other causes that are part of it (``together``).
    """

    id: str
    kind: PlayerKind
    changes: tuple[DataChange, ...] = ()
    members: tuple[PlayerKind, ...] = ()

    @property
    def is_data(self) -> bool:
        """Whether it changes nothing but data."""
        return bool(self.changes) and not self.members


def other_players(old: Manifest, new: Manifest, days: tuple[date, date]) -> tuple[Player, ...]:
    """Causes that are no data and can be run one by one: parameters, seed, calendar, code."""
    keys = {key for key in {*old.data_used, *new.data_used} if key.startswith("calendar:")}
    passed = any(slices.digest_of(key, {}, today=days[0]) != slices.digest_of(key, {}, today=days[1]) for key in keys)
    differing: tuple[tuple[PlayerKind, bool], ...] = (
        ("parameters", old.digests.parameters != new.digests.parameters),
        ("seed", old.seed != new.seed),
        ("calendar", passed),
        ("code", old.digests.code != new.digests.code),
    )
    return tuple(Player(id=kind, kind=kind) for kind, differs in differing if differs)


def own_changes(changes: Iterable[DataChange], store_a: Path, store_b: Path) -> tuple[DataChange, ...]:
    """Changes that are causes of their own: without the registry entries that new figures bring along."""
    found = tuple(changes)
    if not any(change.table in ("indicator", "source") for change in found):
        return found
    old, new = read_catalogue(store_a), read_catalogue(store_b)
    needed = _needed(found, store_b, new)
    return tuple(
        change
        for change in found
        if change.table not in ("indicator", "source")
        or change.item in old[f"{change.table}s"]
        or (change.table, change.item) not in needed
    )


def _needed(changes: Iterable[DataChange], store_b: Path, new: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Entries of registries that the changed figures and targets of the second store refer to."""
    import pandas as pd  # noqa: PLC0415  # loaded only where data changed

    from dxanalysis.data.changes import OBSERVATIONS  # noqa: PLC0415

    cells = {(c.indicator, c.region_id, c.period) for c in changes if c.table == "observations"}
    frame = pd.read_parquet(store_b / OBSERVATIONS, columns=["indicator", "region_id", "period", "source"])
    rows = [row for row in frame.itertuples(index=False, name=None) if row[:3] in cells]
    items = {change.item for change in changes if change.table == "targets"}
    targets = [target for target in new["targets"] if target["id"] in items]
    return {
        *(("indicator", str(row[0])) for row in rows),
        *(("source", str(row[3])) for row in rows),
        *((table, target[table]) for target in targets for table in ("indicator", "source")),
    }


def data_players(changes: Collection[DataChange], room: int) -> tuple[Player, ...]:
    """Group changes of data: each figure alone where they are few, else by series, by indicator, by kind.

    There may be more than ``room``, but no more than :data:`MOST_SINGLE`: see :func:`gathered`.
    """
    whole = [
        Player(id=kind, kind=kind, changes=these)
        for kind in _WHOLE
        if (these := tuple(change for change in changes if change.kind == kind))
    ]
    each, *groups = (_grouped([change for change in changes if change.kind in _FIGURES], by) for by in _LEVELS)
    if len(each) + len(whole) <= room:
        return (*each, *whole)
    # A long list of single figures says less than their series.
    chosen = next((group for group in groups if len(group) + len(whole) <= max(room, MOST_SINGLE)), groups[-1])
    return (*chosen, *whole)


_LEVELS: Final[tuple[Callable[[DataChange], tuple[str, ...]], ...]] = (
    lambda change: (change.indicator, change.region_id, change.period),
    lambda change: (change.indicator, change.region_id),
    lambda change: (change.indicator,),
    lambda _change: (),
)


def _grouped(figures: Iterable[DataChange], by: Callable[[DataChange], tuple[str, ...]]) -> list[Player]:
    groups: dict[tuple[str, ...], list[DataChange]] = {}
    for change in figures:
        groups.setdefault((change.kind, *by(change)), []).append(change)
    return [Player(id=":".join(name), kind=these[0].kind, changes=tuple(these)) for name, these in groups.items()]


def gathered(players: Iterable[Player], sizes: Mapping[str, float], room: int) -> tuple[Player, ...]:
    """At most ``room`` players: the smallest by their effect alone become one.

    Parameters
    ----------
    sizes
        Effect of each player when it comes alone, by its id.
    room
        At least 1.
    """
    ranked = sorted(players, key=lambda player: (-sizes[player.id], player.id))
    if len(ranked) <= room:
        return tuple(ranked)
    return (*ranked[: room - 1], merged(ranked[room - 1 :]))


def merged(players: Iterable[Player]) -> Player:
    """Several causes as one."""
    joined = tuple(players)
    changes = tuple(change for player in joined for change in player.changes)
    if all(player.is_data for player in joined):
        return Player(id="data", kind="data", changes=changes)
    members = tuple(dict.fromkeys(kind for player in joined for kind in (player.members or (player.kind,))))
    return Player(id="together", kind="together", changes=changes, members=members)
