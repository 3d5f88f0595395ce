"""Verbs about the figures: ingest, add, data."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dxanalysis.cli.console import OUT, Folder, show, table_of
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.i18n import texts
from dxanalysis.project import find_project


def ingest(project: Folder = None) -> None:
    """Read data/raw into data/processed: all of it, or nothing and a list of every fault."""
    from dxanalysis.data.ingest import ingest as ingest_raw

    home = find_project(project)
    result = ingest_raw(home.raw, home.processed)
    if not result.changed:
        OUT.print(f"data/processed is up to date: {result.n_observations} figures, {result.n_targets} targets")
        return
    OUT.print(
        f"data/processed made anew: {result.n_observations} figures, {result.n_targets} targets; "
        f"files read: {len(result.files_read)}, unchanged: {len(result.files_reused)}"
    )


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
    from dxanalysis.data.turns import turn

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
    with turn(home.processed, "add"):
        path = register(home.raw, file, about, today=today)
    try:
        ingest_raw(home.raw, home.processed)
    except DataError:  # of another file: this one was tried before
        OUT.print(f"data/raw/{path} is registered. It is read as soon as what else is new or edited is registered too")
        raise
    OUT.print(f"data/raw/{path} is registered and read. Bring the reports up to date with: make report")


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
        frame = overview(store, identity)
        frame.insert(1, "name", [store.indicator(name).name(language) for name in frame["indicator"]])
    else:
        frame = releases_of(store, indicator, identity)
    if as_json:
        OUT.print(frame.to_json(orient="records", force_ascii=False, date_format="iso", indent=1))
        return
    if indicator is not None:
        OUT.print(store.indicator(indicator).definition(language))
        frame["release"] = [
            t.release(first.date() if first == first else None, last.date())
            for first, last in zip(frame.pop("released_from"), frame.pop("released_to"), strict=True)
        ]
        frame["value"] = [
            t.quantity(value, unit) if value == value else "–"
            for value, unit in zip(frame["value"], frame.pop("unit"), strict=True)
        ]
    short = {"region_id": "region", "first_period": "first", "last_period": "last", "newest_release": "newest"}
    table = table_of(frame.rename(columns=short))
    show(table)
    if indicator is None:
        newest = max(frame["newest_release"], default="") or "–"
        OUT.print(
            f"{len(frame)} indicators, {frame['releases'].sum()} figures in all releases; newest release {newest}"
        )


def add_to(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    for verb in (ingest, add, data):
        app.command()(verb)
