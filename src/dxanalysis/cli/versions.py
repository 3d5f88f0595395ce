"""Verbs about versions: versions, show, verify, sign, prune."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dxanalysis.cli import console
from dxanalysis.cli.console import OUT, Folder
from dxanalysis.errors import ParameterError
from dxanalysis.project import find_project

if TYPE_CHECKING:
    from dxanalysis.reports.versions.manifest import Manifest

Named = Annotated[
    str, typer.Argument(metavar="VERSION", help="Full name, the beginning of one (0003-1b), or REPORT/latest.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Plain JSON for other programs.")]


def versions(
    report: Annotated[
        str, typer.Argument(metavar="[REPORT]", help="A report, a notebook, or a part of a report's name.")
    ] = "",
    as_json: AsJson = False,
    project: Folder = None,
) -> None:
    """List the versions of every report: when made, draft, signed or superseded, and the first answer."""
    from dataclasses import asdict

    from dxanalysis.reports.versions.listing import find_reports, list_versions

    listed = [line for found in find_reports(find_project(project).reports, report) for line in list_versions(found)]
    if as_json:
        OUT.print(json.dumps([asdict(line) for line in listed], ensure_ascii=False, indent=1))
        return
    if not listed:
        OUT.print("There are no reports yet: dxanalysis run")
        return
    rows = [(line.report, line.version, _minute(line.made), line.status, line.headline) for line in listed]
    _print_table(("report", "version", "made (UTC)", "status", "headline"), rows)


def show(version: Named, as_json: AsJson = False, project: Folder = None) -> None:
    """Show what a version was made from and why, its files, and who signed it."""
    from dataclasses import asdict

    from dxanalysis.reports.versions.listing import find_version, name_of_version
    from dxanalysis.reports.versions.manifest import read_manifest
    from dxanalysis.reports.versions.signatures import signatures_of, status_of

    found = find_version(find_project(project).reports, version)
    manifest, signed, status = read_manifest(found), signatures_of(found), status_of(found)
    if as_json:
        plain = {**manifest.to_plain(), "status": status, "signatures": [asdict(one) for one in signed]}
        OUT.print(json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True))
        return
    for name, text in _facts(manifest, name_of_version(found), status):
        OUT.print(_line(f"{name:<12} {text}"))
    OUT.print("files")
    for output in manifest.outputs:
        OUT.print(_line(f"  {output.sha256}  {_space(output.bytes):>9}  {output.path}"))
    OUT.print("signatures" if signed else "signatures   none")
    for one in signed:
        about = f", withdrawn {_minute(one.withdrawn)}: {one.why or 'no reason given'}" if one.withdrawn else ""
        OUT.print(_line(f"  {one.state:<9}  {one.by}, {_minute(one.signed)}: {one.note}{about}", 3000))


def verify(
    version: Annotated[str, typer.Argument(metavar="[VERSION]", help="Only this version.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Every version, not only the newest of each report.")] = False,
    project: Folder = None,
) -> None:
    """Hash every file of versions anew; exit code 1 where anything is not as it was published."""
    from dxanalysis.reports.versions.folders import history
    from dxanalysis.reports.versions.listing import find_version, name_of_version, reports_in
    from dxanalysis.reports.versions.verify import check, check_pointer

    reports = find_project(project).reports
    if version and every:
        raise ParameterError("a version and --all exclude each other", fix="Give one of them")
    faults = (
        [] if version else [(f"{r.parent.name}/{r.name}", f) for r in reports_in(reports) if (f := check_pointer(r))]
    )
    if version:
        chosen = [find_version(reports, version)]
    else:
        chosen = [one for report in reports_in(reports) for one in (history(report) if every else history(report)[-1:])]
    checked = [check(one) for one in chosen]
    notes = [(name_of_version(one.version), note) for one in checked for note in one.notes]
    faults += [(name_of_version(one.version), fault) for one in checked for fault in one.faults]
    for note in dict.fromkeys(note for _, note in notes):
        names = [name for name, said in notes if said == note]
        OUT.print(_line(f"note   {names[0]}{f' and {len(names) - 1} more' if names[1:] else ''}: {note}"))
    for name, fault in faults:
        OUT.print(_line(f"FAULT  {name}: {fault}"))
    files, size = sum(one.files for one in checked), sum(one.bytes for one in checked)
    whole = sum(one.whole for one in checked)
    OUT.print(
        f"{len(checked)} versions checked ({files} files, {_space(size)}): {whole} whole, {len(checked) - whole} not"
    )
    if faults:
        raise typer.Exit(1)


def sign(
    version: Named,
    by: Annotated[str, typer.Option(help="Name of the person who approves.")],
    note: Annotated[str, typer.Option(help="What was checked; with --withdraw, why.")] = "",
    take_back: Annotated[bool, typer.Option("--withdraw", help="Take that person's approval back.")] = False,
    project: Folder = None,
) -> None:
    """Approve a version in a person's name; the approval is bound to every byte of it."""
    from dxanalysis.reports.versions.listing import find_version, name_of_version
    from dxanalysis.reports.versions.signatures import sign as add
    from dxanalysis.reports.versions.signatures import status_of, withdraw

    found = find_version(find_project(project).reports, version)
    made = withdraw(found, by=by, note=note) if take_back else add(found, by=by, note=note)
    done = "withdrew the signature on" if take_back else "signed"
    OUT.print(_line(f"{made.by} {done} {name_of_version(found)}, which is {status_of(found)} now"))


