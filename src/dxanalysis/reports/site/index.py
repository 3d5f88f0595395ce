"""The index that policy staff open: the answers of every report, and the way to its versions, in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from dxanalysis.errors import ReportError
from dxanalysis.reports.versions import storage
from dxanalysis.reports.files import read_json, replace
from dxanalysis.reports.recording.items import Headline, from_plain
from dxanalysis.reports.outputs.labels import Labels, Texts, index_file
from dxanalysis.reports.outputs.templating import environment
from dxanalysis.reports.recording.record import Meta
from dxanalysis.reports.planning.slugs import slug
from dxanalysis.reports.text import marked_up
from dxanalysis.reports.versions.storage import Manifest

_LANGUAGE = "language"
"""The parameter that two reports may differ in and still be one report in two languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One version on the index."""

    number: int
    finished: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report in one language.

    Attributes
    ----------
    folder
        Its place under the reports folder.
    same
        What its twins in other languages share with it.
    failed
        Time of a failure after the newest version (empty where the time is unknown), or None.
    """

    folder: str
    same: str
    meta: Meta
    headlines: tuple[Headline, ...]
    newest: Listed
    older: tuple[Listed, ...]
    failed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A report of which no version can be shown."""

    folder: str
    notebook: str
    parameters: Mapping[str, Any]


def write_site(reports: Path, labels: Labels, *, order: Sequence[str] = ()) -> tuple[Path, ...]:
    """Write the index in every language; the first language of ``labels`` is the main one.

    Parameters
    ----------
    order
        Folders of reports in the order to show them; others follow by name.

    Returns
    -------
    tuple of Path
        The files written: ``index.html``, ``index.en.html``.
    """
    entries, failed = read_reports(reports, order)
    written = []
    for language in labels:
        html = _page(entries, failed, language, labels).encode("utf-8")
        path = reports / index_file(language, list(labels))
        if not path.is_file() or path.read_bytes() != html:
            replace(path, html)
        written.append(path)
    return tuple(written)


def read_reports(reports: Path, order: Sequence[str] = ()) -> tuple[list[Entry], list[Failed]]:
    """Read what there is: the reports with a version to show, and those that never made one."""
    place = {folder: number for number, folder in enumerate(order)}
    folders = [path for path in reports.glob("*/*/") if not path.name.startswith(".") and not path.parent.name.startswith(".")]
    names = sorted((f"{path.parent.name}/{path.name}" for path in folders), key=lambda n: (place.get(n, len(place)), n))
    entries: list[Entry] = []
    failed: list[Failed] = []
    for name in names:
        report = reports / name
        shown = _entry(report, name)
        if shown is not None:
            entries.append(shown)
        elif (error := storage.failure(report)) is not None:
            parameters = error.get("parameters")
            failed.append(
                Failed(
                    folder=name,
                    notebook=str(error.get("notebook", report.parent.name)),
                    parameters=parameters if isinstance(parameters, dict) else {},
                )
            )
    return entries, failed


def _entry(report: Path, folder: str) -> Entry | None:
    readable = [found for path in storage.history(report) if (found := _version(path)) is not None]
    current = storage.latest(report)
    if not readable or current is None:
        return None
    # A damaged newest version is not shown as if it were whole; the run makes it again.
    manifest, meta, headlines = readable[-1]
    listed = [_listed(folder, m) for m, _, _ in readable]
    error = storage.failure(report)
    failed = None if error is None else str(error.get("finished", ""))
    if manifest.id != current.name and failed is None:
        failed = ""
    shared = {name: value for name, value in manifest.parameters.items() if name != _LANGUAGE}
    return Entry(
        folder=folder,
        same=f"{manifest.notebook}/{slug(shared)}",
        meta=meta,
        headlines=headlines,
        newest=listed[-1],
        older=tuple(reversed(listed[:-1])),
        failed=failed,
    )


def _version(path: Path) -> tuple[Manifest, Meta, tuple[Headline, ...]] | None:
    try:
        manifest = storage.read_manifest(path)
        values = read_json(path / storage.VALUES)
        meta, headlines = values["meta"], values["headlines"]
        if not isinstance(meta, dict) or not isinstance(headlines, list) or not (path / storage.PAGE).is_file():
            return None
        read = [from_plain(headline) for headline in headlines]
        return manifest, Meta(**meta), tuple(h for h in read if isinstance(h, Headline))
    except (OSError, ValueError, KeyError, TypeError, ReportError):
        return None


def _listed(folder: str, manifest: Manifest) -> Listed:
    path = f"{folder}/{manifest.id}/{storage.PAGE}"
    return Listed(number=manifest.number, finished=manifest.finished, href=quote(path, safe="/"))


def _page(
    entries: Sequence[Entry], failed: Sequence[Failed], language: str, labels: Labels
) -> str:
    texts = Texts(labels, language)
    names = {code: own["language_name"] for code, own in labels.items()}
    reports: dict[str, list[Entry]] = {}
    for entry in entries:
        reports.setdefault(entry.same, []).append(entry)
    groups: dict[str, dict[str, Any]] = {}
    for twins in reports.values():
        shown = next((twin for twin in twins if twin.meta.language == language), twins[0])
        key = shown.meta.group_id or shown.meta.group
        group = groups.setdefault(key, {"title": "", "items": []})
        if shown.meta.language == language or not group["title"]:
            group["title"] = shown.meta.group
        group["items"].append(_item(shown, twins, language, texts, labels))
    dates = [entry.meta.data_until for entry in entries if entry.meta.data_until]
    made = [entry.newest.finished for entry in entries]
    return environment().get_template("site.html.j2").render(
        t=texts,
        language=language,
        groups=[{**group, "title": group["title"] or texts("site_other_group")} for group in groups.values()],
        failed=failed,
        languages=[
            {"code": code, "name": names[code], "href": index_file(code, list(labels)), "current": code == language}
            for code in labels
        ],
        updated=texts.date(max(made)) if made else "",
        data_until=texts.date(max(dates)) if dates else "",
    )


def _item(shown: Entry, twins: Sequence[Entry], language: str, texts: Texts, labels: Labels) -> dict[str, Any]:
    first = sorted(twins, key=lambda twin: twin.meta.language != language)
    return {
        "title": shown.meta.short_title or shown.meta.title,
        "language": shown.meta.language,
        "foreign": shown.meta.language != language,
        "headlines": [{"tone": h.tone, "text": Markup(marked_up(h.text))} for h in shown.headlines],
        "version": texts("older_version", number=shown.newest.number, date=texts.date(shown.newest.finished)),
        "data_until": texts.date(shown.meta.data_until) if shown.meta.data_until else "",
        "links": [
            {
                "href": twin.newest.href,
                "language": twin.meta.language,
                "text": labels.get(twin.meta.language, labels[language])["read_in"],
            }
            for twin in first
        ],
        "older": [
            {"href": old.href, "text": texts("older_version", number=old.number, date=texts.date(old.finished))}
            for old in shown.older
        ],
        "flag": _flag(shown, texts),
    }


def _flag(shown: Entry, texts: Texts) -> str:
    if shown.failed is None:
        return ""
    try:
        return texts("failed_flag", date=texts.date(shown.failed))
    except ValueError:
        return texts("failed_flag_undated")
