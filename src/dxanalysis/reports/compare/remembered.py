"""Many runs at once, each made only if no run of the same content is remembered.

A run is remembered under its code, notebook, parameters, seed, day and environment, and under the content of the data slices that it turned
out to read: a change of data that it does not read needs no run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import Any, Final

from dxanalysis.data import slices
from dxanalysis.reports.compare.counterfactual import Outcome, Run, Setting, outcome
from dxanalysis.reports.files import canonical, digest, read_json, replace
from dxanalysis.reports.versions.digests import data_digest

FOLDER: Final = ".cache/counterfactual"
Told = Callable[[int, int], None]
"""Is told how many runs are done, and of how many."""
_READ: Final = "read-"


def outcomes(
    runs: Sequence[Run], setting: Setting, *, executor: Executor | None = None, progress: Told | None = None
) -> tuple[Outcome, ...]:
    """What each run recorded, in order.

    Parameters
    ----------
    runs
        Runs; equal ones are made once.
    executor
        Any executor that sees the same files; in this process where absent.
    progress
        Told after each run that is made or remembered.

    Notes
    -----
    A failure is not remembered: its cause may lie outside what a run is known by.
    """
    found: dict[int, Outcome] = {}
    waiting: dict[str, list[int]] = {}
    for place, run in enumerate(runs):
        known = _recall(run, setting)
        if known is not None:
            found[place] = known
        else:
            waiting.setdefault(_identity(run, setting, _content(run)), []).append(place)
    tell = progress or (lambda _done, _all: None)
    if found:
        tell(len(found), len(runs))
    for places, made in _made(runs, list(waiting.values()), setting, executor):
        if not made.failure:
            _remember(runs[places[0]], setting, made)
        found.update(dict.fromkeys(places, made))
        tell(len(found), len(runs))
    return tuple(found[place] for place in range(len(runs)))


def _made(
    runs: Sequence[Run], waiting: Sequence[list[int]], setting: Setting, executor: Executor | None
) -> Iterator[tuple[list[int], Outcome]]:
    if executor is None:
        for places in waiting:
            yield places, outcome(runs[places[0]], setting)
        return
    futures = {executor.submit(outcome, runs[places[0]], setting): places for places in waiting}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


def _folder(run: Run, setting: Setting) -> Path:
    return setting.reports / FOLDER / _identity(run, setting, "")[:32]


def _identity(run: Run, setting: Setting, data: str) -> str:
    return digest(
        canonical(
            [
                run.code.name,
                run.notebook,
                dict(run.parameters),
                run.seed,
                run.today.isoformat(),
                setting.environment,
                data,
            ]
        )
    )


def _content(run: Run) -> str:
    return digest((run.store / slices.FILE).read_bytes())


def _recall(run: Run, setting: Setting) -> Outcome | None:
    folder = _folder(run, setting)
    if not folder.is_dir():
        return None
    index = slices.read_index(run.store)
    for keys in folder.glob(f"{_READ}*.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            names = read_json(keys)["keys"]
            used = {str(key): slices.digest_of(str(key), index, today=run.today) for key in names}  # type: ignore[attr-defined]
            plain: Mapping[str, Any] = read_json(folder / f"{data_digest(used)}.json")
            values = {str(name): float(value) for name, value in plain["values"].items()}
            return Outcome(values=values, data_used=used)
    return None


def _remember(run: Run, setting: Setting, made: Outcome) -> None:
    if not made.data_used:
        return  # what it read is not known
    index = slices.read_index(run.store)
    if any(slices.digest_of(key, index, today=run.today) != known for key, known in made.data_used.items()):
        return  # it read something that is not of the store
    folder = _folder(run, setting)
    with contextlib.suppress(OSError):  # a full disk or a folder that must not be written costs time, no result
        folder.mkdir(parents=True, exist_ok=True)
        keys = sorted(made.data_used)
        replace(folder / f"{_READ}{digest(canonical(keys))[:32]}.json", canonical({"keys": keys}))
        replace(folder / f"{data_digest(made.data_used)}.json", canonical({"values": dict(made.values)}))