def prune(
    keep: Annotated[int | None, typer.Option(help="Newest versions of each report to keep.")] = None,
    keep_days: Annotated[float | None, typer.Option(help="Days for which every version is kept.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only what would go is shown.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go (the default).")] = False,
    project: Folder = None,
) -> None:
    """Delete old versions by rule; never the last good one of a report, never a signed one."""
    from dxanalysis.reports.versions.lock import only_run
    from dxanalysis.reports.versions.prune import carry_out, plan_pruning

    reports = find_project(project).reports
    if yes and dry_run:
        raise ParameterError("--yes and --dry-run exclude each other", fix="Give one of them")
    if yes:
        with only_run(reports):
            found = plan_pruning(reports, keep=keep, keep_days=keep_days)
            carry_out(found)
    else:
        found = plan_pruning(reports, keep=keep, keep_days=keep_days)
    word = "gone" if yes else "would go"
    for going in (*found.versions, *found.archived):
        OUT.print(_line(f"{word}  {_space(going.bytes):>9}  {going.name}"))
    if found.unsure:
        OUT.print(_line(f"The archive stays as it is: the manifest of {found.unsure} cannot be read"))
    gone = f"{len(found.versions)} versions and {len(found.archived)} archived sources"
    OUT.print(f"{gone} {word} ({_space(found.bytes)}), {found.kept} versions stay")
    if not yes and found.bytes:
        OUT.print("Nothing was deleted. To delete, give --yes as well")
    if yes and found.versions:
        OUT.print("Bring the index up to date with: dxanalysis run")


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows; the last column gives way where the terminal is narrow."""
    from rich.table import Table
    from rich.text import Text

    widths = [max(len(head), *(len(row[place]) for row in rows)) for place, head in enumerate(heads)]
    widths[-1] = min(widths[-1], max(OUT.width - sum(widths[:-1]) - 2 * len(widths), 30))
    table = Table(box=None, pad_edge=False)
    for head, width in zip(heads, widths, strict=True):
        table.add_column(head, no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        table.add_row(*(Text(_line(cell)) for cell in row))
    console.show(table)


def _facts(manifest: Manifest, name: str, status: str) -> list[tuple[str, str]]:
    facts: list[tuple[str, Any]] = [
        ("version", name),
        ("status", status),
        ("made", f"{_minute(manifest.started)} to {_minute(manifest.finished)} UTC, {manifest.seconds} s"),
        ("parameters", ", ".join(f"{key}={value}" for key, value in sorted(manifest.parameters.items())) or "none"),
        ("seed", manifest.seed),
        ("today", manifest.today or "not kept"),
        ("made because", "; ".join(_reason(reason) for reason in manifest.reasons) or "not kept"),
        *((f"{name} digest", digest) for name, digest in manifest.digests.to_plain().items()),
        ("data slices", len(manifest.data_used)),
        ("data store", manifest.store or "not kept"),
        ("source", manifest.package or "not kept"),
        ("packages", ", ".join(f"{key} {value}" for key, value in sorted(manifest.versions.items()))),
    ]
    width = max(len(name) for name, _ in facts)
    return [(f"{name:<{width}}", str(fact)) for name, fact in facts]


def _reason(reason: Any) -> str:
    detail = ", ".join(map(str, reason.get("detail", ())))
    return f"{reason.get('cause', '?')}: {detail}" if detail else str(reason.get("cause", "?"))


def _line(text: str, limit: int = 400) -> str:
    """Text for one line of the terminal: what it holds came from files."""
    from dxanalysis.reports.text import clean

    shown = clean(text.replace("\n", " "))
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def _minute(time: str) -> str:
    """A time of a manifest to the minute, where it is one."""
    try:
        return datetime.fromisoformat(time).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return "?"


def _space(size: int) -> str:
    number = float(size)
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def add_to(app: typer.Typer) -> None:
    """Give the command line these verbs."""
    for verb in (versions, show, verify, sign, prune):
        app.command()(verb)
