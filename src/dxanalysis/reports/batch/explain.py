"""What changed since the version before, and why, for the versions that a batch made: a page beside each of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import replace

from dxanalysis.errors import DxError
from dxanalysis.reports.batch.result import Explained, Settings
from dxanalysis.reports.batch.untold import Pair
from dxanalysis.reports.compare.attribution import attribute
from dxanalysis.reports.compare.counterfactual import Setting, is_number
from dxanalysis.reports.compare.places import folder_of
from dxanalysis.reports.compare.store import compare, kept_splits, write_changes
from dxanalysis.reports.planning.slugs import LANGUAGE, twins
from dxanalysis.reports.text import one_line
from dxanalysis.reports.versions.digests import package_digest
from dxanalysis.reports.versions.storage import read_manifest

Told = Callable[[Explained, int, int], None]


def explain(
    pairs: Sequence[Pair],
    settings: Settings,
    executor: Executor,
    *,
    split: bool = True,
    seconds: float = float("inf"),
    told: Told = lambda *_: None,
) -> list[Explained]:
    """Write ``changes/VERSION/`` beside the versions of every pair.

    Parameters
    ----------
    executor
        Any executor that sees the same files.
    split
        Divide every number that moved over its causes; where several act together the report is run again with one set of them at a
        time.
    seconds
        When so much time has passed, the pages that are left are written without a split.
    told
        Called with each result as it comes, its number and how many there are.
    """
    end = time.time() + seconds  # of the clock, which workers share
    setting = Setting(
        project=settings.project,
        reports=settings.reports,
        environment=settings.environment,
        name_vi=_name("vi", settings),
        name_en=_name("en", settings),
        timeout=settings.timeout,
        modules=settings.modules_of(settings.prepared),
        edition=package_digest(settings.packages),
        neutral={LANGUAGE: next(iter(settings.labels))},
    )
    done: list[Explained] = []
    for wave in _waves(pairs):  # the second language of a report finds the runs of the first one made
        futures: dict[Future[Explained], Pair] = {
            executor.submit(explain_one, pair, setting, settings, end if split else 0.0): pair for pair in wave
        }
        for future in as_completed(futures):
            pair = futures[future]
            try:
                found = future.result()
            except Exception as error:  # one page that fails must not cost the others
                found = Explained(folder=pair.folder, version=pair.new.name, failure=one_line(f"{error}"))
            done.append(found)
            told(found, len(done), len(pairs))
    return done


def notebooks_of(pairs: Sequence[Pair]) -> set[str]:
    """Name the notebooks that made the versions."""
    return {read_manifest(pair.new).notebook for pair in pairs}


def _waves(pairs: Sequence[Pair]) -> list[list[Pair]]:
    waves: list[list[Pair]] = []
    seen: dict[str, int] = {}
    for pair in pairs:
        manifest = read_manifest(pair.new)
        twin = twins(manifest.notebook, manifest.parameters)
        place = seen[twin] = seen.get(twin, -1) + 1
        if place == len(waves):
            waves.append([])
        waves[place].append(pair)
    return waves


def explain_one(pair: Pair, setting: Setting, settings: Settings, until: float) -> Explained:
    """Write what changed between two versions, with a split where the clock has not passed ``until``; runs in a worker."""
    began = time.monotonic()
    try:
        comparison = compare(pair.old, pair.new, names_from=settings.store)
        found = kept_splits(pair.old, pair.new)
        if time.time() < until:
            found = attribute(
                pair.old,
                pair.new,
                setting,
                packages=settings.packages,
                notebooks=settings.notebooks,
                names=comparison.names,
                verify=False,
            )
        write_changes(replace(comparison, attributions=found), folder_of(pair.new), settings.labels)
    except DxError as error:
        return Explained(folder=pair.folder, version=pair.new.name, failure=one_line(str(error)))
    return Explained(
        folder=pair.folder,
        version=pair.new.name,
        moved=sum(
            1
            for one in comparison.differences.values
            if one.kind == "moved" and is_number(one.old) and is_number(one.new)
        ),
        split=sum(1 for one in found if one.parts),
        seconds=round(time.monotonic() - began, 3),
    )


def _name(language: str, settings: Settings) -> str:
    """Whose reports these are: a run in a project folder of its own cites the same publisher."""
    return settings.labels.get(language, {}).get("publisher") or settings.project.name
