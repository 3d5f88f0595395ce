"""The main job, what it would do, and what it changed: run, plan, explain, schedule."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dxanalysis.cli.console import ERR, OUT, Folder
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.i18n import LANGUAGES, texts
from dxanalysis.project import Project, find_project

if TYPE_CHECKING:
    from dxanalysis.reports.batch.cluster import Cluster
    from dxanalysis.reports.batch.run import Settings
    from dxanalysis.reports.planning.plan import Job

_INTERRUPTED = 130  # what a shell gives a command that Ctrl-C ended

Notebooks = Annotated[list[str] | None, typer.Option("--notebook", help="Only this notebook; may be given again.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="Only this region id, or 34:* for all provinces; may be given again."),
]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Only vi or en.")]
Everywhere = Annotated[
    bool,
    typer.Option(
        "--all-regions", help="Every province, old and new, in every language, for what the plan has for one."
    ),
]
Scheduled = Annotated[str, typer.Option("--schedule", help="Only the jobs with this schedule of the plan.")]
Workers = Annotated[int, typer.Option(min=1, help="Notebooks run at a time.")]
Seconds = Annotated[
    float,
    typer.Option(
        "--explain-seconds",
        min=0,
        help="Time for dividing what changed over its causes where several act together; 0: do not divide.",
    ),
]
_SECONDS = 300.0
Timeout = Annotated[float, typer.Option(min=1, help="Seconds that one notebook may take.")]
Memory = Annotated[
    int | None,
    typer.Option(min=64, help="MiB that one notebook may use; by default together three quarters of the machine."),
]
_MODULES = ("duckdb", "dxanalysis.forecast", "dxanalysis.charts")
"""What the notebooks load."""
_PREPARED = {"contribution": ("dxanalysis.pages.example:prepare",)}
"""What is the same in every report of a notebook: an example, computed and drawn once."""
_WORKERS = max(1, min(os.cpu_count() or 1, 8))


def run(
    notebook: Notebooks = None,
    region: Regions = None,
    language: Languages = None,
    all_regions: Everywhere = False,
    schedule: Scheduled = "",
    jobs: Workers = _WORKERS,
    force: Annotated[bool, typer.Option("--force", help="Run also what is up to date.")] = False,
    cluster: Annotated[str, typer.Option(help="Run on a Dask cluster: tcp://HOST:PORT, or local:N.")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the last run where it was interrupted.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="With --resume: try again what failed in that run.")
    ] = False,
    explain_seconds: Seconds = _SECONDS,
    timeout: Timeout = 900.0,
    memory: Memory = None,
    project: Folder = None,
) -> None:
    """Bring every report of the plan and reports/index.html up to date."""
    from dxanalysis.reports.batch.interrupt import interruptible
    from dxanalysis.reports.batch.journal import unfinished
    from dxanalysis.reports.batch.make import make
    from dxanalysis.reports.batch.progress import OnConsole
    from dxanalysis.reports.engine.limits import share_of_memory

    if resume and (notebook or region or language or all_regions or schedule or force):
        raise ParameterError(
            "--resume goes on with the plan as it was",
            fix="Give with it only --retry-failed, --jobs, --cluster or --project",
        )
    if retry_failed and not resume:
        raise ParameterError(
            "--retry-failed belongs to --resume", fix="A run without --resume tries everything that is not fresh"
        )
    home = find_project(project)
    left = unfinished(home.reports) if resume else None
    ready = _ready(home, all_regions=all_regions, schedule=schedule)
    chosen = left.jobs if left is not None else ready.choose(notebook, region, language)
    # On a cluster each worker's machine has its own memory.
    settings = replace(ready.settings(), timeout=timeout, memory=memory or (None if cluster else share_of_memory(jobs)))
    try:
        with interruptible(), _cluster(cluster, settings) as found:
            result = make(
                chosen,
                settings,
                digest_of=ready.digest_of,
                checks=ready.checks,
                executor=found.executor if found else None,
                workers=found.workers if found else jobs,
                force=left.force if left is not None else force,
                progress=OnConsole(OUT),
                order=ready.planned,
                resume=left,
                retry_failed=retry_failed,
                explain_seconds=explain_seconds,
            )
    except KeyboardInterrupt:
        ERR.print("stopped; what was made stays. Go on with: dxanalysis run --resume")
        raise typer.Exit(_INTERRUPTED) from None
    for line in result.lines():
        OUT.print(line)
    if not result.ok:
        raise typer.Exit(1)
    OUT.print("Open reports/index.html")


def plan(
    notebook: Notebooks = None,
    region: Regions = None,
    language: Languages = None,
    all_regions: Everywhere = False,
    schedule: Scheduled = "",
    jobs: Workers = _WORKERS,
    as_json: Annotated[bool, typer.Option("--json", help="Plain JSON for other programs.")] = False,
    project: Folder = None,
) -> None:
    """List the reports of the plan without running any: which are fresh, why the others are not, how long they take."""
    from dxanalysis.reports.batch.estimate import estimate, spoken
    from dxanalysis.reports.batch.run import survey

    home = find_project(project)
    ready = _ready(home, all_regions=all_regions, schedule=schedule)
    found = survey(ready.choose(notebook, region, language), ready.settings(), digest_of=ready.digest_of)
    stale = [one.job for one in found if not one.freshness.fresh]
    expected = estimate(stale, home.reports)
    if as_json:
        plain = [
            {
                "report": one.job.folder,
                "notebook": one.job.notebook,
                "parameters": dict(one.job.parameters),
                "seed": one.job.seed,
                "version": one.version,
                "fresh": one.freshness.fresh,
                "reasons": [{"cause": reason.cause, "detail": list(reason.detail)} for reason in one.freshness.reasons],
                "seconds": None if one.freshness.fresh else expected.of(one.job),
            }
            for one in found
        ]
        OUT.print(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    for one in found:
        if one.freshness.fresh:
            OUT.print(f"fresh    {one.job}")
            continue
        seconds = expected.of(one.job)
        OUT.print(
            f"to make  {one.job}: {one.freshness}" + (f"; about {spoken(seconds)}" if seconds is not None else "")
        )
    total = expected.of_all(stale, jobs)
    about = (
        ""
        if not stale
        else (f"; about {spoken(total)}, {jobs} at a time" if total is not None else "; time not known yet")
    )
    OUT.print(f"{len(found)} reports planned, {len(found) - len(stale)} fresh, {len(stale)} to make{about}")


def explain(
    report: Annotated[
        str, typer.Argument(metavar="[REPORT]", help="A report, a notebook, or a part of a report's name; else all.")
    ] = "",
    again: Annotated[bool, typer.Option("--again", help="Also what is told already.")] = False,
    jobs: Workers = _WORKERS,
    explain_seconds: Seconds = 3600.0,
    project: Folder = None,
) -> None:
    """Tell what changed in the newest version of reports, and divide it over its causes by counterfactual runs."""
    from dxanalysis.reports.batch.interrupt import interruptible
    from dxanalysis.reports.batch.make import explain_all, write_pages
    from dxanalysis.reports.batch.progress import OnConsole
    from dxanalysis.reports.batch.result import explanations
    from dxanalysis.reports.batch.staff import Staff
    from dxanalysis.reports.versions.listing import find_reports
    from dxanalysis.reports.versions.lock import only_run

    home = find_project(project)
    ready = _ready(home, all_regions=False, schedule="")
    settings = ready.settings()
    folders = find_reports(home.reports, report)
    with interruptible(), only_run(home.reports), Staff(jobs) as staff:
        found = explain_all(
            folders,
            settings,
            staff=staff,
            seconds=explain_seconds,
            again=again or bool(report),
            progress=OnConsole(OUT),
        )
        write_pages(settings, [job.folder for job in ready.planned])
    for line in explanations(found) or ["nothing to tell: no report has a version that is not told of"]:
        OUT.print(line)
    if any(one.failure for one in found):
        raise typer.Exit(1)


def schedule(project: Folder = None) -> None:
    """Print the schedules of the plan as a cron line and for a CI service; nothing is installed."""
    from dxanalysis.reports.planning.schedule import ci_snippet, cron_line, next_times, schedules

    found = schedules(find_project(project).report)
    if not found:
        raise ParameterError(
            "the plan has no schedule",
            fix='Add schedule = "0 6 6 * *" to [report] or to a job in dxanalysis.toml: 06:00 on the 6th of every month',
        )
    now = datetime.now()  # noqa: DTZ005 - cron follows the clock of its machine
    for number, one in enumerate(found):
        if number:
            OUT.print("")
        OUT.print("For all jobs of the plan" if one.whole else f"For the jobs {', '.join(one.jobs)}")
        OUT.print(f"Next: {', '.join(f'{moment:%Y-%m-%d %H:%M}' for moment in next_times(one.cron, now))}")
        OUT.print("A line for crontab -e, with the folder put in:")
        OUT.print(f"  {cron_line(one)}")
        OUT.print("Lines for a workflow of GitHub Actions:")
        for line in ci_snippet(one).splitlines():
            OUT.print(f"  {line}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """What a plan needs before anything is run: the store in force, its rules, and the jobs."""

    home: Project
    planned: tuple[Job, ...]
    checks: Mapping[str, Callable[[object], str | None]]
    expanders: Mapping[str, Callable[[str], Sequence[str] | None]]
    digest_of: Callable[[str], str | None]
    store: Path
    today: date

    def choose(self, notebook: list[str] | None, region: list[str] | None, language: list[str] | None) -> list[Job]:
        """The jobs of the plan that fit; ParameterError where none does."""
        expand = self.expanders["region"]
        regions = {one for text in region or () for one in (expand(text) or (text,))}
        chosen = [
            job
            for job in self.planned
            if (not notebook or job.notebook in notebook)
            and (not region or job.parameters.get("region") in regions)
            and (not language or job.parameters.get("language") in language)
        ]
        if not chosen:
            raise ParameterError(
                "no job of the plan fits what was asked for", fix="See [[report.jobs]] in dxanalysis.toml"
            )
        return chosen

    def settings(self) -> Settings:
        """Where and with what the reports are made."""
        from dxanalysis.reports.batch.run import Settings
        from dxanalysis.reports.versions.digests import environment_digest

        return Settings(
            project=self.home.root,
            notebooks=self.home.notebooks,
            reports=self.home.reports,
            environment=environment_digest(self.home.root / "requirements.lock"),
            labels={name: labels_of(name, self.home) for name in LANGUAGES},
            modules=_MODULES,
            prepared=_PREPARED,
            store=self.store,
            today=self.today.isoformat(),
        )


def _ready(home: Project, *, all_regions: bool, schedule: str) -> _Ready:
    from dxanalysis.data import slices
    from dxanalysis.data.plan_checks import parameter_checks, parameter_expanders, provinces
    from dxanalysis.reports.planning.plan import plan
    from dxanalysis.reports.planning.schedule import of_schedule

    store = _store(home)
    checks, expanders = parameter_checks(store), parameter_expanders(store)
    everywhere = [one for each in provinces(store).values() for one in each]
    seed = home.report.get("seed", 0)
    planned = plan(
        of_schedule(home.report, schedule) if schedule else home.report,
        home.notebooks,
        checks=checks,
        expanders=expanders,
        widen={"region": everywhere, "language": LANGUAGES} if all_regions else None,
        seed=seed if isinstance(seed, int) else 0,  # the plan itself says what is wrong with it
    )
    today = home.today or date.today()  # noqa: DTZ011 - deadlines are calendar days
    digest_of = partial(slices.digest_of, index=slices.read_index(store), today=today)
    return _Ready(
        home=home, planned=planned, checks=checks, expanders=expanders, digest_of=digest_of, store=store, today=today
    )


def _store(home: Project) -> Path:
    """The store in force, made anew where data/raw is not what it was made from."""
    from dxanalysis.data import slices
    from dxanalysis.data.current import raw_state, up_to_date

    if up_to_date(raw_state(home.raw), home.processed) is None:
        from dxanalysis.data.ingest import ingest as ingest_raw  # loads the data libraries

        ingest_raw(home.raw, home.processed)
    store = slices.current_store(home.processed)
    if store is None:
        raise DataError("the store could not be opened", where="data/processed", fix="Run: dxanalysis ingest")
    return store


def _cluster(address: str, settings: Settings) -> AbstractContextManager[Cluster | None]:
    if not address:
        return nullcontext(None)
    from dxanalysis.reports.batch.cluster import cluster

    return cluster(address, reports=settings.reports, packages=settings.packages)


def labels_of(language: str, home: Project) -> dict[str, str]:
    """Words of the pages in a language, with the project as publisher."""
    entries = texts(language).entries
    return {
        **{key.removeprefix("reports."): text for key, text in entries.items() if key.startswith("reports.")},
        "publisher": home.name(language),
    }


def add_to(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    for verb in (run, plan, explain, schedule):
        app.command()(verb)
