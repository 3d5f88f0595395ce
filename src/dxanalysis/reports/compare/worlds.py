"""Every world between two versions: the older one, with some of the causes of the newer one, as a run that can be made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dxanalysis.data.changes import DataChange, changes_between
from dxanalysis.data.hybrid import hybrid
from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.counterfactual import Code, Run, code_of_version
from dxanalysis.reports.compare.players import Player, own_changes
from dxanalysis.reports.versions.archive import store_folder
from dxanalysis.reports.versions.storage import Manifest


def day_of(manifest: Manifest) -> date:
    """The day that a version held deadlines against; the day it was started on where it was not kept."""
    return date.fromisoformat(manifest.today or manifest.started[:10])


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """What two versions were made from, so that anything between them can be run.

    Attributes
    ----------
    old_code
        None where it was not kept or cannot be run: then every world has the newer code.
    old_store
        None where no slice of data differs.
    changes
        What leads from the older store to the newer one.
    work
        Folder for the stores in between.
    """

    old: Manifest
    new: Manifest
    old_code: Code | None
    new_code: Code
    old_store: Path | None
    new_store: Path
    changes: tuple[DataChange, ...]
    work: Path
    _stores: dict[frozenset[DataChange], Path] = field(default_factory=dict, repr=False)

    def run(self, causes: Iterable[Player]) -> Run:
        """The run of the older version with some causes of the newer one."""
        some = tuple(causes)
        kinds = {kind for player in some for kind in (player.kind, *player.members)}
        then, now = self.old, self.new
        passed = "calendar" in kinds
        code = self.new_code if self.old_code is None or "code" in kinds else self.old_code
        return Run(
            notebook=now.notebook,
            code=code,
            store=self._store(frozenset(change for player in some for change in player.changes)),
            parameters=dict((now if "parameters" in kinds else then).parameters),
            seed=(now if "seed" in kinds else then).seed,
            today=day_of(now if passed else then),
        )

    def _store(self, chosen: frozenset[DataChange]) -> Path:
        if self.old_store is None or chosen == frozenset(self.changes):
            return self.new_store
        if not chosen:
            return self.old_store
        if chosen not in self._stores:
            ordered = [change for change in self.changes if change in chosen]
            folder = self.work / "stores" / str(len(self._stores))
            self._stores[chosen] = hybrid(self.old_store, self.new_store, ordered, folder)
        return self._stores[chosen]


class NotKeptError(ReportError):
    """What a version was made from is not in the archive; ``what`` says which part."""


def open_worlds(old: Manifest, new: Manifest, present: Code, reports: Path, work: Path) -> Worlds:
    """Take from the archive what two versions were made from.

    Raises
    ------
    NotKeptError
        The data of either version, or the code of the newer one, was not kept or is damaged.
    """
    try:
        new_store = store_folder(reports, new.store)
        old_store = store_folder(reports, old.store) if _differ(old, new) else None
    except ReportError as error:
        raise NotKeptError("data", where=error.where, fix=error.fix) from error
    try:
        new_code = code_of_version(new.package, present, reports, work)
    except ReportError as error:
        raise NotKeptError("code", where=error.where, fix=error.fix) from error
    changes: tuple[DataChange, ...] = ()
    if old_store is not None:
        keys = {*old.data_used, *new.data_used}
        changes = own_changes(changes_between(old_store, new_store, keys), old_store, new_store)
    return Worlds(
        old=old,
        new=new,
        old_code=_old_code(old, new, new_code, present, reports, work),
        new_code=new_code,
        old_store=old_store if changes else None,
        new_store=new_store,
        changes=changes,
        work=work,
    )


def _differ(old: Manifest, new: Manifest) -> bool:
    """Whether the two may have been given different data: what only one of them read counts, the calendar does not."""
    keys = {*old.data_used, *new.data_used}
    return any(old.data_used.get(key) != new.data_used.get(key) for key in keys if not key.startswith("calendar:"))


def _old_code(old: Manifest, new: Manifest, new_code: Code, present: Code, reports: Path, work: Path) -> Code | None:
    if old.digests.code == new.digests.code:
        return new_code
    try:
        return code_of_version(old.package, present, reports, work)
    except ReportError:
        return None
