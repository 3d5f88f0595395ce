"""The command line: ``dxanalysis VERB``.

Exit codes: 0 done; 1 the data have faults, or a notebook failed; 2 the command or the project is not as it must be (an unknown
option or parameter, a plan with faults, another run going on, a lock file that is absent).
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from dxanalysis import __version__
from dxanalysis.errors import DataError, DxError, ParameterError
from dxanalysis.i18n import LANGUAGES, texts
from dxanalysis.project import Project, find_project

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    name="dxanalysis",
    help="Analyse the digital economy of regions: published figures in, versioned reports out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_OUT = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
_ERR = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

Number = TypeVar("Number", int, float)
Folder = Annotated[Path | None, typer.Option("--project", help="Folder of the project; by default the one you are in.")]


def main() -> None:
    """Run the command line; a fault the user can act on is told without a traceback."""
    try:
        app()
    except DataError as error:
        _ERR.print(str(error))
        sys.exit(1)
    except DxError as error:
        _ERR.print(str(error))
        sys.exit(2)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    if version:
        _OUT.print(f"dxanalysis {__version__}")
        raise typer.Exit


@app.command()
def ingest(project: Folder = None) -> None:
    """Read data/raw into data/processed: all of it, or nothing and a list of every fault."""
    from dxanalysis.data.ingest import ingest as ingest_raw

    home = find_project(project)
    result = ingest_raw(home.raw, home.processed)
    if not result.changed:
        _OUT.print(f"data/processed is up to date: {result.n_observations} figures, {result.n_targets} targets")
        return
    _OUT.print(
        f"data/processed made anew: {result.n_observations} figures, {result.n_targets} targets; "
        f"files read: {len(result.files_read)}, unchanged: {len(result.files_reused)}"
    )


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A tidy CSV file; one of data/raw is listed where it stands.")],
    title: Annotated[str, typer.Option(help="What the file holds, in English.")] = "",
    title_vi: Annotated[str, typer.Option(help="What the file holds, in Vietnamese.")] = "",
    source_id: Annotated[
        str, typer.Option(help="Id of the source as the file's rows name it (not needed for ids of sources.csv).")
    ] = "",
    source_title: Annotated[str, typer.Option(help="Title of the publication the figures are from.")] = "",
    source_url: Annotated[str, typer.Option(help="Its address.")] = "",
    licence: Annotated[str, typer.Option(help="Licence, or: official statistics, cite.")] = "",
    retrieved: Annotated[str, typer.Option(help="Day the file was got, year-month-day; today by default.")] = "",
    encoding: Annotated[str, typer.Option(help="utf-8 or, for old Vietnamese files, windows-1258.")] = "utf-8",
    delimiter: Annotated[str, typer.Option(help="Character between the cells.")] = ",",
    decimal: Annotated[str, typer.Option(help="Decimal mark of the numbers: . or ,")] = ".",
    project: Folder = None,
) -> None:
    """Register a raw file with its source, licence and hash; what is missing is asked for."""
    from dxanalysis.data.ingest import ingest as ingest_raw
    from dxanalysis.data.register import Registration, register

    home = find_project(project)
    given = {"title": title, "title_vi": title_vi, "source_title": source_title, "licence": licence}
    questions = {
        "title": "What does the file hold (English)",
        "title_vi": "What does the file hold (Vietnamese)",
        "source_title": "Title of the publication",
        "licence": "Licence (or: official statistics, cite)",
    }
    if sys.stdin.isatty():
        given = {name: value or typer.prompt(questions[name]) for name, value in given.items()}
    today = date.today()  # noqa: DTZ011 - the day where the user is
    try:
        got = date.fromisoformat(retrieved) if retrieved else today
    except ValueError as error:
        raise ParameterError(f"--retrieved {retrieved!r} is not a date", fix="Write year-month-day") from error
    about = Registration(
        **given,
        source_id=source_id,
        source_url=source_url,
        retrieved=got,
        encoding=encoding,
        delimiter=delimiter.replace("\\t", "\t"),
        decimal=decimal,
    )
    path = register(home.raw, file, about, today=today)
    ingest_raw(home.raw, home.processed)
    _OUT.print(f"data/raw/{path} is registered and read. Bring the reports up to date with: make report")


@app.command()
def data(
    indicator: Annotated[str | None, typer.Argument(help="Show every release of this indicator.")] = None,
    region: Annotated[str | None, typer.Option(help="Only this region: id, or name with --period.")] = None,
    period: Annotated[str | None, typer.Option(help="The period a region's name is meant for.")] = None,
    language: Annotated[str, typer.Option(help="vi or en.")] = "vi",
    as_json: Annotated[bool, typer.Option("--json", help="Plain JSON for other programs.")] = False,
    project: Folder = None,
) -> None:
    """Show what there is: indicators, regions, periods, releases, freshness."""
    from dxanalysis.data import open_store
    from dxanalysis.data.overview import overview, releases_of

    store = open_store(find_project(project))
    t = texts(language)
    try:
        identity = store.region(region, period=period).id if region else None
        if indicator is not None:
            store.indicator(indicator)
    except DataError as error:  # nothing is wrong with the data: the command asks for what is not there
        raise ParameterError(error.what, where=error.where, fix=error.fix) from error
    if indicator is None:
        frame = overview(store)
        if identity is not None:
            here = set(store.observations(region=identity)["indicator"])
            frame = frame[frame["indicator"].isin(here)]
        frame.insert(1, "name", [store.indicator(name).name(language) for name in frame["indicator"]])
    else:
        frame = releases_of(store, indicator, identity)
    if as_json:
        _OUT.print(frame.to_json(orient="records", force_ascii=False, date_format="iso", indent=1))
        return
    if indicator is not None:
        _OUT.print(store.indicator(indicator).definition(language))
        frame["release"] = [
            t.release(first.date() if first == first else None, last.date())
            for first, last in zip(frame.pop("released_from"), frame.pop("released_to"), strict=True)
        ]
        frame["value"] = [
            t.quantity(value, unit) if value == value else "–"
            for value, unit in zip(frame["value"], frame.pop("unit"), strict=True)
        ]
    short = {"region_id": "region", "first_period": "first", "last_period": "last", "newest_release": "newest"}
    table = _table(frame.rename(columns=short))
    _show(table)
    if indicator is None:
        newest = frame["newest_release"].max() if len(frame) else "–"
        _OUT.print(
            f"{len(frame)} indicators, {frame['releases'].sum()} figures in all releases; newest release {newest}"
        )


@app.command()
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
    from dxanalysis.reports.digests import environment_digest
    from dxanalysis.reports.make import make
    from dxanalysis.reports.plan import plan
    from dxanalysis.reports.progress import OnConsole
    from dxanalysis.reports.run import Settings

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
    today = date.today()  # noqa: DTZ011 - deadlines are calendar days
    settings = Settings(
        project=home.root,
        notebooks=home.notebooks,
        reports=home.reports,
        environment=environment_digest(home.root / "requirements.lock"),
        labels={name: _labels(name, home) for name in LANGUAGES},
    )
    result = make(
        chosen,
        settings,
        digest_of=lambda key: slices.digest_of(key, index, today=today),
        checks=checks,
        workers=jobs,
        force=force,
        progress=OnConsole(_OUT),
        order=planned,
    )
    for line in result.lines():
        _OUT.print(line)
    if not result.ok:
        raise typer.Exit(1)
    _OUT.print("Open reports/index.html")


@app.command()
def backtest(
    panel: Annotated[Path, typer.Option(help="CSV with the columns indicator, region, year, value.")],
    indicator: Annotated[str, typer.Option(help="Indicator of the file whose past is replayed.")],
    out: Annotated[Path, typer.Option(help="Folder for scores.csv, reliability.csv and report.html.")],
    bounds: Annotated[str, typer.Option(help="Bounds of the indicator, lower:upper.")] = "0:100",
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
    from dxanalysis.forecast.backtest.panel_file import read_panel_file
    from dxanalysis.pages.backtest import verdict
    from dxanalysis.pages.backtest_folder import check_folder, write_folder
    from dxanalysis.reports.files import digest
    from dxanalysis.reports.text import without_markup

    t = texts(language)
    check_folder(out)
    limits, steps = _bounds(bounds), _numbers("horizons", horizons.split(","), int)
    rivals = [name.strip() for name in compare.split(",") if name.strip()]
    rows = read_panel_file(panel, indicator)
    parts = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*parts, console=_ERR, transient=True, disable=not _ERR.is_terminal) as shown:
        task = shown.add_task(indicator, total=None)
        found = replay(
            rows,
            bounds=limits,
            horizons=steps,
            first=first,
            compare=rivals,
            least=least,
            progress=lambda year, done, of: shown.update(task, description=str(year), completed=done, total=of),
        )
    write_folder(
        out,
        found,
        place=indicator,
        language=language,
        data={panel.name: digest(panel.read_bytes())},
        parameters={"panel": panel.name, "indicator": indicator, "bounds": bounds, "horizons": horizons,
                    "from": str(first), "compare": compare, "least": str(least)},
    )  # fmt: skip
    columns = ["brier", "log_score", "d_base_rate", "se_base_rate", "d_drift", "se_drift", "crps", "coverage_80"]
    table = found.scores.set_index("method")[columns].map(lambda value: f"{value:.3f}" if value == value else "–")
    _show(_table(table.reset_index()))
    _OUT.print(without_markup(verdict(t, found)))
    _OUT.print(f"Open {out / 'report.html'}")


prior_app = typer.Typer(help="Parameters learnt from panels, for regions without peers.", no_args_is_help=True)
app.add_typer(prior_app, name="prior")


@prior_app.command("build")
def prior_build(
    panel: Annotated[Path, typer.Option(help="CSV with the columns indicator, region, year, value.")],
    indicator: Annotated[str, typer.Option(help="Indicator of the file that is learnt from.")],
    out: Annotated[Path, typer.Option(help="File to write, such as prior.json.")],
    source: Annotated[str, typer.Option(help="Where the panel is from.")],
    licence: Annotated[str, typer.Option(help="Under which terms.")],
    bounds: Annotated[str, typer.Option(help="Bounds, lower:upper; empty for a level above 0.")] = "0:100",
    onto: Annotated[
        Path | None, typer.Option(help="Prior to add to; by default the file is the panel's alone.")
    ] = None,
) -> None:
    """Estimate a prior from a panel: parameters only, never a value of it."""
    from dxanalysis.forecast.prior_file import build_from_file
    from dxanalysis.reports.files import replace

    limits = _bounds(bounds) if bounds else None
    prior = build_from_file(panel, indicator=indicator, bounds=limits, source=source, licence=licence, onto=onto)
    replace(out, prior.to_json())
    for family in prior.families:
        _OUT.print(f"{family.form:9} {family.name}: {family.n_regions} regions, {family.n_cases} yearly changes")
    _OUT.print(f"{out.name} is written. Use it: forecast.fit(panel, prior=forecast.prior.load(path))")


def _bounds(text: str) -> tuple[float, float]:
    low, high = _numbers("bounds", list(text.partition(":")[::2]), float)
    return low, high


def _numbers(option: str, words: list[str], kind: type[Number]) -> list[Number]:
    try:
        return [kind(word.strip()) for word in words]
    except ValueError as error:
        example = "0:100" if option == "bounds" else "1,3,5"
        raise ParameterError(f"--{option} is not numbers: {words}", fix=f"Write --{option} {example}") from error


def _show(table: Table) -> None:
    """Print a table, wider than the terminal rather than without its figures."""
    needed = sum((column.width or 0) + 2 for column in table.columns)
    Console(width=max(_OUT.width, needed), highlight=False, markup=False).print(table)


def _table(frame: pd.DataFrame) -> Table:
    """A frame as a table for the terminal: names and sources give way where it is narrow, ids and figures never do."""
    cells = frame.astype("str")
    widths = {column: max([len(column), *cells[column].str.len()]) for column in cells.columns}
    giving = [column for column in ("name", "source") if column in widths]
    fixed = sum(width + 2 for column, width in widths.items() if column not in giving)
    left = max(_OUT.width - fixed - 2 * len(giving), 12 * len(giving))
    table = Table(box=None, pad_edge=False)
    for column, width in widths.items():
        shown = min(width, left // len(giving)) if column in giving else width
        table.add_column(column, no_wrap=True, overflow="ellipsis", width=shown)
    for row in cells.itertuples(index=False, name=None):
        table.add_row(*row)
    return table


def _labels(language: str, home: Project) -> dict[str, str]:
    entries = texts(language).entries
    return {
        **{key.removeprefix("reports."): text for key, text in entries.items() if key.startswith("reports.")},
        "publisher": home.name(language),
    }


if __name__ == "__main__":
    main()
