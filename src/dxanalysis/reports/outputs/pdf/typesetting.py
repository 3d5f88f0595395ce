"""One run of typst: a fixed template, a document passed as data, fonts that do not depend on the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from dxanalysis.errors import ReportError
from dxanalysis.reports.outputs.pdf.words import drawable, fonts_folder
from dxanalysis.reports.text import one_line

STANDARDS: Final = ("ua-1", "a-2a")
"""PDF/UA-1 goes together with PDF/A-1, -2 and -3 (all of PDF 1.4 to 1.7), not with PDF/A-4."""

_TEMPLATES: Final = Path(__file__).with_name("templates")
_started: set[int] = set()
"""Processes in which typst has started its threads: this one, or one that this one was forked from."""


def typeset(document: Mapping[str, Any], *, moment: datetime) -> bytes:
    """Make the PDF of a document.

    Parameters
    ----------
    document
        What ``templates/report.typ`` reads; all text of it is set as it stands.
    moment
        Time with zone that the file carries as its date.

    Raises
    ------
    ReportError
        A picture cannot be drawn, or typst refuses the document as PDF/UA or PDF/A.
    """
    data = json.dumps({**document, "date": moment.timetuple()[:6]}, ensure_ascii=False)
    try:
        return _compile(data, moment)
    except ReportError as error:
        raise _naming_figure(document, moment, error) from error


def prepare() -> None:
    """Load fonts and templates before a process is forked, so that its children need not; starts no thread."""
    drawable()
    _compiler()


def compile_here(data: str, moment: datetime, template: str = "report.typ") -> bytes:
    """Run typst in this process."""
    _started.add(os.getpid())
    try:
        made = _compiler().compile(
            input=str(_TEMPLATES / template),
            format="pdf",
            sys_inputs={"document": data},
            pdf_standards=list(STANDARDS),
            timestamp=moment,
        )
    except typst.TypstError as error:
        raise ReportError(
            f"the PDF cannot be made: {one_line(str(error))}", fix="Is a figure's SVG complete and its own?"
        ) from error
    return bytes(made)  # type: ignore[arg-type]  # one PDF is one piece


def _compile(data: str, moment: datetime, template: str = "report.typ") -> bytes:
    return _compile_apart(data, moment, template) if _started - {os.getpid()} else compile_here(data, moment, template)


def _compile_apart(data: str, moment: datetime, template: str) -> bytes:
    """Run typst in a new process: its threads do not survive a fork, and it would wait for them for ever."""
    done = subprocess.run(
        [sys.executable, "-m", "dxanalysis.reports.outputs.pdf.apart", moment.isoformat(), template],
        input=data.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ReportError(done.stderr.decode(errors="replace").strip() or "the typesetter's process was ended")
    return done.stdout


def _naming_figure(document: Mapping[str, Any], moment: datetime, error: ReportError) -> ReportError:
    """Find the figure that cannot be drawn, if it is one: the picture alone fails too."""
    for block in document["details"]["blocks"]:
        if block["kind"] != "figure":
            continue
        alone = json.dumps({"language": document["language"], "figure": block}, ensure_ascii=False)
        try:
            _compile(alone, moment, "figure.typ")
        except ReportError as found:
            return ReportError(
                f"figure {block['name']!r} cannot be drawn: {found.what}",
                fix="Give one whole SVG that refers to no other file",
            )
    return error


@cache
def _compiler() -> typst.Compiler:
    """Give the compiler of this process: it keeps the fonts and the parsed template."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(fonts_folder())])
    return typst.Compiler(root=str(_TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
