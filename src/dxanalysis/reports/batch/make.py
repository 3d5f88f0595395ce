"""Everything in one call: check the jobs, make what is not fresh, rebuild the pages about all reports where anything changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from dxanalysis.reports.batch.failures import write_failures
from dxanalysis.reports.batch.interrupt import interruptible
from dxanalysis.reports.batch.journal import FOLDER, Unfinished, journal
from dxanalysis.reports.batch.progress import Progress, Silent
from dxanalysis.reports.batch.result import Explained
from dxanalysis.reports.batch.run import RunResult, Settings, Telling, run
from dxanalysis.reports.batch.staff import Staff
from dxanalysis.reports.batch.untold import unexplained
from dxanalysis.reports.files import canonical, digest, read_json
from dxanalysis.reports.files import replace as write_anew
from dxanalysis.reports.planning.plan import Check, Job, checked
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.lock import only_run

_STAMP = "pages.json"


def make(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    digest_of: Callable[[str], str | None],
    checks: Mapping[str, Check] | None = None,
    executor: Executor | None = None,
    workers: int = 2,
    force: bool = False,
    progress: Progress | None = None,
    order: Sequence[Job] | None = None,
    resume: Unfinished | None = None,
    retry_failed: bool = False,
    explain_seconds: float = 0.0,
) -> RunResult:
    """Bring all reports, the index and the page of failures up to date.

    Parameters
    ----------
    jobs, checks
        See :func:`dxanalysis.reports.planning.plan.plan`; everything is checked before anything runs.
    settings
        Folders, labels and the environment's digest.
    digest_of, executor, workers, force, progress, resume, retry_failed
        See :func:`dxanalysis.reports.batch.run.run`.
    order
        All jobs of the plan, in the order of the index, where ``jobs`` are a part of them.
    explain_seconds
        Time for dividing changes over their causes, where several act together; what changed is told in any case.

    Raises
    ------
    ParameterError
        The jobs have faults; nothing was run.
    ReportError
        Another run is going on, or a file of the project cannot be read. A notebook that fails is no error: it is
        in the result.
    """
    ready = checked(jobs, settings.notebooks, checks=checks)
    with interruptible() as interrupts, only_run(settings.reports), Staff(workers) as staff:
        recovered = storage.recover(settings.reports)
        with journal(settings.reports) as log:
            result = run(
                ready,
                settings,
                digest_of=digest_of,
                executor=executor,
                workers=workers,
                staff=staff,
                force=force,
                telling=Telling(progress=progress or Silent(), journal=log, interrupts=interrupts),
                resume=resume,
                retry_failed=retry_failed,
            )
        # Fresh ones too: a run that was stopped may have made them and not have come to this.
        whole = [settings.reports / one.job.folder for one in result.results if one.status != "failed"]
        explained = explain_all(
            whole, settings, executor=executor, staff=staff, seconds=explain_seconds, progress=progress or Silent()
        )
        write_pages(settings, [job.folder for job in order or ready])
    return replace(result, recovered=recovered, explained=explained)


def explain_all(
    reports: Iterable[Path],
    settings: Settings,
    *,
    staff: Staff,
    executor: Executor | None = None,
    seconds: float = 0.0,
    again: bool = False,
    progress: Progress,
) -> tuple[Explained, ...]:
    """Tell what changed in the newest version of reports that have one before it; see :mod:`dxanalysis.reports.batch.explain`.

    The caller holds :func:`dxanalysis.reports.versions.lock.only_run`.
    """
    pairs = unexplained(reports, again=again)
    if not pairs:
        return ()
    from dxanalysis.reports.batch import explain  # noqa: PLC0415  # loads the data libraries

    current = executor if executor is not None else staff.executor(settings.modules_of(explain.notebooks_of(pairs)))
    return tuple(
        explain.explain(pairs, settings, current, split=seconds > 0, seconds=seconds, told=progress.explained)
    )


def write_pages(settings: Settings, order: Sequence[str]) -> None:
    """Write the pages about all reports, unless nothing they tell of, nor they themselves, changed since they were written."""
    stamp = settings.reports / FOLDER / _STAMP
    state = [_source(settings.packages), settings.labels, list(order), _state(settings.reports)]
    tells = digest(canonical(state))
    if _stands(settings.reports, stamp, tells):
        return
    from dxanalysis.reports.site.index import write_site  # noqa: PLC0415  # loads the template engine

    stamp.unlink(missing_ok=True)  # a run that is killed in between writes them again
    failures = write_failures(settings.reports)  # first: the site leads to it where it is
    written = [*write_site(settings.reports, settings.labels, order=order), *failures]
    pages = [[path.relative_to(settings.reports).as_posix(), *_seen(path)] for path in written]
    write_anew(stamp, canonical({"tells": tells, "pages": pages}))


def _stands(reports: Path, stamp: Path, tells: str) -> bool:
    try:
        known = read_json(stamp)
        pages = known["pages"]
        return (
            known["tells"] == tells
            and isinstance(pages, list)
            and all(_seen(reports / name) == seen for name, *seen in pages)
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _seen(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _state(reports: Path) -> list[list[object]]:
    """Each folder with the time of its last change: whatever is put in, taken out or replaced there changes that time."""
    found: list[list[object]] = []
    for notebook in _folders(reports):
        for report in _folders(notebook.path):
            found.append([f"{notebook.name}/{report.name}", report.stat().st_mtime_ns])
            # The versions themselves never change; what stands beside them (approvals, explanations, evidence) may.
            beside = (one for one in _folders(report.path) if not one.name[:1].isdigit())
            found += [[f"{notebook.name}/{report.name}/{one.name}", one.stat().st_mtime_ns] for one in beside]
    return found


def _source(packages: Iterable[Path]) -> list[list[object]]:
    """The source that writes the pages, by size and time: a stamp that is wrong costs one writing more."""
    files = sorted(path for package in packages for path in package.rglob("*") if path.suffix not in {"", ".pyc"})
    return [[path.name, *_seen(path)] for path in files if path.is_file()]


def _folders(path: Path | str) -> Iterable[os.DirEntry[str]]:
    with os.scandir(path) as entries:
        return sorted((e for e in entries if not e.name.startswith(".") and e.is_dir()), key=lambda e: e.name)
