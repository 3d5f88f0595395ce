"""A project: a folder with ``dxanalysis.toml``, its data, notebooks and reports."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from dxanalysis.errors import ParameterError

FILE: Final = "dxanalysis.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Folders and settings of one project.

    Attributes
    ----------
    report
        The report plan as written in ``dxanalysis.toml``.
    today
        The day that deadlines are held against, where the project pins one: a report made again stands on its own day, not on
        the clock's.
    """

    root: Path
    name_vi: str
    name_en: str
    today: date | None = None
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def raw(self) -> Path:
        """Published files, never edited by code."""
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        """The store; safe to delete."""
        return self.root / "data" / "processed"

    @property
    def notebooks(self) -> Path:
        """Parameterized notebooks."""
        return self.root / "notebooks"

    @property
    def reports(self) -> Path:
        """Versions and the site."""
        return self.root / "reports"

    def name(self, language: str) -> str:
        """Name in Vietnamese (``vi``) or English (``en``)."""
        return self.name_vi if language == "vi" else self.name_en


def find_project(start: Path | None = None) -> Project:
    """The project that a folder belongs to: the nearest folder upwards that has ``dxanalysis.toml``.

    Raises
    ------
    ParameterError
        When there is none, or the file is not TOML.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return _read(folder)
    raise ParameterError(
        f"no {FILE} here or in any folder above", fix="Run the command inside a project, or give --project FOLDER"
    )


def _read(root: Path) -> Project:
    try:
        settings = tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{FILE} cannot be read: {error}", fix="Correct the line it names") from error
    section = settings.get("project", {})
    names = {key: section.get(key) for key in ("name_vi", "name_en")}
    for key, value in names.items():
        if not isinstance(value, str) or not value:
            raise ParameterError(f"{FILE} has no [project] {key}", fix=f'Add: {key} = "…"')
    report = settings.get("report", {})
    if not isinstance(report, dict):
        raise ParameterError(f"[report] of {FILE} is not a table", fix="See docs/how-to/report-plan.md")
    today = section.get("today")
    if today is not None and type(today) is not date:
        raise ParameterError(f"[project] today of {FILE} is not a date", fix="Write today = 2026-01-31, without quotes")
    return Project(root=root, name_vi=str(names["name_vi"]), name_en=str(names["name_en"]), today=today, report=report)
