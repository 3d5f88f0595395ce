"""Why each number of a report changed: the change split over its causes by running the report with one set of them at a time.

The environment cannot be run as it was. Its part is what remains of the old number when everything old is run again in the present
environment; the other causes share the rest as :mod:`dxanalysis.reports.compare.shapley` says.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from dxanalysis.errors import ReportError
from dxanalysis.reports.compare.counterfactual import Outcome, Run, Setting, is_number, present_code
from dxanalysis.reports.compare.players import Player, PlayerKind, data_players, gathered, merged, other_players
from dxanalysis.reports.compare.remembered import FOLDER, Told, outcomes
from dxanalysis.reports.compare.shapley import MOST, adding_up, coalitions, shapley, written
from dxanalysis.reports.compare.shares import Attribution, Part
from dxanalysis.reports.compare.shown import same
from dxanalysis.reports.compare.told import Teller
from dxanalysis.reports.compare.worlds import NotKeptError, Worlds, day_of, open_worlds
from dxanalysis.reports.files import read_json
from dxanalysis.reports.versions.storage import VALUES, Manifest, read_manifest


def attribute(
    old: Path,
    new: Path,
    setting: Setting,
    *,
    packages: tuple[Path, ...],
    notebooks: Path,
    names: Mapping[str, str] | None = None,
    executor: Executor | None = None,
    progress: Told | None = None,
    verify: bool = True,
) -> tuple[Attribution, ...]:
    """Split the change of every recorded number that moved between two versions of a report.

    Parameters
    ----------
    old, new
        Folders of the versions.
    setting
        Where the runs take place.
    packages, notebooks
        The code that is running now: what :func:`dxanalysis.reports.versions.archive.keep_code` is given.
    names
        What readers call indicators and places: id -> name; the id itself where absent.
    executor
        Any executor that sees the same files; in this process where absent.
    progress
        Told how many of the runs of a step are done.
    verify
        Run both ends again although they were recorded in this very environment, so that a report that says something else each time
        is found out. Without it a change with one cause needs no run.

    Returns
    -------
    tuple of Attribution
        One for each number that moved, in the order recorded. It has no parts where the change cannot be split, and its note says why.

    Raises
    ------
    ReportError
        When a version cannot be read.
    """
    then, now = read_manifest(old), read_manifest(new)
    moved, language = _moved(old, new)
    if not moved:
        return ()
    teller = Teller(language, dict(names or {}))
    if then.notebook != now.notebook:
        return _unsplit(moved, teller.note("notebooks"))
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=_home(setting), ignore_cleanup_errors=True) as work:
        try:
            worlds = open_worlds(then, now, present_code(packages, notebooks), setting.reports, Path(work))
            return _Split(worlds, setting, moved, teller, executor, progress, verify).attributions()
        except NotKeptError as error:
            return _unsplit(moved, teller.note("no_data" if error.what == "data" else "no_code"))
        except _CannotRunError as error:
            return _unsplit(moved, teller.note("cannot_run", failure=error.what))


def _home(setting: Setting) -> Path | None:
    """Place for stores in between: beside the versions, where an executor's workers see them and the next run clears leftovers."""
    home = setting.reports / FOLDER
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None  # the system's own place for temporary files
    return home if os.access(home, os.W_OK) else None


def _in_one_language(run: Run, setting: Setting) -> Run:
    words = {name: value for name, value in setting.neutral.items() if name in run.parameters}
    return replace(run, parameters={**run.parameters, **words})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    name: str
    unit: str
    old: float
    new: float


class _CannotRunError(ReportError):
    """A version cannot be run again."""


def _moved(old: Path, new: Path) -> tuple[list[_Moved], str]:
    """Numbers of two versions that are not the same, and the newer one's language."""
    before, after = read_json(old / VALUES), read_json(new / VALUES)
    try:
        was = {item["name"]: item["value"] for item in before["values"]}  # type: ignore[attr-defined]
        found = [
            _Moved(name=item["name"], unit=item["unit"], old=was[item["name"]], new=item["value"])
            for item in after["values"]  # type: ignore[attr-defined]
            if is_number(item["value"]) and is_number(was.get(item["name"]))
        ]
        language = str(after["meta"]["language"])  # type: ignore[index]
    except (KeyError, TypeError, AttributeError) as error:
        raise ReportError("the recorded values cannot be read", where=new.name) from error
    return [one for one in found if not same(one.old, one.new)], language


