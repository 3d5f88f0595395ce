"""The command line: ``dxanalysis VERB``; the verbs stand in the modules beside this one.

Exit codes: 0 done; 1 the data have faults, or a notebook failed; 2 the command or the project is not as it must be (an unknown
option or parameter, a plan with faults, another run going on, a lock file that is absent, a folder that may not be written, a full disk); 3 a comparison breaks a
rule that it must keep.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dxanalysis import __version__
from dxanalysis.cli import batch, compare, figures, forecasts, reproduce, versions
from dxanalysis.cli.console import ERR, OUT, refusal
from dxanalysis.errors import DataError, DxError
from dxanalysis.reports.text import clean

app = typer.Typer(
    name="dxanalysis",
    help="Analyse the digital economy of regions: published figures in, versioned reports out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Run the command line; a fault the user can act on is told without a traceback."""
    try:
        app()
    except DataError as error:
        ERR.print(clean(str(error)))
        sys.exit(1)
    except DxError as error:
        ERR.print(clean(str(error)))
        sys.exit(2)
    except OSError as error:
        if (told := refusal(error)) is None:
            raise
        ERR.print(clean(str(told)))
        sys.exit(2)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    if version:
        OUT.print(f"dxanalysis {__version__}")
        raise typer.Exit


for verbs in (figures, batch, forecasts, compare, versions, reproduce):
    verbs.add_to(app)
