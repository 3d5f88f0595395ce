"""Verbs about the forecasts: backtest, prior build."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

import typer

from dxanalysis.cli.console import ERR, OUT, show, table_of
from dxanalysis.errors import ParameterError
from dxanalysis.i18n import texts

Number = TypeVar("Number", int, float)


def backtest(
    panel: Annotated[
        Path,
        typer.Option(
            help="CSV with the columns indicator, region, year (or period), value; maybe group, such as a region's country."
        ),
    ],
    indicator: Annotated[str, typer.Option(help="Indicator of the file whose past is replayed.")],
    out: Annotated[Path, typer.Option(help="Folder for scores.csv, reliability.csv and report.html.")],
    bounds: Annotated[
        str | None,
        typer.Option(
            help="Bounds of the indicator, lower:upper; 0: for a level without an upper one, : for a growth rate with neither. By default as the kind tells, and 0:100 without one."
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="share, level, index, growth or rank; by default as the bounds tell.")
    ] = None,
    direction: Annotated[str, typer.Option(help="Which way is better: up, or down.")] = "up",
    horizons: Annotated[str, typer.Option(help="Years ahead, by commas.")] = "1,3,5",
    first: Annotated[int, typer.Option("--from", help="First year whose forecasts are scored.")] = 2004,
    compare: Annotated[
        str, typer.Option(help="Rivals beside the base rate: drift, ets (slow), theta, line, naive, traffic-light.")
    ] = "drift,line,traffic-light",
    least: Annotated[int, typer.Option(help="Fewest yearly values in a row of a history.")] = 6,
    language: Annotated[str, typer.Option(help="Language of the page: vi or en.")] = "vi",
) -> None:
    """Test the forecasts on the past of a panel: whether they beat simple ways and say honest probabilities."""
    from rich.progress import BarColumn, Progress, TextColumn

    from dxanalysis.forecast.backtest import backtest as replay
    from dxanalysis.forecast.backtest.panel_file import groups_in, read_panel_file
    from dxanalysis.pages.backtest import verdict
    from dxanalysis.pages.backtest_folder import check_folder, write_folder
    from dxanalysis.reports.files import digest
    from dxanalysis.reports.text import without_markup

    t = texts(language)
    check_folder(out)
    limits, steps = None if bounds is None else _bounds(bounds), _numbers("horizons", horizons.split(","), int)
    rivals = [name.strip() for name in compare.split(",") if name.strip()]
    rows = read_panel_file(panel, indicator)
    parts = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*parts, console=ERR, transient=True, disable=not ERR.is_terminal) as shown:
        task = shown.add_task(indicator, total=None)
        found = replay(
            rows,
            bounds=limits,
            kind=kind,  # type: ignore[arg-type]  # named by the message where it is none
            direction=direction,  # type: ignore[arg-type]
            horizons=steps,
            first=first,
            compare=rivals,
            least=least,
            groups=groups_in(rows),
            progress=lambda year, done, of: shown.update(task, description=str(year), completed=done, total=of),
        )
    write_folder(
        out,
        found,
        place=indicator,
        language=language,
        data={panel.name: digest(panel.read_bytes())},
        parameters={"panel": panel.name, "indicator": indicator, "bounds": _written(found.bounds),
                    **({"kind": kind} if kind else {}), "direction": direction, "horizons": horizons,
                    "from": str(first), "compare": compare, "least": str(least)},
    )  # fmt: skip
    columns = ["brier", "log_score", "d_base_rate", "se_base_rate", "d_drift", "se_drift", "crps", "coverage_80"]
    table = found.scores.set_index("method")[columns].map(lambda value: f"{value:.3f}" if value == value else "–")
    show(table_of(table.reset_index()))
    OUT.print(without_markup(verdict(t, found)))
    OUT.print(f"Open {out / 'report.html'}")


prior_app = typer.Typer(help="Parameters learnt from panels, for regions without peers.", no_args_is_help=True)


@prior_app.command("build")
def prior_build(
    panel: Annotated[Path, typer.Option(help="CSV with the columns indicator, region, year (or period), value.")],
    indicator: Annotated[str, typer.Option(help="Indicator of the file that is learnt from.")],
    out: Annotated[
        Path, typer.Option(help="File to write, such as prior.json; an earlier prior is replaced, nothing else.")
    ],
    source: Annotated[str, typer.Option(help="Where the panel is from.")],
    licence: Annotated[str, typer.Option(help="Under which terms.")],
    bounds: Annotated[str, typer.Option(help="Bounds, lower:upper; 0: or empty for a level above 0.")] = "0:100",
    onto: Annotated[
        Path | None, typer.Option(help="Prior to add to; by default the file is the panel's alone.")
    ] = None,
) -> None:
    """Estimate a prior from a panel: parameters only, never a value of it."""
    from dxanalysis.forecast.prior_file import build_from_file, check_file
    from dxanalysis.reports.files import replace

    if not out.parent.is_dir() or out.is_dir():
        what = f"{out.name!r} is a folder" if out.is_dir() else f"there is no folder {out.parent.name!r}"
        raise ParameterError(what, fix="Give --out the file to write, such as prior.json, in a folder that there is")
    check_file(out)
    limits = _bounds(bounds) if bounds else None
    prior = build_from_file(panel, indicator=indicator, bounds=limits, source=source, licence=licence, onto=onto)
    replace(out, prior.to_json())
    for family in prior.families:
        OUT.print(f"{family.form:9} {family.name}: {family.n_regions} regions, {family.n_cases} yearly changes")
    OUT.print(f"{out.name} is written. Use it: forecast.fit(panel, prior=forecast.prior.load(path))")


def _bounds(text: str) -> tuple[float | None, float | None]:
    words = list(text.partition(":")[::2]) if ":" in text else [text]
    ends = [_numbers("bounds", [word], float)[0] if word.strip() else None for word in words]
    if len(ends) < 2:
        raise ParameterError(f"--bounds is not two numbers: {text}", fix="Write --bounds 0:100, 0: or :")
    return ends[0], ends[1]


def _written(bounds: tuple[float | None, float | None]) -> str:
    return ":".join("" if end is None else f"{end:g}" for end in bounds)


def _numbers(option: str, words: list[str], kind: type[Number]) -> list[Number]:
    try:
        return [kind(word.strip()) for word in words]
    except ValueError as error:
        example = "0:100" if option == "bounds" else "1,3,5"
        raise ParameterError(f"--{option} is not numbers: {words}", fix=f"Write --{option} {example}") from error


def add_to(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    app.command()(backtest)
    app.add_typer(prior_app, name="prior")
