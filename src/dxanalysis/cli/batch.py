"""The main job: bring the reports up to date."""

from __future__ import annotations

import os
from datetime import date
from typing import Annotated

import typer

from dxanalysis.cli.console import OUT, Folder
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.i18n import LANGUAGES, texts
from dxanalysis.project import Project, find_project


def run(
    notebook: Annotated[list[str] | None, typer.Option(help="Only this notebook; may be given again.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Only this region id; may be given again.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only vi or en.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks run at a time.")] = max(1, min(os.cpu_count() or 1, 8)),
    force: Annotated[bool, typer.Option(help="Run also what is up to date.")] = False,
    project: Folder = None,
) -> None:
    """Bring every report of the plan and reports/index.html up to date."""
    from dxanalysis.data import slices
    from dxanalysis.data.ingest import ingest as ingest_raw
    from dxanalysis.data.plan_checks import parameter_checks
    from dxanalysis.reports.batch.make import make
    from dxanalysis.reports.batch.progress import OnConsole
    from dxanalysis.reports.batch.run import Settings
    from dxanalysis.reports.planning.plan import plan
    from dxanalysis.reports.versions.digests import environment_digest

    home = find_project(project)
    ingest_raw(home.raw, home.processed)
    store = slices.current_store(home.processed)
    if store is None:
        raise DataError("the store could not be opened", where="data/processed", fix="Run: dxanalysis ingest")
    checks = parameter_checks(store)
    seed = int(home.report.get("seed", 0))
    planned = plan(home.report, home.notebooks, checks=checks, seed=seed)
    chosen = [
        job
        for job in planned
        if (not notebook or job.notebook in notebook)
        and (not region or job.parameters.get("region") in region)
        and (not language or job.parameters.get("language") in language)
    ]
    if not chosen:
        raise ParameterError("no job of the plan fits what was asked for", fix="See [[report.jobs]] in dxanalysis.toml")
    index = slices.read_index(store)
    today = home.today or date.today()  # noqa: DTZ011 - deadlines are calendar days
    settings = Settings(
        project=home.root,
        notebooks=home.notebooks,
        reports=home.reports,
        environment=environment_digest(home.root / "requirements.lock"),
        labels={name: labels_of(name, home) for name in LANGUAGES},
    )
    result = make(
        chosen,
        settings,
        digest_of=lambda key: slices.digest_of(key, index, today=today),
        checks=checks,
        workers=jobs,
        force=force,
        progress=OnConsole(OUT),
        order=planned,
    )
    for line in result.lines():
        OUT.print(line)
    if not result.ok:
        raise typer.Exit(1)
    OUT.print("Open reports/index.html")


def labels_of(language: str, home: Project) -> dict[str, str]:
    """Words of the pages in a language, with the project as publisher."""
    entries = texts(language).entries
    return {
        **{key.removeprefix("reports."): text for key, text in entries.items() if key.startswith("reports.")},
        "publisher": home.name(language),
    }


def add_to(app: typer.Typer) -> None:
    """Give the command line this verb."""
    app.command()(run)
