"""Make a version again from what it was made from, and say whether the same comes out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import dxanalysis
from dxanalysis.cli.console import OUT, Folder
from dxanalysis.project import find_project


class WithCode(StrEnum):
    """Whose code a version is run with."""

    THEN = "then"
    NOW = "now"


def reproduce(
    version: Annotated[
        str, typer.Argument(metavar="VERSION", help="Full name, the beginning of one (0003-1b), or REPORT/latest.")
    ],
    code: Annotated[WithCode, typer.Option(help="The version's own code, or the present one.")] = WithCode.THEN,
    project: Folder = None,
) -> None:
    """Run a version again with the data, parameters, seed and day of then; exit code 1 where it differs."""
    from dxanalysis.reports.compare.counterfactual import Setting
    from dxanalysis.reports.versions.digests import environment_digest
    from dxanalysis.reports.versions.listing import find_version
    from dxanalysis.reports.versions.reproduce import reproduce

    home = find_project(project)
    setting = Setting(
        project=home.root,
        reports=home.reports,
        environment=environment_digest(home.root / "requirements.lock"),
        name_vi=home.name_vi,
        name_en=home.name_en,
    )
    found = reproduce(
        find_version(home.reports, version),
        setting,
        packages=(Path(dxanalysis.__file__).parent,),
        notebooks=home.notebooks,
        code=code.value,
    )
    for line in found.lines():
        OUT.print(line)
    if not found.equal:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Give the command line this verb."""
    app.command()(reproduce)
