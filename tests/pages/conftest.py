"""Every page of the project's own figures, made once without a kernel: the cells of its notebook, run in order."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from dxanalysis.pages import Page
from dxanalysis.project import Project
from dxanalysis.reports.recording.items import Figure, Heading, Headline, Item, Note, Paragraph, Table, Value
from dxanalysis.reports.recording.record import Record
from trial import ROOT

NOTEBOOKS = ("contribution", "attainment", "data_quality")
REGIONS = ("34-52", "63-64", "VN")
LANGUAGES = ("vi", "en")
SEED = 20250701


@dataclass(frozen=True)
class Made:
    """A page that was made: its record, and what the notebook's cells left behind."""

    notebook: str
    region: str
    language: str
    record: Record
    names: dict[str, Any] = field(repr=False)

    @property
    def page(self) -> Page:
        page: Page = self.names["page"]
        return page

    def of(self, kind: type[Item]) -> list[Any]:
        return [item for item in self.record.items if isinstance(item, kind)]

    @property
    def headlines(self) -> dict[str, str]:
        return {item.name: item.text for item in self.of(Headline)}

    @property
    def values(self) -> dict[str, Value]:
        return {item.name: item for item in self.of(Value)}

    @property
    def tables(self) -> dict[str, Table]:
        return {item.name: item for item in self.of(Table)}

    @property
    def texts(self) -> list[str]:
        """All that readers see but the titles of sources: own words, cells, alternative texts, headings of figure data."""
        meta = self.record.meta
        found = [meta.title, meta.subtitle, meta.short_title, meta.group]
        for item in self.record.items:
            if isinstance(item, Heading | Paragraph | Headline | Note | Value):
                found.append(item.text)
            elif isinstance(item, Table):
                found += [item.caption, item.note, *(column.label for column in item.columns)]
                found += [cell for row in item.rows for cell in row]
            elif isinstance(item, Figure):
                found += [item.caption, item.alt]
                if item.data is not None:
                    found += [
                        *item.data.columns,
                        *(cell for row in item.data.rows for cell in row if isinstance(cell, str)),
                    ]
        return [text for text in found if text]


def cells_of(notebook: str) -> list[tuple[str, bool]]:
    """Code cells of a notebook, and whether each is the one with the parameters."""
    plain = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    return [
        ("".join(cell["source"]), "parameters" in cell["metadata"].get("tags", []))
        for cell in plain["cells"]
        if cell["cell_type"] == "code"
    ]


def _run(notebook: str, region: str, language: str) -> Made:
    names: dict[str, Any] = {}
    for number, (source, has_parameters) in enumerate(cells_of(notebook), start=1):
        exec(compile(source, f"{notebook}.ipynb, code cell {number}", "exec"), names)
        if has_parameters:
            names |= {"region": region, "language": language, "seed": SEED}
    return Made(notebook, region, language, names["page"].recorder.record(), names)


@pytest.fixture(scope="session")
def make_page(real_project: Project) -> Iterator[Callable[[str, str, str], Made]]:
    made: dict[tuple[str, str, str], Made] = {}

    def make(notebook: str, region: str, language: str) -> Made:
        key = (notebook, region, language)
        if key not in made:
            before = os.getcwd()  # noqa: PTH109 - given back to chdir as it was
            os.chdir(real_project.root)
            try:
                made[key] = _run(*key)
            finally:
                os.chdir(before)
        return made[key]

    return make
