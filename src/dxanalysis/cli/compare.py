"""What changed between two versions of a report, and why: in the terminal, as a page, for a pull request, as a gate."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from dxanalysis.cli.console import ERR, OUT, Folder
from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.i18n import LANGUAGES
from dxanalysis.project import Project, find_project

if TYPE_CHECKING:
    from dxanalysis.reports.compare.comparison import Comparison
    from dxanalysis.reports.compare.page import Links

BROKEN = 3
"""Exit code where a rule of --fail-on is broken."""
VERSION_HELP = (
    "Version: its folder, its place under reports/, or its id. Of a report's folder the newest version is meant."
)


def compare(
    old: Annotated[str, typer.Argument(metavar="A", help=f"{VERSION_HELP} Alone: against the version before it.")],
    new: Annotated[str, typer.Argument(metavar="[B]", help="The newer version.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole comparison as JSON.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print a summary for a pull request.")] = False,
    fail_on: Annotated[
        list[str] | None, typer.Option(help='Exit with 3 where this rule is broken, e.g. "any>5% without new data".')
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write changes.html, .md and .json into this folder.")] = None,
    project: Folder = None,
) -> None:
    """Say what changed between two versions of a report, and why."""
    from dxanalysis.data.slices import current_store
    from dxanalysis.reports.compare import places, rules, store
    from dxanalysis.reports.compare.markdown import markdown

    if as_json and as_markdown:
        raise ParameterError("--json and --markdown exclude each other", fix="Write both with --out FOLDER")
    checked = [rules.read_rule(text) for text in fail_on or ()]
    home = find_project(project)
    pair = _pair(old, new, home)
    comparison = store.compare(*pair, attributions=store.kept_splits(*pair), names_from=current_store(home.processed))
    if as_json:
        typer.echo(json.dumps(comparison.to_plain(), ensure_ascii=False, indent=1))
    elif as_markdown:
        typer.echo(markdown(comparison), nl=False)
    else:
        _tell(comparison)
    if out is not None:
        from dxanalysis.cli.batch import labels_of

        labels = {language: labels_of(language, home) for language in LANGUAGES}
        store.write_changes(comparison, out, labels, links=_links(comparison, pair, out, home))
        ERR.print(f"Open {out / places.PAGE}")
    broken = rules.broken(comparison, checked)
    for one in broken:
        ERR.print(f"BROKEN {one}")
    if broken:
        raise typer.Exit(BROKEN)


def _pair(old: str, new: str, home: Project) -> tuple[Path, Path]:
    from dxanalysis.reports.versions.storage import history

    if new:
        return _version(old, home), _version(new, home)
    newer = _version(old, home)
    versions = history(newer.parent)
    place = [path.name for path in versions].index(newer.name)
    if place == 0:
        raise ReportError(
            "this is the first version of its report", where=newer.name, fix="Name another version to compare it with"
        )
    return versions[place - 1], newer


def _version(text: str, home: Project) -> Path:
    """Folder of the version that somebody means."""
    from dxanalysis.reports.versions.storage import MANIFEST, latest

    for folder in (Path(text), home.reports / text):
        if (folder / MANIFEST).is_file():
            return folder.resolve()
        newest = latest(folder) if folder.is_dir() else None
        if newest is not None:
            return newest.resolve()
    is_plain = text not in ("", ".", "..") and not set(text) & set("/\\*?[")
    found = sorted(home.reports.glob(f"*/*/{text}*/{MANIFEST}")) if is_plain else []
    if len(found) == 1:
        return found[0].parent
    if found:
        some = ", ".join(path.parent.relative_to(home.reports).as_posix() for path in found[:3])
        raise ParameterError(f"{len(found)} versions begin with {text!r}", fix=f"Name one of them: {some}")
    raise ParameterError(
        f"there is no version {text!r}",
        fix="Give its folder, such as reports/attainment/language-vi_region-VN/0002-52fd479b, or its id",
    )


def _links(comparison: Comparison, pair: tuple[Path, Path], out: Path, home: Project) -> Links:
    """Links from a page to the two versions; none where they would tell of folders outside the project."""
    from dxanalysis.reports.compare.page import Links
    from dxanalysis.reports.outputs.labels import index_file

    root, folder = home.root.resolve(), out.resolve()
    if not all(path.is_relative_to(root) for path in (folder, *pair)):
        return Links()
    index = home.reports / index_file(comparison.language, LANGUAGES)
    old, new, site = (
        quote(Path(os.path.relpath(path, folder)).as_posix())
        for path in (pair[0] / "report.html", pair[1] / "report.html", index)
    )
    return Links(old=old, new=new, index=site if index.is_file() else "")


def _tell(comparison: Comparison) -> None:
    """Print the comparison: first the answer, then causes, split numbers and values."""
    from dxanalysis.reports.compare import reasons, sentences
    from dxanalysis.reports.text import one_line, without_markup

    told = replace(comparison, language="en")  # texts of the command line are English, whatever the report's language
    OUT.print(f"{told.old.id} -> {told.new.id}  {one_line(told.title)}")
    for sentence in sentences.opening(told):
        OUT.print(one_line(without_markup(sentence), 1000))
    for cause in reasons.told(told):
        OUT.print(f"\n{cause.heading}")
        for line in (cause.lead, *map(without_markup, cause.lines), *cause.code, cause.more):
            if line:
                OUT.print(f"  {one_line(line, 500)}")
    for split in sentences.splits(told):
        OUT.print(f"\n{one_line(split.line, 1000)}")
    _tell_values(told)


def _tell_values(comparison: Comparison) -> None:
    from rich.table import Table

    from dxanalysis import i18n
    from dxanalysis.cli.console import show
    from dxanalysis.reports.compare import amounts
    from dxanalysis.reports.text import one_line

    found, t = comparison.differences, i18n.texts("en")
    if found.values:
        table = Table(box=None, pad_edge=False)
        for column in ("value", "before", "now", "difference", "relative"):
            table.add_column(column, no_wrap=True, overflow="ellipsis")
        for one in found.values:
            moved = "" if one.absolute is None else amounts.difference(t, one.absolute, one.unit)
            told = one.kind if one.kind != "moved" else moved if one.visible else f"{moved} (not visible)"
            cells = (one.name, one.old_text, one.new_text, told, amounts.relative(t, one.relative, one.unit))
            table.add_row(*(one_line(cell, 60) for cell in cells))
        OUT.print("")
        show(table)
    counts = (("table", len(found.tables)), ("figure", len(found.figures)), ("text", len(found.texts)))
    rest = ", ".join(amounts.counted(t, what, n) for what, n in counts if n)
    if rest:
        OUT.print(f"\nAlso changed: {rest}. --json lists them, --out FOLDER makes a page.")


def add_to(app: typer.Typer) -> None:
    """Give the command line this verb."""
    app.command()(compare)