def _unsplit(moved: Sequence[_Moved], note: str, runs: int = 0) -> tuple[Attribution, ...]:
    return tuple(
        Attribution(name=one.name, unit=one.unit, old=one.old, new=one.new, parts=(), runs=runs, exact=True, note=note)
        for one in moved
    )


@dataclass(slots=True)
class _Split:
    """The work of one call of :func:`attribute`: which causes there are in the end, what every world said, and what to note."""

    worlds: Worlds
    setting: Setting
    moved: Sequence[_Moved]
    teller: Teller
    executor: Executor | None
    progress: Told | None
    verify: bool
    notes: list[str] = field(default_factory=list)
    known: dict[Run, Outcome] = field(default_factory=dict)
    trusted: frozenset[Player] = frozenset()

    def attributions(self) -> tuple[Attribution, ...]:
        old, new = self.worlds.old, self.worlds.new
        others = other_players(old, new, (day_of(old), day_of(new)))
        players = (*data_players(self.worlds.changes, MOST - len(others)), *others)
        alone = self._alone(players)
        if alone is not None:
            return tuple(self._told(one, {alone: written(one.new) - written(one.old)}) for one in self.moved)
        players = self._with_code_that_runs(players)
        if len(players) == 1 and self.worlds.new.digests.environment == self.setting.environment:
            self.trusted = frozenset(players)  # that the older number comes out again is trial enough
        ends = self._said([frozenset(), frozenset(players)])
        if ends[frozenset(players)].failure:
            raise _CannotRunError(ends[frozenset(players)].failure)
        if ends[frozenset()].failure:
            raise _CannotRunError(ends[frozenset()].failure)
        players = self._few_enough(players)
        players = self._runnable(players)
        said = self._said(coalitions(players))
        return tuple(self._shared(one, players, said) for one in self.moved)

    def _alone(self, players: Sequence[Player]) -> Player | None:
        """The one cause of everything, where that is known without a run."""
        old, new = self.worlds.old.digests.environment, self.worlds.new.digests.environment
        if not players:
            return _plain("environment" if old != new else "unexplained")
        if len(players) > 1:
            return None
        if old != new:
            return _plain("software") if players[0].kind == "code" and self.worlds.old_code is None else None
        # Figures are told with what they were and are: that they are the cause is worth a run.
        return None if players[0].is_data and self.verify else players[0]

    def _with_code_that_runs(self, players: tuple[Player, ...]) -> tuple[Player, ...]:
        """Leave the code out of the game where the older code is not to be had: it goes with the environment."""
        if not any(player.kind == "code" for player in players):
            return players
        if self.worlds.old_code is not None and self._said([frozenset()])[frozenset()].failure:
            self.worlds = replace(self.worlds, old_code=None)
        if self.worlds.old_code is not None:
            return players
        self.notes.append(self.teller.note("old_code"))
        return tuple(player for player in players if player.kind != "code")

    def _few_enough(self, players: tuple[Player, ...]) -> tuple[Player, ...]:
        """Gather the smallest changes of data until all that remain can be split exactly."""
        data = [player for player in players if player.is_data]
        others = tuple(player for player in players if not player.is_data)
        room = MOST - len(others)
        if len(data) <= room:
            return players
        alone = self._said([frozenset(), *(frozenset([player]) for player in data)])
        sizes = {player.id: self._size(alone[frozenset([player])], alone[frozenset()]) for player in data}
        few = gathered(data, sizes, room)
        self.notes.append(self.teller.note("grouped", count=str(len(data) - len(few) + 1)))
        return (*few, *others)

    def _size(self, found: Outcome, base: Outcome) -> float:
        """Effect of a cause that comes alone, as parts of the changes it has a part in; what cannot be run is never gathered."""
        if found.failure:
            return float("inf")
        return sum(
            abs(found.values[one.name] - base.values[one.name]) / abs(one.new - one.old)
            for one in self.moved
            if one.name in found.values and one.name in base.values
        )

    def _runnable(self, players: tuple[Player, ...]) -> tuple[Player, ...]:
        """Join causes that cannot be run apart: first those of the data, then all."""
        data = [player for player in players if player.is_data]
        others = tuple(player for player in players if not player.is_data)
        ways = [players, *([(merged(data), *others)] if len(data) > 1 and others else []), (merged(players),)]
        for way in ways[:-1] if len(players) > 1 else ():
            if not any(found.failure for found in self._said(coalitions(way)).values()):
                if way is not players:
                    self.notes.append(self.teller.note("joined"))
                return way
        if len(players) < 2:
            return players
        self.notes.append(self.teller.note("joined"))
        return ways[-1]

    def _said(self, sets: Sequence[frozenset[Player]]) -> dict[frozenset[Player], Outcome]:
        """What the world of each set of causes says, each world run once."""
        runs = {some: _in_one_language(self.worlds.run(some), self.setting) for some in sets}
        recorded = {some: found for some in sets if (found := self._recorded(some)) is not None}
        missing = [
            run for run in dict.fromkeys(runs[some] for some in sets if some not in recorded) if run not in self.known
        ]
        made = outcomes(missing, self.setting, executor=self.executor, progress=self.progress) if missing else ()
        self.known |= zip(missing, made, strict=True)
        return {some: recorded.get(some) or self.known[run] for some, run in runs.items()}

    def _recorded(self, some: frozenset[Player]) -> Outcome | None:
        """What a version recorded, where its world needs no run."""
        if some and some == self.trusted:
            return Outcome(values={one.name: one.new for one in self.moved}, data_used={})
        if self.verify or some or self.worlds.old_code is None:
            return None
        if self.worlds.old.digests.environment != self.setting.environment:
            return None
        return Outcome(values={one.name: one.old for one in self.moved}, data_used={})

    def _shared(
        self, one: _Moved, players: tuple[Player, ...], said: Mapping[frozenset[Player], Outcome]
    ) -> Attribution:
        """Split the change of one number."""
        name = one.name
        first, last = said[frozenset()], said[frozenset(players)]
        if name not in first.values or name not in last.values:
            return _unsplit([one], self.teller.note("not_recorded"), len(self.known))[0]
        notes = list(self.notes)
        if any(name not in found.values for found in said.values()):
            players = (merged(players),)
            said = {frozenset(): first, frozenset(players): last}
            notes.append(self.teller.note("joined"))
        shares = shapley(players, lambda some: (said[some].values[name],))
        parts: dict[Player, Fraction] = {}
        for player, (before, after) in (
            (self._remainder(self.worlds.old, older=True), (one.old, first.values[name])),
            (self._remainder(self.worlds.new, older=False), (last.values[name], one.new)),
        ):
            if not same(before, after):
                parts[player] = parts.get(player, Fraction(0)) + written(after) - written(before)
        if any(player.kind == "unexplained" for player in parts):
            notes.append(self.teller.note("unexplained"))
        return self._told(one, {**parts, **{player: share for player, (share,) in shares.items()}}, notes)

    def _remainder(self, version: Manifest, *, older: bool) -> Player:
        """What it is due to when a version's own world says something else than was recorded."""
        elsewhere = version.digests.environment != self.setting.environment
        if older and self.worlds.old_code is None:
            return _plain("software" if elsewhere else "code")
        return _plain("environment" if elsewhere else "unexplained")

    def _told(self, one: _Moved, parts: Mapping[Player, Fraction], notes: Sequence[str] | None = None) -> Attribution:
        amounts = adding_up({player.id: part for player, part in parts.items() if part}, one.old, one.new)
        players = {player.id: player for player in parts}
        # First what cannot be run apart, then the causes by what they did.
        order = sorted(amounts, key=lambda name: (players[name].kind not in _FIRST, -abs(amounts[name]), name))
        return Attribution(
            name=one.name,
            unit=one.unit,
            old=one.old,
            new=one.new,
            parts=tuple(
                Part(cause=name, label=self.teller.label(players[name]), amount=amounts[name])
                for name in order
                if amounts[name]
            ),
            runs=len(self.known),
            exact=True,
            note=" ".join(self.notes if notes is None else notes),
        )


_FIRST = ("environment", "software", "unexplained")


def _plain(kind: PlayerKind) -> Player:
    return Player(id=kind, kind=kind)
