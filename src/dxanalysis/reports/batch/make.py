"""Everything in one call: check the jobs, make what is not fresh, rebuild the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.lock import only_run
from dxanalysis.reports.planning.plan import Check, Job, checked
from dxanalysis.reports.batch.progress import Progress
from dxanalysis.reports.batch.run import RunResult, Settings, run


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
) -> RunResult:
    """Bring all reports and the index up to date.

    Parameters
    ----------
    jobs, checks
        See :func:`dxanalysis.reports.planning.plan.plan`; everything is checked before anything runs.
    settings
        Folders, labels and the environment's digest.
    digest_of, executor, workers, force, progress
        See :func:`dxanalysis.reports.batch.run.run`.
    order
        All jobs of the plan, in the order of the index, where ``jobs`` are a part of them.

    Raises
    ------
    ParameterError
        The jobs have faults; nothing was run.
    ReportError
        Another run is going on, or a file of the project cannot be read. A notebook that fails is no error: it is
        in the result.
    """
    ready = checked(jobs, settings.notebooks, checks=checks)
    with only_run(settings.reports):
        storage.recover(settings.reports)
        result = run(
            ready,
            settings,
            digest_of=digest_of,
            executor=executor,
            workers=workers,
            force=force,
            progress=progress,
        )
        from dxanalysis.reports.site.index import write_site  # noqa: PLC0415  # loads the template engine

        write_site(settings.reports, settings.labels, order=[job.folder for job in order or ready])
    return result
