"""The reports whose latest run failed, on a page in each language: where, why, what the reader can do, and the evidence."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from dxanalysis import i18n
from dxanalysis.reports.engine.failure import Failure, FailureKind
from dxanalysis.reports.files import replace
from dxanalysis.reports.text import one_line
from dxanalysis.reports.versions import storage

_SHOWN: Final = 10
_WAYS: Final[Mapping[FailureKind, str]] = {
    "cell": "batch.way_cell",
    "memory": "batch.way_memory",
    "kernel-died": "batch.way_kernel",
    "timeout": "batch.way_timeout",
    "record": "batch.way_record",
    "internal": "batch.way_internal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedReport:
    """One report whose latest run failed.

    Attributes
    ----------
    folder
        Its place under the reports folder.
    finished
        When it failed, ISO time; empty where that cannot be read.
    version
        Id of the version that stays in place, or empty.
    notebook_kept
        Whether the notebook is there as far as it came.
    """

    folder: str
    notebook: str
    parameters: Mapping[str, Any]
    finished: str
    failure: Failure
    version: str
    notebook_kept: bool


def kept_failure(report: Path) -> Failure:
    """The failure of a report's latest run, from the evidence that was kept."""
    return _failure(storage.failure(report) or {})


def _failure(plain: Mapping[str, Any]) -> Failure:
    cell, trace = plain.get("cell"), plain.get("traceback")
    return Failure(
        kind=next((kind for kind in _WAYS if kind == plain.get("kind")), "internal"),
        error=str(plain.get("error", "")) or "unknown",
        message=str(plain.get("message", "")),
        cell=cell if isinstance(cell, int) else None,
        source=str(plain.get("source", "")),
        traceback=tuple(str(line) for line in trace) if isinstance(trace, list) else (),
    )


def failed_reports(reports: Path) -> tuple[FailedReport, ...]:
    """Every report whose latest run failed, by name."""
    found: list[FailedReport] = []
    for folder in sorted(reports.glob("*/*/failed")):
        report = folder.parent
        plain: Mapping[str, Any] | None = storage.failure(report)
        if plain is None or report.parent.name.startswith("."):
            continue
        current = storage.latest(report)
        parameters = plain.get("parameters")
        found.append(
            FailedReport(
                folder=f"{report.parent.name}/{report.name}",
                notebook=str(plain.get("notebook", report.parent.name)),
                parameters=parameters if isinstance(parameters, dict) else {},
                finished=str(plain.get("finished", "")),
                failure=_failure(plain),
                version=current.name if current else "",
                notebook_kept=(folder / storage.NOTEBOOK).is_file(),
            )
        )
    return tuple(found)


def failures_file(language: str) -> str:
    """Name of the page in a language: ``failures.html`` for the first one, ``failures.en.html``."""
    return "failures.html" if language == i18n.LANGUAGES[0] else f"failures.{language}.html"


def write_failures(reports: Path) -> tuple[Path, ...]:
    """Write the page in every language, or remove it where no report failed; the files that are there afterwards."""
    failed = failed_reports(reports)
    written: list[Path] = []
    for language in i18n.LANGUAGES:
        path = reports / failures_file(language)
        if not failed:
            path.unlink(missing_ok=True)
            continue
        html = failures_page(failed, language).encode("utf-8")
        if not path.is_file() or path.read_bytes() != html:
            replace(path, html)
        written.append(path)
    return tuple(written)


def failures_page(failed: Sequence[FailedReport], language: str) -> str:
    """The page in one language."""
    from jinja2 import ChoiceLoader, PackageLoader  # noqa: PLC0415  # loaded only where a page is written

    from dxanalysis.reports.outputs.templating import environment  # noqa: PLC0415

    base = environment()
    own = PackageLoader("dxanalysis.reports.batch", "templates")
    loaders = ChoiceLoader([own, base.loader] if base.loader is not None else [own])
    t = i18n.texts(language)
    words = {
        "title": t("batch.title"),
        "intro": t("batch.intro", count=len(failed)),
        "skip": t("batch.skip"),
        "languages": t("batch.languages"),
        "index": t("batch.index"),
        "place": t("batch.place"),
        "error": t("batch.error"),
        "way": t("batch.way"),
        "command": t("batch.command"),
        "traceback": t("batch.traceback"),
        "evidence": t("batch.evidence"),
        "footer": t("batch.footer"),
    }
    first = language == i18n.LANGUAGES[0]
    names = {code: i18n.texts(code)("reports.language_name") for code in i18n.LANGUAGES}
    return (
        base.overlay(loader=loaders)
        .get_template("failures.html.j2")
        .render(
            language=language,
            w=words,
            index="index.html" if first else f"index.{language}.html",
            languages=[
                {"code": code, "name": names[code], "href": failures_file(code), "current": code == language}
                for code in i18n.LANGUAGES
            ],
            failed=[_entry(one, t) for one in failed],
        )
    )


def _entry(one: FailedReport, t: i18n.Texts) -> dict[str, Any]:
    failure = one.failure
    values = ", ".join(f"{name} = {one.parameters[name]}" for name in sorted(one.parameters))
    base = quote(one.folder, safe="/")
    return {
        "name": one_line(f"{one.notebook} ({values})" if values else one.notebook),
        "when": _when(one.finished, t),
        "place": t("batch.cell", number=failure.cell, source=one_line(failure.source, 120))
        if failure.cell
        else t("batch.no_cell"),
        "error": f"{failure.error}: {failure.message}" if failure.message else failure.error,
        "way": t(_WAYS[failure.kind]),
        "command": _command(one),
        "traceback": [_indented(line) for line in failure.traceback[-_SHOWN:]],
        "evidence": f"{base}/failed/{storage.NOTEBOOK}" if one.notebook_kept else "",
        "stays": t("batch.stays", version=one.version) if one.version else t("batch.none_yet"),
        "page": f"{base}/{quote(one.version)}/{storage.PAGE}" if one.version else "",
        "page_text": t("batch.open_version"),
    }


def _indented(line: str) -> str:
    """A line whose indentation a page keeps."""
    text = line.lstrip(" ")
    return "\N{NO-BREAK SPACE}" * (len(line) - len(text)) + text


def _command(one: FailedReport) -> str:
    chosen = [
        f"--{name} {shlex.quote(str(one.parameters[name]))}"
        for name in ("region", "language")
        if name in one.parameters
    ]
    return one_line(" ".join(["dxanalysis run --notebook", shlex.quote(one.notebook), *chosen]))


def _when(finished: str, t: i18n.Texts) -> str:
    try:
        moment = datetime.fromisoformat(finished)
    except ValueError:
        return ""
    return t("batch.when", date=t.day(moment.date()), time=f"{moment:%H:%M}")
